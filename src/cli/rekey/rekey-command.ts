import { Command } from 'commander';
import { readRekeyConfig } from '../../config.js';
import { rekeyAccounts, type RekeyCounts } from '../../db/rekey-accounts.js';
import { openStoredKeys, type StoredKeys } from '../../db/stored-keys.js';
import { EXIT, UsageError } from '../cli-error.js';
import type { CliRun } from '../cli-run.js';
import { confirmCount } from '../confirm-count.js';
import { startPassProgress } from './rekey-progress.js';
import { countAccounts, createRekeyReport, type RekeyReport } from './rekey-report.js';
import { createRekey } from './rekey-stored-key.js';
import { stopOnSignals, type StopRequest } from '../stop-on-signals.js';

const REKEY_HELP = `
Re-encrypts accounts.sms_api_key: decrypts it with SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS
(old), encrypts it with SMS_API_KEY_ENCRYPTION_KEY (new), then reads every key again to
verify it. Give both keys to every worker and the web app first: docs/rotate-keys.md lists
the steps.
DATABASE_URL needs a role with the right to update accounts, which the worker's role lacks.

You can stop the command at any time and run it again to resume.

Exit codes: 0 every account uses the new key (or would, with --dry-run); 1 some accounts do
not, or the database failed; 2 invalid command line or environment, or not confirmed; 130
stopped by Ctrl-C.

Examples:
  npx durable-sms accounts rekey --dry-run
  npx durable-sms accounts rekey --yes --json`;

interface RekeyFlags {
  readonly batch: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `durable-sms accounts rekey`. */
export function rekeyCommand(cli: CliRun): Command {
  return new Command('rekey')
    .description("re-encrypt every account's SMSMobileAPI key with a new encryption key")
    .option('--batch <n>', 'number of accounts read per query', '200')
    .option('--dry-run', 'write nothing, only report what would change')
    .option('--yes', 'skip the confirmation')
    .option('--json', 'print one JSON object per line: each remaining account, then the counts')
    .addHelpText('after', REKEY_HELP)
    .action((flags: RekeyFlags) => rekey(cli, flags));
}

async function rekey(cli: CliRun, flags: RekeyFlags): Promise<void> {
  const batchSize = readBatchSize(flags.batch);
  const dryRun = flags.dryRun === true;
  const { databaseUrl, ...encryptionKeys } = readRekeyConfig(cli.env);
  const keys = openStoredKeys({ databaseUrl, readOnly: dryRun });
  try {
    const total = await keys.count();
    const report = createRekeyReport(cli, { total, dryRun, json: flags.json === true });
    if (total > 0 && !dryRun && flags.yes !== true) {
      await confirmCount(`This re-encrypts the keys of ${countAccounts(total)}.`, total, cli);
    }
    const stop = stopOnSignals(cli, report.stopping);
    try {
      cli.exitCode = await runPasses({
        cli,
        keys,
        report,
        stop,
        total,
        batchSize,
        dryRun,
        rekeyOne: createRekey(encryptionKeys),
      });
    } finally {
      stop.release();
    }
  } finally {
    await keys.close();
  }
}

/** The pass that changes, and the one that looks whether it is true; returns the exit code. */
async function runPasses(run: {
  cli: CliRun;
  keys: StoredKeys;
  report: RekeyReport;
  stop: StopRequest;
  rekeyOne: ReturnType<typeof createRekey>;
  total: number;
  batchSize: number;
  dryRun: boolean;
}): Promise<number> {
  const { report, stop, dryRun } = run;
  const pass = async (what: string, write: boolean, onCounts: (counts: RekeyCounts) => void) => {
    const progress = startPassProgress(what, run.total, run.cli.stderr);
    try {
      return await rekeyAccounts(run.keys, {
        rekey: run.rekeyOne,
        write,
        batchSize: run.batchSize,
        signal: stop.signal,
        onBatch: (counts) => {
          onCounts(counts);
          progress.update(counts.seen);
        },
        onLeft: report.left,
      });
    } finally {
      progress.stop();
    }
  };

  let counts: RekeyCounts | undefined;
  let found: RekeyCounts | undefined;
  try {
    counts = await pass(dryRun ? 'Checking' : 'Re-encrypting', !dryRun, (soFar) => (counts = soFar));
    if (stop.exitCode() === undefined && !dryRun) {
      report.beginVerification();
      found = await pass('Verifying', false, () => undefined);
    }
  } catch (error) {
    report.failed(counts);
    throw error;
  }
  const stopped = stop.exitCode();
  const complete = report.end({
    counts,
    found: stopped === undefined ? found : undefined,
    stopped: stopped !== undefined,
  });
  return stopped ?? (complete ? EXIT.ok : EXIT.failed);
}

function readBatchSize(text: string): number {
  const size = Number(text);
  if (!/^\d{1,5}$/.test(text) || size < 1 || size > 10_000) {
    throw new UsageError('--batch must be a whole number from 1 to 10000.');
  }
  return size;
}
