// Anchors: the names by which numbers find the records that made them. One function a kind of target, used by both ends of each link.
// Invariant: an anchor holds letters, digits, `_`, `-` and `.` only, and different parts never share one.
import { h, type Child, type Markup } from './markup.ts';

export type Anchor = string;

/** All analysed values of a parameter at a visit. */
export function valuesAnchor(parameter: string, visit: number): Anchor {
  return anchor('values', parameter, String(visit));
}

/** One value: of a subject, parameter and visit. */
export function valueAnchor(parameter: string, visit: number, subject: string): Anchor {
  return anchor('value', parameter, String(visit), subject);
}

export function parameterAnchor(parameter: string): Anchor {
  return anchor('parameter', parameter);
}

/** Dates, responses and times of a subject. */
export function subjectAnchor(subject: string): Anchor {
  return anchor('subject', subject);
}

/** The records of one time-to-event parameter. */
export function timesAnchor(parameter: string): Anchor {
  return anchor('times', parameter);
}

/** The adverse events of one body system. */
export function eventsAnchor(bodySystem: string): Anchor {
  return anchor('events', bodySystem);
}

export function sampleAnchor(sample: string): Anchor {
  return anchor('sample', sample);
}

/** The name of a figure: an anchor, and a file name that is safe whatever the parts are. */
export function figureId(...parts: readonly string[]): string {
  return anchor(...parts);
}

function anchor(...parts: readonly string[]): Anchor {
  return parts
    .map((part) => part.replace(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}.`))
    .join('-');
}

/** Content that leads to a record; in a drawing the link is not a stop of the tabulator, because the table beside it is. */
export function linked(to: Anchor | null, ...content: (Child | null)[]): Markup {
  return to === null ? h('span', {}, ...content) : h('a', { href: `#${to}` }, ...content);
}

export function linkedMark(to: Anchor, label: string, ...marks: (Markup | null)[]): Markup {
  return h('a', { href: `#${to}`, tabindex: '-1' }, h('title', {}, label), ...marks);
}
