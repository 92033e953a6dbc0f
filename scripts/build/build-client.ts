import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { reachableFiles } from './reachable-files.js';

/**
 * Compiles what web apps load to `dist/commonjs`: the files of `tsconfig.client.json` and what they
 * reach, and nothing that is there for its types only. It is CommonJS, which every supported
 * Node.js takes from `require` and `import`.
 */
export async function buildClient(root: string): Promise<void> {
  const target = join(root, 'dist', 'commonjs');
  // Within dist, so that it can be renamed.
  const compiled = await mkdtemp(join(root, 'dist', 'commonjs-'));
  try {
    // The types were checked by the compilation of all sources.
    await execa('tsc', ['-p', 'tsconfig.client.json', '--noCheck', '--outDir', compiled], {
      cwd: root,
      preferLocal: true,
      stdio: 'inherit',
    });
    const { files } = JSON.parse(await readFile(join(root, 'tsconfig.client.json'), 'utf8')) as {
      files: string[];
    };
    const entries = files.map((file) => join(compiled, file.replace(/^src\/|\.ts$/g, '')));
    await rm(target, { recursive: true, force: true });
    for (const ending of ['.js', '.d.ts'] as const) {
      for (const file of reachableFiles(entries, ending).files) {
        const place = join(target, relative(compiled, file));
        await mkdir(dirname(place), { recursive: true });
        await rename(file, place);
      }
    }
    await writeFile(join(target, 'package.json'), '{ "type": "commonjs" }\n');
  } finally {
    await rm(compiled, { recursive: true, force: true });
  }
}
