import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { execa } from 'execa';
import { cacheDirectory } from './dev-directories.js';
import { childEnvironment, toolEnvironment } from './isolated-environment.js';
import { withProgress, type Say } from './progress.js';

/** The Temporal CLI that demo, dev and tests run: its server is 1.29.1, its Web UI 2.42.1. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

const MODULE = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;

/**
 * The path of a Temporal CLI: `temporal` on the PATH, else the SDK's download, else a build with Go; the last two are kept
 * in the cache. Says which.
 *
 * @throws Error that names the ways out, when there is none
 */
export async function findTemporalCli(say: Say): Promise<string> {
  return (await onPath(say)) ?? (await downloaded(say)) ?? (await built(say)) ?? noWayOut();
}

async function onPath(say: Say): Promise<string | undefined> {
  const { stdout, failed } = await execa('temporal', ['--version'], {
    env: childEnvironment(),
    extendEnv: false,
    reject: false,
  });
  if (failed) return undefined;
  say(`Temporal: the CLI on your PATH (${stdout.trim()})`);
  return 'temporal';
}

async function downloaded(say: Say): Promise<string | undefined> {
  const downloadDir = cacheDirectory();
  const version = `v${TEMPORAL_CLI_VERSION}`;
  const path = join(downloadDir, `temporal-${version}${process.platform === 'win32' ? '.exe' : ''}`);
  if (!existsSync(path)) {
    await mkdir(downloadDir, { recursive: true });
    await withProgress(say, `Temporal: downloading the CLI ${version}`, async () => {
      try {
        const server = await TestWorkflowEnvironment.createLocal({
          server: { executable: { type: 'cached-download', downloadDir, version, ttl: '3650 days' } },
        });
        await server.teardown();
      } catch {
        // Without a network there is nothing to download; a server that was slow to start has been downloaded all the same.
      }
    });
  }
  if (!existsSync(path)) return undefined;
  say(`Temporal: the CLI ${version} of the SDK's download, kept in ${downloadDir}`);
  return path;
}

async function built(say: Say): Promise<string | undefined> {
  const directory = join(cacheDirectory(), `temporal-cli-${TEMPORAL_CLI_VERSION}`);
  const path = join(directory, 'temporal');
  if (!existsSync(path)) {
    const env = toolEnvironment({ CGO_ENABLED: '0' });
    const { failed } = await execa('go', ['version'], { env, extendEnv: false, reject: false });
    if (failed) return undefined;
    await mkdir(cacheDirectory(), { recursive: true });
    // Into a directory of its own first: a build that was cut off, or a second one beside it, must leave nothing half done.
    const buildDirectory = await mkdtemp(join(cacheDirectory(), 'build-'));
    try {
      const { failed: buildFailed } = await withProgress(
        say,
        `Temporal: building the CLI ${TEMPORAL_CLI_VERSION} with Go, once; this takes minutes`,
        () =>
          execa('go', ['install', MODULE], {
            env: { ...env, GOBIN: buildDirectory },
            extendEnv: false,
            reject: false,
          }),
      );
      if (buildFailed) return undefined;
      await rename(buildDirectory, directory).catch(() => undefined);
    } finally {
      await rm(buildDirectory, { recursive: true, force: true });
    }
  }
  if (!existsSync(path)) return undefined;
  say(`Temporal: the CLI ${TEMPORAL_CLI_VERSION} built with Go, kept in ${directory}`);
  return path;
}

function noWayOut(): never {
  throw new Error(
    [
      'There is no Temporal server to run: no `temporal` on the PATH, its download failed, and it could not be built with Go.',
      'One of these helps:',
      '  - install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH',
      '  - connect to the internet, so that it can be downloaded',
      '  - install Go 1.24 or later, so that it can be built',
      '  - start a Temporal server on this machine and name it: npm run demo -- --temporal 127.0.0.1:7233',
    ].join('\n'),
  );
}
