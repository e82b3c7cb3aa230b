/** A few episodes of every PPO batch in words, to be read beside the curves. Chooses none and scores none. */

import { cutAtStop } from '../../core/generate/index.js';
import type { PpoEpisode } from '../../core/report/index.js';
import type { PpoBatchStats } from '../../core/rl/ppo-stats.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';

/** In the order of batches. Query and response together are the text that was scored. */
export function episodeRows(curve: readonly PpoBatchStats[], tokenizer: TextTokenizer): PpoEpisode[] {
  const { eos } = tokenizer.specials;
  const stops = eos === undefined ? [] : [eos];
  const words = (tokens: readonly number[]): string => tokenizer.decode([...tokens], { skipSpecialTokens: true });
  return curve.flatMap(({ batch, samples }) =>
    samples.map(({ query, response, ...figures }) => {
      const asked = words(query);
      const whole = words([...query, ...cutAtStop(response, stops)]);
      // Decoded alone a response would lose the space before it. A character that began in the query is the response's.
      const shared = sharedStart(asked, whole);
      return { batch, ...figures, query: whole.slice(0, shared), response: whole.slice(shared) };
    }),
  );
}

/** Length of what two texts begin with in common. */
function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
