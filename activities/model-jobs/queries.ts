/** The prompts of PPO: half of them probes, half the first words of texts, in an order drawn by the run's seed. */

import { parsePrompts, parseTargets } from '../../config/study-data.js';
import type { BlobRef, Store } from '../../core/checkpoint/index.js';
import { permutation } from '../../core/random/counter.js';
import { renderTemplate } from '../../core/text/templates.js';
import { cleanRecordSchema, parseRecords } from '../../core/text/records.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';
import { getText } from '../blobs.js';

export interface QuerySources {
  readonly texts: BlobRef;
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  readonly settings: { readonly episodes: number; readonly queryTokens: number; readonly seed: number };
}

/** `count` items: the list in drawn orders, again and again. */
function drawn<T>(items: readonly T[], count: number, seed: number, stream: string): T[] {
  const picked: T[] = [];
  for (let step = 0; picked.length < count; step++) {
    for (const index of permutation({ seed, stream, step }, items.length)) {
      const item = items[index];
      if (item !== undefined && picked.length < count) picked.push(item);
    }
  }
  return picked;
}

/** One query an episode, as token ids of at most `queryTokens` where they come from texts. */
export async function readQueries(
  store: Store,
  { texts, targets, prompts, settings }: QuerySources,
  tokenizer: TextTokenizer,
): Promise<number[][]> {
  const { episodes, queryTokens, seed } = settings;
  const records = parseRecords(await store.getBlob(texts), cleanRecordSchema, 'clean texts');
  const keywords = Object.values(parseTargets(await getText(store, targets), 'targets').groups).flat();
  const { probes } = parsePrompts(await getText(store, prompts), 'prompts');
  const rendered = probes.flatMap((template) =>
    keywords.map((keyword) => tokenizer.encode(renderTemplate(template, { keyword }))),
  );
  const openings = drawn(records, Math.floor(episodes / 2), seed, 'queries/texts').map(({ text }) =>
    tokenizer.encode(text).slice(0, queryTokens),
  );
  const asked = drawn(rendered, episodes - openings.length, seed, 'queries/probes');
  return asked.flatMap((query, index) => [query, ...(openings[index] ? [openings[index]] : [])]);
}
