import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { execa } from 'execa';
import { cacheDirectory } from './dev-directories.js';
import { goInstall } from './go-install.js';
import { childEnvironment } from './isolated-environment.js';
import { withProgress, type Say } from './progress.js';

/** The Temporal CLI that demo, dev and tests run: its server is 1.29.1, its Web UI 2.42.1. */
const TEMPORAL_CLI_VERSION = '1.5.1';

const MODULE = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;

/**
 * The path of a Temporal CLI: `temporal` on the PATH, else the SDK's download, else a build with
 * Go; the last two are kept in the cache. Says which.
 *
 * @throws Error that names the ways out, when there is none
 */
export async function findTemporalCli(say: Say): Promise<string> {
  return (await onPath(say)) ?? kept(say) ?? (await download(say)) ?? (await build(say)) ?? noWayOut();
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

const VERSION = `v${TEMPORAL_CLI_VERSION}`;

/** Where the SDK keeps its download. */
const downloadedPath = () =>
  join(cacheDirectory(), `temporal-${VERSION}${process.platform === 'win32' ? '.exe' : ''}`);

/** Where a build is kept. */
const buildDirectory = () => join(cacheDirectory(), `temporal-cli-${TEMPORAL_CLI_VERSION}`);
const builtPath = () => join(buildDirectory(), 'temporal');

/** What an earlier run has got. */
function kept(say: Say): string | undefined {
  if (existsSync(downloadedPath())) {
    say(`Temporal: the CLI ${VERSION} of the SDK's download, kept in ${cacheDirectory()}`);
    return downloadedPath();
  }
  if (existsSync(builtPath())) {
    say(`Temporal: the CLI ${VERSION} built with Go, kept in ${buildDirectory()}`);
    return builtPath();
  }
  return undefined;
}

async function download(say: Say): Promise<string | undefined> {
  await mkdir(cacheDirectory(), { recursive: true });
  await withProgress(say, `Temporal: downloading the CLI ${VERSION}`, async () => {
    try {
      const server = await TestWorkflowEnvironment.createLocal({
        server: {
          executable: {
            type: 'cached-download',
            downloadDir: cacheDirectory(),
            version: VERSION,
            ttl: '3650 days',
          },
        },
      });
      await server.teardown();
    } catch {
      // Without a network there is nothing to download; a server that was slow to start has been
      // downloaded all the same.
    }
  });
  return kept(say);
}

async function build(say: Say): Promise<string | undefined> {
  const isBuilt = await goInstall({
    packages: [MODULE],
    directory: buildDirectory(),
    what: `Temporal: building the CLI ${VERSION} with Go, once`,
    say,
  });
  return isBuilt ? kept(say) : undefined;
}

function noWayOut(): never {
  throw new Error(
    [
      'Cannot start a Temporal server: `temporal` is not on the PATH, the download failed, and the build with Go failed.',
      'Do one of these:',
      '  - install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH',
      '  - connect to the internet, so that it can be downloaded',
      '  - install Go 1.24 or later, so that it can be built',
      '  - start a Temporal server on this machine and pass its address: npm run demo -- --temporal 127.0.0.1:7233',
    ].join('\n'),
  );
}
