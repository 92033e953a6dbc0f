import type { Submission } from './message-store.js';
import type { PhoneStates } from './phone-states.js';
import type { SimulatorAccount } from './simulator-options.js';

/** A request that the API refuses with an HTTP status. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly error: string;
  readonly message: string;
}

/**
 * What the API makes of the fields of a send: a refusal, an application error, or a message to
 * take.
 */
export type SubmissionReading =
  | { readonly refusal: Refusal }
  | { readonly applicationError: string; readonly note: string }
  | { readonly submission: Submission };

const choices: Readonly<Record<string, readonly string[]>> = {
  sendsms: ['0', '1'],
  sendwa: ['0', '1'],
  waonly: ['yes', 'no'],
  shorturl: ['0', '1'],
  port: ['1', '2'],
};

/** Finds the account of a key: 400 when the key is missing, 403 when it is unknown. */
export function findAccount(
  accounts: readonly SimulatorAccount[],
  apiKey: string | undefined,
): { account: SimulatorAccount } | { refusal: Refusal } {
  if (apiKey === undefined || apiKey === '') return { refusal: missing('apikey') };
  const account = accounts.find(({ key }) => key === apiKey);
  if (account !== undefined) return { account };
  return { refusal: { status: 403, error: 'forbidden', message: 'The API key is invalid or has expired.' } };
}

/** Reads the fields of a send as the API does. */
export function readSubmission(
  { accounts, phones }: { accounts: readonly SimulatorAccount[]; phones: PhoneStates },
  fields: Readonly<Record<string, string>>,
): SubmissionReading {
  const found = findAccount(accounts, fields['apikey']);
  if ('refusal' in found) return found;
  const { recipients = '', message = '', sIdentifiant = '', port = '' } = fields;
  const schedule = fields['schedule_timestamp'] ?? '';
  if (recipients === '') return { refusal: missing('recipients') };
  if (message.trim() === '') return { refusal: missing('message') };
  if (!/^\+[1-9]\d{6,14}$/.test(recipients)) return { refusal: invalid('recipients', 'one number as +E164') };
  for (const [name, allowed] of Object.entries(choices)) {
    const value = fields[name] ?? '';
    if (value !== '' && !allowed.includes(value)) return { refusal: invalid(name, allowed.join(' or ')) };
  }
  if (!/^\d{0,12}$/.test(schedule)) return { refusal: invalid('schedule_timestamp', 'unix seconds') };

  const { account } = found;
  const phone =
    sIdentifiant === ''
      ? (account.phones.find(({ id }) => phones.get(account, id).online) ?? account.phones[0])
      : account.phones.find(({ id }) => id === sIdentifiant);
  if (phone === undefined) {
    return { applicationError: 'mobile_not_found', note: 'No phone has this sIdentifiant.' };
  }
  return {
    submission: {
      account,
      phone,
      recipient: recipients,
      text: message,
      simSlot: port === '' ? null : port === '1' ? 1 : 2,
      withWhatsApp: fields['sendwa'] === '1',
      scheduledAtMs: schedule === '' ? null : Number(schedule) * 1_000,
    },
  };
}

function missing(name: string): Refusal {
  return {
    status: 400,
    error: 'missing_parameter',
    message: `The parameter ${name} is missing. Send it form-urlencoded.`,
  };
}

function invalid(name: string, expected: string): Refusal {
  return {
    status: 400,
    error: 'invalid_parameter',
    message: `The parameter ${name} is invalid: ${expected}.`,
  };
}
