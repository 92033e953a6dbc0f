import { readFileSync } from 'node:fs';

// Prints `N passed, N failed`, the sum of what test/runner wrote to these files; a run without a report is a failure.
let passes = 0;
let failures = 0;
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passes += report.passes;
    failures += report.failures;
  } catch {
    // The tests did not get as far as to a report.
    failures++;
  }
}
process.stdout.write(`${passes} passed, ${failures} failed`);
process.exitCode = failures === 0 && passes > 0 ? 0 : 1;
