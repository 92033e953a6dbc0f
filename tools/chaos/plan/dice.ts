import { seededRandom } from '../../simulator/seeded-random.js';

/** Chance that can be repeated: the same seed throws the same. */
export interface Dice {
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** One of the values, each as likely as its weight says. */
  pickWeighted<T>(items: readonly (readonly [value: T, weight: number])[]): T;
  shuffle<T>(items: readonly T[]): T[];
}

/** Dice for one purpose; `stream` keeps what one purpose throws from changing what another does. */
export function createDice(seed: number, stream: number): Dice {
  const random = seededRandom((seed ^ Math.imul(stream, 0x9e37_79b1)) >>> 0);
  const between = (min: number, max: number) => min + Math.floor(random() * (max - min + 1));
  return {
    chance: (probability) => random() < probability,
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    pickWeighted(items) {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0);
      let left = random() * total;
      const picked = items.find(([, weight]) => (left -= weight) < 0) ?? items.at(-1);
      if (picked === undefined) throw new RangeError('There is nothing to pick from.');
      return picked[0];
    },
    shuffle(items) {
      const shuffled = items.slice();
      for (let end = shuffled.length - 1; end > 0; end--) {
        const other = between(0, end);
        [shuffled[end], shuffled[other]] = [shuffled[other] as never, shuffled[end] as never];
      }
      return shuffled;
    },
  };
}
