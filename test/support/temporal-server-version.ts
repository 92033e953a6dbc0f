import type { Context } from 'mocha';
import {
  findTemporalServer,
  type TemporalServerVersion,
} from '../../tools/servers/production-temporal/find-server.js';

/** Read here: once tests run, the shell's environment is gone. */
const isRequired = process.env['CI_TEMPORAL_SERVER'] === 'required';

/**
 * Makes sure that this version of Temporal's server can be started; skips the test where it cannot,
 * unless CI requires it.
 */
export async function needTemporalServer(test: Context, version: TemporalServerVersion): Promise<void> {
  try {
    await findTemporalServer((line) => process.stderr.write(`  ${line}\n`), version);
  } catch (error) {
    if (isRequired) throw error;
    process.stderr.write(`    skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    test.skip();
  }
}
