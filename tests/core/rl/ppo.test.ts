import { describe, expect, it } from 'vitest';
import { parseGpt2Config } from '../../../core/nn/index.js';
import { initialGpt2 } from '../../../core/nn/gpt2-parameters.js';
import type { Parameters } from '../../../core/nn/index.js';
import { defaultPpoSettings, PpoSettingsError, QueryError, ScoreError, trainPpo } from '../../../core/rl/index.js';
import type { Following, PpoSettings, PpoState, TrainPpoInput } from '../../../core/rl/index.js';
import { ppoPhases, type BatchSeconds } from '../../../core/rl/phase-seconds.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 24,
  n_positions: 16,
  n_embd: 16,
  n_layer: 2,
  n_head: 2,
  activation_function: 'gelu_new',
});
const policy = initialGpt2(config, 11);
const GOOD = 5;

/** Share of the wanted token, from −2 to 2: what a policy can plainly learn. */
const score: TrainPpoInput['score'] = async (responses) =>
  Float32Array.from(
    responses,
    (response) => (4 * response.filter((token) => token === GOOD).length) / response.length - 2,
  );

function inputOf(settings: Partial<PpoSettings>, rest: Partial<TrainPpoInput> = {}): TrainPpoInput {
  return {
    config,
    policy,
    reference: policy,
    queries: [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11, 12],
      [13, 14, 15],
    ],
    settings: {
      ...defaultPpoSettings,
      episodes: 24,
      batchSize: 8,
      responseTokens: 4,
      ppoEpochs: 2,
      learningRate: 1e-3,
      rolloutRows: 4,
      ...settings,
    },
    score,
    ...rest,
  };
}

function bytesOf(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, { data }]) => `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')}`)
    .join('\n');
}

async function statesOf(settings: Partial<PpoSettings>, rest: Partial<TrainPpoInput> = {}) {
  const states: PpoState[] = [];
  const checkpoint = async (state: PpoState) => void states.push(structuredClone(state));
  const result = await trainPpo(inputOf(settings, { hooks: { checkpoint }, ...rest }));
  return { result, states };
}

describe('trainPpo', () => {
  it.each([
    { profile: 'study' },
    { profile: 'trl-classic', klController: { kind: 'ziegler', coefficient: 0.1, target: 1, horizon: 100 } },
    { profile: 'trl-0.11', minibatchSize: 4, valueDropout: 0.1 },
    { profile: 'ziegler-2019', stepsPerRun: 1, valueDropout: 0.1, valueActivation: 'tanh' },
  ] as const)(
    'trainPpo with $profile gives the same bytes when it is resumed from its first checkpoint',
    async (settings) => {
      const whole = await statesOf(settings);
      expect(whole.states.map(({ batch }) => batch)).toEqual([1, 2, 3]);
      const resumed = await statesOf(settings, { resumeFrom: whole.states[0]! });
      expect(bytesOf(resumed.result.policy)).toBe(bytesOf(whole.result.policy));
      expect(bytesOf(resumed.result.valueHead)).toBe(bytesOf(whole.result.valueHead));
      expect(bytesOf(resumed.states.at(-1)!.v)).toBe(bytesOf(whole.states.at(-1)!.v));
      expect(resumed.result.curve).toEqual(whole.result.curve);
    },
  );

  it('trainPpo raises the reward', async () => {
    const { curve } = await trainPpo(
      inputOf({
        profile: 'trl-0.11',
        episodes: 640,
        batchSize: 32,
        learningRate: 3e-3,
        klController: { kind: 'fixed', coefficient: 0 },
      }),
    );
    const mean = (batches: typeof curve) =>
      batches.reduce((sum, { rewardMean }) => sum + rewardMean, 0) / batches.length;
    expect(mean(curve.slice(-5))).toBeGreaterThan(mean(curve.slice(0, 5)) + 1);
  });

  it('trainPpo stays nearer to the reference with a higher KL coefficient', async () => {
    const run = (coefficient: number) =>
      trainPpo(
        inputOf({
          profile: 'trl-0.11',
          episodes: 320,
          batchSize: 32,
          learningRate: 3e-3,
          klController: { kind: 'fixed', coefficient },
        }),
      );
    const [free, held] = [await run(0), await run(2)];
    expect(held.curve.at(-1)!.kl).toBeLessThan(free.curve.at(-1)!.kl / 2);
  });

  it('trainPpo tells what looks wrong with a run that runs away, and nothing of a calm one', async () => {
    const run = async (learningRate: number, coefficient: number) => {
      const klController = { kind: 'fixed', coefficient } as const;
      const sizes = { episodes: 640, batchSize: 32, ppoEpochs: 8 };
      const { health } = await trainPpo(inputOf({ profile: 'trl-0.11', learningRate, klController, ...sizes }));
      return health.map(({ problem }) => problem).toSorted();
    };
    expect(await run(0.3, 0)).toEqual(['entropy-collapse', 'kl-run-away', 'ratio-far-from-1', 'repeated-outputs']);
    expect(await run(1e-4, 0.1)).toEqual([]);
  });

  it('trainPpo tells of a value loss that grows with the scores, from the batch on where they do', async () => {
    let asked = 0;
    const grown: TrainPpoInput['score'] = async (responses, queries) => {
      asked += 1;
      return (await score(responses, queries)).map((value) => (asked > 2 ? value + 100 : value));
    };
    const { health } = await trainPpo(inputOf({ profile: 'trl-0.11' }, { score: grown }));
    expect(health).toMatchObject([{ problem: 'value-loss', batch: 2 }]);
  });

  it('trainPpo tells of a negative KL where texts are sampled otherwise than scored', async () => {
    const gain = policy['transformer.ln_f.weight']!;
    const peaked = { ...policy, 'transformer.ln_f.weight': { ...gain, data: gain.data.map((value) => 20 * value) } };
    // Drawn nearly evenly, so mostly what the peaked policy finds less likely than the flat reference does.
    const { health } = await trainPpo(inputOf({ profile: 'trl-0.11', temperature: 100 }, { policy: peaked }));
    expect(health).toMatchObject([
      { problem: 'sampled-otherwise', batch: 0 },
      { problem: 'negative-kl', batch: 0 },
    ]);
    const alike = await trainPpo(inputOf({ profile: 'trl-0.11' }, { policy: peaked }));
    expect(alike.curve[0]!.kl).toBeGreaterThan(0);
    expect(alike.health.map(({ problem }) => problem)).not.toContain('negative-kl');
  });

  it('trainPpo times every batch by the clock that it is given, and learns the same', async () => {
    const plain = await statesOf({});
    const told: BatchSeconds[] = [];
    let now = 0;
    const timing = { clock: () => (now += 1), record: (seconds: BatchSeconds) => void told.push(seconds) };
    const states: PpoState[] = [];
    const checkpoint = async (state: PpoState) => {
      // A batch's times are there before its checkpoint.
      expect(told).toHaveLength(state.batch);
      states.push(structuredClone(state));
    };
    const timed = await trainPpo(inputOf({}, { hooks: { checkpoint, timing } }));
    expect(told.map(({ batch, episodes }) => [batch, episodes])).toEqual([
      [0, 8],
      [1, 8],
      [2, 8],
    ]);
    // Each part looks at the clock twice, the batch before the first and after the last.
    for (const { phases, total } of told) {
      expect(Object.values(phases)).toEqual(ppoPhases.map(() => 1));
      expect(total).toBe(2 * ppoPhases.length + 1);
    }
    expect(timed).toEqual(plain.result);
    expect(states).toEqual(plain.states);
  });

  it('trainPpo logs ratios and whitened advantages of every token that an update saw', async () => {
    const { curve } = await trainPpo(inputOf({ profile: 'trl-0.11', minibatchSize: 4, ppoEpochs: 3 }));
    for (const entry of curve) {
      const { ratioHistogram, ratioMax, whitenedAdvantageMean, whitenedAdvantageHistogram, logProbHistogram } = entry;
      const size = ({ counts }: { readonly counts: readonly number[] }) =>
        counts.reduce((sum, count) => sum + count, 0);
      // 8 episodes of 4 tokens, 3 epochs.
      expect([ratioHistogram, whitenedAdvantageHistogram, logProbHistogram].map(size)).toEqual([96, 96, 32]);
      expect(ratioHistogram.greatest).toBe(ratioMax);
      expect(whitenedAdvantageMean).toBeCloseTo(0, 6);
      // Of the first epoch's first step, where nothing had been learned.
      expect(ratioHistogram.least).toBeLessThanOrEqual(1);
      expect(entry.updateValueError).toBeLessThanOrEqual(2 * entry.valueLoss + 1e-6);
      expect(entry.samples.map(({ episode }) => episode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });

  it('trainPpo draws the same first rollout whatever the number of epochs and the size of chunks', async () => {
    const [one, three, chunked] = [
      await trainPpo(inputOf({ ppoEpochs: 1 })),
      await trainPpo(inputOf({ ppoEpochs: 3 })),
      await trainPpo(inputOf({ rolloutRows: 2 })),
    ];
    expect(three.curve[0]!.samples).toEqual(one.curve[0]!.samples);
    expect(chunked.curve[0]!.samples.map(({ response }) => response)).toEqual(
      one.curve[0]!.samples.map(({ response }) => response),
    );
    expect(three.curve[1]!.samples.map(({ query }) => query)).toEqual(one.curve[1]!.samples.map(({ query }) => query));
  });

  it('trainPpo takes prompts of different lengths', async () => {
    const { curve } = await trainPpo(inputOf({ profile: 'ziegler-2019' }, { queries: [[1], [2, 3, 4, 5], [6, 7]] }));
    for (const { firstRatioError } of curve) expect(firstRatioError).toBeLessThan(1e-4);
    expect(Math.abs(curve[0]!.kl)).toBeLessThan(1e-5);
  });

  it('trainPpo gives trl-classic one step a sample, and reports each rollout and each run of steps', async () => {
    const done: number[] = [];
    const { curve } = await trainPpo(
      inputOf({ stepsPerRun: 8 }, { hooks: { progress: (progress) => void done.push(progress.done) } }),
    );
    expect(curve.map(({ steps }) => steps)).toEqual([16, 32, 48]);
    expect(done).toEqual([0, 4, 8, 8, 12, 16, 16, 20, 24]);
  });

  it.each([
    [{ episodes: 20 }, PpoSettingsError],
    [{ profile: 'trl-0.11', minibatchSize: 3 }, PpoSettingsError],
    [{ responseTokens: 14 }, PpoSettingsError],
    [{ temperature: 0 }, PpoSettingsError],
  ] as const)('trainPpo refuses settings %j', async (settings, problem) => {
    await expect(trainPpo(inputOf(settings))).rejects.toThrow(problem);
  });

  it('trainPpo refuses prompts and scores that cannot be used', async () => {
    await expect(trainPpo(inputOf({}, { queries: [] }))).rejects.toThrow(QueryError);
    await expect(trainPpo(inputOf({}, { score: async () => new Float32Array(3) }))).rejects.toThrow(ScoreError);
    await expect(trainPpo(inputOf({}, { score: async () => new Float32Array(8).fill(Number.NaN) }))).rejects.toThrow(
      ScoreError,
    );
  });

  it('trainPpo gives the same bytes however many steps a session run takes', async () => {
    const [many, one] = [await trainPpo(inputOf({})), await trainPpo(inputOf({ stepsPerRun: 1 }))];
    expect(bytesOf(one.policy)).toBe(bytesOf(many.policy));
    expect(one.curve).toEqual(many.curve);
  });

  it('trainPpo tells the same norm of gradients that nothing clips, whether a limit is set or not', async () => {
    const [free, limited] = [await trainPpo(inputOf({})), await trainPpo(inputOf({ maxGradNorm: 1e9 }))];
    expect(free.curve[0]!.gradNorm).toBeGreaterThan(0.01);
    expect(free.curve[0]!.gradNorm / limited.curve[0]!.gradNorm).toBeCloseTo(1, 5);
  });

  it('trainPpo with value dropout changes the value loss and neither the first rollout nor its ratios', async () => {
    const [without, dropped] = [await trainPpo(inputOf({})), await trainPpo(inputOf({ valueDropout: 0.5 }))];
    expect(dropped.curve[0]!.samples).toEqual(without.curve[0]!.samples);
    expect(dropped.curve[0]!.valueLoss).not.toBe(without.curve[0]!.valueLoss);
    expect(dropped.curve[0]!.firstRatioError).toBeLessThan(1e-4);
  });

  it('trainPpo with the early-value quirk reads old values one token early', async () => {
    const [aligned, early] = [await trainPpo(inputOf({})), await trainPpo(inputOf({ valueOffset: 1 }))];
    const said = ({ curve }: typeof early) => curve[0]!.samples.map(({ query, response }) => [query, response]);
    expect(said(early)).toEqual(said(aligned));
    expect(early.curve[0]!.valueMean).not.toBeCloseTo(aligned.curve[0]!.valueMean, 4);
    expect(early.curve[0]!.entropy).toBeCloseTo(aligned.curve[0]!.entropy, 4);
    await expect(trainPpo(inputOf({ valueOffset: 1 }, { queries: [[1]] }))).rejects.toThrow(QueryError);
  });

  /** Falls, then rises again: the best model is on the way. */
  const distances = [0.5, 0.4, 0.2, 0.3, 0.45];
  const follow = (stopAt?: Following['stopAt']): Following & { readonly seen: string[] } => {
    const seen: string[] = [];
    return {
      everyBatches: 1,
      seen,
      measure: async (parameters) => {
        const bytes = bytesOf(parameters);
        if (!seen.includes(bytes)) seen.push(bytes);
        return { distance: { g: distances[seen.indexOf(bytes)]! }, floor: { g: 0.1 }, generalPerplexity: 20 };
      },
      ...(stopAt ? { stopAt } : {}),
    };
  };

  it('trainPpo measures start, every so many batches and end, without changing what it learns', async () => {
    const plain = await trainPpo(inputOf({ episodes: 40 }));
    const following = { ...follow(), everyBatches: 2 };
    const { trajectory, policy: learned, stopped } = await trainPpo(inputOf({ episodes: 40 }, { following }));
    expect(trajectory.map(({ batch, episodes }) => [batch, episodes])).toEqual([
      [0, 0],
      [2, 16],
      [4, 32],
      [5, 40],
    ]);
    expect([trajectory[0]!.kl, trajectory[1]!.kl]).toEqual([undefined, plain.curve[1]!.kl]);
    expect(bytesOf(learned)).toBe(bytesOf(plain.policy));
    expect(stopped).toBeUndefined();
  });

  it('trainPpo stops by its rule and keeps the best model on the way, the same when it is resumed', async () => {
    const rule = { maxPerplexityRise: 0.1, patience: 2 };
    const following = follow(rule);
    const whole = await statesOf({ episodes: 80 }, { following });
    expect(whole.result.stopped).toEqual({
      batch: 4,
      kept: 2,
      reason: 'the distance has not fallen for 2 measurements',
    });
    expect(whole.result.curve).toHaveLength(4);
    expect(bytesOf(whole.result.policy)).toBe(following.seen[2]);
    for (const resumeFrom of whole.states) {
      const resumed = await statesOf({ episodes: 80 }, { following, resumeFrom });
      expect(resumed.result.stopped).toEqual(whole.result.stopped);
      expect(resumed.result.trajectory).toEqual(whole.result.trajectory);
      expect(bytesOf(resumed.result.policy)).toBe(bytesOf(whole.result.policy));
    }
  });
});
