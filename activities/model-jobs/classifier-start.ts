/** What a classifier's training starts from: a small fresh BERT, or one that was trained before, with its own tokenizer. */

import type { StudyConfig } from '../../config/schema.js';
import type { LabelledText } from '../../config/study-data.js';
import { getFolder, type FolderRef, type Store } from '../../core/checkpoint/index.js';
import { readSafetensors } from '../../core/checkpoint/safetensors.js';
import {
  bertConfigOf,
  bertParameters,
  initialBert,
  labelNames,
  parseBertConfig,
  type BertConfig,
  type Parameters,
} from '../../core/nn/index.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';
import { checkVocabulary, configJsonOf, fileOf, tokenizerOf, type ModelFiles } from './models.js';

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

/** What a purpose teaches: the class of each label (undefined: left out). */
export interface Purpose extends ClassifierPurpose {
  readonly classes: readonly [string, string];
  readonly classOf: Readonly<Record<LabelledText['label'], number | undefined>>;
}

/** The last class is the good one: its probability is the score, its logit's lead over the other the reward. */
export const purposes = {
  'positive-against-negative': {
    classes: ['negative', 'positive'],
    setting: 'sentiment.source',
    classOf: { negative: 0, neutral: undefined, positive: 1 },
  },
  'not-negative-against-negative': {
    classes: ['negative', 'not negative'],
    setting: 'reward.source',
    classOf: { negative: 0, neutral: 1, positive: 1 },
  },
} satisfies Record<string, Purpose>;

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

/**
 * An encoder that was trained before. Its classifier is kept where its classes are ours; else a new one is drawn.
 * @throws ModelFileMissingError @throws ModelConfigError @throws ParameterError
 */
export function startOf(
  files: ModelFiles,
  { seed }: Pick<Settings, 'seed'>,
  { classes, setting }: ClassifierPurpose,
): OpenedStart {
  const tokenizer = tokenizerOf(files, setting);
  const json = configJsonOf(files, setting);
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
  if (start) return startOf(files, settings, purpose);
  const tokenizer = tokenizerOf(files);
  const config = freshConfig(settings, tokenizer);
  return { config, params: initialBert(config, settings.seed), tokenizer, files };
}
