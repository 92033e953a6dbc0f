import { connect } from 'node:net';
import { execa } from 'execa';
import { readComposeFile, readRepositoryFile } from '../deploy/compose-file.js';
import { parseDockerfile } from '../deploy/parse-dockerfile.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { ROOT } from '../support/run-node.js';

/**
 * The environment of `docker`: which engine, and nothing that Compose would read in place of an
 * `.env` file.
 */
function dockerEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('DOCKER_') && value !== undefined ? [[name, value] as const] : [],
  );
  return childEnvironment(Object.fromEntries(own));
}

/** Runs a program of Docker from the repository; throws what it wrote if it fails. */
export async function run(command: string, args: readonly string[], input?: string): Promise<string> {
  const options = { cwd: ROOT, env: dockerEnvironment(), extendEnv: false, all: true, input: input ?? '' };
  return (await execa(command, args, options)).stdout;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

/** The first words of each command of Compose on this machine; undefined if there is no Compose. */
export async function findCompose(): Promise<readonly [string, ...string[]] | undefined> {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose'];
  if (await succeeds('docker-compose', ['version'])) return ['docker-compose'];
  return undefined;
}

/** Why the stack cannot be run here, in a sentence; undefined if it can. */
export async function findObstacle(): Promise<string | undefined> {
  if (!(await succeeds('docker', ['info'])))
    return 'no Docker engine answers (DOCKER_HOST names another one).';
  if ((await findCompose()) === undefined) return 'there is no Docker Compose.';
  const missing: string[] = [];
  for (const image of imagesOfTheStack()) {
    if (!(await succeeds('docker', ['image', 'inspect', image]))) missing.push(image);
  }
  if (missing.length > 0) return `the engine lacks images; get them with docker pull: ${missing.join(' ')}`;
  for (const port of portsOfTheStack()) {
    if (await isInUse(port)) return `port ${port} is in use, maybe by a stack that is up.`;
  }
  return undefined;
}

/** The images that the Compose file and the Dockerfile name and do not build. */
function imagesOfTheStack(): string[] {
  const services = Object.values(readComposeFile().services);
  const stages = parseDockerfile(readRepositoryFile('Dockerfile'));
  const own = stages.map(({ name }) => name);
  const bases = stages.map(({ from }) => from).filter((from) => !own.includes(from));
  return [...new Set([...services.flatMap(({ image }) => image ?? []), ...bases])];
}

function portsOfTheStack(): number[] {
  const services = Object.values(readComposeFile().services);
  return services.flatMap(({ ports }) => ports ?? []).map((port) => Number(port.split(':')[1]));
}

function isInUse(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => {
      resolve(false);
    });
  });
}
