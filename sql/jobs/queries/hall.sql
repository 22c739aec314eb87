-- Halls and gig markets: upgrades, and their acceptance.

-- name: hall_checklist_set :one
-- args: from_on date, items jsonb, pass_score int4, basis text
INSERT INTO jobs.hall_checklist AS l (version, from_on, items, pass_score, basis)
SELECT coalesce((SELECT max(x.version) FROM jobs.hall_checklist x), 0) + 1,
       coalesce($from_on, platform.today()), $items, $pass_score, $basis
RETURNING jsonb_build_object('version', l.version, 'from_on', l.from_on, 'items', l.items,
    'pass_score', l.pass_score, 'basis', l.basis)::text AS reply;

-- name: hall_checklist_list :many read
-- args: after text, lim int4
SELECT jsonb_build_object('version', l.version, 'from_on', l.from_on, 'items', l.items,
           'pass_score', l.pass_score, 'basis', l.basis)::text AS reply, l.version::text AS cursor
  FROM jobs.hall_checklist l
 WHERE $after::text IS NULL OR l.version < $after::integer
 ORDER BY l.version DESC
 LIMIT $lim;

-- name: hall_submit :one
-- args: new_id uuid, id uuid, evidence jsonb
SELECT j::text AS reply FROM jobs.hall_submit($new_id, $id, $evidence) AS j WHERE j IS NOT NULL;

-- name: hall_resubmit :one
-- args: id uuid, evidence jsonb
SELECT j::text AS reply FROM jobs.hall_resubmit($id, $evidence) AS j WHERE j IS NOT NULL;

-- name: hall_score :one tells
-- args: id uuid, scores jsonb, note text
SELECT j::text AS reply FROM jobs.hall_score_put($id, $scores, $note) AS j WHERE j IS NOT NULL;

-- name: hall_project_list :many read
-- args: after text, lim int4, state text
SELECT jobs.hall_project_json(h)::text AS reply, h.id::text AS cursor
  FROM jobs.hall_project h
 WHERE h.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR h.state = $state)
 ORDER BY h.id DESC
 LIMIT $lim;

-- name: hall_project_get :one read
-- args: id uuid
SELECT jobs.hall_project_json(h)::text AS reply FROM jobs.hall_project h WHERE h.id = $id;

-- name: hall_work_open :one tells
-- args: new_id uuid, id uuid, title text, due_on date, reason text
SELECT j::text AS reply FROM jobs.hall_work_open($new_id, $id, $title, $due_on, $reason) AS j WHERE j IS NOT NULL;

-- name: hall_work_postpone :one tells
-- args: id uuid, due_on date, reason text
SELECT j::text AS reply FROM jobs.hall_work_postpone($id, $due_on, $reason) AS j WHERE j IS NOT NULL;

-- By another hand than that which began them.
-- name: hall_work_drop :one tells
-- args: id uuid, reason text
WITH found AS (
    SELECT w.id, w.state, w.opened_by = platform.actor() AS same FROM jobs.hall_work w WHERE w.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.hall_work w SET state = 'dropped', ended_on = platform.today(), end_note = $reason FROM found f
     WHERE w.id = f.id AND f.state = 'running' AND NOT f.same
    RETURNING w AS w
)
SELECT jobs.hall_work_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'running' THEN 'state.wrong' ELSE 'jobs.same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: hall_work_list :many read
-- args: after text, lim int4, state text, county_code text, place_id uuid, is_late bool?
SELECT jobs.hall_work_json(w)::text AS reply, w.id::text AS cursor
  FROM jobs.hall_work w
 WHERE w.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR w.state = $state)
   AND ($county_code::text IS NULL OR w.county_code = $county_code)
   AND ($place_id::uuid IS NULL OR w.place_id = $place_id)
   AND ($is_late::bool IS NULL OR (w.state = 'running' AND w.due_on < platform.today()) = $is_late)
 ORDER BY w.id DESC
 LIMIT $lim;

-- name: hall_work_get :one read
-- args: id uuid
SELECT jobs.hall_work_json(w)::text AS reply FROM jobs.hall_work w WHERE w.id = $id;
