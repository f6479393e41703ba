// The page as a whole: links arrive, ids are unique, the same input gives the same bytes, hostile names change no element.
import { describe, expect, it } from 'vitest';
import { buildReport, standaloneSvg, type ReportInput } from '../../src/report/index.ts';
import { hodgesLehmann } from '../../src/stats/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { trials } from '../stats/trials.ts';
import { emptyReport } from './empty-report.ts';
import { parsed } from './parsed.ts';
import { payloads } from './payloads.ts';
import { trialReport } from './trial-report.ts';

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} (needs ../shared)`, () => {
    const input = truthPresent ? trialReport(trial) : null!;
    const report = truthPresent ? buildReport(input) : null!;

    it('has an end for every link, and every id once', () => {
      const all = parsed(report.html, '[id], a');
      const ids = all.map(({ id }) => id).filter((id) => id !== '');
      const known = new Set(ids);
      expect(known.size).toBeGreaterThan(1000);
      expect(ids).toHaveLength(known.size);
      const links = all
        .filter(({ tagName }) => tagName.toLowerCase() === 'a')
        .map((link) => link.getAttribute('href') ?? '');
      expect(links.length).toBeGreaterThan(1000);
      expect(
        [...new Set(links)].filter((href) => !href.startsWith('#') || !known.has(href.slice(1))),
      ).toEqual([]);
    });

    it('has no reference to the outside and no script', () => {
      expect(report.html.length).toBeGreaterThan(100_000);
      expect(report.html).not.toMatch(/<script|<img|<link|<iframe|@import|url\(|\son[a-z]+=/i);
      const without = report.html.replaceAll('http://www.w3.org/2000/svg', '');
      expect(without).not.toMatch(/(href|src|action)="(?!#)/);
      expect(without).not.toContain('://');
    });

    it('gives each figure a title, a reading help, its n, a description, units in its data', () => {
      const figures = [...report.figures, ...report.supporting];
      for (const { id, title, help, n, description, data, width, height } of figures) {
        expect(id).toMatch(/^[A-Za-z0-9.-]+$/);
        for (const text of [title, help, n, description]) expect(text.length).toBeGreaterThan(2);
        expect(n).toMatch(/\d/);
        expect(help).toMatch(/\.$/);
        expect(data.columns.length).toBeGreaterThan(2);
        expect(data.rows.every((row) => row.length === data.columns.length)).toBe(true);
        expect(width).toBe(640);
        expect(height).toBeLessThan(1400);
      }
      expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
    });

    it('shows the key parameters in full and folds every other one away, with all its values', () => {
      const { key, parameters } = input.immune!;
      const coursesOf = (figures: readonly { readonly id: string }[]) =>
        figures.flatMap(({ id }) => (id.startsWith('course-') ? [id.slice(7)] : []));
      expect(coursesOf(report.figures)).toEqual(key);
      const rest = parameters.map(({ PARAMCD }) => PARAMCD).filter((code) => !key.includes(code));
      expect(coursesOf(report.supporting)).toEqual(rest);
      expect(rest.length).toBeGreaterThan(5);
      const hidden = parsed(report.html, 'details figure[id^="course-"]').map(({ id }) => id.slice(7));
      expect([...hidden].sort()).toEqual([...rest].sort());
      for (const code of [...key, ...rest]) expect(report.html).toContain(`id="parameter-${code}"`);
      // a row a visit for every parameter, in the tables on top or in the folded ones
      const rowsOf = (id: string) => {
        const [, body = ''] = /<tbody>(.*?)<\/tbody>/s.exec(report.html.split(` id="${id}"`)[1] ?? '') ?? [];
        return body.split('<tr').length - 1;
      };
      const cells = input.immune!.comparisons.length;
      expect(rowsOf('t-imm-2')).toBe((cells * key.length) / parameters.length);
      expect(rowsOf('t-imm-2') + rowsOf('t-imm-2-others')).toBe(cells);
    });

    it('writes one minus sign in tables, under figures and in them', () => {
      const texts = parsed(report.html, 'td.num, [id$="-data"] td, svg text').map(({ textContent }) =>
        textContent.trim(),
      );
      expect(texts.filter((text) => /(^|[\s(,[])−\d/.test(text)).length).toBeGreaterThan(100);
      expect(texts.filter((text) => /(^|[\s(,[])-\.?\d/.test(text))).toEqual([]);
    });

    it('tells an area under the curve that is not evaluable from an area of 0', () => {
      const row = {
        ...{
          PARAMCD: input.immune!.key[0],
          variable: 'R2BASE' as const,
          nResponders: 3,
          nOthers: 3,
          pKruskal: null,
          p: 0.1,
        },
        ...{ medianResponders: 0.5, medianOthers: 1, shift: -0.5, shiftLow: null, shiftHigh: null },
        ...{ auc: 0, aucReason: null, aucLow: null, aucHigh: null },
      };
      const of = (more: { readonly auc?: null }) => {
        const outcome = {
          conf: 0.95,
          visit: null,
          landmark: [],
          tumour: [],
          responders: [{ ...row, ...more }],
        };
        const { html } = buildReport({ ...input, outcome });
        expect(html).toContain('not evaluable (NE) below 3 subjects in a group');
        const body = parsed(html, '#t-eff-5 tbody td').map(({ textContent }) => textContent);
        return body[4].replaceAll('\u00a0', ' ');
      };
      expect(of({})).toBe('0.00 (NE, NE)');
      expect(of({ auc: null })).toBe('NE');
    });

    it('says the level that the study asked for, beside every interval that has it', () => {
      const [immune, clinical] = [
        { ...input.immune!, conf: 0.9 },
        { ...input.clinical!, conf: 0.9 },
      ];
      const outcome = { conf: 0.9, visit: null, landmark: [], tumour: [], responders: [] };
      const at90 = buildReport({ ...input, immune, clinical, outcome });
      expect(at90.html.match(/90 %/g)?.length).toBeGreaterThan(50);
      // those of one value by counting and gating are of 95 % whatever the study asks for
      const left = parsed(at90.html, 'th, p, caption, text').map(({ textContent }) => textContent);
      expect(left.filter((text) => text.includes('95 %') && !/counting|gating|of both/.test(text))).toEqual(
        [],
      );
    });

    it('shows no range of shifts as an interval where there are too few pairs for the level', () => {
      const { key, comparisons } = input.immune!;
      // of 1, 2 and 3: median of the Walsh averages 2; the range holds the truth with 1 - 2 / 2^3 = 75 %
      const shift = hodgesLehmann([1, 2, 3]);
      expect(shift).toMatchObject({ estimate: 2, ciLow: 1, ciHigh: 3, achieved: 0.75 });
      const few = comparisons.map((cell) => ({ ...cell, hodgesLehmann: shift }));
      const short = buildReport({ ...input, immune: { ...input.immune!, comparisons: few } });
      const rows = parsed(short.html, '#t-imm-2 tbody tr').map(({ textContent }) => textContent);
      expect(rows).toHaveLength((comparisons.length * key.length) / input.immune!.parameters.length);
      for (const row of rows) expect(row.replaceAll('\u00a0', ' ')).toMatch(/\+2\.0+ \(NE, NE\)/);
      const forests = [...short.figures].filter(({ id }) => id.startsWith('shift-'));
      expect(forests.length).toBeGreaterThan(0);
      for (const { data } of forests)
        for (const row of data.rows) expect([row[3], row[4], row[5]]).toEqual([2, null, null]);
    });

    it('leads from a contrast to its own visit, whatever another is called', () => {
      // the label of the first visit after baseline begins that of the second
      const { windows, courses } = input.immune!;
      const [baseline, first, second] = windows;
      const names = new Map([
        [first.label, 'Look 1'],
        [second.label, 'Look 12'],
      ]);
      const renamed = (text: string) => {
        const [label] = text.split(` - ${baseline.label}`);
        return text.replace(label, names.get(label) ?? label);
      };
      const immune = {
        ...input.immune!,
        windows: windows.map((visit) => ({ ...visit, label: names.get(visit.label) ?? visit.label })),
        courses: courses.map((one) => ({
          ...one,
          model: one.model && {
            ...one.model,
            contrasts: one.model.contrasts.map((row) => ({ ...row, contrast: renamed(row.contrast) })),
          },
        })),
      };
      const { html } = buildReport({ ...input, immune });
      const rows = html.split('id="t-imm-3"')[1].split('</table>')[0].split('<tr');
      const leads = (label: string) =>
        rows
          .filter((row) => row.includes(`>${label} - `))
          .map((row) => /href="#values-[^"]*-(\d+)"/.exec(row)?.[1]);
      expect(leads('Look 12').length).toBeGreaterThan(0);
      expect(new Set(leads('Look 12'))).toEqual(new Set([String(second.n)]));
      expect(new Set(leads('Look 1'))).toEqual(new Set([String(first.n)]));
    });

    it('leads from a contrast to its visit where the baseline has no values', () => {
      const [, first, second] = input.immune!.windows;
      const courses = input.immune!.courses.map((one) => ({
        ...one,
        model: one.model && {
          ...one.model,
          contrasts: one.model.contrasts.slice(0, 1).map((row) => ({
            ...row,
            contrast: `${second.label} - ${first.label}`,
          })),
        },
      }));
      const { html } = buildReport({ ...input, immune: { ...input.immune!, courses } });
      const table = html.split('id="t-imm-3"')[1].split('</table>')[0];
      const leads = [...table.matchAll(/href="#values-[^"]*-(\d+)"/g)].map(([, visit]) => visit);
      expect(leads).toContain(String(second.n));
      expect(leads).not.toContain(String(first.n));
    });

    it('is the same twice', () => {
      expect(buildReport(input).html === report.html).toBe(true);
    });
  });
}

describe.skipIf(!truthPresent)('hostile names (needs ../shared)', () => {
  /** The same report with every name of the study replaced by `name(k)`. */
  const renamed = (name: (k: number) => string): ReportInput => {
    const input = trialReport('trial-a');
    const names = new Map<string, string>();
    const fresh = (old: string): string => {
      if (!names.has(old)) names.set(old, name(names.size));
      return names.get(old)!;
    };
    const columns = new Set([
      'USUBJID',
      'PARAM',
      'AVISIT',
      'AVALC',
      'SPECID',
      'AEDECOD',
      'AEBODSYS',
      'REGIMEN',
      'LESID',
      'label',
      'EVNTDESC',
    ]);
    const walk = (value: unknown, key: string): unknown => {
      if (typeof value === 'string') return columns.has(key) && value !== '' ? fresh(value) : value;
      if (Array.isArray(value)) return value.map((one) => walk(one, key === 'subjects' ? 'USUBJID' : key));
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, k)]));
    };
    const immune = { ...input.immune!, parameters: input.immune!.parameters.slice(0, 3) };
    return walk(
      { ...input, immune, study: { id: name(0), title: name(1) }, software: name(2) },
      '',
    ) as ReportInput;
  };
  // every "<" of a name is escaped, so that each one left begins or ends an element
  const tagsOf = (text: string): string =>
    [...text.matchAll(/<([^\s>]*)((?:\s[^\s=>]+="[^"]*")*)/g)]
      .map(([, tag, attributes]) => `${tag} ${attributes.replaceAll(/="[^"]*"/g, '')}`)
      .join('\n');

  it('leave the elements of the page and of every figure as they are', () => {
    const harmless = buildReport(
      renamed((k) => `n${String(k).padStart(4, '0')} aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`),
    );
    const hostile = buildReport(
      renamed(
        (k) =>
          `n${String(k).padStart(4, '0')} ${payloads[k % payloads.length]} aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`,
      ),
    );
    expect(hostile.html).toContain('&lt;script&gt;');
    expect(tagsOf(hostile.html) === tagsOf(harmless.html)).toBe(true);
    expect(tagsOf(harmless.html).length).toBeGreaterThan(30_000);
    const drawn = [...harmless.figures, ...harmless.supporting];
    [...hostile.figures, ...hostile.supporting].forEach((figure, i) => {
      const svg = standaloneSvg(figure);
      expect(tagsOf(svg) === tagsOf(standaloneSvg(drawn[i]))).toBe(true);
      expect(/<script|<foreignObject|\son[a-z]+="|href="(?!#)|(fill|stroke)="var/i.test(svg)).toBe(false);
    });
  });
});

describe('a study with nothing in it', () => {
  it('still has a page', () => {
    const { html, figures } = buildReport(emptyReport);
    expect(html).toContain('<h1>Empty</h1>');
    expect(figures).toEqual([]);
  });
});
