import assert from 'node:assert/strict';
import { execa } from 'execa';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { readStored, type RekeyWorld } from '../db/rekey-world.js';
import { runSms } from '../support/cli-io.js';
import { ROOT, type Ended } from '../support/run-node.js';

/** What the command needs to rotate the keys of this world. */
function environmentOf(world: RekeyWorld): Record<string, string> {
  return {
    // Longer than any lock of these tests is held, on a machine of any speed.
    DATABASE_URL: `${world.url}?lock_timeout=60000`,
    SMS_API_KEY_ENCRYPTION_KEY: world.newKey,
    SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: world.oldKey,
  };
}

/** Runs `durable-sms accounts rekey` to its end, and asserts that it exposes nothing. */
export async function rekey(
  world: RekeyWorld,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const environment = { ...environmentOf(world), ...env };
  const ended = await runSms(['accounts', 'rekey', ...args], { env: environment });
  await assertTellsNothing(world, ended, env);
  return ended;
}

/** Starts it as it is installed, to be stopped in the middle; `dist` has to be there. */
export function beginRekey(world: RekeyWorld, args: readonly string[]) {
  return execa(process.execPath, ['dist/cli.js', 'accounts', 'rekey', ...args], {
    env: childEnvironment(environmentOf(world)),
    extendEnv: false,
    cwd: ROOT,
    reject: false,
  });
}

/** No key of any kind, nothing stored, no password. */
export async function assertTellsNothing(
  world: RekeyWorld,
  { stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>,
  env: Record<string, string> = {},
): Promise<void> {
  const output = stdout + stderr;
  const secrets = [
    world.oldKey,
    world.newKey,
    new URL(world.url).password,
    ...Object.values(env),
    ...world.apiKeys.values(),
    ...(await readStored(world.url)).values(),
  ];
  for (const secret of secrets) {
    assert.ok(!secret || !output.includes(secret), 'the output holds a key');
  }
  assert.doesNotMatch(output, /[0-9a-f]{64}|[A-Za-z0-9+/]{60}|\n\s+at /);
}
