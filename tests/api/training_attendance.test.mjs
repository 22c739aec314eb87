// attendance: the timetable, signing with the code of the minute, checks,
// anomalies -- and everything that is refused.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as s from '../e2e/steps.mjs';
import { attend, enrol, examine, lesson, openClass, plan, school, turn } from './class_help.mjs';
import { png } from './files_help.mjs';
import { dayPlus, eachMistake, isProblem, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const start = await today();
const TOWN = '431124001', COUNTY = '431124';
const PLACE = { lat_e6: 25527000, lng_e6: 111601000 }, AWAY = { lat_e6: 25627000, lng_e6: 111601000 };
const at = async (time, day = start) => s.moveClock(await desk('city.system'), `${day}T${time}:00+08:00`);
const when = (time, day = start) => Date.parse(`${day}T${time}:00+08:00`);
const mint = minter((await person()).token);
const officer = (role, area = COUNTY) => mint({ roles: [`${role}@${area}`] });
const city = officer('approve', '431100');
await at('08:00');
after(async () => {	// what is set here holds for no other test
  sql(`DELETE FROM training.attend_rule WHERE code NOT IN ('code_seconds', 'sign_margin_minutes')`);
  await at('09:00');
});

const set = (code, value) => call('POST', '/v1/training/attend-rules', { token: city, body: { code, value, from_on: start } });
const unset = (code) => sql(`DELETE FROM training.attend_rule WHERE code = '${code}'`);
const opened = (school_, over) => openClass(school_, { area_code: TOWN, title: '缝纫工五级班', ...over });
const row = (from, to, over = {}) => lesson(when(from), (when(to) - when(from)) / 60000, over);
const session = (id) => call('GET', `/v1/training/sessions/${id}`);
const code = async (who, id) => (await call('GET', `/v1/training/sessions/${id}/code`, { token: who.token })).code;
const sign = (p, id, verb, body, over = {}) => call('POST', `/v1/training/sessions/${id}/sign-${verb}`, { token: p.token, body, ...over });
const no = (p, id, verb, body, ...rest) => refused('POST', `/v1/training/sessions/${id}/sign-${verb}`, { token: p.token, body }, ...rest);
const mark = (who, e, id, over = {}) => call('POST', `/v1/training/enrolments/${e.id}/attendance`, { token: who.token ?? who,
  body: { session_id: id, reason: '手机没电' }, ...over });
const attended = (who, e) => call('GET', `/v1/training/enrolments/${e.id}/attendance`, { token: who.token ?? who });
const scan = () => sql(`SELECT platform.act_as(at => '${new Date(clock).toISOString()}'); SELECT training.anomaly_scan()`);
let clock = 0;
const go = async (time, day) => { clock = when(time, day); await at(time, day); };
const found = async (cls, rule) => (await walk(`/v1/training/anomalies?class_id=${cls.id}${rule ? `&rule_code=${rule}` : ''}`, officer('first_review'), 50));
const told = (id, kind) => sql(`SELECT title FROM training.message WHERE person_id = '${id}' AND kind = '${kind}' ORDER BY id`).flat();

async function trainerOf(who) {
  const teacher = await person();
  const t = await known(() => call('POST', '/v1/training/trainers', { token: who.token, refused: true, body: { person_id: teacher.id,
    qualification: '高级技师', occupations: [{ occupation_code: '6', level: 1 }] } }));
  await call('POST', `/v1/training/my/trainer-posts/${t.id}/answer`, { token: teacher.token, body: { accept: true } });
  return t.id;
}

// A school with a class, trainees in it, and sessions planned.
async function taught(n, rows, over) {
  await go('08:00');
  const [who, ...people] = await Promise.all([school(), ...Array.from({ length: n }, () => person({ area_code: TOWN }))]);
  const cls = await opened(who, over);
  const enrolments = [];
  for (const p of people) enrolments.push(await enrol(p, cls));
  const r = await plan(who, cls, rows);
  assert.equal(r.json.failed, 0, r.text);
  return { who, cls, people, enrolments, ids: r.json.rows.map((x) => x.id) };
}

test('a timetable is planned row by row, ahead of time, nobody in two places', async () => {
  await go('08:00');
  const [who, other, p] = await Promise.all([school(), school(), person({ area_code: TOWN })]);
  const [cls, second] = [await opened(who), await opened(who)];
  await enrol(p, cls);
  const trainer_id = await trainerOf(who);
  const good = row('09:00', '11:00', { place: '一号教室', trainer_id, ...PLACE });
  const r = await plan(who, cls, [good, row('10:00', '12:00'), row('07:00', '07:30'), row('13:00', '14:00', { minutes: 61 }),
    lesson(when('23:00'), 120), lesson(when('09:00', dayPlus(start, 21))), { ...row('15:00', '16:00'), lat_e6: PLACE.lat_e6 },
    { ...row('15:00', '16:00'), ends_at: good.starts_at }, row('11:00', '12:00', { place: '一号教室' })]);
  assert.equal(r.status, 200, r.text);
  assert.deepEqual([r.json.taken, r.json.failed, r.json.county_code], [2, 7, COUNTY]);
  assert.deepEqual(r.json.rows.map((x) => (x.id ? 'ok' : `${x.code} ${x.pointer}`)), ['ok', 'training.class_busy /starts_at',
    'training.session_begun /starts_at', 'training.session_minutes /minutes', 'training.session_day /ends_at',
    'training.session_outside /starts_at', 'field.missing /lng_e6', 'field.date_order /ends_at', 'ok']);
  const busy = await plan(who, second, [row('10:00', '10:30', { place: '一号教室' }), row('10:00', '10:30', { trainer_id }),
    row('10:30', '11:00', { place: '一号教室', kind: 'online' })]);
  assert.deepEqual(busy.json.rows.map((x) => x.code), ['training.room_busy', 'training.trainer_busy', null]);
  const theirs = await plan(other, await opened(other), [row('10:00', '10:30', { place: '一号教室' }), row('11:00', '11:30', { trainer_id })]);
  assert.deepEqual(theirs.json.rows.map((x) => x.code), [null, 'training.trainer_unfit'], 'another institution has another first room');

  const [one, two] = [r.json.rows[0].id, r.json.rows[8].id];
  const list = await walk(`/v1/training/classes/${cls.id}/sessions`, undefined, 1);
  assert.deepEqual(list.map((x) => [x.id, x.minutes, x.place, x.state]), [[one, 120, '一号教室', 'planned'], [two, 60, '一号教室', 'planned']]);
  assert.deepEqual((await walk('/v1/training/my/sessions', p.token, 1)).map((x) => [x.id, x.in_at]), [[one, null], [two, null]]);
  const moved = await call('PUT', `/v1/training/sessions/${two}`, { token: who.token, body: row('14:00', '16:00', { kind: 'practice' }) });
  assert.deepEqual([moved.kind, moved.minutes, (await session(two)).starts_at], ['practice', 120, moved.starts_at]);
  for (const [body, status, what, ...f] of [[row('10:00', '11:30'), 409, 'training.class_busy', '/starts_at training.class_busy'],
    [{ ...good, ends_at: good.starts_at }, 422, 'request.invalid', '/ends_at field.date_order']])
    await refused('PUT', `/v1/training/sessions/${two}`, { token: who.token, body }, status, what, ...f);
  for (const [method, path, body] of [['POST', `classes/${cls.id}/sessions`, { rows: [good] }], ['PUT', `sessions/${two}`, good],
    ['POST', `sessions/${two}/cancel`, { reason: '教师生病' }]]) {
    await refused(method, `/v1/training/${path}`, { token: other.token, body }, 404, 'request.not_found');
    await refused(method, `/v1/training/${path}`, { token: p.token, body }, 403, 'auth.forbidden');
  }
  await eachMistake('PUT', `/v1/training/sessions/${two}`, who.token, good, [[{ kind: 'talk' }, '/kind field.choice'],
    [{ minutes: 0 }, '/minutes field.too_small'], [{ place: '' }, '/place field.too_short'], [{ starts_at: '明天' }, '/starts_at field.format']]);
  await refused('POST', `/v1/training/classes/${cls.id}/sessions`, { token: who.token, body: { rows: [] } }, 422, 'request.invalid', '/rows field.count');
  assert.equal((await call('POST', `/v1/training/sessions/${two}/cancel`, { token: who.token, body: { reason: '教师生病' } })).state, 'cancelled');
  await refused('POST', `/v1/training/sessions/${two}/cancel`, { token: who.token, body: { reason: '教师生病' } }, 409, 'state.wrong');
  assert.deepEqual(told(p.id, 'timetable'), ['课程表已更新', '课程调整', '课程取消']);
  await refused('GET', `/v1/training/sessions/${NOBODY}`, {}, 404, 'request.not_found');
  await refused('GET', `/v1/training/classes/${cls.id}/sessions?limit=0`, {}, 422, 'request.invalid');
  await refused('GET', '/v1/training/my/sessions', { token: officer('clerk') }, 403, 'auth.forbidden');
  await go('09:01');
  await refused('PUT', `/v1/training/sessions/${one}`, { token: who.token, body: good }, 409, 'training.session_begun');
  await refused('POST', `/v1/training/sessions/${one}/cancel`, { token: who.token, body: { reason: '教师生病' } }, 409, 'training.session_begun');
});

test('signed in and out with the code of the minute, at the time and place', async () => {
  const { who, cls, people: [p, q], enrolments: [e, f], ids: [id, next] } = await taught(2, [row('09:00', '11:00', PLACE), row('13:00', '14:00')]);
  const stranger = await person();
  const path = `/v1/training/sessions/${id}/code`;
  await refused('GET', path, { token: who.token }, 409, 'training.session_not_now');
  await refused('GET', path, { token: (await school()).token }, 404, 'request.not_found');
  await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
  await no(p, id, 'in', { code: '123456' }, 409, 'training.session_not_now');
  await go('08:50');
  const shown = await call('GET', path, { token: who.token });
  assert.match(shown.code, /^\d{6}$/);
  assert.equal(shown.qr, `yjy365:sign:${id}:${shown.code}`);
  assert.ok(shown.seconds > 0 && shown.seconds <= 60);
  const wrong = shown.code === '000000' ? '111111' : '000000';
  await no(p, id, 'in', { code: wrong }, 422, 'training.sign_code', '/code training.sign_code');
  await no(p, id, 'in', {}, 422, 'request.invalid', '/code field.missing');
  await no(stranger, id, 'in', { code: shown.code }, 404, 'request.not_found');
  await no({ token: officer('clerk') }, id, 'in', { code: shown.code }, 403, 'auth.forbidden');
  await no(p, id, 'out', { code: shown.code }, 409, 'training.not_signed_in');
  await go('08:52');	// the code of two minutes ago
  await no(p, id, 'in', { code: shown.code }, 422, 'training.sign_code', '/code training.sign_code');

  await set('sign_metres', 500);
  await refused('POST', '/v1/training/attend-rules', { token: city, body: { code: 'sign_metres', value: 1, from_on: start } }, 409, 'training.attend_rule_later');
  await refused('POST', '/v1/training/attend-rules', { token: officer('approve'), body: { code: 'sign_metres', value: 1, from_on: start } }, 403, 'auth.area');
  await no(p, id, 'in', { code: await code(who, id) }, 422, 'training.position_needed', '/lat_e6 training.position_needed');
  await no(p, id, 'in', { code: await code(who, id), ...AWAY }, 409, 'training.sign_far', '/lat_e6 training.sign_far');
  const a = await sign(p, id, 'in', { code: await code(who, id), ...PLACE, accuracy_m: 12, device_id: 'phone-of-p' });
  assert.deepEqual([a.way, a.metres, a.minutes, a.out_at, a.enrolment_id], ['code', 0, 0, null, e.id]);
  await no(p, id, 'in', { code: await code(who, id), ...PLACE }, 409, 'training.already_signed');
  unset('sign_metres');
  assert.equal(sql(`SELECT count(*) FROM training.attendance WHERE device_index LIKE '%phone%'`)[0][0], '0', 'no device is kept as it is');

  for (let i = 0; i < 10; i++) await no(q, id, 'in', { code: wrong }, 422, 'training.sign_code');
  await no(q, id, 'in', { code: await code(who, id) }, 409, 'training.sign_tries');
  await go('10:30');
  const out = await sign(p, id, 'out', { code: await code(who, id), ...PLACE });
  assert.deepEqual([out.minutes, out.counted_minutes === 0 || out.counted_minutes === 90], [90, true]);
  await go('10:45');
  assert.equal((await sign(p, id, 'out', { code: await code(who, id) })).minutes, 105, 'the later of two counts');
  await mark(who, f, id);
  await refused('POST', `/v1/training/enrolments/${f.id}/attendance`, { token: who.token, body: { session_id: id, reason: '手机没电' } }, 409, 'training.already_marked');
  const mine = await attended(p, e);
  assert.deepEqual([mine.attended_days, mine.attended_minutes, mine.planned_minutes, mine.attended_percent, mine.is_enough], [1, 105, 180, 58, true]);
  assert.deepEqual(mine.items.map((x) => [x.counted_minutes, x.is_void]), [[105, false]]);
  assert.deepEqual((await attended(who, f)).items.map((x) => [x.way, x.reason, x.counted_minutes]), [['hand', '手机没电', 120]]);
  const roll = await walk(`/v1/training/sessions/${id}/attendance`, who.token, 1);
  assert.deepEqual(roll.map((x) => [x.way, x.counted_minutes]).sort(), [['code', 105], ['hand', 120]]);
  assert.deepEqual((await walk(`/v1/training/sessions/${next}/attendance`, officer('clerk'), 50)).map((x) => x.way), [null, null]);
  for (const t of [(await school()).token, officer('clerk', '431103')]) {
    assert.deepEqual((await call('GET', `/v1/training/sessions/${id}/attendance`, { token: t })).items, []);
    await refused('GET', `/v1/training/enrolments/${e.id}/attendance`, { token: t }, 404, 'request.not_found');
  }
  await refused('GET', `/v1/training/sessions/${id}/attendance`, { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', `/v1/training/enrolments/${e.id}/attendance`, { token: q.token }, 404, 'request.not_found');
  const [[payload]] = sql(`SELECT coalesce((SELECT payload FROM training.event_log WHERE type = 'training.attendance.recorded.v1' AND payload->>'enrolment_id' = '${e.id}' ORDER BY seq DESC LIMIT 1),
    (SELECT payload FROM training.outbox WHERE type = 'training.attendance.recorded.v1' AND payload->>'enrolment_id' = '${e.id}' ORDER BY id DESC LIMIT 1))`);
  assert.deepEqual([JSON.parse(payload).minutes, JSON.parse(payload).class_id], [105, cls.id]);
  await go('11:31');
  await no(p, id, 'out', { code: '123456' }, 409, 'training.session_not_now');
  await refused('GET', path, { token: who.token }, 409, 'training.session_not_now');
});

test('nobody is in two places, a day has its cap, marks by hand their limit', async () => {
  const [one, two] = [await taught(2, [row('09:00', '11:00'), row('14:00', '18:00')]), await taught(0, [row('10:00', '12:00'), row('19:00', '22:00')],
    { kind: 'startup', module: 'syb', occupation_code: undefined, level: undefined })];	// nobody is in two classes of a kind
  const [p, q] = one.people, [e, f] = one.enrolments;
  const e2 = await enrol(p, two.cls);
  await go('09:00');
  await sign(p, one.ids[0], 'in', { code: await code(one.who, one.ids[0]) });
  await go('10:00');
  await no(p, two.ids[0], 'in', { code: await code(two.who, two.ids[0]) }, 409, 'training.elsewhere');
  const both = await Promise.all([1, 2, 3].map(() => mark(two.who, e2, two.ids[0], { refused: true })));
  for (const r of both) isProblem(r, 409, 'training.elsewhere');
  await sign(p, one.ids[0], 'out', { code: await code(one.who, one.ids[0]) });
  assert.equal((await sign(p, two.ids[0], 'in', { code: await code(two.who, two.ids[0]) })).way, 'code', 'gone from one, welcome in the other');
  assert.match(sql(`SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'attendance_person_once'`)[0][0], /^EXCLUDE/);
  await go('12:00');
  await sign(p, two.ids[0], 'out', { code: await code(two.who, two.ids[0]) });

  await set('day_cap_minutes', 240);	// of both classes together: an hour, two hours, and one of four
  await mark(officer('clerk'), e, one.ids[1], { refused: true }).then((r) => isProblem(r, 409, 'training.session_not_now'));
  await go('18:00');
  await mark(officer('clerk'), e, one.ids[1]);
  await refused('POST', `/v1/training/enrolments/${e.id}/attendance`, { token: officer('clerk', '431103'), body: { session_id: one.ids[1], reason: '手机没电' } }, 404, 'request.not_found');
  assert.deepEqual((await attended(p, e)).items.map((x) => [x.minutes, x.counted_minutes]), [[60, 60], [240, 60]]);
  assert.equal((await attended(p, e2)).attended_minutes, 120);
  unset('day_cap_minutes');
  await set('hand_limit_percent', 50);
  await refused('POST', `/v1/training/enrolments/${f.id}/attendance`, { token: one.who.token, body: { session_id: one.ids[1], reason: '手机没电' } }, 409, 'training.hand_limit');
  unset('hand_limit_percent');
  await eachMistake('POST', `/v1/training/enrolments/${f.id}/attendance`, one.who.token, { session_id: one.ids[1], reason: '手机没电' }, [
    [{ reason: undefined }, '/reason field.missing'], [{ session_id: 'x' }, '/session_id field.format'], [{ hours: 8 }, '/hours field.unknown']]);
  await refused('POST', `/v1/training/enrolments/${f.id}/attendance`, { token: one.who.token, body: { session_id: two.ids[0], reason: '手机没电' } }, 409,
    'training.session_unknown', '/session_id training.session_unknown');
  await refused('POST', `/v1/training/enrolments/${f.id}/attendance`, { token: q.token, body: { session_id: one.ids[0], reason: '手机没电' } }, 403, 'auth.forbidden');

  await set('exam_share_percent', 90);
  await turn(one.who, one.cls, 'start');
  assert.equal((await attended(q, f)).is_enough, false);
  isProblem(await examine(one.who, f, 90, { refused: true }), 409, 'training.attendance_short');
  unset('exam_share_percent');
  assert.equal((await examine(one.who, f, 90)).is_passed, true);
});

test('a check is answered in time with the code, or heads are counted', async () => {
  const { who, cls, people: [p, q, r], enrolments: [e, f, g], ids: [id] } = await taught(3, [row('09:00', '11:00', PLACE)]);
  const path = `/v1/training/sessions/${id}/checks`;
  const call_ = { kind: 'call', minutes: 5 };
  await refused('POST', path, { token: officer('clerk'), body: call_ }, 409, 'training.session_not_now');
  await go('09:05');
  await refused('POST', path, { token: officer('clerk'), body: call_ }, 409, 'training.check_nobody');
  for (const x of [p, q]) await sign(x, id, 'in', { code: await code(who, id) });
  await mark(who, g, id);
  await refused('POST', path, { token: officer('clerk', '431103'), body: call_ }, 404, 'request.not_found');
  await refused('POST', path, { token: who.token, body: call_ }, 403, 'auth.forbidden');
  await refused('POST', path, { token: officer('clerk'), body: { kind: 'call' } }, 422, 'request.invalid', '/minutes field.missing');
  await refused('POST', path, { token: officer('clerk'), body: { kind: 'count' } }, 422, 'request.invalid', '/headcount field.missing');
  const k = await call('POST', path, { token: officer('clerk'), body: call_ });
  assert.deepEqual([k.kind, k.source, k.signed, k.waiting], ['call', 'officer', 3, 3]);
  assert.deepEqual(told(p.id, 'check'), ['课堂抽查']);
  const answer = (x, body, over = {}) => call('POST', `/v1/training/checks/${k.id}/answer`, { token: x.token, body, ...over });
  isProblem(await answer(p, { code: (await code(who, id)) === '000000' ? '111111' : '000000' }, { refused: true }), 422, 'training.sign_code');
  assert.equal((await answer(p, { code: await code(who, id), ...PLACE })).state, 'answered');
  isProblem(await answer(p, { code: await code(who, id) }, { refused: true }), 409, 'state.wrong');
  isProblem(await answer(await person(), { code: '123456' }, { refused: true }), 404, 'request.not_found');
  await go('09:11');
  isProblem(await answer(q, { code: await code(who, id) }, { refused: true }), 409, 'training.check_late');
  sql(`SELECT platform.act_as(at => '${new Date(clock).toISOString()}'); UPDATE training.check_answer SET state = 'missed' WHERE state = 'asked' AND due_at < platform.now()`);

  await refused('POST', path, { token: officer('recheck'), body: { kind: 'count', headcount: 1, absent: [{ enrolment_id: NOBODY }] } }, 422,
    'training.check_absent', '/absent training.check_absent');
  const n = await call('POST', path, { token: officer('recheck'), body: { kind: 'count', headcount: 1, absent: [{ enrolment_id: g.id }], note: '一人未见' } });
  assert.deepEqual([n.signed, n.headcount, n.answered, n.missed], [3, 1, 2, 1]);
  const raw = (token, id_, bytes) => request('POST', `/v1/training/checks/${id_}/photos?slot=room&name=room.png`, { token, raw: bytes,
    headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` } });
  const bytes = png();
  const photo = await raw(officer('recheck'), n.id, bytes);
  assert.equal(photo.status, 201, photo.text);
  assert.equal(photo.json.submitted || (await call('GET', `/v1/training/checks/${n.id}`, { token: officer('audit') })).photos[0].submitted, true);
  isProblem(await raw(officer('recheck', '431103'), n.id, bytes), 404, 'request.not_found');
  isProblem(await raw(officer('recheck'), k.id, bytes), 404, 'request.not_found');
  assert.equal((await request('GET', `/v1/training/check-photos/${photo.json.id}`, { token: who.token })).status, 200);
  await refused('GET', `/v1/training/check-photos/${photo.json.id}`, { token: officer('clerk', '431103') }, 404, 'request.not_found');
  const whole = await call('GET', `/v1/training/checks/${k.id}`, { token: who.token });
  assert.deepEqual(whole.answers.map((a) => [a.enrolment_id, a.state]).sort(), [[e.id, 'answered'], [f.id, 'missed'], [g.id, 'missed']].sort());
  assert.deepEqual((await walk(`/v1/training/checks?session_id=${id}`, officer('first_review'), 1)).map((x) => x.id), [n.id, k.id]);
  assert.deepEqual((await walk('/v1/training/my/checks', r.token, 1)).map((x) => x.state), ['absent', 'missed']);
  await refused('GET', `/v1/training/checks/${k.id}`, { token: officer('clerk', '431103') }, 404, 'request.not_found');
  await refused('GET', '/v1/training/checks', { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/training/my/checks', { token: officer('clerk') }, 403, 'auth.forbidden');
  await go('11:31');
  scan();
  const bad = await found(cls, 'check_missed');
  assert.deepEqual(bad.map((x) => [x.enrolment_id, x.facts.times]).sort(), [[f.id, 1], [g.id, 2]].sort());
  assert.deepEqual((await found(cls, 'count_short')).map((x) => x.facts), [{ signed: 3, headcount: 1 }]);
});

test('a lot is drawn by a seed anybody can follow', async () => {
  const { who, people: [p], ids: [id] } = await taught(1, [row('09:00', '11:00')]);
  await set('draw_percent', 100);
  await set('check_minutes', 5);
  await go('09:00');
  await sign(p, id, 'in', { code: await code(who, id) });
  await go('10:56');
  sql(`SELECT platform.act_as(at => '${new Date(clock).toISOString()}'); SELECT training.lots_draw(); SELECT training.lots_begin()`);
  unset('draw_percent');
  unset('check_minutes');
  const lot = (await walk(`/v1/training/session-lots?county_code=${COUNTY}`, officer('audit'), 50)).find((l) => l.session_id === id);
  const value = (parseInt(createHash('sha256').update(`${lot.seed}:${id}`).digest('hex').slice(0, 7), 16) | 0) % 10000;
  assert.deepEqual([lot.value, lot.is_drawn, lot.percent], [value, true, 100]);
  const [k] = (await call('GET', '/v1/training/my/checks', { token: p.token })).items;
  assert.deepEqual([k.check_id, k.state], [lot.check_id, 'asked']);
  await refused('GET', '/v1/training/session-lots', { token: who.token }, 403, 'auth.forbidden');
});

test('what looks wrong is found once, judged by officers, appealed against once', async () => {
  const { who, cls, people, enrolments, ids: [id, next] } = await taught(4, [row('09:00', '11:00', PLACE), row('11:00', '12:00', AWAY)]);
  const far = await taught(0, [row('11:05', '11:30')]);
  const [p, q, r] = people, [e, , g, h] = enrolments, phone = randomUUID();
  for (const [rule, value] of [['far_metres', 1000], ['burst_seconds', 60], ['travel_kmh', 200], ['hand_share_percent', 20]]) await set(rule, value);
  await go('09:00');
  for (const x of [p, q]) await sign(x, id, 'in', { code: await code(who, id), ...PLACE, device_id: phone });
  await sign(r, id, 'in', { code: await code(who, id), ...AWAY, device_id: randomUUID() });
  await mark(who, h, id);
  await go('10:59');
  await sign(p, id, 'out', { code: await code(who, id), ...PLACE });
  await go('11:00');
  await sign(p, next, 'in', { code: await code(who, next), ...AWAY });	// 11 km in a minute
  await go('12:31');
  await mark(who, g, next);
  scan();
  scan();
  const all = await found(cls);
  const keys = (list) => list.map((x) => `${x.rule_code}${x.enrolment_id ? ` ${enrolments.findIndex((y) => y.id === x.enrolment_id)}` : ''}`).sort();
  assert.deepEqual(keys(all.filter((x) => x.session_id === id)), ['burst', 'device', 'far 2', 'hand_mark 3', 'hand_share'].sort());
  assert.deepEqual(keys(all.filter((x) => x.session_id === next)), ['hand_late 2', 'hand_mark 2', 'hand_share', 'no_sign_out', 'travel 0']);
  assert.equal((await found(far.cls)).length, 0, 'nobody came, nothing is odd');
  for (const rule of ['far_metres', 'burst_seconds', 'travel_kmh', 'hand_share_percent']) unset(rule);
  const rules = await walk('/v1/training/anomaly-rules', undefined, 3);
  assert.deepEqual(rules.filter((x) => !x.is_on).map((x) => x.code), ['hand_share', 'far', 'travel', 'burst'], 'what is not set finds nothing');

  // Work for somebody else that day, heard of afterwards.
  const work = await firm();
  const job = await known(() => call('POST', '/v1/jobs/employments', { token: work.token, refused: true, body: { person_id: r.id,
    occupation_code: '6-31-01-03', hired_on: start, contract_type: 'fixed', contract_months: 12, wage_cents: 480000 } }));
  await eventually(() => sql(`SELECT 1 FROM training.job WHERE id = '${job.id}'`).length, 'training hears of work');
  scan();
  const weekday = ![0, 6].includes(new Date(`${start}T00:00:00Z`).getUTCDay());
  assert.deepEqual((await found(cls, 'employed')).map((x) => [x.enrolment_id, x.facts.contract_type]),
    weekday ? [[g.id, 'fixed'], [g.id, 'fixed']] : [], 'at both sessions');
  assert.equal((await found(cls)).length, all.length + (weekday ? 2 : 0), 'nothing twice');

  const [device] = await found(cls, 'device');
  assert.deepEqual([device.facts.people, device.attendances, device.state], [2, 2, 'open']);
  const path = `/v1/training/anomalies/${device.id}`;
  const post = (token, verb, body, over = {}) => call('POST', `${path}/${verb}`, { token, body, ...over });
  const confirm = { outcome: 'confirmed', note: '同一部手机' };
  await refused('POST', `${path}/explanation`, { token: (await school()).token, body: { explanation: '借用手机' } }, 404, 'request.not_found');
  assert.equal((await post(who.token, 'explanation', { explanation: '借用手机' })).explanation, '借用手机');
  await refused('POST', `${path}/appeal`, { token: who.token, body: { reason: '确系本人' } }, 409, 'state.wrong');
  await refused('POST', `${path}/judge`, { token: who.token, body: confirm }, 403, 'auth.forbidden');
  await refused('POST', `${path}/judge`, { token: officer('clerk', '431103'), body: confirm }, 404, 'request.not_found');
  await eachMistake('POST', `${path}/judge`, officer('clerk'), confirm, [[{ note: undefined }, '/note field.missing'], [{ outcome: 'open' }, '/outcome field.choice']]);
  const before = await attended(p, e);
  assert.equal(before.attended_minutes, 119);
  const judge = mint({ roles: [`first_review@${COUNTY}`, `recheck@${COUNTY}`] });
  assert.equal((await post(judge, 'judge', confirm)).state, 'confirmed');
  assert.deepEqual((await attended(p, e)).items.map((x) => [x.minutes, x.counted_minutes, x.is_void]), [[119, 0, true], [0, 0, false]]);
  assert.deepEqual([(await attended(p, e)).attended_minutes, (await attended(p, e)).attended_days], [0, 0]);
  assert.deepEqual(told(q.id, 'anomaly'), ['一次考勤不予计入']);
  await refused('POST', `${path}/judge`, { token: judge, body: confirm }, 409, 'state.wrong');
  await refused('POST', `${path}/explanation`, { token: who.token, body: { explanation: '借用手机' } }, 409, 'state.wrong');
  await refused('POST', `${path}/decide`, { token: officer('recheck'), body: { outcome: 'revoked', note: '属实' } }, 409, 'state.wrong');
  const appeal = await post(who.token, 'appeal', { reason: '父子共用手机，均在现场' });
  assert.deepEqual([appeal.state, /^TR/.test(appeal.case_no)], ['appealed', true]);
  await refused('POST', `${path}/appeal`, { token: who.token, body: { reason: '确系本人' } }, 409, 'state.wrong');
  await refused('POST', `${path}/decide`, { token: judge, body: { outcome: 'revoked', note: '属实' } }, 409, 'training.same_hand');
  await refused('POST', `${path}/decide`, { token: who.token, body: { outcome: 'revoked', note: '属实' } }, 403, 'auth.forbidden');
  assert.equal((await post(officer('recheck'), 'decide', { outcome: 'revoked', note: '属实' })).state, 'revoked');
  assert.equal((await attended(p, e)).attended_minutes, 119, 'it counts again');
  assert.equal((await call('GET', `/v1/cases/${appeal.case_no}`, { token: who.token })).state, 'done');
  const [mark_] = await found(cls, 'hand_late');
  assert.equal((await call('POST', `/v1/training/anomalies/${mark_.id}/judge`, { token: officer('clerk'), body: { outcome: 'explained', note: '当日停电' } })).state, 'explained');
  assert.equal((await attended(who, g)).attended_minutes, 60, 'explained is not taken out');
  await refused('GET', path, { token: officer('clerk', '431103') }, 404, 'request.not_found');
  assert.equal((await call('GET', path, { token: who.token })).id, device.id);
  await refused('GET', '/v1/training/anomalies?state=odd', { token: who.token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/training/anomalies', { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/training/anomaly-rules?limit=0', {}, 422, 'request.invalid');
  assert.ok((await walk('/v1/training/attend-rules', undefined, 1)).length >= 2);
  await refused('GET', '/v1/training/attend-rules?limit=0', {}, 422, 'request.invalid');
  await attend(who, h);
});
