// gateway.test.mjs -- the door with services behind it that misbehave.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, gateway, issuer, makeKey, mint, misbehave, raw } from './gateway_lab.mjs';

const ok = (body = 'ok', more = '') => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');
const key = makeKey();
let back, keys, door;

const acts = {
  ok: (s) => s.write(ok('ok', 'X-Yjy-Shard: 3\r\nKeep-Alive: timeout=5\r\nX-Kept: 1\r\n')),
  echo: (s, r) => s.write(ok(md5(r.body))),
  big: (s) => { s.write('HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n'); s.write(Buffer.alloc(40000000, 'a')); },
  chunked: (s) => s.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'5\r\nhello\r\n'.repeat(500)}0\r\nX-Trailer: 1\r\n\r\n`),
  until_close: (s) => s.end('HTTP/1.0 200 OK\r\n\r\nuntil close'),
  head: (s) => s.write('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n'),
  not_modified: (s) => s.write('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
  continued: (s) => s.write(`HTTP/1.1 100 Continue\r\n\r\n${ok()}`),
  garbage: (s) => s.write('HELLO\r\n\r\n'),
  die: (s) => s.destroy(),
  only_first: (s, r) => (r.n === 1 ? s.write(ok('first')) : s.destroy()),
  die_in_body: (s) => { s.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'); setTimeout(() => s.destroy(), 30); },
  die_in_chunk: (s) => { s.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'); setTimeout(() => s.destroy(), 30); },
  more_than_asked: (s) => s.write(`${ok()}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`),
  hang: () => {},
  slow: (s) => setTimeout(() => s.write(ok('slow')), 400),
  drip: (s) => {
    s.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let i = 1; i <= 4; i++) setTimeout(() => s.write(i < 4 ? '2\r\nx\n\r\n' : '0\r\n\r\n'), i * 100);
  },
};
const early = { refuses: (s) => s.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull') };
const at = (name) => `/v1/training/${name}`;
const get = (name, headers) => ask(door.port, 'GET', at(name), { headers });
const post = (name, body, headers) => ask(door.port, 'POST', at(name), { body, headers });

before(async () => {
  back = await misbehave(acts, early);
  keys = await issuer([key]);
  door = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`,
    YJY_JOBS: '127.0.0.1:1', YJY_CALL_MS: '1000' });
});
after(async () => {
  const code = await door.stop();
  back.close();
  keys.close();
  assert.equal(code, 0, 'asked to stop, it leaves with 0');
});

test('internal headers stop at the door, both ways', async () => {
  const r = await get('ok', { 'x-yjy-person': '1', 'x-request-id': 'mine', forwarded: 'for=1.1.1.1', 'x-forwarded-for': '9.9.9.9',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x-other': 'kept' });
  const { head } = back.seen.at(-1);
  assert.equal(r.status, 200);
  assert.doesNotMatch(head, /x-yjy|mine|for=1|9\.9\.9\.9|b7ad6b7169203331/i);
  assert.match(head, /x-other: kept/i);
  assert.match(head, /X-Forwarded-For: 127\.0\.0\.1\r\n|X-Forwarded-For: 127\.0\.0\.1$/m);
  assert.match(head, /Traceparent: 00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01/);
  assert.match(head, /X-Request-Id: [0-9a-f-]{36}/);
  assert.equal(r.headers['x-yjy-shard'], undefined);
  assert.equal(r.headers['keep-alive'], undefined);
  assert.equal(r.headers['x-kept'], '1');
});

test('what is not routed does not exist', async () => {
  for (const path of ['/internal/events', '/', '/v1', '/v1/trainings/ok', '/V1/training/ok'])
    assert.equal((await ask(door.port, 'GET', path)).status, 404, path);
  for (const path of ['/v1/training/../../internal/events', '//internal/events', '/v1/training/%2e%2e/x', '/v1/training/a%2fb', '/%69nternal/events'])
    assert.match(await raw(door.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400 /, path);
});

test('bodies go through whole, with a length and in chunks', async () => {
  const body = randomBytes(3000000);
  assert.equal(String((await post('echo', body)).body), md5(body));
  assert.equal(String((await post('echo', body, { 'transfer-encoding': 'chunked' })).body), md5(body));
  assert.match(back.seen.at(-1).head, /transfer-encoding: chunked/i);
  assert.equal(String((await post('echo', '', { 'content-length': 0 })).body), md5(''));
});

test('replies come back whole, however they are framed', async () => {
  assert.equal((await get('big')).body.length, 40000000);
  assert.equal(String((await get('chunked')).body), 'hello'.repeat(500));
  assert.equal(String((await get('until_close')).body), 'until close');
  assert.equal((await get('continued')).status, 200);
  const head = await ask(door.port, 'HEAD', at('head'));
  assert.equal(head.headers['content-length'], '1234');
  assert.equal((await get('not_modified')).status, 304);
});

test('pieces are passed on as they come', async () => {
  const began = Date.now();
  const times = [];
  await new Promise((done) => http.get(door.url + at('drip'), (res) => {
    res.on('data', () => times.push(Date.now() - began));
    res.on('end', done);
  }));
  assert.ok(times.length >= 3 && times[0] < times.at(-1) - 100, times.join());
});

test('a slow reader holds back the service, not the memory', async () => {
  const child = readFileSync(`/proc/${door.child.pid}/task/${door.child.pid}/children`, 'utf8').trim().split(' ').pop();
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))[1]);
  const before_kb = rss();
  const sockets = Array.from({ length: 5 }, () => {
    const s = net.connect(door.port, '127.0.0.1');
    s.pause();
    s.write(`GET ${at('big')} HTTP/1.1\r\nHost: a\r\n\r\n`);
    return s;
  });
  await sleep(700);
  const grown_kb = rss() - before_kb;
  for (const s of sockets) s.destroy();
  assert.ok(grown_kb < 20000, `${grown_kb} kB more`);
});

test('a service that dies before its reply', async () => {
  assert.equal(JSON.parse((await get('die')).body).code, 'server.upstream');
  assert.equal(JSON.parse((await get('garbage')).body).code, 'server.upstream');
  const r = await post('die', 'x');
  assert.equal(r.status, 503);
  assert.equal(JSON.parse(r.body).code, 'server.outcome_unknown');
});

test('a service that dies in its reply never makes a short one', async () => {
  assert.equal((await get('die_in_body')).broken, true);
  assert.equal((await get('die_in_chunk')).broken, true);
});

test('a kept connection that died: repeated once, and only without effect', async () => {
  assert.equal(String((await get('only_first')).body), 'first');
  const { connections } = back;
  assert.equal(String((await get('only_first')).body), 'first');
  assert.equal(back.connections, connections + 1);
  const seen = back.seen.length;
  assert.equal((await post('only_first', 'x')).status, 503);
  assert.equal(back.seen.length, seen + 1);
});

test('bytes behind a reply reach nobody', async () => {
  assert.equal(String((await get('more_than_asked')).body), 'ok');
  for (let i = 0; i < 5; i++) assert.equal(String((await get('ok')).body), 'ok');
});

test('refused at once, too slow, refused in the middle of a body', async () => {
  const began = Date.now();
  const r = await ask(door.port, 'GET', '/v1/jobs/vacancies');
  assert.equal(r.status, 503);
  assert.ok(Date.now() - began < 500);
  assert.equal(r.headers['retry-after'], '2');
  assert.equal((await ask(door.port, 'GET', '/v1/subsidies/x')).status, 503, 'no address');
  assert.equal((await get('hang')).status, 504);
  assert.ok([413, 0].includes((await post('refuses', Buffer.alloc(3000000))).status));
  assert.equal((await get('ok')).status, 200);
});

test('100-continue, pipelining, a client that leaves', async () => {
  const text = await raw(door.port, `POST ${at('echo')} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd` +
    `GET ${at('chunked')} HTTP/1.1\r\nHost: a\r\n\r\nGET /internal HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  assert.deepEqual([...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map((m) => m[1]).filter((s) => s !== '100'), ['200', '200', '404']);
  const s = net.connect(door.port, '127.0.0.1');
  s.write(`GET ${at('slow')} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await sleep(100);
  s.destroy();
  await sleep(500);
  assert.equal((await get('ok')).status, 200);
});

const came = () => back.seen.filter((r) => r.path.startsWith(at('ok')));	// the door also reads documents

test('tokens are judged at the door', async () => {
  const status = async (token) => (await get('ok', { authorization: `Bearer ${token}` })).status;
  const good = mint(key);
  const seen = came().length;
  assert.equal(await status(good), 200);
  assert.match(came().at(-1).head, new RegExp(`authorization: Bearer ${good.replace(/[.]/g, '\\.')}`, 'i'));
  for (const bad of [`${good}x`, 'x', good.replace(/\.[^.]+\./, '.e30.'), mint(key, { aud: 'other' }), mint(key, { iss: 'https://other' }),
    mint(key, { roles: ['service'] })])
    assert.equal(await status(bad), 401);
  const old = await get('ok', { authorization: `Bearer ${mint(key, { iat: 1000, exp: 1600 })}` });
  assert.equal(JSON.parse(old.body).code, 'auth.token_expired');
  assert.match(old.headers['www-authenticate'], /invalid_token/);
  assert.equal((await get('ok', { authorization: 'Basic YTpi' })).status, 401);
  assert.equal(came().length, seen + 1, 'none of these came through');
});

test('several tokens are none, and one in another place is not looked at', async () => {
  const good = mint(key), bad = mint(makeKey());
  const seen = came().length;
  for (const two of [`Bearer ${good}, Bearer ${good}`, `Bearer ${good} ${good}`, `Bearer ${good},${bad}`])
    assert.equal((await get('ok', { authorization: two })).status, 400);
  const lines = `Authorization: Bearer ${good}\r\nAuthorization: Bearer ${good}\r\n`;
  assert.match(await raw(door.port, `GET ${at('ok')} HTTP/1.1\r\nHost: a\r\n${lines}Connection: close\r\n\r\n`), /^HTTP\/1.1 400 /);
  assert.equal(came().length, seen);
  for (const [query, headers, body] of [[`?access_token=${bad}`, {}], ['', { cookie: `access_token=${good}` }],
    ['', { 'content-type': 'application/x-www-form-urlencoded' }, `access_token=${good}`]]) {
    const r = await ask(door.port, body ? 'POST' : 'GET', at('ok') + query, { headers, body });
    assert.equal(r.status, 200);
    assert.doesNotMatch(came().at(-1).head, /^authorization:/im, 'the service meets somebody unknown');
  }
});

test('a new key is fetched when it is first met, and not for every unknown one', async () => {
  const next = makeKey(), strangers = Array.from({ length: 5 }, () => mint(makeKey()));
  await sleep(5100);		// the last fetch must be five seconds old
  keys.keys = [next, key];
  const { asked } = keys, from = performance.now();
  assert.equal((await get('ok', { authorization: `Bearer ${mint(next)}` })).status, 200);
  assert.equal((await get('ok', { authorization: `Bearer ${mint(key)}` })).status, 200);
  for (const token of strangers)
    assert.equal((await get('ok', { authorization: `Bearer ${token}` })).status, 401);
  const most = 1 + Math.floor((performance.now() - from) / 5000);	// on a slow day
  assert.ok(keys.asked > asked && keys.asked <= asked + most, `${keys.asked - asked} fetches`);
});

test('one caller cannot take the place of all', async () => {
  const narrow = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`,
    YJY_LIMIT_CLIENT: '30', YJY_PROXIES: '127.0.0.1' });
  const from = (address, token) => ask(narrow.port, 'GET', at('ok'), { headers: {
    'x-forwarded-for': `8.8.8.8, ${address}`, ...(token ? { authorization: `Bearer ${token}` } : {}) } });
  const got = [];
  for (let i = 0; i < 40; i++) got.push(await from('198.51.100.1'));
  const let_through = got.filter((r) => r.status === 200).length;
  assert.ok(let_through >= 30 && let_through < 40, `${let_through} of 40`);
  const last = got.at(-1);
  assert.equal(last.status, 429);
  assert.ok(Number(last.headers['retry-after']) >= 1);
  assert.match(last.headers['ratelimit-policy'], /"client";q=30;w=60/);
  assert.equal((await from('198.51.100.2')).status, 200);
  assert.equal((await from('198.51.100.1', mint(key, { sub: randomUUID() }))).status, 200);
  assert.equal(await narrow.stop(), 0);
});

test('what is in flight is finished when it is asked to stop', async () => {
  const leaving = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}` });
  const reply = ask(leaving.port, 'GET', at('slow'));
  await sleep(100);
  const code = leaving.stop();
  assert.equal(String((await reply).body), 'slow');
  assert.equal(await code, 0);
});
