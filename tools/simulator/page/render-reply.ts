import { html, type Html } from '../html.js';
import { groupDigits } from './group-threads.js';

/**
 * The box in which a person answers from the phone of one number; nothing where all phones are
 * shown. It stays as it is while the page changes around it, unless it is another number's.
 */
export function renderReplyBox(to: string): Html {
  if (to === 'all') return html`<div id="reply" class="reply-box" data-keyed="all" hidden></div>`;
  const label = `Reply from ${groupDigits(to)}`;
  return html`<form id="reply" class="reply-box" data-keyed="${to}" data-from="${to}">
    <textarea
      id="reply-text"
      name="message"
      rows="1"
      maxlength="1600"
      required
      placeholder="${label}"
      aria-label="${label}"
      aria-describedby="reply-hint reply-error"
      dir="auto"
    ></textarea>
    <button class="button primary" type="submit">Reply</button>
    <p id="reply-hint" class="muted">Enter sends, Shift+Enter starts a new line.</p>
    <p id="reply-error" class="error" role="alert"></p>
  </form>`;
}
