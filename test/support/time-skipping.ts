import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { execa } from 'execa';
import { cacheDirectory } from '../../src/dev/dev-directories.js';
import { toolEnvironment } from '../../src/dev/isolated-environment.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { addSearchAttributes } from '../../src/setup/search-attributes.js';
import { installQuietRuntime } from './quiet-runtime.js';

/** The Java test server that skips time, as Maven has it. */
const TEST_SERVER = 'io.temporal:temporal-test-server:1.38.0';

/**
 * Starts Temporal's time-skipping test server: the SDK's download, else the same server from Maven behind `java`.
 *
 * @throws Error that names the ways out, when there is none
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const environment = await start();
  // This server can register search attributes, but not list them.
  await addSearchAttributes(environment.connection, 'default', SEARCH_ATTRIBUTE_NAMES);
  return environment;
}

async function start(): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  const downloadDir = cacheDirectory();
  await mkdir(downloadDir, { recursive: true });
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'cached-download', downloadDir, ttl: '3650 days' } },
    });
  } catch (downloadError) {
    const path = await fromMaven().catch((cause: unknown) => {
      throw new Error(
        `There is no time-skipping test server: its download failed (${String(downloadError)}), and Maven could not get ${TEST_SERVER}. Connect to the internet, or install Java and Maven.`,
        { cause },
      );
    });
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  }
}

/** The path of a program that runs the server's jar files, which are kept in the cache. */
async function fromMaven(): Promise<string> {
  const directory = join(cacheDirectory(), 'temporal-test-server-1.38.0');
  const program = join(directory, 'temporal-test-server');
  if (existsSync(program)) return program;
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
    await rename(building, directory).catch(() => undefined);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return program;
}
