import type { RequestHandler } from 'express';
import type { ChangeBus } from './change-bus.js';
import type { InboundMessage } from './inbound-message.js';
import type { SimulatorMessage } from './simulator-message.js';

const HEARTBEAT_MS = 15_000;
const GATHER_MS = 50;
const RECONNECT_MS = 1_000;

/**
 * Server-Sent Events: `message` and `inbound` with the message as JSON, and `change` when anything
 * else is worth a look.
 */
export function streamEvents(bus: ChangeBus): RequestHandler {
  return (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    res.write(`retry: ${RECONNECT_MS}\n\nevent: change\ndata: {}\n\n`);
    let announced: NodeJS.Timeout | undefined;

    const onMessage = (message: SimulatorMessage) => {
      res.write(`id: ${message.id}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`);
    };
    const onInbound = (message: InboundMessage) => {
      res.write(`event: inbound\ndata: ${JSON.stringify(message)}\n\n`);
    };
    const onChange = () => {
      announced ??= setTimeout(() => {
        announced = undefined;
        res.write('event: change\ndata: {}\n\n');
      }, GATHER_MS);
    };
    const heartbeat = setInterval(() => {
      res.write(': still here\n\n');
    }, HEARTBEAT_MS);

    bus.on('message', onMessage);
    bus.on('inbound', onInbound);
    bus.on('change', onChange);
    res.once('close', () => {
      clearTimeout(announced);
      clearInterval(heartbeat);
      bus.off('message', onMessage);
      bus.off('inbound', onInbound);
      bus.off('change', onChange);
    });
  };
}
