// events: what one service says reaches the others, once in effect, whatever
// Redis does to it: repeated, out of order, garbled, forgotten.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { admit } from './carrier_help.mjs';
import { expectErrorLine, known, metrics, ports, Redis, serviceToken, Session, sql, today } from './help.mjs';

const now = await today();
const redis = new Redis();
const ear = new Redis();
await ear.send('SUBSCRIBE', 'ev.jobs');
after(() => { redis.end(); ear.end(); });

const hire = (f, p) => known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true,
  body: { person_id: p.id,
  occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
const log = (service, query, token = serviceToken()) =>
  request('GET', `/internal/events?${query}`, { base: `http://127.0.0.1:${ports[service]}`, token });
const one = (text) => sql(text)[0][0];
const counted = (f) => Number(one(`SELECT count(*) FROM entrepreneurship.job_created WHERE org_id = '${f.org_id}'`));
const onBoard = (f) => Number(one(`SELECT count(*) FROM monitoring.fact WHERE kind = 'employment' AND org_id = '${f.org_id}'`));
const position = (service) => Number(one(`SELECT seq FROM ${service}.event_cursor WHERE source = 'jobs'`));
const head = () => Number(one('SELECT max(seq) FROM jobs.event_log'));
const text = (envelope) => JSON.stringify(envelope);

// A firm in a carrier: its hires are counted by entrepreneurship and monitoring.
async function tenant() {
  const [k, f] = await Promise.all([firm({ kind: 'carrier' }), firm()]);
  const c = await known(() => call('POST', '/v1/entrepreneurship/carriers', { token: k.token, refused: true,
    body: { name: `事件基地${randomUUID().slice(0, 6)}`, kind: 'incubator', area_code: '431129100', capacity: 5 } }));
  await admit(k, c, f);
  return { f, c, jobs: async () => (await call('GET', `/v1/entrepreneurship/carriers/${c.id}`)).job_count };
}

// Everything jobs said has been done by both listeners.
async function settled() {
  const upto = head();
  await eventually(() => ['entrepreneurship', 'monitoring'].every((s) => position(s) >= upto), 'the positions reach the head');
}

test('a person and an organisation reach every service that needs them, with the request’s trace', async () => {
  const p = await person(), f = await firm();
  for (const [schema, table, id] of [['jobs', 'person', p.id], ['training', 'person', p.id], ['jobs', 'org', f.org_id],
    ['training', 'org', f.org_id], ['entrepreneurship', 'org', f.org_id]])
    await eventually(() => one(`SELECT count(*) FROM ${schema}.${table} WHERE id = '${id}'`) === '1',
      `${schema}.${table}`, 5000);
  const trace = randomUUID().replaceAll('-', '');
  const v = await call('POST', '/v1/jobs/vacancies', { token: f.token,
    headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    body: { title: '追踪岗', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 1, pay_min_cents: 1,
      pay_max_cents: 2,
      pay_unit: 'hour', form: 'gig' } });
  await eventually(() => one(`SELECT count(*) FROM jobs.event_log WHERE key = '${v.id}' AND trace = '${trace}'
    AND type = 'jobs.vacancy.opened.v1'`) === '1', 'the event is in the log');
});

test('one hire: a job created, a row on the board, and the figure', async () => {
  const { f, jobs } = await tenant();
  const token = (await desk('jh.first')).token;
  const figure = async () => (await call('GET', '/v1/monitoring/board', { token })).indicators.find((i) =>
    i.code === 'startup_jobs').value;
  const before = await figure();
  const e = await hire(f, await person());
  await eventually(async () => await jobs() === 1 && onBoard(f) === 1 && await figure() === before + 1,
    'the effects of the hire');
  const caused = await eventually(() => sql(`SELECT payload ->> 'employment_id' FROM entrepreneurship.event_log
    WHERE type = 'entrepreneurship.job.created.v1' AND key = '${e.id}'`)[0], 'its own event');
  assert.equal(caused[0], e.id);
});

test('a text heard a hundred times is one event', async () => {
  const { f, jobs } = await tenant();
  ear.messages.length = 0;
  const e = await hire(f, await person());
  const heard = await eventually(() => ear.messages.find((m) => m.includes(e.id) &&
    m.includes('employment.registered')), 'the text on the bus');
  const listed = (await log('jobs', `after=${JSON.parse(heard).seq - 1}&limit=1`)).json.items[0];
  assert.deepEqual(JSON.parse(heard), listed, 'the bus and the log say the same');
  await settled();
  const before = await metrics('entrepreneurship');
  for (let i = 0; i < 100; i++) redis.send('PUBLISH', 'ev.jobs', heard);
  assert.ok(await redis.send('PUBLISH', 'ev.jobs', heard) >= 2, 'somebody listens');
  await hire(f, await person());
  await eventually(async () => await jobs() === 2, 'a later hire is counted');
  await settled();
  assert.deepEqual([counted(f), onBoard(f)], [2, 2]);
  const applied = 'yjy_events_applied_total{source="jobs"}';
  assert.equal((await metrics('entrepreneurship'))[applied] - before[applied], 1);
});

test('texts out of order, forged ahead and garbled wait for the log', async () => {
  const { f, jobs } = await tenant();
  await settled();
  const lock = new Session();		// nobody can move while this is held
  await lock.run(`BEGIN; SELECT seq FROM entrepreneurship.event_cursor WHERE source = 'jobs' FOR UPDATE;
    SELECT seq FROM monitoring.event_cursor WHERE source = 'jobs' FOR UPDATE`);
  const from = head();
  for (const p of await Promise.all([person(), person(), person()])) await hire(f, p);
  await eventually(() => Number(one(`SELECT count(*) FROM jobs.event_log WHERE seq > ${from} AND type = 'jobs.employment.registered.v1'
    AND payload ->> 'org_id' = '${f.org_id}'`)) === 3, 'three events');
  const all = (await log('jobs', `after=${from}`)).json.items, items = all.filter((e) => e.type === 'jobs.employment.registered.v1');
  const last = all.at(-1).seq;
  const forged = (over) => text({ ...items[0], id: randomUUID(), key: randomUUID(),
    payload: { ...items[0].payload, employment_id: randomUUID() }, ...over });
  const odd = ['', 'x', '[]', '{}', '{"source":"jobs"}', text({ ...items[0], source: 'identity' }),
    text({ ...items[0], seq: '1' }),
    forged({ seq: -1 }), forged({ seq: 0 }), forged({ seq: 1 }), forged({ seq: last + 5000 }), forged({ seq: 2 ** 53 }),
    text({ source: 'jobs', head: 2 ** 52 }), text({ source: 'jobs', head: -1 }), forged({ seq: last + 50, payload: 'x' }),
    `{"source":"jobs","seq":${last + 20},"pad":"${'x'.repeat(300000)}"}`, '{"source":"jobs","seq":9223372036854775807}',
    '{"source":"jobs","seq":1e400}'];
  for (let round = 0; round < 3; round++) {
    for (const e of [...items].reverse()) redis.send('PUBLISH', 'ev.jobs', text(e));
    for (const o of odd) redis.send('PUBLISH', 'ev.jobs', o);
  }
  await redis.send('PING');
  assert.equal(counted(f), 0);
  await lock.run('ROLLBACK');
  lock.end();
  await eventually(async () => await jobs() === 3 && onBoard(f) === 3, 'three hires, once each');
  await settled();
  await hire(f, await person());
  await eventually(async () => await jobs() === 4 && onBoard(f) === 4, 'and on it goes');
  assert.equal(one('SELECT count(*) FROM entrepreneurship.event_parked'), '0');
  assert.equal(one('SELECT count(*) FROM monitoring.event_parked'), '0');
});

test('Redis is emptied, its scripts, subscribers and connections thrown out: nothing is lost', async () => {
  const { f, jobs } = await tenant();
  await hire(f, await person());
  const quiet = new Redis();		// killed with the others
  for (const words of [['FLUSHALL'], ['SCRIPT', 'FLUSH'], ['CLIENT', 'KILL', 'TYPE', 'pubsub'], ['CLIENT', 'KILL',
    'TYPE', 'normal', 'SKIPME', 'yes']])
    await redis.send(...words);
  quiet.end();
  for (const p of await Promise.all([person(), person()])) await hire(f, p);
  await eventually(async () => await jobs() === 3 && onBoard(f) === 3, 'three hires, once each');
  await eventually(async () => (await metrics('monitoring')).yjy_events_redis_up === 1, 'the bus is back');
});

test('without a voice on the bus the log is read all the same', async () => {
  const { f, jobs } = await tenant();
  await redis.send('ACL', 'SETUSER', 'default', '-publish');
  try {
    await hire(f, await person());
    await eventually(async () => await jobs() === 1 && onBoard(f) === 1, 'the hire is counted', 9000);
  } finally {
    await redis.send('ACL', 'SETUSER', 'default', '+publish');
  }
  await hire(f, await person());
  await eventually(async () => await jobs() === 2, 'and again with one');
});

// The log itself is spoiled before anybody reads it: a hire on a day that is none.
test('an event that cannot be applied is parked with those behind it; repaired and replayed, it is done', async () => {
  const { f, jobs } = await tenant();
  const [bad, good] = await Promise.all([person(), person()]);
  await settled();
  const consumers = { training: 2, entrepreneurship: 2, monitoring: 2, subsidies: 2 };	// events of that key each one wants
  const lock = new Session();
  await lock.run(`BEGIN; ${Object.keys(consumers).map((c) => `SELECT seq FROM ${c}.event_cursor WHERE source = 'jobs' FOR UPDATE`).join('; ')}`);
  await redis.send('ACL', 'SETUSER', 'default', '-publish');
  const e = await hire(f, bad);
  await call('POST', `/v1/jobs/employments/${e.id}/end`, { token: f.token, body: { ended_on: now, reason: 'resigned' } });
  await eventually(() => one(`SELECT count(*) FROM jobs.event_log WHERE payload ->> 'employment_id' = '${e.id}'`) === '2', 'both are in the log');
  expectErrorLine(`events: parked jobs \\d+ \\(jobs\\.employment\\.registered\\.v1, key ${e.id}\\)`);
  expectErrorLine('events_take: SQLSTATE 22007');	// the day that is none
  const spoil = (table, column, day) => `UPDATE ${table} SET ${column} = jsonb_set(${column}, '{${column === 'event' ? 'payload,' : ''}hired_on}', '"${day}"')
    WHERE key = '${e.id}' AND type = 'jobs.employment.registered.v1'`;
  sql(spoil('jobs.event_log', 'payload', 'soon'));
  await lock.run('ROLLBACK');
  lock.end();
  await redis.send('ACL', 'SETUSER', 'default', '+publish');
  await hire(f, good);
  await eventually(async () => await jobs() === 1 && onBoard(f) === 1, 'another key goes on');
  sql(spoil('jobs.event_log', 'payload', now));
  for (const [service, n] of Object.entries(consumers)) {
    const base = `http://127.0.0.1:${ports[service]}`;
    const parked = () => request('GET', '/internal/events/parked', { base, token: serviceToken() })
      .then((r) => r.json.items.filter((i) => i.key === e.id));
    const replay = (seq) => request('POST', `/internal/events/parked/${seq}/replay?source=jobs`, { base,
      token: serviceToken() });
    const list = await eventually(async () => { const l = await parked(); return l.length === n && l; },
      `${service} parked ${n}`);
    if (n > 1) assert.equal((await replay(list[1].seq)).json.code, 'state.wrong', 'in order');
    assert.equal((await replay(list[0].seq)).json.code, 'state.wrong', 'it is as bad as before');
    assert.equal((await parked()).length, n, 'a refusal changes nothing');
    sql(spoil(`${service}.event_parked`, 'event', now));
    for (const one_ of list) assert.equal((await replay(one_.seq)).status, 200);
    assert.equal((await replay(list[0].seq)).status, 404);
    assert.equal((await request('GET', '/internal/events/parked', { base,
      token: (await desk('city.system')).token })).status, 403);
  }
  await eventually(async () => await jobs() === 2 && onBoard(f) === 2, 'counted once');
  assert.equal(one(`SELECT until_day FROM monitoring.fact WHERE kind = 'employment' AND id = '${e.id}'`), now);
});

test('a service’s own token opens its log to services and nothing to the outside', async () => {
  assert.equal((await log('jobs', 'after=0&limit=2')).json.items.length, 2);
  for (const [what, token] of Object.entries({ expired: serviceToken({ exp: Math.floor(Date.now() / 1000) - 1 }),
    'for others': serviceToken({ aud: 'yjy365' }), 'of another kind': serviceToken({}, { typ: 'at+jwt' }), none: undefined }))
    assert.equal((await log('jobs', 'after=0', token ?? null)).status, 401, what);
  assert.equal((await log('jobs', 'after=0', (await person()).token)).status, 403);
  const door = await request('GET', '/v1/jobs/employments', { token: serviceToken() });
  assert.equal(door.status, 401, 'services do not come through the door');
  for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=100000', 'from=1'])
    assert.equal((await log('jobs', query)).status, 422, query);
});

test('every log is dense, every outbox empty, every position at a head, and no identity number in any', async () => {
  for (const service of ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring']) {
    await eventually(() => one(`SELECT count(*) FROM ${service}.outbox`) === '0', `${service}.outbox is empty`);
    const [n, max] = sql(`SELECT count(*), coalesce(max(seq), 0) FROM ${service}.event_log`)[0];
    assert.equal(n, max, service);
    for (const [source, seq] of sql(`SELECT source, seq FROM ${service}.event_cursor`)) {
      const upto = Number(one(`SELECT coalesce(max(seq), 0) FROM ${source}.event_log`));
      assert.ok(Number(seq) <= upto, `${service} is not ahead of ${source}`);
      await eventually(() => Number(one(`SELECT seq FROM ${service}.event_cursor WHERE source = '${source}'`)) >= upto,
        `${service} has done what ${source} said`);
    }
    assert.equal(one(`SELECT count(*) FROM ${service}.event_log WHERE payload::text ~ '[1-9]\\d{5}(19|20)\\d{9}[0-9X]'
      AND payload::text !~ '"id_index": "[0-9a-f]*[1-9]\\d{5}(19|20)\\d{9}'`), '0');
  }
});
