import assert from 'node:assert/strict';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { createRetentionCheck, type NamespaceClient } from '../../src/temporal/retention-check.js';
import { assertRejects } from './runs-fixture.js';

const { DescribeNamespaceResponse } = proto.temporal.api.workflowservice.v1;

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 0, 15);
const TOO_OLD = 'Runs that may own a message are older than the retention of the namespace.';

/**
 * A namespace with the retention that `answer` has at the moment; undefined: it does not tell; an
 * Error: no answer.
 */
function createNamespace(answer: { retentionMs: number | undefined | Error }) {
  const seen = { calls: 0 };
  const describeNamespace: NamespaceClient['workflowService']['describeNamespace'] = () => {
    seen.calls++;
    const { retentionMs } = answer;
    if (retentionMs instanceof Error) return Promise.reject(retentionMs);
    const config = retentionMs === undefined ? {} : { workflowExecutionRetentionTtl: msToTs(retentionMs) };
    return Promise.resolve(DescribeNamespaceResponse.create({ config }));
  };
  const client: NamespaceClient = {
    options: { namespace: 'default' },
    workflowService: { describeNamespace },
  };
  return { client, seen };
}

describe('the retention of closed runs', () => {
  it('covers all but its last hour', async () => {
    const { client } = createNamespace({ retentionMs: 72 * HOUR_MS });
    const assertKept = createRetentionCheck(client, () => NOW_MS);
    for (const hours of [0, 24, 71]) await assertKept(NOW_MS - hours * HOUR_MS);
    await assertRejects(assertKept(NOW_MS - 71 * HOUR_MS - 1), TOO_OLD);
    await assertRejects(assertKept(Number.NaN), TOO_OLD);
  });

  it('is read again only after ten minutes', async () => {
    const answer = { retentionMs: 72 * HOUR_MS };
    const { client, seen } = createNamespace(answer);
    let nowMs = NOW_MS;
    const assertKept = createRetentionCheck(client, () => nowMs);
    const sinceMs = NOW_MS - 48 * HOUR_MS;
    await assertKept(sinceMs);
    answer.retentionMs = 24 * HOUR_MS;
    nowMs += 10 * 60_000;
    await assertKept(sinceMs);
    assert.equal(seen.calls, 1);
    nowMs += 1;
    await assertRejects(assertKept(sinceMs), TOO_OLD);
    assert.equal(seen.calls, 2);
  });

  it('is an error when Temporal does not report it, which is not cached', async () => {
    const answer: { retentionMs: number | undefined | Error } = { retentionMs: new Error('secret') };
    const { client } = createNamespace(answer);
    const assertKept = createRetentionCheck(client, () => NOW_MS);
    await assertRejects(assertKept(NOW_MS), 'Temporal failed to describe the namespace.');
    answer.retentionMs = undefined;
    await assertRejects(assertKept(NOW_MS), 'Temporal did not report how long it keeps closed runs.');
    answer.retentionMs = 72 * HOUR_MS;
    await assertKept(NOW_MS);
  });
});
