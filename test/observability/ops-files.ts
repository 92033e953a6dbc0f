import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../support/run-node.js';

/** Where the rules are. */
export const PROMETHEUS_DIRECTORY = join(ROOT, 'ops', 'prometheus');

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly refId: string }[];
}

/** The parts of the dashboard that are checked. */
export const dashboard = JSON.parse(
  readFileSync(join(ROOT, 'ops', 'grafana', 'durable-sms.json'), 'utf8'),
) as { readonly uid: string; readonly panels: readonly Panel[] };

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const { groups } = parse(readFileSync(join(PROMETHEUS_DIRECTORY, 'alerts.yml'), 'utf8')) as {
  groups: readonly { readonly rules: readonly AlertRule[] }[];
};

/** Every alert. */
export const alerts = groups.flatMap(({ rules }) => rules);

/** The unit tests of the alerts. */
export const alertTests = (
  parse(readFileSync(join(PROMETHEUS_DIRECTORY, 'alerts.test.yml'), 'utf8')) as {
    tests: readonly { readonly name: string }[];
  }
).tests;

/**
 * Every expression of the dashboard, as Prometheus itself understands it: Grafana fills in the
 * interval.
 */
export function dashboardExpressions(): string[] {
  return dashboard.panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
  );
}

/** The names of metrics in an expression: ours and the SDK's. */
export function metricNamesIn(expression: string): string[] {
  return expression.match(/\b(?:sms|temporal)_\w+/g) ?? [];
}
