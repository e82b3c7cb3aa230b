/** Job bias-eval: every probe answered by the model, every answer scored, and the model's ordinary writing judged. */

import type { StudyConfig } from '../../config/schema.js';
import { parsePrompts, parseTargets, parseTextLines, type Prompts } from '../../config/study-data.js';
import {
  buildProbes,
  rewardSummary,
  writingQuality,
  type Probe,
  type RewardFigures,
  type ScoredSentence,
} from '../../core/bias/index.js';
import type { BlobRef, FolderRef, Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { Quality } from '../../core/report/index.js';
import { scaleRewards } from '../../core/rl/reward-scaling.js';
import { renderTemplate } from '../../core/text/templates.js';
import { perplexity } from '../../core/train/language-model.js';
import { getText, putLines } from '../blobs.js';
import { runtimeOf, type JobRuntime, type MeasureInput } from '../study.js';
import { openLanguageModel, type LanguageModel } from './models.js';
import type { RewardModel } from './reward.js';
import { probability } from './probability.js';
import { furtherScores } from './further-measures.js';
import { withTextScorer } from './score.js';
import { writeSentences, type Request } from './write-sentences.js';

export interface BiasEvalJobInput {
  readonly model: FolderRef;
  readonly sentimentModel: FolderRef;
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  /** Held-out general text; without it there is no perplexity. */
  readonly generalText?: BlobRef;
  readonly reward?: RewardModel;
  /** Further measures of the same texts. */
  readonly measures?: readonly MeasureInput[];
  readonly settings: Omit<StudyConfig['biasEval'], 'bootstrapSamples' | 'measures'> &
    JobRuntime & { readonly seed: number };
}

/** A measured sentence as it is kept. */
export interface MeasuredSentence extends ScoredSentence {
  readonly prompt: string;
  /** What the measuring classifier says of the prompt alone, before the model has written a word; where it reads prompts. */
  readonly promptScore?: number;
  /** Present when a reward model was given. */
  readonly reward?: number;
  /** Scores by the further measures, by name; present when there are any. */
  readonly others?: Readonly<Record<string, number>>;
}

export interface BiasEvalJobResult {
  /** JSON lines of measured sentences. */
  readonly sentences: BlobRef;
  /** JSON lines of {prompt, text} from the general prompts. */
  readonly generalSentences: BlobRef;
  readonly quality: Quality;
  /** Present when a reward model was given. */
  readonly rewards?: RewardFigures;
}

export async function readProbes(
  store: Store,
  input: Pick<BiasEvalJobInput, 'targets'> & { readonly settings: { readonly repetitions: number } },
  prompts: Prompts,
): Promise<Probe[]> {
  const { groups } = parseTargets(await getText(store, input.targets), 'targets');
  return buildProbes({
    targets: Object.entries(groups).map(([group, keywords]) => ({ group, keywords })),
    prompts: prompts.probes,
    repetitions: input.settings.repetitions,
    render: (template, keyword) => renderTemplate(template, { keyword }),
  });
}

/** Twins (the same prompt and repetition with another keyword) draw the same random numbers. */
export function probeRequests(probes: readonly Probe[], repetitions: number): Request[] {
  return probes.map(({ text, promptIndex, repetition }) => ({
    prompt: text,
    draw: promptIndex * repetitions + repetition,
  }));
}

async function judgeWriting(model: LanguageModel, prompts: Prompts, input: BiasEvalJobInput, store: Store) {
  const { settings } = input;
  const requests = prompts.general.flatMap((prompt, index) =>
    Array.from({ length: settings.generalRepetitions }, (_, repetition) => ({
      prompt,
      draw: index * settings.generalRepetitions + repetition,
    })),
  );
  const written = await writeSentences(model, requests, { ...settings, stream: 'general' });
  const generalPerplexity =
    input.generalText && (await perplexityOn(model, input.generalText, runtimeOf(settings), store));
  return {
    written,
    quality: {
      ...(generalPerplexity === undefined ? {} : { generalPerplexity }),
      ...writingQuality(written.map(({ tokens }) => tokens)),
    },
  };
}

export async function perplexityOn(
  model: LanguageModel,
  text: BlobRef,
  runtime: JobRuntime,
  store: Store,
): Promise<number> {
  const held = parseTextLines(await getText(store, text), 'general text').map((line) => model.tokenizer.encode(line));
  return perplexity(model.config, model.params, held, { maxTokens: 64, batchSize: 32, ...runtime });
}

export async function biasEvalJob(
  input: BiasEvalJobInput,
  { store, progress }: JobContext,
): Promise<BiasEvalJobResult> {
  const { settings, reward } = input;
  const model = await openLanguageModel(store, input.model);
  const prompts = parsePrompts(await getText(store, input.prompts), 'prompts');
  const probes = await readProbes(store, input, prompts);
  const total = probes.length;
  const written = await writeSentences(model, probeRequests(probes, settings.repetitions), {
    ...settings,
    stream: 'probes',
    onWritten: (done) => progress({ done, total, unit: 'sentences', metrics: {} }),
  });
  const texts = written.map(({ text }) => text);
  const readsPrompts = settings.scored === 'sentence';
  const judged = readsPrompts ? texts : written.map(({ tokens }) => model.tokenizer.decode([...tokens]));
  const runtime = runtimeOf(settings);
  const judge = { ...runtime, setting: 'sentiment.source' };
  const { scores, promptScores } = await withTextScorer(store, input.sentimentModel, judge, async (sentiment) => {
    const scoresOf = async (list: readonly string[]) => Array.from(await sentiment.logits(list), probability);
    return {
      scores: await scoresOf(judged),
      promptScores: readsPrompts ? await scoresOf(probes.map(({ text }) => text)) : undefined,
    };
  });
  const others = await furtherScores(store, input.measures ?? [], judged, runtime);
  const rewards =
    reward &&
    (await withTextScorer(store, reward.model, { ...runtime, setting: 'reward.source' }, async (scorer) =>
      scaleRewards(reward.scale, await scorer.logits(texts)),
    ));
  const sentences: MeasuredSentence[] = probes.map((probe, index) => ({
    ...probe,
    prompt: probe.text,
    text: texts[index] ?? '',
    score: scores[index] ?? NaN,
    ...(promptScores ? { promptScore: promptScores[index] ?? NaN } : {}),
    ...(rewards ? { reward: rewards[index] ?? NaN } : {}),
    ...(input.measures ? { others: others[index] ?? {} } : {}),
  }));
  const general = await judgeWriting(model, prompts, input, store);
  progress({ done: total, total, unit: 'sentences', metrics: { distinct2: general.quality.distinct2 } });
  return {
    sentences: await putLines(store, sentences),
    generalSentences: await putLines(
      store,
      general.written.map(({ prompt, text }) => ({ prompt, text })),
    ),
    quality: general.quality,
    ...(rewards ? { rewards: rewardSummary([...rewards]) } : {}),
  };
}
