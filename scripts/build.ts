import { chmod, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { execa } from 'execa';
import ts from 'typescript';
import type * as workflowSource from '../src/worker/workflow-source.js';
import { buildClient } from './build/build-client.js';

/**
 * Compiles `src` to `dist`, the client also as CommonJS to `dist/commonjs`, and bundles the
 * workflow code, so that a worker starts without doing it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
await rm(`${root}dist`, { recursive: true, force: true });
// The maps hold the sources, which a tarball does not have beside them.
await execa('tsc', ['-p', 'tsconfig.build.json', '--inlineSources'], {
  cwd: root,
  preferLocal: true,
  stdio: 'inherit',
});
for (const name of ['cli', 'worker', 'codec-server']) await chmod(`${root}dist/${name}.js`, 0o755);
await cp(`${root}src/db/migrations`, `${root}dist/db/migrations`, { recursive: true });
await buildClient(root);

// The SDK loads the converters with require: as CommonJS, on any Node.js, without a warning.
for (const name of ['payload-converter', 'failure-converter']) {
  const source = await readFile(`${root}src/encryption/${name}.ts`, 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  await writeFile(`${root}dist/encryption/${name}.cjs`, outputText);
}

const compiled = (await import(`${root}dist/worker/workflow-source.js`)) as Pick<
  typeof workflowSource,
  'modulesOfTheBuild' | 'BUNDLES'
>;
const { encodedFailures, readableFailures } = compiled.BUNDLES;
// The sandbox cannot see whether payloads are encrypted: the worker takes the bundle that fits.
await bundle(readableFailures, {});
const sizeKib = await bundle(encodedFailures, {
  failureConverterPath: `${root}dist/encryption/failure-converter.cjs`,
});
console.log(`Built dist/, with workflow bundles of ${sizeKib} KiB.`);

async function bundle(name: string, options: { failureConverterPath?: string }): Promise<number> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: `${root}dist/workflows/index.js`,
    preloadModules: compiled.modulesOfTheBuild(),
    workflowInterceptorModules: [`${root}dist/workflows/pass-trace.js`],
    payloadConverterPath: `${root}dist/encryption/payload-converter.cjs`,
    ...options,
    logger: quietLogger(),
  });
  await writeFile(`${root}dist/${name}`, code);
  return Math.round(code.length / 1024);
}

function quietLogger() {
  const quiet = () => undefined;
  const loud = (message: string) => {
    console.error(message);
  };
  return { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: loud, error: loud };
}
