// subsidies, hands: different people at each step and no way round it; ties that
// keep an officer away; steps given to another; tiers; lists decided in part.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { isProblem, NOBODY, refused, sql, walk } from './help.mjs';
import { hand, ledgerError, officer, review, says, SHUANGPAI } from './money_help.mjs';

const { EACH, POLICY } = g;
const HERE = SHUANGPAI;
const audit = (await desk('city.audit')).token;
const post = (path, who, body, over = {}) => call('POST', `/v1/subsidies/${path}`, { token: who.token ?? who, body, refused: true, ...over });
const auditor = hand('audit', HERE);

await g.at(g.HIRED_ON);
await g.allot(HERE, 50_000_000);
await g.at(g.NOW);

const STEPS = [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']];
const through = async (list, upto) => {
  for (const [role, step] of STEPS.slice(0, upto)) assert.equal((await review(hand(role, HERE), step, list)).status, 200);
};

test('the service’s own roles get no claim past a step nobody did', async () => {
  const w = await g.confirmed(HERE, 1);
  const [c] = w.list.map((x) => x.id);
  const [one, two] = [randomUUID(), randomUUID()];
  for (const role of ['subsidies_app', 'subsidies_system']) {
    const as = (actor, text) => says(role, `||${actor}|,431123,|subsidies.claim.approve`, text);
    for (const state of ['first_reviewed', 'rechecked'])
      assert.match(as(one, `UPDATE subsidies.claim SET state = '${state}' WHERE id = '${c}'`), /claim_hands_check/);
    assert.match(as(one, `UPDATE subsidies.claim SET state = 'approved', funds = 'committed' WHERE id = '${c}'`), /claim_hands_check/);
    assert.match(as(one, `UPDATE subsidies.claim_hand SET actor = '${one}'`), /permission denied/);
    assert.match(as(one, `DELETE FROM subsidies.claim_hand`), /permission denied/);
    assert.match(as(one, `DELETE FROM subsidies.claim_step`), /permission denied/);
    assert.match(as(one, `ALTER TABLE subsidies.claim DISABLE TRIGGER claim_hands`), /must be owner/);
    // One person's two hands: the key; a step under another's hand: the reference.
    assert.match(as(one, `INSERT INTO subsidies.claim_hand (claim_id, actor, hand) VALUES ('${c}', '${one}', 'first_review'), ('${c}', '${one}', 'recheck')`),
      /claim_hand_pkey/);
    assert.match(as(two, `INSERT INTO subsidies.claim_step (claim_id, step, to_state, actor, hand)
      VALUES ('${c}', 'approve', 'approved', '${two}', 'approve')`), /claim_step_hands_fkey/);
    assert.match(as(two, `INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, subject_kind, subject_id, payee_kind, payee_id,
      state, funds, county_code, amount_cents, account_sealed, allotment_id, line_code)
      SELECT policy_code, policy_version_id, 'x', 'employment', '${randomUUID()}', 'org', org_id, 'approved', 'committed', county_code, 100,
        'x', allotment_id, line_code FROM subsidies.claim WHERE id = '${c}'`), /claim_new_funds_check/);
  }
  assert.equal((await g.claimOf(w.firm, c)).state, 'confirmed');
});

test('an officer keeps away from family, firms and accounts of the own, in every step', async () => {
  const w = await g.confirmed(HERE, 1), list = w.list;
  const kin = w.people[0].person;
  const tied = hand('first_review', HERE);
  const bad = async (body, ...fields) => isProblem(await post('ties', tied, body), 422, 'request.invalid', ...fields);
  await bad({ tie: 'friend', uscc: w.firm.org.uscc }, '/tie field.choice');
  await bad({ tie: 'kin', id_number: '43112319900101001X' }, '/id_number field.id_number');
  await bad({ tie: 'kin' }, '/id_number field.count');
  await bad({ tie: 'kin', id_number: kin.id_number, uscc: w.firm.org.uscc }, '/uscc field.count');
  isProblem(await post('ties', auditor, { tie: 'kin', id_number: kin.id_number }), 403, 'auth.forbidden');
  const t = (await post('ties', tied, { tie: 'household', id_number: kin.id_number, note: '配偶' })).json;
  assert.deepEqual([t.tie, t.whom, t.source, t.county_code], ['household', 'person', 'declared', HERE.code]);
  isProblem(await post('ties', tied, { tie: 'household', id_number: kin.id_number }), 409, 'state.exists');
  assert.equal(sql(`SELECT count(*) FROM subsidies.officer_tie WHERE id_index ~ '${kin.id_number}'`)[0][0], '0');

  const r = isProblem(await review(tied, 'first-review', list), 409, 'subsidies.conflict_of_interest', '/household subsidies.conflict_of_interest');
  assert.ok(!r.text.includes(kin.id_number) && !r.text.includes(kin.name));
  assert.equal((await g.claimOf(w.firm, list[0].id)).state, 'confirmed');
  // Of many, those that are free; the tied one is written down as well.
  const v = await g.confirmed(HERE, 1);
  const part = (await review(tied, 'first-review', [...list, ...v.list], { partial: true })).json;
  assert.deepEqual(part.results.map((x) => x.code ?? null), ['subsidies.conflict_of_interest', null]);
  const seen = (await call('GET', `/v1/subsidies/tie-refusals?officer_id=${tied.id}`, { token: auditor.token })).items;
  assert.deepEqual(seen.map((x) => [x.claim_id, x.tie, x.action]), Array(2).fill([list[0].id, 'household', 'subsidies.claim.first-review']));
  assert.deepEqual((await call('GET', `/v1/subsidies/tie-refusals?officer_id=${tied.id}`, { token: officer('audit@431124') })).items, []);
  await refused('GET', '/v1/subsidies/tie-refusals', { token: tied.token }, 403, 'auth.forbidden');

  // Each other kind, at each other step, by somebody of whom the auditors know it.
  const account = hand('recheck', HERE), firm = hand('approve', HERE), self = hand('finance', HERE), boss = hand('approve', HERE);
  const ties = [{ officer_id: account.id, tie: 'account', account_no: g.account(w.firm).account_no },
    { officer_id: firm.id, tie: 'legal_representative', uscc: w.firm.org.uscc },
    { officer_id: self.id, tie: 'self', id_number: kin.id_number },
    { officer_id: boss.id, tie: 'kin', id_number: w.firm.agent.id_number }];
  isProblem(await post('ties/import', tied, { ties }), 403, 'auth.forbidden');
  isProblem(await post('ties/import', auditor, { ties: [] }), 422, 'request.invalid', '/ties field.count');
  assert.deepEqual((await post('ties/import', auditor, { ties })).json, { added: 4, known: 0 });
  assert.deepEqual((await post('ties/import', auditor, { ties })).json, { added: 0, known: 4 });
  await through(list, 1);
  const conflict = (reply, kind) => isProblem(reply, 409, 'subsidies.conflict_of_interest', `/${kind} subsidies.conflict_of_interest`);
  conflict(await review(account, 'recheck', list), 'account');
  conflict(await review(account, 'recheck', list, { decision: 'reject', note: '不发' }), 'account');
  assert.equal((await review(hand('recheck', HERE), 'recheck', list)).status, 200);
  conflict(await review(firm, 'approve', list), 'legal_representative');
  // The register of licences says who represents the firm: nobody needs to declare it.
  sql(`SELECT platform.act_as(at => '2025-10-20T04:00:00Z'); SELECT subsidies.fact_put(ROW(platform.uuid7(), 'licence', NULL,
    (SELECT id_index FROM subsidies.person WHERE id = '${w.firm.agent.id}'), '${w.firm.org_id}', NULL, '2020-01-01', NULL, 'legal_representative', '{}', NULL, 'test',
    NULL, '431123', NULL, NULL, NULL)::subsidies.fact)`);
  conflict(await review(boss, 'approve', list), 'legal_representative');
  const approver = hand('approve', HERE);
  assert.equal((await review(approver, 'approve', list)).status, 200);
  await call('POST', '/v1/subsidies/notices', { token: approver.token, body: { claim_ids: list.map((c) => c.id) } });
  // The objection to it, and the payment.
  const notice = sql(`SELECT l.notice_id, l.id FROM subsidies.claim c JOIN subsidies.notice_line l ON l.id = c.notice_line_id WHERE c.id = '${list[0].id}'`)[0];
  const o = await call('POST', `/v1/subsidies/notices/${notice[0]}/objections`, { body: { line_id: notice[1], content: '此单位未实际用工' } });
  conflict(await post(`objections/${o.id}/resolve`, firm, { decision: 'dismissed', answer: '没有问题' }), 'legal_representative');
  isProblem(await post(`objections/${o.id}/resolve`, approver, { decision: 'dismissed', answer: '我批的，无误' }), 409, 'subsidies.same_hand');
  assert.equal((await post(`objections/${o.id}/resolve`, hand('approve', HERE), { decision: 'dismissed', answer: '经核查无误' })).status, 200);
  // An account that is changed afterwards is held against those who reviewed.
  assert.equal((await post('ties', approver, { tie: 'account', account_no: '6222021112345678901' })).status, 201);
  assert.match(says('subsidies_system', '||||', `UPDATE subsidies.claim SET account_index = (SELECT account_index FROM subsidies.officer_tie
    WHERE officer_id = '${approver.id}') WHERE id = '${list[0].id}'`), /conflict_of_interest .account/);
  await g.at('2025-10-29');
  const build = (who) => post('payment-batches', who, { policy_code: POLICY, county_code: HERE.code });
  const said = await build(self);
  conflict(said, 'self');
  assert.equal((await build(hand('finance', HERE))).status, 201);
  await g.at(g.NOW);
  const kinds = (await walk('/v1/subsidies/tie-refusals', auditor.token, 2)).map((x) => x.action);
  for (const a of ['subsidies.claim.recheck', 'subsidies.claim.approve', 'subsidies.objection.resolve', 'subsidies.payment.build'])
    assert.ok(kinds.includes(a), a);

  // Seen by the officer and the auditors; ended by an auditor alone, from tomorrow.
  assert.deepEqual((await call('GET', '/v1/subsidies/ties/mine', { token: tied.token })).items.map((x) => x.id), [t.id]);
  assert.deepEqual((await call('GET', '/v1/subsidies/ties/mine', { token: account.token })).items.map((x) => x.source), ['imported']);
  await refused('GET', '/v1/subsidies/ties', { token: tied.token }, 403, 'auth.forbidden');
  assert.ok((await walk(`/v1/subsidies/ties?county_code=${HERE.code}`, audit, 3)).some((x) => x.id === t.id));
  assert.deepEqual((await call('GET', `/v1/subsidies/ties?officer_id=${tied.id}`, { token: officer('audit@431124') })).items, []);
  isProblem(await post(`ties/${t.id}/end`, officer('audit@431124'), { why: '已离婚' }), 404, 'request.not_found');
  isProblem(await post(`ties/${t.id}/end`, tied, { why: '已离婚' }), 403, 'auth.forbidden');
  assert.equal((await post(`ties/${t.id}/end`, auditor, { why: '已离婚' })).json.to_on, g.NOW);
  isProblem(await post(`ties/${t.id}/end`, auditor, { why: '再来' }), 404, 'request.not_found');
});

test('who works for a firm does not decide for it; a person’s own claim is nobody’s own step', async () => {
  const w = await g.confirmed(HERE, 1);
  const me = hand('first_review', HERE);
  const clerk = w.people[0].person;	// employed there since July
  const v = await g.confirmed(HERE, 1);
  assert.equal((await post('ties', me, { tie: 'self', id_number: clerk.id_number })).status, 201);
  isProblem(await review(me, 'first-review', w.list), 409, 'subsidies.conflict_of_interest', '/self subsidies.conflict_of_interest');
  await g.hire(v.firm, clerk, '2025-10-20').catch(() => null);
  sql(`INSERT INTO subsidies.employment (id, person_id, org_id, hired_on, county_code, known_from)
    VALUES ('${randomUUID()}', '${clerk.id}', '${v.firm.org_id}', '2025-10-01', '431123', '2025-10-01T00:00:00Z')`);
  isProblem(await review(me, 'first-review', v.list), 409, 'subsidies.conflict_of_interest', '/employer subsidies.conflict_of_interest');
  // The token of the very person, with an officer's role.
  const same = hand('first_review', HERE, w.people[0].person.id);
  isProblem(await review(same, 'first-review', w.list), 409, 'subsidies.conflict_of_interest', '/self subsidies.conflict_of_interest');
});

test('a step given away binds both, is dated, does not overlap, and is logged', async () => {
  const [boss, aide, third] = [hand('approve', HERE), hand('approve', HERE), hand('approve', HERE)];
  const good = { delegate: aide.id, hand: 'approve', county_code: HERE.code, from_on: g.NOW, to_on: '2025-10-24', why: '年休假' };
  const bad = async (over, status, code, ...fields) => isProblem(await post('delegations', boss, { ...good, ...over }), status, code, ...fields);
  await bad({ from_on: '2025-10-19' }, 422, 'request.invalid', '/from_on field.date_past');
  await bad({ to_on: '2025-10-19' }, 422, 'request.invalid', '/to_on field.date_order');
  await bad({ delegate: boss.id }, 409, 'subsidies.second_person');
  await bad({ hand: 'recheck' }, 403, 'auth.area');
  await bad({ county_code: '431124' }, 403, 'auth.area');
  await bad({ county_code: undefined }, 403, 'auth.area');
  await bad({ hand: 'confirm' }, 422, 'request.invalid', '/hand field.choice');
  const d = (await post('delegations', boss, good)).json;
  await bad({ delegate: third.id, from_on: '2025-10-24', to_on: '2025-10-30' }, 409, 'subsidies.delegation_overlap');
  isProblem(await post('delegations', third, good), 409, 'subsidies.delegation_overlap');
  isProblem(await post('delegations', aide, { ...good, delegate: third.id }), 409, 'subsidies.delegation_overlap');	// no passing on
  const racing = await Promise.all(Array.from({ length: 6 }, () => post('delegations', third, { ...good, delegate: randomUUID() })));
  assert.equal(racing.filter((r) => r.status === 201).length, 1);

  const w = await g.confirmed(HERE, 3), [a, b, c] = w.list;
  const firstByBoss = { ...boss, token: hand('first_review', HERE, boss.id).token };
  assert.equal((await review(firstByBoss, 'first-review', [a])).status, 200);
  await through([b, c], 1);
  const recheck = hand('recheck', HERE);
  assert.equal((await review(recheck, 'recheck', [a, b, c])).status, 200);
  // The delegator did the first review of `a`: the delegate is the same hand.
  isProblem(await review(aide, 'approve', [a]), 409, 'subsidies.same_hand');
  const part = (await review(aide, 'approve', [a, b, NOBODY], { partial: true })).json;
  assert.deepEqual([part.moved, part.results.map((x) => x.code ?? null)], [1, ['subsidies.same_hand', null, 'request.not_found']]);
  const step = (await g.claimOf(w.firm, b.id)).steps.find((s) => s.step === 'approve');
  assert.deepEqual([step.actor, step.on_behalf_of], [aide.id, boss.id]);
  // Neither pays it.
  await call('POST', '/v1/subsidies/notices', { token: third.token, body: { claim_ids: [b.id] } });
  await g.at('2025-10-29');
  for (const who of [boss, aide])
    isProblem(await post('payment-batches', hand('finance', HERE, who.id), { policy_code: POLICY, county_code: HERE.code }), 409, 'subsidies.same_hand');
  await g.at(g.NOW);

  isProblem(await post(`delegations/${d.id}/end`, third, { why: '与我无关' }), 404, 'request.not_found');
  isProblem(await post(`delegations/${d.id}/end`, boss, {}), 422, 'request.invalid', '/why field.missing');
  assert.equal((await post(`delegations/${d.id}/end`, boss, { why: '提前返岗' })).json.ended_on, g.NOW);
  isProblem(await post(`delegations/${d.id}/end`, boss, { why: '再来' }), 404, 'request.not_found');
  assert.equal((await review(aide, 'approve', [c])).status, 200);
  assert.equal((await g.claimOf(w.firm, c.id)).steps.find((s) => s.step === 'approve').on_behalf_of ?? null, null);
  const log = (await call('GET', `/v1/subsidies/delegations/${d.id}/log`, { token: audit })).items;
  assert.deepEqual(log.map((x) => [x.what, x.actor]), [['given', boss.id], ['ended', boss.id]]);
  assert.deepEqual([log[1].was.ended_on, log[1].now_is.ended_on, log[1].now_is.end_why], [null, g.NOW, '提前返岗']);
  for (const role of ['subsidies_app', 'subsidies_system'])
    for (const text of ['UPDATE subsidies.delegation_log SET actor = NULL', 'DELETE FROM subsidies.delegation_log',
      'DELETE FROM subsidies.delegation', "UPDATE subsidies.delegation SET to_on = '2031-01-01'", 'DELETE FROM subsidies.officer_tie',
      "UPDATE subsidies.officer_tie SET tie = 'other'"])
      assert.match(says(role, '||||', text), /permission denied/, text);
  const list = (await call('GET', `/v1/subsidies/delegations?officer_id=${boss.id}`, { token: auditor.token })).items;
  assert.deepEqual(list.map((x) => [x.id, x.ended_on]), [[d.id, g.NOW]]);
  for (const path of ['delegations', `delegations/${d.id}/log`])
    await refused('GET', `/v1/subsidies/${path}`, { token: hand('clerk', HERE).token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/subsidies/ties/mine', { token: audit }, 403, 'auth.forbidden');
});

test('above the county’s tier it is the city that decides; the list says who', async () => {
  const w = await g.confirmed(HERE, 3), [small, large, none] = w.list;
  const code = `T${Date.now() % 1e9}`, county = [{ up_to_cents: null, level: 'county' }];
  const versions = [['L', [{ up_to_cents: EACH - 1, level: 'county' }, { up_to_cents: null, level: 'city' }]],
    ['S', [{ up_to_cents: EACH, level: 'county' }, { up_to_cents: null, level: 'city' }]], ['N', county]].map(([x, tiers]) => sql(`SELECT platform.act_as();
      SELECT (subsidies.policy_publish(document || jsonb_build_object('code', '${code}${x}', 'approval', '${JSON.stringify([
        { step: 'first_review', tiers: county }, { step: 'recheck', tiers: county }, { step: 'approve', tiers }])}'::jsonb, 'effective_from', '1990-01-01', 'effective_to', '1990-01-02'), NULL)).id
        FROM subsidies.policy_version WHERE code = 'KGBZ' ORDER BY version LIMIT 1`).at(-1)[0]);
  [large, small, none].forEach((c, i) => sql(`SELECT platform.act_as(); UPDATE subsidies.claim SET policy_version_id = '${versions[i]}' WHERE id = '${c.id}'`));
  await through(w.list, 2);
  const approver = hand('approve', HERE);
  const levels = (await walk('/v1/subsidies/reviews?step=approve&open=true', approver.token, 2)).filter((c) => w.list.some((x) => x.id === c.id));
  assert.deepEqual(Object.fromEntries(levels.map((c) => [c.id, c.level])), { [large.id]: 'city', [small.id]: 'county', [none.id]: 'county' });
  isProblem(await review(approver, 'approve', w.list), 409, 'subsidies.city_approval');
  const part = (await review(approver, 'approve', [large, small], { partial: true })).json;
  assert.deepEqual(part.results.map((x) => [x.claim_id, x.code ?? null]), [[large.id, 'subsidies.city_approval'], [small.id, null]]);
  assert.equal((await review(approver, 'approve', [none])).status, 200);
  assert.equal((await review(hand('approve', { code: '431100' }), 'approve', [large])).json.state, 'approved');
  assert.equal(ledgerError(), 0);
});

test('back to the step before, or to the payee; the lists count what waits', async () => {
  const w = await g.confirmed(HERE, 2);
  const [one, two, three] = [hand('first_review', HERE), hand('recheck', HERE), hand('approve', HERE)];
  const counts = async () => Object.fromEntries((await call('GET', `/v1/subsidies/review-counts?county_code=${HERE.code}&policy_code=${POLICY}`,
    { token: one.token })).items.map((x) => [x.step, x.claims]));
  const before = await counts();
  isProblem(await review(one, 'first-review', w.list, { decision: 'return_step', note: '无处可退' }), 422, 'request.invalid', '/decision field.choice');
  isProblem(await review(one, 'first-review', w.list, { decision: 'return' }), 422, 'request.invalid', '/note field.missing');
  assert.equal((await review(one, 'first-review', w.list)).status, 200);
  assert.equal((await counts()).recheck, (before.recheck ?? 0) + 2);
  assert.deepEqual((await review(two, 'recheck', w.list, { decision: 'return_step', note: '请核对合同' })).json, { moved: 2, state: 'confirmed' });
  const b = await g.claimOf(w.firm, w.list[0].id);
  assert.deepEqual([b.state, b.steps.at(-1).note], ['confirmed', '请核对合同']);
  isProblem(await review(hand('first_review', HERE, two.id), 'first-review', w.list), 409, 'subsidies.same_hand');
  assert.equal((await review(one, 'first-review', w.list)).status, 200);	// one's own step, once more
  assert.equal((await review(two, 'recheck', w.list)).status, 200);
  assert.equal((await review(three, 'approve', [w.list[0]], { decision: 'return_step', note: '复核意见不全' })).json.state, 'first_reviewed');
  assert.equal((await review(three, 'approve', [w.list[1]], { decision: 'return', note: '账户存疑' })).json.state, 'notified');
  await refused('GET', '/v1/subsidies/reviews', { token: one.token }, 422, 'request.invalid', 'step field.missing');
  await refused('GET', '/v1/subsidies/reviews?step=approve', { token: hand('finance', HERE).token }, 403, 'auth.forbidden');
  assert.equal((await call('GET', '/v1/subsidies/reviews?step=recheck&overdue=true', { token: officer('recheck@431124') })).items.length, 0);
  const mixed = (await review(two, 'recheck', [w.list[0].id, w.list[1].id, NOBODY], { partial: true })).json;
  assert.deepEqual(mixed.results.map((x) => x.code ?? null), [null, 'state.wrong', 'request.not_found']);
  const nothing = (await review(two, 'recheck', [NOBODY], { partial: true })).json;
  assert.deepEqual([nothing.moved, nothing.results.length], [0, 1]);
  isProblem(await review(two, 'recheck', Array.from({ length: 501 }, () => randomUUID()), { partial: true }), 422, 'request.invalid', '/claim_ids field.count');
  assert.equal(ledgerError(), 0);
});
