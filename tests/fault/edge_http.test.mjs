// edge_http.test.mjs -- what reaches a service and what does not: framing that
// two parsers could read differently, paths with two spellings, headers that
// are ours alone; then CORS, 100-continue, event streams and compression.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { ask, gateway, issuer, makeKey, misbehave, mint, raw } from './gateway_lab.mjs';

const key = makeKey();
const at = (name) => `/v1/training/${name}`;
const text = JSON.stringify({ items: Array.from({ length: 200 }, (_, i) => ({ n: i, name: '电机装配工' })) });
const reply = (body, more = '', status = '200 OK') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n`), Buffer.from(body)]);
const json = 'Content-Type: application/json\r\n';
const noise = randomBytes(1500);

const acts = {
  revocations: (s) => s.write(reply('{"head":0,"row":null,"more":false,"items":[]}')),
  'jwks.json': (s) => s.write(reply(JSON.stringify({ keys: [key.jwk] }))),
  ok: (s) => s.write(reply('ok')),
  evil: (s) => s.write(reply('evil')),
  '%E7%94%B5%20x': (s) => s.write(reply('ok')),
  patched: (s, r) => s.write(reply(`${r.head.split(' ')[0]} ${r.body}`)),
  text: (s) => s.write(reply(text, json)),
  small: (s) => s.write(reply('{}', json)),
  tagged: (s) => s.write(reply(text, `${json}ETag: "7"\r\n`)),
  weak: (s) => s.write(reply(text, `${json}ETag: W/"7"\r\n`)),
  image: (s) => s.write(reply(noise, 'Content-Type: image/png\r\n')),
  noise: (s) => s.write(reply(noise, 'Content-Type: text/plain\r\n')),
  packed: (s) => s.write(reply(text, `${json}Content-Encoding: br\r\n`)),
  large: (s) => s.write(reply(text.repeat(40), json)),
  pieces: (s) => {
    s.write(`HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 5; i++) s.write(`${text.length.toString(16)}\r\n`), s.write(`${text}\r\n`.replace(/[^\x00-\x7f]/g, 'x'));
    s.write('0\r\nX-Trailer: 1\r\n\r\n');
  },
  events: (s) => {
    s.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n');
    let n = 0;
    const timer = setInterval(() => {
      if (s.destroyed) { clearInterval(timer); return; }
      const piece = n++ % 2 ? `data: ${n}\n\n` : ': still here\n\n';
      s.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    }, 100);
    s.on('close', () => clearInterval(timer));
  },
};
let back, keys, door, open;
// What reached the service of a client's; the door itself asks for documents now and then.
const came = () => back.seen.filter((r) => !r.path.endsWith('.json') && !r.path.startsWith('/internal/'));
const env = () => ({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}` });
const get = (name, headers, method = 'GET') => ask(door.port, method, at(name), { headers });

before(async () => {
  back = await misbehave(acts);
  keys = await issuer([key]);
  door = await gateway({ ...env(), YJY_BODY_MS: '600' });
  // Its open paths lead to the same service.
  open = await gateway({ ...env(), YJY_IDENTITY: `127.0.0.1:${back.port}` });
});
after(async () => { await door.stop(); await open.stop(); back.close(); keys.close(); });

// ---- framing ----

const evil = `GET ${at('evil')} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (lines, body) => `POST ${at('ok')} HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n${body}`;
const TE = 'Transfer-Encoding: chunked';

// Each is one head that two readers could frame differently, or no head at all.
const smuggling = {
  'CL then TE': post(`Content-Length: 5\r\n${TE}`, `0\r\n\r\n${evil}`),
  'TE then CL': post(`${TE}\r\nContent-Length: ${evil.length + 5}`, `0\r\n\r\n${evil}`),
  'CL twice, equal': post('Content-Length: 2\r\nContent-Length: 2', `ab${evil}`),
  'CL twice, different': post(`Content-Length: 0\r\nContent-Length: ${evil.length}`, evil),
  'CL as a list': post('Content-Length: 3, 3', `abc${evil}`),
  'CL with a plus': post('Content-Length: +3', `abc${evil}`),
  'CL with a minus': post('Content-Length: -3', `abc${evil}`),
  'CL with a leading zero': post('Content-Length: 03', `abc${evil}`),
  'CL in hex': post('Content-Length: 0x3', `abc${evil}`),
  'CL with a fraction': post('Content-Length: 3.0', `abc${evil}`),
  'CL empty': post('Content-Length:', evil),
  'CL beyond counting': post('Content-Length: 18446744073709551619', `abc${evil}`),
  'CL with inner space': post('Content-Length: 1 0', `abc${evil}`),
  'TE: gzip, chunked': post('Transfer-Encoding: gzip, chunked', `0\r\n\r\n${evil}`),
  'TE: chunked, identity': post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${evil}`),
  'TE: identity': post('Transfer-Encoding: identity', evil),
  'TE: xchunked': post('Transfer-Encoding: xchunked', `0\r\n\r\n${evil}`),
  'TE quoted': post('Transfer-Encoding: "chunked"', `0\r\n\r\n${evil}`),
  'TE with a vertical tab': post('Transfer-Encoding: \x0bchunked', `0\r\n\r\n${evil}`),
  'TE twice': post(`${TE}\r\n${TE}`, `0\r\n\r\n${evil}`),
  'TE under HTTP/1.0': `POST ${at('ok')} HTTP/1.0\r\nHost: a\r\n${TE}\r\n\r\n0\r\n\r\n${evil}`,
  'TE folded': post('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${evil}`),
  'space before the colon': post('Transfer-Encoding : chunked', `0\r\n\r\n${evil}`),
  'tab before the colon': post('Content-Length\t: 3', `abc${evil}`),
  'a folded header': post('X-A: 1\r\n 2\r\nContent-Length: 0', evil),
  'a fold in front': `POST ${at('ok')} HTTP/1.1\r\n Host: a\r\nHost: a\r\nContent-Length: 0\r\n\r\n${evil}`,
  'bare LF after a header': post('X-A: 1\nContent-Length: 0', evil),
  'bare LF as the blank line': `GET ${at('ok')} HTTP/1.1\r\nHost: a\r\n\n${evil}`,
  'bare CR inside a value': post(`X-A: 1\r${TE}`, `0\r\n\r\n${evil}`),
  'bare CR after a header': post('X-A: 1\rContent-Length: 0', evil),
  'NUL in a value': post('X-A: a\0b\r\nContent-Length: 0', evil),
  'NUL in a name': post('Content\0-Length: 3', `abc${evil}`),
  'no colon': post('Content-Length 3', `abc${evil}`),
  'an empty name': post(': 3\r\nContent-Length: 0', evil),
  'an underscore for a dash': post('Content_Length: 0', evil),
  'an underscore in a name of ours': post('X_Yjy_Person: 1\r\nContent-Length: 0', evil),
  'two hosts': post('Host: b\r\nContent-Length: 0', evil),
  'a bad version': `GET ${at('ok')} HTTP/1.1x\r\nHost: a\r\n\r\n${evil}`,
  'two spaces in the request line': `GET  ${at('ok')} HTTP/1.1\r\nHost: a\r\n\r\n${evil}`,
};
// Bodies whose framing breaks once the head has passed.
const broken = {
  'a chunk size of 17 digits': `00000000000000003\r\nabc\r\n0\r\n\r\n${evil}`,
  'a chunk size beyond counting': `fffffffffffffff3\r\nabc\r\n0\r\n\r\n${evil}`,
  'a chunk size with a plus': `+3\r\nabc\r\n0\r\n\r\n${evil}`,
  'a chunk size with 0x': `0x3\r\nabc\r\n0\r\n\r\n${evil}`,
  'an empty chunk size': `\r\nabc\r\n0\r\n\r\n${evil}`,
  'space before the chunk size': ` 3\r\nabc\r\n0\r\n\r\n${evil}`,
  'space after the chunk size': `3 \r\nabc\r\n0\r\n\r\n${evil}`,
  'a bare LF after the chunk size': `3\nabc\r\n0\r\n\r\n${evil}`,
  'a chunk longer than it says': `3\r\nabcd\r\n0\r\n\r\n${evil}`,
  'a chunk shorter than it says': `9\r\nabc\r\n0\r\n\r\n${evil}`,
  'a long chunk extension': `3;${'x'.repeat(200)}\r\nabc\r\n0\r\n\r\n${evil}`,
  'a bare LF in a chunk extension': `3;a=\nb\r\nabc\r\n0\r\n\r\n${evil}`,
  'a trailer with a space before the colon': `0\r\nX-A : 1\r\n\r\n${evil}`,
  'a folded trailer': `0\r\nX-A: 1\r\n 2\r\n\r\n${evil}`,
  'endless trailers': `0\r\n${'X-A: 1\r\n'.repeat(4000)}\r\n${evil}`,
  'a trailer with a bare LF': `0\r\nX-A: 1\n\r\n${evil}`,
};

async function nothingCame(bytes) {
  const from = came().length;
  const answer = await raw(door.port, bytes);
  assert.match(answer, /^HTTP\/1\.1 400 /, answer.slice(0, 100));
  assert.equal(answer.match(/HTTP\/1\.1 \d/g).length, 1, 'one answer, then the connection is closed');
  assert.match(answer, /connection: close/i);
  await sleep(20);
  assert.deepEqual(came().slice(from).map((r) => r.path), [], 'no request reached the service');
}

for (const [what, bytes] of Object.entries(smuggling))
  test(`refused, and nothing behind it is heard: ${what}`, async () => {
    if (what.includes('underscore')) {
      // The framing is sound: refused for the name, and what follows is a request of its own.
      const from = came().length;
      const answer = await raw(door.port, bytes.replace(evil, '').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.equal(came().length, from);
    } else await nothingCame(bytes);
  });

for (const [what, body] of Object.entries(broken))
  test(`refused, and nothing behind it is heard: ${what}`, () => nothingCame(post(TE, body)));

test('a short chunk extension and sound trailers are taken and go no further', async () => {
  const answer = await raw(door.port, `POST ${at('patched')} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${TE}\r\n\r\n` +
    '3;a=1\r\nabc\r\n0\r\nX-Trailer: evil\r\n\r\n');
  assert.match(answer, /POST abc$/);
  assert.doesNotMatch(came().at(-1).head, /trailer/i);
  assert.doesNotMatch((await raw(door.port, `GET ${at('pieces')} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)), /X-Trailer/);
});

// ---- one path ----

test('a path has one spelling; all others stop at the door', async () => {
  const from = came().length;
  for (const path of ['//v1/training/ok', '/v1//training/ok', '/v1/./training/ok', '/v1/training/../training/ok',
    '/v1/training/..', '/v1/training/.', '/v1/training/%2e%2e/ok', '/v1/training/%2E./ok', '/v1/training/.%2e',
    '/v1/training%2fok', '/v1/training%2Fok', '/v1/training/%5cok', '/v1/training/\\ok', '/v1/training/ok%00',
    '/v1/training/%0d%0aok', '/v1/training/ok;x=1', '/v1/training/..;/ok', '/v1/training/ok%3bx', '/v1/training/%6fk',
    '/v1/%74raining/ok', '/v1/training/%252e%252e/ok', '/v1/training/%zz', '/v1/training/%', 'http://a/v1/training/ok',
    'a:80', '*', 'v1/training/ok', '/v1/training/ok#x'])
    assert.match(await raw(door.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400 /, path);
  assert.equal(came().length, from);
  await get('%E7%94%B5%20x');
  assert.match(came().at(-1).head, /^GET \/v1\/training\/%E7%94%B5%20x HTTP/, 'what needs escaping passes as it came');
});

// ---- headers of the house ----

test('no copy of an internal header reaches a service, by no trick, on no path', async () => {
  const ours = ['X-Yjy-Person: evil', 'X-Yjy-Tls: evil', 'X-Internal-Caller: evil', 'X-Request-Id: evil', 'Traceparent: evil',
    'X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Proto: evil', 'Forwarded: for=evil', 'X-Real-IP: evil', 'Via: evil'];
  for (const path of [at('ok'), '/.well-known/ok', '/oauth/ok'])
    for (const connection of ['close', 'close, X-Request-Id, X-Forwarded-For, Traceparent, Host', 'close, X-Yjy-Person']) {
      const answer = await raw(path === at('ok') ? door.port : open.port, `GET ${path} HTTP/1.1\r\nHost: a\r\n${ours.join('\r\n')}\r\n${ours.join('\r\n').toUpperCase()}\r\nConnection: ${connection}\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 200 /, path + connection);
      const { head } = came().at(-1);
      assert.doesNotMatch(head, /evil|6\.6\.6\.6/i, connection);
      for (const must of [/^host: a$/im, /^x-request-id: [0-9a-f-]{36}$/im, /^x-forwarded-for: 127\.0\.0\.1$/im, /^traceparent: 00-/im])
        assert.equal(head.match(new RegExp(must, 'gim')).length, 1, `${must}`);
    }
});

test('a client cannot make its token disappear between door and service', async () => {
  const token = mint(key);
  await get('ok', { authorization: `Bearer ${token}`, connection: 'close, Authorization' });
  assert.match(came().at(-1).head, /^authorization: Bearer /im);
});

// ---- methods ----

test('PATCH passes with its body; OPTIONS * is about the door', async () => {
  assert.equal(String((await ask(door.port, 'PATCH', at('patched'), { body: '{"a":1}' })).body), 'PATCH {"a":1}');
  const from = came().length;
  const answer = await raw(door.port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 204 /);
  assert.match(answer, /Allow: .*PATCH/);
  assert.equal(came().length, from);
  assert.match(await raw(door.port, `TRACE ${at('ok')} HTTP/1.1\r\nHost: a\r\n\r\n`), /^HTTP\/1\.1 501 /);
  assert.match(await raw(door.port, 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1\.1 (400|501) /);
});

test('who waits for 100 is told to go on, or refused before the body', async () => {
  const socket = net.connect(door.port, '127.0.0.1');
  let got = '';
  socket.on('data', (d) => { got += d; });
  socket.on('error', () => {});
  socket.write(`POST ${at('patched')} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
  await sleep(200);
  assert.equal(got, 'HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('abc');
  await sleep(200);
  assert.match(got, /200 OK[^]*POST abc$/);
  assert.doesNotMatch(came().at(-1).head, /expect/i);
  socket.destroy();
  for (const [line, status] of [['Authorization: Bearer x\r\nContent-Length: 3', 401], ['Content-Length: 999999999', 413]]) {
    const answer = await raw(door.port, `POST ${at('ok')} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n${line}\r\n\r\n`);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.doesNotMatch(answer, /100 Continue/);
    assert.match(answer, /connection: close/i);
  }
});

// ---- pages of other origins ----

test('without a setting no origin is allowed', async () => {
  const r = await get('ok', { origin: 'https://app.example' });
  assert.equal(r.status, 200);
  assert.equal(r.headers['access-control-allow-origin'], undefined);
  const pre = await get('ok', { origin: 'https://app.example', 'access-control-request-method': 'POST' }, 'OPTIONS');
  assert.equal(pre.status, 403);
  assert.equal(JSON.parse(pre.body).code, 'request.origin');
});

test('allowed origins may read, the door answers their preflights, never with credentials', async () => {
  const narrow = await gateway({ ...env(), YJY_CORS_ORIGINS: 'https://app.example, https://desk.example:8443' });
  const from = (origin, method = 'GET', more = {}) => ask(narrow.port, method, at('ok'), { headers: { origin, ...more } });
  for (const origin of ['https://app.example', 'https://desk.example:8443']) {
    const r = await from(origin);
    assert.equal(r.headers['access-control-allow-origin'], origin);
    assert.match(r.headers.vary, /Origin/);
    assert.match(r.headers['access-control-expose-headers'], /ETag/);
    assert.equal(r.headers['access-control-allow-credentials'], undefined);
    const seen = came().length;
    const pre = await from(origin, 'OPTIONS', { 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' });
    assert.equal(pre.status, 204);
    assert.equal(came().length, seen, 'the service hears nothing of it');
    assert.match(pre.headers['access-control-allow-methods'], /PATCH/);
    assert.match(pre.headers['access-control-allow-headers'], /Authorization.*Idempotency-Key/);
    assert.equal(pre.headers['access-control-allow-credentials'], undefined);
    const bad = await ask(narrow.port, 'GET', '/nowhere', { headers: { origin } });
    assert.equal(bad.headers['access-control-allow-origin'], origin, 'errors can be read too');
  }
  for (const origin of ['https://app.example.evil', 'https://app.example:8443', 'http://app.example', 'null', 'https://desk.example']) {
    const r = await from(origin);
    assert.equal(r.headers['access-control-allow-origin'], undefined, origin);
    assert.match(r.headers.vary, /Origin/);
    assert.equal((await from(origin, 'OPTIONS', { 'access-control-request-method': 'GET' })).status, 403);
  }
  assert.equal(await narrow.stop(), 0);
  const all = await gateway({ ...env(), YJY_CORS_ORIGINS: '*' });
  const r = await ask(all.port, 'GET', at('ok'), { headers: { origin: 'https://any.example' } });
  assert.equal(r.headers['access-control-allow-origin'], '*');
  assert.equal(r.headers['access-control-allow-credentials'], undefined);
  assert.equal(await all.stop(), 0);
});

// ---- event streams ----

test('an event stream passes piece by piece, however long it lasts, and ends when the door leaves', async () => {
  const leaving = await gateway({ ...env(), YJY_BODY_MS: '300', YJY_CALL_MS: '500' });
  const pieces = [];
  let ended;
  const over = new Promise((done) => { ended = done; });
  http.get({ port: leaving.port, host: '127.0.0.1', path: at('events'), headers: { 'accept-encoding': 'gzip' } }, (res) => {
    assert.equal(res.headers['content-encoding'], undefined);
    assert.match(res.headers['content-type'], /event-stream/);
    res.on('data', (d) => pieces.push({ at: Date.now(), text: String(d) }));
    res.on('end', () => ended('whole'));
    res.on('error', () => ended('cut'));
  });
  await sleep(2500);
  assert.ok(pieces.length >= 10, `${pieces.length} pieces`);
  assert.ok(pieces.every((p) => p.text.length < 200), 'nothing was kept back');
  const code = leaving.stop();
  assert.equal(await over, 'whole');
  assert.equal(await code, 0);
});

// ---- compression ----

test('text is compressed for who asks, and only then', async () => {
  for (const accept of ['gzip', 'br;q=1, gzip;q=0.8', '*', 'GZIP', 'x-gzip', 'identity;q=0.5, gzip']) {
    const r = await get('text', { 'accept-encoding': accept });
    assert.equal(r.headers['content-encoding'], 'gzip', accept);
    assert.match(r.headers.vary, /Accept-Encoding/);
    assert.ok(r.body.length < text.length / 2);
    assert.equal(Number(r.headers['content-length']), r.body.length);
    assert.equal(String(gunzipSync(r.body)), text);
  }
  for (const accept of [undefined, '', 'gzip;q=0', 'br', 'identity, gzip;q=0.5', '*;q=0', 'gzip;q=x']) {
    const r = await get('text', accept === undefined ? {} : { 'accept-encoding': accept });
    assert.equal(r.headers['content-encoding'], undefined, String(accept));
    assert.match(r.headers.vary, /Accept-Encoding/, 'caches must know all the same');
    assert.equal(String(r.body), text);
  }
});

test('what would gain nothing, or must stay as it is, is left alone', async () => {
  for (const name of ['small', 'image', 'packed', 'tagged', 'noise']) {
    const plain = await get(name), r = await get(name, { 'accept-encoding': 'gzip' });
    assert.equal(r.headers['content-encoding'], plain.headers['content-encoding'], name);
    assert.deepEqual(r.body, plain.body, name);
  }
  assert.equal((await get('weak', { 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip');
  const head = await get('text', { 'accept-encoding': 'gzip' }, 'HEAD');
  assert.equal(head.body.length, 0);
});

test('long and chunked replies are compressed as they pass', async () => {
  const big = await get('large', { 'accept-encoding': 'gzip' });
  assert.equal(big.headers['content-encoding'], 'gzip');
  assert.equal(String(gunzipSync(big.body)), text.repeat(40));
  const chunked = await get('pieces', { 'accept-encoding': 'gzip' });
  assert.equal(chunked.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(chunked.body).length, (await get('pieces')).body.length);
});
