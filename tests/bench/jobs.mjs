// jobs.mjs -- search and matching in memory: `make bench-jobs`. The same made-up
// postings are asked the same questions in the index, in groonga (bigrams with
// positions) and in PostgreSQL (the same bigrams as a tsvector under GIN), one
// after the other on one machine; a peer's time is what it says itself.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { line, note, quantile, SHORT } from './report.mjs';
import { Stack } from './stack.mjs';

const BUILD = process.env.BUILD;
const sizes = process.env.BENCH_POSTINGS.split(',').map(Number);
const largest = sizes.at(-1);
const compared = sizes.filter((n) => n <= Number(process.env.BENCH_PEERS)).at(-1) ?? sizes[0];	// where peers are asked
const at = (n) => (n === largest ? '' : `.at_${n}`);
const ROUNDS = SHORT ? 5 : 21;	// of a peer; the index is asked a thousand times
const dir = resolve(process.env.RUN, 'peers');
const figures = {};

// Prints a program's figures, those of the largest size under their own names.
function run(program, args, suffix = '') {
  const out = execFileSync(join(BUILD, program), args.map(String), { encoding: 'utf8', maxBuffer: 1 << 24 });
  for (const l of out.trim().split('\n')) {
    const [name, value, unit] = l.split(' ');
    figures[name + suffix] = Number(value);
    console.log(`${name}${suffix} ${value} ${unit}`);
  }
}

class Groonga {
  start() {
    this.child = spawn('groonga', [join(dir, 'groonga.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }
  async ask(command) {
    this.child.stdin.write(`${command}\n`);
    const [[code, , took], body] = JSON.parse((await this.lines.next()).value);
    if (code !== 0) throw new Error(`groonga: ${command}`);
    return { ms: took * 1000, body };
  }
  async load() {
    execFileSync('groonga', ['-n', join(dir, 'groonga.db'), 'shutdown'], { stdio: 'ignore' });
    this.start();
    for (const c of ['table_create Postings TABLE_NO_KEY', ...['Counties', 'Forms', 'Educations', 'Majors']
      .map((t) => `table_create ${t} TABLE_HASH_KEY ShortText`),
    'column_create Postings title COLUMN_SCALAR ShortText', 'column_create Postings names COLUMN_SCALAR ShortText',
    'column_create Postings text COLUMN_SCALAR Text', 'column_create Postings county COLUMN_SCALAR Counties',
    'column_create Postings form COLUMN_SCALAR Forms', 'column_create Postings education COLUMN_SCALAR Educations',
    'column_create Postings major COLUMN_SCALAR Majors', 'column_create Postings place COLUMN_SCALAR WGS84GeoPoint',
    'table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto',
    'table_create Points TABLE_PAT_KEY WGS84GeoPoint']) await this.ask(c);
    this.child.stdin.end();
    execFileSync('bash', ['-c', `(echo 'load --table Postings'; cat ${join(dir, 'postings.json')}) | groonga ${join(dir, 'groonga.db')} >/dev/null`]);
    this.start();
    for (const c of ['column_create Terms words COLUMN_INDEX|WITH_POSITION|WITH_SECTION Postings title,names,text',
      'column_create Counties postings COLUMN_INDEX Postings county',
      'column_create Points postings COLUMN_INDEX Postings place']) await this.ask(c);
  }
  command(q) {
    const words = q.words.map((w) => `\\"${w}\\"`).join(' ');
    const filter = [...(q.county ? ['county == \\"431103\\"'] : []),
      ...(q.radius ? ['geo_in_circle(place, \\"25.500000x111.500000\\", 5000)'] : [])].join(' && ');
    return `select Postings --match_columns title||names||text --query "${words}" ${filter ? `--filter "${filter}"` : ''} ` +
      `--output_columns _id --limit 20 --cache no ${q.radius ? '--sort_keys "geo_distance(place, \\"25.500000x111.500000\\")"' : '--sort_keys -_id'}` +
      (q.facets ? ' --drilldown county,form,education,major' : '');
  }
}

class Postgres {
  load(stack) {
    this.stack = stack;
    stack.psql('CREATE SCHEMA bench',
      `CREATE TABLE bench.posting (id int PRIMARY KEY, county text, form text, education text, major text,
        lat int, lng int, terms tsvector)`,
      `COPY bench.posting FROM '${join(dir, 'postings.tsv')}'`,
      "SET maintenance_work_mem = '1GB'; CREATE INDEX ON bench.posting USING gin (terms) WITH (fastupdate = off)",
      'CREATE INDEX ON bench.posting (county); CREATE INDEX ON bench.posting (lat, lng)', 'VACUUM ANALYZE bench.posting');
  }
  command(q) {
    const where = [`terms @@ '${q.pairs}'::tsquery`, ...(q.county ? ["county = '431103'"] : []),
      ...(q.radius ? ['lat BETWEEN 25455000 AND 25545000 AND lng BETWEEN 111450000 AND 111550000'] : [])].join(' AND ');
    if (q.facets)
      return `SELECT county, form, education, major, count(*) FROM bench.posting WHERE ${where}
        GROUP BY GROUPING SETS ((county), (form), (education), (major))`.replace(/\s+/g, ' ');
    const order = q.radius ? '(lat - 25500000)::bigint ^ 2 + ((lng - 111500000) * 0.9026) ^ 2' : 'id DESC';
    return `WITH hit AS MATERIALIZED (SELECT id, lat, lng FROM bench.posting WHERE ${where}) SELECT id, (SELECT count(*) FROM hit) FROM hit ORDER BY ${order} LIMIT 20`;
  }
  times(q) {
    const one = this.command(q);
    const script = ["SET work_mem = '256MB'", '\\timing on', '\\o /dev/null', ...Array(ROUNDS + 1).fill(one)];
    const out = execFileSync('psql', ['-h', this.stack.sockets, '-U', 'yjy', '-d', 'yjy', '-AtqX', '-v', 'ON_ERROR_STOP=1'],
      { input: script.map((s) => (s[0] === '\\' ? s : `${s};`)).join('\n') + '\n', encoding: 'utf8' });
    return [...out.matchAll(/Time: ([\d.]+) ms/g)].map((m) => Number(m[1])).slice(-ROUNDS);
  }
}

async function peers(stack) {
  const questions = JSON.parse(readFileSync(join(dir, 'questions.json'), 'utf8'));
  const groonga = new Groonga(), postgres = new Postgres();
  let from = performance.now();
  await groonga.load();
  line(`jobs.groonga.build${at(compared)}`, (performance.now() - from) / 1000, 's');
  from = performance.now();
  postgres.load(stack);
  line(`jobs.postgres.build${at(compared)}`, (performance.now() - from) / 1000, 's');
  let worst = 0;
  for (const q of questions) {
    const took = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const { ms, body } = await groonga.ask(groonga.command(q));
      if (i > 0) took.push(ms);
      else note(`${q.name}: ${q.hits} hits in the index, ${body[0][0][0]} in groonga (${q.words.join(' ')})`);
    }
    const pg = postgres.times(q);
    const ours = figures[`jobs.search.${q.name}.p50${at(compared)}`];
    line(`jobs.groonga.${q.name}.p50${at(compared)}`, quantile(took, 0.5), 'ms');
    line(`jobs.postgres.${q.name}.p50${at(compared)}`, quantile(pg, 0.5), 'ms');
    const ratio = ours / quantile(took, 0.5);
    worst = Math.max(worst, ratio);
    console.log(`jobs.search.${q.name}.ratio_groonga${at(compared)} ${ratio.toFixed(4)} x`);
    console.log(`jobs.search.${q.name}.ratio_postgres${at(compared)} ${(ours / quantile(pg, 0.5)).toFixed(5)} x`);
  }
  console.log(`jobs.search.worst_ratio_groonga${at(compared)} ${worst.toFixed(4)} x`);
  groonga.child.stdin.end();
}

const stack = new Stack();
try {
  stack.up();
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  execFileSync('chmod', ['755', process.env.RUN, dir]);
  run('bench/title_bench', ['sql/reference']);
  for (const n of sizes)
    run('bench/index_bench', ['sql/reference', n, SHORT ? 101 : 1001, ...(n === compared ? [dir] : [])], at(n));
  await peers(stack);
  for (const n of sizes)
    run('bin/match_bench', [n, SHORT ? 1000 : 20000], at(n));
  run('bin/match_bench', [200000, SHORT ? 1000 : 100000], '.of_100000_with_200000');
} finally {
  stack.down();
  rmSync(dir, { recursive: true, force: true });
}
