/**
 * Text from outside as a terminal may show it, on one line: a workflow id, a message id or a reason
 * can be anything that somebody started a run with, or that a provider answered.
 */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
