// identity: people, officers, partners and their tokens -- and who is refused.
import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, createPublicKey, createSign, createVerify, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import '../lib/contract.mjs';
import { actFor, call, desks, pages, request, signIn, textCode, totp } from '../lib/client.mjs';
import { desk, eventually, firm, person, random, someone } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { dayPlus, eachMistake, isProblem, ports, refused, sql, today, walk } from './help.mjs';

const pem = readFileSync(`${process.env.YJY_RUN}/secrets/signing.pem`);
const b64 = (x) => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url');
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const headOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));

function forge(head, claims, sign) {
  const text = `${b64(head)}.${b64(claims)}`;
  return `${text}.${sign(text)}`;
}
const rs256 = (text) => createSign('RSA-SHA256').update(text).sign(createPrivateKey(pem)).toString('base64url');

test('a person registers once, reads oneself masked, and signs in again', async () => {
  const p = await person();
  const me = await call('GET', '/v1/identity/me', { token: p.token });
  assert.equal(me.person_id, p.id);
  assert.equal(me.name_masked, `${[...p.name][0]}*`);
  assert.equal(me.phone_masked, `${p.phone.slice(0, 3)}****${p.phone.slice(7)}`);
  assert.ok(!JSON.stringify(me).includes(p.id_number));
  const session = await call('POST', '/v1/identity/sessions',
    { body: { phone: p.phone, code: await textCode(p.phone) }, key: null });
  assert.equal(session.subject, p.id);
  assert.equal((await call('GET', '/v1/identity/me', { token: session.access_token })).person_id, p.id);
  await refused('GET', '/v1/identity/orgs/own', { token: p.token }, 403, 'auth.forbidden');
  const again = await call('POST', '/v1/identity/persons', { refused: true, body: {
    ...someone({ id_number: p.id_number }), code: '000000' } });
  assert.equal(again.json.code, 'identity.code_wrong');
});

test('the same identity number is refused whoever asks', async () => {
  const p = await person();
  const other = someone({ id_number: p.id_number });
  const code = await textCode(other.phone);
  const r = await call('POST', '/v1/identity/persons', { refused: true,
    body: { name: other.name, phone: other.phone, id_number: other.id_number, area_code: other.area_code, code } });
  assert.equal(r.status, 409);
  assert.equal(r.json.code, 'identity.person_exists');
});

test('every mistake of a form is named at once, in the language asked for', async () => {
  const good = someone();
  const body = { phone: '123', code: '12', name: '', id_number: good.id_number.slice(0, 17) +
    (good.id_number[17] === '1' ? '2' : '1'), area_code: '999999', extra: 1 };
  const zh = await request('POST', '/v1/identity/persons', { body });
  assert.equal(zh.status, 422);
  assert.match(zh.headers['content-type'], /^application\/problem\+json/);
  assert.deepEqual(zh.json.errors.map((e) => `${e.pointer} ${e.code}`).sort(), [
    '/area_code field.area_code', '/code field.too_short', '/extra field.unknown',
    '/id_number field.id_number', '/name field.too_short', '/phone field.phone']);
  assert.match(zh.json.title, /请求内容有误/);
  const en = await request('POST', '/v1/identity/persons', { body, headers: { 'accept-language': 'en' } });
  assert.match(en.json.title, /not acceptable/);
});

test('malformed bodies change nothing and say why', async () => {
  for (const [raw, code] of [['{', 'request.json'], ['{"phone":1}', 'request.invalid'],
    ['[]', 'request.invalid'], ['{"phone":"13800000000","phone":"13800000000"}', 'request.invalid'],
    ['{"phone":null}', 'request.invalid'], ['', 'request.invalid'], ['{"phone":"13800000000"} x', 'request.json'],
    ['{"phone":"1380000\\ud8000000"}', 'request.json'], [`${'['.repeat(999)}${']'.repeat(999)}`, 'request.json']]) {
    const r = await request('POST', '/v1/identity/sms-codes', { raw, headers: { 'content-type': 'application/json' } });
    assert.ok(r.status === 400 || r.status === 422, `${raw}: ${r.status}`);
    assert.equal(r.json.code, code, raw);
  }
  const r = await request('POST', '/v1/identity/sms-codes', { raw: 'phone=1', headers: { 'content-type': 'text/plain' } });
  assert.equal(r.status, 415);
  const big = await request('POST', '/v1/identity/sms-codes', { body: { phone: '1'.repeat(2 << 20) } });
  isProblem(big, 413, 'request.too_large');
});

test('a texted code works once and five wrong tries end it', async () => {
  const p = await person();
  const used = /\d{6}/.exec((await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`)).body)[0];
  isProblem(await request('POST', '/v1/identity/sessions', { body: { phone: p.phone, code: used } }), 401,
    'identity.code_wrong',
    '/code identity.code_wrong');
  const q = someone();
  const code = await textCode(q.phone);
  isProblem(await request('POST', '/v1/identity/sms-codes', { body: { phone: q.phone } }), 429, 'identity.code_too_soon',
    '/phone identity.code_too_soon');
  const wrong = code === '111111' ? '222222' : '111111';
  for (let i = 0; i < 5; i++) {
    const r = await request('POST', '/v1/identity/sessions', { body: { phone: q.phone, code: wrong } });
    assert.equal(r.status, 401);
  }
  const late = await request('POST', '/v1/identity/sessions', { body: { phone: q.phone, code } });
  assert.equal(late.status, 401);
});

test('a person acts for a firm only while a member', async () => {
  const f = await firm();
  assert.deepEqual(claimsOf(f.token).roles.map((r) => r.split('@')[0]).sort(), ['employer', 'person']);
  assert.equal(claimsOf(f.agent.token).org, undefined);
  const own = await call('GET', '/v1/identity/orgs/own', { token: f.token });
  assert.equal(own.org_id, f.org_id);
  const stranger = await person();
  const r = await call('POST', '/v1/identity/sessions/act-for',
    { token: stranger.token, body: { org_id: f.org_id }, key: null, refused: true });
  assert.equal(r.status, 403);
  assert.equal(r.json.code, 'identity.not_member');
});

test('every mistake in an organisation is named, and one credit code is one organisation', async () => {
  const f = await firm();
  const good = { uscc: uscc(random), name: '某某电机厂', kind: 'enterprise', industry_code: '3812', area_code: '431129100' };
  await eachMistake('POST', '/v1/identity/orgs', f.agent.token, good, [
    [{ name: '厂' }, '/name field.too_short'],
    [{ name: '长'.repeat(101) }, '/name field.too_long'],
    [{ name: 1 }, '/name field.type'],
    [{ kind: 'bank' }, '/kind field.choice'],
    [{ industry_code: '99999' }, '/industry_code field.industry_code'],
    [{ area_code: '440100' }, '/area_code field.area_code'],
    [{ area_code: '431100' }, '/area_code field.area_code'],
    [{ uscc: undefined }, '/uscc field.missing'],
    [{ legal_person: 'x' }, '/legal_person field.unknown'],
  ]);
  await refused('POST', '/v1/identity/orgs', { token: (await person()).token, body: { ...good, uscc: f.org.uscc } },
    409, 'state.exists', '/uscc state.exists');
  for (const [kind, role] of [['institution', 'institution'], ['carrier', 'carrier'], ['sole_trader', 'employer']]) {
    const org = await call('POST', '/v1/identity/orgs', { token: f.agent.token, body: { ...good, kind, uscc: uscc(random) } });
    const acting = await actFor(f.agent, org.org_id);
    assert.ok(claimsOf(acting.token).roles.some((r) => r.startsWith(role)), kind);
  }
  const me = await call('GET', '/v1/identity/me', { token: f.agent.token });
  assert.equal(me.orgs.length, 4);
});

test('a place without a county is nobody’s address', async () => {
  const p = someone({ area_code: '431100' });
  const code = await textCode(p.phone);
  await refused('POST', '/v1/identity/persons', { body: { ...p, birth_on: undefined, code } }, 422, 'request.invalid',
    '/area_code field.area_code');
  const town = await person({ area_code: '431181120' });	// of 金洞, under 祁阳's digits
  const me = await call('GET', '/v1/identity/me', { token: town.token });
  assert.equal(me.county_code, '431172');
});

test('ending all sessions ends their renewal', async () => {
  const p = await person();
  const acting = await call('POST', '/v1/identity/orgs', { token: p.token, body: { uscc: uscc(random), name: '会话公司',
    kind: 'enterprise',
    area_code: '431103' } }).then((o) => actFor(p, o.org_id));
  assert.equal((await call('POST', '/v1/identity/sessions/end', { token: p.token, key: null })).ended, 2);
  await eventually(async () => (await request('GET', '/v1/identity/me', { token: p.token })).status === 401,
    'the access token ends, too', 3000);
  for (const refresh of [p.refresh, acting.refresh]) {
    const r = await request('POST', '/oauth/token', { raw: `grant_type=refresh_token&refresh_token=${refresh}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(r.json.error, 'invalid_grant');
  }
  await refused('POST', '/v1/identity/sessions/end', {}, 401, 'auth.token_missing');
});

test('the token endpoint refuses what is not a grant', async () => {
  const form = (raw, type = 'application/x-www-form-urlencoded') =>
    request('POST', '/oauth/token', { raw, headers: { 'content-type': type } });
  for (const [raw, error] of [['', 'invalid_request'], ['grant_type', 'invalid_request'], ['grant_type=', 'invalid_request'],
    ['grant_type=refresh_token', 'invalid_request'], ['grant_type=refresh_token&refresh_token=x', 'invalid_grant'],
    ['grant_type=refresh_token&refresh_token=%ZZ', 'invalid_request'], ['grant_type=client_credentials', 'invalid_client'],
    ['grant_type=refresh_token&colour=red', 'invalid_request']]) {
    const r = await form(raw);
    assert.equal(r.json?.error, error, `${raw}: ${r.text}`);
    assert.equal(r.status, error === 'invalid_client' ? 401 : 400, raw);
  }
});

test('the key set and the metadata say how to check a token', async () => {
  const meta = await call('GET', '/.well-known/oauth-authorization-server');
  const p = await person();
  assert.equal(claimsOf(p.token).iss, meta.issuer);
  const { keys } = await call('GET', new URL(meta.jwks_uri).pathname);
  const key = keys.find((k) => k.kid === headOf(p.token).kid);
  assert.equal(key.d, undefined, 'no private part');
  const [head, body, sign] = p.token.split('.');
  const good = createVerify('RSA-SHA256').update(`${head}.${body}`)
    .verify(createPublicKey({ key, format: 'jwk' }), Buffer.from(sign, 'base64url'));
  assert.ok(good);
});

test('business time is read by anybody and moved by the system administrator alone', async () => {
  const day = await today();
  await refused('POST', '/v1/identity/sandbox/clock', { body: { days: 1 }, key: null }, 401, 'auth.token_missing');
  await refused('POST', '/v1/identity/sandbox/clock', { token: (await desk('city.audit')).token, body: { days: 1 }, key: null },
    403, 'auth.forbidden');
  const admin = await desk('city.system');
  for (const [body, field] of [[{ days: -1 }, '/days field.too_small'], [{ to_at: day }, '/to_at field.format'],
    [{ days: 3651 }, '/days field.too_large']])
    await refused('POST', '/v1/identity/sandbox/clock', { token: admin.token, body, key: null }, 422, 'request.invalid', field);
  const moved = await call('POST', '/v1/identity/sandbox/clock', { token: admin.token, body: { days: 1 }, key: null });
  assert.equal(moved.today, dayPlus(day, 1));
  const back = await call('POST', '/v1/identity/sandbox/clock', { token: admin.token, key: null,
    body: { to_at: new Date(Date.parse(moved.now) - 86400000).toISOString() } });
  assert.equal(back.today, day);
  await refused('GET', '/v1/identity/sandbox/message?phone=1', {}, 422, 'request.invalid', 'phone field.phone');
  await refused('GET', '/v1/identity/sandbox/message?phone=19900000000', {}, 404, 'request.not_found');
});

test('organisations of one county, page by page', async () => {
  await firm({ area_code: '431103001' });
  const mine = await walk('/v1/identity/orgs', (await desk('jh.clerk')).token, 2, '/v1/identity/persons');
  assert.ok(mine.length > 2 && mine.every((o) => o.county_code === '431129'));
  assert.ok(mine.every((o, i) => i === 0 || o.org_id > mine[i - 1].org_id));
  await refused('GET', '/v1/identity/orgs', { token: (await desk('jh.finance')).token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/identity/orgs', {}, 401, 'auth.token_missing');
});

test('a bad credit code is named', async () => {
  const p = await person();
  const r = await call('POST', '/v1/identity/orgs', { token: p.token, refused: true, body: {
    uscc: '91431103MA4TXT00XA', name: '某公司', kind: 'enterprise', area_code: '431103' } });
  assert.equal(r.status, 422);
  assert.equal(r.json.errors[0].code, 'field.uscc');
});

test('officers need password and one-time code; unknown and wrong look the same', async () => {
  const row = desks().desks.find((d) => d.login === 'lst.recheck');
  const ask = (over) => request('POST', '/v1/identity/officer-sessions', { body: { login: row.login,
    password: row.password, totp: totp(Buffer.from(row.totp, 'base64url')), ...over } });
  const bad = [await ask({ password: 'wrong-password' }), await ask({ login: 'nobody.here' }), await ask({ totp: '000000' })];
  for (const r of bad) assert.equal(r.status, 401);
  const shape = (r) => { const { request_id, ...rest } = r.json; return rest; };
  assert.deepEqual(shape(bad[0]), shape(bad[1]));
  const officer = await signIn(row);
  const replay = await ask({});
  assert.equal(replay.status, 401, 'a spent code opens nothing');
  assert.deepEqual(claimsOf(officer.token).roles, ['recheck@431103']);
  assert.equal(claimsOf(officer.token).person, undefined);
});

test('refresh tokens rotate; presenting an old one ends the family', async () => {
  const p = await person();
  const refresh = (t) => request('POST', '/oauth/token', { raw: `grant_type=refresh_token&refresh_token=${t}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const second = await refresh(p.refresh);
  assert.equal(second.status, 200, second.text);
  assert.equal(second.headers['cache-control'], 'no-store');
  assert.equal(claimsOf(second.json.access_token).sub, p.id);
  sql(`UPDATE identity.refresh_token SET used_at = used_at - interval '1 minute' WHERE session = '${claimsOf(p.token).sid}' AND used_at IS NOT NULL`);
  assert.equal((await refresh(p.refresh)).json.error, 'invalid_grant');
  assert.equal((await refresh(second.json.refresh_token)).json.error, 'invalid_grant');
});

test('a partner gets a token by client credentials, and only with its secret', async () => {
  const { partner } = desks();
  const ask = (secret) => request('POST', '/oauth/token', {
    raw: `grant_type=client_credentials&client_id=${partner.client_id}&client_secret=${encodeURIComponent(secret)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const good = await ask(partner.client_secret);
  assert.equal(good.status, 200, good.text);
  assert.equal(good.json.token_type, 'Bearer');
  assert.equal(good.json.refresh_token, undefined);
  assert.deepEqual(claimsOf(good.json.access_token).roles, ['partner@431100']);
  const own = await call('GET', '/v1/identity/orgs/own', { token: good.json.access_token });
  assert.equal(own.org_id, claimsOf(good.json.access_token).org);
  isProblem(await request('GET', '/v1/identity/me', { token: good.json.access_token }), 403, 'auth.forbidden');
  assert.equal((await ask('wrong')).status, 401);
  assert.equal((await request('POST', '/oauth/token', { raw: 'grant_type=password',
    headers: { 'content-type': 'application/x-www-form-urlencoded' } })).json.error, 'unsupported_grant_type');
});

test('forged, stripped, confused and expired tokens are refused at the door and behind it', async () => {
  const p = await person();
  const head = headOf(p.token), claims = claimsOf(p.token);
  assert.equal(head.typ, 'at+jwt');
  const publicPem = createPublicKey(pem).export({ type: 'spki', format: 'pem' });
  const hs = (text) => createHmac('sha256', publicPem).update(text).digest('base64url');
  const now = Math.floor(Date.now() / 1000);
  const bad = {
    'none': forge({ ...head, alg: 'none' }, claims, () => ''),
    'HS256 with the public key': forge({ ...head, alg: 'HS256' }, claims, hs),
    'stripped signature': `${p.token.split('.').slice(0, 2).join('.')}.`,
    'other payload': `${head && p.token.split('.')[0]}.${b64({ ...claims, sub: randomUUID() })}.${p.token.split('.')[2]}`,
    'unknown kid': forge({ ...head, kid: 'x' }, claims, rs256),
    'wrong typ': forge({ ...head, typ: 'JWT' }, claims, rs256),
    'wrong audience': forge(head, { ...claims, aud: 'other' }, rs256),
    'wrong issuer': forge(head, { ...claims, iss: 'https://evil.example' }, rs256),
    'expired a second ago': forge(head, { ...claims, iat: now - 700, exp: now - 1 }, rs256),
    'not a token': 'abc',
  };
  const good = forge(head, { ...claims, jti: randomUUID() }, rs256);
  assert.equal((await request('GET', '/v1/identity/me', { token: good })).status, 200, 'the forge itself is sound');
  for (const [what, token] of Object.entries(bad))
    for (const base of [process.env.YJY_URL, `http://127.0.0.1:${ports.identity}`]) {
      const r = await request('GET', '/v1/identity/me', { token, base });
      assert.equal(r.status, 401, `${what} at ${base}: ${r.text}`);
      assert.match(r.headers['content-type'], /problem\+json/);
    }
  const none = await request('GET', '/v1/identity/me');
  assert.equal(none.json.code, 'auth.token_missing');
});

test('an officer sees the people of one county and none of another', async () => {
  const here = await person({ area_code: '431129100' });
  const there = await person({ area_code: '431103001' });
  const first = await desk('jh.first');
  const seen = [];
  for await (const row of pages('/v1/identity/persons?limit=200', { token: first.token })) seen.push(row);
  assert.ok(seen.length > 0);
  assert.ok(seen.every((r) => r.county_code === '431129'));
  assert.ok(seen.some((r) => r.person_id === here.id));
  assert.ok(!seen.some((r) => r.person_id === there.id));
  const other = await call('GET', '/v1/identity/persons?county_code=431103', { token: first.token });
  assert.deepEqual(other.items, []);
  const r = await request('GET', '/v1/identity/persons', { token: here.token });
  assert.equal(r.status, 403);
});

test('a page cursor belongs to its list and cannot be made up', async () => {
  const clerk = await desk('city.clerk');
  const page = await call('GET', '/v1/identity/persons?limit=1', { token: clerk.token, whole: true });
  assert.ok(page.json.next_cursor);
  assert.match(page.headers.link, /rel="next"/);
  for (const cursor of ['x', page.json.next_cursor.slice(0, -2) + 'AA'])
    assert.equal((await request('GET', `/v1/identity/persons?cursor=${cursor}`, { token: clerk.token })).status, 422);
  const other = await request('GET', `/v1/identity/orgs?cursor=${encodeURIComponent(page.json.next_cursor)}`,
    { token: clerk.token });
  assert.equal(other.status, 422);
});

test('repeating a write with its key gives the first answer; another body is refused', async () => {
  const f = await person();
  const key = randomUUID();
  const body = { uscc: uscc(random), name: '同一家公司', kind: 'enterprise', area_code: '431103' };
  const one = await call('POST', '/v1/identity/orgs', { token: f.token, body, key, whole: true });
  const two = await call('POST', '/v1/identity/orgs', { token: f.token, body, key, whole: true });
  assert.equal(two.status, 201);
  assert.deepEqual(two.json, one.json);
  assert.equal(two.headers['idempotency-replayed'], 'true');
  const three = await call('POST', '/v1/identity/orgs', { token: f.token, key, refused: true,
    body: { ...body, name: '另一家公司' } });
  assert.equal(three.json.code, 'idempotency.reused');
});
