import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, runNode, type Ended } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';

/** How TypeScript finds packages, and the compiler options for it. */
export const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  node16: { module: 'node16' },
  bundler: { module: 'preserve', moduleResolution: 'bundler' },
  /** What `module: commonjs` means without more, as in many a NestJS app. */
  node10: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
} as const;

/** The name of a way to find packages. */
export type Resolution = keyof typeof RESOLUTIONS;

/** Which files TypeScript takes as CommonJS and as ES modules. */
const SOURCE_FILES: Readonly<Record<Resolution, readonly string[]>> = {
  nodenext: ['app.cts', 'app.mts'],
  node16: ['app.cts', 'app.mts'],
  bundler: ['app.ts'],
  node10: ['app.ts'],
};

/** A project of somebody who uses the package. */
export interface Consumer {
  readonly folder: string;
  /** Runs JavaScript there: `main.mjs`, `main.cjs`. */
  run(file: string, code: string): Promise<Ended>;
  /** The compiler's complaints about this code, one a line. */
  compile(code: string, resolution: Resolution): Promise<string[]>;
}

/** A project without dependencies, but with the types of Node.js. */
export async function createConsumer(): Promise<Consumer> {
  const folder = await makeDirectory('consumer');
  await writeFile(join(folder, 'package.json'), '{ "name": "web-app", "private": true }');
  return {
    folder,
    async run(file, code) {
      await writeFile(join(folder, file), code);
      return await runNode([file], { cwd: folder });
    },
    async compile(code, resolution) {
      const files = SOURCE_FILES[resolution];
      for (const file of files) await writeFile(join(folder, file), code);
      const compilerOptions = {
        ...RESOLUTIONS[resolution],
        strict: true,
        noEmit: true,
        target: 'es2022',
        lib: ['es2023'],
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules', '@types')],
        skipLibCheck: true,
      };
      const config = `tsconfig.${resolution}.json`;
      await writeFile(join(folder, config), JSON.stringify({ compilerOptions, files }));
      const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      const { exitCode, stdout } = await runNode([tsc, '-p', config, '--pretty', 'false'], { cwd: folder });
      const complaints = stdout.split('\n').filter((line) => /error TS\d+:/.test(line));
      return exitCode !== 0 && complaints.length === 0 ? [stdout] : complaints;
    },
  };
}

/** The same, which has this folder as `durable-sms`. */
export async function createLinkedConsumer(packageFolder: string): Promise<Consumer> {
  const consumer = await createConsumer();
  await mkdir(join(consumer.folder, 'node_modules'));
  await symlink(packageFolder, join(consumer.folder, 'node_modules', 'durable-sms'), 'dir');
  return consumer;
}
