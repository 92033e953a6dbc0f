import { join } from 'node:path';
import { freePort } from '../../tools/servers/free-port.js';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { findTemporalCli } from '../../tools/servers/temporal-cli.js';
import { waitForServer } from '../../tools/servers/temporal-server.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';

/** A Temporal server that logs all that it can, with its data in files. */
export interface TalkativeTemporal {
  readonly address: string;
  /** Where its files are. */
  readonly directory: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts one; the usual one of the tests (tools/servers/temporal-server.ts) logs errors only, and
 * shows nothing of it.
 */
export async function startVerboseTemporal(onOutput: (text: string) => void): Promise<TalkativeTemporal> {
  const directory = await makeDirectory('temporal');
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = await startGuarded({
    guard: await sharedGuard(),
    command: await findTemporalCli(() => undefined),
    args: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--headless',
      '--log-level',
      'debug',
      '--db-filename',
      join(directory, 'temporal.db'),
      ...SEARCH_ATTRIBUTE_NAMES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      '--dynamic-config-value',
      'system.enableActivityEagerExecution=true',
    ],
    env: childEnvironment(),
    onOutput,
  });
  await waitForServer(address, server.output, () => server.child.exitCode);
  return { address, directory, stop: () => server.stop('SIGTERM', 30_000) };
}
