/** A program that uses every entry point, in TypeScript. */
const USES_EVERYTHING = `
import { createSmsClient, SmsError, type SmsJob, type SmsResult } from 'durable-sms';
import { decryptCredentials, encryptCredentials } from 'durable-sms/crypto';
import { SMS_ERRORS, type SmsErrorCode } from 'durable-sms/errors';
import { createSmsPolicies, type OptOut, type SendingPolicy } from 'durable-sms/policies';
import { countSegments, type SegmentCount } from 'durable-sms/text';

const client = createSmsClient({ connection: { address: '127.0.0.1:7233' }, payloadKeys: 'off' });
const job: SmsJob = { recipientPhone: '+33639980042', message: 'Bonjour', accountId: 'id', options: { simSlot: 2 } };
export async function send(): Promise<SmsResult> {
  const sent = await client.send(job, { idempotencyKey: 'lead-42', sendAt: new Date() });
  return await sent.result();
}
export const code: SmsErrorCode = new SmsError('NOT_FOUND').code;
export const round: string = decryptCredentials(encryptCredentials('key', 'a'), 'a');
export const retried: string = SMS_ERRORS.RATE_LIMITED.retried;
export const count: SegmentCount = countSegments('Bonjour');
const policies = createSmsPolicies({ databaseUrl: 'postgres://user@127.0.0.1/app', maxConnections: 2 });
export async function listOptOuts(accountId: string): Promise<OptOut[]> {
  const { added } = await policies.optOuts.add({ accountId, recipientPhone: '06 39 98 00 42' });
  const policy: SendingPolicy = await policies.policy.set(accountId, { perDay: added ? 150 : 300 });
  const rows: OptOut[] = [];
  for await (const row of policies.optOuts.list({ accountId, pageSize: policy.perHour })) rows.push(row);
  return rows;
}
export const marketing = createSmsClient({ payloadKeys: 'off', purpose: 'marketing' });
`;

/** Each line is a mistake that the types must notice. */
const MISTAKES = [
  `client.send({ recipientPhone: '+33639980042', message: 'Bonjour', accountID: 'id' });`,
  `client.send({ recipientPhone: 33639980042, message: 'Bonjour', accountId: 'id' });`,
  `client.send({ recipientPhone: '+33639980042', message: 'Bonjour', accountId: 'id', options: { simSlot: 3 } });`,
  `client.send({ recipientPhone: '+33639980042', message: 'Bonjour', accountId: 'id' }, { idempotency: 'k' });`,
  `createSmsClient({});`,
  `createSmsClient({ payloadKeys: 'off', purpose: 'prospecting' });`,
  `new SmsError('NO_SUCH_CODE');`,
  `client.get('id').result().then((result) => result.messageID);`,
];

/** The same program with mistakes at its end. */
export const WITH_MISTAKES = `${USES_EVERYTHING}${MISTAKES.map((line) => `void ${line}`).join('\n')}`;

/** The lines of these mistakes, counted from 1. */
export const WRONG_LINES = MISTAKES.map((_, index) => USES_EVERYTHING.split('\n').length + index);

const NAMES = [
  ['createSmsClient, SmsError', 'durable-sms'],
  ['decryptCredentials, encryptCredentials', 'durable-sms/crypto'],
  ['SmsError: SameError, SMS_ERRORS', 'durable-sms/errors'],
  ['countSegments', 'durable-sms/text'],
] as const;

const BODY = `
  const key = 'ab'.repeat(32);
  const client = createSmsClient({ payloadKeys: 'off' });
  const refused = await client.send({}).catch((error) => error);
  await client.close();
  console.log(JSON.stringify([
    decryptCredentials(encryptCredentials('the key', key), key),
    refused instanceof SmsError, SmsError === SameError, refused.code, 'RATE_LIMITED' in SMS_ERRORS,
    countSegments('Bonjour').segments,
  ]));`;

/** What the programs print. */
export const PRINTED = ['the key', true, true, 'VALIDATION_FAILED', true, 1];

/**
 * A program that uses every entry point but `/policies`, for each kind of module: file name → code.
 */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'main.mjs': `${NAMES.map(([names, from]) => `import { ${names.replaceAll(': ', ' as ')} } from '${from}';`).join('\n')}${BODY}`,
  'main.cjs': `${NAMES.map(([names, from]) => `const { ${names} } = require('${from}');`).join('\n')}
(async () => {${BODY}
})();`,
};

const POLICIES_BODY = `
  const policies = createSmsPolicies({ databaseUrl: 'postgres://user@127.0.0.1:1/app' });
  const error = await policies.policy.get('6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e').catch((error) => error);
  await policies.close();
  console.log(JSON.stringify([error instanceof SmsError, error instanceof SameError, error.code, DEFAULT_SENDING_POLICY.opensAt]));`;

/** What the programs about policies print: the database is out of reach. */
export const POLICIES_PRINTED = [true, true, 'DATABASE_UNAVAILABLE', '08:30'];

/** A program that uses `/policies`, which needs the package `postgres`, for each kind of module. */
export const POLICIES_PROGRAMS: Readonly<Record<string, string>> = {
  'policies.mjs': `import { createSmsPolicies, DEFAULT_SENDING_POLICY, SmsError } from 'durable-sms/policies';
import { SmsError as SameError } from 'durable-sms';${POLICIES_BODY}`,
  'policies.cjs': `const { createSmsPolicies, DEFAULT_SENDING_POLICY, SmsError } = require('durable-sms/policies');
const { SmsError: SameError } = require('durable-sms');
(async () => {${POLICIES_BODY}
})();`,
};
