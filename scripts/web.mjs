// How the browser's side is bundled: one place for the build, the browser tests and the bundle-size test. Everything that leaves is a file of
// its own origin (no inline script or style, so that the server's Content-Security-Policy needs no exception), under names that hold a hash.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The vite configuration that writes the app to `out`, which is emptied first. `entry`: page below src/web. */
export function webConfig(out) {
  return {
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
    },
  };
}
