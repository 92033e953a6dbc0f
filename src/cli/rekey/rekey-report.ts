import type { LeftAccount, RekeyCounts } from '../../db/rekey-accounts.js';
import type { CliRun } from '../cli-run.js';

/**
 * Says what a rotation did: to people in words, to programs as JSON lines. Never anything of a key.
 */
export interface RekeyReport {
  readonly left: (left: LeftAccount) => void;
  readonly stopping: () => void;
  /** From here on accounts are reported as the second pass finds them. */
  readonly beginVerification: () => void;
  readonly failed: (soFar: RekeyCounts | undefined) => void;
  /** Returns whether every account uses the new key, or would after a run that is not dry. */
  readonly end: (result: RekeyResult) => boolean;
}

interface RekeyResult {
  readonly counts: RekeyCounts;
  /** What the second pass found; undefined if there was none, or it was stopped. */
  readonly found: RekeyCounts | undefined;
  readonly stopped: boolean;
}

/** The most ids that are of use at a terminal. */
const MAX_IDS = 20;

const PROBLEMS: Record<LeftAccount['problem'], string> = {
  old: 'still encrypted with the old key',
  unreadable: 'cannot be decrypted with either key',
};

/** Makes the report of one run over `total` accounts. */
export function createRekeyReport(
  { print, say }: CliRun,
  run: { total: number; dryRun: boolean; json: boolean },
): RekeyReport {
  let pass: 'rekey' | 'verify' = 'rekey';
  let listed: LeftAccount[] = [];
  let leftCount = 0;

  function listLeft() {
    for (const { accountId, problem } of listed) say(`  ${accountId}: ${PROBLEMS[problem]}`);
    if (leftCount > listed.length) say(`  … and ${leftCount - listed.length} more: --json lists them all.`);
  }

  return {
    left(account) {
      // In a dry run, an old key is what is expected.
      if (run.dryRun && account.problem === 'old') return;
      leftCount++;
      if (run.json) print(JSON.stringify({ ...account, pass }));
      else if (listed.length < MAX_IDS) listed.push(account);
    },
    stopping: () => {
      say('\nFinishing the accounts in progress. Press Ctrl-C again to exit immediately.');
    },
    beginVerification() {
      pass = 'verify';
      listed = [];
      leftCount = 0;
    },
    failed(soFar) {
      if (soFar !== undefined)
        say(`Failed: ${progressOf(soFar, run.total)} Run the command again to resume.`);
    },
    end({ counts, found, stopped }) {
      const complete = !stopped && isComplete(run.dryRun, counts, found);
      if (run.json) {
        print(JSON.stringify({ dryRun: run.dryRun, complete, stopped, total: run.total, ...counts, found }));
        return complete;
      }
      print(summaryOf(run, { counts, found, stopped }));
      listLeft();
      return complete;
    },
  };
}

function isComplete(dryRun: boolean, counts: RekeyCounts, found: RekeyCounts | undefined): boolean {
  return dryRun ? counts.unreadable === 0 : found?.old === 0 && found.unreadable === 0;
}

function summaryOf(
  { total, dryRun }: { total: number; dryRun: boolean },
  { counts, found, stopped }: RekeyResult,
): string {
  if (stopped) return `Stopped: ${progressOf(counts, total)} Run the command again to resume.`;
  if (dryRun) {
    return [
      `Dry run: nothing was written. ${countAccounts(counts.seen)} with a key: ${counts.old} would be re-encrypted,`,
      `${counts.current} already use the new key, ${counts.unreadable} cannot be decrypted with either key.`,
    ].join('\n');
  }
  const done = `${counts.changed} re-encrypted now, ${counts.current} earlier.`;
  if (found === undefined) return done;
  if (isComplete(dryRun, counts, found)) {
    if (found.seen === 0) return 'No account has a key: there is nothing to re-encrypt.';
    return [
      `${countAccounts(found.seen)} with a key: all use the new key. ${done}`,
      'Remove SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS once nothing encrypts with the old key any more. Check the web app first.',
    ].join('\n');
  }
  return [
    `${countAccounts(found.seen)} with a key: ${found.current} use the new key. ${done}`,
    ...(found.old === 0
      ? []
      : [
          `${found.old} still use the old key: something (the web app?) stored them since and encrypts with the old key, or`,
          'another transaction locked them. Fix that and run the command again. Keep SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS',
          'until none is left.',
        ]),
    ...(found.unreadable === 0
      ? []
      : [
          `${found.unreadable} cannot be decrypted with either key and were not changed: they are damaged, or encrypted with a third`,
          'key. Sends of these accounts fail with API_KEY_DECRYPTION_FAILED. Store each key again:',
          'npx durable-sms accounts set-key.',
        ]),
  ].join('\n');
}

/** As "1 account", "2 accounts". */
export function countAccounts(count: number): string {
  return `${count} ${count === 1 ? 'account' : 'accounts'}`;
}

function progressOf({ seen, changed, current, unreadable }: RekeyCounts, total: number): string {
  return `${seen} of ${countAccounts(total)} done (${changed} re-encrypted now, ${current} earlier, ${unreadable} cannot be decrypted with either key).`;
}
