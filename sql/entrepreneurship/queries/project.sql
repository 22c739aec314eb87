-- Proofs of founders; projects, their plans and milestones. The rules are functions
-- of sql/entrepreneurship/030-034.

-- name: founder_proof_submit :one tells
-- args: new_id uuid, org uuid, kind text, title text, issuer text, proved_on date
INSERT INTO entrepreneurship.founder_proof AS p (id, kind, org_id, title, issuer, proved_on, county_code, area_code)
SELECT $new_id, $kind, o.id, $title, $issuer, $proved_on, o.county_code, o.area_code
  FROM entrepreneurship.org o WHERE o.id = $org
RETURNING entrepreneurship.founder_proof_json(p)::text AS reply;

-- name: founder_proof_own :one read
-- args: id uuid, org uuid
SELECT p.county_code, p.area_code, p.state = 'submitted' AND NOT EXISTS (SELECT FROM entrepreneurship.second_look l
           WHERE l.subject_id = p.id) AS open
  FROM entrepreneurship.founder_proof p WHERE p.id = $id AND p.org_id = $org;

-- name: founder_proof_look :one tells
-- args: id uuid, met bool, note text
SELECT j::text AS reply FROM entrepreneurship.founder_proof_look($id, $met, $note) AS j WHERE j IS NOT NULL;

-- name: founder_proof_list :many read
-- args: after text, lim int4, kind text, state text, county_code text, org_id uuid
SELECT entrepreneurship.founder_proof_json(p)::text AS reply, p.id::text AS cursor
  FROM entrepreneurship.founder_proof p
 WHERE p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR p.kind = $kind) AND ($state::text IS NULL OR p.state = $state)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
   AND ($org_id::uuid IS NULL OR p.org_id = $org_id)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: project_plan :one tells
-- args: id uuid, plan jsonb
SELECT j::text AS reply FROM entrepreneurship.project_plan($id, $plan) AS j WHERE j IS NOT NULL;

-- name: project_agree :one tells
-- args: id uuid, pass bool, note text
SELECT j::text AS reply FROM entrepreneurship.project_agree($id, $pass, $note) AS j WHERE j IS NOT NULL;

-- name: project_revoke :one tells
-- args: id uuid, reason text
SELECT j::text AS reply FROM entrepreneurship.project_revoke($id, $reason) AS j WHERE j IS NOT NULL;

-- name: project_get :one read
-- args: id uuid
SELECT entrepreneurship.project_json(p)::text AS reply FROM entrepreneurship.project p WHERE p.id = $id;

-- name: project_list :many read
-- args: after text, lim int4, state text, county_code text
SELECT entrepreneurship.project_json(p)::text AS reply, p.id::text AS cursor
  FROM entrepreneurship.project p
 WHERE p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR p.state = $state)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: project_list_public :many read
-- args: after text, lim int4, county_code text
SELECT x.reply, x.cursor FROM entrepreneurship.projects_public($after::text::uuid, $lim, $county_code) AS x;

-- name: project_figures :one read
SELECT entrepreneurship.project_figures()::text AS reply;

-- name: milestone_own :one read
-- args: id uuid, org uuid
SELECT m.county_code, m.area_code, m.state = 'due' AND p.state = 'running' AS open
  FROM entrepreneurship.milestone m JOIN entrepreneurship.project p ON p.id = m.project_id
 WHERE m.id = $id AND m.org_id = $org;

-- name: milestone_report :one tells
-- args: id uuid, report text
SELECT j::text AS reply FROM entrepreneurship.milestone_report($id, $report) AS j WHERE j IS NOT NULL;

-- name: milestone_look :one tells
-- args: id uuid, met bool, note text
SELECT j::text AS reply FROM entrepreneurship.milestone_look($id, $met, $note) AS j WHERE j IS NOT NULL;

-- name: milestone_extend :one tells
-- args: id uuid, due_on date, reason text
SELECT j::text AS reply FROM entrepreneurship.milestone_extend($id, $due_on, $reason) AS j WHERE j IS NOT NULL;

-- What is late first.
-- name: milestone_list :many read
-- args: after text, lim int4, state text, county_code text, project_id uuid, late bool
SELECT entrepreneurship.milestone_json(m)::text AS reply, m.due_on || ' ' || m.id AS cursor
  FROM entrepreneurship.milestone m JOIN entrepreneurship.project p ON p.id = m.project_id
 WHERE ($after::text IS NULL OR (m.due_on, m.id) > (split_part($after, ' ', 1)::date, split_part($after, ' ', 2)::uuid))
   AND ($state::text IS NULL OR m.state = $state)
   AND ($county_code::text IS NULL OR m.county_code = $county_code)
   AND ($project_id::uuid IS NULL OR m.project_id = $project_id)
   AND (NOT coalesce($late, false) OR (entrepreneurship.milestone_late(m) AND p.state = 'running'))
 ORDER BY m.due_on, m.id
 LIMIT $lim;

-- name: milestones_miss :one tells
SELECT entrepreneurship.milestones_miss() AS done;
