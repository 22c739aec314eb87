-- The board: each indicator by county within the caller's areas, and the rows
-- behind a figure. One definition serves both.

-- name: board_get :one read
-- args: from_on date, to_on date
WITH counted AS (
    SELECT 'urban_new_employment' AS code, county_code, count(DISTINCT person_id) AS n
      FROM monitoring.employment WHERE hired_on BETWEEN $1 AND $2 GROUP BY county_code
    UNION ALL
    SELECT 'reemployed_unemployed', county_code, count(DISTINCT person_id)
      FROM monitoring.employment WHERE hired_on BETWEEN $1 AND $2 AND was_unemployed
     GROUP BY county_code
    UNION ALL
    SELECT 'reemployed_difficult', county_code, count(DISTINCT person_id)
      FROM monitoring.employment WHERE hired_on BETWEEN $1 AND $2 AND was_difficult
     GROUP BY county_code
    UNION ALL
    SELECT 'certified', county_code, count(DISTINCT person_id)
      FROM monitoring.certificate WHERE issued_on BETWEEN $1 AND $2 GROUP BY county_code
    UNION ALL
    SELECT 'startup_jobs', county_code, count(*)
      FROM monitoring.startup_job WHERE hired_on BETWEEN $1 AND $2 GROUP BY county_code
    UNION ALL
    SELECT 'subsidies_paid', county_code, sum(amount_cents)
      FROM monitoring.payment WHERE paid_on BETWEEN $1 AND $2 GROUP BY county_code
), lines AS (
    SELECT i.code, jsonb_build_object('code', i.code, 'name', i.name, 'unit', i.unit,
        'definition', i.definition, 'definition_hash',
            encode(sha256(convert_to(i.code || '|' || i.unit || '|' || i.definition, 'UTF8')), 'hex'),
        'value', coalesce(sum(c.n), 0)::bigint,
        'target', (SELECT max(t.amount) FROM monitoring.target t
                    WHERE t.indicator = i.code AND t.county_code = '431100'
                      AND t.from_on <= $2 AND t.to_on >= $1),
        'counties', coalesce(jsonb_agg(jsonb_build_object('county_code', c.county_code,
            'value', c.n::bigint,
            'target', (SELECT max(t.amount) FROM monitoring.target t
                        WHERE t.indicator = i.code AND t.county_code = c.county_code
                          AND t.from_on <= $2 AND t.to_on >= $1))
            ORDER BY c.county_code) FILTER (WHERE c.county_code IS NOT NULL), '[]'::jsonb)) AS line
      FROM monitoring.indicator i LEFT JOIN counted c ON c.code = i.code
     GROUP BY i.code
)
SELECT jsonb_build_object('from_on', $1, 'to_on', $2, 'as_of', platform.now(),
    'indicators', jsonb_agg(line ORDER BY code))::text AS reply
  FROM lines;

-- name: indicator_find :one read
-- args: indicator text
SELECT code FROM monitoring.indicator WHERE code = $1;

-- name: board_rows :many read
-- args: indicator text, from_on date, to_on date, county_code text, after text, lim int8
WITH rows AS (
    SELECT employment_id AS id, hired_on AS on_day, county_code, org_id, NULL::bigint AS cents
      FROM monitoring.employment
     WHERE $1 IN ('urban_new_employment', 'reemployed_unemployed', 'reemployed_difficult')
       AND hired_on BETWEEN $2 AND $3
       AND ($1 <> 'reemployed_unemployed' OR was_unemployed)
       AND ($1 <> 'reemployed_difficult' OR was_difficult)
    UNION ALL
    SELECT certificate_id, issued_on, county_code, NULL, NULL FROM monitoring.certificate
     WHERE $1 = 'certified' AND issued_on BETWEEN $2 AND $3
    UNION ALL
    SELECT employment_id, hired_on, county_code, org_id, NULL FROM monitoring.startup_job
     WHERE $1 = 'startup_jobs' AND hired_on BETWEEN $2 AND $3
    UNION ALL
    SELECT claim_id, paid_on, county_code, org_id, amount_cents FROM monitoring.payment
     WHERE $1 = 'subsidies_paid' AND paid_on BETWEEN $2 AND $3
)
SELECT jsonb_build_object('id', id, 'on', on_day, 'county_code', county_code,
        'org_id', org_id, 'amount_cents', cents)::text AS reply,
       to_char(on_day, 'YYYY-MM-DD') || id::text AS cursor
  FROM rows
 WHERE ($4::text IS NULL OR county_code = $4)
   AND ($5::text IS NULL OR (on_day, id) < (left($5, 10)::date, substr($5, 11)::uuid))
 ORDER BY on_day DESC, id DESC
 LIMIT $6;

-- City-wide totals without small cells: what anyone may see.
-- name: live_get :one
-- args: from_on date, to_on date
SELECT jsonb_build_object('as_of', platform.now(), 'from_on', $1, 'to_on', $2,
    'hired', (SELECT count(*) FROM monitoring.employment WHERE hired_on BETWEEN $1 AND $2),
    'certified', (SELECT count(*) FROM monitoring.certificate WHERE issued_on BETWEEN $1 AND $2),
    'startup_jobs', (SELECT count(*) FROM monitoring.startup_job WHERE hired_on BETWEEN $1 AND $2),
    'paid_count', (SELECT count(*) FROM monitoring.payment WHERE paid_on BETWEEN $1 AND $2),
    'paid_cents', (SELECT coalesce(sum(amount_cents), 0)::bigint FROM monitoring.payment
                    WHERE paid_on BETWEEN $1 AND $2),
    'events_seen', (SELECT coalesce(sum(seq), 0)::bigint FROM monitoring.event_cursor),
    'currency', 'CNY')::text AS reply;
