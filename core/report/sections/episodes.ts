/** Episodes of the recommended point in words: of its first, its middle and its last batch. They stay text. */
import { foreign, table } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import { isPoint } from '../points.js';
import type { PpoEpisode } from '../report-input.js';
import { pointName, type View } from '../view.js';

const SHOWN_OF_A_BATCH = 4;

/** Undefined where none were kept. */
export function episodesTable(view: View): Markup | undefined {
  const { best, input } = view;
  const episodes = (best && input.curves.ppo.find(isPoint(best))?.episodes) ?? [];
  if (!best || episodes.length === 0) return undefined;
  const caption = `Episodes of ${pointName(view, best)}: first, middle and last batch`;
  return html`<h3>What PPO saw</h3>
    <p>
      The score is the reward model’s; with the KL penalty, which is −β times the KL, it makes the total reward. A
      prompt that was kept once is kept whenever it comes again. More of them, of every point: ppo/episodes.csv.
    </p>
    ${table(
      caption,
      [
        { name: 'batch', numeric: true },
        { name: 'prompt' },
        { name: 'response' },
        ...['score', 'KL (nats)', 'KL penalty', 'total'].map((name) => ({ name, numeric: true })),
      ],
      shownOf(episodes).map(({ batch, query, response, score, kl, klPenalty, totalReward }) => ({
        cells: [
          batch,
          foreign(query, input.textLanguage),
          foreign(response, input.textLanguage),
          ...[score, kl, klPenalty, totalReward].map((figure) => fixed(figure)),
        ],
      })),
    )}`;
}

function shownOf(episodes: readonly PpoEpisode[]): PpoEpisode[] {
  const batches = [...new Set(episodes.map(({ batch }) => batch))];
  const chosen = [0, Math.floor((batches.length - 1) / 2), batches.length - 1].map((place) => batches[place]!);
  return [...new Set(chosen)].flatMap((batch) =>
    episodes.filter((episode) => episode.batch === batch).slice(0, SHOWN_OF_A_BATCH),
  );
}
