import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A path in the repository. */
export function inRepository(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

/** The text of a file in the repository. */
export function readRepositoryFile(path: string): string {
  return readFileSync(inRepository(path), 'utf8');
}

/** The parts of a Compose service that the tests look at. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly target?: string };
  readonly environment?: Record<string, string | null>;
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly timeout?: string };
  readonly logging?: unknown;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly network_mode?: string;
  readonly extra_hosts?: readonly string[];
  readonly networks?: readonly string[];
}

/** The Compose file, with its merge keys applied. */
export interface ComposeFile {
  readonly services: Record<string, ComposeService>;
  readonly networks: Record<string, unknown>;
  readonly volumes: Record<string, unknown>;
}

/** Reads `docker-compose.temporal.yml` as Compose does, without filling in variables. */
export function readComposeFile(): ComposeFile {
  return parse(readRepositoryFile('docker-compose.temporal.yml'), { merge: true }) as ComposeFile;
}
