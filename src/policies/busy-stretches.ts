/** A stretch of moments at which one more request would break a limit. */
export interface BusyStretch {
  /** Its first moment, in epoch milliseconds. */
  readonly fromMs: number;
  /** The first moment after it, in epoch milliseconds. */
  readonly untilMs: number;
}

/** How much of a limit the events take that are in a window. */
export interface WindowLoad<Event> {
  /** An event has entered the window. */
  add(event: Event): void;
  /** An event has left it. */
  remove(event: Event): void;
  /** What the events in the window take together. */
  size(): number;
}

/**
 * The moments at which one more event does not fit, exactly and for windows on both sides: it would
 * be in some half-open window of `windowMs` with events that take more than `room`, earlier or
 * later ones. Takes linear time; the stretches are in order and do not overlap.
 *
 * A window that holds too much holds a shortest run of events that take too much, from its first
 * event on. That run spoils every moment that is less than a window away from both of its ends.
 *
 * @param events In the order of time.
 * @param room What the other events of any window may take: the limit, less the new event.
 */
export function busyStretches<Event extends { readonly at: number }>(
  events: readonly Event[],
  load: WindowLoad<Event>,
  room: number,
  windowMs: number,
): readonly BusyStretch[] {
  const found: BusyStretch[] = [];
  let next = 0;
  for (const first of events) {
    for (let event = events[next]; event !== undefined && load.size() <= room; event = events[++next])
      load.add(event);
    const last = events[next - 1];
    if (last === undefined || load.size() <= room) return found;
    if (last.at - first.at < windowMs)
      append(found, { fromMs: last.at - windowMs + 1, untilMs: first.at + windowMs });
    load.remove(first);
  }
  return found;
}

/**
 * The moments at which one more event does not fit into windows of at most `limit` events: as
 * {@link busyStretches}, and faster.
 */
export function busyByCount(
  events: readonly { readonly at: number }[],
  limit: number,
  windowMs: number,
): readonly BusyStretch[] {
  const found: BusyStretch[] = [];
  for (let index = limit - 1; index < events.length; index++) {
    const first = events[index - limit + 1]?.at ?? NaN;
    const last = events[index]?.at ?? NaN;
    if (last - first < windowMs) append(found, { fromMs: last - windowMs + 1, untilMs: first + windowMs });
  }
  return found;
}

/** Counts events, each with its weight. */
export function sumOf<Event>(weigh: (event: Event) => number): WindowLoad<Event> {
  let sum = 0;
  return {
    add: (event) => {
      sum += weigh(event);
    },
    remove: (event) => {
      sum -= weigh(event);
    },
    size: () => sum,
  };
}

/** Counts the different keys of events. */
export function distinct<Event>(keyOf: (event: Event) => string): WindowLoad<Event> {
  const counts = new Map<string, number>();
  return {
    add: (event) => {
      counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
    },
    remove: (event) => {
      const left = (counts.get(keyOf(event)) ?? 0) - 1;
      if (left > 0) counts.set(keyOf(event), left);
      else counts.delete(keyOf(event));
    },
    size: () => counts.size,
  };
}

/** The index of the first stretch that ends after a moment: the one it is in, or the next one. */
export function stretchAfter(stretches: readonly BusyStretch[], atMs: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((stretches[middle]?.untilMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a stretch that starts and ends no earlier than those before it. */
function append(stretches: BusyStretch[], stretch: BusyStretch): void {
  const last = stretches.at(-1);
  if (last !== undefined && stretch.fromMs <= last.untilMs)
    stretches[stretches.length - 1] = { fromMs: last.fromMs, untilMs: stretch.untilMs };
  else stretches.push(stretch);
}
