/** Knows how many calls are under way. */
export interface CallCount {
  readonly pending: () => number;
  /** The same function, counted. */
  readonly counted: <Parameters extends unknown[], Result>(
    call: (...parameters: Parameters) => Promise<Result>,
  ) => (...parameters: Parameters) => Promise<Result>;
}

/** Counts calls from their start to their end. */
export function createCallCount(): CallCount {
  let pending = 0;
  return {
    pending: () => pending,
    counted:
      (call) =>
      async (...parameters) => {
        pending += 1;
        try {
          return await call(...parameters);
        } finally {
          pending -= 1;
        }
      },
  };
}
