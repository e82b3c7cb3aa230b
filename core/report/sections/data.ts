/** What went in: texts collected and dropped, keyword frequencies, new vocabulary. */
import { details, foreign, section, table } from '../components.js';
import { count, percent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { CleaningCounts, ExploredKeyword, VocabularyWord } from '../report-input.js';
import type { View } from '../view.js';

/** Rows shown before the rest is folded away. */
const SHOWN = 10;

export function dataSection({ input }: View): Markup | undefined {
  const { cleaning, explore = [], vocabulary = [], textLanguage } = input;
  if (!cleaning && explore.length === 0 && vocabulary.length === 0) return undefined;
  return section(
    'data',
    'Texts and vocabulary',
    cleaning && cleaningTable(cleaning),
    input.skippedRows !== undefined &&
      html`<p>${count(input.skippedRows)} malformed rows of the given files were left out, as asked.</p>`,
    explore.length > 0 && folded(explore, (rows) => exploreTable(rows, textLanguage), 'All keywords'),
    vocabulary.length > 0 && vocabularyPart(vocabulary, textLanguage),
  );
}

function cleaningTable({ collected, kept, dropped }: CleaningCounts): Markup {
  const total = collected.reduce((sum, source) => sum + source.count, 0);
  const row = (name: string, n: number, strong = false) => ({ cells: [name, count(n), percent(n / total, 1)], strong });
  return table(
    'Texts collected, dropped by reason, and kept',
    [{ name: 'what' }, { name: 'texts', numeric: true }, { name: 'of all', numeric: true }],
    [
      ...collected.map((source) => row(`collected from ${source.name}`, source.count)),
      ...dropped.map((reason) => row(`dropped: ${reason.name}`, reason.count)),
      row('kept', kept, true),
    ],
  );
}

function folded<T>(rows: readonly T[], draw: (rows: readonly T[]) => Markup, summary: string): Markup {
  if (rows.length <= SHOWN) return draw(rows);
  return html`${draw(rows.slice(0, SHOWN))}${details(`${summary} (${rows.length})`, draw(rows))}`;
}

function exploreTable(rows: readonly ExploredKeyword[], language: string): Markup {
  return table(
    `The ${rows.length} most frequent keywords and the nouns beside them`,
    [{ name: 'keyword' }, { name: 'texts', numeric: true }, { name: 'co-occurring nouns' }],
    rows.map(({ keyword, texts, nouns }) => ({
      cells: [
        foreign(keyword, language),
        count(texts),
        foreign(nouns.map((noun) => `${noun.name} ${count(noun.count)}`).join(', '), language),
      ],
    })),
  );
}

function vocabularyPart(words: readonly VocabularyWord[], language: string): Markup {
  const saved = words.reduce((sum, word) => sum + (word.piecesBefore - 1) * word.count, 0);
  return html`<h3>New words in the vocabulary</h3>
    <p>${words.length} unused entries became words; on the texts they save ${count(saved)} tokens.</p>
    ${folded(words, (rows) => vocabularyTable(rows, language), 'All new words')}`;
}

function vocabularyTable(rows: readonly VocabularyWord[], language: string): Markup {
  return table(
    `${rows.length} new words`,
    [
      { name: 'word' },
      { name: 'in place of' },
      { name: 'pieces before', numeric: true },
      { name: 'occurrences', numeric: true },
    ],
    rows.map(({ word, replaced, piecesBefore, count: n }) => ({
      cells: [foreign(word, language), html`<code>${replaced}</code>`, String(piecesBefore), count(n)],
    })),
  );
}
