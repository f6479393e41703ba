// Swimmer plot: one bar a subject from the start of treatment to the last contact, with what happened on the way.
// Invariant: lengths are months from the first treatment day; an arrow says that the subject was alive at the last contact.
import { range } from 'd3';
import type { ClinicalResult } from '../../clinical/index.ts';
import { DAYS_PER_MONTH, daysBetween } from '../../study/index.ts';
import { linkedMark, subjectAnchor } from '../anchors.ts';
import { bottomAxis, label11, legend, symbol, ticksOf, type Area, type LegendEntry } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { counted, fitted, numberText } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint, responsePaint } from '../paint.ts';

interface Happening {
  readonly months: number;
  readonly what: 'ablation' | 'response' | 'progression' | 'local progression' | 'death';
}

interface Swimmer {
  readonly USUBJID: string;
  readonly months: number;
  readonly response: string;
  readonly alive: boolean;
  readonly happenings: readonly Happening[];
}

const symbols: Readonly<Record<Happening['what'], LegendEntry>> = {
  ablation: { label: 'Ablation', fill: paint.ink, shape: 'triangle' },
  response: { label: 'First response (CR or PR)', fill: paint.green, shape: 'dot' },
  progression: { label: 'Progression', fill: paint.red, shape: 'diamond' },
  'local progression': { label: 'Local progression', fill: paint.orange, shape: 'ring' },
  death: { label: 'Death', fill: paint.ink, shape: 'cross' },
};

export function swimmerFigure(clinical: ClinicalResult): Figure {
  const swimmers = swimmersOf(clinical);
  const rowHeight = 19;
  const present = Object.keys(symbols).filter((what) =>
    swimmers.some((swimmer) => swimmer.happenings.some((one) => one.what === what)),
  ) as Happening['what'][];
  const key = legend(8, 12, figureWidth, [
    ...present.map((what) => symbols[what]),
    { label: 'Alive at last contact', fill: paint.muted, shape: 'arrow' },
    ...[...new Set(swimmers.map((swimmer) => swimmer.response))]
      .sort((a, b) => order(a) - order(b))
      .map((response) => ({ label: response, fill: responsePaint[response], shape: 'square' as const })),
  ]);
  const top = key.bottom + 6;
  const area: Area = {
    left: 88,
    right: figureWidth - 26,
    top,
    bottom: top + rowHeight * Math.max(1, swimmers.length) + 4,
  };
  const longest = Math.max(3, ...swimmers.map((swimmer) => swimmer.months));
  const step = longest > 30 ? 6 : 3;
  const end = Math.ceil(longest / step) * step;
  const x = (months: number): number => area.left + (months / end) * (area.right - area.left);
  const marks: Markup[] = [
    ...key.marks,
    bottomAxis(area, x, ticksOf(range(0, end + 1, step)), 'Months since start of treatment'),
    ...swimmers.map((swimmer, i) => {
      const y = top + 4 + (i + 0.5) * rowHeight;
      const said = `${swimmer.USUBJID}: ${numberText(swimmer.months, 1)} months, ${swimmer.response}, ${swimmer.alive ? 'alive' : 'dead'}`;
      return linkedMark(
        subjectAnchor(swimmer.USUBJID),
        said,
        label11(area.left - 8, y + 4, fitted(swimmer.USUBJID, 78, 11), 'end'),
        h('rect', {
          x: area.left,
          y: y - 6,
          width: Math.max(1, x(swimmer.months) - area.left),
          height: 12,
          fill: responsePaint[swimmer.response],
          'fill-opacity': 0.38,
        }),
        swimmer.alive ? symbol('arrow', x(swimmer.months) + 5, y, paint.muted) : null,
        ...swimmer.happenings.map(({ months, what }) =>
          symbol(symbols[what].shape, x(months), y, symbols[what].fill, 4),
        ),
      );
    }),
  ];
  return {
    id: 'swimmer',
    title: 'Course of every subject (swimmer plot)',
    help: 'Each bar runs from the first treatment day to the last contact, assessment or death; the colour is the confirmed best response.',
    n: `n = ${counted(swimmers.length, 'subject')}, ${swimmers.filter((one) => !one.alive).length} dead`,
    description: `Bars of follow-up of ${swimmers.length} subjects with ablation, first response, progression and death.`,
    width: figureWidth,
    height: area.bottom + 44,
    marks,
    data: {
      columns: [
        'subject',
        'follow-up (months)',
        'confirmed best response',
        'alive at last contact',
        ...Object.keys(symbols).map((what) => `${what} (months)`),
      ],
      rows: swimmers.map((swimmer): DataCell[] => [
        swimmer.USUBJID,
        swimmer.months,
        swimmer.response,
        swimmer.alive ? 'Y' : 'N',
        ...Object.keys(symbols).map(
          (what) => swimmer.happenings.find((one) => one.what === what)?.months ?? null,
        ),
      ]),
    },
  };
}

function order(response: string): number {
  return Object.keys(responsePaint).indexOf(response);
}

/** Longest first, then by subject. The end is that of the survival parameter (death or last contact), or a later assessment. */
function swimmersOf({ adsl, adtte, responses }: ClinicalResult): Swimmer[] {
  const swimmers = adsl.flatMap((subject): Swimmer[] => {
    const { USUBJID, TRTSDT } = subject;
    const timeOf = (code: string) => adtte.find((row) => row.USUBJID === USUBJID && row.PARAMCD === code);
    const survival = timeOf('OS');
    if (TRTSDT === null || survival === undefined) return [];
    const at = (date: string | null | undefined): number | null =>
      date === null || date === undefined ? null : (daysBetween(TRTSDT, date) + 1) / DAYS_PER_MONTH;
    const response = responses.subjects.find((row) => row.USUBJID === USUBJID);
    const first = responses.assessments
      .filter((row) => row.USUBJID === USUBJID && (row.OVRLRESP === 'CR' || row.OVRLRESP === 'PR'))
      .map((row) => row.ADT)
      .sort()[0] as string | undefined;
    const progressed = responses.assessments
      .filter((row) => row.USUBJID === USUBJID && row.OVRLRESP === 'PD')
      .map((row) => row.ADT)
      .sort()[0] as string | undefined;
    const assessed = responses.assessments
      .filter((row) => row.USUBJID === USUBJID)
      .map((row) => at(row.ADT) ?? 0);
    const local = timeOf('LPFS');
    const localDate = local?.CNSR === 0 && local.SRCDOM === 'LOCAL' ? local.ADT : null;
    const dated: [Happening['what'], number | null][] = [
      ['ablation', at(subject.ABLDT)],
      ['response', at(first)],
      ['local progression', at(localDate)],
      ['progression', at(progressed)],
      ['death', survival.CNSR === 0 ? at(survival.ADT) : null],
    ];
    return [
      {
        USUBJID,
        months: Math.max(survival.AVALDAY / DAYS_PER_MONTH, ...assessed),
        response: response?.CBOR ?? 'MISSING',
        alive: survival.CNSR !== 0,
        happenings: dated.flatMap(([what, months]) => (months === null ? [] : [{ what, months }])),
      },
    ];
  });
  return swimmers.sort((a, b) => b.months - a.months || (a.USUBJID < b.USUBJID ? -1 : 1));
}
