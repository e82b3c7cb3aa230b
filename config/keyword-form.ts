/** What texts keep of a keyword: two spellings with one form could not be told apart in them. Knows no markup. */

/**
 * The signs that cleaned texts do not have, and their longest run: as in `core/text/normalize`, which this folder does
 * not read. A test holds the two together, as it does the case of `core/text/keywords`.
 */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\uFFFC\uFFFD\p{Cs}\p{Co}\uFFFE\uFFFF]/gu;
const BLANKS = /[\p{Z}\p{Cc}]+/gu;
const RUN = /([^\d\s])\1+/giu;
const LONGEST_RUN = 3;

/** One form for all spellings that differ in case, kinds and number of blanks, unseen signs, composition or long runs. */
export function keywordForm(keyword: string): string {
  const line = keyword.replace(UNSEEN, '').normalize('NFC').replace(BLANKS, ' ').trim();
  const cut = line.replace(RUN, (run) => Array.from(run).slice(0, LONGEST_RUN).join(''));
  // İ and both forms of σ as where texts are searched.
  return cut.replace(/[^İ]+/g, (part) => part.toLowerCase()).replaceAll('ς', 'σ');
}

/** In quotes, with the number of every sign that does not show what it is. */
export function shownKeyword(keyword: string): string {
  return JSON.stringify(keyword).replace(
    /(?! )\p{Z}|\p{Default_Ignorable_Code_Point}/gu,
    (sign) => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
