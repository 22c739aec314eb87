// difficulty: 就业困难人员 -- kinds as data, two hands, a certificate, its yearly
// check and its end; and every refusal.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, logged, minter, refused, sql, today, walk } from './help.mjs';

const now = await today();
const A = '/v1/jobs/difficulty-applications', K = '/v1/jobs/difficulty-kinds', U = '/v1/jobs/unemployment-registrations';
const mint = minter((await person()).token);
const as = (role, area = '431129') => ({ token: mint({ roles: [`${role}@${area}`] }) });
const city = as('approve', '431100'), first = as('first_review'), recheck = as('recheck');
const clerk = await desk('jh.clerk');
const post = (path, who, body = {}) => known(() => call('POST', path, { token: who.token, body, refused: true }));
const no = (path, who, body, ...rest) => refused('POST', path, { token: who.token, body }, ...rest);
const get = (path, who) => call('GET', path, { token: who.token });
const kind = (code, body) => post(`${K}/${code}`, city, { from_on: now, ...body });
const off = () => sql(`DELETE FROM jobs.difficulty_kind WHERE source = 'city' OR from_on >= '${now}'`);
const apply = (who, kinds, over = {}) => post(A, who, { kinds, proof_note: '证明齐全', ...over });
const pass = { decision: 'pass' };
async function recognised(p, kinds) {
  const d = await apply(p, kinds);
  await post(`${A}/${d.id}/first-review`, first, pass);
  return post(`${A}/${d.id}/recheck`, recheck, pass);
}
const events = (type, id) => logged('jobs', `type = '${type}' AND key = '${id}'`).map(([t]) => JSON.parse(t));
const oldest = (over = {}) => person({ birth_on: '1973-03-03', ...over });

test('what the province has not listed is off, and says so', async () => {
  off();
  const all = await walk(K, undefined, 3);
  assert.equal(all.length, 7);
  assert.ok(all.every((k) => k.source === 'typical' && !k.is_enabled && k.valid_months === null));
  await refused('GET', `${K}?cursor=x`, {}, 422, 'request.invalid', 'cursor field.cursor');
  const p = await oldest();
  await eventually(async () => (await call('POST', A, { token: p.token, body: { kinds: ['older'], proof_note: '身份证' },
    refused: true })).json.code === 'jobs.difficulty_unset', 'plainly unset');
  await no(`${K}/older`, as('approve'), { from_on: now, switched: 'on' }, 403, 'auth.forbidden');
  await no(`${K}/older`, first, { from_on: now, switched: 'on' }, 403, 'auth.forbidden');
  await no(`${K}/nothing`, city, { from_on: now, switched: 'on' }, 404, 'request.not_found');
  await eachMistake('POST', `${K}/older`, city.token, { from_on: now }, [[{ switched: 'yes' }, '/switched field.choice'],
    [{ age_men: 15 }, '/age_men field.too_small'], [{ from_on: 'soon' }, '/from_on field.format'], [{ valid_months: 121 }, '/valid_months field.too_large']]);
});

test('applied for, checked by two people, certified; a hire then counts', async () => {
  off();
  await kind('older', { switched: 'on', basis: '市级名单', source: 'city' });
  const p = await oldest();
  const u = await post(U, p, { reason: 'layoff' });
  assert.equal(u.is_difficult, false);
  const d = await apply(p, ['older']);
  assert.deepEqual([d.state, d.case_state, d.cert_no], ['applied', 'accepted', null]);
  await no(A, p, { kinds: ['older'], proof_note: '再申请' }, 409, 'jobs.difficulty_open');
  await no(`${A}/${d.id}/recheck`, recheck, pass, 409, 'state.wrong');
  await no(`${A}/${d.id}/first-review`, p, pass, 403, 'auth.forbidden');
  await no(`${A}/${d.id}/first-review`, as('first_review', '431103'), pass, 404, 'request.not_found');
  await no(`${A}/${d.id}/first-review`, first, { decision: 'reject' }, 422, 'request.invalid', '/note field.missing');
  await no(`${A}/${d.id}/first-review`, first, { decision: 'return' }, 422, 'request.invalid', '/decision field.choice');
  assert.equal((await post(`${A}/${d.id}/first-review`, first, { decision: 'pass', note: '年龄属实' })).state, 'first_reviewed');
  await no(`${A}/${d.id}/first-review`, first, pass, 409, 'state.wrong');
  await no(`${A}/${d.id}/recheck`, recheck, pass, 409, 'jobs.difficulty_validity_unset');
  await kind('older', { valid_months: 24 });
  const c = await post(`${A}/${d.id}/recheck`, recheck, pass);
  assert.match(c.cert_no, /^KN431129\d{11}$/);
  assert.deepEqual([c.state, c.valid_from], ['recognised', now]);
  assert.equal(c.valid_to, sql(`SELECT (date '${now}' + interval '24 months - 1 day')::date`)[0][0]);
  assert.equal((await get(`${U}/${u.id}`, p)).is_difficult, true, 'the register follows');
  const whole = await get(`${A}/${d.id}`, p);
  assert.deepEqual(whole.steps.map((s) => s.step), ['applied', 'first_reviewed', 'recognised']);
  assert.equal((await get(`/v1/cases/${d.case_no}`, p)).state, 'done');
  await eventually(() => events('jobs.difficulty.recognised.v1', d.id).length === 1, 'told');
  assert.deepEqual((await get('/v1/jobs/my/employment-certificate', p)).difficulties.map((x) => x.cert_no), [c.cert_no]);
  const f = await firm();
  const e = await post('/v1/jobs/employments', f, { person_id: p.id, occupation_code: '6-24-01-00', hired_on: now,
    contract_type: 'task', wage_cents: 100 });
  assert.deepEqual([e.was_unemployed, e.was_difficult], [true, true]);
  await refused('GET', `${A}/${d.id}`, { token: f.token }, 404, 'request.not_found');
  await refused('GET', `${A}/${d.id}`, { token: (await oldest()).token }, 404, 'request.not_found');
});

test('one person’s hands do not do two steps', async () => {
  off();
  await kind('land_lost', { switched: 'on', valid_months: 12 });
  const sub = '00000000-0000-7000-8000-00000000abcd';
  const both = { token: mint({ roles: ['clerk@431129', 'first_review@431129', 'recheck@431129'], sub }) };
  const [p, q] = [await oldest(), await oldest()];
  await post(U, q, { reason: 'other' });
  await post(U, p, { reason: 'other' });
  const d = await apply(both, ['land_lost'], { person_id: p.id });
  await no(`${A}/${d.id}/first-review`, both, pass, 409, 'jobs.same_hand');
  const e = await apply(clerk, ['land_lost'], { person_id: q.id });
  await post(`${A}/${e.id}/first-review`, both, pass);
  await no(`${A}/${e.id}/recheck`, both, pass, 409, 'jobs.same_hand');
  const r = await post(`${A}/${e.id}/recheck`, recheck, { decision: 'reject', note: '材料不足' });
  assert.deepEqual([r.state, r.cert_no], ['rejected', null]);
  assert.equal((await get(`/v1/cases/${e.case_no}`, q)).state, 'refused');
  assert.equal((await post(`${A}/${d.id}/withdraw`, p, { reason: 'by_person' })).state, 'withdrawn');
  assert.equal((await apply(p, ['land_lost'])).state, 'applied', 'and may apply again');
});

test('our own registers are asked first; sensitive kinds need consent of their own', async () => {
  off();
  for (const [code, more] of [['older', {}], ['disabled', {}], ['long_unemployed', {}], ['zero_household', {}]])
    await kind(code, { switched: 'on', valid_months: 12, ...more });
  const young = await person({ birth_on: '2000-01-01' });
  await eventually(async () => (await call('POST', A, { token: young.token, body: { kinds: ['older'], proof_note: '身份证' },
    refused: true })).json.code === 'jobs.difficulty_unmet', 'too young');
  await no(A, young, { kinds: ['zero_household'], proof_note: '家里' }, 409, 'jobs.difficulty_unmet');
  await no(A, young, { kinds: ['older', 'hard_graduate'], proof_note: '两种' }, 409, 'jobs.difficulty_unset');
  await no(A, young, { kinds: ['disabled'], proof_note: '残疾人证' }, 409, 'jobs.hardship_consent');
  await eachMistake('POST', A, young.token, { kinds: ['disabled'], proof_note: '残疾人证' }, [[{ kinds: ['lazy'] }, '/kinds field.choice'],
    [{ kinds: [] }, '/kinds field.choice'], [{ kinds: 'older' }, '/kinds field.choice'], [{ proof_note: undefined }, '/proof_note field.missing']]);
  await no(A, young, { kinds: ['disabled'], proof_note: '残疾人证', person_id: (await person()).id }, 403, 'auth.forbidden');
  await no(A, clerk, { kinds: ['older'], proof_note: '身份证' }, 422, 'request.invalid', '/person_id field.missing');
  await no(A, as('clerk', '431103'), { kinds: ['older'], proof_note: '身份证', person_id: young.id }, 409, 'jobs.person_unknown');
  await call('POST', '/v1/identity/me/consents', { token: young.token, body: { text_version: 1, purpose: 'hardship' } });
  const d = await eventually(async () => { const r = await call('POST', A, { token: young.token,
    body: { kinds: ['disabled'], proof_note: '残疾人证' }, refused: true }); return r.status === 201 && r.json; }, 'with consent');
  assert.deepEqual(d.kinds, ['disabled']);
  const year = await person();
  const u = await post(U, year, { reason: 'other' });
  await no(A, year, { kinds: ['long_unemployed'], proof_note: '登记' }, 409, 'jobs.difficulty_unmet');
  sql(`UPDATE jobs.unemployment SET since_on = since_on - 366 WHERE id = '${u.id}'`);
  assert.equal((await apply(year, ['long_unemployed'])).state, 'applied');
});

test('a certificate is checked every year, expires, ends with retirement, or by hand with the reason', async () => {
  off();
  await kind('land_lost', { switched: 'on', valid_months: 12 });
  const [p, q, r] = [await oldest(), await oldest(), await oldest()];
  for (const x of [p, q, r]) await post(U, x, { reason: 'other' });
  const [c, d, e] = [await recognised(p, ['land_lost']), await recognised(q, ['land_lost']), await recognised(r, ['land_lost'])];
  await no(`${A}/${c.id}/check`, first, {}, 409, 'jobs.check_early');
  await no(`${A}/${c.id}/check`, p, {}, 403, 'auth.forbidden');
  sql(`UPDATE jobs.difficulty SET valid_to = date '${now}' + 20 WHERE id = '${c.id}'`);
  await eventually(() => sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind = 'difficulty_check'`)[0][0] === '1', 'warned');
  const soon = await get(`${A}?valid_to=${dayPlus(now, 30)}&state=recognised&kind=land_lost&limit=200`, first);
  assert.ok(soon.items.some((x) => x.id === c.id));
  await refused('GET', `${A}?state=gone`, { token: first.token }, 422, 'request.invalid', 'state field.choice');
  const checked = await post(`${A}/${c.id}/check`, first, { note: '入户核实' });
  assert.equal(checked.valid_to, sql(`SELECT (date '${now}' + 20 + interval '12 months')::date`)[0][0]);
  await no(`${A}/${c.id}/withdraw`, first, { reason: 'category_lost' }, 422, 'request.invalid', '/note field.missing');
  await no(`${A}/${c.id}/withdraw`, first, { reason: 'by_person', note: '代填' }, 403, 'auth.forbidden');
  await no(`${A}/${c.id}/withdraw`, p, { reason: 'employed' }, 403, 'auth.forbidden');
  const w = await post(`${A}/${c.id}/withdraw`, first, { reason: 'category_lost', note: '土地已返还' });
  assert.deepEqual([w.state, w.withdraw_mode], ['withdrawn', 'hand']);
  await no(`${A}/${c.id}/check`, first, {}, 409, 'state.wrong');
  await eventually(() => events('jobs.difficulty.withdrawn.v1', c.id).length === 1, 'told');
  assert.equal((await get('/v1/jobs/my/unemployment-registrations', p)).items[0].is_difficult, false);

  sql(`UPDATE jobs.difficulty SET valid_from = date '${now}' - 400, valid_to = date '${now}' - 1 WHERE id = '${d.id}'`);
  await eventually(async () => (await get(`${A}/${d.id}`, q)).state === 'expired', 'expired by the clock');
  sql(`UPDATE jobs.person SET birth_on = '1950-01-01' WHERE id = '${r.id}'`);
  const old = await eventually(async () => { const x = await get(`${A}/${e.id}`, r); return x.state === 'withdrawn' && x; }, 'retired by the clock');
  assert.deepEqual([old.withdraw_reason, old.withdraw_mode], ['retired', 'auto']);
});

test('months in a job end it where the city says how many', async () => {
  off();
  await kind('land_lost', { switched: 'on', valid_months: 12 });
  const [p, f] = [await oldest(), await firm()];
  await post(U, p, { reason: 'other' });
  const c = await recognised(p, ['land_lost']);
  const hired_on = sql(`SELECT (date '${now}' - interval '13 months')::date`)[0][0];
  await post('/v1/jobs/employments', f, { person_id: p.id, occupation_code: '6-24-01-00', hired_on, contract_type: 'task', wage_cents: 1 });
  assert.equal((await get(`${A}/${c.id}`, p)).state, 'recognised', 'unset: nobody is put out by a guess');
  await post('/v1/jobs/register-values', city, { name: 'difficulty_hired_months', county_code: '431129', from_on: now, value: 12, basis: '测试' });
  const gone = await eventually(async () => { const x = await get(`${A}/${c.id}`, p); return x.state === 'withdrawn' && x; }, 'placed');
  assert.deepEqual([gone.withdraw_reason, gone.withdraw_mode], ['employed', 'auto']);
  sql("DELETE FROM jobs.register_value WHERE name = 'difficulty_hired_months'");
  // Erased: the row stays, what it said of the person does not.
  sql(`UPDATE jobs.person SET name_masked = '*', id_index = 'erased:' || id, birth_on = '1900-01-01' WHERE id = '${p.id}'`);
  assert.deepEqual(sql(`SELECT name_masked, proof_note FROM jobs.difficulty WHERE id = '${c.id}'`)[0], ['*', '*']);
  const mine = await walk('/v1/jobs/my/difficulty-applications', p.token, 5);
  assert.deepEqual(mine.map((x) => x.id), [c.id]);
  await refused('GET', '/v1/jobs/my/difficulty-applications', { token: clerk.token }, 403, 'auth.forbidden');
  await refused('GET', A, { token: p.token }, 403, 'auth.forbidden');
  off();
});
