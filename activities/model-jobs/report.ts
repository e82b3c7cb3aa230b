/** Job report: writes what a person reads at the end: results, pages, cards, sentences and the table for the terminal. */

import { stringify } from 'yaml';
import { parseReference, parseTargets } from '../../config/study-data.js';
import type { ScoredSentence } from '../../core/bias/index.js';
import type { Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import {
  assembleResults,
  type ClassifierResult,
  type LossPoint,
  type ModelSentences,
  type PpoBatch,
  type ReportInput,
  type Results,
  type SamplePair,
} from '../../core/report/index.js';
import type { Exploration } from '../../core/text/explore.js';
import type { VocabularyCandidate } from '../../core/text/vocabulary-candidates.js';
import { getJson, getLines, getText } from '../blobs.js';
import type { StudyResults, WriteReportInput } from '../study-results.js';
import { readStudyConfig, type StudyInputs } from '../study.js';
import type { ClassifierJobResult } from './classifier.js';
import type { MeasuredSentence } from './bias-eval.js';
import type { Comparison } from './compare.js';
import { exploredTexts } from './explored-texts.js';
import { labelledShares } from './labelled-shares.js';
import { putReport, type ReportFiles } from './report-files.js';
import type { ReplacedWord } from './vocab-extend.js';

const samplesShown = 12;
const rowsShown = 200;

export function classifierResult({ quality, trained, nearDuplicates }: ClassifierJobResult): ClassifierResult {
  return { ...quality, trained, nearDuplicates };
}

/** How each stage went, without what only a workflow knows. */
export function stageRows(stages: WriteReportInput['stages']) {
  return stages.map(({ name, seconds = 0, reused = false, key = '', digest = '' }) => ({
    name,
    seconds,
    reused,
    key,
    digest,
  }));
}

/** Digests of what a study starts from, by name. */
export function inputDigests(study: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(study).flatMap(([name, ref]: [string, unknown]) =>
      typeof ref === 'object' && ref !== null && 'sha256' in ref && typeof ref.sha256 === 'string'
        ? [[name, ref.sha256]]
        : [],
    ),
  );
}

async function readResults(
  store: Store,
  { runId, study, made, comparison, stages }: WriteReportInput,
): Promise<Results> {
  const config = await readStudyConfig(store, study);
  const { baseline, points } = await getJson<Comparison>(store, comparison.comparison);
  const sweep = [...made.members.map(({ point }) => point), ...made.missing];
  return assembleResults({
    run: runId,
    preset: config.name,
    fingerprint: { ...made.finetune.fingerprint },
    stages: stageRows(stages),
    inputs: { ...inputDigests(study), texts: made.crawl.records.sha256 },
    baseline,
    points: [...points],
    expected: sweep.map(({ epochs, seed }) => ({ epochs, seed })),
    failures: made.missing.map(({ epochs, seed, reason }) => ({ epochs, seed, reason })),
    reward: classifierResult(made.reward),
    measure: classifierResult(made.sentiment),
    vocabulary: {
      candidates: made.vocabulary.candidates,
      words: made.vocabulary.words,
      effect: made.vocabulary.effect,
    },
    models: {
      language: config.language,
      baseline: made.finetune.model,
      ppo: made.members.map(({ point: { epochs, seed }, ppo }) => ({ epochs, seed, model: ppo.model })),
    },
  });
}

/** Every so many probes, answered before and after by the recommended point. */
async function readSamples(store: Store, made: StudyResults, best: Results['best']): Promise<SamplePair[]> {
  const member = made.members.find(({ point }) => point.epochs === best?.epochs && point.seed === best.seed);
  if (!member) return [];
  const before = await getLines<ScoredSentence & { readonly prompt: string }>(store, made.baseline.sentences);
  const after = await getLines<ScoredSentence>(store, member.bias.sentences);
  const stride = Math.max(1, Math.floor(before.length / samplesShown));
  return before.flatMap((sentence, index) => {
    const answer = after[index];
    if (index % stride !== 0 || !answer || index / stride >= samplesShown) return [];
    const { keyword, group, prompt, text, score } = sentence;
    return [{ keyword, group, prompt, before: text, after: answer.text, scoreBefore: score, scoreAfter: answer.score }];
  });
}

async function readCurves(store: Store, made: StudyResults): Promise<ReportInput['curves']> {
  const ppo = await Promise.all(
    made.members.map(async ({ point, ppo: trained }) => ({
      ...point,
      batches: await getJson<PpoBatch[]>(store, trained.curve),
    })),
  );
  return {
    finetune: await getJson<LossPoint[]>(store, made.finetune.curve),
    reward: await getJson<LossPoint[]>(store, made.reward.curve),
    ppo,
  };
}

function digestsOf(study: StudyInputs, made: StudyResults): ReportInput['reproduction']['digests'] {
  const { texts: _texts, skippedLabels: _skipped, ...inputs } = study;
  const refs = Object.entries({
    ...inputs,
    'crawled texts': made.crawl.records,
    'clean texts': made.clean.texts,
    'fine-tuned model': made.finetune.model,
  });
  const policies = made.members.map(
    ({ point, ppo }) => [`policy epochs=${point.epochs} seed=${point.seed}`, ppo.model] as const,
  );
  return [...refs, ...policies].map(([name, ref]) => ({ name, sha256: ref.sha256 }));
}

/** What to bear in mind of the texts. */
function limitsOf(collected: number, quarantined: number): string[] {
  return [
    ...(collected < 1000 ? [`Only ${collected} texts were collected: too few for any conclusion.`] : []),
    ...(quarantined > 0
      ? [
          `${quarantined} pages of the sources could not be read without harm and were left out; their texts are missing.`,
        ]
      : []),
  ];
}

async function readInput(store: Store, input: WriteReportInput, results: Results): Promise<ReportInput> {
  const { study, made } = input;
  const config = await readStudyConfig(store, study);
  const targets = parseTargets(await getText(store, study.targets), 'targets');
  const exploration = await getJson<Exploration>(store, made.explore.exploration);
  const { input: collected, kept, ...dropped } = made.clean.counts;
  const skippedRows = (made.crawl.skippedRows ?? 0) + (study.skippedLabels?.count ?? 0);
  return {
    title: `Bias study ${targets.name}: ${config.name}`,
    textLanguage: config.language,
    results,
    ...(study.reference ? { study: parseReference(await getText(store, study.reference), 'reference') } : {}),
    curves: await readCurves(store, made),
    samples: await readSamples(store, made, results.best),
    cleaning: {
      collected: Object.entries(made.crawl.bySource).map(([name, count]) => ({ name, count })),
      kept,
      dropped: Object.entries(dropped).flatMap(([name, count]) => (count > 0 ? [{ name, count }] : [])),
    },
    ...exploredTexts(exploration),
    vocabulary: await getJson<ReplacedWord[]>(store, made.vocabulary.replaced),
    vocabularyCandidates: (await getJson<VocabularyCandidate[]>(store, made.vocabulary.decided)).slice(0, rowsShown),
    ...(skippedRows > 0 ? { skippedRows } : {}),
    ...(made.crawl.quarantined ? { quarantinedPages: made.crawl.quarantined } : {}),
    masked: Object.entries(made.clean.masked).map(([name, count]) => ({ name, count })),
    labelled: await labelledShares(store, study.rewardLabels, Object.values(targets.groups).flat()),
    limits: limitsOf(collected, made.crawl.quarantined ?? 0),
    reproduction: {
      configuration: stringify(config, { lineWidth: 0 }),
      commands: ['npm ci', `npx debias run --preset ${config.name}`, `npx debias report ${input.runId}`],
      digests: digestsOf(study, made),
      versions: Object.fromEntries(
        Object.entries(made.finetune.fingerprint).map(([name, value]) => [name, String(value)]),
      ),
    },
  };
}

/** Every sentence of every model, with what each classifier said of it. */
async function readSentences(store: Store, { baseline, reward, members }: StudyResults): Promise<ModelSentences[]> {
  const rewards = await getJson<number[]>(store, reward.baselineScores);
  const before = await getLines<MeasuredSentence>(store, baseline.sentences);
  const after = await Promise.all(
    members.map(async ({ point, bias }) => ({
      model: `ppo epochs=${point.epochs} seed=${point.seed}`,
      ...point,
      sentences: await getLines<MeasuredSentence>(store, bias.sentences),
    })),
  );
  const scored = before.map((sentence, index) => {
    const own = rewards[index];
    return own === undefined ? sentence : { ...sentence, reward: own };
  });
  return [{ model: 'baseline', sentences: scored }, ...after];
}

export async function reportJob(input: WriteReportInput, { store }: JobContext): Promise<ReportFiles> {
  const results = await readResults(store, input);
  const report = await readInput(store, input, results);
  return putReport(store, report, await readSentences(store, input.made));
}
