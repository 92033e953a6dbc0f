/** What people put into such a job: everything that the request needs, the key in clear. */
export interface SmsJobData {
  readonly apiKey: string;
  readonly recipient: string;
  readonly message: string;
}

/** What the processor returns. */
export interface SmsJobResult {
  /** Undefined where the reply held none. */
  readonly messageId?: string;
}

/** The same patience as our own service has. */
const TIMEOUT_MS = 30_000;

/**
 * Sends as such workers do: HTTP 200 is sent, everything else is an error, and an error is tried
 * again.
 */
export async function sendSms(providerUrl: string, job: SmsJobData): Promise<SmsJobResult> {
  const response = await fetch(`${providerUrl}/sendsms/`, {
    method: 'POST',
    body: new URLSearchParams({ apikey: job.apiKey, recipients: job.recipient, message: job.message }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Request failed with status code ${response.status}`);
  const messageId = readMessageId(await response.text());
  return messageId === undefined ? {} : { messageId };
}

/** A body that is not JSON is left as it is, and never looked at. */
function readMessageId(body: string): string | undefined {
  try {
    const { result } = JSON.parse(body) as { result?: { id?: string } };
    return result?.id;
  } catch {
    return undefined;
  }
}
