// cases: each change that somebody asked for is a case, under one number, with
// its steps; whoever it concerns reads it, nobody else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, firm, person } from '../lib/city.mjs';
import { known, ports, refused, serviceToken, sql, today } from './help.mjs';

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
  const mine = await read(a.case_no, p);
  assert.equal(mine.state, 'done');
  assert.deepEqual(mine.steps.map((s) => [s.step, s.state, s.actor_kind]),
    [['submit', 'accepted', 'person'], ['offered', 'in_progress', 'org'], ['hired', 'done', 'org']]);
  assert.equal(mine.steps[1].note, '欢迎');
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
  const mine = (await inner('jobs', `/internal/cases/${u.case_no}`, p.token)).json;
  assert.equal(mine.assisted, true);
  assert.equal(mine.steps[0].actor_kind, 'officer');
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
