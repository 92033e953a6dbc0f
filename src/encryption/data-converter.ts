import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { PayloadKey } from './payload-keys.js';
import { createPayloadCodec } from './payload-codec.js';

/** The modules that the SDK loads by path, in this process and into the sandbox of workflows. */
export const CONVERTER_PATHS = {
  payloadConverterPath: modulePath('payload-converter'),
  failureConverterPath: modulePath('failure-converter'),
};

/**
 * The data converter of a worker; `payloadKeys` as SMS_PAYLOAD_KEYS, none where payload encryption
 * is off: then failures stay readable, too, as nothing would be gained by making payloads of their
 * words.
 */
export function createDataConverter(payloadKeys: readonly PayloadKey[]): DataConverter {
  const { payloadConverterPath, failureConverterPath } = CONVERTER_PATHS;
  return {
    payloadConverterPath,
    ...(payloadKeys.length === 0 ? {} : { failureConverterPath }),
    payloadCodecs: [createPayloadCodec(payloadKeys)],
  };
}

/** The SDK loads them with `require`, so the build makes CommonJS modules of them. */
function modulePath(name: string): string {
  const path = (ending: string) => fileURLToPath(new URL(`./${name}${ending}`, import.meta.url));
  return existsSync(path('.cjs')) ? path('.cjs') : path(extname(import.meta.url));
}
