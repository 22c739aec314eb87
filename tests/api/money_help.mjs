// money_help.mjs -- a county whose money is one test's own, and what is asked of
// the database as the roles of the service.
import assert from 'node:assert/strict';
import { call } from '../lib/client.mjs';
import { person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { minter, sql } from './help.mjs';

export const SHUANGPAI = { code: '431123', town: '431123100', name: '双牌县' };
export const DAO = { code: '431124', town: '431124101', name: '道县' };
export const mint = minter((await person()).token);
export const officer = (...roles) => mint({ roles });

// One officer of a step in a county, with the account's id.
export function hand(role, county, sub) {
  const id = sub ?? crypto.randomUUID();
  return { id, token: mint({ roles: [`${role}@${county.code}`], sub: id }) };
}

export const review = (who, step, list, over = {}) => call('POST', `/v1/subsidies/claims/${step}`, { token: who.token,
  refused: true, body: { claim_ids: list.map((c) => c.id ?? c), decision: 'pass', ...over } });

// What the database says to a role of the service, in a scope: '' or the refusal.
export function says(role, scope, text) {
  try {
    sql(`SET app.scope = '${scope}|2025-10-20T04:00:00Z|';\n${text}`, role);
    return '';
  } catch (error) { return String(error.stderr ?? error.message); }
}

// The three sums of every allotment: by its columns, its entries and its claims.
export function ledgerError() {
  return Number(sql(`SELECT coalesce(sum(abs(a.appropriated_cents - e.given) + abs(a.reserved_cents - e.reserved)
      + abs(a.committed_cents - e.committed) + abs(a.paid_cents - e.paid) + abs(a.reserved_cents - c.reserved)
      + abs(a.committed_cents - c.committed) + abs(a.paid_cents - c.paid) + abs(a.returned_cents - c.returned)), 0)
    FROM subsidies.allotment a
    CROSS JOIN LATERAL (SELECT
        coalesce(sum(amount_cents * ((debit = 'treasury')::int - (credit = 'treasury')::int)), 0) AS given,
        coalesce(sum(amount_cents * ((credit = 'reserved')::int - (debit = 'reserved')::int)), 0) AS reserved,
        coalesce(sum(amount_cents * ((credit = 'committed')::int - (debit = 'committed')::int)), 0) AS committed,
        coalesce(sum(amount_cents * ((credit = 'paid')::int - (debit = 'paid')::int)), 0) AS paid
      FROM subsidies.ledger_entry x WHERE x.allotment_id = a.id) e
    CROSS JOIN LATERAL (SELECT
        coalesce(sum(amount_cents) FILTER (WHERE funds = 'reserved'), 0) AS reserved,
        coalesce(sum(amount_cents) FILTER (WHERE funds = 'committed'), 0) AS committed,
        coalesce(sum(amount_cents - recovered_cents) FILTER (WHERE funds = 'paid'), 0) AS paid,
        coalesce(sum(recovered_cents), 0) AS returned
      FROM subsidies.claim x WHERE x.allotment_id = a.id) c`)[0][0]);
}

// Confirmed claims of a new firm, approved and paid by five people of the county.
export async function paid(county, n) {
  const w = await g.candidates(county, n);
  await g.confirm(w.firm);
  for (const [role, step] of [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    assert.equal((await review(hand(role, county), step, w.list)).status, 200);
  const approver = hand('approve', county);
  await call('POST', '/v1/subsidies/notices', { token: approver.token, body: { claim_ids: w.list.map((c) => c.id) } });
  await g.at('2025-10-29');
  await pay(county);
  await g.at(g.NOW);
  return w;
}

export async function pay(county, policy_code = g.POLICY, time = '2025-10-29T10:00:00+08:00') {
  const { token } = hand('finance', county);
  const batch = await call('POST', '/v1/subsidies/payment-batches', { token, body: { policy_code, county_code: county.code } });
  const path = `/v1/subsidies/payment-batches/${batch.id}`;
  await call('POST', `${path}/release`, { token: hand('fiscal', county).token, body: { release_no: `CZ${batch.batch_no}` } });
  for (const signer of [hand('finance', county), hand('finance', county)])
    await call('POST', `${path}/sign`, { token: signer.token, body: {} });
  const file = await call('GET', `${path}/file`, { token });
  await call('POST', `${path}/send`, { token });
  await call('POST', `${path}/reply`, { token, headers: { 'content-type': 'text/csv' },
    raw: g.bankReply(file, null, time) });
}
