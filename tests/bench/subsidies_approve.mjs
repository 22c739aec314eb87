// subsidies_approve.mjs -- approvals that all want the same share of one budget
// line: 64 clients at the door, beside pgbench with the same statements, roles
// and scope. After every run the books are added up: by columns, by entries and
// by claims.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { desk } from '../lib/city.mjs';
import { run, wrk } from './load.mjs';
import { SECONDS, SHORT, interleave, line, middle, note } from './report.mjs';
import { statement } from './sql.mjs';
import { Stack } from './stack.mjs';

const CLIENTS = 64;
const EACH = 2560 * SECONDS;		// claims of a run: more than it can approve
const RUNS = SHORT ? 4 : 16;		// one to warm up, and three contenders a round
const AT = '2025-10-20T04:00:00Z', COUNTY = '431129';
const stack = new Stack();
let next = 0, error = 0;

const id = (n) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))`;

// Claims rechecked and waiting for approval, all on the share of one county.
function seed() {
  const hands = ['confirm', 'first_review', 'recheck'].map((h, i) =>
    `INSERT INTO subsidies.claim_hand (claim_id, actor, hand) SELECT id, '00000000-0000-7000-9000-00000000000${i}', '${h}'
       FROM subsidies.claim WHERE policy_code = 'BENCH'`);
  const to = (state) => `UPDATE subsidies.claim SET state = '${state}' WHERE policy_code = 'BENCH'`;
  stack.psql(`SELECT platform.act_as(areas => '${COUNTY}', at => '${AT}')`,
    `SELECT subsidies.policy_publish(document || '{"code": "BENCH", "version": 1, "holds": [], "effective_from": "1990-01-01",
       "effective_to": "1990-01-02"}', NULL) FROM subsidies.policy_version WHERE code = 'KGBZ' ORDER BY version LIMIT 1`,
    `INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES ('KGBZ', 'BENCH')`,
    `SELECT subsidies.ledger_allot('KGBZ', '${COUNTY}', 2025, ${EACH * RUNS * 150000}, NULL, 'bench')`,
    `INSERT INTO subsidies.claim (id, policy_code, policy_version_id, benefit_family, subject_kind, subject_id, org_id, org_name,
       payee_kind, payee_id, amount_cents, state, county_code, account_sealed, allotment_id, line_code)
     SELECT ${id('n')}::uuid, v.code, v.id, v.benefit_family, 'employment', gen_random_uuid(), o.id, o.name, 'org', o.id, 150000, 'notified',
       '${COUNTY}', 'sealed', a.id, a.line_code
       FROM generate_series(1, ${EACH * RUNS}) n, subsidies.policy_version v, (SELECT id, name FROM subsidies.org LIMIT 1) o, subsidies.allotment a
      WHERE v.code = 'BENCH' AND a.line_code = 'KGBZ' AND a.county_code = '${COUNTY}' AND a.year = 2025`,
    `UPDATE subsidies.claim SET state = 'confirmed', funds = 'reserved' WHERE policy_code = 'BENCH'`,
    ...hands, to('first_reviewed'), to('rechecked'));
  stack.psql('VACUUM ANALYZE', 'CHECKPOINT');
}

// What pgbench sends is what the service sends: the key looked up, the claims
// moved, the reply stored with the audit row, and the end.
function script(actor) {
  const fill = ({ text, args }, values) => args.reduce((t, a, i) => [new RegExp(`\\$${a.name}\\b`, 'g'), new RegExp(`\\$${i + 1}\\b`, 'g')]
    .reduce((u, re) => u.replace(re, () => values[a.name] ?? `NULL::${a.type}`), t), text).replaceAll('@schema@', 'subsidies');
  const mine = ':base::int8 + :client_id::int8 * :per::int8 + :n::int8', who = `'${actor}'::uuid`;
  const key = { client: `'bench'::text`, route: `'claims_approve'::text`, key: `(${mine})::text`, fingerprint: `'\\x00'::bytea` };
  const move = { ids: `('{' || ${id(mine)} || '}')`, from_states: `'{rechecked}'::text[]`, to_state: `'approved'::text`, step: `'approve'::text`,
    hand: `'approve'::text`, funds: `'committed'::text`, city: 'false' };
  const keep = { keyed_by: key.client, keyed_route: key.route, key: key.key, fingerprint: key.fingerprint, kept_status: '200',
    response: `'{"moved":1,"state":"approved"}'`, actor: who, roles: `'approve@${COUNTY}'`, assisted: 'false', people: `'{}'::text[]`,
    request: 'gen_random_uuid()', trace: `''`, action: `'subsidies.claim.approve'`, route: `'claims_approve'`, county: `'${COUNTY}'`, status: '200' };
  const file = join(stack.run, 'approve.pgbench');
  writeFileSync(file, ['\\set n :n + 1', 'BEGIN;', `SELECT set_config('app.scope', '||${actor}|,${COUNTY},|subsidies.claim.approve|${AT}|', true);`,
    `${fill(statement('platform', 'idempotency', 'idempotency_find'), key)};`,
    `${fill(statement('subsidies', 'claim', 'claims_move'), move)};`,
    `${fill(statement('platform', 'idempotency', 'idempotency_store'), keep)};`, 'COMMIT;', ''].join('\n'));
  return file;
}

async function pgbench(file, clients) {
  const from = take();
  const { out } = await run('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j1', '-f', file, '-t', String(EACH / 64 / 2),
    '-D', `base=${from}`, '-D', `per=${EACH / 64}`, '-D', 'n=0', '-h', stack.sockets, '-U', 'subsidies_app', 'yjy']);
  if (!/failed transactions: 0 /.test(out)) throw new Error(out);
  return { rate: Number(/^tps = ([\d.]+)/m.exec(out)[1]) };
}

async function ours(token) {
  const r = await wrk(`${stack.url('gateway')}/v1/subsidies/claims/approve`, { connections: CLIENTS,
    script: new URL('approve.lua', import.meta.url).pathname, env: { BENCH_TOKEN: token, BENCH_FROM: String(take()), BENCH_COUNT: String(EACH) } });
  return { rate: r.rate, p99: r.p99_ms };
}

function take() {
  next += EACH;
  if (next > EACH * RUNS) throw new Error('not enough claims were made');
  return next - EACH;
}

// 分 by which columns, entries and claims differ, of all allotments, and what is overspent.
function books() {
  error += Number(stack.psql(`SELECT coalesce(sum(abs(a.appropriated_cents - e.given) + abs(a.reserved_cents - e.reserved)
      + abs(a.committed_cents - e.committed) + abs(a.paid_cents - e.paid) + abs(a.reserved_cents - c.reserved)
      + abs(a.committed_cents - c.committed) + abs(a.paid_cents - c.paid)
      + greatest(a.reserved_cents + a.committed_cents + a.paid_cents - a.appropriated_cents, 0)), 0)
    FROM subsidies.allotment a
    CROSS JOIN LATERAL (SELECT
        coalesce(sum(amount_cents * ((debit = 'treasury')::int - (credit = 'treasury')::int)), 0) AS given,
        coalesce(sum(amount_cents * ((credit = 'reserved')::int - (debit = 'reserved')::int)), 0) AS reserved,
        coalesce(sum(amount_cents * ((credit = 'committed')::int - (debit = 'committed')::int)), 0) AS committed,
        coalesce(sum(amount_cents * ((credit = 'paid')::int - (debit = 'paid')::int)), 0) AS paid
      FROM subsidies.ledger_entry x WHERE x.allotment_id = a.id) e
    CROSS JOIN LATERAL (SELECT
        coalesce(sum(amount_cents) FILTER (WHERE funds = 'reserved'), 0) AS reserved,
        coalesce(sum(amount_cents) FILTER (WHERE funds = 'committed'), 0) AS committed,
        coalesce(sum(amount_cents - recovered_cents) FILTER (WHERE funds = 'paid'), 0) AS paid
      FROM subsidies.claim x WHERE x.allotment_id = a.id) c`));
}

async function main() {
  note(`subsidies.approve: ${CLIENTS} clients approve one claim a request, all on one share of one line, through gateway and service`);
  note('  with token, limits, Idempotency-Key, audit row and events; pgbench -M prepared sends the same statements and');
  note('  commits, the better of 16 and 64 clients; its rate over ours is approve.ratio_pgbench (1: as fast as pgbench)');
  stack.up();
  seed();
  const approver = await desk('jh.approve');
  const actor = JSON.parse(Buffer.from(approver.token.split('.')[1], 'base64url')).sub;
  const file = script(actor);
  await ours(approver.token);
  const got = await interleave({ ours: () => ours(approver.token), pgbench16: () => pgbench(file, 16), pgbench64: () => pgbench(file, 64) },
    async () => books());
  const mine = middle(got.ours), best = Math.max(middle(got.pgbench16).rate, middle(got.pgbench64).rate);
  line('subsidies.approve.per_s', mine.rate, '1/s');
  line('subsidies.approve.p99', mine.p99, 'ms');
  line('subsidies.approve.pgbench_per_s', best, '1/s');
  line('subsidies.approve.ratio_pgbench', best / mine.rate, 'ratio');
  line('subsidies.ledger_error', error, '分');
  if (error !== 0) process.exitCode = 1;
}

let ended = false;
function end(code) {
  if (ended) return;
  ended = true;
  try { stack.down(); } finally { process.exit(code); }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));
main().then(() => end(process.exitCode ?? 0), (e) => { console.error(e.stack); end(1); });
