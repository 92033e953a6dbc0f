import { SpanStatusCode, type Attributes, type Context, type Span, type Tracer } from '@opentelemetry/api';

/**
 * Does something in a span. Of an error only its type or code is kept: what errors say is not for a
 * tracing system, which has other readers than the runs have.
 */
export async function inSpan<T>(
  tracer: Tracer,
  options: { name: string; parent: Context; attributes?: Attributes },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const { name, parent, attributes = {} } = options;
  const span = tracer.startSpan(name, { attributes }, parent);
  try {
    return await work(span);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', typeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  for (const name of ['type', 'code'] as const) {
    const value: unknown = name in error ? error[name as never] : undefined;
    // A code of ours is in capitals; anything else comes from outside.
    if (typeof value === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(value)) return value;
  }
  return error.name;
}
