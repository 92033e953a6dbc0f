import assert from 'node:assert/strict';
import {
  describeSlowest,
  fileLimitMs,
  findTooSlow,
  MAX_FILE_MS,
  readReport,
  type TestReport,
} from './test-report.js';

const reportOf = (files: Record<string, number>): TestReport => ({
  passes: 1,
  failures: 0,
  pending: 0,
  files: Object.entries(files).map(([file, elapsedMs]) => ({ file, elapsedMs })),
});

describe('the report of a test run', () => {
  const report = reportOf({
    'test/a.test.ts': MAX_FILE_MS + 1,
    'test/b.integration.test.ts': MAX_FILE_MS,
    'test/c.slow.test.ts': MAX_FILE_MS * 5,
  });

  it('names files over a minute, except in the slow lane', () => {
    assert.equal(MAX_FILE_MS, 60_000);
    assert.deepEqual(
      findTooSlow(report).map(({ file }) => file),
      ['test/a.test.ts'],
    );
  });

  it('doubles the limit on a busy machine only', () => {
    assert.equal(fileLimitMs({ load: 12, jobs: 6 }), 2 * MAX_FILE_MS);
    for (const load of [0, 2, 6]) assert.equal(fileLimitMs({ load, jobs: 6 }), MAX_FILE_MS);
    assert.deepEqual(findTooSlow(report, 2 * MAX_FILE_MS), []);
  });

  it('shows the ten slowest files, the slowest first', () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`${index}.test.ts`, index * 1000]),
    );
    const lines = describeSlowest(reportOf(files));
    assert.equal(lines.length, 10);
    assert.match(lines[0] ?? '', /^ +11\.0 s {2}11\.test\.ts$/);
  });

  it('counts a run without a report as a failure', async () => {
    const { passes, failures } = await readReport('/nowhere/report.json');
    assert.deepEqual({ passes, failures }, { passes: 0, failures: 1 });
  });
});
