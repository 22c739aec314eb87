// monitoring_city.mjs -- the logs of a large city, written as the services would
// have: people and firms in identity's, hires and their ends in jobs'. Every
// tenth event ends a hire; the days are those of two years.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = new URL('../..', import.meta.url).pathname;
const PAGE = 100000;
const uuid = (kind, n) => `(lpad(to_hex(${n}), 8, '0') || '-0000-7000-8000-00000000000${kind}')`;
const PERSON = 1, FIRM = 2, HIRE = 3;

export class Logs {
  constructor(stack, people, firms) {
    Object.assign(this, { stack, people, firms, hires: 0 });
    stack.psql(`CREATE TABLE public.bench_place AS SELECT row_number() OVER (ORDER BY v.code) - 1 AS n, v.code,
      coalesce((SELECT z.zone_code FROM reference.functional_zones z WHERE z.town_code_2023 = left(v.code, 9)), left(v.code, 6)) AS county
      FROM reference.villages v`, 'CREATE UNIQUE INDEX ON public.bench_place (n)');
    this.places = Number(stack.psql('SELECT count(*) FROM public.bench_place'));
  }

  write(schema, kind, from, to, type, key, place, payload) {
    this.stack.psql(`INSERT INTO ${schema}.event_log (seq, id, type, key, area_code, payload, occurred_at, recorded_at)
      SELECT (SELECT coalesce(max(seq), 0) FROM ${schema}.event_log) + row_number() OVER (ORDER BY i),
             (lpad(to_hex(i), 8, '0') || '-0000-7000-9${kind}00-000000000000')::uuid,
             ${type}, ${key}, p.code, ${payload}, '2025-12-31T00:00:00Z', '2025-12-31T00:00:00Z'
        FROM generate_series(${from}::bigint, ${to - 1}) i JOIN public.bench_place p ON p.n = ${place} % ${this.places}`);
  }

  registers() {
    for (let n = 0; n < this.people; n += PAGE)
      this.write('identity', PERSON, n, Math.min(n + PAGE, this.people), "'identity.person.registered.v1'", uuid(PERSON, 'i'), 'i * 31',
        `jsonb_build_object('person_id', ${uuid(PERSON, 'i')}, 'sex', 1 + i % 2, 'birth_on', DATE '1963-01-01' + (i * 7919 % 16000)::integer,
          'county_code', p.county, 'area_code', p.code)`);
    this.write('identity', FIRM, 0, this.firms, "'identity.org.registered.v1'", uuid(FIRM, 'i'), 'i * 17',
      `jsonb_build_object('org_id', ${uuid(FIRM, 'i')}, 'uscc', 'bench' || i, 'name', '单位' || i, 'kind', 'enterprise',
        'industry_code', lpad((1 + i % 97)::text, 2, '0') || '11', 'county_code', p.county, 'area_code', p.code)`);
  }

  // Up to `events` in all.
  hired(events) {
    const spread = (prime, n) => `(i * ${prime} % ${n})::integer`;
    for (; this.hires < events; this.hires += PAGE)
      this.write('jobs', HIRE, this.hires, this.hires + PAGE, `CASE i % 10 WHEN 9 THEN 'jobs.employment.ended.v1' ELSE 'jobs.employment.registered.v1' END`,
        uuid(HIRE, 'i - CASE i % 10 WHEN 9 THEN 5 ELSE 0 END'), `${spread(1299709, this.firms)}::bigint * 17`,	// where the firm is
        `CASE i % 10 WHEN 9 THEN jsonb_build_object('employment_id', ${uuid(HIRE, 'i - 5')}, 'ended_on', DATE '2024-02-01' + ${spread(13, 690)},
            'reason', CASE WHEN i % 100 = 9 THEN 'retired' ELSE 'resigned' END, 'county_code', p.county)
          ELSE jsonb_build_object('employment_id', ${uuid(HIRE, 'i')}, 'person_id', ${uuid(PERSON, spread(7919, this.people))},
            'org_id', ${uuid(FIRM, spread(1299709, this.firms))}, 'hired_on', DATE '2024-01-01' + ${spread(13, 700)}, 'form', 'employed',
            'contract_type', 'fixed', 'contract_months', 24, 'wage_cents', 420000, 'was_unemployed', i % 7 = 0,
            'was_difficult', i % 31 = 0, 'county_code', p.county) END`);
  }
}

// Events a second, as yjyctl says.
export function figures(stack, what) {
  const r = spawnSync('bash', [join(ROOT, 'shared/build/stack.sh'), `${what}-figures`], { env: stack.env, encoding: 'utf8' });
  const said = /\((\d+)\/s\)/.exec(r.stdout);
  if (r.status !== 0 || !said) throw new Error(`${what}: ${r.stdout}${r.stderr}`);
  return { rate: Number(said[1]), text: r.stdout.trim() };
}
