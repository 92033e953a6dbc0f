import type { Echo, Told } from './echoing-provider.js';

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Echo => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** The words of the text that nobody else writes. */
function unusualWords({ text }: Told): [string, string, string] {
  return text.match(/\b[a-z]{10}\b/g) as [string, string, string];
}

function failedRow({ messageId: guid, apiKey, all }: Told): object {
  const errors = { send_from_mobile_erreur: apiKey, error_api: `key_${apiKey.slice(0, 20)}` };
  return { guid, number: apiKey, message: all, send_from_mobile: '0', ...errors };
}

/** Replies that repeat secrets, each in a different place. */
export const ECHOES = {
  // Accepted, and chatty.
  accepted: (told) =>
    json(200, { result: { error: 0, sent: '1', id: 'f0'.repeat(20), note: told.all, echo: told } }),
  'key in a 401': (told) => json(401, { error: told.apiKey, message: told.all }),
  'half a key in a 403': (told) => json(403, { error: told.apiKey.slice(0, 20), message: told.all }),
  'page with a 403': (told) => ({
    status: 403,
    statusText: `Forbidden ${told.apiKey}`,
    headers: { 'content-type': 'text/html', 'x-account': told.apiKey },
    body: `<html><title>${told.apiKey}</title><body>${told.all}<a href="/?apikey=${told.apiKey}">back</a></body></html>`,
  }),
  'text in a 400': (told) => json(400, { error: told.text, message: told.all }),
  'number in a 400': (told) => json(400, { error: told.number.slice(1), message: told.all }),
  'a word as code': (told) => json(400, { error: unusualWords(told)[0], message: told.all }),
  'a word in capitals as code': (told) =>
    json(400, { error: unusualWords(told)[0].toUpperCase(), message: told.all }),
  'a word in a code': (told) => json(400, { error: `forbidden_word_${unusualWords(told)[1]}`, message: '' }),
  'a word in base64 as code': (told) =>
    json(400, { error: btoa(unusualWords(told)[1]).replaceAll('=', ''), message: '' }),
  'a number in a code': (told) =>
    json(400, { error: `no-${told.number.slice(3).replaceAll(/../g, '$&-')}x`, message: '' }),
  'half a key in base64 as code': (told) =>
    json(400, { error: Buffer.from(told.apiKey.slice(0, 20)).toString('base64url'), message: '' }),
  'a number in base64 as code': (told) => json(400, { error: btoa(told.number), message: '' }),
  'half a key in a code': (told) => json(400, { error: `key_${told.apiKey.slice(0, 20)}`, message: '' }),
  'result with a word as error': (told) =>
    json(200, { result: { error: unusualWords(told)[2], sent: 'no', note: told.all } }),
  'phone offline': (told) => json(200, { result: { error: 2, sent: 'no', note: told.all } }),
  'too many': (told) =>
    json(
      429,
      { error: `slow ${told.apiKey}`, message: told.all },
      { 'retry-after': '1', 'x-key': told.apiKey },
    ),
  'too many, for an hour': (told) =>
    json(429, { error: told.apiKey, message: told.all }, { 'retry-after': '3600' }),
  'row that failed with the key': (told) =>
    json(200, { result: { error: told.apiKey, sms: [failedRow(told)] } }),
  'page with a 200': (told) => ({ headers: { 'content-type': 'text/html' }, body: `<h1>${told.all}</h1>` }),
  'page with a 502': (told) => ({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: `<script>var key = "${told.apiKey}"</script><p>${told.all}</p>`,
  }),
  redirect: ({ apiKey, number, text }) => ({
    status: 307,
    headers: { location: `/elsewhere?${new URLSearchParams({ apiKey, number, text }).toString()}` },
  }),
  'no HTTP': (told) => ({ raw: `HTTP/1.1 200 OK\r\nX-Key ${told.apiKey} ${told.number}\r\n\r\n${told.all}` }),
  'cut off': (told) => ({ raw: `HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{"result":"${told.all}` }),
} as const satisfies Record<string, (told: Told) => Echo>;

/** The name of one of {@link ECHOES}. */
export type EchoName = keyof typeof ECHOES;
