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
