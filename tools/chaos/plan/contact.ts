/** Somebody whom an account writes to, and how that may end. */
export interface Contact {
  readonly account: number;
  readonly recipient: string;
  /** A reply that is an opt-out, an opt-out that the web app adds, any other reply, or nothing. */
  readonly end: 'keyword' | 'web-app' | 'answer' | 'none';
  /** Another account writes to the number, too. */
  readonly isShared: boolean;
}
