// officer_help.mjs -- administrators' deeds that several tests need: an account
// made and enrolled, roles granted with a second person where one is due, and
// one-time codes that are never given twice.
import assert from 'node:assert/strict';
import { call, request, totp } from '../lib/client.mjs';
import { desk, eventually, random } from '../lib/city.mjs';
import { ports, SERVICES, sql } from './help.mjs';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export function base32(text) {
  const bits = [...text].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
}

export const newLogin = () => `t.${random.digits(10)}`;
export const PASSWORD = 'Lake-42-river';

// A code opens one thing: the table is told that the step was not used yet.
export function codeOf(officer) {
  sql(`UPDATE identity.officer SET totp_step = 0 WHERE login = '${officer.login}'`);
  return totp(officer.secret);
}

export const pathOf = (url) => new URL(url).pathname;
export const post = (path, body, over = {}) => request('POST', path, { body, ...over });

export async function create(over = {}, admin = 'city.system') {
  const body = { login: newLogin(), name: '测试人员', area_code: '431129', unit: '江华县人社局', ...over };
  const made = await call('POST', '/v1/identity/officers', { token: (await desk(admin)).token, body, key: null });
  return { ...body, id: made.officer_id, link: pathOf(made.enrolment_url) };
}

export async function enrol(officer, password = PASSWORD) {
  const opened = await post(officer.link, { password });
  assert.equal(opened.status, 201, opened.text);
  const secret = base32(opened.json.secret);
  const done = await post(`${officer.link}/confirm`, { totp: totp(secret) });
  assert.equal(done.status, 201, done.text);
  return { ...officer, password, secret, uri: opened.json.otpauth_uri, codes: done.json.recovery_codes };
}

export const signIn = (o, over = {}) => post('/v1/identity/officer-sessions',
  { login: o.login, password: o.password, totp: over.recovery_code ? undefined : codeOf(o), ...over });

export async function tokenOf(o) {
  const r = await signIn(o);
  assert.equal(r.status, 201, r.text);
  return r.json;
}

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

export const propose = async (officer, role, area_code, over = {}, who) => call('POST', '/v1/identity/grants', {
  token: who ?? (await desk('city.security')).token,
  body: { officer_id: officer.id, role, area_code, why: '岗位安排', ...over } });
export const confirm = async (grant, who) => call('POST', `/v1/identity/grants/${grant.id}/confirm`,
  { token: who ?? (await desk('city.auditor')).token });

// Refused by the gateway and by every service behind it, soon.
export async function deadEverywhere(token) {
  for (const base of [process.env.YJY_URL, ...SERVICES.map((x) => `http://127.0.0.1:${ports[x]}`)])
    await eventually(async () => (await request('GET', '/v1/identity/officers/me', { token, base, quiet: true })).status === 401 ||
      (await request('GET', '/internal/events?after=0', { token, base, quiet: true })).status === 401, `dead at ${base}`, 2000);
}

// An account with this role there, by the city's administrators.
export async function officerOf(role, area_code, over = {}) {
  const o = await enrol(await create({ area_code, ...over }));
  const grant = await propose(o, role, area_code);
  if (grant.state === 'proposed') await confirm(grant);
  return { ...o, grant };
}
