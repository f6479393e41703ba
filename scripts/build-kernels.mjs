// Turns the .wat files into the modules that hold them as text. Run after a change of a .wat file; tests hold the two together.
import { readFileSync, writeFileSync } from 'node:fs';
import initWabt from 'wabt';

const wabt = await initWabt();
for (const [source, name] of [
  ['src/gating/kernels.wat', 'kernels'],
  ['src/fcs/transpose.wat', 'transpose'],
]) {
  const module = wabt.parseWat(source, readFileSync(source, 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  const target = source.replace('.wat', '-wasm.ts');
  const comment = `// Made from ${name}.wat by scripts/build-kernels.mjs; not edited by hand.`;
  const text = Buffer.from(buffer).toString('base64');
  writeFileSync(
    target,
    `${comment}\n\n/** The compiled kernels, base64. */\nexport const ${name}Base64 =\n  '${text}';\n`,
  );
  console.log(`${target}: ${buffer.length} bytes of WebAssembly`);
}
