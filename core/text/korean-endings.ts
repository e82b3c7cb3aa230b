/** What follows a Korean stem inside a word: particles after nouns, endings after verbs. Knows no stems. */

import { finalSound } from './final-sound.js';

/** Follow nouns alone, whatever these end in. */
const particles =
  '에 에서 에게 에는 에도 에만 에서는 에서도 에서의 에선 엔 의 도 만 만의 만은 만큼 까지 까지는 까지도 부터 부터는 보다 보다는 보다도 ' +
  '처럼 처럼은 마다 조차 마저 밖에 뿐 뿐만 한테 께 께서 에게서 입니다 입니까 들 들이 들은 들을 들도 들의 들에게 별 측 님';

/** Follow nouns alone that end in a consonant. */
const afterConsonant =
  '이 으로 으로는 으로도 으로서 으로써 으로만 과 과의 과는 과도 이랑 이나 이라는 이라고 이라 이란 이든 이며 이고 이지만 이니 이면 이라면 이라서 ' +
  '이어서 이었다 이다 이야 이죠 이네 이네요 이에요 이라도 이더라 이더라고요 이거든요 이구나';

/** Follow nouns alone that end in a vowel. */
const afterVowel = '가 를 로 로는 로도 로서 로써 로만 와 와의 와는 와도 나마 예요 였다';

/** Follow nouns, and look like endings of verbs or adjectives as well; first those after a consonant. */
const ambiguousAfterConsonant = '은 을 아';
const ambiguousAfterVowel = '는 랑 나 라 야 고 인 라는 라고 란 든 며 죠 네요 라도 면';

/** Follow verbs and adjectives alone. */
const endings =
  '다 고요 지 지만 지요 지도 지는 어 어서 어요 었다 었는데 었고 았다 았고 으면 면서 으면서 니까 으니 으니까 ㄴ다 는다 는데 던 던데 게 도록 려고 으려고 거나 거든 거든요 ' +
  '네 습니다 읍니다 세요 으세요 자 자고 다고 다는 다면 다니 겠다 겠지 겠네 음 기 기만 기도 기는 기에 기가 더라 더라고 더라고요 구나 군요 냐 냐고 느냐 는지 은지 을지 ' +
  '을까 을까요 을수록 수록 해서 하고 하는 하다 한다 했다 합니다 해요 하면 하지 된다 되는 됩니다 되고 되면 됐다 하네 하네요 하더라 해 함 함이 한 할 하게 하여 하죠';

const CLEAR = 1;
const UNSURE = 0.3;

function weighted(list: string, weight: number): [string, number][] {
  return list.split(' ').map((rest) => [rest, weight]);
}

const common = [...weighted(endings, -1), ...weighted(particles, CLEAR)];
const tables = {
  consonant: new Map([...common, ...weighted(ambiguousAfterConsonant, UNSURE), ...weighted(afterConsonant, CLEAR)]),
  vowel: new Map([...common, ...weighted(ambiguousAfterVowel, UNSURE), ...weighted(afterVowel, CLEAR)]),
} as const;

/** ㄹ takes 로 where other consonants take 으로. */
const rieul = new Map([...tables.consonant, ...weighted('로 로는 로도 로서 로써 로만', CLEAR)]);
const bySound = { ...tables, rieul } as const;

/**
 * How much a word's rest speaks for a noun before it: 1 a particle that agrees with it, 0.3 perhaps one, −1 an ending of a
 * verb, 0 unknown.
 */
export function nounEvidence(stem: string, rest: string): number {
  return bySound[finalSound(stem)].get(rest) ?? 0;
}

/** Whether a rest can be a particle of this stem. */
export function isParticle(stem: string, rest: string): boolean {
  return nounEvidence(stem, rest) > 0;
}

/** Longest particle, in characters. */
export const MAX_PARTICLE_LENGTH = Math.max(
  ...[...tables.consonant.keys(), ...tables.vowel.keys()].map((rest) => rest.length),
);
