// Sessions: limits, renewal with its short grace, the list of one's own, an
// administrator's hand, and no token in clear among the kept replies.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { actFor, call, request, textCode } from '../lib/client.mjs';
import { desk, person, random, someone } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { minter, NOBODY, refused, sql } from './help.mjs';

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const form = (fields) => request('POST', '/oauth/token', { raw: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' } });
const refresh = (token, more = {}) => form({ grant_type: 'refresh_token', refresh_token: token, ...more });
const sidOf = (token) => claimsOf(token).sid;
const revoked = (id) => Number(sql(`SELECT count(*) FROM identity.revocation WHERE id = '${id}'`)[0][0]);
const age = (sid, what, by) => sql(`UPDATE identity.session SET ${what} = ${what} - interval '${by}' WHERE id = '${sid}'`);

test('a sign-in opens a session that its access tokens name, officers’ with two factors', async () => {
  const p = await person();
  assert.match(sidOf(p.token), /^[0-9a-f-]{36}$/);
  assert.equal(claimsOf(p.token).amr, undefined);
  const next = await refresh(p.refresh);
  assert.equal(sidOf(next.json.access_token), sidOf(p.token), 'renewal stays in the session');
  const officer = await desk('jh.clerk');
  assert.ok(claimsOf(officer.token).amr.includes('mfa'));
  assert.ok(sidOf(officer.token));
});

test('within the grace the same successor, once it was used none: the session ends', async () => {
  const p = await person();
  const first = await refresh(p.refresh);
  const again = await refresh(p.refresh);
  assert.equal(again.status, 200, again.text);
  assert.equal(again.json.refresh_token, first.json.refresh_token, 'no second branch');
  assert.notEqual(again.json.access_token, first.json.access_token);
  const kept = sql(`SELECT successor_sealed FROM identity.refresh_token WHERE session = '${sidOf(p.token)}' AND used_at IS NOT NULL`);
  assert.equal(kept.length, 1);
  assert.ok(!kept[0][0].includes(first.json.refresh_token), 'the successor is kept sealed');
  const third = await refresh(first.json.refresh_token);
  assert.equal(third.status, 200);
  assert.equal((await refresh(p.refresh)).json.error, 'invalid_grant', 'its successor was used: a thief');
  assert.equal((await refresh(third.json.refresh_token)).json.error, 'invalid_grant', 'the whole family is over');
  assert.equal(revoked(sidOf(p.token)), 1, 'and its access tokens');
});

test('after the grace a second use ends the session', async () => {
  const p = await person();
  const first = await refresh(p.refresh);
  sql(`UPDATE identity.refresh_token SET used_at = used_at - interval '11 seconds' WHERE session = '${sidOf(p.token)}' AND used_at IS NOT NULL`);
  assert.equal((await refresh(p.refresh)).json.error, 'invalid_grant');
  assert.equal((await refresh(first.json.refresh_token)).json.error, 'invalid_grant');
  assert.equal(sql(`SELECT ended_why FROM identity.session WHERE id = '${sidOf(p.token)}'`)[0][0], 'refresh token used twice');
});

test('two renewals at once get one successor', async () => {
  const p = await person();
  const replies = await Promise.all([refresh(p.refresh), refresh(p.refresh), refresh(p.refresh)]);
  assert.deepEqual(replies.map((r) => r.status), [200, 200, 200]);
  assert.equal(new Set(replies.map((r) => r.json.refresh_token)).size, 1);
});

test('idle or absolute limit passed: no renewal', async () => {
  for (const [what, by, late] of [['last_used_at', '29 days', false], ['last_used_at', '31 days', true],
    ['ends_at', '89 days', false], ['ends_at', '91 days', true]]) {
    const p = await person();
    age(sidOf(p.token), what, by);
    const r = await refresh(p.refresh);
    assert.equal(r.status, late ? 400 : 200, `${what} ${by}: ${r.text}`);
    if (late) assert.equal(r.json.error, 'invalid_grant');
  }
  const p = await person();	// an access token does not outlive its session
  sql(`UPDATE identity.session SET ends_at = clock_timestamp() + interval '100 seconds' WHERE id = '${sidOf(p.token)}'`);
  const short = await refresh(p.refresh);
  assert.ok(short.json.expires_in <= 100, short.text);
  assert.ok(claimsOf(short.json.access_token).exp - claimsOf(short.json.access_token).iat <= 100);
});

test('an officer’s session has shorter limits', async () => {
  const shared = await desk('jh.clerk');
  const [[left, method]] = sql(`SELECT round(extract(epoch FROM ends_at - opened_at)), method FROM identity.session WHERE id = '${sidOf(shared.token)}'`);
  assert.deepEqual([left, method], ['43200', 'password_totp']);
  const { sid, token } = await officerTokens('lst.finance');
  const next = await refresh(token.refresh_token);
  assert.equal(next.status, 200);
  assert.ok(claimsOf(next.json.access_token).amr.includes('mfa'), 'renewed as strong as it was opened');
  age(sid, 'last_used_at', '31 minutes');
  assert.equal((await refresh(next.json.refresh_token)).json.error, 'invalid_grant');
});

// A session of an officer beside the one that all tests share at that desk.
async function officerTokens(login) {
  const [[id]] = sql(`SELECT id FROM identity.officer WHERE login = '${login}'`);
  const sid = randomUUID(), text = randomBytes(32).toString('base64url');
  sql(`INSERT INTO identity.session (id, kind, subject, client_id, method, strong, county_code, ends_at)
    SELECT '${sid}', 'officer', id, 'desk', 'password_totp', true, county_code, clock_timestamp() + interval '12 hours'
      FROM identity.officer WHERE id = '${id}';
    INSERT INTO identity.refresh_token (token_hash, session) VALUES ('\\x${createHash('sha256').update(text).digest('hex')}', '${sid}')`);
  const reply = await refresh(text);
  assert.equal(reply.status, 200, reply.text);
  return { id, sid, token: reply.json };
}

test('a renewal may ask for less, never for more', async () => {
  const p = await person();
  const org = await call('POST', '/v1/identity/orgs', { token: p.token, body: { uscc: uscc(random), name: '范围公司',
    kind: 'enterprise', area_code: '431103' } });
  const acting = await actFor(p, org.org_id);
  const less = await refresh(acting.refresh, { scope: 'employer' });
  assert.equal(less.json.scope, 'employer@431100');
  assert.deepEqual(claimsOf(less.json.access_token).roles, ['employer@431100']);
  for (const scope of ['clerk', 'employer clerk', 'employer@431129', ' employer', 'employer  person', 'EMPLOYER'])
    assert.equal((await refresh(less.json.refresh_token, { scope })).json.error, 'invalid_scope', scope);
  const whole = await refresh(less.json.refresh_token);
  assert.equal(whole.json.scope, 'person@431100 employer@431100', 'the session is what it was');
  assert.equal((await refresh(whole.json.refresh_token, { client_id: 'desk' })).json.error, 'invalid_grant');
});

test('acting for a firm ends with the person’s own session, and with the membership', async () => {
  const p = await person();
  const make = () => call('POST', '/v1/identity/orgs', { token: p.token, body: { uscc: uscc(random), name: '附属公司',
    kind: 'enterprise', area_code: '431103' } });
  const org = await make();
  const acting = await actFor(p, org.org_id);
  const other = await actFor(p, (await make()).org_id);
  sql(`UPDATE identity.org_member SET to_at = platform.now() WHERE org_id = '${org.org_id}'`);
  assert.equal((await refresh(acting.refresh)).json.error, 'invalid_grant', 'no member any more');
  assert.equal(revoked(sidOf(acting.token)), 1);
  const r = await call('POST', `/v1/identity/sessions/${sidOf(p.token)}/end`, { token: p.token, key: null });
  assert.equal(r.ended, 2);
  assert.equal((await refresh(other.refresh)).json.error, 'invalid_grant');
  assert.equal(revoked(sidOf(other.token)), 1);
});

test('one lists one’s own sessions and ends one of them, nobody else’s', async () => {
  const p = await person();
  const second = await (async () => {
    sql(`DELETE FROM identity.text_code`);
    return call('POST', '/v1/identity/sessions', { body: { phone: p.phone, code: await textCode(p.phone) }, key: null });
  })();
  const list = await call('GET', '/v1/identity/sessions?limit=10', { token: p.token });
  assert.deepEqual(list.items.map((s) => [s.session_id, s.current, s.client_id, s.method]), [
    [sidOf(second.access_token), false, 'app', 'text_code'], [sidOf(p.token), true, 'app', 'text_code']]);
  const page = await call('GET', '/v1/identity/sessions?limit=1', { token: p.token });
  assert.equal(page.items.length, 1);
  assert.ok(page.next_cursor);
  const stranger = await person();
  await refused('POST', `/v1/identity/sessions/${sidOf(p.token)}/end`, { token: stranger.token, key: null }, 404, 'request.not_found');
  await refused('POST', `/v1/identity/sessions/${NOBODY}/end`, { token: p.token, key: null }, 404, 'request.not_found');
  await refused('GET', '/v1/identity/sessions', {}, 401, 'auth.token_missing');
  const ended = await call('POST', `/v1/identity/sessions/${sidOf(second.access_token)}/end`, { token: p.token, key: null });
  assert.equal(ended.ended, 1);
  assert.equal((await refresh(second.refresh_token)).json.error, 'invalid_grant');
  assert.equal(revoked(sidOf(second.access_token)), 1);
  assert.equal((await refresh(p.refresh)).status, 200, 'the other one lives');
});

test('an administrator sees and ends officers’ sessions of the own area alone', async () => {
  const { id, sid, token } = await officerTokens('lst.approve');
  const mint = minter((await person()).token);
  const near = mint({ roles: ['security_admin@431103'] }), far = mint({ roles: ['security_admin@431129'] });
  const city = (await desk('city.system')).token;
  for (const [who, sees] of [[near, true], [far, false], [city, true]]) {
    const list = await call('GET', `/v1/identity/officer-sessions?limit=200&officer_id=${id}`, { token: who });
    assert.equal(list.items.some((s) => s.session_id === sid && s.login === 'lst.approve'), sees);
    assert.ok(list.items.every((s) => s.officer_id === id));
  }
  const all = await call('GET', '/v1/identity/officer-sessions?limit=200', { token: near });
  assert.ok(all.items.every((s) => s.county_code === '431103'));
  assert.ok((await call('GET', '/v1/identity/officer-sessions?limit=200', { token: city })).items
    .some((s) => s.county_code === '431100'), 'the city’s own too');
  await refused('POST', `/v1/identity/officer-sessions/${sid}/end`, { token: far, key: null }, 404, 'request.not_found');
  await refused('POST', `/v1/identity/officer-sessions/${sid}/end`, { token: (await desk('jh.clerk')).token, key: null }, 403, 'auth.forbidden');
  await refused('GET', '/v1/identity/officer-sessions', { token: (await desk('jh.clerk')).token }, 403, 'auth.forbidden');
  const p = await person();	// a person's session is not an officer's
  await refused('POST', `/v1/identity/officer-sessions/${sidOf(p.token)}/end`, { token: city, key: null }, 404, 'request.not_found');
  assert.equal((await call('POST', `/v1/identity/officer-sessions/${sid}/end`, { token: near, key: null })).ended, 1);
  assert.equal((await refresh(token.refresh_token)).json.error, 'invalid_grant');
  assert.equal(revoked(sid), 1);
});

test('a registration asked for twice gives the same tokens, which are not kept in clear', async () => {
  const p = someone();
  const code = await textCode(p.phone);
  const key = randomUUID();
  const ask = () => call('POST', '/v1/identity/persons', { key, whole: true, body: { phone: p.phone, code, name: p.name,
    id_number: p.id_number, area_code: p.area_code } });
  const first = await ask(), second = await ask();
  assert.equal(second.headers['idempotency-replayed'], 'true');
  assert.deepEqual(second.json, first.json);
  const [[kept]] = sql(`SELECT response FROM identity.idempotency WHERE key = '${key}'`);
  assert.match(kept, /^k[^.]+\.[A-Za-z0-9_-]+$/);
  assert.equal(sql(`SELECT count(*) FROM identity.idempotency WHERE response LIKE '%access_token%' OR response LIKE '%.eyJ%'`)[0][0], '0');
});
