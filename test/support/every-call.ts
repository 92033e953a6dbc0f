import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SmsClient, SmsHandle } from '../../src/client.js';

/** What waits by nature can be given up. */
interface Waiting {
  readonly signal?: AbortSignal;
}

type Calls<T> = { readonly [K in keyof T]: (target: T, options: Waiting) => Promise<unknown> };

/** An account, number and text that no test but one that looks for them needs. */
export const JOB = {
  recipientPhone: '+33639981234',
  message: 'Bonjour, la voiture est-elle encore là ?',
  accountId: randomUUID(),
};

const ID = `sms-${JOB.accountId}-lead-1`;

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) assert.ok(item);
}

/** What does not fail while Temporal does not answer has tests of its own. */
const GOES_ON = ['observe'] as const;

/**
 * Every method that asks Temporal something: a new one does not compile before it stands here, and
 * fails at once where its type hides it.
 */
const OF_CLIENT: Calls<Omit<SmsClient, 'get' | 'close' | (typeof GOES_ON)[number]>> = {
  send: (client) => client.send(JOB, { idempotencyKey: 'lead-1' }),
  cancel: (client) => client.cancel(ID),
  resolve: (client, options) => client.resolve(ID, { abandon: true }, options),
  audit: (client, options) => drain(client.audit(options)),
  list: (client) => drain(client.list({ to: JOB.recipientPhone })),
  count: (client) => client.count({ to: JOB.recipientPhone }),
  inspect: (client) => client.inspect(ID),
  watch: (client, options) => drain(client.watch(ID, options)),
  retry: (client, options) => client.retry(ID, options),
};

const OF_HANDLE: Calls<Omit<SmsHandle, 'workflowId'>> = {
  result: (handle, options) => handle.result(options),
  accepted: (handle, options) => handle.accepted(options),
  status: (handle) => handle.status(),
};

/** The methods that wait for what may take hours. */
export const WAITING = ['resolve', 'audit', 'watch', 'retry', 'result', 'accepted'] as const;

/** One call of each method of a client and of its handles, by name. */
export type EveryCall = Readonly<Record<string, (options?: Waiting) => Promise<unknown>>>;

/** Makes one call of each method possible. */
export function everyCallOf(client: SmsClient): EveryCall {
  const handle = client.get(ID);
  const ofClient = [...Object.keys(OF_CLIENT), ...GOES_ON, 'get', 'close'].sort();
  assert.deepEqual(methodsOf(client), ofClient, 'of a client');
  assert.deepEqual(methodsOf(handle), Object.keys(OF_HANDLE).sort(), 'of a handle');
  const bind = <T>(target: T, calls: Calls<T>) =>
    Object.entries<Calls<T>[keyof T]>(calls as never).map(
      ([name, call]) => [name, (options: Waiting = {}) => call(target, options)] as const,
    );
  return Object.fromEntries([...bind(client, OF_CLIENT), ...bind(handle, OF_HANDLE)]);
}

function methodsOf(target: object): string[] {
  return Object.entries(target)
    .flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
    .sort();
}
