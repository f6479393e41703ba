// A study in which every text that people and instruments can write is a payload: markup, scripts, formulas, controls, marks that turn text.
// It is gated by the rules of the small blood study, so it also runs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../src/events/index.ts';
import { fcsBytes, memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import { bloodFile, bloodTemplate } from '../engine/blood.ts';

/** Would set a mark in the page, call home, or say something. */
export const payloads = {
  image: '<img src=x onerror=window.owned=1>',
  script: '"><script>window.owned=2</script>',
  svg: '</text><svg onload=window.owned=3><foreignObject>',
  home: '<link rel=stylesheet href=http://evil.example/x.css>',
  formula: '=HYPERLINK("http://evil.example","x")',
  turned: '\u202egnp.exe\u202c',
  control: 'bell\u0007 escape\u001b[31m',
  template: '{{constructor.constructor("window.owned=4")()}}',
} as const;

/** The blood file with hostile extra channels, stains and keywords. */
export function hostileFile(seed: number, events: number): Uint8Array {
  const source = memorySource(bloodFile(seed, events));
  const file = readFcs(source);
  const { table } = readEvents(source, file, { scaling: 'raw' });
  const extra = Object.values(payloads).map((text, at): Channel => ({
    name: `${text}${at}-A`,
    stain: Object.values(payloads)[(at + 1) % Object.keys(payloads).length],
    marker: null,
    kind: 'fluorescence',
    pulse: 'A',
    range: 262144,
  }));
  const keywords = new Map<string, string>([
    ...['$CYT', '$FIL', '$SMNO', '$SRC', '$OP', '$COM', 'TUBE NAME', '$CELLS'].map(
      (name, at): [string, string] => [name, Object.values(payloads)[at]],
    ),
    [payloads.image.toUpperCase(), payloads.script],
    ['__PROTO__', payloads.template],
  ]);
  return fcsBytes(
    {
      count: table.count,
      channels: [...table.channels, ...extra],
      columns: [...table.columns, ...extra.map((_, at) => table.columns[at % table.columns.length])],
    },
    { keywords, ...(file.spillover === null ? {} : { spillover: file.spillover }) },
  );
}

export interface HostileStudy {
  /** Where `serve` is started. */
  readonly served: string;
  readonly files: readonly string[];
  readonly subject: string;
}

export function writeHostileStudy(folder: string): HostileStudy {
  const served = join(folder, 'hostile');
  const root = join(served, 'HOSTILE');
  const arrived = join(folder, 'hostile files');
  mkdirSync(root, { recursive: true });
  mkdirSync(arrived, { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(root, name), text);
  const subject = payloads.image;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  put('blood.yaml', bloodTemplate.replace('title: Two colours', `title: '${payloads.svg}'`));
  put(
    'study.yaml',
    `id: HOSTILE
title: '${payloads.script}'
visits: [V0, V1]
windows:
  - { n: 0, label: ${quoted('<b>Baseline</b>')}, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: ${quoted('=1+1')}, phase: POST, target: 7, lo: 1, hi: 30 }
panels: { P1: blood.yaml }
`,
  );
  put('adsl.csv', `USUBJID,TRTSDT,ABLDT\n${quoted(subject)},2023-01-10,2023-01-10\n`);
  const rows = ['V0', 'V1'].map(
    (visit, at) =>
      `tube-${visit},tube-${visit}.fcs,${quoted(subject)},${visit},P1,stained,2023-01-${at === 0 ? '09' : '17'}T09:00:00,${quoted(payloads.formula)},${quoted(payloads.home)}`,
  );
  put(
    'samples.csv',
    `sample,file,subject,visit,panel,role,collected_at,batch,cytometer\n${rows.join('\n')}\n`,
  );
  const files = ['tube-V0', 'tube-V1', 'nobody'].map((name, at) => {
    const path = join(arrived, `${name}.fcs`);
    writeFileSync(path, hostileFile(60 + at, 3000));
    return path;
  });
  return { served, files, subject };
}
