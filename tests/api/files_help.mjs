// files_help.mjs -- small real files, and a way to hand in and fetch bytes.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { BASE, call, request } from '../lib/client.mjs';

// One page with a line of text, and as much ballast as asked for.
export function pdf(kib = 2) {
  const parts = ['%PDF-1.4\n'], at = [];
  const add = (text) => { at.push(Buffer.byteLength(parts.join(''), 'latin1')); parts.push(`${at.length} 0 obj\n${text}\nendobj\n`); };
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
  add('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>');
  const text = `BT /F1 12 Tf 20 100 Td (${'0123456789abcdef'.repeat(kib * 64)}) Tj ET`;
  add(`<< /Length ${text.length} >>\nstream\n${text}\nendstream`);
  const start = Buffer.byteLength(parts.join(''), 'latin1');
  parts.push(`xref\n0 ${at.length + 1}\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}` +
    `trailer\n<< /Size ${at.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return Buffer.from(parts.join(''), 'latin1');
}

function chunk(type, data) {
  const head = Buffer.alloc(4), body = Buffer.concat([Buffer.from(type), data]), tail = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc(body));
  return Buffer.concat([head, body, tail]);
}
function crc(b) {
  if (crc32) return crc32(b);
  let c = ~0;
  for (const x of b) { c ^= x; for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1)); }
  return ~c >>> 0;
}

// Grey noise, so that it stays as large as it is drawn.
export function png(side = 48) {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(side, 0); ihdr.writeUInt32BE(side, 4); ihdr[8] = 8;
  const rows = Buffer.concat(Array.from({ length: side }, () => Buffer.concat([Buffer.from([0]), randomBytes(side)])));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', ihdr), chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0))]);
}

// A baseline JPEG of one grey block, a comment of some size before it.
export function jpeg(comment = 2000) {
  const seg = (marker, data) => { const b = Buffer.alloc(4); b[0] = 0xff; b[1] = marker; b.writeUInt16BE(data.length + 2, 2); return Buffer.concat([b, data]); };
  const q = Buffer.alloc(65, 1); q[0] = 0;
  const dc = Buffer.concat([Buffer.from([0x00, 0, 1, ...Array(14).fill(0)]), Buffer.from([0])]);
  const ac = Buffer.concat([Buffer.from([0x10, 0, 1, ...Array(14).fill(0)]), Buffer.from([0])]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), seg(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    seg(0xfe, Buffer.alloc(comment, 'a')), seg(0xdb, q), seg(0xc0, Buffer.from([8, 0, 8, 0, 8, 1, 1, 0x11, 0])),
    seg(0xc4, dc), seg(0xc4, ac), seg(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.from([0x3f, 0xff, 0xd9])]);
}

// Hands in a file; with a status it is expected to be refused.
export const upload = (thing, ...how) => handIn(`/v1/subsidies/${thing}`, ...how);
export async function handIn(thing, token, slot, bytes, name, status) {
  const reply = await request('POST', `${thing}/files?slot=${slot}&name=${encodeURIComponent(name)}`, { token, raw: bytes,
    headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` } });
  assert.equal(reply.status, status ?? 201, reply.text);
  return status ? reply : reply.json;
}

export async function fetched(path, token) {
  const r = await fetch(new URL(path, BASE()), { headers: { authorization: `Bearer ${token}` } });
  return { status: r.status, headers: r.headers, bytes: Buffer.from(await r.arrayBuffer()) };
}
export { call };
