/** A server that has to be installed first is not on this machine; the message says how. */
export class MissingServerError extends Error {
  override readonly name = 'MissingServerError';
}
