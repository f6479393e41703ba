// Short spellings for the metadata of the clinical data sets: what Define-XML wants to know of a variable, in one call each.
// Invariant: labels have at most 40 bytes and names at most eight letters (or a short name), so that every table fits SAS transport files.
import { variable, type Origin, type Variable } from './model.ts';

type Rest = Partial<Omit<Variable, 'name' | 'label' | 'type' | 'origin'>>;

/** A text of at most `length` bytes. */
export function text(name: string, label: string, length: number, origin: Origin, rest: Rest = {}): Variable {
  return variable(name, label, 'text', { length, origin, ...rest });
}

/** One letter from a closed list; `Y` alone where anything else is missing. */
export function flag(
  name: string,
  label: string,
  values: readonly string[],
  derivation: string | null,
): Variable {
  const origin = derivation === null ? 'Collected' : 'Derived';
  return variable(name, label, 'text', { length: 1, origin, codelist: values, derivation });
}

export function whole(
  name: string,
  label: string,
  origin: Origin,
  derivation: string | null = null,
): Variable {
  return variable(name, label, 'integer', { origin, derivation });
}

export function real(
  name: string,
  label: string,
  origin: Origin,
  derivation: string | null = null,
): Variable {
  return variable(name, label, 'float', { origin, derivation });
}

/** A calendar date, shown by SAS as 01JAN2026. */
export function date(
  name: string,
  label: string,
  origin: Origin,
  derivation: string | null = null,
): Variable {
  return variable(name, label, 'date', { format: 'DATE9.', origin, derivation });
}

export const studyId = text('STUDYID', 'Study Identifier', 20, 'Assigned');
export const subjectId = text('USUBJID', 'Unique Subject Identifier', 40, 'Assigned');
export const specimenId = text('SPECID', 'Specimen Identifier', 40, 'Collected');
export const visit = text('VISIT', 'Visit Name', 40, 'Collected');
export const visitNumber = real('VISITNUM', 'Visit Number', 'Collected');
