/** The public face of text: tokenizers, templates, cleaning, nouns, vocabulary. */

export type { CleanCounts, CleanReason, CleanResult, CleanSettings } from './clean.js';
export { cleanReasons, cleanTexts } from './clean.js';
export { initialiseEmbeddings } from './embeddings.js';
export type { CoOccurrence, Exploration, ExploreSettings, KeywordCount, MissingNoun } from './explore.js';
export { explore } from './explore.js';
export type { KeywordMatch, KeywordMatcher } from './keywords.js';
export { keywordMatcher } from './keywords.js';
export { heldOutSplit, type HeldOutSplit } from './held-out-split.js';
export { findDuplicates } from './near-duplicates.js';
export { normalizeText } from './normalize.js';
export { discoverNouns, nounFinder } from './nouns.js';
export { particleFor, renderTemplate, TemplateError, templateNames } from './particles.js';
export { maskPersonalData } from './personal-data.js';
export type { CleanRecord, RawRecord, RecordStatus, TextRecord } from './records.js';
export { cleanRecordSchema, formatRecords, parseRecords, rawRecordSchema, RecordFormatError } from './records.js';
export { BadRowError, readTexts, type BadRow } from './text-files.js';
export { TokenizerFormatError } from './tokenizer-json.js';
export type { TextTokenizer } from './tokenizer.js';
export { loadTokenizer } from './tokenizer.js';
export type { ExtendedVocabulary, ReplacedToken, SkippedWord } from './vocabulary.js';
export { extendVocabulary, renameInTokenizerFile } from './vocabulary.js';
