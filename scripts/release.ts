import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { nextVersion, tagOf } from './release/next-version.js';
import { releaseChangelog } from './release/release-changelog.js';
import { ReleaseError } from './release/release-error.js';

/**
 * Releases the package in the working directory: sets the version, moves the changelog's section
 * Unreleased under it, makes the tarballs, commits and tags. Pushes and publishes nothing. Exit
 * codes: 0 released, 1 not, 2 wrong command line.
 */
const HELP = `Usage: npm run release -- VERSION [--dry-run]

VERSION is major, minor, patch, or three numbers such as 1.2.3; the current version, if it is not tagged yet.
--dry-run says what would be done, and writes nothing.`;

/** What a release changes, and what is put back when it fails before the commit. */
const FILES = ['CHANGELOG.md', 'package.json', 'package-lock.json'];

interface Release {
  readonly version: string;
  readonly changelog: string;
  readonly notes: string;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  if (options.wanted === undefined) {
    console.log(HELP);
    return 0;
  }
  try {
    const release = await prepare(options.wanted);
    console.log(`${tagOf(release.version)}\n\n${release.notes}\n`);
    if (options.isDryRun) {
      console.log(`Would change ${FILES.join(', ')}, pack, commit and tag. Nothing was written.`);
      return 0;
    }
    await carryOut(release);
    return 0;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(`Not released. ${error.message}`);
    return 1;
  }
}

/** What was requested: no version for help, undefined for a wrong command line. */
function readOptions(args: readonly string[]): { wanted?: string; isDryRun: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    if (values.help) return { isDryRun: true };
    const [wanted, ...others] = positionals;
    if (wanted !== undefined && others.length === 0) return { wanted, isDryRun: values['dry-run'] };
    console.error(wanted === undefined ? 'Pass the version to release.' : 'Pass one version only.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  console.error(HELP);
  return undefined;
}

/** Checks all that can be wrong before anything is written. */
async function prepare(wanted: string): Promise<Release> {
  const changed = await git('status', '--porcelain');
  if (changed !== '') {
    throw new ReleaseError(`The working tree is not clean. Commit or remove these first:\n${changed}`);
  }
  const { version: current } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const version = nextVersion(current, wanted, (await git('tag', '--list')).split('\n'));
  const date = new Date().toISOString().slice(0, 10);
  const { text, notes } = releaseChangelog(await readFile('CHANGELOG.md', 'utf8'), { version, date });
  return { version, changelog: text, notes };
}

/** The tarball comes before commit and tag, so that a build that fails leaves neither. */
async function carryOut({ version, changelog, notes }: Release): Promise<void> {
  try {
    await writeFile('CHANGELOG.md', changelog);
    await run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
    await run('npm', 'run', 'pack');
    await git('commit', '--quiet', '--message', `Release ${version}`, '--', ...FILES);
  } catch (error) {
    await git('checkout', '--', ...FILES);
    throw error;
  }
  await git(
    'tag',
    '--annotate',
    tagOf(version),
    '--cleanup',
    'verbatim',
    '--message',
    `${tagOf(version)}\n\n${notes}`,
  );
  console.log(`Released ${version}. Next: git push --follow-tags`);
}

/** What git prints. */
async function git(...args: string[]): Promise<string> {
  return run('git', ...args);
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, failed, shortMessage } = await execa(command, args, { reject: false });
  if (failed) throw new ReleaseError(`${shortMessage ?? command}\n${stderr}`.trim());
  return stdout;
}
