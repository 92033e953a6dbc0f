import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// npm runs this after `npm ci`, and when it installs the package from a git URL. It is JavaScript,
// as an install without the development dependencies has nothing that compiles.
const { resolve } = createRequire(import.meta.url);
const needed = ['tsx', 'typescript', 'execa'];
const missing = needed.filter((name) => {
  try {
    resolve(`${name}/package.json`);
    return false;
  } catch (error) {
    return error.code === 'MODULE_NOT_FOUND';
  }
});

if (missing.length > 0) {
  const worker = new URL('../dist/worker.js', import.meta.url);
  console.log(
    existsSync(worker)
      ? 'durable-sms: dist/ stays as it was built, as the development dependencies are not installed.'
      : 'durable-sms: dist/ is not built, as the development dependencies are not installed. Run `npm ci` before `npm ci --omit=dev`, or install a tarball of `npm run pack`.',
  );
} else {
  const build = fileURLToPath(new URL('build.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', build], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
