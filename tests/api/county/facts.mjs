// facts -- a broker, a link and a request for correction in each county; files are the city's.
import { eventually, firm, person } from '../../lib/city.mjs';
import { call } from '../../lib/client.mjs';
import { known } from '../help.mjs';

const HERE = '431129';	// whose officers read in scope.test.mjs
let somebody;

export default {
  async furnish({ county, firm: f, jobless, mint, now }) {
    const clerk = mint({ roles: ['clerk@431100'] });
    await call('POST', '/v1/subsidies/imports/payroll', { token: clerk, headers: { 'content-type': 'text/csv' },
      raw: `id_number,unit,from_on,to_on\n${jobless.id_number},辖区某局,2020-01-01,\n` });
    if (county.code === HERE) somebody = jobless.id;
    const [fact] = await eventually(async () => {
      const { items } = await call('GET', '/v1/subsidies/facts?kind=payroll', { token: jobless.token });
      return items.length > 0 && items;
    }, 'the fact is theirs');
    await call('POST', `/v1/subsidies/facts/${fact.id}/amendments`, { token: jobless.token, body: { content: '我不是财政供养人员' } });
    const [p, q, agency] = await Promise.all([person({ area_code: county.town }), person({ area_code: county.town }),
      firm({ kind: 'agency', area_code: county.town })]);
    await known(() => call('POST', '/v1/subsidies/referrals', { token: agency.token, refused: true, body: { kind: 'agency',
      id_number: p.id_number, org_id: f.org_id, referred_on: now } }).then((r) => (r.json?.code === 'subsidies.referrer'
      ? { ...r, json: { code: 'x.org_unknown' } } : r)));
    await known(() => call('POST', '/v1/subsidies/brokers', { token: mint({ roles: [`clerk@${county.code}`] }), refused: true,
      body: { person_id: q.id } }).then((r) => (r.status === 404 ? { ...r, json: { code: 'x.person_unknown' } } : r)));
  },
  // What was sent, and what is to be taken back, is of no county.
  blind: ['import_get', 'import_report', 'import_strangers', 'import_undo_list'],
  queries: { fact_list: () => `?person_id=${somebody}&limit=200` },
};
