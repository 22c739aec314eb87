-- Policies for the calculator, and dry runs of rules that are only drafted.

-- The people an employer could be paid for, newest first.
-- name: calculator_staff :one
-- args: org_id uuid, lim int8
SELECT coalesce(array_agg(x.person_id), '{}')::text AS ids FROM (
    SELECT u.person_id FROM (
        SELECT e.person_id, e.hired_on AS since FROM subsidies.employment e WHERE e.org_id = $org_id
        UNION ALL
        SELECT f.person_id, f.from_on FROM subsidies.fact f
         WHERE f.org_id = $org_id AND f.known_to IS NULL AND f.person_id IS NOT NULL) u
     GROUP BY u.person_id ORDER BY max(u.since) DESC LIMIT $lim) x;

-- ---- dry runs ----

-- name: dry_run_add :one
-- args: id uuid, policy_code text, document jsonb, from_on date, to_on date, county_code text
INSERT INTO subsidies.dry_run AS d (id, policy_code, document, from_on, to_on, county_code, requested_by)
VALUES ($id, $policy_code, $document, $from_on, $to_on, $county_code, platform.actor())
RETURNING jsonb_build_object('id', d.id, 'policy_code', d.policy_code, 'from_on', d.from_on,
    'to_on', d.to_on, 'county_code', d.county_code, 'state', d.state, 'judged', d.judged,
    'requested_at', d.created_at, 'ended_at', d.ended_at)::text AS reply;

-- name: dry_run_list :many read
-- args: policy_code text, state text, after text, lim int8
SELECT jsonb_build_object('id', d.id, 'policy_code', d.policy_code, 'from_on', d.from_on,
           'to_on', d.to_on, 'county_code', d.county_code, 'state', d.state, 'judged', d.judged,
           'requested_at', d.created_at, 'ended_at', d.ended_at)::text AS reply,
       d.id::text AS cursor
  FROM subsidies.dry_run d
 WHERE ($policy_code::text IS NULL OR d.policy_code = $policy_code)
   AND ($state::text IS NULL OR d.state = $state)
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY d.id DESC LIMIT $lim;

-- name: dry_run_get :one read
-- args: id uuid
SELECT jsonb_build_object('id', d.id, 'policy_code', d.policy_code, 'from_on', d.from_on,
           'to_on', d.to_on, 'county_code', d.county_code, 'state', d.state, 'judged', d.judged,
           'requested_at', d.created_at, 'ended_at', d.ended_at, 'report', d.report,
           'document', d.document)::text AS reply
  FROM subsidies.dry_run d WHERE d.id = $id;

-- name: dry_run_rows :many read
-- args: id uuid, change text, county_code text, after text, lim int8
SELECT jsonb_build_object('subject_id', r.subject_id, 'change', r.change, 'person_id', r.person_id,
           'person_name', p.name_masked, 'org_id', r.org_id, 'org_name', o.name,
           'subject_on', r.subject_on, 'before_cents', r.before_cents,
           'after_cents', r.after_cents, 'reason', r.reason,
           'county_code', r.county_code)::text AS reply,
       r.subject_id::text AS cursor
  FROM subsidies.dry_run_row r
  LEFT JOIN subsidies.person p ON p.id = r.person_id
  LEFT JOIN subsidies.org o ON o.id = r.org_id
 WHERE r.dry_run_id = $id AND ($change::text IS NULL OR r.change = $change)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
   AND r.subject_id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY r.subject_id LIMIT $lim;

-- name: dry_run_cancel :one
-- args: id uuid
WITH cancelled AS (
    UPDATE subsidies.dry_run SET state = 'cancelled', ended_at = platform.now()
     WHERE id = $id AND state IN ('queued', 'running')
    RETURNING id, state
)
SELECT jsonb_build_object('id', id, 'state', state)::text AS reply FROM cancelled
UNION ALL
SELECT platform.refuse('state.wrong') WHERE NOT EXISTS (SELECT FROM cancelled)
   AND EXISTS (SELECT FROM subsidies.dry_run WHERE id = $id);

-- The next to be worked, from the start: what broke off has left nothing behind.
-- name: dry_run_take :one
WITH next AS (
    SELECT id FROM subsidies.dry_run WHERE state IN ('queued', 'running') ORDER BY id LIMIT 1
       FOR UPDATE SKIP LOCKED
), cleared AS (
    DELETE FROM subsidies.dry_run_row r USING next WHERE r.dry_run_id = next.id
)
UPDATE subsidies.dry_run d SET state = 'running', judged = 0 FROM next WHERE d.id = next.id
RETURNING d.id, d.document::text AS document, d.policy_code, d.from_on, d.to_on, d.county_code;

-- No row: it was cancelled meanwhile. rows: [{s, c, p, o, d, b, a, r, k}]
-- name: dry_run_note :one
-- args: id uuid, judged int8, rows jsonb
WITH going AS (
    UPDATE subsidies.dry_run SET judged = $judged WHERE id = $id AND state = 'running' RETURNING id
), kept AS (
    INSERT INTO subsidies.dry_run_row (dry_run_id, subject_id, change, person_id, org_id,
        subject_on, before_cents, after_cents, reason, county_code)
    SELECT going.id, r.s, r.c, r.p, r.o, r.d, r.b, r.a, r.r, r.k
      FROM going, jsonb_to_recordset($rows) AS r (s uuid, c text, p uuid, o uuid, d date,
           b bigint, a bigint, r text, k text)
        ON CONFLICT DO NOTHING
)
SELECT id FROM going;

-- name: dry_run_end :exec
-- args: id uuid, state text, judged int8, report jsonb
UPDATE subsidies.dry_run SET state = $state, judged = $judged, report = $report, ended_at = platform.now()
 WHERE id = $id AND state = 'running';

-- What each county still has for a policy: not yet promised to anybody.
-- name: dry_run_budget :many
-- args: policy_code text
SELECT a.county_code, sum(a.appropriated_cents - a.reserved_cents - a.committed_cents
           - a.paid_cents)::bigint AS available_cents
  FROM subsidies.allotment a
  JOIN subsidies.budget_line_policy lp ON lp.line_code = a.line_code
 WHERE lp.policy_code = $policy_code GROUP BY a.county_code ORDER BY a.county_code;
