import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig, type ExtractorMessage } from '@microsoft/api-extractor';
import { execa } from 'execa';

/**
 * Writes the reports of the public API, one for each entry point of the package: `api-report.ts`.
 * With `--check` it writes nothing, and fails where a report is not what the sources say.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, 'api');
// Not below node_modules: what lies there counts as somebody else's API.
const work = await mkdtemp(join(tmpdir(), 'durable-sms-api-'));
const declarations = join(work, 'dist');

interface EntryPoint {
  /** Of the report, and of the package's path: `durable-sms-errors`. */
  readonly name: string;
  /** In `src`, without its ending. */
  readonly module: string;
}

const isCheck = process.argv.includes('--check');
try {
  const entries = await readEntryPoints();
  await emitDeclarations(entries);
  const problems = await findProblems(entries);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  await rm(work, { recursive: true });
}

/** What package.json exports. */
async function readEntryPoints(): Promise<EntryPoint[]> {
  const { name, exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string | { types: string }>;
  };
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            name: [name, ...path.split('/').slice(1)].join('-'),
            module: target.types.replace(/^\.\/dist\/commonjs\/|\.d\.ts$/g, ''),
          },
        ],
  );
}

/** Emits declarations and checks no types, which is the business of another check. */
async function emitDeclarations(entries: readonly EntryPoint[]): Promise<void> {
  // As in the package: its dependencies, and that its modules are ES modules.
  for (const name of ['node_modules', 'package.json']) await symlink(join(root, name), join(work, name));
  const config = join(work, 'tsconfig.json');
  await writeFile(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.build.json'),
      compilerOptions: {
        outDir: declarations,
        rootDir: join(root, 'src'),
        emitDeclarationOnly: true,
        noCheck: true,
        sourceMap: false,
        typeRoots: [join(root, 'node_modules', '@types')],
      },
      include: [],
      files: entries.map(({ module }) => join(root, 'src', `${module}.ts`)),
    }),
  );
  await execa('tsc', ['-p', config], { cwd: root, preferLocal: true, stdio: 'inherit' });
}

async function findProblems(entries: readonly EntryPoint[]): Promise<string[]> {
  const [first, ...others] = entries.map(configOf);
  if (first === undefined) return [];
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
  });
  const problems: string[] = [];
  for (const entry of entries) {
    const { apiReportChanged } = Extractor.invoke(configOf(entry), {
      localBuild: false,
      compilerState,
      messageCallback(message) {
        if (isProblem(message)) problems.push(message.formatMessageWithLocation(root));
        message.handled = true;
      },
    });
    const report = await readFile(join(work, fileOf(entry)), 'utf8');
    if (report.includes('(undocumented)')) {
      problems.push(
        `Each part of the public API needs a docstring; these have none:\n${undocumentedIn(report).join('\n')}`,
      );
    }
    if (!isCheck) await write(entry, report);
    else if (apiReportChanged)
      problems.push(
        `The public API is not what api/${fileOf(entry)} says: run \`npm run api\`, and commit the report if you mean the change.`,
      );
  }
  return problems;
}

/** The lines that follow the mark. */
function undocumentedIn(report: string): string[] {
  const lines = report.split('\n');
  return lines.filter((_line, index) => lines[index - 1]?.includes('(undocumented)') === true);
}

async function write(entry: EntryPoint, report: string): Promise<void> {
  await mkdir(reports, { recursive: true });
  await writeFile(join(reports, fileOf(entry)), report);
  console.log(`wrote api/${fileOf(entry)}`);
}

/** An export that leads to a type that is not exported. */
function isProblem({ messageId }: ExtractorMessage): boolean {
  return messageId === 'ae-forgotten-export';
}

function fileOf({ name }: EntryPoint): string {
  return `${name}.api.md`;
}

function configOf(entry: EntryPoint): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: join(work, 'api-extractor.json'),
    packageJsonFullPath: join(work, 'package.json'),
    configObject: {
      projectFolder: work,
      mainEntryPointFilePath: join(declarations, `${entry.module}.d.ts`),
      compiler: { tsconfigFilePath: join(work, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: fileOf(entry),
        reportFolder: reports,
        reportTempFolder: work,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'warning' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    } as never,
  });
}
