// Everything that can be said about a template without a file, each with line and column: for the command line and for editors.
import { issue, type Issue } from '../errors.ts';
import { checkTemplate } from './check.ts';
import { expandTemplate } from './expand.ts';
import { parseTemplate } from './parse.ts';

/** The issues of a template text; none = it can be bound. Never throws on bad text. `place` is `line:column`. */
export function lintTemplate(text: string): readonly Issue[] {
  const { template, issues, placeOf } = parseTemplate(text);
  if (template === null) return issues;
  const expanded = expandTemplate(template);
  const said = ({ code, place, message }: Pick<Issue, 'code' | 'message'> & { place: PropertyKey[] }) => {
    const at = placeOf(place);
    const line = at === null ? '' : `line ${at.split(':')[0]}: `;
    return issue(code, `${line}${place.map(String).join('.')}: ${message}`, at);
  };
  return [
    ...issues,
    ...expanded.issues.map(({ code, place, message }) =>
      // expandTemplate names a place as `populations.3`
      said({
        code,
        message,
        place: (place ?? '').split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
      }),
    ),
    ...checkTemplate(template, expanded.entries).map(({ code, path, message }) =>
      said({ code, message, place: [...path] }),
    ),
  ];
}
