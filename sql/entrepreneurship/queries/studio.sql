-- name: studio_propose :one tells
-- args: caller_org uuid, name text, fields jsonb, address text, hours jsonb
WITH made AS (
    INSERT INTO entrepreneurship.studio AS s (org_id, org_name, name, fields, address, hours, county_code, area_code)
    SELECT o.id, o.name, $name, entrepreneurship.words_of($fields, entrepreneurship.mentor_fields(), '/fields'),
           $address, $hours, o.county_code, o.area_code
      FROM entrepreneurship.org o WHERE o.id = $caller_org
    RETURNING s AS s
)
SELECT entrepreneurship.studio_json(s)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('entrepreneurship.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- Two officers, neither of whom proposed it.
-- name: studio_judge :one tells
-- args: id uuid, step text, pass bool, note text
WITH found AS (
    SELECT s.id, s.state, platform.actor() IN (s.proposed_by, s.checked_by) AS same
      FROM entrepreneurship.studio s
     WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code) FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.studio AS s
       SET state = CASE WHEN NOT $pass THEN 'refused' WHEN $step = 'check' THEN 'checked' ELSE 'recognised' END,
           note = $note,
           checked_by = CASE WHEN $step = 'check' THEN platform.actor() ELSE s.checked_by END,
           recognised_by = CASE WHEN $step = 'recognise' THEN platform.actor() END,
           recognised_on = CASE WHEN $step = 'recognise' AND $pass THEN platform.today() END
      FROM found f
     WHERE s.id = f.id AND f.same IS NOT TRUE
       AND f.state = CASE $step WHEN 'check' THEN 'proposed' ELSE 'checked' END
    RETURNING s AS s
)
SELECT entrepreneurship.studio_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'entrepreneurship.second_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: studio_revoke :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT s.id, s.state FROM entrepreneurship.studio s
     WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code) FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.studio AS s SET state = 'revoked', note = $note
      FROM found f WHERE s.id = f.id AND f.state = 'recognised'
    RETURNING s AS s
)
SELECT entrepreneurship.studio_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Recognised ones, for everybody.
-- name: studio_list :many read
-- args: after text, lim int4, county_code text, field text
SELECT entrepreneurship.studio_json(s)::text AS reply, s.id::text AS cursor
  FROM entrepreneurship.studio s
 WHERE s.state = 'recognised' AND ($county_code::text IS NULL OR s.county_code = $county_code)
   AND ($field::text IS NULL OR $field = ANY (s.fields))
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC
 LIMIT $lim;

-- The organisation's own, or those of the officer's areas, in any state.
-- name: studio_list_own :many read
-- args: after text, lim int4, state text, county_code text
SELECT entrepreneurship.studio_json(s)::text AS reply, s.id::text AS cursor
  FROM entrepreneurship.studio s
 WHERE (s.org_id = platform.org() OR platform.in_areas(s.county_code, s.area_code))
   AND ($state::text IS NULL OR s.state = $state)
   AND ($county_code::text IS NULL OR s.county_code = $county_code)
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC
 LIMIT $lim;

-- name: training_want :one
-- args: id uuid, caller_org uuid, module text, headcount int4, from_on date, note text
WITH studio AS (
    SELECT s.* FROM entrepreneurship.studio s WHERE s.id = $id AND s.org_id = $caller_org
), made AS (
    INSERT INTO entrepreneurship.training_want AS w (studio_id, org_id, module, headcount, from_on, note, county_code, area_code)
    SELECT s.id, s.org_id, $module, $headcount, $from_on, $note, s.county_code, s.area_code
      FROM studio s WHERE s.state = 'recognised' AND $from_on >= platform.today()
    RETURNING w AS w
), told AS (
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.training.wanted.v1', (w).id::text, (w).county_code,
           jsonb_build_object('want_id', (w).id, 'studio_id', (w).studio_id, 'org_id', (w).org_id,
                              'module', (w).module, 'headcount', (w).headcount, 'from_on', (w).from_on,
                              'county_code', (w).county_code)
      FROM made
)
SELECT entrepreneurship.training_want_json(w)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN s.state = 'recognised' THEN 'field.date_past /from_on' ELSE 'state.wrong' END)
  FROM studio s WHERE NOT EXISTS (SELECT FROM made);

-- name: training_want_list :many read
-- args: after text, lim int4, county_code text
SELECT entrepreneurship.training_want_json(w)::text AS reply, w.id::text AS cursor
  FROM entrepreneurship.training_want w
 WHERE ($county_code::text IS NULL OR w.county_code = $county_code)
   AND w.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY w.id DESC
 LIMIT $lim;

-- From training: what is taught to founders, and who completed it.
-- name: startup_class_put :exec
-- args: class_id uuid, kind text, module text, capacity int4, starts_on date, county_code text
INSERT INTO entrepreneurship.startup_class (id, module, capacity, starts_on, county_code)
SELECT $class_id, $module, $capacity, $starts_on, $county_code WHERE $kind = 'startup'
ON CONFLICT (id) DO NOTHING;

-- name: startup_class_drop :exec
-- args: class_id uuid
DELETE FROM entrepreneurship.startup_class WHERE id = $class_id;

-- name: startup_trained_put :exec tells
-- args: enrolment_id uuid, class_id uuid, person_id uuid, kind text, module text, completed_on date, passed bool,
--       attended_minutes int8, county_code text
INSERT INTO entrepreneurship.startup_trained (enrolment_id, class_id, person_id, module, completed_on, passed, county_code)
SELECT $enrolment_id, $class_id, $person_id, $module, $completed_on, $passed, $county_code
 WHERE $kind = 'startup' AND $attended_minutes > 0
ON CONFLICT (enrolment_id) DO NOTHING;

-- name: guidance_figures :many read
-- args: after text, lim int4, year int4
SELECT jsonb_build_object('county_code', f.county_code, 'year', y.year, 'studios', f.studios, 'mentors', f.mentors,
           'guided', CASE WHEN f.guided >= 5 THEN f.guided END, 'trained', CASE WHEN f.trained >= 5 THEN f.trained END,
           'passed', CASE WHEN f.passed >= 5 THEN f.passed END, 'classes', f.classes,
           'studio_target', entrepreneurship.guidance_target_on('studio', y.last),
           'training_target', entrepreneurship.guidance_target_on('startup_training', y.last))::text AS reply,
       f.county_code AS cursor
  FROM (SELECT v.year, make_date(v.year, 1, 1) AS first, make_date(v.year, 12, 31) AS last
          FROM (SELECT coalesce(nullif($year, 0), date_part('year', platform.today())::int)) AS v (year)) AS y
 CROSS JOIN LATERAL entrepreneurship.guidance_figures(y.first, y.last) f
 WHERE f.county_code > coalesce($after::text, '')
 ORDER BY f.county_code
 LIMIT $lim;
