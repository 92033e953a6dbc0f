import type { AuditFinding } from '../client/audit-sends.js';
import { printable } from './printable.js';

/** What an audit found of a send, as a line for people; undefined if that is nothing. */
export function describeFinding({
  workflowId,
  messageId,
  possibleDuplicateOf,
  unclear,
}: AuditFinding): string | undefined {
  if (possibleDuplicateOf !== undefined) {
    const sentAs = messageId ?? 'an unknown message';
    return printable(`${workflowId}: sent as ${sentAs}, possible duplicate of ${possibleDuplicateOf}`);
  }
  return unclear === undefined ? undefined : printable(`${workflowId}: undetermined: ${unclear}`);
}
