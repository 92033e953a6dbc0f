import { startCodecServer, type CodecServer } from '../../src/codec-server/start-codec-server.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createLog } from '../../src/observability/log.js';

/**
 * A codec server with these keys that serves everyone who asks, in a terminal or from a page of
 * this origin.
 */
export function startOpenCodecServer(payloadKeys: string, origin: string): Promise<CodecServer> {
  return startCodecServer(
    {
      address: '127.0.0.1:0',
      payloadKeys: parsePayloadKeys(payloadKeys),
      origins: [origin],
      access: { kind: 'open' },
      requestsPerMinute: 10_000,
      trustedProxies: [],
    },
    createLog({ level: 'silent' }),
  );
}
