import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import type { ClientCall, ClientOrder, ClientReply } from './client-process.js';

/** The web server of its own, and what it wrote. */
export interface ClientInProcess {
  readonly call: (
    call: ClientCall,
    args: readonly unknown[],
    client?: ClientOrder['client'],
  ) => Promise<ClientReply>;
  readonly stop: () => Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('client-process.ts', import.meta.url));

/** Starts it with exactly these variables; it ends by itself when this process is gone. */
export async function startClientProcess(options: {
  environment: Record<string, string>;
  onOutput: (text: string) => void;
}): Promise<ClientInProcess> {
  const child = fork(SCRIPT, {
    env: childEnvironment(options.environment),
    execArgv: ['--import', 'tsx'],
    silent: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', options.onOutput);
  const waiting = new Map<number, (reply: ClientReply) => void>();
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`The client's process ended with ${code ?? 'a signal'}.`));
    });
    child.on('message', (message: ClientReply | 'ready') => {
      if (message === 'ready') resolve();
      else waiting.get(message.id)?.(message);
    });
  });
  await ready;
  let orders = 0;
  return {
    call: (call, args, client = 'fitting') =>
      new Promise((resolve) => {
        const order: ClientOrder = { id: ++orders, client, call, args };
        waiting.set(order.id, resolve);
        child.send(order);
      }),
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
