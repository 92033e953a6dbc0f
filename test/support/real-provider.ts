/**
 * Credentials for the one test against the real provider; read when this module loads, before the
 * environment is emptied.
 */
export const realProvider = {
  apiKey: process.env['SMSMOBILEAPI_TEST_KEY'],
  recipient: process.env['SMSMOBILEAPI_TEST_RECIPIENT'],
};
