import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../dev-directories.js';
import { goInstall } from '../go-install.js';
import type { Say } from '../progress.js';

/**
 * The versions of Temporal's server that tests run: the one of demo, dev and most tests, and the
 * newest that builds, which the compose file runs.
 */
export const TEMPORAL_SERVER_VERSIONS = { usual: '1.29.1', newest: '1.32.0' } as const;

/** A version of Temporal's server that tests run. */
export type TemporalServerVersion = (typeof TEMPORAL_SERVER_VERSIONS)[keyof typeof TEMPORAL_SERVER_VERSIONS];

/** The programs of a Temporal server: itself, and the tool that lays its tables. */
export interface TemporalServerPrograms {
  readonly server: string;
  readonly sqlTool: string;
}

const MODULE = 'go.temporal.io/server/cmd';

/**
 * The programs of Temporal's server, built with Go once and kept in the cache; no release of them
 * can be had otherwise but as a container image.
 *
 * @throws Error that says what is missing
 */
export async function findTemporalServer(
  say: Say,
  version: TemporalServerVersion = TEMPORAL_SERVER_VERSIONS.usual,
): Promise<TemporalServerPrograms> {
  const directory = join(cacheDirectory(), `temporal-server-${version}`);
  const programs = { server: join(directory, 'server'), sqlTool: join(directory, 'sql') };
  if (!existsSync(programs.server)) {
    await goInstall({
      packages: [`${MODULE}/tools/sql@v${version}`, `${MODULE}/server@v${version}`],
      directory,
      what: `Temporal: building the server ${version} with Go, once`,
      say,
    });
  }
  if (!existsSync(programs.server)) {
    throw new Error(
      `The Temporal server could not be built: install Go 1.26 or later, and allow it to download modules.`,
    );
  }
  say(`Temporal: the server ${version} built with Go, kept in ${directory}`);
  return programs;
}
