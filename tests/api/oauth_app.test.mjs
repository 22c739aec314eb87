// The app's way in: authorization code with PKCE, by an independent library
// and the real form; and everything that must not be let through.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { actFor, call, desks, request, totp } from '../lib/client.mjs';
import { desk, person, random } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { APP, APP_URI, admin, authorizeQuery, claimsOf, discover, formOf, newClient, oauth, open, OPTIONS, post, revoked, said,
  submit, throughPage, token, verifierAndChallenge } from './oauth.mjs';
import { refused, sql } from './help.mjs';

const as = await discover();
const codeOf = (url) => url.searchParams.get('code');

test('the metadata is complete (RFC 8414)', () => {
  for (const name of ['authorization', 'token', 'revocation', 'introspection'])
    assert.equal(as[`${name}_endpoint`], `${as.issuer}/oauth/${{ authorization: 'authorize', revocation: 'revoke',
      introspection: 'introspect' }[name] ?? name}`);
  assert.deepEqual(as.code_challenge_methods_supported, ['S256']);
  assert.deepEqual(as.response_types_supported, ['code']);
  assert.equal(as.authorization_response_iss_parameter_supported, true);
  assert.deepEqual(as.token_endpoint_auth_methods_supported, ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']);
  assert.ok(as.scopes_supported.includes('employer') && !as.scopes_supported.includes('service'));
});

test('a person signs in by the page: code, tokens, renewal, revocation', async () => {
  const p = await person();
  const { query, verifier } = await authorizeQuery();
  const back = await throughPage(p, query);
  assert.equal(back.href.split('?')[0], APP_URI);
  const params = oauth.validateAuthResponse(as, APP, back, query.state);
  const got = await oauth.processAuthorizationCodeResponse(as, APP, await oauth.authorizationCodeGrantRequest(as, APP,
    oauth.None(), params, APP_URI, verifier, OPTIONS));
  assert.equal(claimsOf(got.access_token).sub, p.id);
  assert.equal(claimsOf(got.access_token).client_id, 'app');
  assert.equal((await call('GET', '/v1/identity/me', { token: got.access_token })).person_id, p.id);
  const list = await call('GET', '/v1/identity/sessions', { token: got.access_token });
  assert.ok(list.items.some((s) => s.current && s.client_id === 'app' && s.method === 'text_code'));
  const next = await oauth.processRefreshTokenResponse(as, APP, await oauth.refreshTokenGrantRequest(as, APP, oauth.None(),
    got.refresh_token, OPTIONS));
  assert.notEqual(next.refresh_token, got.refresh_token);
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, APP, oauth.None(), next.refresh_token, OPTIONS));
  assert.equal(revoked(claimsOf(got.access_token).sid), 1);
  await assert.rejects(async () => oauth.processRefreshTokenResponse(as, APP, await oauth.refreshTokenGrantRequest(as, APP,
    oauth.None(), next.refresh_token, OPTIONS)), (e) => e.error === 'invalid_grant');
});

test('another library does the same (openid-client)', async () => {
  const lib = await import('openid-client');
  const uri = 'https://second.example/cb';
  const k = await newClient({ type: 'app', auth: 'none', redirect_uris: [uri], scopes: ['person'] });
  const config = await lib.discovery(new URL(as.issuer), k.client_id, undefined, lib.None(), { algorithm: 'oauth2',
    execute: [lib.allowInsecureRequests] });
  const pkceCodeVerifier = lib.randomPKCECodeVerifier(), expectedState = lib.randomState();
  const url = lib.buildAuthorizationUrl(config, { redirect_uri: uri, scope: 'person', state: expectedState,
    code_challenge: await lib.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256' });
  const p = await person();
  const back = await throughPage(p, url.searchParams.toString());
  const got = await lib.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState });
  assert.equal(got.scope, 'person@431100');
  assert.equal(claimsOf(got.access_token).client_id, k.client_id);
  const next = await lib.refreshTokenGrant(config, got.refresh_token);
  assert.equal(claimsOf(next.access_token).sid, claimsOf(got.access_token).sid);
  await lib.tokenRevocation(config, next.refresh_token);
  await assert.rejects(lib.refreshTokenGrant(config, next.refresh_token), (e) => e.error === 'invalid_grant');
});

test('what the app was given can act for a firm, and no longer than it', async () => {
  const p = await person();
  const org = await call('POST', '/v1/identity/orgs', { token: p.token, body: { uscc: uscc(random), name: '授权公司',
    kind: 'enterprise', area_code: '431103' } });
  const signIn = async (scope) => {
    const { query, verifier } = await authorizeQuery({ scope });
    return (await token({ grant_type: 'authorization_code', client_id: 'app', redirect_uri: APP_URI, code_verifier: verifier,
      code: codeOf(await throughPage(p, query)) })).json;
  };
  const whole = await signIn();
  const acting = await actFor({ token: whole.access_token }, org.org_id);
  assert.ok(claimsOf(acting.token).roles.includes('employer@431100'));
  const narrow = await signIn('person');
  assert.equal(narrow.scope, 'person@431100');
  const r = await actFor({ token: narrow.access_token }, org.org_id);
  assert.deepEqual(claimsOf(r.token).roles, ['person@431100'], 'the scope asked for holds for what is opened from it');
  assert.equal((await post('/oauth/revoke', { client_id: 'app', token: whole.refresh_token })).status, 200);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: acting.refresh })).json.error, 'invalid_grant');
});

test('a code opens one session; shown again it ends it', async () => {
  const p = await person();
  const { query, verifier } = await authorizeQuery();
  const fields = { grant_type: 'authorization_code', client_id: 'app', redirect_uri: APP_URI, code_verifier: verifier,
    code: codeOf(await throughPage(p, query)) };
  const first = await token(fields);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.headers['cache-control'], 'no-store');
  assert.equal(sql(`SELECT count(*) FROM identity.authorization_code WHERE code_hash::text LIKE '%${fields.code}%' OR scope = '${fields.code}'`)[0][0], '0');
  assert.equal((await token(fields)).json.error, 'invalid_grant');
  assert.equal(revoked(claimsOf(first.json.access_token).sid), 1);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: first.json.refresh_token })).json.error, 'invalid_grant');
});

test('two exchanges of one code at once: one session at most', async () => {
  const p = await person();
  const { query, verifier } = await authorizeQuery();
  const fields = { grant_type: 'authorization_code', client_id: 'app', redirect_uri: APP_URI, code_verifier: verifier,
    code: codeOf(await throughPage(p, query)) };
  const replies = await Promise.all([token(fields), token(fields), token(fields)]);
  assert.equal(replies.filter((r) => r.status === 200).length, 1);
  const good = replies.find((r) => r.status === 200);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: good.json.refresh_token })).json.error, 'invalid_grant');
});

test('a code is bound to its verifier, its address, its client and its minute', async () => {
  const p = await person();
  const other = await newClient({ type: 'app', auth: 'none', redirect_uris: ['https://app.example/cb'] });
  const bad = [
    ['wrong verifier', async (f) => ({ ...f, code_verifier: (await verifierAndChallenge()).verifier }), true],
    ['the challenge itself', (f, q) => ({ ...f, code_verifier: q.code_challenge }), true],
    ['short verifier', (f) => ({ ...f, code_verifier: 'x'.repeat(42) }), true],
    ['other address', (f) => ({ ...f, redirect_uri: `${APP_URI}/` }), true],
    ['other client', (f) => ({ ...f, client_id: other.client_id }), false],
    ['late', (f) => { sql(`UPDATE identity.authorization_code SET expires_at = clock_timestamp()`); return f; }, true],
  ];
  for (const [what, change, burns] of bad) {
    const { query, verifier } = await authorizeQuery();
    const fields = { grant_type: 'authorization_code', client_id: 'app', redirect_uri: APP_URI, code_verifier: verifier,
      code: codeOf(await throughPage(p, query)) };
    const r = await token(await change(fields, query));
    assert.equal(r.json?.error, 'invalid_grant', `${what}: ${r.text}`);
    assert.equal((await token(fields)).status, burns ? 400 : 200, `${what}: afterwards`);
  }
  const { query, verifier } = await authorizeQuery();
  const code = codeOf(await throughPage(p, query));
  for (const missing of ['code', 'redirect_uri', 'code_verifier']) {
    const fields = { grant_type: 'authorization_code', client_id: 'app', redirect_uri: APP_URI, code_verifier: verifier, code };
    delete fields[missing];
    assert.equal((await token(fields)).json.error, 'invalid_request', missing);
  }
  const [[expires]] = sql(`SELECT max(expires_at) <= clock_timestamp() + interval '60 seconds' FROM identity.authorization_code`);
  assert.equal(expires, 't');
});

test('nobody is led anywhere before client and address are proven', async () => {
  for (const [over, words] of [[{ client_id: 'nobody' }, /未登记/], [{ client_id: undefined }, /缺少应用标识/],
    [{ client_id: 'sample-agency' }, /未登记/], [{ redirect_uri: undefined }, /回跳地址/],
    [{ redirect_uri: 'https://evil.example/' }, /回跳地址/], [{ redirect_uri: `${APP_URI}/x` }, /回跳地址/],
    [{ redirect_uri: `${APP_URI}?a=b` }, /回跳地址/], [{ redirect_uri: APP_URI.toUpperCase() }, /回跳地址/],
    [{ redirect_uri: `${APP_URI} https://evil.example/` }, /回跳地址/]]) {
    const page = await open((await authorizeQuery(over)).query);
    assert.equal(page.status, 400);
    assert.equal(page.headers.location, undefined);
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.match(page.text, words);
    assert.ok(!page.text.includes('<form'));
  }
  const twice = await open(`${new URLSearchParams((await authorizeQuery()).query)}&client_id=app`);
  assert.equal(twice.status, 400);
  assert.equal(twice.headers.location, undefined);
});

test('other mistakes go back to the client with its state and our name', async () => {
  for (const [over, error] of [[{ response_type: 'token' }, 'unsupported_response_type'], [{ response_type: undefined }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'], [{ code_challenge_method: undefined }, 'invalid_request'],
    [{ code_challenge: undefined }, 'invalid_request'], [{ code_challenge: 'short' }, 'invalid_request'],
    [{ code_challenge: `${'a'.repeat(42)}=` }, 'invalid_request'], [{ scope: 'clerk' }, 'invalid_scope'],
    [{ scope: 'person  employer' }, 'invalid_scope'], [{ scope: 'openid' }, 'invalid_scope']]) {
    const { query } = await authorizeQuery(over);
    const r = await open(query);
    assert.equal(r.status, 303, JSON.stringify(over));
    const back = new URL(r.headers.location);
    assert.equal(back.searchParams.get('error'), error, JSON.stringify(over));
    assert.equal(back.searchParams.get('state'), query.state);
    assert.equal(back.searchParams.get('iss'), as.issuer);
    assert.throws(() => oauth.validateAuthResponse(as, APP, back, query.state), (e) => e.error === error);
  }
  const unknown = await open({ ...(await authorizeQuery()).query, ui_theme: 'x' });
  assert.equal(unknown.status, 200, 'what is not known is ignored (RFC 6749 §3.1)');
});

test('the page is alone: no script, no frame, nothing from elsewhere', async () => {
  const odd = `"><script>alert(1)</script>&'`;
  const page = await open((await authorizeQuery({ state: odd })).query);
  const policy = page.headers['content-security-policy'];
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' cn.yongzhou.jiuye365:"])
    assert.ok(policy.includes(part), policy);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.equal(page.headers['x-frame-options'], 'DENY');
  assert.ok(!/<script|src=|href=/.test(page.text));
  const { createHash } = await import('node:crypto');
  const style = /<style>([^]*?)<\/style>/.exec(page.text)[1];
  assert.ok(policy.includes(createHash('sha256').update(style).digest('base64')), 'the style is the one the policy admits');
  const again = await submit(page, { phone: odd, code: '1' });
  assert.equal(again.status, 400);
  assert.ok(!again.text.includes('<script'), 'what was typed comes back escaped');
  assert.equal(formOf(again).fields.phone, odd);
});

test('a failed try keeps the request and says what is wrong; a cancelled one goes back', async () => {
  const p = await person();
  const { query, verifier } = await authorizeQuery();
  let page = await open(query);
  page = await submit(page, { phone: '123', do: 'send' });
  assert.equal(said(page), '请输入正确的手机号码。');
  sql('DELETE FROM identity.text_code');
  page = await submit(page, { phone: p.phone, do: 'send' });
  assert.match(said(page), /已发送/);
  const soon = await submit(page, { do: 'send' });
  assert.match(said(soon), /过于频繁/);
  const message = await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`);
  const code = /\d{6}/.exec(message.body)[0];
  page = await submit(page, { code: code === '111111' ? '222222' : '111111' });
  assert.match(said(page), /验证码不正确/);
  assert.equal(formOf(page).fields.phone, p.phone);
  const back = await submit(page, { code });
  assert.equal(back.status, 303);
  assert.equal((await token({ grant_type: 'authorization_code', client_id: 'app', redirect_uri: APP_URI,
    code_verifier: verifier, code: codeOf(new URL(back.headers.location)) })).status, 200);
  const cancelled = new URL((await submit(page, { do: 'cancel' })).headers.location);
  assert.equal(cancelled.searchParams.get('error'), 'access_denied');
  const stranger = await submit(page, { phone: '19912345678', code: '123456' });
  assert.match(said(stranger), /验证码不正确/, 'the same words for a phone that nobody has');
});

test('a form without its own sealed request is nothing', async () => {
  const page = await open((await authorizeQuery()).query);
  const { fields } = formOf(page);
  const flip = (s) => `${s.slice(0, -3)}${s.at(-3) === 'A' ? 'B' : 'A'}${s.slice(-2)}`;
  for (const request_ of [undefined, 'x', flip(fields.request), `${fields.request}x`]) {
    const r = await post('/oauth/authorize', { do: 'cancel', ...(request_ === undefined ? {} : { request: request_ }) });
    assert.equal(r.status, 400);
    assert.match(r.text, /已过期/);
    assert.equal(r.headers.location, undefined);
  }
  assert.equal((await post('/oauth/authorize', 'request=%ZZ')).status, 400);
  const gone = await newClient({ type: 'app', auth: 'none', redirect_uris: ['https://gone.example/cb'] });
  const waiting = await open((await authorizeQuery({ client_id: gone.client_id, redirect_uri: 'https://gone.example/cb' })).query);
  assert.match(waiting.headers['content-security-policy'], /form-action 'self' https:\/\/gone\.example;/);
  await call('POST', `/v1/identity/clients/${gone.id}/disable`, { token: await admin() });
  const r = await submit(waiting, { do: 'cancel' });
  assert.equal(r.status, 400, 'the client was disabled while the page stood open');
});

test('an officer signs in at the desk with password and one-time code', async () => {
  const [[id]] = sql(`SELECT id FROM identity.client WHERE client_id = 'desk'`);
  await call('PATCH', `/v1/identity/clients/${id}`, { token: await admin(), body: { redirect_uris: ['http://127.0.0.1:8000/cb?from=desk'] } });
  const client = { client_id: 'desk' }, uri = 'http://127.0.0.1:8000/cb?from=desk';
  const { query, verifier } = await authorizeQuery({ client_id: 'desk', redirect_uri: uri });
  const page = await open(query);
  assert.ok(/name="totp"/.test(page.text) && !/name="phone"/.test(page.text));
  const row = desks().desks.find((d) => d.login === 'lst.clerk');
  const wrong = await submit(page, { login: row.login, password: 'not-the-password', totp: '123456' });
  assert.equal(said(wrong), '账号、口令或动态码不正确。');
  assert.equal(formOf(wrong).fields.login, row.login);
  assert.equal(formOf(wrong).fields.password, '', 'a password is never sent back');
  assert.equal(said(await submit(page, { login: 'nobody.at.all', password: 'not-the-password', totp: '123456' })), said(wrong));
  sql(`UPDATE identity.officer SET totp_step = 0 WHERE login = '${row.login}'`);	// the desk may be in use
  const back = await submit(wrong, { login: row.login, password: row.password, totp: totp(Buffer.from(row.totp, 'base64url')) });
  assert.equal(back.status, 303, back.text);
  assert.match(back.headers.location, /^http:\/\/127\.0\.0\.1:8000\/cb\?from=desk&code=/);
  const params = oauth.validateAuthResponse(as, client, new URL(back.headers.location), query.state);
  const got = await oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(as, client,
    oauth.None(), params, uri, verifier, OPTIONS));
  const claims = claimsOf(got.access_token);
  assert.deepEqual(claims.roles, ['clerk@431103']);
  assert.ok(claims.amr.includes('mfa'));
  assert.equal(claims.client_id, 'desk');
  assert.equal((await token({ grant_type: 'refresh_token', client_id: 'app', refresh_token: got.refresh_token })).json.error, 'invalid_grant',
    'another client’s token');
  assert.ok((await desk('lst.clerk')).token);
});

test('the token endpoint takes forms as they should be', async () => {
  for (const [raw, error, headers] of [
    ['grant_type=refresh_token&refresh_token=x&refresh_token=y', 'invalid_request'],
    ['grant_type=refresh_token&grant_type=refresh_token&refresh_token=x', 'invalid_request'],
    ['grant_type=authorization_code&code=x', 'invalid_client'],
    ['grant_type=authorization_code&client_id=app&code=x&redirect_uri=y', 'invalid_request'],
    ['grant_type=client_credentials&client_id=app', 'unauthorized_client'],
    ['grant_type=password&client_id=app&username=a&password=b', 'unsupported_grant_type'],
    ['grant_type=refresh_token&refresh_token=', 'invalid_request'],
    ['grant_type=refresh_token&refresh_token=%00', 'invalid_request'],
    ['{"grant_type":"refresh_token"}', 'invalid_request', { 'content-type': 'application/json' }]]) {
    const r = await token(raw, headers);
    assert.equal(r.json?.error, error, `${raw}: ${r.text}`);
    assert.equal(r.headers['cache-control'], 'no-store');
  }
  const p = await person();
  assert.equal((await token(`grant_type=refresh_token&refresh_token=${p.refresh}&colour=red`)).status, 200,
    'what is not known is ignored (RFC 6749 §3.2)');
  await refused('POST', '/v1/identity/clients', { token: p.token, body: {} }, 403, 'auth.forbidden');
});
