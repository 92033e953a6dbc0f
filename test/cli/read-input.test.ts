import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { UsageError } from '../../src/cli/cli-error.js';
import { readStandardInput, readTextFile } from '../../src/cli/read-input.js';
import { makeDirectory } from '../support/scratch.js';

const TEXT = '{\r\n  "message": "Ça va, 👍 ?"\r\n}\r\n';

function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

const READABLE: Record<string, Buffer> = {
  'UTF-8': Buffer.from(TEXT),
  'UTF-8 with a byte order mark': Buffer.from(`\ufeff${TEXT}`),
  'UTF-16, little-endian, with a byte order mark': utf16(TEXT, 'le'),
  'UTF-16, big-endian, with a byte order mark': utf16(TEXT, 'be'),
};

const UNREADABLE: Record<string, Buffer> = {
  Latin1: Buffer.from(TEXT, 'latin1'),
  'a cut character': Buffer.from('👍').subarray(0, 3),
  'half a character of UTF-16': utf16('\ud83d', 'le'),
  'an odd number of bytes of UTF-16': utf16('ab', 'le').subarray(0, 5),
};

/** Reads bytes over both ways. */
const WAYS: Record<string, (bytes: Buffer) => Promise<string>> = {
  'standard input': (bytes) =>
    readStandardInput({ stdin: Readable.from([bytes]), say: () => undefined } as never, 'a job'),
  'a file': async (bytes) => {
    const path = join(await makeDirectory('input'), 'job.json');
    await writeFile(path, bytes);
    return readTextFile(path, '--job');
  },
};

for (const [way, read] of Object.entries(WAYS)) {
  describe(`the text of ${way}`, () => {
    for (const [encoding, bytes] of Object.entries(READABLE)) {
      it(`is read from ${encoding}`, async () => {
        assert.equal(await read(bytes), TEXT);
      });
    }

    for (const [what, bytes] of Object.entries(UNREADABLE)) {
      it(`is refused rather than guessed: ${what}`, async () => {
        await assert.rejects(read(bytes), (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, /^Cannot decode .*: save it as UTF-8/);
          return true;
        });
      });
    }

    it('may be empty', async () => {
      assert.equal(await read(Buffer.alloc(0)), '');
    });
  });
}

describe('a missing file', () => {
  it('is reported with its option', async () => {
    await assert.rejects(readTextFile('/no/such/job.json', '--job'), /Cannot read the file given by --job/);
  });
});
