/** Which run an activity works for; stays the same when the run is reset. */
export interface RunIdentity {
  readonly originalRunId: string;
}

export interface LoadEncryptedApiKeyInput {
  readonly accountId: string;
}

export interface EncryptedApiKey {
  /** base64(iv ‖ tag ‖ ciphertext), as the web app stored it. */
  readonly encryptedApiKey: string;
}

export interface DecryptApiKeyInput extends RunIdentity, EncryptedApiKey {}

export interface SealedApiKey {
  /** Opens for this run's sends only, and only where the encryption key is. */
  readonly sealedApiKey: string;
}

export interface SendSmsInput extends RunIdentity, SealedApiKey {
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
  readonly sendingPhoneId?: string;
  readonly simSlot?: 1 | 2;
  /** Which request of the run this is, from 1. */
  readonly attempt: number;
  /** The moment after which nothing may be sent, epoch milliseconds. */
  readonly deadlineMs: number;
}

export interface SentSms {
  readonly messageId: string;
  /** When the acceptance was read, ISO 8601, UTC. */
  readonly timestamp: string;
}

export interface RunOrigin {
  /** The run was reset: an earlier one under this workflow id may have sent. */
  readonly wasReset: boolean;
}

export interface ComputeRecipientKeyInput {
  /** E.164. */
  readonly recipientPhone: string;
}

export interface RecipientKeyDigest {
  /** For the search attribute `SmsRecipientKey`. */
  readonly recipientKey: string;
}

/** The activities, as the workflow sees them. */
export interface Activities {
  /**
   * Reads the account's encrypted API key.
   * Fails with API_KEY_REQUIRED (not retried), DATABASE_UNAVAILABLE (retried).
   */
  loadEncryptedApiKey(input: LoadEncryptedApiKeyInput): Promise<EncryptedApiKey>;
  /**
   * Decrypts the API key and returns it sealed, as a result is stored in the run's history.
   * Fails with ENCRYPTION_KEY_MISSING, API_KEY_DECRYPTION_FAILED (neither is retried).
   */
  decryptApiKey(input: DecryptApiKeyInput): Promise<SealedApiKey>;
  /**
   * Makes one request to the provider; to be scheduled with one attempt, as the workflow decides what may be repeated.
   * Fails with API_KEY_INVALID, MESSAGE_SEND_FAILED, API_KEY_DECRYPTION_FAILED, ENCRYPTION_KEY_MISSING, MESSAGE_EXPIRED
   * (final), PROVIDER_UNAVAILABLE, RATE_LIMITED (proven not sent; `details[1]` holds the provider's wish) or
   * SEND_OUTCOME_UNKNOWN (maybe sent). Any other failure is to be read as SEND_OUTCOME_UNKNOWN.
   */
  sendSms(input: SendSmsInput): Promise<SentSms>;
  /** Whether the run was reset, for runs that end without having sent; workflow code must not look at its run id. */
  findRunOrigin(input: RunIdentity): Promise<RunOrigin>;
  /** The digest of a number, for runs that were not started through the client. */
  computeRecipientKey(input: ComputeRecipientKeyInput): Promise<RecipientKeyDigest>;
}
