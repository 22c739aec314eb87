// xlsx.mjs -- a workbook as the interface sends it: its sheets and all its texts.
import http from 'node:http';
import { inflateRawSync } from 'node:zlib';
import { BASE } from './client.mjs';

// The members of a zip file, by name, from its central directory.
function members(zip) {
  const found = {};
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [method, size, name, extra, note] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42), from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + size);
    found[zip.toString('utf8', at + 46, at + 46 + name)] = (method === 8 ? inflateRawSync(data) : data).toString('utf8');
    at += 46 + name + extra + note;
  }
  return found;
}

// { sheet: names in order, text: every text and number of the sheets in one string }
export function workbook(path, token) {
  return new Promise((resolve, reject) => {
    http.get(new URL(path, BASE()), { headers: token ? { authorization: `Bearer ${token}` } : {} }, (res) => {
      const parts = [];
      res.on('data', (d) => parts.push(d));
      res.on('error', reject);
      res.on('end', () => {
        if (res.statusCode !== 200) { reject(new Error(`${path}: ${res.statusCode}`)); return; }
        const all = members(Buffer.concat(parts));
        resolve({ sheet: [...all['xl/workbook.xml'].matchAll(/<sheet name="([^"]*)"/g)].map((m) => m[1]),
          text: Object.entries(all).filter(([n]) => /sharedStrings|worksheets\/sheet/.test(n)).map(([, t]) => t).join('\n') });
      });
    }).on('error', reject);
  });
}
