import type { WorkflowExecutionDescription } from '@temporalio/client';

/** Our own search attributes of a run, by name; the server adds some of its own. */
export function smsAttributesOf({
  typedSearchAttributes,
}: Pick<WorkflowExecutionDescription, 'typedSearchAttributes'>): Record<string, unknown> {
  const pairs = typedSearchAttributes.getAll().map(({ key, value }): [string, unknown] => [key.name, value]);
  return Object.fromEntries(pairs.filter(([name]) => name.startsWith('Sms')));
}
