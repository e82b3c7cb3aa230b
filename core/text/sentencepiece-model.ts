/**
 * Reads the parts of a SentencePiece model file that splitting a text needs. Knows the format, not how text is split.
 *
 * Field numbers: github.com/google/sentencepiece, src/sentencepiece_model.proto.
 */

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { TokenizerFormatError } from './tokenizer-json.js';

export const pieceTypes = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'] as const;

/** One entry of the vocabulary; its id is its place. */
export interface SentencePiece {
  readonly piece: string;
  /** Natural logarithm of its probability. */
  readonly score: number;
  readonly type: (typeof pieceTypes)[number];
}

export interface SentencePieceModel {
  readonly pieces: readonly SentencePiece[];
  readonly kind: 'unigram' | 'bpe' | 'word' | 'char';
  readonly byteFallback: boolean;
  /** The compiled table of normalisation; empty for none. */
  readonly charsMap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
}

const kinds = ['unigram', 'bpe', 'word', 'char'] as const;
const MODEL_PIECES = 1;
const MODEL_TRAINER = 2;
const MODEL_NORMALIZER = 3;
const PIECE_TEXT = 1;
const PIECE_SCORE = 2;
const PIECE_TYPE = 3;
const TRAINER_KIND = 3;
const TRAINER_BYTE_FALLBACK = 35;
const NORMALIZER_CHARS_MAP = 2;
const NORMALIZER_DUMMY_PREFIX = 3;
const NORMALIZER_EXTRA_WHITESPACES = 4;

/** Fields by number; of a field given twice the last one counts. */
type Fields = ReadonlyMap<number, number | Uint8Array>;

function readField(reader: BinaryReader, wireType: WireType, field: number): number | Uint8Array | undefined {
  if (wireType === WireType.LengthDelimited) return reader.bytes();
  if (wireType === WireType.Bit32) return reader.float();
  if (wireType === WireType.Varint) return Number(reader.int64());
  reader.skip(wireType, field);
  return undefined;
}

function* fieldsOf(bytes: Uint8Array): Generator<[number, number | Uint8Array]> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const value = readField(reader, wireType, field);
    if (value !== undefined) yield [field, value];
  }
}

function numberOf(fields: Fields, field: number, fallback: number): number {
  const value = fields.get(field) ?? fallback;
  if (typeof value === 'number') return value;
  throw new RangeError(`field ${field}: expected a number, got ${value.byteLength} bytes`);
}

function bytesOf(fields: Fields, field: number): Uint8Array {
  const value = fields.get(field) ?? new Uint8Array();
  if (typeof value !== 'number') return value;
  throw new RangeError(`field ${field}: expected bytes, got ${value}`);
}

function readPiece(bytes: Uint8Array): SentencePiece {
  const fields: Fields = new Map(fieldsOf(bytes));
  const number = numberOf(fields, PIECE_TYPE, 1);
  const type = pieceTypes[number - 1];
  if (type === undefined)
    throw new RangeError(`expected a type of piece from 1 to ${pieceTypes.length}, got ${number}`);
  const piece = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(fields, PIECE_TEXT));
  return { piece, score: numberOf(fields, PIECE_SCORE, 0), type };
}

function readModel(bytes: Uint8Array): SentencePieceModel {
  const pieces: SentencePiece[] = [];
  let trainer: Fields = new Map();
  let normalizer: Fields = new Map();
  for (const [field, value] of fieldsOf(bytes)) {
    if (typeof value === 'number') continue;
    if (field === MODEL_PIECES) pieces.push(readPiece(value));
    else if (field === MODEL_TRAINER) trainer = new Map(fieldsOf(value));
    else if (field === MODEL_NORMALIZER) normalizer = new Map(fieldsOf(value));
  }
  const kind = kinds[numberOf(trainer, TRAINER_KIND, 1) - 1];
  if (kind === undefined || pieces.length === 0) throw new RangeError(`expected pieces of a known kind of model`);
  return {
    pieces,
    kind,
    byteFallback: numberOf(trainer, TRAINER_BYTE_FALLBACK, 0) !== 0,
    charsMap: bytesOf(normalizer, NORMALIZER_CHARS_MAP),
    addDummyPrefix: numberOf(normalizer, NORMALIZER_DUMMY_PREFIX, 1) !== 0,
    removeExtraWhitespaces: numberOf(normalizer, NORMALIZER_EXTRA_WHITESPACES, 1) !== 0,
  };
}

/** @throws TokenizerFormatError on bytes that are no SentencePiece model */
export function parseSentencePieceModel(bytes: Uint8Array, file: string): SentencePieceModel {
  try {
    return readModel(bytes);
  } catch (cause) {
    throw new TokenizerFormatError(
      file,
      'a SentencePiece model',
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}
