// training: the register of demand, the city's dated shortage list, what classes
// take of both, and the gaps -- each with who may not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, textCode } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { clerkAt, outlet } from './counter.mjs';
import { claimsOf } from './officer_help.mjs';
import { licensed, school, unwanted } from './class_help.mjs';
import { dayPlus, eachMistake, isProblem, known, minter, refused, sql, today, walk } from './help.mjs';

const T = '/v1/training', COUNTY = '431122', TOWN = '431122100', OTHER = '431122101';
const now = await today();
const mint = minter((await person({ area_code: TOWN })).token);
const as = (role, area = COUNTY, over = {}) => mint({ roles: [`${role}@${area}`], ...over });
const first = as('first_review'), approve = as('approve'), city = as('first_review', '431100'), mayor = as('approve', '431100');
const wish = (p, over) => known(() => call('POST', `${T}/my/demands`, { token: p.token, refused: true,
  body: { occupation_code: '6-31-01-03', level: 5, ...over } }));
const need = (f, over) => known(() => call('POST', `${T}/org/demands`, { token: f.token, refused: true,
  body: { occupation_code: '6-31-01-03', level: 5, headcount: 30, area_code: TOWN, ...over } }));
const confirm = (d, token = first) => call('POST', `${T}/demands/${d.id}/confirm`, { token, body: {} });
const left = (occupation, level = 5, token = first) => call('GET',
  `${T}/demand-left?occupation_code=${occupation}&level=${level}&county_code=${COUNTY}`, { token });
const at = (...texts) => sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); ${texts.map((x) => `SELECT ${x}`).join('; ')}`);

test('a wish is registered, confirmed by the town, changed and withdrawn; a person has one of an occupation', async () => {
  const [p, q] = await Promise.all([person({ area_code: TOWN }), person({ area_code: TOWN })]);
  const d = await wish(p, { remark: '想进厂' });
  assert.deepEqual([d.state, d.source, d.headcount, d.county_code, d.case_state], ['registered', 'worker', 1, COUNTY, 'accepted']);
  await refused('POST', `${T}/my/demands`, { token: p.token, body: { occupation_code: '6-31-01-03' } }, 409, 'state.exists');
  await eachMistake('POST', `${T}/my/demands`, p.token, { occupation_code: '6-31' }, [
    [{ occupation_code: '6-99' }, '/occupation_code field.occupation_code'], [{ level: 6 }, '/level field.too_large'],
    [{ to_on: dayPlus(now, -1) }, '/to_on field.date_order'], [{ headcount: 3 }, '/headcount field.unknown']]);
  await refused('POST', `${T}/my/demands`, { token: first, body: { occupation_code: '6-31' } }, 403, 'auth.forbidden');
  await refused('POST', `${T}/demands/${d.id}/confirm`, { token: as('clerk', OTHER), body: {} }, 404, 'request.not_found');
  assert.equal((await confirm(d, as('clerk', TOWN))).state, 'confirmed');
  await refused('POST', `${T}/demands/${d.id}/confirm`, { token: first, body: {} }, 409, 'state.wrong');
  const patch = (token, body) => call('PATCH', `${T}/demands/${d.id}`, { token, body, refused: true });
  assert.equal((await patch(q.token, { level: 4 })).status, 404);
  assert.equal((await patch(p.token, { headcount: 2 })).json.code, 'request.invalid');
  assert.equal((await patch(p.token, { remark: '晚上学' })).json.state, 'confirmed');
  assert.equal((await patch(p.token, { level: 4 })).json.state, 'registered', 'another level is looked at again');
  await refused('POST', `${T}/demands/${d.id}/withdraw`, { token: q.token, body: {} }, 404, 'request.not_found');
  assert.equal((await call('POST', `${T}/demands/${d.id}/withdraw`, { token: p.token, body: {} })).state, 'withdrawn');
  await refused('POST', `${T}/demands/${d.id}/withdraw`, { token: p.token, body: {} }, 409, 'state.wrong');
  assert.equal((await patch(p.token, { level: 5 })).json.code, 'state.wrong');
  const again = await wish(p);
  assert.deepEqual((await call('GET', `${T}/my/demands?state=registered`, { token: p.token })).items.map((x) => x.id), [again.id]);
  await refused('GET', `${T}/my/demands`, { token: first }, 403, 'auth.forbidden');
  await refused('POST', `${T}/demands/${again.id}/refuse`, { token: first, body: {} }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await call('POST', `${T}/demands/${again.id}/refuse`, { token: first, body: { note: '已就业' } })).state, 'refused');
  await refused('POST', `${T}/demands/${again.id}/refuse`, { token: as('stats'), body: { note: '已就业' } }, 403, 'auth.forbidden');
});

test('employers and parks name their needs; who entered a line does not confirm it', async () => {
  const [f, park] = await Promise.all([firm({ area_code: TOWN }), firm({ kind: 'carrier', area_code: TOWN })]);
  const d = await need(f, { by_on: dayPlus(now, 60) }), e = await need(park);
  assert.deepEqual([d.source, d.headcount, d.by_on, e.source], ['employer', 30, dayPlus(now, 60), 'park']);
  const good = { occupation_code: '6-31-01-03', headcount: 30, area_code: TOWN };
  await eachMistake('POST', `${T}/org/demands`, f.token, good, [
    [{ headcount: 0 }, '/headcount field.too_small'], [{ headcount: 10001 }, '/headcount field.too_large'],
    [{ area_code: '431100' }, '/area_code field.area_code'], [{ by_on: dayPlus(now, -1) }, '/by_on field.date_past'],
    [{ to_on: dayPlus(now, 2000) }, '/to_on field.date_order']]);
  const both = mint({ roles: ['employer', `first_review@${COUNTY}`], org: f.org_id });
  const own = await call('POST', `${T}/org/demands`, { token: both, body: good });
  await refused('POST', `${T}/demands/${own.id}/confirm`, { token: both, body: {} }, 409, 'training.same_hand');
  assert.equal((await confirm(d)).state, 'confirmed');
  const listed = await walk(`${T}/demands?source=employer&occupation_code=6-31`, first, 50);
  assert.ok(listed.some((x) => x.id === d.id) && listed.every((x) => x.county_code === COUNTY && x.source === 'employer'));
  await refused('GET', `${T}/demands?state=gone`, { token: first }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', `${T}/demands`, { token: f.token }, 403, 'auth.forbidden');
  assert.deepEqual((await walk(`${T}/org/demands`, park.token, 1)).map((x) => x.id), [e.id]);
  await refused('GET', `${T}/org/demands?state=x`, { token: f.token }, 422, 'request.invalid', 'state field.choice');
});

const file = async (s, occupation_code, capacity, over = {}) => call('POST', `${T}/classes`, { token: s.token, refused: true,
  body: await unwanted(s, { occupation_code, capacity, area_code: TOWN, ...over }) });
const put = (text) => sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); ${text}`)[1]?.[0];

test('a class takes its places from the narrowest need first, gives them back, and never takes what is not there', async () => {
  const [f, s] = await Promise.all([firm({ area_code: TOWN }), school({ area_code: TOWN }).then((x) => licensed(x))]);
  const O = '6-18-01-01', WIDE = '6-18';
  assert.deepEqual(await left(O), { occupation_code: O, level: 5, county_code: COUNTY, has_demand: false, is_unlimited: false, left: 0 });
  const narrow = await need(f, { occupation_code: O, headcount: 20 });
  assert.equal((await left(O)).has_demand, false, 'nobody has confirmed it');
  await confirm(narrow);
  const wide = await confirm(await need(f, { occupation_code: WIDE, level: undefined, headcount: 25 }));
  const all = async () => [(await left(O)).left, (await left('6-18-01-02')).left, (await left(O, 3)).left];
  assert.deepEqual(await all(), [45, 25, 25], 'a level of its own, or any');
  const { json: { id } } = await file(s, O, 30);
  assert.deepEqual(await all(), [15, 15, 15], 'twenty of the narrow line, ten of the wide');
  const covered = async (d) => (await walk(`${T}/org/demands`, f.token, 50)).find((x) => x.id === d.id).covered;
  assert.deepEqual([await covered(narrow), await covered(wide)], [20, 10]);
  await refused('PATCH', `${T}/demands/${wide.id}`, { token: f.token, body: { headcount: 9 } }, 409, 'training.demand_covered', '/headcount training.demand_covered');
  const smaller = await call('PATCH', `${T}/demands/${wide.id}`, { token: f.token, body: { headcount: 24 } });
  assert.deepEqual([smaller.state, smaller.headcount], ['confirmed', 24]);
  put(`UPDATE training.class SET capacity = 10 WHERE id = '${id}'`);
  assert.deepEqual(await all(), [34, 24, 24], 'a smaller class takes less');
  await call('POST', `${T}/demands/${narrow.id}/withdraw`, { token: f.token, body: { note: '不再需要' } });
  assert.deepEqual(await all(), [24, 24, 24]);
  isProblem(await file(s, O, 25), 409, 'training.no_demand');
  const many = await Promise.all([0, 1, 2].map((n) => file(s, `6-18-01-0${n + 1}`, 13)));
  assert.deepEqual(many.map((r) => r.status).sort(), [201, 409, 409], 'of three at once, one finds people enough');
  const made = many.find((r) => r.status === 201).json;
  assert.deepEqual(await left(O), { occupation_code: O, level: 5, county_code: COUNTY, has_demand: true, is_unlimited: false, left: 11 });
  put(`UPDATE training.class SET state = 'cancelled' WHERE id = '${made.id}'`);
  assert.equal((await left(O)).left, 24, 'cancelled, it gives its places back');
  assert.throws(() => put(`UPDATE training.demand SET covered = headcount + 1 WHERE id = '${wide.id}'`), /demand_covered_check/);
  for (const [query, field] of [['', 'level field.missing'], ['&level=7', 'level field.too_large']])
    await refused('GET', `${T}/demand-left?occupation_code=${O}&county_code=${COUNTY}${query}`, { token: first }, 422, 'request.invalid', field);
  await refused('GET', `${T}/demand-left?occupation_code=${O}&county_code=${COUNTY}&level=5`, { token: f.token }, 403, 'auth.forbidden');
});

test('a line expires after its last day, once, and its owner is told', async () => {
  const p = await person({ area_code: TOWN });
  const d = await wish(p, { occupation_code: '6-20', to_on: now });
  await confirm(d);
  const scan = (day) => sql(`SELECT platform.act_as(at => '${day}T04:00:00Z'); SELECT training.demand_expire(); SELECT state FROM training.demand WHERE id = '${d.id}'`).at(-1)[0];
  assert.equal(scan(now), 'confirmed');
  assert.equal(scan(dayPlus(now, 1)), 'expired');
  scan(dayPlus(now, 1));
  assert.equal(at(`count(*) FROM training.message WHERE subject_id = '${d.id}' AND kind = 'demand_expired'`).at(-1)[0], '1');
});

test('the shortage list: drafted and published by two of the city, one version a day, its items demand everywhere', async () => {
  const item = { occupation_code: '6-25-04-01', level: 4, headcount: 40, reason: '集成电路企业缺工', source: '人力资源市场监测' };
  const open = { ...item, occupation_code: '6-25-03', level: undefined, headcount: undefined };
  const from = dayPlus(now, 10);
  const body = { title: '急需紧缺职业目录', basis: '永人社发', from_on: now, to_on: dayPlus(now, 400), items: [item, open] };
  const draft = (over, token = city) => call('POST', `${T}/shortage-lists`, { token, body: { ...body, ...over } });
  await eachMistake('POST', `${T}/shortage-lists`, city, body, [
    [{ to_on: dayPlus(now, -1) }, '/to_on field.date_order'], [{ from_on: dayPlus(now, -1) }, '/from_on field.date_past'],
    [{ items: [] }, '/items field.count'], [{ items: [{ ...item, reason: undefined, headcount: 0 }] }, '/items/0/headcount field.too_small', '/items/0/reason field.missing']]);
  await refused('POST', `${T}/shortage-lists`, { token: city, body: { ...body, items: [item, item] } }, 422, 'training.shortage_twice', '/items/1/occupation_code training.shortage_twice');
  await refused('POST', `${T}/shortage-lists`, { token: first, body }, 403, 'training.shortage_city');
  const hand = mint({ roles: ['first_review@431100', 'approve@431100'], sub: randomUUID() });
  const one = await draft({}, hand);
  assert.deepEqual([one.state, one.items], ['draft', 2]);
  assert.equal((await left('6-25-04-01', 4)).has_demand, false);
  await refused('POST', `${T}/shortage-lists/${one.id}/publish`, { token: approve }, 404, 'request.not_found');
  await refused('POST', `${T}/shortage-lists/${one.id}/publish`, { token: hand }, 409, 'training.same_hand');
  const publish = (l) => call('POST', `${T}/shortage-lists/${l.id}/publish`, { token: mayor });
  assert.equal((await publish(one)).state, 'published');
  await refused('POST', `${T}/shortage-lists/${one.id}/publish`, { token: mayor }, 409, 'state.wrong');
  await refused('POST', `${T}/shortage-lists/${one.id}/drop`, { token: city }, 409, 'state.wrong');
  assert.deepEqual([(await left('6-25-04-01', 4)).left, (await left('6-25-04-01', 5)).has_demand], [40, false]);
  assert.deepEqual([(await left('6-25-03-00', 2)).is_unlimited, (await left('6-25-03-00', 2)).left], [true, null]);
  const f = await firm({ area_code: TOWN });
  assert.equal((await file(await licensed(await school({ area_code: TOWN })), '6-25-04-01', 15, { level: 4 })).status, 201);
  assert.equal((await left('6-25-04-01', 4)).left, 25);
  assert.equal((await call('GET', `${T}/demand-left?occupation_code=6-25-04-01&level=4&county_code=431171`, { token: city })).left, 40, 'another county has its own');
  // The next version ends it the day before.
  const gone = await draft({ from_on: from });
  assert.equal((await call('POST', `${T}/shortage-lists/${gone.id}/drop`, { token: city })).state, 'dropped');
  const two = await publish(await draft({ from_on: from, items: [{ ...item, headcount: 5 }] }));
  await refused('POST', `${T}/shortage-lists/${(await draft({ from_on: dayPlus(now, 5) })).id}/publish`, { token: mayor }, 409, 'training.shortage_past');
  const on = async (day) => (await call('GET', `${T}/shortages?on=${day}&occupation_code=6-25`)).items.map((i) => [i.list_id, i.headcount ?? 0])
    .sort((a, b) => a[1] - b[1]);
  assert.deepEqual(await on(dayPlus(from, -1)), [[one.id, 0], [one.id, 40]]);
  assert.deepEqual(await on(from), [[two.id, 5]]);
  assert.deepEqual(await on(dayPlus(now, -1)), []);
  await refused('GET', `${T}/shortages?on=soon`, {}, 422, 'request.invalid', 'on field.format');
  const versions = (token) => walk(`${T}/shortage-lists`, token, 50).then((x) => new Set(x.map((l) => l.state)));
  assert.deepEqual([[...await versions(city)].sort(), [...await versions(first)]], [['draft', 'dropped', 'published'], ['published']]);
  await refused('GET', `${T}/shortage-lists`, { token: f.token }, 403, 'auth.forbidden');
  assert.throws(() => sql(`UPDATE training.shortage_item SET headcount = 1 WHERE list_id = '${one.id}'`, 'training_app'), /permission denied/);
  sql(`UPDATE training.shortage_list SET state = 'dropped', published_at = NULL, published_by = NULL WHERE id IN ('${one.id}', '${two.id}')`);
});

test('gaps: open postings less those who are free and able, in full for the county, without small cells for all', async () => {
  const O = '6-24-02-01', f = await firm({ area_code: TOWN });
  const v = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: { title: '缺口岗位', occupation_code: O,
    area_code: TOWN, headcount: 12, pay_min_cents: 300000, pay_max_cents: 500000, pay_unit: 'month', form: 'full_time' } }));
  const people = await Promise.all([0, 1, 2].map(() => person({ area_code: TOWN })));
  await Promise.all(people.slice(0, 2).map((p) => known(() => call('POST', '/v1/jobs/unemployment-registrations',
    { token: p.token, refused: true, body: { reason: 'other' } }))));
  for (const p of people) await confirm(await wish(p, { occupation_code: '6-24' }));	// the third has work
  await confirm(await need(f, { occupation_code: O, headcount: 7 }));
  const row = (path, token) => call('GET', `${T}/${path}?county_code=${COUNTY}&occupation_code=${O}`, { token }).then((r) => r.items[0]);
  const mine = await eventually(async () => { const r = await row('gaps', first); return r?.available === 2 && r.openings === 12 && r; }, 'the gap is known');
  assert.deepEqual(mine, { county_code: COUNTY, occupation_code: O, openings: 12, available: 2, gap: 10, certified: 0, wishes: 3, needs: 7 });
  assert.deepEqual(await row('gap-figures'), { ...mine, available: null, gap: null, wishes: null }, 'two and three people are not shown');
  assert.equal(await row('gaps', as('first_review', '431103')), undefined);
  for (let i = 0; i < 2; i++)	// told again, nothing is counted twice
    sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); INSERT INTO training.jobless (id, person_id, registered_on, county_code)
      SELECT id, person_id, registered_on, county_code FROM training.jobless ON CONFLICT (id) DO NOTHING`);
  await call('POST', `/v1/jobs/vacancies/${v.id}/close`, { token: f.token, body: {} });
  await eventually(async () => (await row('gaps', first)).openings === 0, 'the posting is closed');
  const page = (cursor) => call('GET', `${T}/gap-figures?sort=openings&limit=3${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
  const one = await page(), two = await page(one.next_cursor);
  const ranked = [...one.items, ...two.items];
  assert.ok(ranked.length > 3 && ranked.every((r, i) => i === 0 || ranked[i - 1].openings >= r.openings));
  for (const path of ['gaps', 'gap-figures'])
    await refused('GET', `${T}/${path}?sort=name`, { token: first }, 422, 'request.invalid', 'sort field.choice');
  await refused('GET', `${T}/gaps`, { token: as('stats') }, 403, 'auth.forbidden');
});

test('a clerk registers a wish for somebody present, and another hand confirms it', async () => {
  const [o, p] = [await outlet(TOWN), await person({ area_code: TOWN })];
  const clerk = await clerkAt(o, [`clerk@${COUNTY}`]);
  const session = await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null,
    body: { id_number: p.id_number, code: await textCode(p.phone, 'assist') } });
  const d = await wish({ token: session.access_token }, { occupation_code: '4-10-01-01' });
  assert.equal(d.person_id, p.id);
  const [[by]] = sql(`SELECT entered_by FROM training.demand WHERE id = '${d.id}'`);
  assert.equal(by, claimsOf(clerk.token).sub);
  await refused('POST', `${T}/demands/${d.id}/confirm`, { token: clerk.token, body: {} }, 409, 'training.same_hand');
  assert.equal((await confirm(d)).state, 'confirmed');
});
