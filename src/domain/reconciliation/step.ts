import type { SmsStatus } from '../names.js';
import type { Command, ReconciledBy, RunFailure } from './command.js';
import type { ReconciliationState } from './state.js';

/** What follows from an event. */
export interface Step {
  readonly state: ReconciliationState;
  readonly command: Command;
  /**
   * For people, before the command is carried out: no number, no text. With a status, the run
   * leaves the happy path.
   */
  readonly report?: { readonly details: string; readonly status?: SmsStatus };
  /** An unknown outcome has come to its end. */
  readonly reconciledBy?: ReconciledBy;
  /** From now on the run itself decides how it ends: nothing is unknown any more. */
  readonly isCertain?: true;
}

/** The step that ends a run with a failure. */
export function failWith(
  state: ReconciliationState,
  failure: RunFailure,
  effects: Pick<Step, 'report' | 'reconciledBy' | 'isCertain'> = {},
): Step {
  return { ...effects, state: { ...state, phase: { kind: 'ended' } }, command: { kind: 'fail', failure } };
}
