/** The colours of a chart, on a light card of its own: it reads the same on a dark page. */
export const COLORS = {
  card: '#ffffff',
  border: '#d1d9e0',
  text: '#1f2328',
  muted: '#59636e',
  grid: '#e6eaef',
  axis: '#b7bfc8',
  accent: '#0969da',
  neutral: '#b6c0cb',
  whisker: '#1f2328',
} as const;

/**
 * Where things stand from left to right, in pixels: labels, bars with their values, ratios at the
 * right edge.
 */
export const COLUMNS = { width: 960, left: 36, labels: 248, bars: 296, barsEnd: 704, right: 924 } as const;

/** Sizes of text, in pixels. */
export const SIZES = { title: 22, panel: 15, text: 13, small: 11 } as const;
