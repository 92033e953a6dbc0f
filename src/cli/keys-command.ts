import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { parsePayloadKeys } from '../encryption/payload-keys.js';
import { UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';

const KEY_BYTES = 32;

const GENERATE_HELP = `
Standard output gets the key and nothing else, so that it can go into a secret store; nothing that exists is read or printed.
docs/rotate-keys.md has the order of steps in which a new key is rolled out.

Examples:
  npx durable-sms keys generate                     for SMS_API_KEY_ENCRYPTION_KEY
  npx durable-sms keys generate --payload           for SMS_PAYLOAD_KEYS, under today's date as its id
  npx durable-sms keys generate --payload --id k2`;

interface GenerateFlags {
  readonly payload?: boolean;
  readonly id?: string;
}

/** `durable-sms keys …`. */
export function keysCommand(cli: CliRun): Command {
  return new Command('keys').description('the keys that this service encrypts with').addCommand(
    new Command('generate')
      .description('print a new random key')
      .option('--payload', 'a key for SMS_PAYLOAD_KEYS, as id:key')
      .option(
        '--id <id>',
        'the id of a payload key, 1 to 64 of A-Za-z0-9._-; no other key of yours may have it',
      )
      .addHelpText('after', GENERATE_HELP)
      .action((flags: GenerateFlags) => {
        generate(cli, flags);
      }),
  );
}

function generate(cli: CliRun, { payload = false, id }: GenerateFlags): void {
  const key = randomBytes(KEY_BYTES).toString('hex');
  if (!payload) {
    if (id !== undefined) throw new UsageError('--id is for payload keys: give --payload too.');
    cli.print(key);
    hint(
      cli,
      'For SMS_API_KEY_ENCRYPTION_KEY. The one before it goes to SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS.',
    );
    return;
  }
  const keyId = id ?? new Date().toISOString().slice(0, 10);
  const entry = `${keyId}:${key}`;
  if (!isPayloadKey(entry)) throw new UsageError('--id must be 1 to 64 of A-Za-z0-9._-');
  cli.print(entry);
  hint(cli, 'For SMS_PAYLOAD_KEYS: first behind the key that is in use, everywhere; then before it.');
}

function isPayloadKey(entry: string): boolean {
  try {
    return parsePayloadKeys(entry).length === 1;
  } catch {
    return false;
  }
}

function hint(cli: CliRun, text: string): void {
  cli.say(`${text} Order of steps: docs/rotate-keys.md`);
}
