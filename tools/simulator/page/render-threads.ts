import { html, type Html } from '../html.js';
import { groupDigits, type Thread } from './group-threads.js';

const SHOWN = 200;

/** Where the page shows one thread (or `all`) with the search kept. */
export function viewLink(to: string, search: string): string {
  return `/?${new URLSearchParams({ to, ...(search !== '' && { q: search }) }).toString()}`;
}

/** A round sign on one of eight colours: a number's last two digits, or a name's first letters. */
export function renderAvatar(recipient: string): Html {
  const sign = /\d\d$/.test(recipient) ? recipient.slice(-2) : recipient.slice(0, 2);
  const hue = (Number(recipient.slice(-4).replace(/\D/g, '')) % 89) % 8;
  return html`<span class="avatar hue-${hue}" aria-hidden="true">${sign}</span>`;
}

/** A time that the browser shows in its own time zone, with seconds unless short. */
export function renderTime(iso: string, { short = false } = {}): Html {
  const text = iso.slice(11, short ? 16 : 19);
  return html`<time datetime="${iso}" ${short ? html`data-short` : null}>${text}</time>`;
}

/** The list of phones, newest first. */
export function renderThreads(view: { threads: readonly Thread[]; to: string; search: string }): Html {
  const { threads, to, search } = view;
  const total = threads.reduce((sum, { entries }) => sum + entries.length, 0);
  return html`<nav id="threads" class="threads" aria-label="Phones" data-live>
    ${renderLink({
      to: 'all',
      current: to === 'all',
      search,
      sign: html`<span class="avatar all" aria-hidden="true">all</span>`,
      name: 'All phones',
      aside: null,
      line: threads.length === 1 ? '1 phone' : `${threads.length} phones`,
      count: total,
    })}
    ${threads.slice(0, SHOWN).map(({ number, entries: [newest, ...older] }) =>
      renderLink({
        to: number,
        current: to === number,
        search,
        sign: renderAvatar(number),
        name: groupDigits(number),
        aside: renderTime(newest.at, { short: true }),
        line: newest.isReply ? `↩ ${newest.text}` : newest.text,
        count: older.length + 1,
      }),
    )}
    ${threads.length > SHOWN ? html`<p class="more">${threads.length - SHOWN} more: use the search.</p>` : null}
  </nav>`;
}

function renderLink(link: {
  to: string;
  current: boolean;
  search: string;
  sign: Html;
  name: string;
  aside: Html | null;
  line: string;
  count: number;
}): Html {
  return html`<a
    id="thread-${link.to}"
    class="thread"
    href="${viewLink(link.to, link.search)}"
    data-view-link
    ${link.current ? html`aria-current="true"` : null}
  >
    ${link.sign}
    <span class="thread-name">${link.name}</span>
    <span class="thread-time">${link.aside}</span>
    <span class="thread-line">${link.line.slice(0, 120)}</span>
    <span class="count">${link.count}<span class="hidden"> messages</span></span>
  </a>`;
}
