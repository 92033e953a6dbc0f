import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { execa } from 'execa';
import { cacheDirectory } from '../../tools/servers/dev-directories.js';
import { freePort } from '../../tools/servers/free-port.js';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { withProgress, type Say } from '../../tools/servers/progress.js';
import { childEnvironment, toolEnvironment } from '../../tools/servers/isolated-environment.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { addSearchAttributes } from '../../src/temporal/search-attributes.js';
import { installQuietRuntime } from './quiet-runtime.js';
import { sharedGuard } from './scratch.js';

/** The Java test server that skips time, as Maven has it. */
const TEST_SERVER = 'io.temporal:temporal-test-server:1.38.0';

/** Starts Temporal's time-skipping test server, with our search attributes. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  const port = await freePort();
  const server = await startGuarded({
    guard: await sharedGuard(),
    command: await findTestServer(() => undefined),
    args: [String(port)],
    // Its runs are short: compiling for speed costs more than it gains.
    env: childEnvironment({ JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' }),
  });
  const address = `127.0.0.1:${port}`;
  await waitUntil('the time-skipping test server to answer', async () => {
    if (server.child.exitCode !== null) throw new HopelessError(`It ended at once:\n${server.output()}`);
    const connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
    await connection.close();
    return true;
  });
  const environment = await connectTo(address);
  const teardown = environment.teardown.bind(environment);
  environment.teardown = async () => {
    await teardown();
    await server.stop();
  };
  // This server can register search attributes, but not list them.
  await addSearchAttributes(environment.connection, 'default', SEARCH_ATTRIBUTE_NAMES);
  return environment;
}

/**
 * The SDK gives a server that it starts itself five seconds, which Java needs for its start on a
 * busy machine; its own way to a server that runs is public for servers without time skipping only
 * (SDK 1.24, `TestWorkflowEnvironment.create`).
 */
function connectTo(address: string): Promise<TestWorkflowEnvironment> {
  const environments = TestWorkflowEnvironment as unknown as {
    create(options: {
      server: { type: 'existing' };
      supportsTimeSkipping: boolean;
      namespace: string;
      address: string;
    }): Promise<TestWorkflowEnvironment>;
  };
  return environments.create({
    server: { type: 'existing' },
    supportsTimeSkipping: true,
    namespace: 'default',
    address,
  });
}

/** Where the jar files from Maven are kept, with a program that runs them. */
const mavenDirectory = () => join(cacheDirectory(), 'temporal-test-server-1.38.0');
const mavenProgram = () => join(mavenDirectory(), 'temporal-test-server');

/**
 * The path of Temporal's time-skipping test server: what an earlier run has got, else the SDK's
 * download, else the same server from Maven behind `java`.
 *
 * @throws Error that names the ways out, when there is none
 */
export async function findTestServer(say: Say): Promise<string> {
  return kept() ?? (await download(say)) ?? (await fromMaven(say));
}

function kept(): string | undefined {
  if (existsSync(mavenProgram())) return mavenProgram();
  if (!existsSync(cacheDirectory())) return undefined;
  // The SDK names its download for its own version.
  const files = readdirSync(cacheDirectory(), { withFileTypes: true });
  const downloaded = files.find((file) => file.isFile() && file.name.startsWith('temporal-test-server-'));
  return downloaded && join(cacheDirectory(), downloaded.name);
}

async function download(say: Say): Promise<string | undefined> {
  await mkdir(cacheDirectory(), { recursive: true });
  installQuietRuntime();
  await withProgress(say, 'Temporal: downloading the time-skipping test server', async () => {
    try {
      const environment = await TestWorkflowEnvironment.createTimeSkipping({
        server: {
          executable: { type: 'cached-download', downloadDir: cacheDirectory(), ttl: '3650 days' },
        },
      });
      await environment.teardown();
    } catch {
      // Without a network there is nothing to download.
    }
  });
  return kept();
}

async function fromMaven(say: Say): Promise<string> {
  try {
    await withProgress(say, `Temporal: getting ${TEST_SERVER} with Maven`, installFromMaven);
    return mavenProgram();
  } catch (cause) {
    throw new Error(
      `There is no time-skipping test server: it can neither be downloaded nor got with Maven (${TEST_SERVER}). Connect to the internet, or install Java and Maven.`,
      { cause },
    );
  }
}

async function installFromMaven(): Promise<void> {
  const [groupId, artifactId, version] = TEST_SERVER.split(':');
  const building = await mkdtemp(join(cacheDirectory(), 'build-'));
  try {
    await writeFile(
      join(building, 'pom.xml'),
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
        <groupId>durable-sms</groupId><artifactId>test-server</artifactId><version>1</version>
        <dependencies><dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency></dependencies>
      </project>`,
    );
    await execa('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], {
      cwd: building,
      env: toolEnvironment(),
      extendEnv: false,
    });
    const wrapper = `#!/bin/sh\nexec java -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@" 2>/dev/null\n`;
    await writeFile(join(building, 'temporal-test-server'), wrapper);
    await chmod(join(building, 'temporal-test-server'), 0o755);
    await rename(building, mavenDirectory()).catch(() => undefined);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}
