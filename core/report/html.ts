/** HTML in which text stays text: everything that is not markup already is escaped. Knows no page. */

/** A piece of finished HTML. Only `html` and `trusted` make one. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Renderable = Markup | string | number | undefined | false | readonly Renderable[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that HTML cannot hold (lone surrogates too), and those that turn the writing direction of what follows. */
const UNSHOWABLE = /(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff\p{Cs}]/gu;

/** Text without what cannot be shown, for which stands U+FFFD. */
export function showable(text: string): string {
  return text.replace(UNSHOWABLE, '\ufffd');
}

/** Text as HTML text or as a quoted attribute's value. What cannot be shown becomes U+FFFD. */
export function escapeHtml(text: string): string {
  return showable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Template tag: values are escaped unless they are `Markup`; lists are joined; undefined and false vanish. */
export function html(strings: TemplateStringsArray, ...values: readonly Renderable[]): Markup {
  return new Markup(strings.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

/** Markup that this program made itself, such as a drawn plot. Never give it text from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(value: Renderable): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeHtml(String(value));
}
