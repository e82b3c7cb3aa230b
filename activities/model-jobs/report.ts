/** Job report: writes what a person reads at the end: results, pages, cards, sentences and the table for the terminal. */

import { stringify } from 'yaml';
import type { StudyConfig } from '../../config/schema.js';
import { parseMap, parseReference, parseTargets } from '../../config/study-data.js';
import type { Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import {
  assembleResults,
  blindedPairs,
  chooseBest,
  isPoint,
  pointOf,
  type BlindedPairs,
  type ClassifierResult,
  type FollowedSentence,
  type LossPoint,
  type ModelSentences,
  type PpoBatch,
  type PpoBatchSeconds,
  type PpoEpisode,
  type ReportInput,
  type Results,
  type TradeOffPoint,
  type WrittenPair,
} from '../../core/report/index.js';
import type { Exploration } from '../../core/text/explore.js';
import type { VocabularyCandidate } from '../../core/text/vocabulary-candidates.js';
import { getJson, getLines, getText } from '../blobs.js';
import type { StudyResults, WriteReportInput } from '../study-results.js';
import { readStudyConfig, type StudyInputs } from '../study.js';
import type { ClassifierJobResult } from './classifier.js';
import type { MeasuredSentence } from './bias-eval.js';
import { centredOn } from './centred-study.js';
import type { Comparison } from './compare.js';
import { exploredTexts } from './explored-texts.js';
import { describeMeasures } from './further-measures.js';
import { readLabelled } from './labelled-shares.js';
import { readSeconds } from './ppo-seconds.js';
import { putReport, type ReportFiles } from './report-files.js';
import { allMembers, readSamples, readWrittenPairs } from './report-samples.js';
import type { ReplacedWord } from './vocab-extend.js';

/** Candidates for the vocabulary. */
const rowsShown = 200;

export function classifierResult({
  quality,
  trained,
  nearDuplicates,
  learningCurve,
}: ClassifierJobResult): ClassifierResult {
  return { ...quality, trained, nearDuplicates, ...(learningCurve ? { learningCurve } : {}) };
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
  { runId, study, made, stages }: WriteReportInput,
  comparison: Comparison,
): Promise<Results> {
  const config = await readStudyConfig(store, study);
  const { baseline, points, differences, groups } = comparison;
  const members = allMembers(made);
  const sweep = [...members.map(({ point }) => point), ...made.missing];
  return assembleResults({
    run: runId,
    preset: config.name,
    fingerprint: { ...made.finetune.fingerprint },
    stages: stageRows(stages),
    inputs: { ...inputDigests(study), texts: made.crawl.records.sha256 },
    baseline,
    points: [...points],
    differences,
    ...(groups ? { groups } : {}),
    expected: sweep.map(pointOf),
    failures: made.missing.map((point) => ({ ...pointOf(point), reason: point.reason })),
    reward: classifierResult(made.reward),
    measure: classifierResult(made.sentiment),
    vocabulary: {
      candidates: made.vocabulary.candidates,
      words: made.vocabulary.words,
      effect: made.vocabulary.effect,
    },
    measures: describeMeasures(made.sentiment.model, study.measures),
    ...(await readLabelled(store, study)),
    models: {
      language: config.language,
      baseline: made.finetune.model,
      ppo: members.map(({ point, ppo }) => ({ ...pointOf(point), model: ppo.model })),
    },
  });
}

async function readCurves(
  store: Store,
  { made, stages }: Pick<WriteReportInput, 'made' | 'stages'>,
): Promise<ReportInput['curves']> {
  const ppo = await Promise.all(
    allMembers(made).map(async ({ point, ppo: trained }) => ({
      ...pointOf(point),
      batches: await getJson<PpoBatch[]>(store, trained.curve),
      episodes: await getLines<PpoEpisode>(store, trained.episodes),
      ...(trained.followed ? { followed: await getLines<FollowedSentence>(store, trained.followed) } : {}),
      seconds: await secondsOf(store, stages, point.label),
      ...(trained.trajectory ? { tradeOff: await getJson<TradeOffPoint[]>(store, trained.trajectory) } : {}),
    })),
  );
  return {
    finetune: await getJson<LossPoint[]>(store, made.finetune.curve),
    reward: await getJson<LossPoint[]>(store, made.reward.curve),
    ppo,
  };
}

/** Times lie under the key of the stage that made the policy, in this run or an earlier one. */
async function secondsOf(
  store: Store,
  stages: WriteReportInput['stages'],
  label: string,
): Promise<readonly PpoBatchSeconds[]> {
  const key = stages.find(({ name }) => name === `ppo ${label}`)?.key;
  return key === undefined ? [] : readSeconds(store, key);
}

function digestsOf(study: StudyInputs, made: StudyResults): ReportInput['reproduction']['digests'] {
  const digests = {
    ...inputDigests(study),
    'crawled texts': made.crawl.records.sha256,
    'clean texts': made.clean.texts.sha256,
    'fine-tuned model': made.finetune.model.sha256,
  };
  const policies = allMembers(made).map(({ point, ppo }) => [`policy ${point.label}`, ppo.model.sha256] as const);
  return [...Object.entries(digests), ...policies].map(([name, sha256]) => ({ name, sha256 }));
}

async function readInput(
  store: Store,
  input: WriteReportInput,
  results: Results,
  { pairs, blinded }: { readonly pairs: readonly WrittenPair[]; readonly blinded: BlindedPairs | undefined },
): Promise<ReportInput> {
  const { study, made } = input;
  const config = await readStudyConfig(store, study);
  const targets = parseTargets(await getText(store, study.targets), 'targets');
  const exploration = await getJson<Exploration>(store, made.explore.exploration);
  const { input: collected, kept, ...dropped } = made.clean.counts;
  const skippedRows = (made.crawl.skippedRows ?? 0) + (study.skippedLabels?.count ?? 0);
  return {
    title: `Bias study ${targets.name}: ${Object.keys(targets.groups)
      .map((group) => targets.labels?.[group] ?? group)
      .join(', ')}`,
    textLanguage: config.language,
    ...(targets.labels ? { groupLabels: targets.labels } : {}),
    results,
    ...(study.reference ? { study: parseReference(await getText(store, study.reference), 'reference') } : {}),
    ...(study.map ? { map: parseMap(await getText(store, study.map), 'map') } : {}),
    curves: await readCurves(store, input),
    samples: await readSamples(store, made, results.best),
    generalSamples: pairs.filter(({ kind }) => kind === 'general'),
    ...(blinded ? { ratedPairs: blinded.items } : {}),
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
    limits: limitsOf(made, collected),
    reproduction: reproductionOf(input, config),
  };
}

function reproductionOf(
  { study, made, command, runId }: WriteReportInput,
  config: StudyConfig,
): ReportInput['reproduction'] {
  const versions = Object.entries(made.finetune.fingerprint).map(([name, value]) => [name, String(value)]);
  return {
    configuration: stringify(config, { lineWidth: 0 }),
    commands: ['npm ci', command ?? `npx debias run --preset ${config.name}`, `npx debias report ${runId}`],
    digests: digestsOf(study, made),
    versions: Object.fromEntries(versions),
  };
}

/** What to bear in mind of the texts. */
function limitsOf({ crawl }: StudyResults, collected: number): string[] {
  const quarantined = crawl.quarantined ?? 0;
  return [
    ...(collected < 1000 ? [`Only ${collected} texts were collected: too few for any conclusion.`] : []),
    ...(quarantined > 0
      ? [
          `${quarantined} pages of the sources could not be read without harm and were left out; their texts are missing.`,
        ]
      : []),
  ];
}

/** Every sentence of every model, with what each classifier said of it. */
async function readSentences(store: Store, made: StudyResults): Promise<ModelSentences[]> {
  const { baseline, reward } = made;
  const rewards = await getJson<number[]>(store, reward.baselineScores);
  const before = await getLines<MeasuredSentence>(store, baseline.sentences);
  const after = await Promise.all(
    allMembers(made).map(async ({ point, bias }) => ({
      model: `ppo ${point.label}`,
      ...pointOf(point),
      sentences: await getLines<MeasuredSentence>(store, bias.sentences),
    })),
  );
  const scored = before.map((sentence, index) => {
    const own = rewards[index];
    return own === undefined ? sentence : { ...sentence, reward: own };
  });
  const starts = await Promise.all(
    (made.others ?? []).map(async ({ label, upstream }) => ({
      model: `baseline ${label}`,
      sentences: await getLines<MeasuredSentence>(store, upstream.baseline.sentences),
    })),
  );
  return [{ model: 'baseline', sentences: scored }, ...starts, ...after];
}

/** The group of the recommended point, where the sweep has groups. */
function groupOfBest({ baseline, points, groups }: Comparison): string | undefined {
  const best = chooseBest(baseline, points, groups);
  return best ? points.find(isPoint(best))?.group : undefined;
}

export async function reportJob(given: WriteReportInput, { store }: JobContext): Promise<ReportFiles> {
  const comparison = await getJson<Comparison>(store, given.comparison.comparison);
  const input = centredOn(given, groupOfBest(comparison));
  const results = await readResults(store, input, comparison);
  const pairs = await readWrittenPairs(store, input.made, results.best);
  const blinded = pairs.length > 0 ? blindedPairs(pairs, results.best?.seed ?? 0) : undefined;
  const report = await readInput(store, input, results, { pairs, blinded });
  return putReport(store, report, await readSentences(store, input.made), blinded);
}
