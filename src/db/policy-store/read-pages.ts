/**
 * The rows of a list, page by page, as they are read. Each page begins after the last row of the
 * one before, so rows that come and go meanwhile neither hide nor repeat others.
 *
 * @param readPage the rows after this one, at most `pageSize`
 */
export async function* readPages<Row>(
  readPage: (after: Row | undefined) => Promise<readonly Row[]>,
  pageSize: number,
): AsyncGenerator<Row> {
  let last: Row | undefined;
  for (;;) {
    const rows = await readPage(last);
    yield* rows;
    last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
  }
}
