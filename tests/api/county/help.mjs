// help: a case with a plan and a contact, a row on each roster, a declaration, a
// spell of work away and a clue of unpaid wages in each county.
import { call } from '../../lib/client.mjs';
import { random } from '../../lib/city.mjs';
import { idNumber } from '../../lib/fake.mjs';
import { dayPlus } from '../help.mjs';

export default {
  async furnish({ county, jobless, mint, now }) {
    const token = mint({ roles: [`clerk@${county.code}`] });
    const post = (path, body) => call('POST', path, { token, body });
    const [c] = (await call('GET', '/v1/jobs/my/help-cases', { token: jobless.token })).items;
    await post(`/v1/jobs/help-cases/${c.id}/items`, { kind: 'visit', title: '回访', due_on: now });
    await post(`/v1/jobs/help-cases/${c.id}/contacts`, { kind: 'guidance', channel: 'phone', outcome: 'served',
      contacted_on: now });
    const file = (kind, rows) => call('POST', `/v1/jobs/rosters/${kind}/imports`, { token, raw: rows.join('\n') });
    const id = () => idNumber(random, '2003-05-06');
    await file('graduates', ['id_number,name,school,major,education_code,graduated_on,area_code',
      `${id()},李明,湖南科技学院,电气,21,${dayPlus(now, -60)},${county.town}`]);
    await file('poverty', ['id_number,name,household_no,kind,area_code', `${id()},赵四,H${random.digits(9)},lifted,${county.town}`]);
    await file('veterans', ['id_number,name,from_on,to_on,area_code', `${id()},赵六,2015-12-01,,${county.town}`]);
    await call('POST', '/v1/jobs/group-declarations', { token: jobless.token, body: { group: 'veteran', from_on: dayPlus(now, -900),
      proof_note: '退役军人优待证' } });
    const [m] = (await call('GET', `/v1/jobs/poverty-members?county_code=${county.code}`, { token })).items;
    await post(`/v1/jobs/poverty-members/${m.id}/spells`, { place_kind: 'within_county', place: '县城', employer: '示例厂',
      from_on: dayPlus(now, -9), income_cents: 300000, source: 'village' });
    await post('/v1/jobs/arrears-clues', { employer_name: '示例建筑公司', area_code: county.town, amount_cents: 1000, months: 1, people: 1 });
  },
  queries: { plan_figure_list: '?from_on=2020-01-01&to_on=2099-12-31', arrears_figure_list: '?from_on=2020-01-01&to_on=2099-12-31' },
  blind: ['roster_import_list'],	// one's own files
  values: { 'help_transfer.area_code': '431103', 'plan_package_publish.items': [{ kind: 'visit', times: 1 }],
    'plan_package_publish.code': 'ZZ9', 'plan_contact_add.outcome': 'unreached', 'arrears_file.area_code': '431103', 'arrears_step.on': '2024-12-01' },
  public: ['jobs.help_setting'],
};
