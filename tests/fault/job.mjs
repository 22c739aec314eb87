// job.mjs -- the main job run by tests: by desks that are signed in already,
// quietly, and held against what a run of so many people must come to.
import assert from 'node:assert/strict';
import { sql } from '../api/help.mjs';
import { DESKS, mainJob } from '../e2e/main_job.mjs';
import { COUNTIES } from '../e2e/steps.mjs';
import { call } from '../lib/client.mjs';
import { desk, random } from '../lib/city.mjs';
import { counts, grown, isSound } from './truth.mjs';

export async function openDesks(logins = DESKS) {
  return Object.fromEntries(await Promise.all(logins.map(async (login) => [login, await desk(login)])));
}

// By the kinds of people and firms in tests/e2e/steps.mjs: of ten people the
// ninth is no graduate of a full-time course, the tenth lacks a month; every
// eighth works for a sole trader.
export function planOf(people) {
  const each = Array.from({ length: people }, (_, i) => i);
  const trader = each.filter((i) => i % 8 === 7).length;
  const group = each.filter((i) => i % 10 === 8 && i % 8 !== 7).length;
  const paid = each.filter((i) => i % 10 < 8 && i % 8 !== 7).length;
  return { people, hires: people, candidates: paid, paid, paid_cents: paid * 150000,
    refused: { ...(group && { group }), ...(trader && { employer_kind: trader }) } };
}

export function planned(sum) {
  return { people: sum.people, hires: sum.hires, candidates: sum.candidates, paid: sum.paid,
    paid_cents: sum.paid_cents, refused: sum.refused };
}

// Claims in one of these states, in the counties of the main job.
const standing = (...states) => Number(sql(`SELECT count(*) FROM subsidies.claim
  WHERE state IN ('${states.join("', '")}') AND county_code IN ('${COUNTIES.map((c) => c.code).join("', '")}')`)[0][0]);

const left = async (token) => (await call('GET', '/v1/subsidies/budgets?line_code=KGBZ', { token })).items
  .reduce((sum, b) => sum + b.available_cents, 0);

// Runs it, checks it against the plan and the city against itself. What it
// added to every table and log is returned: another run must add the same.
export async function runJob(people, options = {}) {
  const desks = options.desks ?? await openDesks();
  const before = counts(), available = await left(desks['city.fiscal'].token);
  const waiting = standing('notified');
  const sum = await mainJob({ people, desks, seed: random.int(0x7fffffff), say: () => {}, sample: null, ...options });
  assert.deepEqual(planned(sum), planOf(people));
  assert.equal(sum.budget_left_cents, available + 200_000_000 - sum.paid_cents, 'what was allotted and not paid is left');
  await isSound();
  return { sum, added: { ...grown(before, counts()), found: sum.found_in_city - waiting } };
}

// A test that failed may have left claims on their way: another run takes them along.
export async function tidy() {
  if (standing('confirmed', 'first_reviewed', 'rechecked', 'approved', 'public', 'payable') > 0)
    await runJob(8).catch(() => {});
}
