// client.mjs -- a plain client of the public interface: what a mobile app's
// backend, a partner or a desk does. No knowledge of the database.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

// The front's authority comes by NODE_EXTRA_CA_CERTS.
const ways = { 'http:': http, 'https:': https };
const agents = Object.fromEntries(Object.entries(ways).map(([k, way]) => [k, new way.Agent({ keepAlive: true, maxSockets: 64 })]));

export const BASE = () => process.env.YJY_URL ?? 'http://127.0.0.1:8365';

let watcher = null;
export function onReply(fn) { watcher = fn; }

// One exchange. Resolves with {status, headers, text, json}; never throws on a status.
export function request(method, path, { token, body, raw, headers = {}, base = BASE(), quiet } = {}) {
  const url = new URL(path, base);
  const h = { ...headers };
  if (token) h.authorization = `Bearer ${token}`;
  const data = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  if (body !== undefined && raw === undefined) h['content-type'] ??= 'application/json';
  if (data !== undefined) h['content-length'] = Buffer.byteLength(data);
  return new Promise((resolve, reject) => {
    const req = ways[url.protocol].request(url, { method, headers: h, agent: agents[url.protocol] }, (res) => {
      const parts = [];
      res.on('data', (d) => parts.push(d));
      res.on('error', reject);
      const over = () => {
        const text = Buffer.concat(parts).toString('utf8');
        let json;
        try { json = JSON.parse(text); } catch { json = undefined; }
        const reply = { status: res.statusCode, headers: res.headers, text, json };
        try {
          if (watcher && !quiet) watcher(method, path, reply);
        } catch (error) { reject(error); return; }
        resolve(reply);
      };
      res.on('end', over);
      // Of a stream that does not end (lib/stream.mjs listens to it) only what comes first.
      if (/^text\/event-stream/.test(res.headers['content-type'])) res.once('data', () => { over(); req.destroy(); });
    });
    req.on('error', reject);
    req.end(data);
  });
}

export class ApiError extends Error {
  constructor(method, path, reply) {
    super(`${method} ${path} -> ${reply.status} ${reply.text.slice(0, 400)}`);
    this.reply = reply;
  }
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const RETRY = new Set([429, 502, 503, 504]);

// A write that may be repeated safely: the same Idempotency-Key until it is
// answered; also across a restart of whatever stands behind the door.
export async function call(method, path, options = {}) {
  const headers = { ...options.headers };
  if (method !== 'GET' && options.key !== null)
    headers['idempotency-key'] = `"${options.key ?? randomUUID()}"`;
  const until = Date.now() + (options.patience_ms ?? 30000);
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    let reply;
    try {
      reply = await request(method, path, { ...options, headers });
    } catch (error) {
      if (error.contract || Date.now() > until) throw error;
      await sleep(pause);
      continue;
    }
    const again = (RETRY.has(reply.status) && reply.json?.code !== 'identity.code_too_soon') ||
      reply.json?.code === 'idempotency.running';
    if (!again || Date.now() > until) {
      if (reply.status >= 400 && !options.refused) throw new ApiError(method, path, reply);
      return options.refused || options.whole ? reply : reply.json ?? reply.text;
    }
    const wait = Number(reply.headers['retry-after'] ?? 0) * 1000;
    await sleep(Math.max(pause, Math.min(wait, 2000)));
  }
}

export async function* pages(path, options = {}) {
  let next = path;
  while (next) {
    const page = await call('GET', next, options);
    yield* page.items;
    if (!page.next_cursor) return;
    const join = path.includes('?') ? '&' : '?';
    next = `${path}${join}cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

export function totp(secret, at = Date.now()) {	// RFC 6238
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac('sha1', secret).update(step).digest();
  const o = mac[19] & 15;
  return String((mac.readUInt32BE(o) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// The sample city's {desks, partner}: login, password and TOTP secret by role and area.
export function desks(file = process.env.YJY_SIGN_IN) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

// Whoever is told "too soon" at the first try was sent a text by a request that
// lost its answer: the text is there.
export async function textCode(phone, purpose) {
  const sent = await call('POST', '/v1/identity/sms-codes', { body: { phone, purpose }, key: null, refused: true });
  if (sent.status >= 400 && sent.json?.code !== 'identity.code_too_soon')
    throw new ApiError('POST', 'sms-codes', sent);
  const message = await call('GET', `/v1/identity/sandbox/message?phone=${phone}`);
  return /\d{6}/.exec(message.body)[0];
}

export async function register(person) {
  const code = await textCode(person.phone);
  const tokens = await call('POST', '/v1/identity/persons', { body: {
    phone: person.phone, code, name: person.name,
    id_number: person.id_number, area_code: person.area_code,
  } });
  return { ...person, id: tokens.subject, token: tokens.access_token, refresh: tokens.refresh_token };
}

export async function actFor(person, org_id) {
  const tokens = await call('POST', '/v1/identity/sessions/act-for',
    { token: person.token, body: { org_id }, key: null });
  return { ...person, org_id, token: tokens.access_token, refresh: tokens.refresh_token };
}

// A TOTP code opens one session; when the step is spent already, the next one is awaited.
export async function signIn(desk) {
  for (let i = 0; i < 4; i++) {
    const reply = await call('POST', '/v1/identity/officer-sessions', {
      body: { login: desk.login, password: desk.password,
        totp: totp(Buffer.from(desk.totp, 'base64url'), Date.now() + (i % 2) * 30000) },
      key: null, refused: true });
    if (reply.status < 400)
      return { ...desk, id: reply.json.subject, token: reply.json.access_token };
    if (reply.json?.code !== 'identity.password_wrong') throw new ApiError('POST', 'officer-sessions', reply);
    // A code opens one session; that of the next half minute is taken as well.
    if (i % 2 === 1) await sleep(30000 - (Date.now() % 30000) + 200);
  }
  throw new Error(`cannot sign in as ${desk.login}`);
}
