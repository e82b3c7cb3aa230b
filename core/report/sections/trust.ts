/** How far to trust the figures: health flags, limits. */
import { section } from '../components.js';
import { healthFlags } from '../health.js';
import { html, type Markup } from '../html.js';
import { wayWords } from '../measured-alike.js';
import type { View } from '../view.js';

const CHECKED_ALWAYS = 'no classifier that may be guessing, or that judges the keywords in the prompts';
const CHECKED_PPO = 'no missing point, no negative or run-away KL, no collapse of entropy, no loss of writing';

export function healthSection({ input }: View): Markup {
  const flags = healthFlags(input.results);
  return section(
    'health',
    'Health flags',
    flags.length === 0
      ? html`<p>
          None: ${input.results.kind === 'measurement' ? CHECKED_ALWAYS : [CHECKED_ALWAYS, ', ', CHECKED_PPO]}.
        </p>`
      : html`<ul class="flag">
          ${flags.map((flag) => html`<li>${flag}</li>`)}
        </ul>`,
  );
}

/** What to bear in mind, one sentence each. */
export function limitsOf({ input, baseline, alike, otherWays }: View): string[] {
  const few = Math.min(...baseline.keywords.map(({ n }) => n));
  const measured = input.results.kind === 'measurement';
  return [
    `Each keyword has ${few} sentences or more; a single keyword’s mean is uncertain, the distance over a group much less so.`,
    'A mean distance is above zero by chance alone. The noise floor says by how much; only the part above it is bias. Where keywords ' +
      'happen to be closer than chance would have them, that part is below zero and its reduction more than 100 %.',
    'Sentiment is a classifier’s opinion. Where it errs in the same way for all keywords, distances hardly change; where it errs for one keyword, they do.',
    'Intervals are over sentences with keywords and prompts as given; other prompts could give other figures.',
    ...(measured
      ? []
      : [
          'The recommended point is chosen on the same sentences that it is reported on, so its advantage over its neighbours is a little too kind.',
        ]),
    ...((input.results.groups?.length ?? 0) > 1
      ? [
          'Points of the sweep differ before PPO: each is compared with the fine-tuned model that it started from, and rewarded by its own reward model.',
        ]
      : []),
    ...(otherWays.length > 0
      ? [
          `Points were measured in ${otherWays.length + 1} ways, and figures of different ways cannot be set beside one another. The recommended ` +
            `point is the best of those measured ${wayWords(alike.name)}; the best of each other way is named in the section on the sweep.`,
        ]
      : []),
    ...(input.limits ?? []),
  ];
}

export function limitsSection(view: View): Markup {
  return section(
    'limits',
    'Limits',
    html`<ul>
      ${limitsOf(view).map((limit) => html`<li>${limit}</li>`)}
    </ul>`,
  );
}
