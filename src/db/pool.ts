import postgres from 'postgres';
import { omitUndefined } from '../domain/omit-undefined.js';
import type { DatabaseAddress, SessionAttributes } from './address/read-address.js';
import { DRIVER_OPTIONS } from './driver-options.js';
import { toLiteral } from './literal.js';
import { createPacedSocket } from './paced-socket.js';

/** What a statement may be given apart from its text. */
export type Parameter = string | number | null;

/** Connections to one database. */
export interface Pool {
  /**
   * Runs a statement that has rows (a change by RETURNING), with the settings before it, as one
   * transaction and one round trip.
   *
   * @throws whatever the driver throws, or a WrongServerError
   */
  run(statement: string): Promise<readonly postgres.Row[]>;
  /**
   * Sends statements as they are, without the settings: what a transaction goes on with that `run`
   * began. One statement may have parameters, which PostgreSQL's log of errors does not show.
   *
   * @throws whatever the driver throws
   */
  send(statements: string, parameters?: readonly Parameter[]): Promise<void>;
  /**
   * Runs one statement with parameters, in a transaction of its own, without the settings; answers
   * its rows. PostgreSQL's log of errors shows the text, and not the parameters.
   *
   * @throws whatever the driver throws, or a WrongServerError
   */
  query(statement: string, parameters: readonly Parameter[]): Promise<readonly postgres.Row[]>;
  /** Closes the connections; statements in flight get this many seconds to finish. */
  readonly close: (timeoutS: number) => Promise<void>;
}

/** No server that can be reached is of the kind that `target_session_attrs` asks for. */
class WrongServerError extends Error {
  override readonly name = 'WrongServerError';
  readonly code = 'WRONG_SERVER';
}

const STATE = `SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('default_transaction_read_only') AS read_only`;

interface ServerState {
  readonly standby: boolean;
  readonly read_only: string;
}

/**
 * Opens connections lazily.
 *
 * Nothing is set for a session: a pooler refuses start-up parameters (PgBouncer,
 * `ignore_startup_parameters`) or ignores them, and hands a session's settings to others. What a
 * statement needs is set in its own transaction.
 */
export function openPool(
  address: DatabaseAddress,
  options: {
    /** How many connections at most; the address may say less. */
    max: number;
    /** Milliseconds to open a connection; the address may say less. */
    connectMs: number;
    /** Milliseconds until an idle connection is closed. */
    idleMs?: number;
    applicationName: string;
    /** SET statements, at least one, that hold for each transaction. */
    settings: readonly [string, ...string[]];
  },
): Pool {
  const socket = createPacedSocket(
    address,
    Math.min(options.connectMs, address.connectTimeoutMs ?? Infinity),
  );
  const open = () => withoutItsVariable(() => postgres(driverOptions(address, options, socket)));
  let sql = open();
  const path =
    address.searchPath === undefined
      ? []
      : [`SELECT pg_catalog.set_config('search_path', ${toLiteral(address.searchPath)}, true)`];

  /**
   * Goes on to the next host with connections of its own, unless another query has; false if all
   * hosts were tried.
   */
  function moveOn(used: postgres.Sql): boolean {
    if (used !== sql) return true;
    const more = socket.nextHost();
    sql = open();
    void used.end({ timeout: 0 }).catch(() => undefined);
    return more;
  }

  async function runOn(attributes: SessionAttributes, statement: string) {
    const state = attributes === 'any' ? [] : [STATE];
    // The settings first: a transaction's isolation cannot be chosen after a query.
    const text = [...options.settings, ...path, ...state, statement].join('; ');
    for (;;) {
      const used = sql;
      const results = await resultsAt(used, attributes, text);
      const right = results !== undefined;
      const more = right || moveOn(used);
      if (right || !more) socket.reconcile();
      if (right) return results.at(-1) ?? [];
      if (!more) throw new WrongServerError(attributes);
    }
  }

  async function run(statement: string) {
    const wanted = address.sessionAttributes;
    if (wanted !== 'prefer-standby') return runOn(wanted, statement);
    try {
      return await runOn('standby', statement);
    } catch (error) {
      if (!(error instanceof WrongServerError)) throw error;
      return runOn('any', statement);
    }
  }

  return {
    run,
    async query(statement, parameters) {
      // The message has no room for a look at the server: one before it moves on to the right host.
      if (address.sessionAttributes !== 'any') await run('SELECT 1');
      return await sql.unsafe(statement, [...parameters]);
    },
    async send(statements, parameters = []) {
      await sql.unsafe(statements, [...parameters]);
    },
    async close(timeoutS) {
      await sql.end({ timeout: timeoutS });
      socket.destroyAll();
    },
  };
}

/**
 * A list of results, as there is more than one statement: those that have rows, and what a SET
 * comes to. Undefined where the server is not of the kind that is asked for.
 */
async function resultsAt(
  used: postgres.Sql,
  attributes: SessionAttributes,
  text: string,
): Promise<readonly postgres.Row[][] | undefined> {
  try {
    const results = (await used.unsafe(text)) as unknown as readonly postgres.Row[][];
    if (attributes === 'any') return results;
    return suits(attributes, results.at(-2)?.[0] as ServerState) ? results : undefined;
  } catch (error) {
    // A standby refuses the settings of a transaction that writes.
    if (attributes !== 'any' && isReadOnly(error)) return undefined;
    throw error;
  }
}

/** SQLSTATE: read_only_sql_transaction, and READ WRITE during recovery: feature_not_supported. */
function isReadOnly(error: unknown): boolean {
  return error instanceof postgres.PostgresError && ['25006', '0A000'].includes(error.code);
}

function suits(attributes: SessionAttributes, { standby, read_only: readOnly }: ServerState): boolean {
  const writable = !standby && readOnly === 'off';
  const kinds: Record<SessionAttributes, boolean> = {
    any: true,
    'read-write': writable,
    'read-only': !writable,
    primary: !standby,
    standby,
    'prefer-standby': true,
  };
  return kinds[attributes];
}

/** Everything is said here: what is left out, the driver would take from PG… variables. */
function driverOptions(
  address: DatabaseAddress,
  options: { max: number; connectMs: number; idleMs?: number; applicationName: string },
  socket: () => Promise<unknown>,
) {
  return {
    ...DRIVER_OPTIONS,
    max: Math.min(options.max, address.maxConnections ?? Infinity),
    // The socket knows where to; the driver would go on to a second host by rules of its own.
    host: 'database',
    port: 5432,
    username: address.user,
    // A function, as an empty password would be taken from PGPASSWORD.
    password: () => address.password,
    database: address.database,
    socket,
    ssl: false,
    connect_timeout: options.connectMs / 1000,
    idle_timeout: options.idleMs === undefined ? 0 : options.idleMs / 1000,
    max_lifetime: 30 * 60,
    keep_alive: address.keepAliveS ?? 0,
    // The driver would wait longer from one failed connection to the next; here the retry policies
    // decide.
    backoff: false,
    // A pooler in transaction mode knows no prepared statements.
    prepare: false,
    connection: {
      application_name: address.applicationName ?? options.applicationName,
      ...omitUndefined({ options: address.options }),
    },
  } as const;
}

/**
 * The driver reads this variable whatever its options, and throws on a value that it does not know.
 */
function withoutItsVariable<T>(open: () => T): T {
  const { PGTARGETSESSIONATTRS: kept } = process.env;
  delete process.env['PGTARGETSESSIONATTRS'];
  try {
    return open();
  } finally {
    if (kept !== undefined) process.env['PGTARGETSESSIONATTRS'] = kept;
  }
}
