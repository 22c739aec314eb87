// people: texts by a carrier, real names by an interface outside, and what a
// person changes about oneself.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call, request, textCode } from '../lib/client.mjs';
import { desk, eventually, person, random, someone } from '../lib/city.mjs';
import { idCheckDigit, phone as somePhone } from '../lib/fake.mjs';
import { receiver, secondIdentity } from './counter.mjs';
import { dayPlus, eachMistake, isProblem, NOBODY, refused, sql, today } from './help.mjs';

// ---- one identity that asks outside ------------------------------------------------

let carrierIs = () => ({ status: 200 });
const people = new Map();		// id_number -> answer of the real-name interface
const carrier = await receiver((m, n) => carrierIs(m, n));
const ministry = await receiver(({ json }) => ({ body: { result: people.get(json.id_number) ?? 'match' } }));
const second = await secondIdentity({ YJY_SMS: 'http', YJY_SMS_URL: carrier.url, YJY_OUTSIDE_MAC: 'sha256',
  YJY_VERIFIER: 'http', YJY_VERIFIER_URL: ministry.url, YJY_VERIFY_RETRY_S: '1',
  YJY_SMS_DAY_PHONE: '3', YJY_SMS_DAY_ADDRESS: '30' });
after(async () => { await second.end(); carrier.end(); ministry.end(); });

const there = (method, path, body, over = {}) => request(method, path, { base: second.base, body, ...over });
const ask = (phone) => there('POST', '/v1/identity/sms-codes', { phone });
const textsTo = (phone) => carrier.got.filter((m) => m.json.phone === phone);
const codeIn = (m) => /\d{6}/.exec(m.json.body)[0];
async function codeFor(phone) {
  const before = textsTo(phone).length;
  assert.equal((await ask(phone)).status, 202);
  return codeIn((await eventually(() => textsTo(phone).length > before && textsTo(phone), 'a text'))[before]);
}
async function registerThere(p) {
  const { birth_on, ...form } = p;
  return there('POST', '/v1/identity/persons', { ...form, code: await codeFor(p.phone) });
}

test('a text goes to the carrier, signed, and the code in it signs in', async () => {
  const p = someone();
  const r = await registerThere(p);
  assert.equal(r.status, 201, r.text);
  const [m] = textsTo(p.phone);
  const [, t, v] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(m.headers['x-signature']);
  assert.equal(v, createHmac('sha256', second.key).update(`${t}.${m.text}`).digest('hex'));
  assert.ok(Math.abs(Date.now() / 1000 - t) < 60);
  await eventually(() => sql(`SELECT state FROM identity.text_queue WHERE id = ${m.json.id}`)[0][0] === 'sent', 'the state is kept');
});

test('a carrier that fails is asked again; nobody waits for it, and no code is left behind', async () => {
  let failures = 0;
  carrierIs = () => (failures++ < 2 ? { status: 503 } : { status: 200 });
  const phone = somePhone(random);
  assert.equal((await ask(phone)).status, 202);
  assert.equal(sql(`SELECT count(*) FROM identity.text_queue WHERE state = 'queued' AND body_sealed NOT LIKE '%验证码%'`)[0][0] > 0, true);
  const texts = await eventually(() => textsTo(phone).length >= 3 && textsTo(phone), 'three tries', 30000);
  assert.equal(new Set(texts.map((m) => `${m.json.id} ${m.json.body}`)).size, 1, 'the same message each time');
  await eventually(() => sql(`SELECT state, tries FROM identity.text_queue WHERE id = ${texts[0].json.id}
    AND body_sealed IS NULL AND phone_sealed IS NULL`).join() === 'sent,3', 'sent at the third try, and emptied');
  carrierIs = () => ({ status: 200 });
  assert.equal((await there('POST', '/v1/identity/sessions', { phone, code: codeIn(texts[0]) })).json.code, 'identity.code_wrong');
  const log = readFileSync(second.log, 'utf8');
  assert.match(log, /was not delivered at try 1/);
  for (const m of carrier.got)
    assert.ok(!log.includes(codeIn(m)) || !new RegExp(`(?<!\\d)${codeIn(m)}(?!\\d)`).test(log.replace(/"(ts|us|ms|span|request_id|trace_id)":[^,]+/g, '')), 'a code in the log');
  assert.ok(!carrier.got.some((m) => log.includes(m.json.phone)), 'a phone in the log');
});

test('a known and an unknown phone are told the same', async () => {
  const p = await person();
  const replies = await Promise.all([ask(p.phone), ask(somePhone(random))]);
  assert.deepEqual(...replies.map((r) => [r.status, r.text]));
});

test('a phone is sent so many codes a day, an address asks for so many', async () => {
  const phone = somePhone(random);
  for (let i = 0; i < 3; i++) {
    assert.equal((await ask(phone)).status, 202);
    if (i === 0) isProblem(await ask(phone), 429, 'identity.code_too_soon', '/phone identity.code_too_soon');
    sql(`UPDATE identity.text_code SET sent_at = sent_at - interval '61 s' WHERE day = (SELECT max(day) FROM identity.text_code)`);
  }
  isProblem(await ask(phone), 429, 'identity.code_limit', '/phone identity.code_limit');
  const from = { headers: { 'x-forwarded-for': '203.0.113.7' } };
  for (let i = 0; i < 30; i++)
    assert.equal((await there('POST', '/v1/identity/sms-codes', { phone: somePhone(random) }, from)).status, 202);
  isProblem(await there('POST', '/v1/identity/sms-codes', { phone: somePhone(random) }, from), 429, 'identity.code_limit');
});

// ---- real names --------------------------------------------------------------------

const verifiedOf = (id) => sql(`SELECT verified, coalesce(verified_source, '') FROM identity.person WHERE id = '${id}'`)[0];

test('a name and a number that belong together are matched; others do not register', async () => {
  const p = someone();
  const r = await registerThere(p);
  assert.deepEqual(verifiedOf(r.json.subject), ['matched', 'ministry']);
  assert.deepEqual(ministry.got.at(-1).json, { name: p.name, id_number: p.id_number });
  const me = await call('GET', '/v1/identity/me', { token: r.json.access_token });
  assert.equal(me.verified, 'matched');
  const q = someone();
  people.set(q.id_number, 'mismatch');
  isProblem(await registerThere(q), 422, 'identity.real_name', '/name identity.real_name');
  assert.equal(sql(`SELECT count(*) FROM identity.person WHERE phone_masked = '${q.phone.slice(0, 3)}****${q.phone.slice(7)}' AND created_at IS NULL`)[0][0], '0');
});

test('while it cannot be told people come in unverified, and are asked about again', async () => {
  const p = someone(), q = someone();
  for (const x of [p, q]) people.set(x.id_number, 'unavailable');
  const [a, b] = [await registerThere(p), await registerThere(q)];
  assert.equal(a.status, 201, a.text);
  assert.deepEqual(verifiedOf(a.json.subject), ['unverified', '']);
  people.set(p.id_number, 'match');
  people.set(q.id_number, 'mismatch');
  await eventually(() => verifiedOf(a.json.subject).join() === 'matched,ministry', 'the retry', 30000);
  await eventually(() => verifiedOf(b.json.subject)[0] === 'mismatched', 'the retry', 30000);

  // Not who they said: out, until an officer has seen the card.
  await eventually(async () => (await request('GET', '/v1/identity/me', { token: b.json.access_token })).status === 401, 'signed out');
  const signIn = async () => call('POST', '/v1/identity/sessions', { body: { phone: q.phone, code: await textCode(q.phone) }, key: null, refused: true });
  isProblem(await signIn(), 422, 'identity.real_name');
  const path = `/v1/identity/persons/${b.json.subject}/verify`;
  const body = { id_number: q.id_number, card_name: q.name, card_valid_on: dayPlus(await today(), 9), reason: '库中信息未更新，已核身份证' };
  const first = (await desk('jh.first')).token;
  await refused('POST', path, { token: (await desk('lst.first')).token, body }, 404, 'request.not_found');
  await refused('POST', path.replace(b.json.subject, NOBODY), { token: first, body }, 404, 'request.not_found');
  await refused('POST', path, { token: first, body: { ...body, id_number: p.id_number } }, 422, 'identity.real_name', '/id_number identity.real_name');
  await refused('POST', path, { token: first, body: { ...body, card_name: '冒名者' } }, 422, 'identity.real_name', '/card_name identity.real_name');
  await refused('POST', path, { token: first, body: { ...body, card_valid_on: '2001-01-01' } }, 422, 'identity.card_expired', '/card_valid_on identity.card_expired');
  await eachMistake('POST', path, first, body, [[{ reason: '' }, '/reason field.too_short'], [{ id_number: '1' }, '/id_number field.id_number']]);
  assert.equal((await call('POST', path, { token: first, body })).verified, 'matched');
  assert.deepEqual(verifiedOf(b.json.subject), ['matched', 'officer']);
  assert.equal((await signIn()).status, 201);
});

test('numbers of areas that are no more are good; a lower-case x is X; wrong digits and dates are not', async () => {
  const number = (head) => head + idCheckDigit(head);
  let lower;
  for (let i = 0; !lower; i++) {
    const n = number(`4329${String(1 + i % 30).padStart(2, '0')}19700101${String(random.int(1000)).padStart(3, '0')}`);
    if (n.endsWith('X')) lower = n;
  }
  const p = await person({ id_number: lower.toLowerCase() });
  assert.match((await call('GET', '/v1/identity/me', { token: p.token })).id_masked, /^4329\d\d\*+\d{3}X$/);
  const q = someone({ id_number: lower });
  await refused('POST', '/v1/identity/persons', { body: { ...q, birth_on: undefined, code: await textCode(q.phone) } }, 409, 'identity.person_exists');
  await person({ id_number: number(`432930196${random.int(10)}0230`.slice(0, 10) + `0228${String(random.int(1000)).padStart(3, '0')}`) });
  const wrong = (id_number) => refused('POST', '/v1/identity/persons', { body: { ...someone({ id_number }), birth_on: undefined, code: '000000' } },
    422, 'request.invalid', '/id_number field.id_number');
  await wrong(lower.slice(0, 17) + '1');
  await wrong(number('43292219700230001'));
  await wrong(number('43292218000101001'.replace('1800', '0000')));
});

// ---- what one changes ------------------------------------------------------------------

test('a phone changes with a code to the old and a code to the new', async () => {
  const p = await person(), taken = await person(), phone = somePhone(random);
  const path = '/v1/identity/me/phone';
  const change = (body, over) => call('POST', path, { token: p.token, body, ...over });
  await refused('POST', path, { token: p.token, body: { phone, code: await textCode(phone, 'phone') } }, 422, 'identity.proof', '/old_code identity.proof');
  await refused('POST', path, { token: p.token, body: { phone, code: '000000', old_code: '000000' } }, 401, 'identity.code_wrong', '/old_code identity.code_wrong');
  await refused('POST', path, { token: p.token, body: { phone: taken.phone, code: await textCode(taken.phone, 'phone'), old_code: await textCode(p.phone, 'phone') } },
    409, 'state.exists', '/phone state.exists');
  sql(`UPDATE identity.text_code SET sent_at = '-infinity'`);
  await refused('POST', path, { token: p.token, body: { phone, code: '000000', old_code: await textCode(p.phone, 'phone') } }, 401, 'identity.code_wrong', '/code identity.code_wrong');
  sql(`UPDATE identity.text_code SET sent_at = '-infinity'`);
  const r = await change({ phone, code: await textCode(phone, 'phone'), old_code: await textCode(p.phone, 'phone') });
  assert.equal(r.phone_masked, `${phone.slice(0, 3)}****${phone.slice(7)}`);
  const signIn = async (n) => call('POST', '/v1/identity/sessions', { body: { phone: n, code: await textCode(n) }, key: null, refused: true });
  assert.equal((await signIn(phone)).json.subject, p.id);
  assert.equal((await signIn(p.phone)).json.code, 'identity.code_wrong');
  await eachMistake('POST', path, p.token, { phone, code: '000000' }, [[{ phone: '1' }, '/phone field.phone']]);
});

test('who moves is followed by every register', async () => {
  const p = await person({ area_code: '431129100' });
  const move = (area_code, over) => call('POST', '/v1/identity/me/address', { token: p.token, body: { area_code }, ...over });
  await refused('POST', '/v1/identity/me/address', { token: p.token, body: { area_code: '431100' } }, 422, 'request.invalid', '/area_code field.area_code');
  await eachMistake('POST', '/v1/identity/me/address', p.token, { area_code: '431103' }, [[{ area_code: '9' }, '/area_code field.area_code']]);
  assert.equal((await move('431103001')).county_code, '431103');
  await eventually(() => ['jobs', 'training', 'subsidies'].every((s) =>
    sql(`SELECT county_code || ' ' || area_code FROM ${s}.person WHERE id = '${p.id}'`)[0]?.[0] === '431103 431103001'), 'the registers follow');
  await move('431103001');
  assert.equal(sql(`SELECT count(*) FROM identity.event_log WHERE type = 'identity.person.moved.v1' AND key = '${p.id}'`)[0][0], '1', 'no move, no event');
});
