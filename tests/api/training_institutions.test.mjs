// training: who may teach what -- licences, trainers, courses, and agreements of
// school and firm, each with who may not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { firm, person } from '../lib/city.mjs';
import { demanded, filing, licence, licensed, school } from './class_help.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const T = '/v1/training', COUNTY = '431122', TOWN = '431122100';
const now = await today();
const mint = minter((await person({ area_code: TOWN })).token);
const as = (role, area = COUNTY, over = {}) => mint({ roles: [`${role}@${area}`], ...over });
const first = as('first_review'), approve = as('approve');
const here = () => school({ area_code: TOWN });
const file = (s, over) => known(() => call('POST', `${T}/institutions`, { token: s.token, body: licence(over), refused: true }));
const step = (i, verb, token, body = { pass: true }) => call('POST', `${T}/institutions/${i.id}/${verb}`, { token, body });
const says = (...texts) => sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); SELECT ${texts.join(', ')}`)[1];
const mayTeach = (s, ...rows) => says(...rows.map(([occupation, level, day = now]) => `training.may_teach('${s.org_id}', '${occupation}', ${level}, '${day}')`)).join('');

test('a licence is filed, checked by one officer and decided by another; only then may one teach', async () => {
  const s = await here();
  const i = await file(s, { occupations: [{ occupation_code: '6-31', level: 4 }, { occupation_code: '4-10-01-01', level: 5 }],
    rooms: [{ name: '实训楼', place: '白牙市镇', seats: 40, lat_e6: 26390000, lng_e6: 111310000 }] });
  assert.deepEqual([i.state, i.county_code, i.is_valid, i.rooms.length], ['filed', COUNTY, false, 1]);
  assert.equal(mayTeach(s, ['6-31-01-03', 5]), 'f');
  await refused('POST', `${T}/institutions/${i.id}/decide`, { token: approve, body: { pass: true } }, 409, 'state.wrong');
  await refused('POST', `${T}/institutions/${i.id}/check`, { token: as('first_review', '431103'), body: { pass: true } }, 404, 'request.not_found');
  await refused('POST', `${T}/institutions/${i.id}/check`, { token: first, body: { pass: false } }, 422, 'request.invalid', '/note field.missing');
  const both = mint({ roles: [`first_review@${COUNTY}`, `approve@${COUNTY}`], sub: randomUUID() });
  assert.equal((await step(i, 'check', both)).state, 'checked');
  await refused('POST', `${T}/institutions/${i.id}/decide`, { token: both, body: { pass: true } }, 409, 'training.same_hand');
  assert.equal((await step(i, 'decide', approve)).state, 'licensed');
  assert.equal(mayTeach(s, ['6-31-01-03', 4], ['6-31-01-03', 3], ['4-10-01-01', 5], ['4-10-01-02', 5], ['6-31-01-03', 5, '2036-01-01']), 'tftff');
  const seen = await call('GET', `${T}/institutions/${i.id}`);
  assert.deepEqual([seen.state, seen.is_valid], ['licensed', true]);
  const found = async (q) => (await walk(`${T}/institutions?county_code=${COUNTY}&${q}`, undefined, 50)).some((x) => x.id === i.id);
  assert.deepEqual([await found('occupation_code=6-31-01-03&level=4'), await found('occupation_code=6-31-01-03&level=3')], [true, false]);
});

test('each mistake of a licence is named, and who may not handle it', async () => {
  const s = await here();
  await known(() => call('POST', `${T}/courses`, { token: s.token, refused: true, body: course() }));
  await eachMistake('POST', `${T}/institutions`, s.token, licence(), [
    [{ licence_no: '1' }, '/licence_no field.too_short'], [{ kind: 'school' }, '/kind field.choice'],
    [{ valid_to: '2019-12-31' }, '/valid_to field.date_order'], [{ places: 0 }, '/places field.too_small'],
    [{ occupations: [] }, '/occupations field.count'],
    [{ occupations: [{ occupation_code: '6-99', level: 9 }] }, '/occupations/0/level field.too_large', '/occupations/0/occupation_code field.occupation_code'],
    [{ rooms: [{ name: '一', place: '一号楼', seats: 3, lat_e6: 26000000 }] }, '/rooms/0/lng_e6 field.missing']]);
  await refused('POST', `${T}/institutions`, { token: (await firm()).token, body: licence() }, 403, 'auth.forbidden');
  const i = await file(s);
  const other = await here();
  await file(other);
  for (const [by, valid_from, valid_to] of [[other, '2036-01-01', '2037-01-01'], [s, '2035-06-01', '2036-01-01']])
    await refused('POST', `${T}/institutions`, { token: by.token, body: licence({ licence_no: i.licence_no, valid_from, valid_to }) }, 409,
      'training.licence_taken', '/licence_no training.licence_taken');
  const next = await file(s, { licence_no: i.licence_no, valid_from: '2036-01-01', valid_to: '2041-01-01' });
  assert.equal(next.state, 'filed', 'renewed: a row of its own');
  await refused('POST', `${T}/institutions/${i.id}/check`, { token: approve, body: { pass: true } }, 403, 'auth.forbidden');
  assert.equal((await step(i, 'check', first, { pass: false, note: '场地不符' })).state, 'refused');
  await refused('POST', `${T}/institutions/${i.id}/check`, { token: first, body: { pass: true } }, 409, 'state.wrong');
  await refused('GET', `${T}/institutions/${i.id}`, {}, 404, 'request.not_found');
  await refused('GET', `${T}/institutions?level=9`, {}, 422, 'request.invalid', 'level field.too_large');
  const mine = await walk(`${T}/org/institutions`, s.token, 1);
  assert.deepEqual(mine.map((x) => x.state), ['filed', 'refused']);
  await refused('GET', `${T}/org/institutions`, { token: first }, 403, 'auth.forbidden');
});

test('a licence is suspended, resumed and revoked with a reason; those that run out are listed and told once', async () => {
  const s = await licensed(await here(), { valid_to: dayPlus(now, 30), places: 50 });
  const id = s.licence.id;
  await refused('POST', `${T}/institutions/${id}/resume`, { token: approve, body: { note: '误操作' } }, 409, 'state.wrong');
  await refused('POST', `${T}/institutions/${id}/suspend`, { token: approve, body: {} }, 422, 'request.invalid', '/note field.missing');
  await refused('POST', `${T}/institutions/${id}/suspend`, { token: as('approve', '431103'), body: { note: '越权' } }, 404, 'request.not_found');
  assert.equal((await step({ id }, 'suspend', approve, { note: '安全隐患整改' })).state, 'suspended');
  assert.equal(mayTeach(s, ['6-31-01-03', 5]), 'f');
  await step({ id }, 'resume', approve, { note: '整改完成' });
  assert.equal(mayTeach(s, ['6-31-01-03', 5]), 't');
  const expiring = async (day) => (await walk(`${T}/institution-register?expires_by=${day}`, first, 50)).map((x) => x.id);
  assert.ok((await expiring(dayPlus(now, 30))).includes(id));
  assert.ok(!(await expiring(dayPlus(now, 29))).includes(id));
  await refused('GET', `${T}/institution-register?state=gone`, { token: first }, 422, 'request.invalid', 'state field.choice');
  const warned = () => says("training.institution_warn(60)", `(SELECT count(*) FROM training.message WHERE subject_id = '${id}' AND kind = 'institution_expiring')`);
  warned();
  assert.deepEqual(warned(), ['0', '1'], 'once, however often the clock looks');
  await demanded(COUNTY, '6-31-01-03');
  const full = await call('POST', `${T}/classes`, { token: s.token, refused: true, body: { title: '超员班', occupation_code: '6-31-01-03', level: 5,
    area_code: TOWN, starts_on: now, ends_on: dayPlus(now, 9), capacity: 51, pass_score: 60 } });
  assert.deepEqual([full.status, full.json.code], [409, 'training.institution_full'], full.text);
  assert.equal((await step({ id }, 'revoke', approve, { note: '弄虚作假' })).state, 'revoked');
  await refused('POST', `${T}/institutions/${id}/revoke`, { token: approve, body: { note: '重复' } }, 409, 'state.wrong');
});

/* ---- courses ---- */
function course(over = {}) {
  return { title: '电工五级课程', occupation_code: '6-31-01-03', level: 5, theory_hours: 40, practice_hours: 60,
    outline: '安全用电、电路基础、低压电器', materials: [{ title: '电工（初级）' }], fee_cents: 0, ...over };
}

test('a course has versions that are never changed; a module of 创业培训 has no occupation', async () => {
  const s = await here();
  const add = (over, by = s) => known(() => call('POST', `${T}/courses`, { token: by.token, body: course(over), refused: true }));
  const one = await add();
  const two = await add({ series_id: one.id, fee_cents: 30000 });
  const syb = await add({ occupation_code: undefined, level: undefined, module: 'syb' });
  assert.deepEqual([one.version, two.version, two.series_id, syb.module, syb.occupation_code], [1, 2, one.id, 'syb', null]);
  await eachMistake('POST', `${T}/courses`, s.token, course(), [
    [{ level: undefined }, '/level field.missing'], [{ occupation_code: undefined }, '/occupation_code field.missing'],
    [{ module: 'syb' }, '/module field.unknown'], [{ theory_hours: 0, practice_hours: 0 }, '/practice_hours field.too_small'],
    [{ fee_cents: -1 }, '/fee_cents field.too_small']]);
  await refused('POST', `${T}/courses`, { token: s.token, body: course({ series_id: NOBODY }) }, 409, 'training.series_unknown', '/series_id training.series_unknown');
  const fits = (...rows) => says(...rows.map(([c, occupation, level, by = s]) =>
    `training.course_fits('${c.id}', '${by.org_id}', ${occupation}, ${level})`)).join('');
  const other = await here();
  await add({}, other);
  assert.equal(fits([one, "'6-31-01-03'", 5], [one, "'6-31-01-03'", 4], [syb, 'NULL', 'NULL'], [one, "'6-31-01-03'", 5, other]), 'tftf');
  await refused('POST', `${T}/courses/${one.id}/retire`, { token: other.token }, 404, 'request.not_found');
  assert.equal((await call('POST', `${T}/courses/${one.id}/retire`, { token: s.token })).retired_on, now);
  await refused('POST', `${T}/courses/${one.id}/retire`, { token: s.token }, 409, 'state.wrong');
  assert.equal(fits([one, "'6-31-01-03'", 5]), 'f');
  assert.deepEqual((await walk(`${T}/courses?org_id=${s.org_id}`, undefined, 1)).map((x) => x.id), [syb.id, two.id]);
  assert.equal((await call('GET', `${T}/courses/${one.id}`)).version, 1);
  await refused('GET', `${T}/courses/${NOBODY}`, {}, 404, 'request.not_found');
  await refused('GET', `${T}/courses?level=0`, {}, 422, 'request.invalid', 'level field.too_small');
});

/* ---- trainers ---- */
test('a trainer confirms, at one school or several, and either side ends it', async () => {
  const [s, other, p] = await Promise.all([here(), here(), person({ area_code: TOWN })]);
  const body = { person_id: p.id, qualification: '高级技师', occupations: [{ occupation_code: '6-31', level: 3 }] };
  const invite = (by, over) => known(() => call('POST', `${T}/trainers`, { token: by.token, body: { ...body, ...over }, refused: true }));
  const [a, b] = [await invite(s), await invite(other)];
  assert.deepEqual([a.state, a.name_masked], ['invited', `${[...p.name][0]}*`]);
  const fits = (...rows) => says(...rows.map(([t, level]) => `training.trainer_fits('${t.id}', '${t.org_id}', '6-31-01-03', ${level})`)).join('');
  assert.equal(fits([a, 5]), 'f');
  await refused('POST', `${T}/trainers`, { token: s.token, body }, 409, 'state.exists');
  await refused('POST', `${T}/trainers`, { token: s.token, body: { ...body, person_id: NOBODY } }, 409, 'training.person_unknown', '/person_id training.person_unknown');
  const answer = (t, by, accept = true) => call('POST', `${T}/my/trainer-posts/${t.id}/answer`, { token: by.token, body: { accept } });
  await refused('POST', `${T}/my/trainer-posts/${a.id}/answer`, { token: (await person()).token, body: { accept: true } }, 404, 'request.not_found');
  assert.equal((await answer(a, p)).state, 'confirmed');
  assert.equal((await answer(b, p, false)).state, 'declined');
  await refused('POST', `${T}/my/trainer-posts/${a.id}/answer`, { token: p.token, body: { accept: true } }, 409, 'state.wrong');
  assert.equal(fits([a, 3], [a, 2], [b, 5]), 'tff');
  assert.deepEqual((await call('GET', `${T}/my/trainer-posts`, { token: p.token })).items.map((t) => t.state), ['declined', 'confirmed']);
  assert.deepEqual((await call('GET', `${T}/org/trainers?state=confirmed`, { token: s.token })).items.map((t) => t.id), [a.id]);
  const seen = await walk(`${T}/trainers`, first, 50);
  assert.ok(seen.some((t) => t.id === a.id) && seen.every((t) => t.county_code === COUNTY));
  for (const path of ['org/trainers', 'my/trainer-posts', 'trainers'])
    await refused('GET', `${T}/${path}`, { token: as('stats') }, 403, 'auth.forbidden');
  await refused('POST', `${T}/trainers/${a.id}/leave`, { token: other.token }, 404, 'request.not_found');
  assert.equal((await call('POST', `${T}/trainers/${a.id}/leave`, { token: p.token })).left_on, now);
  await refused('POST', `${T}/trainers/${a.id}/leave`, { token: s.token }, 409, 'state.wrong');
  assert.equal((await invite(s)).state, 'invited', 'and may come back');
});

/* ---- agreements ---- */
const terms = (other, over = {}) => ({ kind: 'order', other_id: other.org_id, title: '电机装配订单班', promised_hires: 20,
  occupations: [{ occupation_code: '6-31-01-03', level: 5, headcount: 25 }], from_on: now, to_on: dayPlus(now, 300), terms: '结业考核合格即录用', ...over });
const propose = (by, other, over) => known(async () => {
  const r = await call('POST', `${T}/agreements`, { token: by.token, body: terms(other, over), refused: true });
  return r.json.code === 'training.other_party' ? { json: { code: 'training.org_unknown' } } : r;
});
const answer = (by, a, accept = true) => call('POST', `${T}/agreements/${a.id}/answer`, { token: by.token, body: { accept } });
const fits = (...rows) => says(...rows.map(([a, kind, s, occupation = '6-31-01-03']) =>
  `training.agreement_fits('${a.id}', '${kind}', '${s.org_id}', '${occupation}')`)).join('');

test('an order class is agreed on by both, becomes a need of its own, and can be ended', async () => {
  const [s, f] = await Promise.all([here(), firm({ area_code: TOWN })]);
  const a = await propose(f, s);
  assert.deepEqual([a.state, a.school_id, a.firm_id, a.headcount, a.county_code], ['proposed', s.org_id, f.org_id, 25, COUNTY]);
  await eachMistake('POST', `${T}/agreements`, f.token, terms(s), [
    [{ promised_hires: undefined }, '/promised_hires field.missing'], [{ promised_hires: 26 }, '/promised_hires field.too_large'],
    [{ to_on: dayPlus(now, -1) }, '/to_on field.date_order'], [{ kind: 'project' }, '/kind field.choice'],
    [{ occupations: [] }, '/occupations field.count']]);
  await refused('POST', `${T}/agreements`, { token: f.token, body: terms(f) }, 409, 'training.other_party', '/other_id training.other_party');
  await refused('POST', `${T}/agreements/${a.id}/answer`, { token: f.token, body: { accept: true } }, 409, 'training.own_proposal');
  await refused('POST', `${T}/agreements/${a.id}/answer`, { token: (await firm()).token, body: { accept: true } }, 404, 'request.not_found');
  assert.equal(fits([a, 'order', s]), 'f');
  assert.equal((await answer(s, a)).state, 'agreed');
  assert.equal(fits([a, 'order', s], [a, 'apprentice', s], [a, 'order', s, '6-31-01-01'], [a, 'order', f]), 'tfff');
  const needs = () => call('GET', `${T}/org/demands`, { token: f.token }).then((r) => r.items.map((d) => [d.source, d.headcount, d.state]));
  assert.deepEqual(await needs(), [['agreement', 25, 'registered']]);
  // The class under it rests on the firm's need, and is no larger than agreed on.
  await licensed(s);
  const [own] = (await call('GET', `${T}/org/demands`, { token: f.token })).items;
  await call('POST', `${T}/demands/${own.id}/confirm`, { token: first, body: {} });
  const cls = async (over) => call('POST', `${T}/classes`, { token: s.token, refused: true,
    body: await filing({ kind: 'order', agreement_id: a.id, area_code: TOWN, capacity: 20, ...over }) });
  const told = (r) => [r.status, r.json.code];
  assert.deepEqual(told(await cls({ capacity: 26 })), [409, 'training.agreement_full']);
  assert.deepEqual(told(await cls({ trainers: [{ trainer_id: NOBODY }] })), [409, 'training.trainer_unfit']);
  assert.equal((await cls({})).status, 201);
  assert.deepEqual(told(await cls({ capacity: 6 })), [409, 'training.agreement_full'], 'five are left');
  assert.deepEqual((await call('GET', `${T}/org/agreements?kind=order`, { token: s.token })).items.map((x) => x.id), [a.id]);
  assert.ok((await walk(`${T}/agreements?state=agreed`, first, 50)).some((x) => x.id === a.id));
  await refused('GET', `${T}/agreements?kind=x`, { token: first }, 422, 'request.invalid', 'kind field.choice');
  await refused('GET', `${T}/org/agreements`, { token: first }, 403, 'auth.forbidden');
  await refused('POST', `${T}/agreements/${a.id}/end`, { token: s.token, body: {} }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await call('POST', `${T}/agreements/${a.id}/end`, { token: s.token, body: { note: '企业停产' } })).state, 'ended');
  await refused('POST', `${T}/agreements/${a.id}/end`, { token: f.token, body: { note: '重复' } }, 409, 'state.wrong');
  assert.deepEqual([fits([a, 'order', s]), await needs()], ['f', [['agreement', 25, 'withdrawn']]]);
  assert.equal((await answer(s, await propose(f, s, { title: '第二个' }), false)).state, 'declined');
});

test('apprentices: as many as agreed on, each with a master, confirmed by the person, month by month', async () => {
  const [s, f, p, q, master] = await Promise.all([here(), firm({ area_code: TOWN }), ...[0, 1, 2].map(() => person({ area_code: TOWN }))]);
  const a = await propose(s, f, { kind: 'apprentice', promised_hires: undefined, occupations: [{ occupation_code: '6-31', headcount: 1 }] });
  const plan = { person_id: p.id, master_id: master.id, occupation_code: '6-31-01-03', level: 4, from_on: now, to_on: dayPlus(now, 200) };
  const path = `${T}/agreements/${a.id}/apprentices`;
  await refused('POST', path, { token: f.token, body: plan }, 409, 'state.wrong');
  await answer(f, a);
  for (const [over, status, code, pointer] of [[{ master_id: p.id }, 422, 'field.choice', '/master_id'],
    [{ to_on: dayPlus(now, -1) }, 422, 'field.date_order', '/to_on'], [{ to_on: dayPlus(now, 301) }, 409, 'training.not_agreed', '/to_on'],
    [{ occupation_code: '4-10-01-01' }, 409, 'training.not_agreed', '/occupation_code'],
    [{ person_id: NOBODY }, 409, 'training.person_unknown', '/person_id'], [{ master_id: NOBODY }, 409, 'training.person_unknown', '/master_id']])
    await refused('POST', path, { token: f.token, body: { ...plan, ...over } }, status, status === 422 ? 'request.invalid' : code, `${pointer} ${code}`);
  await refused('POST', path, { token: (await firm()).token, body: plan }, 404, 'request.not_found');
  const made = await known(() => call('POST', path, { token: f.token, body: plan, refused: true }));
  assert.deepEqual([made.state, made.master_masked], ['proposed', `${[...master.name][0]}*`]);
  await refused('POST', path, { token: f.token, body: { ...plan, person_id: q.id } }, 409, 'training.agreement_full');
  const month = `${now.slice(0, 8)}01`;
  const record = { month, work_hours: 80, school_hours: 40, content: '车工基本操作' };
  const months = `${T}/apprentices/${made.id}/months`;
  await refused('POST', months, { token: f.token, body: record }, 409, 'state.wrong');
  await refused('POST', `${T}/my/apprenticeships/${made.id}/answer`, { token: q.token, body: { accept: true } }, 404, 'request.not_found');
  assert.equal((await call('POST', `${T}/my/apprenticeships/${made.id}/answer`, { token: p.token, body: { accept: true } })).state, 'confirmed');
  await refused('POST', `${T}/my/apprenticeships/${made.id}/answer`, { token: p.token, body: { accept: false } }, 409, 'state.wrong');
  await eachMistake('POST', months, f.token, record, [[{ month: `${now.slice(0, 8)}02` }, '/month field.format'],
    [{ work_hours: 0, school_hours: 0 }, '/work_hours field.too_small'], [{ work_hours: 401 }, '/work_hours field.too_large']]);
  await refused('POST', months, { token: f.token, body: { ...record, month: '2030-01-01' } }, 409, 'training.not_agreed', '/month training.not_agreed');
  const m = await call('POST', months, { token: f.token, body: record });
  await refused('POST', months, { token: s.token, body: record }, 409, 'state.exists');
  const say = (accept, note) => call('POST', `${T}/my/apprentice-months/${m.id}/answer`, { token: p.token, body: { accept, note } });
  await refused('POST', `${T}/my/apprentice-months/${m.id}/answer`, { token: q.token, body: { accept: true } }, 404, 'request.not_found');
  assert.equal((await say(false, '只上了一半')).state, 'disputed');
  const again = await call('POST', months, { token: s.token, body: { ...record, work_hours: 40 } });
  assert.equal((await call('POST', `${T}/my/apprentice-months/${again.id}/answer`, { token: p.token, body: { accept: true } })).state, 'confirmed');
  const [mine] = (await call('GET', `${T}/my/apprenticeships`, { token: p.token })).items;
  assert.deepEqual(mine.months.map((x) => x.state), ['disputed', 'confirmed']);
  for (const token of [f.token, s.token, first])
    assert.deepEqual((await call('GET', path, { token })).items.map((x) => x.id), [made.id]);
  assert.deepEqual((await call('GET', path, { token: as('first_review', '431103') })).items, []);
  await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', `${T}/my/apprenticeships`, { token: first }, 403, 'auth.forbidden');
  await refused('POST', `${T}/apprentices/${made.id}/end`, { token: f.token, body: { state: 'gone', note: '离职' } }, 422, 'request.invalid', '/state field.choice');
  assert.equal((await call('POST', `${T}/apprentices/${made.id}/end`, { token: f.token, body: { state: 'left', note: '离职' } })).ended_on, now);
  await refused('POST', `${T}/apprentices/${made.id}/end`, { token: f.token, body: { state: 'left', note: '重复' } }, 409, 'state.wrong');
  assert.equal((await known(() => call('POST', path, { token: f.token, body: { ...plan, person_id: q.id }, refused: true }))).state, 'proposed', 'a place is free again');
});

test('a project is drawn up by the county, approved by another officer, taken on by the school', async () => {
  const s = await licensed(await here());
  const body = { school_id: s.org_id, county_code: COUNTY, people: '脱贫家庭劳动力', title: '月嫂项目制培训',
    occupations: [{ occupation_code: '4-10-01-01', level: 5, headcount: 40 }], from_on: now, to_on: dayPlus(now, 90), terms: '培训合格后付费' };
  const both = mint({ roles: [`first_review@${COUNTY}`, `approve@${COUNTY}`], sub: randomUUID() });
  const a = await call('POST', `${T}/projects`, { token: both, body });
  await refused('POST', `${T}/projects`, { token: first, body: { ...body, county_code: '431103' } }, 403, 'auth.area', '/county_code auth.area');
  await refused('POST', `${T}/projects`, { token: first, body: { ...body, school_id: NOBODY } }, 409, 'training.other_party', '/school_id training.other_party');
  await refused('POST', `${T}/agreements/${a.id}/answer`, { token: s.token, body: { accept: true } }, 409, 'state.wrong');
  await refused('POST', `${T}/projects/${a.id}/approve`, { token: both }, 409, 'training.same_hand');
  await refused('POST', `${T}/projects/${a.id}/approve`, { token: as('approve', '431103') }, 404, 'request.not_found');
  assert.equal((await call('POST', `${T}/projects/${a.id}/approve`, { token: approve })).state, 'approved');
  assert.equal((await answer(s, a)).state, 'agreed');
  assert.equal(fits([a, 'project', s, '4-10-01-01'], [a, 'project', s]), 'tf');
});
