/** Which pairs of keywords differ by more than chance, and how small a difference this design can find. */
import { foreign, section, table, type Column, type TableRow } from '../components.js';
import { count, fixed, percent, pValue } from '../format.js';
import { html, type Markup } from '../html.js';
import type { PairTestsResult } from '../results.js';
import { startWords } from '../start-words.js';
import { pointName, type View } from '../view.js';

/** How two keywords were compared, as a methods section says it. */
const TESTS: { readonly [T in NonNullable<PairTestsResult['test']>]: string } = {
  'exchange within prompts': '; sentences of both exchanged within each prompt, all ways counted',
  'sign flips': '; signs of the differences flipped',
};

/** Pairs listed. */
const SHOWN = 10;

const numeric = (name: string): Column => ({ name, numeric: true });

export function pairsSection(view: View): Markup | undefined {
  const { baseline, best } = view;
  const before = baseline.pairs;
  if (!before) return undefined;
  return section(
    'pairs',
    'Pairs of keywords',
    html`<p>
      All ${count(before.pairs)} pairs, each tested on ${before.probes} paired sentences (same prompt, same random
      numbers${TESTS[before.test ?? 'sign flips']}), with the false discovery rate over all pairs held at
      ${percent(before.level)} (Benjamini–Hochberg).
    </p>`,
    countTable(view, before, best?.pairs),
    html`<p>${detectableSentence(before)} ${resolutionSentence(before)}</p>`,
    topTable(view, before.top.slice(0, SHOWN), startWords(view.input.results).when),
    best?.pairs && topTable(view, best.pairs.top.slice(0, SHOWN), ` after ${pointName(view, best)}`),
  );
}

function countTable(view: View, before: PairTestsResult, after: PairTestsResult | undefined): Markup {
  const name = (part: string): string => (part === 'across' ? 'across groups' : `within ${view.label(part)}`);
  const found = (tests: PairTestsResult | undefined, part: string): string => {
    const own = tests?.within[part];
    return own ? `${count(own.significant)} (${percent(own.significant / own.pairs, 1)})` : '–';
  };
  const rows: TableRow[] = Object.entries(before.within).map(([part, { pairs }]) => ({
    cells: [name(part), count(pairs), found(before, part), ...(after ? [found(after, part)] : [])],
  }));
  const all = (tests: PairTestsResult): string =>
    `${count(tests.significant)} (${percent(tests.pairs === 0 ? 0 : tests.significant / tests.pairs, 1)})`;
  return table(
    'Pairs that differ significantly',
    [
      { name: 'pairs' },
      numeric('tested'),
      numeric(startWords(view.input.results).column),
      ...(after ? [numeric('after')] : []),
    ],
    [...rows, { cells: ['all', count(before.pairs), all(before), ...(after ? [all(after)] : [])], strong: true }],
  );
}

function detectableSentence({ detectable, probes, smallestP, level, pairs }: PairTestsResult): string {
  const { planned, amongAll, power } = detectable;
  const alone = smallestP <= level / pairs ? `, and of ${fixed(amongAll)} for a single pair among all` : '';
  return (
    `With ${probes} sentences a keyword this design finds, with a chance of ${percent(power)}, a difference of ` +
    `${fixed(planned)} between two keywords chosen beforehand${alone}.`
  );
}

/** Few sentences give coarse p-values: a lone pair can then never pass the correction. */
function resolutionSentence({ smallestP, level, pairs }: PairTestsResult): string {
  const needed = Math.ceil((smallestP * pairs) / level);
  if (needed <= 1) return '';
  return (
    `The lowest p-value that so few sentences can give is ${pValue(smallestP)}, so at least ${count(needed)} pairs must reach ` +
    'it before any counts as significant; more sentences a keyword lift this limit.'
  );
}

function topTable(view: View, pairs: PairTestsResult['top'], when: string): Markup {
  const { textLanguage } = view.input;
  return table(
    `The ${pairs.length} clearest pairs${when}`,
    [{ name: 'better spoken of' }, { name: 'worse spoken of' }, ...['difference', 'p', 'q'].map(numeric)],
    pairs.map(({ high, low, difference, pValue: p, qValue }) => ({
      cells: [foreign(high, textLanguage), foreign(low, textLanguage), fixed(difference), pValue(p), pValue(qValue)],
    })),
  );
}
