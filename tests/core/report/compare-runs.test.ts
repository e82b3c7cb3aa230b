import { describe, expect, it } from 'vitest';
import {
  compareRuns,
  comparisonText,
  type ComparedRun,
  type ProbedSentence,
  type RunComparison,
} from '../../../core/report/index.js';
import { simulate } from '../bias/simulated.js';
import { syntheticResults } from './synthetic-input.js';

const wide = Array.from({ length: 12 }, (_, k) => 0.05 + 0.08 * k);
const close = wide.map(() => 0.8);

function asked(setting: Parameters<typeof simulate>[0]): ProbedSentence[] {
  return simulate(setting).map((sentence) => ({ ...sentence, prompt: `${sentence.keyword} ${sentence.promptIndex}` }));
}

function runOf(
  name: string,
  truth: readonly number[],
  epochs: number,
  change: Partial<ComparedRun['results']> = {},
): ComparedRun {
  return {
    results: { ...syntheticResults(), run: name, inputs: { targets: 'aa', config: name }, ...change },
    configuration: { ppo: { epochs: [epochs], learningRate: 3e-5 }, name: 'same' },
    sentences: asked({ truth, repetitions: 20, seed: epochs }),
  };
}

function studyAndMeasurement(): [ComparedRun, ComparedRun] {
  const study = runOf('a', wide, 1);
  const measurement = runOf('b', wide, 1, { kind: 'measurement', inputs: study.results.inputs! });
  return [
    {
      ...study,
      configuration: { crawl: { concurrency: 2 }, biasEval: { repetitions: 5, topK: 50 }, ppo: { epochs: [1] } },
    },
    { ...measurement, configuration: { biasEval: { repetitions: 20, topK: 50, stop: '.' } } },
  ];
}

describe('compareRuns', () => {
  it('tells of each run which points cannot be told apart from its recommended one', () => {
    const { tied: _tied, ...clear } = syntheticResults().best!;
    const comparison = compareRuns([runOf('a', wide, 1), runOf('b', wide, 1, { best: clear })]);
    expect(comparison.ties.map(({ run }) => run)).toEqual(['a']);
    expect(comparisonText(comparison)).toMatch(
      /^a: epochs=2 seed=0 \(difference .* cannot be told apart from epochs=1 seed=0,/m,
    );
  });

  it('shows the settings and inputs that differ, and no others', () => {
    const other = runOf('b', close, 2, { inputs: { targets: 'bb', config: 'b' } });
    const { settings, inputs } = compareRuns([runOf('a', wide, 1), other]);
    expect(settings).toEqual([{ name: 'ppo.epochs', values: ['[1]', '[2]'] }]);
    expect(inputs).toEqual([{ name: 'targets', values: ['aa', 'bb'] }]);
  });

  it('sums up the sections that only one kind of run has, and keeps the settings that both kinds could have', () => {
    const [study, measurement] = studyAndMeasurement();
    const { settings, sections } = compareRuns([study, measurement, measurement]);
    expect(sections).toEqual([{ kind: 'study', runs: ['a'], sections: ['crawl', 'ppo'] }]);
    expect(settings.map(({ name }) => name)).toEqual(['biasEval.repetitions', 'biasEval.stop']);
  });

  it('lists a section that one of several runs of a kind lacks', () => {
    const { settings, sections } = compareRuns([runOf('a', wide, 1), { ...runOf('b', wide, 1), configuration: {} }]);
    expect(sections).toEqual([]);
    expect(settings.map(({ name }) => name)).toEqual(['name', 'ppo.epochs', 'ppo.learningRate']);
  });

  it('finds a planted change of score and distance, and none between a run and itself', () => {
    const [first, other] = [runOf('a', wide, 1), runOf('b', close, 2)];
    const [change] = compareRuns([first, other]).changes;
    expect(change).toMatchObject({ run: 'b', model: 'recommended', group: 'g', sentences: 480 });
    // Scores are 0.8 times the truth, so the means rise by 0.8 times the difference of the truths.
    const planted = 0.8 * (0.8 - wide.reduce((sum, p) => sum + p, 0) / wide.length);
    expect(Math.abs(change!.shift.difference - planted)).toBeLessThan(0.06); // three standard errors
    expect(change!.shift.pValue).toBeLessThan(0.05);
    const [low, high] = change!.shift.interval!;
    expect(low < planted && planted < high).toBe(true);
    expect(change!.distance.interval![0]).toBeGreaterThan(0);
    const [same] = compareRuns([first, first]).changes;
    expect(same).toMatchObject({ shift: { difference: 0, pValue: 1 }, distance: { reduction: 0, pValue: 1 } });
  });

  it('compares the fine-tuned models too where they differ, and leaves them out where they do not', () => {
    const [first, other] = [runOf('a', wide, 1), runOf('b', close, 2)];
    const alike = compareRuns([
      { ...first, baseline: first.sentences },
      { ...other, baseline: first.sentences },
    ]);
    expect(alike.changes.map(({ model }) => model)).toEqual(['recommended']);
    const unlike = compareRuns([
      { ...first, baseline: first.sentences },
      { ...other, baseline: other.sentences },
    ]);
    expect(unlike.changes.map(({ model }) => model)).toEqual(['fine-tuned', 'recommended']);
  });

  it('lists the figures that differ, and no others', () => {
    const first = runOf('a', wide, 1);
    const [best, ...rest] = first.results.ppo;
    const quality = { ...best!.quality, generalPerplexity: 30 };
    const other = runOf('b', wide, 1, { ppo: [{ ...best!, quality }, ...rest] });
    expect(compareRuns([first, other]).figures).toEqual([{ name: 'perplexity, after', values: ['25.9', '30.0'] }]);
  });

  it('gives mean reward and distinct-2 before mitigation too', () => {
    const first = runOf('a', wide, 1);
    const { baseline } = first.results.bias;
    const changed = { ...baseline, reward: { ...baseline.reward!, mean: 7 }, quality: { distinct2: 0.1234 } };
    const { figures } = compareRuns([first, runOf('b', wide, 1, { bias: { baseline: changed } })]);
    expect(figures).toContainEqual({
      name: 'mean reward, before',
      values: [baseline.reward!.mean.toFixed(3).replace('-', '−'), '7.000'],
    });
    expect(figures).toContainEqual({ name: 'distinct-2, before', values: ['0.686', '0.123'] });
  });

  it('sets a measurement against the fine-tuned and the recommended model of a study, each named', () => {
    const [study, measurement] = studyAndMeasurement();
    const both = { ...study, baseline: asked({ truth: close, repetitions: 20, seed: 9 }) };
    const models = ({ changes }: RunComparison) => changes.map(({ run, against, model }) => [run, against, model]);
    const { changes, ...rest } = compareRuns([both, measurement]);
    expect(models({ changes, ...rest })).toEqual([
      ['b', 'fine-tuned', 'measured'],
      ['b', 'recommended', 'measured'],
    ]);
    expect(changes[0]!.shift.difference).not.toBe(0);
    expect(changes[1]).toMatchObject({ shift: { difference: 0 } }); // simulated alike
    expect(models(compareRuns([measurement, both]))).toEqual([
      ['a', 'measured', 'fine-tuned'],
      ['a', 'measured', 'recommended'],
    ]);
  });

  it('sets a measurement against the fine-tuned model alone where nothing was mitigated', () => {
    const [study, measurement] = studyAndMeasurement();
    const unmitigated = { ...study, results: { ...study.results, ppo: [], best: null } };
    const { changes } = compareRuns([unmitigated, measurement]);
    expect(changes.map(({ against, model }) => [against, model])).toEqual([['fine-tuned', 'measured']]);
  });

  it('pairs two measurements once, and two studies by the name of their models', () => {
    const [study, measurement] = studyAndMeasurement();
    const models = (run: ComparedRun) => compareRuns([run, run]).changes.map(({ against, model }) => [against, model]);
    expect(models(measurement)).toEqual([['measured', 'measured']]);
    expect(models(study)).toEqual([['recommended', 'recommended']]);
  });

  it('gives the figures of a measurement in rows that claim neither before nor after', () => {
    const [study, measurement] = studyAndMeasurement();
    const { baseline } = measurement.results.bias;
    const quality = { ...baseline.quality, selfBleu4: 0.4567 };
    const measured = {
      ...measurement,
      results: { ...measurement.results, ppo: [], best: null, bias: { baseline: { ...baseline, quality } } },
    };
    const { figures } = compareRuns([study, measured]);
    const ofStudy = figures.filter(({ values }) => values[0] !== undefined);
    const ofMeasurement = figures.filter(({ values }) => values[1] !== undefined);
    expect(ofStudy.map(({ name }) => name)).not.toContainEqual(expect.stringContaining('measured'));
    expect(ofMeasurement.map(({ name, values }) => [name, values[1]])).toEqual([
      ['distance regions, measured', baseline.distance['regions']!.toFixed(3)],
      ['distance types, measured', baseline.distance['types']!.toFixed(3)],
      ['distinct-2, measured', '0.686'],
      ['pairs that differ, measured', `${baseline.pairs!.significant.toLocaleString('en')} of 12,090`],
      ['perplexity, measured', '24.1'],
      ['self-BLEU 4, measured', '0.457'],
    ]);
  });

  it('pairs only probes that both answered, and names a run that answered none', () => {
    const first = runOf('a', wide, 1);
    const half = { ...first, sentences: first.sentences.filter(({ promptIndex }) => promptIndex === 0) };
    expect(compareRuns([first, half]).changes[0]!.sentences).toBe(240);
    const none = { ...runOf('c', wide, 1), sentences: asked({ truth: wide, group: 'other', seed: 1 }) };
    expect(compareRuns([first, none])).toMatchObject({ changes: [], unpaired: ['c'] });
  });

  it('pairs no answers to other prompts, though they stand in the same places of their lists', () => {
    const first = runOf('a', wide, 1);
    const sentences = first.sentences.map((sentence) =>
      sentence.promptIndex === 0 ? { ...sentence, prompt: `what of ${sentence.keyword}` } : sentence,
    );
    expect(compareRuns([first, { ...first, sentences }]).changes[0]!.sentences).toBe(240);
  });

  it('warns where another classifier scored', () => {
    const stages = [{ name: 'sentiment', seconds: 1, reused: false, digest: 'x' }];
    const other = runOf('b', wide, 1, { stages });
    expect(compareRuns([runOf('a', wide, 1), other]).otherJudge).toEqual(['b']);
  });
});

describe('comparisonText', () => {
  it('says so when nothing differs', () => {
    const run = runOf('a', wide, 1);
    expect(comparisonText(compareRuns([run, run]))).toContain(
      'The runs have the same configuration and the same inputs.',
    );
  });

  it('says in one line which sections only the study has', () => {
    const [study, measurement] = studyAndMeasurement();
    const text = comparisonText(compareRuns([study, measurement]));
    expect(text).toContain('Only the study has settings of crawl, ppo.');
    expect(text).toMatch(/biasEval.repetitions +5 +20/);
    expect(text).not.toContain('ppo.epochs');
    expect(comparisonText(compareRuns([study, measurement, { ...study }]))).toContain('Only the studies have settings');
  });

  it('names both models of a row where they are different ones', () => {
    const [study, measurement] = studyAndMeasurement();
    const text = comparisonText(compareRuns([{ ...study, baseline: study.sentences }, measurement]));
    expect(text).toMatch(/^b +fine-tuned → measured +g /m);
    expect(text).toMatch(/^b +recommended → measured +g /m);
    expect(comparisonText(compareRuns([study, study]))).toMatch(/^a +recommended +g /m);
  });

  it('claims no equal configuration where a kind has sections of its own', () => {
    const [study, measurement] = studyAndMeasurement();
    const alike = { ...study, configuration: { crawl: { concurrency: 2 } } };
    const text = comparisonText(compareRuns([alike, { ...measurement, configuration: {} }]));
    expect(text).toContain('The runs have the same inputs and agree in every setting that both kinds of run have.');
  });
});
