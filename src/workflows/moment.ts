/** A moment as people read it in the details of a run: ISO 8601, UTC, to the second. */
export function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
