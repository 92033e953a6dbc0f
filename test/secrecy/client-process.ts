import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createSmsClient, SmsError, type SmsClient } from '../../src/client.js';
import { createLog } from '../../src/observability/log.js';
import { inspectError } from './inspect-error.js';

/**
 * A separate web server: it receives over IPC what to do with a client, answers with the result,
 * and writes every error to its console and its log, as careless web servers do.
 */
export interface ClientOrder {
  readonly id: number;
  /**
   * Which client: one that fits the worker, one with other payload keys, one whose server does not
   * exist, one whose namespace does not.
   */
  readonly client: 'fitting' | 'stranger' | 'lost' | 'misplaced';
  readonly call: ClientCall;
  readonly args: readonly unknown[];
}

/**
 * What it can do; `result` and `status` take a workflow id, `observe` reads the first state that
 * pages get of it, `log` writes a line.
 */
export type ClientCall =
  'send' | 'result' | 'status' | 'inspect' | 'cancel' | 'resolve' | 'retry' | 'watch' | 'observe' | 'log';

/** What came of it. */
export interface ClientReply {
  readonly id: number;
  readonly value?: unknown;
  readonly code?: string;
  /** All that the error can be made to tell. */
  readonly told?: string;
}

const {
  TEMPORAL_ADDRESS: address = '',
  SMS_PAYLOAD_KEYS = '',
  SMS_TASK_QUEUE = '',
  LOG_LEVEL = '',
} = process.env;

trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] }),
);
const log = createLog({ level: LOG_LEVEL });
const common = { taskQueue: SMS_TASK_QUEUE, tracing: true };
const clients: Record<ClientOrder['client'], SmsClient> = {
  fitting: createSmsClient({ ...common, connection: { address }, payloadKeys: SMS_PAYLOAD_KEYS }),
  stranger: createSmsClient({ ...common, connection: { address }, payloadKeys: `other:${'0d'.repeat(32)}` }),
  misplaced: createSmsClient({
    ...common,
    connection: { address },
    namespace: 'nowhere',
    payloadKeys: SMS_PAYLOAD_KEYS,
  }),
  lost: createSmsClient({
    ...common,
    // Without the SDK's many tries.
    connection: { address: '127.0.0.1:1', connectTimeout: '1 second', interceptors: [] },
    payloadKeys: SMS_PAYLOAD_KEYS,
  }),
};

async function carryOut({ client: name, call, args }: ClientOrder): Promise<unknown> {
  const client = clients[name];
  const [first, ...rest] = args as [never, ...never[]];
  switch (call) {
    case 'send':
      return (await client.send(first, ...rest)).workflowId;
    case 'result':
    case 'status':
      return await client.get(first)[call]();
    case 'watch':
      return await listOf(client.watch(first));
    case 'observe':
      for await (const state of client.observe([first], { accountId: null })) return state;
      return undefined;
    case 'log':
      log.info(...(args as [string]));
      return undefined;
    case 'inspect':
    case 'cancel':
    case 'resolve':
    case 'retry':
      return await client[call](first, ...(rest as [never]));
  }
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

process.on('message', (order: ClientOrder) => {
  const { id } = order;
  void carryOut(order)
    .then(
      (value): ClientReply => ({ id, value }),
      (error: unknown): ClientReply => {
        process.stderr.write(`${inspectError(error)}\n`);
        log.error(error);
        return {
          id,
          code: error instanceof SmsError ? error.code : 'no SmsError',
          told: inspectError(error),
        };
      },
    )
    .then((reply) => process.send?.(reply));
});

process.once('disconnect', () => {
  void Promise.all(Object.values(clients).map((client) => client.close())).finally(() => {
    // The connection to the collector would keep it alive.
    process.exit();
  });
});
process.send?.('ready');
