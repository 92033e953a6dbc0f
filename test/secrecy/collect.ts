import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { writePayload } from '../../src/codec-server/payload-json.js';
import { ENCRYPTED_ENCODING, metadataText } from '../../src/encryption/payload-metadata.js';
import { decodeAll } from '../support/decode-all.js';
import { fetchHistory, rawTextOf } from '../support/run-history.js';
import { mapConcurrently } from '../../src/domain/map-concurrently.js';
import type { World } from './secrecy-world.js';
import type { Trail } from './trail.js';

const { History } = proto.temporal.api.history.v1;
const { DescribeWorkflowExecutionResponse, ListWorkflowExecutionsResponse, QueryWorkflowResponse } =
  proto.temporal.api.workflowservice.v1;

/** What a worker answers about any run. */
const QUERIES = ['__temporal_workflow_metadata', '__stack_trace', '__enhanced_stack_trace'];

/**
 * Keeps what Temporal has of every run: its history as stored and as keys open it, and what its
 * tools show.
 */
export async function collectRuns(world: World, trail: Trail): Promise<void> {
  const workflowIds = await collectList(world, trail);
  await mapConcurrently(workflowIds, 4, (workflowId) => collectRun(world, trail, workflowId));
}

/** Keeps Temporal's list of runs; returns their workflow ids. */
export async function collectList({ temporal }: World, trail: Trail): Promise<string[]> {
  const { workflowService: service } = temporal;
  const list = await service.listWorkflowExecutions({ namespace: 'default', pageSize: 1_000 });
  trail.add('shown by Temporal', 'list', Buffer.from(ListWorkflowExecutionsResponse.encode(list).finish()));
  return list.executions.map(({ execution }) => execution?.workflowId ?? '');
}

/** Keeps what Temporal has of one run. */
export async function collectRun(world: World, trail: Trail, workflowId: string): Promise<void> {
  const { temporal } = world;
  const history = await fetchHistory(temporal, workflowId);
  trail.add('stored in Temporal', `history of ${workflowId}`, Buffer.from(History.encode(history).finish()));
  const description = await temporal.workflowService.describeWorkflowExecution({
    namespace: 'default',
    execution: { workflowId },
  });
  const described = DescribeWorkflowExecutionResponse.encode(description).finish();
  trail.add('shown by Temporal', `describe ${workflowId}`, Buffer.from(described));
  const decoded = rawTextOf(await decodeAll(temporal, [history, description]));
  trail.add('stored in Temporal, decrypted', workflowId, decoded);
  const answer = await askCodecServer(world, [history, description]);
  trail.add('stored in Temporal, decrypted', `codec server, ${workflowId}`, answer);
  const { value } = await world.call('observe', [workflowId]);
  trail.add('shown to pages', workflowId, JSON.stringify(value));
}

/** Keeps what the worker answers to the queries of Temporal's tools about a run. */
export async function collectQueries({ temporal }: World, trail: Trail, workflowId: string): Promise<void> {
  for (const queryType of QUERIES) {
    const response = await temporal.workflowService.queryWorkflow({
      namespace: 'default',
      execution: { workflowId },
      query: { queryType },
    });
    const raw = Buffer.from(QueryWorkflowResponse.encode(response).finish());
    trail.add('shown by Temporal', `${queryType} of ${workflowId}`, raw);
    const decoded = rawTextOf(await decodeAll(temporal, response));
    trail.add('stored in Temporal, decrypted', `${queryType} of ${workflowId}`, decoded);
  }
}

/** Keeps what the worker serves to those who watch it. */
export async function collectEndpoints({ metricsUrl, healthUrl }: World, trail: Trail): Promise<void> {
  for (const url of [`${metricsUrl}/metrics`, `${healthUrl}/healthz`, `${healthUrl}/readyz`]) {
    const response = await fetch(url);
    const headers = JSON.stringify([...response.headers]);
    trail.add('served by the worker', url, `${headers}\n${await response.text()}`);
  }
}

/** Keeps the files of the Temporal server as they are now. */
export async function collectFiles(world: World, trail: Trail, when: string): Promise<string[]> {
  const names = await readdir(world.temporalDirectory);
  for (const name of names) {
    trail.add('files of Temporal', `${name}, ${when}`, await readFile(join(world.temporalDirectory, name)));
  }
  return names;
}

/** What the codec server makes of all payloads in there, as a browser gets it. */
async function askCodecServer({ codecServerUrl }: World, history: object): Promise<Buffer> {
  const response = await fetch(`${codecServerUrl}/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default' },
    body: JSON.stringify({ payloads: payloadsIn(history).map(writePayload) }),
  });
  const { payloads } = (await response.json()) as { payloads: { data: string }[] };
  return Buffer.concat(payloads.map(({ data }) => Buffer.from(data, 'base64')));
}

function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && metadataText(value as Payload, 'encoding') === ENCRYPTED_ENCODING)
    return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}
