// oauth.mjs -- an OAuth client that is not ours (oauth4webapi), spoken to
// through the door, and a browser that knows forms.
import assert from 'node:assert/strict';
import { randomUUID, webcrypto } from 'node:crypto';
import { call, request, textCode } from '../lib/client.mjs';
import { desk } from '../lib/city.mjs';
import { sql } from './help.mjs';

globalThis.crypto ??= webcrypto;	// Node 18
export const oauth = await import('oauth4webapi');

// The library's requests go the way of all others: they are held against the document.
async function viaClient(url, { method = 'GET', headers = {}, body } = {}) {
  const reply = await request(method, new URL(url).pathname + new URL(url).search,
    { raw: body === undefined || body === null ? undefined : body.toString(), headers: { ...headers } });
  const plain = Object.entries(reply.headers).filter(([k]) => !['transfer-encoding', 'connection', 'set-cookie'].includes(k));
  const r = new Response([204, 303].includes(reply.status) ? null : reply.text, { status: reply.status, headers: plain });
  Object.defineProperty(r, 'url', { value: String(url) });
  return r;
}
export const OPTIONS = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: viaClient };

let server = null;
export async function discover() {
  if (server) return server;
  const { issuer } = await call('GET', '/.well-known/oauth-authorization-server');
  const url = new URL(issuer);
  server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...OPTIONS }));
  return server;
}

export const admin = async () => (await desk('city.system')).token;
export const APP = { client_id: 'app' };
export const APP_URI = 'cn.yongzhou.jiuye365:/oauth/callback';
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
export const headOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
export const revoked = (id) => Number(sql(`SELECT count(*) FROM identity.revocation WHERE id = '${id}'`)[0][0]);

const FORM = 'application/x-www-form-urlencoded';
export const post = (path, fields, headers = {}) => request('POST', path, {
  raw: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  headers: { 'content-type': FORM, ...headers } });
export const token = (fields, headers) => post('/oauth/token', fields, headers);

// A client of the test's own: registered by the administrator.
export async function newClient(over = {}) {
  const client_id = `t-${randomUUID().slice(0, 18)}`;
  const made = await call('POST', '/v1/identity/clients', { token: await admin(), body: {
    client_id, name: '测试客户端', type: 'partner', auth: 'client_secret', ...over } });
  return { client_id, ...made };
}
export async function partner(over = {}) {
  const [[org_id]] = sql('SELECT id FROM identity.org LIMIT 1');
  return newClient({ org_id, ...over });
}

// ---- the browser ----------------------------------------------------------------

export async function verifierAndChallenge() {
  const verifier = oauth.generateRandomCodeVerifier();
  return { verifier, challenge: await oauth.calculatePKCECodeChallenge(verifier) };
}

export async function authorizeQuery(over = {}) {
  const { verifier, challenge } = await verifierAndChallenge();
  const query = { client_id: 'app', redirect_uri: APP_URI, response_type: 'code', state: oauth.generateRandomState(),
    code_challenge: challenge, code_challenge_method: 'S256', ...over };
  for (const k of Object.keys(query)) if (query[k] === undefined) delete query[k];
  return { query, verifier };
}
export const open = (query) => request('GET', `/oauth/authorize?${typeof query === 'string' ? query : new URLSearchParams(query)}`);

const unescape = (s) => s.replace(/&(amp|lt|gt|quot|#39);/g, (_, x) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[x]);

// The form of a page as a browser would send it: its fields with their values.
export function formOf(page) {
  assert.match(page.headers['content-type'], /^text\/html/, page.text);
  const form = /<form method="post" action="([^"]+)"/.exec(page.text);
  assert.ok(form, page.text);
  const fields = {};
  for (const [input] of page.text.matchAll(/<input [^>]+>/g)) {
    const attribute = (name) => unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? '');
    fields[attribute('name')] = attribute('value');
  }
  return { action: form[1], fields };
}
export const submit = (page, over) => {
  const { action, fields } = formOf(page);
  return post(action, { ...fields, do: 'sign_in', ...over });
};
export const said = (page) => unescape(/<p class="say[^>]*>([^<]*)</.exec(page.text)?.[1] ?? '');

// Signs a person in by the page, text code and all; gives the address led to.
export async function throughPage(p, query) {
  const page = await open(query);
  assert.equal(page.status, 200, page.text);
  sql('DELETE FROM identity.text_code');	// the registration's text was a moment ago
  const sent = await submit(page, { phone: p.phone, do: 'send' });
  assert.equal(said(sent), '验证码已发送，5 分钟内有效。', sent.text);
  const message = await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`);
  const back = await submit(sent, { code: /\d{6}/.exec(message.body)[0] });
  assert.equal(back.status, 303, back.text);
  return new URL(back.headers.location);
}
export { textCode };
