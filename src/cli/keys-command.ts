import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { parsePayloadKeys } from '../encryption/payload-keys.js';
import { UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';

const KEY_BYTES = 32;

const GENERATE_HELP = `
Standard output receives the key and nothing else, so you can pipe it into a secret store.
The command neither reads nor prints existing keys. docs/rotate-keys.md lists the steps to
roll out a new key.

Examples:
  npx durable-sms keys generate                     for SMS_API_KEY_ENCRYPTION_KEY
  npx durable-sms keys generate --payload           for SMS_PAYLOAD_KEYS, with today's date as its id
  npx durable-sms keys generate --payload --id k2`;

interface GenerateFlags {
  readonly payload?: boolean;
  readonly id?: string;
}

/** `durable-sms keys …`. */
export function keysCommand(cli: CliRun): Command {
  return new Command('keys').description('manage encryption keys').addCommand(
    new Command('generate')
      .description('print a new random key')
      .option('--payload', 'generate a key for SMS_PAYLOAD_KEYS, as id:key')
      .option(
        '--id <id>',
        'id of the payload key: 1 to 64 characters of A-Za-z0-9._-, unique among your keys',
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
    if (id !== undefined) throw new UsageError('--id applies to payload keys only: add --payload.');
    cli.print(key);
    hint(
      cli,
      'Use it as SMS_API_KEY_ENCRYPTION_KEY. The previous key moves to SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS.',
    );
    return;
  }
  const keyId = id ?? new Date().toISOString().slice(0, 10);
  const entry = `${keyId}:${key}`;
  if (!isPayloadKey(entry)) throw new UsageError('--id must be 1 to 64 characters of A-Za-z0-9._-');
  cli.print(entry);
  hint(cli, 'Add it to SMS_PAYLOAD_KEYS everywhere: first after the current key, then before it.');
}

function isPayloadKey(entry: string): boolean {
  try {
    return parsePayloadKeys(entry).length === 1;
  } catch {
    return false;
  }
}

function hint(cli: CliRun, text: string): void {
  cli.say(`${text} Steps: docs/rotate-keys.md`);
}
