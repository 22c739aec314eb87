// assist: a clerk acts for a person who is present -- and when not.
import assert from 'node:assert/strict';
import { createPrivateKey, createSign, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request, signIn, textCode } from '../lib/client.mjs';
import { desk, eventually, firm, person, random, someone } from '../lib/city.mjs';
import { idNumber } from '../lib/fake.mjs';
import { admin, clerkAt, officer, outlet } from './counter.mjs';
import { dayPlus, eachMistake, isProblem, known, NOBODY, refused, RUN, sql, today, walk } from './help.mjs';

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const SESSIONS = '/v1/identity/assist-sessions';
const later = dayPlus(await today(), 400);
const card = (p, over = {}) => ({ id_number: p.id_number, card_name: p.name, card_valid_on: later,
  reason: '未带手机', ...over });
const assist = (clerk, body, over = {}) => call('POST', SESSIONS, { token: clerk.token, body, key: null, ...over });
const notAssisted = (clerk, body, ...problem) => refused('POST', SESSIONS, { token: clerk.token, body, key: null }, ...problem);

const here = await outlet('431129100');
const clerk = await clerkAt(here);

test('a whole registration at the counter: the person’s record, the clerk’s hand', async () => {
  const p = await person({ area_code: '431129100' });
  await eventually(() => sql(`SELECT 1 FROM jobs.person WHERE id = '${p.id}'`).length, 'jobs knows the person');
  const s = await assist(clerk, { id_number: p.id_number, code: await textCode(p.phone, 'assist') });
  const claims = claimsOf(s.access_token);
  assert.deepEqual([claims.sub, claims.person, claims.act.sub, claims.sid, claims.outlet],
    [p.id, p.id, clerk.id, s.id, here.id]);
  assert.deepEqual(claims.roles, ['person@431100']);
  assert.ok(claims.exp - claims.iat <= 900 && s.refresh_token === undefined);

  const made = await known(() => call('POST', '/v1/jobs/unemployment-registrations',
    { token: s.access_token, refused: true, body: { reason: 'other' } }));
  const mine = await call('GET', '/v1/jobs/my/unemployment-registrations', { token: p.token });
  assert.deepEqual(mine.items.map((x) => x.id), [made.id]);
  assert.deepEqual(sql(`SELECT person_id FROM jobs.unemployment WHERE id = '${made.id}'`), [[p.id]]);

  const hand = await eventually(() => sql(`SELECT actor, person_id, assisted, outlet FROM jobs.audit
    WHERE route = 'unemployment_register' AND person_id = '${p.id}' AND status = 201`)[0], 'the trail');
  assert.deepEqual(hand, [clerk.id, p.id, 't', here.id], 'the record is the person’s, the hand the clerk’s');

  const [kept] = await walk('/v1/identity/me/assist-sessions', p.token, 5);
  assert.deepEqual([kept.id, kept.clerk_id, kept.outlet_id, kept.method, kept.person_id],
    [s.id, clerk.id, here.id, 'code', p.id]);
  assert.equal(kept.outlet_name, here.name);
  assert.ok((await walk(SESSIONS, clerk.token, 200)).some((x) => x.id === s.id));
});

test('a person applies for a job at the counter, and the step names the clerk', async () => {
  const f = await firm(), p = await person();
  const v = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: { title: '窗口代投',
    occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2, pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig' } }));
  const s = await assist(clerk, card(p));
  const a = await known(() => call('POST', `/v1/jobs/vacancies/${v.id}/applications`,
    { token: s.access_token, refused: true, body: {} }));
  assert.deepEqual(sql(`SELECT DISTINCT actor_id FROM jobs.application_step WHERE application_id = '${a.id}'`), [[clerk.id]]);
  const own = await call('POST', `/v1/jobs/applications/${a.id}/withdraw`, { token: p.token, refused: true });
  assert.equal(own.status, 200, own.text);
  assert.deepEqual(sql(`SELECT DISTINCT actor_id FROM jobs.application_step WHERE application_id = '${a.id}' ORDER BY 1`).flat().sort(),
    [clerk.id, p.id].sort());
});

test('the token ends when the clerk says so, everywhere', async () => {
  const p = await person();
  const s = await assist(clerk, card(p));
  const me = () => request('GET', '/v1/identity/me', { token: s.access_token });
  assert.equal((await me()).json.person_id, p.id);
  const other = await clerkAt(await outlet('431129100'));
  await refused('POST', `${SESSIONS}/${s.id}/end`, { token: other.token }, 404, 'request.not_found');
  await refused('POST', `${SESSIONS}/${NOBODY}/end`, { token: clerk.token }, 404, 'request.not_found');
  const ended = await call('POST', `${SESSIONS}/${s.id}/end`, { token: clerk.token });
  assert.equal(ended.id, s.id);
  await refused('POST', `${SESSIONS}/${s.id}/end`, { token: clerk.token }, 404, 'request.not_found');
  await eventually(async () => (await me()).status === 401, 'the ended token is refused');
  await eventually(async () => (await request('GET', '/v1/jobs/my/applications', { token: s.access_token })).status === 401, 'and in other services');
});

test('the person may end it', async () => {
  const p = await person();
  const s = await assist(clerk, card(p));
  await call('POST', `${SESSIONS}/${s.id}/end`, { token: p.token });
});

test('an expired token is refused, in any service', async () => {
  const p = await person();
  const s = await assist(clerk, card(p));
  const [head, claims] = s.access_token.split('.').slice(0, 2).map((x) => JSON.parse(Buffer.from(x, 'base64url')));
  const b64 = (x) => Buffer.from(JSON.stringify(x)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${b64(head)}.${b64({ ...claims, iat: now - 901, nbf: now - 901, exp: now - 1 })}`;
  const token = `${text}.${createSign('RSA-SHA256').update(text).sign(createPrivateKey(readFileSync(`${RUN}/secrets/signing.pem`))).toString('base64url')}`;
  isProblem(await request('POST', '/v1/jobs/unemployment-registrations', { token, body: { reason: 'other' },
    headers: { 'idempotency-key': randomUUID() } }), 401, 'auth.token_expired');
});

test('outside the clerk’s area nobody is acted for, but in the outlet’s town', async () => {
  const p = await person({ area_code: '431103001' });
  await notAssisted(clerk, card(p), 403, 'auth.area');
  const town = await clerkAt(await outlet('431129103'), ['clerk@431129100']);
  const near = await person({ area_code: '431129103' }), far = await person({ area_code: '431129104' });
  assert.equal((await assist(town, card(near))).person_id, near.id);
  await notAssisted(town, card(far), 403, 'auth.area');
});

test('a clerk without an outlet acts for nobody', async () => {
  const p = await person();
  const row = officer(['clerk@431129']);
  const loose = await signIn(row);
  await notAssisted(loose, card(p), 403, 'identity.no_outlet');
  await refused('GET', SESSIONS, { token: loose.token }, 403, 'auth.forbidden');
});

test('a clerk taken from the outlet loses it with the token in hand', async () => {
  const o = await outlet('431129100'), c = await clerkAt(o), p = await person();
  await call('POST', `/v1/identity/outlets/${o.id}/clerks/${c.id}/remove`, { token: (await admin()).token });
  const r = await request('POST', SESSIONS, { token: c.token, body: card(p) });
  assert.ok(r.json.code === 'identity.no_outlet' || r.status === 401, r.text);
  await refused('POST', `/v1/identity/outlets/${o.id}/clerks/${c.id}/remove`, { token: (await admin()).token },
    404, 'request.not_found');
});

test('the person has to have been there', async () => {
  const p = await person();
  await notAssisted(clerk, { id_number: p.id_number }, 422, 'identity.proof', '/code identity.proof');
  await notAssisted(clerk, { id_number: p.id_number, code: '000000' }, 401, 'identity.code_wrong', '/code identity.code_wrong');
  await notAssisted(clerk, card(p, { reason: undefined }), 422, 'identity.proof', '/code identity.proof');
  await notAssisted(clerk, card(p, { card_name: '冒名者' }), 422, 'identity.real_name', '/card_name identity.real_name');
  await notAssisted(clerk, card(p, { card_valid_on: dayPlus(await today(), -1) }), 422, 'identity.card_expired',
    '/card_valid_on identity.card_expired');
  await notAssisted(clerk, card(someone()), 404, 'request.not_found', '/id_number request.not_found');
  const first = await desk('jh.first');
  await notAssisted(first, card(p), 403, 'auth.forbidden');
});

test('a code read out to the clerk opens nothing else, and another code not this', async () => {
  const p = await person();
  const code = await textCode(p.phone, 'assist');
  assert.match((await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`)).body, /窗口帮办/);
  await refused('POST', '/v1/identity/sessions', { body: { phone: p.phone, code }, key: null }, 401, 'identity.code_wrong');
  await assist(clerk, { id_number: p.id_number, code });
  await notAssisted(clerk, { id_number: p.id_number, code: await textCode(p.phone) }, 401, 'identity.code_wrong');
  await refused('POST', '/v1/identity/sms-codes', { body: { phone: p.phone, purpose: 'all' }, key: null }, 422, 'request.invalid', '/purpose field.choice');
});

test('a person may ask for the code always', async () => {
  const p = await person();
  const rule = (token, by_card, over) => call('POST', '/v1/identity/me/assist-rule', { token, body: { by_card }, ...over });
  assert.equal((await rule(p.token, false)).assist_by_card, false);
  await notAssisted(clerk, card(p), 403, 'identity.assist_code_only', '/code identity.assist_code_only');
  const s = await assist(clerk, { id_number: p.id_number, code: await textCode(p.phone, 'assist') });
  isProblem(await rule(s.access_token, true, { refused: true }), 403, 'identity.assisted');
  await rule(p.token, true);
  await assist(clerk, card(p));
});

test('an assisted session opens no other, and acts for a firm only for its member', async () => {
  const f = await firm(), stranger = await person();
  const s = await assist(clerk, card(f.agent, { org_id: f.org_id }));
  assert.equal(s.org_id, f.org_id);
  assert.equal((await call('GET', '/v1/identity/orgs/own', { token: s.access_token })).org_id, f.org_id);
  await refused('POST', '/v1/identity/sessions/act-for', { token: s.access_token, body: { org_id: f.org_id }, key: null },
    403, 'identity.assisted');
  await notAssisted(clerk, card(stranger, { org_id: f.org_id }), 403, 'identity.not_member', '/org_id identity.not_member');
});

test('a person without a phone is registered at the counter, and acted for by card', async () => {
  const p = someone();
  const body = { name: p.name, id_number: p.id_number, area_code: p.area_code, card_valid_on: later, reason: '没有手机' };
  const path = '/v1/identity/persons/assisted';
  const made = await call('POST', path, { token: clerk.token, body });
  assert.equal(made.verified, 'matched');
  await refused('POST', path, { token: clerk.token, body }, 409, 'identity.person_exists', '/id_number identity.person_exists');
  await refused('POST', path, { token: clerk.token, body: { ...body, id_number: idNumber(random, '1990-01-01'), area_code: '431103001' } },
    403, 'auth.area', '/area_code auth.area');
  await refused('POST', path, { token: clerk.token, body: { ...body, id_number: idNumber(random, '1990-01-01'), card_valid_on: '2001-01-01' } },
    422, 'identity.card_expired', '/card_valid_on identity.card_expired');
  await refused('POST', path, { token: clerk.token, body: { ...body, id_number: idNumber(random, '1990-01-01'), phone: p.phone } },
    422, 'identity.proof', '/code identity.proof');
  await eachMistake('POST', path, clerk.token, body, [[{ name: '字' }, '/name field.too_short'],
    [{ id_number: '1' }, '/id_number field.id_number'], [{ reason: undefined }, '/reason field.missing']]);
  await refused('POST', '/v1/identity/sessions', { body: { phone: p.phone, code: await textCode(p.phone) }, key: null },
    401, 'identity.code_wrong');
  await notAssisted(clerk, { id_number: p.id_number, code: '123456' }, 409, 'identity.no_phone', '/code identity.no_phone');

  // A phone is added at the counter; then one can sign in.
  const s = await assist(clerk, card(p));
  const phone = (body_, over) => call('POST', '/v1/identity/me/phone', { token: s.access_token, body: body_, ...over });
  sql(`UPDATE identity.text_code SET sent_at = '-infinity'`);
  await phone({ phone: p.phone, code: await textCode(p.phone, 'phone') });
  const session = await call('POST', '/v1/identity/sessions', { body: { phone: p.phone, code: await textCode(p.phone) }, key: null });
  assert.equal(session.subject, made.person_id);
});

test('outlets are kept by the administrator of the county', async () => {
  const a = await admin(), path = '/v1/identity/outlets';
  await refused('POST', path, { token: clerk.token, body: { name: '网点', kind: 'hall', area_code: '431129' } }, 403, 'auth.forbidden');
  await eachMistake('POST', path, a.token, { name: '网点', kind: 'hall', area_code: '431129' },
    [[{ kind: 'kiosk' }, '/kind field.choice'], [{ area_code: '1' }, '/area_code field.area_code']]);
  const county = await signIn(officer(['system_admin@431103'], 'city.system'));
  await refused('POST', path, { token: county.token, body: { name: '网点', kind: 'hall', area_code: '431129' } },
    403, 'auth.area', '/area_code auth.area');
  await refused('POST', `${path}/${here.id}/clerks`, { token: county.token, body: { login: clerk.login } }, 404, 'request.not_found');
  await refused('POST', `${path}/${here.id}/close`, { token: county.token }, 404, 'request.not_found');
  await refused('POST', `${path}/${here.id}/clerks`, { token: a.token, body: { login: 'jh.first' } }, 409, 'state.reference',
    '/login state.reference');
  assert.ok((await walk(path, (await desk('jh.clerk')).token, 200)).some((o) => o.id === here.id));
  assert.ok(!(await walk(path, county.token, 200, '/v1/identity/orgs')).some((o) => o.id === here.id));
  const o = await outlet('431129100'), c = await clerkAt(o);
  assert.ok((await call('POST', `${path}/${o.id}/close`, { token: a.token })).closed_at);
  await refused('POST', `${path}/${o.id}/clerks`, { token: a.token, body: { login: c.login } }, 404, 'request.not_found');
});
