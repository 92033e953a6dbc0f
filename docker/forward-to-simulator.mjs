// A worker accepts plain http on its own loopback only. Preloaded in the worker that talks to the simulator, this passes on what comes to
// SMSMOBILEAPI_URL to SIMULATOR_ADDRESS, host:port. It listens only while the simulator can be reached: where it listened and the simulator
// did not, the worker would write its request, and could not know that it went nowhere.
import { connect, createServer } from 'node:net';
import { setInterval } from 'node:timers';
import { URL } from 'node:url';

const LOOK_EVERY_MS = 500;

const from = new URL(process.env.SMSMOBILEAPI_URL);
const { hostname, port } = new URL(`http://${process.env.SIMULATOR_ADDRESS}`);
const reach = () => connect({ host: hostname, port: Number(port), allowHalfOpen: true });

const server = createServer({ allowHalfOpen: true }, (worker) => {
  const simulator = reach();
  worker.pipe(simulator).pipe(worker);
  worker.on('error', () => simulator.destroy());
  simulator.on('error', () => worker.resetAndDestroy());
});
// Another process has the port: the worker's own log says that nothing can be sent.
server.on('error', () => undefined);
// The worker ends without waiting for this.
server.unref();

function look() {
  const probe = reach();
  probe.setTimeout(LOOK_EVERY_MS, () => probe.destroy(new Error('no answer')));
  probe.once('error', () => server.close());
  probe.once('connect', () => {
    probe.destroy();
    if (!server.listening) server.listen(Number(from.port), from.hostname);
  });
}

look();
setInterval(look, LOOK_EVERY_MS).unref();
