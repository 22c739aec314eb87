// The city's main job, from hire to payment, comes to what its plan says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../lib/contract.mjs';
import { call, pages } from '../lib/client.mjs';
import { COUNTIES, POLICY, claimsIn } from './steps.mjs';
import { openDesks, planOf, runJob } from '../fault/job.mjs';

const PEOPLE = 40;

test('forty people are hired and their employers paid, to the cent', async () => {
  let ctx;
  const { sum, added } = await runJob(PEOPLE, { between: async (step, c) => { ctx = c; } });
  const plan = planOf(PEOPLE);
  assert.equal(sum.found_in_city >= plan.candidates, true);

  // Registered once each: the people, and the agents of ten organisations.
  assert.equal(added['identity.person'], PEOPLE + 10);
  assert.equal(added['identity.org'], 10);
  assert.equal(added['jobs.employment'], PEOPLE);
  assert.equal(added['monitoring employment'], PEOPLE);
  assert.equal(added['subsidies.claim.paid.v1'], plan.paid);
  assert.equal(added['training.certificate.issued.v1'], 1);
  assert.equal(added.parked, 0);
  // All of the tenant's hires: every eighth person, from the second on.
  assert.equal(added['entrepreneurship.job_created'], PEOPLE / 8);

  const desks = await openDesks();
  const lines = [];
  for (const county of COUNTIES) {
    const { token } = desks[`${county.desk}.finance`];
    for await (const b of pages(`/v1/subsidies/payment-batches?county_code=${county.code}&limit=200`, { token })) {
      const batch = await call('GET', `/v1/subsidies/payment-batches/${b.id}`, { token });
      assert.equal(batch.total_cents, batch.lines.reduce((s, l) => s + l.amount_cents, 0));
      lines.push(...batch.lines);
    }
  }
  let paid = 0;
  for (const firm of ctx.firms)
    for (const claim of await claimsIn(firm, 'paid')) {
      const mine = lines.filter((l) => l.claim_id === claim.id && l.state === 'paid');
      assert.deepEqual(mine.map((l) => l.amount_cents), [claim.amount_cents], claim.id);
      assert.equal(mine[0].pay_no, claim.payment_no);
      paid += 1;
    }
  assert.equal(paid, plan.paid);
});

test('every budget shows columns that are the sums of its entries', async () => {
  const { 'city.fiscal': fiscal } = await openDesks(['city.fiscal']);
  const budgets = (await call('GET', '/v1/subsidies/budgets?limit=200', { token: fiscal.token })).items;
  assert.ok(budgets.filter((b) => b.line_code === POLICY).length >= COUNTIES.length);
  for (const b of budgets) {
    assert.equal(b.balanced, true, b.id);
    for (const k of ['appropriated_cents', 'reserved_cents', 'committed_cents', 'paid_cents'])
      assert.equal(b.entries[k], b[k], `${b.county_code} ${k}`);
    assert.equal(b.available_cents,
      b.appropriated_cents - b.reserved_cents - b.committed_cents - b.paid_cents);
  }
});
