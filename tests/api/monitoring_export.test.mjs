// monitoring: a list as a file: all its pages, as CSV or .xlsx, showing what the
// list shows that caller, and written down.
import assert from 'node:assert/strict';
import test from 'node:test';
import { inflateRawSync } from 'node:zlib';
import http from 'node:http';
import { item, operationList } from '../lib/contract.mjs';
import { BASE, call, request } from '../lib/client.mjs';
import { GIVEN, isBare } from '../lib/words.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, known, minter, refused, sql, today, walk } from './help.mjs';

const now = await today();
const [jh, lst, city, stats] = (await Promise.all(['jh.first', 'lst.first', 'city.audit', 'city.stats'].map((d) => desk(d))))
  .map((d) => d.token);
const PATH = `/v1/monitoring/indicators/urban_new_employment/rows?from_on=${dayPlus(now, -900)}&to_on=${now}`;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const employer = await firm();
for (const p of await Promise.all([person(), person()]))
  await known(() => call('POST', '/v1/jobs/employments', { token: employer.token, refused: true,
    body: { person_id: p.id, occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
await eventually(async () => (await walk(PATH, jh, 100)).filter((r) => r.org_id === employer.org_id).length === 2, 'two rows');

// More rows than a page has, of a county that nobody else counts.
const MANY = '431124';
sql(`INSERT INTO monitoring.tally (measure, fact_id, leg, on_day, value, tags, county_code, born)
  SELECT 1, platform.uuid7(), 0, '${now}'::date - 500, 1, '{}', '${MANY}', 0 FROM generate_series(1, 450)`);
test.after(() => sql(`DELETE FROM monitoring.tally WHERE county_code = '${MANY}' AND born = 0`));
const ALL = `${PATH.split('?')[0]}?from_on=${dayPlus(now, -500)}&to_on=${dayPlus(now, -500)}&county_code=${MANY}`;

// RFC 4180, as far as we write it.
function rows(text) {
  assert.equal(text[0], '\uFEFF');
  return text.slice(1).trimEnd().split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
    .map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));
}
// A request whose reply is not text.
function bytes(path, headers) {
  return new Promise((resolve, reject) => {
    http.get(new URL(path, BASE()), { headers }, (res) => {
      const parts = [];
      res.on('data', (d) => parts.push(d));
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}
function member(zip, name) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  for (let at = zip.readUInt32LE(end + 16), n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [packed, len, extra, note, local] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    if (zip.toString('utf8', at + 46, at + 46 + len) === name) {
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      return inflateRawSync(zip.subarray(from, from + packed)).toString('utf8');
    }
    at += 46 + len + extra + note;
  }
  throw new Error(`no ${name}`);
}
const trail = (route, like) => eventually(() => sql(`SELECT reason, status, county_code, roles, actor FROM monitoring.audit
  WHERE route = '${route}' AND reason LIKE '${like}' ORDER BY at DESC LIMIT 1`)[0], `a row of the trail: ${like}`);

test('the file is the list: the same rows in the same order, all pages of them', async () => {
  const list = await walk(ALL, city, 200);
  assert.equal(list.length, 450);
  const csv = await call('GET', `${ALL}&format=csv&purpose=${encodeURIComponent('一季度通报')}`, { token: city, whole: true });
  assert.match(csv.headers['content-type'], /^text\/csv/);
  assert.match(csv.headers['content-disposition'], new RegExp(`^attachment; filename="board_rows-${now}\\.csv"$`));
  const [head, ...body] = rows(csv.text);
  assert.deepEqual(head, ['记录类别', '计数项', '日期', '计入的数', '县级单位', '县级单位（名称）', '乡镇或村', '乡镇或村（名称）',
    '单位名称', '金额（元）', '自哪一数据版次起计入', '业务记录（标识）']);
  assert.deepEqual(body.map((r) => r[11]), list.map((r) => r.id));
  assert.ok(body.every((r) => r[0] === '就业登记' && r[2] === dayPlus(now, -500) && r[4] === MANY && r[5] === '道县'));
  const said = await trail('board_rows', 'export csv, 450 rows: 一季度通报');
  assert.equal(said[1], '200');
});

test('a county’s officer has the county’s rows in it, whoever asks in English gets English', async () => {
  const mine = rows(await call('GET', `${PATH}&format=csv`, { token: jh, headers: { 'accept-language': 'en' } }));
  assert.deepEqual(mine[0], ['kind', 'measure_name', 'on', 'value', 'county_code', 'county_code_name', 'area_code', 'area_code_name',
    'org_name', 'amount (CNY)', 'since_revision', 'id']);
  assert.deepEqual(mine.slice(1).map((r) => r[11]), (await walk(PATH, jh, 100)).map((r) => r.id));
  assert.ok(mine.slice(1).every((r) => r[0] === 'employment' && r[4] === '431129'));
  assert.equal(mine.filter((r) => r[8] === employer.org.name).length, 2);
  await refused('GET', `${PATH}&county_code=431129&format=csv`, { token: lst }, 403, 'auth.area');
});

test('money is in yuan', async () => {
  const id = '00000000-0000-7000-8000-0000000000aa';
  sql(`INSERT INTO monitoring.tally (measure, fact_id, leg, on_day, value, tags, county_code, born)
    VALUES (21, '${id}', 0, '${now}'::date - 500, 150005, '{}', '${MANY}', 0)`);
  const paid = rows(await call('GET', `${ALL.replace('urban_new_employment', 'subsidies_paid')}&format=csv`, { token: city }));
  assert.deepEqual(paid.slice(1).map((r) => [r[11], r[9]]), [[id, '1500.05']]);
});

test('the workbook opens, with days as days', async () => {
  const book = await bytes(`${ALL}&format=xlsx`, { authorization: `Bearer ${city}` });
  assert.equal(book.status, 200);
  assert.equal(book.headers['content-type'], XLSX);
  assert.match(book.headers['content-disposition'], /\.xlsx"$/);
  const sheet = member(book.body, 'xl/worksheets/sheet1.xml');
  assert.equal(sheet.match(/<row /g).length, 451);
  const serial = Date.parse(`${dayPlus(now, -500)}T00:00:00Z`) / 86400000 + 25569;
  assert.match(sheet, new RegExp(`<c r="C2" s="\\d+"><v>${serial}</v>`));
  assert.match(sheet, /<t>道县<\/t>/);
  assert.match(member(book.body, 'xl/workbook.xml'), /name="指标明细"/);
  await trail('board_rows', 'export xlsx, 450 rows: ');
  const asked = await bytes(ALL, { authorization: `Bearer ${city}`, accept: XLSX });
  assert.equal(asked.headers['content-type'], XLSX);
});

test('every table that officers see is a file too, of every service, and says no word that only programs know', async () => {
  const mint = minter((await person()).token);
  const tables = operationList().filter((o) => o.method === 'GET' && o.params === 0 &&
    o.op.parameters.some((p) => p.name === 'format' && p.schema.enum?.includes('xlsx')));
  const bare = new Set();
  const one = async (operation) => {
    const { path, op } = operation;
    const given = Object.entries(item(operation)).filter(([name]) => GIVEN.includes(name)).map(([, m]) => m.description);
    const token = mint({ roles: [`${op['x-callers'].find((r) => !['stats', 'anyone'].includes(r))}@431100`] });
    if ((await request('GET', `${path}?limit=1`, { token, quiet: true })).status !== 200) return 0;
    const file = await request('GET', `${path}?format=csv&purpose=test`, { token, quiet: true });
    assert.equal(file.status, 200, `${path}: ${file.text}`);
    assert.match(file.headers['content-type'], /^text\/csv/, path);
    const [head, ...body] = rows(file.text);
    for (const row of body)
      row.forEach((cell, i) => !given.some((d) => d.startsWith(head[i])) && cell.split('、').some(isBare) && bare.add(`${path}: ${head[i]} has ${cell}`));
    for (const h of head) assert.match(h, /[\u4e00-\u9fff]/, `${path}: ${h}`);
    return 1;
  };
  let n = 0;
  for (let i = 0; i < tables.length; i += 8) n += (await Promise.all(tables.slice(i, i + 8).map(one))).reduce((a, b) => a + b);
  assert.ok(n > 40, `${n} of ${tables.length}`);
  assert.deepEqual([...bare], []);
  // people in it: a purpose, and each of them in the trail
  await refused('GET', '/v1/jobs/employments?format=csv', { token: jh }, 422, 'request.invalid', 'purpose field.missing');
  const list = rows(await call('GET', '/v1/jobs/employments?format=csv&purpose=check-of-rows', { token: jh }));
  const column = list[0].indexOf('人员（标识）');
  const people = new Set(list.slice(1).map((r) => r[column]));
  await eventually(() => sql(`SELECT count(DISTINCT p) FROM jobs.audit, unnest(people) p
    WHERE route = 'employment_list' AND reason = 'export csv: check-of-rows'`)[0][0] === String(people.size), 'all are named');
});

test('what cannot be had as a file is refused before a byte of it', async () => {
  const no = (query, token, status, code, ...fields) => refused('GET', `${PATH}${query}`, { token }, status, code, ...fields);
  await no('&format=pdf', jh, 422, 'request.invalid', 'format field.choice');
  await no('&format=csv&format=csv', jh, 422, 'request.invalid', 'format field.duplicate');
  await no('&purpose=abc', jh, 422, 'request.invalid', 'format field.missing');
  await no('&format=csv&limit=5', jh, 422, 'request.invalid', 'limit field.unknown');
  await no('&format=csv&purpose=x', jh, 422, 'request.invalid', 'purpose field.too_short');
  await no('&format=csv', stats, 403, 'auth.forbidden');
  await no('&format=csv', undefined, 401, 'auth.token_missing');
  await refused('GET', '/v1/monitoring/indicators/no_such/rows?format=csv', { token: jh }, 400, 'monitoring.indicator_unknown');
  await refused('GET', '/v1/monitoring/board?format=csv', { token: jh }, 422, 'request.invalid', 'format field.unknown');
});

test('one caller has so many files in a minute', async () => {
  const token = minter((await person()).token)({ roles: ['audit@431129'] });
  const replies = [];
  for (let i = 0; i < 40 && replies.at(-1)?.status !== 429; i++)
    replies.push(await request('GET', `${PATH}&format=csv`, { token }));
  assert.equal(replies.at(-1).status, 429);
  assert.equal(replies.at(-1).json.code, 'limit.rate');
  assert.ok(replies.length > 20);
  assert.equal((await request('GET', PATH, { token })).status, 200, 'the list itself is still there');
});
