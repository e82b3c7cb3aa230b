/** Texts of the recommended point along PPO: episodes, and what it made of the same prompts. They stay text. */
import { foreign, table } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import { isPoint } from '../points.js';
import type { FollowedSentence, PpoEpisode } from '../report-input.js';
import { pointName, type View } from '../view.js';

const SHOWN_OF_A_BATCH = 4;

/** Undefined where none were kept. */
export function ppoTexts(view: View): Markup | undefined {
  const { best, input } = view;
  const curve = best && input.curves.ppo.find(isPoint(best));
  if (!best || !curve) return undefined;
  const { episodes = [], followed = [] } = curve;
  if (episodes.length === 0) return undefined;
  const name = pointName(view, best);
  return html`<h3>What PPO saw</h3>
    ${episodesTable(`Episodes of ${name}: first, middle and last batch`, episodes, input.textLanguage)}
    ${followed.length > 0 && followedTable(`The same prompts along PPO, ${name}`, followed, input.textLanguage)}`;
}

function episodesTable(caption: string, episodes: readonly PpoEpisode[], language: string): Markup {
  return html`<p>
      The score is the reward model’s; with the KL penalty, which is −β times the KL, it makes the total reward. More of
      them, of every point: ppo/episodes.csv.
    </p>
    ${table(
      caption,
      [
        { name: 'batch', numeric: true },
        { name: 'prompt' },
        { name: 'response' },
        ...['score', 'KL (nats)', 'KL penalty', 'total'].map((name) => ({ name, numeric: true })),
      ],
      firstMiddleLast(episodes)
        .flatMap((rows) => rows.slice(0, SHOWN_OF_A_BATCH))
        .map(({ batch, query, response, score, kl, klPenalty, totalReward }) => ({
          cells: [
            batch,
            foreign(query, language),
            foreign(response, language),
            ...[score, kl, klPenalty, totalReward].map((figure) => fixed(figure, 2)),
          ],
        })),
    )}`;
}

/** A prompt a row: every measurement asks the same ones, in the same order. */
function followedTable(caption: string, followed: readonly FollowedSentence[], language: string): Markup {
  const shown = firstMiddleLast(followed);
  const cell = (sentence: FollowedSentence | undefined) =>
    sentence && html`${foreign(sentence.text, language)} <small>${fixed(sentence.score)}</small>`;
  return html`<p>
      Asked along the way under the same random numbers, with the sentiment that the measuring classifier finds; PPO
      never learns from these. More of them: ppo/followed.csv.
    </p>
    ${table(
      caption,
      [{ name: 'prompt' }, ...shown.map(([first]) => ({ name: afterWords(first?.batch ?? 0) }))],
      shown[0]!.map(({ prompt }, i) => ({ cells: [foreign(prompt, language), ...shown.map((rows) => cell(rows[i]))] })),
    )}`;
}

function afterWords(batches: number): string {
  return batches === 0 ? 'before PPO' : `after ${batches} ${batches === 1 ? 'batch' : 'batches'}`;
}

/** The rows of three batches; of fewer where there are no more. */
function firstMiddleLast<T extends { readonly batch: number }>(rows: readonly T[]): T[][] {
  const batches = [...new Set(rows.map(({ batch }) => batch))];
  const places = new Set([0, Math.floor((batches.length - 1) / 2), batches.length - 1]);
  return [...places].map((place) => rows.filter(({ batch }) => batch === batches[place]));
}
