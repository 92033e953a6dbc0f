import type { SimulatorMessage } from '../../../simulator/simulator-message.js';
import type { SimulatorRequest } from '../../../simulator/request-log.js';
import type { PlannedSend } from '../../plan/planned-send.js';
import type { SendingWindow } from '../../policies/sending-window.js';
import type { RunReport } from '../run-report.js';

/** A window of an account, and when it was in force, epoch milliseconds. */
export interface WindowInForce {
  readonly account: number;
  /** The earliest and the latest time: when the change was committed is known only so well. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly window: SendingWindow;
}

/** An opt-out as it is stored. */
export interface KnownOptOut {
  readonly account: number;
  readonly recipient: string;
  /** When it was committed, epoch milliseconds. */
  readonly atMs: number;
  /** The key of the one send that confirms it; undefined: none does. */
  readonly confirmationKey: string | undefined;
}

/** Somebody has opted out: by a reply, or in the web app. */
export interface WantedOptOut {
  readonly account: number;
  readonly recipient: string;
}

/** How many requests an account may make. */
export interface AccountLimits {
  readonly perMinute: number;
  readonly segmentsPerMinute: number;
  readonly perHour: number;
  /** The requests of before the run that count, epoch milliseconds. */
  readonly earlierMs: readonly number[];
}

/** What is known of a run with policies: of the provider and the phones, and of what people did. */
export interface PolicyEvidence {
  /** The jobs of the web app, without confirmations. */
  readonly sends: readonly PlannedSend[];
  readonly reports: readonly RunReport[];
  readonly requests: readonly PolicyRequest[];
  readonly messages: readonly Pick<SimulatorMessage, 'recipient' | 'text' | 'accountLabel'>[];
  /** By the number of the account. */
  readonly limits: readonly AccountLimits[];
  readonly windows: readonly WindowInForce[];
  readonly wanted: readonly WantedOptOut[];
  readonly optOuts: readonly KnownOptOut[];
  /** The text of confirmations. */
  readonly confirmation: string;
}

/** A request as the provider received it. */
export interface PolicyRequest {
  readonly account: number;
  readonly recipient: string;
  readonly text: string;
  /** When its head arrived, epoch milliseconds. */
  readonly atMs: number;
}

/** The requests that said what they were for: one that was cut off before handed nothing over. */
export function toPolicyRequests(
  requests: readonly Pick<SimulatorRequest, 'at' | 'fields'>[],
): PolicyRequest[] {
  return requests.flatMap(({ at, fields }) => {
    const { apikey = '', recipients: recipient, message: text } = fields;
    const account = Number(/^account (\d+)$/.exec(apikey)?.[1]) - 1;
    if (recipient === undefined || text === undefined || Number.isNaN(account)) return [];
    return [{ account, recipient, text, atMs: Date.parse(at) }];
  });
}
