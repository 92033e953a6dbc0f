import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../src/activities/create-activities.js';
import type { InboxPort } from '../../src/activities/ports.js';
import { unreadableList } from '../../src/provider/unreadable-list.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createPorts, NOW, RUN } from './activity-fixture.js';

const ACCOUNT_ID = '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11';
const NOBODY_ELSE = { lastMs: NOW - 1_000, nextMs: undefined };

/** A reader over an inbox that notes what is asked of it. */
function createReader(read: InboxPort['read'], minDelayMs = 30_000) {
  const calls: string[] = [];
  const worker = { isStopping: false };
  const note = <T>(name: string, answer: T) => {
    calls.push(name);
    return Promise.resolve(answer);
  };
  const state = { ...NOBODY_ELSE, newestMs: undefined, region: 'FR', phones: [] };
  const inbox: InboxPort = {
    store: {
      find: () => note('find', state),
      findTimes: () => note('findTimes', NOBODY_ELSE),
      recordReading: () => note('recordReading', undefined),
      recordFailure: () => note('recordFailure', undefined),
      pendingOptOuts: () => Promise.resolve({ unannounced: [], unconfirmed: [] }),
      markAnnounced: () => note('markAnnounced', undefined),
      markConfirmed: () => note('markConfirmed', undefined),
      eraseOldTexts: () => Promise.resolve(),
    },
    reply: undefined,
    minDelayMs,
    read,
    announceOptOut: () => Promise.resolve(),
    confirmOptOut: () => Promise.resolve(),
  };
  const ports = createPorts({
    inbox,
    now: Date.now,
    wait: (ms, signal) => {
      calls.push('wait');
      return wait(ms, undefined, { signal });
    },
  });
  const activities = createActivities(ports, () => worker.isStopping);
  const environment = new MockActivityEnvironment({ workflowExecution: RUN });
  const readInbox = (input: { accountId: string }) => activities.readInbox(input);
  return { calls, worker, environment, run: () => environment.run(readInbox, { accountId: ACCOUNT_ID }) };
}

const EMPTY = () => Promise.resolve({ kind: 'read', messages: [], skipped: 0 } as const);

describe('reading an inbox', () => {
  it('ends soon where its worker is asked to stop between two readings', async () => {
    const reader = createReader(EMPTY);
    const running = reader.run();
    await waitUntil('the wait for the next reading', () => reader.calls.includes('wait'));
    reader.worker.isStopping = true;
    assert.deepEqual(await running, { isIdle: false });
  });

  it('gives up a request where its worker is asked to stop, and records no failure', async () => {
    const started = { isOut: false };
    const reader = createReader(async ({ signal }) => {
      started.isOut = true;
      await new Promise((resolve) => {
        signal?.addEventListener('abort', resolve);
      });
      return unreadableList('the read was aborted');
    });
    const running = reader.run();
    await waitUntil('the request', () => started.isOut);
    reader.worker.isStopping = true;
    assert.deepEqual(await running, { isIdle: false });
    assert.deepEqual(reader.calls, ['find']);
  });

  it('stores a reading that was under way when another was asked for', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const aborted: boolean[] = [];
    const reader = createReader(async ({ signal }) => {
      await answered;
      aborted.push(signal?.aborted === true);
      return { kind: 'read', messages: [], skipped: 0 };
    });
    const running = reader.run();
    await waitUntil('the request', () => reader.calls.includes('find'));
    reader.environment.cancel();
    answer();
    await assert.rejects(running, (error) => error instanceof CancelledFailure || isAbort(error));
    assert.deepEqual(aborted, [false]);
    assert.ok(reader.calls.includes('recordReading'));
  });

  it('asks for the times of the account alone until the next reading is due', async () => {
    const reader = createReader(EMPTY, 20);
    const running = reader.run();
    await waitUntil(
      'three readings',
      () => reader.calls.filter((call) => call === 'recordReading').length > 2,
    );
    reader.worker.isStopping = true;
    await running;
    const between = reader.calls.slice(reader.calls.indexOf('recordReading') + 1);
    const next = between.indexOf('find');
    assert.ok(next > 0);
    assert.ok(between.slice(0, next).includes('findTimes'));
  });
});

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
