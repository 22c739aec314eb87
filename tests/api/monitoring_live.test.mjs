// monitoring: the live board: what happens is on it within two seconds, in the
// order of the log, for who may see it; who comes again misses nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { listen } from '../lib/stream.mjs';
import { dayPlus, known, minter, ports, refused, RUN, sql, today } from './help.mjs';

const PATH = '/v1/monitoring/live/stream';
const CITY = '431100', JH = '431129', LST = '431103';
const now = await today();
const [jh, lst, city, stats] = (await Promise.all(['jh.first', 'lst.first', 'city.audit', 'city.stats'].map((d) => desk(d))))
  .map((d) => d.token);
const mint = minter((await person()).token);
const open = [];
const board = async (options = {}, path = PATH) => {
  const s = await listen(path, options);
  open.push(s);
  return s;
};
test.after(() => open.forEach((s) => s.close()));
const short = await board({ token: mint({ roles: ['audit@431129'], exp: Math.floor(Date.now() / 1000) + 2 }) });

const employer = await firm(), people = await Promise.all(Array.from({ length: 8 }, () => person()));
const hire = () => {
  const { id } = people.pop();
  return known(() => call('POST', '/v1/jobs/employments', { token: employer.token, refused: true,
    body: { person_id: id, occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
};
const hired = (e) => e.event === 'counter' && e.data.measure === 'employed_new' && e.id > 0;
const counter = (data, area, measure = 'employed_new') => data.counters.find((c) => c.area_code === area && c.measure === measure);
const latest = (s, area) => s.events.map((e) => e.data.counters && counter(e.data, area)).findLast((c) => c).value;
const numbered = (s) => s.events.filter((e) => e.id && e.event === 'counter').map((e) => e.id);
const logged = (from, to) => sql(`SELECT seq FROM monitoring.event_log l JOIN monitoring.measure m ON m.code = l.payload->>'measure'
  AND m.is_live WHERE type = 'monitoring.figure.moved.v1' AND seq > ${from} AND seq <= ${to} ORDER BY seq`).map(([n]) => Number(n));

test('from the log of before: everything after the number asked for, each once, in order', async () => {
  await hire();
  await eventually(() => logged(0, 1e12).length > 0, 'a figure moved');
  const s = await board({ token: city }, `${PATH}?after=1`);
  assert.match(s.headers['content-type'], /^text\/event-stream/);
  assert.equal(s.headers['content-encoding'], undefined);
  const all = logged(1, 1e12);
  await s.until((e) => e.id >= all.at(-1));
  assert.deepEqual(numbered(s).filter((n) => n <= all.at(-1)), all);
  assert.ok(s.events.every((e) => e.event !== 'snapshot'));
  assert.match(s.text, /^retry: \d+\n\n/);
});

test('an event is on the board within two seconds, and everybody sees their own part of it', async () => {
  const [mine, other, all, sums, anyone] = await Promise.all([{ token: jh }, { token: lst }, { token: city }, { token: stats }, {}]
    .map((o) => board(o)));
  const boards = [mine, other, all, sums, anyone];
  for (const s of boards) await s.until((e) => e.event === 'snapshot');
  const shown = await eventually(async () => {
    const live = await call('GET', '/v1/monitoring/live');
    return latest(anyone, CITY) === live.hired && live;
  }, 'the board shows what the totals say');
  const before = latest(all, JH);
  const begun = Date.now();
  await hire();
  const seen = await Promise.all(boards.map((s) => s.until((e) => hired(e) && counter(e.data, CITY).value > shown.hired)));
  assert.ok(seen.every((e) => e.at - begun < 2000), seen.map((e) => e.at - begun).join());
  assert.ok(seen.every((e) => e.id === seen[0].id));
  assert.equal(counter(seen[2].data, JH).value, before + 1);
  assert.equal(counter(seen[0].data, JH).value, before + 1);
  assert.equal(seen[0].data.added, 1);
  assert.ok(Date.now() - Date.parse(seen[0].data.at) < 5000);
  // what another county does, they see only in the city's sum
  assert.doesNotMatch(other.text, new RegExp(JH));
  assert.match(other.text, new RegExp(LST));
  assert.doesNotMatch(mine.text, new RegExp(LST));
  // anybody: the city, and nothing smaller; statisticians: nothing of one day or one person in a county
  assert.doesNotMatch(anyone.text, /4311(?!00)\d\d|added|alert":/);
  assert.doesNotMatch(sums.text, /"added"/);
  for (const e of sums.events)
    for (const c of e.data.counters)
      if (c.area_code !== CITY) assert.ok(c.today === null && (c.value === null || c.counts === 'amount' || c.value === 0 || c.value >= 5));
  boards.forEach((s) => s.close());
});

test('who comes again with the last number misses nothing and hears nothing twice', async () => {
  const first = await board({ token: jh });
  await first.until((e) => e.event === 'snapshot');
  await hire();
  const at = await first.until(hired);
  await eventually(() => logged(0, 1e12).at(-1) === first.last, 'all of it is here');
  first.close();
  await hire();
  await hire();
  await eventually(() => logged(at.id, 1e12).length >= 2, 'two more');
  const again = await board({ token: jh, last: first.last });
  await hire();
  const value = counter(at.data, JH).value;
  await again.until((e) => hired(e) && counter(e.data, JH).value === value + 3);
  const end = again.last;
  assert.deepEqual([...numbered(first), ...numbered(again)], logged(numbered(first)[0] - 1, end));
  assert.ok(again.events.every((e) => e.event === 'counter'));
  // a number that this log never gave: everything anew
  const lost = await board({ token: jh, last: 999999999999 });
  assert.equal((await lost.until(() => true)).event, 'snapshot');
  again.close();
  lost.close();
});

test('an alert is on the boards of its county and of the city as it moves, and off them when it is closed', async () => {
  const [mine, other, all, anyone] = await Promise.all([{ token: jh }, { token: lst }, { token: city }, {}].map((o) => board(o)));
  for (const s of [mine, other, all, anyone]) await s.until((e) => e.event === 'snapshot');
  const layoff = await known(() => call('POST', '/v1/monitoring/layoffs', { token: employer.token, refused: true,
    body: { headcount: 25, staff: 100, reason: 'difficulty', noticed_on: now, planned_on: dayPlus(now, 30), plan: '裁减二十五人，依法支付补偿',
      union_view: '无异议' } }));
  const step = (verb, body) => call('POST', `/v1/monitoring/layoffs/${layoff.id}/${verb}`, { token: jh, body });
  const [[id]] = sql(`SELECT id FROM monitoring.alert WHERE org_id = '${employer.org_id}'`);
  await step('acknowledge', { note: '已约谈' });
  const its = (state) => (e) => e.event === 'alert' && e.data.id === id && e.data.alert.state === state;
  for (const s of [mine, all]) {
    assert.equal((await s.until(its('open'))).data.alert.rule, 'large_layoff');
    await s.until(its('acknowledged'));
  }
  const snapshot = async () => {
    const s = await board({ token: jh });
    const shown = (await s.until((e) => e.event === 'snapshot')).data.alerts.find((a) => a.id === id);
    s.close();
    return shown;
  };
  assert.equal((await snapshot()).alert.state, 'acknowledged');
  await step('handle', { measures: '组织专场招聘' });
  await step('close', { outcome: 'cancelled', laid_off: 0 });
  await mine.until(its('closed'));
  assert.equal(await snapshot(), undefined);
  for (const s of [other, anyone]) assert.ok(s.events.every((e) => e.event !== 'alert' && !e.data.alerts?.length));
  [mine, other, all, anyone].forEach((s) => s.close());
});

test('who reads slowly holds nobody up and loses nothing', async () => {
  const [slow, quick] = await Promise.all([board({ token: city }), board({ token: city })]);
  for (const s of [slow, quick]) await s.until((e) => e.event === 'snapshot');
  slow.res.pause();
  await hire();
  await quick.until(hired);
  assert.equal(numbered(slow).length, 0);
  slow.res.resume();
  await slow.until(hired);
  assert.equal(numbered(slow)[0], numbered(quick)[0]);
  slow.close();
  quick.close();
});

test('one caller has so many boards, and a place that is left is free again', async () => {
  const token = mint({ roles: ['audit@431129'] });
  const mine = await Promise.all(Array.from({ length: 8 }, () => board({ token })));
  assert.ok(mine.every((s) => s.status === 200));
  const more = await request('GET', PATH, { token });
  assert.equal(more.status, 429);
  assert.equal(more.json.code, 'limit.rate');
  assert.ok(Number(more.headers['retry-after']) > 0);
  mine.forEach((s) => s.close());
  await eventually(async () => (await board({ token })).status === 200, 'a place is free');
});

test('a stream ends with its token, and when the service leaves, by a word', async () => {
  const s = await board({ token: jh });
  await s.until((e) => e.event === 'snapshot');
  assert.equal((await short.until((e) => e.event === 'bye')).data.reason, 'expired');
  await short.over();
  assert.ok(short.whole && !s.ended);
  process.kill(Number(readFileSync(`${RUN}/pid/monitoring.supervisor`, 'utf8')), 'SIGUSR1');
  assert.equal((await s.until((e) => e.event === 'bye', { ms: 15000 })).data.reason, 'drain');
  await s.over();
  assert.ok(s.whole);
  await hire();
  const again = await eventually(async () => {
    const next = await board({ token: jh, last: s.last });
    return next.status === 200 ? next : null;
  }, 'the service is back');
  await again.until(hired);
  await eventually(() => logged(0, 1e12).at(-1) === again.last, 'all of it is here');
  assert.deepEqual(numbered(again), logged(s.last, again.last));
});

test('the page runs its own script and nothing else', async () => {
  const page = await call('GET', '/v1/monitoring/live/page', { whole: true });
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.headers['content-security-policy'], /default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; style-src 'sha256-/);
  assert.doesNotMatch(page.text, /https?:\/\/| on[a-z]+="| style="/);
});

test('odd questions are refused before anything is sent', async () => {
  await refused('GET', `${PATH}?after=x`, { token: jh }, 422, 'request.invalid', 'after field.type');
  await refused('GET', `${PATH}?since=1`, {}, 422, 'request.invalid', 'since field.unknown');
  await refused('GET', PATH, { headers: { 'last-event-id': '-1' } }, 400, 'request.malformed');
  await refused('GET', PATH, { token: 'no' }, 401, 'auth.token_invalid');
  await refused('GET', '/v1/monitoring/live/page?x=1', {}, 422, 'request.invalid', 'x field.unknown');
  const head = await request('HEAD', PATH, { base: `http://127.0.0.1:${ports.monitoring}` });
  assert.equal(head.status, 200);
});
