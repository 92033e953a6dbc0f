const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers from 0 up to the highest value, in four or five steps, or fewer. */
export function niceTicks(highest: number): number[] {
  if (!(highest > 0)) return [0];
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((step) => step * power >= rough) ?? 10) * power;
  const count = Math.floor(highest / step + 1e-9);
  // Not by adding up, which would leave digits of rounding behind.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
