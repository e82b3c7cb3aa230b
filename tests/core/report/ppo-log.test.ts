import { describe, expect, it } from 'vitest';
import { ppoLogFiles, type PpoCurve } from '../../../core/report/index.js';
import { parseCsv } from '../../../core/text/csv.js';

const batch = { batch: 0, reward: 0.5, kl: 0, entropy: 3, approxKl: 0.01, klHistogram: { counts: [1] } };
const episode = { batch: 0, episode: 3, query: '집은', response: ' 좋다', score: 1, kl: 2 };
const curve: PpoCurve = {
  epochs: 2,
  seed: 1,
  label: 'epochs=2 seed=1',
  batches: [batch, { ...batch, batch: 1, kl: 1.5 }],
  episodes: [{ ...episode, klPenalty: -0.2, totalReward: 0.8 }],
  seconds: [{ batch: 0, episodes: 10, phases: { optimisation: 3, generation: 1 }, total: 5 }],
};
const cellsOf = (csv: string | undefined) => parseCsv(csv!).map(({ cells }) => cells);

describe('ppoLogFiles', () => {
  it('ppoLogFiles gives every number of every batch a column, the batch first', () => {
    expect(cellsOf(ppoLogFiles([curve])['ppo/batches.csv'])).toEqual([
      ['point', 'epochs', 'seed', 'batch', 'reward', 'kl', 'entropy', 'approxKl'],
      ['epochs=2 seed=1', '2', '1', '0', '0.5', '0', '3', '0.01'],
      ['epochs=2 seed=1', '2', '1', '1', '0.5', '1.5', '3', '0.01'],
    ]);
  });

  it('ppoLogFiles gives whole batches as JSON lines, histograms included', () => {
    const lines = ppoLogFiles([curve])['ppo/batches.jsonl']!.trimEnd().split('\n');
    const point = { point: 'epochs=2 seed=1', epochs: 2, seed: 1 };
    expect(lines.map((line) => JSON.parse(line))).toEqual(curve.batches.map((one) => ({ ...point, ...one })));
  });

  it('ppoLogFiles gives times with the episodes a second, parts in their order', () => {
    expect(cellsOf(ppoLogFiles([curve])['ppo/seconds.csv'])).toEqual([
      ['point', 'epochs', 'seed', 'batch', 'generation', 'optimisation', 'total', 'episodes_per_second'],
      ['epochs=2 seed=1', '2', '1', '0', '1', '3', '5', '2'],
    ]);
  });

  it.each(['=HYPERLINK("http://example.org")', '+1', '-1', '@SUM(A1)', '\tx', '＝1', 'a "quote",\r\nand a line'])(
    'ppoLogFiles keeps a response that reads %j as text',
    (response) => {
      const hostile = { ...curve, episodes: [{ ...curve.episodes![0]!, query: response, response }] };
      const [head, row, ...more] = cellsOf(ppoLogFiles([hostile])['ppo/episodes.csv']);
      expect(head!.slice(3)).toEqual([
        'batch',
        'episode',
        'query',
        'response',
        'score',
        'kl',
        'kl_penalty',
        'total_reward',
      ]);
      expect(more).toEqual([]);
      const shown = response.startsWith('a ') ? response : `'${response}`;
      expect(row!.slice(3)).toEqual(['0', '3', shown, shown, '1', '2', '-0.2', '0.8']);
    },
  );

  it('ppoLogFiles has a file of followed prompts where some were followed', () => {
    expect(ppoLogFiles([curve])).not.toHaveProperty('ppo/followed.csv');
    const followed = { ...curve, followed: [{ batch: 4, prompt: '집은', text: '=집은 좋다', score: 0.75 }] };
    expect(cellsOf(ppoLogFiles([curve, followed])['ppo/followed.csv'])).toEqual([
      ['point', 'epochs', 'seed', 'batches_trained', 'prompt', 'text', 'sentiment'],
      ['epochs=2 seed=1', '2', '1', '4', '집은', "'=집은 좋다", '0.75'],
    ]);
  });

  it('ppoLogFiles makes no file where no PPO was run', () => {
    expect(ppoLogFiles([])).toEqual({});
  });
});
