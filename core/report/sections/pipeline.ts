/** The stages with their times, and how to get the same figures again. */
import { details, section, table } from '../components.js';
import { duration } from '../format.js';
import { html, type Markup } from '../html.js';
import type { View } from '../view.js';
import { ppoSecondsTable } from './ppo-seconds.js';

export function pipelineSection(view: View): Markup {
  const { stages } = view.input.results;
  const total = stages.filter(({ reused }) => !reused).reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = Math.max(...stages.map(({ seconds }) => seconds), 1e-9);
  return section(
    'pipeline',
    'Pipeline',
    html`<p>
      Work of this run: ${duration(total)}. A reused stage had been done before on the same inputs; its time is that of
      then.
    </p>`,
    table(
      'Stages in order',
      [{ name: 'stage' }, { name: 'time', numeric: true }, { name: 'beside the longest' }, { name: 'this run' }],
      stages.map(({ name, seconds, reused }) => ({
        cells: [name, duration(seconds), bar(seconds / longest, reused), reused ? 'reused' : 'done'],
      })),
    ),
    ppoSecondsTable(view),
  );
}

function bar(share: number, reused: boolean): Markup {
  return html`<svg class="bar" width="120" height="10" viewBox="0 0 120 10" aria-hidden="true">
    <rect width="${(120 * share).toFixed(1)}" height="10" rx="2" fill="${reused ? 'var(--rule)' : 'var(--after)'}" />
  </svg>`;
}

export function reproduceSection({ input }: View): Markup {
  const { configuration, commands, digests, versions } = input.reproduction;
  const { fingerprint } = input.results;
  return section(
    'reproduce',
    'How to reproduce',
    html`<p>The same configuration on the same fingerprint gives the same bytes.</p>
      <pre tabindex="0" aria-label="Commands">${commands.join('\n')}</pre>`,
    table(
      'Versions and fingerprint',
      [{ name: 'what' }, { name: 'value' }],
      [...Object.entries(versions), ...fingerprintRows(fingerprint)].map(([name, value]) => ({
        cells: [name, html`<code>${value}</code>`],
      })),
    ),
    digests.length > 0 &&
      details(
        `Digests (${digests.length})`,
        table(
          'sha256 of what went in and came out',
          [{ name: 'what' }, { name: 'sha256' }],
          digests.map(({ name, sha256 }) => ({ cells: [name, html`<code>${sha256}</code>`] })),
        ),
      ),
    details(
      'Resolved configuration',
      html`<pre tabindex="0" aria-label="Resolved configuration">${configuration}</pre>`,
    ),
  );
}

function fingerprintRows(fingerprint: View['input']['results']['fingerprint']): [string, string][] {
  if (typeof fingerprint === 'string') return [['fingerprint', fingerprint]];
  return Object.entries(fingerprint).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : (JSON.stringify(value) ?? '–'),
  ]);
}
