import type { ActivityPorts } from '../activities/ports.js';
import type { SmsMetrics } from './sms-metrics.js';

/** The same ports, measured. */
export function measurePorts(ports: ActivityPorts, metrics: SmsMetrics): ActivityPorts {
  const { policies } = ports;
  return {
    ...ports,
    policies: policies && {
      ...policies,
      async reserveMoment(request) {
        const decided = await policies.reserveMoment(request);
        if (decided.waitsFor !== undefined) metrics.policies.countWait(decided.waitsFor);
        return decided;
      },
    },
    accounts: {
      async findEncryptedApiKey(...parameters) {
        try {
          const found = await ports.accounts.findEncryptedApiKey(...parameters);
          metrics.countDatabaseRead('answered');
          return found;
        } catch (error) {
          metrics.countDatabaseRead('failed');
          throw error;
        }
      },
    },
    provider: {
      async send(request) {
        const startedAt = performance.now();
        const outcome = await ports.provider.send(request);
        metrics.countRequest(outcome, performance.now() - startedAt);
        return outcome;
      },
    },
  };
}
