/** Models as jobs use them: opened from a folder in the store, written back as one. Knows no training. */

import { getFolder, putFolder, type FolderRef, type Store } from '../../core/checkpoint/index.js';
import { readSafetensors, writeSafetensors } from '../../core/checkpoint/safetensors.js';
import {
  bertConfigJson,
  bertParameters,
  gpt2ConfigJson,
  gpt2Parameters,
  parseBertConfig,
  parseGpt2Config,
  type BertConfig,
  type Gpt2Config,
  type Parameters,
} from '../../core/nn/index.js';
import { loadTokenizer, type TextTokenizer } from '../../core/text/tokenizer.js';

/** A model's folder. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

export interface LanguageModel {
  readonly config: Gpt2Config;
  readonly params: Parameters;
  readonly tokenizer: TextTokenizer;
  readonly files: ModelFiles;
}

export interface Classifier {
  readonly config: BertConfig;
  readonly params: Parameters;
  readonly tokenizer: TextTokenizer;
}

/** A model's folder lacks a file. */
export class ModelFileMissingError extends Error {
  constructor(
    readonly file: string,
    readonly present: readonly string[],
  ) {
    super(
      `model folder: expected ${file}, got ${present.join(', ')}; copy the file into the folder that model.source names`,
    );
    this.name = 'ModelFileMissingError';
  }
}

export function fileOf(files: ModelFiles, name: string): Uint8Array {
  const bytes = files[name];
  if (!bytes) throw new ModelFileMissingError(name, Object.keys(files));
  return bytes;
}

export function jsonOf(files: ModelFiles, name: string): unknown {
  return JSON.parse(Buffer.from(fileOf(files, name)).toString('utf8'));
}

function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function tokenizerOf(files: ModelFiles): TextTokenizer {
  return loadTokenizer(fileOf(files, 'tokenizer.json'), files['tokenizer_config.json']);
}

/** A GPT-2 with its tokenizer. @throws ModelFileMissingError, ModelConfigError, ParameterError */
export async function openLanguageModel(store: Store, ref: FolderRef): Promise<LanguageModel> {
  const files = await getFolder(store, ref);
  const config = parseGpt2Config(jsonOf(files, 'config.json'));
  const params = gpt2Parameters(config, readSafetensors(fileOf(files, 'model.safetensors')).tensors);
  return { config, params, tokenizer: tokenizerOf(files), files };
}

/** The same folder with other weights, always in float32. */
export function putLanguageModel(
  store: Store,
  model: Pick<LanguageModel, 'config' | 'files'>,
  params: Parameters,
): Promise<FolderRef> {
  return putFolder(store, {
    ...model.files,
    'config.json': encodeJson(gpt2ConfigJson(model.config)),
    'model.safetensors': writeSafetensors(params, { metadata: { format: 'pt' } }),
  });
}

export async function openClassifier(store: Store, ref: FolderRef): Promise<Classifier> {
  const files = await getFolder(store, ref);
  const config = parseBertConfig(jsonOf(files, 'config.json'));
  const params = bertParameters(config, readSafetensors(fileOf(files, 'model.safetensors')).tensors);
  return { config, params, tokenizer: tokenizerOf(files) };
}

/** A classifier's folder; `tokenizerFiles` come from the model whose vocabulary it uses. */
export function putClassifier(
  store: Store,
  config: BertConfig,
  labels: readonly string[],
  params: Parameters,
  tokenizerFiles: ModelFiles,
): Promise<FolderRef> {
  const kept = Object.entries(tokenizerFiles).filter(
    ([name]) => name.startsWith('tokenizer') || name === 'special_tokens_map.json',
  );
  return putFolder(store, {
    ...Object.fromEntries(kept),
    'config.json': encodeJson(bertConfigJson(config, labels)),
    'model.safetensors': writeSafetensors(params, { metadata: { format: 'pt' } }),
  });
}
