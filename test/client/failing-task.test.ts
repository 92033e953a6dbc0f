import assert from 'node:assert/strict';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import { readFailingTask } from '../../src/client/failing-task.js';

describe('a workflow task that failed before', () => {
  it('does not quote foreign code', async () => {
    const words = async (message: string) => {
      const failed = { cause: 2, failure: { message } };
      const task = await readFailingTask(
        { attempt: 6 },
        [{ workflowTaskFailedEventAttributes: failed }],
        loadDataConverter(),
      );
      return task?.failure ?? '';
    };
    assert.doesNotMatch(await words('Unexpected token in "Bonjour +33639980042"'), /Bonjour/);
    assert.doesNotMatch(await words('x: A payload is encrypted with the key "new"'), /^x/);
    assert.match(await words('A payload is encrypted with the key "new", …'), /"new"/);
  });

  it('is found behind its next attempt, which newer servers show', async () => {
    const failed = { workflowTaskFailedEventAttributes: { cause: 2, failure: { message: 'x' } } };
    const next = [{ workflowTaskScheduledEventAttributes: {} }, { workflowTaskStartedEventAttributes: {} }];
    const task = await readFailingTask({ attempt: 4 }, [failed, ...next], loadDataConverter());
    assert.deepEqual(task, { attempt: 4, failure: 'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES' });
  });

  it('reads as waiting for a worker when it was lost with its worker', async () => {
    const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED: state } =
      proto.temporal.api.enums.v1.PendingWorkflowTaskState;
    const timedOut = [{ workflowTaskTimedOutEventAttributes: {} }];
    const of = (task: object) => readFailingTask(task, timedOut, loadDataConverter());
    assert.equal(await of({ state, attempt: 2 }), undefined);
    assert.deepEqual(await of({ attempt: 3 }), { attempt: 3 });
    assert.equal(await of({ attempt: 1 }), undefined);
  });
});
