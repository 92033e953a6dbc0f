/**
 * A request that is not answered as asked; status and message are for the caller, the reason is for
 * the audit log.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    /** An HTTP status from 400 on. */
    readonly status: number,
    /** In few words, and nothing of what was sent. */
    readonly reason: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
