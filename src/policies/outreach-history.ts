/** A request that was granted a moment: a row of `outreach`. */
export interface OutreachRow {
  /** Its moment, in epoch milliseconds; may lie ahead. */
  readonly at: number;
  /** The recipient, in E.164. */
  readonly phone: string;
  /** How many segments its message has. */
  readonly segments: number;
  /** The phone that sends it, or '' if the job names none. */
  readonly lane: string;
  /** `released` does not count; `granted`, `used` and every other state do. */
  readonly state: string;
}

/** When a recipient was first written to. */
export interface FirstContact {
  /** The recipient, in E.164. */
  readonly phone: string;
  /** The phone that sent it, or '' if the job named none. */
  readonly lane: string;
  /** The earliest moment that counts, in epoch milliseconds. */
  readonly at: number;
}

/**
 * What an account was granted before: all that bears on a request that is decided at `now`. A row
 * that is missing lets a limit break, so read them in the transaction that inserts the grant:
 *
 * ```sql
 * -- rows
 * SELECT at, phone, segments, lane, state FROM durable_sms.outreach
 *  WHERE account_id = $account AND state <> 'released' AND at > $now - interval '25 hours'
 *    AND ($lane = '' OR lane IN ($lane, ''));
 * -- firstContacts
 * SELECT phone, lane, min(at) AS at FROM durable_sms.outreach
 *  WHERE account_id = $account AND state <> 'released' AND ($lane = '' OR lane IN ($lane, ''))
 *  GROUP BY phone, lane
 * HAVING min(at) > $now - interval '31 days' OR max(at) > $now OR phone = $phone;
 * ```
 *
 * The second reads an account's whole past, so src/db/policies/snapshot.ts reads less for it, which
 * comes to the same moments. The first returns no more rows than a day allows, for each day until
 * the latest moment that was granted.
 */
export interface OutreachHistory {
  /** The requests of the last 24 h and all that lie ahead; the order does not matter. */
  readonly rows: readonly OutreachRow[];
  /**
   * The first contacts of the last 30 days, and, whatever their age, the first contacts of the
   * request's recipient and of recipients with a row that lies ahead. A recipient whose first
   * contact is left out counts as new.
   */
  readonly firstContacts: readonly FirstContact[];
}

/** What counts against one phone that sends. */
export interface LaneHistory {
  /** Its requests, in the order of time. */
  readonly rows: readonly OutreachRow[];
  /** First contacts by it; one recipient may be there more than once. */
  readonly firstContacts: readonly FirstContact[];
}

/**
 * The history of each phone by which a request may go: the phone that it names, or else every phone
 * of the account. What names no phone counts against each of them.
 */
export function historiesFor(lane: string, history: OutreachHistory): readonly LaneHistory[] {
  const counted = history.rows
    .filter((row) => row.state !== 'released')
    .sort((one, other) => one.at - other.at);
  const lanes = new Set([lane]);
  // A request that names no phone may go by each, also by one that has sent nothing yet: ''.
  if (lane === '') for (const each of [...counted, ...history.firstContacts]) lanes.add(each.lane);
  return [...lanes].map((each) => {
    const isOfLane = (one: { readonly lane: string }) => one.lane === each || one.lane === '';
    return { rows: counted.filter(isOfLane), firstContacts: history.firstContacts.filter(isOfLane) };
  });
}
