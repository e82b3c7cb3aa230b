/** What the texts speak of: frequent keywords, the nouns beside them, by source and by year. */
import { details, folded, foreign, table, type Column, type TableRow } from '../components.js';
import { count, fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import type { ExploredKeyword, ExploredNoun, ExploredSlice, ReportInput, Spread } from '../report-input.js';

const numeric = (name: string): Column => ({ name, numeric: true });

export function exploredPart(input: ReportInput): Markup | undefined {
  const { explore = [], exploreBySource = [], exploreByYear = [], nouns = [], textLanguage: language } = input;
  if (explore.length === 0 && nouns.length === 0) return undefined;
  return html`<h3>What the texts speak of</h3>
    ${
      explore.length > 0 &&
      folded(
        explore,
        (rows) => keywordTable(`The ${rows.length} most frequent keywords and the nouns beside them`, rows, language),
        'All keywords',
      )
    }
    ${associations(explore, language)} ${spreadTable('source', explore, ({ textsBySource }) => textsBySource, language)}
    ${spreadTable('year', explore, ({ textsByYear }) => textsByYear, language)}
    ${slices('source', exploreBySource, language)} ${slices('year', exploreByYear, language)}
    ${nouns.length > 0 && details(`The ${nouns.length} most frequent nouns`, nounTable(nouns, language))}`;
}

function keywordTable(caption: string, rows: readonly ExploredKeyword[], language: string): Markup {
  return table(
    caption,
    [{ name: 'keyword' }, numeric('texts'), { name: 'co-occurring nouns, with the number of texts' }],
    rows.map(({ keyword, texts, nouns }) => ({
      cells: [
        foreign(keyword, language),
        count(texts),
        foreign(nouns.map((noun) => `${noun.name} ${count(noun.count)}`).join(', '), language),
      ],
    })),
  );
}

/** A frequent noun stands beside everything; these two say how much more often than it would by chance. */
function associations(explore: readonly ExploredKeyword[], language: string): Markup | undefined {
  const rows = explore.flatMap(({ keyword, nouns }) =>
    nouns.flatMap(({ name, count: texts, pmi, logLikelihood }): TableRow[] =>
      pmi === undefined && logLikelihood === undefined
        ? []
        : [
            {
              cells: [
                foreign(keyword, language),
                foreign(name, language),
                count(texts),
                fixed(pmi),
                fixed(logLikelihood, 1),
              ],
            },
          ],
    ),
  );
  if (rows.length === 0) return undefined;
  const caption = 'How closely nouns and keywords go together';
  return details(
    `${caption} (${rows.length} pairs)`,
    html`<p>
      Pointwise mutual information: how many times as often as by chance the two share a text, as a power of two. G²
      (log-likelihood): how surely this is no chance; above 10.8 it would be in one of 1,000 such pairs; negative where
      they avoid each other.
    </p>`,
    table(caption, [{ name: 'keyword' }, { name: 'noun' }, ...['texts', 'PMI, bits', 'G²'].map(numeric)], rows),
  );
}

type Parts = Readonly<Record<string, number>>;

function spreadTable(
  by: string,
  explore: readonly ExploredKeyword[],
  partsOf: (row: Spread) => Parts | undefined,
  language: string,
): Markup | undefined {
  const names = [...new Set(explore.flatMap((row) => Object.keys(partsOf(row) ?? {})))].sort();
  if (names.length < 2) return undefined;
  const caption = `Texts that name a keyword, by ${by}`;
  return details(
    caption,
    table(
      caption,
      [{ name: 'keyword' }, ...names.map(numeric), numeric('all')],
      explore.map((row) => ({
        cells: [
          foreign(row.keyword, language),
          ...names.map((name) => count(partsOf(row)?.[name] ?? 0)),
          count(row.texts),
        ],
      })),
    ),
  );
}

function slices(by: string, list: readonly ExploredSlice[], language: string): Markup | undefined {
  if (list.length < 2) return undefined;
  return details(
    `Keywords and the nouns beside them, by ${by}`,
    list.map(({ name, texts, keywords }) => keywordTable(`${name}: ${count(texts)} texts`, keywords, language)),
  );
}

function nounTable(nouns: readonly ExploredNoun[], language: string): Markup {
  return table(
    `The ${nouns.length} most frequent nouns`,
    [{ name: 'noun' }, numeric('occurrences'), numeric('texts'), { name: 'found by' }],
    nouns.map(({ noun, count: n, texts, foundBy }) => ({
      cells: [foreign(noun, language), count(n), count(texts), foundBy.join(', ')],
    })),
  );
}
