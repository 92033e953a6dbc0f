/** One thing that can happen in a state, in plain English, and the state that it leads to. */
export interface Move<S> {
  readonly story: string;
  readonly to: S;
}

/** What is explored. */
export interface Model<S> {
  readonly initial: S;
  /** Equal for states that behave the same. */
  keyOf(state: S): string;
  movesFrom(state: S): readonly Move<S>[];
  /** The promise that this state breaks, if it breaks one. */
  brokenIn(state: S): string | undefined;
  /** Nothing more has to happen. */
  isEnd(state: S): boolean;
}

/** What an exploration came to. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** The shortest way to a broken promise; undefined if there is none. */
  readonly counterexample: { readonly broken: string; readonly story: readonly string[] } | undefined;
  /** Everything that happened in some state. */
  readonly stories: ReadonlySet<string>;
}

/**
 * Visits every state that can be reached, breadth first, until there is no new one or a promise is
 * broken. A state from which no end can be reached breaks one, too.
 */
export function explore<S>(model: Model<S>): Exploration {
  const states: S[] = [model.initial];
  const indexes = new Map([[model.keyOf(model.initial), 0]]);
  const cameFrom: { readonly index: number; readonly story: string }[] = [];
  /** Pairs: from, to. */
  const edges: number[] = [];
  const storyOf = (index: number): string[] => {
    const story: string[] = [];
    for (let at = index; at > 0;) {
      const from = cameFrom[at - 1]!;
      story.unshift(from.story);
      at = from.index;
    }
    return story;
  };
  const ends: number[] = [];
  const stories = new Set<string>();
  for (let index = 0; index < states.length; index++) {
    const state = states[index]!;
    const broken = model.brokenIn(state);
    if (broken !== undefined) {
      const counterexample = { broken, story: storyOf(index) };
      return { states: states.length, transitions: edges.length / 2, counterexample, stories };
    }
    if (model.isEnd(state)) ends.push(index);
    for (const { story, to } of model.movesFrom(state)) {
      stories.add(story);
      const key = model.keyOf(to);
      let next = indexes.get(key);
      if (next === undefined) {
        next = states.push(to) - 1;
        indexes.set(key, next);
        cameFrom.push({ index, story });
      }
      edges.push(index, next);
    }
  }
  const stuck = findStuck(states.length, edges, ends);
  const counterexample =
    stuck === undefined ? undefined : { broken: 'nothing leads to an end any more', story: storyOf(stuck) };
  return { states: states.length, transitions: edges.length / 2, counterexample, stories };
}

/** The first state from which no end can be reached. */
function findStuck(count: number, edges: readonly number[], ends: readonly number[]): number | undefined {
  const before: number[][] = Array.from({ length: count }, () => []);
  for (let at = 0; at < edges.length; at += 2) before[edges[at + 1]!]!.push(edges[at]!);
  const leadsToEnd = new Uint8Array(count);
  const queue = [...ends];
  for (const end of ends) leadsToEnd[end] = 1;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const previous of before[next]!) {
      if (leadsToEnd[previous] === 1) continue;
      leadsToEnd[previous] = 1;
      queue.push(previous);
    }
  }
  // The clearest one is a state in which nothing can happen at all.
  const hasMoves = new Set(edges.filter((_, at) => at % 2 === 0));
  const stuck = [...leadsToEnd.keys()].filter((index) => leadsToEnd[index] === 0);
  return stuck.find((index) => !hasMoves.has(index)) ?? stuck[0];
}
