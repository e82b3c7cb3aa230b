/** Models as jobs use them: opened from a folder in the store, written back as one. Knows no training. */

import { getFolder, putFolder, type FolderRef, type Store } from '../../core/checkpoint/index.js';
import { readSafetensors, writeSafetensors } from '../../core/checkpoint/safetensors.js';
import {
  bertConfigJson,
  bertParameters,
  gpt2ConfigJson,
  gpt2Parameters,
  ModelConfigError,
  modelConfigJson,
  parseBertConfig,
  parseGpt2Config,
  type BertConfig,
  type Gpt2Config,
  type Parameters,
} from '../../core/nn/index.js';
import { loadTokenizer, type TextTokenizer } from '../../core/text/tokenizer.js';

/** The setting that names the language model. */
const LANGUAGE_MODEL = 'model.source';

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
    /** That names the folder. */
    readonly setting: string,
  ) {
    super(
      `${setting}: expected ${file} in the folder that it names, got ${present.join(', ')}; copy the file into that folder`,
    );
    this.name = 'ModelFileMissingError';
  }
}

/** @param setting that names the folder, for the error */
export function fileOf(files: ModelFiles, name: string, setting = LANGUAGE_MODEL): Uint8Array {
  const bytes = files[name];
  if (!bytes) throw new ModelFileMissingError(name, Object.keys(files), setting);
  return bytes;
}

export function configJsonOf(files: ModelFiles, setting = LANGUAGE_MODEL): unknown {
  return modelConfigJson(fileOf(files, 'config.json', setting));
}

function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function tokenizerOf(files: ModelFiles, setting = LANGUAGE_MODEL): TextTokenizer {
  return loadTokenizer(fileOf(files, 'tokenizer.json', setting), files['tokenizer_config.json']);
}

/** @throws ModelConfigError when the tokenizer has tokens that the embedding has no row for */
export function checkVocabulary({ vocabSize }: { readonly vocabSize: number }, tokenizer: TextTokenizer): void {
  if (tokenizer.vocabularySize <= vocabSize) return;
  throw new ModelConfigError(
    'vocab_size',
    `at least the ${tokenizer.vocabularySize} tokens of its tokenizer`,
    `${vocabSize}`,
  );
}

/** A GPT-2 with its tokenizer. @throws ModelFileMissingError, ModelConfigError, ParameterError */
export function languageModelOf(files: ModelFiles): LanguageModel {
  const config = parseGpt2Config(configJsonOf(files));
  const params = gpt2Parameters(config, readSafetensors(fileOf(files, 'model.safetensors')).tensors);
  const tokenizer = tokenizerOf(files);
  checkVocabulary(config, tokenizer);
  return { config, params, tokenizer, files };
}

/** @throws as `languageModelOf` */
export async function openLanguageModel(store: Store, ref: FolderRef): Promise<LanguageModel> {
  return languageModelOf(await getFolder(store, ref));
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

/** @param setting that names the folder, or from whose folder it was trained @throws as `languageModelOf` */
export function classifierOf(files: ModelFiles, setting: string): Classifier {
  const config = parseBertConfig(configJsonOf(files, setting));
  const params = bertParameters(config, readSafetensors(fileOf(files, 'model.safetensors', setting)).tensors);
  const tokenizer = tokenizerOf(files, setting);
  checkVocabulary(config, tokenizer);
  return { config, params, tokenizer };
}

/** @throws as `classifierOf` */
export async function openClassifier(store: Store, ref: FolderRef, setting: string): Promise<Classifier> {
  return classifierOf(await getFolder(store, ref), setting);
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
