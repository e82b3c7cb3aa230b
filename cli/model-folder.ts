/** Reads a model's folder in any layout that is known, and gives the one that the store holds. Knows no network. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ModelNotFoundError } from '../config/errors.js';
import { canonicalWeights, weightFileAmong, weightLayoutNames } from '../core/checkpoint/model-weights.js';
import { canonicalTokenizer, tokenizerFilesAmong, tokenizerLayoutNames } from '../core/text/tokenizer-layouts.js';

const passedOn = ['config.json', 'generation_config.json', 'tokenizer_config.json', 'special_tokens_map.json'];

function missingFrom(names: readonly string[]): string[] {
  return [
    ...(names.includes('config.json') ? [] : ['config.json']),
    ...(weightFileAmong(names) ? [] : [`weights (${weightLayoutNames.join(', ')})`]),
    ...(tokenizerFilesAmong(names) ? [] : [`a tokenizer (${tokenizerLayoutNames.join(', ')})`]),
  ];
}

/**
 * The files of the canonical layout: `config.json`, `model.safetensors`, `tokenizer.json`, and the small ones that are there.
 * @param setting names the folder in errors
 * @throws ModelNotFoundError that names what was looked for
 * @throws the errors of `canonicalWeights` and `canonicalTokenizer`
 */
export function readModelFolder(folder: string, setting = 'model.source'): Record<string, Uint8Array> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const missing = missingFrom(names);
  if (missing.length > 0) throw new ModelNotFoundError(folder, missing, setting);
  const read = (name: string) => readFileSync(join(folder, name));
  const files = Object.fromEntries(passedOn.filter((name) => names.includes(name)).map((name) => [name, read(name)]));
  const weights = canonicalWeights(names, read);
  const tokenizer = canonicalTokenizer(names, read, files['tokenizer_config.json']);
  return {
    ...files,
    ...(weights ? { 'model.safetensors': weights } : {}),
    ...(tokenizer ? { 'tokenizer.json': tokenizer } : {}),
  };
}
