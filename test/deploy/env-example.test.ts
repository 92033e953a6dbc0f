import assert from 'node:assert/strict';
import { readRepositoryFile } from './compose-file.js';
import { variablesOf } from './environment-variables.js';

/** What Temporal's configuration and Node.js itself read. */
const READ_BY_OTHERS = /^(?:TEMPORAL_|(?:NODE_USE_ENV_PROXY|HTTPS_PROXY|NO_PROXY)$)/;

describe('.env.example', () => {
  const lines = readRepositoryFile('.env.example').split('\n');
  const named = lines.flatMap((line) => /^#?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1] ?? []);

  it('names every variable that the worker, a client or the codec server reads, once', () => {
    const read = ['src/config.ts', 'src/codec-server/codec-server-config.ts'].flatMap(variablesOf);
    assert.ok(read.includes('DATABASE_URL') && read.includes('CODEC_SERVER_ORIGINS'));
    assert.deepEqual(
      read.filter((name) => !named.includes(name)),
      [],
    );
    assert.equal(new Set(named).size, named.length);
  });

  it('holds no secret and no unused variable', () => {
    for (const line of lines) assert.doesNotMatch(line, /[0-9a-f]{32}/i);
    const read = ['src/config.ts', 'src/codec-server/codec-server-config.ts'].flatMap(variablesOf);
    const others = named.filter((name) => !read.includes(name) && !READ_BY_OTHERS.test(name));
    assert.deepEqual(others, []);
  });
});
