import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { createLog, createTemporalLogger } from '../../src/observability/log.js';

let installed = false;

/** Keeps the SDK's log out of the test report; before the first native connection. */
export function installQuietRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: createTemporalLogger(createLog({ level: 'silent' })),
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}
