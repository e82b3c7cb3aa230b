/** The plots of a report as files of their own, for papers and slides. Knows only the finished page. */
import { LIGHT } from './palette.js';

const PLOT = /<svg role="img"([^>]*)>([^]*?)<\/svg>/g;
const TITLE = /<title>([^<]*)<\/title>/;
const FONTS = "system-ui, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans CJK KR', 'Noto Sans KR', sans-serif";

/** `03-distances-among-types-before.svg` → SVG text, in the order of the page. Same page, same files. */
export function figureFiles(page: string): Record<string, string> {
  const plots = [...page.matchAll(PLOT)];
  const digits = String(plots.length).length;
  return Object.fromEntries(
    plots.map(([, attributes = '', content = ''], i) => {
      const number = String(i + 1).padStart(digits, '0');
      return [`${number}-${slug(TITLE.exec(content)?.[1] ?? 'plot')}.svg`, standalone(attributes, content)];
    }),
  );
}

/** A title as a file name that every system takes. */
function slug(title: string): string {
  return title
    .replace(/&[^;]*;/g, ' ')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
}

/** Programs that draw SVG know neither the page's custom properties nor its fonts: both are written out. */
function standalone(attributes: string, content: string): string {
  const own = attributes.replace(/ (?:aria-label|class|font-family|color|xmlns(?::\w+)?)="[^"]*"/g, '');
  const drawn = content.replace(/var\(--([\w-]+)\)/g, (whole, name: string) => LIGHT[name] ?? whole);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="${FONTS}" color="${LIGHT['ink']}"${own}>` +
    `<rect width="100%" height="100%" fill="#ffffff" />${drawn}</svg>\n`
  );
}
