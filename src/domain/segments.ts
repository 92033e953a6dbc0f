/** The basic alphabet of GSM 03.38; each of these takes one septet. */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);

/** Its extension table: an escape and a second septet, which stay in one segment. */
const GSM_EXTENSION = new Set('\f^{}\\[~]|€');

/**
 * What one message holds alone, and in each segment of several: 140 octets, less the header that
 * joins them.
 */
const CAPACITY = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
} as const;

/**
 * The most segments that one message can have: their number is an octet of the header (GSM 03.40).
 */
export const MAX_SEGMENTS = 255;

/** How a text travels as SMS. */
export interface SegmentCount {
  /** One character outside of GSM 03.38 makes the whole text UCS-2. */
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** How many messages the phone sends and the carrier bills; 0 for an empty text. */
  readonly segments: number;
  /**
   * What the text takes: septets in GSM-7, 16-bit units in UCS-2; without what is lost where a
   * character does not fit into a segment.
   */
  readonly units: number;
  /** How many units the last segment has left. */
  readonly unitsLeft: number;
}

/**
 * Counts the segments of a text, without its header. A character of two units (an emoji, a
 * character of the extension table) is not split between segments.
 *
 * @example
 * const { segments, encoding } = countSegments('Bonjour 😀'); // 1, 'UCS-2'
 */
export function countSegments(text: string): SegmentCount {
  const encoding = isGsm(text) ? 'GSM-7' : 'UCS-2';
  const { alone, joined } = CAPACITY[encoding];
  let units = 0;
  let segments = 1;
  let used = 0;
  for (const character of text) {
    const size = encoding === 'UCS-2' ? character.length : GSM_BASIC.has(character) ? 1 : 2;
    units += size;
    if (used + size > joined) {
      segments++;
      used = 0;
    }
    used += size;
  }
  if (text === '') return { encoding, segments: 0, units: 0, unitsLeft: alone };
  return units <= alone
    ? { encoding, segments: 1, units, unitsLeft: alone - units }
    : { encoding, segments, units, unitsLeft: joined - used };
}

function isGsm(text: string): boolean {
  for (const character of text) {
    if (!GSM_BASIC.has(character) && !GSM_EXTENSION.has(character)) return false;
  }
  return true;
}
