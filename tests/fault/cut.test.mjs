// Clients that go away in the middle of a change and come back with the same
// key: the change happens once, whatever moment they chose.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import * as s from '../e2e/steps.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, random } from '../lib/city.mjs';
import { ports, sql } from '../api/help.mjs';
import { COUNTY, allotment } from './claims.mjs';
import { openDesks } from './job.mjs';
import { sleep, whole } from './strike.mjs';
import { isSound } from './truth.mjs';
import { Wire, bytesOf } from './wire.mjs';

const N = process.env.FAULT_LONG === '1' ? 400 : 60;
let desks;

before(async () => {
  await whole();
  desks = await openDesks();
});

// How far the request gets, and how the client leaves.
const MOMENTS = [
  ['within the head', (b) => b.length > 60 ? 60 : 10, 0], ['behind the head', (b) => b.indexOf('\r\n\r\n') + 4, 0],
  ['within the body', (b) => b.indexOf('\r\n\r\n') + 4 + Math.floor((b.length - b.indexOf('\r\n\r\n') - 4) / 2), 2],
  ['at its end', (b) => b.length, 0], ['a moment later', (b) => b.length, 1], ['while it is served', (b) => b.length, 4],
  ['about when it is answered', (b) => b.length, 10],
];

async function cut(port, bytes, i) {
  const [, how_far, pause_ms] = MOMENTS[i % MOMENTS.length];
  const wire = new Wire(port);
  await wire.connected;
  await wire.write(bytes.subarray(0, how_far(bytes)));
  await sleep(pause_ms ? random.int(pause_ms) + 1 : 0);
  if (random.int(2)) wire.leave(); else wire.vanish();
}

for (const way of ['gateway', 'subsidies'])
  test(`money given by a client that is cut off and asks again, through ${way}`, async (t) => {
    const was = await allotment(desks) ?? { appropriated_cents: 0 };
    const path = '/v1/subsidies/allotments', { token } = desks['city.fiscal'];
    const body = { line_code: s.POLICY, county_code: COUNTY.code, amount_cents: 100 };
    let replayed = 0;
    await s.inParallel(Array.from({ length: N }), 8, async (_, i) => {
      const key = randomUUID();
      await cut(ports[way], bytesOf('POST', path, { token, key, body }), i);
      const again = await call('POST', path, { token, key, body, whole: true });
      assert.equal(again.status, 201);
      replayed += again.headers['idempotency-replayed'] === 'true';
      // Whoever asks a third time hears the same.
      const third = await call('POST', path, { token, key, body, whole: true });
      assert.equal(third.text, again.text);
      assert.equal(third.headers['idempotency-replayed'], 'true');
    });
    t.diagnostic(`${replayed} of ${N} had happened before the client asked again`);
    assert.ok(replayed > 0 && replayed < N, 'some were cut before and some behind the change');
    const now = await allotment(desks);
    assert.equal(now.appropriated_cents - was.appropriated_cents, N * 100);
    assert.equal(now.balanced, true);
  });

test('what was wholly received is done though nobody waits for it', async () => {
  const f = await firm();
  const count = () => Number(sql(`SELECT count(*) FROM jobs.vacancy WHERE org_id = '${f.org.org_id}'`)[0][0]);
  const body = { title: '电机装配工', occupation_code: '6-31-01-03', area_code: '431129100', headcount: 1,
    pay_min_cents: 420000, pay_max_cents: 580000, pay_unit: 'month', form: 'full_time' };
  await eventually(async () => (await call('POST', '/v1/jobs/vacancies', { token: f.token, body, refused: true })).status === 201,
    'the firm is known');
  const before_ = count();
  const wires = Array.from({ length: 12 }, () => new Wire(ports.jobs));
  await Promise.all(wires.map((w) => w.connected));
  // Twelve on six connections to the database: some wait in the queue when their client leaves.
  await Promise.all(wires.map((w) => w.write(bytesOf('POST', '/v1/jobs/vacancies', { token: f.token, key: randomUUID(), body }))));
  await sleep(3);
  for (const w of wires) w.leave();
  await sleep(1500);
  const made = count() - before_;
  assert.ok(made > 0 && made <= 12, `${made} of 12`);
});

test('a file cut in the middle is not taken in; whole, it is taken in once', async () => {
  const lines = ['id_number,uscc,month,pension,unemployment,injury'];
  for (let i = 0; i < 4000; i++)
    lines.push(`43990119990101${String(i % 1000).padStart(3, '0')}X,91439901MA${String(i).padStart(7, '0')}X,2025-07,1,1,1`);
  const file = lines.join('\n') + '\n', { token } = desks['city.clerk'];
  const path = '/v1/subsidies/imports/insurance_months', key = randomUUID();
  const batches = () => Number(sql('SELECT count(*) FROM subsidies.import_batch')[0][0]);
  const had = batches(), bytes = bytesOf('POST', path, { token, key, body: file, type: 'text/csv' });
  for (const part of [0.2, 0.6, 0.95]) {
    const wire = new Wire(ports.gateway);
    await wire.connected;
    await wire.write(bytes.subarray(0, Math.floor(bytes.length * part)));
    wire.vanish();
  }
  await sleep(300);
  assert.equal(batches(), had);
  for (let i = 0; i < 3; i++) {		// and three times whole, leaving before the answer
    const wire = new Wire(ports.gateway);
    await wire.connected;
    await wire.write(bytes);
    await sleep(20);
    wire.leave();
  }
  const reply = await call('POST', path, { token, key, raw: file, headers: { 'content-type': 'text/csv' }, patience_ms: 60000 });
  assert.equal(reply.rows_read, 4000);
  assert.equal(batches(), had + 1);
  await isSound();
});
