/**
 * Turns a SentencePiece model, unigram or BPE, into a `tokenizer.json` (Kudo 2018, and Sennrich et al. 2016, for the models; the
 * form is that of the Hugging Face tokenizers library). Knows no model weights.
 */

import { parseSentencePieceModel, type SentencePieceModel } from './sentencepiece-model.js';
import { sentencePieceMerges } from './sentencepiece-merges.js';
import { sequenceTemplate } from './sequence-template.js';
import { TokenizerFormatError, type AddedTokenEntry, type JsonObject, type TokenizerJson } from './tokenizer-json.js';

const blank = '▁';

/** Pieces with a duty are found in the raw text, before the model runs. */
function addedTokens({ pieces }: SentencePieceModel): AddedTokenEntry[] {
  return pieces.flatMap(({ piece, type }, id) => {
    if (type !== 'control' && type !== 'unknown') return [];
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    return [{ id, content: piece, ...plain, special: true }];
  });
}

function normalizer(model: SentencePieceModel, config: JsonObject): JsonObject | null {
  const stripsAccents = config['keep_accents'] === false;
  const steps: JsonObject[] = [
    // Hangul comes apart in NFKD as well: the table, or NFC, puts it together again.
    ...(stripsAccents ? [{ type: 'NFKD' }, { type: 'StripAccents' }] : []),
    ...(config['do_lower_case'] === true ? [{ type: 'Lowercase' }] : []),
    ...(stripsAccents && model.charsMap.length === 0 ? [{ type: 'NFC' }] : []),
    ...(model.charsMap.length > 0
      ? [{ type: 'Precompiled', precompiled_charsmap: Buffer.from(model.charsMap).toString('base64') }]
      : []),
    ...(model.removeExtraWhitespaces
      ? [
          { type: 'Strip', strip_left: true, strip_right: true },
          { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
        ]
      : []),
  ];
  return steps.length === 0 ? null : { type: 'Sequence', normalizers: steps };
}

function unknownId(model: SentencePieceModel, file: string): number {
  const id = model.pieces.findIndex(({ type }) => type === 'unknown');
  if (id >= 0) return id;
  throw new TokenizerFormatError(file, 'a piece of the type unknown', 'none');
}

/**
 * Pieces that the model does not use are taken only where hardly anything else fits. Those that a user defined score by their
 * length, so that they stay whole (`PopulateNodes` of SentencePiece's unigram_model.cc).
 */
function vocabulary({ pieces }: SentencePieceModel): [string, number][] {
  const scores = pieces.flatMap(({ score, type }) => (type === 'normal' ? [score] : []));
  const [lowest, highest] = scores.reduce(
    ([low, high], score) => [Math.min(low, score), Math.max(high, score)],
    [0, -Infinity],
  );
  return pieces.map(({ piece, score, type }) => {
    if (type === 'unused') return [piece, lowest];
    if (type === 'user-defined' && scores.length > 0) return [piece, [...piece].length * highest - 0.1];
    return [piece, score];
  });
}

function unigram(model: SentencePieceModel, file: string): JsonObject {
  const vocab = vocabulary(model);
  return { type: 'Unigram', unk_id: unknownId(model, file), vocab, byte_fallback: model.byteFallback };
}

/** Pieces that a user defined stand outside of the merges, which a list of merges cannot say. */
function bytePairs(model: SentencePieceModel, file: string): JsonObject {
  const { pieces, byteFallback } = model;
  const defined = pieces.find(({ type, piece }) => type === 'user-defined' && [...piece].length > 1);
  if (defined)
    throw new TokenizerFormatError(
      file,
      'a bpe model without pieces that a user defined',
      JSON.stringify(defined.piece),
    );
  return {
    type: 'BPE',
    dropout: null,
    unk_token: pieces[unknownId(model, file)]?.piece,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: byteFallback,
    vocab: Object.fromEntries(pieces.map(({ piece }, id) => [piece, id])),
    merges: sentencePieceMerges(pieces),
  };
}

function modelOf(model: SentencePieceModel, file: string): JsonObject {
  if (model.kind === 'unigram') return unigram(model, file);
  if (model.kind === 'bpe') return bytePairs(model, file);
  throw new TokenizerFormatError(file, 'a unigram or bpe model', `a ${model.kind} model`);
}

/**
 * The `tokenizer.json` of a SentencePiece file such as `spiece.model`; ids stay. `config` is `tokenizer_config.json`, whose
 * `keep_accents`, `do_lower_case` and special tokens count.
 * @throws TokenizerFormatError on a file that is none, or that splits into words or letters
 */
export function tokenizerFromSentencePiece(bytes: Uint8Array, file: string, config: JsonObject = {}): TokenizerJson {
  const model = parseSentencePieceModel(bytes, file);
  const metaspace = {
    type: 'Metaspace',
    replacement: blank,
    prepend_scheme: model.addDummyPrefix ? 'always' : 'never',
    split: false,
  };
  const ids = new Map(model.pieces.map(({ piece }, id) => [piece, id]));
  const bytesBack = [{ type: 'ByteFallback' }, { type: 'Fuse' }];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(model),
    normalizer: normalizer(model, config),
    pre_tokenizer: metaspace,
    post_processor: sequenceTemplate(ids, config),
    decoder: model.byteFallback ? { type: 'Sequence', decoders: [...bytesBack, metaspace] } : metaspace,
    model: modelOf(model, file),
  };
}
