import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { defaultDataConverter } from '@temporalio/common';
import { createDecodeFirst } from '../../src/temporal/decode-first.js';
import { readHistory, type RunWay } from '../../tools/chaos/durable/read-history.js';

const decode = createDecodeFirst(defaultDataConverter);
const decodeFirst = (payloads: Parameters<typeof decode>[0]) => decode(payloads, 'sms-1');

async function readRecorded(name: string): Promise<RunWay> {
  const json = await readFile(new URL(`../histories/${name}.json`, import.meta.url), 'utf8');
  return await readHistory(historyFromJSON(JSON.parse(json)).events ?? [], decodeFirst);
}

/** The way of a recorded run, without the time of its end. */
async function wayOf(name: string): Promise<Omit<RunWay, 'closedAtMs'>> {
  const { closedAtMs, ...way } = await readRecorded(name);
  assert.ok(closedAtMs !== undefined && closedAtMs > Date.parse('2020-01-01'), 'it has ended');
  return way;
}

const HAPPY: Omit<RunWay, 'closedAtMs'> = {
  unknownOutcomes: 0,
  resends: 0,
  reconciledByList: false,
  holds: [],
  stuckOn: undefined,
};

describe('the history of a run under fire', () => {
  it('shows nothing of a run that was sent at once', async () => {
    assert.deepEqual(await wayOf('success'), HAPPY);
  });

  it('reads a failure that proves "not sent" as known, and the next request as a first one', async () => {
    assert.deepEqual(await wayOf('PROVIDER_UNAVAILABLE-then-success'), HAPPY);
  });

  it('shows that a run was reconciled by a row of the sent messages', async () => {
    assert.deepEqual(await wayOf('unknown-then-found'), {
      ...HAPPY,
      unknownOutcomes: 1,
      reconciledByList: true,
    });
  });

  it('shows that a message was sent again', async () => {
    assert.deepEqual(await wayOf('unknown-then-sent-again'), { ...HAPPY, unknownOutcomes: 1, resends: 1 });
  });

  it('shows that a run was held, and what the sent messages showed', async () => {
    for (const name of ['unknown-then-held-then-named', 'unknown-then-held-then-sent-again']) {
      const { holds, reconciledByList } = await wayOf(name);
      assert.equal(holds.length, 1, name);
      assert.match(holds[0]!, /^(?:ambiguous|unreadable): |^the message is absent/);
      assert.equal(reconciledByList, false, name);
    }
  });

  it('shows when a followed run asked for its message for the last time', async () => {
    const { closedAtMs = 0, lastCheckAtMs = 0, ...way } = await readRecorded('followed-failed');
    assert.deepEqual({ ...way }, { ...HAPPY });
    assert.ok(lastCheckAtMs > Date.parse('2020-01-01') && lastCheckAtMs < closedAtMs);
  });

  it('reports no end for a running run, but what it is stuck on', async () => {
    assert.equal((await readHistory([], decodeFirst)).closedAtMs, undefined);
    const stuck = await readHistory(
      [{ workflowTaskFailedEventAttributes: { failure: { message: 'Nondeterminism error' } } }],
      decodeFirst,
    );
    assert.deepEqual([stuck.closedAtMs, stuck.stuckOn], [undefined, 'Nondeterminism error']);
  });
});
