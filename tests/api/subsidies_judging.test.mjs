// judging: whatever a policy is about is judged from what is known of its holder;
// late facts move claims under way, and propose for those already paid.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { eachMistake, NOBODY, refused, Session, sql, walk } from './help.mjs';
import * as j from './judging_help.mjs';
import * as pay from './payments_help.mjs';

const { JH, LST } = g;
await g.at(g.NOW);
await g.allot(JH, 10_000_000);
j.publish();
const first = await desk('jh.first');
const bank = await pay.openBank(JH.code);
test.after(() => bank.close());

const people = async (n) => {
  const f = await firm({ area_code: JH.town });
  const list = await Promise.all(Array.from({ length: n }, () => person({ area_code: JH.town })));
  for (const p of list) await j.known(p, f);
  return [f, ...list];
};
const release = (body, over = {}) => call('POST', '/v1/subsidies/candidates/release', { token: first.token, body, ...over });

// From the draft list to the bank's answer.
async function paid(f, id) {
  const [claim] = j.claimOf(id), o = pay.officers(JH);
  await release({ claim_ids: [claim] });
  await g.confirm(f);
  await g.throughHands(JH, [claim]);
  await g.publish(JH, [claim]);
  await g.at(pay.PAY_DAY);
  const b = await pay.request(o, JH, { body: { policy_code: j.CODE, county_code: JH.code } });
  await pay.step(b, 'release', o.fiscal, { release_no: `CZ${b.batch_no}` });
  for (const s of o.signs) await pay.step(b, 'sign', s);
  const file = await pay.fileOf(o, b);
  await pay.step(b, 'send', o.finance);
  await pay.take(o, b, (await bank.file(file)).text);
  await g.at(g.NOW);
  return claim;
}

test('a policy about a month of contributions: drafted first, released by an officer, told to the employer', async () => {
  const [f, p, q] = await people(2);
  const [a, b] = [j.cost(p, f, 88800), j.cost(q, f, 250000)];
  await eventually(() => j.claimOf(a)?.[1] === 'drafted' && j.claimOf(b)?.[1] === 'drafted', 'both are on the draft list');
  assert.deepEqual([j.claimOf(a)[2], j.claimOf(b)[2]], ['88800', '100000'], 'the rule’s amount, and its cap');
  assert.equal((await g.claims(f, 'notified')).length, 0);
  const list = await walk(`/v1/subsidies/candidates?policy_code=${j.CODE}&state=drafted`, first.token, 1, '/v1/subsidies/claims');
  assert.ok([a, b].every((id) => list.some((c) => c.subject_id === id && c.period === '2019-03')));
  const totals = await g.get(`candidates/totals?policy_code=${j.CODE}&county_code=${JH.code}`, first.token);
  const [t] = totals.totals.filter((x) => x.state === 'drafted');
  assert.ok(t.count >= 2 && t.amount_cents >= 188800);
  const away = await g.get(`candidates?policy_code=${j.CODE}`, (await desk('lst.first')).token);
  assert.deepEqual(away.items, []);
  // Who may not, and what is not understood.
  const [claim] = j.claimOf(a);
  const path = '/v1/subsidies/candidates/release';
  await eachMistake('POST', path, first.token, { claim_ids: [claim] }, [
    [{ claim_ids: undefined }, '/policy_code field.missing'],
    [{ policy_code: j.CODE }, '/policy_code field.unknown'],
    [{ claim_ids: [] }, '/claim_ids field.count'], [{ claim_ids: ['x'] }, '/claim_ids/0 field.format'],
    [{ county_code: '999999' }, '/county_code field.area_code'], [{ note: '' }, '/note field.too_short']]);
  await refused('POST', path, { token: first.token, body: { policy_code: j.CODE, county_code: LST.code } }, 403, 'auth.area');
  await refused('POST', path, { token: first.token, body: { claim_ids: [NOBODY] } }, 404, 'request.not_found');
  await refused('POST', path, { token: (await desk('lst.first')).token, body: { claim_ids: [claim] } }, 404, 'request.not_found');
  for (const token of [f.token, p.token, (await desk('jh.finance')).token])
    await refused('POST', path, { token, body: { claim_ids: [claim] } }, 403, 'auth.forbidden');
  await refused('GET', '/v1/subsidies/candidates', { token: f.token }, 403, 'auth.forbidden');
  assert.deepEqual(await release({ policy_code: j.CODE, county_code: JH.code }),
    { released: Number(t.count), more: false });
  assert.deepEqual(j.claimOf(a)[1], 'notified');
  await refused('POST', path, { token: first.token, body: { claim_ids: [claim] } }, 409, 'state.wrong');
  const messages = sql(`SELECT title, body FROM subsidies.message WHERE org_id = '${f.org_id}' AND kind = 'subsidies.claim.notified'`);
  assert.deepEqual(messages.map((m) => m[0]), [j.document.title], 'one message for both');
  assert.match(messages[0][1], /2笔.*1888\.00元/);
  assert.ok(await j.replayed(j.decisions(a)[0][0]));
});

test('one month of one person is subsidised once, whoever paid; the earlier one first', async () => {
  const [f, p] = await people(1);
  const other = await firm({ area_code: JH.town });
  await j.known(p, other);
  const [a, b] = ['00', 'ff'].map((x) => x + randomUUID().slice(2));
  j.cost(p, f, 50000, a);
  await eventually(() => j.claimOf(a), 'a claim');
  j.cost(p, other, 60000, b);
  await eventually(() => j.decisions(b).length === 1, 'the second is decided');
  assert.deepEqual(j.decisions(b)[0].slice(1, 3), ['refused', 'benefit_taken']);
  assert.equal(j.claimOf(b), undefined);
  await j.idle();
});

test('another amount before approval: the money is let go, the review begins again and says why', async () => {
  const [f, p] = await people(1);
  const id = j.cost(p, f, 70000);
  await eventually(() => j.claimOf(id), 'a claim');
  const [claim] = j.claimOf(id);
  await release({ claim_ids: [claim] });
  const before = await g.budget(JH);
  await g.confirm(f);
  await g.review(JH, 'first', 'first-review', [claim]);
  assert.equal((await g.budget(JH)).reserved_cents - before.reserved_cents, 70000);
  j.cost(p, f, 65000, id);
  await eventually(() => j.claimOf(id)[1] === 'notified', 'it is back at the employer');
  assert.deepEqual(j.claimOf(id).slice(1), ['notified', '65000', 'available']);
  assert.equal((await g.budget(JH)).reserved_cents, before.reserved_cents);
  const c = await g.claimOf(f, claim);
  assert.deepEqual([c.steps.at(-1).step, /700\.00元变为650\.00元/.test(c.steps.at(-1).note)], ['amount_changed', true]);
  j.takeBack(id);
  await eventually(() => j.claimOf(id)[1] === 'suspended', 'without the fact nothing goes on');
  j.cost(p, f, 65000, id);
  await eventually(() => j.claimOf(id)[1] === 'notified', 'the fact is back');
  assert.equal(j.decisions(id)[0][1], 'eligible');
});

test('a late fact leaves a paid claim alone and proposes the difference, once a decision', async () => {
  const [f, p] = await people(1);
  const id = j.cost(p, f, 40000);
  await eventually(() => j.claimOf(id), 'a claim');
  const claim = await paid(f, id);
  assert.equal(j.claimOf(id)[1], 'paid');
  assert.deepEqual(j.proposals(claim), []);

  j.cost(p, f, 45000, id);
  await eventually(() => j.proposals(claim).length === 1, 'a top-up is proposed');
  assert.deepEqual(j.proposals(claim)[0].slice(0, 3), ['top_up', '5000', 'proposed']);
  j.cost(p, f, 30000, id);
  await eventually(() => j.proposals(claim).length === 2, 'a recovery is proposed');
  assert.deepEqual(j.proposals(claim).map((r) => r.slice(0, 3)),
    [['top_up', '5000', 'outdated'], ['recovery', '10000', 'proposed']]);
  assert.match(j.proposals(claim)[1][3], /400\.00元变为300\.00元/);
  sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z'); SELECT subsidies.due_person(ARRAY['${p.id}'::uuid])`);
  await j.idle();
  assert.equal(j.proposals(claim).length, 2, 'judged again, nothing is new');
  j.cost(p, f, 0, id);
  await eventually(() => j.proposals(claim).length === 3, 'not eligible at all');
  assert.deepEqual(j.proposals(claim)[2], ['recovery', '40000', 'proposed', '单位未缴费']);
  j.cost(p, f, 40000, id);
  await j.idle();
  await eventually(() => j.proposals(claim).every((r) => r[2] === 'outdated'), 'it was right after all');
  j.takeBack(id);
  await eventually(() => j.proposals(claim).length === 4, 'the fact itself is gone');
  assert.deepEqual(j.proposals(claim)[3].slice(0, 3), ['recovery', '40000', 'proposed']);
  assert.deepEqual(j.claimOf(id).slice(1), ['paid', '40000', 'paid']);
  await eventually(() => sql(`SELECT count(*) FROM subsidies.event_log WHERE type = 'subsidies.claim.reconsidered.v1' AND key = '${claim}'`)[0][0] === '4',
    'each was told');
  assert.throws(() => sql(`UPDATE subsidies.reconsideration SET difference_cents = 0 WHERE claim_id = '${claim}'`), /difference_check/);
  for (const [d] of sql(`SELECT id FROM subsidies.decision WHERE subject_id = '${id}'`)) assert.ok(await j.replayed(d));
});

// ---- scans -------------------------------------------------------------------------

test('a scan of everything says how far it came, what it saw and what it changed', async () => {
  const token = (await desk('city.clerk')).token;
  await j.idle();
  const s = await call('POST', '/v1/subsidies/scans', { token, body: {} });
  assert.deepEqual([s.state, s.remaining, s.policy_code ?? null], ['done', 0, null]);
  assert.equal(s.people, s.people_total);
  assert.equal(s.subjects, s.eligible + s.refused + s.waiting + s.unconcerned);
  const again = await call('POST', '/v1/subsidies/scans', { token, body: { county_code: JH.code } });
  assert.deepEqual([again.changed, again.candidates, again.judged], [0, 0, 0], 'nothing is found twice');
  assert.ok(again.subjects < s.subjects);
  const one = await g.get(`scans/${s.id}`, token);
  assert.deepEqual([one.state, one.subjects], ['done', s.subjects]);
  const list = await walk('/v1/subsidies/scans?state=done', token, 2, '/v1/subsidies/claims');
  assert.ok(list.some((x) => x.id === s.id));
  await refused('GET', `/v1/subsidies/scans/${s.id}`, { token: (await desk('lst.first')).token }, 404, 'request.not_found');
  await refused('GET', '/v1/subsidies/scans?state=lost', { token }, 422, 'request.invalid', 'state field.choice');
  await refused('POST', `/v1/subsidies/scans/${s.id}/cancel`, { token }, 409, 'state.wrong');
  await refused('POST', `/v1/subsidies/scans/${NOBODY}/cancel`, { token }, 404, 'request.not_found');
  await refused('POST', `/v1/subsidies/scans/${s.id}/cancel`, { token: (await firm()).token }, 403, 'auth.forbidden');
});

test('a scan that was interrupted goes on where it was; one that is stopped stays stopped', async () => {
  const token = (await desk('city.clerk')).token;
  const row = (more) => sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z'); INSERT INTO subsidies.scan
    (id, county_code, counties, requested_by, state, position, people, people_total) SELECT gen_random_uuid(), '431100', '{431129,431103}', gen_random_uuid(), ${more}
    RETURNING id`).at(-1)[0];
  const [[half, n, all]] = sql(`SELECT p.id, (SELECT count(*) FROM subsidies.person x WHERE x.id <= p.id), (SELECT count(*) FROM subsidies.person)
    FROM subsidies.person p ORDER BY p.id OFFSET (SELECT count(*) / 2 FROM subsidies.person) LIMIT 1`);
  const id = row(`'scanning', '${half}', ${n}, ${all}`);
  const s = await eventually(async () => {
    const r = await g.get(`scans/${id}`, token);
    return r.state === 'done' && r;
  }, 'it is finished by whoever finds it');
  assert.equal(String(s.people), all, 'nobody twice, nobody left out');

  const lock = new Session();
  try {
    await lock.run("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('subsidies.judge', 0))");
    const stopped = row(`'judging', NULL, 0, 0`);
    const r = await call('POST', `/v1/subsidies/scans/${stopped}/cancel`, { token });
    assert.equal(r.state, 'cancelled');
    await lock.run('COMMIT');
    await j.idle();
    assert.equal((await g.get(`scans/${stopped}`, token)).state, 'cancelled');
  } finally { lock.end(); }
});
