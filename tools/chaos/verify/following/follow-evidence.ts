import type { TakenMessage } from '../../../simulator/message-store.js';
import type { SimulatorRequest } from '../../../simulator/request-log.js';
import type { PlannedSend } from '../../plan/planned-send.js';
import type { SeenState } from '../../system.js';
import type { RunReport } from '../run-report.js';

/** A message that the provider took, and when its phone did what with it. */
export type PhoneTruth = Pick<
  TakenMessage,
  'id' | 'accountLabel' | 'takenAtMs' | 'listedFromMs' | 'failedAtMs' | 'sentAtMs'
>;

/** A reading of an account's sent messages that its caller could read. */
export interface Reading {
  readonly accountLabel: string;
  /** When it arrived, epoch milliseconds: the rows are as they were then. */
  readonly atMs: number;
  /** The one message that was asked for; undefined: the list. */
  readonly messageId: string | undefined;
}

/** A request to send a message. */
export interface SendRequest {
  readonly recipient: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** What was seen of a job, one after the other, by one way of looking at it. */
export interface SeenStory {
  readonly key: string;
  readonly by: 'status' | 'list';
  readonly states: readonly SeenState[];
}

/** What is known of a run with followed sends: of the phones, and of what jobs said of them. */
export interface FollowEvidence {
  readonly sends: readonly PlannedSend[];
  readonly reports: readonly RunReport[];
  readonly taken: readonly PhoneTruth[];
  readonly readings: readonly Reading[];
  readonly requests: readonly SendRequest[];
  readonly seen: readonly SeenStory[];
}

const LIST_PATH = '/log/sent/sms/';

/** Outcomes of a reading whose rows reach the caller, if late. */
const READABLE: ReadonlySet<string> = new Set(['read', 'log-slow', 'log-slow-body']);

/** The readings of sent messages that could be read. */
export function toReadings(
  reads: readonly Pick<SimulatorRequest, 'at' | 'path' | 'fields' | 'outcome'>[],
): Reading[] {
  return reads.flatMap(({ at, path, fields, outcome }) => {
    const { apikey: accountLabel, guid_message: messageId } = fields;
    if (path !== LIST_PATH || accountLabel === undefined || !READABLE.has(outcome)) return [];
    return [{ accountLabel, atMs: Date.parse(at), messageId }];
  });
}

/** The requests that said what they were for. */
export function toSendRequests(requests: readonly Pick<SimulatorRequest, 'at' | 'fields'>[]): SendRequest[] {
  return requests.flatMap(({ at, fields: { recipients: recipient, message: text } }) =>
    recipient === undefined || text === undefined ? [] : [{ recipient, text, atMs: Date.parse(at) }],
  );
}
