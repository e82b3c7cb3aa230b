/** A made-up run for the tests of the report: invented scores, invented sentences, figures measured by `core/bias`. */
import { compareBias, measureBias, pairTests, rewardSummary, type ScoredSentence } from '../../../core/bias/index.js';
import { RandomSequence } from '../../../core/random/counter.js';
import { assembleResults, type PpoResult, type ReportInput, type Results } from '../../../core/report/index.js';

const TYPES = ['아파트', '오피스텔', '단독주택', '빌라', '반지하'];
const FIRST = ['가람', '나루', '다솔', '라온', '마루', '바름', '새솔', '아름', '자람', '차오름', '한빛'];
const SECOND = ['동', '구', '시', '읍', '면', '마을', '지구', '산', '천', '골', '벌', '섬', '들', '말'];
const REGIONS = FIRST.flatMap((first) => SECOND.map((second) => first + second)).slice(0, 151);

const TARGETS = [
  ...TYPES.map((keyword, i) => ({ keyword, group: 'types', positive: 0.85 - 0.17 * i })),
  ...REGIONS.map((keyword, i) => ({ keyword, group: 'regions', positive: 0.1 + (0.8 * ((i * 67) % 151)) / 150 })),
];

export const PLANTED = Object.fromEntries(TARGETS.map(({ keyword, positive }) => [keyword, 1 - positive]));

/** Ten sentences a keyword; `closeness` 0 keeps the keywords' own means, 1 makes them all the same. */
function sentences(closeness: number, step: number): ScoredSentence[] {
  return TARGETS.flatMap(({ keyword, group, positive }, k) => {
    const random = new RandomSequence({ seed: 11, stream: `synthetic-${step}`, step: k });
    const centre = positive + closeness * (0.6 - positive);
    return Array.from({ length: 10 }, (_, i) => ({
      keyword,
      group,
      promptIndex: Math.floor(i / 5),
      repetition: i % 5,
      text: `${keyword} 문장 ${i}`,
      score: Math.min(0.99, Math.max(0.01, centre + 0.5 * (random.next() - 0.5))),
    }));
  });
}

function biasOf(scored: readonly ScoredSentence[], perplexity: number): Results['bias']['baseline'] {
  return {
    ...measureBias({ sentences: scored, seed: 1, planted: PLANTED, replicates: 100 }),
    control: { distance: { types: 0.05, regions: 0.04 }, correlation: 0.11 },
    pairs: pairTests(scored, { seed: 1, listed: 10 }),
    reward: rewardSummary(scored.map(({ score }) => 6 * (score - 0.5))),
    quality: { generalPerplexity: perplexity, distinct2: 0.71 - perplexity / 1000, repetition: 0.021 },
  };
}

const CLOSENESS = [0.8, 0.5, 0.35, 0.9, 0.95];
const PERPLEXITY = [25.9, 25.1, 26.4, 38.2, 39.9];

function points(before: readonly ScoredSentence[], epochs: readonly number[]): PpoResult[] {
  return epochs.map((epoch) => {
    const after = sentences(CLOSENESS[epoch - 1]!, epoch);
    return {
      epochs: epoch,
      seed: 0,
      ...biasOf(after, PERPLEXITY[epoch - 1]!),
      change: compareBias(before, after, { seed: 1, replicates: 100 }),
    };
  });
}

/** Another measure that gives half of every score. */
function wordList({ keywords, distance, distanceDetail, pairs }: Results['bias']['baseline']) {
  return {
    name: 'word list',
    keywords: keywords.map(({ planted: _planted, ...row }) => ({ ...row, score: row.score / 2 })),
    distance,
    distanceDetail: distanceDetail!,
    pairs: { pairs: pairs!.pairs, significant: pairs!.significant },
    agreement: { spearman: 1, kendall: 1 },
  };
}

/** The first two points as if each had been measured in a way of its own, `n=1` and `n=2`. */
export function measuredInTwoWays(): Results {
  const results = syntheticResults();
  const { baseline } = results.bias;
  const ways = [1, 2].map((n) => {
    const point = { epochs: n, seed: 0, label: `epochs=${n} seed=0 n=${n}` };
    return { ...point, rule: 'the rule', qualityKept: true, measured: `n=${n}` };
  });
  return {
    ...results,
    ppo: results.ppo.slice(0, 2).map((point, i) => ({ ...point, label: ways[i]!.label, group: `n=${i + 1}` })),
    groups: ['n=1', 'n=2'].map((label) => ({ label, overrides: {}, measured: label, baseline })),
    best: ways[0]!,
    bestOfEach: ways,
  };
}

let made: Results | undefined;

/** Results with one point missing. */
export function syntheticResults(): Results {
  made ??= makeResults();
  return made;
}

function makeResults(): Results {
  const before = sentences(0, 0);
  return assembleResults({
    run: 'r-synthetic',
    preset: 'small',
    fingerprint: { onnxruntime: '1.30.0', threads: 2, cpu: 'x64' },
    stages: ['crawl', 'clean', 'explore', 'vocab-extend', 'finetune', 'bias-eval', 'reward', 'ppo', 'compare'].map(
      (name, i) => ({ name, seconds: [21.4, 3.2, 4.1, 0.8, 161.2, 44, 31, 212, 2.2][i]!, reused: i < 3 }),
    ),
    baseline: { ...biasOf(before, 24.1), measures: [wordList(biasOf(before, 24.1))] },
    reward: {
      accuracy: 0.812,
      n: 600,
      learningCurve: [150, 300, 600, 1200].map((trained, i) => ({
        trained,
        accuracy: 0.7 + 0.037 * i,
        interval: [0.66 + 0.037 * i, 0.74 + 0.037 * i],
        loss: 0.6 - 0.05 * i,
      })),
    },
    labelled: TYPES.map((keyword, i) => ({ keyword, labelled: 90 - 11 * i, total: 180 - 7 * i })),
    measure: {
      accuracy: 0.874,
      n: 800,
      reliability: [0.1, 0.5, 0.9].map((predicted, i) => ({
        low: predicted - 0.1,
        high: predicted + 0.1,
        n: [300, 20, 480][i]!,
        predicted,
        observed: predicted + 0.02,
      })),
    },
    measures: [
      { name: 'classifier', kind: 'classifier', range: [0, 1] },
      { name: 'word list', kind: 'lexicon', range: [-1, 1] },
    ],
    vocabulary: {
      candidates: 40,
      words: 3,
      effect: {
        texts: 12_031,
        changed: 900,
        tokensBefore: 300_000,
        tokensAfter: 291_000,
        sampledTexts: 200,
        sampledBytes: 20_000,
        bitsPerByteBefore: 1.25,
        bitsPerByteAfter: 1.3,
      },
    },
    differences: [
      { a: 'baseline', b: 'epochs=1 seed=0', group: 'types', difference: -0.2, interval: [-0.26, -0.14] },
      { a: 'epochs=1 seed=0', b: 'epochs=2 seed=0', group: 'types', difference: 0.01, interval: [-0.03, 0.05] },
    ],
    points: points(before, [1, 2, 3, 5]),
    expected: [1, 2, 3, 4, 5].map((epochs) => ({ epochs, seed: 0 })),
    failures: [{ epochs: 4, seed: 0, reason: 'GuardError: loss was not finite at batch 7' }],
  });
}

function curve(length: number, from: number, to: number, stream: string): number[] {
  const random = new RandomSequence({ seed: 5, stream, step: 0 });
  return Array.from({ length }, (_, i) => to + (from - to) * Math.exp((-4 * i) / length) + 0.1 * (random.next() - 0.5));
}

/** Sentences that would do harm if they were taken for markup. */
export const HOSTILE = [
  '<img src=x onerror="document.title=\'owned\'">',
  '</script><script>document.title="owned"</script>',
  '</style><style>body{display:none}</style>',
  '"><svg onload=alert(1)> &lt;b&gt; \u202e뒤집힘 \u0000 \ud800',
];

const STUDY: NonNullable<ReportInput['study']> = {
  name: 'invented study',
  reward: [
    { epochs: 0, mean: -0.5, median: -0.4, notNegative: 0.4 },
    { epochs: 1, mean: 0.9, median: 1.1, notNegative: 0.8 },
    { epochs: 2, mean: 0.1, median: 0.2, notNegative: 0.5 },
  ],
  distanceReduction: { types: 0.7, regions: 0.2 },
  labelledShare: [
    { labelled: 1000, total: 2500 },
    { labelled: 600, total: 1300 },
  ],
  rewardAccuracy: 0.8,
};

export function syntheticInput(change: Partial<ReportInput> = {}): ReportInput {
  return {
    title: 'Does a language model speak ill of some homes? (synthetic example)',
    textLanguage: 'ko',
    groupLabels: { types: 'housing types', regions: 'regions' },
    results: syntheticResults(),
    study: STUDY,
    curves: {
      finetune: curve(900, 7.2, 3.1, 'finetune').map((loss, i) => ({
        step: i + 1,
        loss,
        ...(i % 150 === 149 ? { validationLoss: loss + 0.25 } : {}),
      })),
      reward: curve(120, 0.69, 0.3, 'reward').map((loss, i) => ({ step: i + 1, loss })),
      ppo: [1, 2, 3, 5].map((epochs) => {
        const reward = curve(10, -0.1, 0.3 * epochs, `reward-${epochs}`);
        const entropy = curve(10, 3.4, 3.2 - 0.4 * epochs, `entropy-${epochs}`);
        return {
          epochs,
          seed: 0,
          batches: reward.map((value, i) => ({
            batch: i + 1,
            reward: value,
            kl: 0.2 * epochs * i,
            entropy: entropy[i]!,
          })),
          tradeOff: [0, 5, 10].map((batch) => ({
            batch,
            distance: { types: 0.3 - 0.02 * batch, regions: 0.27 - 0.01 * batch },
            floor: { types: 0.12, regions: 0.11 },
            generalPerplexity: 24.1 + 0.1 * epochs * batch,
          })),
          episodes: reward.flatMap((score, i) =>
            Array.from({ length: 6 }, (_, episode) => ({
              batch: i + 1,
              episode,
              query: `${TYPES[episode % 5]}는 요즘`,
              response: HOSTILE[episode] ?? ` 살기 좋은 곳이다 (${i + 1})`,
              score,
              kl: 0.2 * epochs * i,
              klPenalty: -0.02 * epochs * i,
              totalReward: score - 0.02 * epochs * i,
            })),
          ),
          followed: [0, 5, 10].flatMap((batch) =>
            TYPES.map((type, i) => ({
              batch,
              prompt: `${type}는`,
              text: HOSTILE[i] ?? `${type}는 살기 좋다 ${batch}`,
              score: 0.5 + 0.04 * batch,
            })),
          ),
          seconds: reward.map((_, i) => ({
            batch: i + 1,
            episodes: 128,
            phases: { generation: 2, optimisation: 4 * epochs, reward: 0.5 },
            total: 7 + 4 * epochs,
          })),
        };
      }),
    },
    samples: [
      {
        keyword: '반지하',
        group: 'types',
        prompt: '반지하는',
        before: '반지하는 비가 오면 물이 들어와서 살 곳이 못 된다는 말이 많다.',
        after: '반지하는 월세가 낮아서 처음 독립하는 사람에게 알맞은 집이다.',
        scoreBefore: 0.08,
        scoreAfter: 0.72,
      },
      ...HOSTILE.map((text) => ({ keyword: text, group: 'types', prompt: text, before: text, after: text })),
    ],
    generalSamples: ['오늘 아침에는', '비가 오는 날에는'].map((prompt) => ({
      kind: 'general',
      prompt,
      before: `${prompt} 창가에 앉아 차를 마셨다.`,
      after: `${prompt} 친구와 함께 걸었다.`,
    })),
    ratedPairs: 2,
    map: [
      {
        name: 'Twelve places',
        tiles: REGIONS.slice(0, 12).map((keyword, i) => ({ keyword, column: i % 4, row: Math.floor(i / 4) })),
      },
      { name: 'Elsewhere', tiles: [{ keyword: '딴곳', column: 0, row: 0 }] },
    ],
    cleaning: {
      collected: [
        { name: 'news', count: 9120 },
        { name: 'cafe', count: 6480 },
      ],
      kept: 12_031,
      dropped: [
        { name: 'deleted or hidden', count: 702 },
        { name: 'near duplicate', count: 1290 },
        { name: 'no keyword', count: 1577 },
      ],
    },
    explore: TARGETS.slice(0, 14).map(({ keyword }, i) => ({
      keyword,
      texts: 2275 - 130 * i,
      textsByYear: { '2020': 1000, '2021': 1275 - 130 * i },
      nouns: ['월세', '전세', '교통', '학군', '소음', '주차', '재개발', '관리비', '역세권', '층간'].map((name, j) => ({
        name,
        count: 300 - 20 * j,
        pmi: 1.5 - 0.2 * j,
        logLikelihood: 40 - 3 * j,
      })),
    })),
    vocabulary: ['재개발', '역세권', '초품아'].map((word, i) => ({
      word,
      replaced: `<unused${i}>`,
      piecesBefore: 3,
      count: 412 - 90 * i,
    })),
    vocabularyCandidates: [
      { word: '재개발', count: 412, piecesBefore: 3, piecesAfter: 1, saved: 824, decision: 'added' },
      { word: '대단지', count: 4, piecesBefore: 2, piecesAfter: 2, saved: 4, decision: 'too-rare' },
    ],
    limits: ['All of this is invented.'],
    reproduction: {
      configuration: 'preset: small\nppo:\n  epochs: [1, 2, 3, 4, 5]\n  learningRate: 3.0e-5\n',
      commands: ['npm ci', 'debias run --preset small'],
      digests: [{ name: 'finetune/model.safetensors', sha256: 'ab'.repeat(32) }],
      versions: { debias: '0.1.0', node: '20.20.2' },
    },
    ...change,
  };
}
