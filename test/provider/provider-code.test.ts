import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { classifyReply } from '../../src/provider/classify-reply.js';
import { isEchoOf } from '../../src/provider/provider-code.js';

const NOW = Date.UTC(2030, 0, 1);

function codeOf(outcome: SendOutcome): string | undefined {
  return outcome.kind === 'accepted' ? undefined : outcome.providerCode;
}

/** The provider's code of the same error as a reply with 200, and as a 400. */
function codesFor(error: unknown): (string | undefined)[] {
  return [
    codeOf(classifyReply({ status: 200, body: JSON.stringify({ result: { error, sent: 'no' } }) }, NOW)),
    codeOf(classifyReply({ status: 400, body: JSON.stringify({ error, message: 'm' }) }, NOW)),
  ];
}

describe('the code of the provider', () => {
  for (const code of ['2', 'subscription_expire', 'E-1204', 'invalid.recipient', 'x'.repeat(40)]) {
    it(`is shown: ${code}`, () => {
      assert.deepEqual(codesFor(code), [code, code]);
    });
  }

  it('is shown when it is a number', () => {
    assert.deepEqual(codesFor(12), ['12', '12']);
  });

  for (const [what, error] of Object.entries({
    'a sentence': 'The recipient is wrong',
    'a phone number': '+33639981234',
    'a phone number without its plus': '33639981234',
    'a phone number that is a number': 33639981234,
    'the last digits of a number': 'to_81234',
    'a phone number with dashes': '06-39-98-12-34',
    'a phone number with dots': '33.6.39.98.12.34',
    'a phone number with underscores': 'no_route_06_39_98_12_34',
    'a key of hexadecimal digits': '4f7a0c9e2b4f7a0c9e2b4f7a0c9e2b4f7a0c9e2b',
    'a key in upper case': 'ABCDEFABCDEFABCD',
    'a key with dashes': 'deadbeef-cafe-babe-dead-beefdeadbeef',
    'a very long word': 'x'.repeat(41),
    markup: '<b>3</b>',
    'an address': 'https://api.smsmobileapi.com/?apikey=x',
    'an empty text': ' ',
    'letters beyond ASCII': 'erreur_clé',
    'an object': { code: 3 },
  })) {
    it(`is not shown when it is ${what}`, () => {
      assert.deepEqual(codesFor(error), [undefined, undefined]);
    });
  }

  it('never holds five digits of a number or sixteen of a key, however they are grouped', () => {
    const separator = fc.constantFrom('', '-', '.', '_');
    const number = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 99 }), separator), { minLength: 5, maxLength: 8 })
      .map((groups) => groups.map(([digits, between]) => `${digits}${between}`).join(''));
    const key = fc
      .array(fc.tuple(fc.stringMatching(/^[0-9a-f]{4}$/), separator), { minLength: 4, maxLength: 10 })
      .map((groups) => groups.map(([digits, between]) => digits + between).join(''));
    fc.assert(
      fc.property(fc.oneof(number, key, fc.string()), fc.string({ maxLength: 5 }), (secret, before) => {
        for (const code of codesFor(before + secret)) {
          if (code === undefined) continue;
          const joined = code.replaceAll(/[._-]/g, '');
          assert.ok(!/\d{5}|[0-9a-f]{16}/i.test(joined), code);
        }
      }),
    );
  });
});

describe('a code that repeats a secret', () => {
  const text = 'Bonjour zqxkvbwnjt, à demain';
  const forms = (secret: string) => [
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('base64url'),
  ];
  for (const code of [
    'forbidden_word_zqxkvbwnjt',
    'ZQXKVBWNJT',
    'zqxkv-bwnjt',
    'Bonjour',
    ...forms('zqxkvbwnjt,'),
  ]) {
    it(`is found: ${code}`, () => {
      assert.equal(isEchoOf(code, text), true);
    });
  }

  for (const code of ['invalid_recipient', 'E4', '7', 'subscription_expire', 'demain_no']) {
    it(`is not seen in ${code}`, () => {
      assert.equal(isEchoOf(code, text), false);
    });
  }

  it('is found for any part of eight characters of any key', () => {
    const key = fc.stringMatching(/^[a-z]{12,40}$/);
    fc.assert(
      fc.property(key, fc.nat(), fc.boolean(), (secret, at, upper) => {
        const from = at % (secret.length - 7);
        const part = secret.slice(from, from + 8);
        assert.ok(isEchoOf(`no_${upper ? part.toUpperCase() : part}_x`, secret));
      }),
    );
  });
});

describe('classifyReply, whatever comes', () => {
  const word = fc.oneof(
    fc.constantFrom('0', '1', '2', 0, 1, 2, '', null, 'no', 'api_error', 'subscription_expire', ' 1 '),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const clear = { error: fc.constantFrom(0, '0', '', null, 3), sent: fc.constantFrom(1, '1', ' 1', 0) };
  const fields = fc.oneof(
    fc.record({ error: word, sent: word, id: word, message_id: word, guid: word }, { requiredKeys: [] }),
    fc.record({ ...clear, id: fc.oneof(word, fc.stringMatching(/^[0-9a-f]{40}$/)) }),
  );
  const json = fc.oneof(
    fc.record({ result: fields }),
    fc.record({ result: fields, id: word, message_id: word, error: word }, { requiredKeys: ['result'] }),
    fc.jsonValue(),
  );
  const body = fc.oneof(
    json.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.tuple(json, fc.nat(60)).map(([value, length]) => JSON.stringify(value).slice(0, length)),
  );
  const reply = fc.record({
    status: fc.oneof(
      fc.constant(200),
      fc.constantFrom(201, 400, 401, 403, 429, 500),
      fc.integer({ min: 0, max: 999 }),
    ),
    body,
    retryAfter: fc.option(fc.oneof(fc.string(), fc.nat().map(String))),
    cut: fc.constantFrom('too-large', 'broken', undefined, undefined, undefined),
  });
  const classify = ({
    cut,
    ...rest
  }: {
    status: number;
    body: string;
    cut: 'too-large' | 'broken' | undefined;
  }) => classifyReply(cut === undefined ? rest : { ...rest, cut }, NOW);

  it('returns one of four outcomes and never throws', () => {
    fc.assert(
      fc.property(reply, (any) => {
        const outcome = classify(any);
        assert.ok(['accepted', 'rejected', 'not-sent', 'unknown'].includes(outcome.kind));
        if (outcome.kind !== 'not-sent' || outcome.retryAfterMs === undefined) return;
        assert.ok(Number.isFinite(outcome.retryAfterMs) && outcome.retryAfterMs >= 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts only a complete 2xx without an error, with sent 1 and an id', () => {
    let accepted = 0;
    const plainly = (value: unknown) =>
      typeof value === 'string' || typeof value === 'number' ? String(value).trim() : value;
    fc.assert(
      fc.property(reply, (any) => {
        const outcome = classify(any);
        if (outcome.kind !== 'accepted') return;
        accepted++;
        assert.ok(any.status >= 200 && any.status <= 299 && any.cut === undefined);
        const { result } = JSON.parse(any.body) as { result: Record<string, unknown> };
        assert.ok(['0', '', null].includes(plainly(result['error']) as string | null));
        assert.equal(plainly(result['sent']), '1');
        assert.equal(plainly(result['id']), outcome.messageId);
        assert.ok(!['', '0'].includes(outcome.messageId));
      }),
      { numRuns: 5_000 },
    );
    assert.ok(accepted > 0, 'the replies that were tried held accepted ones');
  });

  it('reports as proven not sent only 429, error 2 without an id, and an intermediary’s 4xx', () => {
    fc.assert(
      fc.property(reply, (any) => {
        const outcome = classify(any);
        if (outcome.kind !== 'not-sent') return;
        if (outcome.code === 'RATE_LIMITED') assert.equal(any.status, 429);
        else if (outcome.lookBeforeRepeat !== true) assert.ok([400, 401, 403].includes(any.status));
        else {
          const { result } = JSON.parse(any.body) as { result: Record<string, unknown> };
          assert.equal(String(result['error']).trim(), '2');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
