/** Why nothing is released; the message says what was wrong and what to do. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}
