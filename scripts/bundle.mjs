// Bundles what is imported as the library or starts as a process or a thread: a command of some hundred small modules spends a third of a short run on finding them.
// The modules themselves stay in dist/, with the types. Packages that are compiled, large or that look for files
// beside themselves stay outside.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src');
const inlined = ['commander', 'csv-parse', 'saxes', 'xmlchars', 'yaml', 'zod'];

/** Replaces the library's, the command's, the threads' and the child processes' entries of a compiled package in `out` by bundles; parts go to parts/. */
export async function bundleEntries(out) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: {
      noExternal: inlined,
      external: Object.keys(dependencies).filter((name) => !inlined.includes(name)),
    },
    plugins: [ownUrl()],
    build: {
      ssr: true,
      target: 'node20',
      outDir: out,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(
          [
            'index',
            'node',
            'cli/main',
            'engine/worker',
            'server/report/child',
            'server/runs/child',
            'server/side/child',
          ].map((name) => [name, join(source, `${name}.ts`)]),
        ),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'parts/[name]-[hash].js',
          // what gating needs is one part: fewer files to open
          codeSplitting: {
            groups: [
              {
                name: 'gating',
                test: /src\/(errors|math|events|signal|fcs|template|gating|qc|results|engine)|node_modules\/(zod|yaml|csv-parse)/,
              },
            ],
          },
        },
      },
    },
  });
}

/** A module finds files beside itself by its own place in dist/, wherever its code ends up: every part lies one folder below dist/. */
function ownUrl() {
  return {
    name: 'own-url',
    transform(code, id) {
      if (!id.startsWith(source) || !code.includes('import.meta.url')) return null;
      const place = relative(source, id).replace(/\.ts$/, '.js');
      return {
        code: code.replaceAll('import.meta.url', `new URL('../${place}', import.meta.url).href`),
        map: null,
      };
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await bundleEntries(resolve(process.argv[2] ?? join(root, 'dist')));
