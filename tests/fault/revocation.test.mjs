// revocation.test.mjs -- what is taken back is refused everywhere within two
// seconds: at the door and behind it, with Redis and without.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eventually, person } from '../lib/city.mjs';
import { call, request } from '../lib/client.mjs';
import { SERVICES, isProblem, minter, ports, serviceToken, sql } from '../api/help.mjs';
import { redis, redisPid, redisUp } from './events_lab.mjs';
import { ask, gateway, issuer, makeKey, mint, misbehave } from './gateway_lab.mjs';
import { killParent, gone, sleep, whole, workerOf } from './strike.mjs';

const SECONDS = 2 + 1;	// the promise, and a busy machine
const behind = (service) => `http://127.0.0.1:${ports[service]}`;
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const ready = async (name) => (await request('GET', '/readyz', { base: behind(name), quiet: true })).json;
const everywhere = [...SERVICES, 'gateway'];
let someone, make;

// Whether a token is believed: the door judges it on every path, a service on
// one that a person may not use: 401 or 403.
async function probe(where, token) {
  for (let i = 0; ; i++) {
    try {
      const reply = await request('GET', where === 'gateway' ? '/v1/identity/me' : '/internal/events',
        { base: behind(where), token, quiet: true });
      return reply.status;
    } catch (error) {	// a kept connection whose program was killed
      if (i === 50) throw error;
      await sleep(20);
    }
  }
}
const believed = async (where, token) => ![401, 503].includes(await probe(where, token));

const revoke = (id) => sql(`SELECT identity.revoke('${id}', 'test')`);
async function refusedEverywhere(token, begun, where = everywhere) {
  for (const w of where) {
    await eventually(async () => await probe(w, token) === 401, `${w} refuses`, 10000);
    const took = (Date.now() - begun) / 1000;
    assert.ok(took < SECONDS, `${w} took ${took.toFixed(2)} s`);
  }
}
async function believedEverywhere(token) {
  for (const w of everywhere) assert.ok(await believed(w, token), `${w} believes`);
}
async function killRedis() {
  const pid = redisPid();
  process.kill(pid, 'SIGKILL');
  await gone(pid).catch(() => {});
}
// Only where none answers: a second one would take the socket and outlive the test.
async function redisBack() {
  try { if (redis('ping') === 'PONG') return; } catch { /* it is gone */ }
  await redisUp();
}
// A token of its own session, subject and id.
const fresh = () => make({ roles: ['person@431100'], sub: randomUUID(), sid: randomUUID() });

before(async () => {
  someone = await person();
  make = minter(someone.token);
  await eventually(async () => (await Promise.all(everywhere.map(ready))).every((r) => r.revocations === 'live'),
    'revocations are heard everywhere');
});

test('a session, a subject or a token taken back is refused everywhere, its neighbour is not', async () => {
  const other = fresh();
  for (const what of ['jti', 'sub', 'sid']) {
    const token = fresh();
    await believedEverywhere(token);
    const begun = Date.now();
    revoke(claims(token)[what]);
    await refusedEverywhere(token, begun);
  }
  await believedEverywhere(other);
});

test('a token issued after the moment works', async () => {
  const sub = randomUUID(), old = make({ roles: ['person@431100'], sub }), begun = Date.now();
  revoke(sub);
  await refusedEverywhere(old, begun);
  await sleep(1000);
  const now = Math.floor(Date.now() / 1000);
  await believedEverywhere(make({ roles: ['person@431100'], sub, iat: now, exp: now + 60 }));
  await refusedEverywhere(old, Date.now());
});

test('the list and the question are for services alone, and are judged', async () => {
  const base = behind('identity');
  const get = (query, token) => request('GET', `/internal/revocations${query}`, { base, token, quiet: true });
  const post = (body, token) => request('POST', '/internal/introspect', { base, token, body, quiet: true });
  const own = serviceToken();
  isProblem(await get(''), 401, 'auth.token_missing');
  isProblem(await get('', someone.token), 403, 'auth.forbidden');
  assert.equal((await get('?after=-1', own)).status, 422);
  assert.equal((await request('GET', '/internal/revocations')).status, 404, 'not through the door');
  const token = fresh(), { jti, sub, iat } = claims(token);
  const list = await get('', own);
  revoke(jti);
  await eventually(async () => (await get(`?after=${list.json.head}`, own)).json.items.some((i) => i.id === jti), 'it is in the list');
  assert.ok((await get('', own)).json.items.some((i) => i.id === jti), 'and in the whole one');

  isProblem(await post({ tokens: [] }, someone.token), 403, 'auth.forbidden');
  assert.equal((await post({ tokens: [] }, own)).status, 422);
  const one = { id: jti, subject: sub, issued_at: new Date(iat * 1000).toISOString() };
  const alive = { ...one, id: randomUUID() };
  const later = { ...one, issued_at: new Date(Date.now() + 60000).toISOString() };
  assert.deepEqual((await post({ tokens: [one, alive] }, own)).json, { dead: [jti] });
  assert.deepEqual((await post({ tokens: [later] }, own)).json, { dead: [] });
});

test('a program started afterwards knows it', async () => {
  const token = fresh(), begun = Date.now();
  revoke(claims(token).jti);
  await refusedEverywhere(token, begun);
  for (const name of ['gateway', 'jobs']) {
    await killParent(name)();
    await whole();
    assert.equal(await probe(name, token), 401, name);
    assert.ok(await believed(name, fresh()), name);
  }
});

test('a message lost and a message forged', async () => {
  const token = fresh(), innocent = fresh();
  await believedEverywhere(token);
  // A revocation whose message never comes: the row and its event, told by the beat alone.
  redis('publish', 'ev.identity', JSON.stringify({ source: 'identity', head: 999999999 }));
  redis('publish', 'ev.identity', '{"source":"identity","seq":1}');
  redis('publish', 'ev.identity', 'not json');
  const begun = Date.now();
  revoke(claims(token).jti);
  await refusedEverywhere(token, begun);
  await believedEverywhere(innocent);
  await eventually(async () => (await Promise.all(everywhere.map(ready))).every((r) => r.revocations === 'live'), 'live again');
});

test('with Redis gone the door says so and asks; services read the list', async (t) => {
  const early = fresh();
  await believedEverywhere(early);
  await killRedis();
  t.after(redisBack);
  await eventually(async () => (await ready('gateway')).revocations === 'degraded', 'the door says so');
  assert.equal((await request('GET', '/readyz', { quiet: true })).status, 200);
  let begun = Date.now();
  revoke(claims(early).sub);
  await refusedEverywhere(early, begun);

  const later = fresh();
  await believedEverywhere(later);
  begun = Date.now();
  revoke(claims(later).jti);
  await refusedEverywhere(later, begun);
  await believedEverywhere(fresh());

  await redisBack();
  await eventually(async () => (await Promise.all(everywhere.map(ready))).every((r) => r.revocations === 'live'), 'live again');
  assert.equal(await probe('gateway', later), 401, 'what was asked for is not forgotten');
  const third = fresh();
  await believedEverywhere(third);
  begun = Date.now();
  revoke(claims(third).jti);
  await refusedEverywhere(third, begun);
});

test('revoked while Redis is away for a moment', async () => {
  const token = fresh();
  await believedEverywhere(token);
  await killRedis();
  const begun = Date.now();
  revoke(claims(token).jti);
  await redisBack();
  await refusedEverywhere(token, begun);
});

test('identity restarts: what comes after is heard again', async () => {
  const token = fresh();
  await killParent('identity')();
  const begun = Date.now();
  revoke(claims(token).jti);
  await whole();
  await refusedEverywhere(token, Math.max(begun, Date.now()));
  assert.ok(await workerOf('identity'));
});

test('neither Redis nor identity: signatures count for a while, then 503, never 500', async () => {
  const key = makeKey();
  const back = await misbehave({ ok: (s) => s.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok') });
  const keys = await issuer([key]);
  const door = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`,
    YJY_REDIS: '', YJY_BLIND_S: '6' });
  const get = (token) => ask(door.port, 'GET', '/v1/training/ok', { headers: { authorization: `Bearer ${token}` } });
  const state = async () => JSON.parse((await ask(door.port, 'GET', '/readyz')).body);
  const jti = randomUUID(), token = mint(key, { jti }), other = mint(key);
  try {
    assert.equal((await get(token)).status, 200);
    assert.equal((await state()).revocations, 'degraded');
    keys.dead.add(jti);
    await eventually(async () => (await get(token)).status === 401, 'asked about, it is dead', 5000);
    assert.ok(keys.introspected > 0);
    await sleep(2100);
    const many = await Promise.all(Array.from({ length: 50 }, () => get(other)));
    assert.ok(many.every((r) => r.status === 200));
    assert.ok(keys.introspected < 20, 'they are asked about together');
    keys.close();
    await sleep(2100);
    assert.equal((await get(other)).status, 200);
    assert.equal((await get(token)).status, 401);
    assert.equal((await state()).revocations, 'blind');
    await eventually(async () => (await get(other)).status === 503, 'then nobody is believed', 12000);
    assert.match((await get(other)).headers['retry-after'], /^\d+$/);
    assert.equal((await ask(door.port, 'GET', '/v1/training/ok')).status, 200, 'who shows no token is no matter');
  } finally {
    await door.stop();
    back.close();
    keys.close();
  }
});

after(async () => {
  await redisBack().catch(() => {});
});
