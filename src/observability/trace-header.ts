import { isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from '../domain/names.js';

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * The headers with the ids of a span, and nothing else: headers are stored in clear, and what else
 * travels with a trace, such as baggage, may hold anything.
 */
export function withTrace(headers: Headers, span: SpanContext): Headers {
  if (!isSpanContextValid(span)) return headers;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  const traceparent = `00-${span.traceId}-${span.spanId}-${flags}`;
  return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload({ traceparent }) };
}

/** The span that headers name; undefined where there is none, or none that can be read. */
export function readTrace(headers: Headers): SpanContext | undefined {
  const payload = headers[TRACE_HEADER];
  if (payload === undefined) return undefined;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparentOf(payload)) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}

function traceparentOf(payload: Headers[string]): string {
  try {
    const carrier: unknown = defaultPayloadConverter.fromPayload(payload);
    if (typeof carrier !== 'object' || carrier === null || !('traceparent' in carrier)) return '';
    return typeof carrier.traceparent === 'string' ? carrier.traceparent : '';
  } catch {
    return '';
  }
}
