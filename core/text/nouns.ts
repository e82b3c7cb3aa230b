/**
 * Finds the nouns of a collection from its statistics alone, without a dictionary: what begins words, is followed by
 * particles, holds together inside and is free at its end. Knows Korean words (eojeol), not what they mean.
 *
 * Cohesion: geometric mean of the chances of each next character. Branching entropy: of the character that follows
 * (Jin and Tanaka-Ishii 2006). Both over the beginnings of words, since Korean puts what varies at their ends.
 */

import { isParticle, MAX_PARTICLE_LENGTH, nounEvidence } from './korean-endings.js';

export interface Noun {
  readonly noun: string;
  /** Words that begin with it and go on as a noun may: with nothing, a particle, another noun. */
  readonly count: number;
  /** 0 … 1 */
  readonly cohesion: number;
  /** Bits. */
  readonly branchingEntropy: number;
  /** Mean evidence of what follows, −1 … 1. */
  readonly evidence: number;
}

export interface NounSettings {
  readonly minCount: number;
  readonly minCohesion?: number;
  readonly minBranchingEntropy?: number;
  readonly minEvidence?: number;
}

const MAX_LENGTH = 10;
const WORD = /[가-힣]+/gu;
const BARE_EVIDENCE = 0.1;

/** Words of Hangul with how often each stands in the texts. */
function countWords(texts: readonly string[]): Map<string, number> {
  const words = new Map<string, number>();
  for (const text of texts) for (const [word] of text.matchAll(WORD)) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

interface Beginning {
  count: number;
  readonly rests: Map<string, number>;
  readonly following: Map<string, number>;
}

function add<K>(counts: Map<K, number>, key: K, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function countBeginnings(words: ReadonlyMap<string, number>): Map<string, Beginning> {
  const beginnings = new Map<string, Beginning>();
  for (const [word, count] of words) {
    for (let length = 1; length <= Math.min(word.length, MAX_LENGTH); length++) {
      const left = word.slice(0, length);
      const beginning = beginnings.get(left) ?? { count: 0, rests: new Map(), following: new Map() };
      beginnings.set(left, beginning);
      beginning.count += count;
      add(beginning.rests, word.slice(length), count);
      add(beginning.following, word[length] ?? '', count);
    }
  }
  return beginnings;
}

/** In bits; every end of a word counts as an outcome of its own kind. */
function entropy(counts: ReadonlyMap<string, number>, total: number): number {
  let bits = 0;
  for (const count of counts.values()) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

interface Judged extends Noun {
  /** Different ones that follow it: those that only nouns have, and all that nouns have. */
  readonly particles: { readonly clear: number; readonly any: number };
}

function judge(noun: string, { count, rests, following }: Beginning, firstCount: number): Judged {
  let evidence = 0;
  const particles = { clear: 0, any: 0 };
  for (const [rest, times] of rests) {
    const weight = rest === '' ? BARE_EVIDENCE : nounEvidence(noun, rest);
    evidence += times * weight;
    if (rest !== '' && weight > 0) particles.any++;
    if (weight === 1) particles.clear++;
  }
  const cohesion = (count / firstCount) ** (1 / (noun.length - 1));
  return { noun, count, cohesion, branchingEntropy: entropy(following, count), evidence: evidence / count, particles };
}

/** A noun with a particle at its end is no noun of its own: 아파트에 beside 아파트. */
function hasParticle(noun: string, nouns: ReadonlyMap<string, Noun>): boolean {
  for (let length = 1; length <= Math.min(MAX_PARTICLE_LENGTH, noun.length - 2); length++) {
    const stem = nouns.get(noun.slice(0, -length));
    const own = nouns.get(noun);
    if (stem && own && stem.count > own.count && isParticle(stem.noun, noun.slice(-length))) return true;
  }
  return false;
}

/** Nouns by falling count, then by spelling. */
export function discoverNouns(texts: readonly string[], settings: NounSettings): Noun[] {
  const { minCount, minCohesion = 0.05, minBranchingEntropy = 0.5, minEvidence = 0.25 } = settings;
  const beginnings = countBeginnings(countWords(texts));
  const candidates = new Map<string, Noun>();
  for (const [left, beginning] of beginnings) {
    if (left.length < 2 || beginning.count < minCount) continue;
    const { particles, ...noun } = judge(left, beginning, beginnings.get(left[0]!)?.count ?? beginning.count);
    const free = noun.branchingEntropy >= minBranchingEntropy && noun.cohesion >= minCohesion;
    if (free && particles.clear >= 1 && particles.any >= 2 && noun.evidence >= minEvidence) candidates.set(left, noun);
  }
  const nouns = [...candidates.values()].filter(({ noun }) => !hasParticle(noun, candidates));
  return nouns.sort((a, b) => b.count - a.count || (a.noun < b.noun ? -1 : 1));
}

/** Finds known nouns in texts: longest first, particles left off, compounds taken apart. */
export function nounFinder(nouns: Iterable<string>): (text: string) => string[] {
  const known = new Set(nouns);
  const cache = new Map<string, readonly string[]>();
  const split = (word: string): readonly string[] => {
    for (let length = Math.min(word.length, MAX_LENGTH); length >= 2; length--) {
      const left = word.slice(0, length);
      if (!known.has(left)) continue;
      const rest = word.slice(length);
      if (rest === '' || isParticle(left, rest)) return [left];
      const others = split(rest);
      if (others.length > 0) return [left, ...others];
    }
    return [];
  };
  return (text) =>
    [...text.matchAll(WORD)].flatMap(([word]) => {
      const found = cache.get(word) ?? split(word);
      cache.set(word, found);
      return [...found];
    });
}
