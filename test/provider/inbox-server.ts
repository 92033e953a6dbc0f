import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { PhonesReading } from '../../src/domain/connected-phones.js';
import type { InboxReading, InboxRequest } from '../../src/domain/inbound-messages.js';
import type { InboxLimits } from '../../src/provider/inbox-reader.js';
import { createSmsMobileApi, type SmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { LOG_KEY } from './sent-messages-server.js';

/** How {@link readInboxOf} asks. */
export type InboxQuestion = Partial<InboxRequest> & { limits?: Partial<InboxLimits> };

/** Reads an inbox over a client of its own; neither key nor address may be in what came of it. */
export async function readInboxOf(url: string, question: InboxQuestion = {}): Promise<InboxReading> {
  const { limits, apiKey = LOG_KEY, ...changes } = question;
  return await over(url, apiKey, limits, (api) => api.readInbox({ apiKey, sinceMs: 0, ...changes }));
}

/** The same for the list of phones. */
export async function readPhonesOf(
  url: string,
  { limits, apiKey = LOG_KEY, signal }: Omit<InboxQuestion, 'sinceMs'> = {},
): Promise<PhonesReading> {
  return await over(url, apiKey, limits, (api) =>
    api.readPhones({ apiKey, ...(signal !== undefined && { signal }) }),
  );
}

async function over<Reading>(
  url: string,
  apiKey: string,
  inboxLimits: Partial<InboxLimits> = {},
  read: (api: SmsMobileApi) => Promise<Reading>,
): Promise<Reading> {
  const api = createSmsMobileApi({ baseUrl: url, inboxLimits });
  try {
    const reading = await read(api);
    const all = inspect(reading, {
      depth: null,
      showHidden: true,
      maxArrayLength: null,
      maxStringLength: null,
    });
    const { host } = new URL(url);
    for (const part of [apiKey, encodeURIComponent(apiKey), apiKey.slice(4, 12), host]) {
      assert.ok(!all.includes(part), `the reading holds ${part}`);
    }
    return reading;
  } finally {
    api.close();
  }
}

/** The texts of a reading that succeeded. */
export function inboxTexts(reading: InboxReading): string[] {
  assert.ok(reading.kind === 'read', JSON.stringify(reading));
  return reading.messages.map(({ message }) => message);
}
