// entrepreneurship: figures as of a day, for statisticians and officers: what is
// aimed at, firms alive after their years, jobs created, awards paid.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { admit, hire, keeper, leave, open } from './carrier_help.mjs';
import { emit } from './facts_help.mjs';
import { dayPlus, minter, refused, sql, today } from './help.mjs';

const HERE = '431127', TOWN = '431127100', AWAY = '431128';
const now = await today();
const mint = minter((await person()).token);
const as = (role, area = HERE) => mint({ roles: [`${role}@${area}`] });
const stats = as('stats', '431100');
const figure = async (path, token = stats) => (await call('GET', `/v1/entrepreneurship/figures/${path}`, { token })).items;
const here = { area_code: TOWN };

test('carriers stand against what is aimed at, by county and kind', async () => {
  const rows = await figure('targets');
  assert.deepEqual(rows.map((r) => [r.kind, r.target]), [['incubator', 30], ['return_home_park', 4]]);
  const count = async () => (await figure(`carriers?county_code=${HERE}`)).find((r) => r.kind === 'incubator') ?? { carriers: 0, places: 0, recognised: 0 };
  const before = await count(), k = await keeper(here);
  await open(k, { area_code: TOWN, capacity: 7 });
  assert.deepEqual(await count().then((r) => [r.carriers - before.carriers, r.places - before.places, r.recognised - before.recognised]), [1, 7, 0]);
  assert.ok((await figure('carriers', as('first_review', AWAY))).every((r) => r.county_code === AWAY));
  for (const path of ['targets', 'carriers', 'survival', 'awards', 'jobs?by=month', 'trained?by=month'])
    await refused('GET', `/v1/entrepreneurship/figures/${path}`, { token: k.token }, 403, 'auth.forbidden');
  for (const [path, field] of [['carriers?county_code=4311', 'county_code field.area_code'], ['jobs', 'by field.missing'], ['jobs?by=day', 'by field.choice'],
    ['survival?on_day=x', 'on_day field.format'], ['awards?on_day=x', 'on_day field.format'], ['trained?by=carrier', 'by field.choice'], ['targets?x=1', 'x field.unknown']])
    await refused('GET', `/v1/entrepreneurship/figures/${path}`, { token: stats }, 422, 'request.invalid', field);
});

test('of the firms admitted in a year: alive after one, two and three', async () => {
  const k = await keeper(here), c = await open(k, here);
  const year = Number(now.slice(0, 4)) - 4, day = (y, md) => `${y}-${md}`;
  const alive = async (on) => (await figure(`survival?county_code=${HERE}${on ? `&on_day=${on}` : ''}`)).find((r) => r.year === year);
  const was = await alive() ?? { firms: 0, alive_1: 0, alive_2: 0, alive_3: 0 };
  const firms = await Promise.all([1, 2, 3, 4].map(() => firm(here)));
  const ts = [];
  for (const f of firms) ts.push(await admit(k, c, f, { admitted_on: day(year, '03-01'), to_on: day(year + 9, '01-01') }));
  await leave(k, ts[0], { left_on: day(year, '09-01'), reason: 'closed' });
  await leave(k, ts[1], { left_on: day(year + 1, '09-01'), reason: 'graduated' });
  await leave(k, ts[2], { left_on: day(year + 2, '09-01'), reason: 'moved' });
  assert.deepEqual(await alive().then((r) => [r.firms - was.firms, r.alive_1 - was.alive_1, r.alive_2 - was.alive_2, r.alive_3 - was.alive_3]), [4, 3, 3, 2]);
  const then = await alive(day(year + 1, '06-30'));
  assert.deepEqual([then.as_of, then.alive_2, then.alive_3], [day(year + 1, '06-30'), null, null]);
  assert.equal(await alive(day(year, '02-01')), undefined);
});

test('jobs created count people, each once, and fewer than five are not shown', async () => {
  const k = await keeper(here), c = await open(k, here);
  const firms = await Promise.all([1, 2].map(() => firm(here))), people = await Promise.all([1, 2, 3, 4, 5].map(() => person(here)));
  for (const f of firms) await admit(k, c, f);
  const mine = async () => (await figure('jobs?by=carrier')).find((r) => r.key === c.id)?.people;
  const jobs = (n) => eventually(async () => (await call('GET', `/v1/entrepreneurship/carriers/${c.id}`)).job_count === n, `${n} jobs`);
  await Promise.all(people.slice(0, 4).map((p) => hire(firms[0], p)));
  await hire(firms[1], people[0]);	// the same person again
  await jobs(5);
  assert.equal(await mine(), null);
  await hire(firms[1], people[4]);
  await jobs(6);
  assert.equal(await mine(), 5);
  const [month] = (await figure(`jobs?by=month&county_code=${HERE}&from_on=${now.slice(0, 7)}-01`)).filter((r) => r.key === now.slice(0, 7));
  assert.ok(month.people >= 5);
  assert.ok((await figure('jobs?by=county')).some((r) => r.county_code === HERE));
  assert.deepEqual(await figure(`jobs?by=county&county_code=${HERE}`, as('stats', AWAY)), []);
  assert.deepEqual(await figure(`jobs?by=county&from_on=${dayPlus(now, 1)}&to_on=${dayPlus(now, 2)}`), []);
});

test('awards count what was paid and did not come back, of these policies only', async () => {
  const paid = async (on = now) => (await figure(`awards?county_code=${HERE}&on_day=${on}`)).find((r) => r.policy_code === 'FXCY')?.paid_cents ?? 0;
  const before = await paid(), org = randomUUID();
  const tell = (type, claim, over) => emit(`subsidies.${type}.v1`, claim, { claim_id: claim, payment_no: `P${claim.slice(0, 8)}`, policy_code: 'FXCY',
    person_id: null, org_id: org, amount_cents: 50000000, county_code: HERE, ...over }, HERE);
  const [a, b, c] = [0, 1, 2].map(() => randomUUID());
  tell('claim.paid', a, { paid_on: dayPlus(now, -2) });
  tell('claim.paid', b, { paid_on: dayPlus(now, -2) });
  tell('claim.paid', c, { paid_on: dayPlus(now, -2), policy_code: 'KGBZ' });
  await eventually(async () => await paid() === before + 100000000, 'both are heard of');
  tell('payment.returned', b, { returned_on: now });
  await eventually(async () => await paid() === before + 50000000, 'one came back');
  assert.equal(await paid(dayPlus(now, -1)) - before, 100000000, 'as of the day before');
  assert.equal(sql(`SELECT count(*) FROM entrepreneurship.award_paid WHERE claim_id = '${c}'`)[0][0], '0');
  // The books know nothing of them: nobody else keeps them either.
  for (const claim of [a, c]) tell('payment.returned', claim, { returned_on: now });
  await eventually(async () => await paid() === before, 'all came back');
});

test('people trained: person-times and people, by month and county', async () => {
  const month = '2031-02', day = `${month}-03`, people = Array.from({ length: 5 }, () => randomUUID());
  const tell = (person_id, over) => { const id = randomUUID(); emit('training.enrolment.completed.v1', id, { enrolment_id: id, class_id: randomUUID(),
    person_id, completed_on: day, passed: true, kind: 'startup', module: 'syb', attended_minutes: 60, county_code: HERE, ...over }, HERE); };
  for (const p of people) tell(p);
  tell(people[0], { passed: false });
  tell(people[1], { kind: 'skill', module: null });
  const by = async (cut) => (await figure(`trained?by=${cut}&county_code=${HERE}&from_on=${day}&to_on=${day}`)).map((r) => [r.key, r.times, r.people, r.passed]);
  await eventually(async () => (await by('month'))[0]?.[1] === 6, 'six person-times');
  assert.deepEqual(await by('month'), [[month, 6, 5, 5]]);
  assert.deepEqual(await by('county'), [[HERE, 6, 5, 5]]);
  assert.deepEqual(await figure(`trained?by=county&from_on=${day}&to_on=${day}`, as('stats', AWAY)), []);
});
