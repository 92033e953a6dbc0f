/** Ends the process at SIGTERM, once what is in flight is done. */
export function endOnSigterm(close: () => Promise<unknown>): void {
  process.once('SIGTERM', () => {
    void close().finally(() => process.exit(0));
  });
}
