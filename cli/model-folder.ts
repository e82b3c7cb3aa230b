/** Reads a model's folder in any layout that is known, and gives the one that the store holds. Knows no network. */

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ModelFolderError, ModelNotFoundError } from '../config/errors.js';
import { canonicalWeights, weightFileAmong, weightLayoutNames } from '../core/checkpoint/model-weights.js';
import { hasCode } from '../infra/durable-file.js';
import { parseTokenizerFile } from '../core/text/tokenizer-json.js';
import { canonicalTokenizer, tokenizerFilesAmong, tokenizerLayoutNames } from '../core/text/tokenizer-layouts.js';

const passedOn = ['config.json', 'generation_config.json', 'tokenizer_config.json', 'special_tokens_map.json'];

function missingFrom(names: readonly string[]): string[] {
  return [
    ...(names.includes('config.json') ? [] : ['config.json']),
    ...(weightFileAmong(names) ? [] : [`weights (${weightLayoutNames.join(', ')})`]),
    ...(tokenizerFilesAmong(names) ? [] : [`a tokenizer (${tokenizerLayoutNames.join(', ')})`]),
  ];
}

/** What is wrong with something in a folder, with the setting and the folder in front. */
export function inFolder<T>(folder: string, setting: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof ModelNotFoundError || cause instanceof ModelFolderError) throw cause;
    throw new ModelFolderError(setting, folder, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function namesIn(folder: string, setting: string): string[] {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isDirectory()) return readdirSync(folder);
  throw new ModelFolderError(setting, folder, 'expected a folder, got a file; name the folder that holds it');
}

function readFrom(folder: string, name: string, setting: string): Uint8Array {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (hasCode(error, 'ENOENT')) throw new ModelNotFoundError(folder, [name], setting);
    throw new Error(`${name}: expected a file that can be read, got ${error.message}`, { cause: error });
  }
}

/**
 * The files of the canonical layout: `config.json`, `model.safetensors`, `tokenizer.json`, and the small ones that are there.
 * @param setting names the folder in errors
 * @throws ModelNotFoundError that names what was looked for
 * @throws ModelFolderError for what `canonicalWeights` and `canonicalTokenizer` find wrong, and what cannot be read
 */
export function readModelFolder(folder: string, setting = 'model.source'): Record<string, Uint8Array> {
  return inFolder(folder, setting, () => {
    const names = namesIn(folder, setting);
    const missing = missingFrom(names);
    if (missing.length > 0) throw new ModelNotFoundError(folder, missing, setting);
    const read = (name: string) => readFrom(folder, name, setting);
    const files = Object.fromEntries(passedOn.filter((name) => names.includes(name)).map((name) => [name, read(name)]));
    const specials = files['special_tokens_map.json'];
    if (specials) parseTokenizerFile(specials, 'special_tokens_map.json');
    const weights = canonicalWeights(names, read);
    const tokenizer = canonicalTokenizer(names, read, files['tokenizer_config.json']);
    return {
      ...files,
      ...(weights ? { 'model.safetensors': weights } : {}),
      ...(tokenizer ? { 'tokenizer.json': tokenizer } : {}),
    };
  });
}
