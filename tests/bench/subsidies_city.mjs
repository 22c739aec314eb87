// subsidies_city.mjs -- as many people and employers as asked for, written into
// the subsidies schema by SQL, at rates such as a prefecture has: who was hired
// when, insured where and until when, graduated, certified, out of work.

export const DAY = '2025-10-20';		// the city's day while this is judged
export const BATCH = '00000000-0000-7000-8000-0000000000b1';

const COUNTIES = ['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127', '431128', '431129', '431181'];
const pick = (list, of) => `(ARRAY[${list.map((x) => `'${x}'`)}])[1 + (${of})::int % ${list.length}]`;
// A number from 0 to m - 1 that depends on the row and on nothing else.
const dice = (row, salt, m) => `(abs(hashint8extended(${row}, ${salt})) % ${m})`;

export const employersOf = (people) => Math.min(30000, Math.max(20, Math.round(people * 0.03)));

// Commands for psql, one after another. `from`: how many there are already.
export function city(people, from = 0) {
  const orgs = employersOf(people), had = from === 0 ? 0 : employersOf(from);
  const rows = `generate_series(${from + 1}::bigint, ${people}::bigint) n`;
  const id = (n) => `overlay(md5('p' || ${n}) placing '7' from 13 for 1)::uuid`;
  const oid = (n) => `overlay(md5('o' || ${n}) placing '7' from 13 for 1)::uuid`;
  const org = (n, salt) => `(1 + ${dice(n, salt, orgs)})`;
  const uscc = (n) => `'91' || lpad((${n})::text, 16, '0')`;
  const county = (n) => pick(COUNTIES, dice(n, 1, 1000));
  return [
    // The triggers that follow one new row are not what is measured.
    `SET session_replication_role = replica; SET synchronous_commit = off;
     INSERT INTO subsidies.import_batch (id, kind, file_sha256, covers_through, county_code, created_by)
     SELECT overlay('${BATCH}' placing lpad(to_hex(i), 2, '0') from 35 for 2)::uuid, kind, kind, '2025-09-30', '431100', '${BATCH}'
       FROM unnest(ARRAY['insurance_months', 'graduates', 'deaths', 'pensions', 'enrolments', 'payroll', 'custody', 'ui_benefits',
            'groups', 'licences', 'sizes', 'dishonest', 'arrears', 'parks', 'certificates']) WITH ORDINALITY k (kind, i)
         ON CONFLICT DO NOTHING;
     INSERT INTO subsidies.org (id, uscc, name, kind, industry_code, county_code)
     SELECT ${oid('n')}, ${uscc('n')}, '企业' || n, ${pick(['enterprise', 'enterprise', 'enterprise', 'enterprise', 'enterprise', 'association', 'institution', 'sole_trader'], dice('n', 2, 800))},
            '3812', ${county('n')} FROM generate_series(${had + 1}::bigint, ${orgs}::bigint) n;
     INSERT INTO subsidies.person (id, id_index, name_masked, sex, birth_on, county_code)
     SELECT ${id('n')}, md5('i' || n), '张*', 1 + ${dice('n', 3, 2)}, DATE '1960-01-01' + ${dice('n', 4, 17500)}::int, ${county('n')} FROM ${rows};`,
    // A third were hired in the last years, some of them twice.
    `SET session_replication_role = replica; SET synchronous_commit = off;
     INSERT INTO subsidies.employment (id, person_id, org_id, hired_on, contract_type, contract_months, wage_cents, was_unemployed, ended_on, county_code)
     SELECT overlay(md5('h' || k || n) placing '7' from 13 for 1)::uuid, ${id('n')}, ${oid(org('n', '10 + k'))},
            DATE '2023-01-01' + ${dice('n', '20 + k', 1000)}::int, ${pick(['fixed', 'open_ended', 'part_time'], dice('n', '30 + k', 300))},
            ${dice('n', '40 + k', 36)}, 300000 + ${dice('n', '50 + k', 5000)} * 100, ${dice('n', '60 + k', 10)} = 0,
            CASE WHEN ${dice('n', '70 + k', 6)} = 0 THEN DATE '2025-10-01' END, ${county('n')}
       FROM ${rows}, generate_series(1, 2) k WHERE ${dice('n', '80 + k', 100)} < CASE k WHEN 1 THEN 33 ELSE 6 END;
     INSERT INTO subsidies.insured (id_index, uscc, person_id, org_id, county_code, all_three, any_kind, ui)
     SELECT i, u, p, o, c, datemultirange(r), datemultirange(r), datemultirange(r)
       FROM (SELECT md5('i' || n) AS i, ${uscc(org('n', '11'))} AS u, ${id('n')} AS p, ${oid(org('n', '11'))} AS o, ${county('n')} AS c,
                    daterange((DATE '2023-01-01' + make_interval(months => ${dice('n', 90, 33)}::int))::date,
                              (DATE '2025-10-01' - make_interval(months => CASE WHEN ${dice('n', 91, 5)} = 0 THEN ${dice('n', 92, 12)}::int ELSE 0 END))::date) AS r
               FROM (SELECT n FROM ${rows} WHERE ${dice('n', 93, 100)} < 55) x
              WHERE make_interval(months => ${dice('n', 90, 33)}::int) < interval '22 months' OR ${dice('n', 91, 5)} <> 0) y
         ON CONFLICT DO NOTHING;`,
    `SET session_replication_role = replica; SET synchronous_commit = off;
     INSERT INTO subsidies.graduate (id_index, school, education_code, full_time, graduated_on, batch_id)
     SELECT md5('i' || n), '永州示例学院', ${pick(['21', '31', '41'], dice('n', 100, 300))}, ${dice('n', 101, 8)} <> 0,
            make_date(2021 + ${dice('n', 102, 5)}::int, 6, 30), '${BATCH}' FROM ${rows} WHERE ${dice('n', 103, 100)} < 8;
     INSERT INTO subsidies.unemployment (id, person_id, registered_on, ended_on, county_code)
     SELECT gen_random_uuid(), ${id('n')}, DATE '2024-01-01' + ${dice('n', 110, 600)}::int,
            CASE WHEN ${dice('n', 111, 2)} = 0 THEN DATE '2025-10-01' END, ${county('n')} FROM ${rows} WHERE ${dice('n', 112, 100)} < 4;
     INSERT INTO subsidies.fact (kind, person_id, id_index, from_on, code, numbers, source, county_code, id)
     SELECT k.kind, ${id('n')}, md5('i' || n), DATE '2024-01-01' + ${dice('n', '120 + k.i', 600)}::int, k.code, k.numbers, 'import', ${county('n')},
            overlay(md5('f' || k.i || '-' || n) placing '7' from 13 for 1)::uuid
       FROM ${rows}, (VALUES (1, 'death', NULL, '{}'::bigint[], 5), (2, 'pension', NULL, '{}', 60), (3, 'group', 'poverty_lifted', '{}', 50),
            (4, 'group', 'disabled', '{}', 20), (5, 'difficulty', NULL, '{}', 20), (6, 'flexible', 'flexible', '{300000}', 30),
            (7, 'licence', 'sole_trader', '{2,1}', 40), (8, 'certificate', '6-31-01-03', '{4,1,20}', 25), (9, 'certificate', '6-18-01-01', '{3,0,0}', 15),
            (10, 'enrolment', '21', '{}', 30), (11, 'payroll', NULL, '{}', 20)) k (i, kind, code, numbers, per_mille)
      WHERE ${dice('n', '140 + k.i', 1000)} < k.per_mille;
     INSERT INTO subsidies.fact (kind, person_id, id_index, from_on, to_on, numbers, source, county_code, id)
     SELECT 'self_insurance', ${id('n')}, md5('i' || n), m::date, (m + interval '1 month - 1 day')::date, '{80000}', 'import', ${county('n')},
            overlay(md5('s' || m || n) placing '7' from 13 for 1)::uuid
       FROM ${rows}, generate_series(DATE '2025-04-01', DATE '2025-09-01', '1 month') m WHERE ${dice('n', 160, 1000)} < 15;`,
    `SET session_replication_role = replica; SET synchronous_commit = off;
     INSERT INTO subsidies.fact (kind, org_id, uscc, from_on, to_on, code, numbers, source, county_code, id)
     SELECT 'insured_year', ${oid('n')}, ${uscc('n')}, '2024-01-01', '2024-12-31', ${pick(['small', 'micro', 'medium', 'large'], dice('n', 170, 400))},
            ARRAY[500000, 40, 40 - ${dice('n', 171, 5)}, 40, ${dice('n', 172, 3)}, 12, 0]::bigint[], 'import', ${county('n')},
            overlay(md5('y' || n) placing '7' from 13 for 1)::uuid FROM generate_series(${had + 1}::bigint, ${orgs}::bigint) n;`,
    ...['person', 'org', 'employment', 'insured', 'graduate', 'unemployment', 'fact', 'import_batch'].map((t) => `VACUUM ANALYZE subsidies.${t}`),
  ];
}

// 一次性扩岗补助 written by hand: everybody's verdict is `eligible` here, or it is not.
export const KGBZ_BY_HAND = `
  WITH hire AS (
      SELECT e.*, p.birth_on, p.id_index, o.kind AS org_kind, o.uscc
        FROM subsidies.employment e JOIN subsidies.person p ON p.id = e.person_id JOIN subsidies.org o ON o.id = e.org_id
       WHERE e.hired_on BETWEEN '2024-01-01' AND '2025-12-31' AND o.kind = 'enterprise'
         AND (e.contract_type IN ('fixed', 'open_ended', 'task', 'dispatch') OR e.contract_months >= 1)
  ), known AS (
      SELECT h.*, g.full_time, g.graduated_on, g.education_code,
             coalesce((SELECT sum((least(upper(r), coalesce(date_trunc('month', h.ended_on)::date + 31, upper(r)))
                          - greatest(lower(r), date_trunc('month', h.hired_on)::date)) / 30)
                         FROM unnest(i.all_three) r
                        WHERE upper(r) > date_trunc('month', h.hired_on)), 0) AS months,
             (SELECT count(*) FROM subsidies.employment b WHERE b.person_id = h.person_id AND b.hired_on < h.hired_on
                 AND b.hired_on >= g.graduated_on) AS earlier,
             EXISTS (SELECT FROM subsidies.unemployment u WHERE u.person_id = h.person_id AND u.registered_on <= h.hired_on
                 AND (u.ended_on IS NULL OR u.ended_on >= h.hired_on)) AS unemployed
        FROM hire h LEFT JOIN subsidies.graduate g ON g.id_index = h.id_index
        LEFT JOIN subsidies.insured i ON i.person_id = h.person_id AND i.org_id = h.org_id
  ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY hired_on, id) AS nth FROM known
       WHERE months >= 3 AND ((full_time AND education_code IN ('10', '11', '14', '17', '20', '21', '28', '30', '31')
             AND (extract(year FROM graduated_on) = extract(year FROM hired_on)
               OR (extract(year FROM hired_on) - extract(year FROM graduated_on) BETWEEN 1 AND 2 AND earlier = 0
                   AND NOT EXISTS (SELECT FROM subsidies.insured x WHERE x.person_id = known.person_id AND x.org_id <> known.org_id
                     AND x.any_kind && daterange(known.graduated_on, date_trunc('month', known.hired_on)::date)))))
           OR ((unemployed OR was_unemployed) AND hired_on >= birth_on + interval '192 months'
               AND CASE extract(year FROM hired_on) WHEN 2024 THEN birth_on BETWEEN '1999-01-01' AND '2008-12-31'
                        ELSE birth_on BETWEEN '2000-01-01' AND '2009-12-31' END))
         AND NOT EXISTS (SELECT FROM subsidies.insured x WHERE x.person_id = known.person_id AND x.org_id <> known.org_id
               AND x.any_kind && daterange(known.hired_on, '2025-09-30'))
  )
  SELECT count(*) FROM ranked WHERE nth = 1`;
