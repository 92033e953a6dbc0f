import { setTimeout as wait } from 'node:timers/promises';
import { createSmsPolicies } from '../../../src/policies-client.js';
import { takePhonesOffline } from '../faults/take-phones-offline.js';
import type { StartMode } from '../mode.js';
import type { PlannedSend } from '../plan/planned-send.js';
import { OPT_OUT_REPLY } from '../plan/policy-plan.js';
import type { PlanWithPolicies } from '../plan/plan-with-policies.js';
import {
  toPolicyRequests,
  type PolicyEvidence,
  type WantedOptOut,
} from '../verify/policies/policy-evidence.js';
import { verifyPolicies } from '../verify/policies/verify-policies.js';
import { describePolicies } from './describe-policies.js';
import { insist } from './insist.js';
import { openPolicyRows } from './policy-rows.js';
import { setWindows } from './set-windows.js';
import { watchReplies } from './watch-replies.js';

/** The sends that the service starts by itself are read from its tables, in milliseconds. */
const READ_EVERY_MS = 2_000;

/**
 * Recipients who answer, opt-outs that the web app adds, hours that open and close, and phones that
 * go offline, as the plan says.
 */
export function policiesMode(plan: PlanWithPolicies): StartMode {
  return async ({ system, simulator, startedAtMs, signal, cleanUp }) => {
    const { webApp } = system;
    if (webApp === undefined) throw new Error('This system has no policies.');
    const { databaseUrl, accountIds } = webApp;
    const { accounts, optOuts, offline, replies } = plan.policies;
    const policies = createSmsPolicies({ databaseUrl });
    const rows = openPolicyRows(databaseUrl, accountIds);
    cleanUp.add(rows.close);
    cleanUp.add(() => policies.close());
    const idOf = (account: number) => accountIds[account] ?? '';
    const until = (atMs: number) => wait(Math.max(0, startedAtMs + atMs - Date.now()), undefined, { signal });

    const earlierMs = accounts.map(({ earlierAtMs }) => earlierAtMs.map((atMs) => startedAtMs + atMs));
    await rows.addEarlier(earlierMs);
    const { windows, moved } = await setWindows({ accounts, policies, startedAtMs, idOf, until, signal });
    const answered = watchReplies({ replies, sends: plan.sends, simulator, signal });
    const added: WantedOptOut[] = [];

    async function addOptOut({ account, recipient, source, atMs }: (typeof optOuts)[number]): Promise<void> {
      await until(atMs);
      added.push({ account, recipient });
      const optOut = { accountId: idOf(account), recipientPhone: recipient, source };
      await insist(() => policies.optOuts.add(optOut), signal);
    }

    let confirmations: readonly PlannedSend[] = [];
    async function readOptOuts() {
      const known = await rows.readOptOuts();
      confirmations = known.flatMap(toConfirmation);
      return known;
    }
    const reading = setInterval(() => void readOptOuts().catch(() => undefined), READ_EVERY_MS);
    cleanUp.add(() => {
      clearInterval(reading);
    });
    return {
      name: 'policies',
      done: Promise.all([
        moved,
        ...optOuts.map(addOptOut),
        takePhonesOffline({ offline, simulator, startedAtMs, signal }),
      ]).then(() => undefined),
      ownSends: () => confirmations,
      async isSettled() {
        if (!answered.isSettled()) return false;
        const known = await readOptOuts();
        const stored = new Set(known.map(({ account, recipient }) => `${account} ${recipient}`));
        const isStored = ({ account, recipient }: WantedOptOut) => stored.has(`${account} ${recipient}`);
        return answered.optOuts().every(isStored) && known.every(({ isConfirming }) => isConfirming);
      },
      async verify(reports) {
        const known = await insist(readOptOuts, signal);
        const wanted = [...answered.optOuts(), ...added];
        const evidence: PolicyEvidence = {
          sends: plan.sends,
          reports,
          requests: toPolicyRequests(simulator.requests()),
          messages: simulator.messages(),
          limits: accounts.map((account, index) =>
            Object.assign({}, account, { earlierMs: earlierMs[index] ?? [] }),
          ),
          windows,
          wanted,
          optOuts: known,
          confirmation: OPT_OUT_REPLY,
        };
        const figures = describePolicies({ evidence, known, answered });
        return Object.assign({ figures }, verifyPolicies(evidence));
      },
    };
  };
}

/** The send that confirms an opt-out, which the service starts by itself. */
function toConfirmation(optOut: {
  readonly account: number;
  readonly recipient: string;
  readonly confirmationKey: string | undefined;
}): PlannedSend[] {
  const { account, recipient, confirmationKey: key } = optOut;
  if (key === undefined) return [];
  return [
    {
      key,
      account,
      recipient,
      message: OPT_OUT_REPLY,
      atMs: 0,
      startedTwice: false,
      cancelAfterMs: undefined,
      maxResends: 1,
      faults: [],
    },
  ];
}
