// subsidies_referrals: who brought which worker to which employer -- the worker's
// word, the hire, and the fact that follows; one link a hire, whoever asks.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, register } from '../lib/client.mjs';
import { desk, eventually, firm, person, someone } from '../lib/city.mjs';
import { decided, policy } from './claims_help.mjs';
import { emit, known, send } from './facts_help.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const DAY = '2025-10-08';
await g.at(g.NOW);
const mint = minter((await person()).token);
const has = (...ids) => eventually(() => sql(`SELECT id FROM subsidies.person WHERE id IN (${ids.map((i) => `'${i}'`)})
  UNION ALL SELECT id FROM subsidies.org WHERE id IN (${ids.map((i) => `'${i}'`)})`).length === ids.length, 'all are known');
const clerk = (await desk('jh.clerk')).token;

const [works, agency, rival, school, village] = await Promise.all([firm(), firm({ kind: 'agency' }), firm({ kind: 'agency' }),
  firm({ kind: 'institution' }), firm({ kind: 'association' })]);
const [broker, colleague] = await Promise.all([person(), person()]);
await has(works.org_id, agency.org_id, rival.org_id, school.org_id, village.org_id, broker.id, colleague.id);
const job = await g.hire(works, colleague, '2025-07-01');
await eventually(() => sql(`SELECT 1 FROM subsidies.employment WHERE id = '${job.id}'`).length, 'the colleague works there');

async function worker() {
  const w = await person();
  await has(w.id);
  return w;
}
const ask = (by, kind, w, over = {}, more = {}) => call('POST', '/v1/subsidies/referrals', { token: by.token ?? by,
  body: { kind, person_id: w.id, org_id: works.org_id, referred_on: DAY, ...over }, ...more });
const answer = (w, r, how, more = {}) => call('POST', `/v1/subsidies/referrals/${r.id}/${how}`, { token: w.token,
  ...(how === 'deny' ? { body: { reason: '不认识' } } : {}), ...more });
const read = (by, r) => call('GET', `/v1/subsidies/referrals/${r.id}`, { token: by.token ?? by });
const matched = (by, r) => eventually(async () => { const x = await read(by, r); return x.state === 'matched' && x; }, 'the hire is found');
const told = (who, kind) => sql(`SELECT title FROM subsidies.message WHERE ${who.org_id ? 'org_id' : 'person_id'} = '${who.org_id ?? who.id}' AND kind = '${kind}'`).length;

test('an agency brings a worker: asked, confirmed, hired, a fact; the payee is the agency', async () => {
  const w = await worker();
  const r = await ask(agency, 'agency', w, { person_id: undefined, id_number: w.id_number });
  assert.deepEqual([r.state, r.person_id, r.payee_kind, r.payee_id, r.kind], ['asked', w.id, 'org', agency.org_id, 'agency']);
  assert.equal(told(w, 'referral_asked'), 1);
  assert.ok(!JSON.stringify(r).includes(w.id_number) && /\*/.test(r.person_name));
  assert.equal((await answer(w, r, 'confirm')).state, 'confirmed');
  assert.equal(told(agency, 'referral_answered'), 1);
  const e = await g.hire(works, w, '2025-10-13');
  const done = await matched(agency, r);
  assert.deepEqual([done.employment_id, done.hired_on], [e.id, '2025-10-13']);
  assert.deepEqual(known('person_id', w.id), [`referral ${DAY} - agency {20374,0}`]);
  assert.equal(sql(`SELECT org_id FROM subsidies.fact WHERE id = '${r.id}' AND known_to IS NULL`)[0][0], works.org_id);
  assert.equal(told(agency, 'referral_matched'), 1);
  for (const by of [w, agency, works, clerk]) assert.equal((await read(by, r)).id, r.id);
  for (const by of [rival.token, broker.token, (await desk('lst.clerk').catch(() => desk('lst.first'))).token])
    await refused('GET', `/v1/subsidies/referrals/${r.id}`, { token: by }, 404, 'request.not_found');
});

test('the hire may come first, and the answer after it', async () => {
  const w = await worker();
  const r = await ask(agency, 'agency', w);
  await g.hire(works, w, '2025-10-14');
  await eventually(() => sql(`SELECT 1 FROM subsidies.employment WHERE person_id = '${w.id}'`).length, 'the hire is known');
  assert.equal((await read(agency, r)).state, 'asked');
  assert.equal((await answer(w, r, 'confirm')).state, 'matched');
});

test('a worker who is not registered yet is asked when they are', async () => {
  const who = someone();
  const r = await ask(agency, 'agency', {}, { id_number: who.id_number });
  assert.deepEqual([r.person_id, r.person_name, r.state], [null, null, 'asked']);
  const w = await register(who);
  await eventually(() => told(w, 'referral_asked') === 1, 'asked');
  assert.equal((await answer(w, r, 'confirm')).state, 'confirmed');
});

test('each kind of referrer is who they say: broker by register, colleague by insurance, school, village by its clerk', async () => {
  const w = await worker();
  isProblem(await ask(broker, 'broker', w, {}, { refused: true }), 409, 'subsidies.referrer');
  const b = await call('POST', '/v1/subsidies/brokers', { token: clerk, body: { person_id: broker.id } });
  assert.equal(b.person_id, broker.id);
  await refused('POST', '/v1/subsidies/brokers', { token: clerk, body: { person_id: broker.id } }, 409, 'state.exists');
  await refused('POST', '/v1/subsidies/brokers', { token: mint({ roles: ['clerk@431103'] }), body: { person_id: broker.id } }, 404, 'request.not_found');
  isProblem(await ask(broker, 'broker', w, {}, { refused: true }), 409, 'subsidies.referrer');	// not on that day
  const r = await ask(broker, 'broker', w, { referred_on: g.NOW });
  assert.deepEqual([r.payee_kind, r.payee_id], ['person', broker.id]);
  const c = await ask(colleague, 'employee', await worker());
  assert.deepEqual([c.payee_kind, c.payee_id], ['person', colleague.id]);
  isProblem(await ask(broker, 'employee', await worker(), {}, { refused: true }), 409, 'subsidies.referrer');
  const token = mint({ roles: ['institution@431129'], org: school.org_id });
  assert.equal((await ask(token, 'school', await worker())).payee_id, school.org_id);
  isProblem(await ask(token, 'agency', await worker(), {}, { refused: true }), 409, 'subsidies.referrer');
  const partner = mint({ roles: ['partner@431100'], org: agency.org_id });
  assert.equal((await ask(partner, 'agency', await worker())).payee_id, agency.org_id);
  assert.equal((await ask(clerk, 'village', await worker(), { village_org_id: village.org_id })).payee_id, village.org_id);
  for (const [by, kind, over] of [[clerk, 'village', {}], [clerk, 'agency', {}], [agency, 'village', {}], [broker, 'agency', {}], [works, 'agency', { org_id: rival.org_id }],
    [clerk, 'village', { village_org_id: works.org_id }], [mint({ roles: ['clerk@431103'] }), 'village', { village_org_id: village.org_id }]])
    isProblem(await ask(by, kind, w, over, { refused: true }), 409, 'subsidies.referrer');
  const list = await walk('/v1/subsidies/brokers', clerk, 50);
  assert.ok(list.some((x) => x.id === b.id));
  const ended = await call('POST', `/v1/subsidies/brokers/${b.id}/end`, { token: clerk, body: { reason: '本人申请' } });
  assert.equal(ended.to_on, g.NOW);
  await refused('POST', `/v1/subsidies/brokers/${b.id}/end`, { token: clerk, body: { reason: '本人申请' } }, 409, 'state.wrong');
});

test('a colleague’s own insurance at the hire is with the fact, also when the data comes later', async () => {
  const w = await worker();
  const r = await ask(colleague, 'employee', w);
  await answer(w, r, 'confirm');
  await g.hire(works, w, '2025-10-15');
  await matched(colleague, r);
  assert.deepEqual(known('person_id', w.id), [`referral ${DAY} - employee {20376,0}`]);
  await send('insurance_months', [`${colleague.id_number},${works.org.uscc},2025-10,1,1,1`]);
  sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z'); WITH news AS (UPDATE subsidies.referral r
    SET was_insured = subsidies.works_there(r.referrer_person, r.org_id, r.hired_on) WHERE id = '${r.id}' RETURNING r AS r)
    SELECT subsidies.referral_fact(r) FROM news`);
  assert.deepEqual(known('person_id', w.id), [`referral ${DAY} - employee {20376,1}`]);
});

test('first confirmed wins: the others lose, and the database has one link a hire', async () => {
  const w = await worker();
  const [a, b] = [await ask(agency, 'agency', w), await ask(rival, 'agency', w)];
  const both = await Promise.all([answer(w, a, 'confirm', { refused: true }), answer(w, b, 'confirm', { refused: true })]);
  assert.deepEqual(both.map((x) => x.status).sort(), [200, 409]);
  const states = (await Promise.all([read(agency, a), read(rival, b)])).map((x) => x.state).sort();
  assert.deepEqual(states, ['confirmed', 'lost']);
  isProblem(await ask(rival, 'agency', w, {}, { refused: true }), 409, 'subsidies.referral_exists');
  const e = await g.hire(works, w, '2025-10-16');
  await eventually(() => sql(`SELECT 1 FROM subsidies.referral WHERE employment_id = '${e.id}'`).length === 1, 'matched');
  assert.throws(() => sql(`UPDATE subsidies.referral SET state = 'matched', employment_id = '${e.id}', hired_on = '2025-10-16'
    WHERE person_id = '${w.id}' AND state = 'lost'`), /referral_hire_key/);
});

test('nobody refers themselves, no employer itself, nobody who was there already; a link is asked once', async () => {
  isProblem(await ask(colleague, 'employee', colleague, {}, { refused: true }), 409, 'subsidies.referral_self');
  isProblem(await ask(agency, 'agency', await worker(), { org_id: agency.org_id }, { refused: true }), 409, 'subsidies.referral_self');
  isProblem(await ask(agency, 'agency', colleague, {}, { refused: true }), 409, 'subsidies.referral_hired');
  const insured = await worker();
  await send('insurance_months', [`${insured.id_number},${works.org.uscc},2025-06,1,1,1`]);
  isProblem(await ask(agency, 'agency', insured, {}, { refused: true }), 409, 'subsidies.referral_hired');
  const w = await worker();
  await ask(agency, 'agency', w);
  isProblem(await ask(agency, 'agency', w, {}, { refused: true }), 409, 'subsidies.referral_exists');
  await eachMistake('POST', '/v1/subsidies/referrals', agency.token, { kind: 'agency', person_id: w.id, org_id: works.org_id, referred_on: DAY }, [
    [{ kind: 'friend' }, '/kind field.choice'], [{ referred_on: '2025-10-21' }, '/referred_on field.date_future'],
    [{ person_id: undefined }, '/id_number field.missing'], [{ id_number: w.id_number }, '/id_number field.count'],
    [{ person_id: undefined, id_number: '123' }, '/id_number field.id_number'], [{ org_id: undefined }, '/org_id field.missing']]);
  isProblem(await ask(agency, 'agency', { id: NOBODY }, {}, { refused: true }), 409, 'subsidies.person_unknown');
  isProblem(await ask(agency, 'agency', w, { org_id: NOBODY }, { refused: true }), 409, 'subsidies.org_unknown');
  isProblem(await ask((await desk('jh.first')).token, 'village', w, {}, { refused: true }), 403, 'auth.forbidden');
});

test('what turns out otherwise: a hire of somebody who was there before voids the link', async () => {
  const w = await worker();
  const r = await ask(agency, 'agency', w);
  await answer(w, r, 'confirm');
  await send('insurance_months', [`${w.id_number},${works.org.uscc},2025-08,1,1,1`]);
  await g.hire(works, w, '2025-10-17');
  await eventually(async () => (await read(agency, r)).state === 'void', 'void');
  assert.deepEqual(known('person_id', w.id), []);
});

test('the worker denies; the referrer or an officer withdraws, and the fact goes with it', async () => {
  const [w, v] = [await worker(), await worker()];
  const r = await ask(agency, 'agency', w);
  for (const token of [broker.token, v.token]) isProblem(await answer({ token }, r, 'confirm', { refused: true }), 404, 'request.not_found');
  await refused('POST', `/v1/subsidies/referrals/${r.id}/confirm`, { token: agency.token }, 404, 'request.not_found');
  await refused('POST', `/v1/subsidies/referrals/${r.id}/deny`, { token: w.token, body: {} }, 422, 'request.invalid', '/reason field.missing');
  assert.equal((await answer(w, r, 'deny')).state, 'denied');
  isProblem(await answer(w, r, 'confirm', { refused: true }), 409, 'state.wrong');
  const s = await ask(agency, 'agency', v);
  await answer(v, s, 'confirm');
  await g.hire(works, v, '2025-10-18');
  await matched(agency, s);
  const withdraw = (token, more = {}) => call('POST', `/v1/subsidies/referrals/${s.id}/withdraw`, { token, body: { reason: '登记有误' }, ...more });
  isProblem(await withdraw(rival.token, { refused: true }), 404, 'request.not_found');
  isProblem(await withdraw(mint({ roles: ['first_review@431103'] }), { refused: true }), 404, 'request.not_found');
  assert.equal((await withdraw((await desk('jh.first')).token)).state, 'withdrawn');
  assert.deepEqual(known('person_id', v.id), []);
  assert.equal(told(v, 'referral_withdrawn'), 1);
  isProblem(await withdraw(agency.token, { refused: true }), 409, 'state.wrong');
});

test('lists: the referrer’s own, the worker’s own, the county’s, filtered', async () => {
  const w = await worker();
  const r = await ask(rival, 'agency', w);
  const ids = async (token, q = '') => (await walk(`/v1/subsidies/referrals?${q}`, token, 50)).map((x) => x.id);
  assert.deepEqual(await ids(w.token), [r.id]);
  assert.ok((await ids(rival.token)).includes(r.id));
  assert.ok(!(await ids(agency.token)).includes(r.id));
  assert.ok((await ids(clerk, `kind=agency&state=asked&org_id=${works.org_id}&county_code=431129`)).includes(r.id));
  assert.deepEqual(await ids(clerk, `org_id=${NOBODY}`), []);
  assert.ok(!(await ids(clerk, 'state=denied')).includes(r.id));
  await refused('GET', '/v1/subsidies/referrals?state=x', { token: clerk }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/subsidies/referrals', { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
});

test('a placement that the employer confirmed is the agency’s link, unless another has the hire', async () => {
  const [w, v] = [await worker(), await worker()];
  const e = await g.hire(works, w, '2025-10-13');
  await eventually(() => sql(`SELECT 1 FROM subsidies.employment WHERE id = '${e.id}'`).length, 'the hire is known');
  const placed = (id, p, hire, day) => emit('jobs.placement.confirmed.v1', id, { placement_id: id, partner_id: agency.org_id, person_id: p.id,
    org_id: works.org_id, employment_id: hire, hired_on: day, county_code: '431129' });
  const id = randomUUID();
  placed(id, w, e.id, '2025-10-13');
  placed(id, w, e.id, '2025-10-13');
  assert.equal((await eventually(async () => { const x = await call('GET', `/v1/subsidies/referrals/${id}`, { token: agency.token, refused: true });
    return x.status === 200 && x.json; }, 'the placement')).payee_id, agency.org_id);
  assert.deepEqual(known('person_id', w.id), ['referral 2025-10-13 - agency {20374,0}']);
  const r = await ask(rival, 'agency', v);
  await answer(v, r, 'confirm');
  const h = await g.hire(works, v, '2025-10-13');
  await matched(rival, r);
  const other = randomUUID();
  placed(other, v, h.id, '2025-10-13');
  placed(randomUUID(), { id: randomUUID() }, randomUUID(), '2025-10-13');	// applied after it
  await eventually(() => sql(`SELECT (SELECT count(*) FROM jobs.outbox) + (SELECT coalesce(max(seq), 0) FROM jobs.event_log)
    - (SELECT seq FROM subsidies.event_cursor WHERE source = 'jobs')`)[0][0] === '0', 'applied');
  assert.deepEqual(sql(`SELECT payee_id FROM subsidies.referral WHERE employment_id = '${h.id}'`), [[rival.org_id]]);
  assert.deepEqual(sql('SELECT type, error FROM subsidies.event_parked'), []);
});

test('whoever makes the claim, its money is the referrer’s; without a hire there is none', async () => {
  const w = await worker();
  const r = await ask(agency, 'agency', w);
  const claim = (id) => sql(`INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, subject_kind, subject_id,
    person_id, org_id, org_name, payee_kind, payee_id, state, promised_on, county_code)
    SELECT code, id, benefit_family, 'referral', '${id}', '${w.id}', '${works.org_id}', '单位', 'org', '${works.org_id}', 'found',
      DATE '2025-12-01', '431129' FROM subsidies.policy_version WHERE beneficiary = 'referrer' ORDER BY code LIMIT 1 RETURNING payee_id`);
  assert.deepEqual(claim(r.id), []);
  await answer(w, r, 'confirm');
  await g.hire(works, w, '2025-10-19');
  await matched(agency, r);
  assert.deepEqual(claim(r.id), [[agency.org_id]]);
  assert.deepEqual(claim(r.id), [], 'one link, one claim');
});

test('the referrer is told of it, sees why, and claims it with one tap; the employer and the worker do not', async () => {
  const t = await policy({ subject: 'referral', beneficiary: 'referrer', period: 'once', holds: [{ family: 'tap', holder: 'subject', over: 'ever', times: 1 }],
    conditions: [{ code: 'hired', title: '已招用', refusal: '未招用', rule: { ge: [{ fact: 'hired_on' }, { day: '2025-10-19' }] } }] }, 1_000_000, g.JH);
  const w = await worker(), r = await ask(agency, 'agency', w);
  await answer(w, r, 'confirm');
  await g.hire(works, w, '2025-10-19');
  await matched(agency, r);
  await decided(w, t, r.id);
  await eventually(() => told(agency, 'policy_match') > 0, 'the referrer is told');
  const mine = (who) => call('GET', '/v1/subsidies/claimable', { token: who.token }).then((x) => x.items.filter((i) => i.subject_id === r.id
    && i.policy_code === t.code));
  assert.deepEqual((await Promise.all([agency, works, w].map(mine))).map((x) => x.length), [1, 0, 0]);
  assert.ok((await call('GET', `/v1/subsidies/decisions/${(await mine(agency))[0].decision_id}/why`, { token: agency.token })).lines.length > 2);
  const tap = (who, over = {}) => call('POST', '/v1/subsidies/claims', { token: who.token, refused: true,
    body: { policy_code: t.code, subject_id: r.id, ...g.account(agency), ...over } });
  for (const who of [w, works]) assert.ok((await tap(who, { account_name: who.name ?? who.org.name })).status >= 400);
  const c = await tap(agency);
  assert.deepEqual([c.status, c.json.state, c.json.payee_kind, c.json.payee_id, c.json.person_id], [201, 'confirmed', 'org', agency.org_id, w.id]);
  assert.ok((await tap(agency)).status >= 400, 'once');
});
