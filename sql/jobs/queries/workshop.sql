-- name: workshop_propose :one
-- args: id uuid, org uuid, county text, area_code text, name text, products text, capacity int4
WITH made AS (
    INSERT INTO jobs.workshop AS w (id, org_id, org_name, name, products, capacity, county_code, area_code)
    SELECT $id, o.id, o.name, $name, $products, $capacity, $county, $area_code
      FROM jobs.org o WHERE o.id = $org
    RETURNING w AS w
)
SELECT jobs.workshop_json(w)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- 人社 looks first, 乡村振兴 second: two people, and not who registered it.
-- name: workshop_judge :one
-- args: id uuid, step text, pass bool, note text, until_on date
WITH found AS (
    SELECT w.id, w.state, platform.actor() IN (w.proposed_by, w.checked_by) AS same
      FROM jobs.workshop w
     WHERE w.id = $id AND platform.in_areas(w.county_code, w.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.workshop AS w
       SET state = CASE WHEN NOT $pass THEN 'refused' WHEN $step = 'check' THEN 'checked' ELSE 'recognised' END,
           note = $note,
           checked_by = CASE WHEN $step = 'check' THEN platform.actor() ELSE w.checked_by END,
           recognised_by = CASE WHEN $step = 'recognise' THEN platform.actor() END,
           recognised_on = CASE WHEN $step = 'recognise' AND $pass THEN platform.today() END,
           until_on = CASE WHEN $step = 'recognise' AND $pass THEN $until_on END
      FROM found f
     WHERE w.id = f.id AND f.same IS NOT TRUE
       AND f.state = CASE $step WHEN 'check' THEN 'proposed' ELSE 'checked' END
    RETURNING w AS w
)
SELECT jobs.workshop_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'jobs.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: workshop_revoke :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT w.id, w.state FROM jobs.workshop w
     WHERE w.id = $id AND platform.in_areas(w.county_code, w.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.workshop AS w SET state = 'revoked', note = $note
      FROM found f WHERE w.id = f.id AND f.state = 'recognised'
    RETURNING w AS w
)
SELECT jobs.workshop_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: workshop_list :many read
-- args: after text, lim int4, state text, county_code text, is_inactive bool?
SELECT jobs.workshop_json(w)::text AS reply, w.id::text AS cursor
  FROM jobs.workshop w
 WHERE w.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR w.state = $state)
   AND ($county_code::text IS NULL OR w.county_code = $county_code)
   AND ($is_inactive::bool IS NOT TRUE OR (w.state = 'recognised' AND greatest(w.recognised_on,
           (SELECT max(g.month) + interval '1 month' FROM jobs.workshop_wage g
             WHERE g.workshop_id = w.id AND g.wage_cents > 0))
         + make_interval(months => jobs.work_rule_on('workshop_idle_months', platform.today())::int)
         <= platform.today()))
 ORDER BY w.id DESC
 LIMIT $lim;

-- name: workshop_upgrade_ask :one
-- args: id uuid, what text
WITH found AS (
    SELECT w.id, w.state = 'recognised' AND w.upgrade_state IN ('none', 'returned') AS may
      FROM jobs.workshop w WHERE w.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.workshop AS w SET upgrade_state = 'asked', upgrade_what = $what, asked_by = platform.actor(),
           accepted_by = NULL
      FROM found f WHERE w.id = f.id AND f.may
    RETURNING w AS w
)
SELECT jobs.workshop_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: workshop_upgrade_accept :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT w.id, w.upgrade_state, w.asked_by = platform.actor() AS same FROM jobs.workshop w
     WHERE w.id = $id AND platform.in_areas(w.county_code, w.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.workshop AS w SET upgrade_state = CASE WHEN $pass THEN 'accepted' ELSE 'returned' END,
           upgrade_note = $note, accepted_by = platform.actor(),
           upgraded_on = CASE WHEN $pass THEN platform.today() END
      FROM found f WHERE w.id = f.id AND f.upgrade_state = 'asked' AND NOT f.same
    RETURNING w AS w
)
SELECT jobs.workshop_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'jobs.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: workshop_enrol :one
-- args: id uuid, person_id uuid, is_poor bool?, pay_kind text, from_on date
WITH shop AS (
    SELECT w.* FROM jobs.workshop w WHERE w.id = $id
), made AS (
    INSERT INTO jobs.workshop_worker AS x (workshop_id, org_id, person_id, name_masked, is_poor, pay_kind,
                                           from_on, county_code, area_code)
    SELECT s.id, s.org_id, $person_id, '', CASE WHEN platform.org() IS NULL THEN $is_poor END, $pay_kind, $from_on, s.county_code, s.area_code
      FROM shop s WHERE $from_on <= platform.today()
    RETURNING x AS x
)
SELECT jobs.workshop_worker_json(x)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('field.date_future /from_on') FROM shop WHERE NOT EXISTS (SELECT FROM made);

-- name: workshop_leave :one
-- args: id uuid, to_on date
WITH found AS (
    SELECT x.id, x.to_on, x.from_on FROM jobs.workshop_worker x WHERE x.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.workshop_worker AS x SET to_on = $to_on
      FROM found f
     WHERE x.id = f.id AND f.to_on IS NULL AND $to_on BETWEEN f.from_on AND platform.today()
    RETURNING x AS x
)
SELECT jobs.workshop_worker_json(x)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.to_on IS NULL THEN 'field.date_order /to_on' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: workshop_worker_list :many read
-- args: after text, lim int4, id uuid
SELECT jobs.workshop_worker_json(x)::text AS reply, x.id::text AS cursor
  FROM jobs.workshop_worker x
 WHERE x.workshop_id = $id AND (x.org_id = platform.org() OR platform.in_areas(x.county_code, x.area_code))
   AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY x.id DESC
 LIMIT $lim;

-- A month of wages in rows, each with its outcome; sent again, the same rows are
-- the same. A year that is closed takes no more.
-- name: workshop_wages :one
-- args: id uuid, month date, rows jsonb
WITH shop AS (
    SELECT w.id, w.org_id, w.county_code, w.area_code, EXISTS (SELECT FROM jobs.workshop_year y
               WHERE y.workshop_id = w.id AND y.year = extract(year FROM $month)) AS is_closed
      FROM jobs.workshop w
     WHERE w.id = $id AND (w.org_id = platform.org() OR platform.in_areas(w.county_code, w.area_code))
       FOR UPDATE
), given AS (
    SELECT r.n, (r.row->>'worker_id')::uuid AS worker_id, (r.row->>'days')::int AS days,
           (r.row->>'wage_cents')::bigint AS wage_cents,
           count(*) OVER (PARTITION BY (r.row->>'worker_id')) AS times
      FROM jsonb_array_elements($rows) WITH ORDINALITY AS r (row, n)
), judged AS (
    SELECT g.*, x.person_id, CASE
               WHEN x.id IS NULL THEN 'jobs.workshop_not_enrolled'
               WHEN g.times > 1 THEN 'field.duplicate'
               WHEN x.from_on >= $month + interval '1 month' OR x.to_on < $month THEN 'jobs.workshop_not_then'
               WHEN g.days > extract(day FROM $month + interval '1 month' - interval '1 day') THEN 'field.too_large'
           END AS code
      FROM given g CROSS JOIN shop s
      LEFT JOIN jobs.workshop_worker x ON x.id = g.worker_id AND x.workshop_id = s.id
), made AS (
    INSERT INTO jobs.workshop_wage AS w (worker_id, month, workshop_id, org_id, person_id, days, wage_cents,
                                         county_code, area_code)
    SELECT j.worker_id, $month, s.id, s.org_id, j.person_id, j.days, j.wage_cents, s.county_code, s.area_code
      FROM judged j CROSS JOIN shop s
     WHERE j.code IS NULL AND NOT s.is_closed AND extract(day FROM $month) = 1 AND $month <= platform.today()
    ON CONFLICT (worker_id, month) DO UPDATE SET days = excluded.days, wage_cents = excluded.wage_cents,
           actor_id = platform.actor()
    RETURNING w.worker_id
)
SELECT jsonb_build_object('month', $month, 'county_code', s.county_code, 'taken', (SELECT count(*) FROM made),
           'failed', count(*) FILTER (WHERE j.code IS NOT NULL),
           'rows', jsonb_agg(jsonb_build_object('row', j.n, 'worker_id', j.worker_id, 'code', j.code)
                             ORDER BY j.n))::text AS reply
  FROM judged j CROSS JOIN shop s
 WHERE NOT s.is_closed AND extract(day FROM $month) = 1 AND $month <= platform.today()
 GROUP BY s.county_code
UNION ALL
SELECT platform.refuse(CASE WHEN s.is_closed THEN 'jobs.workshop_closed' ELSE 'jobs.workshop_month /month' END)
  FROM shop s WHERE s.is_closed OR extract(day FROM $month) <> 1 OR $month > platform.today();

-- name: workshop_wage_list :many read
-- args: after text, lim int4, id uuid, month date
SELECT jsonb_build_object('worker_id', g.worker_id, 'person_id', g.person_id, 'month', g.month,
           'days', g.days, 'wage_cents', g.wage_cents, 'currency', 'CNY', 'county_code', g.county_code)::text AS reply,
       g.month || '/' || g.worker_id AS cursor
  FROM jobs.workshop_wage g
 WHERE g.workshop_id = $id AND (g.org_id = platform.org() OR platform.in_areas(g.county_code, g.area_code))
   AND ($month::date IS NULL OR g.month = $month)
   AND ($after::text IS NULL OR (g.month, g.worker_id) >
        (split_part($after, '/', 1)::date, nullif(split_part($after, '/', 2), '')::uuid))
 ORDER BY g.month, g.worker_id
 LIMIT $lim;

-- Who is counted for a year so far, and who is not yet.
-- name: workshop_people :many read
-- args: after text, lim int4, id uuid, year int4
SELECT jsonb_build_object('person_id', p.person_id, 'name_masked', p.name_masked, 'is_poor', p.is_poor,
           'months', p.months, 'wage_cents', p.wage_cents, 'currency', 'CNY', 'is_qualified', p.is_qualified,
           'county_code', w.county_code)::text AS reply, p.person_id::text AS cursor
  FROM jobs.workshop w, jobs.workshop_people(w.id, $year) p
 WHERE w.id = $id AND (w.org_id = platform.org() OR platform.in_areas(w.county_code, w.area_code))
   AND p.person_id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY p.person_id
 LIMIT $lim;

-- name: workshop_year_close :one
-- args: id uuid, year int4
WITH shop AS (
    SELECT w.* FROM jobs.workshop w
     WHERE w.id = $id AND platform.in_areas(w.county_code, w.area_code) FOR UPDATE
), counted AS (
    SELECT count(*) AS workers, count(*) FILTER (WHERE p.is_qualified) AS qualified,
           coalesce(jsonb_agg(jsonb_build_object('person_id', p.person_id, 'months', p.months,
               'wage_cents', p.wage_cents)) FILTER (WHERE p.is_qualified), '[]') AS people
      FROM shop s, jobs.workshop_people(s.id, $year) p
), made AS (
    INSERT INTO jobs.workshop_year AS y (workshop_id, org_id, year, workers, qualified, people, county_code, area_code)
    SELECT s.id, s.org_id, $year, c.workers, c.qualified, c.people, s.county_code, s.area_code
      FROM shop s, counted c WHERE make_date($year, 12, 31) < platform.today()
    ON CONFLICT (workshop_id, year) DO NOTHING
    RETURNING y AS y
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.workshop.year_closed.v1', (y).id::text, (y).county_code,
           jsonb_build_object('workshop_id', (y).workshop_id, 'org_id', (y).org_id, 'year', (y).year,
                              'workers', (y).workers, 'qualified', (y).qualified, 'people', (y).people,
                              'county_code', (y).county_code)
      FROM made
)
SELECT jsonb_build_object('id', (y).id, 'workshop_id', (y).workshop_id, 'year', (y).year,
           'workers', (y).workers, 'qualified', (y).qualified, 'county_code', (y).county_code)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN make_date($year, 12, 31) >= platform.today() THEN 'jobs.workshop_year /year'
                            ELSE 'state.exists' END)
  FROM shop WHERE NOT EXISTS (SELECT FROM made);

-- Small counts of people are not shown: they could point at somebody.
-- name: workshop_figures :many read
-- args: after text, lim int4
SELECT jsonb_build_object('county_code', w.county_code, 'workshops', count(*) FILTER (WHERE w.state = 'recognised'),
           'upgraded', count(*) FILTER (WHERE w.upgrade_state = 'accepted'),
           'upgrade_target', jobs.work_rule_on('workshop_upgrade_target', platform.today()),
           'workers', CASE WHEN sum(n.workers) >= 5 THEN sum(n.workers) END,
           'poor_workers', CASE WHEN sum(n.poor) >= 5 THEN sum(n.poor) END)::text AS reply,
       w.county_code AS cursor
  FROM jobs.workshop w
  CROSS JOIN LATERAL (SELECT count(*) AS workers, count(*) FILTER (WHERE x.is_poor) AS poor
      FROM jobs.workshop_worker x WHERE x.workshop_id = w.id AND x.to_on IS NULL) n
 WHERE w.county_code > coalesce($after::text, '')
 GROUP BY w.county_code
 ORDER BY w.county_code
 LIMIT $lim;
