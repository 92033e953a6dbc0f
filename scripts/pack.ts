import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { packPackage } from './pack/pack-package.js';
import { PACKAGES } from './pack/packages.js';

/**
 * Builds, and makes the tarballs of both packages in `packed/`. Publishes nothing.
 */
const HELP = `Usage: npm run pack -- [--scope @NAME] [--registry URL]

--scope     names the packages @NAME/durable-sms and @NAME/durable-sms-worker
--registry  the registry that npm publish sends them to; without it, npm publish refuses them`;

const root = fileURLToPath(new URL('..', import.meta.url));
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    console.error(`${options}\n${HELP}`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  await execa(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: root, stdio: 'inherit' });
  const target = fileURLToPath(new URL('../packed', import.meta.url));
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  for (const source of PACKAGES) {
    const { path, files, bytes } = await packPackage(source, { root, target, publishing: options });
    console.log(`${path}: ${files.length} files, ${Math.ceil(bytes / 1024)} KiB`);
  }
  return 0;
}

/** What was requested; a sentence for a wrong command line. */
function readOptions(
  args: readonly string[],
): { scope?: string | undefined; registry?: string | undefined; help: boolean } | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        scope: { type: 'string' },
        registry: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const { scope, registry, help } = values;
    if (scope !== undefined && !/^@[a-z0-9][a-z0-9._-]*$/.test(scope)) return '--scope must be like @acme.';
    if (registry !== undefined && !(registry.startsWith('http') && URL.canParse(registry)))
      return '--registry must be an http or https URL.';
    return { scope, registry, help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
