// How the browser's side is bundled: one place for the build, the browser tests and the bundle-size test. Everything that leaves is a file of
// its own origin (no inline script or style, so that the server's Content-Security-Policy needs no exception), under names that hold a hash.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Writes the app to `out`, which is emptied first. */
export async function buildWeb(out) {
  // whatever started this (a test run, say): what ships is the production build
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    root: join(root, 'src/web'),
    base: './',
    logLevel: 'warn',
    plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // a slow machine is nobody's mistake
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
}

// `node scripts/web.mjs [OUT]`: the page alone, without compiling the library
if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildWeb(resolve(process.argv[2] ?? join(root, 'dist/web')));
