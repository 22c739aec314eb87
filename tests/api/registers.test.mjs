// registers: declared work, corrections, 失业登记 in all its endings, and the
// statutory retirement age; everything refused as well.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, logged, minter, refused, sql, today } from './help.mjs';

const now = await today();
const U = '/v1/jobs/unemployment-registrations', D = '/v1/jobs/employment-declarations', E = '/v1/jobs/employments';
const work = (over = {}) => ({ form: 'flexible', work_kind: '外卖配送', work_place: '江华县城', occupation_code: '6-24-01-00',
  started_on: now, income_month_cents: 250000, ...over });
const contract = (over = {}) => ({ occupation_code: '6-24-01-00', hired_on: now, contract_type: 'fixed', contract_months: 24,
  wage_cents: 480000, ...over });
const post = (path, who, body = {}) => known(() => call('POST', path, { token: who.token, body, refused: true }));
const no = (path, who, body, ...rest) => refused('POST', path, { token: who.token, body }, ...rest);
const mint = minter((await person()).token);
const city = { token: mint({ roles: ['approve@431100'] }) };
const [clerk, first, away] = await Promise.all(['jh.clerk', 'jh.first', 'lst.first'].map(desk));
const awayClerk = await desk('lst.clerk');
const value = (name, v, county_code = '431129', from_on = now) => post('/v1/jobs/register-values', city,
  { name, county_code, from_on, value: v, basis: '测试文件' });
const unset = (name) => sql(`DELETE FROM jobs.register_value WHERE name = '${name}'`);
const events = (type, id) => logged('jobs', `type = '${type}' AND key = '${id}'`).map(([t]) => JSON.parse(t));
const get = (path, who) => call('GET', path, { token: who.token });
const jobless = (over = {}, body = {}) => person(over).then(async (p) => ({ ...p, u: await post(U, p, { reason: 'layoff', ...body }) }));

test('flexible work ends 失业登记 from the minimum wage on; unset, an officer states it', async () => {
  unset('min_wage_cents');
  const p = await jobless();
  const d = await post(D, p, work());
  assert.deepEqual([d.form, d.org_id, d.is_stable, d.contract_type, d.was_unemployed, d.case_state],
    ['flexible', null, false, null, false, 'done']);
  assert.equal((await get(`${U}/${p.u.id}`, p)).ended_on, null, 'nothing to compare with');
  await no(D, p, work(), 409, 'jobs.already_declared');
  await no(`${D}/${d.id}/stable`, p, { note: '自称' }, 403, 'auth.forbidden');
  await no(`${D}/${d.id}/stable`, awayClerk, { note: '核实收入' }, 404, 'request.not_found');
  const stated = await post(`${D}/${d.id}/stable`, clerk, { note: '核实平台流水' });
  assert.deepEqual([stated.is_stable, stated.was_unemployed], [true, true]);
  const u = await get(`${U}/${p.u.id}`, p);
  assert.deepEqual([u.ended_on, u.end_reason], [now, 'stable_income']);
  assert.equal(events('jobs.unemployment.ended.v1', u.id)[0].reason, 'stable_income');
  await no(`${D}/${d.id}/stable`, clerk, { note: '再来一次' }, 409, 'state.wrong');
  assert.equal((await get(`/v1/jobs/register-records/${d.id}/changes`, p)).items[0].kind, 'stable');

  await value('min_wage_cents', 200000);
  const [rich, poor] = [await jobless(), await jobless()];
  assert.equal((await post(D, rich, work())).was_unemployed, true);
  assert.equal((await get(`${U}/${rich.u.id}`, rich)).end_reason, 'stable_income');
  assert.equal((await post(D, poor, work({ income_month_cents: 100000 }))).is_stable, false);
  assert.equal((await get(`${U}/${poor.u.id}`, poor)).ended_on, null);
  await no(`${U}/${poor.u.id}/end`, poor, { reason: 'stable_income', income_month_cents: 100000 }, 409, 'jobs.income_below');
  unset('min_wage_cents');
});

test('a business of one’s own ends it by its licence; declared work ends by declaration', async () => {
  const p = await jobless();
  const d = await post(D, p, work({ form: 'self_employed', work_kind: '粉店', licence_uscc: '91431103MA4TXT00XW' }));
  assert.deepEqual([d.is_stable, d.was_unemployed, d.licence_uscc], [true, true, '91431103MA4TXT00XW']);
  assert.equal((await get(`${U}/${p.u.id}`, p)).end_reason, 'business_licence');
  const [told] = events('jobs.employment.declared.v1', d.id);
  assert.deepEqual([told.org_id, told.form, told.person_id], [null, 'self_employed', p.id]);
  await no(U, p, { reason: 'other' }, 409, 'jobs.has_job');
  const stop = { ended_on: now, reason: 'stopped' };
  await eachMistake('POST', `${D}/${d.id}/end`, p.token, stop, [
    [{ ended_on: dayPlus(now, 1) }, '/ended_on field.date_future'], [{ ended_on: dayPlus(now, -1) }, '/ended_on field.date_order'],
    [{ reason: 'layoff' }, '/reason field.choice']]);
  await no(`${D}/${d.id}/end`, await person(), stop, 404, 'request.not_found');
  await no(`${D}/${d.id}/end`, first, stop, 403, 'auth.forbidden');
  assert.equal((await post(`${D}/${d.id}/end`, p, stop)).end_reason, 'stopped');
  await no(`${D}/${d.id}/end`, p, stop, 409, 'state.wrong');
  await eventually(() => events('jobs.employment.declaration_ended.v1', d.id).length === 1, 'the end is told');
  const page = await get('/v1/jobs/my/employment-certificate', p);
  assert.deepEqual([page.is_working, page.is_unemployed, page.employments.length, page.unemployments.length], [false, false, 1, 1]);
  await refused('GET', '/v1/jobs/my/employment-certificate', { token: clerk.token }, 403, 'auth.forbidden');
});

test('a declaration has sound fields, and its own person', async () => {
  const [p, old, child] = await Promise.all([person(), person({ birth_on: '1950-01-01' }),
    person({ birth_on: dayPlus(now, -15 * 365) })]);
  await post(U, p, { reason: 'other' });
  await eachMistake('POST', D, p.token, work(), [
    [{ form: 'employer' }, '/form field.choice'], [{ work_kind: undefined }, '/work_kind field.missing'],
    [{ started_on: dayPlus(now, 1) }, '/started_on field.date_future'], [{ occupation_code: '1' }, '/occupation_code field.occupation_code'],
    [{ income_month_cents: -1 }, '/income_month_cents field.too_small'], [{ licence_uscc: '9' }, '/licence_uscc field.uscc']]);
  await no(D, p, work({ licence_uscc: '91431103MA4TXT00XW' }), 422, 'jobs.licence');
  await no(D, p, work({ stable_note: '我说的' }), 403, 'auth.forbidden');
  await no(D, p, work({ person_id: old.id }), 403, 'auth.forbidden');
  await no(D, clerk, work(), 422, 'request.invalid', '/person_id field.missing');
  await no(D, awayClerk, work({ person_id: p.id }), 409, 'jobs.person_unknown');
  await no(D, first, work(), 403, 'auth.forbidden');
  await eventually(async () => (await call('POST', D, { token: old.token, body: work(), refused: true })).json.code === 'jobs.retired', 'retired');
  await eventually(async () => (await call('POST', D, { token: child.token, body: work(), refused: true })).json.code === 'jobs.under_age', 'under age');
  const by = await post(D, clerk, work({ person_id: p.id, stable_note: '核对收款记录' }));
  assert.deepEqual([by.is_stable, by.person_id, by.was_unemployed], [true, p.id, true]);
  const open = await get(`${E}?form=flexible&is_open=true&is_stable=true&limit=200`, first);
  assert.ok(open.items.some((e) => e.id === by.id) && open.items.every((e) => e.form === 'flexible'));
});

test('a hire is put right by its employer in time, by an officer later, and what it said is kept', async () => {
  unset('correction_days');
  const [f, other, p] = await Promise.all([firm(), firm(), person()]);
  const e = await post(E, f, { person_id: p.id, ...contract({ hired_on: dayPlus(now, -3) }) });
  const path = `${E}/${e.id}/correct`;
  await no(path, f, { reason: '录错', wage_cents: 1 }, 409, 'jobs.correction_unset');
  await value('correction_days', 5);
  const put = await post(path, f, { reason: '录错', hired_on: dayPlus(now, -4), contract_type: 'open_ended' });
  assert.deepEqual([put.hired_on, put.contract_type, put.contract_months, put.wage_cents], [dayPlus(now, -4), 'open_ended', null, 480000]);
  await no(path, f, { reason: '没变' }, 422, 'jobs.no_change');
  await no(path, f, { reason: '合同', contract_type: 'fixed' }, 422, 'jobs.contract');
  await no(path, f, { reason: '将来', hired_on: dayPlus(now, 1) }, 422, 'request.invalid', '/hired_on field.date_future');
  await no(path, other, { reason: '别家', wage_cents: 1 }, 404, 'request.not_found');
  await no(path, p, { reason: '本人', wage_cents: 1 }, 403, 'auth.forbidden');
  await no(path, away, { reason: '外县', wage_cents: 1 }, 404, 'request.not_found');
  sql(`UPDATE jobs.employment SET created_at = created_at - interval '9 days' WHERE id = '${e.id}'`);
  await no(path, f, { reason: '太迟', wage_cents: 1 }, 409, 'jobs.correction_late');
  assert.equal((await post(path, first, { reason: '核对合同', wage_cents: 500000 })).wage_cents, 500000);
  const kept = (await get(`/v1/jobs/register-records/${e.id}/changes`, f)).items;
  assert.deepEqual(kept.map((c) => [c.actor_kind, c.before.wage_cents, c.after.wage_cents]),
    [['officer', 480000, 500000], ['org', 480000, 480000]]);
  assert.deepEqual((await get(`/v1/jobs/register-records/${e.id}/changes`, other)).items, []);
  await refused('GET', `/v1/jobs/register-records/${e.id}/changes`, {}, 401, 'auth.token_missing');
  await refused('GET', `/v1/jobs/register-records/${e.id}/changes?cursor=x`, { token: f.token }, 422, 'request.invalid', 'cursor field.cursor');
  await eventually(() => events('jobs.employment.corrected.v1', e.id).length === 2, 'told twice');
});

test('a contract is renewed behind the one that runs', async () => {
  const [f, other, p] = await Promise.all([firm(), firm(), person()]);
  const e = await post(E, f, { person_id: p.id, ...contract({ hired_on: dayPlus(now, -300), contract_months: 12, form: 'public_post' }) });
  assert.equal(e.form, 'public_post');
  const path = `${E}/${e.id}/renew`, next = { from_on: dayPlus(now, 65), contract_type: 'fixed', contract_months: 36 };
  assert.equal((await get(`/v1/jobs/org/employments?contract_ends_to=${dayPlus(now, 70)}`, f)).items.length, 1);
  await no(path, other, next, 404, 'request.not_found');
  await no(path, first, next, 403, 'auth.forbidden');
  await no(path, f, { ...next, contract_months: undefined }, 422, 'jobs.contract');
  await no(path, f, { ...next, from_on: dayPlus(now, -300) }, 422, 'request.invalid', '/from_on field.date_order');
  const r = await post(path, f, next);
  assert.deepEqual([r.contract_from, r.contract_months, r.hired_on], [next.from_on, 36, dayPlus(now, -300)]);
  assert.equal((await get(`/v1/jobs/org/employments?contract_ends_to=${dayPlus(now, 70)}`, f)).items.length, 0);
  await call('POST', `${E}/${e.id}/end`, { token: f.token, body: { ended_on: now, reason: 'agreed' } });
  await no(path, f, { ...next, from_on: dayPlus(now, 90) }, 409, 'state.wrong');
});

test('失业登记 asks what the form asks; too old, unwilling, of the wrong class: refused', async () => {
  const [p, old, woman] = await Promise.all([person(), person({ birth_on: '1955-05-05' }), person({ birth_on: '1980-01-01' })]);
  const form = { reason: 'layoff', last_employer: '某电机厂', education_code: '61', skill_level: 4, wish: '装配', wish_area_code: '431129',
    is_willing: 'yes' };
  await eachMistake('POST', U, p.token, form, [
    [{ education_code: 'x' }, '/education_code field.education_code'], [{ skill_level: 6 }, '/skill_level field.too_large'],
    [{ wish_area_code: '999999' }, '/wish_area_code field.area_code'], [{ is_willing: 'maybe' }, '/is_willing field.choice'],
    [{ retire_class: 'woman' }, '/retire_class field.choice']]);
  const u = await post(U, p, form);
  assert.deepEqual([u.last_employer, u.skill_level, u.is_willing, u.since_on, u.last_contact_on], ['某电机厂', 4, true, now, now]);
  await eventually(async () => (await call('POST', U, { token: old.token, body: form, refused: true })).json.code === 'jobs.retired', 'retired');
  await no(U, woman, { ...form, is_willing: 'no' }, 409, 'jobs.unwilling');
  const [[sex]] = sql(`SELECT sex FROM jobs.person WHERE id = '${woman.id}'`);
  await no(U, woman, { ...form, retire_class: sex === '1' ? 'female_50' : 'male' }, 422, 'request.invalid', '/retire_class field.choice');
  const own = sex === '1' ? 'male' : 'female_50';
  const w = await post(U, woman, { ...form, retire_class: own });
  assert.equal(w.retires_on, sql(`SELECT jobs.retires_on('1980-01-01', '${own}')`)[0][0]);
  await refused('GET', `${U}/${u.id}`, { token: woman.token }, 404, 'request.not_found');
  await refused('GET', `${U}/${u.id}`, { token: away.token }, 404, 'request.not_found');
  const few = await get(`${U}?is_difficult=false&is_open=true&lapses_to=${dayPlus(now, 200)}&limit=200`, first);
  assert.ok(few.items.some((x) => x.id === u.id));
  await refused('GET', `${U}?end_reason=bored`, { token: first.token }, 422, 'request.invalid', 'end_reason field.choice');
});

test('six months without contact: warned, ended on the day, and back again within the days allowed', async () => {
  unset('restore_days');
  const [p, q, r] = [await jobless(), await jobless(), await jobless()];
  const back = (who, days) => sql(`UPDATE jobs.unemployment SET registered_on = registered_on - ${days + 1}, since_on = since_on - ${days + 1},
    last_contact_on = date '${now}' - ${days} WHERE id = '${who.u.id}'`);
  await call('POST', `${U}/${r.u.id}/contact`, { token: r.token, body: { note: '还在找' } });
  back(p, 160);
  await eventually(() => sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind = 'unemployment_lapses'`)[0][0] === '1', 'warned');
  assert.equal((await get(`${U}/${p.u.id}`, p)).ended_on, null);
  back(q, 190);
  const gone = await eventually(async () => { const u = await get(`${U}/${q.u.id}`, q); return u.ended_on && u; }, 'ended by the clock');
  assert.deepEqual([gone.end_reason, gone.ended_on], ['no_contact', sql(`SELECT (date '${now}' - 190 + interval '6 months')::date`)[0][0]]);
  assert.equal(events('jobs.unemployment.ended.v1', q.u.id)[0].reason, 'no_contact');
  assert.equal((await post(`${U}/${p.u.id}/contact`, p)).last_contact_on, now);
  await no(`${U}/${q.u.id}/contact`, q, {}, 409, 'state.wrong');
  await no(`${U}/${p.u.id}/contact`, q, {}, 404, 'request.not_found');
  await no(`${U}/${p.u.id}/renew`, p, undefined, 409, 'state.wrong');
  await no(`${U}/${q.u.id}/renew`, q, undefined, 409, 'jobs.restore_unset');
  await value('restore_days', 2);
  await no(`${U}/${q.u.id}/renew`, q, undefined, 409, 'jobs.restore_late');
  await value('restore_days', 60);
  const again = await post(`${U}/${q.u.id}/renew`, q, undefined);
  assert.deepEqual([again.renews_id, again.registered_on, again.since_on], [q.u.id, now, gone.since_on]);
  await no(`${U}/${q.u.id}/renew`, q, undefined, 409, 'state.wrong');
  await no(`${U}/${q.u.id}/restore`, first, { reason: '查有联系记录' }, 409, 'jobs.already_unemployed');
  unset('restore_days');
});

test('an application is contact; the clock does nothing twice', async () => {
  const [p, f] = [await jobless(), await firm()];
  const v = await post('/v1/jobs/vacancies', f, { title: '装配工', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
    pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig' });
  sql(`UPDATE jobs.unemployment SET last_contact_on = registered_on - 20 WHERE id = '${p.u.id}'`);
  await post(`/v1/jobs/vacancies/${v.id}/applications`, p, {});
  assert.equal((await get(`${U}/${p.u.id}`, p)).last_contact_on, now);
});

test('at retirement it ends by the clock', async () => {
  const p = await jobless();
  sql(`UPDATE jobs.unemployment SET registered_on = registered_on - 9, since_on = since_on - 9, retires_on = date '${now}' - 3 WHERE id = '${p.u.id}'`);
  const u = await eventually(async () => { const x = await get(`${U}/${p.u.id}`, p); return x.ended_on && x; }, 'ended');
  assert.deepEqual([u.end_reason, u.ended_on], ['pension', dayPlus(now, -3)]);
});

test('what happened to somebody is an officer’s word; a wrong end is taken back', async () => {
  const p = await jobless();
  for (const reason of ['prison', 'refused_service', 'deceased'])
    await no(`${U}/${p.u.id}/end`, p, { reason }, 403, 'auth.forbidden');
  await no(`${U}/${p.u.id}/end`, p, { reason: 'no_contact' }, 422, 'request.invalid', '/reason field.choice');
  await no(`${U}/${p.u.id}/end`, clerk, { reason: 'refused_service' }, 422, 'request.invalid', '/note field.missing');
  await no(`${U}/${p.u.id}/restore`, first, { reason: '没有注销' }, 409, 'state.wrong');
  const ended = await post(`${U}/${p.u.id}/end`, clerk, { reason: 'refused_service', note: '三次拒绝推荐' });
  assert.equal(ended.end_note, '三次拒绝推荐');
  await no(`${U}/${p.u.id}/restore`, p, { reason: '我要恢复' }, 403, 'auth.forbidden');
  await no(`${U}/${p.u.id}/restore`, clerk, { reason: '我来恢复' }, 403, 'auth.forbidden');
  await no(`${U}/${p.u.id}/restore`, away, { reason: '外县恢复' }, 404, 'request.not_found');
  const back = await post(`${U}/${p.u.id}/restore`, first, { reason: '认错了人' });
  assert.deepEqual([back.ended_on, back.end_reason, back.end_note], [null, null, null]);
  await eventually(() => events('jobs.unemployment.restored.v1', p.u.id).length === 1, 'told');
  assert.equal((await get(`/v1/jobs/register-records/${p.u.id}/changes`, first)).items[0].before.end_reason, 'refused_service');
  await eventually(() => sql(`SELECT until_day IS NULL FROM monitoring.fact WHERE kind = 'unemployment' AND id = '${p.u.id}'`)[0]?.[0] === 't', 'the board knows');
});

test('values are set by the city, or by a county for itself; anybody reads them', async () => {
  const body = { name: 'restore_days', county_code: '431103', from_on: now, value: 1, basis: '县办法' };
  const here = { token: mint({ roles: ['approve@431129'] }) };
  await no('/v1/jobs/register-values', here, body, 403, 'auth.forbidden');
  await no('/v1/jobs/register-values', here, { ...body, county_code: '431100' }, 403, 'auth.forbidden');
  await no('/v1/jobs/register-values', first, body, 403, 'auth.forbidden');
  await eachMistake('POST', '/v1/jobs/register-values', city.token, body, [[{ name: 'luck' }, '/name field.choice'],
    [{ value: -1 }, '/value field.too_small'], [{ county_code: '110000' }, '/county_code field.area_code'], [{ basis: undefined }, '/basis field.missing']]);
  await post('/v1/jobs/register-values', city, { ...body, county_code: '431100', value: 11 });
  await post('/v1/jobs/register-values', here, { ...body, county_code: '431129', value: 12 });
  assert.deepEqual(sql(`SELECT jobs.register_value('restore_days', '431129', '${now}'), jobs.register_value('restore_days', '431124', '${now}'),
    coalesce(jobs.register_value('restore_days', '431124', '${dayPlus(now, -1)}')::text, '-')`)[0], ['12', '11', '-']);
  const { items } = await call('GET', '/v1/jobs/register-values?name=restore_days&limit=200');
  assert.deepEqual(items.map((v) => v.value).sort(), [11, 12]);
  await refused('GET', '/v1/jobs/register-values?name=luck', {}, 422, 'request.invalid', 'name field.choice');
  unset('restore_days');
});

test('法定退休年龄: SQL and C are one over all months', async () => {
  // The number that test_retire.c takes of retire_on(), over the same months.
  const days = sql(`SELECT jobs.retires_on(least(m + (d - 1), (m + interval '1 month - 1 day')::date)::date, c.class) - date '1970-01-01'
    FROM unnest(ARRAY['male', 'female_55', 'female_50']) WITH ORDINALITY AS c (class, i),
         generate_series(date '1940-01-01', date '2010-12-01', interval '1 month') AS g (t), LATERAL (SELECT t::date AS m) AS x,
         unnest(ARRAY[1, 15, 31]) AS d ORDER BY c.i, m, d`);
  assert.equal(days.length, 7668);
  assert.equal(Number(days.reduce((sum, [d], n) => (sum + BigInt(n + 1) * BigInt(d)) % 1000000007n, 0n)), 801960622);
  const ask = (q) => call('GET', `/v1/jobs/retirement?${q}`);
  const man = await ask('birth_on=1965-05-31&retire_class=male');
  assert.deepEqual([man.retires_on, man.delay_months], ['2025-07-31', 2]);
  assert.equal((await ask('birth_on=1984-11-01&retire_class=female_50')).retires_on, '2039-11-01');
  for (const [q, field] of [['birth_on=1965-05-31', 'retire_class field.missing'], [`birth_on=${dayPlus(now, 1)}&retire_class=male`, 'birth_on field.date_future'],
    ['birth_on=1900-01-01&retire_class=male', 'birth_on field.too_small'], ['birth_on=1965-05-31&retire_class=x', 'retire_class field.choice']])
    await refused('GET', `/v1/jobs/retirement?${q}`, {}, 422, 'request.invalid', field);
});
