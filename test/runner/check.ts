import { runChecks } from './checks.js';

/** Types, lint, format and the directions of import: `npm run check`. */
const results = await runChecks(({ name, isPassed, elapsedMs, output }) => {
  console.log(`${isPassed ? 'passed' : 'FAILED'}: ${name}  ${(elapsedMs / 1000).toFixed(1)} s`);
  if (!isPassed) console.log(output);
});
if (results.some(({ isPassed }) => !isPassed)) process.exitCode = 1;
