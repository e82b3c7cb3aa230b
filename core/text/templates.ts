/** Prompt templates: names to be filled in, Korean particles and English articles that agree with what is filled in. */

import { articleFor } from './articles.js';
import { isParticlePair, particleFor } from './particles.js';

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

/** Markers of the English article, by whether it begins a sentence. */
const articles: ReadonlyMap<string, boolean> = new Map([
  ['a/an', false],
  ['an/a', false],
  ['a(n)', false],
  ['A/An', true],
  ['An/A', true],
  ['A(n)', true],
]);

type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'particle'; readonly pair: string }
  | { readonly kind: 'article'; readonly capital: boolean };

function slotOf(inside: string, template: string): Piece {
  const content = inside.trim();
  const capital = articles.get(content);
  if (capital !== undefined) return { kind: 'article', capital };
  if (isParticlePair(content)) return { kind: 'particle', pair: content };
  if (/^[A-Za-z_]\w*$/.test(content)) return { kind: 'value', name: content };
  throw new TemplateError(
    template,
    'a name such as {keyword}, a particle such as {은/는} or an article {a/an}',
    `{${inside}}`,
  );
}

/** Literals, `{name}`, `{은/는}`, `{a/an}`; doubled braces stand for themselves. */
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
 * Fills a template: `renderTemplate('{keyword}{은/는} 요즘', { keyword: '빌라' })` is `빌라는 요즘`, and
 * `'Ask {a/an} {keyword}'` with `engineer` is `Ask an engineer`.
 * A particle agrees with whatever text stands before it, an article with what stands behind it.
 * @throws TemplateError for lone braces, unknown markers and names without a value.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  let before = '';
  const parts = parseTemplate(template).map((piece) => {
    const part = piece.kind === 'article' ? piece : partOf(piece, before, values, template);
    if (typeof part === 'string') before += part;
    return part;
  });
  return parts.reduceRight<string>((behind, part) => withArticle(part, behind) + behind, '');
}

function partOf(
  piece: Exclude<Piece, { kind: 'article' }>,
  before: string,
  values: Readonly<Record<string, string>>,
  template: string,
): string {
  if (piece.kind === 'literal') return piece.text;
  if (piece.kind === 'particle') return particleFor(before, piece.pair);
  const value = Object.hasOwn(values, piece.name) ? values[piece.name] : undefined;
  if (value !== undefined) return value;
  throw new TemplateError(template, `one of ${Object.keys(values).join(', ')}`, piece.name);
}

function withArticle(part: string | { readonly capital: boolean }, behind: string): string {
  if (typeof part === 'string') return part;
  const article = articleFor(behind);
  return part.capital ? `A${article.slice(1)}` : article;
}
