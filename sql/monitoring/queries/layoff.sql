-- Reports of large layoffs.

-- `org`: the caller's, or whom a clerk names in the own area.
-- name: layoff_report :one tells
-- args: id uuid, org uuid, headcount int8, staff int8, reason text, noticed_on date, planned_on date, plan text, union_view text
WITH org AS (
    SELECT o.* FROM monitoring.org o
     WHERE o.id = $org AND (o.id = platform.org() OR platform.in_areas(o.county_code, o.area_code))
), made AS (
    INSERT INTO monitoring.layoff AS l (id, org_id, org_name, industry_code, headcount, staff, reason, noticed_on, planned_on,
                                        plan, union_view, via, due_on, county_code, area_code)
    SELECT $id, o.id, o.name, monitoring.section_of(o.industry_code), $headcount, $staff, $reason, $noticed_on, $planned_on,
           $plan, $union_view, CASE WHEN platform.org() IS NULL THEN 'clerk' ELSE 'org' END,
           monitoring.setting_due('layoff_days', platform.today()), o.county_code, o.area_code
      FROM org o
    ON CONFLICT (org_id) WHERE state IN ('reported', 'acknowledged', 'handled') DO NOTHING
    RETURNING l AS l
)
SELECT monitoring.layoff_json(l)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM org) THEN 'monitoring.layoff_open' ELSE 'monitoring.org_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- The next step of the county, each from the one before it.
-- name: layoff_move :one tells
-- args: id uuid, step text, note text, outcome text, laid_off int8?
WITH found AS (
    SELECT l.id, l.state, l.headcount, l.reported_by = platform.actor() AS same FROM monitoring.layoff l
     WHERE l.id = $id AND platform.in_areas(l.county_code, l.area_code) FOR UPDATE
), judged AS (
    SELECT CASE WHEN f.state <> CASE $step WHEN 'acknowledged' THEN 'reported' WHEN 'handled' THEN 'acknowledged' ELSE 'handled' END
                THEN 'state.wrong'
                WHEN f.same AND $step <> 'handled' THEN 'monitoring.same_hand'
                WHEN $laid_off > f.headcount THEN 'field.too_large /laid_off'
                WHEN $outcome = 'carried_out' AND $laid_off < f.headcount THEN 'field.too_small /laid_off'
                WHEN $outcome = 'reduced' AND $laid_off IN (0, f.headcount) THEN 'field.choice /outcome'
                WHEN $outcome = 'cancelled' AND $laid_off > 0 THEN 'field.too_large /laid_off' END AS fault
      FROM found f
), moved AS (
    UPDATE monitoring.layoff AS l
       SET state = $step,
           acknowledged_by = CASE $step WHEN 'acknowledged' THEN platform.actor() ELSE l.acknowledged_by END,
           acknowledged_on = CASE $step WHEN 'acknowledged' THEN platform.today() ELSE l.acknowledged_on END,
           handled_by = CASE $step WHEN 'handled' THEN platform.actor() ELSE l.handled_by END,
           handled_on = CASE $step WHEN 'handled' THEN platform.today() ELSE l.handled_on END,
           measures = CASE $step WHEN 'handled' THEN $note ELSE l.measures END,
           closed_by = CASE $step WHEN 'closed' THEN platform.actor() END,
           closed_on = CASE $step WHEN 'closed' THEN platform.today() END,
           outcome = $outcome, laid_off = $laid_off::int8::integer,
           note = CASE $step WHEN 'handled' THEN l.note ELSE $note END
      FROM found f, judged j WHERE l.id = f.id AND j.fault IS NULL
    RETURNING l AS l
)
SELECT monitoring.layoff_json(l)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- By whoever reported, before the office took measures.
-- name: layoff_withdraw :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT l.id, l.state FROM monitoring.layoff l WHERE l.id = $id FOR UPDATE
), moved AS (
    UPDATE monitoring.layoff AS l SET state = 'withdrawn', note = $note
      FROM found f WHERE l.id = f.id AND f.state IN ('reported', 'acknowledged')
    RETURNING l AS l
)
SELECT monitoring.layoff_json(l)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: layoff_list :many read
-- args: after text, lim int4, state text, county_code text, is_overdue bool?
SELECT monitoring.layoff_json(l)::text AS reply, l.id::text AS cursor
  FROM monitoring.layoff l
 WHERE l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR l.state = $state)
   AND ($county_code::text IS NULL OR l.county_code = $county_code)
   AND ($is_overdue::bool IS NULL OR $is_overdue = coalesce(l.due_on < platform.today()
        AND l.state IN ('reported', 'acknowledged'), false))
 ORDER BY l.id DESC LIMIT $lim;

-- name: layoff_get :one read
-- args: id uuid
SELECT monitoring.layoff_json(l)::text AS reply FROM monitoring.layoff l WHERE l.id = $id;
