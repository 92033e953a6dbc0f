import { describeFault, isSendFault, SEND_FAULT_KINDS, type FaultKind } from '../fault-catalog.js';
import type { ActiveFault } from '../fault-rules.js';
import { html, type Html } from '../html.js';
import { LIST_FAULTS, listFaultKinds, LISTS, splitListFault, type ListName } from '../list-fault-catalog.js';
import type { SimulatorRequest } from '../request-log.js';
import { groupDigits } from './group-threads.js';
import { renderReads } from './render-reads.js';
import { renderTime } from './render-threads.js';

/** The form that chooses a fault, the faults in force, and the last requests. */
export function renderFaultPanel(view: {
  faults: readonly ActiveFault[];
  requests: readonly SimulatorRequest[];
  /** Of the lists, oldest first. */
  reads: readonly SimulatorRequest[];
}): Html {
  return html`<aside class="panel" id="faults" aria-label="Faults and requests">
    <h2>Faults</h2>
    <form id="fault-form" class="fault-form">
      <label>
        What goes wrong
        <select name="kind">
          ${renderKinds()}
        </select>
      </label>
      <div class="pair">
        <label>
          How often
          <input name="times" type="number" min="1" max="1000000" value="1" placeholder="always" />
        </label>
        <label>
          Only for number
          <input
            name="number"
            inputmode="tel"
            placeholder="any"
            pattern="\\+?[0-9 ]{1,20}"
            autocomplete="off"
          />
        </label>
      </div>
      <label class="check">
        <input name="recorded" type="checkbox" />
        <span>Recorded: the message is sent anyway</span>
      </label>
      <button class="button primary" type="submit">Add fault</button>
      <p id="fault-error" class="error" role="alert"></p>
    </form>
    ${renderActive(view.faults)} ${renderRequests(view.requests)} ${renderReads(view.reads)}
  </aside>`;
}

function renderKinds(): Html[] {
  const groups = [...new Set(SEND_FAULT_KINDS.map((kind) => describeFault(kind).group))];
  const sends = groups.map(
    (group) =>
      html`<optgroup label="${group}">
        ${SEND_FAULT_KINDS.filter((kind) => describeFault(kind).group === group).map((kind) => {
          const { title, isOutcomeUnknown } = describeFault(kind);
          const doubt = isOutcomeUnknown ? html`data-in-doubt` : null;
          const first = kind === 'http-503' ? html`selected` : null;
          return html`<option value="${kind}" ${doubt} ${first}>${title}</option>`;
        })}
      </optgroup>`,
  );
  const lists = (Object.keys(LISTS) as ListName[]).map((list) => {
    const options = listFaultKinds(list).map(
      (kind) => html`<option value="${kind}">${titleOf(kind)}</option>`,
    );
    return html`<optgroup label="${LISTS[list]}">${options}</optgroup>`;
  });
  return [...sends, ...lists];
}

/** One line for people; a fault of a list names the list. */
function titleOf(kind: FaultKind): string {
  if (isSendFault(kind)) return describeFault(kind).title;
  const { list, name } = splitListFault(kind);
  return `${LIST_TITLES[list]}: ${LIST_FAULTS[name]}`;
}

const LIST_TITLES: Readonly<Record<ListName, string>> = {
  log: 'list',
  inbox: 'inbox',
  typed: 'typed',
  phones: 'phones',
};

function renderActive(faults: readonly ActiveFault[]): Html {
  return html`<div id="active-faults" class="active" aria-live="polite" data-live>
    ${faults.length === 0 ? html`<p class="muted">No active faults. Magic numbers always work.</p>` : null}
    <ul>
      ${faults.map(({ id, rule, hits, remaining }) => {
        const title = titleOf(rule.kind);
        const details = [
          remaining === null ? 'always' : `next ${remaining}`,
          rule.number === undefined ? '' : `to ${groupDigits(rule.number)}`,
          rule.probability === undefined ? '' : `chance ${rule.probability * 100} %`,
          rule.recorded === true ? 'recorded' : '',
          hits === 0 ? '' : `hit ${hits}×`,
        ].filter((detail) => detail !== '');
        return html`<li>
          <span><strong>${title}</strong><br /><span class="muted">${details.join(' · ')}</span></span>
          <button
            type="button"
            class="button quiet"
            id="remove-${id}"
            data-remove="${id}"
            aria-label="Remove ${title}"
          >
            ✕
          </button>
        </li>`;
      })}
    </ul>
  </div>`;
}

function renderRequests(requests: readonly SimulatorRequest[]): Html {
  return html`<div id="requests" class="requests" data-live>
    <h2>Last requests</h2>
    ${requests.length === 0 ? html`<p class="muted">None yet.</p>` : null}
    <ol>
      ${requests.map(
        ({ sequence, at, fields, outcome, recorded }) =>
          html`<li id="request-${sequence}">
            ${renderTime(at)}
            <span class="request-number">${groupDigits(fields['recipients'] ?? '—')}</span>
            <span class="outcome ${outcome === 'accepted' ? 'good' : recorded ? 'doubt' : 'bad'}">
              ${outcome}${recorded && outcome !== 'accepted' ? ', recorded' : ''}
            </span>
          </li>`,
      )}
    </ol>
  </div>`;
}
