import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { ROOT } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';
import { alerts, alertTests, dashboard, dashboardExpressions, PROMETHEUS_DIRECTORY } from './ops-files.js';

/** Read before the environment is emptied. */
const isRequired = process.env['CI_PROMTOOL'] === 'required';

describe('the alerts', () => {
  it('each have a test that fires and one that does not', () => {
    const names = alertTests.map(({ name }) => name).sort();
    const wanted = alerts.flatMap(({ alert }) => [`${alert} fires`, `${alert} stays quiet`]).sort();
    assert.deepEqual(names, wanted);
  });

  it('each say in one sentence what is wrong, and where to read on', () => {
    for (const { alert, annotations } of alerts) {
      assert.ok(annotations.summary.length > 20, alert);
      assert.match(annotations.runbook_url, /^docs\/runbook\.md#[a-z]+(?:-[a-z]+)*$/, alert);
    }
  });
});

describe('the dashboard', () => {
  it('has panels with unique ids that fit the grid without overlap, and queries with unique letters', () => {
    const { panels } = dashboard;
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => ({ column: x + (cell % w), row: y + Math.floor(cell / w) })),
    );
    assert.equal(new Set(cells.map(({ column, row }) => `${column}/${row}`)).size, cells.length);
    assert.ok(cells.every(({ column }) => column >= 0 && column < 24));
    for (const { title, targets } of panels) {
      assert.ok(targets.length > 0, title);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
    }
  });
});

describe('promtool', () => {
  before(async function () {
    const { failed } = await execa('promtool', ['--version'], { reject: false });
    if (!failed) return;
    assert.ok(!isRequired, 'CI_PROMTOOL=required, and there is no promtool.');
    process.stderr.write('      skipped: promtool is not installed (Debian package prometheus)\n');
    this.skip();
  });

  async function promtool(...args: string[]): Promise<void> {
    const { failed, all } = await execa('promtool', args, {
      reject: false,
      all: true,
      cwd: PROMETHEUS_DIRECTORY,
    });
    assert.ok(!failed, all);
  }

  it('accepts the alerts', () => promtool('check', 'rules', '--lint-fatal', 'alerts.yml'));

  it('fires every alert exactly when it should', () => promtool('test', 'rules', 'alerts.test.yml'));

  it('accepts every expression of the dashboard', async () => {
    const rules = dashboardExpressions().map((expr, index) => ({
      record: `dashboard:expression_${index}`,
      expr,
    }));
    assert.ok(rules.length > 15);
    const path = join(await makeDirectory('promql'), 'dashboard.yml');
    await writeFile(path, stringify({ groups: [{ name: 'dashboard', rules }] }));
    await promtool('check', 'rules', path);
  });
});

describe('the documentation of the metrics', () => {
  it('names every metric of ours in the alerts and the dashboard', () => {
    const page = readFileSync(join(ROOT, 'docs', 'observability.md'), 'utf8');
    const used = [...dashboardExpressions(), ...alerts.map(({ expr }) => expr)].flatMap(
      (expr) => expr.match(/\bsms_\w+/g) ?? [],
    );
    for (const name of used) assert.ok(page.includes(name.replace(/_bucket$/, '')), name);
  });
});
