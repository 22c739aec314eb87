// bundles: one form, several matters; reported part by part, repeated safely
// until all is done, also when a service is gone in between.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import '../lib/contract.mjs';
import { actFor, call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person, random } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { parentOf, workerOf, whole } from '../fault/strike.mjs';
import { openClass } from './class_help.mjs';
import { dayPlus, known, NOBODY, ports, refused, RUN, sql, today } from './help.mjs';

const now = await today();
const ajv = addFormats(new Ajv({ strict: false }));
const posting = { title: '一件事岗', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 5,
  pay_min_cents: 300000, pay_max_cents: 500000, pay_unit: 'month', form: 'full_time' };
const f = await firm(), school = await firm({ kind: 'institution' });
const vacancy = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting, refused: true }));
const course = await openClass(school, { title: '一件事班', occupation_code: '6-24-01-00', ends_on: dayPlus(now, 9), capacity: 50 });

const hand = (code, who, form, key) => call('POST', `/v1/bundles/${code}/submissions`,
  { token: who.token, body: { form }, key, whole: true });
const states = (r) => Object.fromEntries(r.json.parts.map((p) => [p.part, p.state]));
const part = (r, name) => r.json.parts.find((p) => p.part === name);
// A person whom the services know.
async function knownPerson() {
  const p = await person();
  await eventually(() => sql(`SELECT 1 FROM jobs.person j, training.person t WHERE j.id = '${p.id}' AND t.id = j.id`).length === 1, 'known');
  return p;
}
const casesOf = (p) => sql(['identity', 'jobs', 'training'].map((s) =>
  `SELECT matter_code, case_no FROM ${s}.case_file WHERE person_id = '${p.id}'`).join(' UNION ALL ') + ' ORDER BY 1');

test('bundles are data: open parts have forms, others say that they are not open yet', async () => {
  const list = (await call('GET', '/v1/bundles')).items;
  assert.deepEqual(list.map((b) => b.name), ['大学毕业生就业', '企业用工', '创业', '失业', '灵活就业']);
  assert.equal((await call('GET', '/v1/bundles?limit=2')).items.length, 2);
  for (const { code } of list) {
    const b = await call('GET', `/v1/bundles/${code}`);
    assert.ok(ajv.compile(b.form));
    assert.ok(b.parts.some((p) => !p.open && p.matter_code === null), `${code} names what is missing`);
    for (const p of b.parts.filter((x) => x.open)) assert.ok(b.form.properties[p.when], `${code} ${p.part}`);
  }
  await refused('GET', '/v1/bundles/nothing', {}, 404, 'request.not_found');
  await refused('GET', '/v1/bundles?colour=red', {}, 422, 'request.invalid', 'colour field.unknown');
});

test('a graduate’s form is handed in once, and again: no second effect', async () => {
  const p = await knownPerson();
  const form = { unemployment_reason: 'graduated', vacancy_id: vacancy.id, class_id: course.id, note: '您好' };
  const key = randomUUID();
  const r = await hand('graduate', p, form, key);
  assert.equal(r.status, 200);
  assert.equal(r.json.complete, true);
  assert.deepEqual(states(r), { unemployment: 'done', application: 'done', training: 'done' });
  assert.deepEqual(r.json.parts.map((x) => [x.matter_code, x.case_no]).sort(), casesOf(p));
  for (let i = 0; i < 3; i++) assert.deepEqual((await hand('graduate', p, form, key)).json, r.json);
  const both = await Promise.all([1, 2, 3].map(() => hand('graduate', p, form, key)));
  for (const b of both) assert.deepEqual(b.json, r.json);
  assert.equal(casesOf(p).length, 3);
  const mine = (await call('GET', '/v1/cases', { token: p.token })).items.map((c) => c.case_no);
  assert.deepEqual(mine.sort(), r.json.parts.map((x) => x.case_no).sort());
});

test('only what is asked for is done', async () => {
  const p = await knownPerson();
  const r = await hand('unemployment', p, { unemployment_reason: 'layoff', lost_on: now });
  assert.deepEqual(states(r), { unemployment: 'done', training: 'not_asked', application: 'not_asked' });
  assert.equal(part(r, 'unemployment').result.lost_on, now);
  const end = await hand('flexible', p, { registration_id: part(r, 'unemployment').result.id });
  assert.equal(part(end, 'unemployment_end').result.end_reason, 'stable_income');
});

test('a part that is refused says where; put right under the same key, the others stay as they are', async () => {
  const p = await knownPerson();
  const key = randomUUID();
  const bad = await hand('graduate', p, { unemployment_reason: 'bored', class_id: course.id, vacancy_id: 'x' }, key);
  assert.equal(bad.status, 202);
  assert.deepEqual(states(bad), { unemployment: 'refused', application: 'refused', training: 'done' });
  assert.deepEqual(part(bad, 'unemployment').problem.errors.map((e) => [e.pointer, e.code]), [['/form/unemployment_reason', 'field.choice']]);
  assert.deepEqual(part(bad, 'application').problem.errors.map((e) => [e.pointer, e.code]), [['/form/vacancy_id', 'field.format']]);
  const worse = await hand('graduate', p, { unemployment_reason: 'other', class_id: course.id, vacancy_id: NOBODY }, key);
  assert.deepEqual(states(worse), { unemployment: 'done', application: 'refused', training: 'done' });
  assert.equal(part(worse, 'application').problem.code, 'request.not_found');
  const good = await hand('graduate', p, { unemployment_reason: 'other', class_id: course.id, vacancy_id: vacancy.id }, key);
  assert.equal(good.status, 200);
  assert.equal(part(good, 'training').case_no, part(bad, 'training').case_no);
  assert.equal(part(good, 'unemployment').case_no, part(worse, 'unemployment').case_no);
  assert.equal(casesOf(p).length, 3);
});

test('a firm is registered before it posts; its agent goes on under the same key', async () => {
  const p = await knownPerson();
  const key = randomUUID();
  const form = { org: { uscc: uscc(random), name: '一件事电机有限公司', kind: 'enterprise', industry_code: '3812', area_code: '431129100' },
    vacancy: posting };
  const wrong = await hand('hiring', p, { ...form, org: { ...form.org, name: '' } }, key);
  assert.deepEqual(states(wrong), { org: 'refused', vacancy: 'waiting', employment: 'not_asked' });
  assert.deepEqual(part(wrong, 'org').problem.errors.map((e) => e.pointer), ['/form/org/name']);
  const first = await hand('hiring', p, form, key);
  assert.equal(first.status, 202);
  assert.deepEqual(states(first), { org: 'done', vacancy: 'waiting', employment: 'not_asked' }, first.text);
  assert.equal(part(first, 'vacancy').problem.code, 'bundle.role');
  assert.deepEqual((await hand('hiring', p, form, key)).json, first.json);
  const agent = await actFor(p, part(first, 'org').result.org_id);
  const done = await eventually(async () => {
    const r = await hand('hiring', agent, form, key);
    if (states(r).vacancy === 'failed') assert.equal(part(r, 'vacancy').problem.code, 'jobs.org_unknown');
    return r.status === 200 && r;
  }, 'the firm is known to jobs');
  assert.deepEqual(states(done), { org: 'not_asked', vacancy: 'done', employment: 'not_asked' });
  assert.deepEqual((await hand('hiring', agent, form, key)).json, done.json);
  assert.equal(sql(`SELECT 1 FROM jobs.vacancy WHERE org_id = '${part(first, 'org').result.org_id}'`).length, 1);
});

test('what asks for nothing, or for what no part knows, is refused whole', async () => {
  const p = await person();
  const path = '/v1/bundles/graduate/submissions';
  await refused('POST', path, { token: p.token, body: {} }, 422, 'request.invalid', '/form field.missing');
  await refused('POST', path, { token: p.token, body: { form: [] } }, 422, 'request.invalid', '/form field.type');
  await refused('POST', path, { token: p.token, body: { form: { note: '只有附言' } } }, 422, 'request.invalid', '/form field.missing');
  await refused('POST', path, { token: p.token, body: { form: { class_id: course.id, colour: 1, size: 2 } } }, 422, 'request.invalid',
    '/form/colour field.unknown', '/form/size field.unknown');
  await refused('POST', path, { token: p.token, key: null, body: { form: { class_id: course.id } } }, 400, 'idempotency.missing');
  await refused('POST', path, { body: { form: { class_id: course.id } } }, 401, 'auth.token_missing');
  await refused('POST', path, { token: (await desk('jh.clerk')).token, body: { form: { class_id: course.id } } }, 403, 'auth.forbidden');
  await refused('POST', '/v1/bundles/nothing/submissions', { token: p.token, body: { form: {} } }, 404, 'request.not_found');
  assert.equal(casesOf(p).length, 0);
});

// ---- a service is gone for a while ---------------------------------------------

const supervisor = (name) => Number(readFileSync(`${RUN}/pid/${name}.supervisor`, 'utf8').split('\n')[0]);
const answers = (name) => request('GET', '/healthz', { base: `http://127.0.0.1:${ports[name]}`, quiet: true }).then(() => true, () => false);

test('with a service gone the rest is done and shown; repeated until all is done, nothing happens twice', async () => {
  const p = await knownPerson();
  const key = randomUUID();
  const form = { unemployment_reason: 'graduated', vacancy_id: vacancy.id, class_id: course.id };
  process.kill(supervisor('training'), 'SIGSTOP');
  let before;
  try {
    const worker = await workerOf('training');
    process.kill(parentOf('training'), 'SIGKILL');	// its supervisor sleeps: nobody starts it again
    process.kill(worker, 'SIGKILL');		// nor does it take its time to leave
    await eventually(async () => !await answers('training'), 'training is gone');
    before = await request('POST', '/v1/bundles/graduate/submissions', { token: p.token, body: { form }, headers: { 'idempotency-key': key } });
    assert.equal(before.status, 202);
    assert.deepEqual(states(before), { unemployment: 'done', application: 'done', training: 'failed' });
    assert.equal(part(before, 'training').problem.status, 503);
    const list = await request('GET', '/v1/cases', { token: p.token });
    assert.equal(list.status, 200);
    assert.deepEqual(list.json.incomplete, ['training']);
    assert.deepEqual(list.json.items.map((c) => c.matter_code), ['JB-06', 'JB-01']);
    assert.equal((await request('GET', '/v1/matters/TR-01')).json.form.required[0], 'class_id', 'what is known stays known');
    const single = await request('POST', '/v1/matters/TR-01/cases', { token: p.token, body: { form: { class_id: course.id } },
      headers: { 'idempotency-key': randomUUID() } });
    assert.equal(single.status, 503);
  } finally {
    process.kill(supervisor('training'), 'SIGCONT');
  }
  await whole();
  const after = await eventually(async () => {
    const r = await hand('graduate', p, form, key);
    return r.status === 200 && r;
  }, 'all parts are done');
  for (const name of ['unemployment', 'application']) assert.deepEqual(part(after, name), part(before, name));
  assert.deepEqual((await hand('graduate', p, form, key)).json, after.json);
  assert.equal(casesOf(p).length, 3);
  assert.equal((await call('GET', '/v1/cases', { token: p.token })).incomplete, undefined);
});
