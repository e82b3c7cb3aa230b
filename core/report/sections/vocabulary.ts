/** Words that the vocabulary lacked: which were added, what that saved, and what it did to the model. */
import { details, folded, foreign, table, type Column } from '../components.js';
import { count, fixed, percent, signedPercent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { ReportInput, VocabularyCandidate, VocabularyWord } from '../report-input.js';
import type { VocabularyEffect } from '../results.js';

const numeric = (name: string): Column => ({ name, numeric: true });

export function vocabularyPart(input: ReportInput): Markup | undefined {
  const { vocabulary: words = [], vocabularyCandidates: candidates = [], results, textLanguage: language } = input;
  if (words.length === 0 && candidates.length === 0 && !results.vocabulary) return undefined;
  const saved = words.reduce((sum, word) => sum + (word.piecesBefore - 1) * word.count, 0);
  return html`<h3>New words in the vocabulary</h3>
    <p>
      ${words.length} unused entries became words; ids and size of the vocabulary stay.
      ${results.vocabulary ? effectSentences(results.vocabulary.effect) : `On the texts they save ${count(saved)} tokens.`}
    </p>
    ${words.length > 0 && folded(words, (rows) => wordTable(rows, language), 'All new words')}
    ${candidates.length > 0 && candidateTable(candidates, language)}`;
}

function effectSentences(effect: VocabularyEffect): string {
  const { texts, changed, tokensBefore, tokensAfter, sampledTexts, bitsPerByteBefore, bitsPerByteAfter } = effect;
  return (
    `${count(changed)} of ${count(texts)} texts (${percent(changed / texts, 1)}) are now written with other tokens, and all of them ` +
    `with ${count(tokensAfter)} instead of ${count(tokensBefore)} tokens (${signedPercent(tokensAfter / tokensBefore - 1, 1)}). ` +
    `Before any fine-tuning the model needs ${fixed(bitsPerByteAfter, 3)} bits a byte for ${count(sampledTexts)} of these texts, ` +
    `where it needed ${fixed(bitsPerByteBefore, 3)} with the old words (${signedPercent(bitsPerByteAfter / bitsPerByteBefore - 1, 1)}); ` +
    'perplexities by token could not be compared, as the tokens differ.'
  );
}

function wordTable(rows: readonly VocabularyWord[], language: string): Markup {
  return table(
    `${rows.length} new words`,
    [{ name: 'word' }, { name: 'in place of' }, numeric('pieces before'), numeric('occurrences')],
    rows.map(({ word, replaced, piecesBefore, count: n }) => ({
      cells: [foreign(word, language), html`<code>${replaced}</code>`, String(piecesBefore), count(n)],
    })),
  );
}

function candidateTable(rows: readonly VocabularyCandidate[], language: string): Markup {
  const caption = `The ${rows.length} candidates that would save most, and what was decided`;
  return details(
    caption,
    table(
      caption,
      [
        { name: 'word' },
        ...['occurrences', 'pieces before', 'pieces after', 'tokens saved'].map(numeric),
        { name: 'decision' },
      ],
      rows.map(({ word, count: n, piecesBefore, piecesAfter, saved, decision }) => ({
        cells: [
          foreign(word, language),
          count(n),
          String(piecesBefore),
          String(piecesAfter),
          count(saved),
          decision.replaceAll('-', ' '),
        ],
      })),
    ),
  );
}
