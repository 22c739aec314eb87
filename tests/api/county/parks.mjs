// parks: what a county has of carriers, contracts, rent given up and checks.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { firm } from '../../lib/city.mjs';
import { admit, recognise } from '../carrier_help.mjs';
import { known, sql } from '../help.mjs';

async function furnish({ county, mint, now, post }) {
  const as = (role, area = county.code) => mint({ roles: [`${role}@${area}`] });
  const [k, f, g] = await Promise.all([firm({ kind: 'carrier', area_code: county.town }), firm({ area_code: county.town }), firm({ area_code: county.town })]);
  const c = await post('/v1/entrepreneurship/carriers', k.token, { name: `辖区创业园${county.code}`, kind: 'return_home_park', area_code: county.town,
    capacity: 9, contact_phone: '13800138000' });
  const month = `${now.slice(0, 7)}-01`;
  const t = await admit(k, c, f, { relief_kind: 'cents', relief_months: 3, relief_value: 1000 });
  await call('POST', `/v1/entrepreneurship/tenants/${t.id}/reliefs`, { token: k.token, body: { month, cents: 1000 } });
  await known(() => call('POST', `/v1/entrepreneurship/carriers/${c.id}/admissions`, { token: g.token, refused: true, body: { project: '辖区项目' } }));
  await recognise(as, k, c);
  await call('POST', `/v1/entrepreneurship/carriers/${c.id}/checks`, { token: as('recheck'), body: { year: Number(now.slice(0, 4)), met: true, note: '辖区检查' } });
  await call('POST', `/v1/entrepreneurship/carriers/${c.id}/recognitions`, { token: k.token, body: { tier: 'city', reason: '辖区认定' } });
  // (both counties set one at once: either will do)
  await call('POST', '/v1/entrepreneurship/acceptance-lists', { token: as('approve', '431100'), refused: true, body: { policy_code: 'FXCYX',
    items: [{ code: 'S1', title: '配套到位' }], basis: '验收办法' } });
  const u = await call('POST', '/v1/entrepreneurship/acceptances', { token: as('clerk'), body: { policy_code: 'FXCYX', tier: 'county',
    org_id: k.org_id, basis: '县人社局文件' } });
  await call('POST', `/v1/entrepreneurship/acceptances/${u.id}/inspections`, { token: as('recheck'), body: { kind: 'acceptance',
    results: [{ code: 'S1', met: true }] } });
  // What subsidies would have told; told for true, the board and the books would differ.
  sql(`INSERT INTO entrepreneurship.award_paid (payment_no, claim_id, policy_code, org_id, amount_cents, paid_on, county_code)
    VALUES ('F${county.code}', '${randomUUID()}', 'FXCYX', '${k.org_id}', 100, '${now}', '${county.code}')`);
}

const photo = "slot = 'carrier_photo' AND locked_at IS NOT NULL";

export default {
  furnish,
  queries: { carrier_year: '?year=2026', relief_refund: '?year=2026', figure_jobs: '?by=county', figure_trained: '?by=county', carrier_nearest: '?lat=25.3&lon=112.1' },
  values: { tier: 'county', 'relief_give.month': '2026-01-01', year: 2026, relief_kind: 'none' },
  // Firms by year, targets of the whole city, a refund that nobody has set, bytes.
  blind: ['figure_survival', 'figure_targets', 'relief_refund', 'carrier_file_get'],
  formal: ['carrier_photo_add', 'relief_file_add'],	// both want their slot first
  public: ['entrepreneurship.figure_target', 'entrepreneurship.relief_rule'],
  partly: { 'entrepreneurship.file': photo,
    'entrepreneurship.file_piece': `EXISTS (SELECT FROM entrepreneurship.file f WHERE f.id = file_id AND ${photo})` },
};
