// files: what people hand in is taken by its bytes, kept sealed, given back
// byte for byte to those who may see it, and to nobody else.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import net from 'node:net';
import test from 'node:test';
import '../lib/contract.mjs';
import { BASE, call, request } from '../lib/client.mjs';
import { eventually } from '../lib/city.mjs';
import { HOME, card, citizen, policy, post } from './claims_help.mjs';
import { fetched, jpeg, pdf, png, upload } from './files_help.mjs';
import { LST, NOW, at } from './grant.mjs';
import { expectErrorLine, isProblem, minter, NOBODY, refused, sql } from './help.mjs';

await at(NOW);
const mint = minter((await citizen()).token);
const clerk = (area = HOME.code) => mint({ roles: [`clerk@${area}`] });
const t = await policy({ mode: 'apply', evidence: [{ code: 'copy', title: '复印件', when: 'always' }] });
const thing = async (p) => `applications/${(await post('applications', p.token, { policy_code: t.code, from_on: '2025-09-01' })).id}`;
const sha = (b) => createHash('sha256').update(b).digest('hex');
const pieces = (id) => Number(sql(`SELECT count(*) FROM subsidies.file_piece WHERE file_id = '${id}'`)[0][0]);
const files = (p) => Number(sql(`SELECT count(*) FROM subsidies.file WHERE person_id = '${p.id}'`)[0][0]);

test('a PDF, a JPEG and a PNG come back as they were, as attachments', async () => {
  const p = await citizen(), a = await thing(p);
  for (const [bytes, name, media, shown] of [[pdf(), '身份证 复印件.pdf', 'pdf', '身份证 复印件.pdf'],
    [jpeg(), 'C:\\photos\\a.JPG', 'jpeg', 'a.JPG'], [png(), 'x";evil.html', 'png', 'x__evil.html.png'],
    [pdf(1), '../../etc/passwd', 'pdf', 'passwd.pdf']]) {
    const f = await upload(a, p.token, 'copy', bytes, name);
    assert.deepEqual([f.media, f.name, f.bytes, f.sha256, f.submitted], [media, shown, bytes.length, sha(bytes), false]);
    for (const token of [p.token, clerk()]) {
      const got = await fetched(`/v1/subsidies/files/${f.id}`, token);
      assert.equal(got.status, 200);
      assert.ok(got.bytes.equals(bytes), media);
      assert.equal(got.headers.get('content-type'), 'application/octet-stream');
      assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
      const disposition = got.headers.get('content-disposition');
      assert.match(disposition, /^attachment; filename="file\.(pdf|jpeg|png)"; filename\*=UTF-8''[-._%A-Za-z0-9]+$/);
      assert.equal(decodeURIComponent(disposition.split("''")[1]), shown);
    }
  }
  await call('GET', `/v1/subsidies/${a}`, { token: p.token });
});

test('nothing of it is readable in the database, and a changed byte is noticed', async () => {
  const p = await citizen(), a = await thing(p), bytes = pdf(600);
  const f = await upload(a, p.token, 'copy', bytes, 'a.pdf');
  assert.equal(pieces(f.id), 3);
  const clear = sql(`SELECT count(*) FROM subsidies.file_piece WHERE file_id = '${f.id}' AND (position('\\x25504446'::bytea in cipher) > 0
    OR position('0123456789abcdef'::bytea in cipher) > 0)`);
  assert.deepEqual(clear, [['0']]);
  assert.match(sql(`SELECT key_sealed FROM subsidies.file WHERE id = '${f.id}'`)[0][0], /^k[^.]+\./);
  sql(`WITH other AS (DELETE FROM subsidies.file_piece WHERE file_id = '${f.id}' AND n = 1 RETURNING cipher)
    INSERT INTO subsidies.file_piece SELECT '${f.id}', 1, set_byte(cipher, 100, get_byte(cipher, 100) # 1) FROM other`);
  expectErrorLine('a file cannot be opened');
  isProblem(await call('GET', `/v1/subsidies/files/${f.id}`, { token: p.token, refused: true }), 500, 'server.internal');
});

test('ten megabytes are taken and given back; more is refused', async () => {
  const p = await citizen(), a = await thing(p);
  const body = pdf(1), room = 10 * 1024 * 1024 - body.length;
  const large = Buffer.concat([body.subarray(0, 9), Buffer.from('%'), randomBytes(room - 2).map((b) => (b === 0x3c || b === 0x23 ? 0x61 : b)),
    Buffer.from('\n'), body.subarray(9)]);
  assert.equal(large.length, 10 * 1024 * 1024);
  const f = await upload(a, p.token, 'copy', large, '大.pdf');
  assert.equal(f.bytes, large.length);
  const got = await fetched(`/v1/subsidies/files/${f.id}`, p.token);
  assert.equal(sha(got.bytes), sha(large));
  isProblem(await upload(a, p.token, 'copy', Buffer.concat([large, Buffer.from('\n')]), '大.pdf', 413), 413, 'file.too_large');
  assert.equal(files(p), 1);
});

test('what is not one of the three is refused, whatever its name says', async () => {
  const p = await citizen(), a = await thing(p);
  const cut = (b) => b.subarray(0, b.length - 30);
  for (const [bytes, code] of [[Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), 'file.kind'], [Buffer.from('#!/bin/sh\n%PDF-1.4\n%%EOF'), 'file.kind'],
    [Buffer.from('<html><script>alert(1)</script></html>'), 'file.kind'], [Buffer.from('PK\x03\x04zip'), 'file.kind'], [Buffer.from(''), 'file.kind'],
    [Buffer.from('%PDF-1.4\n<script>alert(1)</script>\n%%EOF'), 'file.kind'], [Buffer.from('GIF89a....'), 'file.kind'],
    [cut(pdf()), 'file.damaged'], [cut(png()), 'file.damaged'], [cut(jpeg()), 'file.damaged'],
    [Buffer.concat([png(), Buffer.from('PK\x03\x04')]), 'file.damaged'], [Buffer.concat([jpeg(), Buffer.from('<?php')]), 'file.damaged']])
    isProblem(await upload(a, p.token, 'copy', bytes, '证书.pdf', 422), 422, code);
  assert.equal(files(p), 0);
});

test('a body that breaks off leaves nothing', async () => {
  const p = await citizen(), a = await thing(p), bytes = pdf(100);
  const url = new URL(BASE());
  await new Promise((done, fail) => {
    const s = net.connect(Number(url.port), url.hostname, () => {
      s.write(`POST /v1/subsidies/${a}/files?slot=copy&name=a.pdf HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${p.token}\r\n` +
        `idempotency-key: "${randomUUID()}"\r\ncontent-type: application/pdf\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      s.write(bytes.subarray(0, 50000), () => { s.destroy(); done(); });
    });
    s.on('error', fail);
  });
  const f = await upload(a, p.token, 'copy', bytes, 'a.pdf');	// the way is free
  assert.equal(files(p), 1);
  assert.equal(pieces(f.id), 1);
});

test('the same upload sent again is one file', async () => {
  const p = await citizen(), a = await thing(p), bytes = pdf();
  const key = randomUUID();
  const send = () => call('POST', `/v1/subsidies/${a}/files?slot=copy&name=a.pdf`, { token: p.token, raw: bytes, key,
    headers: { 'content-type': 'application/pdf' } });
  assert.equal((await send()).id, (await send()).id);
  assert.equal(files(p), 1);
});

test('whose it is, who may read it, and until when it can be taken back', async () => {
  const p = await citizen(), other = await citizen(), a = await thing(p);
  const f = await upload(a, p.token, 'copy', pdf(), 'a.pdf'), path = `/v1/subsidies/files/${f.id}`;
  await upload(a, other.token, 'copy', pdf(), 'a.pdf', 404);
  await upload(a, clerk(), 'copy', pdf(), 'a.pdf', 403);
  await refused('POST', `/v1/subsidies/${a}/files?name=a.pdf`, { token: p.token, raw: pdf() }, 422, 'request.invalid', 'slot field.missing');
  await refused('POST', `/v1/subsidies/${a}/files?slot=copy`, { token: p.token, raw: pdf() }, 422, 'request.invalid', 'name field.missing');
  for (const token of [other.token, clerk(LST.code)])
    await refused('GET', path, { token }, 404, 'request.not_found');
  await refused('GET', path, {}, 401, 'auth.token_missing');
  await refused('GET', `/v1/subsidies/files/${NOBODY}`, { token: p.token }, 404, 'request.not_found');
  await refused('DELETE', path, { token: other.token }, 404, 'request.not_found');
  await refused('DELETE', path, { token: clerk() }, 403, 'auth.forbidden');
  const gone = await upload(a, p.token, 'copy', pdf(), 'b.pdf');
  assert.deepEqual(await call('DELETE', `/v1/subsidies/files/${gone.id}`, { token: p.token }), { id: gone.id });
  assert.equal(pieces(gone.id), 0);
  await post(`${a}/submit`, p.token, card(p));
  await refused('DELETE', path, { token: p.token }, 409, 'state.wrong');
  // The owner can see that a clerk read it.
  const officer = clerk();
  await call('GET', path, { token: officer });
  await eventually(() => sql(`SELECT 1 FROM subsidies.audit WHERE route = 'apply_file_get' AND object_id = '${f.id}' AND roles LIKE '%clerk%'`).length, 'the trail');
});
