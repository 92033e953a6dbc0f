/** Sends whose end is reported later, by id. */
export interface PendingSends {
  readonly ids: () => readonly string[];
  /** Resolves or rejects once the send of this id is settled: call this before it can be. */
  wait(id: string): Promise<void>;
  /** Ends a send, as failed if there is a reason; an id without a waiting caller is ignored. */
  settle(id: string, reason?: string): void;
  /** Ends all of them as failed. */
  failAll(reason: string): void;
}

/** Keeps the sends that have not ended. */
export function createPendingSends(): PendingSends {
  const pending = new Map<string, (reason: string | undefined) => void>();
  const settle = (id: string, reason?: string) => {
    const end = pending.get(id);
    pending.delete(id);
    end?.(reason);
  };
  return {
    ids: () => [...pending.keys()],
    wait: (id) =>
      new Promise((resolve, reject) => {
        pending.set(id, (reason) => {
          if (reason === undefined) resolve();
          else reject(new Error(reason));
        });
      }),
    settle,
    failAll(reason) {
      for (const id of pending.keys()) settle(id, reason);
    },
  };
}
