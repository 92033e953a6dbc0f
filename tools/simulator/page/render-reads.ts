import { html, type Html } from '../html.js';
import type { SimulatorRequest } from '../request-log.js';
import { renderTime } from './render-threads.js';

const NAMES: Readonly<Record<string, string>> = {
  '/getsms/': 'Inbox',
  '/log/sent/sms/': 'Sent messages',
  '/log/sent/frommobile/': 'Typed on the phone',
  '/gateway/mobile/list/': 'Phones',
};

/** How often each list was read, and what came of the last time; nothing before the first read. */
export function renderReads(reads: readonly SimulatorRequest[]): Html {
  const lists = Object.entries(NAMES).flatMap(([path, name]) => {
    const found = reads.filter((read) => read.path === path);
    const last = found.at(-1);
    return last === undefined ? [] : [{ name, last, count: found.length }];
  });
  if (lists.length === 0) return html`<div id="reads" data-live></div>`;
  return html`<div id="reads" class="requests" data-live>
    <h2>Lists read</h2>
    <ol>
      ${lists.map(
        ({ name, last: { at, outcome }, count }) =>
          html`<li>
            ${renderTime(at)}
            <span>${name}, ${count}×</span>
            <span class="outcome ${outcome === 'read' ? 'good' : 'bad'}">${outcome}</span>
          </li>`,
      )}
    </ol>
  </div>`;
}
