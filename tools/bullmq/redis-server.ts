import { Redis } from 'ioredis';
import { startGuarded, type GuardedProcess } from '../servers/guarded-process.js';
import { childEnvironment } from '../servers/isolated-environment.js';
import type { ProcessGuard } from '../servers/process-guard.js';
import { HopelessError, waitUntil } from '../servers/wait-until.js';
import { MissingServerError } from '../servers/missing-server-error.js';
import type { Restartable } from '../chaos/system.js';

/** A Redis server of our own. */
export interface RedisServer extends Restartable {
  /** The id of its process, while it runs. */
  readonly pid: () => number;
}

/**
 * Starts a Redis server with an append-only file; as most are run for queues, it is flushed every
 * second, unless said otherwise.
 */
export async function startRedisServer(options: {
  guard: ProcessGuard;
  /** Where its data are; the caller removes it. */
  directory: string;
  port: number;
  /** With `always`, no write is answered before it is on the disk. */
  appendfsync?: 'always' | 'everysec';
}): Promise<RedisServer> {
  const { guard, directory, port, appendfsync = 'everysec' } = options;
  let server: GuardedProcess | undefined;

  async function start(): Promise<void> {
    const started = await startGuarded({
      guard,
      command: 'redis-server',
      args: [
        '--bind',
        '127.0.0.1',
        '--port',
        String(port),
        '--dir',
        directory,
        '--appendonly',
        'yes',
        '--appendfsync',
        appendfsync,
        '--save',
        '',
      ],
      env: childEnvironment(),
      cwd: directory,
    }).catch((cause: unknown) => {
      throw new MissingServerError(
        'redis-server is not on the PATH: install it (apt-get install redis-server, brew install redis). BullMQ requires it.',
        { cause },
      );
    });
    server = started;
    try {
      await waitUntil('Redis to answer', () => {
        if (started.child.exitCode !== null) {
          throw new HopelessError(`Redis exited immediately:\n${started.output()}`);
        }
        return isReady(port);
      });
    } catch (error) {
      await started.stop('SIGKILL');
      throw error;
    }
  }

  await start();
  return {
    pid: () => server?.pid ?? 0,
    async stop() {
      await server?.stop('SIGTERM');
    },
    async kill() {
      await server?.stop('SIGKILL');
    },
    start,
  };
}

/** Whether it answers, and has read its file. */
async function isReady(port: number): Promise<boolean> {
  const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    return true;
  } finally {
    redis.disconnect();
  }
}
