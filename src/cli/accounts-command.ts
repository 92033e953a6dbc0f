import { Command } from 'commander';
import { z } from 'zod';
import { readSetKeyConfig } from '../config.js';
import { encryptCredentials } from '../encryption/credentials.js';
import { MAX_STORED_KEY_LENGTH, setApiKey } from '../db/set-api-key.js';
import { UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { readStandardInput } from './read-input.js';
import { rekeyCommand } from './rekey/rekey-command.js';

const SET_KEY_HELP = `
Reads the key from standard input, which keeps it out of shell history and process lists.
DATABASE_URL needs a role with the right to update accounts, which the worker's role lacks.

Example:
  npx durable-sms accounts set-key 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e < key.txt`;

/** `durable-sms accounts …`. */
export function accountsCommand(cli: CliRun): Command {
  return new Command('accounts')
    .description("manage the accounts' SMSMobileAPI keys")
    .addCommand(
      new Command('set-key')
        .description("encrypt and store an account's SMSMobileAPI key")
        .argument('<accountId>', 'a UUID')
        .addHelpText('after', SET_KEY_HELP)
        .action((accountId: string) => setKey(cli, accountId)),
    )
    .addCommand(rekeyCommand(cli));
}

async function setKey(cli: CliRun, accountId: string): Promise<void> {
  if (!z.guid().safeParse(accountId).success) throw new UsageError('The account id must be a UUID.');
  const { databaseUrl, encryptionKey } = readSetKeyConfig(cli.env);
  const apiKey = (await readStandardInput(cli, 'the SMSMobileAPI key')).trim();
  if (apiKey === '') throw new UsageError('Standard input contains no key.');
  if (/\s/.test(apiKey)) throw new UsageError('The key on standard input must be one line without spaces.');
  const encrypted = encryptCredentials(apiKey, encryptionKey);
  if (encrypted.length > MAX_STORED_KEY_LENGTH)
    throw new UsageError('The key on standard input is too long to store.');
  if (!(await setApiKey(databaseUrl, accountId, encrypted)))
    throw new UsageError(`Account ${accountId} does not exist.`);
  cli.print(`Stored the key of account ${accountId}.`);
}
