import { openStoredKeys } from '../../src/db/stored-keys.js';

/**
 * A separate process that reads the stored keys once, says so over IPC, and closes them when it is
 * asked to.
 */
process.once('message', (databaseUrl: string) => {
  const keys = openStoredKeys({ databaseUrl, readOnly: true });
  process.once('message', () => {
    void keys.close().then(() => {
      process.disconnect();
    });
  });
  void keys.count().then(() => process.send?.('read'));
});
