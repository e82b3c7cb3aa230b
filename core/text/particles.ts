/** Korean particles that agree with the word before them, by their pairs of forms. Knows no templates. */

import type { FinalSound } from './final-sound.js';
import { finalSound } from './final-sound.js';

/** After a consonant / after a vowel. `rieulAsVowel`: 서울로, not 서울으로. */
interface ParticlePair {
  readonly consonant: string;
  readonly vowel: string;
  readonly rieulAsVowel: boolean;
}

/** Those after a consonant begin with 이, and lose it after a vowel: 집이랑, 빌라랑. */
const withI =
  '랑 나 여 라 든 든지 며 면 니 란 나마 네 고 지만 지요 죠 다 던 라도 라는 라고 라면 라서 라며 라니 시여 야말로 요 더라 더라도 거나 잖아 구나 군요 네요';

const plainPairs: readonly (readonly [string, string])[] = [
  ['은', '는'],
  ['이', '가'],
  ['을', '를'],
  ['과', '와'],
  ['아', '야'],
  ['과의', '와의'],
  ['과는', '와는'],
  ['과도', '와도'],
  ['은커녕', '는커녕'],
  ['이야', '야'],
  ['이에요', '예요'],
  ['이었다', '였다'],
  ['이었고', '였고'],
  ['이었지만', '였지만'],
  ['이었던', '였던'],
  ['이어서', '여서'],
  ...withI.split(' ').map((rest) => [`이${rest}`, rest] as const),
];

const rieulPairs: readonly (readonly [string, string])[] = [
  '',
  '는',
  '도',
  '만',
  '의',
  '서',
  '서는',
  '써',
  '부터',
  '까지',
].map((rest) => [`으로${rest}`, `로${rest}`] as const);

/** What a pair is written as: `은/는`, `는/은`, `은(는)`, `는(은)`, and where one form ends in the other `(으)로`. */
function spellings(consonant: string, vowel: string): string[] {
  const short = consonant.endsWith(vowel) ? [`(${consonant.slice(0, -vowel.length)})${vowel}`] : [];
  return [
    `${consonant}/${vowel}`,
    `${vowel}/${consonant}`,
    `${consonant}(${vowel})`,
    `${vowel}(${consonant})`,
    ...short,
  ];
}

const pairs: ReadonlyMap<string, ParticlePair> = new Map(
  [...plainPairs.map((pair) => [pair, false] as const), ...rieulPairs.map((pair) => [pair, true] as const)].flatMap(
    ([[consonant, vowel], rieulAsVowel]) =>
      spellings(consonant, vowel).map((spelling) => [spelling, { consonant, vowel, rieulAsVowel }] as const),
  ),
);

/** Whether a marker of this spelling is known: `은/는`, `(으)로`. */
export function isParticlePair(pair: string): boolean {
  return pairs.has(pair);
}

/** The usual ones, for messages. */
const usualPairs = '은/는 이/가 을/를 으로/로 과/와 아/야 이랑/랑 이나/나';

function choose(pair: ParticlePair, sound: FinalSound): string {
  if (sound === 'vowel' || (sound === 'rieul' && pair.rieulAsVowel)) return pair.vowel;
  return pair.consonant;
}

/**
 * The form of a particle that follows `word`: `particleFor('빌라', '은/는')` is `는`.
 * @throws RangeError for a pair that is not known.
 */
export function particleFor(word: string, pair: string): string {
  const known = pairs.get(pair);
  if (!known) throw new RangeError(`particleFor: expected a pair of forms such as ${usualPairs}, got ${pair}`);
  return choose(known, finalSound(word));
}
