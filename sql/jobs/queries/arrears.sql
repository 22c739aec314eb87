-- Wage-arrears clues.

-- By the worker, or by a clerk about people who are not here.
-- name: arrears_file :one
-- args: id uuid, caller_person uuid, employer_name text, project text, amount_cents int8, months int4,
--       people int4, detail text, county text, area_code text
WITH made AS (
    INSERT INTO jobs.arrears_clue AS a (id, person_id, filed_as, employer_name, project, amount_cents, months, people,
                                        detail, county_code, area_code)
    SELECT $id, $caller_person::uuid, CASE WHEN $caller_person::uuid IS NULL THEN 'clerk' ELSE 'worker' END,
           $employer_name, $project, $amount_cents, $months, $people, coalesce($detail, ''), $county, $area_code
     WHERE $caller_person::uuid IS NULL OR EXISTS (SELECT FROM jobs.person p WHERE p.id = $caller_person)
    RETURNING a AS a
), step AS (
    INSERT INTO jobs.arrears_step (clue_id, person_id, state, on_day, county_code, area_code)
    SELECT (a).id, (a).person_id, 'received', (a).filed_on, (a).county_code, (a).area_code FROM made
)
SELECT jobs.arrears_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.person_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: arrears_report :one
-- args: id uuid, employer_name text, project text, amount_cents int8, months int4, people int4, detail text,
--       county text, area_code text
SELECT jsonb_build_object('id', $id::uuid, 'state', 'received',
           'filed_on', jobs.arrears_report($id, $employer_name, $project, $amount_cents, $months, $people, $detail,
               $county, $area_code),
           'referral_to', s.arrears_agency, 'notice', CASE WHEN s.arrears_agency IS NULL
           THEN '线索已留存；本地尚未设定受理欠薪线索的劳动监察机构，设定后转送。' END)::text AS reply
  FROM jobs.help_setting_of($county) s;

-- Every later step: what follows what is jobs.arrears_allows()'s.
-- name: arrears_move :one
-- args: id uuid, next text, on_day date, paid_cents int8?, note text
WITH found AS (
    SELECT a.id, a.state, a.filed_on, a.amount_cents, a.paid_cents,
           jobs.help_setting_of(a.county_code) AS s
      FROM jobs.arrears_clue a WHERE a.id = $id FOR UPDATE
), judged AS (
    SELECT f.*, CASE WHEN NOT jobs.arrears_allows(f.state, $next) THEN 'state.wrong'
            WHEN $on_day < f.filed_on THEN 'field.date_order /on'
            WHEN $next = 'referred' AND (f.s).arrears_agency IS NULL THEN 'jobs.arrears_agency_unset'
            WHEN f.paid_cents + coalesce($paid_cents, 0) > f.amount_cents THEN 'jobs.arrears_paid /paid_cents' END AS fault
      FROM found f
), moved AS (
    UPDATE jobs.arrears_clue a
       SET state = $next, paid_cents = a.paid_cents + coalesce($paid_cents, 0),
           agency = CASE WHEN $next = 'referred' THEN (j.s).arrears_agency ELSE a.agency END,
           referred_on = CASE WHEN $next = 'referred' THEN $on_day ELSE a.referred_on END,
           due_on = CASE WHEN $next = 'referred' THEN $on_day + (j.s).arrears_handle_days ELSE a.due_on END
      FROM judged j WHERE a.id = j.id AND j.fault IS NULL
    RETURNING a AS a
), step AS (
    INSERT INTO jobs.arrears_step (clue_id, person_id, state, on_day, paid_cents, note, county_code, area_code)
    SELECT (a).id, (a).person_id, (a).state, $on_day, $paid_cents, $note, (a).county_code, (a).area_code FROM moved
)
SELECT jobs.arrears_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: arrears_get :one read
-- args: id uuid
SELECT jobs.arrears_whole(a)::text AS reply FROM jobs.arrears_clue a WHERE a.id = $id;

-- name: arrears_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.arrears_whole(a)::text AS reply, a.id::text AS cursor
  FROM jobs.arrears_clue a
 WHERE a.person_id = $caller_person
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: arrears_list :many read
-- args: after text, lim int4, county_code text, state text, is_overdue bool?
SELECT jobs.arrears_json(a)::text AS reply, a.id::text AS cursor
  FROM jobs.arrears_clue a
 WHERE platform.in_areas(a.county_code, a.area_code)
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR a.county_code = $county_code)
   AND ($state::text IS NULL OR a.state = $state)
   AND ($is_overdue::bool IS NULL OR $is_overdue = coalesce(a.due_on < platform.today()
        AND a.state IN ('referred', 'accepted', 'handling', 'paid'), false))
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: arrears_figure_list :one read
-- args: from_on date, to_on date, hides bool
WITH counted AS (
    SELECT a.county_code, count(*) AS clues, sum(a.people) AS people, sum(a.amount_cents) AS amount_cents,
           sum(a.paid_cents) AS paid_cents, count(*) FILTER (WHERE a.state = 'closed') AS closed,
           count(*) FILTER (WHERE a.state = 'not_established') AS not_established,
           count(*) FILTER (WHERE a.due_on < platform.today()
               AND a.state IN ('referred', 'accepted', 'handling', 'paid')) AS overdue
      FROM jobs.arrears_clue a
     WHERE platform.in_areas(a.county_code, a.area_code) AND a.filed_on BETWEEN $from_on AND $to_on
     GROUP BY a.county_code
), shown AS (
    SELECT c.*, $hides AND (c.clues < 5 OR c.people < 5 OR c.closed BETWEEN 1 AND 4
        OR c.not_established BETWEEN 1 AND 4 OR c.overdue BETWEEN 1 AND 4) AS hidden FROM counted c
)
SELECT jsonb_build_object('from_on', $from_on, 'to_on', $to_on, 'items', coalesce(jsonb_agg(
           jsonb_build_object('county_code', s.county_code, 'hidden', s.hidden)
           || CASE WHEN s.hidden THEN '{}'::jsonb ELSE jsonb_build_object('clues', s.clues, 'people', s.people,
               'amount_cents', s.amount_cents, 'paid_cents', s.paid_cents, 'currency', 'CNY', 'closed', s.closed,
               'not_established', s.not_established, 'overdue', s.overdue) END ORDER BY s.county_code), '[]'))::text AS reply
  FROM shown s;
