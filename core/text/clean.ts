/** From raw records to the texts of the study: what is dropped, why, and what is kept. Knows no particular source. */

import type { DeletionReason } from './deletion.js';
import { deletionReason } from './deletion.js';
import { keywordMatcher } from './keywords.js';
import { findDuplicates } from './near-duplicates.js';
import { normalizeText, type NormalizeSettings } from './normalize.js';
import type { PersonalDataKind } from './personal-data.js';
import { maskPersonalData } from './personal-data.js';
import type { CleanRecord, RawRecord } from './records.js';

/** Reasons to drop a text, in the order in which they are asked; the first that holds is counted. */
export const cleanReasons = [
  'deleted',
  'blind',
  'hidden-by-cleanbot',
  'hidden',
  'empty',
  'too-short',
  'too-long',
  'no-keyword',
  'duplicate',
  'near-duplicate',
] as const;

export type CleanReason = (typeof cleanReasons)[number];

export type CleanCounts = Readonly<Record<CleanReason | 'input' | 'kept', number>>;

export interface CleanSettings {
  readonly keywords: readonly string[];
  /** Characters after normalisation. */
  readonly minCharacters: number;
  readonly maxCharacters: number;
  /** Jaccard similarity from which two texts are one, 0 … 1. */
  readonly nearDuplicateSimilarity: number;
  /** Keeps what the host's abuse filter hid; dropping it makes a sample milder than its source. False unless told. */
  readonly keepHiddenByCleanbot?: boolean;
  /** Repetitions of one character that are kept; 3 unless told. */
  readonly maxRun?: number;
}

export interface CleanResult {
  /** In the order of the input. */
  readonly kept: readonly CleanRecord[];
  readonly counts: CleanCounts;
  readonly countsBySource: Readonly<Record<string, CleanCounts>>;
  /** Personal data masked in the kept texts, in addition to what the crawl had masked. */
  readonly masked: Readonly<Record<PersonalDataKind, number>>;
}

/** A text that passed every question asked of it alone. */
interface Candidate {
  readonly record: CleanRecord;
  readonly masked: Readonly<Record<PersonalDataKind, number>>;
}

type Verdict = { readonly kept: Candidate } | { readonly dropped: CleanReason };

/** What the source's own flags say; a hidden text may still be there to read, a deleted one is not. */
function statusReason({ status }: RawRecord, settings: CleanSettings): CleanReason | undefined {
  if (status.deleted) return 'deleted';
  if (status.blind) return 'blind';
  if (status.hiddenByCleanbot) return settings.keepHiddenByCleanbot ? undefined : 'hidden-by-cleanbot';
  return status.hidden ? 'hidden' : undefined;
}

function textReason(text: string, settings: CleanSettings): DeletionReason | CleanReason | undefined {
  const deletion = deletionReason(text);
  if (deletion) return deletion;
  const characters = Array.from(text).length;
  if (!/[\p{L}\p{N}]/u.test(text)) return 'empty';
  if (characters < settings.minCharacters) return 'too-short';
  return characters > settings.maxCharacters ? 'too-long' : undefined;
}

function emptyCounts(): Record<CleanReason | 'input' | 'kept', number> {
  return {
    input: 0,
    kept: 0,
    deleted: 0,
    blind: 0,
    'hidden-by-cleanbot': 0,
    hidden: 0,
    empty: 0,
    'too-short': 0,
    'too-long': 0,
    'no-keyword': 0,
    duplicate: 0,
    'near-duplicate': 0,
  };
}

/** Texts and keywords alike. */
function normalization({ maxRun }: CleanSettings): NormalizeSettings {
  return maxRun === undefined ? {} : { maxRun };
}

/** Everything but the comparison with other texts. */
function judge(raw: RawRecord, settings: CleanSettings, find: (text: string) => string[]): Verdict {
  const flagged = statusReason(raw, settings);
  if (flagged) return { dropped: flagged };
  const { text, counts } = maskPersonalData(normalizeText(raw.text, normalization(settings)));
  const reason = textReason(text, settings);
  if (reason) return { dropped: reason };
  const keywords = find(text);
  if (keywords.length === 0) return { dropped: 'no-keyword' };
  const date = raw.date === undefined ? {} : { date: raw.date };
  return { kept: { record: { id: raw.id, source: raw.source, text, ...date, keywords }, masked: counts } };
}

/** Verdicts again, with repetitions of earlier texts dropped. */
async function withoutDuplicates(verdicts: readonly Verdict[], similarity: number): Promise<Verdict[]> {
  const candidates = verdicts.flatMap((verdict, i) =>
    'kept' in verdict ? [{ i, text: verdict.kept.record.text }] : [],
  );
  const duplicates = await findDuplicates(
    candidates.map(({ text }) => text),
    { similarity },
  );
  const judged = [...verdicts];
  for (const { index, kind } of duplicates) {
    const candidate = candidates[index];
    if (candidate) judged[candidate.i] = { dropped: kind };
  }
  return judged;
}

/** Cleans all texts of a study. Kept and dropped together are the input. The first of several alike is kept. */
export async function cleanTexts(records: readonly RawRecord[], settings: CleanSettings): Promise<CleanResult> {
  const matcher = keywordMatcher(settings.keywords, normalization(settings));
  const verdicts = await withoutDuplicates(
    records.map((record) => judge(record, settings, (text) => matcher.find(text))),
    settings.nearDuplicateSimilarity,
  );
  const kept: CleanRecord[] = [];
  const counts = emptyCounts();
  const bySource = new Map<string, ReturnType<typeof emptyCounts>>();
  const masked: Record<PersonalDataKind, number> = { 'resident-number': 0, phone: 0, email: 0, card: 0, account: 0 };
  verdicts.forEach((verdict, i) => {
    const source = records[i]?.source ?? '';
    const own = bySource.get(source) ?? emptyCounts();
    bySource.set(source, own);
    for (const tally of [counts, own]) {
      tally.input++;
      tally['kept' in verdict ? 'kept' : verdict.dropped]++;
    }
    if (!('kept' in verdict)) return;
    kept.push(verdict.kept.record);
    for (const kind of Object.keys(masked) as PersonalDataKind[]) masked[kind] += verdict.kept.masked[kind];
  });
  return { kept, counts, countsBySource: Object.fromEntries(bySource), masked };
}
