import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Makes messages and stack traces of failures payloads, so that the codec encrypts them; the SDK
 * loads it by its path.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
