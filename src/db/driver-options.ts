/**
 * What every connection of ours is opened with.
 *
 * `fetch_types: false`: the driver would ask each new connection for the server's array types, of
 * which our columns use none; when the connection is lost in the middle of that, it leaves a
 * rejection that cannot be handled, and Node ends the process (postgres 3.4, `fetchArrayTypes`).
 */
export const DRIVER_OPTIONS = { fetch_types: false, onnotice: () => undefined } as const;
