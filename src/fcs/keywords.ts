// Which keywords the standards (FCS 2.0 to 3.2) define, and which of them decide how DATA is decoded.

/** Keywords that decide decoding: two different values leave two readings (reliability 2.3). */
export function isStructuralKeyword(name: string): boolean {
  return /^\$(TOT|PAR|DATATYPE|BYTEORD|MODE|NEXTDATA|(BEGIN|END)(DATA|STEXT|ANALYSIS)|P\d+([BREN]|DATATYPE))$/.test(
    name,
  );
}

const named = new Set(
  (
    'ABRT BEGINANALYSIS BEGINDATA BEGINDATETIME BEGINSTEXT BTIM BYTEORD CARRIERID CARRIERTYPE CELLS COM COMP CSMODE CSTOT CSVBITS CYT CYTSN DATATYPE DATE ' +
    'ENDANALYSIS ENDDATA ENDDATETIME ENDSTEXT ETIM EXP FIL FLOWRATE GATE GATING INST LAST_MODIFIED LAST_MODIFIER LOCATIONID LOST MODE NEXTDATA OP ' +
    'ORIGINALITY PAR PLATEID PLATENAME PROJ SMNO SPILLOVER SRC SYS TIMESTEP TOT TR UNICODE UNSTAINEDCENTERS UNSTAINEDINFO VOL WELLID'
  ).split(' '),
);
const numbered =
  /^(P\d+(ANALYTE|B|CALIBRATION|D|DATATYPE|DET|E|F|FEATURE|G|L|N|O|P|R|S|T|TAG|TYPE|V)|G\d+[EFNPRSTV]|R\d+[IW]|PK\d+|PKN\d+|CSV\d+FLAG|DFC\d+TO\d+)$/;

/** A keyword of any version of the standard; `name` upper-cased. */
export function isStandardKeyword(name: string): boolean {
  if (!name.startsWith('$')) return false;
  const rest = name.slice(1);
  return named.has(rest) || numbered.test(rest);
}
