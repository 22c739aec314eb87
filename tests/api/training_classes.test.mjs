// training: filed, checked, opened; who comes in, by whom, who waits, who leaves; and everything refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person, random } from '../lib/city.mjs';
import { idNumber } from '../lib/fake.mjs';
import { check, checker, demanded, enrol, fileClass, form, licensed, openClass, school, turn, unwanted } from './class_help.mjs';
import { dayPlus, eachMistake, isProblem, known, logged, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const HERE = '431123', TOWN = '431123100', now = await today();
const [s, other] = await Promise.all([school({ area_code: TOWN }), school({ area_code: TOWN })]);
const mint = minter(s.token);
const officer = (role = 'first_review', county = HERE) => mint({ roles: [`${role}@${county}`] });
const here = (over = {}) => ({ area_code: TOWN, occupation_code: '6-18-01-01', ...over });
const later = (n, days = 9) => ({ starts_on: dayPlus(now, n), ends_on: dayPlus(now, n + days) });
const post = (path, token, body, over = {}) => call('POST', `/v1/training/${path}`, { token, body, ...over });
const no = (path, token, body, ...problem) => refused('POST', `/v1/training/${path}`, { token, body }, ...problem);
const events = (type, id) => logged('training', `type = 'training.${type}.v1' AND payload::text LIKE '%${id}%'`).map(([x]) => JSON.parse(x));
const told = async (p, title) => (await call('GET', '/v1/messages', { token: p.token })).items.filter((m) => m.title === title).length;
const people = (n) => Promise.all(Array.from({ length: n }, () => person({ area_code: TOWN })));
// People whom training knows.
async function settled(n) {
  const all = await people(n);
  await eventually(() => sql(`SELECT count(*) FROM training.person WHERE id_index IS NOT NULL AND id IN (${all.map((p) => `'${p.id}'`)})`)[0][0] === String(n), 'known');
  return all;
}
await eventually(() => sql(`SELECT count(*) FROM training.org WHERE id IN ('${s.org_id}', '${other.org_id}')`)[0][0] === '2', 'known');

test('a class is filed, given back with a note, filed anew and opened by another', async () => {
  const c = await fileClass(s, here(later(10)));
  assert.deepEqual([c.state, c.kind, c.is_overdue, c.due_on, c.case_state], ['filed', 'skill', false, null, 'accepted']);
  await refused('GET', `/v1/training/classes/${c.id}`, {}, 404, 'request.not_found');
  const path = `classes/${c.id}/check`;
  await no(path, officer('first_review', '431103'), { decision: 'open' }, 404, 'request.not_found');
  await no(path, s.token, { decision: 'open' }, 403, 'auth.forbidden');
  await no(path, officer('clerk'), { decision: 'open' }, 403, 'auth.forbidden');
  await no(path, officer(), { decision: 'return' }, 422, 'request.invalid', '/note field.missing');
  await no(path, officer(), { decision: 'perhaps' }, 422, 'request.invalid', '/decision field.choice');
  await no(path, mint({ roles: [`first_review@${HERE}`], sub: sql(`SELECT filed_by FROM training.class WHERE id = '${c.id}'`)[0][0] }),
    { decision: 'open' }, 409, 'training.class_hand');
  await no(`classes/${c.id}/refile`, s.token, await form(s, here(later(10))), 409, 'state.wrong');
  const back = await check(s, c, 'return', '请附实训安排');
  assert.deepEqual([back.state, back.note], ['returned', '请附实训安排']);
  const body = await form(s, here({ ...later(12), title: '电工五级二班', capacity: 20 }));
  await no(`classes/${c.id}/refile`, other.token, body, 404, 'request.not_found');
  const again = await post(`classes/${c.id}/refile`, s.token, body);
  assert.deepEqual([again.state, again.title, again.capacity, again.checked_at], ['filed', '电工五级二班', 20, null]);
  const open = await post(path, officer('recheck'), { decision: 'open' });
  assert.equal(open.state, 'open');
  await no(path, officer(), { decision: 'open' }, 409, 'state.wrong');
  assert.equal((await call('GET', `/v1/training/classes/${c.id}`)).agreement_id, undefined, 'what is the county’s stays there');
  assert.throws(() => sql(`UPDATE training.class SET checked_by = filed_by WHERE id = '${c.id}'`), /class_hands_check/);
  assert.throws(() => sql(`UPDATE training.class SET state = 'filed' WHERE id = '${c.id}'`), /state.wrong/);
  const seen = await call('GET', `/v1/cases/${c.case_no}`, { token: s.token });
  assert.deepEqual(seen.steps.map((x) => [x.step, x.state]), [['submit', 'accepted'], ['returned', 'waiting'], ['filed', 'in_progress'], ['open', 'done']]);
  assert.deepEqual(events('class.opened', c.id).map((e) => [e.kind, e.capacity, e.county_code]), [['skill', 20, HERE]]);
  assert.deepEqual(events('class.moved', c.id).map((e) => [e.was, e.state]), [[null, 'filed'], ['filed', 'returned'], ['returned', 'filed']]);
  const turned = await check(s, await fileClass(s, here(later(10))), 'refuse', '与本县产业不符');
  assert.equal(turned.state, 'refused');
  await no(`classes/${turned.id}/refile`, s.token, body, 409, 'state.wrong');
  const past = await fileClass(s, here({ starts_on: dayPlus(now, -9), ends_on: dayPlus(now, -1) }));
  await no(`classes/${past.id}/check`, officer(), { decision: 'open' }, 409, 'training.class_over');
});

test('no demand, no class; each kind names what it rests on', async () => {
  const body = await unwanted(s, here({ occupation_code: '4-10-01-01', capacity: 5, ...later(10) }));
  const none = await no('classes', s.token, body, 409, 'training.no_demand', '/capacity training.no_demand');
  assert.match(none.json.detail, /0 人/);
  await demanded(HERE, '4-10-01-01', { headcount: 3 });
  const few = await request('POST', '/v1/training/classes', { token: s.token, body, headers: { 'accept-language': 'en', 'idempotency-key': randomUUID() } });
  assert.match(few.json.detail, /^3 people/);
  await demanded(HERE, '4-10-01', { headcount: 2 });
  // Two for the same need: one has it, and gives it back when it is called off.
  const tries = await Promise.all([1, 2].map(() => post('classes', s.token, body, { refused: true })));
  assert.deepEqual(tries.map((r) => r.status).sort(), [201, 409]);
  const first = tries.find((r) => r.status === 201).json;
  isProblem(tries.find((r) => r.status === 409), 409, 'training.no_demand');
  await post(`classes/${first.id}/cancel`, s.token, { note: '改期' });
  assert.equal((await post('classes', s.token, body)).state, 'filed');
  // Course, trainer and licence are the institution's own and fit.
  await demanded(HERE, '4-10-01-01', { headcount: 50 });
  const theirs = await form(other, here(later(10))), bare = await school({ area_code: TOWN });
  await no('classes', s.token, { ...body, course_id: theirs.course_id }, 409, 'training.course_unfit', '/course_id training.course_unfit');
  await no('classes', s.token, { ...body, level: 4 }, 409, 'training.course_unfit', '/course_id training.course_unfit');
  await no('classes', s.token, { ...body, trainers: theirs.trainers }, 409, 'training.trainer_unfit', '/trainers training.trainer_unfit');
  await no('classes', s.token, { ...body, kind: 'order', agreement_id: NOBODY }, 409, 'training.agreement_unfit', '/agreement_id training.agreement_unfit');
  await licensed(bare, { occupations: [{ occupation_code: '6', level: 1 }], is_startup: false });
  await no('classes', bare.token, body, 409, 'training.no_licence', '/occupation_code training.no_licence');
  await eachMistake('POST', '/v1/training/classes', s.token, body, [
    [{ kind: 'evening' }, '/kind field.choice'], [{ kind: 'order' }, '/agreement_id field.missing'],
    [{ kind: 'startup' }, '/module field.missing'], [{ occupation_code: undefined }, '/occupation_code field.missing'],
    [{ level: undefined }, '/level field.missing'], [{ hours: 0 }, '/hours field.too_small'],
    [{ trainers: [{}] }, '/trainers/0/trainer_id field.missing'], [{ course_id: '1' }, '/course_id field.format'], [{ trainers: [] }, '/trainers field.count'],
    [{ course_id: undefined }, '/course_id field.missing']]);
  await no('classes', s.token, { ...body, module: 'syb' }, 422, 'training.startup_only', '/module training.startup_only');
  await no('classes', s.token, { ...body, agreement_id: NOBODY }, 409, 'training.agreement_unfit', '/agreement_id training.agreement_unfit');
  // 创业培训: a module, no occupation, no demand asked for.
  const idea = await openClass(s, here({ kind: 'startup', module: 'syb', occupation_code: undefined, level: undefined, ...later(10) }));
  assert.deepEqual([idea.kind, idea.module, idea.occupation_code, idea.level], ['startup', 'syb', null, null]);
  await no('classes', s.token, { ...await form(s, here({ kind: 'startup', module: 'syb', occupation_code: undefined, level: undefined })), module: 'gyb' },
    409, 'training.course_unfit', '/course_id training.course_unfit');
  await no('classes', s.token, { ...body, kind: 'startup', module: 'syb' }, 422, 'training.startup_only', '/occupation_code training.startup_only');
  assert.throws(() => sql(`UPDATE training.class SET module = NULL WHERE id = '${idea.id}'`), /class_subject_check/);
  const [p] = await settled(1);
  const e = await enrol(p, idea);
  assert.deepEqual([e.kind, e.module], ['startup', 'syb']);
  assert.deepEqual(events('enrolment.made', e.id).map((x) => [x.kind, x.module, x.channel]), [['startup', 'syb', 'self']]);
});

test('what is filed is listed for its officers, what is late among it', async () => {
  const c = await fileClass(other, here(later(10)));
  const list = (query, token = officer()) => walk(`/v1/training/filings?${query}`, token, 100);
  assert.ok((await list(`state=filed&org_id=${other.org_id}`)).every((x) => x.org_id === other.org_id && x.state === 'filed'));
  assert.ok((await list(`kind=skill&county_code=${HERE}&occupation_code=6-18`)).some((x) => x.id === c.id));
  assert.deepEqual(await list('is_overdue=true'), [], 'no time is promised, nothing is late');
  sql(`UPDATE training.class SET due_on = '${dayPlus(now, -1)}' WHERE id = '${c.id}'`);
  assert.deepEqual((await list('is_overdue=true')).map((x) => x.id), [c.id]);
  assert.deepEqual(await list('state=filed', officer('first_review', '431103')).then((l) => l.filter((x) => x.county_code === HERE)), []);
  assert.equal((await call('GET', `/v1/training/filings/${c.id}`, { token: officer('audit') })).is_overdue, true);
  await refused('GET', `/v1/training/filings/${c.id}`, { token: officer('clerk', '431103') }, 404, 'request.not_found');
  await refused('GET', '/v1/training/filings', { token: s.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/training/filings?state=lost', { token: officer() }, 422, 'request.invalid', 'state field.choice');
  await check(other, c, 'open');
  assert.deepEqual(await list('is_overdue=true'), [], 'checked, it is late no more');
});

test('people find a class by place, kind, beginning and free places', async () => {
  const soon = await openClass(other, here({ ...later(3), occupation_code: '6-18-03-01', capacity: 1 }));
  const [p] = await settled(1);
  const has = async (query, want) => assert.equal((await walk(`/v1/training/classes?${query}`, undefined, 100)).some((x) => x.id === soon.id), want, query);
  await has(`area_code=${HERE}&occupation_code=6-18-03&has_places=true&starts_by=${dayPlus(now, 5)}&kind=skill`, true);
  await has(`starts_by=${dayPlus(now, 2)}`, false);
  await has('kind=startup', false);
  await has('module=syb', false);
  await enrol(p, soon);
  await has('has_places=true', false);
  await has('has_places=false', true);
  await refused('GET', '/v1/training/classes?state=filed', {}, 422, 'request.invalid', 'state field.choice');
});

test('a full class has a list; a place given back goes to whoever waited longest', async () => {
  const [a, b, c, d] = await settled(4);
  const cls = await openClass(s, here({ ...later(20), capacity: 1, title: '候补班' }));
  const held = await post(`classes/${cls.id}/enrolments`, a.token, { wait: true, target_group: 'rural_transfer' });
  assert.deepEqual([held.state, held.target_group, held.channel], ['enrolled', 'rural_transfer', 'self'], 'who would wait has a place where there is one');
  await no(`classes/${cls.id}/enrolments`, b.token, {}, 409, 'training.class_full');
  await no(`classes/${cls.id}/enrolments`, b.token, { target_group: 'x' }, 422, 'request.invalid', '/target_group field.choice');
  const [second, third] = [await post(`classes/${cls.id}/enrolments`, b.token, { wait: true }), await post(`classes/${cls.id}/enrolments`, c.token, { wait: true })];
  assert.deepEqual([second.state, third.state, third.case_state], ['waiting', 'waiting', 'accepted']);
  await no(`classes/${cls.id}/enrolments`, b.token, { wait: true }, 409, 'training.already_enrolled');
  assert.deepEqual([(await call('GET', `/v1/training/classes/${cls.id}`)).waiting], [2]);
  // Who is elsewhere by now keeps their turn, and the next has the place.
  const elsewhere = await openClass(s, here({ ...later(22), capacity: 3 }));
  const kept = await enrol(b, elsewhere);
  await no(`enrolments/${held.id}/withdraw`, b.token, { reason: 'work' }, 404, 'request.not_found');
  await no(`enrolments/${held.id}/withdraw`, a.token, {}, 422, 'request.invalid', '/reason field.missing');
  const gone = await post(`enrolments/${held.id}/withdraw`, a.token, { reason: 'work', note: '外出务工' });
  assert.deepEqual([gone.state, gone.reason], ['withdrawn', 'work']);
  const mine = async (p) => (await call('GET', '/v1/training/my/enrolments', { token: p.token })).items.find((e) => e.class_id === cls.id).state;
  assert.deepEqual([await mine(a), await mine(b), await mine(c)], ['withdrawn', 'waiting', 'enrolled']);
  assert.equal(await told(c, '候补成功'), 1);
  await no(`enrolments/${held.id}/withdraw`, a.token, { reason: 'work' }, 409, 'state.wrong');
  assert.deepEqual(events('enrolment.withdrawn', held.id).map((e) => [e.was, e.state, e.reason]), [['enrolled', 'withdrawn', 'work']]);
  assert.deepEqual(events('enrolment.made', third.id).length, 1);
  // The institution removes one, and says why; who was removed does not come back.
  await no(`enrolments/${third.id}/remove`, other.token, { note: '未到' }, 404, 'request.not_found');
  await no(`enrolments/${third.id}/remove`, s.token, {}, 422, 'request.invalid', '/note field.missing');
  await post(`enrolments/${kept.id}/withdraw`, b.token, { reason: 'elsewhere' });
  assert.equal((await post(`enrolments/${third.id}/remove`, s.token, { note: '多次未到' })).state, 'removed');
  assert.equal(await told(c, '您已被移出培训班'), 1);
  assert.equal(await mine(b), 'enrolled', 'moved up, no longer elsewhere');
  await no(`enrolments/${third.id}/remove`, s.token, { note: '多次未到' }, 409, 'state.wrong');
  await no(`classes/${cls.id}/enrolments`, c.token, {}, 409, 'training.removed');
  const left = await call('GET', `/v1/training/classes/${cls.id}`);
  assert.deepEqual([left.enrolled, left.waiting], [1, 0]);
  // One who withdrew may come again where there is a place; the case is the same one.
  const back = await post(`classes/${elsewhere.id}/enrolments`, d.token);
  await post(`enrolments/${back.id}/withdraw`, d.token, { reason: 'other' });
  const again = await post(`classes/${elsewhere.id}/enrolments`, d.token);
  assert.deepEqual([again.id, again.state, again.case_no, again.case_state], [back.id, 'enrolled', back.case_no, 'accepted']);
  assert.equal((await call('GET', `/v1/training/classes/${elsewhere.id}`)).enrolled, 1);
});

test('nobody is in two classes of a kind at once, however quickly they ask', async () => {
  const [p] = await settled(1);
  const [one, two, idea] = await Promise.all([openClass(s, here(later(40))), openClass(other, here(later(45))),
    openClass(s, here({ kind: 'startup', module: 'gyb', occupation_code: undefined, level: undefined, ...later(42) }))]);
  const tries = await Promise.all([one, two, one, two].map((c) => post(`classes/${c.id}/enrolments`, p.token, {}, { refused: true })));
  assert.equal(tries.filter((r) => r.status === 201).length, 1);
  for (const r of tries.filter((x) => x.status !== 201)) assert.equal(r.status, 409, r.text);
  const lost = tries[0].status === 201 || tries[2].status === 201 ? two : one;
  await no(`classes/${lost.id}/enrolments`, p.token, {}, 409, 'training.overlap');
  assert.equal((await enrol(p, idea)).state, 'enrolled', 'of another kind');
  assert.throws(() => sql(`INSERT INTO training.enrolment SELECT (jsonb_populate_record(e, '{"id":"${randomUUID()}","class_id":"${lost.id}"}')).* FROM training.enrolment e
    WHERE e.person_id = '${p.id}' AND e.class_kind = 'skill'`), /enrolment_one_at_a_time/);
});

test('three subsidised courses in a life; the fourth is at one’s own cost', async () => {
  const [p] = await settled(1);
  const courses = await Promise.all([60, 80, 100, 120, 140].map((n) => openClass(s, here({ ...later(n), is_subsidised: true }))));
  const got = [];
  for (const c of courses.slice(0, 3)) got.push(await enrol(p, c));
  assert.deepEqual(got.map((e) => e.is_subsidised), [true, true, true]);
  await no(`classes/${courses[3].id}/enrolments`, p.token, {}, 409, 'training.three_courses');
  const own = await post(`classes/${courses[3].id}/enrolments`, p.token, { self_paid: true });
  assert.equal(own.is_subsidised, false);
  await post(`enrolments/${got[1].id}/withdraw`, p.token, { reason: 'health' });
  assert.equal((await enrol(p, courses[4])).is_subsidised, true, 'one was given back');
  assert.throws(() => sql(`UPDATE training.enrolment SET subsidised_no = 4 WHERE id = '${got[0].id}'`), /enrolment_subsidised_check/);
});

test('a clerk enrols somebody who is present; a closed account is out', async () => {
  const [p, q] = await settled(2);
  const cls = await openClass(s, here(later(20)));
  const present = mint({ roles: ['person@431100'], sub: p.id, person: p.id, act: { sub: randomUUID() } });
  const e = await post(`classes/${cls.id}/enrolments`, present, { target_group: 'difficult' });
  assert.deepEqual([e.channel, e.person_id, e.target_group], ['clerk', p.id, 'difficult']);
  const waits = await openClass(s, here({ ...later(60), capacity: 1 }));
  await enrol(p, waits);
  const w = await post(`classes/${waits.id}/enrolments`, q.token, { wait: true });
  sql(`UPDATE training.person SET is_restricted = true, name_masked = '*', id_index = NULL WHERE id = '${q.id}'`);
  assert.deepEqual(sql(`SELECT state, name_masked FROM training.enrolment WHERE id = '${w.id}'`), [['lapsed', '*']]);
  await no(`classes/${cls.id}/enrolments`, q.token, {}, 409, 'training.person_restricted');
});

test('a school proposes people by their numbers, is answered row by row, and may send it twice', async () => {
  const [a, b, c, d] = await settled(4);
  const cls = await openClass(s, here({ ...later(20), capacity: 2, title: '院校班' }));
  await enrol(d, cls);
  const rows = [{ id_number: a.id_number, target_group: 'graduate' }, { id_number: b.id_number.toLowerCase() },
    { id_number: '110105194912310021' }, { id_number: a.id_number }, { id_number: idNumber(random, '1990-01-01') }, { id_number: d.id_number }];
  const path = `classes/${cls.id}/proposals`;
  const r = await post(path, other.token, { rows });
  assert.deepEqual(r.rows.map((x) => x.code), ['proposed', 'proposed', 'field.id_number', 'training.row_twice', 'training.person_unknown', 'training.already_enrolled']);
  assert.deepEqual([r.proposed, r.others, r.rows[1].row, r.rows[4].enrolment_id], [2, 4, 2, null]);
  assert.ok(r.rows.every((x) => x.message.length > 3));
  const again = await post(path, other.token, { rows });
  assert.deepEqual(again.rows.slice(0, 2).map((x) => [x.code, x.enrolment_id]), r.rows.slice(0, 2).map((x) => ['training.already_proposed', x.enrolment_id]));
  assert.equal((await call('GET', `/v1/training/classes/${cls.id}`)).enrolled, 1, 'nobody is in before they say so');
  assert.equal(await told(a, '院校为您推荐了培训班'), 1);
  const yes = await post(`classes/${cls.id}/enrolments`, a.token);
  assert.deepEqual([yes.id, yes.state, yes.channel, yes.target_group], [r.rows[0].enrolment_id, 'enrolled', 'school', 'graduate']);
  const decline = await post(`enrolments/${r.rows[1].enrolment_id}/withdraw`, b.token, { reason: 'unsuited' });
  assert.equal(decline.state, 'withdrawn');
  assert.equal((await post(path, s.token, { rows: [{ id_number: b.id_number }, { id_number: c.id_number }] })).rows.map((x) => x.code).join(), 'training.has_left,proposed');
  const trainees = await walk(`/v1/training/classes/${cls.id}/enrolments`, s.token, 50);
  assert.deepEqual(trainees.map((e) => e.state).sort(), ['enrolled', 'enrolled', 'proposed', 'withdrawn']);
  const list = await walk(`/v1/training/enrolments?class_id=${cls.id}&state=enrolled`, officer(), 50);
  assert.deepEqual(list.map((e) => e.channel).sort(), ['school', 'self']);
  await eachMistake('POST', `/v1/training/${path}`, s.token, { rows: [] }, [[{}, '/rows field.count'], [{ rows: undefined }, '/rows field.missing'],
    [{ rows: [{}] }, '/rows/0/id_number field.missing'], [{ rows: Array.from({ length: 1001 }, () => rows[0]) }, '/rows field.count']]);
  await no(path, (await firm()).token, { rows }, 403, 'auth.forbidden');
  await no(`classes/${NOBODY}/proposals`, s.token, { rows }, 404, 'request.not_found');
  await no(`classes/${(await fileClass(s, here(later(10)))).id}/proposals`, s.token, { rows }, 409, 'training.class_not_open');
});

test('a cancelled class lets its people go and tells them; one that begins, those who never got in', async () => {
  const [a, b] = await settled(2);
  const off = await openClass(s, here({ ...later(20), capacity: 1, title: '取消班' }));
  const e = await enrol(a, off);
  await post(`classes/${off.id}/enrolments`, b.token, { wait: true });
  await no(`classes/${off.id}/cancel`, other.token, { note: '教师离职' }, 404, 'request.not_found');
  await no(`classes/${off.id}/cancel`, s.token, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(`classes/${off.id}/cancel`, s.token, { note: '教师离职' })).state, 'cancelled');
  await no(`classes/${off.id}/cancel`, s.token, { note: '教师离职' }, 409, 'state.wrong');
  assert.deepEqual([await told(a, '培训班已取消'), await told(b, '培训班已取消')], [1, 1]);
  assert.equal((await call('GET', `/v1/cases/${e.case_no}`, { token: a.token })).state, 'refused');
  assert.deepEqual(events('class.cancelled', off.id).map((x) => x.was), ['open']);
  assert.deepEqual(sql(`SELECT enrolled, waiting FROM training.class WHERE id = '${off.id}'`), [['0', '0']]);
  await no(`classes/${off.id}/enrolments`, b.token, {}, 409, 'training.class_not_open');

  const on = await openClass(s, here({ ...later(0), capacity: 1 }));
  const inside = await enrol(a, on);
  await post(`classes/${on.id}/enrolments`, b.token, { wait: true });
  await turn(s, on, 'start');
  assert.equal(await told(b, '培训班已开班'), 1);
  await no(`classes/${on.id}/cancel`, s.token, { note: '教师离职' }, 409, 'state.wrong');
  await no(`classes/${on.id}/stop`, officer('first_review', '431103'), { note: '查实空班' }, 404, 'request.not_found');
  await no(`classes/${on.id}/stop`, checker(s, HERE), { note: '' }, 422, 'request.invalid', '/note field.too_short');
  await no(`classes/${on.id}/stop`, s.token, { note: '查实空班' }, 403, 'auth.forbidden');
  assert.equal((await post(`classes/${on.id}/stop`, checker(s, HERE), { note: '查实空班' })).state, 'cancelled');
  assert.equal(sql(`SELECT state FROM training.enrolment WHERE id = '${inside.id}'`)[0][0], 'cancelled');
  await no(`classes/${on.id}/stop`, checker(s, HERE), { note: '查实空班' }, 409, 'state.wrong');
  const whole = await openClass(s, here({ ...later(0) }));
  await enrol(a, whole);
  await turn(s, whole, 'start');
  await turn(s, whole, 'complete');
  await eventually(() => events('enrolment.completed', whole.id).length === 1, 'told');
  assert.deepEqual(events('enrolment.completed', whole.id).map((x) => [x.kind, x.module, x.passed]), [['skill', null, false]]);
});
