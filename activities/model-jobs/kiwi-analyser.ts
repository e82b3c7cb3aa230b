/** Kiwi, a morphological analyser of Korean, as a finder of nouns: an optional package, loaded only when chosen. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NounAnalyser } from '../../core/text/analyser.js';

const PACKAGE = 'kiwi-nlp';
const INSTALL =
  'npm install --no-save kiwi-nlp, and name the folder of its model with -S explore.kiwiModel=DIR ' +
  '(docs/your-own-study.md says where to get it); or leave it out with -S explore.analyser=statistical';

/** Kiwi was chosen, and its package or its model is not here or does not work. */
export class KiwiUnavailableError extends Error {
  override readonly name = 'KiwiUnavailableError';
  readonly retryable = false;
  constructor(
    readonly expected: string,
    cause: unknown,
  ) {
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    super(`explore.analyser kiwi: expected ${expected}, got: ${reason}; ${INSTALL}`, { cause });
  }
}

/** The part of the package that is used. */
interface Token {
  readonly str: string;
  readonly tag: string;
}
interface Kiwi {
  tokenize(text: string, matchOptions: number): readonly Token[];
}
interface KiwiModule {
  readonly KiwiBuilder: {
    create(
      wasmFile: string,
    ): Promise<{ build(args: { readonly modelFiles: Readonly<Record<string, Uint8Array>> }): Promise<Kiwi> }>;
  };
  readonly Match: { readonly allWithNormalizing: number };
}

function isKiwiModule(module: unknown): module is KiwiModule {
  return typeof module === 'object' && module !== null && 'KiwiBuilder' in module && 'Match' in module;
}

/** The file without which no model of Kiwi's is one. */
export const KIWI_MORPHEMES = 'sj.morph';

/**
 * Where the package lies.
 * @param from module that it is looked for from
 * @throws KiwiUnavailableError
 */
export function findKiwi(from: string = import.meta.url): { readonly module: string; readonly wasm: string } {
  const { resolve } = createRequire(from);
  try {
    return { module: resolve(PACKAGE), wasm: resolve(`${PACKAGE}/dist/kiwi-wasm.wasm`) };
  } catch (cause) {
    throw new KiwiUnavailableError(`the package ${PACKAGE}`, cause);
  }
}

/** Version of the package: another one may find other nouns with the same model. @throws KiwiUnavailableError */
export function kiwiVersion(from?: string): string {
  const { wasm } = findKiwi(from);
  // Its package.json is not among what it exports.
  const file = join(dirname(wasm), '..', 'package.json');
  const found: unknown = createRequire(from ?? import.meta.url)(file);
  if (typeof found === 'object' && found !== null && 'version' in found && typeof found.version === 'string')
    return found.version;
  throw new KiwiUnavailableError(`a version in ${file}`, 'none');
}

async function importKiwi(file: string): Promise<KiwiModule> {
  const module: unknown = await import(pathToFileURL(file).href);
  if (isKiwiModule(module)) return module;
  throw new TypeError(`${file} lacks KiwiBuilder; is it another version?`);
}

/** Common and proper nouns of Hangul. One syllable says too little by itself. */
function isNoun({ str, tag }: Token): boolean {
  return (tag === 'NNG' || tag === 'NNP') && /^[가-힣]{2,}$/u.test(str);
}

/**
 * Opens Kiwi with the files of its model; takes seconds, and about 0.9 GB of memory.
 * @param modelFiles by name: `sj.morph`, `cong.mdl`, `default.dict` …
 * @throws KiwiUnavailableError
 */
export async function openKiwi(modelFiles: Readonly<Record<string, Uint8Array>>, from?: string): Promise<NounAnalyser> {
  if (!(KIWI_MORPHEMES in modelFiles))
    throw new KiwiUnavailableError(`a model with ${KIWI_MORPHEMES}`, Object.keys(modelFiles).join(', ') || 'no file');
  const found = findKiwi(from);
  try {
    const { KiwiBuilder, Match } = await importKiwi(found.module);
    const kiwi = await (await KiwiBuilder.create(found.wasm)).build({ modelFiles });
    return {
      name: 'kiwi',
      nounsOf: (text) =>
        kiwi
          .tokenize(text, Match.allWithNormalizing)
          .filter(isNoun)
          .map(({ str }) => str),
    };
  } catch (cause) {
    throw new KiwiUnavailableError('a package and a model that fit each other', cause);
  }
}
