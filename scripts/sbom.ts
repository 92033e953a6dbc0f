import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * Writes `sbom.cdx.json`, or the file that is named: every package that the lockfile installs in
 * production, on any platform, as CycloneDX of npm's own making.
 */
interface Bom {
  readonly metadata: { readonly component: { name: string; readonly 'bom-ref': string } };
  components: (Package & {
    readonly 'bom-ref': string;
    externalReferences?: { readonly type: string }[];
  })[];
  dependencies: { readonly ref: string; dependsOn: string[] }[];
}
interface Package {
  readonly name: string;
  readonly version: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? `${root}sbom.cdx.json`;

const [bom, production, name] = await Promise.all([readBom(), readProduction(), readName()]);
keepProduction(bom, production);
takeOutPlaces(bom, name);
await writeFile(target, `${JSON.stringify(bom, undefined, 2)}\n`);
console.log(`Wrote ${target}: ${bom.components.length} packages.`);

async function readBom(): Promise<Bom> {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const { stdout } = await execa('npm', args, { cwd: root });
  return JSON.parse(stdout) as Bom;
}

/** `name@version` of what is not for development only. */
async function readProduction(): Promise<ReadonlySet<string>> {
  const { packages } = JSON.parse(await readFile(`${root}package-lock.json`, 'utf8')) as {
    packages: Record<string, { readonly version: string; readonly dev?: boolean }>;
  };
  const kept = Object.entries(packages).filter(([location, { dev }]) => location !== '' && dev !== true);
  return new Set(kept.map(([location, { version }]) => identityOf({ name: nameAt(location), version })));
}

async function readName(): Promise<string> {
  return (JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { name: string }).name;
}

/**
 * npm's `--omit=dev` would also leave out what production and development share, such as @temporalio/worker
 * (npm 11.19).
 */
function keepProduction(bom: Bom, production: ReadonlySet<string>): void {
  bom.components = bom.components.filter((component) => production.has(identityOf(component)));
  const refs = new Set([
    bom.metadata.component['bom-ref'],
    ...bom.components.map((component) => component['bom-ref']),
  ]);
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
}

/**
 * npm names the project for its directory, and notes where each package was downloaded, which may
 * be a mirror.
 */
function takeOutPlaces(bom: Bom, projectName: string): void {
  bom.metadata.component.name = projectName;
  for (const component of bom.components) {
    component.externalReferences =
      component.externalReferences?.filter(({ type }) => type !== 'distribution') ?? [];
  }
}

function identityOf({ name: packageName, version }: Package): string {
  return `${packageName}@${version}`;
}

function nameAt(location: string): string {
  return location.replace(/^.*node_modules\//, '');
}
