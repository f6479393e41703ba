// FlowJo workspace (.wsp, version 20, FlowJo 10) -> one GatingStrategy a sample, with the counts that FlowJo stored. Names of populations
// are kept as they are ("/" becomes "_"). A sample that uses something unknown gets issues instead of a strategy; the others are read.
import { ImmunogateError, type Issue } from '../../errors.ts';
import type { GatingStrategy, StrategyPopulation } from '../../gating/index.ts';
import type { CompensationMatrix } from '../../signal/index.ts';
import { DATATYPES, TRANSFORMS, fault, numberAttribute, textAttribute } from '../gatingml/elements.ts';
import { attributeOf, childrenOf, parseXml, type XmlElement, type XmlLimits } from '../xml.ts';
import { countOf, readFlowJoPopulations } from './populations.ts';
import { readScales } from './scales.ts';

export interface FlowJoSample {
  /** As the workspace shows it, usually the file's name or $FIL. */
  readonly name: string;
  /** File name at the end of the workspace's address of the data; '' where it has none. */
  readonly file: string;
  /** Events that FlowJo counted; null where it stored none. */
  readonly eventCount: number | null;
  /** Null exactly when an issue of level error says why. */
  readonly strategy: GatingStrategy | null;
  /** FlowJo's own count by path, for comparison; populations without a stored count are left out. */
  readonly counts: ReadonlyMap<string, number>;
  readonly issues: readonly Issue[];
}

export interface FlowJoWorkspace {
  readonly samples: readonly FlowJoSample[];
  /** What is wrong with the document as a whole; with an error there are no samples. */
  readonly issues: readonly Issue[];
}

export interface ReadFlowJoOptions {
  /** Name of the strategies' template; default `flowjo`. */
  readonly id?: string;
  readonly limits?: Partial<XmlLimits>;
}

/** Never throws for what a document holds. */
export function readFlowJo(text: string, options: ReadFlowJoOptions = {}): FlowJoWorkspace {
  try {
    const root = parseXml(text, options.limits);
    if (root.name !== 'Workspace')
      throw fault(
        `The document is not a FlowJo workspace: its root element is <${root.name}>.`,
        root,
        'E_FLOWJO_INVALID',
      );
    const samples = childrenOf(root, '', 'SampleList').flatMap((list) => childrenOf(list, '', 'Sample'));
    if (samples.length === 0) throw fault('The workspace has no sample.', root, 'E_FLOWJO_INVALID');
    const template = {
      id: options.id ?? 'flowjo',
      version: attributeOf(root, '', 'flowJoVersion') ?? attributeOf(root, '', 'version') ?? '',
    };
    return { samples: samples.map((sample) => readSample(sample, template)), issues: [] };
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    return { samples: [], issues: [error.toIssue()] };
  }
}

function readSample(sample: XmlElement, template: GatingStrategy['template']): FlowJoSample {
  const node = childrenOf(sample, '', 'SampleNode')[0] ?? sample;
  const uri = childrenOf(sample, '', 'DataSet')[0];
  const address = uri === undefined ? '' : (attributeOf(uri, '', 'uri') ?? '');
  const head = {
    name: attributeOf(node, '', 'name') ?? '',
    file: decoded(address.replace(/^.*[\\/]/, '')),
    eventCount: countOf(node),
  };
  try {
    const channels = readChannels(sample);
    const compensation = readCompensation(sample, channels);
    const { populations, counts, issues } = readFlowJoPopulations(node, {
      scales: readScales(sample),
      channels,
      compensation,
    });
    const matrices = compensation === null ? {} : { [compensation.id]: compensation.matrix };
    const used = populations.some(usesMatrix) ? matrices : {};
    return { ...head, strategy: { template, matrices: used, populations }, counts, issues };
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    return { ...head, strategy: null, counts: new Map(), issues: [error.toIssue()] };
  }
}

function usesMatrix({ gate }: StrategyPopulation): boolean {
  return (
    gate !== null &&
    gate.kind !== 'boolean' &&
    gate.dims.some(({ compensation }) => compensation.kind === 'matrix')
  );
}

/** Names of the channels as FlowJo writes them. */
function readChannels(sample: XmlElement): ReadonlySet<string> {
  const keywords = childrenOf(sample, '', 'Keywords').flatMap((list) => childrenOf(list, '', 'Keyword'));
  return new Set(
    keywords
      .filter((keyword) => /^\$P\d+N$/i.test(attributeOf(keyword, '', 'name') ?? ''))
      .map((keyword) => attributeOf(keyword, '', 'value')?.trim() ?? ''),
  );
}

interface SampleCompensation {
  readonly id: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly matrix: CompensationMatrix;
}

/** The sample's own matrix; columns that it does not mention are 0. Null when it has none. */
function readCompensation(sample: XmlElement, channels: ReadonlySet<string>): SampleCompensation | null {
  const element = childrenOf(sample, TRANSFORMS, 'spilloverMatrix')[0];
  if (element === undefined) return null;
  const rows = childrenOf(element, TRANSFORMS, 'spillover');
  if (rows.length === 0) return null;
  const nameOf = (of: XmlElement): string => {
    const written = textAttribute(of, DATATYPES, 'parameter');
    if (!channels.has(written))
      throw fault(`The matrix names ${written}, which is no channel of the sample.`, of, 'E_FLOWJO_INVALID');
    return written;
  };
  const detectors = rows.map(nameOf);
  const spill = new Float64Array(rows.length * rows.length);
  for (const [r, row] of rows.entries())
    for (const coefficient of childrenOf(row, TRANSFORMS, 'coefficient')) {
      const column = detectors.indexOf(nameOf(coefficient));
      if (column < 0) throw fault('The matrix has a column without a row.', coefficient, 'E_FLOWJO_INVALID');
      spill[r * rows.length + column] = numberAttribute(coefficient, TRANSFORMS, 'value');
    }
  return {
    id: attributeOf(element, TRANSFORMS, 'id') ?? attributeOf(element, '', 'name') ?? 'matrix',
    prefix: attributeOf(element, '', 'prefix') ?? '',
    suffix: attributeOf(element, '', 'suffix') ?? '',
    matrix: { fluorochromes: detectors, detectors, spill },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
