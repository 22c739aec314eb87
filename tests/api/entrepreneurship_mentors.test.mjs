// entrepreneurship_mentors: studios and mentors, hours booked and waited for,
// what was advised, how it was found, and the year's figures.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { firm } from '../lib/city.mjs';
import { fetched, pdf } from './files_help.mjs';
import { dayPlus, eachMistake, isProblem, logged, minter, NOBODY, refused, sql, today, walk } from './help.mjs';
import { advise, book, card, E, get, heard, HERE, hour, keeper, mentor, officers, passes, post, proposal, studio } from './startup_help.mjs';

const now = await today();
const [k, p, q] = await Promise.all([keeper(), heard(), heard()]);
const as = officers(p.token), away = officers(p.token, '431103');
const at = (n, clock = '01:00') => `${dayPlus(now, n)}T${clock}:00Z`;
const s = await studio(k, as);
const m = await mentor(k, s);
const no = (path, token, body, status, code, ...fields) => refused('POST', `${E}/${path}`, { token, body }, status, code, ...fields);
const told = (who) => sql(`SELECT title FROM entrepreneurship.message WHERE person_id = '${who.id}' ORDER BY id`).flat();

test('a studio is proposed, checked and recognised by three hands', async () => {
  const body = proposal();
  const made = await post('studios', k.token, body);
  assert.deepEqual([made.state, made.county_code, made.fields, made.case_no.slice(0, 2)], ['proposed', HERE.code, ['finance', 'plan'], 'EN']);
  await no('studios', k.token, body, 409, 'state.exists');
  await eachMistake('POST', `${E}/studios`, k.token, proposal(), [
    [{ name: '室' }, '/name field.too_short'], [{ fields: ['x'] }, '/fields field.choice'], [{ fields: 'plan' }, '/fields field.type'],
    [{ fields: [] }, '/fields field.choice'], [{ hours: [] }, '/hours field.count'], [{ address: undefined }, '/address field.missing'],
    [{ hours: [{ weekday: 8, opens: '9:00', closes: '24:00' }] }, '/hours/0/weekday field.too_large', '/hours/0/opens field.format',
      '/hours/0/closes field.format']]);
  await no('studios', p.token, body, 403, 'auth.forbidden');
  const first = as('first_review'), path = `studios/${made.id}`;
  await no(`${path}/recognise`, as('approve'), { pass: true }, 409, 'state.wrong');
  await no(`${path}/check`, away('first_review'), { pass: true }, 404, 'request.not_found');
  await no(`${path}/check`, first, { pass: false }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(`${path}/check`, first, { pass: true })).state, 'checked');
  const claims = JSON.parse(Buffer.from(first.split('.')[1], 'base64url'));
  const same = minter(p.token)({ roles: [`approve@${HERE.code}`], sub: claims.sub });
  await no(`${path}/recognise`, same, { pass: true }, 409, 'entrepreneurship.second_hand');
  const done = await post(`${path}/recognise`, as('recheck'), { pass: true });
  assert.deepEqual([done.state, done.recognised_on], ['recognised', now]);
  assert.equal(sql(`SELECT state FROM entrepreneurship.case_file WHERE subject_id = '${made.id}'`)[0][0], 'done');
  assert.ok((await walk(`${E}/studios?county_code=${HERE.code}&field=plan`, undefined, 50)).some((x) => x.id === made.id));
  await refused('GET', `${E}/studios?field=x`, {}, 422, 'request.invalid', 'field field.choice');
  const gone = await post(`${path}/revoke`, as('approve'), { note: '不再开放' });
  assert.equal(gone.state, 'revoked');
  await no(`${path}/revoke`, as('approve'), { note: '不再开放' }, 409, 'state.wrong');
  assert.ok(!(await walk(`${E}/studios`, undefined, 50)).some((x) => x.id === made.id));
  assert.ok((await walk(`${E}/own-studios?state=revoked`, k.token, 50)).some((x) => x.id === made.id));
  await refused('GET', `${E}/own-studios`, { token: p.token }, 403, 'auth.forbidden');
  const refusedOne = await post('studios', k.token, proposal());
  assert.equal((await post(`studios/${refusedOne.id}/check`, as('first_review'), { pass: false, note: '场地不符' })).state, 'refused');
});

test('a mentor is who agreed to it, and shown only if they like', async () => {
  const t = await studio(k, as), r = await heard({ birth_on: '1980-01-01' });
  await no(`studios/${t.id}/mentors`, k.token, { person_id: NOBODY }, 409, 'entrepreneurship.person_unknown');
  await no(`studios/${NOBODY}/mentors`, k.token, { person_id: r.id }, 404, 'request.not_found');
  await no(`studios/${t.id}/mentors`, p.token, { person_id: r.id }, 403, 'auth.forbidden');
  const seat = await post(`studios/${t.id}/mentors`, k.token, { person_id: r.id });
  await no(`studios/${t.id}/mentors`, k.token, { person_id: r.id }, 409, 'state.exists');
  assert.deepEqual(told(r), ['邀请您担任创业导师']);
  await no(`mentor-seats/${seat.id}/answer`, r.token, { accept: true }, 409, 'entrepreneurship.mentor_card');
  await no(`mentor-seats/${seat.id}/answer`, q.token, { accept: true }, 404, 'request.not_found');
  await refused('GET', `${E}/my/mentor`, { token: r.token }, 404, 'request.not_found');
  await eachMistake('POST', `${E}/my/mentor`, r.token, card(), [[{ fields: ['law', 1] }, '/fields field.choice'],
    [{ shown: undefined }, '/shown field.missing'], [{ name: '王' }, '/name field.too_short']]);
  const c = await post('my/mentor', r.token, card({ shown: false }));
  assert.equal((await post(`mentor-seats/${seat.id}/answer`, r.token, { accept: true })).state, 'confirmed');
  await no(`mentor-seats/${seat.id}/answer`, r.token, { accept: false }, 409, 'state.wrong');
  await refused('GET', `${E}/mentors/${c.id}`, {}, 404, 'request.not_found');
  await post('my/mentor', r.token, card());
  const seen = await get(`mentors/${c.id}`);
  assert.deepEqual([seen.name, seen.active, seen.studios.map((x) => x.id), seen.rating_count, seen.person_id],
    ['王导师', true, [t.id], null, undefined]);
  assert.equal((await get('my/mentor', r.token)).id, c.id);
  assert.ok((await walk(`${E}/mentors?field=tax&county_code=${HERE.code}`, undefined, 50)).some((x) => x.id === c.id));
  await refused('GET', `${E}/mentors?field=x`, {}, 422, 'request.invalid', 'field field.choice');
  const two = await mentor(k, s, {}, r);	// a second studio
  assert.equal((await get(`mentors/${c.id}`)).studios.length, 2);
  assert.ok((await walk(`${E}/mentor-seats`, k.token, 50)).length >= 2);
  await refused('GET', `${E}/mentor-seats?state=x`, { token: k.token }, 422, 'request.invalid', 'state field.choice');
  await no(`mentor-seats/${seat.id}/end`, q.token, undefined, 404, 'request.not_found');
  await post(`mentor-seats/${seat.id}/end`, k.token);
  assert.equal((await post(`mentor-seats/${two.seat.id}/end`, r.token)).state, 'ended');
  await refused('GET', `${E}/mentors/${c.id}`, {}, 404, 'request.not_found');
  await no('my/slots', r.token, { studio_id: t.id, starts_at: at(3), ends_at: at(3, '02:00'), way: 'studio' }, 409, 'entrepreneurship.not_mentor');
});

test('an hour has one booking; who waits moves up, and both are told', async () => {
  const slot = await hour(m, at(5));
  await no('my/slots', m.token, { studio_id: s.id, starts_at: at(5, '01:30'), ends_at: at(5, '03:00'), way: 'online' }, 409, 'entrepreneurship.slot_overlap');
  await eachMistake('POST', `${E}/my/slots`, m.token, { studio_id: s.id, starts_at: at(6), ends_at: at(6, '02:00'), way: 'online' }, [
    [{ starts_at: at(-1) }, '/starts_at field.date_past'], [{ ends_at: at(6) }, '/ends_at field.date_order'],
    [{ ends_at: at(6, '10:00') }, '/ends_at field.date_order'], [{ way: 'x' }, '/way field.choice']]);
  const race = await Promise.all([p, q, await heard()].map(async (x) => ({ x, r: await book(x, slot, {}, { refused: true }) })));
  const won = race.filter(({ r }) => r.status === 201), lost = race.filter(({ r }) => r.status !== 201);
  assert.equal(won.length, 1);
  for (const { r } of lost) isProblem(r, 409, 'entrepreneurship.slot_taken');
  const [winner] = won, [loser] = lost, b = winner.r.json;
  assert.deepEqual([b.state, b.person_id, b.case_no.slice(0, 2)], ['booked', winner.x.id, 'EN']);
  await no(`slots/${slot.id}/bookings`, winner.x.token, { question: '再约' }, 409, 'state.exists');
  await no(`slots/${slot.id}/bookings`, m.token, { question: '自己' }, 409, 'entrepreneurship.own_slot');
  await no(`slots/${NOBODY}/bookings`, q.token, { question: '没有' }, 404, 'request.not_found');
  const w = await book(loser.x, slot, { wait: true });
  assert.equal(w.state, 'waiting');
  assert.deepEqual((await get(`mentors/${m.mentor_id}/slots`)).items.map((x) => [x.id, x.taken]), [[slot.id, true]]);
  await refused('GET', `${E}/mentors/${m.mentor_id}/slots?x=1`, {}, 422, 'request.invalid', 'x field.unknown');
  assert.ok(told(m).includes('有人预约了您的指导'));
  await no(`bookings/${b.id}/cancel`, loser.x.token, { reason: '不是我的' }, 404, 'request.not_found');
  const gone = await post(`bookings/${b.id}/cancel`, winner.x.token, { reason: '有事' });
  assert.deepEqual([gone.state, gone.late], ['cancelled', false]);
  await no(`bookings/${b.id}/cancel`, winner.x.token, { reason: '有事' }, 409, 'state.wrong');
  const mine = (await get('bookings?state=booked', loser.x.token)).items;
  assert.deepEqual(mine.map((x) => x.id), [w.id], 'who waited has it');
  assert.ok(told(loser.x).includes('创业指导预约成功'));
  const other = await mentor(k, s);
  const clash = await hour(other, at(5, '01:15'));
  await no(`slots/${clash.id}/bookings`, loser.x.token, { question: '同时' }, 409, 'entrepreneurship.booking_overlap');
  // The day before both are reminded, once; cancelled then it is late.
  sql(`SELECT platform.act_as(at => '${at(4, '12:00')}'); SELECT entrepreneurship.booking_remind(); SELECT entrepreneurship.booking_remind()`);
  assert.equal(told(loser.x).filter((t) => t === '创业指导即将开始').length, 1);
  const clock = await call('GET', '/v1/identity/sandbox/clock');
  const soon = await hour(m, new Date(Date.parse(clock.now) + 3 * 3600000).toISOString());
  const late = await post(`bookings/${(await book(q, soon)).id}/cancel`, q.token, { reason: '临时有事' });
  assert.deepEqual([late.state, late.late], ['cancelled', true]);
  await no(`slots/${soon.id}/cancel`, p.token, { reason: '不是我的' }, 404, 'request.not_found');
  await no(`slots/${slot.id}/cancel`, m.token, {}, 422, 'request.invalid', '/reason field.missing');
  assert.equal((await post(`slots/${slot.id}/cancel`, m.token, { reason: '出差' })).state, 'cancelled');
  await no(`slots/${slot.id}/cancel`, m.token, { reason: '出差' }, 409, 'state.wrong');
  assert.ok(told(loser.x).includes('创业指导已取消'));
  await no(`slots/${slot.id}/bookings`, q.token, { question: '晚了' }, 404, 'request.not_found');
});

test('what was advised is confirmed by the founder, with files, and rated once', async () => {
  const slot = await hour(m, at(8)), b = await book(p, slot);
  await no(`bookings/${b.id}/guidance`, m.token, { topics: ['plan'], advice: '还没到' }, 409, 'state.wrong');
  await no(`bookings/${b.id}/missed`, m.token, undefined, 409, 'state.wrong');
  passes(slot);
  await no(`bookings/${b.id}/guidance`, p.token, { topics: ['plan'], advice: '不是导师' }, 404, 'request.not_found');
  await no(`bookings/${b.id}/guidance`, m.token, { topics: ['x'], advice: '题目不对' }, 422, 'request.invalid', '/topics field.choice');
  const g = await advise(m, b);
  assert.deepEqual([g.state, g.topics, g.person_id, g.given_on], ['given', ['plan'], p.id, dayPlus(now, 8 - 400)]);
  await no(`bookings/${b.id}/guidance`, m.token, { topics: ['plan'], advice: '再写一次' }, 409, 'state.wrong');
  const put = (token, id = g.id, bytes = pdf()) => request('POST', `${E}/guidances/${id}/files?slot=plan&name=a.pdf`, { token, raw: bytes,
    headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` } });
  const file = await put(m.token);
  assert.equal(file.status, 201, file.text);
  isProblem(await put(q.token), 404, 'request.not_found');
  isProblem(await put(m.token, g.id, Buffer.from('x')), 422, 'file.kind');
  assert.equal((await fetched(`${E}/guidance-files/${file.json.id}`, p.token)).bytes.subarray(0, 5).toString(), '%PDF-');
  await refused('GET', `${E}/guidance-files/${file.json.id}`, { token: q.token }, 404, 'request.not_found');
  assert.equal((await call('GET', `${E}/guidance-files/${file.json.id}`, { token: p.token, whole: true })).status, 200);
  const rating = { stars: 5, reasons: ['helpful', 'clear'], words: '很有帮助' };
  await no(`guidances/${g.id}/rating`, p.token, rating, 409, 'state.wrong');
  await no(`guidances/${g.id}/confirm`, m.token, undefined, 404, 'request.not_found');
  assert.deepEqual([(await post(`guidances/${g.id}/confirm`, p.token)).state], ['confirmed']);
  await no(`guidances/${g.id}/dispute`, p.token, { reason: '没有来' }, 409, 'state.wrong');
  await eachMistake('POST', `${E}/guidances/${g.id}/rating`, p.token, rating, [[{ stars: 6 }, '/stars field.too_large'],
    [{ reasons: ['x'] }, '/reasons field.choice']]);
  await post(`guidances/${g.id}/rating`, p.token, rating);
  await no(`guidances/${g.id}/rating`, p.token, rating, 409, 'state.exists');
  const seen = await get(`mentors/${m.mentor_id}`);
  assert.deepEqual([seen.rating_count, seen.rating_centi, seen.last_guided_on], [null, null, g.given_on], 'one rating would tell who gave it');
  sql(`UPDATE entrepreneurship.mentor SET rating_count = 5, rating_sum = 23 WHERE id = '${m.mentor_id}'`);
  assert.deepEqual(await get(`mentors/${m.mentor_id}`).then((x) => [x.rating_count, x.rating_centi]), [5, 460]);
  const list = await get('guidances', p.token);
  assert.deepEqual(list.items.map((x) => [x.id, x.files.length]), [[g.id, 1]]);
  assert.ok((await get('guidances?state=confirmed', as('clerk'))).items.some((x) => x.id === g.id));
  assert.deepEqual((await get('guidances', away('clerk'))).items, []);
  await refused('GET', `${E}/guidances?state=x`, { token: p.token }, 422, 'request.invalid', 'state field.choice');
  // Another founder says it was otherwise; one did not come.
  const slots = await Promise.all([hour(m, at(9)), hour(m, at(10))]);
  const [c, d] = await Promise.all([book(q, slots[0]), book(q, slots[1])]);
  slots.forEach(passes);
  const h = await advise(m, c);
  assert.equal((await post(`guidances/${h.id}/dispute`, q.token, { reason: '没有见面' })).state, 'disputed');
  assert.equal((await post(`bookings/${d.id}/missed`, m.token)).state, 'missed');
  await refused('GET', `${E}/bookings?state=x`, { token: q.token }, 422, 'request.invalid', 'state field.choice');
  assert.throws(() => sql(`UPDATE entrepreneurship.mentor_rating SET stars = 1`, 'entrepreneurship_system'), /permission denied/);
});

test('the year: mentors without guidance, classes wanted, person-times against the target', async () => {
  const idle = await mentor(k, s);
  const list = await walk(`${E}/idle-mentors?county_code=${HERE.code}`, as('clerk'), 50);
  assert.ok(list.some((x) => x.id === idle.mentor_id));
  await refused('GET', `${E}/idle-mentors`, { token: p.token }, 403, 'auth.forbidden');
  const want = { module: 'syb', headcount: 30, from_on: dayPlus(now, 10) };
  const path = `studios/${s.id}/training-wants`;
  await eachMistake('POST', `${E}/${path}`, k.token, want, [[{ module: 'x' }, '/module field.choice'],
    [{ headcount: 0 }, '/headcount field.too_small'], [{ from_on: dayPlus(now, -1) }, '/from_on field.date_past']]);
  const other = await firm({ kind: 'institution', area_code: HERE.town });
  await no(path, other.token, want, 404, 'request.not_found');
  const w = await post(path, k.token, want);
  assert.deepEqual((await walk(`${E}/training-wants`, k.token, 50)).map((x) => x.id), [w.id]);
  await refused('GET', `${E}/training-wants`, { token: p.token }, 403, 'auth.forbidden');
  assert.deepEqual(logged('entrepreneurship', `key = '${w.id}'`, "payload ->> 'module', payload ->> 'headcount'"), [['syb', '30']]);
  // Six people have completed a start-up class, as training's events tell.
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z');
    INSERT INTO entrepreneurship.startup_trained (enrolment_id, class_id, person_id, module, completed_on, passed, county_code)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'syb', '${now}', n > 2, '${HERE.code}' FROM generate_series(1, 6) n`);
  const [row] = (await get('guidance-figures', as('stats'))).items;
  const few = (n) => (n >= 5 ? n : null);
  const [[times, good]] = sql(`SELECT count(*), count(*) FILTER (WHERE passed) FROM entrepreneurship.startup_trained
    WHERE county_code = '${HERE.code}'`).map((r) => r.map(Number));
  const [[guided]] = sql(`SELECT count(*) FROM entrepreneurship.guidance WHERE state = 'confirmed' AND county_code = '${HERE.code}'
    AND date_part('year', given_on) = ${now.slice(0, 4)}`);
  assert.ok(times >= 6);
  assert.deepEqual([row.county_code, row.trained, row.passed, row.guided, row.studio_target, row.training_target],
    [HERE.code, few(times), few(good), few(Number(guided)), 20, 4000]);
  assert.ok(row.studios >= 1 && row.mentors >= 2);
  await refused('GET', `${E}/guidance-figures?year=1999`, { token: as('stats') }, 422, 'request.invalid', 'year field.too_small');
});
