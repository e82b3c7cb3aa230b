/** What follows a Korean stem inside a word: particles after nouns, endings after verbs. Knows no stems. */

/** Follow nouns alone. */
const particles =
  '가 를 에 에서 에게 에는 에도 에만 에서는 에서도 에서의 에선 엔 의 로 으로 로는 으로는 로도 으로도 로서 으로서 로써 으로써 로만 으로만 와 과 와의 과의 와는 과는 ' +
  '도 만 만의 만은 만큼 까지 까지는 까지도 부터 부터는 보다 보다는 보다도 처럼 처럼은 마다 조차 마저 밖에 뿐 뿐만 이랑 랑 이나 나마 한테 께 께서 에게서 ' +
  '이라는 이라고 이라 이란 이든 이며 이고 이지만 이니 이면 인데 이라면 이라서 이어서 이었다 이다 이야 이죠 이네요 입니다 입니까 이에요 예요 였다 들 들이 들은 들을 들도 들의 들에게 라도 이라도 별 측 님';

/** Follow nouns, and look like endings of verbs or adjectives as well. */
const ambiguous = '은 는 을 이 랑 나 라 야 아 고 인 라는 라고 란 든 며 죠 네요 서';

/** Follow verbs and adjectives alone. */
const endings =
  '다 고요 지 지만 지요 지도 지는 어 어서 어요 었다 었는데 었고 았다 았고 으면 면 면서 으면서 니까 으니 으니까 ㄴ다 는다 는데 던 던데 게 도록 려고 으려고 거나 거든 거든요 ' +
  '네 습니다 읍니다 ㅂ니다 세요 으세요 자 자고 다고 다는 다면 다니 겠다 겠지 겠네 음 기 기만 기도 기는 기에 기가 더라 더라고 더라고요 구나 군요 냐 냐고 느냐 는지 은지 을지 ㄹ까 을까 을까요 을수록 수록 해서 하고 하는 하다 한다 했다 합니다 해요 하면 하지 된다 되는 됩니다 되고 되면 됐다';

const weights: ReadonlyMap<string, number> = new Map([
  ...endings.split(' ').map((ending) => [ending, -1] as const),
  ...ambiguous.split(' ').map((ending) => [ending, 0.3] as const),
  ...particles.split(' ').map((particle) => [particle, 1] as const),
]);

/** How much a word's rest speaks for a noun before it: 1 a particle, 0.3 perhaps one, −1 an ending of a verb, 0 unknown. */
export function nounEvidence(rest: string): number {
  return weights.get(rest) ?? 0;
}

/** Whether a rest can be a particle. */
export function isParticle(rest: string): boolean {
  return nounEvidence(rest) > 0;
}

/** Longest particle, in characters. */
export const MAX_PARTICLE_LENGTH = Math.max(...[...weights.keys()].map((ending) => ending.length));
