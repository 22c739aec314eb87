// claims.mjs -- claims to race for: one firm, its hires, the returned data and
// the scan, in a county whose money the test then makes scarce.
import * as s from '../e2e/steps.mjs';
import { call } from '../lib/client.mjs';
import { random } from '../lib/city.mjs';

export const COUNTY = s.COUNTIES[1];

// `n` claims of one new firm, notified; the firm may confirm them.
export async function makeClaims(desks, n, scans = 1) {
  await s.moveClock(desks['city.system'], '2025-07-07T01:00:00Z');
  await s.allot(desks['city.fiscal'], COUNTY, n * 150000);
  const firm = await s.foundFirm(random, COUNTY);
  firm.vacancy = await s.vacancyOf(firm, n + 1);
  const hires = Array.from({ length: n }, () => ({ firm, person: s.seeker(random, 0, COUNTY) }));
  await s.inParallel(hires, 12, async (row) => {
    row.person = await s.comeAsSeeker(row.person);
    await s.hire(firm, await s.apply(row.person, firm.vacancy));
  });
  await s.moveClock(desks['city.system'], '2025-10-20T01:00:00Z');
  const files = s.returnedData(hires);
  for (const kind of ['graduates', 'insurance_months']) await s.importFile(desks['city.clerk'], kind, files[kind]);
  await Promise.all(Array.from({ length: scans }, () => s.scan(desks[`${COUNTY.desk}.first`], COUNTY)));
  const claims = await s.eventually(async () => {
    const list = await s.claimsIn(firm, 'notified');
    return list.length === n ? list : null;
  }, `${n} claims`);
  return { firm, claims };
}

export const account = (firm) => ({ account_no: '4300123456789021', account_name: firm.org.name });

export const confirmAll = (firm) =>
  call('POST', '/v1/subsidies/claims/confirm', { token: firm.token, body: account(firm) });

export async function allotment(desks, county = COUNTY.code) {
  const list = await call('GET', `/v1/subsidies/budgets?line_code=${s.POLICY}&county_code=${county}`,
    { token: desks['city.fiscal'].token });
  return list.items[0];
}

export const changeAllotment = (desks, amount_cents, direction, options = {}) =>
  call('POST', '/v1/subsidies/allotments', { token: desks['city.fiscal'].token, ...options,
    body: { line_code: s.POLICY, county_code: COUNTY.code, amount_cents, direction } });
