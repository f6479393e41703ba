// The checks of a template in terms of population paths: the usual ones for the populations it has, and those it writes itself.
import { usualChecks, withChecks, type QualityCheck } from '../qc/index.ts';
import { expandTemplate, type ExplicitEntry } from './expand.ts';
import type { GatingTemplate, TemplateCheck } from './schema.ts';

/** What is checked of a sample that was gated by the template; the template has no errors. */
export function checksOf(template: GatingTemplate): readonly QualityCheck[] {
  const { entries } = expandTemplate(template);
  const usual = usualChecks(
    entries.map(({ id, path, parent, position }) => {
      const written = template.populations[position];
      return { id, path, parent, expected: 'expected' in written ? (written.expected ?? null) : null };
    }),
  );
  return withChecks(
    usual,
    (template.checks ?? []).map((check) => explicit(check, entries)),
  );
}

function explicit(written: TemplateCheck, entries: readonly ExplicitEntry[]): QualityCheck {
  const { check, name, target, accept } = written;
  const common = { check, title: name, target, accept: accept ?? null };
  const path = (reference: string) => resolve(reference, entries) ?? null;
  if ('count' in written) {
    const population = path(written.count) ?? written.count;
    return {
      ...common,
      measure: { kind: 'count', population, absentIsFine: written.absent === 'fine' },
    };
  }
  const populations = sharesOf(written).map((reference) => path(reference) ?? reference);
  return { ...common, measure: { kind: 'share', populations, of: path(written.of) } };
}

/** The populations that a check names, as written. */
export function referencesOf(check: TemplateCheck): readonly string[] {
  return 'count' in check ? [check.count] : [...sharesOf(check), check.of];
}

function sharesOf(check: Extract<TemplateCheck, { share: unknown }>): readonly string[] {
  return typeof check.share === 'string' ? [check.share] : check.share;
}

/** A path, or an id that occurs once, as a path; null = all events (`root`); undefined = no such population, or several. */
export function resolve(reference: string, entries: readonly ExplicitEntry[]): string | null | undefined {
  if (reference === 'root') return null;
  if (entries.some(({ path }) => path === reference)) return reference;
  const found = entries.filter(({ id }) => id === reference);
  return found.length === 1 ? found[0].path : undefined;
}
