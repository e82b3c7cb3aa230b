/** A few episodes of every PPO batch in words, to be read beside the curves. Chooses none and scores none. */

import { cutAtStop } from '../../core/generate/index.js';
import type { PpoEpisode } from '../../core/report/index.js';
import type { PpoBatchStats } from '../../core/rl/ppo-stats.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';

/** In the order of batches. A response ends where the text that was scored ends. */
export function episodeRows(curve: readonly PpoBatchStats[], tokenizer: TextTokenizer): PpoEpisode[] {
  const { eos } = tokenizer.specials;
  const stops = eos === undefined ? [] : [eos];
  const words = (tokens: readonly number[]): string => tokenizer.decode([...tokens], { skipSpecialTokens: true });
  return curve.flatMap(({ batch, samples }) =>
    samples.map(({ query, response, ...figures }) => ({
      batch,
      ...figures,
      query: words(query),
      response: words(cutAtStop(response, stops)),
    })),
  );
}
