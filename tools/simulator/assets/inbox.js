/* global document, window, location, history, fetch, DOMParser, EventSource, URL, FormData, setTimeout, clearTimeout, navigator */

const live = document.getElementById('live');
const announcement = document.getElementById('announcement');
const search = document.getElementById('search');
const form = document.getElementById('fault-form');

function localizeTimes(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll('time')) {
    const moment = new Date(time.dateTime);
    const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    const short = 'short' in time.dataset;
    const clock = moment.toLocaleTimeString([], short ? parts : { ...parts, second: '2-digit' });
    const day = moment.toLocaleDateString([], { day: 'numeric', month: 'short' });
    time.textContent = moment.toDateString() === today ? clock : short ? day : `${day}, ${clock}`;
    time.title = moment.toLocaleString();
  }
}

let looking = false;
let lookAgain = false;

/** Fetches the page anew and replaces the parts that changed. */
async function refresh() {
  if (looking) {
    lookAgain = true;
    return;
  }
  looking = true;
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (response.ok) swap(new DOMParser().parseFromString(await response.text(), 'text/html'));
  } catch {
    // The event stream says that the connection is lost, and asks again once it is back.
  } finally {
    looking = false;
    if (lookAgain) {
      lookAgain = false;
      void refresh();
    }
  }
}

function swap(page) {
  document.title = page.title;
  document.getElementById('main').dataset.view = page.getElementById('main').dataset.view;
  const focused = document.activeElement?.id;
  localizeTimes(page);
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(part.id);
    if (fresh === null || fresh.isEqualNode(part)) continue;
    const known = new Set([...part.querySelectorAll('[id]')].map(({ id }) => id));
    const { scrollTop } = part;
    if (known.size > 0) {
      for (const item of fresh.querySelectorAll('li[id]')) {
        if (!known.has(item.id)) item.classList.add('arrived');
      }
    }
    part.replaceWith(document.adoptNode(fresh));
    fresh.scrollTop = scrollTop;
  }
  for (const part of document.querySelectorAll('[data-keyed]')) {
    const fresh = page.getElementById(part.id);
    if (fresh !== null && fresh.dataset.keyed !== part.dataset.keyed)
      part.replaceWith(document.adoptNode(fresh));
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

function listen() {
  const events = new EventSource('/_control/events');
  const say = (state, text) => {
    live.className = `live ${state}`;
    live.textContent = text;
  };
  events.addEventListener('open', () => say('on', 'live'));
  events.addEventListener('change', () => void refresh());
  events.addEventListener('message', ({ data }) => {
    announcement.textContent = `New message to ${JSON.parse(data).recipient}`;
    void refresh();
  });
  events.addEventListener('inbound', ({ data }) => {
    announcement.textContent = `New reply from ${JSON.parse(data).from}`;
    void refresh();
  });
  events.addEventListener('error', () => {
    say('off', 'reconnecting');
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
  window.addEventListener('pagehide', () => events.close(), { once: true });
}

async function control(method, path, body) {
  const response = await fetch(`/_control/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return response.ok ? '' : (await response.json()).message;
}

function show(href) {
  history.pushState(null, '', href);
  document.getElementById('conversation').scrollTop = 0;
  void refresh();
}

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-view-link], [data-remove], [data-copy], #clear');
  if (target === null) return;
  if (target.matches('[data-view-link]')) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (target.matches('[data-clear-search]')) search.value = '';
    show(target.href);
  } else if (target.matches('[data-remove]')) {
    void control('DELETE', `faults/${target.dataset.remove}`);
  } else if (target.matches('[data-copy]')) {
    void copy(target);
  } else {
    void control('POST', 'clear');
  }
});

document.addEventListener('submit', (event) => {
  if (event.target.id !== 'reply') return;
  event.preventDefault();
  void reply(event.target);
});

document.addEventListener('keydown', (event) => {
  if (event.target.id !== 'reply-text' || event.key !== 'Enter' || event.shiftKey || event.isComposing)
    return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

async function reply(box) {
  const { message } = box.elements;
  const text = message.value;
  message.value = '';
  const problem = await control('POST', 'inbound', { from: box.dataset.from, message: text });
  document.getElementById('reply-error').textContent = problem;
  if (problem !== '' && message.value === '') message.value = text;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  } catch {
    window.getSelection()?.selectAllChildren(source);
  }
}

let typing;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const address = new URL(location.href);
    if (search.value === '') address.searchParams.delete('q');
    else address.searchParams.set('q', search.value);
    history.replaceState(null, '', address);
    void refresh();
  }, 120);
});
search.form.addEventListener('submit', (event) => event.preventDefault());
window.addEventListener('popstate', () => {
  search.value = new URL(location.href).searchParams.get('q') ?? '';
  void refresh();
});

function offerRecorded() {
  const inDoubt = 'inDoubt' in form.kind.selectedOptions[0].dataset;
  form.recorded.disabled = !inDoubt;
  if (!inDoubt) form.recorded.checked = false;
}

form.kind.addEventListener('change', offerRecorded);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  const number = fields.get('number').replaceAll(' ', '');
  const error = document.getElementById('fault-error');
  error.textContent = await control('POST', 'faults', {
    kind: fields.get('kind'),
    ...(fields.get('times') !== '' && { times: Number(fields.get('times')) }),
    ...(number !== '' && { number }),
    ...(fields.has('recorded') && { recorded: true }),
  });
});

localizeTimes(document);
offerRecorded();
listen();
