// training: a class is filed, people enrol, attend, are examined and certified.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, firm, person } from '../lib/city.mjs';
import { assessor, attend, enrol, examine, form, openClass, school, turn } from './class_help.mjs';
import { dayPlus, eachMistake, isProblem, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const open = openClass;
const on = (s, e, verb, body) => call('POST', `/v1/training/enrolments/${e.id}/${verb}`, { token: s.token, body });

// ISO 7064 MOD 11-2, computed the other way round than in SQL.
function checkCharacter(digits) {
  let p = 0;
  for (const d of digits) p = ((p + Number(d)) * 2) % 11;
  return '0123456789X'[(12 - p) % 11];
}

test('filed, enrolled, attended, examined, certified, completed', async () => {
  const [s, good, poor] = await Promise.all([school(), person(), person()]);
  const c = await open(s);
  assert.deepEqual([c.state, c.enrolled, c.county_code], ['open', 0, '431129']);
  const [a, b] = [await enrol(good, c), await enrol(poor, c)];
  assert.equal(a.name_masked, `${[...good.name][0]}*`);
  assert.equal((await call('GET', `/v1/training/classes/${c.id}`)).enrolled, 2);
  assert.equal((await turn(s, c, 'start')).state, 'running');
  assert.equal((await attend(s, a)).way, 'hand');
  assert.equal((await examine(s, a, 59)).is_passed, false);
  assert.equal((await examine(s, a, 60)).is_passed, true, 'a score may be put right');
  assert.equal((await examine(s, b, 12)).is_passed, false);
  const certificate = await on(s, a, 'certificate');
  assert.match(certificate.number, new RegExp(`^TC431129${now.slice(0, 4)}5\\d{6}[\\dX]$`));
  assert.equal(checkCharacter(certificate.number.slice(2, -1)), certificate.number.slice(-1));
  assert.deepEqual([certificate.person_id, certificate.level, certificate.score, certificate.issued_on], [good.id, 5, 60, now]);
  const done = await turn(s, c, 'complete');
  assert.deepEqual([done.state, done.completed_on], ['completed', now]);
  const mine = await call('GET', '/v1/training/my/enrolments', { token: good.token });
  assert.deepEqual(mine.items.map((e) => [e.completed_on, e.certificate_number]), [[now, certificate.number]]);
  const certificates = await call('GET', '/v1/training/my/certificates', { token: good.token });
  assert.deepEqual(certificates.items.map((x) => x.id), [certificate.id]);
  assert.deepEqual((await call('GET', '/v1/training/my/certificates', { token: poor.token })).items, []);
  const trainees = await call('GET', `/v1/training/classes/${c.id}/enrolments`, { token: s.token });
  assert.deepEqual(trainees.items.map((e) => e.completed_on), [now, now]);
});

test('every mistake in a filing is named', async () => {
  const s = await school();
  const good = await form(s);
  const before = sql('SELECT count(*) FROM training.class');
  await eachMistake('POST', '/v1/training/classes', s.token, good, [
    [{ title: undefined }, '/title field.missing'],
    [{ title: '班'.repeat(61) }, '/title field.too_long'],
    [{ occupation_code: '0' }, '/occupation_code field.occupation_code'],
    [{ level: 0 }, '/level field.too_small'],
    [{ level: 6 }, '/level field.too_large'],
    [{ level: '5' }, '/level field.type'],
    [{ area_code: '431100' }, '/area_code field.area_code'],
    [{ capacity: 0 }, '/capacity field.too_small'],
    [{ capacity: -30 }, '/capacity field.too_small'],
    [{ capacity: 501 }, '/capacity field.too_large'],
    [{ pass_score: 101 }, '/pass_score field.too_large'],
    [{ ends_on: dayPlus(now, -1) }, '/ends_on field.date_order'],
    [{ ends_on: dayPlus(now, 732) }, '/ends_on field.date_order'],
    [{ starts_on: '2026-02-29' }, '/starts_on field.format'],
    [{ org_id: s.org_id }, '/org_id field.unknown'],
  ]);
  await refused('POST', '/v1/training/classes', { token: s.token, body: { ...good, starts_on: dayPlus(now, -32) } },
    422, 'training.filed_late', '/starts_on training.filed_late');
  await refused('POST', '/v1/training/classes', { token: (await firm()).token, body: good }, 403, 'auth.forbidden');
  await refused('POST', '/v1/training/classes', { body: good }, 401, 'auth.token_missing');
  assert.deepEqual(sql('SELECT count(*) FROM training.class'), before, 'nothing was written');
});

test('anybody searches classes; odd questions are refused', async () => {
  const s = await school();
  const [a, b] = [await open(s), await open(s, { area_code: '431103001', level: 3, occupation_code: '6-24-01-00' })];
  const has = async (query, ...want) => {
    const ids = (await walk(`/v1/training/classes?${query}`, undefined, 100)).map((c) => c.id);
    for (const c of [a, b]) assert.equal(ids.includes(c.id), want.includes(c), query);
  };
  await has('level=5', a);
  await has('area_code=431103', b);
  await has('area_code=431129100', a);
  await has('area_code=431100', a, b);
  await has('occupation_code=6-24', b);
  await turn(s, a, 'start');
  await has('level=5');
  await has('state=running', a);
  const mine = await call('GET', '/v1/training/org/classes?state=open', { token: s.token });
  assert.deepEqual(mine.items.map((c) => c.id), [b.id]);
  for (const [query, field] of [['level=9', 'level field.too_large'], ['area_code=1', 'area_code field.area_code'],
    ['state=closed', 'state field.choice'], ['sort=level', 'sort field.unknown']])
    await refused('GET', `/v1/training/classes?${query}`, {}, 422, 'request.invalid', field);
  await refused('GET', `/v1/training/classes/${NOBODY}`, {}, 404, 'request.not_found');
  await refused('GET', '/v1/training/org/classes', { token: (await person()).token }, 403, 'auth.forbidden');
});

test('two last places go to two people, however many come at once', async () => {
  const s = await school();
  const c = await open(s, { capacity: 2 });
  const wide = await open(s, { starts_on: dayPlus(now, 30), ends_on: dayPlus(now, 40) });
  const people = await Promise.all(Array.from({ length: 8 }, () => person()));
  await Promise.all(people.map((p) => enrol(p, wide)));	// training knows them now
  const tries = await Promise.all(people.map((p) => call('POST', `/v1/training/classes/${c.id}/enrolments`,
    { token: p.token, refused: true })));
  assert.equal(tries.filter((r) => r.status === 201).length, 2);
  for (const r of tries.filter((x) => x.status !== 201)) isProblem(r, 409, 'training.class_full');
  assert.equal((await call('GET', `/v1/training/classes/${c.id}`)).enrolled, 2);
  const again = people[tries.findIndex((r) => r.status === 201)];
  await refused('POST', `/v1/training/classes/${c.id}/enrolments`, { token: again.token }, 409, 'training.already_enrolled');
  const twice = await Promise.all([1, 2, 3, 4].map(() => call('POST', `/v1/training/classes/${wide.id}/enrolments`,
    { token: again.token, refused: true })));
  for (const r of twice) isProblem(r, 409, 'training.already_enrolled');
  assert.equal((await call('GET', `/v1/training/classes/${wide.id}`)).enrolled, 8, 'a refusal takes no place');
});

test('a class and its trainees are moved by their own institution, in order', async () => {
  const [s, other, p] = await Promise.all([school(), school(), person()]);
  const c = await open(s);
  await open(other);
  const e = await enrol(p, c);
  await refused('POST', `/v1/training/classes/${c.id}/complete`, { token: s.token }, 409, 'state.wrong');
  for (const [path, body] of [[`classes/${c.id}/start`], [`classes/${c.id}/complete`],
    [`enrolments/${e.id}/attendance`, { session_id: NOBODY, reason: '手机没电' }],
    [`enrolments/${e.id}/score`, { score: 100, examiner_id: NOBODY }], [`enrolments/${e.id}/certificate`]]) {
    await refused('POST', `/v1/training/${path}`, { token: other.token, body }, 404, 'request.not_found');
    await refused('POST', `/v1/training/${path}`, { token: p.token, body }, 403, 'auth.forbidden');
  }
  assert.deepEqual((await call('GET', `/v1/training/classes/${c.id}/enrolments`, { token: other.token })).items, []);
  await turn(s, c, 'start');
  await refused('POST', `/v1/training/classes/${c.id}/start`, { token: s.token }, 409, 'state.wrong');
  await refused('POST', `/v1/training/classes/${c.id}/enrolments`, { token: (await settled()).token }, 409,
    'training.class_not_open');
  const future = await open(s, { starts_on: dayPlus(now, 30), ends_on: dayPlus(now, 39) });
  const f = await enrol(p, future);
  await refused('POST', `/v1/training/classes/${future.id}/start`, { token: s.token }, 409, 'training.not_started');
  await refused('POST', `/v1/training/enrolments/${f.id}/score`, { token: s.token, body: { score: 80, examiner_id: NOBODY } }, 409,
    'training.not_started');
  await refused('POST', `/v1/training/classes/${NOBODY}/enrolments`, { token: p.token }, 404, 'request.not_found');
});

// A person training has heard of.
async function settled() {
  const [s, p] = await Promise.all([school(), person()]);
  await enrol(p, await open(s));
  return p;
}

test('a certificate needs a pass, is issued once, and makes the score stand', async () => {
  const [s, p] = await Promise.all([school(), person()]);
  const c = await open(s);
  const e = await enrol(p, c);
  const path = `/v1/training/enrolments/${e.id}/certificate`;
  await refused('POST', path, { token: s.token }, 409, 'training.not_examined');
  await eachMistake('POST', `/v1/training/enrolments/${e.id}/score`, s.token,
    { score: 50, examiner_id: (await assessor(s)).id }, [
    [{ score: -1 }, '/score field.too_small'], [{ score: 101 }, '/score field.too_large'],
    [{ score: '90' }, '/score field.type'], [{ score: null }, '/score field.missing'], [{ is_passed: true },
      '/is_passed field.unknown']]);
  await examine(s, e, 30);
  await refused('POST', path, { token: s.token }, 409, 'training.not_examined');
  await examine(s, e, 90);
  isProblem(await request('POST', path, { token: s.token }), 400, 'idempotency.missing');
  const key = randomUUID();
  const tries = await Promise.all([1, 2, 3, 4].map(() => call('POST', path, { token: s.token, key, whole: true })));
  assert.equal(new Set(tries.map((r) => r.json.number)).size, 1);
  assert.equal(tries.filter((r) => r.headers['idempotency-replayed'] === 'true').length, 3);
  await refused('POST', path, { token: s.token }, 409, 'training.already_certified');
  isProblem(await examine(s, e, 10, { refused: true }), 409, 'training.already_certified');
  await turn(s, c, 'complete');
  await refused('POST', `/v1/training/enrolments/${e.id}/attendance`, { token: s.token,
    body: { session_id: NOBODY, reason: '手机没电' } }, 409, 'state.wrong');
  const en = await request('POST', path, { token: s.token, headers: { 'accept-language': 'en',
    'idempotency-key': randomUUID() } });
  assert.equal(en.json.title, 'A certificate has been issued already');
});

test('officers read the enrolments of their county page by page and nothing else', async () => {
  const s = await school();
  const here = await open(s), there = await open(s, { area_code: '431103001', starts_on: dayPlus(now, 30), ends_on: dayPlus(now, 40) });
  const people = await Promise.all([1, 2, 3, 4, 5].map(() => person()));
  for (const p of people) { await enrol(p, here); await enrol(p, there); }
  const path = '/v1/training/enrolments';
  const mine = await walk(path, (await desk('jh.first')).token, 2, '/v1/jobs/employments');
  assert.ok(mine.length >= 5 && mine.every((e) => e.county_code === '431129'));
  assert.ok((await walk(path, (await desk('lst.first')).token, 50)).every((e) => e.county_code === '431103'));
  const all = await walk(`${path}?is_passed=false`, (await desk('city.audit')).token, 200);
  assert.ok(all.every((e) => !e.is_passed));
  assert.deepEqual([...new Set(all.map((e) => e.county_code))].sort(), ['431103', '431129']);
  assert.deepEqual((await call('GET', `${path}?county_code=431103`, { token: (await desk('jh.first')).token })).items, []);
  await refused('GET', path, { token: people[0].token }, 403, 'auth.forbidden');
  await refused('GET', path, { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
  await refused('GET', `${path}?is_passed=yes`, { token: (await desk('jh.first')).token }, 422, 'request.invalid',
    'is_passed field.type');
  const own = await walk(`/v1/training/classes/${here.id}/enrolments`, s.token, 2, '/v1/training/org/classes');
  assert.equal(own.length, 5);
  assert.equal((await walk('/v1/training/my/enrolments', people[0].token, 1)).length, 2);
  for (const list of ['my/enrolments', 'my/certificates', 'org/classes', `classes/${here.id}/enrolments`])
    await refused('GET', `/v1/training/${list}`, { token: (await desk('jh.first')).token }, 403, 'auth.forbidden');
});
