/** Job vocab-extend: new words take the place of unused entries, and start from the mean of their old pieces. */

import type { StudyConfig } from '../../config/schema.js';
import { putFolder, type BlobRef, type FolderRef } from '../../core/checkpoint/index.js';
import { writeSafetensors } from '../../core/checkpoint/safetensors.js';
import type { JobContext } from '../../core/job-context.js';
import type { Parameters } from '../../core/nn/index.js';
import type { VocabularyWord } from '../../core/report/index.js';
import { initialiseEmbeddings } from '../../core/text/embeddings.js';
import { cleanRecordSchema, parseRecords } from '../../core/text/records.js';
import { extendVocabulary, renameInTokenizerFile } from '../../core/text/vocabulary.js';
import { getJson, putJson } from '../blobs.js';
import type { Candidate } from './explore.js';
import { openLanguageModel } from './models.js';

export interface VocabularyJobInput {
  readonly model: FolderRef;
  readonly texts: BlobRef;
  readonly candidates: BlobRef;
  readonly settings: StudyConfig['vocabulary'];
}

export type ReplacedWord = VocabularyWord;

export interface VocabularyJobResult {
  readonly model: FolderRef;
  readonly words: number;
  /** JSON of the replaced words. */
  readonly replaced: BlobRef;
  /** JSON of the words that were refused, and why. */
  readonly skipped: BlobRef;
}

const embeddingName = 'transformer.wte.weight';

function withEmbeddings(params: Parameters, replaced: Parameters[string]): Parameters {
  return { ...params, [embeddingName]: replaced };
}

export async function vocabularyJob(
  { model: ref, texts, candidates, settings }: VocabularyJobInput,
  { store, progress }: JobContext,
): Promise<VocabularyJobResult> {
  const model = await openLanguageModel(store, ref);
  const records = parseRecords(await store.getBlob(texts), cleanRecordSchema, 'clean texts');
  // A word that saves no token (the blank before it becomes a token of its own) would only lengthen the texts.
  const ranked = (await getJson<Candidate[]>(store, candidates))
    .filter(({ count, saved }) => count >= settings.minWordCount && saved > 0)
    .slice(0, settings.maxNewWords);
  progress({ done: 0, total: ranked.length, unit: 'words', metrics: {} });
  const { tokenizerJson, replaced, skipped } = extendVocabulary(
    model.files['tokenizer.json'] ?? new Uint8Array(),
    ranked.map(({ noun }) => noun),
    records.map(({ text }) => text),
  );
  const embeddings = model.params[embeddingName];
  if (!embeddings) throw new Error(`vocab-extend: expected ${embeddingName} among the parameters, got none`);
  const params = withEmbeddings(model.params, initialiseEmbeddings(embeddings, replaced));
  const besides = Object.entries(model.files).filter(([name]) =>
    /^(tokenizer_config|special_tokens_map|vocab|added_tokens)\.json$/.test(name),
  );
  progress({ done: replaced.length, total: replaced.length, unit: 'words', metrics: { skipped: skipped.length } });
  const counts = new Map(ranked.map(({ noun, count }) => [noun, count]));
  const rows: ReplacedWord[] = replaced.map(({ word, replaced: entry, oldPieces }) => ({
    word,
    replaced: entry,
    piecesBefore: oldPieces.length,
    count: counts.get(word) ?? 0,
  }));
  return {
    model: await putFolder(store, {
      ...model.files,
      ...Object.fromEntries(besides.map(([name, bytes]) => [name, renameInTokenizerFile(bytes, replaced)])),
      'tokenizer.json': tokenizerJson,
      'model.safetensors': writeSafetensors(params, { metadata: { format: 'pt' } }),
    }),
    words: replaced.length,
    replaced: await putJson(store, rows),
    skipped: await putJson(store, skipped),
  };
}
