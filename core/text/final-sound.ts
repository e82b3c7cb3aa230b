/** How a written word ends when it is read aloud in Korean: Hangul, digits, Latin letters, signs. Knows no particles. */

/** `rieul` (ㄹ) is a consonant that 으로/로 treats as a vowel. */
export type FinalSound = 'vowel' | 'rieul' | 'consonant';

const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
const FINALS = 28;
const FINAL_RIEUL = 8;

/** 영 일 이 삼 사 오 육 칠 팔 구 */
const digitSounds: readonly FinalSound[] = [
  'consonant',
  'rieul',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'rieul',
  'rieul',
  'vowel',
];

/** Sound of a round number by its trailing zeros: 십 백 천, then 만 억 조 경 for four each. */
function roundNumberSound(zeros: number): FinalSound {
  if (zeros >= 12 && zeros < 16) return 'vowel';
  return 'consonant';
}

/** Names of single letters: 엘, 알 end in ㄹ, 엠, 엔 in a nasal, all others in a vowel. */
function letterSound(letter: string): FinalSound {
  if (letter === 'L' || letter === 'R') return 'rieul';
  return letter === 'M' || letter === 'N' ? 'consonant' : 'vowel';
}

/** Spelling patterns of Latin words with the sound that they are usually borrowed with; the first that fits counts. */
const latinEndings: readonly (readonly [RegExp, FinalSound])[] = [
  [/l{1,2}$/, 'rieul'], // hotel, mall
  [/[^aeiou]le$|[aeiouy]le$/, 'rieul'], // apple, style
  [/[mn]$|ng$/, 'consonant'], // room, town, housing
  [/[aeiouy][mn]e$/, 'consonant'], // home, line
  [/[aeiou](?:k|ck|p|t|b|c)$/, 'consonant'], // book, block, top, net, web, public
];

function latinSound(word: string): FinalSound {
  if (word === word.toUpperCase()) return letterSound(word.slice(-1));
  const lower = word.toLowerCase();
  return latinEndings.find(([pattern]) => pattern.test(lower))?.[1] ?? 'vowel';
}

/** `1,200` counts its trailing zeros; the digits after a decimal point are read one by one. */
function numberSound(digits: string): FinalSound {
  const plain = digits.replaceAll(',', '');
  const last = Number(plain.slice(-1));
  if (last !== 0 || plain.includes('.') || /^0+$/.test(plain)) return digitSounds[last] ?? 'vowel';
  return roundNumberSound(plain.length - plain.replace(/0+$/, '').length);
}

function hangulSound(code: number): FinalSound {
  const final = (code - HANGUL_FIRST) % FINALS;
  if (final === 0) return 'vowel';
  return final === FINAL_RIEUL ? 'rieul' : 'consonant';
}

/** A bracket explains the word before it, and the particle follows that word: 아파트(신축) is read as 아파트. */
function withoutTrail(text: string): string {
  const bare = text.replace(/[\s"'”’」』》〉.,!?…~]+$/u, '');
  const unbracketed = bare.replace(/\s*(?:\([^()]*\)|\[[^[\]]*\])$/u, '');
  if (unbracketed !== '' && unbracketed !== bare) return withoutTrail(unbracketed);
  return bare.replace(/[)\]]+$/u, '');
}

/** The sound that the reading of `text` ends in; `vowel` when nothing in it can be read. */
export function finalSound(text: string): FinalSound {
  const word = withoutTrail(text.normalize('NFKC'));
  const code = word.codePointAt(word.length - 1) ?? 0;
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) return hangulSound(code);
  const number = /\d[\d,]*(?:\.\d+)?$/.exec(word);
  if (number) return numberSound(number[0]);
  const latin = /[A-Za-z]+$/.exec(word);
  if (latin) return latinSound(latin[0]);
  // NFKC turns a lone ㅋ (U+314B) into its conjoining form; the names of all consonants end in one (기역, 니은 …).
  if (code === 0x1105) return 'rieul'; // 리을
  return code >= 0x1100 && code <= 0x1112 ? 'consonant' : 'vowel';
}
