import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { readWorkerConfig, type Environment } from '../../src/config.js';
import { loadTemporalConfig } from '../../src/config/temporal-config.js';
import { makeDirectory } from '../support/scratch.js';
import { readRepositoryFile } from './compose-file.js';

const HEX = 'a1'.repeat(32);
const URL = 'postgres://u:p%40@db.example/web?sslmode=verify-full&schema=public';
const API_KEY = 'key.of-Temporal_1=';

/** The example, filled in as its comments say. */
function filledIn(): string {
  return readRepositoryFile('.env.example')
    .replace(/^DATABASE_URL=.*$/m, `DATABASE_URL='${URL}'`)
    .replace(/^SMS_API_KEY_ENCRYPTION_KEY=$/m, `SMS_API_KEY_ENCRYPTION_KEY=${HEX}`)
    .replace(/^SMS_PAYLOAD_KEYS=$/m, `SMS_PAYLOAD_KEYS=k1:${HEX}`)
    .concat(`TEMPORAL_API_KEY="${API_KEY}"\n`);
}

const exported = (text: string) => text.replace(/^(?=[A-Z])/gm, 'export ');
const windows = (text: string) => text.replaceAll('\n', '\r\n');

/** How a file comes to be an environment. */
const READERS: Record<string, (file: string, text: string) => Promise<Environment>> = {
  'a shell, as the README says': (file) =>
    environmentOf('sh', ['-c', 'set -a; . "$1"; set +a; exec env -0', 'sh', file]),
  Node: (file) =>
    environmentOf(process.execPath, [
      `--env-file=${file}`,
      '-e',
      String.raw`process.stdout.write(Object.entries(process.env).map((entry) => entry.join('=')).join('\0'))`,
    ]),
  // Line by line, and nothing is taken away.
  'docker run --env-file': (_, text) =>
    Promise.resolve(
      Object.fromEntries(
        text.split('\n').flatMap((line) => {
          const equals = line.indexOf('=');
          return /^\s*(#|$)/.test(line) || equals < 0
            ? []
            : [[line.slice(0, equals), line.slice(equals + 1)]];
        }),
      ),
    ),
};

describe('.env.example, filled in', () => {
  for (const [reader, read] of Object.entries(READERS)) {
    for (const [form, change] of Object.entries({
      'as it is': (text: string) => text,
      'with export': exported,
      'with the line ends of Windows': windows,
      'with both': (text: string) => windows(exported(text)),
      'with a byte order mark': (text: string) => `\uFEFF${text}`,
    })) {
      it(`works when ${reader} reads it, ${form}`, async () => {
        const text = change(filledIn());
        const file = join(await makeDirectory('env-file'), '.env');
        await writeFile(file, text);
        const env = await read(file, text);
        const config = readWorkerConfig(env);
        assert.equal(config.databaseUrl, URL);
        assert.deepEqual(config.encryptionKeys, [HEX]);
        assert.equal(loadTemporalConfig(env).connectionOptions.apiKey, API_KEY);
      });
    }
  }
});

async function environmentOf(command: string, args: string[]): Promise<Environment> {
  const { stdout } = await execa(command, args, {
    env: { PATH: process.env['PATH'] ?? '' },
    extendEnv: false,
  });
  return Object.fromEntries(
    stdout.split('\0').flatMap((entry) => {
      const equals = entry.indexOf('=');
      return equals < 0 ? [] : [[entry.slice(0, equals), entry.slice(equals + 1)]];
    }),
  );
}
