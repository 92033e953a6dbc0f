/** Jobs with the same number and text look the same on a phone, so they are judged together. */
export function groupKey(recipient: string, text: string): string {
  return `${recipient} ${text}`;
}
