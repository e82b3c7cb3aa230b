/** Job vocab-extend: new words take the place of unused entries, and start from the mean of their old pieces. */

import type { StudyConfig } from '../../config/schema.js';
import { putFolder, type BlobRef, type FolderRef } from '../../core/checkpoint/index.js';
import { writeSafetensors } from '../../core/checkpoint/safetensors.js';
import type { JobContext } from '../../core/job-context.js';
import type { Parameters } from '../../core/nn/index.js';
import type { VocabularyEffect, VocabularyWord } from '../../core/report/index.js';
import { initialiseEmbeddings } from '../../core/text/embeddings.js';
import { cleanRecordSchema, parseRecords } from '../../core/text/records.js';
import { loadTokenizer } from '../../core/text/tokenizer.js';
import { extendVocabulary, renameInTokenizerFile, type ReplacedToken } from '../../core/text/vocabulary.js';
import { decisions, worthAdding } from '../../core/text/vocabulary-candidates.js';
import { getJson, putJson } from '../blobs.js';
import type { Candidate } from './explore.js';
import { openLanguageModel, type LanguageModel } from './models.js';
import { vocabularyEffect } from './vocabulary-effect.js';

export interface VocabularyJobInput {
  readonly model: FolderRef;
  readonly texts: BlobRef;
  readonly candidates: BlobRef;
  readonly settings: StudyConfig['vocabulary'] & { readonly threads: number };
}

export type ReplacedWord = VocabularyWord;

export interface VocabularyJobResult {
  readonly model: FolderRef;
  readonly words: number;
  /** JSON of the replaced words. */
  readonly replaced: BlobRef;
  /** JSON of every noun that the vocabulary lacked, by falling saving, and what was decided. */
  readonly decided: BlobRef;
  readonly candidates: number;
  readonly effect: VocabularyEffect;
}

const embeddingName = 'transformer.wte.weight';
const besideTokenizer = /^(tokenizer_config|special_tokens_map|vocab|added_tokens)\.json$/;

/** The parameters with a first embedding for every new word. */
function withWords(params: Parameters, replaced: readonly ReplacedToken[]): Parameters {
  const embeddings = params[embeddingName];
  if (!embeddings) throw new Error(`vocab-extend: expected ${embeddingName} among the parameters, got none`);
  return { ...params, [embeddingName]: initialiseEmbeddings(embeddings, replaced) };
}

/** The model's files with the words in all of those that name tokens. */
function filesOf(
  { files }: LanguageModel,
  tokenizerJson: Uint8Array,
  params: Parameters,
  replaced: readonly ReplacedToken[],
): LanguageModel['files'] {
  const renamed = Object.entries(files)
    .filter(([name]) => besideTokenizer.test(name))
    .map(([name, bytes]) => [name, renameInTokenizerFile(bytes, replaced)] as const);
  return {
    ...files,
    ...Object.fromEntries(renamed),
    'tokenizer.json': tokenizerJson,
    'model.safetensors': writeSafetensors(params, { metadata: { format: 'pt' } }),
  };
}

export async function vocabularyJob(
  { model: ref, texts: textsRef, candidates, settings }: VocabularyJobInput,
  context: JobContext,
): Promise<VocabularyJobResult> {
  const { store, progress } = context;
  const model = await openLanguageModel(store, ref);
  const records = parseRecords(await store.getBlob(textsRef), cleanRecordSchema, 'clean texts');
  const texts = records.map(({ text }) => text);
  const nouns = await getJson<Candidate[]>(store, candidates);
  const worthy = worthAdding(nouns, settings.minWordCount);
  progress({ done: 0, total: worthy.length, unit: 'words', metrics: {} });
  const extended = extendVocabulary(
    model.files['tokenizer.json'] ?? new Uint8Array(),
    worthy.map(({ noun }) => noun),
    texts,
    settings.maxNewWords,
  );
  const { tokenizerJson, replaced } = extended;
  const params = withWords(model.params, replaced);
  const files = filesOf(model, tokenizerJson, params, replaced);
  const after = {
    config: model.config,
    params,
    tokenizer: loadTokenizer(tokenizerJson, files['tokenizer_config.json']),
  };
  const counts = new Map(nouns.map(({ noun, count }) => [noun, count]));
  const rows: ReplacedWord[] = replaced.map(({ word, replaced: entry, oldPieces }) => ({
    word,
    replaced: entry,
    piecesBefore: oldPieces.length,
    count: counts.get(word) ?? 0,
  }));
  return {
    model: await putFolder(store, files),
    words: replaced.length,
    replaced: await putJson(store, rows),
    decided: await putJson(store, decisions(nouns, settings.minWordCount, extended)),
    candidates: nouns.length,
    effect: await vocabularyEffect(
      texts,
      model,
      after,
      replaced.map(({ word }) => word),
      settings.threads,
      context,
    ),
  };
}
