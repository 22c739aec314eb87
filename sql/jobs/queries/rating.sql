-- 充分就业社区(村).

-- name: rating_measure :one read
-- args: village_code text, county text, from_on date, to_on date
SELECT jsonb_build_object('village_code', $village_code, 'county_code', $county, 'from_on', $from_on,
           'to_on', $to_on, 'measures', m, 'meets', jobs.rating_meets(m))::text AS reply
  FROM jobs.rating_measure($village_code, $from_on, $to_on) AS m
 WHERE platform.in_areas($county, $village_code);

-- name: rating_apply :one
-- args: id uuid, village_code text, village_name text, county text, from_on date, to_on date
INSERT INTO jobs.rating AS r (id, village_name, from_on, to_on, measures, county_code, area_code)
SELECT $id, $village_name, $from_on, $to_on, jobs.rating_measure($village_code, $from_on, $to_on), $county,
       $village_code
RETURNING jobs.rating_json(r)::text AS reply;

-- By the county: what falls short of a bar does not pass.
-- name: rating_check :one
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT r.id, r.state, r.applied_by, jobs.rating_measure(r.area_code, r.from_on, r.to_on) AS measures
      FROM jobs.rating r WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.rating AS r
       SET state = CASE $decision WHEN 'pass' THEN 'checked' ELSE 'refused' END, measures = f.measures,
           checked_by = platform.actor(), note = $note
      FROM found f
     WHERE r.id = f.id AND f.state = 'applied' AND f.applied_by <> platform.actor()
       AND ($decision <> 'pass' OR jobs.rating_meets(f.measures))
    RETURNING r AS r
)
SELECT jobs.rating_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'applied' THEN 'state.wrong'
                            WHEN f.applied_by = platform.actor() THEN 'jobs.same_hand'
                            ELSE 'jobs.rating_unmet' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By the city, for a year.
-- name: rating_approve :one tells
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT r.id, r.state, platform.actor() IN (r.applied_by, r.checked_by) AS same
      FROM jobs.rating r WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.rating AS r
       SET state = CASE $decision WHEN 'pass' THEN 'approved' ELSE 'refused' END,
           approved_by = platform.actor(), note = $note,
           approved_on = CASE $decision WHEN 'pass' THEN platform.today() END,
           valid_to = CASE $decision WHEN 'pass' THEN (platform.today() + interval '1 year')::date END
      FROM found f
     WHERE r.id = f.id AND f.state = 'checked' AND NOT f.same AND jobs.is_city()
    RETURNING r AS r
)
SELECT jobs.rating_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT jobs.is_city() THEN 'jobs.place_city'
                            WHEN f.state <> 'checked' THEN 'state.wrong' ELSE 'jobs.same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Measured over the last year: what still meets the bars is good for another.
-- name: rating_recheck :one
-- args: id uuid, note text
WITH found AS (
    SELECT r.id, r.state, jobs.rating_measure(r.area_code, (platform.today() - interval '1 year')::date,
                                              platform.today()) AS measures
      FROM jobs.rating r WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.rating AS r
       SET measures = f.measures, rechecked_on = platform.today(), note = $note,
           recheck_meets = jobs.rating_meets(f.measures),
           valid_to = CASE WHEN jobs.rating_meets(f.measures)
                           THEN (platform.today() + interval '1 year')::date ELSE r.valid_to END
      FROM found f WHERE r.id = f.id AND f.state = 'approved'
    RETURNING r AS r
)
SELECT jobs.rating_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: rating_withdraw :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT r.id, r.state FROM jobs.rating r
     WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.rating AS r SET state = 'withdrawn', note = $note
      FROM found f WHERE r.id = f.id AND f.state = 'approved' AND jobs.is_city()
    RETURNING r AS r
)
SELECT jobs.rating_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT jobs.is_city() THEN 'jobs.place_city' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: rating_public_list :many read
-- args: after text, lim int4, area_code text
SELECT jsonb_build_object('village_code', r.area_code, 'village_name', r.village_name,
           'approved_on', r.approved_on, 'valid_to', r.valid_to, 'county_code', r.county_code)::text AS reply,
       r.id::text AS cursor
  FROM jobs.rating r
 WHERE r.state = 'approved'
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($area_code::text IS NULL OR r.county_code = $area_code OR starts_with(r.area_code, $area_code))
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: rating_list :many read
-- args: after text, lim int4, state text, due bool?
SELECT jobs.rating_json(r)::text AS reply, r.id::text AS cursor
  FROM jobs.rating r
 WHERE platform.in_areas(r.county_code, r.area_code)
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR r.state = $state)
   AND ($due::bool IS NULL OR (r.state = 'approved' AND r.valid_to < platform.today()) = $due)
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: rating_figures :many read
-- args: after text, lim int4
WITH counts AS (
    SELECT r.county_code AS county, count(*) FILTER (WHERE r.state = 'applied') AS applied,
           count(*) FILTER (WHERE r.state = 'checked') AS checked,
           count(*) FILTER (WHERE r.state = 'approved') AS approved,
           count(*) FILTER (WHERE r.state = 'approved' AND r.valid_to < platform.today()) AS due,
           count(*) FILTER (WHERE r.state = 'withdrawn') AS withdrawn
      FROM jobs.rating r WHERE platform.in_areas(r.county_code, r.area_code) GROUP BY 1
), lines AS (
    SELECT c AS county, coalesce(n.applied, 0) AS applied, coalesce(n.checked, 0) AS checked,
           coalesce(n.approved, 0) AS approved, coalesce(n.due, 0) AS due, coalesce(n.withdrawn, 0) AS withdrawn
      FROM unnest(jobs.counties()) AS c LEFT JOIN counts n ON n.county = c WHERE platform.in_areas(c, NULL)
    UNION ALL
    SELECT '431100', coalesce(sum(n.applied), 0), coalesce(sum(n.checked), 0), coalesce(sum(n.approved), 0),
           coalesce(sum(n.due), 0), coalesce(sum(n.withdrawn), 0) FROM counts n HAVING jobs.is_city()
)
SELECT jsonb_build_object('county_code', l.county, 'applied', l.applied, 'checked', l.checked,
           'approved', l.approved, 'recheck_due', l.due, 'withdrawn', l.withdrawn, 'target', t.target,
           'target_text', CASE WHEN t.target IS NULL THEN '未设定' ELSE t.target::text END)::text AS reply,
       l.county AS cursor
  FROM lines l CROSS JOIN LATERAL (SELECT jobs.place_target_of('community', l.county)) AS t (target)
 WHERE $after::text IS NULL OR l.county COLLATE "C" > $after
 ORDER BY l.county COLLATE "C"
 LIMIT $lim;

-- name: rating_rule_set :one
-- args: criterion text, bar int4, from_on date, basis text
INSERT INTO jobs.rating_rule AS r (level, criterion, from_on, bar, basis, set_by)
VALUES ('city', $criterion, coalesce($from_on, platform.today()), $bar, $basis, platform.actor())
ON CONFLICT (level, criterion, from_on) DO UPDATE
   SET bar = excluded.bar, basis = excluded.basis, set_by = excluded.set_by
RETURNING jsonb_build_object('criterion', r.criterion, 'bar', r.bar, 'from_on', r.from_on,
    'basis', r.basis)::text AS reply;
