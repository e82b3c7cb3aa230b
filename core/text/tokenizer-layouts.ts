/** The layouts in which a model's folder may hold its tokenizer, each turned into `tokenizer.json`. Reads no file. */

import { tokenizerFromMerges } from './byte-level-tokenizer.js';
import { tokenizerFromSentencePiece } from './sentencepiece-tokenizer.js';
import { formatTokenizerJson, parseTokenizerConfig, parseTokenizerJson, type JsonObject } from './tokenizer-json.js';
import { tokenizerFromVocabulary } from './wordpiece-tokenizer.js';

type Read = (file: string) => Uint8Array;

interface Layout {
  /** The files that it needs. The first whose files are all there is taken. */
  readonly needs: readonly (string | RegExp)[];
  /** How a person would name it. */
  readonly name: string;
  convert(files: readonly string[], read: Read, config: JsonObject): Uint8Array;
}

const layouts: readonly Layout[] = [
  {
    needs: ['tokenizer.json'],
    name: 'tokenizer.json',
    convert: ([file = ''], read) => {
      const bytes = read(file);
      parseTokenizerJson(bytes);
      return bytes;
    },
  },
  {
    needs: ['vocab.json', 'merges.txt'],
    name: 'vocab.json with merges.txt (GPT-2)',
    convert: ([vocab = '', merges = ''], read, config) =>
      formatTokenizerJson(tokenizerFromMerges(read(vocab), read(merges), config)),
  },
  {
    needs: ['vocab.txt'],
    name: 'vocab.txt (BERT)',
    convert: ([file = ''], read, config) => formatTokenizerJson(tokenizerFromVocabulary(read(file), file, config)),
  },
  {
    needs: [/^(spiece|sentencepiece|tokenizer(_[0-9a-f]+)?)\.model$/],
    name: 'spiece.model or tokenizer_….model (SentencePiece)',
    convert: ([file = ''], read, config) => formatTokenizerJson(tokenizerFromSentencePiece(read(file), file, config)),
  },
];

/** What is looked for, in the order in which it is taken. */
export const tokenizerLayoutNames: readonly string[] = layouts.map(({ name }) => name);

function found({ needs }: Layout, names: readonly string[]): string[] | undefined {
  const files = needs.flatMap(
    (need) => names.find((name) => (typeof need === 'string' ? name === need : need.test(name))) ?? [],
  );
  return files.length === needs.length ? files : undefined;
}

/** The files of a folder that hold its tokenizer; undefined when no layout fits. */
export function tokenizerFilesAmong(names: readonly string[]): string[] | undefined {
  return layouts.map((layout) => found(layout, names)).find((files) => files !== undefined);
}

/**
 * The bytes of `tokenizer.json`, whatever layout the folder has; undefined when none fits.
 * @param config bytes of `tokenizer_config.json`
 * @throws TokenizerFormatError
 */
export function canonicalTokenizer(names: readonly string[], read: Read, config?: Uint8Array): Uint8Array | undefined {
  for (const layout of layouts) {
    const files = found(layout, names);
    if (files) return layout.convert(files, read, parseTokenizerConfig(config));
  }
  return undefined;
}
