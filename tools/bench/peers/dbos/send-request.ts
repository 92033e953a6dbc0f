import type { ShapeJob } from '../../shapes/types.js';

/** Where the app takes jobs. */
export const SEND_PATH = '/send';

/** What it takes there. */
export interface SendRequest {
  /** The id of the workflow. */
  readonly key: string;
  readonly job: ShapeJob;
}

/** How many connections DBOS has to its database: its default. */
export const POOL_SIZE = 10;
