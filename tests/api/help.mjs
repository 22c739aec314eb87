// help.mjs -- what the tests of the interface share: refusals, the business
// day, the servers behind the door, and waiting for an event's effect.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac, createPrivateKey, createPublicKey, createSign, randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { call, request } from '../lib/client.mjs';
import { eventually } from '../lib/city.mjs';
import { query } from '../lib/pg.mjs';

export const RUN = process.env.YJY_RUN;
export const SERVICES = ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring'];
export const NOBODY = '00000000-0000-7000-8000-000000000001';	// a UUID nothing has

const lines = (file) => readFileSync(`${RUN}/${file}`, 'utf8').trim().split('\n');
export const ports = Object.fromEntries(lines('ports').map((l) => l.split(' ')));
export const sockets = lines('sockets')[0];

// ---- refusals -----------------------------------------------------------------

// Asserts a problem with this status and code, naming these fields ("pointer code").
export function isProblem(reply, status, code, ...fields) {
  assert.equal(reply.status, status, reply.text);
  assert.match(reply.headers['content-type'], /^application\/problem\+json/);
  assert.equal(reply.json.code, code, reply.text);
  if (fields.length > 0)
    assert.deepEqual((reply.json.errors ?? []).map((e) => `${e.pointer} ${e.code}`).sort(), fields.sort());
  return reply;
}

export async function refused(method, path, options, status, code, ...fields) {
  return isProblem(await call(method, path, { ...options, refused: true }), status, code, ...fields);
}

// A form with one thing wrong at a time: [change, "pointer code"] each.
export async function eachMistake(method, path, token, good, mistakes) {
  for (const [change, ...fields] of mistakes) {
    const body = { ...good, ...change };
    for (const k of Object.keys(body)) if (body[k] === undefined) delete body[k];
    await refused(method, path, { token, body }, 422, 'request.invalid', ...fields);
  }
}

// An event may not have arrived yet, or arrives that moment: as long as that is the
// answer, asks again.
const NOT_YET = /\.(person|org)_unknown$|^state\.conflict$/;
export function known(make) {
  return eventually(async () => {
    const reply = await make();
    if (NOT_YET.test(reply.json?.code)) return null;
    assert.ok(reply.status < 300, reply.text);
    return reply.json;
  }, 'the person and the organisation are known');
}

// A posting much like another of its employer waits for an officer, who sees no
// fault in this one.
export async function approved(vacancy, token) {
  if (vacancy.state !== 'checking') return vacancy;
  const officer = minter(token)({ roles: [`first_review@${vacancy.county_code}`] });
  return call('POST', `/v1/jobs/vacancies/${vacancy.id}/approve`, { token: officer, body: {} });
}

// ---- the business day -----------------------------------------------------------

export async function today() { return (await call('GET', '/v1/identity/sandbox/clock')).today; }
export function dayPlus(day, n) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
}

// ---- lists ------------------------------------------------------------------------

// What a service has told or is about to tell, in the order of its log.
export const logged = (service, where, what = 'payload') => sql(`SELECT ${what} FROM (
  SELECT 0 AS told, seq AS n, type, key, payload FROM ${service}.event_log UNION ALL
  SELECT 1, ord, type, key, payload FROM ${service}.outbox) e WHERE ${where} ORDER BY told, n`);

// Walks a list page by page and checks what every list promises: no row twice,
// pages as long as asked for, the cursor of one list refused by `other`.
export async function walk(path, token, limit, other) {
  const seen = [];
  const join = path.includes('?') ? '&' : '?';
  let cursor = '';
  for (let page = 0; page < 1000; page++) {
    const r = await call('GET', `${path}${join}limit=${limit}${cursor}`, { token, whole: true });
    seen.push(...r.json.items);
    if (!r.json.next_cursor) {
      assert.equal(r.headers.link, undefined);
      break;
    }
    assert.equal(r.json.items.length, limit);
    cursor = `&cursor=${encodeURIComponent(r.json.next_cursor)}`;
    if (other && page === 0)
      await refused('GET', `${other}${other.includes('?') ? '&' : '?'}${cursor.slice(1)}`, { token },
        422, 'request.invalid', 'cursor field.cursor');
  }
  const ids = seen.map((row) => row.id ?? row.person_id ?? row.org_id ?? row.officer_id ?? row.code);
  assert.equal(new Set(ids).size, ids.length, 'no row twice');
  return seen;
}

// ---- tokens of any role -------------------------------------------------------------

const b64 = (x) => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url');

// Signed with the city's own key, from the head and claims of a real token:
// what identity would mint for this principal.
export function minter(token) {
  const key = createPrivateKey(readFileSync(`${RUN}/secrets/signing.pem`));
  const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const { e, kty, n } = createPublicKey(key).export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');	// RFC 7638
  const head = { alg: 'RS256', typ: 'at+jwt', kid };
  return ({ roles, sub = randomUUID(), person, org, ...more }) => {
    const { person: p, org: o, ...rest } = claims;
    const text = `${b64(head)}.${b64({ ...rest, ...more, sub, roles, jti: randomUUID(),
      ...(person === undefined ? {} : { person }), ...(org === undefined ? {} : { org, org_rights: ['post', 'hire', 'claim', 'account', 'manage'] }) })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
  };
}

// What a service shows another one: HS256 with the key they share.
export function serviceToken(over = {}, head = {}) {
  const key = readFileSync(`${RUN}/secrets/service.key`, 'utf8').replace(/\n$/, '');
  const now = Math.floor(Date.now() / 1000);
  const text = `${b64({ alg: 'HS256', kid: 'svc', typ: 'svc+jwt', ...head })}.${b64({ iss: issuer(), aud: 'internal',
    iat: now, exp: now + 50, jti: randomUUID(), sub: 'tests', ...over })}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}
const issuer = () => lines('env').find((l) => l.startsWith('YJY_ISSUER=')).slice(11);

// ---- behind the door ------------------------------------------------------------------

// Rows of a query, each a list of texts.
export function sql(text, user = 'yjy') {
  return query(`${sockets}/.s.PGSQL.5432`, user, 'yjy', text).filter((row) => row.length > 1 || row[0] !== '');	// of void
}

// A session that stays: statements one after another, to hold a lock.
export class Session {
  constructor() {
    this.child = spawn('psql', ['-h', sockets, '-U', 'yjy', '-d', 'yjy', '-XAtq', '-v', 'ON_ERROR_STOP=1']);
    this.out = '';
    this.child.stdout.on('data', (d) => { this.out += d; });
    this.child.stdin.on('error', () => {});
  }
  async run(text) {
    const mark = randomUUID();
    this.out = '';
    this.child.stdin.write(`${text};\n\\echo ${mark}\n`);
    await eventually(() => this.out.includes(mark), text);
    return this.out.slice(0, this.out.indexOf(mark)).trim();
  }
  end() { this.child.stdin.end(); }
}

// A test that provokes an error line says which, for z_contract.test.mjs.
export function expectErrorLine(pattern) { appendFileSync(`${RUN}/expected-errors`, `${pattern}\n`); }

export function metrics(service) {
  return request('GET', '/metrics', { base: `http://127.0.0.1:${ports[service]}`, quiet: true })
    .then((r) => Object.fromEntries(r.text.split('\n').filter((l) => l && l[0] !== '#')
      .map((l) => [l.slice(0, l.lastIndexOf(' ')), Number(l.slice(l.lastIndexOf(' ') + 1))])));
}

// Redis by hand: a command is an array of bulk strings; replies as they come.
export class Redis {
  constructor() {
    this.socket = net.connect(`${sockets}/redis.sock`);
    this.waiting = [];
    this.messages = [];
    this.rest = Buffer.alloc(0);
    this.socket.on('data', (d) => { this.rest = Buffer.concat([this.rest, d]); this.read(); });
    this.socket.on('error', () => {});
  }
  send(...words) {
    this.socket.write(`*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(String(w))}\r\n${w}\r\n`).join('')}`);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  read() {
    for (let got; (got = parse(this.rest, 0)); this.rest = this.rest.subarray(got.end))
      if (Array.isArray(got.value) && got.value[0] === 'message') this.messages.push(got.value[2]);
      else this.waiting.shift()?.(got.value);
  }
  end() { this.socket.destroy(); }
}

function parse(b, at) {
  const eol = b.indexOf('\r\n', at);
  if (eol === -1) return null;
  const head = b.toString('utf8', at + 1, eol);
  const end = eol + 2;
  switch (String.fromCharCode(b[at])) {
  case '$':
    if (head === '-1') return { value: null, end };
    if (b.length < end + Number(head) + 2) return null;
    return { value: b.toString('utf8', end, end + Number(head)), end: end + Number(head) + 2 };
  case '*': {
    const value = [];
    let next = end;
    for (let i = 0; i < Number(head); i++) {
      const one = parse(b, next);
      if (!one) return null;
      value.push(one.value);
      next = one.end;
    }
    return { value, end: next };
  }
  case ':': return { value: Number(head), end };
  default: return { value: head, end };
  }
}
