// events.test.mjs -- Redis lies, forgets, freezes and dies; a producer is
// stopped; an event cannot be applied. Every event takes effect once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { effects, emit, envelope, head, inner, parked, position, redis, redisPid, redisUp, settled, sql, worker } from './events_lab.mjs';
import { eventually } from '../lib/city.mjs';

const publish = (text) => redis('publish', 'ev.training', text);
const once = async (ids, ms) => {
  await eventually(() => effects(ids) === ids.length, `${ids.length} effects`, ms);
  await settled();
};

before(() => settled());
after(() => assert.deepEqual(parked(), [], 'nothing is left parked'));

test('what is published twice, late or false changes nothing', async () => {
  const ids = emit(5);
  await once(ids);
  const [last, done] = [head(), position()];
  assert.equal(done, last);
  for (const seq of [last, last - 1, last - 4, last, last - 2]) publish(envelope(seq));
  for (const text of ['', 'null', '{', '{"source":"training"}', '{"source":"training","seq":"1"}', '{"source":"training","seq":-1}',
    '{"source":"jobs","seq":1}', `{"source":"training","seq":${last + 1}}`, '{"source":"training","seq":9007199254740993}',
    '{"source":"training","head":9007199254740993}', 'x'.repeat(100000)]) publish(text);
  await sleep(500);
  assert.equal(position(), done);
  await once(emit(3));
  assert.equal(position(), done + 3);
  const health = await inner('GET', 'monitoring', '/readyz');
  assert.equal(health.json.event_lag, 0);
});

test('events that arrive backwards are applied forwards', async () => {
  const from = head();
  const pid = worker('training');
  process.kill(pid, 'SIGSTOP');		// neither its relay nor its log answers
  let ids;
  try {
    ids = emit(4);
    sql(`WITH gone AS (DELETE FROM training.outbox RETURNING *)
      INSERT INTO training.event_log (seq, id, type, key, area_code, payload, occurred_at, recorded_at, trace)
      SELECT ${from} + row_number() OVER (ORDER BY ord), id, type, key, area_code, payload, occurred_at, recorded_at, trace FROM gone`);
    for (const seq of [4, 2, 4]) publish(envelope(from + seq));
    await sleep(300);
    assert.equal(position(), from, 'the first one is missing: none may be applied');
    for (const seq of [3, 1]) publish(envelope(from + seq));
    await eventually(() => position() === from + 4, 'all four, from the bus alone');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await once(ids);
});

test('a lost text is read from the log', async () => {
  redis('client', 'kill', 'type', 'pubsub');	// whatever is published now is heard by nobody
  const ids = emit(20);
  await once(ids, 8000);
});

test('Redis wiped, frozen, killed and started again', async () => {
  const listeners = () => redis('pubsub', 'numsub', 'ev.training');
  const all = listeners();
  redis('flushall');
  await once(emit(5));

  process.kill(redisPid(), 'SIGSTOP');
  try {
    await once(emit(5), 10000);
  } finally {
    process.kill(redisPid(), 'SIGCONT');
  }
  process.kill(redisPid(), 'SIGKILL');
  await once(emit(5), 10000);
  const ready = await inner('GET', 'monitoring', '/readyz');
  assert.equal(ready.status, 200, 'without Redis it is slower, not broken');
  await redisUp();
  await eventually(() => listeners() === all, 'all listen again');
  await once(emit(5));
});

test('the consumer killed in the middle', async () => {
  const ids = emit(400);
  process.kill(worker('monitoring'), 'SIGKILL');
  ids.push(...emit(50));
  await once(ids, 20000);
});

test('the producer killed in the middle', async () => {
  const ids = emit(100);
  process.kill(worker('training'), 'SIGKILL');
  ids.push(...emit(100));
  await once(ids, 20000);
});

test('an event that cannot be applied is parked, its key behind it, others pass', async () => {
  const key = randomUUID();
  emit(1, { enrolment_id: 'not one' }, key);
  const behind = emit(1, {}, key);
  const others = emit(3);
  await once(others);
  const rows = parked();
  assert.deepEqual(rows.map((r) => r[1]), [key, key]);
  assert.match(rows[0][2], /SQLSTATE 22P02/);
  assert.match(rows[1][2], /earlier event of this key/);
  assert.equal(effects(behind), 0);

  const replay = (seq, source = 'training') => inner('POST', 'monitoring', `/internal/events/parked/${seq}/replay?source=${source}`);
  const list = await inner('GET', 'monitoring', '/internal/events/parked?limit=1');
  assert.equal(list.json.items[0].key, key);
  assert.ok(list.json.next_cursor);
  assert.equal((await replay(rows[1][0])).status, 409, 'not before the one it waits for');
  assert.equal((await replay(rows[0][0])).status, 409, 'it still cannot be applied');
  assert.equal((await replay(rows[0][0], 'nobody')).status, 404);
  assert.equal((await replay('x')).status, 404);
  assert.equal(parked().length, 2, 'a replay that failed changed nothing');

  sql(`UPDATE monitoring.event_parked SET event = jsonb_set(event, '{payload,enrolment_id}', to_jsonb(gen_random_uuid()))
    WHERE source = 'training' AND seq = ${rows[0][0]}`);
  assert.equal((await replay(rows[0][0])).status, 200);
  assert.equal((await replay(rows[1][0])).status, 200);
  assert.equal((await replay(rows[1][0])).status, 404);
  assert.equal(effects(behind), 1);
  await once(emit(1, {}, key));
});

test('the log is for services alone', async () => {
  const page = await inner('GET', 'training', '/internal/events?after=0&limit=3');
  assert.equal(page.status, 200);
  assert.deepEqual(page.json.items.map((e) => e.seq), [1, 2, 3]);
  assert.ok(page.json.head >= 3);
  for (const bad of ['after=-1', 'limit=0', 'limit=501', 'after=x', 'other=1'])
    assert.equal((await inner('GET', 'training', `/internal/events?${bad}`)).status, 422, bad);
});
