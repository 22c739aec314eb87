// matters: what can be asked for, with its form; one submission door whose
// outcome is that of the route itself.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { doc } from '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { firm, person } from '../lib/city.mjs';
import { eachMistake, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const ajv = addFormats(new Ajv({ strict: false }));
const posting = { title: '一门办理岗', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
  pay_min_cents: 300000, pay_max_cents: 500000, pay_unit: 'month', form: 'full_time' };
const submit = (code, token, form, key) => known(() => call('POST', `/v1/matters/${code}/cases`,
  { token, body: { form }, key, refused: true }));
const all = (await walk('/v1/matters', undefined, 3, '/v1/codes')).map((m) => m.code);

test('matters are listed for anybody, filtered, kept for a while', async () => {
  assert.ok(all.length >= 14);
  assert.deepEqual(all, [...all].sort());
  const r = await call('GET', '/v1/matters?limit=200', { whole: true });
  assert.match(r.headers['cache-control'], /^public, max-age=\d+$/);
  for (const m of r.json.items) {
    assert.equal(m.available, true, m.code);
    assert.equal(m.fee_cents, 0);
    assert.ok(m.basis === null || m.basis.length > 0);
    if (m.time_limit.instant) assert.equal(m.time_limit.text, '即办');
    else assert.equal(m.time_limit.days === null, m.time_limit.text === '未设定');
    assert.ok(doc.paths[m.route.path][m.route.method.toLowerCase()], `${m.code} is served by a published route`);
    assert.equal(doc.paths[m.route.path][m.route.method.toLowerCase()]['x-matter'], m.code);
  }
  const codes = async (q) => (await call('GET', `/v1/matters?${q}`)).items.map((m) => m.code);
  const training = await codes('service=training');
  assert.ok(['TR-01', 'TR-02', 'TR-10'].every((c) => training.includes(c)) && training.every((c) => c.startsWith('TR-')), `${training}`);
  assert.ok((await codes('audience=employer')).includes('JB-05'));
  assert.ok(!(await codes('audience=employer')).includes('JB-06'));
  assert.deepEqual(await codes(`q=${encodeURIComponent('失业')}`), ['JB-01', 'JB-02']);
  assert.deepEqual(await codes('q=account%20for'), ['SU-01']);
  assert.deepEqual(await codes('q=%25'), []);
  await refused('GET', '/v1/matters?colour=red', {}, 422, 'request.invalid', 'colour field.unknown');
});

test('a matter’s form is the body of its route, and what its path wants', async () => {
  const m = await call('GET', '/v1/matters/JB-05');
  const body = doc.components.schemas['jobs.vacancy_open.body'];
  assert.deepEqual(m.form.properties, body.properties);
  assert.deepEqual(m.form.required, body.required);
  assert.ok(ajv.validate(m.form, posting));
  const apply = await call('GET', '/v1/matters/JB-06');
  assert.deepEqual(apply.form.required, ['vacancy_id']);
  assert.equal(apply.form.additionalProperties, false);
  assert.deepEqual(Object.keys(apply.form.properties), ['vacancy_id', 'note']);
  for (const code of all) assert.ok(ajv.compile((await call('GET', `/v1/matters/${code}`)).form), code);
});

test('an unknown matter is 404, with those near to it', async () => {
  const r = await refused('GET', '/v1/matters/JB-1', {}, 404, 'matter.unknown');
  assert.match(r.json.detail, /JB-01 失业登记/);
  const en = await refused('GET', '/v1/matters/jb-99', { headers: { 'accept-language': 'en' } }, 404, 'matter.unknown');
  assert.match(en.json.detail, /JB-0\d /);
  assert.equal((await refused('GET', '/v1/matters/nothing-like-it', {}, 404, 'matter.unknown')).json.detail, undefined);
  await refused('POST', '/v1/matters/XX-01/cases', { token: (await person()).token, body: { form: {} } }, 404, 'matter.unknown');
});

test('submitted at the door, it is the same case as by the route itself', async () => {
  const [f, p, q] = await Promise.all([firm(), person(), person()]);
  const v = await submit('JB-05', f.token, posting);
  assert.equal(v.matter_code, 'JB-05');
  assert.equal(v.state, 'done');
  assert.equal(v.result.title, posting.title);
  const key = randomUUID();
  const a = await submit('JB-06', p.token, { vacancy_id: v.result.id, note: '您好' }, key);
  assert.deepEqual(await call('POST', '/v1/matters/JB-06/cases', { token: p.token, key,
    body: { form: { vacancy_id: v.result.id, note: '您好' } } }), a, 'asked again: the same answer');
  const b = await known(() => call('POST', `/v1/jobs/vacancies/${v.result.id}/applications`, { token: q.token,
    body: { note: '您好' }, refused: true }));
  const seen = async (token, no) => {
    const { id, case_no, person_id, subject_id, opened_at, steps, ...rest } = await call('GET', `/v1/cases/${no}`, { token });
    return { ...rest, steps: steps.map(({ at, ...s }) => s) };
  };
  assert.deepEqual(await seen(p.token, a.case_no), await seen(q.token, b.case_no));
  await refused('POST', '/v1/matters/JB-06/cases', { token: p.token, key, body: { form: { vacancy_id: v.result.id } } },
    422, 'idempotency.reused');
  await refused('POST', '/v1/matters/JB-06/cases', { token: p.token, body: { form: { vacancy_id: v.result.id } } },
    409, 'jobs.already_applied');
});

test('mistakes in the form are named where they are; nothing is half saved', async () => {
  const f = await firm();
  await submit('JB-05', f.token, posting);
  const before = sql('SELECT count(*) FROM jobs.vacancy');
  const r = await refused('POST', '/v1/matters/JB-05/cases', { token: f.token,
    body: { form: { ...posting, title: '工', headcount: 0, colour: 'red' } } }, 422, 'request.invalid',
    '/form/title field.too_short', '/form/headcount field.too_small', '/form/colour field.unknown');
  assert.equal(r.json.instance, '/v1/matters/JB-05/cases');
  await refused('POST', '/v1/matters/JB-05/cases', { token: f.token, body: { form: { ...posting, pay_min_cents: 600000 } } },
    422, 'jobs.pay_range', '/form/pay_min_cents jobs.pay_range');
  const p = await person();
  for (const form of [{}, { vacancy_id: 7 }, { vacancy_id: 'x' }, { vacancy_id: '../../orgs' }])
    await refused('POST', '/v1/matters/JB-06/cases', { token: p.token, body: { form } }, 422, 'request.invalid',
      '/form/vacancy_id field.format');
  await refused('POST', '/v1/matters/JB-06/cases', { token: p.token, body: { form: { vacancy_id: NOBODY } } }, 404, 'request.not_found');
  await eachMistake('POST', '/v1/matters/JB-06/cases', p.token, { form: {} }, [
    [{ form: undefined }, '/form field.missing'], [{ colour: 1 }, '/colour field.unknown']]);
  await refused('POST', '/v1/matters/JB-06/cases', { token: p.token, body: { form: [] } }, 422, 'request.invalid', '/form field.type');
  assert.deepEqual(sql('SELECT count(*) FROM jobs.vacancy'), before);
});

test('a matter is for its audience, with a token and a key', async () => {
  const p = await person();
  await refused('POST', '/v1/matters/JB-05/cases', { token: p.token, body: { form: posting } }, 403, 'auth.forbidden');
  await refused('POST', '/v1/matters/JB-05/cases', { body: { form: posting } }, 401, 'auth.token_missing');
  await refused('POST', '/v1/matters/JB-01/cases', { token: p.token, key: null, body: { form: {} } }, 400, 'idempotency.missing');
  await refused('POST', '/v1/matters/JB-01/cases', { token: p.token, key: 'x', body: { form: {} } }, 400, 'idempotency.malformed');
  await refused('POST', '/v1/matters/JB-01/cases', { token: `${p.token}x`, body: { form: {} } }, 401, 'auth.token_invalid');
  const r = await request('DELETE', '/v1/matters/JB-01', { token: p.token });
  assert.equal(r.status, 405);
});

test('a request reaches the service under its own name and key, not the client’s', async () => {
  const p = await person();
  const r = await submit('JB-01', p.token, { reason: 'graduated', lost_on: now });
  assert.equal(r.result.person_id, p.id);
  const reply = await request('GET', `/v1/cases/${r.case_no}`, { token: p.token,
    headers: { 'x-request-id': '01a2078c-2d94-7942-9515-88b4c4abe3e8', 'x-forwarded-for': '10.1.1.1' } });
  assert.equal(reply.status, 200);
  assert.notEqual(reply.headers['x-request-id'], '01a2078c-2d94-7942-9515-88b4c4abe3e8');
  assert.match(reply.headers['cache-control'], /no-store/);
});
