/**
 * Makes an `it` for tests of one `describe` that wait most of the time: all of them begin with the
 * first one, and each is reported by itself. They need recipients of their own, and must leave
 * alone what the others use.
 *
 * To be called before the hook that closes what the tests use, as none of them is left running
 * then.
 */
export function sideBySide(): (title: string, test: () => Promise<void>) => void {
  const tests: { readonly run: () => Promise<void>; running?: Promise<void> }[] = [];
  after(() => Promise.allSettled(tests.flatMap(({ running }) => running ?? [])));

  return (title, run) => {
    const test: (typeof tests)[number] = { run };
    tests.push(test);
    it(title, async () => {
      for (const each of tests) {
        each.running ??= each.run();
        // It is reported where it is awaited.
        each.running.catch(() => undefined);
      }
      await test.running;
    });
  };
}
