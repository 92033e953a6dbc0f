import { readFileSync } from 'node:fs';

// Prints `N passed, N failed` from the counts that test/support/counting-reporter.cjs wrote; nothing counted is a failure.
let counts = { passes: 0, failures: 1 };
try {
  counts = JSON.parse(readFileSync(process.argv[2], 'utf8'));
} catch {
  // The tests did not get as far as to a report: a check before them failed.
}
process.stdout.write(`${counts.passes} passed, ${counts.failures} failed`);
process.exitCode = counts.failures === 0 && counts.passes > 0 ? 0 : 1;
