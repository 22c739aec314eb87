// rounds_help.mjs -- what tests of selection rounds and acceptance share: policies
// that give by rounds, facts about firms, and a round brought as far as wanted.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { call } from '../lib/client.mjs';
import { eventually } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { sql } from './help.mjs';

export const WON = 'WGTG', SITES = 'QNJY', PERSONS = 'TSGR';	// the last is only of tests: paid to persons

// A policy judged by awards, as far as nobody has published one of this code.
export function policy(code, over = {}) {
  const doc = { code, version: 1, title: `测试${code}`, subject: 'award', beneficiary: 'employer', mode: 'round',
    legal_basis: ['永政办发〔2024〕15号'], effective_from: '2024-11-05', effective_to: '2025-12-31', benefit_family: `test_${code}`,
    holds: [], frequency: { times: 1, over: 'subject' }, fund_source: 'employment_fund', amount: { kind: 'fixed', amount_cents: 1000000 }, notice_working_days: 5,
    promised_working_days: 20, approval: ['first_review', 'recheck', 'approve'], evidence: [],
    conditions: [{ code: 'named', title: '由评选确定', refusal: '不是本项目的评定结果', silent: true, rule: { eq: [{ fact: 'award_policy' }, code] } }],
    exclusions: [], ...over };
  sql(`SELECT (subsidies.policy_publish('${JSON.stringify(doc)}', NULL)).id
    WHERE NOT EXISTS (SELECT FROM subsidies.policy_version WHERE code = '${code}' AND mode = 'round')`);
  return code;
}

// One more fact, as an import would have put it.
export function fact(row) {
  const f = { id: randomUUID(), numbers: [], source: 'import', known_from: '2025-10-01T00:00:00Z', from_on: '2024-01-01', ...row };
  sql(`SELECT subsidies.fact_put(jsonb_populate_record(NULL::subsidies.fact, '${JSON.stringify(f)}'))`);
  return f.id;
}
// The list of this kind was sent, and speaks of every day of these tests.
export const listSent = (kind) => sql(`INSERT INTO subsidies.import_batch (id, kind, file_sha256, covers_through, county_code, created_by)
  VALUES (platform.uuid7(), '${kind}', '${randomUUID()}', '2025-12-31', '431100', platform.uuid7())`);
export const insured = (f, from, to) => fact({ kind: 'insured_year', org_id: f.org_id, county_code: f.org.county_code ?? '431129',
  from_on: '2025-01-01', to_on: '2025-12-31', code: 'small', numbers: [1, from, to, from, 0, 12, 0] });

// What a round of the county's is drafted with; nobody is asked anything that is not said here.
export const definition = (over = {}) => ({ policy_code: WON, title: `评选${randomUUID().slice(0, 8)}`, year: 2025,
  entrants: 'org', quota: 1, opens_on: g.NOW, closes_on: '2025-10-22', reviewers: 3,
  criteria: [{ code: 'A1', title: '用工规范', max_points: 100, by: 'reviewers' }], tie_last: 'lot', notice_working_days: 5, ...over });

// The rounds of one service.
export function rounds(service) {
  const post = (path, token, body, over = {}) => call('POST', `/v1/${service}/${path}`, { token, body, ...over });

  const here = (list) => eventually(() => sql(`SELECT (SELECT count(*) FROM ${service}.org WHERE id IN (${list}))
    + (SELECT count(*) FROM ${service}.person WHERE id IN (${list}))`.replaceAll('undefined', 'NULL'))[0][0] === String(list.length),
  'the entrants are known');
  const known = (...who) => here(who.map((w) => `'${w.org_id ?? w.id}'`));

  // Draft and publication by two people.
  async function called(mint, area, over = {}) {
    const made = await post('rounds', mint({ roles: [`first_review@${area}`] }),
      definition({ county_code: area === '431100' ? undefined : area, ...over }));
    return post(`rounds/${made.id}/publish`, mint({ roles: [`approve@${area}`] }), { version: made.version });
  }

  const stateOf = (round, state) => eventually(() =>
    sql(`SELECT state FROM ${service}.round WHERE id = '${round.id}'`)[0][0] === state, `the round is ${state}`);

  // Officers who may be drawn: their tokens by the id they sign in with.
  async function reviewers(mint, round, area, n, chair) {
    const all = new Map();
    for (let i = 0; i < n; i++) {
      const sub = randomUUID();
      const made = await post(`rounds/${round.id}/reviewers`, chair, { officer_id: sub, name: `评委${i}`, unit: '市人社局' });
      all.set(made.id, { ...made, token: mint({ sub, roles: [`recheck@${area}`] }) });
    }
    return all;
  }

  const reviewsOf = async (round, token) =>
    (await call('GET', `/v1/${service}/round-reviews?round_id=${round.id}&limit=200`, { token })).items;

  // Every drawn review: no conflict, and these points for the entry.
  async function scoreAll(round, chair, who, pointsOf, declare = true) {
    for (const v of (await reviewsOf(round, chair)).filter((x) => ['drawn', 'declared', 'written'].includes(x.state))) {
      const { token } = who.get(v.reviewer_id);
      if (declare && v.state === 'drawn') await post(`round-reviews/${v.id}/declare`, token, { conflict: false });
      const scores = pointsOf(v);
      if (scores) assert.ok(await post(`round-reviews/${v.id}/scores`, token, { scores }));
    }
  }
  return { post, here, known, called, stateOf, reviewers, reviewsOf, scoreAll };
}
export const { post, here, known, called, stateOf, reviewers, reviewsOf, scoreAll } = rounds('subsidies');
