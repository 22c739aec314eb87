// cases: each change that somebody asked for is a case, under one number, with
// its steps; whoever it concerns reads it, nobody else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, firm, person, random } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { certify, examine, openClass } from './class_help.mjs';
import { dayPlus, known, ports, refused, serviceToken, sql, today, walk } from './help.mjs';

const now = await today();
const inner = (service, path, token) => request('GET', path, { token, quiet: true, base: `http://127.0.0.1:${ports[service]}` });

const posting = { title: '办件测试岗', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
  pay_min_cents: 300000, pay_max_cents: 500000, pay_unit: 'month', form: 'full_time' };
const contract = { hired_on: now, contract_type: 'fixed', contract_months: 12, wage_cents: 400000 };
const open = (f) => known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting, refused: true }));
const apply = (v, p) => known(() => call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {}, refused: true }));

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
function checkOf(body) {	// ISO 7064 MOD 37,36, written again
  let p = 36;
  for (const ch of body) p = ((((p + ALPHABET.indexOf(ch)) % 36) || 36) * 2) % 37;
  return ALPHABET[(37 - p) % 36];
}

test('a number carries its service, its day and a check character', async () => {
  const f = await firm();
  const v = await open(f);
  assert.match(f.org.case_no, /^ID\d{14}[0-9A-Z]$/);
  assert.match(v.case_no, /^JB\d{14}[0-9A-Z]$/);
  assert.equal(v.case_no.slice(2, 10), now.replaceAll('-', ''));
  for (const no of [f.org.case_no, v.case_no]) assert.equal(no.at(-1), checkOf(no.slice(0, -1)));
  for (let i = 0; i < 50; i++) {
    const body = `SU2025${String(i % 12 + 1).padStart(2, '0')}07${String(i * 19937 % 1000000).padStart(6, '0')}`;
    const [[made]] = sql(`SELECT platform.case_no('SU', '${body.slice(2, 6)}-${body.slice(6, 8)}-07', ${Number(body.slice(10))})`);
    assert.equal(made, body + checkOf(body));
  }
});

test('the case is there exactly when the change is', async () => {
  const f = await firm();
  const v = await open(f);
  const p = await person();
  const before = sql('SELECT count(*) FROM jobs.case_file')[0][0];
  const key = randomUUID();
  const a = await known(() => call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {}, key, refused: true }));
  const again = await call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {}, key });
  assert.deepEqual(again, a, 'the same number is answered again');
  await refused('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {} }, 409, 'jobs.already_applied');
  await refused('POST', '/v1/jobs/vacancies', { token: f.token, body: { ...posting, title: '工' } }, 422, 'request.invalid');
  assert.equal(Number(sql('SELECT count(*) FROM jobs.case_file')[0][0]), Number(before) + 1);
  assert.deepEqual(sql(`SELECT matter_code, subject_kind, subject_id, person_id, coalesce(org_id::text, ''), state, county_code FROM jobs.case_file WHERE case_no = '${a.case_no}'`),
    [['JB-06', 'application', a.id, p.id, '', 'accepted', '431129']]);
});

test('an application’s steps are told to the end, and so are the others’', async () => {
  const f = await firm();
  const v = await open(f);
  const p = await person();
  const u = await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'other' }, refused: true }));
  const a = await apply(v, p);
  await call('POST', `/v1/jobs/applications/${a.id}/offer`, { token: f.token, body: { note: '欢迎' } });
  const e = await call('POST', `/v1/jobs/applications/${a.id}/hire`, { token: f.token, body: contract });
  const read = async (no, who) => (await inner('jobs', `/internal/cases/${no}`, who.token)).json;
  const told = await read(a.case_no, p);
  assert.equal(told.state, 'done');
  assert.deepEqual(told.steps.map((s) => [s.step, s.state, s.actor_kind]),
    [['submit', 'accepted', 'person'], ['offered', 'in_progress', 'org'], ['hired', 'done', 'org']]);
  assert.equal(told.steps[1].note, '欢迎');
  assert.deepEqual((await read(u.case_no, p)).steps.map((s) => s.step), ['submit', 'ended']);
  assert.equal((await read(e.case_no, f)).matter_code, 'JB-07');
  assert.equal((await read(e.case_no, p)).person_id, p.id, 'the person hired sees it too');
  const list = (await inner('jobs', '/internal/me/cases?limit=10', p.token)).json;
  assert.deepEqual(list.items.map((c) => c.case_no), [e.case_no, a.case_no, u.case_no], 'newest first');
});

test('a clerk at the counter is written down', async () => {
  const p = await person();
  const clerk = await desk('jh.clerk');
  const u = await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: clerk.token,
    body: { person_id: p.id, reason: 'first_job' }, refused: true }));
  const found = (await inner('jobs', `/internal/cases/${u.case_no}`, p.token)).json;
  assert.equal(found.assisted, true);
  assert.equal(found.steps[0].actor_kind, 'officer');
});

test('another’s case is not there, and only a number that exists is', async () => {
  const f = await firm();
  const v = await open(f);
  const a = await apply(v, await person());
  for (const who of [f, await person(), await desk('lst.first')])
    assert.equal((await inner('jobs', `/internal/cases/${a.case_no}`, who.token)).status, 404);
  assert.equal((await inner('jobs', `/internal/cases/${a.case_no}`, (await desk('jh.first')).token)).status, 200);
  for (const token of [undefined, serviceToken()])
    assert.ok([401, 403].includes((await inner('jobs', '/internal/me/cases', token)).status));
  assert.equal((await request('GET', '/internal/me/cases', { token: f.token, quiet: true })).status, 404, 'not through the door');
});

test('no request writes into cases but by their two functions', () => {
  for (const what of ["INSERT INTO jobs.case_step (case_id, step, state) SELECT id, 'x', 'done' FROM jobs.case_file",
    "UPDATE jobs.case_file SET state = 'done'", 'DELETE FROM jobs.case_step'])
    for (const role of ['jobs_app', 'jobs_system'])
      assert.throws(() => sql(`SET app.scope = '|||||2026-01-01T00:00:00Z|'; ${what}`, role), /permission denied/);
});

// ---- the timeline, through the door ------------------------------------------

const mine = (who, query = '') => call('GET', `/v1/cases${query}`, { token: who.token });

// One person with cases in three services.
async function busy() {
  const [f, s, p] = await Promise.all([firm(), firm({ kind: 'institution' }), person()]);
  const v = await open(f);
  const made = [await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'other' }, refused: true }))];
  const k = await openClass(s, { title: '办件班', occupation_code: '6-24-01-00', ends_on: dayPlus(now, 9), capacity: 5 });
  made.push(await known(() => call('POST', `/v1/training/classes/${k.id}/enrolments`, { token: p.token, refused: true })));
  made.push(await apply(v, p));
  made.push({ case_no: (await call('POST', '/v1/identity/orgs', { token: p.token, body: { uscc: uscc(random), name: '办件测试有限公司',
    kind: 'enterprise', area_code: '431129100' } })).case_no });
  return { f, s, p, k, made };
}

test('one timeline of all services, newest first, page by page', async () => {
  const { f, s, p, k, made } = await busy();
  const numbers = made.map((m) => m.case_no).reverse();
  const r = await mine(p);
  assert.deepEqual(r.items.map((c) => c.case_no), numbers);
  assert.equal(r.incomplete, undefined);
  assert.deepEqual([...new Set(r.items.map((c) => c.service))].sort(), ['identity', 'jobs', 'training']);
  assert.equal(r.items[1].matter_name, '求职投递');
  assert.equal(r.items[1].next, '等待用人单位答复');
  const en = await call('GET', '/v1/cases?limit=2', { token: p.token, headers: { 'accept-language': 'en' } });
  assert.equal(en.items[1].next, 'The employer will answer');
  assert.deepEqual((await walk('/v1/cases', p.token, 1, '/v1/matters')).map((c) => c.case_no), numbers);
  assert.deepEqual((await walk('/v1/cases', p.token, 3)).map((c) => c.case_no), numbers);
  assert.deepEqual((await mine(p, '?state=accepted')).items.map((c) => c.case_no), [made[2].case_no, made[1].case_no]);
  assert.deepEqual((await mine(p, '?matter_code=TR-01')).items.map((c) => c.case_no), [made[1].case_no]);
  assert.deepEqual((await mine(s)).items.map((c) => c.matter_code), ['TR-02', 'TR-13', 'ID-01']);
  assert.ok((await mine(f)).items.every((c) => c.org_id === f.org_id));
  await examine(s, made[1], 90);
  await certify(s, made[1]);
  await call('POST', `/v1/training/classes/${k.id}/complete`, { token: s.token });
  const e = await call('GET', `/v1/cases/${made[1].case_no}`, { token: p.token });
  assert.deepEqual(e.steps.map((x) => [x.step, x.state]), [['submit', 'accepted'], ['examined', 'in_progress'],
    ['certified', 'done'], ['completed', 'done']]);
});

test('a list is refused where it is not one’s own, or not asked for rightly', async () => {
  const p = await person();
  for (const [query, field] of [['state=lost', 'state field.choice'], ['matter_code=XX-99', 'matter_code field.choice'],
    ['matter_code=toolong', 'matter_code field.too_long'], ['limit=0', 'limit field.too_small'], ['before=x', 'before field.unknown'],
    ['cursor=AAAA', 'cursor field.cursor']])
    await refused('GET', `/v1/cases?${query}`, { token: p.token }, 422, 'request.invalid', field);
  const { p: q } = await busy();
  const cursor = (await mine(q, '?limit=1')).next_cursor;
  const bent = `${cursor.slice(0, -2)}${cursor.endsWith('A') ? 'B' : 'A'}${cursor.at(-1)}`;
  await refused('GET', `/v1/cases?cursor=${bent}`, { token: q.token }, 422, 'request.invalid', 'cursor field.cursor');
  assert.deepEqual((await mine(p, `?cursor=${cursor}`)).items, [], 'another’s cursor opens nothing');
  await refused('GET', '/v1/cases', {}, 401, 'auth.token_missing');
  await refused('GET', '/v1/cases', { token: (await desk('jh.clerk')).token }, 403, 'auth.forbidden');
});

test('a number: one’s own, in the officer’s area, nobody else’s; a slip of the pen is said', async () => {
  const { p, made } = await busy();
  const no = made[2].case_no;
  assert.equal((await call('GET', `/v1/cases/${no}`, { token: p.token })).case_no, no);
  const seen = await call('GET', `/v1/cases/${no}`, { token: (await desk('jh.first')).token });
  assert.equal(seen.county_code, '431129');
  for (const who of [await person(), await desk('lst.first')])
    await refused('GET', `/v1/cases/${no}`, { token: who.token }, 404, 'request.not_found');
  for (const bad of [no.slice(0, -1) + (no.endsWith('A') ? 'B' : 'A'), no.slice(0, 15) + (no[15] === '9' ? '0' : '9') + no[16],
    no.toLowerCase(), 'ZZ20250707000123X', 'x'])
    await refused('GET', `/v1/cases/${bad}`, { token: p.token }, 404, 'case.number');
  const body = 'JB20250707999999';
  await refused('GET', `/v1/cases/${body}${checkOf(body)}`, { token: p.token }, 404, 'request.not_found');
  await refused('GET', `/v1/cases/${no}`, {}, 401, 'auth.token_missing');
  await refused('GET', `/v1/cases/${no}`, { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
});
