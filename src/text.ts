/**
 * Counts the segments of a text before it is sent, in a browser too: nothing here needs Node.js.
 *
 * @packageDocumentation
 */
export { isVisible, isWellFormed } from './domain/message-text.js';
export { countSegments, MAX_SEGMENTS, type SegmentCount } from './domain/segments.js';
