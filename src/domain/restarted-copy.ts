import { workflowIdFor } from './names.js';
import { readCorrelationIds } from './sms-job-schema.js';

/**
 * Whether a run, whose job is bound to its workflow id, was started with a copy of the input of an
 * earlier run under that id: our client, which makes such ids, starts one run only, and describes
 * it by a memo.
 *
 * @param run `memo` as the run was started with it
 */
export function isRestartedCopy(
  job: unknown,
  { workflowId, memo }: { readonly workflowId: string; readonly memo: object },
): boolean {
  const ids = readCorrelationIds(job);
  const isOfClient = workflowId.startsWith(workflowIdFor(ids.accountId ?? '', ''));
  return isOfClient && Object.keys(ids).some((name) => !Object.hasOwn(memo, name));
}
