// entrepreneurship, across the services: what is awarded here is judged, claimed,
// checked and paid in subsidies.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { handIn, pdf } from './files_help.mjs';
import * as g from './grant.mjs';
import { dayPlus, expectErrorLine, sql } from './help.mjs';
import * as money from './money_help.mjs';
import * as p from './projects_help.mjs';
import * as r from './rounds_help.mjs';

const MADE = 'entrepreneurship.award.made.v1', REVOKED = 'entrepreneurship.award.revoked.v1';
const SHUANGPAI = { code: '431123', town: '431123100' };

// What the service would tell on the business day of these tests.
const emit = (type, key, payload) => sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z');
  INSERT INTO ${type.split('.')[0]}.outbox (type, key, area_code, payload) VALUES ('${type}', '${key}', '${SHUANGPAI.code}', '${JSON.stringify(payload)}')`);

await g.at(g.NOW);
test.afterEach(() => g.at(g.NOW));

const told = (f, over = {}) => ({ award_id: randomUUID(), policy_code: 'CYXM', org_id: f.org_id ?? null, person_id: null, rank: 2,
  score_milli: 81500, quantity: null, instalment: 1, instalments: 2, county_code: SHUANGPAI.code, area_code: SHUANGPAI.town, ...over });
const facts = (f) => sql(`SELECT kind, code, numbers, source, from_on FROM subsidies.fact
  WHERE coalesce(org_id, person_id) = '${f.org_id ?? f.id}' AND kind = 'award' AND known_to IS NULL ORDER BY numbers`).map((row) => row.join(' '));
const heard = () => eventually(() => sql(`SELECT (SELECT count(*) FROM entrepreneurship.outbox) + (SELECT count(*) FROM training.outbox)
  + (SELECT count(*) FROM subsidies.event_cursor c JOIN LATERAL (SELECT max(seq) AS head FROM entrepreneurship.event_log) h ON true
      WHERE c.source = 'entrepreneurship' AND c.seq < h.head)
  + (SELECT count(*) FROM subsidies.event_cursor c JOIN LATERAL (SELECT max(seq) AS head FROM training.event_log) h ON true
      WHERE c.source = 'training' AND c.seq < h.head)`)[0][0] === '0', 'all is told');

test('an award told is a fact of the policy, the same again no other, and none when it is taken back', async () => {
  const f = await firm({ area_code: SHUANGPAI.town });
  await r.known(f);
  const first = told(f);
  for (const part of [first, first, { ...first, instalment: 2 }]) emit(MADE, first.award_id, part);
  await eventually(() => facts(f).length === 2, 'both instalments');
  assert.deepEqual(facts(f), [`award CYXM {2,81500,0,1,2} entrepreneurship.award ${g.NOW}`,
    `award CYXM {2,81500,0,2,2} entrepreneurship.award ${g.NOW}`]);
  const found = await eventually(async () => { const l = await g.claims(f, 'notified'); return l.length === 2 && l; }, 'a claim of each');
  assert.deepEqual(found.map((c) => [c.policy_code, c.amount_cents]), [['CYXM', 5_000_000], ['CYXM', 5_000_000]]);
  emit(REVOKED, first.award_id, { award_id: first.award_id });
  await eventually(() => facts(f).length === 0, 'no longer true');
  await eventually(async () => (await g.claims(f, 'notified')).length === 0, 'and not owed');
});

test('a service awards by its own policies, to one holder, in instalments there are; else the event is parked', async () => {
  const [f, p] = await Promise.all([firm({ area_code: SHUANGPAI.town }), person({ area_code: SHUANGPAI.town })]);
  await r.known(f, p);
  const bad = [told(f, { policy_code: 'GJNZ' }), told(f, { policy_code: 'KGBZ' }), told(f, { person_id: p.id }), told({}),
    told(f, { instalment: 3 }), told(f, { instalment: 0 }), told(f, { instalments: 13 }), told(f, { instalments: null })];
  expectErrorLine('events: parked entrepreneurship \\d+ \\(entrepreneurship\\.award\\.made\\.v1, key ');
  for (const e of bad) emit(MADE, e.award_id, e);
  const studio = told({}, { policy_code: 'DSGZ', person_id: p.id });
  emit('training.award.made.v1', studio.award_id, studio);
  await heard();
  const parked = `subsidies.event_parked WHERE key IN (${bad.map((e) => `'${e.award_id}'`)})`;
  assert.deepEqual(sql(`SELECT DISTINCT error FROM ${parked}`).map(([e]) => /event\.refused/.test(e)), [true]);
  assert.equal(sql(`SELECT count(*) FROM ${parked}`)[0][0], String(bad.length));
  assert.deepEqual([facts(f), facts(p).length], [[], 1]);
  sql(`DELETE FROM ${parked}`);
});

// ---- the whole way ------------------------------------------------------------------

const PART = 5_000_000, PAY_1 = '2025-11-10', PAY_2 = '2025-11-18';
const allot = async () => call('POST', '/v1/subsidies/allotments', { token: (await desk('city.fiscal')).token,
  body: { line_code: 'CYXM', county_code: p.HOME.code, amount_cents: 4 * PART } });

// The firm's next claim: confirmed, through three hands and 公示, into the bank's hands and paid.
async function paid(f, day) {
  const [claim] = await eventually(async () => { const l = await g.claims(f, 'notified'); return l.length === 1 && l; }, 'a claim of the instalment');
  assert.deepEqual([claim.policy_code, claim.mode, claim.amount_cents, claim.subject_kind], ['CYXM', 'round', PART, 'award']);
  await g.confirm(f);
  for (const [role, step, place] of [['first_review', 'first-review', p.HOME], ['recheck', 'recheck', p.HOME], ['approve', 'approve', { code: p.CITY }]])
    assert.equal((await money.review(money.hand(role, place), step, [claim])).status, 200);
  await call('POST', '/v1/subsidies/notices', { token: money.hand('approve', p.HOME).token, body: { claim_ids: [claim.id] } });
  await g.at(day);
  await money.pay(p.HOME, 'CYXM', `${day}T10:00:00+08:00`);
  assert.equal((await g.claimOf(f, claim.id)).state, 'paid');
  return claim;
}

test('project → proof → reviews → defence → award → claim → hands → 公示 → bank: paid, and again by its milestone', async () => {
  await allot();
  const chair = p.officer(`recheck@${p.CITY}`);
  const round = await p.called({ quota: 1, instalments: 2, requires: [{ code: 'enterprise' }, { code: 'founder_group' }],
    criteria: [{ code: 'A1', title: '商业计划', max_points: 60, by: 'reviewers' }, { code: 'D1', title: '答辩', max_points: 40, by: 'defence' }] });
  const [winner, second] = await p.firms(2);
  await p.proved(winner, 'prize');
  const entry = await p.enter(round, winner);
  assert.deepEqual(entry.checks.map((c) => c.met), [true, true]);
  await handIn(`/v1/entrepreneurship/round-entries/${entry.id}`, winner.token, 'A1', pdf(2), '商业计划书.pdf');
  await p.enter(round, second);
  await p.closed(round);
  const who = await p.reviewers(round, 3);
  await p.post(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' });
  assert.ok((await p.reviewsOf(round, chair)).every((v) => v.entrant === null && v.checks[1].code === 'founder_group'), 'blind, with what the data say');
  const points = (code, most) => (v) => [{ code, points_milli: v.entry_id === entry.id ? most : most / 2 }];
  await p.scoreAll(round, who, points('A1', 60000));
  await p.scoreAll(round, who, points('D1', 40000));
  await p.ended(round);
  const results = (await p.get(`rounds/${round.id}/results`)).items;
  assert.deepEqual(results.map((x) => [x.rank, x.score_milli, x.selected]), [[1, 100000, true], [2, 50000, false]]);
  const [project] = (await p.get('projects', winner.token)).items;
  assert.deepEqual([project.state, project.instalments, project.instalments_given], ['unplanned', 2, 1]);

  const first = await paid(winner, PAY_1);
  assert.deepEqual(await g.claims(second, 'notified'), []);
  const begun = await p.begun(winner, project, 1);
  const reached = await p.reached(winner, begun.milestones[0]);
  assert.deepEqual([reached.state, reached.instalment], ['accepted', 2]);
  const last = await paid(winner, PAY_2);
  assert.notEqual(first.id, last.id);
  assert.equal((await p.get(`projects/${project.id}`, winner.token)).state, 'completed');
  assert.deepEqual(sql(`SELECT count(*), sum(amount_cents) FROM subsidies.claim WHERE org_id = '${winner.org_id}' AND state = 'paid'`)[0], ['2', String(2 * PART)]);
  assert.equal(money.ledgerError(), 0);
  const home = await eventually(async () => { const x = (await p.get('project-figures', p.officer('stats@431100'))).counties
    .find((c) => c.county_code === p.HOME.code); return x?.paid_cents >= 2 * PART && x; }, 'the payments are heard of');
  assert.ok(home.paid >= 2 && home.completed >= 1 && home.instalments_given >= 2);
});

test('an award taken back after its first half was paid: the second is not owed, the first is asked back', async () => {
  await allot();
  const [{ firm: f, project }] = await p.awarded(1, 2);
  const claim = await paid(f, PAY_1);
  const { milestones: [m] } = await p.begun(f, project, 1);
  await g.at(dayPlus(m.due_on, 1));
  await eventually(() => sql(`SELECT 1 FROM entrepreneurship.milestone WHERE id = '${m.id}' AND missed_on IS NOT NULL`).length, 'missed');
  await p.post(`projects/${project.id}/revoke`, p.officer(`approve@${p.HOME.code}`), { reason: '未按计划实施' });
  await eventually(() => facts(f).length === 0, 'the award is none');
  const [found] = await eventually(() => { const l = sql(`SELECT id, kind, difference_cents FROM subsidies.reconsideration
    WHERE claim_id = '${claim.id}' AND state = 'proposed'`); return l.length === 1 && l; }, 'what was paid is looked into again');
  assert.deepEqual(found.slice(1), ['recovery', String(PART)]);
  const back = await call('POST', '/v1/subsidies/recoveries', { token: money.hand('first_review', p.HOME).token,
    body: { claim_id: claim.id, source: 'reconsideration', source_id: found[0], reason: '项目奖补已撤销', legal_basis: '永政办发〔2024〕15号 二（二）6' } });
  assert.deepEqual([back.state, back.amount_cents], ['proposed', PART]);
  assert.deepEqual(await g.claims(f, 'notified'), []);
});
