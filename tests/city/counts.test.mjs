// A city of 50,000 people: what the dashboard shows of each county equals a count in
// plain SQL over the registers it comes from, and opens to as many rows.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk } from '../lib/city.mjs';
import { ctl } from '../lib/ctl.mjs';
import { caughtUp } from '../lib/figures.mjs';
import { sql, today, walk } from '../api/help.mjs';

const now = await today(), from = '2000-01-01';
const audit = (await desk('city.audit')).token;
const HIRED = (where) => `SELECT area, count(*) FROM (SELECT DISTINCT ON (person_id, extract(year FROM hired_on)) county_code AS area
  FROM jobs.employment WHERE org_id IS NOT NULL AND hired_on BETWEEN '${from}' AND '${now}' ${where}
  ORDER BY person_id, extract(year FROM hired_on), hired_on, id) x GROUP BY 1`;
const COUNTS = {
  urban_new_employment: HIRED(''),
  reemployed_unemployed: HIRED('AND was_unemployed'),
  unemployed: `SELECT county_code, count(*) FROM jobs.unemployment WHERE registered_on <= '${now}' AND (ended_on IS NULL OR ended_on > '${now}') GROUP BY 1`,
  unemployed_new: `SELECT county_code, count(*) FROM jobs.unemployment WHERE registered_on BETWEEN '${from}' AND '${now}' GROUP BY 1`,
  vacancy_heads: 'SELECT county_code, sum(headcount) FROM jobs.vacancy WHERE posted_at IS NOT NULL GROUP BY 1',
};
const byArea = (rows) => Object.fromEntries(rows.map(([area, n]) => [area, Number(n)]).sort());
const areas = async (code, area = '') => byArea((await call('GET', `/v1/monitoring/indicators/${code}/areas?from_on=${from}&to_on=${now}${area}`,
  { token: audit })).areas.filter((a) => a.value).map((a) => [a.area_code, a.value]));

test('monitoring reads the logs of a new city', async () => caughtUp(240000));

for (const [code, text] of Object.entries(COUNTS))
  test(`${code}: each county is the count of its register, and the city their sum`, async () => {
    const want = byArea(sql(text)), shown = await areas(code);
    assert.deepEqual(shown, want);
    assert.ok(code === 'unemployed' || Object.keys(shown).length === 14, `${Object.keys(shown)}`);
    const { value } = await call('GET', `/v1/monitoring/indicators/${code}/figure?from_on=${from}&to_on=${now}`, { token: audit });
    assert.equal(value, Object.values(want).reduce((a, b) => a + b, 0));
  });

test('the towns of a county, the villages of a town, and the rows behind one of them', async () => {
  const towns = await areas('urban_new_employment', '&area_code=431129');
  const like = (length, area) => byArea(sql(HIRED('').replace('county_code AS area', `left(area_code, ${length}) AS area, county_code`)
    .replace('GROUP BY 1', `WHERE ${area} GROUP BY 1`)));
  assert.deepEqual(towns, like(9, "county_code = '431129'"));
  const [town] = Object.keys(towns);
  const villages = await areas('urban_new_employment', `&area_code=${town}`);
  assert.deepEqual(villages, like(12, `area LIKE '${town}%'`));
  const [village, n] = Object.entries(villages)[0];
  const rows = await walk(`/v1/monitoring/indicators/urban_new_employment/rows?from_on=${from}&to_on=${now}&area_code=${village}`, audit, 100);
  assert.equal(rows.length, n);
  const ids = sql(`SELECT id FROM jobs.employment WHERE area_code = '${village}'`).map(([id]) => id);
  assert.ok(rows.every((r) => ids.includes(r.id)));
});

test('and all of it is what the logs say', () => {
  const r = ctl('figures', 'check');
  assert.equal(r.code, 0, r.out);
});
