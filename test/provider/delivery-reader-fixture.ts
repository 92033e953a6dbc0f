import type { FollowStep } from '../../src/domain/following/follow-state.js';
import { firstFollowStep, nextFollowStep } from '../../src/domain/following/next-follow-step.js';
import type { PhoneReport } from '../../src/domain/following/phone-report.js';
import type { DeliveryAnswer, DeliveryQuestion } from '../../src/domain/delivery-question.js';
import { DEFAULT_FOLLOW_CHECKS_MS, FOLLOW_READING } from '../../src/domain/replayed-constants.js';

/** A send that is followed: its message, and when the provider accepted it, epoch milliseconds. */
export interface FollowedMessage {
  readonly messageId: string;
  readonly acceptedAtMs: number;
}

/** How a followed send ended, and all that its readings said. */
export interface Followed {
  readonly end: string;
  readonly reports: readonly PhoneReport['kind'][];
}

/**
 * Follows messages as runs on Temporal do, by a clock that jumps from one moment to the next: what
 * is due at the same moment is asked for at once, and who is to ask later does so, until the
 * time for one check is over.
 */
export async function followAll(
  messages: readonly FollowedMessage[],
  {
    read,
    apiKey,
    clock,
  }: {
    readonly read: (question: DeliveryQuestion) => Promise<DeliveryAnswer>;
    readonly apiKey: string;
    readonly clock: { nowMs: number };
  },
): Promise<Followed[]> {
  const runs = messages.map((message) => {
    const step = firstFollowStep(message.acceptedAtMs, DEFAULT_FOLLOW_CHECKS_MS);
    return { message, step, reports: [] as PhoneReport['kind'][], askAtMs: dueOf(step), untilMs: Infinity };
  });
  type Run = (typeof runs)[number];
  const isOpen = ({ step }: Run) => step.command.kind === 'check';

  function take(run: Run, report: PhoneReport, ageMs: number): void {
    const { nowMs } = clock;
    run.reports.push(report.kind);
    run.step = nextFollowStep(run.step.state, { report, readAtMs: nowMs - ageMs, nowMs });
    run.askAtMs = Math.max(nowMs, dueOf(run.step));
    run.untilMs = Infinity;
  }

  async function ask(run: Run): Promise<void> {
    if (run.untilMs === Infinity) run.untilMs = clock.nowMs + windowOf(run.step, clock.nowMs);
    const { messageId, acceptedAtMs } = run.message;
    const answer = await read({ apiKey, messageId, sinceMs: acceptedAtMs - 300_000 });
    if (answer.kind === 'read') {
      take(run, answer.report, answer.ageMs);
      return;
    }
    const afterMs = answer.kind === 'later' ? answer.afterMs : (answer.retryAfterMs ?? 30_000);
    if (clock.nowMs + afterMs > run.untilMs) take(run, { kind: 'unreadable', reason: 'no turn' }, 0);
    else run.askAtMs = clock.nowMs + afterMs;
  }

  for (;;) {
    const open = runs.filter(isOpen);
    if (open.length === 0) break;
    clock.nowMs = Math.min(...open.map(({ askAtMs }) => askAtMs));
    await Promise.all(open.filter(({ askAtMs }) => askAtMs <= clock.nowMs).map(ask));
  }
  return runs.map(({ step, reports }) => ({ end: endOf(step), reports }));
}

function dueOf({ command }: FollowStep): number {
  return command.kind === 'check' ? command.atMs : Infinity;
}

/** As the workflow gives a check: until the next one is due. */
function windowOf({ command }: FollowStep, nowMs: number): number {
  const nextMs = command.kind === 'check' ? command.nextMs : undefined;
  const { minMs, maxMs } = FOLLOW_READING;
  return Math.min(maxMs, Math.max(minMs, nextMs === undefined ? maxMs : nextMs - nowMs));
}

function endOf({ command }: FollowStep): string {
  return command.kind === 'end' ? command.end.kind : 'open';
}
