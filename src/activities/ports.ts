import type { SealedKeyOwner } from '../domain/sealed-key-owner.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { SendRequest } from '../domain/send-request.js';

/** What activities need of the outside; `src/worker/open-ports.ts` wires the adapters in. */
export interface ActivityPorts {
  readonly accounts: {
    /** Undefined if there is no such account, or it has no key. Throws SmsError DATABASE_UNAVAILABLE. */
    findEncryptedApiKey(accountId: string): Promise<string | undefined>;
  };
  /** Undefined where the process has no decryption key. */
  readonly vault: ApiKeyVaultPort | undefined;
  readonly provider: {
    /** Makes one request; never throws. */
    send(request: SendRequest): Promise<SendOutcome>;
  };
  /** The digest of an E.164 number. */
  readonly recipientKey: (recipientPhone: string) => string;
  /** Epoch milliseconds, wall clock. */
  readonly now: () => number;
}

export interface ApiKeyVaultPort {
  /** Decrypts a stored key and seals it for one run. Throws SmsError API_KEY_DECRYPTION_FAILED. */
  reseal(encryptedApiKey: string, owner: SealedKeyOwner): string;
  /** The API key in clear. Throws SmsError API_KEY_DECRYPTION_FAILED. */
  unseal(sealedApiKey: string, owner: SealedKeyOwner): string;
}
