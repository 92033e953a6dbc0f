import { html, type Html } from '../html.js';
import type { Entry } from './entry.js';
import { groupDigits } from './group-threads.js';
import { renderAvatar, renderTime, viewLink } from './render-threads.js';

const SHOWN = 200;

/** What the middle of the page shows. */
export interface ConversationView {
  /** Newest first, of one phone or of all. */
  readonly entries: readonly Entry[];
  readonly to: string;
  readonly search: string;
  /** Messages in the inbox, whether they fit the search or not. */
  readonly totalCount: number;
  /** The simulator's address as this browser sees it. */
  readonly url: string;
}

/** The messages of one phone, or of all, as bubbles; or what to do when there are none. */
export function renderConversation(view: ConversationView): Html {
  const { entries, to, search } = view;
  const title = to === 'all' ? 'All phones' : groupDigits(to);
  const count = entries.length === 1 ? '1 message' : `${entries.length} messages`;
  return html`<section id="conversation" class="conversation" aria-labelledby="conversation-title" data-live>
    <header class="conversation-head">
      <a
        class="back"
        href="/${search === '' ? '' : `?${new URLSearchParams({ q: search }).toString()}`}"
        data-view-link
        aria-label="Back to the phones"
        >‹</a
      >
      ${to === 'all' ? null : renderAvatar(to)}
      <h2 id="conversation-title">${title}</h2>
      <span class="muted">${count}</span>
    </header>
    ${entries.length === 0 ? renderNothing(view) : null}
    <ol class="bubbles">
      ${entries.slice(0, SHOWN).map((entry) => renderBubble(entry, to === 'all', search))}
    </ol>
    ${entries.length > SHOWN ? html`<p class="more">Showing the newest ${SHOWN}.</p>` : null}
  </section>`;
}

function renderBubble(entry: Entry, withNumber: boolean, search: string): Html {
  const { id, number, text, at, isReply, phoneLabel, simSlot, accountLabel } = entry;
  const sim = simSlot === null ? '' : `, SIM ${simSlot}`;
  return html`<li class="message${isReply ? ' reply' : ''}" id="message-${id}">
    ${
      withNumber
        ? html`<a class="recipient" href="${viewLink(number, search)}" data-view-link>
            ${renderAvatar(number)} ${groupDigits(number)}
          </a>`
        : null
    }
    <p class="bubble" dir="auto">${text}</p>
    <p class="meta">
      ${renderTime(at)}
      <span>${isReply ? 'reply to' : 'from'} ${phoneLabel}${sim}</span>
      <span>${accountLabel}</span>
      <code title="Message id ${id}">${id.slice(0, 8)}</code>
    </p>
  </li>`;
}

function renderNothing({ search, totalCount, to, url }: ConversationView): Html {
  if (search !== '') {
    return html`<div class="nothing">
      <h3>No match for “${search}”</h3>
      <p>The search covers numbers, texts and message ids.</p>
      <p><a class="button" href="/" data-view-link data-clear-search>Show everything</a></p>
    </div>`;
  }
  if (totalCount > 0 && to !== 'all') {
    return html`<div class="nothing"><h3>No messages for this number</h3></div>`;
  }
  return html`<div class="nothing">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z" />
    </svg>
    <h3>No messages yet</h3>
    <p>Point the application at <code>${url}</code>, or send a first message by hand:</p>
    <div class="command">
      <pre id="first-command" tabindex="0" aria-label="Command that sends a message">
${firstCommand(url)}</pre>
      <button type="button" class="button" data-copy="first-command">Copy</button>
    </div>
    <p class="muted">
      <code>$API_KEY</code> is the key that the simulator accepts. The terminal that started it shows it.
    </p>
  </div>`;
}

function firstCommand(url: string): string {
  return `curl ${url}/sendsms/ \\
  --data-urlencode "apikey=$API_KEY" \\
  --data-urlencode "recipients=+33639980001" \\
  --data-urlencode "message=Hello from the simulator"`;
}
