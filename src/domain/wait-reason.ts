/** What keeps a marketing request from its moment: the hours, or one of the limits of the pace. */
export type WaitReason =
  'hours' | 'spacing' | 'per-minute' | 'segments-per-minute' | 'per-hour' | 'per-day' | 'new-recipients';
