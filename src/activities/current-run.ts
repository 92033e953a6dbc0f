import { activityInfo } from '@temporalio/activity';

/** The run that the current activity belongs to. */
export function currentRun(): { readonly workflowId: string; readonly runId: string } {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) throw new Error('This activity runs inside a workflow only.');
  return workflowExecution;
}
