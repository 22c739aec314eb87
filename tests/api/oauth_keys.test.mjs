// Signing keys: published before they sign, believed until their last token
// expired; changed by an administrator, by yjyctl and by the clock.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, createVerify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, person } from '../lib/city.mjs';
import { headOf } from './oauth.mjs';
import { minter, NOBODY, ports, refused, RUN, sql } from './help.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const first = await person();
const security = minter(first.token)({ roles: ['security_admin@431100'] });
const [[bootstrap]] = sql(`SELECT kid FROM identity.signing_key WHERE state = 'active'`);
const KEYS = '/v1/identity/signing-keys';
const kidOf = (token) => headOf(token).kid;
const states = () => Object.fromEntries(sql('SELECT kid, state FROM identity.signing_key'));
const jwks = async () => (await call('GET', '/.well-known/jwks.json')).keys;
const old = () => sql(`UPDATE identity.signing_key SET published_at = published_at - interval '1 day' WHERE state = 'next'`);
const rotate = () => call('POST', `${KEYS}/rotate`, { token: security, key: null });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// At the door, and at two services behind it.
async function believed(token) {
  for (const [base, path] of [[undefined, '/v1/identity/me'], [undefined, '/v1/jobs/my/applications'],
    [`http://127.0.0.1:${ports.jobs}`, '/v1/jobs/my/applications']]) {
    const r = await request('GET', path, { token, base, quiet: base !== undefined });
    assert.equal(r.status, 200, `${base} ${path}: ${r.text}`);
  }
}
const yjyctl = (...args) => {
  const env = Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').trim().split('\n').map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  try {
    return { out: execFileSync(`${ROOT}${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`, ['keys', ...args],
      { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }), rc: 0 };
  } catch (e) { return { out: `${e.stdout}${e.stderr}`, rc: e.status }; }
};

// The other test files sign with the first key themselves: it is given back.
after(async () => {
  sql(`UPDATE identity.signing_key SET state = 'retired', retired_at = clock_timestamp() WHERE kid <> '${bootstrap}' AND state = 'active';
    UPDATE identity.signing_key SET state = 'active', retired_at = NULL, active_at = clock_timestamp() WHERE kid = '${bootstrap}'`);
  await eventually(async () => kidOf((await person()).token) === bootstrap, 'the first key signs again');
});

test('one key signs, the next is public already, and nothing of them is in clear', async () => {
  const keys = await jwks();
  assert.deepEqual(Object.values(states()).sort(), ['active', 'next']);
  assert.deepEqual(keys.map((k) => k.kid).sort(), Object.keys(states()).sort());
  for (const k of keys) {
    assert.deepEqual([k.use, k.d, k.p, k.kty], ['sig', undefined, undefined, 'RSA']);
    const thumb = createHash('sha256').update(JSON.stringify({ e: k.e, kty: k.kty, n: k.n })).digest('base64url');
    assert.equal(k.kid, thumb, 'named by its thumbprint (RFC 7638)');
  }
  assert.equal(kidOf(first.token), bootstrap);
  assert.ok(sql('SELECT sealed FROM identity.signing_key').every(([s]) => /^k[^.]+\.[\w-]+$/.test(s)));
  const list = await call('GET', `${KEYS}?limit=1`, { token: security });
  assert.equal(list.items.length, 1);
  assert.ok(list.next_cursor);
  const rest = await call('GET', `${KEYS}?limit=1&cursor=${encodeURIComponent(list.next_cursor)}`, { token: security });
  assert.notEqual(rest.items[0].kid, list.items[0].kid);
});

test('a key does not sign before it was public for long enough', async () => {
  await refused('POST', `${KEYS}/rotate`, { token: security, key: null }, 409, 'identity.key_unpublished');
  assert.equal(states()[bootstrap], 'active');
});

test('a change fails no token, old or new', async () => {
  old();
  const { kid } = await rotate();
  assert.equal(states()[bootstrap], 'retired');
  assert.equal(states()[kid], 'active');
  const p = await person();
  assert.equal(kidOf(p.token), kid, 'this key signs from now on');
  await believed(p.token);
  await believed(first.token);
  const keys = (await jwks()).map((k) => k.kid);
  assert.ok(keys.includes(kid) && keys.includes(bootstrap));
  await eventually(() => Object.values(states()).includes('next'), 'another one waits');
});

test('a key the others never saw is fetched when a token names it', async () => {
  await call('POST', KEYS, { token: security, key: null, body: { alg: 'ES256' } });
  sql(`UPDATE identity.signing_key SET state = 'withdrawn' WHERE state = 'next' AND alg = 'RS256'`);
  old();
  await sleep(5200);	// the others ask again at most every five seconds
  const { kid } = await rotate();
  const p = await person();
  assert.deepEqual([kidOf(p.token), headOf(p.token).alg, headOf(p.token).typ], [kid, 'ES256', 'at+jwt']);
  const key = (await jwks()).find((k) => k.kid === kid);
  const [head, body, sign] = p.token.split('.');
  assert.ok(createVerify('sha256').update(`${head}.${body}`).verify({ key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(sign, 'base64url')));
  await believed(p.token);
  await believed(first.token);
});

test('a withdrawn key is not believed, and the one that signs is not withdrawn', async () => {
  const active = Object.entries(states()).find(([, s]) => s === 'active')[0];
  await refused('POST', `${KEYS}/${active}/retire`, { token: security, key: null }, 404, 'request.not_found');
  await refused('POST', `${KEYS}/${NOBODY}/retire`, { token: security, key: null }, 404, 'request.not_found');
  const mid = Object.entries(states()).find(([k, s]) => s === 'retired' && k !== bootstrap)[0];
  const known = (await jwks()).map((k) => k.kid);
  assert.ok(known.includes(mid));
  assert.equal((await call('POST', `${KEYS}/${mid}/retire`, { token: security, key: null })).kid, mid);
  assert.ok(!(await jwks()).some((k) => k.kid === mid));
});

test('a retired key leaves the set when its last token has expired', async () => {
  sql(`UPDATE identity.signing_key SET retired_at = clock_timestamp() - interval '19 minutes' WHERE kid = '${bootstrap}'`);
  await sleep(5500);
  assert.ok((await jwks()).some((k) => k.kid === bootstrap));
  sql(`UPDATE identity.signing_key SET retired_at = clock_timestamp() - interval '21 minutes' WHERE kid = '${bootstrap}'`);
  await eventually(async () => !(await jwks()).some((k) => k.kid === bootstrap), 'it is gone');
  sql(`UPDATE identity.signing_key SET retired_at = clock_timestamp() WHERE kid = '${bootstrap}'`);
  await eventually(async () => (await jwks()).some((k) => k.kid === bootstrap), 'it is back');
});

test('by yjyctl', async () => {
  const listed = yjyctl('list');
  assert.equal(listed.rc, 0, listed.out);
  assert.match(listed.out, new RegExp(`${bootstrap}\\s+RS256\\s+retired`));
  const added = yjyctl('add', 'RS256');
  assert.equal(added.rc, 0, added.out);
  const kid = added.out.trim().split(/\s+/)[0];
  assert.equal(states()[kid], 'next');
  await eventually(async () => (await jwks()).some((k) => k.kid === kid), 'it is published');
  const early = yjyctl('rotate');
  assert.equal(early.rc, 1);
  assert.match(early.out, /published/);
  sql(`UPDATE identity.signing_key SET published_at = published_at - interval '2 days' WHERE kid = '${kid}'`);
  const turned = yjyctl('rotate');
  assert.equal(turned.rc, 0, turned.out);
  assert.equal(turned.out.trim(), kid);
  const p = await eventually(async () => { const q = await person(); return kidOf(q.token) === kid ? q : null; }, 'it signs');
  await believed(p.token);
  assert.equal(yjyctl('retire', kid).rc, 1, 'it signs');
  assert.equal(yjyctl('retire', 'nothing').rc, 1);
  assert.equal(yjyctl('sing').rc, 2);
  const waiting = yjyctl('add').out.trim().split(/\s+/)[0];
  assert.equal(yjyctl('retire', waiting).rc, 0);
  assert.equal(states()[waiting], 'withdrawn');
});

test('by the clock, when a key has signed for its time', async () => {
  const before = Object.entries(states()).find(([, s]) => s === 'active')[0];
  await eventually(() => Object.values(states()).includes('next'), 'one waits');
  old();
  sql(`UPDATE identity.signing_key SET active_at = active_at - interval '91 days' WHERE state = 'active'`);
  await eventually(() => states()[before] === 'retired', 'its time is over', 45000);
  const p = await eventually(async () => { const q = await person(); return kidOf(q.token) !== before ? q : null; }, 'another signs');
  await believed(p.token);
});

test('only the security administrator of the city', async () => {
  const far = minter(first.token)({ roles: ['security_admin@431129'] }), audit = minter(first.token)({ roles: ['audit@431100'] });
  for (const [method, path] of [['GET', ''], ['POST', ''], ['POST', '/rotate'], ['POST', `/${bootstrap}/retire`]]) {
    await refused(method, `${KEYS}${path}`, { token: far, key: null, body: method === 'GET' ? undefined : {} }, 403, 'auth.area');
    await refused(method, `${KEYS}${path}`, { token: audit, key: null }, 403, 'auth.forbidden');
  }
  await refused('POST', KEYS, { token: security, key: null, body: { alg: 'HS256' } }, 422, 'request.invalid', '/alg field.choice');
});
