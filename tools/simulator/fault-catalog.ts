import type { ListFaultKind } from './list-fault-catalog.js';

/**
 * What a fault is: how the page names it, and the three digits that ask for it in a magic number.
 */
export interface FaultDescription {
  /** Heading under which the page and the documentation list it. */
  readonly group: string;
  /** One line for people: what the caller gets. */
  readonly title: string;
  /** The three digits of the magic numbers `+3363998<code><form>`. */
  readonly code: string;
  /**
   * The caller cannot tell whether the message was taken, so the fault has a recorded and a not
   * recorded form.
   */
  readonly isOutcomeUnknown: boolean;
  /**
   * The message is always taken: the fault shows in the reply's spelling, at the phone or in the
   * log.
   */
  readonly alwaysRecorded?: true;
}

const reply = 'Application reply (200)';
const refusal = 'Refused (HTTP)';
const server = 'Server error';
const body = 'Damaged body';
const connection = 'Connection';
const phone = 'Phone and list row';

/** Every fault that a send can meet, by kind. */
export const SEND_FAULTS = {
  'error-1': { group: reply, title: 'error 1: key not authorised', code: '010', isOutcomeUnknown: false },
  'error-2': { group: reply, title: 'error 2: phone offline', code: '011', isOutcomeUnknown: false },
  'error-string': {
    group: reply,
    title: 'error as a string, sent "0"',
    code: '012',
    isOutcomeUnknown: false,
  },
  'subscription-expire': { group: reply, title: 'subscription_expire', code: '013', isOutcomeUnknown: false },
  'api-error': { group: reply, title: 'sent "api_error"', code: '014', isOutcomeUnknown: false },
  'error-with-id': { group: reply, title: 'error 3 with a message id', code: '015', isOutcomeUnknown: true },
  'no-id': { group: reply, title: 'error 0 without id', code: '016', isOutcomeUnknown: true },
  'sent-other': { group: reply, title: 'error 0, sent "0"', code: '017', isOutcomeUnknown: true },
  strings: {
    group: reply,
    title: 'accepted, error "0" as a string',
    code: '018',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  numbers: {
    group: reply,
    title: 'accepted, sent 1 as a number',
    code: '019',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'http-400': { group: refusal, title: '400 invalid parameter', code: '400', isOutcomeUnknown: false },
  'http-401': { group: refusal, title: '401 unauthorized', code: '401', isOutcomeUnknown: false },
  'http-403': { group: refusal, title: '403 key refused', code: '403', isOutcomeUnknown: false },
  'http-429': { group: refusal, title: '429, Retry-After in seconds', code: '429', isOutcomeUnknown: false },
  'http-429-date': {
    group: refusal,
    title: '429, Retry-After as a date',
    code: '430',
    isOutcomeUnknown: false,
  },
  'http-500': { group: server, title: '500', code: '500', isOutcomeUnknown: true },
  'http-502': { group: server, title: '502', code: '502', isOutcomeUnknown: true },
  'http-503': { group: server, title: '503', code: '503', isOutcomeUnknown: true },
  'html-200': { group: server, title: '200 with an HTML page', code: '200', isOutcomeUnknown: true },
  'html-502': { group: server, title: '502 with an HTML page', code: '520', isOutcomeUnknown: true },
  'redirect-301': { group: server, title: '301 with a Location', code: '301', isOutcomeUnknown: true },
  'redirect-302': { group: server, title: '302 with a Location', code: '302', isOutcomeUnknown: true },
  'redirect-307': { group: server, title: '307 with a Location', code: '307', isOutcomeUnknown: true },
  'redirect-308': { group: server, title: '308 with a Location', code: '308', isOutcomeUnknown: true },
  'empty-200': { group: body, title: '200 with an empty body', code: '204', isOutcomeUnknown: true },
  'invalid-json': { group: body, title: '200 with invalid JSON', code: '210', isOutcomeUnknown: true },
  'missing-result': { group: body, title: '200, JSON without result', code: '211', isOutcomeUnknown: true },
  'huge-body': { group: body, title: '200, a body of many MB', code: '212', isOutcomeUnknown: true },
  'truncated-body': { group: body, title: '200, body cut, then reset', code: '213', isOutcomeUnknown: true },
  'slow-body': { group: body, title: 'body arrives slowly', code: '214', isOutcomeUnknown: true },
  'reset-before-read': {
    group: connection,
    title: 'reset before the request is read',
    code: '600',
    isOutcomeUnknown: false,
  },
  'reset-after-read': {
    group: connection,
    title: 'reset after the request was read',
    code: '601',
    isOutcomeUnknown: true,
  },
  stall: { group: connection, title: 'never answers', code: '602', isOutcomeUnknown: true },
  'slow-reply': { group: connection, title: 'answers late', code: '603', isOutcomeUnknown: true },
  'phone-offline': {
    group: phone,
    title: 'error 2 for a while, then accepted',
    code: '020',
    isOutcomeUnknown: false,
  },
  'phone-fails': {
    group: phone,
    title: 'accepted, the phone fails to send',
    code: '021',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'phone-late': {
    group: phone,
    title: 'accepted, the phone sends late',
    code: '022',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'provider-fails': {
    group: phone,
    title: 'accepted, error_api in the list',
    code: '023',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'phone-fails-first': {
    group: phone,
    title: 'accepted, the phone fails, then sends',
    code: '026',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'phone-never': {
    group: phone,
    title: 'accepted, the phone never sends',
    code: '027',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'row-late': {
    group: phone,
    title: 'accepted, row appears late',
    code: '024',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
  'row-missing': {
    group: phone,
    title: 'accepted, row never appears',
    code: '025',
    isOutcomeUnknown: false,
    alwaysRecorded: true,
  },
} as const satisfies Record<string, FaultDescription>;

/** A fault of a send. */
export type SendFaultKind = keyof typeof SEND_FAULTS;
/** Any fault. */
export type FaultKind = SendFaultKind | ListFaultKind;

/** The kinds of send faults, in the order of the documentation. */
export const SEND_FAULT_KINDS = Object.keys(SEND_FAULTS) as SendFaultKind[];

/** What is known of a send fault. */
export function describeFault(kind: SendFaultKind): FaultDescription {
  return SEND_FAULTS[kind];
}

/** Whether a kind is a fault of sending (not of reading a list). */
export function isSendFault(kind: FaultKind): kind is SendFaultKind {
  return Object.hasOwn(SEND_FAULTS, kind);
}
