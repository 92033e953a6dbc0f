import type { Environment } from '../../src/config.js';

/** What programs need to run at all; it says nothing about whom they talk to. */
const HARMLESS =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|LANG|LC_.*|TMPDIR|TEMP|TMP|TZ|XDG_CACHE_HOME|NO_COLOR|FORCE_COLOR|CI|NODE_V8_COVERAGE)$/i;

/** What tools that download and build need besides; only they get it. */
const FOR_TOOLS = /^(?:GO.*|CGO_.*|JAVA_.*|MAVEN_.*|M2_.*|https?_proxy|no_proxy|SSL_CERT_.*|GIT_.*)$/i;

/** The environment as it was when the process began. */
const original: Environment = { ...process.env };

/**
 * Takes everything out of this process's environment that could point one of its parts at something
 * else: databases, Temporal servers, proxies. Called first thing by demo, dev and tests.
 */
export function isolateEnvironment(
  /** What stays besides: variables that no part reads. */
  kept?: RegExp,
): void {
  for (const name of Object.keys(process.env)) {
    // Deleting is the only way: assigning undefined would store the text "undefined".
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    if (!HARMLESS.test(name) && kept?.test(name) !== true) delete process.env[name];
  }
}

/** A child's whole environment: what is harmless, and what it is given. */
export function childEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return { ...pick(HARMLESS), ...extra };
}

/** The environment of a tool that downloads and builds: Go, Maven. */
export function toolEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return { ...pick(HARMLESS), ...pick(FOR_TOOLS), ...extra };
}

function pick(pattern: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(original).filter(
      (entry): entry is [string, string] => pattern.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
