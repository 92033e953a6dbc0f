import { inspect } from 'node:util';

/**
 * All that an error can be made to tell: what loggers, debuggers and collectors of errors make of
 * it.
 */
export function inspectError(error: unknown): string {
  const parts: unknown[] = [String(error), bytesIn(error, new Set())];
  const everything = { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null };
  // In one line, as a list of bytes is else broken and padded.
  parts.push(inspect(error, everything).replaceAll(/\s+/g, ' '), inspect(error));
  parts.push(JSON.stringify(error, dropCycles()));
  for (let inner = error; inner instanceof Error; inner = inner.cause)
    parts.push(inner.stack, JSON.stringify(inner, Object.getOwnPropertyNames(inner)));
  return parts.join('\n');
}

/** The bytes and strings of every buffer, map and set that hangs from a value. */
function bytesIn(value: unknown, seen: Set<unknown>): string {
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString('latin1')}\n`;
  if (typeof value === 'string') return `${value}\n`;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
    return '';
  seen.add(value);
  const entries = value instanceof Map || value instanceof Set ? ([...value].flat() as unknown[]) : [];
  const own = Reflect.ownKeys(value).map(
    (key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown,
  );
  return [...own, ...entries].map((inner) => bytesIn(inner, seen)).join('');
}

function dropCycles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_, value) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}
