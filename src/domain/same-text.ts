/**
 * Whether two texts are one message: line ends, composed characters and blanks at either end may
 * differ, as providers trim and normalise.
 */
export function isSameText(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(text: string): string {
  return text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
}
