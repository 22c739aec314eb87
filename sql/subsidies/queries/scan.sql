-- Scans, and the draft list that comes of them.

-- name: scan_add :one
-- args: id uuid, policy_code text, county_code text, counties text[]
INSERT INTO subsidies.scan (id, policy_code, county_code, counties, requested_by, people_total)
SELECT $id, $policy_code, $county_code, $counties, platform.actor(), 0
 WHERE $policy_code::text IS NULL
    OR EXISTS (SELECT FROM subsidies.policy_version v WHERE v.code = $policy_code)
RETURNING id;

-- name: scan_list :many read
-- args: state text, after text, lim int8
SELECT subsidies.scan_json(s)::text AS reply, s.id::text AS cursor
  FROM subsidies.scan s
 WHERE ($state::text IS NULL OR s.state = $state)
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC LIMIT $lim;

-- name: scan_get :one read
-- args: id uuid
SELECT subsidies.scan_json(s)::text AS reply FROM subsidies.scan s WHERE s.id = $id;

-- name: scan_state :one read
-- args: id uuid
SELECT s.state IN ('done', 'cancelled') AS over FROM subsidies.scan s WHERE s.id = $id;

-- name: scan_cancel :one
-- args: id uuid
WITH stopped AS (
    UPDATE subsidies.scan s SET state = 'cancelled', finished_at = platform.now()
     WHERE s.id = $id AND s.state IN ('queued', 'scanning', 'judging')
    RETURNING s.*
)
SELECT coalesce((SELECT subsidies.scan_json(x::subsidies.scan) FROM stopped x)::text,
                (SELECT platform.refuse('state.wrong'))) AS reply
  FROM subsidies.scan s WHERE s.id = $id;

-- ---- the job ----
-- name: scan_next :one read
SELECT s.id, s.policy_code, s.counties::text AS counties, s.position, s.state
  FROM subsidies.scan s
 WHERE s.state IN ('queued', 'scanning', 'judging') ORDER BY s.created_at, s.id LIMIT 1;

-- name: scan_begin :exec
-- args: id uuid
UPDATE subsidies.scan SET state = 'scanning', people_total = (SELECT count(*) FROM subsidies.person)
 WHERE id = $id AND state = 'queued';

-- The last person of the next part; NULL: nobody is left. What follows in this
-- transaction reads by indexes, a range at a time (as under judge_lock).
-- name: scan_part :one read
-- args: after uuid, lim int8
SELECT max(id::text) AS last, count(*) AS people, set_config('enable_seqscan', 'off', true) AS by_index
  FROM (SELECT p.id FROM subsidies.person p WHERE p.id > $after ORDER BY p.id LIMIT $lim) part;

-- No row: another process came further, or it was cancelled.
-- name: scan_progress :one
-- args: id uuid, before uuid, last uuid, people int8, subjects int8, eligible int8, refused int8,
--       waiting int8, unconcerned int8, candidates int8, candidate_cents int8, changed text[],
--       changed_orgs text[], worked_ms int8
WITH due AS MATERIALIZED (
    SELECT subsidies.due_person($changed::text[]::uuid[]) + subsidies.due_org($changed_orgs::text[]::uuid[]) AS n
)
UPDATE subsidies.scan s
   SET position = $last, people = s.people + $people, subjects = s.subjects + $subjects,
       eligible = s.eligible + $eligible, refused = s.refused + $refused,
       waiting = s.waiting + $waiting, unconcerned = s.unconcerned + $unconcerned,
       candidates = s.candidates + $candidates, candidate_cents = s.candidate_cents + $candidate_cents,
       changed = s.changed + due.n, worked_ms = s.worked_ms + $worked_ms
  FROM due
 WHERE s.id = $id AND s.state = 'scanning' AND s.position IS NOT DISTINCT FROM $before
RETURNING s.id;

-- name: scan_judging :exec
-- args: id uuid
UPDATE subsidies.scan SET state = 'judging' WHERE id = $id AND state = 'scanning';

-- name: scan_judged :one
-- args: id uuid, judged int8, worked_ms int8, done bool
UPDATE subsidies.scan
   SET judged = judged + $judged, worked_ms = worked_ms + $worked_ms,
       state = CASE WHEN $done THEN 'done' ELSE state END,
       finished_at = CASE WHEN $done THEN platform.now() END
 WHERE id = $id AND state = 'judging'
RETURNING id;

-- name: due_any :one read
SELECT EXISTS (SELECT FROM subsidies.due) AS any;

-- ---- the draft list ----
-- name: candidate_list :many read
-- args: policy_code text, county_code text, state text, after text, lim int8
SELECT subsidies.claim_json(c)::text AS reply, c.id::text AS cursor
  FROM subsidies.claim c
 WHERE c.state IN ('found', 'drafted')
   AND ($policy_code::text IS NULL OR c.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($state::text IS NULL OR c.state = $state)
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC LIMIT $lim;

-- name: candidate_totals :one read
-- args: policy_code text, county_code text
SELECT jsonb_build_object('totals', coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.county_code, t.policy_code, t.state), '[]'))::text AS reply
  FROM (SELECT c.county_code, c.policy_code, c.state, count(*) AS count,
               coalesce(sum(c.amount_cents), 0) AS amount_cents
          FROM subsidies.claim c
         WHERE c.state IN ('found', 'drafted')
           AND ($policy_code::text IS NULL OR c.policy_code = $policy_code)
           AND ($county_code::text IS NULL OR c.county_code = $county_code)
         GROUP BY c.county_code, c.policy_code, c.state) t;

-- name: candidates_drafted :one
-- args: policy_code text, county_code text, lim int8
SELECT count(*) AS picked, coalesce(array_agg(id), '{}')::text AS ids FROM (
    SELECT c.id FROM subsidies.claim c
     WHERE c.state = 'drafted' AND c.policy_code = $policy_code
       AND ($county_code::text IS NULL OR c.county_code = $county_code)
     ORDER BY c.id LIMIT $lim) list;

-- Whoever may claim hears of it, all of a policy in one message.
-- name: candidates_tell :one
-- args: ids text[]
SELECT count(*) AS told FROM (
    SELECT subsidies.tell(CASE c.payee_kind WHEN 'person' THEN c.payee_id END,
               CASE c.payee_kind WHEN 'org' THEN c.payee_id END, 'subsidies.claim.notified',
               min(v.document ->> 'title'),
               count(*) || '笔待确认，共' || to_char(sum(c.amount_cents) / 100.0, 'FM999999999990.00')
                   || '元，请确认收款账户',
               'claim', CASE count(*) WHEN 1 THEN min(c.id::text)::uuid END)
      FROM subsidies.claim c JOIN subsidies.policy_version v ON v.id = c.policy_version_id
     WHERE c.id = ANY ($ids::text[]::uuid[])
     GROUP BY c.payee_kind, c.payee_id, c.policy_code) m;

-- name: scan_reply :one read
-- args: id uuid, summary jsonb
SELECT (coalesce($summary::jsonb, '{}') || subsidies.scan_json(s))::text AS reply
  FROM subsidies.scan s WHERE s.id = $id;
