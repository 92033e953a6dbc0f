import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChangeBus } from './change-bus.js';
import { createApp } from './create-app.js';
import { createFaultRules } from './fault-rules.js';
import { createDialects } from './dialects.js';
import { findPlace } from './find-place.js';
import { createInboundStore } from './inbound-store.js';
import { createPhoneStates, type PhoneChanges } from './phone-states.js';
import type { LogDialect } from './sent-messages-dialect.js';
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
  const bus = createChangeBus();
  const timers = createTimers();
  const changed = () => {
    bus.emit('change');
  };
  const faults = createFaultRules({ now, changed });
  const dialects = createDialects(
    { log: options.logDialect, inbox: options.inboxDialect, phones: options.phonesDialect },
    changed,
  );
  const requests = createRequestLog({ bus, now, accounts });
  const reads = createRequestLog({ bus, now, accounts });
  const phones = createPhoneStates({ now, changed });
  const store = createMessageStore({
    bus,
    timers,
    now,
    phoneDelayMs: options.phoneDelayMs ?? 300,
    logDelayMs: options.logDelayMs ?? 0,
    isOnline: (account, phoneId) => phones.get(account, phoneId).online,
  });
  const inbox = createInboundStore({ bus, now, accounts, lastSenderTo: store.lastSenderTo });
  const clear = () => {
    store.clear();
    inbox.clear();
    requests.clear();
    reads.clear();
  };
  const controls = {
    accounts,
    messages: () => store.messages().slice(),
    taken: store.taken,
    requests: () => requests.list().slice(),
    requestCount: () => requests.count(),
    reads: () => reads.list().slice(),
    readCount: (path?: string) =>
      path === undefined ? reads.count() : reads.list().filter((read) => read.path === path).length,
    inbound: () => inbox.inbound().slice(),
    receive: inbox.receive,
    typed: () => inbox.typed().slice(),
    type: inbox.type,
    setPhone: (
      phoneId: string,
      { accountLabel, ...changes }: PhoneChanges & { accountLabel?: string | undefined },
    ) => {
      const { account } = findPlace(accounts, { phoneId, accountLabel });
      const state = phones.change(account, phoneId, changes);
      store.flush();
      return state;
    },
    setFaults: (rules: unknown) => faults.replace(rules),
    addFaults: faults.add,
    faults: faults.list,
    setLogDialect: (log: Partial<LogDialect>) => {
      dialects.change({ log });
    },
    setDialects: dialects.change,
    clear,
    reset: () => {
      clear();
      faults.clear();
      dialects.reset();
      phones.clear();
    },
  };
  const host = options.host ?? '127.0.0.1';
  const pageSize = options.messagesPageSize ?? 50;
  const app = createApp({
    accounts,
    faults,
    store,
    inbox,
    phones,
    requests,
    reads,
    timers,
    now,
    bus,
    pageSize,
    controls,
    dialects,
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
