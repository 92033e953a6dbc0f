/** Markup that is safe to send: made by `html` only. */
export interface Html {
  readonly markup: string;
}

/**
 * What can stand in a template: text is escaped, markup and lists of it are not; null shows
 * nothing.
 */
export type HtmlValue = string | number | null | Html | readonly Html[];

/** A template whose every value is escaped unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return { markup: parts.map((part, index) => part + show(values[index] ?? null)).join('') };
}

function show(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') {
    return String(value).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
