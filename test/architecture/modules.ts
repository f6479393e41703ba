// Reads what the architecture test judges: every import of a source file, types and dynamic ones included, and every use of
// platform arithmetic. Works on a map of path to text, so that the rules can be tried on small invented trees.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import ts from 'typescript';

/** A source file. Paths are relative to src/, with forward slashes. */
export interface SourceModule {
  readonly path: string;
  /** Resolved paths of relative imports (also of files that do not exist). */
  readonly files: readonly string[];
  /** Bare specifiers as written: `zod`, `node:fs`, `csv-parse/sync`. */
  readonly packages: readonly string[];
  /** What cannot be judged or must not be: relative imports without `.ts`, dynamic imports of a computed name, platform arithmetic. */
  readonly faults: readonly string[];
}

const platformMath = new Set(
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow random sin sinh tan tanh'.split(
    ' ',
  ),
);

/** Every .ts and .svelte file under a folder, path to text; of a component its first comment and its scripts. */
export function readTree(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(ts|tsx|mts|cts|svelte)$/.test(path),
  );
  return new Map(
    paths.sort().map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      return [path.split(sep).join('/'), path.endsWith('.svelte') ? scriptsOf(text) : text];
    }),
  );
}

/** The TypeScript of a Svelte component, below its leading HTML comment as a block comment. */
export function scriptsOf(component: string): string {
  const comment = /^<!--([\s\S]*?)-->/.exec(component);
  const scripts = [...component.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => text);
  return [comment === null ? '' : `/*${comment[1]}*/`, ...scripts].join('\n');
}

export function parseModules(tree: ReadonlyMap<string, string>): SourceModule[] {
  return [...tree].map(([path, text]) => parseModule(path, text));
}

export function parseModule(path: string, text: string): SourceModule {
  const files: string[] = [];
  const packages: string[] = [];
  const faults: string[] = [];
  const take = (specifier: ts.Node | undefined): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) faults.push('imports a computed name');
    else if (!specifier.text.startsWith('.')) packages.push(specifier.text);
    else if (/\.(ts|svelte)$/.test(specifier.text))
      files.push(posix.join(posix.dirname(path), specifier.text));
    else if (specifier.text.endsWith('.css')) return;
    else faults.push(`imports ${specifier.text} without .ts`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) take(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) take(node.expression);
    else if (ts.isImportTypeNode(node))
      take(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0]);
    else faults.push(...arithmeticFaults(node));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return { path, files, packages, faults };
}

function arithmeticFaults(node: ts.Node): string[] {
  const power = ts.SyntaxKind.AsteriskAsteriskToken;
  if (
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === power ||
      node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken)
  )
    return ['uses **'];
  if (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Math'
  )
    return platformMath.has(node.name.text) ? [`uses Math.${node.name.text}`] : [];
  const isWholeMath =
    (ts.isElementAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'Math') ||
    (ts.isVariableDeclaration(node) &&
      node.initializer !== undefined &&
      ts.isIdentifier(node.initializer) &&
      node.initializer.text === 'Math');
  return isWholeMath ? ['takes Math apart by name'] : [];
}
