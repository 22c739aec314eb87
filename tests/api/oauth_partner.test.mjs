// Partners: client credentials by secret or signed assertion, asking about and
// taking back one's own tokens, and clients in the administrator's hands.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, desks } from '../lib/client.mjs';
import { desk, person } from '../lib/city.mjs';
import { admin, claimsOf, discover, newClient, oauth, OPTIONS, partner, post, revoked, token } from './oauth.mjs';
import { eachMistake, minter, NOBODY, refused, sql } from './help.mjs';

const as = await discover();
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const sample = { client_id: desks().partner.client_id, secret: desks().partner.client_secret };
const grant = async (client, auth, scope) => oauth.processClientCredentialsResponse(as, client,
  await oauth.clientCredentialsGrantRequest(as, client, auth, scope ? { scope } : {}, OPTIONS));
const basic = (id, secret) => ({ authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}` });

test('by secret, in the header or in the form, and only by the right one', async () => {
  const client = { client_id: sample.client_id };
  for (const auth of [oauth.ClientSecretBasic(sample.secret), oauth.ClientSecretPost(sample.secret)]) {
    const got = await grant(client, auth, 'partner');
    assert.equal(got.scope, 'partner@431100');
    assert.equal(got.refresh_token, undefined);
    assert.equal(claimsOf(got.access_token).client_id, sample.client_id);
    assert.equal(claimsOf(got.access_token).sid, undefined);
  }
  const wrong = await token({ grant_type: 'client_credentials' }, basic(sample.client_id, 'wrong'));
  assert.equal(wrong.status, 401);
  assert.equal(wrong.json.error, 'invalid_client');
  assert.match(wrong.headers['www-authenticate'], /^Basic realm=/);
  const inForm = await token({ grant_type: 'client_credentials', client_id: sample.client_id, client_secret: 'wrong' });
  assert.equal(inForm.status, 401);
  assert.equal(inForm.headers['www-authenticate'], undefined);
  for (const [fields, headers, error] of [
    [{ client_id: sample.client_id, client_secret: sample.secret }, basic(sample.client_id, sample.secret), 'invalid_request'],
    [{ client_id: 'app' }, basic(sample.client_id, sample.secret), 'invalid_request'],
    [{}, { authorization: 'Basic !!!' }, 'invalid_request'],
    [{}, { authorization: 'Bearer x' }, 'invalid_request'],
    [{}, basic('nobody', 'x'), 'invalid_client'],
    [{}, basic('x'.repeat(40), 'x'), 'invalid_client'],
    [{ client_id: sample.client_id }, {}, 'invalid_client'],
    [{ scope: 'clerk' }, basic(sample.client_id, sample.secret), 'invalid_scope'],
    [{ scope: 'partner clerk' }, basic(sample.client_id, sample.secret), 'invalid_scope']]) {
    const r = await token({ grant_type: 'client_credentials', ...fields }, headers);
    assert.equal(r.json?.error, error, `${JSON.stringify(fields)} ${JSON.stringify(headers)}: ${r.text}`);
  }
});

// ---- assertions -------------------------------------------------------------------

const b64 = (x) => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url');
function keyPair(alg) {
  const pair = alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  return { ...pair, alg, kid, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}
function assertion(key, client_id, over = {}, head = {}) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${b64({ alg: key.alg, kid: key.kid, typ: 'JWT', ...head })}.${b64({ iss: client_id, sub: client_id, aud: as.issuer,
    iat: now, exp: now + 55, jti: randomUUID(), ...over })}`;
  const s = sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${s.toString('base64url')}`;
}
const withAssertion = (a, more = {}) => token({ grant_type: 'client_credentials', client_assertion_type: ASSERTION, client_assertion: a, ...more });

test('by a signed assertion, RS256 and ES256, through the library', async () => {
  const { subtle } = globalThis.crypto;
  for (const alg of ['RS256', 'ES256']) {
    const pair = await oauth.generateKeyPair(alg, { extractable: true });
    const kid = randomUUID();
    const jwk = { ...await subtle.exportKey('jwk', pair.publicKey), kid, use: 'sig', alg };
    delete jwk.key_ops; delete jwk.ext;
    const k = await partner({ auth: 'private_key_jwt', jwks: { keys: [jwk] } });
    assert.equal(k.client_secret, undefined);
    const client = { client_id: k.client_id };
    const got = await grant(client, oauth.PrivateKeyJwt({ key: pair.privateKey, kid }));
    assert.equal(claimsOf(got.access_token).client_id, k.client_id);
    const asked = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client,
      oauth.PrivateKeyJwt({ key: pair.privateKey, kid }), got.access_token, OPTIONS));
    assert.equal(asked.active, true);
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, oauth.PrivateKeyJwt({ key: pair.privateKey, kid }),
      got.access_token, OPTIONS));
    assert.equal(revoked(claimsOf(got.access_token).jti), 1);
    const after = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client,
      oauth.PrivateKeyJwt({ key: pair.privateKey, kid }), got.access_token, OPTIONS));
    assert.deepEqual(after, { active: false });
  }
});

test('an assertion is for us, of the client, for a minute, and for once', async () => {
  const key = keyPair('RS256'), other = keyPair('RS256'), ec = keyPair('ES256');
  const k = await partner({ auth: 'private_key_jwt', jwks: { keys: [key.jwk, ec.jwk] } });
  const now = Math.floor(Date.now() / 1000);
  const used = assertion(key, k.client_id);
  assert.equal((await withAssertion(used)).status, 200);
  assert.equal((await withAssertion(assertion(ec, k.client_id, { aud: [`${as.issuer}/oauth/token`, 'x'] }))).status, 200);
  const hs = (() => {
    const text = `${b64({ alg: 'HS256', kid: key.kid })}.${b64({ iss: k.client_id, sub: k.client_id, aud: as.issuer, exp: now + 50, jti: randomUUID() })}`;
    return `${text}.${createHmac('sha256', key.publicKey.export({ type: 'spki', format: 'pem' })).update(text).digest('base64url')}`;
  })();
  const bad = {
    'shown twice': used,
    'wrong audience': assertion(key, k.client_id, { aud: 'https://elsewhere.example' }),
    'no audience': assertion(key, k.client_id, { aud: undefined }),
    'the issuer of another': assertion(key, k.client_id, { iss: sample.client_id }),
    'the subject of another': assertion(key, sample.client_id),
    'expired': assertion(key, k.client_id, { exp: now - 1 }),
    'too long': assertion(key, k.client_id, { exp: now + 120 }),
    'no expiry': assertion(key, k.client_id, { exp: undefined }),
    'not yet': assertion(key, k.client_id, { nbf: now + 30 }),
    'no jti': assertion(key, k.client_id, { jti: undefined }),
    'empty jti': assertion(key, k.client_id, { jti: '' }),
    'long jti': assertion(key, k.client_id, { jti: 'x'.repeat(200) }),
    'another key': assertion({ ...other, kid: key.kid }, k.client_id),
    'unknown kid': assertion(key, k.client_id, {}, { kid: 'x' }),
    'alg none': `${b64({ alg: 'none', kid: key.kid })}.${assertion(key, k.client_id).split('.')[1]}.`,
    'alg none, signed': assertion(key, k.client_id, {}, { alg: 'none' }),
    'HS256 with the public key': hs,
    'the key’s other algorithm': assertion(key, k.client_id, {}, { alg: 'ES256' }),
    'critical extension': assertion(key, k.client_id, {}, { crit: ['x'] }),
    'an access token’s type': assertion(key, k.client_id, {}, { typ: 'at+jwt' }),
    'no token': 'abc',
    'two parts': 'e30.e30',
  };
  for (const [what, a] of Object.entries(bad)) {
    const r = await withAssertion(a);
    assert.equal(r.status, 401, `${what}: ${r.text}`);
    assert.equal(r.json.error, 'invalid_client', what);
  }
  for (const more of [{ client_secret: 'x' }, { client_id: 'app' }, { client_assertion_type: 'x' }])
    assert.equal((await withAssertion(assertion(key, k.client_id), more)).json.error, 'invalid_request', JSON.stringify(more));
  const bare = await token({ grant_type: 'client_credentials', client_assertion: assertion(key, k.client_id) });
  assert.equal(bare.json.error, 'invalid_request', 'the type is missing');
  const secret = await token({ grant_type: 'client_credentials', client_id: k.client_id, client_secret: 'x' });
  assert.equal(secret.json.error, 'invalid_client', 'a client has one way of proving itself');
  const a = assertion(key, k.client_id);
  const replies = await Promise.all([withAssertion(a), withAssertion(a), withAssertion(a)]);
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 401, 401], 'used at once, it is used once');
});

// ---- asking and taking back ----------------------------------------------------------

test('a partner learns of its own tokens and of no others', async () => {
  const client = { client_id: sample.client_id }, auth = oauth.ClientSecretBasic(sample.secret);
  const ask = async (t) => oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, auth, t, OPTIONS));
  const mine = await grant(client, auth);
  const told = await ask(mine.access_token);
  const claims = claimsOf(mine.access_token);
  assert.deepEqual([told.active, told.client_id, told.sub, told.jti, told.exp, told.iss], [true, sample.client_id, claims.sub, claims.jti,
    claims.exp, as.issuer]);
  const p = await person();
  const k = await partner();
  const others = await grant({ client_id: k.client_id }, oauth.ClientSecretPost(k.client_secret));
  for (const t of [p.token, p.refresh, others.access_token, 'abc', 'x'.repeat(5000)]) assert.deepEqual(await ask(t), { active: false });
  for (const [fields, headers, status, error] of [[{ token: 'x' }, {}, 401, 'invalid_client'],
    [{ token: 'x', client_id: 'app' }, {}, 401, 'invalid_client'],
    [{ token: 'x' }, basic(sample.client_id, 'wrong'), 401, 'invalid_client'],
    [{}, basic(sample.client_id, sample.secret), 400, 'invalid_request']]) {
    const r = await post('/oauth/introspect', fields, headers);
    assert.deepEqual([r.status, r.json.error], [status, error]);
  }
});

test('a client takes back its own tokens; another’s stay', async () => {
  const p = await person();
  const back = (fields, headers) => post('/oauth/revoke', fields, headers);
  assert.equal((await back({ token: p.refresh }, basic(sample.client_id, sample.secret))).status, 200);
  assert.equal((await back({ token: p.token }, basic(sample.client_id, sample.secret))).status, 200);
  assert.equal(revoked(claimsOf(p.token).sid) + revoked(claimsOf(p.token).jti), 0, 'nothing happened to it');
  assert.equal((await back({ token: 'unknown', client_id: 'app', token_type_hint: 'access_token' })).status, 200);
  assert.equal((await back({ token: p.token, client_id: 'app' })).status, 200);
  assert.equal(revoked(claimsOf(p.token).jti), 1);
  assert.equal((await back({ token: p.refresh, client_id: 'app' })).status, 200);
  assert.equal(revoked(claimsOf(p.token).sid), 1);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: p.refresh })).json.error, 'invalid_grant');
  for (const [fields, status, error] of [[{ token: 'x' }, 401, 'invalid_client'], [{ client_id: 'app' }, 400, 'invalid_request'],
    [{ client_id: sample.client_id, client_secret: 'no', token: 'x' }, 401, 'invalid_client']]) {
    const r = await back(fields);
    assert.deepEqual([r.status, r.json.error], [status, error]);
  }
});

// ---- clients ---------------------------------------------------------------------------

test('a client is registered as a whole or not at all', async () => {
  const t = await admin();
  const [[org_id]] = sql('SELECT id FROM identity.org LIMIT 1');
  const key = keyPair('ES256');
  const good = { client_id: `g-${randomUUID().slice(0, 12)}`, name: '某机构', type: 'partner', auth: 'client_secret', org_id };
  await eachMistake('POST', '/v1/identity/clients', t, good, [
    [{ client_id: 'Bad Id' }, '/client_id field.format'],
    [{ client_id: 'ab' }, '/client_id field.too_short'],
    [{ type: 'bank' }, '/type field.choice'],
    [{ auth: 'none' }, '/auth field.choice'],
    [{ type: 'app', org_id: undefined }, '/auth field.choice'],
    [{ org_id: undefined }, '/org_id field.missing'],
    [{ auth: 'private_key_jwt' }, '/jwks field.missing'],
    [{ jwks: { keys: [key.jwk] } }, '/jwks field.format'],
    [{ auth: 'private_key_jwt', jwks: { keys: [] } }, '/jwks field.format'],
    [{ auth: 'private_key_jwt', jwks: { keys: [{ ...key.jwk, d: 'x' }] } }, '/jwks field.format'],
    [{ scopes: ['clerk'] }, '/scopes field.choice'],
    [{ scopes: 'partner' }, '/scopes field.choice'],
    [{ redirect_uris: ['https://a.example/cb'] }, '/redirect_uris field.format'],
  ]);
  for (const uri of ['http://a.example/cb', 'https://a.example/#x', 'https://user@a.example/', 'javascript:alert(1)', 'app:/cb',
    'https://*.a.example/', 'https://a.example/a b', 'https:///x', '/cb', 'https://a.example/"', 'cn.example://host', 5])
    await refused('POST', '/v1/identity/clients', { token: t, body: { client_id: good.client_id, name: '某应用', type: 'app', auth: 'none',
      redirect_uris: [uri] } }, 422, 'request.invalid', '/redirect_uris field.format');
  await refused('POST', '/v1/identity/clients', { token: t, body: { ...good, org_id: NOBODY } }, 409, 'state.reference', '/org_id state.reference');
  const made = await call('POST', '/v1/identity/clients', { token: t, body: good });
  await refused('POST', '/v1/identity/clients', { token: t, body: good }, 409, 'state.exists', '/client_id state.exists');
  const seen = await call('GET', `/v1/identity/clients/${made.id}`, { token: t });
  assert.deepEqual([seen.client_id, seen.type, seen.secrets, seen.grants], [good.client_id, 'partner', 1, ['client_credentials']]);
  assert.ok(!JSON.stringify(seen).includes(made.client_secret));
  const far = minter(t)({ roles: ['system_admin@431129'] });
  for (const [method, path] of [['GET', ''], ['GET', `/${made.id}`], ['PATCH', `/${made.id}`], ['POST', `/${made.id}/secrets`], ['POST', `/${made.id}/disable`]])
    await refused(method, `/v1/identity/clients${path}`, { token: far, body: method === 'GET' ? undefined : {} }, 403, 'auth.area');
  await refused('GET', `/v1/identity/clients/${NOBODY}`, { token: t }, 404, 'request.not_found');
  await refused('GET', '/v1/identity/clients', { token: (await desk('city.audit')).token }, 403, 'auth.forbidden');
  const list = await call('GET', '/v1/identity/clients?limit=200', { token: t });
  assert.ok(['app', 'desk', good.client_id].every((id) => list.items.some((c) => c.client_id === id)));
});

test('a secret is shown once, kept by hash, and changed over without a gap', async () => {
  const t = await admin();
  const k = await partner();
  const works = async (secret) => (await token({ grant_type: 'client_credentials' }, basic(k.client_id, secret))).status === 200;
  const key = randomUUID();
  const rotate = () => call('POST', `/v1/identity/clients/${k.id}/secrets`, { token: t, key, whole: true, body: { overlap_s: 3600 } });
  const next = await rotate();
  assert.equal((await rotate()).json.client_secret, next.json.client_secret, 'asked for twice, shown again');
  const [[kept]] = sql(`SELECT response FROM identity.idempotency WHERE key = '${key}'`);
  assert.ok(!kept.includes(next.json.client_secret));
  assert.equal(sql(`SELECT count(*) FROM identity.client_secret WHERE hash = '${next.json.client_secret}'`)[0][0], '0');
  assert.deepEqual([await works(k.client_secret), await works(next.json.client_secret)], [true, true], 'both, for an hour');
  const now = await call('POST', `/v1/identity/clients/${k.id}/secrets`, { token: t, body: { overlap_s: 0 } });
  assert.deepEqual([await works(k.client_secret), await works(next.json.client_secret), await works(now.client_secret)], [false, false, true]);
  await refused('POST', `/v1/identity/clients/${k.id}/secrets`, { token: t, body: { overlap_s: 99999999 } }, 422, 'request.invalid', '/overlap_s field.too_large');
  const [[app]] = sql(`SELECT id FROM identity.client WHERE client_id = 'app'`);
  await refused('POST', `/v1/identity/clients/${app}/secrets`, { token: t, body: {} }, 404, 'request.not_found');
});

test('a disabled or expired client gets nothing, and what it has is dead', async () => {
  const t = await admin();
  const k = await partner();
  const got = await token({ grant_type: 'client_credentials' }, basic(k.client_id, k.client_secret));
  assert.equal(got.status, 200);
  await call('POST', `/v1/identity/clients/${k.id}/disable`, { token: t });
  assert.equal((await token({ grant_type: 'client_credentials' }, basic(k.client_id, k.client_secret))).json.error, 'invalid_client');
  assert.equal(revoked(k.id), 1, 'its tokens have it for their subject');
  await refused('POST', `/v1/identity/clients/${k.id}/disable`, { token: t }, 404, 'request.not_found');
  await refused('PATCH', `/v1/identity/clients/${k.id}`, { token: t, body: {} }, 404, 'request.not_found');
  const late = await partner({ expires_at: new Date(Date.now() - 1000).toISOString() });
  assert.equal((await token({ grant_type: 'client_credentials' }, basic(late.client_id, late.client_secret))).json.error, 'invalid_client');
  const a = keyPair('RS256'), b = keyPair('ES256');
  const signer = await partner({ auth: 'private_key_jwt', jwks: { keys: [a.jwk] } });
  await call('PATCH', `/v1/identity/clients/${signer.id}`, { token: t, body: { jwks: { keys: [b.jwk] } } });
  assert.equal((await withAssertion(assertion(a, signer.client_id))).status, 401, 'its old key');
  assert.equal((await withAssertion(assertion(b, signer.client_id))).status, 200);
  await refused('PATCH', `/v1/identity/clients/${signer.id}`, { token: t, body: { jwks: { keys: [] } } }, 422, 'request.invalid', '/jwks field.format');
  await refused('PATCH', `/v1/identity/clients/${signer.id}`, { token: t, body: { redirect_uris: ['x'] } }, 422, 'request.invalid', '/redirect_uris field.format');
});

test('sessions opened through a client end with it', async () => {
  const t = await admin();
  const k = await newClient({ type: 'app', auth: 'none', redirect_uris: ['https://short.example/cb'] });
  const p = await person();
  const { authorizeQuery, throughPage } = await import('./oauth.mjs');
  const { query, verifier } = await authorizeQuery({ client_id: k.client_id, redirect_uri: 'https://short.example/cb', scope: 'person' });
  const back = await throughPage(p, query);
  const got = await token({ grant_type: 'authorization_code', client_id: k.client_id, redirect_uri: 'https://short.example/cb',
    code_verifier: verifier, code: back.searchParams.get('code') });
  assert.equal(got.status, 200, got.text);
  assert.equal((await call('POST', `/v1/identity/clients/${k.id}/disable`, { token: t })).ended, 1);
  assert.equal(revoked(claimsOf(got.json.access_token).sid), 1);
  assert.notEqual((await token({ grant_type: 'refresh_token', client_id: k.client_id, refresh_token: got.json.refresh_token })).status, 200);
  assert.notEqual((await token({ grant_type: 'refresh_token', refresh_token: got.json.refresh_token })).status, 200);
});
