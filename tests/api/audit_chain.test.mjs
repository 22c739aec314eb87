// audit_chain: whoever alters, removes or adds a row of the trail is found out,
// even as the database's owner; and old rows leave only through the archive.
// The chain is computed here once more, by another program.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { call } from '../lib/client.mjs';
import { eventually, firm } from '../lib/city.mjs';
import { ctl } from '../lib/ctl.mjs';
import { JH } from './grant.mjs';
import { known, NOBODY, RUN, Session, sql } from './help.mjs';

const verify = (schema) => ctl('audit-verify', schema);
const sm3 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sm3')).digest();
const sealed = (schema) => eventually(() => sql(`SELECT (SELECT count(*) FROM ${schema}.audit) =
  (SELECT coalesce(sum(count), 0) FROM ${schema}.audit_seal)`)[0][0] === 't', 'every row is sealed');

// ---- a trail of our own, sealed by this file ------------------------------------------

const LAB = 'audit_lab';
sql(`DROP SCHEMA IF EXISTS ${LAB} CASCADE; CREATE SCHEMA ${LAB}; CALL platform.make_service('${LAB}')`);
const put = (n, days) => sql(`SET app.scope = '|||||2025-01-01T00:00:00Z|';
  INSERT INTO ${LAB}.audit (at, assisted, action, route, county_code, status, request_id, trace_id, people)
  SELECT now() - interval '${days} days', false, 'lab.do', 'lab_' || i, '431129', 200, '${NOBODY}', 'it''s "odd", (really)', NULL
    FROM generate_series(1, ${n}) AS i`);
const TEXT = `ROW(ord, xid, (extract(epoch FROM at) * 1000000)::int8, (extract(epoch FROM business_at) * 1000000)::int8, actor, roles,
  assisted, person_id, org_id, account, action, route, object_id, people, county_code, area_code, status, error, reason,
  request_id, trace_id, client, outlet)::text`;

function seal(days) {
  const [[n, from, prev]] = sql(`SELECT coalesce(max(n), 0), coalesce(max(to_xid), 0),
    coalesce((SELECT encode(hash, 'hex') FROM ${LAB}.audit_seal ORDER BY n DESC LIMIT 1), repeat('00', 32)) FROM ${LAB}.audit_seal`);
  const [[to]] = sql('SELECT pg_snapshot_xmax(pg_current_snapshot())');
  const rows = sql(`SELECT ord, encode(convert_to(${TEXT}, 'UTF8'), 'hex') FROM ${LAB}.audit WHERE xid >= ${from} AND xid < ${to} ORDER BY xid, ord`);
  const list = Buffer.concat(rows.map(([ord, text]) => {
    const b = Buffer.alloc(8);
    b.writeBigInt64BE(BigInt(ord));
    return Buffer.concat([b, sm3(Buffer.from(text, 'hex'))]);
  }));
  const us = BigInt(Math.floor(Date.now() / 1000) - days * 86400) * 1000000n;
  const hash = sm3(Buffer.from(prev, 'hex'), `${Number(n) + 1}|${from}|${to}|${rows.length}|${us}|\n`, list);
  sql(`INSERT INTO ${LAB}.audit_seal VALUES (${Number(n) + 1}, ${from}, ${to}, ${rows.length}, '\\x${list.toString('hex')}', '',
    to_timestamp(${us / 1000000n}), '\\x${hash.toString('hex')}')`);
}
for (const [n, days] of [[3, 900], [5, 800], [4, 200], [2, 1]]) { put(n, days); seal(days); }

test('a sound chain is sound, also where another program made it', async () => {
  const lab = verify(LAB);
  assert.equal(lab.code, 0, lab.out);
  assert.match(lab.out, /4 seals, 14 rows here, 0 archived, not altered/);
  const f = await firm({ area_code: JH.town });
  await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: { title: '审计链', occupation_code: '6-24-01-00',
    area_code: JH.town, headcount: 1, pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig' } }));
  await sealed('jobs');
  const all = ctl('audit-verify');
  assert.equal(all.code, 0, all.out);
  for (const s of ['identity', 'jobs', 'training', 'subsidies']) assert.match(all.out, new RegExp(`^${s}: [1-9]\\d* seals`, 'm'));
  assert.equal(ctl('audit-verify', 'nowhere').code, 1);
});

// Each is done as the owner, found and named, and taken back again.
const TAMPERING = [
  ['an altered row', "UPDATE @.audit SET status = 201 WHERE ord = 5", "UPDATE @.audit SET status = 200 WHERE ord = 5", /row 5 was altered \(seal 2\)/],
  ['another actor', `UPDATE @.audit SET actor = '${NOBODY}' WHERE ord = 1`, 'UPDATE @.audit SET actor = NULL WHERE ord = 1', /row 1 was altered \(seal 1\)/],
  ['a missing row', 'CREATE TABLE @.kept AS SELECT * FROM @.audit WHERE ord = 6; DELETE FROM @.audit WHERE ord = 6',
    'INSERT INTO @.audit OVERRIDING SYSTEM VALUE SELECT * FROM @.kept; DROP TABLE @.kept', /row 6 is missing \(seal 2\)/],
  ['the last row of a seal missing', 'CREATE TABLE @.kept AS SELECT * FROM @.audit WHERE ord = 8; DELETE FROM @.audit WHERE ord = 8',
    'INSERT INTO @.audit OVERRIDING SYSTEM VALUE SELECT * FROM @.kept; DROP TABLE @.kept', /row 8 is missing \(seal 2\)/],
  ['an added row', `INSERT INTO @.audit OVERRIDING SYSTEM VALUE SELECT 100, xid, at, business_at, actor, roles, assisted, person_id, org_id,
    account, action, route, object_id, people, county_code, area_code, status, error, reason, request_id, trace_id, client, outlet
    FROM @.audit WHERE ord = 2`, 'DELETE FROM @.audit WHERE ord = 100', /row 100 was added \(seal 1\)/],
  ['a row with the wrong transaction', 'UPDATE @.audit SET xid = 1 WHERE ord = 14', 'UPDATE @.audit SET xid = (SELECT xid FROM @.audit WHERE ord = 13) WHERE ord = 14',
    /row 14 was added \(seal 1\)/],
  ['a seal with another list', "UPDATE @.audit_seal SET rows = rows || rows, count = 2 * count WHERE n = 2",
    'UPDATE @.audit_seal SET count = count / 2, rows = substr(rows, 1, 40 * count::int / 2) WHERE n = 2', /seal 2 was altered/],
  ['a seal with another time', "UPDATE @.audit_seal SET sealed_at = sealed_at + interval '1 second' WHERE n = 3",
    "UPDATE @.audit_seal SET sealed_at = sealed_at - interval '1 second' WHERE n = 3", /seal 3 was altered/],
  ['a missing seal', 'CREATE TABLE @.kept AS SELECT * FROM @.audit_seal WHERE n = 2; DELETE FROM @.audit_seal WHERE n = 2',
    'INSERT INTO @.audit_seal SELECT * FROM @.kept; DROP TABLE @.kept', /seal 2 is missing/],
  ['rows said to be archived', "UPDATE @.audit_seal SET note = 'archive 1-3 x y' WHERE n = 4", "UPDATE @.audit_seal SET note = '' WHERE n = 4", /row 1 was added/],
];
for (const [what, spoil, mend, found] of TAMPERING)
  test(`found: ${what}`, () => {
    sql(spoil.replaceAll('@', LAB));
    const bad = verify(LAB);
    sql(mend.replaceAll('@', LAB));
    assert.equal(bad.code, 1, bad.out);
    assert.match(bad.out, found);
    const good = verify(LAB);
    assert.equal(good.code, 0, `taken back: ${good.out}`);
  });

test('a transaction that commits late joins a later seal, in front of none', async () => {
  const s = new Session(), other = new Session();
  await s.run("SET app.scope = '|||||2025-01-01T00:00:00Z|'; BEGIN; INSERT INTO jobs.audit (assisted, action, route, county_code, status, request_id, trace_id) " +
    `VALUES (false, 'lab.late', 'late', '431129', 200, '${NOBODY}', 'late')`);
  await other.run("SET app.scope = '|||||2025-01-01T00:00:00Z|'; INSERT INTO jobs.audit (assisted, action, route, county_code, status, request_id, trace_id) " +
    `VALUES (false, 'lab.soon', 'soon', '431129', 200, '${NOBODY}', 'soon')`);
  await new Promise((r) => setTimeout(r, 2500));
  assert.equal(verify('jobs').code, 0);
  await s.run('COMMIT');
  s.end(); other.end();
  await sealed('jobs');
  const r = verify('jobs');
  assert.equal(r.code, 0, r.out);
});

test('old rows leave through the archive only, and the chain goes on', () => {
  const dir = mkdtempSync(join(tmpdir(), 'audit-'));
  const young = ctl('audit-archive', dir, LAB, { YJY_AUDIT_KEEP_DAYS: '30' });
  assert.equal(young.code, 1, 'under half a year is refused');
  assert.match(young.out, /YJY_AUDIT_KEEP_DAYS/);
  assert.equal(sql(`SELECT count(*) FROM ${LAB}.audit`)[0][0], '14');
  assert.equal(ctl('audit-archive', '/nonexistent', LAB).code, 1, 'without its file nothing leaves');
  assert.equal(sql(`SELECT count(*) FROM ${LAB}.audit`)[0][0], '14');
  const done = ctl('audit-archive', dir, LAB);
  assert.equal(done.code, 0, done.out);
  const [file] = readdirSync(dir);
  assert.equal(file, `${LAB}-audit-1-2.jsonl`);
  const text = readFileSync(join(dir, file));
  const rows = text.toString().trim().split('\n').map((l) => JSON.parse(l));
  assert.deepEqual(rows.map((r) => r.ord), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(rows[0].row.trace_id, 'it\'s "odd", (really)');
  assert.deepEqual(sql(`SELECT min(ord), count(*) FROM ${LAB}.audit`), [['9', '6']]);
  const [[note]] = sql(`SELECT note FROM ${LAB}.audit_seal WHERE n = 5`);
  assert.equal(note, `archive 1-2 ${sm3(text).toString('hex')} ${file}`);
  // Every line of the file is what its seal says.
  const list = Buffer.from(sql(`SELECT string_agg(encode(rows, 'hex'), '' ORDER BY n) FROM ${LAB}.audit_seal WHERE n <= 2`)[0][0], 'hex');
  rows.forEach((r, i) => assert.ok(list.subarray(i * 40 + 8, i * 40 + 40).equals(sm3(r.text)), `line ${i + 1}`));
  const after = verify(LAB);
  assert.equal(after.code, 0, after.out);
  assert.match(after.out, /5 seals, 6 rows here, 8 archived/);
  assert.equal(ctl('audit-archive', dir, LAB).code, 0, 'nothing more is old');
  assert.equal(readdirSync(dir).length, 1);
  assert.equal(ctl('audit-archive', dir, LAB, { YJY_AUDIT_KEEP_DAYS: '183' }).code, 0);
  assert.match(verify(LAB).out, /6 seals, 2 rows here, 12 archived/);
  sql(`UPDATE ${LAB}.audit_seal SET note = replace(note, '1-2', '1-3') WHERE n = 5`);
  assert.equal(verify(LAB).code, 1, 'a note that was altered');
  sql(`UPDATE ${LAB}.audit_seal SET note = replace(note, '1-3', '1-2') WHERE n = 5`);
  assert.equal(verify(LAB).code, 0);
});

test.after(() => sql(`DROP OWNED BY ${LAB}_app, ${LAB}_system; DROP SCHEMA ${LAB} CASCADE; DROP ROLE ${LAB}_app, ${LAB}_system`));
