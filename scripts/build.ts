import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { execa } from 'execa';
import ts from 'typescript';
import type * as workflowSource from '../src/worker/workflow-source.js';

/** Compiles `src` to `dist` and bundles the workflow code, so that a worker starts without doing it. */
const root = fileURLToPath(new URL('..', import.meta.url));
await rm(`${root}dist`, { recursive: true, force: true });
await execa('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, preferLocal: true, stdio: 'inherit' });
await chmod(`${root}dist/cli.js`, 0o755);

// The SDK loads the converters with require, which takes no ES module before Node 20.19.
for (const name of ['payload-converter', 'failure-converter']) {
  const source = await readFile(`${root}src/data-converter/${name}.ts`, 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  await writeFile(`${root}dist/data-converter/${name}.cjs`, outputText);
}

const compiled = (await import(`${root}dist/worker/workflow-source.js`)) as Pick<
  typeof workflowSource,
  'modulesOfTheBuild'
>;
const { code } = await bundleWorkflowCode({
  workflowsPath: `${root}dist/workflows/index.js`,
  preloadModules: compiled.modulesOfTheBuild(),
  workflowInterceptorModules: [`${root}dist/workflows/pass-trace.js`],
  payloadConverterPath: `${root}dist/data-converter/payload-converter.cjs`,
  failureConverterPath: `${root}dist/data-converter/failure-converter.cjs`,
  logger: quietLogger(),
});
await writeFile(`${root}dist/workflow-bundle.js`, code);
console.log(`Built dist/, with a workflow bundle of ${Math.round(code.length / 1024)} KiB.`);

function quietLogger() {
  const quiet = () => undefined;
  const loud = (message: string) => {
    console.error(message);
  };
  return { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: loud, error: loud };
}
