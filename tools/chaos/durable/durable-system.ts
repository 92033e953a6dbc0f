import { Client, Connection } from '@temporalio/client';
import { createSmsClient, SmsError, type SmsJob } from '../../../src/client.js';
import { parsePayloadKeys } from '../../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../../src/encryption/payload-codec.js';
import { WORKFLOW_TYPE, workflowIdFor, type SmsStatus } from '../../../src/domain/names.js';
import { RESOLVE_SEND } from '../../../src/domain/send-decision.js';
import { createDecodeFirst } from '../../../src/temporal/decode-first.js';
import type { CleanUp } from '../../servers/clean-up.js';
import type { RunReport } from '../verify/run-report.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { OpenRun, SystemUnderFire } from '../system.js';
import { createCallCount } from './count-calls.js';
import { readHistory } from './read-history.js';
import { readRunEnd } from './run-end.js';
import { createSeenStates } from './seen-states.js';

/**
 * After an unknown outcome the sent messages are read after this long, in milliseconds: soon, as a
 * run of the fire is short.
 */
const UNKNOWN_CHECKS_MS = [1_500, 4_000, 8_000];

/** Longer than any run of the fire: a message that expires would be no test. */
const LIFETIME_MS = 60 * 60_000;

/** Our own service, as a web app with two servers and an operator see it. */
export async function createDurableSystem(options: {
  address: string;
  payloadKeys: string;
  databaseUrl: string;
  /** Of each account of the plan. */
  accountIds: readonly string[];
  parts: Pick<SystemUnderFire, 'broker' | 'database' | 'startWorker'>;
  cleanUp: CleanUp;
}): Promise<SystemUnderFire> {
  const { address, payloadKeys, databaseUrl, accountIds, parts, cleanUp } = options;
  const createServer = () => createSmsClient({ connection: { address }, payloadKeys });
  const servers = [createServer(), createServer()] as const;
  const connection = await Connection.connect({ address });
  const { pending, counted } = createCallCount();
  // A call that is being tried again would throw out of a timer once its connection is closed: it
  // ends with the process.
  cleanUp.add(async () => {
    if (pending() > 0) return;
    for (const server of servers) await server.close();
    await connection.close();
  });
  const temporal = new Client({
    connection,
    dataConverter: { payloadCodecs: [createPayloadCodec(parsePayloadKeys(payloadKeys))] },
  });
  const decodeFirst = createDecodeFirst(temporal.options.loadedDataConverter);
  const expiresAt = new Date(Date.now() + LIFETIME_MS).toISOString();
  const keyOf = new Map<string, string>();

  const accountOf = ({ account }: PlannedSend) => accountIds[account] ?? '';
  const idOf = (send: PlannedSend) => workflowIdFor(accountOf(send), send.key);
  /** From here on it is listed. */
  const know = (send: PlannedSend) => keyOf.set(idOf(send), send.key);
  const jobOf = (send: PlannedSend): SmsJob => ({
    recipientPhone: send.recipient,
    message: send.message,
    accountId: accountOf(send),
    metadata: { leadId: send.key },
    options: {
      onUnknown: 'resend',
      maxResends: send.maxResends,
      unknownChecksMs: [...UNKNOWN_CHECKS_MS],
      expiresAt,
      ...(send.followChecksMs === undefined
        ? {}
        : { follow: true, followChecksMs: [...send.followChecksMs] }),
      ...(send.marketing === undefined ? {} : { purpose: 'marketing', timeZone: send.marketing.timeZone }),
    },
  });

  const states = createSeenStates({ client: servers[1], idOf, keyOf });

  return {
    name: 'durable-sms',
    brokerName: 'Temporal',
    webApp: { databaseUrl, accountIds },
    ...parts,
    submit: counted((send, server) =>
      unlessUnavailable(async () => {
        know(send);
        await servers[server].send(jobOf(send), { idempotencyKey: send.key });
      }),
    ),
    cancel: counted((send) =>
      unlessUnavailable(async () => {
        try {
          await servers[0].cancel(idOf(send));
        } catch (error) {
          // It has ended: there is nothing to cancel.
          if (!(error instanceof SmsError && error.code === 'NOT_FOUND')) throw error;
        }
      }),
    ),
    listOpen: counted(async () => {
      const query = `WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus = "Running"`;
      const open: OpenRun[] = [];
      for await (const { workflowId, typedSearchAttributes } of temporal.workflow.list({ query })) {
        const key = keyOf.get(workflowId);
        const held = typedSearchAttributes
          .getAll()
          .some(({ key: { name }, value }) => name === 'SmsStatus' && value === ('held' satisfies SmsStatus));
        if (key !== undefined) open.push({ key, held });
      }
      return open;
    }),
    states: { of: counted(states.of), listed: counted(states.listed) },
    report: counted(async (send): Promise<RunReport> => {
      know(send);
      const end = await readRunEnd(servers[0].get(idOf(send)));
      const decode = (payloads: Parameters<typeof decodeFirst>[0]) => decodeFirst(payloads, idOf(send));
      if (end.kind === 'vanished') return { key: send.key, end, ...(await readHistory([], decode)) };
      const { events } = await temporal.workflow.getHandle(idOf(send)).fetchHistory();
      return { key: send.key, end, ...(await readHistory(events ?? [], decode)) };
    }),
    audit: counted(async () => {
      const found = new Set<string>();
      for await (const { workflowId, possibleDuplicateOf } of servers[0].audit()) {
        const key = keyOf.get(workflowId);
        if (key !== undefined && possibleDuplicateOf !== undefined) found.add(key);
      }
      return found;
    }),
    resolve: counted(async (send, decision) => {
      await temporal.workflow.getHandle(idOf(send)).executeUpdate(RESOLVE_SEND, { args: [decision] });
    }),
  };
}

async function unlessUnavailable(call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof SmsError && error.code === 'TEMPORAL_UNAVAILABLE') return false;
    throw error;
  }
}
