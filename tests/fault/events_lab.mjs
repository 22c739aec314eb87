// events_lab.mjs -- hands on the running stack's event machinery: rows put
// into an outbox as a statement would, Redis by its own client, the log of a
// producer, what a consumer made of it.
import { execFileSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { eventually } from '../lib/city.mjs';
import { query } from '../lib/pg.mjs';

const RUN = process.env.YJY_RUN;
const ROOT = new URL('../..', import.meta.url).pathname;
const file = (name) => readFileSync(`${RUN}/${name}`, 'utf8').trim();
const sockets = () => file('sockets');

export const sql = (text) => query(`${sockets()}/.s.PGSQL.5432`, 'yjy', 'yjy', text).map((row) => row.join('|')).join('\n').trim();
// Statements one after another, each a transaction of its own.
const script = (text) => execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', sockets(), '-U', 'yjy', '-d', 'yjy'],
  { input: text, encoding: 'utf8' });
export const redis = (...args) => execFileSync('redis-cli', ['-s', `${sockets()}/redis.sock`, ...args], { encoding: 'utf8' }).trim();
export const redisPid = () => Number(file('pid/redis'));
// Where nobody buries the dead, a killed process keeps its number: the file goes first.
export async function redisUp() {
  rmSync(`${RUN}/pid/redis`, { force: true });
  execFileSync('bash', [`${ROOT}shared/build/stack.sh`, 'redis-up'], { env: { ...process.env, RUN } });
  await eventually(() => { try { return redis('ping'); } catch { return false; } }, 'Redis answers');
}

// The worker does the work; its parent only waits for it.
export function worker(service) {
  const parent = Number(file(`pid/${service}`));
  return Number(readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').pop());
}

// Trainings completed long ago and without success: rows that count nowhere.
const payload = (over) => ({ enrolment_id: randomUUID(), class_id: randomUUID(), person_id: randomUUID(),
  completed_on: '2020-01-01', passed: false, county_code: '431173', ...over });
const quote = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

// Puts events into training's outbox, each in a transaction of its own.
export function emit(n, over = {}, key = randomUUID()) {
  const made = Array.from({ length: n }, () => payload(over));
  script(`SELECT set_config('app.scope', '||||test|${new Date().toISOString()}|', false) \\g /dev/null\n${made.map((p) =>
    `INSERT INTO training.outbox (type, key, area_code, payload)
     VALUES ('training.enrolment.completed.v1', '${key}', '431173', ${quote(p)});`).join('\n')}`);
  return made.map((p) => p.enrolment_id);
}

export const head = () => Number(sql('SELECT coalesce(max(seq), 0) FROM training.event_log'));
export const position = () => Number(sql("SELECT seq FROM monitoring.event_cursor WHERE source = 'training'"));
export const parked = () => sql("SELECT seq, key, error FROM monitoring.event_parked WHERE source = 'training' ORDER BY seq")
  .split('\n').filter(Boolean).map((l) => l.split('|'));
export const effects = (ids) => Number(sql(`SELECT count(*) FROM monitoring.fact WHERE kind = 'trainee' AND id IN (${ids.map((i) => `'${i}'`)})`));
export const settled = (ms) => eventually(() => sql('SELECT count(*) FROM training.outbox') === '0' && head() === position(),
  'monitoring is where training is', ms);

export const envelope = (seq) => sql(`SELECT jsonb_build_object('id', id, 'source', 'training', 'seq', seq, 'type', type,
  'key', key, 'area_code', area_code, 'occurred_at', to_json(occurred_at), 'recorded_at', to_json(recorded_at),
  'traceparent', NULL, 'payload', payload) FROM training.event_log WHERE seq = ${seq}`);

const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// A call as another service makes it, past the gateway.
export async function inner(method, service, path) {
  const env = Object.fromEntries(file('env').split('\n').map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  const now = Math.floor(Date.now() / 1000);
  const signed = `${b64({ typ: 'svc+jwt', alg: 'HS256', kid: 'svc' })}.${b64({ iss: env.YJY_ISSUER, aud: 'internal',
    sub: 'yjyctl', iat: now, exp: now + 60, jti: randomUUID() })}`;
  const token = `${signed}.${createHmac('sha256', file('secrets/service.key')).update(signed).digest('base64url')}`;
  const reply = await fetch(`http://${env[`YJY_${service.toUpperCase()}`]}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  return { status: reply.status, json: await reply.json() };
}
