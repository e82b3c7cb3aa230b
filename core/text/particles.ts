/** Korean particles that agree with the word before them, and prompt templates that use them. Knows no keywords. */

import type { FinalSound } from './final-sound.js';
import { finalSound } from './final-sound.js';

/** After a consonant / after a vowel. `rieulAsVowel`: 서울로, not 서울으로. */
interface ParticlePair {
  readonly consonant: string;
  readonly vowel: string;
  readonly rieulAsVowel: boolean;
}

const plainPairs = [
  ['은', '는'],
  ['이', '가'],
  ['을', '를'],
  ['과', '와'],
  ['아', '야'],
  ['이랑', '랑'],
  ['이나', '나'],
  ['이여', '여'],
  ['이라', '라'],
  ['이든', '든'],
  ['이며', '며'],
  ['이란', '란'],
  ['이라도', '라도'],
  ['이라는', '라는'],
  ['이야', '야'],
] as const;

const rieulPairs = [
  ['으로', '로'],
  ['으로서', '로서'],
  ['으로써', '로써'],
  ['으로부터', '로부터'],
  ['으로는', '로는'],
  ['으로도', '로도'],
] as const;

/** Every pair under both of its spellings, `은/는` and `는/은`. */
const pairs: ReadonlyMap<string, ParticlePair> = new Map(
  [...plainPairs.map((pair) => [pair, false] as const), ...rieulPairs.map((pair) => [pair, true] as const)].flatMap(
    ([[consonant, vowel], rieulAsVowel]) => {
      const pair = { consonant, vowel, rieulAsVowel };
      return [[`${consonant}/${vowel}`, pair] as const, [`${vowel}/${consonant}`, pair] as const];
    },
  ),
);

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  constructor(
    readonly template: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`template ${JSON.stringify(template)}: expected ${expected}, got ${got}`);
  }
}

function choose(pair: ParticlePair, sound: FinalSound): string {
  if (sound === 'vowel' || (sound === 'rieul' && pair.rieulAsVowel)) return pair.vowel;
  return pair.consonant;
}

/**
 * The form of a particle that follows `word`: `particleFor('빌라', '은/는')` is `는`.
 * @throws TemplateError for a pair that is not known.
 */
export function particleFor(word: string, pair: string): string {
  const known = pairs.get(pair);
  if (!known) throw new TemplateError(`{${pair}}`, `one of ${[...pairs.keys()].join(' ')}`, pair);
  return choose(known, finalSound(word));
}

type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'particle'; readonly pair: string };

function slotOf(inside: string, template: string): Piece {
  const content = inside.trim();
  if (pairs.has(content)) return { kind: 'particle', pair: content };
  if (/^[A-Za-z_]\w*$/.test(content)) return { kind: 'value', name: content };
  throw new TemplateError(template, 'a name such as {keyword} or a particle such as {은/는}', `{${inside}}`);
}

/** Literals, `{name}`, `{은/는}`; doubled braces stand for themselves. */
function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  for (const part of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/gu)) {
    const [text, inside] = part;
    if (inside !== undefined) pieces.push(slotOf(inside, template));
    else if (text === '{' || text === '}')
      throw new TemplateError(template, 'braces in pairs', `a lone ${text} at ${part.index}`);
    else pieces.push({ kind: 'literal', text: text === '{{' ? '{' : text === '}}' ? '}' : text });
  }
  return pieces;
}

/** Names of the values that a template asks for, in order, each once. @throws TemplateError */
export function templateNames(template: string): string[] {
  const names = parseTemplate(template).flatMap((piece) => (piece.kind === 'value' ? [piece.name] : []));
  return [...new Set(names)];
}

/**
 * Fills a template: `renderTemplate('{keyword}{은/는} 요즘', { keyword: '빌라' })` is `빌라는 요즘`.
 * A particle agrees with whatever text stands before it; templates without particles serve every other language.
 * @throws TemplateError for lone braces, unknown particles and names without a value.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  let text = '';
  for (const piece of parseTemplate(template)) {
    if (piece.kind === 'literal') text += piece.text;
    else if (piece.kind === 'particle') text += particleFor(text, piece.pair);
    else {
      const value = Object.hasOwn(values, piece.name) ? values[piece.name] : undefined;
      if (value === undefined)
        throw new TemplateError(template, `one of ${Object.keys(values).join(', ')}`, piece.name);
      text += value;
    }
  }
  return text;
}
