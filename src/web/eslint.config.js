// Lint rules of the browser's side: those of the house, and Svelte's for its components. Found by eslint for every file below this folder.
// What types can say of components is said by svelte-check (`npm run types`).
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import house from '../../eslint.config.js';

const parser = { parser: tseslint.parser, extraFileExtensions: ['.svelte'] };

export default tseslint.config(
  ...house,
  ...svelte.configs.recommended,
  // maps and sets here are values: replaced whole, never changed in place
  { rules: { 'svelte/prefer-svelte-reactivity': 'off' } },
  { files: ['**/*.svelte.ts'], languageOptions: { parserOptions: { ...parser, projectService: true } } },
  {
    files: ['**/*.svelte'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { ...parser, projectService: false } },
  },
);
