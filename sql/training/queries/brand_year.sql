-- Rows of a year, town by town, each with its outcome; sent again, the same rows
-- are the same. What was submitted takes no more, unless it is returned.
-- name: brand_year_report :one
-- args: id uuid, new_id uuid, year int4, avg_wage_cents int8?, rows jsonb
WITH brand AS (
    SELECT b.* FROM training.brand b
     WHERE b.id = $id AND (platform.in_areas(b.county_code, b.area_code) OR training.bears(b.id))
       FOR SHARE
), judged AS (
    SELECT b.id, CASE WHEN b.state <> 'recognised' THEN 'state.wrong'
                      WHEN $year >= extract(year FROM platform.today()) OR $year < extract(year FROM b.recognised_on)
                      THEN 'training.brand_year /year'
                      WHEN EXISTS (SELECT FROM training.brand_year y WHERE y.brand_id = b.id AND y.year = $year
                                      AND y.state IN ('submitted', 'passed')) THEN 'state.wrong' END AS fault
      FROM brand b
), given AS (
    SELECT r.n, r.row ->> 'town_code' AS town, r.row ->> 'place' AS place, (r.row ->> 'workers')::int AS workers,
           count(*) OVER (PARTITION BY r.row ->> 'town_code', r.row ->> 'place') AS times
      FROM jsonb_array_elements($rows) WITH ORDINALITY AS r (row, n)
), weighed AS (
    SELECT g.*, CASE WHEN NOT g.town = ANY (b.towns) THEN 'training.brand_town'
                     WHEN g.times > 1 THEN 'field.duplicate' END AS code
      FROM given g CROSS JOIN brand b
), book AS (
    INSERT INTO training.brand_year AS y (id, brand_id, year, avg_wage_cents, county_code, area_code)
    SELECT $new_id, b.id, $year, $avg_wage_cents, b.county_code, b.area_code
      FROM brand b JOIN judged j ON j.id = b.id WHERE j.fault IS NULL
    ON CONFLICT (brand_id, year) DO UPDATE
       SET avg_wage_cents = coalesce(excluded.avg_wage_cents, y.avg_wage_cents), state = 'draft', checked_by = NULL
    RETURNING y.*
), kept AS (
    INSERT INTO training.brand_year_row AS r (year_id, town_code, place, workers, brand_id, county_code, area_code)
    SELECT k.id, w.town, w.place, w.workers, k.brand_id, k.county_code, k.area_code
      FROM weighed w CROSS JOIN book k WHERE w.code IS NULL
    ON CONFLICT (year_id, town_code, place) DO UPDATE SET workers = excluded.workers
    RETURNING r.workers
)
SELECT jsonb_build_object('id', k.id, 'brand_id', k.brand_id, 'year', k.year, 'state', k.state,
           'avg_wage_cents', k.avg_wage_cents, 'currency', 'CNY', 'county_code', k.county_code,
           'taken', (SELECT count(*) FROM kept), 'failed', count(*) FILTER (WHERE w.code IS NOT NULL),
           'rows', jsonb_agg(jsonb_build_object('row', w.n, 'town_code', w.town, 'place', w.place, 'code', w.code)
                             ORDER BY w.n))::text AS reply
  FROM weighed w CROSS JOIN book k
 GROUP BY k.id, k.brand_id, k.year, k.state, k.avg_wage_cents, k.county_code
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: brand_year_submit :one
-- args: id uuid
WITH found AS (
    SELECT y.id, y.state = 'draft' AS may,
           EXISTS (SELECT FROM training.brand_year_row r WHERE r.year_id = y.id) AS whole
      FROM training.brand_year y
     WHERE y.id = $id AND (platform.in_areas(y.county_code, y.area_code) OR training.bears(y.brand_id)) FOR UPDATE
), moved AS (
    UPDATE training.brand_year AS y SET state = 'submitted', submitted_by = platform.actor(), checked_by = NULL, note = NULL
      FROM found f WHERE y.id = f.id AND f.may AND f.whole
    RETURNING y AS y
)
SELECT training.brand_year_json(y)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- The yearly check, by another than who handed it in.
-- name: brand_year_check :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT y.id, y.state, y.submitted_by = platform.actor() AS same FROM training.brand_year y
     WHERE y.id = $id AND platform.in_areas(y.county_code, y.area_code) FOR UPDATE
), moved AS (
    UPDATE training.brand_year AS y
       SET state = CASE WHEN $pass THEN 'passed' ELSE 'returned' END, note = $note,
           trained = CASE WHEN $pass THEN training.brand_trained(y.brand_id, y.year) END,
           checked_by = platform.actor(), checked_on = platform.today()
      FROM found f
     WHERE y.id = f.id AND f.state = 'submitted' AND NOT f.same AND ($pass OR $note::text IS NOT NULL)
    RETURNING y AS y
)
SELECT training.brand_year_json(y)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'submitted' THEN 'state.wrong' WHEN f.same THEN 'training.same_hand'
                            ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: brand_year_list :many read
-- args: after text, lim int4, brand_id uuid, year int4?, state text
SELECT training.brand_year_json(y)::text AS reply, y.id::text AS cursor
  FROM training.brand_year y
 WHERE ($brand_id::uuid IS NULL OR y.brand_id = $brand_id) AND ($year::int4 IS NULL OR y.year = $year)
   AND ($state::text IS NULL OR y.state = $state)
   AND y.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY y.id DESC
 LIMIT $lim;

-- name: brand_year_rows :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('year_id', r.year_id, 'town_code', r.town_code, 'place', r.place, 'workers', r.workers,
           'county_code', r.county_code)::text AS reply, r.town_code || '/' || r.place AS cursor
  FROM training.brand_year_row r
 WHERE r.year_id = $id AND r.town_code || '/' || r.place > coalesce($after::text, '')
 ORDER BY r.town_code || '/' || r.place
 LIMIT $lim;

-- Recognised brands whose last year is not passed though its day has come.
-- name: brand_overdue :many read
-- args: after text, lim int4
WITH due AS (
    SELECT extract(year FROM platform.today())::int - 1 AS year,
           date_trunc('year', platform.today())::date
               + training.skill_rule_on('brand_report_days', NULL, platform.today())::int AS due_on
)
SELECT jsonb_build_object('id', b.id, 'name', b.name, 'year', d.year, 'due_on', d.due_on,
           'state', y.state, 'county_code', b.county_code)::text AS reply, b.id::text AS cursor
  FROM due d
  JOIN training.brand b ON b.state IN ('recognised', 'suspended') AND extract(year FROM b.recognised_on) <= d.year
  LEFT JOIN training.brand_year y ON y.brand_id = b.id AND y.year = d.year
 WHERE platform.in_areas(b.county_code, b.area_code) AND platform.today() > d.due_on AND y.state IS DISTINCT FROM 'passed'
   AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
UNION ALL
SELECT platform.refuse('training.rule_unset'), '' FROM due d WHERE d.due_on IS NULL
 ORDER BY 2 DESC
 LIMIT $lim;

-- Each bearer that applied is reminded once of each year; the sandbox's clock may jump.
-- name: brand_remind :one
-- args:
WITH late AS (
    UPDATE training.brand b SET reminded_year = d.year
      FROM (SELECT extract(year FROM platform.today())::int - 1 AS year,
                   date_trunc('year', platform.today())::date
                       + training.skill_rule_on('brand_report_days', NULL, platform.today())::int AS due_on) d
     WHERE b.state = 'recognised' AND b.applicant_id IS NOT NULL AND platform.today() > d.due_on
       AND extract(year FROM b.recognised_on) <= d.year AND coalesce(b.reminded_year, 0) < d.year
       AND NOT EXISTS (SELECT FROM training.brand_year y WHERE y.brand_id = b.id AND y.year = d.year
                          AND y.state IN ('submitted', 'passed'))
    RETURNING b.id, b.name, b.applicant_id, d.year
)
SELECT count(training.tell(NULL, l.applicant_id, 'brand_overdue', '劳务品牌“' || l.name || '”' || l.year || '年度报告已逾期',
           '', 'brand', l.id)) AS told FROM late l;
