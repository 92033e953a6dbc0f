import assert from 'node:assert/strict';
import { Command, CommanderError } from 'commander';
import { readBenchOptions } from '../../tools/bench/bench-options.js';
import { runNode } from '../support/run-node.js';

const bench = (...args: string[]) => runNode(['--import', 'tsx', 'tools/bench/main.ts', ...args]);

/** What `npm run bench` would do with these arguments, or what it says of them. */
function readOptions(...args: string[]): unknown {
  let said = '';
  const command = new Command().exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  try {
    return readBenchOptions(args, command);
  } catch (error) {
    assert.ok(error instanceof CommanderError);
    return said;
  }
}

describe('npm run bench', () => {
  it('lists options and measurements with --help', async () => {
    const { exitCode, stdout, stderr } = await bench('--help');
    assert.deepEqual([exitCode, stderr], [0, '']);
    for (const name of ['--quick', '--long', '--peers', '--rounds <count>', '--out <directory>']) {
      assert.ok(stdout.includes(name), name);
    }
    for (const name of ['worker', 'backlog', 'settings'])
      assert.match(stdout, new RegExp(`^ +${name} `, 'm'));
    assert.doesNotMatch(stdout, /Starting/);
  });

  for (const [args, message] of [
    [['--rounds', '0'], /--rounds <count>.*It must be a whole number from 1 to 50\./],
    [['memory'], /error: unknown measurement 'memory': choose worker, backlog, settings/],
  ] as const) {
    it(`refuses ${args.join(' ')}, and starts nothing`, async () => {
      const { exitCode, stdout, stderr } = await bench(...args);
      assert.deepEqual([exitCode, stdout], [1, '']);
      assert.match(stderr, message);
    });
  }

  for (const rounds of ['51', '-1', 'two', '1.5', '']) {
    it(`refuses ${JSON.stringify(rounds)} as a number of rounds`, () => {
      assert.match(String(readOptions(`--rounds=${rounds}`)), /It must be a whole number from 1 to 50\./);
    });
  }

  it('refuses anything after a measurement', () => {
    assert.match(String(readOptions('worker', 'backlog')), /error: too many arguments for 'worker'/);
  });

  it('runs the comparison by default', () => {
    assert.deepEqual(readOptions(), {
      all: false,
      quick: false,
      long: false,
      peers: false,
      out: 'bench-results',
      measurement: 'compare',
    });
  });

  it('takes options before and after the measurement', () => {
    assert.deepEqual(readOptions('--quick', 'worker', '--rounds', '3', '--out', 'there'), {
      all: false,
      quick: true,
      long: false,
      peers: false,
      rounds: 3,
      out: 'there',
      measurement: 'worker',
    });
  });
});
