// help: a case with a plan and a contact in each county.
import { call } from '../../lib/client.mjs';

export default {
  async furnish({ county, jobless, mint }) {
    const token = mint({ roles: [`clerk@${county.code}`] });
    const post = (path, body) => call('POST', path, { token, body });
    const [c] = (await call('GET', '/v1/jobs/my/help-cases', { token: jobless.token })).items;
    await post(`/v1/jobs/help-cases/${c.id}/items`, { kind: 'visit', title: '回访', due_on: (await call('GET', '/v1/identity/sandbox/clock')).today });
    await post(`/v1/jobs/help-cases/${c.id}/contacts`, { kind: 'guidance', channel: 'phone', outcome: 'served',
      contacted_on: (await call('GET', '/v1/identity/sandbox/clock')).today });
  },
  queries: { plan_figure_list: '?from_on=2020-01-01&to_on=2099-12-31' },
  values: { 'help_transfer.area_code': '431103', 'plan_package_publish.items': [{ kind: 'visit', times: 1 }],
    'plan_package_publish.code': 'ZZ9', 'plan_contact_add.outcome': 'unreached' },
  public: ['jobs.help_setting'],
};
