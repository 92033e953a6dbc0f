import { parseOptOuts } from '../../policies-client/parse-opt-outs.js';
import { readAccountId } from '../../policies-client/read-fields.js';
import type { OptOutFormat } from '../../policies-client/sms-opt-outs.js';
import type { CliRun } from '../cli-run.js';
import { readStandardInput, readTextFile } from '../read-input.js';
import { describeNotified, notifyOptedOut } from './notify-sends.js';
import { assertAccounts, DEFAULT_REGION, withPolicies } from './with-policies.js';

/** How a list is read. */
export interface ImportFlags {
  readonly account?: string;
  readonly json?: boolean;
}

/** How a list is written. */
export interface ExportFlags {
  readonly account?: string;
  readonly format: OptOutFormat;
  readonly json?: boolean;
}

/** `durable-sms opt-outs import`. */
export async function importOptOuts(cli: CliRun, file: string, flags: ImportFlags): Promise<void> {
  const accountId = flags.account === undefined ? undefined : readAccountId(flags.account);
  const text =
    file === '-'
      ? await readStandardInput(cli, 'the list of opt-outs')
      : await readTextFile(file, 'the argument');
  const rows = parseOptOuts(text, { accountId, source: 'operator', defaultRegion: DEFAULT_REGION });
  await withPolicies(cli, async ({ optOuts }, store) => {
    await assertAccounts(
      store,
      rows.map((row) => row.accountId),
    );
    const { added, existing } = await optOuts.addAll(
      rows.map(({ phone, source, optedOutAt, inboundId, ...row }) => ({
        accountId: row.accountId,
        recipientPhone: phone,
        source,
        optedOutAt,
        inboundId,
      })),
    );
    const notified = await notifyOptedOut(cli, store, added);
    if (flags.json === true)
      cli.print(JSON.stringify({ added: added.length, existing, notified: notified ?? null }));
    else
      cli.print(
        `Opt-outs added: ${added.length}. Already there, or listed twice: ${existing}.${describeNotified(notified)}`,
      );
  });
}

/** `durable-sms opt-outs export`. */
export async function exportOptOuts(cli: CliRun, { account, format, json }: ExportFlags): Promise<void> {
  await withPolicies(cli, async ({ optOuts }) => {
    const lines = optOuts.export(json === true ? 'jsonl' : format, { accountId: account, pageSize: 1_000 });
    for await (const line of lines) cli.print(line);
  });
}
