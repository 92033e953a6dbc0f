import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { startTemporalServer, type OwnTemporalServer } from '../../tools/servers/temporal-server.js';
import { installQuietRuntime } from './quiet-runtime.js';
import { makeDirectory, sharedGuard } from './scratch.js';

/**
 * A Temporal server of one test file, with its data in a file, and the native connection of its
 * workers.
 */
export interface OwnTemporal {
  readonly server: OwnTemporalServer;
  readonly address: string;
  readonly nativeConnection: NativeConnection;
  readonly close: () => Promise<void>;
}

/** Starts one; `eagerActivities` as for startTemporalServer. */
export async function startOwnTemporal(options: { eagerActivities?: boolean } = {}): Promise<OwnTemporal> {
  const server = await startTemporalServer({
    guard: await sharedGuard(),
    say: () => undefined,
    databaseFile: join(await makeDirectory('temporal'), 'temporal.db'),
    ...options,
  });
  installQuietRuntime();
  const nativeConnection = await NativeConnection.connect({ address: server.address });
  return {
    server,
    address: server.address,
    nativeConnection,
    async close() {
      await nativeConnection.close();
      await server.stop();
    },
  };
}
