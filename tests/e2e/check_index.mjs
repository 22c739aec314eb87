// check_index.mjs -- asks the jobs program of a running city to compare its index
// with the database; prints what differs, one id a line, and fails then.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const RUN = process.env.YJY_RUN;
const lines = (file) => readFileSync(`${RUN}/${file}`, 'utf8').trim().split('\n');
const port = lines('ports').map((l) => l.split(' ')).find(([name]) => name === 'jobs')[1];
const issuer = lines('env').find((l) => l.startsWith('YJY_ISSUER=')).slice(11);
const b64 = (x) => Buffer.from(JSON.stringify(x)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const text = `${b64({ alg: 'HS256', kid: 'svc', typ: 'svc+jwt' })}.${b64({ iss: issuer, aud: 'internal', iat: now,
  exp: now + 50, jti: randomUUID(), sub: 'operator' })}`;
const key = readFileSync(`${RUN}/secrets/service.key`, 'utf8').replace(/\n$/, '');
const token = `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;

const reply = await fetch(`http://127.0.0.1:${port}/internal/index/check`, { method: 'POST',
  headers: { authorization: `Bearer ${token}` } });
const found = await reply.json();
if (reply.status !== 200) {
  console.error(`${reply.status} ${JSON.stringify(found)}`);
  process.exit(2);
}
for (const id of found.ids) console.log(id);
console.log(`数据库 ${found.in_database} 个岗位，索引 ${found.in_index} 个，不一致 ${found.differences} 个`);
process.exit(found.differences === 0 ? 0 : 1);
