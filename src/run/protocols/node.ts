// What gates the tubes of each panel of a study: its template, under the compensation matrix that the study may give for the panel.
// Invariant: a panel whose template or matrix cannot be used is said once and left out; the others are as if it were not there.
import { readFileSync } from 'node:fs';
import { underMatrix, type Protocol } from '../../engine/index.ts';
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import { parseSpilloverTable, type CompensationMatrix } from '../../signal/index.ts';
import type { Study } from '../../study/index.ts';
import { parseTemplate, type GatingTemplate } from '../../template/index.ts';
import { pathUnder, templatePath } from '../folder/node.ts';

export interface PanelProtocol {
  readonly panel: string;
  /** The template of the panel, under the matrix that the study gives for it. */
  readonly protocol: Protocol;
}

/** The protocol of every panel that has tubes. One issue for each that cannot be used; its tubes are not gated. */
export function loadProtocols(
  root: string,
  study: Study,
): { readonly protocols: readonly PanelProtocol[]; readonly issues: readonly Issue[] } {
  const { panels, compensation } = study.definition;
  const issues: Issue[] = [];
  const protocols: PanelProtocol[] = [];
  for (const [panel, name] of Object.entries(panels)) {
    const tubes = study.samples.filter((sample) => sample.panel === panel).length;
    if (tubes === 0) continue;
    const say = ({ code, message, level }: Issue): void => {
      const consequence =
        level === 'error' ? `; its ${tubes} ${tubes === 1 ? 'tube is' : 'tubes are'} not gated.` : '.';
      const said = message.replace(/\.$/, '');
      issues.push(issue(code, `Panel ${panel}: ${said}${consequence}`, `panel ${panel}`));
    };
    const template = loadTemplate(root, name, say);
    const table = Object.hasOwn(compensation, panel) ? compensation[panel] : null;
    const matrix = table === null ? null : loadMatrix(root, table, say);
    if (template === null || (table !== null && matrix === null)) continue;
    const protocol: Protocol = { kind: 'template', template };
    try {
      protocols.push({ panel, protocol: matrix === null ? protocol : underMatrix(protocol, matrix) });
    } catch (error) {
      if (!(error instanceof ImmunogateError)) throw error;
      say(error.toIssue());
    }
  }
  for (const panel of Object.keys(compensation))
    if (!Object.hasOwn(panels, panel))
      issues.push(
        issue(
          'E_STUDY_INVALID',
          `There is a compensation for panel ${panel}, which is not one of the study.`,
          'study',
        ),
      );
  return { protocols, issues };
}

function loadTemplate(root: string, name: string, say: (found: Issue) => void): GatingTemplate | null {
  const path = templatePath(root, name);
  if (path === null) {
    say(issue('E_TEMPLATE_MISSING', `there is no template ${name}`));
    return null;
  }
  const { template, issues } = parseTemplate(readFileSync(path, 'utf8'));
  if (template !== null) return template;
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const why = first?.message ?? 'it is not a template';
  say(issue(first?.code ?? 'E_TEMPLATE_SCHEMA', `${name} cannot be used: ${why}${more}`));
  return null;
}

function loadMatrix(root: string, name: string, say: (found: Issue) => void): CompensationMatrix | null {
  const path = pathUnder(root, name);
  if (path === null) {
    say(issue('E_TABLE_MISSING', `its compensation ${name} is no file in the folder of the study`));
    return null;
  }
  const { matrix, issues } = parseSpilloverTable(readFileSync(path, 'utf8'));
  issues.forEach(say);
  return matrix;
}
