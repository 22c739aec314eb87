// entrepreneurship, across the services: what is awarded here is judged, claimed,
// checked and paid in subsidies.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { expectErrorLine, sql } from './help.mjs';
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
