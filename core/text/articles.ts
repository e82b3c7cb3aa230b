/** The English article before a word, by how the word sounds: a nurse, an engineer, an hour, a user. Knows no templates. */

/** Letters whose names begin with a vowel: an MBA, an X-ray, but a UFO. */
const VOWEL_LETTERS = /^[AEFHILMNORSX]/;

/** Written with a vowel, spoken with a consonant: a European, a one-off, a university, a user. */
const CONSONANT_SOUND = /^(?:e[uw]|ones?(?![a-z])|once|uni(?:[^nmd]|mo)|u[bcfhjkqrst][aeiou])/;

/** Written with an h that is not spoken. */
const SILENT_H = /^(?:hour|honest|hono[u]?r|heir)/;

/** Eight, eighty, eight hundred …; eleven and eighteen, with or without thousands behind them. */
const VOWEL_NUMBER = /^(?:8\d*|1[18](?:\d{3})*)(?:\D|$)/;

/** Capitals that are read letter by letter: short, or without a vowel that would make them a word. */
function isSpelled(word: string): boolean {
  return /^[A-Z]+$/.test(word) && (word.length <= 3 || !/[AEIOU]/.test(word));
}

/**
 * `a` or `an` before `text`, told from its first word's spelling (after the rules in Conway 1998, "An Algorithmic
 * Approach to English Pluralization", which cover articles too).
 */
export function articleFor(text: string): 'a' | 'an' {
  const rest = text.replace(/^[^\p{L}\d]+/u, '');
  if (/^\d/.test(rest)) return VOWEL_NUMBER.test(rest.replaceAll(/(?<=\d),(?=\d)/g, '')) ? 'an' : 'a';
  const [word = ''] = /^[\p{L}]+/u.exec(rest) ?? [];
  if (isSpelled(word)) return VOWEL_LETTERS.test(word) ? 'an' : 'a';
  const plain = rest.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  if (SILENT_H.test(plain)) return 'an';
  return /^[aeiou]/.test(plain) && !CONSONANT_SOUND.test(plain) ? 'an' : 'a';
}
