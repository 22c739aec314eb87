// slow: clients that take their time, at a gateway with short limits. They are
// cut, they cost a connection each and nothing more, and others are served.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { ask, gateway, issuer, makeKey, misbehave } from '../fault/gateway_lab.mjs';

const HEADER_MS = 800, BODY_MS = 700, IDLE_MS = 1500, MOST = 60;
let back, keys, door;
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

before(async () => {
  back = await misbehave({ ok: (s) => s.write(ok), take: (s) => s.write(ok) });
  keys = await issuer([makeKey()]);
  door = await gateway({ YJY_JOBS: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`,
    YJY_HEADER_MS: String(HEADER_MS), YJY_BODY_MS: String(BODY_MS), YJY_IDLE_MS: String(IDLE_MS),
    YJY_MAX_CONNECTIONS: String(MOST) });
});
after(async () => { await door.stop(); back.close(); keys.close(); });

// Sends piece by piece until the other side ends; {ms, got}.
function drip(pieces, gap_ms, { read = true } = {}) {
  return new Promise((resolve) => {
    const s = net.connect(door.port, '127.0.0.1'), from = Date.now();
    let got = '', i = 0;
    const timer = setInterval(() => { if (i < pieces.length) s.write(pieces[i++]); }, gap_ms);
    s.on('data', (d) => { got += d.toString('latin1'); });
    if (!read) s.pause();
    s.on('error', () => {});
    s.on('close', () => { clearInterval(timer); resolve({ ms: Date.now() - from, got }); });
    setTimeout(() => s.destroy(), 20000).unref();
  });
}
const served = async () => (await ask(door.port, 'GET', '/v1/jobs/ok')).status;

test('a head that never ends is cut in its time, however steadily it drips', async () => {
  const head = [...'GET /v1/jobs/ok HTTP/1.1\r\nHost: a\r\nX-Slow: ', ...'a'.repeat(2000)];
  const { ms, got } = await drip(head, 50);
  assert.match(got, /^HTTP\/1\.1 408 /);
  assert.ok(ms >= HEADER_MS - 50 && ms < 10000, `${ms} ms`);
});

test('a body that stops is answered 408 or cut, and never half passed on as whole', async () => {
  const before_ = back.seen.length;
  const { got, ms } = await drip(['POST /v1/jobs/take HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n', 'a'.repeat(10)], 30);
  assert.ok(ms < 15000);
  assert.doesNotMatch(got, /200 OK/);
  assert.equal(back.seen.length, before_);
});

test('a connection that says nothing, or nothing more, is closed', async () => {
  const silent = await drip([], 100);
  assert.ok(silent.ms < 15000);
  const kept = await drip(['GET /v1/jobs/ok HTTP/1.1\r\nHost: a\r\n\r\n'], 10);
  assert.match(kept.got, /^HTTP\/1\.1 200 /);
  assert.ok(kept.ms >= IDLE_MS - 100 && kept.ms < 15000, `${kept.ms} ms`);
});

test('a crowd of slow clients holds its own places alone, and only for a while', async () => {
  const crowd = Array.from({ length: MOST - 10 }, () => drip([...'GET /v1/jobs/ok HTTP/1.1\r\nHost: a\r\nX: ', ...'b'.repeat(500)], 60));
  await new Promise((r) => setTimeout(r, 200));
  for (let i = 0; i < 20; i++) assert.equal(await served(), 200);
  for (const { got } of await Promise.all(crowd)) assert.match(got, /^HTTP\/1\.1 408 /);
  assert.equal(await served(), 200);
});

test('beyond the most connections new ones wait or are turned away, and come back when there is room', async () => {
  const sockets = Array.from({ length: MOST + 20 }, () => { const s = net.connect(door.port, '127.0.0.1'); s.on('error', () => {}); return s; });
  await new Promise((r) => setTimeout(r, 300));
  for (const s of sockets) s.destroy();
  for (let i = 0; ; i++) {
    if (await served() === 200) break;
    assert.ok(i < 100, 'never served again');
    await new Promise((r) => setTimeout(r, 50));
  }
});
