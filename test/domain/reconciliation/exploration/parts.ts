import { firstStep, nextStep } from '../../../../src/domain/reconciliation/next-step.js';
import { isKeptFromSending } from '../../../../src/domain/reconciliation/reset.js';
import { firstSearchStep, nextSearchStep } from '../../../../src/domain/reconciliation/search.js';
import { LISTING_LAG_MS } from './world.js';

/**
 * What the exploration drives: the product's own functions, or variants of them with a planted
 * fault.
 */
export interface Parts {
  readonly firstStep: typeof firstStep;
  readonly nextStep: typeof nextStep;
  readonly firstSearchStep: typeof firstSearchStep;
  readonly nextSearchStep: typeof nextSearchStep;
  readonly isKeptFromSending: typeof isKeptFromSending;
  readonly listingLagMs: number;
}

export const REAL: Parts = {
  firstStep,
  nextStep,
  firstSearchStep,
  nextSearchStep,
  isKeptFromSending,
  listingLagMs: LISTING_LAG_MS,
};
