// startup_help.mjs -- a studio, its mentor, a booked hour, what was advised: each
// step as it is done, for the tests of mentors and founders.
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { known, minter, sql } from './help.mjs';

export const HERE = { code: '431128', town: '431128001' };
export const E = '/v1/entrepreneurship';
export const post = (path, token, body, over = {}) => call('POST', `${E}/${path}`, { token, body, ...over });
export const get = (path, token, over = {}) => call('GET', `${E}/${path}`, { token, ...over });

// Somebody whom entrepreneurship has heard of.
export async function heard(over = {}) {
  const p = await person({ area_code: HERE.town, ...over });
  await eventually(() => sql(`SELECT 1 FROM entrepreneurship.person WHERE id = '${p.id}'`).length, 'the person is heard of');
  return p;
}
export async function keeper(over = {}) {
  const f = await firm({ kind: 'institution', area_code: HERE.town, ...over });
  await eventually(() => sql(`SELECT 1 FROM entrepreneurship.org WHERE id = '${f.org_id}'`).length, 'the organisation is heard of');
  return f;
}

let serial = 0;
export const proposal = (over = {}) => ({ name: `创业指导工作室${++serial}`, fields: ['plan', 'finance'], address: '龙泉街道一号',
  hours: [{ weekday: 1, opens: '09:00', closes: '17:30' }], ...over });

// as(role): an officer's token of the county; each call is another person.
export const officers = (token, area = HERE.code) => {
  const mint = minter(token);
  return (role) => mint({ roles: [`${role}@${area}`] });
};

export async function studio(k, as, over) {
  const s = await post('studios', k.token, proposal(over));
  await post(`studios/${s.id}/check`, as('first_review'), { pass: true });
  return post(`studios/${s.id}/recognise`, as('approve'), { pass: true });
}

export const card = (over = {}) => ({ name: '王导师', employer: '新田某公司', fields: ['plan', 'tax'], shown: true, ...over });
export async function mentor(k, s, over, who) {
  const p = who ?? await heard({ birth_on: '1975-05-05' });
  const seat = await post(`studios/${s.id}/mentors`, k.token, { person_id: p.id });
  const c = await post('my/mentor', p.token, card(over));
  await post(`mentor-seats/${seat.id}/answer`, p.token, { accept: true });
  return { ...p, seat, mentor_id: c.id, studio: s };
}

export const hour = (m, from, over = {}) => post('my/slots', m.token, { studio_id: m.studio.id, starts_at: from,
  ends_at: new Date(Date.parse(from) + 3600000).toISOString(), way: 'studio', ...over });
export const book = (p, slot, over = {}, options = {}) => post(`slots/${slot.id}/bookings`, p.token, { question: '怎么写商业计划', ...over }, options);
// The time of an hour passes: only the rows are moved, so others' clocks stay.
export const passes = (slot) => sql(`UPDATE entrepreneurship.slot SET starts_at = starts_at - interval '400 days', ends_at = ends_at - interval '400 days' WHERE id = '${slot.id}';
  UPDATE entrepreneurship.booking SET starts_at = starts_at - interval '400 days', ends_at = ends_at - interval '400 days' WHERE slot_id = '${slot.id}'`);
export const advise = (m, b, over = {}) => post(`bookings/${b.id}/guidance`, m.token, { topics: ['plan'], advice: '先做市场调查', next_steps: '写计划', ...over });
export { known };
