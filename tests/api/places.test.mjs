// places: the register of 15分钟就业服务圈, nearest first, what outlets may
// handle, and the acceptance of halls -- each with who may not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request, textCode } from '../lib/client.mjs';
import { eventually, person } from '../lib/city.mjs';
import { clerkAt, outlet } from './counter.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const PLACES = '/v1/jobs/places';
const now = await today();
const mint = minter((await person()).token);
const as = (role, area = '431129', over = {}) => mint({ roles: [`${role}@${area}`], ...over });
const entry = as('clerk'), first = as('first_review'), approve = as('approve'), city = as('approve', '431100');
const week = [1, 2, 3, 4, 5].flatMap((weekday) => [{ weekday, opens: '08:30', closes: '12:00' },
  { weekday, opens: '14:00', closes: '17:30' }]);
const good = { kind: 'station', name: '沱江乐业小站', address: '沱江镇春晓路1号', area_code: '431129100',
  lat_e6: 25185000, lng_e6: 111579000, hours: week };
const enter = (over = {}) => call('POST', PLACES, { token: entry, body: { ...good, name: `小站${randomUUID().slice(0, 8)}`, ...over } });
const move = (p, state, over = {}) => call('POST', `${PLACES}/${p.id}/move`, { token: first, body: { state, ...over } });
const accept = (p, token = city) => call('POST', `${PLACES}/${p.id}/accept`, { token, body: { note: '现场核实' } });
async function opened(over = {}) {
  const p = await enter(over);
  await move(p, 'building');
  await accept(p);
  return move(p, 'open');
}
const outletKnown = (o) => eventually(() => sql(`SELECT 1 FROM jobs.outlet WHERE id = '${o.id}'`).length, 'jobs knows the outlet');

test('a place is entered with its point and hours; each mistake is named', async () => {
  const p = await enter();
  assert.deepEqual([p.state, p.county_code, p.outlet_id, p.listed, p.matters], ['planned', '431129', null, false, []]);
  await eachMistake('POST', PLACES, entry, good, [
    [{ kind: 'shop' }, '/kind field.choice'], [{ name: '站' }, '/name field.too_short'],
    [{ lat_e6: undefined }, '/lat_e6 field.missing'], [{ lat_e6: 90000001 }, '/lat_e6 field.too_large'],
    [{ lng_e6: 25 }, '/lng_e6 field.too_small'], [{ area_code: '999999' }, '/area_code field.area_code'],
    [{ hours: [{ weekday: 8, opens: '08:30', closes: '9:00' }] }, '/hours/0/closes field.format', '/hours/0/weekday field.too_large']]);
  for (const hours of [[{ weekday: 1, opens: '12:00', closes: '08:00' }], [week[0], { ...week[0], opens: '09:00', closes: '13:00' }]])
    await refused('POST', PLACES, { token: entry, body: { ...good, hours } }, 422, 'jobs.hours');
  await refused('POST', PLACES, { token: entry, body: { ...good, exceptions: [{ on: now, opens: '09:00' }] } }, 422, 'jobs.hours', '/exceptions/0 jobs.hours');
  await refused('POST', PLACES, { token: entry, body: { ...good, area_code: '431103001' } }, 403, 'auth.area', '/area_code auth.area');
  await refused('POST', PLACES, { token: entry, body: { ...good, outlet_id: NOBODY } }, 409, 'jobs.outlet_unknown', '/outlet_id jobs.outlet_unknown');
  await refused('POST', PLACES, { token: approve, body: good }, 403, 'auth.forbidden');
  await refused('PATCH', `${PLACES}/${p.id}`, { token: entry, body: { lat_e6: 25000000 } }, 422, 'jobs.point', '/lng_e6 jobs.point');
  await refused('PATCH', `${PLACES}/${p.id}`, { token: as('clerk', '431103'), body: { phone: '0746-2222222' } }, 404, 'request.not_found');
  const changed = await call('PATCH', `${PLACES}/${p.id}`, { token: entry, body: { phone: '0746-2222222', lat_e6: 25180000, lng_e6: 111570000 } });
  assert.deepEqual([changed.phone, changed.lat_e6, changed.name], ['0746-2222222', 25180000, p.name]);
});

test('it opens only when accepted, the counted kinds by the city, by another hand; every step is kept', async () => {
  const p = await enter();
  await refused('POST', `${PLACES}/${p.id}/move`, { token: first, body: { state: 'open' } }, 409, 'state.wrong');
  await refused('POST', `${PLACES}/${p.id}/accept`, { token: city, body: { note: '现场核实' } }, 409, 'state.wrong');
  await move(p, 'building');
  await refused('POST', `${PLACES}/${p.id}/accept`, { token: approve, body: { note: '现场核实' } }, 403, 'jobs.place_city');
  const both = mint({ roles: ['clerk@431129', 'approve@431100'], sub: randomUUID() });
  const own = await call('POST', PLACES, { token: both, body: good });
  await move(own, 'building');
  await refused('POST', `${PLACES}/${own.id}/accept`, { token: both, body: { note: '自己确认' } }, 409, 'jobs.same_hand');
  assert.equal((await accept(p)).state, 'accepted');
  await refused('GET', `${PLACES}/${p.id}`, {}, 404, 'request.not_found');
  await move(p, 'open');
  await refused('POST', `${PLACES}/${p.id}/move`, { token: first, body: { state: 'closed' } }, 422, 'request.invalid', '/note field.missing');
  await refused('POST', `${PLACES}/${p.id}/move`, { token: as('first_review', '431103'), body: { state: 'closed', note: '撤并' } }, 404, 'request.not_found');
  await move(p, 'closed', { note: '房屋修缮' });
  await move(p, 'open', { note: '修缮完毕' });
  const kept = await call('GET', `/v1/jobs/place-register/${p.id}`, { token: entry });
  assert.deepEqual(kept.steps.map((s) => s.state), ['planned', 'building', 'accepted', 'open', 'closed', 'open']);
  await refused('GET', `/v1/jobs/place-register/${p.id}`, { token: as('clerk', '431103') }, 404, 'request.not_found');
  const workshop = await enter({ kind: 'workshop' });
  await move(workshop, 'building');
  assert.equal((await accept(workshop, approve)).state, 'accepted', 'a kind nobody counts, by the county');
  const listed = await walk('/v1/jobs/place-register?kind=station&state=open', entry, 2);
  assert.ok(listed.some((x) => x.id === p.id) && listed.every((x) => x.county_code === '431129' && x.state === 'open'));
  await refused('GET', '/v1/jobs/place-register?state=gone', { token: entry }, 422, 'request.invalid', 'state field.choice');
});

test('nearest first, page by page, within a walk, open now, by kind and matter', async () => {
  const at = { lat_e6: 26000000, lng_e6: 111000000 };
  const made = [];
  for (const [i, far] of [3000, 500, 1500, 9000].entries())	// a thousandth of a degree north: 111.195 m
    made[i] = await opened({ ...at, lat_e6: at.lat_e6 + Math.round(far / 0.111195), name: `远近${far}`, hours: i === 1 ? [] : [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })) });
  const here = 'lat=26.0&lng=111', names = (x) => x.map((p) => p.name);
  const near = await walk(`${PLACES}?${here}&radius_m=20000`, undefined, 2);
  assert.deepEqual(names(near), ['远近500', '远近1500', '远近3000', '远近9000']);
  assert.deepEqual(near.map((p) => p.distance_m), [500, 1500, 3000, 9000]);
  assert.deepEqual(names(await walk(`${PLACES}?${here}&walk_minutes=15`, undefined, 50)), ['远近500'], 'sixty metres a minute');
  assert.deepEqual(names(await walk(`${PLACES}?${here}&drive_minutes=15`, undefined, 50)), ['远近500', '远近1500', '远近3000']);
  assert.deepEqual(names(await walk(`${PLACES}?${here}&radius_m=4000&open_now=true`, undefined, 50)), ['远近1500', '远近3000']);
  assert.deepEqual(names(await walk(`${PLACES}?${here}&radius_m=4000&open_now=false`, undefined, 50)), ['远近500']);
  assert.deepEqual(await walk(`${PLACES}?${here}&radius_m=4000&kind=fuel`, undefined, 50), []);
  assert.deepEqual(await walk(`${PLACES}?${here}&radius_m=4000&area_code=431103`, undefined, 50), []);
  assert.deepEqual(await walk(`${PLACES}?${here}&radius_m=4000&matter_code=JB-01`, undefined, 50), [], 'no clerk stands there');
  await call('PATCH', `${PLACES}/${made[2].id}`, { token: entry, body: { exceptions: [{ on: now, note: '停电' }] } });
  const closedToday = await call('GET', `${PLACES}/${made[2].id}`);
  assert.deepEqual([closedToday.open_now, closedToday.hours_today, closedToday.distance_m], [false, [], undefined]);
  for (const [query, ...problem] of [['lat=26', 'jobs.point', 'lng jobs.point'], ['radius_m=5', 'jobs.point', 'lat jobs.point'],
    ['lat=26.0000001&lng=111', 'request.invalid', 'lat field.format'], ['lat=99&lng=111', 'request.invalid', 'lat field.too_large'],
    ['matter_code=ZZ-99', 'request.invalid', 'matter_code field.choice'], ['walk_minutes=0&lat=26&lng=111', 'request.invalid', 'walk_minutes field.too_small']])
    await refused('GET', `${PLACES}?${query}`, {}, 422, ...problem);
});

test('an outlet with a list handles what is on it, in every service, and says where else', async () => {
  const o = await outlet('431129100'), other = await outlet('431129100');
  const clerk = await clerkAt(o);
  await Promise.all([outletKnown(o), outletKnown(other)]);
  const p = await opened({ outlet_id: o.id });
  const q = await opened({ outlet_id: other.id, name: '隔壁小站', lat_e6: good.lat_e6 + 9000 });
  await refused('POST', PLACES, { token: entry, body: { ...good, outlet_id: o.id } }, 409, 'state.exists');
  await refused('PATCH', `${PLACES}/${p.id}`, { token: entry, body: { outlet_id: other.id } }, 409, 'state.wrong', '/outlet_id state.wrong');

  const jobless = await person({ area_code: '431129100' }), second = await person({ area_code: '431129100' });
  const assist = async (who) => (await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null,
    body: { id_number: who.id_number, code: await textCode(who.phone, 'assist') } })).access_token;
  const token = await assist(jobless);
  const register = (by, body = { reason: 'other' }) => request('POST', '/v1/jobs/unemployment-registrations', { token: by, body,
    quiet: true, headers: { 'idempotency-key': randomUUID() } });
  // No list: what the role may.
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: second.token, refused: true, body: { reason: 'other' } }));
  // A list without it.
  const give = (place, body, by = approve) => call('POST', `${PLACES}/${place.id}/rights`, { token: by, body });
  const apply = await give(p, { matter_code: 'JB-02' });
  await give(q, { matter_code: 'JB-01', to_on: dayPlus(now, 30) });
  const no = await eventually(async () => { const r = await register(token); return r.status === 403 && r; }, 'it is refused');
  assert.equal(no.json.code, 'outlet.matter_not_delegated', no.text);
  assert.match(no.json.detail, /隔壁小站，距此 100[01] 米/);
  assert.equal((await register(clerk.token, { reason: 'other', person_id: jobless.id })).json.code, 'outlet.matter_not_delegated', 'in the clerk’s own name too');
  const en = await request('POST', '/v1/jobs/unemployment-registrations', { token, body: { reason: 'other' }, quiet: true,
    headers: { 'idempotency-key': randomUUID(), 'accept-language': 'en' } });
  assert.match(en.json.detail, /^The nearest that may: 隔壁小站, 100[01] m away$/);
  const door = await request('POST', '/v1/matters/JB-01/cases', { token, body: { form: { reason: 'other' } }, quiet: true,
    headers: { 'idempotency-key': randomUUID() } });
  assert.equal(door.json.code, 'outlet.matter_not_delegated', 'by the one door');
  const training = await request('POST', `/v1/training/classes/${NOBODY}/enrolments`, { token, quiet: true, headers: { 'idempotency-key': randomUUID() } });
  assert.equal(training.json.code, 'outlet.matter_not_delegated', 'and in another service');
  assert.equal((await register(jobless.token)).status, 201, 'the person alone is bound by no outlet');
  sql(`UPDATE jobs.unemployment SET ended_on = registered_on, end_reason = 'other' WHERE person_id = '${jobless.id}'`);
  // On the list.
  const right = await give(p, { matter_code: 'JB-01' });
  const yes = await eventually(async () => { const r = await register(token); return r.status === 201 && r; }, 'it is delegated');
  const filed = await call('GET', `/v1/cases/${yes.json.case_no}`, { token: jobless.token });
  assert.equal(filed.assisted, true, 'the case says that somebody helped');
  await eventually(() => sql(`SELECT 1 FROM jobs.audit WHERE route = 'unemployment_register' AND assisted AND outlet = '${o.id}'
    AND person_id = '${jobless.id}' AND status = 201`).length, 'and the trail');
  assert.deepEqual((await call('GET', `${PLACES}/${p.id}`)).matters, ['JB-01', 'JB-02']);
  assert.ok((await walk(`${PLACES}?lat=25.185&lng=111.579&radius_m=3000&matter_code=JB-01`, undefined, 20)).some((x) => x.id === p.id));
  // Taken back.
  await refused('POST', `/v1/jobs/place-rights/${right.id}/withdraw`, { token: approve, body: {} }, 422, 'request.invalid', '/why field.missing');
  await refused('POST', `/v1/jobs/place-rights/${right.id}/withdraw`, { token: as('approve', '431103'), body: { why: '整改' } }, 404, 'request.not_found');
  const gone = await call('POST', `/v1/jobs/place-rights/${right.id}/withdraw`, { token: approve, body: { why: '窗口整改' } });
  assert.equal(gone.why, '窗口整改');
  await refused('POST', `/v1/jobs/place-rights/${right.id}/withdraw`, { token: approve, body: { why: '整改' } }, 409, 'state.wrong');
  await eventually(async () => (await register(token)).json.code === 'outlet.matter_not_delegated', 'it is withdrawn');
  await refused('POST', `${PLACES}/${p.id}/rights`, { token: approve, body: { matter_code: 'JB-02' } }, 409, 'state.exists');
  await refused('POST', `${PLACES}/${p.id}/rights`, { token: approve, body: { matter_code: 'ZZ-99' } }, 422, 'request.invalid', '/matter_code field.choice');
  await refused('POST', `${PLACES}/${p.id}/rights`, { token: approve, body: { matter_code: 'JB-03', to_on: dayPlus(now, -1) } }, 422, 'request.invalid', '/to_on field.date_order');
  await refused('POST', `${PLACES}/${p.id}/rights`, { token: as('approve', '431103'), body: { matter_code: 'JB-03' } }, 404, 'request.not_found');
  await refused('POST', `${PLACES}/${p.id}/rights`, { token: first, body: { matter_code: 'JB-03' } }, 403, 'auth.forbidden');
  await refused('POST', `${PLACES}/${(await enter()).id}/rights`, { token: approve, body: { matter_code: 'JB-03' } }, 409, 'jobs.place_no_outlet');
  const rights = await walk(`/v1/jobs/place-rights?place_id=${p.id}`, entry, 1);
  assert.deepEqual(rights.map((r) => r.id), [right.id, apply.id]);
  await refused('POST', `${PLACES}/${p.id}/rights`, { token: approve, body: { matter_code: 'JB-05', from_on: dayPlus(now, -1) } }, 422, 'request.invalid', '/from_on field.date_past');
  await give(p, { matter_code: 'JB-05', from_on: dayPlus(now, 1) });
  assert.deepEqual((await call('GET', `${PLACES}/${p.id}`)).matters, ['JB-02'], 'not before its day');
  await refused('GET', '/v1/jobs/place-rights', { token: jobless.token }, 403, 'auth.forbidden');

  // How many wait.
  const waiting = await call('POST', `${PLACES}/${p.id}/queue`, { token: clerk.token, body: { waiting: 7 } });
  assert.equal(waiting.queue, 7);
  assert.equal((await call('GET', `${PLACES}/${p.id}`)).queue, 7);
  await refused('POST', `${PLACES}/${q.id}/queue`, { token: clerk.token, body: { waiting: 7 } }, 404, 'request.not_found');
  await refused('POST', `${PLACES}/${p.id}/queue`, { token: entry, body: { waiting: 7 } }, 403, 'auth.forbidden');
  await refused('POST', `${PLACES}/${p.id}/queue`, { token: clerk.token, body: { waiting: -1 } }, 422, 'request.invalid', '/waiting field.too_small');
});

test('places are counted against the policy’s numbers, by county', async () => {
  const rows = await figures('gig_market', as('stats', '431100'), 4);
  assert.equal(rows.length, 15);
  const by = Object.fromEntries(rows.map((r) => [r.county_code, r]));
  assert.deepEqual([by['431129'].target, by['431171'].target, by['431100'].target_text], [1, 1, '未设定']);
  const [whole] = (await figures('station', city)).filter((r) => r.county_code === '431100');
  assert.equal(whole.target, 100);
  assert.equal((await figures('fuel', city)).find((r) => r.county_code === '431100').target, 15);
  const own = await figures('station', first);
  assert.deepEqual(own.map((r) => [r.county_code, r.target]), [['431129', null]]);
  assert.ok(own[0].open >= 4 && own[0].counted === own[0].accepted + own[0].open);
  const set = { kind: 'station', county_code: '431122', target: 9, basis: '市级分解任务' };
  await refused('POST', '/v1/jobs/place-targets', { token: approve, body: set }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/place-targets', { token: city, body: { ...set, target: -1 } }, 422, 'request.invalid', '/target field.too_small');
  await call('POST', '/v1/jobs/place-targets', { token: city, body: set });
  assert.equal((await figures('station', city)).find((r) => r.county_code === '431122').target, 9);
  await refused('GET', '/v1/jobs/figures/places?kind=shop', { token: first }, 422, 'request.invalid', 'kind field.choice');
  await refused('GET', '/v1/jobs/figures/places', { token: (await person()).token }, 403, 'auth.forbidden');
});
async function figures(kind, token, limit = 50) {
  const rows = [];
  for (let q = ''; q !== undefined;) {
    const page = await call('GET', `/v1/jobs/figures/places?kind=${kind}&limit=${limit}${q}`, { token });
    rows.push(...page.items);
    q = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : undefined;
  }
  return rows;
}

test('a hall’s upgrade is accepted against the city’s checklist by two people of the city', async () => {
  const hall = await enter({ kind: 'hall', name: '县公共就业服务大厅' }), PROJECTS = '/v1/jobs/hall-projects';
  const evidence = [{ code: 'A1', note: '叫号系统照片与合同' }, { code: 'A2', note: '面积测绘报告' }];
  const submit = (p, body = { evidence }, token = first) => [ 'POST', `${PLACES}/${p.id}/hall-projects`, { token, body }];
  await refused(...submit(hall), 409, 'state.wrong');
  await move(hall, 'building');
  if (sql('SELECT count(*) FROM jobs.hall_checklist')[0][0] === '0')
    await refused(...submit(hall), 409, 'jobs.checklist_unset');
  const list = { items: [{ code: 'A1', title: '智能叫号', points: 40, required: true }, { code: 'A2', title: '面积达标', points: 60, required: false }],
    pass_score: 80, basis: '市级验收标准（试行）' };
  await refused('POST', '/v1/jobs/hall-checklists', { token: approve, body: list }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/hall-checklists', { token: city, body: { ...list, pass_score: 101 } }, 422, 'request.invalid', '/pass_score field.too_large');
  await refused('POST', '/v1/jobs/hall-checklists', { token: city, body: { ...list, items: [list.items[0], list.items[0]] } }, 422, 'request.invalid', '/items/1/code field.duplicate');
  const set = await call('POST', '/v1/jobs/hall-checklists', { token: city, body: list });
  const versions = (await call('GET', '/v1/jobs/hall-checklists')).items;
  assert.equal(versions[0].version, set.version);
  await refused('GET', '/v1/jobs/hall-checklists?limit=0', {}, 422, 'request.invalid', 'limit field.too_small');
  await refused(...submit(await enter({ kind: 'station' })), 409, 'jobs.hall_kind');
  await refused(...submit(hall, { evidence: evidence.slice(1) }), 422, 'jobs.hall_items', '/evidence jobs.hall_items');
  await refused(...submit(hall, { evidence }, as('first_review', '431103')), 404, 'request.not_found');
  const work = await call('POST', `${PLACES}/${hall.id}/works`, { token: first, body: { title: '大厅提质改造', due_on: now, reason: '批复' } });
  const project = await call(...submit(hall));
  assert.deepEqual([project.state, project.round, project.case_state], ['submitted', 1, 'accepted']);
  await refused(...submit(hall), 409, 'state.exists');
  await refused('POST', `${PLACES}/${hall.id}/accept`, { token: city, body: { note: '直接确认' } }, 409, 'jobs.acceptance_running');

  const one = as('recheck', '431100', { sub: randomUUID() }), two = as('approve', '431100', { sub: randomUUID() });
  const score = (token, a, b) => ['POST', `${PROJECTS}/${project.id}/scores`, { token, body: { note: '现场验收',
    scores: [{ code: 'A1', points: a }, { code: 'A2', points: b }] } }];
  await refused(...score(as('recheck'), 40, 60), 403, 'jobs.place_city');
  await refused(...score(one, 41, 60), 422, 'jobs.hall_items', '/scores jobs.hall_items');
  await call(...score(one, 39, 60));
  await refused(...score(one, 40, 60), 409, 'jobs.same_hand');
  const back = await call(...score(two, 40, 60));
  assert.deepEqual([back.state, back.score, back.scores.length], ['returned', 100, 2], 'a required item fell short');
  await refused(...score(two, 40, 60), 409, 'state.wrong');
  await refused('POST', `${PROJECTS}/${project.id}/resubmit`, { token: as('clerk', '431103'), body: { evidence } }, 404, 'request.not_found');
  await call('POST', `${PROJECTS}/${project.id}/resubmit`, { token: first, body: { evidence } });
  await call(...score(one, 40, 50));
  const done = await call(...score(two, 40, 45));
  assert.deepEqual([done.state, done.round, done.score], ['accepted', 2, 88]);
  const works = await walk(`/v1/jobs/hall-works?place_id=${hall.id}&county_code=431129`, entry, 1);
  assert.deepEqual(works.map((w) => [w.id, w.state, w.ended_on]), [[work.id, 'done', now]], 'its works are done with it');
  const kept = await call('GET', `/v1/jobs/place-register/${hall.id}`, { token: entry });
  assert.deepEqual([kept.state, kept.steps.at(-1).note], ['accepted', '通过提质改造验收']);
  assert.ok(sql(`SELECT 1 FROM jobs.case_file WHERE subject_id = '${project.id}' AND state = 'done'`).length);
  await eventually(() => sql(`SELECT 1 FROM jobs.event_log WHERE type = 'jobs.place.accepted.v1' AND key = '${hall.id}'`).length, 'it is told');
  assert.ok((await walk(`${PROJECTS}?state=accepted`, entry, 5)).some((x) => x.id === project.id));
  assert.equal((await call('GET', `${PROJECTS}/${project.id}`, { token: entry })).state, 'accepted');
  await refused('GET', `${PROJECTS}/${project.id}`, { token: as('clerk', '431103') }, 404, 'request.not_found');
  await refused('GET', `${PROJECTS}?state=x`, { token: entry }, 422, 'request.invalid', 'state field.choice');
});
