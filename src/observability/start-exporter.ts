import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** A tracer whose spans are exported. */
export interface TraceExporter {
  readonly tracer: Tracer;
  /**
   * Exports what is left, for as long as the exporter may take (10 s unless
   * OTEL_EXPORTER_OTLP_TIMEOUT says otherwise).
   */
  close(): Promise<void>;
}

/**
 * Exports spans over OTLP/HTTP. The exporter itself reads the standard variables of OpenTelemetry:
 * endpoint, headers, time-out and sampler. Nothing is instrumented by itself, as HTTP
 * instrumentations record whole addresses.
 */
export function startTraceExporter({ serviceName }: { serviceName: string }): TraceExporter {
  const provider = new BasicTracerProvider({
    resource: new Resource({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  return {
    tracer: provider.getTracer('durable-sms'),
    // A collector that is away must not keep a worker from ending.
    close: () => provider.shutdown().catch(() => undefined),
  };
}
