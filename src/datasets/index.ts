// datasets/: tables on their way out: the one table form, its writers, the metadata of the clinical data sets, and the manifest of a bundle.
export {
  checkDataset,
  datasetOf,
  requireDataset,
  variable,
  type Cell,
  type Dataset,
  type DatasetDefinition,
  type Origin,
  type Variable,
  type VariableType,
} from './model.ts';
export { fileEndings, tableFormats, writeDataset, type TableFormat, type WriteOptions } from './formats.ts';
export { csvText } from './csv.ts';
export { readXpt, xptBytes, xptIssues, type XptOptions } from './xpt.ts';
export { datasetJson, datasetNdjson, type DatasetJsonOptions } from './dataset-json.ts';
export { parquetBytes } from './parquet.ts';
export { xlsxBytes, xlsxIssues } from './xlsx.ts';
export { dataDictionary, datasetListing, defineJson } from './define.ts';
export { manifestJson, type ManifestInput } from './manifest.ts';
export { adae, adim, adrs, adsl, adtte } from './adam.ts';
export { cp, lb } from './sdtm.ts';
export { studyDatasets, type NamedDataset } from './bundle.ts';
