// edge_limits.test.mjs -- how often one may come: by address, caller, partner
// and kind of request; over several doors at once through Redis, and each by
// itself when Redis is gone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, gateway, issuer, makeKey, mint, misbehave } from './gateway_lab.mjs';

const key = makeKey();
const ok = (s) => s.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const at = '/v1/training/ok';
const dir = mkdtempSync(join(tmpdir(), 'yjy-redis-'));
const socket = join(dir, 'redis.sock');
let back, keys, redis;

async function redisUp() {
  redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', dir], { stdio: 'ignore' });
  await sleep(300);
}
async function redisDown() {
  const gone = once(redis, 'exit');
  redis.kill('SIGKILL');
  await gone;
}
before(async () => {
  back = await misbehave({ ok, 'sms-codes': ok, token: ok });
  keys = await issuer([key]);
});
after(() => { back.close(); keys.close(); rmSync(dir, { recursive: true }); });

const door = (more) => gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`,
  YJY_PROXIES: '127.0.0.1', YJY_LIMIT_ADDRESS: '0', YJY_LIMIT_CHANGE: '0', YJY_LIMIT_PARTNER: '0', YJY_LIMIT_SIGN_IN: '0', ...more });
async function times(n, lab, headers, method = 'GET', path = at) {
  const got = [];
  for (let i = 0; i < n; i++) got.push(await ask(lab.port, method, path, { headers, body: method === 'POST' ? 'x' : undefined }));
  return got;
}
const through = (replies) => replies.filter((r) => r.status !== 429).length;
const about = (n, want) => assert.ok(n >= want && n <= want + 3, `${n} of about ${want}`);
const bearer = (over) => ({ authorization: `Bearer ${mint(key, over)}` });

test('an IPv6 customer is one, whichever address of the /64 is used', async () => {
  const lab = await door({ YJY_LIMIT_CLIENT: '20' });
  let passed = 0;
  for (let i = 0; i < 30; i++) passed += through(await times(1, lab, { 'x-forwarded-for': `2001:db8:1:2::${i.toString(16)}` }));
  about(passed, 20);
  assert.equal(through(await times(1, lab, { 'x-forwarded-for': '2001:db8:1:3::1' })), 1, 'the neighbour is free');
  about(through(await times(30, lab, { 'x-forwarded-for': '::ffff:198.51.100.7' })), 20);
  assert.equal(through(await times(3, lab, { 'x-forwarded-for': '198.51.100.7' })) <= 2, true, 'one address in two spellings');
  assert.equal(await lab.stop(), 0);
});

test('a partner hears what is left of its allowance, and is limited by its client', async () => {
  const lab = await door({ YJY_LIMIT_PARTNER: '10' });
  const partner = () => bearer({ roles: ['partner'], person: undefined, client_id: 'agency-7', sub: randomUUID() });
  const got = [];
  for (let i = 0; i < 14; i++) got.push(...await times(1, lab, partner()));
  about(through(got), 10);
  assert.equal(got[0].headers['ratelimit-policy'], '"partner";q=10;w=60');
  assert.match(got[0].headers.ratelimit, /^"partner";r=9;t=\d+$/);
  assert.match(got[4].headers.ratelimit, /^"partner";r=[56];t=\d+$/);
  const refused = got.at(-1);
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  assert.match(refused.headers.ratelimit, /"partner";r=0;t=\d+/);
  assert.equal(JSON.parse(refused.body).code, 'limit.rate');
  const other = await times(1, lab, bearer({ roles: ['partner'], person: undefined, client_id: 'agency-8' }));
  assert.equal(through(other), 1);
  const person = await times(1, lab, bearer());
  assert.equal(person[0].headers['ratelimit-policy'], undefined, 'who is not told needs no header');
  assert.equal(await lab.stop(), 0);
});

test('changes, sign-ins and addresses have allowances of their own', async () => {
  const lab = await door({ YJY_LIMIT_CHANGE: '8', YJY_LIMIT_SIGN_IN: '6', YJY_LIMIT_ADDRESS: '60', YJY_IDENTITY: `127.0.0.1:${keys.port}` });
  const me = bearer();
  const changes = await times(12, lab, me, 'POST');
  about(through(changes), 8);
  assert.match(changes.at(-1).headers['ratelimit-policy'], /"change";q=8;w=60/);
  assert.equal(through(await times(3, lab, me)), 3, 'reading goes on');
  const tries = await times(10, lab, { 'x-forwarded-for': '198.51.100.9' }, 'POST', '/oauth/token');
  about(through(tries), 6);
  assert.match(tries.find((r) => r.status === 429).headers['ratelimit-policy'], /"sign-in";q=6;w=60/);
  let passed = 0;
  for (let i = 0; i < 80; i++) passed += through(await times(1, lab, { ...bearer(), 'x-forwarded-for': '198.51.100.10' }));
  about(passed, 60);
  assert.equal(await lab.stop(), 0);
});

const ready = async (lab) => (await fetch(`${lab.url}/readyz`)).json();
async function limits(lab, how) {
  for (let i = 0; i < 100 && (await ready(lab)).limits !== how; i++) await sleep(100);
  assert.equal((await ready(lab)).limits, how);
}

test('two doors share an allowance through Redis; without it each limits by itself, and nobody gets a 500', async () => {
  await redisUp();
  const env = { YJY_REDIS: `unix:${socket}`, YJY_LIMIT_CLIENT: '60', YJY_SERVICE_KEY_FILE: join(dir, 'service.key') };
  const { writeFileSync } = await import('node:fs');
  writeFileSync(env.YJY_SERVICE_KEY_FILE, randomUUID() + randomUUID());
  const one = await door(env), two = await door(env);
  try {
    await limits(one, 'shared');
    await limits(two, 'shared');
    const me = { 'x-forwarded-for': '203.0.113.5' }, began = Date.now();
    const back_again = () => Math.ceil((Date.now() - began) / 1000);	// one a second comes back
    assert.equal(through(await times(40, one, me)), 40);
    await sleep(700);
    await times(1, two, me);			// it has not heard of this caller yet, and asks
    await sleep(700);
    const second = through(await times(40, two, me));
    assert.ok(second >= 15 && second <= 21 + back_again(), `${second} of about 20 at the second door`);
    await sleep(700);				// the second tells what it took …
    await times(1, one, me);			// … before the first asks
    await sleep(700);
    const third = through(await times(30, one, me));
    assert.ok(42 + second + third <= 72 + back_again(), `${second} and ${third}: the first knows of the second`);
    assert.match(await (await fetch(`${one.url}/metrics`)).text(), /yjy_gateway_limits_shared 1/);

    await redisDown();
    const you = { 'x-forwarded-for': '203.0.113.6' };
    const gone = [...await times(70, one, you), ...await times(70, two, you)];
    assert.deepEqual([...new Set(gone.map((r) => r.status))].sort(), [200, 429]);
    assert.ok(through(gone) >= 120, `${through(gone)}: each door by itself`);
    await limits(one, 'local');
    assert.match(await (await fetch(`${one.url}/metrics`)).text(), /yjy_gateway_limits_shared 0/);

    await redisUp();
    await limits(one, 'shared');
    await limits(two, 'shared');
  } finally {
    await redisDown();
    assert.equal(await one.stop(), 0);
    assert.equal(await two.stop(), 0);
  }
});
