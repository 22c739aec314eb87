// training.mjs -- `make bench-training`: ten thousand people want a place in classes
// that hold fewer, all at once; certificates are issued to who got one; anybody
// checks them. Beside it pgbench enrols as many with the same statement, role and
// scope. People and classes are written by SQL, tokens minted here.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from '../lib/client.mjs';
import { eventually, firm } from '../lib/city.mjs';
import { run } from './load.mjs';
import { SHORT, line, note, quantile } from './report.mjs';
import { forPgbench, statement } from './sql.mjs';
import { Stack } from './stack.mjs';

process.env.YJY_LIMIT_LOOKUP = '100000000';
const PEOPLE = SHORT ? 500 : 10000, A_CLASS = 100, PLACES = 90;	// a tenth finds its class full
const CLASSES = PEOPLE / A_CLASS, CLIENTS = 64, CHECKS = SHORT ? 500 : 10000;
const stack = new Stack();
const id = (kind, n) => `00000000-0000-7000-8${kind}00-${n.toString(16).padStart(12, '0')}`;
const PERSON = 1, CLASS = 2, PEER = 3, PEER_CLASS = 4;
const many = (n) => Array.from({ length: n }, (_, i) => i);

async function inParallel(items, fn, width = CLIENTS) {
  let next = 0;
  await Promise.all(many(width).map(async () => {
    for (let i = next++; i < items.length; i = next++) await fn(items[i], i);
  }));
}

const uuid = (kind, n) => `('00000000-0000-7000-8${kind}00-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
function seed(org, today) {
  const people = (kind) => `INSERT INTO training.person (id, name_masked, county_code, area_code)
    SELECT ${uuid(kind, 'n')}, '张*', '431125', '431125100' FROM generate_series(0, ${PEOPLE - 1}) n`;
  const classes = (kind, places) => `INSERT INTO training.class (id, org_id, org_name, title, occupation_code, level, county_code, area_code,
      starts_on, ends_on, hours, capacity, pass_score, state)
    SELECT ${uuid(kind, 'n')}, '${org}', '示例学校', '电工五级班', '6-31-01-03', 5, '431125', '431125100', '${today}', '${today}'::date + 20, 80,
      ${places}, 60, 'open' FROM generate_series(0, ${CLASSES - 1}) n`;
  stack.psql(people(PERSON), people(PEER), classes(CLASS, PLACES), classes(PEER_CLASS, A_CLASS), 'VACUUM ANALYZE', 'CHECKPOINT');
}

// Ours: everybody once, the door and the service with token, limits, audit row, case and event.
async function enrol(mint) {
  const tokens = many(PEOPLE).map((n) => mint({ roles: ['person'], sub: id(PERSON, n), person: id(PERSON, n) }));
  const said = {};
  const began = performance.now();
  await inParallel(tokens, async (token, n) => {
    const r = await request('POST', `/v1/training/classes/${id(CLASS, n % CLASSES)}/enrolments`, { token, quiet: true });
    const key = r.status === 201 ? 'in' : r.json?.code ?? r.status;
    said[key] = (said[key] ?? 0) + 1;
  });
  const s = (performance.now() - began) / 1000;
  note(`training.enrol: ${JSON.stringify(said)} in ${s.toFixed(2)} s, ${CLIENTS} connections`);
  if (said.in !== CLASSES * PLACES || said['training.class_full'] !== PEOPLE - said.in) throw new Error('not as many as there are places');
  return PEOPLE / s;
}

// Places are enough there: pgbench ends a client that is refused.
async function pgbench(clients, today, from) {
  const each = Math.floor(PEOPLE / 2 / clients), n = `(:from::int8 + :client_id::int8 * :each::int8 + :n::int8)`;
  const sql = forPgbench(statement('training', 'enrolment', 'enrolment_open'), ['id', 'caller_person', 'self_paid'])
    .replaceAll(':caller_person::uuid', uuid(PEER, n)).replaceAll(':id::uuid', uuid(PEER_CLASS, `(${n} % ${CLASSES})`))
    .replaceAll(':self_paid::bool', 'false');
  const scope = `'00000000-0000-7000-8${PEER}00-' || lpad(to_hex(${n}), 12, '0') || '||||training.enrolment.open|${today}T04:00:00Z|'`;
  const file = join(stack.run, 'enrol.pgbench');
  writeFileSync(file, ['\\set n :n + 1', 'BEGIN;', `SELECT set_config('app.scope', ${scope}, true);`, sql, 'COMMIT;', ''].join('\n'));
  const { out } = await run('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j1', '-f', file, '-t', String(each), '-D', `from=${from}`,
    '-D', `each=${each}`, '-D', 'n=-1', '-h', stack.sockets, '-U', 'training_app', 'yjy']);
  if (!/failed transactions: 0 /.test(out)) throw new Error(out);
  return Number(/^tps = ([\d.]+)/m.exec(out)[1]);
}

// As if everybody had been examined and had passed.
function pass(org, today) {
  stack.psql(`INSERT INTO training.exam (id, class_id, class_title, org_id, body_id, body_name, kind, starts_at, place, pass_score, occupation_code,
      level, county_code, area_code)
    SELECT c.id, c.id, c.title, c.org_id, c.org_id, c.org_name, 'short', '${today}', '教室', 60, c.occupation_code, c.level, c.county_code, c.area_code
      FROM training.class c WHERE c.org_id = '${org}'`,
  `INSERT INTO training.exam_sitting (exam_id, enrolment_id, round, person_id, name_masked, org_id, body_id, state, score, is_passed, county_code, area_code)
    SELECT e.class_id, e.id, 1, e.person_id, e.name_masked, e.org_id, e.org_id, 'sat', 80, true, e.county_code, e.area_code
      FROM training.enrolment e WHERE e.org_id = '${org}'`,
  `UPDATE training.enrolment SET score = 80, is_passed = true WHERE org_id = '${org}'`, 'VACUUM ANALYZE');
  return stack.psql(`SELECT id FROM training.enrolment WHERE org_id = '${org}' LIMIT ${PEOPLE / 2}`).split('\n');
}

async function certify(token, enrolments) {
  const numbers = [];
  const began = performance.now();
  await inParallel(enrolments, async (e) => {
    const r = await request('POST', `/v1/training/enrolments/${e}/certificate`, { token, quiet: true,
      headers: { 'idempotency-key': `"${randomUUID()}"` } });
    if (r.status !== 201) throw new Error(r.text);
    numbers.push(r.json.number);
  });
  return { numbers, rate: enrolments.length / ((performance.now() - began) / 1000) };
}

async function check(numbers) {
  const took = [];
  await inParallel(many(CHECKS), async (n) => {
    const from = performance.now();
    const r = await request('GET', `/v1/training/certificate-checks/${numbers[n % numbers.length]}`, { quiet: true });
    if (r.json?.state !== 'valid') throw new Error(r.text);
    took.push(performance.now() - from);
  }, 8);
  return took;
}

async function main() {
  note(`training: ${PEOPLE} people, ${CLASSES} classes of ${PLACES} places; pgbench -M prepared sends the enrolment's statement in a transaction`);
  note('  of its own under the same role and scope, the better of 16 and 64 clients; its rate over ours is enrol.ratio_pgbench');
  stack.up();
  const { minter } = await import('../api/help.mjs');
  const s = await firm({ kind: 'institution', area_code: '431125100' });
  await eventually(() => stack.psql(`SELECT 1 FROM training.org WHERE id = '${s.org_id}'`) === '1', 'training knows the institution');
  const today = JSON.parse((await request('GET', '/v1/identity/sandbox/clock')).text).today;
  seed(s.org_id, today);
  const ours = await enrol(minter(s.token));
  stack.psql('CHECKPOINT');
  const peers = [await pgbench(16, today, 0), await pgbench(64, today, PEOPLE / 2)];
  note(`training.enrol: pgbench ${peers.map((p) => p.toFixed(0)).join(' and ')} 1/s`);
  line('training.enrol.per_s', ours, '1/s');
  line('training.enrol.ratio_pgbench', Math.max(...peers) / ours, 'ratio');
  const over = Number(stack.psql(`SELECT count(*) FROM training.class c CROSS JOIN LATERAL
      (SELECT count(*) AS n FROM training.enrolment e WHERE e.class_id = c.id AND e.state = 'enrolled') x
    WHERE c.enrolled > c.capacity OR x.n > c.capacity OR x.n <> c.enrolled`));
  line('training.overfull_classes', over, 'n');
  const made = await certify(s.token, pass(s.org_id, today));
  line('training.certificate.per_s', made.rate, '1/s');
  const took = await check(made.numbers);
  line('training.certificate_check.p50', quantile(took, 0.5), 'ms');
  line('training.certificate_check.p99', quantile(took, 0.99), 'ms');
  if (over !== 0) process.exitCode = 1;
}

let ended = false;
function end(code) {
  if (ended) return;
  ended = true;
  try { stack.down(); } finally { process.exit(code); }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));
main().then(() => end(process.exitCode ?? 0), (e) => { console.error(e.stack); end(1); });
