import { printable } from '../../../../src/cli/printable.js';

/**
 * The average width of a letter in the widest of the usual system fonts, in parts of the font size.
 */
const LETTER_WIDTH = 0.62;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** How text is set. */
export interface TextStyle {
  readonly x: number;
  readonly y: number;
  /** In pixels. */
  readonly size: number;
  readonly color: string;
  readonly isBold?: boolean;
  /** The colour of an edge that keeps the text apart from lines behind it. */
  readonly halo?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** Text that is safe between the tags of an SVG and in its attributes. */
export function escapeXml(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

/** A line of text. */
export function drawText(text: string, style: TextStyle): string {
  const { x, y, size, color, isBold = false, anchor = 'start', halo } = style;
  const weight = isBold ? ' font-weight="600"' : '';
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const edge = halo === undefined ? '' : ` stroke="${halo}" stroke-width="4" paint-order="stroke"`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${color}"${weight}${at}${edge}>${escapeXml(text)}</text>`;
}

/** How wide a text is at most, in pixels: an estimate, as fonts differ. */
function estimateWidth(text: string, size: number): number {
  return Array.from(text).length * size * LETTER_WIDTH;
}

/**
 * Breaks a text between words into lines that fit, in pixels; what is beyond the last line is cut.
 */
export function wrapText(text: string, fit: { size: number; width: number; lines: number }): string[] {
  const fits = (line: string) => estimateWidth(line, fit.size) <= fit.width;
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && fits(`${last} ${word}`)) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const kept = lines.slice(0, fit.lines);
  return kept.map((line, index) => {
    const isCut = index === fit.lines - 1 && lines.length > fit.lines;
    return fits(line) && !isCut ? line : cutText(line, fit);
  });
}

function cutText(line: string, { size, width }: { size: number; width: number }): string {
  const letters = Array.from(line);
  while (letters.length > 0 && estimateWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
