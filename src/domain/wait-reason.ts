/** What keeps a marketing request from its moment: the hours, or one of the limits of the pace. */
export type WaitReason =
  'hours' | 'spacing' | 'per-minute' | 'segments-per-minute' | 'per-hour' | 'per-day' | 'new-recipients';

/** What a marketing send waits for: its moment, or what has to happen before it gets one. */
export const WAIT_KINDS = [
  'hours',
  'spacing',
  'per-minute',
  'segments-per-minute',
  'per-hour',
  'per-day',
  'new-recipients',
  'phone',
  'inbox',
  'decision',
  'policy',
] as const satisfies readonly (WaitReason | 'phone' | 'inbox' | 'decision' | 'policy')[];
export type WaitKind = (typeof WAIT_KINDS)[number];
