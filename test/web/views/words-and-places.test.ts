// Addresses, names, numbers as text, files by name, courses out of tables.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, errorFrom } from '../../../src/web/api/client.ts';
import {
  amount,
  duration,
  moment,
  percent,
  rough,
  visible,
  wholeNumber,
} from '../../../src/web/parts/words.ts';
import { formatRoute, parseRoute, views } from '../../../src/web/route.ts';
import { coursesOf, parametersOf } from '../../../src/web/views/compare/points.ts';
import { inShownOrder, nameOf } from '../../../src/web/views/review/blind.ts';
import { sortFiles } from '../../../src/web/views/study/sort-files.ts';
import { valueKey } from '../../../src/web/views/tables/value-key.ts';

describe('the address', () => {
  it('comes back as it was, for any names', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__');
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...views),
        text,
        fc.dictionary(name, text),
        (study, view, open, query) => {
          const route = { study, view, open, query: { ...query } };
          expect(parseRoute(formatRoute(route))).toEqual(route);
        },
      ),
    );
  });
  it.each(['', '#', '#/', '#/s/nowhere', '#/%E0%A4%A'])('%s leads to the study or the list', (hash) => {
    expect(parseRoute(hash).view).toBe('study');
  });
  it('of a route carries names as data', () => {
    expect(
      addressOf('table', { study: 's', table: 'a/../b?c' }, { search: 'x&y', offset: 0, sort: undefined }),
    ).toBe('/api/studies/s/tables/a%2F..%2Fb%3Fc?search=x%26y&offset=0');
  });
});

describe('failures', () => {
  it('have a code and a sentence, also when the answer is not JSON', () => {
    const body = JSON.stringify({
      error: { code: 'E_X', message: 'No.', level: 'error', place: null, issues: [] },
    });
    expect(errorFrom(422, body)).toMatchObject({ status: 422, code: 'E_X', message: 'No.' });
    expect(errorFrom(502, '<html>')).toMatchObject({ code: 'HTTP 502' });
  });
});

describe('names', () => {
  it.each([
    ['CD3 · FITC-A', 'CD3 · FITC-A'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['a\u0007\r\nb\u001b[31m\u009b', 'a\\u0007\\u000d\\u000ab\\u001b[31m\\u009b'],
    ['zero\u200bwidth\ufeff\u2028', 'zero\\u200bwidth\\ufeff\\u2028'],
    ['µ, é, 細胞 and <b>', 'µ, é, 細胞 and <b>'],
  ])('%j are shown as %j', (text, shown) => expect(visible(text)).toBe(shown));
});

describe('numbers as text', () => {
  it.each([
    [wholeNumber(1234567), '1\u202f234\u202f567'],
    [wholeNumber(null), '–'],
    [percent(0.3421), '34.2 %'],
    [percent(0.0342), '3.42 %'],
    [percent(1), '100 %'],
    [percent(0), '0 %'],
    [percent(0.00001), '< 0.01 %'],
    [percent(null), '–'],
    [amount(612.34567), '612.3'],
    [amount(-0.03125), '−0.03125'],
    [rough(2_124_392), '2.1 M'],
    [rough(506_000), '506 k'],
    [duration(75), '1 min 15 s'],
    [moment('2026-02-03T14:05:09.000Z'), '2026-02-03 14:05'],
  ])('%s', (got, expected) => {
    expect(got).toBe(expected);
  });
});

describe('dropped files', () => {
  it('are told apart by name, in order', () => {
    const files = [
      'b.FCS',
      'samples.csv',
      'notes.txt',
      'a.fcs',
      'CBC.csv',
      'other.csv',
      'adsl.csv',
      'constructor.csv',
    ].map((name) => ({
      name,
    }));
    const { events, tables, other } = sortFiles(files);
    expect(events.map(({ name }) => name)).toEqual(['a.fcs', 'b.FCS']);
    expect(tables.map(({ table }) => table)).toEqual(['cbc', 'subjects', 'samples']);
    expect(other).toEqual(['constructor.csv', 'notes.txt', 'other.csv']);
  });
});

describe('blinded names', () => {
  const sample = (visit: string) => ({
    sample: `S1_${visit}`,
    subject: 'S1',
    visit,
    panel: 'P1',
    role: 'stained',
  });
  const visits = ['V0', 'V1', 'V2', 'V3'].map(sample);
  it('say nothing of the visit or the subject, and are the same every time', () => {
    for (const one of visits) {
      const { title, detail } = nameOf(one, true);
      expect(`${title} ${detail}`).not.toMatch(/S1|V\d/);
      expect(nameOf(one, true).title).toBe(title);
    }
    expect(new Set(visits.map((one) => nameOf(one, true).title)).size).toBe(4);
  });
  it('keep no order of visits; real names do', () => {
    const shown = (blinded: boolean): string[] => inShownOrder(visits, blinded).map(({ visit }) => visit);
    expect(shown(false)).toEqual(['V0', 'V1', 'V2', 'V3']);
    expect(shown(true).toSorted()).toEqual(shown(false));
    expect(shown(true)).not.toEqual(shown(false));
  });
});

describe('parameters', () => {
  it('with values come first, otherwise in the order of the table', () => {
    const rows = [
      { PARAMCD: 'A', n: 0 },
      { PARAMCD: 'B', PARAM: 'B Cells (cells/uL)', n: 3 },
      { PARAMCD: 'A', n: 0 },
      { PARAMCD: 'C', n: 1 },
    ];
    expect(parametersOf(rows)).toEqual([
      { code: 'B', name: 'B Cells (cells/µL)' },
      { code: 'C', name: 'C' },
      { code: 'A', name: 'A' },
    ]);
  });
});

describe('courses', () => {
  const row = (USUBJID: string, AVISITN: number, AVAL: number | null, more: object = {}) => ({
    USUBJID,
    AVISITN,
    AVISIT: `Day ${AVISITN}`,
    VISIT: `V${AVISITN}`,
    AVAL,
    ANL01FL: 'Y',
    SPECID: `${USUBJID}-${AVISITN}`,
    BLQFL: '',
    ...more,
  });
  it('are the analysed values by patient in order of visits, with the interval of their specimen', () => {
    const adim = [
      row('A', 7, 3),
      row('A', 0, 2),
      row('A', 1, null),
      row('B', 0, 5, { ANL01FL: '' }),
      row('B', 7, 1, { BLQFL: 'Y' }),
    ];
    const courses = coursesOf(adim, [{ specimen: 'A-7', ciLow: 2.5, ciHigh: 3.5 }]);
    expect(
      courses.map(({ subject, points }) => [subject, points.map(({ at, value }) => [at, value])]),
    ).toEqual([
      [
        'A',
        [
          [0, 2],
          [7, 3],
        ],
      ],
      ['B', [[7, 1]]],
    ]);
    expect(courses[0].points[1]).toMatchObject({ low: 2.5, high: 3.5 });
    const both = { specimen: 'A-7', ciLow: 2.5, ciHigh: 3.5, totalLow: 2, totalHigh: 5 };
    expect(coursesOf(adim, [both])[0].points[1]).toMatchObject({ low: 2, high: 5 });
    expect(courses[1].points[0]).toMatchObject({ low: null, belowQuantification: true });
  });
});

describe('the way back from a row', () => {
  it.each([
    [
      ['subject', 'visit', 'paramcd', 'value'],
      ['S', 'V0', 'CD3C', 1],
      { subject: 'S', visit: 'V0', parameter: 'CD3C' },
    ],
    [
      ['USUBJID', 'PARAMCD', 'AVISIT', 'VISIT'],
      ['S', 'CD3C', 'Day 1', 'V1'],
      { subject: 'S', visit: 'V1', parameter: 'CD3C' },
    ],
    [['USUBJID', 'PARAMCD', 'VISIT'], ['S', 'CD3C', ''], null],
    [['PARAMCD', 'AVISIT'], ['CD3C', 'Day 1'], null],
  ])('%j', (columns, cells, expected) => {
    expect(valueKey(columns, cells)).toEqual(expected);
  });
});
