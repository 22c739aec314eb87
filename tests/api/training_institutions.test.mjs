// training: who may teach what -- licences, trainers, courses, and agreements of
// school and firm, each with who may not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { firm, person } from '../lib/city.mjs';
import { licence, licensed, school } from './class_help.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const T = '/v1/training', COUNTY = '431122', TOWN = '431122100';
const now = await today();
const mint = minter((await person({ area_code: TOWN })).token);
const as = (role, area = COUNTY, over = {}) => mint({ roles: [`${role}@${area}`], ...over });
const first = as('first_review'), approve = as('approve');
const here = () => school({ area_code: TOWN });
const file = (s, over) => known(() => call('POST', `${T}/institutions`, { token: s.token, body: licence(over), refused: true }));
const step = (i, verb, token, body = { pass: true }) => call('POST', `${T}/institutions/${i.id}/${verb}`, { token, body });
const says = (text) => sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); SELECT ${text}`)[1][0];
const mayTeach = (s, occupation, level, day = now) => says(`training.may_teach('${s.org_id}', '${occupation}', ${level}, '${day}')`);

test('a licence is filed, checked by one officer and decided by another; only then may one teach', async () => {
  const s = await here();
  const i = await file(s, { occupations: [{ occupation_code: '6-31', level: 4 }, { occupation_code: '4-10-01-01', level: 5 }],
    rooms: [{ name: '实训楼', place: '白牙市镇', seats: 40, lat_e6: 26390000, lng_e6: 111310000 }] });
  assert.deepEqual([i.state, i.county_code, i.is_valid, i.rooms.length], ['filed', COUNTY, false, 1]);
  assert.equal(mayTeach(s, '6-31-01-03', 5), 'f');
  await refused('POST', `${T}/institutions/${i.id}/decide`, { token: approve, body: { pass: true } }, 409, 'state.wrong');
  await refused('POST', `${T}/institutions/${i.id}/check`, { token: as('first_review', '431103'), body: { pass: true } }, 404, 'request.not_found');
  await refused('POST', `${T}/institutions/${i.id}/check`, { token: first, body: { pass: false } }, 422, 'request.invalid', '/note field.missing');
  const both = mint({ roles: [`first_review@${COUNTY}`, `approve@${COUNTY}`], sub: randomUUID() });
  assert.equal((await step(i, 'check', both)).state, 'checked');
  await refused('POST', `${T}/institutions/${i.id}/decide`, { token: both, body: { pass: true } }, 409, 'training.same_hand');
  assert.equal((await step(i, 'decide', approve)).state, 'licensed');
  assert.deepEqual([mayTeach(s, '6-31-01-03', 4), mayTeach(s, '6-31-01-03', 3), mayTeach(s, '4-10-01-01', 5),
    mayTeach(s, '4-10-01-02', 5), mayTeach(s, '6-31-01-03', 5, '2036-01-01')], ['t', 'f', 't', 'f', 'f']);
  const seen = await call('GET', `${T}/institutions/${i.id}`);
  assert.deepEqual([seen.state, seen.is_valid], ['licensed', true]);
  const found = async (q) => (await walk(`${T}/institutions?county_code=${COUNTY}&${q}`, undefined, 50)).some((x) => x.id === i.id);
  assert.deepEqual([await found('occupation_code=6-31-01-03&level=4'), await found('occupation_code=6-31-01-03&level=3')], [true, false]);
});
