import type { SimulatorMessage } from '../../simulator/simulator-message.js';
import { groupBy } from '../verify/group-by.js';
import { groupKey } from '../verify/group-key.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { SystemUnderFire } from '../system.js';
import { decideHeld } from './decide-held.js';
import { mapConcurrently } from '../../../src/domain/map-concurrently.js';
import { within } from './within.js';

/** The person who decides about held jobs with the phones in hand. */
export interface Decider {
  /** Decides about the given held jobs that can be decided now. */
  resolve(heldKeys: readonly string[]): Promise<void>;
  /** How many decisions were taken. */
  readonly taken: () => number;
}

/** The messages that jobs are decided and judged by. */
export interface Arrivals {
  readonly messages: () => readonly Pick<SimulatorMessage, 'id' | 'recipient' | 'text'>[];
}

const ANSWER_WITHIN_MS = 30_000;
const CALLS_AT_ONCE = 5;

/**
 * `onProblem` hears why a decision was not taken: the job may not be held any more, or the broker
 * not answer.
 */
export function createDecider(options: {
  sends: () => readonly PlannedSend[];
  system: Pick<SystemUnderFire, 'report' | 'resolve'>;
  simulator: Arrivals;
  onProblem: (problem: string) => void;
}): Decider {
  const { sends, system, simulator, onProblem } = options;
  let taken = 0;

  async function resolveGroup(
    group: string,
    members: readonly PlannedSend[],
    heldKeys: ReadonlySet<string>,
  ): Promise<void> {
    const held = members.filter(({ key }) => heldKeys.has(key));
    const others = members.filter(({ key }) => !heldKeys.has(key));
    const messages = simulator
      .messages()
      .filter(({ recipient, text }) => groupKey(recipient, text) === group);
    const decisions = decideHeld({
      held: held.map(({ key }) => key),
      others: await Promise.all(others.map(system.report)),
      messageIds: messages.map(({ id }) => id),
    });
    for (const send of held) {
      const decision = decisions.get(send.key);
      if (decision === undefined) continue;
      await system.resolve(send, decision);
      taken += 1;
    }
  }

  return {
    async resolve(heldKeys) {
      const held = new Set(heldKeys);
      const groups = groupBy(sends(), ({ recipient, message }) => groupKey(recipient, message));
      const affected = [...groups].filter(([, members]) => members.some(({ key }) => held.has(key)));
      await mapConcurrently(affected, CALLS_AT_ONCE, async ([group, members]) => {
        const keys = members.map(({ key }) => key).join(', ');
        const decide = () => resolveGroup(group, members, held);
        await within(ANSWER_WITHIN_MS, `decision about ${keys}`, decide).catch((error: unknown) => {
          onProblem(error instanceof Error ? error.message : String(error));
        });
      });
    },
    taken: () => taken,
  };
}
