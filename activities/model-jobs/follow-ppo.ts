/** Measures a policy while it is trained: few sentences for each keyword, scored by the measuring classifier, and general perplexity. */

import type { StudyConfig } from '../../config/schema.js';
import { parsePrompts } from '../../config/study-data.js';
import { groupNames, groupScores, noiseFloor, type ScoredSentence } from '../../core/bias/index.js';
import type { BlobRef, FolderRef, Store } from '../../core/checkpoint/index.js';
import type { Parameters } from '../../core/nn/index.js';
import type { Observation } from '../../core/rl/trajectory-types.js';
import { evenSample } from '../../core/text/even-sample.js';
import { getText } from '../blobs.js';
import { perplexityOn, probeRequests, readProbes } from './bias-eval.js';
import type { JobRuntime } from '../study.js';
import type { LanguageModel } from './models.js';
import { probability } from './probability.js';
import { openTextScorer } from './score.js';
import { writeSentences } from './write-sentences.js';

export interface Following {
  /** The measuring classifier, which the reward never sees. */
  readonly sentimentModel: FolderRef;
  readonly generalText: BlobRef;
  /** `seed` is the study's, whatever the point's: every point answers under the same random counters. */
  readonly settings: Omit<StudyConfig['biasEval'], 'bootstrapSamples' | 'generalRepetitions' | 'measures'> & {
    readonly seed: number;
  };
}

export interface FollowedStudy extends Following {
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  readonly runtime: JobRuntime;
}

export interface PpoFollower {
  /** Same parameters, same figures. */
  measure(policy: Parameters): Promise<Observation>;
  release(): Promise<void>;
}

/** Sentences of a measurement that are kept to be read. */
const KEPT_SENTENCES = 8;
/** Permutations for the noise floor: enough for its mean. */
const FLOOR_PERMUTATIONS = 200;

function distancesOf(sentences: readonly ScoredSentence[], seed: number): Pick<Observation, 'distance' | 'floor'> {
  const groups = groupNames(sentences).map((group) => {
    return [group, noiseFloor(groupScores(sentences, group), seed, FLOOR_PERMUTATIONS)] as const;
  });
  return {
    distance: Object.fromEntries(groups.map(([group, { value }]) => [group, value])),
    floor: Object.fromEntries(groups.map(([group, { floor }]) => [group, floor])),
  };
}

/**
 * The draws are not those of the final measurement, so that a model chosen on the way is not judged by the sentences
 * that it was chosen by.
 */
export async function openFollower(store: Store, model: LanguageModel, study: FollowedStudy): Promise<PpoFollower> {
  const { settings, runtime, generalText } = study;
  const probes = await readProbes(store, study, parsePrompts(await getText(store, study.prompts), 'prompts'));
  const requests = probeRequests(probes, settings.repetitions);
  const sentiment = await openTextScorer(store, study.sentimentModel, { ...runtime, setting: 'sentiment.source' });
  return {
    async measure(policy) {
      const own = { ...model, params: policy };
      const written = await writeSentences(own, requests, { ...settings, ...runtime, stream: 'trajectory' });
      const texts = written.map(({ text, tokens }) =>
        settings.scored === 'sentence' ? text : model.tokenizer.decode([...tokens]),
      );
      const logits = await sentiment.logits(texts);
      const sentences = probes.map((probe, index) => ({
        ...probe,
        text: texts[index] ?? '',
        score: probability(logits[index] ?? NaN),
      }));
      return {
        ...distancesOf(sentences, settings.seed),
        generalPerplexity: await perplexityOn(own, generalText, runtime, store),
        sentences: evenSample(
          sentences.map(({ score }, index) => ({
            prompt: requests[index]?.prompt ?? '',
            text: written[index]?.text ?? '',
            score,
          })),
          KEPT_SENTENCES,
        ),
      };
    },
    release: () => sentiment.release(),
  };
}
