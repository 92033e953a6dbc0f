import assert from 'node:assert/strict';
import type { MomentRequest } from '../../src/domain/moment.js';
import { decideMoment, type MomentSnapshot } from '../../src/policies/decide-moment.js';
import { GRANT_VALID_MS } from '../../src/policies/next-moment.js';
import type { OutreachRow } from '../../src/policies/outreach-history.js';
import { isShut } from '../../src/policies/phone-health.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../src/policies/sending-policy.js';
import { brokenLimits } from './outreach-by-force.js';
import { ALWAYS } from './pace-properties.js';

const NOON_MS = Date.parse('2026-09-14T12:00:00+02:00');
const HOUR_MS = 3_600_000;
const BACK_MS = NOON_MS + 3 * HOUR_MS;

/** Six messages a minute, and as many an hour and a day as that comes to. */
const POLICY: SendingPolicy = Object.assign({}, DEFAULT_SENDING_POLICY, ALWAYS, {
  perHour: 10_000,
  perDay: 10_000,
  newRecipientsPer30Days: 10_000,
});

/** One message, as its run would send it. */
interface Run {
  readonly name: string;
  atMs: number;
  count: number;
  isGranted: boolean;
  supersedes: string | undefined;
  trouble: MomentRequest['phoneTrouble'];
}

/** What came of messages whose phone is offline at first. */
interface Outage {
  readonly requestsWhileOffline: number;
  /** When each was accepted, in order. */
  readonly sentMs: readonly number[];
}

/**
 * Sends so many messages by the decisions alone, from noon on, with a phone that is offline for
 * three hours.
 *
 * @param diesAsProbe how many of the requests that try the phone are never made
 */
function playOutage(messages: number, diesAsProbe = 0): Outage {
  let phone: MomentSnapshot['phone'];
  let requestsWhileOffline = 0;
  let deaths = diesAsProbe;
  const sentMs: number[] = [];
  const rows = new Map<string, OutreachRow>();
  let runs = Array.from({ length: messages }, (_, index): Run => {
    const name = String(index);
    return {
      name,
      atMs: NOON_MS + index,
      count: 1,
      isGranted: false,
      supersedes: undefined,
      trouble: undefined,
    };
  });

  /** As `sendSms` does it; true once the message was accepted. */
  function request(run: Run, ticket: string): boolean {
    const isMissed = run.atMs > (rows.get(ticket)?.at ?? 0) + GRANT_VALID_MS;
    if (isMissed || (phone !== undefined && isShut(phone) && phone.probeTicket !== ticket)) {
      run.supersedes = ticket;
      run.count++;
      return false;
    }
    if (phone?.probeTicket === ticket && deaths > 0) {
      deaths--;
      // Its worker is gone, and another goes on with the run an hour later.
      run.atMs += HOUR_MS;
      run.isGranted = true;
      return false;
    }
    if (run.atMs >= BACK_MS) {
      if (phone?.probeTicket === ticket) phone = undefined;
      sentMs.push(run.atMs);
      return true;
    }
    requestsWhileOffline++;
    run.count++;
    run.trouble = { kind: 'offline' };
    run.atMs += 1_000;
    return false;
  }

  function ask(run: Run, ticket: string): void {
    const history = {
      rows: [...rows].flatMap(([of, row]) => (of === ticket || of === run.supersedes ? [] : row)),
      firstContacts: [],
    };
    const { answer, changes } = decideMoment(
      {
        ticket,
        workflowId: run.name,
        accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11',
        recipientPhone: '+33639980001',
        lane: '',
        segments: 1,
        deadlineMs: NOON_MS + 7 * 24 * HOUR_MS,
        ...(run.supersedes === undefined ? {} : { supersedes: run.supersedes }),
        ...(run.trouble === undefined ? {} : { phoneTrouble: run.trouble }),
      },
      {
        nowMs: run.atMs,
        hasKey: true,
        isOptedOut: false,
        isUndecided: false,
        policy: POLICY,
        granted: undefined,
        phone,
        inboxReadMs: run.atMs,
        history,
      },
      () => 0.5,
    );
    run.trouble = undefined;
    run.supersedes = undefined;
    for (const change of changes) {
      if (change.kind === 'phone') phone = change;
      else if (change.kind === 'release') rows.delete(change.ticket);
      else rows.set(ticket, { at: change.momentMs, phone: '', segments: 1, lane: '', state: 'granted' });
    }
    run.isGranted = answer.kind === 'granted';
    run.atMs += Math.max(1, answer.waitMs);
  }

  while (runs.length > 0) {
    const run = runs.reduce((one, other) => (one.atMs <= other.atMs ? one : other));
    const ticket = `${run.name}/${run.count}`;
    if (!run.isGranted) ask(run, ticket);
    else {
      run.isGranted = false;
      if (request(run, ticket)) runs = runs.filter((other) => other !== run);
    }
  }
  return { requestsWhileOffline, sentMs };
}

describe('1,000 marketing messages whose phone is offline for three hours', () => {
  let outage: Outage;
  before(() => {
    outage = playOutage(1_000);
  });

  it('come to at most 20 requests until it is back', () => {
    const { requestsWhileOffline } = outage;
    assert.ok(requestsWhileOffline >= 5 && requestsWhileOffline <= 20, String(requestsWhileOffline));
  });

  it('go at the allowed pace then, all of them', () => {
    const { sentMs } = outage;
    assert.equal(sentMs.length, 1_000);
    const rows = sentMs.map((at, index) => ({
      at,
      phone: String(index),
      segments: 1,
      lane: '',
      state: 'granted',
    }));
    assert.deepEqual(brokenLimits(rows, POLICY), []);
    // The phone is tried at least every 16 min, and six a minute take 167 min.
    const tookMs = (sentMs.at(-1) ?? 0) - BACK_MS;
    assert.ok(tookMs < 16 * 60_000 + (167 / 0.8) * 60_000, `${tookMs / 60_000} min`);
  });

  it('are tried by another where the one that tries the phone dies', () => {
    const { sentMs, requestsWhileOffline } = playOutage(50, 3);
    assert.equal(sentMs.length, 50);
    assert.ok(requestsWhileOffline <= 20, String(requestsWhileOffline));
  });
});
