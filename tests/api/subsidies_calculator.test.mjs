// 政策计算器 and 试算: what somebody could get and why, by what is known or only
// stated; what a drafted rule would change, cost, and when the money would end.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { eachMistake, refused, sql } from './help.mjs';

const { GRADUATE, JH, LST, POLICY } = g;
const CODE = 'JSQ';
const certificate = (over = {}) => ({
  code: CODE, version: 1, title: '测算用证书补贴', subject: 'certificate', beneficiary: 'person', mode: 'direct',
  period: 'once', legal_basis: ['测试'], effective_from: '2025-01-01', effective_to: '2025-12-31',
  benefit_family: 'calculator_test', frequency: { times: 1, over: 'ever' }, holds: [{ family: 'calculator_test', holder: 'person', over: 'ever' }],
  fund_source: 'employment_fund', amount: { kind: 'fixed', amount_cents: 100000 }, notice_working_days: 5,
  promised_working_days: 20, approval: ['first_review', 'recheck', 'approve'], exclusions: [],
  conditions: [
    { code: 'ours', title: '测算用职业', refusal: '不是测算用职业', silent: true,
      rule: { eq: [{ fact: 'certificate_occupation' }, '6-31-01-99'] } },
    { code: 'level', title: '证书等级为五级及以上', refusal: '证书等级不符', rule: { le: [{ fact: 'certificate_level' }, 5] } },
    { code: 'age', title: '年满16周岁', refusal: '未满16周岁',
      rule: { ge: [{ fact: 'certificate_on' }, { add_months: [{ fact: 'birth_on' }, 192] }] } }],
  ...over,
});
const publish = (doc) => sql(`SELECT subsidies.policy_publish($j$${JSON.stringify(doc)}$j$::jsonb, gen_random_uuid())`);
const put = (p, on, level) => sql(`SELECT subsidies.fact_put(ROW(gen_random_uuid(), 'certificate', '${p.id}', NULL, NULL, NULL,
  '${on}', NULL, '6-31-01-99', ARRAY[${level}, 1, 30]::bigint[], NULL, 'officer', NULL, '431129', NULL, now(), NULL)::subsidies.fact)`);

await g.at(g.NOW);
publish(certificate());

const mine = (token, query = `?policy_code=${CODE}`) => call('GET', `/v1/subsidies/calculator${query}`, { token });

test('a person sees each policy with what is met, unmet and unknown, before there is anything to judge and after', async () => {
  const p = await person({ area_code: JH.town });
  await eventually(async () => (await mine(p.token, '')).items.length > 0, 'the person is known');
  const [before] = (await mine(p.token)).items;
  assert.deepEqual([before.verdict, before.subject_id, before.amount_cents, before.met.length], ['waiting', null, null, 0]);
  assert.equal(before.unknown.length, 3);
  assert.match(before.unknown[1], /证书等级/);
  await eventually(() => sql(`SELECT count(*) FROM subsidies.person WHERE id = '${p.id}'`)[0][0] === '1', 'the person is known');
  put(p, '2025-06-01', 4);
  put(p, '2025-07-01', 3);
  const [after] = (await mine(p.token)).items;
  assert.deepEqual([after.verdict, after.amount_cents, after.eligible_count, after.subject_on, after.unmet, after.unknown],
    ['eligible', 100000, 2, '2025-07-01', [], []]);
  assert.match(after.next, /一键/);
  const all = await mine(p.token, '');
  assert.ok(all.items.every((i) => i.beneficiary !== 'employer'), 'what employers get is not a person’s');
  await refused('GET', '/v1/subsidies/calculator?on=yesterday', { token: p.token }, 422, 'request.invalid', 'on field.format');
  await refused('GET', '/v1/subsidies/calculator', { token: (await desk('jh.clerk')).token }, 403, 'auth.forbidden');
});

test('a sum that is not set is said to be so', async () => {
  publish(certificate({ version: 2, amount: { kind: 'fixed', amount_cents: null } }));
  const p = await person({ area_code: JH.town });
  await eventually(() => sql(`SELECT count(*) FROM subsidies.person WHERE id = '${p.id}'`)[0][0] === '1', 'the person is known');
  put(p, '2025-06-01', 4);
  const [item] = (await mine(p.token)).items;
  assert.deepEqual([item.verdict, item.amount_cents], ['unset', null]);
  assert.match(item.next, /未设定/);
});

test('an employer sees what its hires would bring, and nothing about them', async () => {
  const w = await g.candidates(JH, 1);
  const [item] = (await mine(w.firm.token, `?policy_code=${POLICY}`)).items;
  assert.deepEqual([item.verdict, item.subject_id, item.period], ['taken', w.list[0].subject_id, 'once']);
  assert.doesNotMatch(JSON.stringify(item), /毕业日期|出生日期/);
  const other = await firm({ area_code: JH.town });
  await eventually(async () => (await mine(other.token, `?policy_code=${POLICY}`)).items.length > 0, 'the firm is known');
  const [none] = (await mine(other.token, `?policy_code=${POLICY}`)).items;
  assert.equal(none.subject_id, null);
});

test('anybody may state facts: weighed, not believed, not kept; each mistake named', async () => {
  const facts = { certificate_on: '2025-06-01', certificate_level: 4, certificate_occupation: '6-31-01-99', birth_on: '2000-01-01' };
  const ask = (body) => call('POST', '/v1/subsidies/calculator', { body, key: null });
  const r = await ask({ facts, policy_code: CODE });
  assert.deepEqual([r.stated, r.items[0].verdict], [true, 'unset']);
  const young = await ask({ facts: { ...facts, birth_on: '2015-01-01' }, policy_code: CODE });
  assert.equal(young.items[0].verdict, 'refused');
  assert.match(young.items[0].unmet[0], /未满16周岁/);
  const partly = await ask({ facts: { certificate_level: 4 }, policy_code: CODE });
  assert.deepEqual([partly.items[0].verdict, partly.items[0].met.length, partly.items[0].unknown.length], ['waiting', 1, 2]);
  assert.ok((await ask({ facts: {} })).items.length > 1, 'every policy in force');
  await refused('POST', '/v1/subsidies/calculator', { body: { facts: { level: 4 } }, key: null }, 422, 'request.invalid',
    '/facts/level field.fact');
  await refused('POST', '/v1/subsidies/calculator', { body: { facts: { certificate_level: '4' } }, key: null }, 422,
    'request.invalid', '/facts/certificate_level field.type');
  await refused('POST', '/v1/subsidies/calculator', { body: { facts: [] }, key: null }, 422, 'request.invalid', '/facts field.type');
});

// ---- dry runs ----

const run = (token, body, over = {}) => call('POST', '/v1/subsidies/dry-runs', { token, body, ...over });
const ended = (token, id) => eventually(async () => {
  const r = await call('GET', `/v1/subsidies/dry-runs/${id}`, { token });
  assert.notEqual(r.state, 'failed');
  return r.state === 'done' && r;
}, 'the dry run is done');

test('a drafted rule over a period: winners, losers, cost by county, the day the money ends; nothing is decided', async () => {
  const approver = await desk('city.approve');
  const current = { ...certificate(), code: 'SSY', title: '试算用招用补贴', subject: 'employment', beneficiary: 'employer',
    benefit_family: 'dry_run_test', holds: [{ family: 'dry_run_test', holder: 'subject', over: 'ever' }],
    amount: { kind: 'fixed', amount_cents: g.EACH }, conditions: [{ code: 'contract', title: '签订劳动合同', refusal: '未签订劳动合同',
      rule: { ge: [{ fact: 'contract_months' }, 1] } }] };
  publish(current);
  const w = await g.candidates(LST, 2, [GRADUATE, GRADUATE]);
  const period = { from_on: '2025-07-01', to_on: '2025-07-31', county_code: LST.code };
  const report = async (document) => {
    const r = await run(approver.token, { document, ...period });
    assert.deepEqual([r.state, r.policy_code], ['queued', 'SSY']);
    return { id: r.id, ...(await ended(approver.token, r.id)).report.total[0] };
  };
  const decided = () => sql(`SELECT count(*), max(id::text) FROM subsidies.decision WHERE policy_code = 'SSY'`);
  const before = decided();
  const same = await report(current);
  assert.ok(same.now >= 2 && same.then === same.now && same.winners + same.losers + same.more + same.less === 0, JSON.stringify(same));
  assert.equal(same.then_cents, same.now * g.EACH);
  const doubled = await report({ ...current, amount: { kind: 'fixed', amount_cents: 2 * g.EACH } });
  assert.deepEqual([doubled.more, doubled.then_cents], [doubled.now, 2 * same.then_cents]);
  const nobody = await report({ ...current, conditions: [...current.conditions,
    { code: 'never', title: '不会满足', refusal: '总不满足', rule: { le: [{ fact: 'hired_on' }, { day: '2000-01-01' }] } }] });
  assert.deepEqual([nobody.losers, nobody.then, nobody.then_cents, nobody.money_ends_on], [same.now, 0, 0, null]);
  const rows = await call('GET', `/v1/subsidies/dry-runs/${nobody.id}/rows?change=loser&limit=200`, { token: approver.token });
  const ours = rows.items.find((r) => r.subject_id === w.people[0].employment.id);
  assert.deepEqual([ours.before_cents, ours.after_cents, ours.reason, ours.subject_on], [g.EACH, null, 'never', g.HIRED_ON]);
  assert.deepEqual(decided(), before, 'nothing was decided');
  // What the county has is used up on the day the sum passes it.
  const rich = await report({ ...current, amount: { kind: 'fixed', amount_cents: 900_000_000 } });
  const [first] = sql(`SELECT min(hired_on) - DATE '2025-07-01' FROM subsidies.employment WHERE county_code = '${LST.code}'
    AND hired_on BETWEEN '2025-07-01' AND '2025-07-31'`)[0];
  assert.deepEqual([rich.available_cents, rich.money_ends_on], [0, `2025-10-${20 + Number(first)}`], 'as many days from now as the first is from the beginning');
});

test('who may ask for a dry run, of what', async () => {
  const approver = await desk('jh.approve');
  const good = { document: certificate({ version: 9 }), from_on: '2025-01-01', to_on: '2025-12-31', county_code: JH.code };
  await eachMistake('POST', '/v1/subsidies/dry-runs', approver.token, good, [
    [{ document: { ...good.document, title: '' } }, '/document/title field.too_short'],
    [{ document: { ...good.document, conditions: [{ code: 'x', title: '甲', refusal: '乙', rule: { is: 'rich' } }] } },
      '/document/conditions/0/rule/is field.fact'],
    [{ to_on: '2024-12-31' }, '/to_on field.date_order'], [{ to_on: '2026-06-01' }, '/to_on field.too_large'],
    [{ from_on: undefined }, '/from_on field.missing']]);
  await refused('POST', '/v1/subsidies/dry-runs', { token: approver.token, body: { ...good, county_code: LST.code } }, 403, 'auth.area');
  await refused('POST', '/v1/subsidies/dry-runs', { token: (await desk('jh.clerk')).token, body: good }, 403, 'auth.forbidden');
  const r = await run(approver.token, good);
  await ended(approver.token, r.id);
  const list = await call('GET', `/v1/subsidies/dry-runs?policy_code=${CODE}`, { token: approver.token });
  assert.ok(list.items.some((x) => x.id === r.id));
  await refused('GET', `/v1/subsidies/dry-runs/${r.id}`, { token: (await desk('lst.approve')).token }, 404, 'request.not_found');
  await refused('POST', `/v1/subsidies/dry-runs/${r.id}/cancel`, { token: approver.token }, 409, 'state.wrong');
  await refused('POST', `/v1/subsidies/dry-runs/${randomUUID()}/cancel`, { token: approver.token }, 404, 'request.not_found');
  await refused('GET', '/v1/subsidies/dry-runs?state=lost', { token: approver.token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', `/v1/subsidies/dry-runs/${r.id}/rows?change=none`, { token: approver.token }, 422, 'request.invalid',
    'change field.choice');
  // One that still waits can be cancelled.
  const [id] = sql(`INSERT INTO subsidies.dry_run (id, policy_code, document, from_on, to_on, county_code, requested_by)
    SELECT gen_random_uuid(), policy_code, document, from_on, to_on, county_code, requested_by FROM subsidies.dry_run
     WHERE id = '${r.id}' RETURNING id`)[0];
  const c = await call('POST', `/v1/subsidies/dry-runs/${id}/cancel`, { token: approver.token, refused: true });
  assert.ok(c.status === 200 ? c.json.state === 'cancelled' : c.json.code === 'state.wrong');
});
