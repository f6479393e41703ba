// The parameters of the trial (populations.md section 6): code, label, unit, population and panel of each, as data.
// Stands beside the formulas of this folder and says which of them (`kind`) a code takes. Invariant: codes are unique, at most 8 letters;
// labels at most 40 ASCII characters, as SAS transport files hold them.

/**
 * `count`: beads, or the platform fixed for the trial (DC, monocytes: or PanLeuco). `cbc`: as the blood count gives it. `saturatedPercent`: of
 * the tube that was saturated with the drug.
 */
export type ParameterKind =
  | 'count'
  | 'dualCount'
  | 'bridgedCount'
  | 'percent'
  | 'saturatedPercent'
  | 'eventRatio'
  | 'concentrationRatio'
  | 'stimulation'
  | 'mdfi'
  | 'deltaMdfi'
  | 'activationIndex'
  | 'occupancy'
  | 'cbc'
  | 'cbcIndex'
  | 'quality';

export type ParameterUnit = 'cells/uL' | '%' | '% points' | 'ratio' | 'MdFI' | '10^9/L' | 'events' | 'uL';

export interface ImmuneParameter {
  readonly paramcd: string;
  readonly label: string;
  readonly unit: ParameterUnit;
  /** Population ids whose events are the numerator, added where there are several; none for the blood count. QCDBL is what they leave of the parent. */
  readonly populations: readonly string[];
  /** Id that divides (`A+B`: both added): parent of a percentage, divisor of a ratio, anchor of a bridged count; null where nothing does. */
  readonly denominator: string | null;
  /** Panel or panels: `P2+P1` is bridged or combined, `any` every FCS file, `CBC` the blood count. */
  readonly panel: string;
  readonly kind: ParameterKind;
}

type Row = readonly [
  paramcd: string,
  label: string,
  unit: ParameterUnit,
  populations: string,
  denominator: string | null,
  panel: string,
  kind: ParameterKind,
];

// prettier-ignore
const rows: readonly Row[] = [
  ['CD3ABS', 'T Cells', 'cells/uL', 'T', null, 'P1', 'count'],
  ['CD4ABS', 'CD4+ T Cells', 'cells/uL', 'CD4T', null, 'P1', 'count'],
  ['CD8ABS', 'CD8+ T Cells', 'cells/uL', 'CD8T', null, 'P1', 'count'],
  ['CD4PCT', 'CD4+ T Cells of Lymphocytes', '%', 'CD4T', 'Lymph', 'P1', 'percent'],
  ['CD8PCT', 'CD8+ T Cells of Lymphocytes', '%', 'CD8T', 'Lymph', 'P1', 'percent'],
  ['CD4CD8R', 'CD4/CD8 Ratio', 'ratio', 'CD4T', 'CD8T', 'P1', 'eventRatio'],
  ['CD4ABSD', 'CD4+ T Cells, Dual Platform', 'cells/uL', 'CD4T', 'Lymph', 'P1', 'dualCount'],
  ['CD8ABSD', 'CD8+ T Cells, Dual Platform', 'cells/uL', 'CD8T', 'Lymph', 'P1', 'dualCount'],
  ['CD4NPCT', 'Naive of CD4+ T Cells', '%', 'CD4N', 'CD4T', 'P2', 'percent'],
  ['CD4CMPCT', 'Central Memory of CD4+ T Cells', '%', 'CD4CM', 'CD4T', 'P2', 'percent'],
  ['CD4EMPCT', 'Effector Memory of CD4+ T Cells', '%', 'CD4EM', 'CD4T', 'P2', 'percent'],
  ['CD4TEPCT', 'TEMRA of CD4+ T Cells', '%', 'CD4TEMRA', 'CD4T', 'P2', 'percent'],
  ['CD8NPCT', 'Naive of CD8+ T Cells', '%', 'CD8N', 'CD8T', 'P2', 'percent'],
  ['CD8CMPCT', 'Central Memory of CD8+ T Cells', '%', 'CD8CM', 'CD8T', 'P2', 'percent'],
  ['CD8EMPCT', 'Effector Memory of CD8+ T Cells', '%', 'CD8EM', 'CD8T', 'P2', 'percent'],
  ['CD8TEPCT', 'TEMRA of CD8+ T Cells', '%', 'CD8TEMRA', 'CD8T', 'P2', 'percent'],
  ['CD4ACPCT', 'HLA-DR+CD38+ of CD4+ T Cells', '%', 'CD4ACT', 'CD4T', 'P2', 'percent'],
  ['CD8ACPCT', 'HLA-DR+CD38+ of CD8+ T Cells', '%', 'CD8ACT', 'CD8T', 'P2', 'percent'],
  ['TREGPCT', 'Regulatory T of CD4+ T Cells', '%', 'Treg', 'CD4T', 'P2', 'percent'],
  ['TREGABS', 'Regulatory T Cells', 'cells/uL', 'Treg', 'CD4T', 'P2+P1', 'bridgedCount'],
  ['CD8TREGR', 'CD8/Treg Ratio', 'ratio', 'CD8T', 'Treg', 'P2+P1', 'concentrationRatio'],
  ['PD1FPCT', 'Free PD-1+ of CD8+ T Cells', '%', 'PD1f', 'CD8T', 'P2', 'percent'],
  ['PD1TPCT', 'Total PD-1+ of CD8+ T, Drug-Saturated', '%', 'IGG4b', 'CD8T', 'P2', 'saturatedPercent'],
  ['IG4PCT', 'Drug-Bound IgG4+ of CD8+ T Cells', '%', 'IGG4b', 'CD8T', 'P2', 'percent'],
  ['PD1RO', 'PD-1 Receptor Occupancy, Memory CD8+ T', '%', 'CD8RAn|CD8EM', null, 'P2', 'occupancy'],
  ['NKABS', 'NK Cells', 'cells/uL', 'NK', null, 'P1', 'count'],
  ['NKPCT', 'NK Cells of Lymphocytes', '%', 'NK', 'Lymph', 'P1', 'percent'],
  ['NKDIMABS', 'CD56dim NK Cells', 'cells/uL', 'NKdim', 'NK', 'P4+P1', 'bridgedCount'],
  ['NKBRABS', 'CD56bright NK Cells', 'cells/uL', 'NKbr', 'NK', 'P4+P1', 'bridgedCount'],
  ['NKD107A', 'CD107a+ of NK, Stimulated - Background', '% points', 'NK107', 'NK', 'P4', 'stimulation'],
  ['NKD107B', 'CD107a+ of NK, Background', '%', 'NK107', 'NK', 'P4', 'percent'],
  ['NKIFNG', 'IFN-g+ of NK, Stimulated - Background', '% points', 'NKIFN', 'NK', 'P4', 'stimulation'],
  ['NKPOLY', 'CD107a+IFN-g+ of NK, Stim - Background', '% points', 'NK107_IFN', 'NK', 'P4', 'stimulation'],
  ['NKGZMFI', 'Granzyme B MdFI of NK Cells', 'MdFI', 'NK', null, 'P4', 'mdfi'],
  ['NKPRFMFI', 'Perforin MdFI of NK Cells', 'MdFI', 'NK', null, 'P4', 'mdfi'],
  ['BABS', 'B Cells', 'cells/uL', 'B', null, 'P1', 'count'],
  ['BPCT', 'B Cells of Lymphocytes', '%', 'B', 'Lymph', 'P1', 'percent'],
  ['BNPCT', 'Naive B of B Cells', '%', 'Bn', 'B', 'P3', 'percent'],
  ['BTRPCT', 'Transitional B of B Cells', '%', 'Btr', 'B', 'P3', 'percent'],
  ['BUMPCT', 'Unswitched Memory B of B Cells', '%', 'Bum', 'B', 'P3', 'percent'],
  ['BSMPCT', 'Switched Memory B of B Cells', '%', 'Bsm', 'B', 'P3', 'percent'],
  ['BDNPCT', 'Double Negative B of B Cells', '%', 'Bdn', 'B', 'P3', 'percent'],
  ['BPBPCT', 'Plasmablasts of B Cells', '%', 'PB', 'B', 'P3', 'percent'],
  ['B21PCT', 'CD21low B of B Cells', '%', 'B21lo', 'B', 'P3', 'percent'],
  ['BNABS', 'Naive B Cells', 'cells/uL', 'Bn', 'B', 'P3+P1', 'bridgedCount'],
  ['BTRABS', 'Transitional B Cells', 'cells/uL', 'Btr', 'B', 'P3+P1', 'bridgedCount'],
  ['BUMABS', 'Unswitched Memory B Cells', 'cells/uL', 'Bum', 'B', 'P3+P1', 'bridgedCount'],
  ['BSMABS', 'Switched Memory B Cells', 'cells/uL', 'Bsm', 'B', 'P3+P1', 'bridgedCount'],
  ['BDNABS', 'Double Negative B Cells', 'cells/uL', 'Bdn', 'B', 'P3+P1', 'bridgedCount'],
  ['BPBABS', 'Plasmablasts', 'cells/uL', 'PB', 'B', 'P3+P1', 'bridgedCount'],
  ['B21ABS', 'CD21low B Cells', 'cells/uL', 'B21lo', 'B', 'P3+P1', 'bridgedCount'],
  ['DCABS', 'Dendritic Cells', 'cells/uL', 'DC', null, 'P5', 'count'],
  ['CDC1ABS', 'cDC1', 'cells/uL', 'cDC1', null, 'P5', 'count'],
  ['CDC2ABS', 'cDC2', 'cells/uL', 'cDC2', null, 'P5', 'count'],
  ['PDCABS', 'Plasmacytoid DC', 'cells/uL', 'pDC', null, 'P5', 'count'],
  ['DC80DMFI', 'CD80 MdFI Over FMO of cDC2', 'MdFI', 'cDC2', null, 'P5', 'deltaMdfi'],
  ['DC86DMFI', 'CD86 MdFI Over FMO of cDC2', 'MdFI', 'cDC2', null, 'P5', 'deltaMdfi'],
  ['DC83DMFI', 'CD83 MdFI Over FMO of cDC2', 'MdFI', 'cDC2', null, 'P5', 'deltaMdfi'],
  ['DC40DMFI', 'CD40 MdFI Over FMO of cDC2', 'MdFI', 'cDC2', null, 'P5', 'deltaMdfi'],
  ['DCDRDMFI', 'HLA-DR MdFI Over FMO of cDC2', 'MdFI', 'cDC2', null, 'P5', 'deltaMdfi'],
  ['PD80DMFI', 'CD80 MdFI Over FMO of pDC', 'MdFI', 'pDC', null, 'P5', 'deltaMdfi'],
  ['PD86DMFI', 'CD86 MdFI Over FMO of pDC', 'MdFI', 'pDC', null, 'P5', 'deltaMdfi'],
  ['PD83DMFI', 'CD83 MdFI Over FMO of pDC', 'MdFI', 'pDC', null, 'P5', 'deltaMdfi'],
  ['PD40DMFI', 'CD40 MdFI Over FMO of pDC', 'MdFI', 'pDC', null, 'P5', 'deltaMdfi'],
  ['PDDRDMFI', 'HLA-DR MdFI Over FMO of pDC', 'MdFI', 'pDC', null, 'P5', 'deltaMdfi'],
  ['DC86STI', 'CD86 Activation Index of cDC2', 'ratio', 'cDC2', null, 'P5', 'activationIndex'],
  ['DC83STI', 'CD83 Activation Index of cDC2', 'ratio', 'cDC2', null, 'P5', 'activationIndex'],
  ['MOABS', 'Monocytes', 'cells/uL', 'Mono', null, 'P5', 'count'],
  ['CMOABS', 'Classical Monocytes', 'cells/uL', 'cMo', null, 'P5', 'count'],
  ['IMOABS', 'Intermediate Monocytes', 'cells/uL', 'iMo', null, 'P5', 'count'],
  ['NMOABS', 'Non-Classical Monocytes', 'cells/uL', 'ncMo', null, 'P5', 'count'],
  ['CMOPCT', 'Classical Monocytes of Monocytes', '%', 'cMo', 'Mono', 'P5', 'percent'],
  ['IMOPCT', 'Intermediate Monocytes of Monocytes', '%', 'iMo', 'Mono', 'P5', 'percent'],
  ['NMOPCT', 'Non-Classical Monocytes of Monocytes', '%', 'ncMo', 'Mono', 'P5', 'percent'],
  ['MODRMFI', 'HLA-DR MdFI of Monocytes', 'MdFI', 'Mono', null, 'P5', 'mdfi'],
  ['NEUABS', 'Neutrophils, Flow', 'cells/uL', 'Neut', null, 'P6w', 'count'],
  ['EOSABS', 'Eosinophils, Flow', 'cells/uL', 'Eos', null, 'P6w', 'count'],
  ['BASABS', 'Basophils, Flow', 'cells/uL', 'Baso', null, 'P6w', 'count'],
  ['NEUIPCT', 'Immature of Neutrophils', '%', 'NeuI IG', 'Neut+IG', 'P6w', 'percent'],
  ['NEUT', 'Neutrophils', '10^9/L', '', null, 'CBC', 'cbc'],
  ['EOS', 'Eosinophils', '10^9/L', '', null, 'CBC', 'cbc'],
  ['BASO', 'Basophils', '10^9/L', '', null, 'CBC', 'cbc'],
  ['MMDSCABS', 'M-MDSC Phenotype', 'cells/uL', 'MMDSC', null, 'P6w', 'count'],
  ['PMDSCABS', 'LOX-1+ PMN-MDSC Phenotype', 'cells/uL', 'PMNX', null, 'P6w', 'count'],
  ['EMDSCABS', 'Early MDSC Phenotype', 'cells/uL', 'eMDSC', null, 'P6w', 'count'],
  ['MDSCABS', 'MDSC Phenotype, Total', 'cells/uL', 'MMDSC PMNX eMDSC', null, 'P6w', 'count'],
  ['MMDSCPCT', 'M-MDSC Phenotype of CD14+ Cells', '%', 'MMDSC', 'Mo14', 'P6w', 'percent'],
  ['LOX1PCT', 'LOX-1+ of Neutrophils', '%', 'PMNX', 'Neut', 'P6w', 'percent'],
  ['PMNLPCT', 'Low-Density PMN-MDSC Phenotype of PBMC', '%', 'PMNL', 'cells', 'P6p', 'percent'],
  ['NLR', 'Neutrophil/Lymphocyte Ratio', 'ratio', '', null, 'CBC', 'cbcIndex'],
  ['LMR', 'Lymphocyte/Monocyte Ratio', 'ratio', '', null, 'CBC', 'cbcIndex'],
  ['PLR', 'Platelet/Lymphocyte Ratio', 'ratio', '', null, 'CBC', 'cbcIndex'],
  ['SII', 'Systemic Immune-Inflammation Index', '10^9/L', '', null, 'CBC', 'cbcIndex'],
  ['MMDCD8R', 'M-MDSC/CD8 Ratio', 'ratio', 'MMDSC', 'CD8T', 'P6w+P1', 'concentrationRatio'],
  ['QCLSUM', 'Quality: T+B+NK of Lymphocytes', '%', 'T B NK', 'Lymph', 'P1', 'quality'],
  ['QCBEADS', 'Quality: Counting Beads', 'events', 'beads', null, 'any', 'quality'],
  ['QCVIAB', 'Quality: Viable of Single Cells', '%', 'live', 'singS', 'any', 'quality'],
  ['QCTIME', 'Quality: Stable Acquisition', '%', 'time_ok', 'root', 'any', 'quality'],
  ['QCDBL', 'Quality: Doublets', '%', 'singS', 'nomargin', 'any', 'quality'],
  ['QCVACQ', 'Quality: Blood Acquired', 'uL', 'beads', null, 'any', 'quality'],
];

/** In the order of populations.md section 6. */
export const immuneParameters: readonly ImmuneParameter[] = rows.map(
  ([paramcd, label, unit, populations, denominator, panel, kind]) => ({
    paramcd,
    label,
    unit,
    populations: populations === '' ? [] : populations.split(' '),
    denominator,
    panel,
    kind,
  }),
);

/**
 * The parameter that stands for each indicator of the trial, in that order: what a report shows in full unless a study names others.
 * Of several methods for one indicator it is the primary one (blood count for granulocytes, K562 for NK activity); states and subsets support it.
 */
export const primaryParameters: readonly string[] = [
  'CD4ABS',
  'CD8ABS',
  'CD4CD8R',
  'NKABS',
  'NKD107A',
  'BABS',
  'DCABS',
  'DC86DMFI',
  'MOABS',
  'NEUT',
  'EOS',
  'BASO',
  'MDSCABS',
];

/**
 * Drug on its receptor: nearly none before the drug, so the change is a difference in points, and a ratio to baseline would be one to noise
 * (docs/decisions/0023). Of a study's own table as well: the codes mean the same there.
 */
export const comparedByDifference: ReadonlySet<string> = new Set(['IG4PCT', 'PD1RO']);

const byCode = new Map(immuneParameters.map((parameter) => [parameter.paramcd, parameter]));

/** The parameter of a code, or null when the code is not of this trial. */
export function immuneParameter(paramcd: string): ImmuneParameter | null {
  return byCode.get(paramcd) ?? null;
}
