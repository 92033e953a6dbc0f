import type { ActiveFault } from '../fault-rules.js';
import { html } from '../html.js';
import type { SimulatorRequest } from '../request-log.js';
import type { InboundMessage } from '../inbound-message.js';
import type { SimulatorMessage } from '../simulator-message.js';
import { listEntries } from './entry.js';
import { groupThreads, matchesSearch } from './group-threads.js';
import { renderConversation } from './render-conversation.js';
import { renderFaultPanel } from './render-faults.js';
import { renderReplyBox } from './render-reply.js';
import { renderThreads } from './render-threads.js';

/** What the page is made from; messages, replies and requests come oldest first. */
export interface PageView {
  readonly messages: readonly SimulatorMessage[];
  /** What was written to the phones of the accounts. */
  readonly inbound: readonly InboundMessage[];
  readonly requests: readonly SimulatorRequest[];
  readonly reads: readonly SimulatorRequest[];
  readonly faults: readonly ActiveFault[];
  /** Messages taken and not yet sent by their phone. */
  readonly pendingCount: number;
  /** The phone that is looked at, `all`, or undefined when nothing was chosen. */
  readonly to: string | undefined;
  readonly search: string;
  /** The simulator's address as this browser sees it. */
  readonly url: string;
}

const REQUESTS_SHOWN = 12;

/** The whole inbox page. */
export function renderPage(view: PageView): string {
  const { to = 'all', search, url } = view;
  const all = listEntries(view.messages, view.inbound);
  const found = all.filter((entry) => matchesSearch(entry, search));
  const threads = groupThreads(found);
  const shown = to === 'all' ? found : found.filter(({ number }) => number === to);
  const total = all.length;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${total === 0 ? '' : `(${total}) `}SMS simulator</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/inbox.css" />
        <link rel="stylesheet" href="/assets/columns.css" />
        <link rel="stylesheet" href="/assets/panel.css" />
        <link rel="stylesheet" href="/assets/reply.css" />
        <script type="module" src="/assets/inbox.js"></script>
      </head>
      <body>
        <header class="top">
          <img src="/assets/icon.svg" alt="" width="28" height="28" />
          <h1>SMS simulator</h1>
          <span id="live" class="live" role="status">connecting</span>
          <span id="counts" class="counts" data-live>${describeCounts(total, view.pendingCount)}</span>
          <form class="search" role="search" action="/" method="get">
            <input
              type="search"
              id="search"
              name="q"
              value="${search}"
              placeholder="Search numbers and texts"
              aria-label="Search numbers and texts"
              autocomplete="off"
            />
          </form>
          <button type="button" class="button" id="clear" title="Clear phones, sent messages and requests">
            Clear
          </button>
        </header>
        <main id="main" data-view="${view.to === undefined ? 'list' : 'thread'}">
          ${renderThreads({ threads, to, search })}
          <div class="middle">
            ${renderConversation({ entries: shown, to, search, totalCount: total, url })}
            ${renderReplyBox(to)}
          </div>
          ${renderFaultPanel({
            faults: view.faults,
            requests: view.requests.slice(-REQUESTS_SHOWN).reverse(),
            reads: view.reads,
          })}
        </main>
        <p id="announcement" class="hidden" role="status"></p>
      </body>
    </html>`.markup;
}

function describeCounts(total: number, pending: number): string {
  const messages = total === 1 ? '1 message' : `${total} messages`;
  return pending === 0 ? messages : `${messages}, ${pending} on the way`;
}
