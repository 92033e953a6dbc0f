import type { SmsClient } from '../../../src/client.js';
import { SmsError } from '../../../src/client.js';
import type { SeenStates } from '../system.js';
import type { PlannedSend } from '../plan/planned-send.js';

/** Where sends stand, as `status()` and `list()` of our own client say. */
export function createSeenStates(options: {
  client: Pick<SmsClient, 'get' | 'list'>;
  idOf: (send: PlannedSend) => string;
  /** The key of a send by its id. */
  keyOf: ReadonlyMap<string, string>;
}): SeenStates {
  const { client, idOf, keyOf } = options;
  return {
    async of(send) {
      try {
        const { status, delivery } = await client.get(idOf(send)).status();
        if (OPEN.has(status)) return { phase: 'open', says: status };
        if (status === 'accepted' && delivery === 'pending') return { phase: 'accepted', says: status };
        return { phase: 'ended', says: status };
      } catch (error) {
        if (error instanceof SmsError && error.code === 'NOT_FOUND') return undefined;
        throw error;
      }
    },
    async listed() {
      const states = new Map<string, Awaited<ReturnType<SeenStates['of']>> & object>();
      for await (const { workflowId, status, closedAt } of client.list()) {
        const key = keyOf.get(workflowId);
        // What ends while the list is read is listed twice.
        if (key === undefined || states.get(key)?.phase === 'ended') continue;
        const phase = closedAt !== undefined ? 'ended' : status === 'accepted' ? 'accepted' : 'open';
        states.set(key, { phase, says: status });
      }
      return states;
    },
  };
}

const OPEN: ReadonlySet<string> = new Set(['running', 'waiting', 'checking', 'held']);
