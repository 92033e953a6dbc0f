import assert from 'node:assert/strict';
import type { ListOptions, RetryOutcome, SendFilter, SmsClient, SmsListing } from '../../src/client.js';
import { createCliRun } from '../../src/cli/cli-run.js';
import { retryMany } from '../../src/cli/retry/retry-many.js';
import { createRetrySummary } from '../../src/cli/retry/retry-summary.js';
import { SmsError } from '../../src/domain/errors.js';
import { captureIo } from '../support/cli-io.js';

type Retrier = Parameters<typeof retryMany>[1];

const FILTER = { errorCode: 'API_KEY_INVALID', huntId: 'hunt-7' } as const;

const listing = (workflowId: string): SmsListing => ({
  workflowId,
  runId: 'run',
  status: 'failed',
  startedAt: '2030-01-01T00:00:00.000Z',
  correlationIds: {},
});

const started = (retryOf: string): RetryOutcome => ({
  kind: 'started',
  runId: 'run',
  workflowId: `${retryOf}-retry-1`,
  retryOf,
  reconciledFirst: false,
  deadlineRenewed: false,
});

/** Retries with a client that lists these sends; what it printed, and what was retried. */
async function run(
  {
    list,
    retry,
    count,
  }: { list: () => Iterable<string>; retry?: SmsClient['retry']; count?: Retrier['count'] },
  flags: Parameters<typeof retryMany>[3] = {},
) {
  const [retried, filters] = [[] as string[], [] as ListOptions[]];
  const client: Retrier = {
    count: count ?? (() => Promise.resolve([...list()].length)),
    // eslint-disable-next-line @typescript-eslint/require-await
    async *list(filter = {}) {
      filters.push(filter);
      for (const workflowId of list()) yield listing(workflowId);
    },
    async retry(workflowId, options) {
      retried.push(workflowId);
      return (await retry?.(workflowId, options)) ?? started(workflowId);
    },
  };
  const io = captureIo();
  const end = retryMany(createCliRun(io), client, FILTER, { yes: true, ...flags });
  const [ended] = await Promise.allSettled([end]);
  const [out, err] = [io.written.stdout, io.written.stderr].map((text) => text.split('\n').slice(0, -1));
  return { out: out ?? [], err, retried, filters, ended };
}

describe('a bulk retry', () => {
  it('counts earlier retries by status, lists other failures, and exits with 1', async () => {
    const stands = {
      a: { status: 'accepted' },
      b: { status: 'failed', code: 'API_KEY_REQUIRED' },
      c: { status: 'running' },
      d: { status: 'terminated', code: 'TERMINATED' },
      e: { status: 'cancelled', code: 'CANCELLED' },
    } as const;
    const { out, ended } = await run({
      list: () => Object.keys(stands),
      retry: (retryOf) => {
        const stand = stands[retryOf as keyof typeof stands];
        return Promise.resolve({
          kind: 'already-retried',
          workflowId: `${retryOf}-retry-1`,
          runId: 'run',
          ...stand,
        });
      },
    });
    assert.deepEqual(ended, { status: 'fulfilled', value: 1 });
    const [numbers, ...failures] = out;
    assert.deepEqual(numbers?.slice(0, -1).split(', '), [
      '1 already retried and sent',
      '1 already retried and failed',
      '1 already retried and still running',
      '1 already retried and terminated',
      '1 already retried and cancelled',
    ]);
    assert.deepEqual(failures, [
      '  b-retry-1: failed, API_KEY_REQUIRED. To retry it: npx durable-sms retry b-retry-1',
      '  d-retry-1: terminated, TERMINATED. To retry it: npx durable-sms retry d-retry-1',
    ]);
  });

  it('exits with 0 when the earlier retries were sent', async () => {
    const { ended } = await run({
      list: () => ['a'],
      retry: () =>
        Promise.resolve({
          kind: 'already-retried',
          workflowId: 'a-retry-1',
          runId: 'run',
          status: 'accepted',
        }),
    });
    assert.deepEqual(ended, { status: 'fulfilled', value: 0 });
  });

  for (const list of [
    ['a', 'a-retry-1'],
    ['a-retry-1', 'a'],
  ]) {
    it(`retries the last send of a chain once, when these are listed: ${list.join(', ')}`, async () => {
      const { retried, out, ended } = await run({
        list: () => list,
        retry: (retryOf) =>
          Promise.resolve(
            retryOf === 'a'
              ? {
                  kind: 'already-retried',
                  workflowId: 'a-retry-1',
                  runId: 'run',
                  status: 'failed',
                  code: FILTER.errorCode,
                }
              : started(retryOf),
          ),
      });
      assert.deepEqual(retried.sort(), ['a', 'a-retry-1']);
      assert.deepEqual(out, ['1 started.']);
      assert.deepEqual(ended, { status: 'fulfilled', value: 0 });
    });
  }

  it('does not skip a send because of one that only looks like its retry', async () => {
    const { retried, out } = await run({
      list: () => ['a-retry-1', 'a'],
      retry: (retryOf) =>
        retryOf === 'a'
          ? Promise.reject(new SmsError('IDEMPOTENCY_KEY_REUSED'))
          : Promise.resolve(started(retryOf)),
    });
    assert.deepEqual(retried, ['a-retry-1', 'a']);
    const [numbers, failure] = out;
    assert.equal(numbers, '1 started, 1 could not be retried.');
    assert.match(failure ?? '', /^ {2}a: IDEMPOTENCY_KEY_REUSED: /);
  });

  it('starts no more than were counted, bounds the time range, and says that there are more now', async () => {
    const counted: SendFilter[] = [];
    const beforeMs = Date.now();
    const { retried, err, out, filters, ended } = await run({
      list: () => ['a', 'b', 'c', 'd'],
      count: (filter = {}) => {
        counted.push(filter);
        return Promise.resolve(counted.length === 1 ? 2 : 4);
      },
    });
    assert.deepEqual(retried, ['a', 'b']);
    assert.deepEqual(ended, { status: 'fulfilled', value: 0 });
    assert.deepEqual(out, ['2 started.']);
    assert.deepEqual(err, [
      '2 sends ended with API_KEY_INVALID.',
      '2 more ended with API_KEY_INVALID since: run the same command again to retry them.',
    ]);
    const [first, last] = counted;
    assert.deepEqual(filters, [first]);
    for (const bound of [first?.until, first?.endedBefore]) {
      assert.ok(bound !== undefined && bound.getTime() >= beforeMs && bound.getTime() <= Date.now());
    }
    assert.deepEqual(last, { ...FILTER, status: 'failed' });
  });

  it('finishes and reports the retries under way when listing fails', async () => {
    let unlisted: () => void = () => undefined;
    const failed = new Promise<void>((resolve) => (unlisted = resolve));
    const { out, retried, ended } = await run({
      count: () => Promise.resolve(9),
      *list() {
        yield 'a';
        yield 'b';
        unlisted();
        throw new SmsError('TEMPORAL_UNAVAILABLE');
      },
      retry: async (retryOf) => {
        await failed;
        // Longer than the error takes to everybody who waits for it.
        await new Promise((resolve) => setImmediate(resolve));
        return started(retryOf);
      },
    });
    assert.deepEqual(retried, ['a', 'b']);
    assert.deepEqual(out, ['2 started.']);
    assert.ok(ended.status === 'rejected' && ended.reason instanceof SmsError);
    assert.equal(ended.reason.code, 'TEMPORAL_UNAVAILABLE');
  });

  it('prints the first thousand failures, and the number of further ones', () => {
    const totals = createRetrySummary();
    for (let n = 0; n < 1_003; n++) {
      const outcome = { kind: 'refused', why: 'unresolved', reason: 'Who knows.' } as const;
      totals.add({ retryOf: `send-${n}`, outcome });
    }
    const lines = totals.summary().split('\n');
    assert.equal(totals.failures(), 1_003);
    assert.equal(lines.length, 1_002);
    assert.equal(lines[0], '1003 could not be retried.');
    assert.match(lines[1] ?? '', /^ {2}send-0: Not started: Who knows\. /);
    assert.equal(lines.at(-1), '  … and 3 more');
  });

  it('strips control characters from outside text', async () => {
    const { out } = await run({
      list: () => ['by\u001b[2Jhand'],
      retry: () => Promise.resolve({ kind: 'refused', why: 'unresolved', reason: 'Who\u0007 knows.' }),
    });
    assert.match(out.join('\n'), /by\?\[2Jhand: Not started: Who\? knows\./);
  });
});
