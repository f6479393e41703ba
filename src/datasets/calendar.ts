// Where the formats that store dates as day numbers begin to count: SAS from 1960-01-01, Excel from 1899-12-30 (Parquet from 1970-01-01).

/** Day number of 1970-01-01 on the other scales: add it to days since 1970. */
export const sasEpoch = 3653;
export const excelEpoch = 25569;
