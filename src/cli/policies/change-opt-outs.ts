import { readAccountId, readRecipientPhone } from '../../policies-client/read-fields.js';
import type { OptOutRecipient } from '../../policies-client/sms-opt-outs.js';
import type { CliRun } from '../cli-run.js';
import { describeNotified, notifyDismissed, notifyOptedOut } from './notify-sends.js';
import { assertAccounts, DEFAULT_REGION, withPolicies } from './with-policies.js';

/** One recipient of one account. */
export interface RecipientFlags {
  readonly account: string;
  readonly to: string;
  readonly json?: boolean;
}

/** `durable-sms opt-outs add`. */
export async function addOptOut(cli: CliRun, flags: RecipientFlags): Promise<void> {
  const recipient = readRecipient(flags);
  await withPolicies(cli, async ({ optOuts }, store) => {
    await assertAccounts(store, [recipient.accountId]);
    const { added } = await optOuts.add(Object.assign({ source: 'operator' } as const, recipient));
    // Again, too: the sends may not have been notified the first time.
    const notified = await notifyOptedOut(cli, store, [recipient]);
    if (flags.json === true) {
      cli.print(JSON.stringify({ accountId: recipient.accountId, added, notified: notified ?? null }));
      return;
    }
    const what = added
      ? 'Opted out: the account sends nothing to the number any more.'
      : 'The recipient had opted out before.';
    cli.print(`${what}${describeNotified(notified)}`);
  });
}

/** `durable-sms opt-outs remove`. */
export async function removeOptOut(cli: CliRun, flags: RecipientFlags): Promise<void> {
  const recipient = readRecipient(flags);
  await withPolicies(cli, async ({ optOuts }) => {
    const { removed } = await optOuts.remove(recipient);
    if (flags.json === true) cli.print(JSON.stringify({ accountId: recipient.accountId, removed }));
    else
      cli.print(
        removed
          ? 'Removed: the account may write to the number again.'
          : 'The recipient had not opted out. Nothing was changed.',
      );
  });
}

/** `durable-sms opt-outs confirm` and `dismiss`. */
export async function decideOptOut(
  cli: CliRun,
  decision: 'confirm' | 'dismiss',
  id: string,
  { account, json }: { readonly account?: string; readonly json?: boolean },
): Promise<void> {
  await withPolicies(cli, async ({ optOuts }, store) => {
    const recipient = await optOuts[decision](id, { accountId: account });
    const notified =
      decision === 'confirm'
        ? await notifyOptedOut(cli, store, [recipient])
        : await notifyDismissed(cli, recipient);
    if (json === true) {
      cli.print(JSON.stringify(Object.assign({ id, decision, notified: notified ?? null }, recipient)));
      return;
    }
    const what =
      decision === 'confirm'
        ? 'Confirmed: the account sends nothing to the number any more.'
        : 'Dismissed: messages to the number go on, unless another of its replies waits for a decision.';
    cli.print(`${what}${describeNotified(notified)}`);
  });
}

function readRecipient({ account, to }: RecipientFlags): OptOutRecipient {
  return { accountId: readAccountId(account), recipientPhone: readRecipientPhone(to, DEFAULT_REGION) };
}
