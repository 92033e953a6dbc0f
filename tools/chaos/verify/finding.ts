/** Something that must not happen, or that has to be distinguished from it. */
export interface Finding {
  readonly kind: FindingKind;
  /** The idempotency keys of the jobs that it is about. */
  readonly keys: readonly string[];
  readonly why: string;
}

/** What a finding is about: what holds for every send, and for the sends of a mode. */
export type FindingKind =
  | 'lost'
  | 'duplicated'
  | 'duplicated-by-late-rows'
  | 'misreported'
  | 'wrong-id'
  | PolicyFindingKind
  | FollowFindingKind;

/** What a run with policies looks for. */
export type PolicyFindingKind =
  | 'after-opt-out'
  | 'outside-hours'
  | 'above-limit'
  | 'opt-out-missed'
  | 'opt-out-invented'
  | 'confirmation'
  | 'starved';

/** What a run with followed sends looks for. */
export type FollowFindingKind =
  'said-sent' | 'said-failed' | 'said-unknown' | 'not-followed' | 'ended-early' | 'went-back' | 'sent-again';
