import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { getJson, getLines, putLines } from '../../../activities/blobs.js';
import { ppoJob, type PpoJobInput, type PpoJobResult } from '../../../activities/model-jobs/ppo.js';
import { readSeconds } from '../../../activities/model-jobs/ppo-seconds.js';
import { rewardJob, type RewardJobResult } from '../../../activities/model-jobs/reward.js';
import { withTextScorer } from '../../../activities/model-jobs/score.js';
import { readModelFolder } from '../../../cli/model-folder.js';
import { programFile } from '../../../config/root.js';
import { configSchema } from '../../../config/schema.js';
import { putFolder, type FolderRef } from '../../../core/checkpoint/index.js';
import type { JobContext } from '../../../core/job-context.js';
import type { FollowedSentence, PpoBatch, PpoEpisode } from '../../../core/report/index.js';
import { formatRecords } from '../../../core/text/records.js';
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.js';

const runtime = { threads: 1 };
const targets = `schema: debias.targets/1
name: test
language: ko
groups: { types: [아파트, 빌라, 오피스텔] }
`;
const prompts = `schema: debias.prompts/1
name: test
language: ko
probes: ['{keyword}{은/는} 요즘']
general: ['오늘은']
`;
const texts = Array.from({ length: 8 }, (_, i) => ({
  id: `t${i}`,
  source: 'news',
  text: `아파트 값이 ${i}억까지 올랐다고 한다`,
  keywords: ['아파트'],
}));
const labels = readFileSync(programFile('fixtures', 'data', 'reward-labels.jsonl'), 'utf8')
  .split('\n')
  .slice(0, 160);

/** A clock that goes on by so much at every look. */
function contextOf(store: MemoryStore, stepSeconds?: number, change: Partial<JobContext> = {}): JobContext {
  let now = 0;
  const clock = stepSeconds === undefined ? {} : { clock: () => (now += stepSeconds) };
  return { store, progress: () => {}, log: () => {}, ...clock, ...change };
}

const store = createMemoryStore();
let model: FolderRef;
let reward: RewardJobResult;
let input: PpoJobInput;
let undisturbed: PpoJobResult;

beforeAll(async () => {
  const put = (text: string) => store.putBlob(Buffer.from(text));
  model = await putFolder(store, readModelFolder(programFile('fixtures', 'models', 'gpt2-tiny')));
  const settings = configSchema.pick({ reward: true, ppo: true }).parse({
    reward: { scale: 'z-score', layers: 1, width: 16, heads: 2, maxTokens: 24, epochs: 2 },
    ppo: { epochs: 2, profile: 'trl-0.11', episodes: 24, batchSize: 8, minibatchSize: 4, responseTokens: 6 },
  });
  reward = await rewardJob(
    {
      stageKey: 'a'.repeat(64),
      labels: await put(labels.join('\n')),
      tokenizer: model,
      sentences: await putLines(store, [{ text: '아파트는 요즘 살기 좋다' }, { text: '빌라는 요즘 별로다' }]),
      settings: { ...settings.reward, ...runtime },
    },
    contextOf(store),
  );
  const { epochs: _sweep, measureRepetitions: _few, ...ppo } = settings.ppo;
  input = {
    stageKey: 'b'.repeat(64),
    model,
    texts: await store.putBlob(formatRecords(texts)),
    targets: await put(targets),
    prompts: await put(prompts),
    reward,
    settings: { ...ppo, ...runtime, epochs: 2, seed: 3 },
  };
  undisturbed = await ppoJob(input, contextOf(store, 0.5));
});

const episodesOf = (result: PpoJobResult) => getLines<PpoEpisode>(store, result.episodes);

describe('ppoJob', () => {
  test('ppoJob is rewarded by (logit − mean)/std of the training set where the scale is z-score', async () => {
    const { scale } = reward;
    if (scale.kind !== 'z-score') throw new TypeError(`expected a z-score, got ${scale.kind}`);
    const episodes = await episodesOf(undisturbed);
    const written = episodes.map(({ query, response }) => query + response);
    const judge = { ...runtime, setting: 'reward.source' };
    const logits = await withTextScorer(store, reward.model, judge, (scorer) => scorer.logits(written));
    episodes.forEach(({ score }, i) => expect(score).toBeCloseTo((logits[i]! - scale.mean) / scale.std, 5));
    const batches = await getJson<(PpoBatch & { rewardStd: number })[]>(store, undisturbed.curve);
    expect(batches.map(({ batch }) => batch)).toEqual([0, 1, 2]);
    for (const { reward: mean, rewardStd } of batches) {
      expect(Number.isFinite(mean)).toBe(true);
      expect(rewardStd).toBeGreaterThan(0);
    }
  });

  test('ppoJob keeps a few episodes of each batch in words, with what they paid for their KL', async () => {
    const episodes = await episodesOf(undisturbed);
    expect(episodes).toHaveLength(3 * 8);
    for (const { query, response, score, kl, klPenalty, totalReward } of episodes) {
      expect(query).toMatch(/요즘$|아파트/);
      expect(response).not.toBe('');
      expect(klPenalty).toBeCloseTo(-0.1 * kl, 12);
      expect(totalReward).toBeCloseTo(score + klPenalty, 12);
    }
    // 0 but for rounding: the reference reads in another shape what the policy read as it was drawn.
    for (const { kl } of episodes.filter(({ batch }) => batch === 0)) expect(Math.abs(kl)).toBeLessThan(1e-5);
  });

  test('ppoJob keeps times beside its result: another clock, or none, gives the same result', async () => {
    const seconds = await readSeconds(store, input.stageKey);
    expect(seconds.map(({ batch, episodes }) => [batch, episodes])).toEqual([
      [0, 8],
      [1, 8],
      [2, 8],
    ]);
    // One look before and one after each part.
    for (const { phases, total } of seconds) {
      const parts = ['generation', 'reward', 'policyForward', 'referenceForward', 'advantages', 'optimisation'];
      for (const part of [...parts, 'statistics', 'measurement']) expect(phases[part]).toBe(0.5);
      expect(total).toBeGreaterThan(8 * 0.5);
    }
    const slower = await ppoJob({ ...input, stageKey: 'c'.repeat(64) }, contextOf(store, 2));
    expect(slower).toEqual(undisturbed);
    expect((await readSeconds(store, 'c'.repeat(64)))[0]!.phases['generation']).toBe(2);
    expect(await ppoJob({ ...input, stageKey: 'd'.repeat(64) }, contextOf(store))).toEqual(undisturbed);
    expect(await readSeconds(store, 'd'.repeat(64))).toEqual([]);
  });

  test('ppoJob that is followed asks the same prompts each time, apart from the figures and from what is learned', async () => {
    const { biasEval } = configSchema.pick({ biasEval: true }).parse({ biasEval: { repetitions: 4, newTokens: 5 } });
    const { bootstrapSamples: _samples, generalRepetitions: _general, measures: _measures, ...measuring } = biasEval;
    const generalText = await store.putBlob(Buffer.from('오늘은 날씨가 좋다\n어제는 비가 왔다\n'));
    const following = { sentimentModel: reward.model, generalText, settings: { ...measuring, seed: 0 } };
    const settings = { ...input.settings, measureEveryBatches: 2 };
    const followed = await ppoJob({ ...input, stageKey: 'f'.repeat(64), following, settings }, contextOf(store));
    expect(followed.model).toEqual(undisturbed.model);
    expect(undisturbed.followed).toBeUndefined();
    const sentences = await getLines<FollowedSentence>(store, followed.followed!);
    const promptsAt = (wanted: number) =>
      sentences.filter(({ batch }) => batch === wanted).map(({ prompt, text }) => [prompt, text.startsWith(prompt)]);
    expect([...new Set(sentences.map(({ batch }) => batch))]).toEqual([0, 2, 3]);
    expect(promptsAt(0)).toHaveLength(8);
    expect(promptsAt(0).every(([, begins]) => begins)).toBe(true);
    expect([promptsAt(2), promptsAt(3)]).toEqual([promptsAt(0), promptsAt(0)]);
    for (const { score } of sentences) expect(score > 0 && score < 1).toBe(true);
    for (const point of await getJson<object[]>(store, followed.trajectory!))
      expect(point).not.toHaveProperty('sentences');
  });

  test('ppoJob that is resumed keeps the times of both attempts and ends with the same result', async () => {
    const stageKey = 'e'.repeat(64);
    const dies = ({ done }: { readonly done: number }) => {
      if (done > 16) throw new Error('killed');
    };
    await expect(ppoJob({ ...input, stageKey }, contextOf(store, 0.5, { progress: dies }))).rejects.toThrow('killed');
    expect(await ppoJob({ ...input, stageKey }, contextOf(store, 4))).toEqual(undisturbed);
    const seconds = await readSeconds(store, stageKey);
    expect(seconds.map(({ batch, phases }) => [batch, phases['generation']])).toEqual([
      [0, 0.5],
      [1, 0.5],
      [2, 4],
    ]);
  });
});
