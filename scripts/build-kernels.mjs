// Turns src/gating/kernels.wat into src/gating/kernels-wasm.ts. Run after a change of the .wat file; a test holds the two together.
import { readFileSync, writeFileSync } from 'node:fs';
import initWabt from 'wabt';

const wabt = await initWabt();
const module = wabt.parseWat('kernels.wat', readFileSync('src/gating/kernels.wat', 'utf8'), { simd: true });
module.validate();
const { buffer } = module.toBinary({});
writeFileSync(
  'src/gating/kernels-wasm.ts',
  `// Made from kernels.wat by scripts/build-kernels.mjs; not edited by hand.\n\n/** The compiled kernels, base64. */\nexport const kernelsBase64 =\n  '${Buffer.from(buffer).toString('base64')}';\n`,
);
console.log(`src/gating/kernels-wasm.ts: ${buffer.length} bytes of WebAssembly`);
