/** A value as a string of Temporal's query language for lists of runs. */
export function quote(value: string): string {
  return `'${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
