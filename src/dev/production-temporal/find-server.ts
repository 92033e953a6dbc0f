import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../dev-directories.js';
import { goInstall } from '../go-install.js';
import type { Say } from '../progress.js';

/** The server that demo, dev, tests and the compose file run, too. */
export const TEMPORAL_SERVER_VERSION = '1.29.1';

/** The programs of a Temporal server: itself, and the tool that lays its tables. */
export interface TemporalServerPrograms {
  readonly server: string;
  readonly sqlTool: string;
}

const MODULE = 'go.temporal.io/server/cmd';

/**
 * The programs of Temporal's server, built with Go once and kept in the cache; no release of them can be had otherwise but as
 * a container image.
 *
 * @throws Error that says what is missing
 */
export async function findTemporalServer(say: Say): Promise<TemporalServerPrograms> {
  const directory = join(cacheDirectory(), `temporal-server-${TEMPORAL_SERVER_VERSION}`);
  const programs = { server: join(directory, 'server'), sqlTool: join(directory, 'sql') };
  if (!existsSync(programs.server)) {
    await goInstall({
      packages: [
        `${MODULE}/tools/sql@v${TEMPORAL_SERVER_VERSION}`,
        `${MODULE}/server@v${TEMPORAL_SERVER_VERSION}`,
      ],
      directory,
      what: `Temporal: building the server ${TEMPORAL_SERVER_VERSION} with Go, once`,
      say,
    });
  }
  if (!existsSync(programs.server)) {
    throw new Error(
      `The Temporal server could not be built: install Go 1.24 or later, and let it reach the Go modules.`,
    );
  }
  say(`Temporal: the server ${TEMPORAL_SERVER_VERSION} built with Go, kept in ${directory}`);
  return programs;
}
