/** How far to trust the figures: the classifiers' own quality, health flags, limits. */
import { section, table } from '../components.js';
import { count, percent } from '../format.js';
import { healthFlags } from '../health.js';
import { html, type Markup } from '../html.js';
import type { View } from '../view.js';

export function classifiersSection({ input }: View): Markup {
  const { reward, measure } = input.results;
  const published = input.study?.rewardAccuracy;
  const row = (name: string, use: string, of: { readonly accuracy: number; readonly n?: number }) => ({
    cells: [name, use, percent(of.accuracy, 1), of.n === undefined ? '–' : count(of.n)],
  });
  return section(
    'classifiers',
    'The two classifiers',
    html`<p>
      The classifier that measures is never the one that rewards: otherwise a model could please its judge without
      changing.${published === undefined ? '' : ` The study’s reward model reached about ${percent(published)}.`}
    </p>`,
    table(
      'Accuracy on held-out labelled sentences',
      [
        { name: 'classifier' },
        { name: 'used for' },
        { name: 'accuracy', numeric: true },
        { name: 'sentences', numeric: true },
      ],
      [
        row('reward model', 'training with PPO', reward),
        ...(measure ? [row('measuring classifier', 'every sentiment in this report', measure)] : []),
      ],
    ),
  );
}

export function healthSection({ input }: View): Markup {
  const flags = healthFlags(input);
  return section(
    'health',
    'Health flags',
    flags.length === 0
      ? html`<p>None: no missing point, no negative or run-away KL, no collapse of entropy, no loss of writing.</p>`
      : html`<ul class="flag">
          ${flags.map((flag) => html`<li>${flag}</li>`)}
        </ul>`,
  );
}

export function limitsSection({ input, baseline }: View): Markup {
  const few = Math.min(...baseline.keywords.map(({ n }) => n));
  const limits = [
    `Each keyword has ${few} sentences or more; a single keyword’s mean is uncertain, the distance over a group much less so.`,
    'A mean distance is above zero by chance alone. The noise floor says by how much; only the part above it is bias.',
    'Sentiment is a classifier’s opinion. Where it errs in the same way for all keywords, distances hardly change; where it errs for one keyword, they do.',
    'Intervals are over sentences with keywords and prompts as given; other prompts could give other figures.',
    'The recommended point is chosen on the same sentences that it is reported on, so its advantage over its neighbours is a little too kind.',
    ...(input.limits ?? []),
  ];
  return section(
    'limits',
    'Limits',
    html`<ul>
      ${limits.map((limit) => html`<li>${limit}</li>`)}
    </ul>`,
  );
}
