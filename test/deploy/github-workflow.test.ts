import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { parse } from 'yaml';
import { inRepository, readRepositoryFile } from './compose-file.js';

interface Workflow {
  readonly jobs: Record<
    string,
    { readonly steps: readonly { readonly run?: string; readonly with?: Record<string, unknown> }[] }
  >;
}

describe('the GitHub workflow', () => {
  const { jobs } = parse(readRepositoryFile('.github/workflows/ci.yml')) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('runs .ci/run, which is executable', () => {
    assert.ok(steps.some(({ run }) => run === '.ci/run'));
    accessSync(inRepository('.ci/run'), constants.X_OK);
  });

  it('takes the version of Node.js that development uses', () => {
    const files = steps.flatMap((step) => step.with?.['node-version-file'] ?? []);
    assert.deepEqual(files, ['.nvmrc']);
  });
});
