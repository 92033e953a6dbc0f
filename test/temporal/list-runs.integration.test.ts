import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { mapConcurrently } from '../../src/domain/map-concurrently.js';
import type { TemporalClient } from '../../src/temporal/runs-options.js';
import { anHourAgo, assertRejects, createRunsFixture, type RunsFixture } from './runs-fixture.js';

const { ListWorkflowExecutionsResponse } = proto.temporal.api.workflowservice.v1;
type Listed = { workflowId: string; runId: string };

describe('what visibility lists', () => {
  let fixture: RunsFixture;
  before(async () => {
    fixture = await createRunsFixture();
  });
  after(() => fixture.close());

  /** The real client, but visibility lists these pages. */
  function listing(pages: readonly (readonly Listed[])[]): TemporalClient {
    const { workflow, options, workflowService: real } = fixture.temporal;
    const rest = [...pages];
    const listWorkflowExecutions = () =>
      Promise.resolve(
        ListWorkflowExecutionsResponse.create({
          executions: rest.shift()?.map((execution) => ({ execution })) ?? [],
          nextPageToken: Buffer.from(rest.length > 0 ? 'more' : ''),
        }),
      );
    const workflowService = new Proxy(real, {
      get: (service, name) =>
        name === 'listWorkflowExecutions' ? listWorkflowExecutions : (Reflect.get(service, name) as unknown),
    });
    return { workflow, options, workflowService };
  }
  const list = (pages: readonly (readonly Listed[])[]) =>
    fixture
      .createRuns({ client: listing(pages) })
      .listOwningRuns({ ...fixture.line(), sinceMs: anHourAgo() });
  const gone = (): Listed => ({ workflowId: `gone-${randomUUID()}`, runId: randomUUID() });

  it('may be gone when its history is read, without an error', async () => {
    const there = await fixture.start(fixture.line(), { message: 'there', script: [{ until: 'decided' }] });
    const { workflowId, firstExecutionRunId: runId } = there;
    const runs = await list([[gone(), { workflowId, runId }], [gone()]]);
    assert.deepEqual(
      runs.map(({ text }) => text),
      ['there'],
    );
    // Another run under the same workflow id is not taken for it.
    assert.deepEqual(await list([[{ workflowId, runId: randomUUID() }]]), []);
  });

  it('is read once when it is listed on two pages', async () => {
    const { workflowId, firstExecutionRunId: runId } = await fixture.start(fixture.line(), {
      script: [{ until: 'decided' }],
    });
    const run = { workflowId, runId };
    assert.equal((await list([[run], [run], [run]])).length, 1);
  });

  it('is an error beyond 500 runs', async () => {
    const most = Array.from({ length: 5 }, () => Array.from({ length: 100 }, gone));
    // What is listed twice counts once.
    assert.deepEqual(await list([...most, ...most]), []);
    await assertRejects(list([...most, [gone()]]), 'Too many runs to one number: more than 500.');
  });

  it('is an error when its ids are missing', async () => {
    await assertRejects(list([[{ workflowId: 'x', runId: '' }]]), 'Temporal listed a run without its ids.');
  });
});

describe('mapping concurrently', () => {
  it('keeps the order, within the concurrency limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently([5, 1, 4, 2, 3, 0, 6], 3, async (turns) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      running--;
      return turns * 10;
    });
    assert.deepEqual(results, [50, 10, 40, 20, 30, 0, 60]);
    assert.equal(most, 3);
  });

  it('throws the first failure, and starts nothing after it', async () => {
    const begun: number[] = [];
    const failing = mapConcurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await new Promise(setImmediate);
      if (item === 1) throw new Error('one');
    });
    await assertRejects(failing, 'one');
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.ok(begun.length <= 3, `begun: ${begun.join()}`);
  });
});
