/** Adam's update as WebAssembly over a memory of its own: one pass over the elements, where a graph takes seven. */

const PAGE = 2 ** 16;
/** What 32-bit addresses reach, less a page, so that the end of the last tensor is an address too. */
const MOST_PAGES = 2 ** 16 - 1;
export const MOST_BYTES = MOST_PAGES * PAGE;

/** Addresses are bytes; counts are elements, multiples of 4; scalars are rounded to float32. @see adam.wat */
export interface AdamKernel {
  readonly memory: ArrayBuffer;
  squares(gradient: number, count: number, scale: number): number;
  step(
    parameter: number,
    m: number,
    v: number,
    gradient: number,
    count: number,
    scale: number,
    beta1: number,
    beta2: number,
    keep: number,
    stepSize: number,
    shift: number,
  ): number;
}

/** adam.wat, assembled. */
export const adamModule = Buffer.from(
  'AGFzbQEAAAABIgRgA39/fQF8YAt/f39/f319fX19fQF8YAJ/fwF/YAF7AXwCEwEEaG9zdAZtZW1vcnkCAQGAgAQDBQQAAQIDBxICB3NxdWFyZXMAAARzdGVwAAEKyQME' +
  'dQMCfwN7AXwgAv0TIQUgACABQQJ0aiEDA0AgACADEAIhBP0MAAAAAAAAAAAAAAAAAAAAACEHA0AgAP0ABAAgBf3mASEGIAcgBiAG/eYB/eQBIQcgAEEQaiEAIAAgBEkN' +
  'AAsgCCAHEAOgIQggACADSQ0ACyAIC4oCBAJ/AXsBfAp7IAX9EyEPIAb9EyEQIAf9EyERIAj9EyESIAn9EyETIAr9EyEUIAMgBEECdGohCwNAIAMgCxACIQz9DAAAAAAA' +
  'AAAAAAAAAAAAAAAhDQNAIAP9AAQAIA/95gEhFSAVIBX95gEhFiANIBb95AEhDSAB/QAEACAQ/eYBIBX95AEhFyAC/QAEACAR/eYBIBb95AEhGCABIBf9CwQAIAIgGP0L' +
  'BAAgACAA/QAEACAS/eYBIBcgGP3jASAU/eQB/ecBIBP95gH95QH9CwQAIABBEGohACABQRBqIQEgAkEQaiECIANBEGohAyADIAxJDQALIA4gDRADoCEOIAMgC0kNAAsg' +
  'DgsUACAAQYAIaiABIAEgAGtBgAhLGwswAQF7IAD9XyAAIAD9DQgJCgsMDQ4PCAkKCwwNDg/9X/3wASEBIAH9IQAgAf0hAaAL',
  'base64',
);

/** What is used of Node's global of this name, whose types come with those of the browser alone. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => {
    readonly exports: Pick<AdamKernel, 'squares' | 'step'>;
  };
};

let compiled: object | undefined;

/** A kernel with zeroed memory of so many bytes. @throws RangeError when there is not that much */
export function openAdamKernel(bytes: number): AdamKernel {
  compiled ??= new WebAssembly.Module(adamModule);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: 2 ** 16 });
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  return { memory: memory.buffer, squares: exports.squares, step: exports.step };
}
