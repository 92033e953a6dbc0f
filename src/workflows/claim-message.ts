import type { RunOwner } from '../domain/run-owner.js';

/** What a claim is started with. */
export interface MessageClaimInput {
  readonly owner: RunOwner;
}

/**
 * A claim on one of the provider's sent messages. That it exists is the claim: its id names account
 * and message, its input the owner, and both can be read though no worker ever ran it. All it does
 * is end.
 */
export function claimMessageWorkflow({ owner }: MessageClaimInput): Promise<RunOwner> {
  return Promise.resolve(owner);
}
