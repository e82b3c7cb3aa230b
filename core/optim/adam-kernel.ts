/** Adam's update as WebAssembly over a memory of its own: one pass over the elements, where a graph takes seven. */

const PAGE = 2 ** 16;
/** What 32-bit addresses reach, less a page, so that the end of the last tensor is an address too. */
const MOST_PAGES = 2 ** 16 - 1;
export const MOST_BYTES = MOST_PAGES * PAGE;

/** Addresses are bytes; counts are elements, multiples of 8; scalars are rounded to float32. @see adam.wat */
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
  'AGFzbQEAAAABIgRgA39/fQF8YAt/f39/f319fX19fQF8YAJ/fwF/YAF7AXwCEwEEaG9zdAZtZW1vcnkCAQGAgAQDBQQAAQIDBxICB3NxdWFyZXMAAARzdGVwAAEKkgUE' +
    'qQEDAn8EewF8IAL9EyEFIAAgAUECdGohAwNAIAAgAxACIQT9DAAAAAAAAAAAAAAAAAAAAAAhB/0MAAAAAAAAAAAAAAAAAAAAACEIA0AgAP0ABAAgBf3mASEGIAcgBiAG' +
    '/eYB/eQBIQcgAP0ABBAgBf3mASEGIAggBiAG/eYB/eQBIQggAEEgaiEAIAAgBEkNAAsgCSAHIAj95AEQA6AhCSAAIANJDQALIAkLngMEAn8CewF8CnsgBf0TIRAgBv0T' +
    'IREgB/0TIRIgCP0TIRMgCf0TIRQgCv0TIRUgAyAEQQJ0aiELA0AgAyALEAIhDP0MAAAAAAAAAAAAAAAAAAAAACEN/QwAAAAAAAAAAAAAAAAAAAAAIQ4DQCAD/QAEACAQ' +
    '/eYBIRYgFiAW/eYBIRcgDSAX/eQBIQ0gAf0ABAAgEf3mASAW/eQBIRggAv0ABAAgEv3mASAX/eQBIRkgASAY/QsEACACIBn9CwQAIAAgAP0ABAAgE/3mASAYIBn94wEg' +
    'Ff3kAf3nASAU/eYB/eUB/QsEACAD/QAEECAQ/eYBIRYgFiAW/eYBIRcgDiAX/eQBIQ4gAf0ABBAgEf3mASAW/eQBIRggAv0ABBAgEv3mASAX/eQBIRkgASAY/QsEECAC' +
    'IBn9CwQQIAAgAP0ABBAgE/3mASAYIBn94wEgFf3kAf3nASAU/eYB/eUB/QsEECAAQSBqIQAgAUEgaiEBIAJBIGohAiADQSBqIQMgAyAMSQ0ACyAPIA0gDv3kARADoCEP' +
    'IAMgC0kNAAsgDwsUACAAQYAQaiABIAEgAGtBgBBLGwswAQF7IAD9XyAAIAD9DQgJCgsMDQ4PCAkKCwwNDg/9X/3wASEBIAH9IQAgAf0hAaAL',
  'base64',
);

/** What is used of Node's global of this name, whose types come with those of the browser alone. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (
    module: object,
    imports: object,
  ) => {
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
