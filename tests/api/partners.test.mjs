// partners: an agency by its own client -- mandates, postings in bulk, the feed,
// people who agreed to be seen, and placements in bulk.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { actFor, call, desks, request } from '../lib/client.mjs';
import { desk, eventually, firm, person, random } from '../lib/city.mjs';
import { token } from './oauth.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const mint = minter((await person()).token);
const [officer, away] = await Promise.all(['jh.first', 'lst.first'].map((l) => desk(l)));

// An agency is an organisation like another; its client is what posts.
async function agency(over) {
  const f = await firm({ kind: 'agency', ...over });
  return { ...f, owner: f.token, token: mint({ roles: ['partner@431100'], org: f.org_id }) };
}
const get = (who, path, options) => call('GET', `/v1/jobs/${path}`, { token: who?.token, ...options });
const post = (who, path, body, options) => call('POST', `/v1/jobs/${path}`, { token: who.token, body, ...options });
const no = (who, path, body, ...rest) => refused('POST', `/v1/jobs/${path}`, { token: who.token, body }, ...rest);
const mandate = (f, a, over) => known(() => post(f, 'org/mandates', { partner_id: a.org_id, may_post: true, may_place: true,
  ...over }, { refused: true }));
const pair = async (over) => {
  const [f, a] = await Promise.all([firm(), agency()]);
  await eventually(() => sql(`SELECT 1 FROM jobs.org WHERE id = '${a.org_id}'`).length === 1, 'the agency is known');
  return { f, a, m: await mandate(f, a, over) };
};
async function member(f, rights) {
  const p = await person();
  const i = await call('POST', '/v1/identity/orgs/own/invitations', { token: f.token, body: { person_id: p.id, ...rights } });
  await call('POST', `/v1/identity/me/invitations/${i.id}/accept`, { token: p.token, body: {} });
  return actFor(p, f.org_id);
}
let serial = 0;
const row = (f, over = {}) => ({ partner_ref: `P-${++serial}`, org_id: f.org_id, title: `代发岗位${random.digits(8)}`,
  occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2, pay_min_cents: 420000, pay_max_cents: 650000,
  pay_unit: 'month', form: 'full_time', ...over });
const send = (a, rows) => post(a, 'partner/vacancies', { rows });
const lines = (r) => r.items.map((i) => [i.outcome, i.state, ...i.errors.map((e) => `${e.pointer} ${e.code}`)].join(' '));
const told = (f, kind) => sql(`SELECT title FROM jobs.message WHERE org_id = '${f.org_id}' AND kind = '${kind}' ORDER BY id`).map(([t]) => t);

test('an employer lets an agency act for it, and takes that back', async () => {
  const { f, a, m } = await pair({ may_place: false, until_on: dayPlus(now, 30) });
  assert.deepEqual([m.org_id, m.partner_id, m.partner_name, m.may_post, m.may_place, m.is_valid, m.county_code],
    [f.org_id, a.org_id, a.org.name, true, false, true, '431129']);
  assert.deepEqual(told(a, 'mandate_given'), [`${f.org.name}授权贵机构代发岗位`]);
  const body = { partner_id: a.org_id, may_post: true, may_place: true };
  await no(f, 'org/mandates', body, 409, 'jobs.mandate_exists');
  await no(f, 'org/mandates', { ...body, partner_id: f.org_id }, 422, 'jobs.not_agency', '/partner_id jobs.not_agency');
  const other = await agency();
  await eventually(() => sql(`SELECT 1 FROM jobs.org WHERE id = '${other.org_id}'`).length === 1, 'known');
  const fresh = { ...body, partner_id: other.org_id };
  await no(f, 'org/mandates', { ...fresh, until_on: dayPlus(now, -1) }, 422, 'jobs.day_past', '/until_on jobs.day_past');
  await no(f, 'org/mandates', { ...fresh, may_post: false, may_place: false }, 422, 'request.invalid', '/may_post field.choice');
  await eachMistake('POST', '/v1/jobs/org/mandates', f.token, fresh, [
    [{ partner_id: 'x' }, '/partner_id field.format'], [{ may_post: undefined }, '/may_post field.missing'],
    [{ until_on: '2025-13-01' }, '/until_on field.format'], [{ more: 1 }, '/more field.unknown']]);
  const agent = await member(f, { post: true });
  await no(agent, 'org/mandates', fresh, 403, 'identity.no_right');
  await no(agent, `org/mandates/${m.id}/withdraw`, undefined, 403, 'identity.no_right');
  await no(agent, `org/placements/${NOBODY}/confirm`, undefined, 403, 'identity.no_right');
  await no(a, 'org/mandates', fresh, 403, 'auth.forbidden');
  const list = await walk('/v1/jobs/org/mandates', f.token, 1, '/v1/jobs/org/vacancies');
  assert.deepEqual(list.map((x) => x.id), [m.id]);
  assert.deepEqual((await get(a, 'partner/mandates?is_valid=true')).items.map((x) => x.id), [m.id]);
  assert.deepEqual((await get(other, 'partner/mandates')).items, []);
  assert.ok((await get(officer, `mandates?partner_id=${a.org_id}&county_code=431129`)).items.some((x) => x.id === m.id));
  assert.deepEqual((await get(away, `mandates?partner_id=${a.org_id}`)).items, []);
  await refused('GET', '/v1/jobs/mandates', { token: f.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/partner/mandates', { token: f.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/org/mandates', { token: a.token }, 403, 'auth.forbidden');
  const stranger = await firm();
  await no(stranger, `org/mandates/${m.id}/withdraw`, undefined, 404, 'request.not_found');
  const gone = await post(f, `org/mandates/${m.id}/withdraw`);
  assert.equal(gone.is_valid, false);
  await no(f, `org/mandates/${m.id}/withdraw`, undefined, 409, 'state.wrong');
  assert.equal(told(a, 'mandate_withdrawn').length, 1);
  const again = await mandate(f, a);
  assert.notEqual(again.id, m.id);
  sql(`UPDATE jobs.mandate SET from_on = from_on - 9, until_on = from_on - 8 WHERE id = '${again.id}'`);
  assert.deepEqual((await get(f, 'org/mandates?is_valid=true')).items, []);
  assert.equal((await mandate(f, a)).id, again.id, 'one that has run out is renewed');
});

test('the sample agency comes with its own client', async () => {
  const { client_id, client_secret } = desks().partner;
  const got = await token({ grant_type: 'client_credentials', client_id, client_secret });
  for (const path of ['partner/mandates', 'partner/vacancies', 'partner/people', 'partner/placements', 'feed'])
    assert.equal((await request('GET', `/v1/jobs/${path}`, { token: got.json.access_token })).status, 200, path);
});

test('postings in bulk: every row for itself, and each safe to send again', async () => {
  const { f, a } = await pair();
  const stranger = await firm();
  await eventually(() => sql(`SELECT 1 FROM jobs.org WHERE id = '${stranger.org_id}'`).length === 1, 'known');
  const good = row(f, { contact_name: '李经理', contact_phone: '13900001111', skills: ['电焊'], benefits: ['meals'] });
  const doubtful = row(f, { description: '入职需交押金200元' });
  const rows = [good, row(f, { pay_min_cents: 900000 }), doubtful, 'x', row(stranger), row({ org_id: NOBODY }),
    { ...row(f), title: undefined, draft: true }, row(f, { skills: ['焊'.repeat(31)], partner_ref: 'x'.repeat(61) }),
    { partner_ref: 'none', withdrawn: true }, row(f, { area_code: '999999' }), { org_id: f.org_id }];
  const r = await send(a, rows);
  assert.deepEqual(lines(r).map((l, i) => (i === 10 ? l.split(' ').slice(0, 3).join(' ') : l)), ['created open',
    'refused  /rows/1/pay_min_cents jobs.pay_range', 'created checking', 'refused  /rows/3 field.type',
    'refused  /rows/4/org_id jobs.no_mandate', 'refused  /rows/5/org_id jobs.org_unknown',
    'refused  /rows/6/title field.missing /rows/6/draft field.unknown', 'refused  /rows/7/partner_ref field.too_long',
    'refused  /rows/8/partner_ref request.not_found', 'refused  /rows/9/area_code field.area_code', 'refused  /rows/10/title']);
  assert.deepEqual(r.counts, { created: 2, updated: 0, unchanged: 0, withdrawn: 0, refused: 9 });
  assert.equal(r.items[0].partner_ref, good.partner_ref);
  assert.equal(told(f, 'vacancy_posted_for').length, 2);
  const en = await request('POST', '/v1/jobs/partner/vacancies', { token: a.token, body: { rows: [row(stranger)] },
    headers: { 'accept-language': 'en' } });
  assert.match(en.json.items[0].errors[0].detail, /mandate/);
  const seen = await call('GET', `/v1/jobs/vacancies/${r.items[0].vacancy_id}`);
  assert.deepEqual([seen.source, seen.org_name, seen.contact_phone_masked, seen.skills], ['partner', f.org.name, '139****1111', ['电焊']]);
  assert.deepEqual(sql(`SELECT count(*) FROM jobs.vacancy_contact WHERE vacancy_id = '${seen.id}'`), [['1']]);

  const changes = () => Number(sql(`SELECT (SELECT count(*) FROM jobs.outbox WHERE key = '${seen.id}')
    + (SELECT count(*) FROM jobs.event_log WHERE key = '${seen.id}')`)[0][0]);
  const before = changes();
  assert.deepEqual(lines(await send(a, [good, doubtful, good])), ['unchanged open', 'unchanged checking', 'unchanged open']);
  assert.equal(changes(), before, 'nothing was told');
  sql(`UPDATE jobs.vacancy SET confirmed_on = confirmed_on - 5 WHERE id = '${seen.id}'`);
  await send(a, [good]);
  assert.equal((await call('GET', `/v1/jobs/vacancies/${seen.id}`)).confirmed_on, now, 'to send it again is to confirm it');
  const more = { ...good, headcount: 5, contact_phone: '13900002222' };
  assert.deepEqual(lines(await send(a, [more, good, more])), ['updated open', 'updated open', 'updated open']);
  assert.deepEqual([(await call('GET', `/v1/jobs/vacancies/${seen.id}`)).headcount, (await call('GET', `/v1/jobs/vacancies/${seen.id}`)).contact_phone_masked], [5, '139****2222']);
  assert.deepEqual(lines(await send(a, [{ ...more, org_id: stranger.org_id }])), ['refused open /rows/0/partner_ref jobs.partner_ref_taken']);

  const p = await person();
  const hired = await known(() => post(p, `vacancies/${seen.id}/applications`, {}, { refused: true }));
  await post(f, `applications/${hired.id}/hire`, { hired_on: now, contract_type: 'fixed', contract_months: 12, wage_cents: 450000 });
  assert.deepEqual(lines(await send(a, [{ ...more, headcount: 1 }])), ['refused open /rows/0/headcount jobs.headcount_taken']);

  const mine = await walk('/v1/jobs/partner/vacancies', a.token, 1, '/v1/jobs/partner/mandates');
  assert.deepEqual(mine.map((v) => [v.partner_ref, v.state]), [[doubtful.partner_ref, 'checking'], [good.partner_ref, 'open']]);
  assert.deepEqual((await get(a, `partner/vacancies?state=checking&org_id=${f.org_id}`)).items.map((v) => v.checks[0].code), ['fee']);
  await refused('GET', '/v1/jobs/partner/vacancies?state=gone', { token: a.token }, 422, 'request.invalid', 'state field.choice');
  const other = await agency();
  assert.deepEqual((await get(other, 'partner/vacancies')).items, []);
  assert.ok((await get(f, 'org/vacancies')).items.some((v) => v.id === seen.id), 'the employer has them among its own');

  await call('POST', `/v1/jobs/vacancies/${r.items[2].vacancy_id}/return`, { token: officer.token, body: { note: '请删去收费内容' } });
  assert.equal(told(a, 'vacancy_returned').length, 1);
  const mended = { ...doubtful, description: '' };
  assert.deepEqual(lines(await send(a, [mended])), ['updated checking'], 'an officer looks again');
  await call('POST', `/v1/jobs/vacancies/${r.items[2].vacancy_id}/approve`, { token: officer.token, body: {} });
  assert.equal(told(a, 'vacancy_open').length, 1);
  assert.deepEqual(lines(await send(a, [mended])), ['unchanged open']);

  await call('POST', `/v1/jobs/vacancies/${r.items[2].vacancy_id}/close`, { token: f.token });
  assert.equal(told(a, 'vacancy_closed').length, 1);
  assert.deepEqual(lines(await send(a, [mended, { ...mended, headcount: 9 }, { ...mended, withdrawn: true, title: undefined }])).slice(0, 2),
    ['unchanged closed', 'refused closed /rows/1 state.wrong']);
  const off = { partner_ref: good.partner_ref, withdrawn: true };
  assert.deepEqual(lines(await send(a, [off, off])), ['withdrawn closed', 'unchanged closed']);
  assert.equal((await call('GET', `/v1/jobs/vacancies/${seen.id}`)).state, 'closed');

  for (const [rows_, code] of [[{}, 'field.type'], ['x', 'field.type'], [[], 'field.count'], [Array(201).fill({}), 'field.count']])
    await no(a, 'partner/vacancies', { rows: rows_ }, 422, 'request.invalid', `/rows ${code}`);
  await no(a, 'partner/vacancies', {}, 422, 'request.invalid', '/rows field.missing');
  await no(f, 'partner/vacancies', { rows: [good] }, 403, 'auth.forbidden');
});

test('without its mandate an agency changes nothing; two hundred rows are one request', async () => {
  const { f, a, m } = await pair({ may_place: false });
  const many = Array.from({ length: 200 }, () => row(f));
  const r = await send(a, many);
  assert.equal(r.counts.created, 200);
  assert.equal((await send(a, many)).counts.unchanged, 200);
  const twice = Array.from({ length: 20 }, () => row(f)), key = randomUUID();
  const both = await Promise.all([send(a, twice), send(a, twice), post(a, 'partner/vacancies', { rows: twice }, { key })]);
  assert.deepEqual(both.map((x) => x.counts.created).sort(), [0, 0, 20], 'the same import at the same moment');
  assert.equal(new Set(both.flatMap((x) => x.items.map((i) => i.vacancy_id))).size, 20);
  assert.deepEqual(await post(a, 'partner/vacancies', { rows: twice }, { key }), both[2]);
  await post(f, `org/mandates/${m.id}/withdraw`);
  const after = await send(a, [{ ...many[0], headcount: 3 }, { partner_ref: many[1].partner_ref, withdrawn: true }, row(f)]);
  assert.deepEqual(lines(after), ['refused open /rows/0/org_id jobs.no_mandate', 'refused open /rows/1/org_id jobs.no_mandate',
    'refused  /rows/2/org_id jobs.no_mandate']);
});

// ---- the feed -----------------------------------------------------------------------

const relayed = () => eventually(() => sql('SELECT count(*) FROM jobs.outbox')[0][0] === '0', 'every change is in the log');
const openNow = () => sql(`SELECT id FROM jobs.vacancy WHERE state = 'open' ORDER BY id`).map(([id]) => id);

// A partner's copy of the postings: what a page says is all it does.
class Copy {
  constructor(token, limit) { Object.assign(this, { token, limit, cursor: null, held: new Map(), pages: 0 }); }
  async page() {
    const at = this.cursor ? `&cursor=${encodeURIComponent(this.cursor)}` : '';
    const r = await call('GET', `/v1/jobs/feed?limit=${this.limit}${at}`, { token: this.token });
    for (const i of r.items)
      if (i.kind === 'posting') this.held.set(i.vacancy_id, i.vacancy);
      else this.held.delete(i.vacancy_id);
    assert.ok(r.next_cursor, 'there is always a cursor');
    const moved = r.next_cursor !== this.cursor;
    this.cursor = r.next_cursor;
    this.pages++;
    return r.items.length > 0 || moved;
  }
  async all() { while (await this.page()); }
}

test('a snapshot and its changes are the open postings, at any size of page', async () => {
  const { f, a } = await pair();
  const first = await send(a, Array.from({ length: 30 }, () => row(f)));
  const live = first.items.map((i) => i.vacancy_id);
  await relayed();
  const [big, small] = [new Copy(a.token, 200), new Copy(mint({ roles: ['partner@431100'], org: randomUUID() }), 7)];
  await small.page();
  await big.page();
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < 8; i++) {
      const id = random.pick(live);
      const verb = random.pick(['pause', 'reopen', 'close', 'confirm']);
      await request('POST', `/v1/jobs/vacancies/${id}/${verb}`, { token: f.token, quiet: true });
    }
    live.push((await send(a, [row(f), row(f, { description: '入职需交押金200元' })])).items[0].vacancy_id);
    await small.page();
    if (round % 2) await big.page();
  }
  const watched = (await send(a, [row(f)])).items[0].vacancy_id;
  await relayed();
  await small.all();
  assert.ok(small.held.has(watched));
  await call('POST', `/v1/jobs/vacancies/${watched}/return`, { token: officer.token, body: { note: '接到举报，下线核实' } });
  await relayed();
  await Promise.all([big.all(), small.all()]);
  const open = openNow();
  for (const copy of [big, small]) assert.deepEqual([...copy.held.keys()].sort(), open, `pages of ${copy.limit}`);
  for (const [id, v] of big.held) assert.deepEqual(v, small.held.get(id));
  assert.ok(small.pages > 6);
  const idle = await call('GET', `/v1/jobs/feed?cursor=${encodeURIComponent(big.cursor)}`, { token: a.token });
  assert.deepEqual([idle.items, idle.next_cursor], [[], big.cursor]);
  await call('POST', `/v1/jobs/vacancies/${live.find((id) => big.held.has(id))}/close`, { token: f.token });
  await relayed();
  const last = await call('GET', `/v1/jobs/feed?cursor=${encodeURIComponent(big.cursor)}`, { token: a.token });
  assert.deepEqual(last.items.map((i) => [i.kind, i.state, i.vacancy]), [['tombstone', 'closed', null]]);
});

test('the feed is for partners, its cursor is its own and grows old', async () => {
  const a = await agency();
  const f = await firm();
  await refused('GET', '/v1/jobs/feed', { token: f.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/feed', {}, 401, 'auth.token_missing');
  await refused('GET', '/v1/jobs/feed?cursor=c12', { token: a.token }, 422, 'request.invalid', 'cursor field.cursor');
  await refused('GET', '/v1/jobs/feed?limit=0', { token: a.token }, 422, 'request.invalid', 'limit field.too_small');
  const copy = new Copy(a.token, 200);
  await copy.all();
  await relayed();
  // The beginning of the log is put away, and back: whose cursor lies there begins anew.
  const head = Number(sql('SELECT max(seq) FROM jobs.event_log')[0][0]);
  const { f: g, a: b } = await pair();
  await send(b, [row(g), row(g)]);
  await relayed();
  await eventually(() => sql(`SELECT count(*) FROM jobs.event_log WHERE seq > ${head + 1}`)[0][0] !== '0', 'the log went on');
  sql(`CREATE TABLE jobs.kept AS SELECT * FROM jobs.event_log WHERE seq <= ${head + 1};
    DELETE FROM jobs.event_log WHERE seq <= ${head + 1}`);
  try {
    await refused('GET', `/v1/jobs/feed?cursor=${encodeURIComponent(copy.cursor)}`, { token: a.token }, 410, 'jobs.feed_expired');
  } finally {
    sql('INSERT INTO jobs.event_log SELECT * FROM jobs.kept; DROP TABLE jobs.kept');
  }
  await copy.all();
  assert.deepEqual([...copy.held.keys()].sort(), openNow());
});

// ---- people and placements ----------------------------------------------------------

const consent = (p, a) => call('POST', '/v1/identity/me/consents', { token: p.token, body: { purpose: 'agency_resume',
  org_id: a.org_id, text_version: 1 } });
const withdraw = (p, a) => call('POST', '/v1/identity/me/consents/withdraw', { token: p.token, body: { purpose: 'agency_resume', org_id: a.org_id } });
const agreed = (p, a, given = true) => eventually(() => sql(`SELECT 1 FROM jobs.consent WHERE person_id = '${p.id}'
  AND org_id = '${a.org_id}' AND given = ${given}`).length === 1, 'the consent is known');
const resume = (p, over = {}) => known(() => call('PUT', '/v1/jobs/my/resume', { token: p.token, refused: true, body: { state: 'seeking',
  education_code: '40', skills: ['电焊'], occupations: ['6-24'], areas: ['431129'], lat_e6: 25190000, lng_e6: 111570000, ...over } }));

test('an agency sees who agreed to it, and only as long as they do', async () => {
  const [a, other] = await Promise.all([agency(), agency()]);
  const [p, q, r] = await Promise.all([person(), person(), person()]);
  await Promise.all([resume(p), resume(q, { state: 'open_to_offers', occupations: ['4-01'], areas: ['431103'], education_code: '30' }), resume(r)]);
  await Promise.all([consent(p, a), consent(q, a), consent(r, other)]);
  await Promise.all([agreed(p, a), agreed(q, a), agreed(r, other)]);
  const ids = async (q_ = '', who = a) => (await get(who, `partner/people${q_}`)).items.map((x) => x.person_id).sort();
  assert.deepEqual((await walk('/v1/jobs/partner/people', a.token, 1, '/v1/jobs/partner/vacancies')).length, 2);
  assert.deepEqual(await ids(), [p.id, q.id].sort());
  assert.deepEqual(await ids('', other), [r.id]);
  for (const [query, want] of [['state=seeking', [p]], ['education_code=30', [q]], ['occupation_code=6-24-01-00', [p]],
    ['occupation_code=4', [q]], ['area_code=431129100', [p]], ['area_code=431103', [q]], ['occupation_code=2', []]])
    assert.deepEqual(await ids(`?${query}`), want.map((x) => x.id), query);
  await refused('GET', '/v1/jobs/partner/people?occupation_code=9-99', { token: a.token }, 422, 'request.invalid', 'occupation_code field.occupation_code');
  const one = await get(a, `partner/people/${p.id}`);
  assert.match(one.name_masked, /\*/);
  assert.deepEqual(one.resume.skills, ['电焊']);
  assert.equal(JSON.stringify(one).includes('lat_e6'), false, 'nobody’s home');
  await refused('GET', `/v1/jobs/partner/people/${r.id}`, { token: a.token }, 404, 'request.not_found');
  const f = await firm();
  await refused('GET', '/v1/jobs/partner/people', { token: f.token }, 403, 'auth.forbidden');
  await refused('GET', `/v1/jobs/partner/people/${p.id}`, { token: p.token }, 403, 'auth.forbidden');
  const looks = () => call('GET', '/v1/me/accesses?limit=50', { token: p.token });
  await eventually(async () => (await looks()).items.some((x) => x.action === 'jobs.partner.person_get'), 'the person reads who looked');
  await withdraw(p, a);
  await agreed(p, a, false);
  assert.deepEqual(await ids(), [q.id]);
  await refused('GET', `/v1/jobs/partner/people/${p.id}`, { token: a.token }, 404, 'request.not_found');
});

const placed = (f, p, over = {}) => ({ partner_ref: `T-${++serial}`, org_id: f.org_id, person_id: p.id, occupation_code: '6-24-01-00',
  hired_on: now, contract_type: 'fixed', contract_months: 12, wage_cents: 450000, ...over });
const report = (a, rows) => post(a, 'partner/placements', { rows });

test('placements in bulk need a mandate and the person’s consent; each row for itself', async () => {
  const { f, a, m } = await pair();
  const [p, q, child, stranger] = [await person(), await person(), await person({ birth_on: dayPlus(now, -366 * 15) }), await firm()];
  await Promise.all([p, child].map((x) => consent(x, a)));
  await Promise.all([p, child].map((x) => agreed(x, a)));
  await eventually(() => sql(`SELECT 1 FROM jobs.org WHERE id = '${stranger.org_id}'`).length === 1, 'known');
  const good = placed(f, p);
  const first = await report(a, [good, placed(f, q), placed(stranger, p), placed(f, p, { hired_on: dayPlus(now, 1) }),
    placed(f, p, { contract_months: undefined }), placed(f, child), placed(f, p, { vacancy_id: NOBODY }), placed(f, p, { wage_cents: 0 }),
    7, { partner_ref: 'none', withdrawn: true }, placed({ org_id: NOBODY }, p)]);
  assert.deepEqual(lines(first), ['created reported', 'refused  /rows/1/person_id jobs.no_consent',
    'refused  /rows/2/org_id jobs.no_mandate', 'refused  /rows/3/hired_on field.date_future',
    'refused  /rows/4/contract_months jobs.contract', 'refused  /rows/5/hired_on jobs.under_age',
    'refused  /rows/6/vacancy_id request.not_found', 'refused  /rows/7/wage_cents field.too_small', 'refused  /rows/8 field.type',
    'refused  /rows/9/partner_ref request.not_found', 'refused  /rows/10/org_id jobs.org_unknown']);
  assert.deepEqual([first.counts.created, first.counts.refused], [1, 10]);
  const more = { ...good, wage_cents: 500000 };
  assert.deepEqual(lines(await report(a, [good, more, more])), ['unchanged reported', 'updated reported', 'unchanged reported']);
  assert.equal(told(f, 'placement_reported').length, 2);
  assert.deepEqual(lines(await report(a, [{ ...more, org_id: stranger.org_id }, { ...more, person_id: child.id, wage_cents: 1 }])),
    ['refused reported /rows/0/partner_ref jobs.partner_ref_taken', 'refused reported /rows/1/partner_ref jobs.partner_ref_taken']);
  const id = first.items[0].placement_id;
  assert.deepEqual((await walk('/v1/jobs/partner/placements', a.token, 5, '/v1/jobs/partner/vacancies')).map((x) => [x.id, x.wage_cents, x.state]),
    [[id, 500000, 'reported']]);
  assert.deepEqual((await get(f, 'org/placements?state=reported')).items.map((x) => x.id), [id]);
  assert.deepEqual((await get(stranger, 'org/placements')).items, []);
  assert.ok((await get(officer, `placements?partner_id=${a.org_id}`)).items.some((x) => x.id === id));
  assert.deepEqual((await get(away, `placements?partner_id=${a.org_id}`)).items, []);
  await refused('GET', '/v1/jobs/placements', { token: a.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/org/placements', { token: a.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/partner/placements?state=x', { token: a.token }, 422, 'request.invalid', 'state field.choice');
  await no(f, 'partner/placements', { rows: [good] }, 403, 'auth.forbidden');
  await no(a, 'partner/placements', { rows: [] }, 422, 'request.invalid', '/rows field.count');

  await no(stranger, `org/placements/${id}/refuse`, { reason: '没有此人' }, 404, 'request.not_found');
  await no(f, `org/placements/${id}/refuse`, {}, 422, 'request.invalid', '/reason field.missing');
  assert.deepEqual((await post(f, `org/placements/${id}/refuse`, { reason: '尚未到岗' })).reason, '尚未到岗');
  assert.equal(told(a, 'placement_refused').length, 1);
  await no(f, `org/placements/${id}/refuse`, { reason: '尚未到岗' }, 409, 'state.wrong');
  await no(f, `org/placements/${id}/confirm`, undefined, 409, 'state.wrong');
  assert.deepEqual(lines(await report(a, [more, { ...more, wage_cents: 510000 }])), ['unchanged refused', 'updated reported']);
  const off = { partner_ref: good.partner_ref, withdrawn: true };
  assert.deepEqual(lines(await report(a, [off, off])), ['withdrawn withdrawn', 'unchanged withdrawn']);
  await no(f, `org/placements/${id}/confirm`, undefined, 409, 'state.wrong');
  await withdraw(p, a);
  await agreed(p, a, false);
  assert.deepEqual(lines(await report(a, [{ ...more, wage_cents: 520000 }])), ['refused withdrawn /rows/0/person_id jobs.no_consent']);
  await post(f, `org/mandates/${m.id}/withdraw`);
  assert.deepEqual(lines(await report(a, [placed(f, p)])), ['refused  /rows/0/org_id jobs.no_mandate']);
});

test('the employer’s confirmation is the hire: a place, a registration, an end to being unemployed', async () => {
  const { f, a } = await pair();
  const p = await person();
  await consent(p, a);
  await agreed(p, a);
  const out = await known(() => post(p, 'unemployment-registrations', { reason: 'other' }, { refused: true }));
  const v = (await send(a, [row(f, { headcount: 1 })])).items[0].vacancy_id;
  const r = await report(a, [placed(f, p, { vacancy_id: v }), placed(f, p)]);
  const [id, second] = r.items.map((i) => i.placement_id);
  const stranger = await firm();
  await no(stranger, `org/placements/${id}/confirm`, undefined, 404, 'request.not_found');
  await no(a, `org/placements/${id}/confirm`, undefined, 403, 'auth.forbidden');
  await refused('POST', `/v1/jobs/org/placements/${id}/confirm`, { token: f.token, key: null }, 400, 'idempotency.missing');
  const done = await post(f, `org/placements/${id}/confirm`);
  assert.deepEqual([done.state, done.vacancy_id, done.case_state], ['confirmed', v, 'done']);
  const e = await get(f, `employments/${done.employment_id}`);
  assert.deepEqual([e.person_id, e.vacancy_id, e.was_unemployed, e.wage_cents], [p.id, v, true, 450000]);
  assert.equal((await call('GET', `/v1/jobs/vacancies/${v}`)).state, 'filled');
  assert.deepEqual(sql(`SELECT end_reason FROM jobs.unemployment WHERE id = '${out.id}'`), [['hired']]);
  assert.equal(told(a, 'placement_confirmed').length, 1);
  await eventually(() => sql(`SELECT payload ->> 'employment_id' FROM jobs.event_log WHERE type = 'jobs.placement.confirmed.v1'
    AND key = '${id}'`)[0]?.[0] === done.employment_id, 'the event is in the log');
  await no(f, `org/placements/${id}/confirm`, undefined, 409, 'state.wrong');
  await no(f, `org/placements/${second}/confirm`, undefined, 409, 'jobs.already_employed');
  assert.equal(sql(`SELECT state FROM jobs.placement WHERE id = '${second}'`)[0][0], 'reported');
  assert.deepEqual(lines(await report(a, [{ partner_ref: r.items[0].partner_ref, withdrawn: true },
    placed(f, p, { partner_ref: r.items[0].partner_ref, wage_cents: 1 })])), ['refused confirmed /rows/0 state.wrong', 'refused confirmed /rows/1 state.wrong']);
  const q = await person();
  await consent(q, a);
  await agreed(q, a);
  const full = await report(a, [placed(f, q, { vacancy_id: v })]);
  await no(f, `org/placements/${full.items[0].placement_id}/confirm`, undefined, 409, 'jobs.no_headcount');
  assert.equal(sql(`SELECT count(*) FROM jobs.employment WHERE person_id = '${q.id}'`)[0][0], '0');
});
