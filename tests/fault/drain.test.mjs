// Asked to stop (SIGTERM), a program answers everything it has begun, in full,
// and then is gone; its supervisor starts it again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as s from '../e2e/steps.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually } from '../lib/city.mjs';
import { RUN, ports } from '../api/help.mjs';
import { COUNTY, allotment } from './claims.mjs';
import { openDesks, runJob } from './job.mjs';
import { PROGRAMS, gone, parentOf, sleep, whole, workerOf } from './strike.mjs';
import { Wire, bytesOf } from './wire.mjs';

let desks;

before(async () => {
  await whole();
  desks = await openDesks();
});

// What the program said when it was asked: how many it had begun.
function lastWords(name, from) {
  const lines = readFileSync(`${RUN}/log/${name}.log`, 'utf8').slice(from).split('\n');
  const began = lines.map((l) => /draining, (\d+) requests in flight/.exec(l)).find(Boolean);
  return { began: began ? Number(began[1]) : -1, cut: lines.some((l) => /requests cut off/.test(l)),
    stopped: lines.some((l) => /"msg":"stopped"/.test(l)) };
}

const logEnd = (name) => readFileSync(`${RUN}/log/${name}.log`, 'utf8').length;

// Sends each wire its request, asks the program to stop once `after` of them are
// answered, and gives every answer (null: none) with whether it came later.
async function stopUnder(t, name, requests, after, port = ports[name]) {
  const from = logEnd(name), pid = parentOf(name);
  const wires = requests.map(() => new Wire(port));
  await Promise.all(wires.map((w) => w.connected));
  let answered = 0, asked = false;
  const replies = wires.map((w) => w.reply().then((r) => { answered += 1; return { r, later: asked }; }));
  await Promise.all(wires.map((w, i) => w.write(requests[i])));
  await eventually(() => answered >= after, 'the first answers');
  asked = true;
  process.kill(pid, 'SIGTERM');
  const all = await Promise.all(replies);
  await gone(pid);
  const words = lastWords(name, from);
  const later = all.filter((a) => a.later && a.r).length;
  t.diagnostic(`${name}: ${requests.length} sent, ${words.began} begun when asked to stop, ${later} answered after`);
  assert.ok(words.began > 0, 'it was asked in the middle');
  assert.ok(words.stopped && !words.cut);
  assert.ok(later >= words.began, 'whatever it had begun it answered');
  for (const w of wires) w.leave();
  return all.map((a) => a.r);
}

test('identity finishes the sign-ins it is checking', async (t) => {
  const replies = await stopUnder(t, 'identity', Array.from({ length: 24 }, () =>
    bytesOf('POST', '/v1/identity/officer-sessions', { body: { login: `nobody.${randomUUID().slice(0, 8)}`,
      password: 'not this one', totp: '000000' } })), 2);
  // Their bytes were there before it was asked: not one is lost.
  assert.deepEqual(replies.map((r) => r?.status), Array(24).fill(401));
  await whole();
});

for (const way of ['subsidies', 'gateway'])
  test(`${way} finishes the changes under way, each once`, async (t) => {
    const was = (await allotment(desks))?.appropriated_cents ?? 0;
    const keys = Array.from({ length: 64 }, () => randomUUID());
    const path = '/v1/subsidies/allotments', { token } = desks['city.fiscal'];
    const body = { line_code: s.POLICY, county_code: COUNTY.code, amount_cents: 100 };
    const replies = await stopUnder(t, way, keys.map((key) => bytesOf('POST', path, { token, key, body })), 4);
    assert.deepEqual(replies.map((r) => r?.status), Array(64).fill(201), 'all had arrived: all are answered');
    await whole();
    for (const key of keys) {
      const again = await call('POST', path, { token, key, body, whole: true });
      assert.equal(again.headers['idempotency-replayed'], 'true');
    }
    const now = await allotment(desks);
    assert.equal(now.appropriated_cents - was, 6400);
    assert.equal(now.balanced, true);
  });

test('a reply begun is sent to its end, however slowly it is taken', async () => {
  const pid = parentOf('gateway');
  const { length } = (await request('GET', '/openapi.json', { quiet: true })).text;
  const wires = Array.from({ length: 3 }, () => new Wire(ports.gateway));
  await Promise.all(wires.map((w) => w.connected));
  // More documents than the kernel keeps for a client that takes none of them.
  for (const w of wires) {
    w.socket.pause();
    await w.write(Buffer.concat(Array(80).fill(bytesOf('GET', '/openapi.json'))));
  }
  await sleep(500);
  process.kill(pid, 'SIGTERM');
  await sleep(500);
  for (const w of wires) w.socket.resume();
  for (const w of wires) {
    let last, n = 0;
    for (let r; (r = await w.reply()); n++) {
      assert.equal(r.text.length, length);
      last = r;
    }
    assert.equal(w.got.length, 0, 'the last reply is whole');
    assert.equal(last.headers.connection, 'close');
    assert.ok(n > 1 && n < 80, `${n} documents`);
  }
  await gone(pid);
  await whole();
});

test('who had knocked before is let in', async () => {
  const pid = parentOf('monitoring'), worker = await workerOf('monitoring');
  process.kill(worker, 'SIGSTOP');
  const wires = Array.from({ length: 16 }, () => new Wire(ports.monitoring));
  await Promise.all(wires.map((w) => w.connected));	// by the kernel: nobody has accepted them
  await Promise.all(wires.map((w) => w.write(bytesOf('GET', '/v1/monitoring/live'))));
  process.kill(pid, 'SIGTERM');
  await sleep(100);
  process.kill(worker, 'SIGCONT');
  const replies = await Promise.all(wires.map((w) => w.reply()));
  assert.deepEqual(replies.map((r) => r?.status), Array(16).fill(200));
  await gone(pid);
  await whole();
});

test('the main job does not notice that every program is started anew beneath it', async (t) => {
  let running = true, restarts = 0;
  const roll = (async () => {
    for (let i = 0; running; i = (i + 1) % PROGRAMS.length) {
      const pid = parentOf(PROGRAMS[i]);
      process.kill(pid, 'SIGTERM');
      await gone(pid);
      restarts += 1;
      await whole();
      await sleep(100);
    }
  })();
  try {
    const { sum } = await runJob(24, { between: () => sleep(200) });
    t.diagnostic(`${restarts} restarts in ${sum.seconds.toFixed(1)} s`);
    assert.ok(restarts >= PROGRAMS.length);
  } finally {
    running = false;
    await roll;
  }
});
