import type { Command } from 'commander';
import { accountsCommand } from './accounts-command.js';
import { auditCommand } from './audit-command.js';
import { cancelCommand } from './cancel-command.js';
import type { CliRun } from './cli-run.js';
import { completionCommand } from './completion-command.js';
import { keysCommand } from './keys-command.js';
import { listCommand } from './list-command.js';
import { forgetCommand } from './policies/forget-command.js';
import { optOutsCommand } from './policies/opt-outs-command.js';
import { outreachCommand } from './policies/outreach-command.js';
import { phonesCommand } from './policies/phones-command.js';
import { policyCommand } from './policies/policy-command.js';
import { resolveCommand } from './resolve-command.js';
import { retryCommand } from './retry/retry-command.js';
import { sendCommand } from './send-command.js';
import { setupCommand } from './setup-command.js';
import { statusCommand } from './status-command.js';
import { watchCommand } from './watch-command.js';

/** A command of `durable-sms`. */
export interface CliCommand {
  readonly create: (cli: CliRun) => Command;
  /** Changes nothing: it may end as soon as its reader does. */
  readonly onlyReads?: true;
}

/** All commands of `durable-sms`, in the order in which the help lists them. */
export const COMMANDS: readonly CliCommand[] = [
  { create: setupCommand },
  { create: sendCommand },
  { create: listCommand, onlyReads: true },
  { create: statusCommand, onlyReads: true },
  { create: watchCommand, onlyReads: true },
  { create: cancelCommand },
  { create: resolveCommand },
  { create: retryCommand },
  { create: auditCommand, onlyReads: true },
  { create: policyCommand },
  { create: optOutsCommand },
  { create: outreachCommand, onlyReads: true },
  { create: phonesCommand, onlyReads: true },
  { create: forgetCommand },
  { create: accountsCommand },
  { create: keysCommand },
  { create: completionCommand },
];
