// search: free text, filters, facets, pages, typing ahead, synonyms, what was
// understood, and what was meant by a code that does not exist.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { approved, dayPlus, known, metrics, ports, refused, serviceToken, sql, today, walk } from './help.mjs';

const now = await today();
const posting = (over = {}) => ({ title: '电机装配工', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
  pay_min_cents: 420000, pay_max_cents: 650000, pay_unit: 'month', form: 'full_time', ...over });
const post = async (f, over) => approved(await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token,
  body: posting(over), refused: true })), f.token);
const list = '/v1/jobs/vacancies';
const find = (query) => call('GET', `${list}?${new URLSearchParams(query)}`);
const ids = async (query) => (await find(query)).items.map((v) => v.id);
const meant = async (query, field) => {
  const reply = await request('GET', `${list}?${new URLSearchParams(query)}`, { quiet: true });
  assert.equal(reply.status, 422, reply.text);
  const error = reply.json.errors.find((e) => e.pointer === field);
  assert.ok(error, reply.text);
  return error.suggestions ?? [];
};
const check = () => request('POST', '/internal/index/check', { base: `http://127.0.0.1:${ports.jobs}`,
  token: serviceToken() });
// Only what no form can say yet is written behind the service's back; the trigger tells of it.
const set = (id, change) => sql(`UPDATE jobs.vacancy SET ${change} WHERE id = '${id}'`);
const soon = (query, want, what) => eventually(async () =>
  JSON.stringify((await ids(query)).sort()) === JSON.stringify([...want].sort()), what);

const f = await firm();
const word = `寻人${randomUUID().slice(0, 6)}`;

test('words are found in title, employer, description, occupation and its aliases, the title first', async () => {
  const other = await firm({ name: `${word}电子厂` });
  const text = await post(f, { title: '质检员', description: `与${word}配合` });
  const named = await post(other, { title: '包装工' });
  const title = await post(f, { title: `${word}组长` });
  assert.deepEqual(await ids({ q: word }), [title.id, named.id, text.id]);
  assert.deepEqual(await ids({ q: `${word} 质检` }), [text.id]);
  assert.deepEqual(await ids({ q: `${word}，组长！` }), [title.id]);
  assert.deepEqual(await ids({ q: word.toUpperCase() }), [title.id, named.id, text.id]);
  assert.deepEqual(await ids({ q: `${word} 没有的词` }), []);
  assert.deepEqual(await ids({ q: `${word} 护士` }), [], 'a name of another occupation');
  assert.equal((await ids({ q: word, occupation_code: '6-24-01-00' })).length, 3);
});

test('every filter narrows', async () => {
  const tag = `筛${randomUUID().slice(0, 6)}`;
  const a = await post(f, { title: `${tag}甲`, education_code: '21' });
  const b = await post(f, { title: `${tag}乙`, area_code: '431103001', form: 'gig', pay_unit: 'hour', pay_min_cents: 1500,
    pay_max_cents: 2500, occupation_code: '4-03-02-05' });
  set(a.id, `skills = '{电工证,CAD}', benefits = '{lodging,meals}', skill_level = 4, lat_e6 = 25182000, lng_e6 = 111580000`);
  set(b.id, `skills = '{}', benefits = '{lodging}', lat_e6 = 26400000, lng_e6 = 111610000, posted_at = '${dayPlus(now, -9)}'`);
  await soon({ q: tag, benefits: 'lodging' }, [a.id, b.id], 'both are known with their benefits');
  const q = (query) => ids({ q: tag, ...query });
  assert.deepEqual(await q({ area_code: '431129' }), [a.id]);
  assert.deepEqual(await q({ area_code: '431103001' }), [b.id]);
  assert.deepEqual(await q({ area: '江华瑶族自治县' }), [a.id]);
  assert.deepEqual(await q({ area: '冷水滩' }), [b.id]);
  assert.deepEqual((await q({ area_code: '431100' })).length, 2);
  assert.deepEqual(await q({ occupation_code: '4' }), [b.id]);
  assert.deepEqual(await q({ occupation_code: '6-24-01' }), [a.id]);
  assert.deepEqual((await q({ industry_code: '38' })).length, 2);
  assert.deepEqual((await q({ industry_code: 'C' })).length, 2);
  assert.deepEqual(await q({ industry_code: 'A' }), []);
  assert.deepEqual(await q({ form: 'gig' }), [b.id]);
  assert.deepEqual(await q({ pay_unit: 'hour', pay_cents: 2500 }), [b.id]);
  assert.deepEqual(await q({ pay_unit: 'hour', pay_cents: 2501 }), []);
  assert.deepEqual(await q({ pay_cents: 500000 }), [a.id], 'by the month: 25 元 an hour is 4,350');
  assert.deepEqual(await q({ education_code: '61' }), [b.id]);
  assert.deepEqual((await q({ education_code: '21' })).length, 2);
  assert.deepEqual(await q({ skill_level: 5 }), [b.id]);
  assert.deepEqual((await q({ skill_level: 3 })).length, 2);
  assert.deepEqual(await q({ skills: 'cad,电工证' }), [a.id]);
  assert.deepEqual(await q({ benefits: 'lodging,meals' }), [a.id]);
  assert.deepEqual(await q({ posted_since: dayPlus(now, -1) }), [a.id]);
  const here = { lat_e6: 25180000, lng_e6: 111580000 };
  assert.deepEqual(await q({ ...here, radius_m: 5000 }), [a.id]);
  const near = (await find({ q: tag, ...here, sort: 'nearest' })).items;
  assert.deepEqual(near.map((v) => v.id), [a.id, b.id]);
  assert.ok(near[0].distance_m < 500 && near[1].distance_m > 100000);
  assert.deepEqual(await q({ sort: 'newest' }), [a.id, b.id]);
  assert.deepEqual(await q({ sort: 'pay' }), [a.id, b.id]);
  assert.deepEqual((await q({ sort: 'nearest', ...here, lat_e6: 26400000 })), [b.id, a.id]);
});

test('the towns of 金洞 belong to 金洞, whatever their digits', async () => {
  const tag = `洞${randomUUID().slice(0, 6)}`;
  const v = await post(f, { title: tag, area_code: '431181120' });
  assert.equal(v.county_code, '431172');
  assert.deepEqual(await ids({ q: tag, area_code: '431172' }), [v.id]);
  assert.deepEqual(await ids({ q: tag, area_code: '431181' }), []);
  assert.deepEqual(await ids({ q: tag, area_code: '431181120' }), [v.id]);
});

test('the reply says what it understood, and counts by every facet', async () => {
  const tag = `懂${randomUUID().slice(0, 6)}`;
  const a = await post(f, { title: `${tag} 操作工`, area_code: '431103001', education_code: '61' });
  const b = await post(f, { title: `${tag} 普工` });
  set(a.id, "benefits = '{lodging}'");
  await soon({ q: tag, benefits: 'lodging' }, [a.id], 'its benefit is known');
  assert.deepEqual((await ids({ q: `${tag} 普工` })).sort(), [a.id, b.id].sort(), 'synonyms');
  const r = await find({ q: `${tag} 冷水滩普工包住`, facets: 'true' });
  assert.deepEqual(r.items.map((v) => v.id), [a.id]);
  const kinds = Object.fromEntries(r.concepts.map((c) => [c.kind, c]));
  assert.equal(kinds.area.code, '431103');
  assert.equal(kinds.area.text, '冷水滩');
  assert.equal(kinds.benefit.code, 'lodging');
  assert.match(kinds.synonym.name, /操作工/);
  const all = await find({ q: tag, facets: 'true' });
  assert.equal(all.total, 2);
  const count = (facet) => Object.fromEntries(all.facets[facet].map((x) => [x.code, x.count]));
  assert.deepEqual(count('county'), { 431103: 1, 431129: 1 });
  assert.deepEqual(count('form'), { full_time: 2 });
  assert.deepEqual(count('occupation'), { 6: 2 });
  assert.deepEqual(count('industry'), { C: 2 });
  assert.deepEqual(count('pay'), { 600000: 2 });
  assert.deepEqual(count('education'), { none: 1, 60: 1 });
  assert.deepEqual(count('benefits'), { lodging: 1 });
  assert.equal((await find({ q: tag })).facets, undefined);
});

test('pages have no cap, hold their question, and go on however it changes', async () => {
  const tag = `页${randomUUID().slice(0, 6)}`;
  const made = [];
  for (let i = 0; i < 23; i++) made.push(await post(f, { title: `${tag} 第${i}`, pay_max_cents: 500000 + i * 1000 }));
  for (const sort of ['relevance', 'newest', 'pay']) {
    const seen = await walk(`${list}?${new URLSearchParams({ q: tag, sort })}`, undefined, 5, '/v1/jobs/synonyms');
    assert.deepEqual(seen.map((v) => v.id), made.map((v) => v.id).reverse(), sort);
  }
  const first = await find({ q: tag, limit: 10 });
  assert.equal(first.total, 23);
  for (const other of [{ q: tag, sort: 'pay' }, { q: `${tag} 第1` }, {}])
    await refused('GET', `${list}?${new URLSearchParams({ ...other, cursor: first.next_cursor })}`, {}, 422,
      'request.invalid', 'cursor field.cursor');
  await call('POST', `${list}/${made[0].id}/close`, { token: f.token });
  await call('POST', `${list}/${first.items[9].id}/close`, { token: f.token });
  const newer = await post(f, { title: `${tag} 新` });
  const rest = [];
  for (let cursor = first.next_cursor; cursor;) {
    const r = await find({ q: tag, limit: 10, cursor });
    rest.push(...r.items.map((v) => v.id));
    cursor = r.next_cursor;
  }
  assert.deepEqual(rest, made.slice(1, 13).map((v) => v.id).reverse());
  assert.equal((await ids({ q: tag }))[0], newer.id);
});

test('a code or name that does not exist is refused with what may have been meant', async () => {
  assert.ok((await meant({ area_code: '431199' }, 'area_code')).every((s) => s.code && s.name));
  assert.equal((await meant({ area: '冷水难' }, 'area'))[0].code, '431103');
  assert.ok((await meant({ occupation_code: '6-24-01-99' }, 'occupation_code')).some((s) => s.code.startsWith('6-24-01')));
  assert.ok((await meant({ industry_code: '38ZZ' }, 'industry_code')).some((s) => s.code.startsWith('38')));
  assert.ok((await meant({ education_code: '29' }, 'education_code')).length > 0);
  assert.equal((await meant({ benefits: 'lodgin' }, 'benefits'))[0].code, 'lodging');
  const several = await request('GET', `${list}?area_code=1&occupation_code=x&sort=nearest`, { quiet: true });
  assert.deepEqual(several.json.errors.map((e) => e.pointer).sort(), ['area_code', 'lat_e6', 'occupation_code']);
  for (const [query, field] of [[{ radius_m: 5 }, 'lat_e6 field.missing'], [{ sort: 'best' }, 'sort field.choice'],
    [{ facets: 'perhaps' }, 'facets field.type'], [{ skill_level: 6 }, 'skill_level field.too_large'],
    [{ radius_m: 0 }, 'radius_m field.too_small'], [{ posted_since: '2025-02-30' }, 'posted_since field.format'],
    [{ lat_e6: 91000000 }, 'lat_e6 field.too_large']])
    await refused('GET', `${list}?${new URLSearchParams(query)}`, {}, 422, 'request.invalid', field);
});

test('what closes, is paused, runs out of places or of days is not found', async () => {
  const tag = `停${randomUUID().slice(0, 6)}`;
  const v = await post(f, { title: tag });
  assert.deepEqual(await ids({ q: tag }), [v.id]);
  await call('POST', `${list}/${v.id}/pause`, { token: f.token });
  assert.deepEqual(await ids({ q: tag }), []);
  await call('POST', `${list}/${v.id}/reopen`, { token: f.token });
  assert.deepEqual(await ids({ q: tag }), [v.id]);
  set(v.id, `expires_on = '${dayPlus(now, -1)}'`);
  await soon({ q: tag }, [], 'its last day is over');
});

test('typing ahead: titles, employers, occupations, areas, the most used first', async () => {
  const tag = `联${randomUUID().slice(0, 6)}`;
  const other = await firm({ name: `${tag}纺织厂`, area_code: '431103001' });
  for (let i = 0; i < 3; i++) await post(f, { title: `${tag}挡车工` });
  await post(other, { title: `${tag}验布工` });
  const { items } = await call('GET', `/v1/jobs/suggest?q=${encodeURIComponent(tag)}`);
  assert.deepEqual(items.map((s) => [s.kind, s.text, s.count]), [['title', `${tag}挡车工`, 3], ['title', `${tag}验布工`, 1],
    ['employer', `${tag}纺织厂`, 1]]);
  const area = (await call('GET', `/v1/jobs/suggest?q=${encodeURIComponent('江华')}`)).items;
  assert.ok(area.length <= 10 && area.some((s) => s.kind === 'area' && s.code === '431129'));
  assert.deepEqual((await call('GET', '/v1/jobs/suggest?q=zzzz')).items, []);
  for (const [q, code] of [['', 'field.too_short'], ['长'.repeat(31), 'field.too_long']])
    await refused('GET', `/v1/jobs/suggest?q=${encodeURIComponent(q)}`, {}, 422, 'request.invalid', `q ${code}`);
  await refused('GET', '/v1/jobs/suggest', {}, 422, 'request.invalid', 'q field.missing');
});

test('synonyms are the city officers’ to keep, and are felt by the next search', async () => {
  const [one, two, three] = ['甲', '乙', '丙'].map((x) => `${x}工${randomUUID().slice(0, 6)}`);
  const [city, county, seeker] = [await desk('city.clerk'), await desk('jh.clerk'), await person()];
  const v = await post(f, { title: one });
  assert.deepEqual(await ids({ q: two }), []);
  const body = { words: `${one}/${two}`, note: '试' };
  await refused('POST', '/v1/jobs/synonyms', { token: seeker.token, body }, 403, 'auth.forbidden');
  await refused('POST', '/v1/jobs/synonyms', { token: county.token, body }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/synonyms', { token: city.token, body: { words: `${one}/${one}` } }, 422,
    'jobs.synonym_words', '/words jobs.synonym_words');
  await refused('POST', '/v1/jobs/synonyms', { token: city.token, body: {} }, 422, 'request.invalid', '/words field.missing');
  const made = await call('POST', '/v1/jobs/synonyms', { token: city.token, body });
  assert.deepEqual([...made.words].sort(), [one, two].sort());
  await soon({ q: two }, [v.id], 'the other word finds it');
  const path = `/v1/jobs/synonyms/${made.id}`;
  await refused('PUT', path, { token: county.token, body: { words: `${one}/${three}` } }, 404, 'request.not_found');
  await refused('PUT', path, { token: city.token, body: { words: one } }, 422, 'jobs.synonym_words',
    '/words jobs.synonym_words');
  await call('PUT', path, { token: city.token, body: { words: `${one}、${three}` } });
  await soon({ q: three }, [v.id], 'a third word finds it');
  assert.deepEqual(await ids({ q: two }), []);
  const listed = await call('GET', `/v1/jobs/synonyms?word=${encodeURIComponent(three)}`);
  assert.deepEqual(listed.items.map((s) => s.id), [made.id]);
  await refused('GET', '/v1/jobs/synonyms?word=', {}, 422, 'request.invalid', 'word field.too_short');
  await refused('POST', `${path}/withdraw`, { token: county.token }, 404, 'request.not_found');
  assert.equal((await call('POST', `${path}/withdraw`, { token: city.token })).withdrawn_on, now);
  await refused('POST', `${path}/withdraw`, { token: city.token }, 409, 'jobs.synonym_over');
  await refused('PUT', path, { token: city.token, body: { words: `${one}/${two}` } }, 409, 'jobs.synonym_over');
  await soon({ q: three }, [], 'it is withdrawn');
  const all = await call('GET', `/v1/jobs/synonyms?all_days=true&word=${encodeURIComponent(three)}`);
  assert.deepEqual(all.items.map((s) => s.withdrawn_on), [now]);
});

test('the index is what the database has, and says how much that is', async () => {
  const r = await check();
  assert.equal(r.status, 200, r.text);
  assert.equal(r.json.differences, 0, r.text);
  assert.equal(r.json.in_database, r.json.in_index);
  const m = await metrics('jobs');
  assert.ok(m.yjy_index_postings > 0 && m.yjy_index_bytes > 0);
  const no = await request('POST', '/internal/index/check', { base: `http://127.0.0.1:${ports.jobs}`,
    token: f.token, quiet: true });
  assert.equal(no.status, 403);
});
