const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

// Where to write the counts; read now, as the tests empty the environment.
const path = process.env.MOCHA_REPORT;

/** Mocha's own report for people, and its counts as JSON where MOCHA_REPORT names a file. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    if (path)
      runner.once(Runner.constants.EVENT_RUN_END, () => writeFileSync(path, JSON.stringify(runner.stats)));
  }
};
