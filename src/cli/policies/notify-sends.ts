import { ConfigError } from '../../config.js';
import type { PolicyStore } from '../../db/policy-store/open-policy-store.js';
import { SmsError } from '../../domain/errors.js';
import type { OptOutRecipient } from '../../policies-client/sms-opt-outs.js';
import { announceDismissal, announceOptOut, type OptOutNews } from '../../temporal/announce-opt-out.js';
import { announcePolicy } from '../../temporal/announce-policy.js';
import type { CliRun } from '../cli-run.js';
import { withTemporal } from '../open-client.js';

/**
 * Has the open sends look whose recipients have opted out. That is stored by now, and holds either
 * way: a failure is a warning.
 *
 * @returns how many were notified; undefined if that failed
 */
export async function notifyOptedOut(
  cli: CliRun,
  store: Pick<PolicyStore, 'optOuts'>,
  recipients: readonly OptOutRecipient[],
): Promise<number | undefined> {
  const markAnnounced = ({ accountId, recipientPhones }: OptOutNews) =>
    store.optOuts.markAnnounced(recipientPhones.map((phone) => ({ accountId, phone })));
  return await orWarn(cli, 'The opt-out stands', async () => {
    if (recipients.length === 0) return 0;
    return await withTemporal(cli, (temporal) =>
      notifyEach(recipients, (news) => announceOptOut({ markAnnounced, ...temporal }, news)),
    );
  });
}

/** The same after a reply turned out to be no opt-out. */
export async function notifyDismissed(cli: CliRun, recipient: OptOutRecipient): Promise<number | undefined> {
  return await orWarn(cli, 'The decision stands', () =>
    withTemporal(cli, (temporal) => notifyEach([recipient], (news) => announceDismissal(temporal, news))),
  );
}

/** The same after the policy of an account was changed. */
export async function notifyPolicy(cli: CliRun, accountId: string): Promise<number | undefined> {
  return await orWarn(cli, 'The policy holds', () =>
    withTemporal(cli, (temporal) => announcePolicy(temporal, accountId)),
  );
}

/** What the last words of a command say of it. */
export function describeNotified(notified: number | undefined): string {
  return notified === undefined ? '' : ` Waiting sends notified: ${notified}.`;
}

async function orWarn(cli: CliRun, what: string, notify: () => Promise<number>): Promise<number | undefined> {
  try {
    return await notify();
  } catch (error) {
    if (!(error instanceof SmsError || error instanceof ConfigError)) throw error;
    cli.say(
      `${what}, but the sends that wait were not notified. Each looks by itself before its next request. ${error.message}`,
    );
    return undefined;
  }
}

async function notifyEach(
  recipients: readonly OptOutRecipient[],
  notify: (news: OptOutNews) => Promise<number>,
): Promise<number> {
  const byAccount = new Map<string, string[]>();
  for (const { accountId, recipientPhone } of recipients) {
    const phones = byAccount.get(accountId) ?? [];
    phones.push(recipientPhone);
    byAccount.set(accountId, phones);
  }
  let notified = 0;
  for (const [accountId, recipientPhones] of byAccount)
    notified += await notify({ accountId, recipientPhones });
  return notified;
}
