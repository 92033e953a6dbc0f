/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that this project and its libraries read; others are not touched. */
const OURS = /^(?:DATABASE_URL|(?:SMS|SMSMOBILEAPI|TEMPORAL|CODEC_SERVER|LOG|METRICS|HEALTH|OTEL)_\w+)$/;

/**
 * White space and invisible characters: byte order marks, zero-width characters, direction marks.
 */
const AROUND =
  /^[\s\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+|[\s\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+$/g;

/** Temporal's reader takes an empty one for "remove this header". */
const EMPTY_COUNTS = 'TEMPORAL_GRPC_META_';

/**
 * The environment without what files and shells leave around a value: line ends (a file with CRLF,
 * a secret with a last newline), spaces, byte order marks, a pair of quotes (`docker run
 * --env-file` keeps them), `export ` before a name. None of our variables can begin or end with any
 * of that. An empty variable counts as missing: compose files and shells pass those on.
 */
export function cleanEnvironment(env: Environment): Environment {
  const clean: Record<string, string | undefined> = {};
  for (const [written, value] of Object.entries(env)) {
    const name = written.replace(AROUND, '').replace(/^export\s+/, '');
    if (!OURS.test(name)) clean[written] = value;
    else if (value !== undefined && (name === written || env[name] === undefined)) {
      const text = cleanValue(value);
      if (text !== '' || name.startsWith(EMPTY_COUNTS)) clean[name] = text;
    }
  }
  return clean;
}

function cleanValue(value: string): string {
  const text = value.replace(AROUND, '');
  const [, , inner] = /^(["'])([^]*)\1$/.exec(text) ?? [];
  return inner === undefined ? text : inner.replace(AROUND, '');
}

/** What no value of one line can hold; undefined if all is well. Says nothing of the value. */
export function problemOfCharacters(value: string): string | undefined {
  if (/[\r\n]/.test(value))
    return 'contains a line break; check whether it includes the next variable or a second value';
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\x00-\x1F\x7F]/.test(value)) return 'contains a control character';
  if (/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/.test(value)) return 'contains an invisible character';
  if (/^["'`]|["'`]$/.test(value)) return 'has a quote at one end only: quote both ends or neither';
  return undefined;
}

/**
 * The problem if Node is set to trust any server that answers: API keys could go to anyone in
 * between.
 */
export function problemsOfTrust({ NODE_TLS_REJECT_UNAUTHORIZED: trust }: Environment): string[] {
  return trust === '0'
    ? [
        'NODE_TLS_REJECT_UNAUTHORIZED: must not be 0, which would send keys to any server that answers; to trust your own certificate authority, set NODE_EXTRA_CA_CERTS to its file',
      ]
    : [];
}
