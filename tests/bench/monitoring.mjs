// monitoring.mjs -- `make bench-monitoring`: hires of a large city are counted, and
// every question of the dashboard is asked through the door at growing numbers of
// events, beside the statements it led to in psql, under the same role and scope.
// Then hires one after the other, from their commit to the board that hears of them.
import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { run } from './load.mjs';
import { Logs, figures } from './monitoring_city.mjs';
import { SHORT, line, note, quantile } from './report.mjs';
import { Stack } from './stack.mjs';

const SIZES = (process.env.BENCH_EVENTS ?? '100000,1000000,5000000').split(',').map(Number);
const PEOPLE = SHORT ? 200000 : 1000000, FIRMS = SHORT ? 500 : 30000, TIMES = SHORT ? 10 : 100;
const HIRES = SHORT ? 10 : 100, MOST = 1000000;	// counted one by one
const SIZE_NAME = { 100000: '100k', 1000000: '1m', 5000000: '5m' };
const OF = '/v1/monitoring/indicators/urban_new_employment', YEAR = 'from_on=2025-01-01&to_on=2025-10-20';
const QUESTIONS = {
  board: `/v1/monitoring/board?${YEAR}`,
  figure: `${OF}/figure?${YEAR}&area_code=431129`,
  counties: `${OF}/areas?${YEAR}`,
  towns: `${OF}/areas?${YEAR}&area_code=431129`,
  villages: `${OF}/areas?${YEAR}&area_code=431129103`,
  industries: `${OF}/tags?${YEAR}&dim=industry`,
  groups: `${OF}/tags?${YEAR}&dim=group&area_code=431129`,
  employers: `${OF}/employers?year=2025&area_code=431129`,
  series: `${OF}/series?from_on=2024-01-01&to_on=2025-10-20&area_code=431129`,
  rows: `${OF}/rows?${YEAR}&area_code=431129103&limit=50`,
  live: `/v1/monitoring/live?${YEAR}`,
};
const DRILLS = ['counties', 'towns', 'villages', 'industries', 'groups', 'employers', 'rows'];
const stack = new Stack();
const ms = (list, q) => quantile(list, q);

// ---- the same SQL ------------------------------------------------------------------

// What the server was asked, with its values, while `fn` ran.
async function overheard(fn) {
  const log = join(stack.run, 'log/postgres.log');
  stack.psql("ALTER ROLE monitoring_app SET log_min_duration_statement = 0", "ALTER ROLE monitoring_system SET log_min_duration_statement = 0",
    "ALTER SYSTEM SET log_min_duration_statement = 0", 'SELECT pg_reload_conf()');
  await new Promise((done) => setTimeout(done, 300));
  const from = statSync(log).size;
  await fn();
  await new Promise((done) => setTimeout(done, 300));
  stack.psql('ALTER SYSTEM RESET log_min_duration_statement', 'SELECT pg_reload_conf()');
  const size = statSync(log).size - from, bytes = Buffer.alloc(size), fd = openSync(log, 'r');
  readSync(fd, bytes, 0, size, from);
  closeSync(fd);
  return bytes.toString('utf8');
}

// Argument types of the statement of a name, as its file says.
const QUERIES_DIR = new URL('../../sql/monitoring/queries/', import.meta.url).pathname;
const FILES = readdirSync(QUERIES_DIR).map((f) => readFileSync(join(QUERIES_DIR, f), 'utf8'));
function typesOf(name) {
  const head = FILES.map((t) => t.split(`-- name: ${name} `)[1]).find((t) => t)?.split('\n').slice(1);
  let args = '';
  for (; head?.[0]?.startsWith('--'); head.shift()) args += head[0].slice(2);
  return args.replace(/^\s*args:/, '').split(',').map((a) => a.trim().split(/\s+/)[1]?.replace('?', '')).filter(Boolean);
}

// [{sql, types, values}]: the statements of monitoring's figures in what was overheard.
function asked(text) {
  const found = [];
  const entries = text.split(/\n(?=\d{4}-\d\d-\d\d )/);
  for (let i = 0; i < entries.length; i++) {
    const m = /LOG: {2}duration: [\d.]+ ms {2}execute ([^:]+): ([\s\S]*)$/.exec(entries[i]);
    if (!m || !/monitoring\.(indicator|figure|sum_of|tally|cell|by_|measure)/.test(m[2]) || /outbox|event_log|audit/.test(m[2])) continue;
    const values = /DETAIL: {2}parameters: ([\s\S]*)$/.exec(entries[i + 1] ?? '')?.[1] ?? '';
    found.push({ sql: m[2].trim(), types: typesOf(m[1]), values: [...values.matchAll(/\$\d+ = ('(?:[^']|'')*'|NULL)/g)].map((v) => v[1]) });
  }
  return found;
}

async function inPsql(statements, scope, public_) {
  const text = [`SET ROLE ${public_ ? 'monitoring_system' : 'monitoring_app'};`, `SELECT set_config('app.scope', '${scope}', false);`, 'SET jit = off;',
    ...statements.map((s, i) => `PREPARE q${i}${s.types.length ? `(${s.types})` : ''} AS ${s.sql};`), '\\o /dev/null', '\\timing on'];
  for (let n = 0; n < TIMES; n++)
    statements.forEach((s, i) => text.push(`EXECUTE q${i}${s.values.length ? `(${s.values})` : ''};`));
  const file = join(stack.run, 'asked.sql');
  writeFileSync(file, `${text.join('\n')}\n`);
  const { out } = await run('psql', ['-h', stack.sockets, '-U', 'yjy', '-d', 'yjy', '-qX', '-v', 'ON_ERROR_STOP=1', '-f', file]);
  const times = [...out.matchAll(/^Time: ([\d.]+) ms/gm)].map((m) => Number(m[1])), each = statements.length;
  if (times.length !== TIMES * each) throw new Error(out);
  return Array.from({ length: TIMES }, (_, n) => times.slice(n * each, (n + 1) * each).reduce((a, b) => a + b, 0));
}

// ---- the questions ----------------------------------------------------------------------

async function dashboard(size, token) {
  const worst = [];
  for (const [name, path] of Object.entries(QUESTIONS)) {
    const ask = () => request('GET', path, { token: name === 'live' ? undefined : token, quiet: true });
    const first = await ask();
    if (first.status !== 200) throw new Error(`${path}: ${first.text}`);
    const statements = asked(await overheard(ask));
    if (statements.length === 0) throw new Error(`${name}: no statement was overheard`);
    const took = [];
    for (let n = 0; n < TIMES; n++) {
      const from = performance.now();
      const r = await ask();
      took.push(performance.now() - from);
      if (r.status !== 200) throw new Error(r.text);
    }
    const beside = await inPsql(statements, `|||,431100,${counties.join(',')},|monitoring.bench|2025-10-20T04:00:00Z|`, name === 'live');
    const key = `monitoring.${name}_${size}`;
    line(`${key}.p50`, ms(took, 0.5), 'ms');
    line(`${key}.p99`, ms(took, 0.99), 'ms');
    line(`${key}.ratio_psql`, ms(took, 0.5) / ms(beside, 0.5), 'x');
    if (DRILLS.includes(name)) worst.push(ms(took, 0.99));
  }
  line(`monitoring.drilldown_${size}.p99`, Math.max(...worst), 'ms');
}
let counties;

// ---- the board ---------------------------------------------------------------------------

// From the instant the hire was recorded to the board that has it, both by this machine's clock.
async function board(token) {
  const { listen } = await import('../lib/stream.mjs');	// it reads the interface of a running city
  const { known, today: day } = await import('../api/help.mjs'), today = await day();
  const s = await listen('/v1/monitoring/live/stream', { token });
  const f = await firm({ area_code: '431129103' });
  const people = await Promise.all(Array.from({ length: HIRES }, () => person({ area_code: '431129103' })));
  const took = [];
  for (const p of people) {
    const from = s.events.length;
    const e = await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id,
      occupation_code: '6-24-01-00', hired_on: today, contract_type: 'open_ended', wage_cents: 500000 } }));
    const seen = await s.until((x) => /employed_new/.test(JSON.stringify(x.data)), { from, ms: 10000 });
    const told = stack.psql(`SELECT extract(epoch FROM recorded_at) * 1000 FROM jobs.event_log
      WHERE type = 'jobs.employment.registered.v1' AND key = '${e.id}'`);
    took.push(seen.at - Number(told));
  }
  s.close();
  note(`monitoring.board_delay: ${HIRES} hires, p50 ${ms(took, 0.5).toFixed(0)} ms, longest ${Math.max(...took).toFixed(0)} ms`);
  line('monitoring.board_delay.p99', ms(took, 0.99), 'ms');
}

// ---- all of it -----------------------------------------------------------------------------

// The others have no part in this: they are where the logs end.
function othersAtEnd() {
  for (const s of ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies'])
    stack.psql(...['identity', 'jobs'].map((source) => `INSERT INTO ${s}.event_cursor (source, seq)
      SELECT '${source}', coalesce(max(seq), 0) FROM ${source}.event_log
      ON CONFLICT (source) DO UPDATE SET seq = excluded.seq`));
}

// Counting them all takes as long as `rebuild` says: more than a million are the rows
// of a million, again under other ids. What is asked reads rows and their sums.
function copied(times) {
  stack.psql("SELECT set_config('monitoring.sums', 'off', false)", 'ALTER TABLE monitoring.tally DISABLE TRIGGER tally_org_added',
    'DROP INDEX monitoring.tally_county_idx, monitoring.tally_town_idx, monitoring.tally_org_idx',
    `INSERT INTO monitoring.tally SELECT t.measure, md5(t.fact_id::text || k)::uuid, t.leg, t.on_day, t.value, t.person_id, t.org_id, t.tags,
       t.county_code, t.area_code, t.born, t.gone FROM monitoring.tally t CROSS JOIN generate_series(2, ${times}) k
      WHERE t.gone = 9223372036854775807`,
    'SELECT monitoring.index_tally()', 'SELECT monitoring.sum_up(), monitoring.sum_up_employers()',
    'ALTER TABLE monitoring.tally ENABLE TRIGGER tally_org_added');
}

async function askedOf(size) {
  stack.psql('VACUUM ANALYZE', 'CHECKPOINT');
  stack.script('programs-up');
  await eventually(async () => (await request('GET', '/readyz', { quiet: true }).catch(() => ({}))).status === 200, 'ready', 60000);
  counties = stack.psql("SELECT DISTINCT county_code FROM monitoring.cell_day WHERE county_code <> '431100'").split('\n');
  const officer = await desk('city.audit');
  await dashboard(SIZE_NAME[size] ?? String(size), officer.token);
  return officer;
}

async function main() {
  note(`monitoring: ${PEOPLE} people, ${FIRMS} firms; ${SIZES.join(', ')} events of hires (one in ten ends one) over two years`);
  note(`  each question ${TIMES} times through the gateway, one after the other; ratio_psql: our p50 over that of its statements in psql`);
  stack.up();
  stack.script('programs-down');
  const logs = new Logs(stack, PEOPLE, FIRMS);
  logs.registers();
  note(`monitoring.registers: ${figures(stack, 'catch-up').text}`);
  const counted = SIZES.filter((n) => n <= MOST);
  let officer;
  for (const n of SIZES) {
    stack.script('programs-down');
    if (n > MOST) {
      copied(n / MOST);
    } else {
      const last = n === counted.at(-1);
      logs.hired(n);
      othersAtEnd();
      if (last)
        stack.psql("UPDATE monitoring.event_cursor SET seq = (SELECT max(seq) FROM jobs.event_log) WHERE source = 'jobs'");
      const did = figures(stack, last ? 'rebuild' : 'catch-up');
      note(`monitoring.load: ${did.text}`);
      line(last ? 'monitoring.rebuild.events_per_s' : 'monitoring.load.events_per_s', did.rate, '1/s');
    }
    officer = await askedOf(n);
  }
  await board(officer.token);
}

try {
  await main();
} finally {
  stack.down();
}
