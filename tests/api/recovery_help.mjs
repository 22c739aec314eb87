// recovery_help.mjs -- paid claims, what comes to light about them, and the
// officers who take the money back.
import assert from 'node:assert/strict';
import * as g from './grant.mjs';
import { sql } from './help.mjs';

export const PAID_ON = '2025-10-29';
export const RECOVERIES = '/v1/subsidies/recoveries';
export const WHY = { reason: '招用三个月内已解除合同', legal_basis: '人社部发〔2024〕44号' };

// Claims of one firm: n paid, `spare` more approved; the clock is left at PAID_ON.
export async function paid(county, n, spare = 0) {
  const w = await g.approved(county, n + spare);
  await g.publish(county, w.list.slice(0, n));
  await g.at(PAID_ON);
  await payOut(county);
  const list = await g.claims(w.firm, 'paid');
  assert.equal(list.length, n);
  return { ...w, list, spare: w.list.slice(n) };
}

export async function payOut(county, over = {}) {
  const b = await g.batch(county, over);
  const { file } = await g.toBank(county, b);
  await g.takeReply(county, b, g.bankReply(file, null, `${PAID_ON}T10:00:00+08:00`));
  return b;
}

// What the engine writes when a late fact changes the outcome of a paid claim.
export const reconsidered = (claim, kind, cents) => sql(`INSERT INTO subsidies.reconsideration
  (claim_id, decision_before, decision_after, kind, difference_cents, reason, policy_code, person_id, payee_kind, payee_id, county_code)
  SELECT id, decision_id, decision_id, '${kind}', ${cents}, '复核后金额不同', policy_code, person_id, payee_kind, payee_id, county_code
    FROM subsidies.claim WHERE id = '${claim.id}' RETURNING id`)[0][0];
