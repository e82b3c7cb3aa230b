/** Sentences of two models on the same prompts: those that the report shows, and those for human raters. */

import type { ScoredSentence } from '../../core/bias/index.js';
import type { Store } from '../../core/checkpoint/index.js';
import { isPoint, type Results, type SamplePair, type WrittenPair } from '../../core/report/index.js';
import { evenSample } from '../../core/text/even-sample.js';
import { getLines } from '../blobs.js';
import type { StudyResults, SweepMember } from '../study-results.js';
import type { BiasEvalJobResult } from './bias-eval.js';

const samplesShown = 12;
/** On the sheet for human raters. */
const ratedPairs = { general: 40, probe: 40 } as const;

/** Every point that was measured, whatever it started from. */
export function allMembers({ members, others = [] }: StudyResults): SweepMember[] {
  return [...members, ...others.flatMap((group) => group.members)];
}

/** What a point started from, measured. */
function baselineOf({ baseline, others = [] }: StudyResults, member: SweepMember): BiasEvalJobResult {
  return others.find((group) => group.members.includes(member))?.upstream.baseline ?? baseline;
}

/** Every so many probes, answered before and after by the recommended point. */
export async function readSamples(store: Store, made: StudyResults, best: Results['best']): Promise<SamplePair[]> {
  const member = best ? allMembers(made).find(({ point }) => isPoint(best)(point)) : undefined;
  if (!member) return [];
  const before = await getLines<ScoredSentence & { readonly prompt: string }>(
    store,
    baselineOf(made, member).sentences,
  );
  const after = await getLines<ScoredSentence>(store, member.bias.sentences);
  const stride = Math.floor(before.length / samplesShown);
  // One further each time, so that prompts and repetitions change too.
  return Array.from({ length: samplesShown }, (_, i) => Math.min(i * stride + i, before.length - 1)).flatMap(
    (index) => {
      const [sentence, answer] = [before[index], after[index]];
      if (!sentence || !answer) return [];
      const { keyword, group, prompt, text, score } = sentence;
      return [
        { keyword, group, prompt, before: text, after: answer.text, scoreBefore: score, scoreAfter: answer.score },
      ];
    },
  );
}

/** The two models on every general prompt, and on some probes. */
export async function readWrittenPairs(
  store: Store,
  made: StudyResults,
  best: Results['best'],
): Promise<WrittenPair[]> {
  const member = best ? allMembers(made).find(({ point }) => isPoint(best)(point)) : undefined;
  if (!member) return [];
  const baseline = baselineOf(made, member);
  const pairsOf = async (kind: WrittenPair['kind'], field: 'generalSentences' | 'sentences') => {
    const before = await getLines<{ prompt: string; text: string }>(store, baseline[field]);
    const after = await getLines<{ prompt: string; text: string }>(store, member.bias[field]);
    const pairs = before.map(({ prompt, text }, i) => ({ kind, prompt, before: text, after: after[i]?.text ?? '' }));
    return evenSample(pairs, ratedPairs[kind]);
  };
  return [...(await pairsOf('general', 'generalSentences')), ...(await pairsOf('probe', 'sentences'))];
}
