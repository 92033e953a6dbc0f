import assert from 'node:assert/strict';
import { countOrErase } from '../../src/db/policy-store/forget.js';
import { createOptOutStore } from '../../src/db/policy-store/opt-outs.js';
import { listOutreach } from '../../src/db/policy-store/outreach.js';
import { createPossibleOptOutStore } from '../../src/db/policy-store/possible-opt-outs.js';
import type { Parameter } from '../../src/db/pool.js';

const accountId = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
const phone = '+33639981234';
const at = new Date(0);

/** Statements as they would go to PostgreSQL, whose answer is always these rows. */
function recordStatements(rows: readonly object[] = []) {
  const sent: { text: string; parameters: readonly Parameter[] }[] = [];
  const run = <Row extends object>(text: string, parameters: readonly Parameter[]) => {
    sent.push({ text, parameters });
    return Promise.resolve(rows as readonly Row[]);
  };
  return { sent, run };
}

const readOne = (rows: AsyncGenerator) => rows.next();

/** PostgreSQL's log shows the text of failed and slow statements, and parameters of slow ones. */
describe('statements about recipients', () => {
  const holdsNumber = (text: string) => text.includes('39981234');

  it('hold no number: what is written is a parameter', async () => {
    const { sent, run } = recordStatements();
    await createOptOutStore({ run }).add([{ accountId, phone, source: 'api' }]);
    assert.equal(sent.length, 1);
    for (const { text } of sent) assert.ok(!holdsNumber(text), text);
    assert.ok(holdsNumber(String(sent[0]?.parameters[0])), 'what is looked for is found');
  });

  it('look numbers up by digest, and send none', async () => {
    const { sent, run } = recordStatements();
    const optOuts = createOptOutStore({ run });
    const recipient = { accountId, phone };
    await optOuts.has(recipient);
    await optOuts.remove(recipient);
    await optOuts.markAnnounced([recipient]);
    for (const owner of [recipient, { phone }]) {
      await readOne(optOuts.list(owner, 10));
      await readOne(createPossibleOptOutStore({ run }).list(owner, 10));
      await readOne(listOutreach({ run }, owner, 10));
      for (const erase of [true, false]) await countOrErase(recordInto(sent, [{}]), owner, { erase });
    }
    assert.equal(sent.length, 13);
    for (const { text, parameters } of sent) assert.ok(!holdsNumber(text + parameters.join()), text);
  });

  it('go from page to page without the number', async () => {
    const row = { account_id: accountId, phone, opted_out_at: at, source: 'api', inbound_id: null };
    const { sent, run } = recordStatements([row]);
    const rows = createOptOutStore({ run }).list({}, 1);
    await rows.next();
    await rows.next();
    assert.equal(sent.length, 2);
    for (const { text, parameters } of sent) assert.ok(!holdsNumber(text + parameters.join()), text);
  });

  function recordInto(sent: { text: string; parameters: readonly Parameter[] }[], rows: readonly object[]) {
    const other = recordStatements(rows);
    return {
      run: <Row extends object>(text: string, parameters: readonly Parameter[]) => {
        sent.push({ text, parameters });
        return other.run<Row>(text, parameters);
      },
    };
  }
});
