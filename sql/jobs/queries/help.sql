-- Help cases: opened, given to an officer, paused, closed. Whose cases a caller
-- reaches is row-level security's affair; steps and events are the triggers'.

-- name: help_open :one tells
-- args: person_id uuid
WITH made AS (
    SELECT jobs.help_open(p.id, 'officer', NULL) AS id, p.id AS person_id FROM jobs.person p
     WHERE p.id = $person_id AND platform.in_areas(p.county_code, p.area_code)
)
SELECT id::text AS id, CASE WHEN id IS NULL THEN platform.refuse('jobs.help_open') END AS refused FROM made
UNION ALL
SELECT NULL, platform.refuse('jobs.person_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- The group is the officer's finding.
-- name: help_regroup :one
-- args: id uuid, group text
UPDATE jobs.help_case k SET grp = $group WHERE k.id = $id RETURNING jobs.help_json(k)::text AS reply;

-- name: help_list :many read
-- args: after text, lim int4, county_code text, group text, state text, officer_id uuid,
--       is_escalated bool?, is_overdue bool?
SELECT jobs.help_json(k)::text AS reply, k.id::text AS cursor
  FROM jobs.help_case k
 WHERE platform.in_areas(k.county_code, k.area_code)
   AND k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR k.county_code = $county_code)
   AND ($group::text IS NULL OR k.grp = $group)
   AND ($state::text IS NULL OR k.state = $state)
   AND ($officer_id::uuid IS NULL OR k.officer_id = $officer_id)
   AND ($is_escalated::bool IS NULL OR (k.escalated_on IS NOT NULL) = $is_escalated)
   AND ($is_overdue::bool IS NULL OR $is_overdue = (k.state = 'open' AND (k.next_visit_on < platform.today()
        OR EXISTS (SELECT FROM jobs.help_item i WHERE i.case_id = k.id AND i.state = 'planned'
                      AND i.due_on < platform.today()))))
 ORDER BY k.id DESC
 LIMIT $lim;

-- name: help_get :one read
-- args: id uuid
SELECT jobs.help_whole(k)::text AS reply FROM jobs.help_case k WHERE k.id = $id;

-- name: help_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.help_whole(k)::text AS reply, k.id::text AS cursor
  FROM jobs.help_case k
 WHERE k.person_id = $caller_person
   AND k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY k.id DESC
 LIMIT $lim;

-- name: help_assign :one
-- args: id uuid, officer uuid
WITH found AS (
    SELECT k.id FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.help_case k SET officer_id = $officer FROM found
     WHERE k.id = found.id AND k.state <> 'closed'
    RETURNING k AS k
)
SELECT jobs.help_json(k)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Only those who reach the case may send it away; afterwards they do not.
-- name: help_transfer :one
-- args: id uuid, county text, area_code text, reason text
WITH found AS (
    SELECT k.id, k.state, k.county_code FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
)
SELECT CASE WHEN f.state = 'closed' THEN platform.refuse('state.wrong')
            WHEN f.county_code = $county THEN platform.refuse('jobs.help_same_county')
            ELSE concat(jobs.help_transfer(f.id, $county, $area_code, $reason),
                jsonb_build_object('id', f.id, 'state', f.state)) END AS reply
  FROM found f;

-- From a day past or today to one not before today.
-- name: help_pause :one
-- args: id uuid, reason text, from_on date, to_on date, note text
WITH found AS (
    SELECT k.id, k.person_id, k.state, k.opened_on, k.county_code, k.area_code
      FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
), put AS (
    INSERT INTO jobs.help_pause (case_id, person_id, reason, note, from_on, to_on, county_code, area_code)
    SELECT f.id, f.person_id, $reason, $note, $from_on, $to_on, f.county_code, f.area_code
      FROM found f WHERE f.state = 'open' AND f.opened_on <= $from_on
), moved AS (
    UPDATE jobs.help_case k SET state = 'paused', paused_on = $from_on, escalated_on = NULL FROM found f
     WHERE k.id = f.id AND f.state = 'open' AND f.opened_on <= $from_on
    RETURNING k AS k
)
SELECT jobs.help_json(k)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'open' THEN 'state.wrong' ELSE 'field.date_order /from_on' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: help_resume :one
-- args: id uuid
WITH found AS (
    SELECT k.id, k.state FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
)
SELECT CASE WHEN f.state <> 'paused' THEN platform.refuse('state.wrong')
            ELSE concat((SELECT jobs.help_resume(p, platform.today()) FROM jobs.help_pause p
                          WHERE p.case_id = f.id AND p.resumed_on IS NULL), f.id) END AS done
  FROM found f;

-- As refused only when a refusal is on record.
-- name: help_close :one tells
-- args: id uuid, reason text
WITH found AS (
    SELECT k.id, k.person_id, k.state, k.refused_count FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
)
SELECT CASE WHEN f.state = 'closed' THEN platform.refuse('state.wrong')
            WHEN $reason = 'refused' AND f.refused_count = 0 THEN platform.refuse('jobs.help_not_refused')
            ELSE concat(jobs.help_close(f.person_id, $reason, platform.today()), f.id) END AS done
  FROM found f;

-- Within the period that is set, and while no other case of the person is open.
-- name: help_reopen :one
-- args: id uuid
WITH found AS (
    SELECT k.id, k.state, k.person_id, k.closed_on,
           (jobs.help_setting_of(k.county_code)).reopen_days AS days
      FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
), judged AS (
    SELECT f.id, CASE WHEN f.state <> 'closed' THEN 'state.wrong'
                WHEN f.days IS NULL THEN 'jobs.help_reopen_unset'
                WHEN f.closed_on + f.days < platform.today() THEN 'jobs.help_reopen_late'
                WHEN EXISTS (SELECT FROM jobs.help_case o WHERE o.person_id = f.person_id AND o.state <> 'closed')
                THEN 'jobs.help_open' END AS fault
      FROM found f
), moved AS (
    UPDATE jobs.help_case k SET state = 'open', closed_on = NULL, close_reason = NULL, next_visit_on = platform.today()
      FROM judged j WHERE k.id = j.id AND j.fault IS NULL
    RETURNING k AS k
)
SELECT jobs.help_json(k)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- Whom to see next: the earliest of the next visit and what is due in the plan.
-- name: help_visit_list :many read
-- args: after text, lim int4, officer_id uuid, county_code text, due_to date, is_overdue bool?
SELECT (jobs.help_json(k) || jsonb_build_object('due_on', d.due_on,
           'overdue_days', greatest(platform.today() - d.due_on, 0)))::text AS reply,
       d.due_on || ' ' || k.id AS cursor
  FROM jobs.help_case k
 CROSS JOIN LATERAL (SELECT least(k.next_visit_on, (SELECT min(i.due_on) FROM jobs.help_item i
                              WHERE i.case_id = k.id AND i.state = 'planned')) AS due_on) AS d
 WHERE k.state = 'open' AND d.due_on IS NOT NULL
   AND platform.in_areas(k.county_code, k.area_code)
   AND ($officer_id::uuid IS NULL OR k.officer_id = $officer_id)
   AND ($county_code::text IS NULL OR k.county_code = $county_code)
   AND ($due_to::date IS NULL OR d.due_on <= $due_to)
   AND ($is_overdue::bool IS NULL OR (d.due_on < platform.today()) = $is_overdue)
   AND ($after::text IS NULL OR (d.due_on, k.id) > (split_part($after, ' ', 1)::date, split_part($after, ' ', 2)::uuid))
 ORDER BY d.due_on, k.id
 LIMIT $lim;

-- By county: cells under five are hidden from those who may not see cases.
-- name: help_board :one read
-- args: hides bool
SELECT jsonb_build_object('today', platform.today(), 'items', coalesce(jsonb_agg(jsonb_build_object(
           'county_code', b.county_code,
           'open', CASE WHEN $hides AND b.open BETWEEN 1 AND 4 THEN NULL ELSE b.open END,
           'paused', CASE WHEN $hides AND b.paused BETWEEN 1 AND 4 THEN NULL ELSE b.paused END,
           'unassigned', CASE WHEN $hides AND b.unassigned BETWEEN 1 AND 4 THEN NULL ELSE b.unassigned END,
           'due_today', CASE WHEN $hides AND b.due_today BETWEEN 1 AND 4 THEN NULL ELSE b.due_today END,
           'overdue', CASE WHEN $hides AND b.overdue BETWEEN 1 AND 4 THEN NULL ELSE b.overdue END,
           'escalated', CASE WHEN $hides AND b.escalated BETWEEN 1 AND 4 THEN NULL ELSE b.escalated END)
           ORDER BY b.county_code), '[]'))::text AS reply
  FROM (SELECT k.county_code, count(*) FILTER (WHERE k.state = 'open') AS open,
               count(*) FILTER (WHERE k.state = 'paused') AS paused,
               count(*) FILTER (WHERE k.officer_id IS NULL) AS unassigned,
               count(*) FILTER (WHERE k.state = 'open' AND d.due_on = platform.today()) AS due_today,
               count(*) FILTER (WHERE k.state = 'open' AND d.due_on < platform.today()) AS overdue,
               count(*) FILTER (WHERE k.escalated_on IS NOT NULL) AS escalated
          FROM jobs.help_case k
         CROSS JOIN LATERAL (SELECT least(k.next_visit_on, (SELECT min(i.due_on) FROM jobs.help_item i
                                      WHERE i.case_id = k.id AND i.state = 'planned')) AS due_on) AS d
         WHERE k.state <> 'closed' AND platform.in_areas(k.county_code, k.area_code)
         GROUP BY k.county_code) AS b;

-- The clock: once a case and spell of lateness, however often it runs.
-- name: help_sweep :one
-- args: at_most int4
WITH due AS (
    SELECT p AS p FROM jobs.help_pause p WHERE p.resumed_on IS NULL AND p.to_on < platform.today()
     ORDER BY p.id LIMIT $at_most FOR UPDATE SKIP LOCKED
), resumed AS (
    SELECT count(jobs.help_resume(p, (p).to_on + 1)::text) AS n FROM due
), late AS (
    UPDATE jobs.help_item i SET escalated_on = platform.today()
      FROM jobs.help_case k
      LEFT JOIN jobs.help_setting own ON own.county_code = k.county_code
      LEFT JOIN jobs.help_setting city ON city.county_code = '431100'
     WHERE k.id = i.case_id AND k.state = 'open' AND i.state = 'planned' AND i.escalated_on IS NULL
       AND i.due_on < platform.today()
       AND i.due_on + coalesce(own.escalate_days, city.escalate_days) < platform.today()
    RETURNING i.case_id
), escalated AS (
    UPDATE jobs.help_case k SET escalated_on = platform.today()
     WHERE k.escalated_on IS NULL AND k.id IN (SELECT l.case_id FROM late l)
    RETURNING k.id
)
SELECT (SELECT n FROM resumed) AS resumed, (SELECT count(*) FROM escalated) AS escalated;

-- What the policy leaves open: the city's row and the counties' own.
-- name: help_setting_list :one read
SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('county_code', s.county_code,
           'escalate_days', s.escalate_days, 'visit_days', s.visit_days, 'reopen_days', s.reopen_days,
           'arrears_agency', s.arrears_agency, 'arrears_handle_days', s.arrears_handle_days,
           'changed_at', s.changed_at) ORDER BY s.county_code), '[]'))::text AS reply
  FROM jobs.help_setting s;

-- name: help_setting_put :one
-- args: county text, escalate_days int4?, visit_days int4?, reopen_days int4?, arrears_agency text,
--       arrears_handle_days int4?
INSERT INTO jobs.help_setting AS s (county_code, escalate_days, visit_days, reopen_days, arrears_agency,
                                    arrears_handle_days)
VALUES ($county, $escalate_days, $visit_days, $reopen_days, $arrears_agency, $arrears_handle_days)
ON CONFLICT (county_code) DO UPDATE
   SET escalate_days = excluded.escalate_days, visit_days = excluded.visit_days,
       reopen_days = excluded.reopen_days, arrears_agency = excluded.arrears_agency,
       arrears_handle_days = excluded.arrears_handle_days, changed_by = platform.actor(),
       changed_at = platform.now()
RETURNING jsonb_build_object('county_code', s.county_code, 'escalate_days', s.escalate_days,
    'visit_days', s.visit_days, 'reopen_days', s.reopen_days, 'arrears_agency', s.arrears_agency,
    'arrears_handle_days', s.arrears_handle_days, 'changed_at', s.changed_at)::text AS reply;

-- name: help_scan :one tells
-- args: at_most int4
SELECT jobs.help_scan($at_most) AS opened;
