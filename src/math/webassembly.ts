// WebAssembly kernels, kept as base64 text beside their source: a memory that plain code and kernels share, and a module made once.

/** The part of the platform's WebAssembly that is used here (the language's own type library leaves it to the browser's). */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: object };
};

const PAGE = 65_536;
const modules = new Map<string, object>();

/** A memory of at least `byteLength` bytes, all 0; only pages that are touched take real memory. */
export function createMemory(byteLength: number): { readonly buffer: ArrayBuffer } {
  return new WebAssembly.Memory({ initial: Math.ceil(byteLength / PAGE) });
}

/** The exported functions of a module, working on `memory` (its import `kernels.memory`) and calling `imported`. Compiled once a process. */
export function instantiate(
  base64: string,
  memory: object,
  imported: Readonly<Record<string, unknown>> = {},
): object {
  let module = modules.get(base64);
  if (module === undefined) {
    module = new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    modules.set(base64, module);
  }
  return new WebAssembly.Instance(module, { kernels: { memory, ...imported } }).exports;
}
