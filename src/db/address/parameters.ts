/**
 * What concerns the pool, the prepared statements or the time-outs of another library, or TCP and
 * Kerberos in ways that change nothing of where the data go and how they are protected: our own
 * pool has its own settings. Of Prisma, libpq, pgx, node-postgres, JDBC, SQLAlchemy, Rails and
 * Supabase, in this order.
 */
const IGNORED = words(`
  pool_timeout socket_timeout statement_cache_size pgbouncer single_use_connections
  max_connection_lifetime max_idle_connection_lifetime
  keepalives_interval keepalives_count tcp_user_timeout sslcompression krbsrvname gsslib gssdelegation
  max_protocol_version
  pool_max_conns pool_min_conns pool_min_idle_conns pool_health_check_period pool_max_conn_lifetime
  pool_max_conn_lifetime_jitter pool_max_conn_idle_time default_query_exec_mode statement_cache_capacity
  statement_cache_mode description_cache_capacity binary_parameters prefer_simple_protocol
  max idle_timeout max_lifetime prepare query_timeout uselibpqcompat
  statement_timeout lock_timeout idle_in_transaction_session_timeout
  prepareThreshold preparedStatementCacheQueries preparedStatementCacheSizeMiB socketTimeout loginTimeout
  tcpKeepAlive reWriteBatchedInserts ApplicationName
  prepared_statement_cache_size pool pool_size checkout_timeout reaping_frequency prepared_statements
  advisory_locks encoding
  supa workaround`);

/** What is known, does not work here, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  passfile: 'is not supported: put the password into DATABASE_URL',
  service: 'is not supported: put host and database into DATABASE_URL',
  servicefile: 'is not supported: put host and database into DATABASE_URL',
  require_auth: 'is not supported: remove it, and set sslmode=verify-full',
  requirepeer: 'is not supported: remove it',
  replication: 'is for replication connections: remove it',
  min_protocol_version: 'is not supported: remove it',
  sslcrldir: 'is not supported: use sslcrl with a single file',
  sslidentity: 'is not supported: use sslcert and sslkey with PEM files',
  sslkeylogfile: 'would write TLS keys to a file: remove it',
  sslfactory: 'is a JDBC parameter: use sslmode to choose what is verified',
  sslrootcertdir: 'is not supported: use sslrootcert with a single file',
};

/** What is read; each is dealt with where it belongs. */
const READ = words(`
  connection_limit host hostaddr port user password dbname connect_timeout client_encoding options application_name
  fallback_application_name keepalives keepalives_idle target_session_attrs load_balance_hosts
  schema search_path currentSchema schema_search_path gssencmode channel_binding ssl sslmode sslnegotiation
  sslrootcert sslcert sslkey sslpassword sslcertmode sslcrl sslsni sslaccept
  ssl_min_protocol_version ssl_max_protocol_version`);

/** What is wrong with a parameter as such; undefined for one that is read or ignored. */
export function problemOfParameter(name: string): string | undefined {
  if (READ.has(name) || IGNORED.has(name)) return undefined;
  return Object.hasOwn(REFUSED, name) ? REFUSED[name] : 'is unknown: remove it';
}

/** Reads parameters, and collects what is wrong with them. */
export interface ParameterReader {
  readonly problems: string[];
  /** The value; undefined if there is none, or an empty one. */
  text(name: string): string | undefined;
  /** One of these values, or undefined after noting the problem. */
  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined;
  /** A whole number, of `unit`. */
  whole(name: string, unit: string): number | undefined;
  refuse(name: string, problem: string): void;
}

/** A reader over the parameters of an address. */
export function createParameterReader(parameters: ReadonlyMap<string, string>): ParameterReader {
  const problems: string[] = [];
  const refuse = (name: string, problem: string) => void problems.push(`the parameter ${name} ${problem}`);
  const text = (name: string) => {
    const value = parameters.get(name);
    return value === '' ? undefined : value;
  };
  return {
    problems,
    text,
    refuse,
    oneOf(name, values) {
      const value = text(name);
      const known = values.find((one) => one === value);
      if (value !== undefined && known === undefined) refuse(name, `must be one of ${values.join(', ')}`);
      return known;
    },
    whole(name, unit) {
      const value = text(name);
      if (value === undefined || /^-?\d{1,9}$/.test(value))
        return value === undefined ? value : Number(value);
      refuse(name, `must be a whole number of ${unit}`);
      return undefined;
    },
  };
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
