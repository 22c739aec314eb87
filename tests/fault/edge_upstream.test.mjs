// edge_upstream.test.mjs -- a service with several addresses, some of them
// ill: whom the door asks, what it repeats, when it stops asking, and routes
// that change while it runs.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, gateway, issuer, makeKey, misbehave } from './gateway_lab.mjs';

const reply = (body) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const at = (name) => `/v1/training/${name}`;
const key = makeKey();
const mood = {};	// what each service is up to just now
let keys, one, two, three;

// A service that tells its name, unless its mood says otherwise.
function service(name) {
  return misbehave({
    who: (s) => (mood[name] === 'die' ? s.destroy() : mood[name] === 'hang' ? null : s.write(reply(name))),
    slow: (s) => setTimeout(() => s.write(reply(name)), 300),
    // A second request on a kept connection meets a closed door.
    once: (s, r) => (r.n === 1 ? s.write(reply(`${name}${r.body}`)) : s.destroy()),
    die: (s) => s.destroy(),
  });
}
const address = (...them) => them.map((s) => `127.0.0.1:${s.port}`).join(',');
const count = (lab, name) => lab.seen.filter((r) => r.path === at(name)).length;
const metric = async (door, name) => {
  const text = await (await fetch(`${door.url}/metrics`)).text();
  return Number(text.split('\n').find((l) => l.startsWith(name))?.split(' ').pop() ?? NaN);
};
async function refusing() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return { port };
}

before(async () => {
  keys = await issuer([key]);
  [one, two, three] = await Promise.all(['one', 'two', 'three'].map(service));
});
after(() => { for (const s of [keys, one, two, three]) s.close(); });
const doorTo = (training, more = {}) =>
  gateway({ YJY_TRAINING: training, YJY_IDENTITY: `127.0.0.1:${keys.port}`, YJY_CALL_MS: '500', ...more });

test('several addresses share the work; the busy one gets less', async () => {
  const door = await doorTo(address(one, two, three));
  const who = [];
  for (let i = 0; i < 9; i++) who.push(String((await ask(door.port, 'GET', at('who'))).body));
  for (const name of ['one', 'two', 'three']) assert.equal(who.filter((w) => w === name).length, 3, who.join());
  const slow = ask(door.port, 'GET', at('slow'));
  await sleep(50);
  const meanwhile = [];
  for (let i = 0; i < 6; i++) meanwhile.push(String((await ask(door.port, 'GET', at('who'))).body));
  assert.ok(!meanwhile.includes(String((await slow).body)), 'whoever is busy is not asked while others are free');
  assert.equal(await door.stop(), 0);
});

test('an address that refuses costs nobody an answer, and is soon left alone', async () => {
  const dead = await refusing();
  const door = await doorTo(address(dead, one));
  for (let i = 0; i < 20; i++) {
    const r = await ask(door.port, i % 2 ? 'GET' : 'POST', at('who'), { body: i % 2 ? undefined : 'x' });
    assert.equal(String(r.body), 'one', 'even a change: nobody has heard of it');
  }
  assert.ok(await metric(door, 'yjy_gateway_breaker_opened_total{service="training"}') >= 1);
  assert.equal(await metric(door, 'yjy_gateway_upstream_ejected'), 1);
  assert.equal(await door.stop(), 0);
});

test('a read lost by one address is asked of another; a change is not', async () => {
  mood.one = 'die';
  const door = await doorTo(address(one, two));
  for (let i = 0; i < 4; i++) assert.equal(String((await ask(door.port, 'GET', at('who'))).body), 'two');
  const got = [];
  for (let i = 0; i < 4; i++) got.push((await ask(door.port, 'POST', at('who'), { body: 'x' })).status);
  mood.one = undefined;
  assert.ok(got.includes(503), 'its outcome is unknown, and said to be');
  assert.equal(await door.stop(), 0);
});

test('when most addresses are ill they are asked all the same', async () => {
  mood.one = mood.two = 'die';
  const door = await doorTo(address(one, two));
  for (let i = 0; i < 12; i++) assert.equal((await ask(door.port, 'GET', at('who'))).status, 502);
  assert.equal(await metric(door, 'yjy_gateway_upstream_ejected'), 2);
  mood.one = mood.two = undefined;
  const r = await ask(door.port, 'GET', at('who'));
  assert.equal(r.status, 200, 'they are well again, and nobody had to wait');
  assert.equal(await door.stop(), 0);
});

test('the only address is left alone after failures, tried by one, and asked again', async () => {
  mood.one = 'hang';
  const door = await doorTo(address(one), { YJY_CALL_MS: '100' });
  const late = await Promise.all(Array.from({ length: 5 }, () => ask(door.port, 'GET', at('who'))));
  assert.deepEqual(late.map((r) => r.status), Array(5).fill(504));
  const seen = count(one, 'who'), began = Date.now();
  const shut = await ask(door.port, 'GET', at('who'));
  assert.equal(shut.status, 503);
  assert.equal(shut.headers['retry-after'], '2');
  assert.ok(Date.now() - began < 500, 'nobody waits for it');
  assert.equal(count(one, 'who'), seen);
  await sleep(300);
  const tries = await Promise.all(Array.from({ length: 4 }, () => ask(door.port, 'GET', at('who'))));
  assert.deepEqual(tries.map((r) => r.status).sort(), [503, 503, 503, 504]);
  assert.equal(count(one, 'who'), seen + 1, 'one tries');
  mood.one = undefined;
  await sleep(700);
  assert.equal((await ask(door.port, 'GET', at('who'))).status, 200);
  assert.equal((await ask(door.port, 'GET', at('who'))).status, 200);
  assert.equal(await metric(door, 'yjy_gateway_upstream_ejected'), 0);
  assert.equal(await door.stop(), 0);
});

test('a kept connection that died: a keyed change is repeated once with its body, another is not', async () => {
  const door = await doorTo(address(one));
  const post = (headers) => ask(door.port, 'POST', at('once'), { body: '{"a":1}', headers });
  const keyed = { 'idempotency-key': randomUUID() };
  assert.equal(String((await post(keyed)).body), 'one{"a":1}');
  const { connections } = one;
  const again = await post(keyed);
  assert.equal(String(again.body), 'one{"a":1}');
  assert.equal(one.connections, connections + 1);
  assert.equal(one.seen.at(-1).head.toLowerCase().includes(keyed['idempotency-key']), true);
  const plain = await post({});
  assert.equal(plain.status, 503);
  assert.equal(JSON.parse(plain.body).code, 'server.outcome_unknown');
  await post(keyed);
  assert.equal(String((await ask(door.port, 'PUT', at('once'), { body: 'put' })).body), 'oneput', 'PUT means the same twice');
  assert.equal(await door.stop(), 0);
  const fresh = await doorTo(address(one)), seen = count(one, 'die');
  assert.equal((await ask(fresh.port, 'POST', at('die'), { body: 'x', headers: keyed })).status, 503);
  assert.equal(count(one, 'die'), seen + 1, 'on a new connection there is nothing to repeat');
  assert.equal(await fresh.stop(), 0);
});

test('a client that sends half a body and no more is told so', async () => {
  const door = await doorTo(address(one), { YJY_BODY_MS: '300' });
  const socket = net.connect(door.port, '127.0.0.1');
  let got = '';
  socket.on('data', (d) => { got += d; });
  socket.write(`POST ${at('who')} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf`);
  await new Promise((done) => socket.on('close', done));
  assert.match(got, /^HTTP\/1\.1 408 /);
  assert.equal(await door.stop(), 0);
});

test('routes come from a file, are read again on SIGHUP, and a bad file changes nothing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'yjy-routes-')), file = join(dir, 'routes');
  const write = (text) => writeFileSync(file, text);
  write('# the house\n/v1/training training\n/.well-known identity open\n');
  const door = await doorTo(address(one), { YJY_ROUTES: file });
  const get = async (path) => (await ask(door.port, 'GET', path)).status;
  let from = 0;
  const told = async (what) => {
    for (let i = 0; i < 100 && !what.test(door.log.slice(from)); i++) await sleep(20);
    assert.match(door.log.slice(from), what);
    from = door.log.length;
  };
  assert.equal(await get('/v1/training/who'), 200);
  assert.equal(await get('/v1/jobs/who'), 404, 'not in the file');
  const running = ask(door.port, 'GET', at('slow'));
  write(`service library ${address(two)}\n/v1/library library\n/v1/library/three three\n`);
  door.child.kill('SIGHUP');
  await told(/line 3: unknown service[^]*old routes stay/);
  assert.equal(await get('/v1/library/who'), 404);
  assert.equal(await get('/v1/training/who'), 200);
  write(`service library ${address(two)}\nservice three ${address(three)}\n/v1/library library\n/v1/library/three three\n/v1/training training\n`);
  door.child.kill('SIGHUP');
  await told(/routes: 3 read from/);
  assert.equal(String((await ask(door.port, 'GET', '/v1/library/who')).body), 'two');
  assert.equal(String((await ask(door.port, 'GET', '/v1/library/three/who')).body), 'three', 'the longest prefix');
  assert.equal(String((await running).body), 'one', 'what was under way goes on');
  for (const bad of ['/internal jobs\n', 'v1 jobs\n', '/v1/ jobs\n', '/v1//a jobs\n', '/v1 jobs closed\n', '/v1 jobs\n/v1 training\n', 'service x nowhere\n', '',
    `/v1/${'x'.repeat(80)} jobs\n`]) {
    write(bad);
    door.child.kill('SIGHUP');
    await told(/old routes stay/);
  }
  write(`service training ${address(three)}\n/v1/training training\n`);
  door.child.kill('SIGHUP');
  await told(/routes: 1 read from/);
  assert.equal(String((await ask(door.port, 'GET', at('who'))).body), 'three', 'a service that moved');
  assert.equal(await get('/v1/library/who'), 404);
  assert.equal(await door.stop(), 0);
  rmSync(dir, { recursive: true });
});
