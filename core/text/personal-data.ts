/** Masks personal data in free text: numbers of people, telephones, cards and accounts, and mail addresses. Knows no names. */

export type PersonalDataKind = 'resident-number' | 'phone' | 'email' | 'card' | 'account';

export interface MaskedText {
  readonly text: string;
  readonly counts: Readonly<Record<PersonalDataKind, number>>;
}

/** What stands in a text instead of each kind. */
export const masks: Readonly<Record<PersonalDataKind, string>> = {
  'resident-number': '[주민번호]',
  phone: '[전화번호]',
  email: '[이메일]',
  card: '[카드번호]',
  account: '[계좌번호]',
};

/** Between the digits of one number: nothing, a space, a dash, a dot; several of them at most. */
const GAP = '[\\s\\-.·_~]{0,3}';
const separated = (...groups: string[]): string => groups.join(GAP);

interface Rule {
  readonly kind: PersonalDataKind;
  readonly pattern: RegExp;
  readonly accept?: (digits: string, match: string) => boolean;
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Six digits of a birthday, then 1–8 for century, sex and nationality. The check digit is random since October 2020. */
function isBirthday(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  const day = Number(digits.slice(4, 6));
  return month >= 1 && month <= 12 && day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0);
}

/** Luhn's check, which all payment cards pass. */
function isCardNumber(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.at(-1 - i));
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Four groups of four are a card whatever their check digit says; a run of digits must pass the check. */
function looksLikeCard(digits: string, match: string): boolean {
  return /^\d{4}\D+\d{4}\D+\d{4}\D+\d{4}$/.test(match) || isCardNumber(digits);
}

const before = '(?<![\\d])';
const after = '(?![\\d])';
const rule = (body: string): RegExp => new RegExp(`${before}(?:${body})${after}`, 'gu');

/** In this order: what an earlier rule masks, a later one does not see. */
const rules: readonly Rule[] = [
  {
    kind: 'email',
    pattern:
      /(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}\s?(?:@|\(at\)|\[at\]|골뱅이)\s?[A-Za-z0-9-]{1,63}(?:\s?\.\s?[A-Za-z0-9-]{1,63}){0,4}\s?\.\s?[A-Za-z]{2,24}/giu,
  },
  {
    kind: 'resident-number',
    pattern: rule(separated('\\d{2}\\s?\\d{2}\\s?\\d{2}', '[1-8*](?:\\s?[\\d*]){6}')),
    accept: isBirthday,
  },
  { kind: 'card', pattern: rule(separated('\\d{4}', '\\d{4}', '\\d{4}', '\\d{4}')), accept: looksLikeCard },
  { kind: 'card', pattern: rule(separated('3[47]\\d{2}', '\\d{6}', '\\d{5}')), accept: isCardNumber },
  {
    kind: 'phone',
    pattern: rule(`(?:\\+?82${GAP}\\(?0?\\)?${GAP}|\\(?0)(?:${separated('1[016789]\\)?', '\\d{3,4}', '\\d{4}')})`),
  },
  {
    kind: 'phone',
    pattern: rule(
      `(?:\\+?82${GAP}\\(?0?\\)?${GAP}|\\(?0)(?:${separated('(?:2|[3-6]\\d|70|50\\d)\\)?', '\\d{3,4}', '\\d{4}')})`,
    ),
  },
  {
    kind: 'account',
    pattern: rule('\\d{2,6}(?:\\s?-\\s?\\d{2,6}){2,3}'),
    accept: (digits) => digits.length >= 10 && digits.length <= 16,
  },
  {
    kind: 'account',
    pattern: /(?<=(?:계좌|은행|뱅크|농협|수협|신협|우체국|입금|송금)[^\d]{0,12})(?<!\d)\d(?:[\s-]?\d){9,15}(?!\d)/gu,
  },
];

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** Anything that a disguised number could be made of: without one of these nothing can match. */
const SUSPICIOUS = /[\d\uFF10-\uFF19\u2460-\u2473\u{1D7CE}-\u{1D7FF}@\uFF20]|골뱅이|\(at\)|\[at\]/iu;

/** A text as the rules read it, with the place in the original of every UTF-16 unit. */
interface Plain {
  readonly text: string;
  /** One more entry than units: the last is the original's end. */
  readonly starts: readonly number[];
}

/** Full-width and other compatibility forms become plain, invisible characters go. */
function plainForm(text: string): Plain {
  let plain = '';
  const starts: number[] = [];
  let index = 0;
  for (const character of text) {
    const folded = INVISIBLE.test(character) ? '' : /[‐-―−﹣－]/u.test(character) ? '-' : character.normalize('NFKC');
    for (let i = 0; i < folded.length; i++) starts.push(index);
    plain += folded;
    index += character.length;
  }
  starts.push(index);
  return { text: plain, starts };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: PersonalDataKind;
}

/** Spans of the plain text, found rule by rule; what is found is blotted out for the rules after it. */
function findSpans(plain: string): Span[] {
  const spans: Span[] = [];
  let rest = plain;
  for (const { kind, pattern, accept } of rules) {
    rest = rest.replace(pattern, (match: string, ...groups: unknown[]) => {
      if (accept && !accept(match.replaceAll(/[^\d*]/g, ''), match)) return match;
      const start = groups.find((group) => typeof group === 'number');
      if (start === undefined) return match;
      spans.push({ start, end: start + match.length, kind });
      return '\u0000'.repeat(match.length);
    });
  }
  return spans.sort((a, b) => a.start - b.start);
}

/**
 * Replaces personal data by bracketed words. Full-width digits, spaces, dashes and invisible characters between digits do
 * not hide a number. What is not masked stays as it was, and masking twice changes nothing.
 */
export function maskPersonalData(text: string): MaskedText {
  const counts: Record<PersonalDataKind, number> = { 'resident-number': 0, phone: 0, email: 0, card: 0, account: 0 };
  if (!SUSPICIOUS.test(text)) return { text, counts };
  const plain = plainForm(text);
  let masked = '';
  let position = 0;
  for (const { start, end, kind } of findSpans(plain.text)) {
    masked += text.slice(position, plain.starts[start]) + masks[kind];
    position = plain.starts[end] ?? text.length;
    counts[kind]++;
  }
  return { text: masked + text.slice(position), counts };
}
