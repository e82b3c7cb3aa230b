/** HTML bodies decoded by the charset that the HTTP header names. Knows no particular page. */

import type { CheerioAPI } from 'cheerio';
import { load } from 'cheerio';
import iconv from 'iconv-lite';

import { ParseDriftError } from './errors.js';
import type { HttpResponse } from './http.js';

const SNIFFED_BYTES = 1024;

function charsetIn(text: string | undefined): string | undefined {
  return /charset\s*=\s*["']?([\w-]+)/i.exec(text ?? '')?.[1]?.toLowerCase();
}

/** Pages that call themselves EUC-KR hold syllables of its superset, cp949. */
function decoderName(charset: string): string {
  return /^(?:euc-?kr|ks_?c_?5601(?:-1987)?|ms949|cp949|windows-949)$/.test(charset) ? 'cp949' : charset;
}

/** The text of a body: the header's charset counts, then the page's own `<meta>`, then UTF-8. */
export function textOf(response: HttpResponse): string {
  const declared = charsetIn(response.headers['content-type']);
  const meta = charsetIn(Buffer.from(response.body.subarray(0, SNIFFED_BYTES)).toString('latin1'));
  const name = decoderName(declared ?? meta ?? 'utf-8');
  return iconv.decode(Buffer.from(response.body), iconv.encodingExists(name) ? name : 'utf-8');
}

export function htmlOf(response: HttpResponse): CheerioAPI {
  return load(textOf(response));
}

/** Text of an element, its line breaks and paragraphs kept as line feeds. */
export function blockText($: CheerioAPI, selector: string): string {
  const element = $(selector).first().clone();
  element.find('script, style, noscript, iframe').remove();
  element.find('br').replaceWith('\n');
  element.find('p, div, li').append('\n');
  return element.text();
}

/** Text of the first element that a selector finds. @throws ParseDriftError when there is none. */
export function requiredText($: CheerioAPI, selector: string, url: string): string {
  if ($(selector).length === 0) throw new ParseDriftError(url, selector, 'an element', 'none');
  return blockText($, selector).trim();
}
