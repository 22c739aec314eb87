// monitoring, ratings: one word a finished matter by whose it was; a bad one is
// put right by others than who was rated; the rates of the three groups.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, textCode } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { certify, enrol, examine, openClass, school, turn } from './class_help.mjs';
import { clerkAt, outlet } from './counter.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';

const M = '/v1/monitoring';
const at = (path) => `${M}/${path}`;
const now = await today();
const mint = minter((await person()).token);
const officer = (role, county = '431129', sub = randomUUID()) => mint({ roles: [`${role}@${county}`], sub });
const get = (path, token) => call('GET', at(path), { token });
const rate = (who, body, how = {}) => call('POST', at('ratings'), { token: who.token, body, ...how });
const mine = (who, matter) => eventually(async () =>
  (await get('my/matters', who.token)).items.find((m) => m.matter_code === matter), `${matter} may be rated`);
const jobless = (p, token = p.token) => known(() => call('POST', '/v1/jobs/unemployment-registrations',
  { token, body: { reason: 'layoff' }, refused: true }));
const group = async (key, role = 'audit', county = '431129') => (await get(`satisfaction?by=group&from_on=${now}&to_on=${now}`,
  officer(role, county))).items.find((i) => i.key === key);

const [p, q, f] = await Promise.all([person(), person(), firm()]);

test('a finished matter is rated once, by whose it was', async () => {
  const before = await group('public_service');
  await jobless(p);
  const m = await mine(p, 'JB-01');
  assert.deepEqual([m.outcome, m.finished_on, m.rate_by], ['done', now, null]);
  await refused('POST', at('ratings'), { token: q.token, body: { case_id: m.id, stars: 5 } }, 404, 'request.not_found');
  await refused('POST', at('ratings'), { token: p.token, body: { case_id: NOBODY, stars: 5 } }, 404, 'request.not_found');
  await eachMistake('POST', at('ratings'), p.token, { case_id: m.id, stars: 5 }, [[{ stars: 0 }, '/stars field.too_small'],
    [{ stars: 6 }, '/stars field.too_large'], [{ case_id: 'x' }, '/case_id field.format'],
    [{ reasons: [{ code: 'weather' }] }, '/reasons/0/code field.choice']]);
  await refused('POST', at('ratings'), { token: p.token, body: { case_id: m.id, stars: 2 } }, 422, 'request.invalid', '/reasons field.missing');
  const said = await rate(p, { case_id: m.id, stars: 5, note: '很快' });
  assert.deepEqual([said.stars, said.matter_code, said.redress_state, said.case_id], [5, 'JB-01', null, m.id]);
  await refused('POST', at('ratings'), { token: p.token, body: { case_id: m.id, stars: 1, reasons: [{ code: 'slow' }] } }, 409, 'monitoring.rated_already');
  assert.ok(!(await get('my/matters', p.token)).items.some((x) => x.id === m.id), 'it is rated');
  const add = (who) => call('POST', at(`ratings/${said.id}/additions`), { token: who.token, body: { note: '后来也好' }, refused: true });
  assert.equal((await add(q)).status, 404);
  assert.equal((await add(p)).json.added_note, '后来也好');
  await refused('POST', at(`ratings/${said.id}/additions`), { token: p.token, body: { note: '再加' } }, 409, 'monitoring.added_already');
  const own = await walk(at('my/ratings'), p.token, 1);
  assert.deepEqual(own.map((x) => x.id), [said.id]);
  const after = await group('public_service');
  assert.deepEqual([after.n, after.satisfied, after.target_milli], [before.n + 1, before.satisfied + 1, 980]);
  for (const path of ['my/matters', 'my/ratings']) await refused('GET', at(path), { token: officer('clerk') }, 403, 'auth.forbidden');
});

test('a firm rates its own matters, and what it did for a person is not the person’s to rate', async () => {
  const v = await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: q.id,
    occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
  assert.ok(v.case_no);
  const m = await mine(f, 'JB-03');
  assert.ok(!(await get('my/matters', q.token)).items.some((x) => x.id === m.id));
  assert.equal((await rate(f, { case_id: m.id, stars: 3 })).stars, 3);
});

test('the window to rate is the city’s promise, and closes', async () => {
  const w = await person();
  await jobless(w);
  const m = await mine(w, 'JB-01');
  await setNumber(mint, 'rating_window_days', 5);
  try {
    const due = (await get('my/matters', w.token)).items.find((x) => x.id === m.id).rate_by;
    assert.ok(due > now && due <= dayPlus(now, 15), due);
    sql(`UPDATE monitoring.finished SET finished_on = '${dayPlus(now, -40)}' WHERE case_id = '${m.id}'`);
    assert.ok(!(await get('my/matters', w.token)).items.some((x) => x.id === m.id));
    await refused('POST', at('ratings'), { token: w.token, body: { case_id: m.id, stars: 5 } }, 409, 'monitoring.rating_late');
  } finally { await setNumber(mint, 'rating_window_days', null); }
});

test('a bad word is put right by others than who was rated', async () => {
  const clerk = await clerkAt(await outlet('431129100'));
  const who = await person();
  await eventually(() => sql(`SELECT 1 FROM jobs.person WHERE id = '${who.id}'`).length, 'jobs knows the person');
  const s = await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null,
    body: { id_number: who.id_number, code: await textCode(who.phone, 'assist') } });
  await jobless(who, s.access_token);
  const said = await rate(who, { case_id: (await mine(who, 'JB-01')).id, stars: 1, reasons: [{ code: 'attitude' }, { code: 'slow' }], note: '等了一上午' });
  assert.deepEqual([said.redress_state, said.answer_by], ['open', null], 'no day is promised, it opens all the same');
  const list = (await get('redress?state=open', officer('clerk'))).items;
  const r = list.find((x) => x.rating_id === said.id);
  assert.deepEqual([r.reasons, r.due_on, r.overdue], [['attitude', 'slow'], null, null]);
  assert.ok(!JSON.stringify([list, await get(`ratings?bad=true&from_on=${now}`, officer('recheck'))]).includes(who.id), 'nobody is named');
  assert.deepEqual((await get('redress', officer('clerk', '431103'))).items.filter((x) => x.id === r.id), []);
  const step = (sub, name, over = {}) => call('POST', at(`redress/${r.id}/steps`), {
    token: sub === clerk.id ? clerk.token : officer('recheck', '431129', sub),
    body: { step: name, note: '已核实情况', ...over }, refused: true });
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
  const no = async (reply, status, code) => { const x = await reply; assert.deepEqual([x.status, x.json.code], [status, code], x.text); };
  await no(step(clerk.id, 'assign'), 409, 'monitoring.rated_hand');
  await no(step(b, 'assign', { officer_id: clerk.id }), 409, 'monitoring.rated_hand');
  await no(step(a, 'contact'), 409, 'state.wrong');
  const told_ = async (token, kind) => (await call('GET', `/v1/messages?kind=redress_${kind}&unread=true&limit=200`, { token })).items.filter((x) => x.subject_id === r.id).length;
  assert.deepEqual([await told_(officer('recheck'), 'opened'), await told_(officer('recheck', '431103'), 'opened')], [1, 0]);
  assert.equal((await step(b, 'assign', { officer_id: a })).json.state, 'assigned');
  assert.deepEqual([await told_(officer('recheck'), 'opened'), await told_(officer('recheck', '431129', a), 'assigned')], [0, 1]);
  await no(step(b, 'contact'), 409, 'monitoring.redress_hand');
  await no(step(a, 'contact', { note: undefined }), 422, 'request.invalid');
  await no(step(a, 'contact', { officer_id: b }), 422, 'request.invalid');
  // Malicious it is not, says another.
  assert.equal((await step(a, 'appeal')).json.state, 'appealed');
  await no(step(a, 'uphold'), 409, 'monitoring.redress_second');
  await no(step(clerk.id, 'uphold'), 409, 'monitoring.redress_second');
  assert.equal((await step(c, 'dismiss')).json.state, 'assigned');
  for (const [name, state] of [['contact', 'contacted'], ['rectify', 'rectified'], ['answer', 'answered']])
    assert.equal((await step(a, name)).json.state, state);
  await no(step(a, 'close'), 409, 'monitoring.redress_second');
  assert.equal((await step(c, 'close')).json.ended_on, now);
  const whole = await get(`redress/${r.id}`, officer('audit'));
  assert.deepEqual(whole.steps.map((x) => x.step), ['assign', 'appeal', 'dismiss', 'contact', 'rectify', 'answer', 'close']);
  const [own] = (await get('my/ratings', who.token)).items;
  assert.deepEqual([own.redress_state, own.answer], ['closed', '已核实情况']);
  const told = await call('GET', '/v1/messages', { token: who.token });
  assert.ok(JSON.stringify(told).includes('您的评价已有答复'));
  await refused('GET', at(`redress/${r.id}`), { token: officer('audit', '431103') }, 404, 'request.not_found');
  await refused('GET', at('redress?state=lost'), { token: officer('clerk') }, 422, 'request.invalid', 'state field.choice');
  await refused('POST', at(`redress/${r.id}/steps`), { token: officer('audit'), body: { step: 'close', note: '办结' } }, 403, 'auth.forbidden');
});

test('a clerk at an outlet writes down the word of the firm that stands there, and the firm may take it back', async () => {
  const o = await outlet('431129100');
  const [clerk, handler, g, other, who] = await Promise.all([clerkAt(o), clerkAt(o), firm(), firm(), person()]);
  const end = async (by) => {
    const p = await person();
    await known(() => call('POST', '/v1/jobs/employments', { token: by.token, refused: true, body: { person_id: p.id,
      occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
    return mine(by, 'JB-03');
  };
  const m = await end(g);
  for (const x of [g, other]) [[x.uscc]] = sql(`SELECT uscc FROM identity.org WHERE id = '${x.org_id}'`);
  const open = (uscc = g.uscc, token = clerk.token) => walk(at(`counter-matters?uscc=${uscc}`), token, 20);
  const give = (over = {}, token = clerk.token) => call('POST', at('counter-ratings'), { token, refused: true,
    body: { case_id: m.id, uscc: g.uscc, stars: 2, reasons: [{ code: 'queue' }, { code: 'slow' }], note: '排队太久', ...over } });
  const no = async (reply, status, code) => { const x = await reply; assert.deepEqual([x.status, x.json.code], [status, code], x.text); };
  const found = (await open()).find((x) => x.id === m.id);
  assert.deepEqual([found.org_name, found.matter_code, found.county_code], [g.org.name, 'JB-03', '431129']);
  assert.deepEqual(await open(other.uscc), []);
  assert.deepEqual((await open(g.uscc, officer('clerk', '431103'))).filter((x) => x.id === m.id), []);
  await refused('GET', at('counter-matters'), { token: clerk.token }, 422, 'request.invalid', 'uscc field.missing');
  await refused('GET', at(`counter-matters?uscc=${g.uscc}&limit=0`), { token: clerk.token }, 422, 'request.invalid', 'limit field.too_small');
  await refused('GET', at(`counter-matters?uscc=${g.uscc}`), { token: g.token }, 403, 'auth.forbidden');
  await no(give({}, officer('clerk')), 403, 'identity.no_outlet');
  await no(give({}, officer('recheck')), 403, 'auth.forbidden');
  await no(give({}, g.token), 403, 'auth.forbidden');
  await no(give({ uscc: other.uscc }), 404, 'request.not_found');
  await no(give({ case_id: NOBODY }), 404, 'request.not_found');
  await eachMistake('POST', at('counter-ratings'), clerk.token, { case_id: m.id, uscc: g.uscc, stars: 5 },
    [[{ uscc: '123' }, '/uscc field.uscc'], [{ stars: 9 }, '/stars field.too_large'], [{ uscc: undefined }, '/uscc field.missing']]);
  await refused('POST', at('counter-ratings'), { token: clerk.token, body: { case_id: m.id, uscc: g.uscc, stars: 1 } }, 422, 'request.invalid', '/reasons field.missing');
  // Who handled the matter cannot, and does not even see it.
  sql(`UPDATE monitoring.finished SET officer_id = '${handler.id}' WHERE case_id = '${m.id}'`);
  await no(give({}, handler.token), 409, 'monitoring.rated_hand');
  assert.ok(!(await open(g.uscc, handler.token)).some((x) => x.id === m.id));

  const before = await group('public_service');
  const said = await give();
  assert.equal(said.status, 201, said.text);
  assert.deepEqual([said.json.at_counter, said.json.reasons, said.json.redress_state], [true, ['queue', 'slow'], 'open']);
  await no(give(), 409, 'monitoring.rated_already');
  assert.ok(JSON.stringify(await call('GET', '/v1/messages', { token: g.token })).includes('窗口已代贵单位评价办件'));
  assert.equal((await group('public_service')).bad, before.bad + 1);
  assert.ok((await get(`ratings?bad=true&from_on=${now}`, officer('audit'))).items.some((x) => x.id === said.json.id && x.at_counter));

  const back = (id, token) => call('POST', at(`ratings/${id}/withdraw`), { token, refused: true });
  await no(back(said.json.id, other.token), 404, 'request.not_found');
  await no(back(said.json.id, who.token), 403, 'auth.forbidden');
  const taken = await back(said.json.id, g.token);
  assert.deepEqual([taken.status, taken.json.withdrawn_on, taken.json.redress_state], [200, now, 'withdrawn'], taken.text);
  await no(back(said.json.id, g.token), 409, 'state.wrong');
  assert.deepEqual([(await group('public_service')).bad, (await group('public_service')).n], [before.bad, before.n]);
  await refused('POST', at(`ratings/${said.json.id}/additions`), { token: g.token, body: { note: '补充' } }, 409, 'monitoring.added_already');
  await no(give(), 409, 'monitoring.rating_taken_back');
  const own = await rate(g, { case_id: m.id, stars: 4 });
  assert.deepEqual([own.at_counter, own.stars], [false, 4]);
  await no(back(own.id, g.token), 409, 'monitoring.rating_own');
  await eventually(() => sql(`SELECT is_dropped FROM monitoring.fact WHERE kind = 'rating' AND id = '${said.json.id}'`)[0]?.[0] === 't',
    'what was taken back is counted nowhere');

  // What an officer has begun to put right stays.
  const n = await end(g);
  const bad = (await give({ case_id: n.id })).json;
  const r = (await get('redress?state=open', officer('clerk'))).items.find((x) => x.rating_id === bad.id);
  await call('POST', at(`redress/${r.id}/steps`), { token: officer('recheck'), body: { step: 'assign' } });
  await no(back(bad.id, g.token), 409, 'monitoring.redress_begun');
  const late = (await give({ case_id: (await end(g)).id, stars: 5, reasons: [] })).json;
  await setNumber(mint, 'rating_window_days', 5);
  try {
    sql(`UPDATE monitoring.finished SET finished_on = '${dayPlus(now, -40)}' WHERE case_id = '${late.case_id}'`);
    await no(back(late.id, g.token), 409, 'monitoring.rating_late');
  } finally {
    await setNumber(mint, 'rating_window_days', null);
  }
});

test('a malicious word is counted nowhere once two officers say so; a day that was promised is kept', async () => {
  await setNumber(mint, 'rating_answer_days', 5);
  try {
    const [who] = await Promise.all([person()]);
    await jobless(who);
    const m = await mine(who, 'JB-01');
    const before = await group('public_service');
    const said = await rate(who, { case_id: m.id, stars: 1, reasons: [{ code: 'other' }] });
    assert.ok(said.answer_by > now);
    assert.equal((await group('public_service')).bad, before.bad + 1);
    const r = (await get('redress?state=open', officer('clerk'))).items.find((x) => x.rating_id === said.id);
    assert.equal(r.overdue, false);
    const step = (sub, name) => call('POST', at(`redress/${r.id}/steps`), { token: officer('recheck', '431129', sub), body: { step: name, note: '辱骂与办件无关' } });
    const [a, b] = [randomUUID(), randomUUID()];
    await step(a, 'assign');
    assert.ok((await get('redress?mine=true', officer('recheck', '431129', a))).items.some((x) => x.id === r.id));
    sql(`UPDATE monitoring.redress SET due_on = '${dayPlus(now, -1)}' WHERE id = '${r.id}'`);
    assert.ok((await get('redress?overdue=true', officer('audit'))).items.some((x) => x.id === r.id && x.overdue));
    await step(a, 'appeal');
    assert.equal((await step(b, 'uphold')).state, 'void');
    assert.deepEqual([(await group('public_service')).n, (await group('public_service')).bad], [before.n, before.bad]);
    await eventually(() => sql(`SELECT is_dropped FROM monitoring.fact WHERE kind = 'rating' AND id = '${said.id}'`)[0]?.[0] === 't', 'its fact');
  } finally {
    await setNumber(mint, 'rating_answer_days', null);
  }
});

test('what trainees and founders said elsewhere is counted, and not asked again', async () => {
  const before = await group('training', 'audit', '431125');
  const guided = (await group('public_service', 'audit', '431125')).n;
  const s = await school({ area_code: '431125100' }), t = await person({ area_code: '431125100' });
  const cls = await openClass(s, { area_code: '431125100', ends_on: now });
  const e = await enrol(t, cls);
  await examine(s, e, 90);
  await certify(s, e);
  await turn(s, cls, 'complete');
  await known(() => call('POST', `/v1/training/enrolments/${e.id}/rating`, { token: t.token, body: { stars: 2, reasons: [{ code: 'time' }] }, refused: true }));
  const id = randomUUID();
  sql(`INSERT INTO entrepreneurship.outbox (type, key, area_code, occurred_at, payload) VALUES ('entrepreneurship.guidance.rated.v1', '${id}', '431125',
    '${now}T04:00:00Z', '{"guidance_id":"${id}","mentor_id":"${NOBODY}","stars":4,"county_code":"431125"}')`);
  let after;
  await eventually(async () => {
    after = await group('training', 'audit', '431125');
    return after.n === before.n + 1 && (await group('public_service', 'audit', '431125')).n === guided + 1;
  }, 'both words are counted');
  assert.equal(after.bad, before.bad + 1);
  const [c] = sql(`SELECT case_id, is_asked FROM monitoring.finished WHERE person_id = '${t.id}' AND matter_code = 'TR-01'`);
  if (c) {
    assert.equal(c[1], 'f');
    await refused('POST', at('ratings'), { token: t.token, body: { case_id: c[0], stars: 5 } }, 409, 'monitoring.rated_elsewhere');
  }
});

test('rates by every cut; few words are hidden from statisticians; odd questions are refused', async () => {
  for (const by of ['group', 'matter', 'service', 'county', 'outlet', 'channel']) {
    const items = (await get(`satisfaction?by=${by}`, officer('stats', '431100'))).items;
    assert.ok(items.every((i) => i.hidden ? i.n === null : i.n === 0 || i.n >= 5), by);
    assert.ok(items.length > 0, by);
  }
  assert.ok((await get('satisfaction?by=county', officer('clerk'))).items.every((i) => i.key === '431129'));
  const [total] = sql(`SELECT count(*), count(*) FILTER (WHERE stars >= 3) FROM monitoring.rating WHERE NOT is_void AND county_code = '431129'`);
  const [row] = (await get('satisfaction?by=county&from_on=2000-01-01&to_on=2100-01-01', officer('audit'))).items;
  assert.deepEqual([row.n, row.satisfied], total.map(Number));
  assert.equal(row.satisfied_milli, Math.round(1000 * row.satisfied / row.n));
  await refused('GET', at('satisfaction?by=mood'), { token: officer('stats') }, 422, 'request.invalid', 'by field.choice');
  await refused('GET', at('ratings'), { token: officer('stats') }, 403, 'auth.forbidden');
  await refused('GET', at('ratings?bad=maybe'), { token: officer('audit') }, 422, 'request.invalid', 'bad field.type');
});
