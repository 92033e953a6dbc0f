import type { RunOwner } from '../domain/run-owner.js';

/** What a claim is started with. */
export interface MessageClaimInput {
  readonly owner: RunOwner;
}

/**
 * A claim on a message of the gateway's sent log. That it exists is the claim: its id names account and message, its input
 * the owner, and both can be read though no worker ever ran it. All it does is end.
 */
export function claimMessageWorkflow({ owner }: MessageClaimInput): Promise<RunOwner> {
  return Promise.resolve(owner);
}
