// arrears: a clue of unpaid wages, from the worker to labour inspection and back.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { person } from '../lib/city.mjs';
import { city, clerk, get, lst, mint, moved, no, now, post, set } from './help_fixture.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql } from './help.mjs';

const CLUES = '/v1/jobs/arrears-clues';
const clue = (over = {}) => ({ employer_name: '示例建筑公司', project: '县城道路工程', area_code: '431129100', amount_cents: 1200000,
  months: 3, people: 6, detail: '三个月未发工资', ...over });
const at = (c, verb) => `${CLUES}/${c.id}/${verb}`;
const filed = async (p, over) => known(() => call('POST', CLUES, { token: p.token, body: clue(over), refused: true }));

test('without an agency the clue is kept and says so; with one it is referred and followed to its end', async () => {
  const p = await person();
  await set({});
  const c = await filed(p);
  assert.match(c.case_no, /^JB/);
  assert.equal(c.case_state, 'accepted');
  assert.equal(c.referral_to, null);
  assert.match(c.notice, /尚未设定/);
  await no(at(c, 'refer'), {}, 409, 'jobs.arrears_agency_unset');
  assert.equal((await get(`${CLUES}/${c.id}`)).state, 'received', 'kept');
  await set({ arrears_agency: '江华瑶族自治县劳动保障监察大队', arrears_handle_days: 60 });
  const r = await post(at(c, 'refer'), {});
  assert.deepEqual([r.state, r.agency, r.due_on, r.notice], ['referred', '江华瑶族自治县劳动保障监察大队', dayPlus(now, 60), null]);
  await no(at(c, 'refer'), {}, 409, 'state.wrong');
  const step = (state, more = {}) => post(at(c, 'steps'), { state, on: now, ...more });
  await no(at(c, 'steps'), { state: 'closed', on: now }, 409, 'state.wrong');
  await no(at(c, 'steps'), { state: 'accepted', on: dayPlus(now, 1) }, 422, 'field.date_future');
  await no(at(c, 'steps'), { state: 'accepted', on: dayPlus(now, -1) }, 422, 'field.date_order');
  await step('accepted');
  await step('handling', { note: '已约谈' });
  await no(at(c, 'steps'), { state: 'paid', on: now }, 422, 'jobs.arrears_paid');
  await no(at(c, 'steps'), { state: 'handling', on: now, paid_cents: 1 }, 422, 'jobs.arrears_paid');
  assert.equal((await step('paid', { paid_cents: 700000 })).paid_cents, 700000);
  await no(at(c, 'steps'), { state: 'paid', on: now, paid_cents: 500001 }, 422, 'jobs.arrears_paid');
  await step('paid', { paid_cents: 500000 });
  assert.equal((await step('closed')).state, 'closed');
  const [own] = (await call('GET', '/v1/jobs/my/arrears-clues', { token: p.token })).items;
  await refused('GET', '/v1/jobs/my/arrears-clues', { token: clerk }, 403, 'auth.forbidden');
  assert.deepEqual(own.steps.map((s) => s.state), ['received', 'referred', 'accepted', 'handling', 'paid', 'paid', 'closed']);
  const kase = await call('GET', `/v1/cases/${c.case_no}`, { token: p.token });
  assert.equal(kase.state, 'done');
  assert.equal(kase.steps.length, 7);
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind LIKE 'arrears.%'`)[0][0], '6');
});

test('whoever files it: a clerk for the own area, anybody without a name, a worker who may take it back', async () => {
  const p = await person();
  const c = await filed(p, { area_code: '431103' });
  await no(at(c, 'withdraw'), {}, 404, 'request.not_found', (await person()).token);
  await no(at(c, 'withdraw'), {}, 403, 'auth.forbidden');
  assert.equal((await post(at(c, 'withdraw'), { note: '已结清' }, p.token)).state, 'withdrawn');
  await no(at(c, 'withdraw'), {}, 409, 'state.wrong', p.token);
  const k = await post(CLUES, clue());
  assert.deepEqual([k.filed_as, k.person_id], ['clerk', null]);
  await no(CLUES, clue({ area_code: '431103' }), 403, 'auth.area');
  await no(CLUES, clue({ area_code: '431100' }), 422, 'field.area_code');
  const a = await call('POST', '/v1/jobs/arrears-reports', { body: clue() });
  assert.deepEqual(Object.keys(a).sort(), ['filed_on', 'id', 'notice', 'referral_to', 'state']);
  assert.equal((await get(`${CLUES}/${a.id}`)).filed_as, 'anonymous');
  assert.equal((await post(at(a, 'refer'), {})).state, 'referred');
  assert.equal((await post(at(a, 'steps'), { state: 'not_established', on: now })).state, 'not_established');
  await refused('POST', '/v1/jobs/arrears-reports', { body: clue({ area_code: '431100' }) }, 422, 'request.invalid', '/area_code field.area_code');
  await eachMistake('POST', CLUES, p.token, clue(), [[{ amount_cents: 0 }, '/amount_cents field.too_small'],
    [{ people: 10001 }, '/people field.too_large'], [{ employer_name: undefined }, '/employer_name field.missing'],
    [{ phone: '13800000000' }, '/phone field.unknown']]);
  for (const token of [lst, (await person()).token])
    await refused('GET', `${CLUES}/${k.id}`, { token }, 404, 'request.not_found');
  await no(at(k, 'refer'), {}, 404, 'request.not_found', lst);
  await no(at({ id: NOBODY }, 'steps'), { state: 'accepted', on: now }, 404, 'request.not_found');
  await refused('GET', CLUES, { token: p.token }, 403, 'auth.forbidden');
});

test('late by the days that are set: the overdue list, and the figures', async () => {
  await set({ arrears_agency: '永州市劳动保障监察支队', arrears_handle_days: 2 });
  const c = await post(CLUES, clue());
  await post(at(c, 'refer'), {});
  const late = async () => (await get(`${CLUES}?is_overdue=true&limit=200`)).items.some((x) => x.id === c.id);
  assert.equal(await late(), false);
  await moved(3, async () => assert.equal(await late(), true));
  const q = `/v1/jobs/arrears-figures?from_on=${dayPlus(now, -1)}&to_on=${now}`;
  const f = (await get(q)).items.find((x) => x.county_code === '431129');
  assert.ok(f.clues >= 1 && f.amount_cents >= 1200000);
  assert.ok((await get(q, mint({ roles: ['stats@431129'] }))).items.every((x) => typeof x.hidden === 'boolean'));
  await refused('GET', `/v1/jobs/arrears-figures?from_on=${now}&to_on=${dayPlus(now, -1)}`, { token: clerk }, 422, 'request.invalid',
    'to_on field.date_order');
  await refused('GET', q, { token: (await person()).token }, 403, 'auth.forbidden');
  assert.ok(city);
});
