const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { reporters, Runner } = require('mocha');

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } =
  Runner.constants;

// Where to write the report; read now, as the tests empty the environment.
const path = process.env.TEST_RUNNER_REPORT;

/**
 * One line a file for people, and failures in full at the end; where TEST_RUNNER_REPORT names a file, mocha's counts and each
 * file's time go there as JSON.
 */
module.exports = class FileReporter extends reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const files = new Map();
    let current;

    const enter = ({ file }) => {
      const name = relative(process.cwd(), file ?? 'unknown');
      if (!files.has(name)) files.set(name, { file: name, elapsedMs: 0, passes: 0, failures: 0, pending: 0 });
      const entry = files.get(name);
      // In a parallel run the events of a file come together, once it has ended.
      if (current !== undefined && current !== entry) print(current);
      current = entry;
      return entry;
    };
    const count = (kind) => (test) => {
      const entry = enter(test);
      entry[kind]++;
      entry.elapsedMs += test.duration ?? 0;
    };

    runner.on(EVENT_TEST_PASS, count('passes'));
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      count('failures')(test);
      // Again in full at the end; here for those who do not want to wait.
      reporters.Base.consoleLog(`${test.fullTitle()}: ${String(error?.message).slice(0, 2_000)}`);
    });
    runner.on(EVENT_TEST_PENDING, count('pending'));
    runner.on(EVENT_HOOK_END, (hook) => {
      if (hook.file) enter(hook).elapsedMs += hook.duration ?? 0;
    });
    runner.once(EVENT_RUN_END, () => {
      if (current !== undefined) print(current);
      this.epilogue();
      if (path) writeFileSync(path, JSON.stringify({ ...runner.stats, files: [...files.values()] }));
    });
  }
};

function print({ file, elapsedMs, passes, failures, pending }) {
  const { color, consoleLog, symbols } = reporters.Base;
  const mark = failures > 0 ? color('fail', symbols.err) : color('checkmark', symbols.ok);
  const counts = [
    `${passes} passed`,
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(pending > 0 ? [`${pending} skipped`] : []),
  ];
  consoleLog(`${mark} ${file}  ${counts.join(', ')}  ${(elapsedMs / 1000).toFixed(1)} s`);
}
