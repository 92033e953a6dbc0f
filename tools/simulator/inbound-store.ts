import type { ChangeBus } from './change-bus.js';
import { findPlace } from './find-place.js';
import type { Inbound, InboundMessage, Typed, TypedMessage } from './inbound-message.js';
import { newMessageId } from './message-store.js';
import type { SimulatorAccount } from './simulator-options.js';

/** Keeps what was written to the phones of the accounts, and what was typed on them. */
export function createInboundStore(deps: {
  bus: ChangeBus;
  now: () => number;
  accounts: readonly SimulatorAccount[];
  /** The account and phone that last sent to a number. */
  lastSenderTo: (number: string) => { accountLabel: string; phoneId: string } | undefined;
}) {
  const { bus, now, accounts } = deps;
  let inbound: InboundMessage[] = [];
  let typed: TypedMessage[] = [];
  // Later than all that a simulator before this one gave: who keeps ids must not take a row for
  // theirs.
  let nextId = now();
  const listed = new Set<string>();

  const stamp = () => ({ id: String(nextId++), guid: newMessageId() });

  /**
   * Writes a message to a phone; unless said, to the one that last sent to `from`; throws
   * UnknownPlaceError.
   */
  function receive({ from, message, receivedAt, accountLabel, phoneId }: Inbound): InboundMessage {
    const isPlaced = accountLabel !== undefined || phoneId !== undefined;
    const place = isPlaced ? { accountLabel, phoneId } : (deps.lastSenderTo(from) ?? {});
    const { account, phone } = findPlace(accounts, place);
    const at = new Date(now()).toISOString();
    const received: InboundMessage = {
      ...stamp(),
      from,
      text: message,
      at,
      receivedAt: receivedAt === undefined ? at : new Date(receivedAt).toISOString(),
      phoneId: phone.id,
      phoneLabel: phone.label,
      accountLabel: account.label,
    };
    inbound.push(received);
    bus.emit('inbound', received);
    return received;
  }

  /** Types a message on a phone; throws UnknownPlaceError. */
  function type({ to, message, at, ...place }: Typed): TypedMessage {
    const { account, phone } = findPlace(accounts, place);
    const written: TypedMessage = {
      ...stamp(),
      to,
      text: message,
      at: new Date(at ?? now()).toISOString(),
      phoneId: phone.id,
      phoneLabel: phone.label,
      accountLabel: account.label,
    };
    typed.push(written);
    bus.emit('change');
    return written;
  }

  return {
    receive,
    type,
    inbound: () => inbound,
    typed: () => typed,
    /** What was written to the phones of one account, newest first. */
    inboundOf: (account: SimulatorAccount): InboundMessage[] =>
      inbound.filter(({ accountLabel }) => accountLabel === account.label).reverse(),
    /** What was typed on the phones of one account, newest first. */
    typedOf: (account: SimulatorAccount): TypedMessage[] =>
      typed.filter(({ accountLabel }) => accountLabel === account.label).reverse(),
    /** Whether no read gave this message yet. */
    isUnread: ({ id }: InboundMessage): boolean => !listed.has(id),
    /** Notes that a read gave these messages. */
    markRead(given: readonly InboundMessage[]): void {
      for (const { id } of given) listed.add(id);
    },
    clear(): void {
      inbound = [];
      typed = [];
      listed.clear();
      bus.emit('change');
    },
  };
}

/** What was written to the phones of the accounts, and typed on them. */
export type InboundStore = ReturnType<typeof createInboundStore>;
