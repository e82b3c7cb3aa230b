/** What a classifier's training starts from: a small fresh BERT, or one that was trained before, with its own tokenizer. */

import type { StudyConfig } from '../../config/schema.js';
import { getFolder, type FolderRef, type Store } from '../../core/checkpoint/index.js';
import { readSafetensors } from '../../core/checkpoint/safetensors.js';
import {
  bertConfigOf,
  bertParameters,
  initialBert,
  labelNames,
  ModelConfigError,
  parseBertConfig,
  type BertConfig,
  type Parameters,
} from '../../core/nn/index.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';
import { fileOf, jsonOf, tokenizerOf, type ModelFiles } from './models.js';

/** One of the two. */
export interface ClassifierStart {
  /** A BERT in the store's layout, with its tokenizer. */
  readonly start?: FolderRef;
  /** Folder whose tokenizer a fresh one is to have. */
  readonly tokenizer?: FolderRef;
}

export interface OpenedStart {
  readonly config: BertConfig;
  readonly params: Parameters;
  readonly tokenizer: TextTokenizer;
  /** Of the folder that the tokenizer comes from. */
  readonly files: ModelFiles;
}

/** What a classifier is for. */
export interface ClassifierPurpose {
  /** Class names in the order of the logits. */
  readonly classes: readonly string[];
  /** That names the BERT to start from. */
  readonly setting: string;
}

type Settings = StudyConfig['sentiment'];

function freshConfig({ layers, width, heads, maxTokens }: Settings, tokenizer: TextTokenizer): BertConfig {
  return bertConfigOf({
    vocabSize: tokenizer.vocabularySize,
    numPositions: maxTokens,
    width,
    numLayers: layers,
    numHeads: heads,
    padTokenId: tokenizer.specials.pad ?? 0,
  });
}

/** Whether a checkpoint's classes are these in this order, by their first letters: negative or bad, then anything else. */
function meansTheSame(names: readonly string[], classes: readonly string[]): boolean {
  const isNegative = (name: string) => /^(neg|bad|부정)/i.test(name);
  return names.length === classes.length && names.every((name, i) => isNegative(name) === (i === 0));
}

/** @throws ModelConfigError when the tokenizer has tokens that the embedding has no row for */
function checkVocabulary({ vocabSize }: BertConfig, tokenizer: TextTokenizer): void {
  if (tokenizer.vocabularySize <= vocabSize) return;
  throw new ModelConfigError(
    'vocab_size',
    `at least the ${tokenizer.vocabularySize} tokens of its tokenizer`,
    `${vocabSize}`,
  );
}

/** An encoder that was trained before. Its classifier is kept where its classes are ours; else a new one is drawn. */
function fromCheckpoint(files: ModelFiles, { seed }: Settings, { classes, setting }: ClassifierPurpose): OpenedStart {
  const tokenizer = tokenizerOf(files, setting);
  const json = jsonOf(files, 'config.json', setting);
  const config = { ...parseBertConfig(json), numLabels: classes.length };
  checkVocabulary(config, tokenizer);
  const { tensors } = readSafetensors(fileOf(files, 'model.safetensors', setting));
  const keepsHead = meansTheSame(labelNames(json), classes);
  const kept = Object.entries(tensors).filter(([name]) => keepsHead || !name.startsWith('classifier.'));
  return { config, params: bertParameters(config, Object.fromEntries(kept), seed), tokenizer, files };
}

/** @throws ModelFileMissingError @throws ModelConfigError @throws ParameterError */
export async function openClassifierStart(
  store: Store,
  { start, tokenizer: borrowed }: ClassifierStart,
  settings: Settings,
  purpose: ClassifierPurpose,
): Promise<OpenedStart> {
  const folder = start ?? borrowed;
  if (!folder) throw new RangeError('classifier: expected a folder to start from or one with a tokenizer, got neither');
  const files = await getFolder(store, folder);
  if (start) return fromCheckpoint(files, settings, purpose);
  const tokenizer = tokenizerOf(files);
  const config = freshConfig(settings, tokenizer);
  return { config, params: initialBert(config, settings.seed), tokenizer, files };
}
