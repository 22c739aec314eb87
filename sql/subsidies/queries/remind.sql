-- Claims that nobody answers: texts, a call, the public call, waived. How many
-- working days lie between is in subsidies.clock; unset, nothing happens.

-- name: calendar_drop :exec
-- args: days text
DELETE FROM subsidies.working_day
 WHERE (SELECT array_agg(day ORDER BY day) FROM subsidies.working_day) IS DISTINCT FROM $days::text::date[];

-- name: calendar_put :exec
-- args: days text
INSERT INTO subsidies.working_day (day, nth)
SELECT day, row_number() OVER (ORDER BY day) FROM unnest($days::text::date[]) AS d (day)
    ON CONFLICT DO NOTHING;

-- A claim is due when its last word is at least so many working days old. One
-- message and one text for all claims of a payee under a policy.
-- name: remind_text :one
-- args: lim int8
WITH due AS MATERIALIZED (
    SELECT c.id, c.policy_code, c.payee_kind, c.payee_id, c.county_code, c.area_code,
           v.document ->> 'title' AS title,
           CASE c.payee_kind WHEN 'org' THEN coalesce(c.org_name, '*') ELSE coalesce(c.person_name_masked, '*') END AS name
      FROM subsidies.claim c
      JOIN subsidies.policy_version v ON v.id = c.policy_version_id
      LEFT JOIN subsidies.nudge n ON n.claim_id = c.id
     WHERE c.state = 'notified' AND coalesce(n.texts, 0) < 3
       AND coalesce(n.last_on, subsidies.local_day(c.moved_at))
           < (SELECT subsidies.working_add(platform.today(), 1 - subsidies.clock_days('remind')))
       AND EXISTS (SELECT FROM subsidies.working_day w WHERE w.day = platform.today())
     ORDER BY c.id LIMIT $lim
       FOR UPDATE OF c SKIP LOCKED
), put AS (
    INSERT INTO subsidies.nudge AS n (claim_id, texts, last_on, policy_code, title, payee_name, county_code, area_code)
    SELECT id, 1, platform.today(), policy_code, title, name, county_code, area_code FROM due
        ON CONFLICT (claim_id) DO UPDATE SET texts = n.texts + 1, last_on = excluded.last_on
    RETURNING n.claim_id, n.texts
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, note)
    SELECT claim_id, 'remind', 'notified', 'notified', '第' || texts || '次提醒' FROM put
), payees AS (
    SELECT payee_kind, payee_id, policy_code, title, min(county_code) AS county_code, count(*) AS n,
           min(id::text)::uuid AS one
      FROM due GROUP BY payee_kind, payee_id, policy_code, title
), told AS (
    SELECT subsidies.tell(CASE payee_kind WHEN 'person' THEN payee_id END,
               CASE payee_kind WHEN 'org' THEN payee_id END, 'claim_unanswered', title || '待您确认',
               '有' || n || '笔待确认收款账户；不需要的可以放弃。多次提醒仍未答复的视为放弃。', 'claim', one) AS id
      FROM payees
), sent AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.text.asked.v1', payee_id::text, county_code, jsonb_build_object(
               'person_id', CASE payee_kind WHEN 'person' THEN payee_id END,
               'org_id', CASE payee_kind WHEN 'org' THEN payee_id END, 'kind', 'claim_unanswered',
               'policy_title', title, 'count', n, 'county_code', county_code)
      FROM payees
)
SELECT (SELECT count(*) FROM due) AS due, count(*) AS told FROM told;

-- Called, and still no answer: into the public call.
-- name: remind_list :one
-- args: lim int8
WITH due AS MATERIALIZED (
    SELECT n.claim_id FROM subsidies.nudge n
     WHERE n.called_on < (SELECT subsidies.working_add(platform.today(), 1 - subsidies.clock_days('remind')))
       AND n.listed_on IS NULL
       AND EXISTS (SELECT FROM subsidies.working_day w WHERE w.day = platform.today())
     ORDER BY n.claim_id LIMIT $lim
       FOR UPDATE SKIP LOCKED
), put AS (
    UPDATE subsidies.nudge n SET listed_on = platform.today() FROM due WHERE n.claim_id = due.claim_id
    RETURNING n.claim_id
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state)
    SELECT claim_id, 'public_call', 'notified', 'notified' FROM put
)
SELECT count(*) AS listed FROM put;

-- Long enough in the public call.
-- name: remind_lapsed :one
-- args: lim int8
SELECT array_agg(claim_id)::text AS ids, count(*) AS picked FROM (
    SELECT n.claim_id FROM subsidies.nudge n JOIN subsidies.claim c ON c.id = n.claim_id AND c.state = 'notified'
     WHERE n.listed_on < (SELECT subsidies.working_add(platform.today(), 1 - subsidies.clock_days('public_call')))
       AND EXISTS (SELECT FROM subsidies.working_day w WHERE w.day = platform.today())
     ORDER BY n.claim_id LIMIT $lim) lapsed;

-- name: remind_waived :exec
-- args: ids text[]
SELECT subsidies.tell(CASE c.payee_kind WHEN 'person' THEN c.payee_id END,
           CASE c.payee_kind WHEN 'org' THEN c.payee_id END, 'claim_waived',
           (v.document ->> 'title') || '因逾期未答复视为放弃', '政策执行期内可以恢复办理。', 'claim', c.id)
  FROM subsidies.claim c JOIN subsidies.policy_version v ON v.id = c.policy_version_id
 WHERE c.id = ANY ($ids::text[]::uuid[]);

-- Whom an officer is to call: after the last text, not called yet.
-- name: call_list :many read
-- args: county_code text, policy_code text, after text, lim int8
SELECT jsonb_build_object('claim_id', n.claim_id, 'policy_code', n.policy_code, 'policy_title', n.title,
           'payee_kind', c.payee_kind, 'payee_name', n.payee_name, 'person_id', c.person_id, 'org_id', c.org_id,
           'texts', n.texts, 'last_on', n.last_on, 'county_code', n.county_code)::text AS reply,
       n.claim_id::text AS cursor
  FROM subsidies.nudge n JOIN subsidies.claim c ON c.id = n.claim_id
 WHERE n.texts = 3 AND n.called_on IS NULL
   AND n.last_on < (SELECT subsidies.working_add(platform.today(), 1 - subsidies.clock_days('remind')))
   AND ($county_code::text IS NULL OR n.county_code = $county_code)
   AND ($policy_code::text IS NULL OR n.policy_code = $policy_code)
   AND n.claim_id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY n.claim_id LIMIT $lim;

-- The call is noted; it may be noted again. Not before the third text.
-- name: call_note :one
-- args: id uuid, outcome text, note text
WITH called AS (
    UPDATE subsidies.nudge n SET called_on = platform.today(), outcome = $outcome
     WHERE n.claim_id = $id AND n.texts = 3 AND n.listed_on IS NULL
       AND platform.in_areas(n.county_code, n.area_code)
    RETURNING n.*
), step AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, note)
    SELECT claim_id, 'call', 'notified', 'notified', platform.actor(),
           $outcome || coalesce('：' || $note::text, '') FROM called
)
SELECT jsonb_build_object('claim_id', claim_id, 'outcome', outcome, 'called_on', called_on,
           'county_code', county_code)::text AS reply FROM called
UNION ALL
SELECT platform.refuse('state.wrong') WHERE NOT EXISTS (SELECT FROM called)
   AND EXISTS (SELECT FROM subsidies.claim c WHERE c.id = $id AND platform.in_areas(c.county_code, c.area_code));

-- Names as a notice has them: an employer's, or a person's masked.
-- name: public_call_list :many read
-- args: county_code text, policy_code text, after text, lim int8
SELECT jsonb_build_object('policy_code', n.policy_code, 'policy_title', n.title, 'payee_name', n.payee_name,
           'county_code', n.county_code, 'listed_on', n.listed_on,
           'answer_by', subsidies.working_add(n.listed_on, subsidies.clock_days('public_call')))::text AS reply,
       n.claim_id::text AS cursor
  FROM subsidies.nudge n
 WHERE n.listed_on IS NOT NULL
   AND ($county_code::text IS NULL OR n.county_code = $county_code)
   AND ($policy_code::text IS NULL OR n.policy_code = $policy_code)
   AND n.claim_id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY n.claim_id DESC LIMIT $lim;

-- name: clock_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('step', k.step, 'working_days', k.working_days, 'role', k.role, 'basis', k.basis,
           'set_at', k.set_at)::text AS reply, k.step AS cursor
  FROM subsidies.clock k WHERE k.step > coalesce($after::text, '') ORDER BY k.step LIMIT $lim;

-- name: clock_set :one
-- args: step text, working_days int8?, basis text
UPDATE subsidies.clock k SET working_days = $working_days, basis = $basis, set_by = platform.actor(),
       set_at = platform.now()
 WHERE k.step = $step
RETURNING jsonb_build_object('step', k.step, 'working_days', k.working_days, 'role', k.role, 'basis', k.basis,
              'set_at', k.set_at)::text AS reply;
