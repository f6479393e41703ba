// The API reference: what src/index.ts and src/node.ts export, with signatures and docstrings, read from the sources by the TypeScript compiler.
// Nothing is type-checked here; an exported function without a docstring is listed by `undocumented`, and a test keeps that list empty.
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Entry {
  readonly name: string;
  /** Folder below src/, which is the part of the map that it belongs to. */
  readonly folder: string;
  readonly kind: 'function' | 'class' | 'value' | 'type';
  readonly text: string;
  readonly documentation: string;
}

interface Api {
  readonly pure: readonly Entry[];
  /** What needs files or threads. */
  readonly node: readonly Entry[];
}

let known: Api | null = null;

function readApi(): Api {
  if (known !== null) return known;
  const entries = ['src/index.ts', 'src/node.ts'].map((path) => join(root, path));
  const program = ts.createProgram(entries, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const [pure, node] = entries.map((path) => {
    const file = program.getSourceFile(path);
    const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
    if (symbol === undefined) throw new Error(`${path} exports nothing`);
    return checker.getExportsOfModule(symbol).flatMap((exported) => {
      const target =
        (exported.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(exported) : exported;
      const [declaration] = target.declarations ?? [];
      return declaration === undefined ? [] : [entryOf(exported.name, target, declaration, checker)];
    });
  });
  const shared = new Set(pure.map(({ name }) => name));
  known = { pure, node: node.filter(({ name }) => !shared.has(name)) };
  return known;
}

function entryOf(
  name: string,
  symbol: ts.Symbol,
  declaration: ts.Declaration,
  checker: ts.TypeChecker,
): Entry {
  const path = relative(join(root, 'src'), declaration.getSourceFile().fileName);
  return {
    name,
    folder: path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, ''),
    kind: kindOf(declaration),
    text: textOf(declaration),
    documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
  };
}

function kindOf(declaration: ts.Declaration): Entry['kind'] {
  if (ts.isFunctionDeclaration(declaration)) return 'function';
  if (ts.isClassDeclaration(declaration)) return 'class';
  return ts.isVariableDeclaration(declaration) ? 'value' : 'type';
}

/** A declaration as it is written, without bodies and without the value of a constant. */
function textOf(declaration: ts.Declaration): string {
  const file = declaration.getSourceFile();
  const between = (from: number, to: number): string => file.text.slice(from, to).trim();
  if (ts.isFunctionDeclaration(declaration))
    return plain(between(declaration.getStart(), declaration.body?.getStart() ?? declaration.end));
  if (ts.isVariableDeclaration(declaration)) {
    const { name, type } = declaration;
    return type === undefined ? `const ${name.getText()}` : `const ${name.getText()}: ${type.getText()}`;
  }
  if (!ts.isClassDeclaration(declaration)) return plain(between(declaration.getStart(), declaration.end));
  const members = declaration.members.map((member) => {
    const body =
      ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member) ? member.body : undefined;
    return `  ${between(member.getStart(), body?.getStart() ?? member.end)}`;
  });
  const head = between(declaration.getStart(), declaration.members.pos);
  return plain(`${head}\n${members.join('\n')}\n}`);
}

function plain(text: string): string {
  return text.replace(/^export /, '');
}

/** Exported functions, classes and constants that do not say what they are. */
export function undocumented(): string[] {
  const { pure, node } = readApi();
  return [...pure, ...node]
    .filter(({ kind, documentation }) => kind !== 'type' && documentation === '')
    .map(({ folder, name }) => `${folder}: ${name}`);
}

export function apiReference(): string {
  const { pure, node } = readApi();
  return `# The API

Made by \`npm run references\` from the sources; do not edit. What a programmer imports: readers, gates, counts and writers as plain functions over plain data.

\`\`\`ts
import { readFcs } from 'immunogate'; // needs no platform: a browser, a worker, a server
import { openFile } from 'immunogate/node'; // the same, and files, threads and the store
\`\`\`

Trouble in a file is a value (\`Issue\`), a broken contract is a throw (\`ImmunogateError\`, with a code of the [registry](../../src/errors.ts)). Where things belong is on [the map](../architecture.md).

${sections(pure, '')}

${sections(node, ' on Node')}
`;
}

function sections(entries: readonly Entry[], where: string): string {
  const folders = [...new Set(entries.map(({ folder }) => folder))];
  return folders
    .map((folder) => {
      const own = entries.filter((entry) => entry.folder === folder);
      const inOrder = (['function', 'class', 'value', 'type'] as const).flatMap((kind) =>
        own.filter((entry) => entry.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1)),
      );
      return `## ${folder}${where}\n\n${inOrder.map(section).join('\n\n')}`;
    })
    .join('\n\n');
}

function section({ name, text, documentation }: Entry): string {
  return `### ${name}\n\n${documentation === '' ? '' : `${documentation}\n\n`}\`\`\`ts\n${text}\n\`\`\``;
}
