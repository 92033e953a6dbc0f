import { parseArgs } from 'node:util';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { isolateEnvironment } from '../../tools/servers/isolated-environment.js';
import { cleanUpOnSignals } from '../../tools/servers/clean-up.js';
import { FOR_TESTS, RUNNER_SERVERS } from '../support/runner-servers.js';
import { ROOT } from '../support/run-node.js';
import { cleanUpAtEnd, makeDirectory, sharedGuard } from '../support/scratch.js';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { runChecks, type CheckResult } from './checks.js';
import { findTests, LANES, type Lane } from './lanes.js';
import { orderBySlowest, shuffle } from './order-files.js';
import { buildTemporalServers, startServers } from './start-servers.js';
import {
  describeSlowest,
  fileLimitMs,
  findTooSlow,
  MAX_FILE_MS,
  readDurations,
  readReport,
  rememberDurations,
} from './test-report.js';
import { copyFile } from 'node:fs/promises';

/**
 * Runs the tests of some lanes in parallel processes, and the checks beside them:
 * `main.ts LANE… [--checks]`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    checks: { type: 'boolean', default: false },
    /** Files in random order, to show that none depends on another. */
    random: { type: 'boolean', default: false },
    /** The processes that run tests; most of a test's time is waiting. */
    jobs: { type: 'string', default: String(availableParallelism() * 2) },
    /** Where the report is written, too. */
    report: { type: 'string' },
  },
});
const lanes = positionals.filter((name): name is Lane => LANES.includes(name as Lane));
if (lanes.length === 0 || lanes.length !== positionals.length) {
  console.error(`Which tests? ${LANES.join(', ')}`);
  process.exit(2);
}

isolateEnvironment(FOR_TESTS);
cleanUpOnSignals(cleanUpAtEnd);
const startedAt = Date.now();
try {
  const files = await findTests(lanes);
  if (lanes.includes('slow')) await buildTemporalServers(say);
  const servers = lanes.some((lane) => lane !== 'unit') ? await startServers(say) : {};
  console.log(
    `${files.length} files with ${values.jobs} processes (${seconds(Date.now() - startedAt)} to get ready)`,
  );
  const checking = values.checks ? runChecks(reportCheck) : Promise.resolve([]);
  const isPassed = await runTests(
    values.random ? shuffle(files) : orderBySlowest(files, await readDurations()),
    JSON.stringify(servers),
  );
  const checks = await checking;
  for (const { name, isPassed, output } of checks) if (!isPassed) console.log(`\n${name} failed:\n${output}`);
  console.log(`\n${lanes.join(', ')}: ${seconds(Date.now() - startedAt)} in all`);
  if (!isPassed || checks.some((check) => !check.isPassed)) process.exitCode = 1;
} finally {
  await cleanUpAtEnd.run();
}

/** Whether every test passed, and no file took too long. */
async function runTests(files: readonly string[], servers: string): Promise<boolean> {
  const path = join(await makeDirectory('report'), 'report.json');
  const mocha = await startGuarded({
    guard: await sharedGuard(),
    command: process.execPath,
    args: [
      join('node_modules', 'mocha', 'bin', 'mocha.js'),
      '--parallel',
      '--jobs',
      values.jobs,
      '--reporter',
      'test/runner/file-reporter.cjs',
      ...files,
    ],
    cwd: ROOT,
    env: { ...(process.env as Record<string, string>), [RUNNER_SERVERS]: servers, TEST_RUNNER_REPORT: path },
    onOutput: (text) => process.stdout.write(text),
  });
  const loads = [0];
  const watch = setInterval(() => loads.push(loadavg()[1] ?? 0), 10_000);
  const exitCode = await mocha.ended;
  clearInterval(watch);
  const report = await readReport(path);
  if (values.report !== undefined) await copyFile(path, values.report).catch(() => undefined);
  await rememberDurations(report);
  console.log(`The slowest files:\n${describeSlowest(report).join('\n')}`);
  const [load, jobs] = [Math.max(...loads), Number(values.jobs)];
  const limitMs = fileLimitMs({ load, jobs });
  if (limitMs > MAX_FILE_MS) {
    console.log(
      `This machine was busy (a load of ${load.toFixed(1)} with ${jobs} processes): a file may take ${seconds(limitMs)} instead of ${seconds(MAX_FILE_MS)}.`,
    );
  }
  const tooSlow = findTooSlow(report, limitMs);
  for (const { file } of tooSlow) {
    console.log(`${file} took longer than ${seconds(limitMs)}: make it faster, or name it .slow.test.ts.`);
  }
  return exitCode === 0 && tooSlow.length === 0;
}

function reportCheck({ name, isPassed, elapsedMs }: CheckResult): void {
  console.log(`${isPassed ? 'passed' : 'FAILED'}: ${name}  ${seconds(elapsedMs)}`);
}

function say(line: string): void {
  console.log(line);
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}
