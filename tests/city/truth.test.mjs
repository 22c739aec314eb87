// monitoring: every figure that is counted equals an independent count, in plain SQL,
// over the tables of the service that keeps the register.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { outlet } from '../api/counter.mjs';
import { openClass, examine } from '../api/class_help.mjs';
import { dayPlus, known, minter, sql, today } from '../api/help.mjs';

const now = await today();
const from = '2019-01-01';
const audit = (await desk('city.audit')).token;
const mint = minter(audit);
const as = (role, area = '431129') => mint({ roles: [`${role}@${area}`] });

// Whoever was merged into another is that other.
const WHO = '(SELECT id, coalesce(merged_into, id) AS is FROM identity.person)';
const employed = (where) => `SELECT count(*) FROM (SELECT DISTINCT w.is, extract(year FROM e.hired_on) FROM jobs.employment e
  JOIN ${WHO} w ON w.id = e.person_id WHERE e.org_id IS NOT NULL AND e.hired_on BETWEEN '${from}' AND '${now}' ${where}) x`;
const lost = `(SELECT count(*) FROM (SELECT DISTINCT w.is, extract(year FROM e.ended_on) FROM jobs.employment e JOIN ${WHO} w ON w.id = e.person_id
  WHERE e.org_id IS NOT NULL AND e.end_reason IN ('retired', 'deceased') AND e.ended_on BETWEEN '${from}' AND '${now}') x)`;
const TRUTH = {
  urban_new_employment: `SELECT (${employed('')}) - ${lost}`,
  reemployed_unemployed: employed('AND e.was_unemployed'),
  reemployed_difficult: employed('AND e.was_difficult'),
  flexible_new: employed('').replace('e.org_id IS NOT NULL', 'e.org_id IS NULL'),
  job_losses: `SELECT count(*) FROM jobs.employment WHERE org_id IS NOT NULL AND ended_on BETWEEN '${from}' AND '${now}'`,
  unemployed: `SELECT count(*) FROM jobs.unemployment WHERE registered_on <= '${now}' AND (ended_on IS NULL OR ended_on > '${now}')`,
  unemployed_new: `SELECT count(*) FROM jobs.unemployment WHERE registered_on BETWEEN '${from}' AND '${now}'`,
  registered_unemployment_rate: `SELECT round(10000.0 * u / nullif(u + e, 0)) FROM
    (SELECT (SELECT count(*) FROM jobs.unemployment WHERE registered_on <= '${now}' AND (ended_on IS NULL OR ended_on > '${now}')) AS u,
    (SELECT count(*) FROM jobs.employment WHERE org_id IS NOT NULL AND hired_on <= '${now}' AND (ended_on IS NULL OR ended_on > '${now}')) AS e) x`,
  satisfaction_service: satisfied('public_service'), satisfaction_training: satisfied('training'), satisfaction_policy: satisfied('policy'),
  zero_families: `SELECT count(*) FROM jobs.household WHERE recognised_on <= '${now}' AND state IN ('recognised', 'placed')`,
  unemployed_help_rate: helped('unemployed'),
  difficult_help_rate: helped('difficult'),
  certificate_rate: `SELECT round(10000.0 * count(*) FILTER (WHERE is_passed) / nullif(count(*), 0)) FROM training.enrolment
    WHERE completed_on BETWEEN '${from}' AND '${now}'`,
  trained: `SELECT count(*) FROM training.enrolment WHERE completed_on BETWEEN '${from}' AND '${now}'`,
  certified: `SELECT count(*) FROM (SELECT DISTINCT w.is, extract(year FROM c.issued_on) FROM training.certificate c JOIN ${WHO} w ON w.id = c.person_id
    WHERE c.issued_on BETWEEN '${from}' AND '${now}' AND NOT EXISTS (SELECT FROM training.certificate_revocation r WHERE r.certificate_id = c.id)) x`,
  vacancy_heads: `SELECT coalesce(sum((payload->>'headcount')::int), 0) FROM jobs.event_log WHERE type = 'jobs.vacancy.opened.v1'`,
  startup_jobs: `SELECT count(*) FROM entrepreneurship.job_created`,
  subsidies_paid: `SELECT coalesce(sum(amount_cents), 0) FROM subsidies.claim WHERE state = 'paid'`,
  stations: units('station'), youth_stations: units('fuel'), gig_markets: units('gig_market'),
  workshops_upgraded: `SELECT count(*) FROM jobs.workshop WHERE upgrade_state = 'accepted' AND state <> 'revoked'`,
  full_communities: `SELECT count(*) FROM jobs.rating WHERE state = 'approved'`,
  studios: `SELECT count(*) FROM entrepreneurship.studio WHERE state = 'recognised'`,
  brands: `SELECT count(*) FROM training.brand WHERE state = 'recognised'`,
};
function helped(group) {
  return `SELECT round(10000.0 * count(*) FILTER (WHERE EXISTS (SELECT FROM jobs.help_contact t WHERE t.case_id = c.id AND t.outcome = 'served'
    AND t.kind <> 'visit')) / nullif(count(*), 0)) FROM jobs.help_case c WHERE c.grp = '${group}' AND c.state <> 'closed'`;
}
function satisfied(group) {
  return `SELECT round(10000.0 * count(*) FILTER (WHERE stars >= 3) / nullif(count(*), 0)) FROM monitoring.rating
    WHERE group_code = '${group}' AND rated_on BETWEEN '${from}' AND '${now}'`;
}
function units(kind) { return `SELECT count(*) FROM jobs.place WHERE kind = '${kind}' AND accepted_on IS NOT NULL AND state <> 'closed'`; }

// Something of what a new city has none of.
async function furnish() {
  const o = await outlet('431129100');
  await eventually(() => sql(`SELECT 1 FROM jobs.outlet WHERE id = '${o.id}'`).length, 'jobs knows the outlet');
  const p = await call('POST', '/v1/jobs/places', { token: as('clerk'), body: { kind: 'station', name: '指标小站',
    address: '街道一号', area_code: '431129100', lat_e6: 26000000, lng_e6: 111000000, outlet_id: o.id } });
  await call('POST', `/v1/jobs/places/${p.id}/move`, { token: as('clerk'), body: { state: 'building' } });
  await call('POST', `/v1/jobs/places/${p.id}/accept`, { token: as('approve', '431100'), body: { note: '核实' } });
  const [f, s, one, two] = await Promise.all([firm(), firm({ kind: 'institution' }), person(), person()]);
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: one.token, body: { reason: 'layoff' }, refused: true }));
  for (const who of [one, two]) await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: {
    person_id: who.id, occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
  const cls = await openClass(s, { title: '指标班', ends_on: now, capacity: 3 });
  const e = await known(() => call('POST', `/v1/training/classes/${cls.id}/enrolments`, { token: two.token, refused: true }));
  await examine(s, e, 99);
  await call('POST', `/v1/training/enrolments/${e.id}/certificate`, { token: s.token });
  return p;
}

const board = async () => Object.fromEntries((await call('GET', `/v1/monitoring/board?from_on=${from}&to_on=${now}`, { token: audit }))
  .indicators.map((i) => [i.code, i]));
const truth = () => Object.fromEntries(Object.entries(TRUTH).map(([code, text]) => {
  const [row] = sql(text);	// none: NULL
  return [code, row ? Number(row[0]) : null];
}));

test('each figure is what the registers say', async () => {
  const station = await furnish();
  let shown, want;
  const pick = (b) => Object.fromEntries(Object.keys(TRUTH).map((code) => [code, b[code].value]));
  await eventually(async () => {
    [shown, want] = [pick(await board()), truth()];
    return JSON.stringify(shown) === JSON.stringify(want);
  }, 'the figures agree', 30000).catch((e) => assert.match(e.message, /^never/));
  assert.deepEqual(shown, want);
  assert.ok(shown.stations >= 1 && shown.urban_new_employment > 20 && shown.certified >= 1);
  // A place that closes is no longer there.
  await call('POST', `/v1/jobs/places/${station.id}/move`, { token: as('clerk'), body: { state: 'closed', note: '撤并' } });
  await eventually(async () => (await board()).stations.value === want.stations - 1, 'one fewer');
  assert.equal((await call('GET', `/v1/monitoring/indicators/stations/figure?to_on=${dayPlus(now, -1)}`, { token: audit })).value,
    (await board()).stations.value - Number(sql(`SELECT count(*) FROM jobs.place WHERE kind = 'station' AND accepted_on = '${now}' AND state <> 'closed'`)[0][0]));
});
