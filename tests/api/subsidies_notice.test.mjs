// subsidies_notice: what is made public, taken down, objected to and looked
// into by somebody apart; and what is past its day.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually } from '../lib/city.mjs';
import { HOME, card, certificate, citizen, line, live, make, policy, post } from './claims_help.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const { get, LST } = g;
await g.at(g.NOW);
const mint = minter((await citizen()).token);
const officer = (role, area = HOME.code, sub = randomUUID()) => mint({ roles: [`${role}@${area}`], sub });
const hands = { first: randomUUID(), recheck: randomUUID(), approve: randomUUID() };
const through = async (list) => {
  for (const [role, step, sub] of [['first_review', 'first-review', hands.first], ['recheck', 'recheck', hands.recheck],
    ['approve', 'approve', hands.approve]])
    await post(`claims/${step}`, officer(role, HOME.code, sub), { claim_ids: list.map((c) => c.id), decision: 'pass' });
};
const publish = (list, options) => post('notices', officer('approve', HOME.code, hands.approve), { claim_ids: list.map((c) => c.id) }, options);
// Some people's claims under one policy, approved and public.
async function published(n, t) {
  t ??= await policy();
  const people = await Promise.all(Array.from({ length: n }, () => citizen()));
  const list = [];
  for (const p of people) {
    await certificate(p, t);
    list.push(await make(p, t));
  }
  await through(list);
  const notice = await publish(list);
  const lines = await walk(`/v1/subsidies/notices/${notice.id}/lines`, undefined, 2);
  const lineOf = (i) => sql(`SELECT notice_line_id FROM subsidies.claim WHERE id = '${list[i].id}'`)[0][0];
  return { t, people, list, notice, lines, lineOf };
}
const object = (w, i, over = {}, options = {}) => call('POST', `/v1/subsidies/notices/${w.notice.id}/objections`,
  { body: { line_id: w.lineOf(i), content: '此人证书有假，请核查', ...over }, ...options });
const resolve = (o, body, token = officer('approve', '431100'), options = {}) => post(`objections/${o.id}/resolve`, token, body, options);

test('persons stand in a notice by masked names, without numbers; for the working days of their policy', async () => {
  const w = await published(3, await policy({ notice_working_days: 7 }));
  assert.deepEqual([w.notice.starts_on, w.notice.ends_on, w.notice.claims, w.notice.amount_cents], ['2025-10-20', '2025-10-29', 3, 300000]);
  assert.deepEqual(w.lines.map((l) => l.payee_name).sort(), w.people.map((p) => `${p.name[0]}*`).sort());
  const text = JSON.stringify(w.lines);
  for (const p of w.people) assert.ok(!text.includes(p.name) && !text.includes(p.id_number.slice(0, 10)) && !text.includes(p.id));
  const found = (await get(`notices?policy_code=${w.t.code}&county_code=${HOME.code}`)).items;
  assert.deepEqual(found.map((n) => [n.id, n.open, n.people]), [[w.notice.id, true, 3]]);
  assert.deepEqual((await get(`notices?policy_code=${w.t.code}&county_code=${LST.code}`)).items, []);
});

test('a notice is taken down with its reason, and its claims published again', async () => {
  const w = await published(2), path = `/v1/subsidies/notices/${w.notice.id}/withdraw`;
  const approve = officer('approve');
  await refused('POST', path, { token: approve, body: {} }, 422, 'request.invalid', '/reason field.missing');
  await refused('POST', path, { token: officer('approve', LST.code), body: { reason: '名单有误' } }, 404, 'request.not_found');
  await refused('POST', path, { token: officer('first_review'), body: { reason: '名单有误' } }, 403, 'auth.forbidden');
  const down = await call('POST', path, { token: approve, body: { reason: '名单有误' } });
  assert.deepEqual([down.claims, down.withdraw_reason], [2, '名单有误']);
  await refused('POST', path, { token: approve, body: { reason: '再撤' } }, 404, 'request.not_found');
  const c = await g.claimOf(w.people[0], w.list[0].id);
  assert.deepEqual([c.state, c.steps.at(-1).step, c.steps.at(-1).note], ['approved', 'withdraw_notice', '名单有误']);
  assert.deepEqual(line(w.t), [0, 200000, 0]);
  assert.deepEqual((await get(`notices/${w.notice.id}/lines`)).items, []);
  const [shown] = (await get(`notices?policy_code=${w.t.code}`)).items;
  assert.deepEqual([shown.open, shown.withdraw_reason], [false, '名单有误']);
  isProblem(await object(w, 0, {}, { refused: true }), 404, 'request.not_found');
  const again = await publish(w.list);
  assert.notEqual(again.id, w.notice.id);
  assert.equal((await get(`notices/${again.id}/lines`)).items.length, 2);
});

test('an objection is followed by its number, looked into by somebody apart, put off once, and dismissed', async () => {
  const w = await published(1);
  const o = await object(w, 0, { contact: '13900000000' });
  assert.match(o.objection_no, /^YY[0-9A-F]{16}$/);
  assert.equal(o.due_on, '2025-11-03', 'ten working days');
  assert.deepEqual(sql(`SELECT due_on FROM subsidies.case_file WHERE subject_id = '${o.id}'`), [['2025-11-03']]);
  const follow = async () => call('GET', `/v1/subsidies/objection-progress/${o.objection_no}`);
  assert.deepEqual([(await follow()).state, (await follow()).assigned], ['open', false]);
  await refused('GET', '/v1/subsidies/objection-progress/YY0000000000000000', {}, 404, 'request.not_found');
  const chief = officer('approve'), apart = randomUUID(), looker = officer('clerk', HOME.code, apart);
  const path = `/v1/subsidies/objections/${o.id}`;
  await refused('POST', `${path}/assign`, { token: officer('clerk'), body: { officer_id: apart } }, 403, 'auth.forbidden');
  await refused('POST', `${path}/assign`, { token: officer('approve', LST.code), body: { officer_id: apart } }, 404, 'request.not_found');
  await refused('POST', `${path}/assign`, { token: chief, body: { officer_id: 'x' } }, 422, 'request.invalid', '/officer_id field.format');
  for (const hand of Object.values(hands))
    await refused('POST', `${path}/assign`, { token: chief, body: { officer_id: hand } }, 409, 'subsidies.same_hand');
  assert.equal((await post(`objections/${o.id}/assign`, chief, { officer_id: apart })).officer_id, apart);
  isProblem(await resolve(o, { decision: 'dismissed', answer: '无误' }, chief, { refused: true }), 409, 'subsidies.no_finding');
  await refused('POST', `${path}/extend`, { token: chief, body: { working_days: 11, reason: '外地核查' } }, 422, 'request.invalid',
    '/working_days field.too_large');
  const later = await post(`objections/${o.id}/extend`, chief, { working_days: 5, reason: '外地核查' });
  assert.deepEqual([later.due_on, later.extend_reason], ['2025-11-10', '外地核查']);
  await refused('POST', `${path}/extend`, { token: chief, body: { working_days: 5, reason: '再延' } }, 409, 'state.wrong');
  assert.deepEqual(sql(`SELECT due_on FROM subsidies.case_file WHERE subject_id = '${o.id}'`), [['2025-11-10']]);
  await refused('POST', `${path}/finding`, { token: officer('clerk'), body: { finding: '冒充' } }, 404, 'request.not_found');
  assert.equal((await post(`objections/${o.id}/finding`, looker, { finding: '证书经核验为真' })).finding, '证书经核验为真');
  isProblem(await resolve(o, { decision: 'dismissed', answer: '无误' }, officer('approve', HOME.code, hands.approve), { refused: true }), 409,
    'subsidies.same_hand');
  assert.equal((await resolve(o, { decision: 'dismissed', answer: '证书为真' }, chief)).state, 'dismissed');
  assert.deepEqual([(await follow()).state, (await follow()).answer], ['dismissed', '证书为真']);
  assert.equal((await g.claimOf(w.people[0], w.list[0].id)).state, 'public', 'it goes on');
  const seen = await get(`objections/${o.id}`, chief);
  assert.ok(!JSON.stringify(seen).includes('13900000000'));
  await refused('GET', path, { token: officer('approve', LST.code) }, 404, 'request.not_found');
});

test('upheld it ends the claim; with less money it begins anew; while it is open nothing else happens', async () => {
  const w = await published(3);
  const [a, b] = [await object(w, 0), await object(w, 1)];
  isProblem(await call('POST', `/v1/subsidies/claims/${w.list[0].id}/account`, { token: w.people[0].token, body: card(w.people[0]), refused: true }),
    409, 'subsidies.objection_open');
  await post(`notices/${w.notice.id}/withdraw`, officer('approve'), { reason: '先核查' });
  isProblem(await publish(w.list, { refused: true }), 409, 'subsidies.objection_open');
  const again = await publish([w.list[2]]);
  assert.equal(again.claims, 1);
  // Approved again, their objections still stand with the former line.
  assert.equal((await resolve(a, { decision: 'dismissed', answer: '无误' })).state, 'dismissed');
  const other = await publish([w.list[0]]);
  assert.equal(other.claims, 1);
  const v = await published(2, w.t);
  const [x, y] = [await object(v, 0), await object(v, 1)];
  assert.equal((await resolve(x, { decision: 'upheld', answer: '证书系伪造' })).state, 'upheld');
  assert.deepEqual([(await g.claimOf(v.people[0], v.list[0].id)).state, live(v.list[0])], ['rejected', false]);
  const less = (amount_cents, claim_id = v.list[1].id) => ({ decision: 'corrected', answer: '标准有误', corrections: [{ claim_id, amount_cents }] });
  const wrong = async (body, field) => isProblem(await resolve(y, body, undefined, { refused: true }), 422, 'request.invalid', field);
  await wrong({ decision: 'corrected', answer: '标准有误' }, '/corrections field.missing');
  await wrong({ ...less(1), corrections: [] }, '/corrections field.count');
  await wrong({ ...less(1), corrections: [{ claim_id: 'x', amount_cents: 1 }] }, '/corrections/0 field.format');
  await wrong(less(100000), '/corrections field.choice');
  await wrong(less(0), '/corrections field.choice');
  await wrong(less(50000, v.list[0].id), '/corrections field.choice');
  const before = line(w.t);
  assert.equal((await resolve(y, less(60000))).state, 'corrected');
  const c = await g.claimOf(v.people[1], v.list[1].id);
  assert.deepEqual([c.state, c.amount_cents, c.steps.at(-1).step], ['notified', 60000, 'correct_amount']);
  assert.equal(before[1] - line(w.t)[1], 100000, 'the money is freed');
  await post(`claims/${c.id}/confirm`, v.people[1].token, card(v.people[1]));
  assert.equal(line(w.t)[0], 60000);
  assert.equal(b.state, 'open');
});

test('what is past its day: listed for whoever is to act, marked and told once; suspended time is not counted', async () => {
  const t = await policy({ promised_working_days: 3 }), p = await citizen(), q = await citizen();
  for (const x of [p, q]) await certificate(x, t);
  const [a, b] = [await make(p, t), await make(q, t)];
  assert.equal(a.promised_on, '2025-10-23');
  const list = async (query = '', role = 'first_review', area = HOME.code) =>
    (await walk(`/v1/subsidies/overdue?policy_code=${t.code}${query}`, officer(role, area), 50));
  assert.deepEqual(await list(), []);
  // Suspended over two working days.
  sql(`SELECT platform.act_as(at => '2025-10-20T02:00:00Z'); UPDATE subsidies.claim SET state = 'suspended', resume_state = 'confirmed', moved_at = platform.now() WHERE id = '${b.id}'`);
  sql(`SELECT platform.act_as(at => '2025-10-22T02:00:00Z'); UPDATE subsidies.claim SET state = 'confirmed', resume_state = NULL, moved_at = platform.now() WHERE id = '${b.id}'`);
  assert.equal((await g.claimOf(q, b.id)).promised_on, '2025-10-27');
  assert.deepEqual(sql(`SELECT due_on FROM subsidies.case_file WHERE subject_id = '${b.id}'`), [['2025-10-27']]);
  try {
    await g.at('2025-10-27');
    const [late] = await list();
    assert.deepEqual([late.id, late.kind, late.step, late.role, late.due_on, late.days], [a.id, 'claim', 'first_review', 'first_review', '2025-10-23', 2]);
    assert.equal((await list()).length, 1);
    assert.deepEqual(await list('&role=recheck'), []);
    assert.deepEqual(await list('', 'first_review', LST.code), []);
    await refused('GET', '/v1/subsidies/overdue?kind=tea', { token: officer('approve') }, 422, 'request.invalid', 'kind field.choice');
    await refused('GET', '/v1/subsidies/overdue', { token: p.token }, 403, 'auth.forbidden');
    const told = async () => (await call('GET', '/v1/messages?limit=50', { token: p.token })).items.filter((m) => m.kind === 'claim_overdue').length;
    await eventually(async () => await told() === 1, 'told');
    await eventually(() => sql(`SELECT 1 FROM subsidies.event_log WHERE type = 'subsidies.step.overdue.v1' AND key = '${a.id}'`).length === 1, 'an event');
    const desk_ = async (area) => (await call('GET', '/v1/messages?kind=step_overdue', { token: officer('first_review', area) })).items;
    assert.match((await desk_(HOME.code))[0].title, /^超过办理时限：\d+ 件$/);
    for (const county of [HOME, LST]) assert.ok((await desk_(county.code)).every((m) => m.county_code === county.code));
    // The next step has a clock of its own, once the city has set one.
    const clock = (working_days) => post('clocks', officer('approve', '431100'), { step: 'recheck', working_days, basis: '市级规定' });
    await post('claims/first-review', officer('first_review'), { claim_ids: [b.id], decision: 'pass' });
    try {
      await clock(1);
      await g.at('2025-10-29');
      const both = await list('&role=recheck');
      assert.deepEqual(both.map((x) => [x.id, x.due_on, x.days]), [[b.id, '2025-10-27', 2]], 'the promise comes first');
      assert.equal(await told(), 1);
    } finally { await clock(null); }
    const w = await published(1);
    const o = await object(w, 0);
    await g.at('2025-11-13');
    const [due] = (await walk(`/v1/subsidies/overdue?kind=objection&policy_code=${w.t.code}`, officer('approve'), 50));
    assert.deepEqual([due.id, due.role, due.days], [o.id, 'approve', 1]);
    assert.ok((await walk('/v1/subsidies/objections?overdue=true', officer('approve'), 50)).some((x) => x.id === o.id && x.overdue));
    await resolve(o, { decision: 'dismissed', answer: '无误' });
  } finally { await g.at(g.NOW); }
  assert.equal(NOBODY.length, 36);
});
