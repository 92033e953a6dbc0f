import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChangeBus } from './change-bus.js';
import { createApp } from './create-app.js';
import { createFaultRules } from './fault-rules.js';
import { DEFAULT_LOG_DIALECT, logDialectSchema, type LogDialect } from './sent-messages-dialect.js';
import { createMessageStore } from './message-store.js';
import { createRequestLog } from './request-log.js';
import type { Simulator } from './simulator.js';
import { resolveAccounts, type SimulatorOptions } from './simulator-options.js';
import { createTimers } from './timers.js';
import { waitForMessage } from './wait-for-message.js';

export type { Simulator } from './simulator.js';

/** Starts a simulator of SMSMobileAPI; rejects when the port is taken or cannot be had. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now;
  const accounts = resolveAccounts(options.apiKeys);
  const startDialect = logDialectSchema.parse({ ...DEFAULT_LOG_DIALECT, ...options.logDialect });
  let dialect = startDialect;
  const bus = createChangeBus();
  const timers = createTimers();
  const changed = () => {
    bus.emit('change');
  };
  const faults = createFaultRules({ now, changed });
  const requests = createRequestLog({ bus, now, accounts });
  const store = createMessageStore({
    bus,
    timers,
    now,
    phoneDelayMs: options.phoneDelayMs ?? 300,
    logDelayMs: options.logDelayMs ?? 0,
  });
  const clear = () => {
    store.clear();
    requests.clear();
  };
  const controls = {
    accounts,
    messages: () => store.messages().slice(),
    requests: () => requests.list().slice(),
    requestCount: () => requests.count(),
    setFaults: (rules: unknown) => faults.replace(rules),
    addFaults: faults.add,
    faults: faults.list,
    setLogDialect: (changes: Partial<LogDialect>) => {
      dialect = logDialectSchema.parse({ ...dialect, ...changes });
      changed();
    },
    clear,
    reset: () => {
      clear();
      faults.clear();
      dialect = startDialect;
    },
  };
  const host = options.host ?? '127.0.0.1';
  const pageSize = options.messagesPageSize ?? 50;
  const app = createApp({
    accounts,
    faults,
    store,
    requests,
    timers,
    now,
    bus,
    pageSize,
    controls,
    dialect: () => dialect,
    allowedHosts: [host, ...(options.allowedHosts ?? [])],
  });
  const server = createServer({ keepAliveTimeout: 60_000 }, app);
  await listen(server, host, options.port ?? 0);
  const { port, address, family } = server.address() as AddressInfo;
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  const shown = family === 'IPv6' ? `[${reachable}]` : reachable;
  return {
    ...controls,
    url: `http://${shown}:${port}`,
    waitForMessage: (predicate = () => true, { timeoutMs = 10_000 } = {}) =>
      waitForMessage({ bus, messages: store.messages, predicate, timeoutMs }),
    close: () =>
      new Promise<void>((resolve) => {
        timers.clear();
        bus.emit('close');
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
