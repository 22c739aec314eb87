-- Recoveries (追缴) and top-ups (补发). Each move is a function of 082 and 083.

-- name: recovery_rule_now :one read
SELECT r.pay_days, r.appeal_days, r.answer_days FROM subsidies.recovery_rule_now() r WHERE r.id IS NOT NULL;

-- name: recovery_rule_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', r.id, 'from_on', r.from_on, 'pay_days', r.pay_days, 'appeal_days', r.appeal_days,
           'answer_days', r.answer_days, 'basis', r.basis)::text AS reply, r.id::text AS cursor
  FROM subsidies.recovery_rule r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC LIMIT $lim;

-- name: recovery_rule_set :one
-- args: new_id uuid, from_on date, pay_days int4, appeal_days int4, answer_days int4, basis text
WITH put AS (
    INSERT INTO subsidies.recovery_rule (id, from_on, pay_days, appeal_days, answer_days, basis)
    SELECT $new_id, $from_on, $pay_days, $appeal_days, $answer_days, $basis
     WHERE NOT EXISTS (SELECT FROM subsidies.recovery_rule r WHERE r.from_on >= $from_on)
    RETURNING *
)
SELECT jsonb_build_object('id', r.id, 'from_on', r.from_on, 'pay_days', r.pay_days, 'appeal_days', r.appeal_days,
           'answer_days', r.answer_days, 'basis', r.basis)::text AS reply FROM put r
UNION ALL
SELECT platform.refuse('state.exists /from_on') WHERE NOT EXISTS (SELECT FROM put);

-- name: recovery_propose :one tells
-- args: id uuid, claim_id uuid, source text, source_id uuid, owed_cents int8, reason text, legal_basis text
SELECT x::text AS reply FROM subsidies.recovery_propose($id, $claim_id, $source, $source_id, $owed_cents, $reason,
    $legal_basis) x WHERE x IS NOT NULL;

-- figure: which sum of recovery_figures the row is in.
-- name: recovery_list :many read
-- args: county_code text, policy_code text, state text, payee_id uuid, claim_id uuid, figure text, after text, lim int8
SELECT subsidies.recovery_json(r)::text AS reply, r.id::text AS cursor
  FROM subsidies.recovery r
 WHERE ($county_code::text IS NULL OR r.county_code = $county_code)
   AND ($policy_code::text IS NULL OR r.policy_code = $policy_code)
   AND ($state::text IS NULL OR r.state = $state)
   AND ($payee_id::uuid IS NULL OR r.payee_id = $payee_id)
   AND ($claim_id::uuid IS NULL OR r.claim_id = $claim_id)
   AND ($figure::text IS NULL OR CASE $figure
        WHEN 'left' THEN r.state IN ('noticed', 'acknowledged', 'appealed', 'planned')
        WHEN 'received' THEN r.received_cents > 0 WHEN 'lost' THEN r.lost_cents > 0
        WHEN 'referred' THEN EXISTS (SELECT FROM subsidies.recovery_referral f
                                      WHERE f.recovery_id = r.id AND f.withdrawn_on IS NULL)
        ELSE subsidies.recovery_late(r) > 0 END)
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC LIMIT $lim;

-- name: recovery_get :one read
-- args: id uuid
SELECT subsidies.recovery_whole(r)::text AS reply FROM subsidies.recovery r WHERE r.id = $id;

-- name: recovery_notice :one read
-- args: id uuid
SELECT jsonb_build_object('id', r.id, 'recovery_no', r.recovery_no, 'person_id', r.person_id, 'payee_name', r.payee_name,
           'text', subsidies.recovery_text(r), 'lines', subsidies.recovery_lines(r), 'amount_cents', r.amount_cents,
           'currency', 'CNY', 'noticed_on', r.noticed_on, 'due_on', r.due_on, 'appeal_until', r.appeal_until,
           'county_code', r.county_code)::text AS reply
  FROM subsidies.recovery r WHERE r.id = $id AND r.recovery_no IS NOT NULL;

-- name: recovery_check :one tells
-- args: id uuid, decision text, note text
SELECT x::text AS reply FROM subsidies.recovery_check($id, $decision, $note) x WHERE x IS NOT NULL;

-- name: recovery_issue :one tells
-- args: id uuid, due_on date, appeal_until date
SELECT x::text AS reply FROM subsidies.recovery_issue($id, $due_on, $appeal_until) x WHERE x IS NOT NULL;

-- name: recovery_acknowledge :one tells
-- args: id uuid
SELECT x::text AS reply FROM subsidies.recovery_acknowledge($id) x WHERE x IS NOT NULL;

-- name: recovery_appeal :one tells
-- args: id uuid, new_id uuid, content text, due_on date
SELECT x::text AS reply FROM subsidies.recovery_appeal($id, $new_id, $content, $due_on) x WHERE x IS NOT NULL;

-- name: recovery_appeal_list :many read
-- args: county_code text, state text, is_late bool?, after text, lim int8
SELECT (subsidies.recovery_appeal_json(a) || jsonb_build_object('person_id', r.person_id, 'payee_name', r.payee_name,
           'amount_cents', r.amount_cents))::text AS reply, a.id::text AS cursor
  FROM subsidies.recovery_appeal a JOIN subsidies.recovery r ON r.id = a.recovery_id
 WHERE ($county_code::text IS NULL OR a.county_code = $county_code)
   AND ($state::text IS NULL OR a.state = $state)
   AND ($is_late::bool IS NULL OR $is_late = (a.state = 'open' AND a.due_on < platform.today()))
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY a.id DESC LIMIT $lim;

-- name: recovery_decide :one tells
-- args: id uuid, decision text, owed_cents int8?, answer text, due_on date
SELECT x::text AS reply FROM subsidies.recovery_decide($id, $decision, $owed_cents, $answer, $due_on) x
 WHERE x IS NOT NULL;

-- name: recovery_plan_propose :one tells
-- args: id uuid, new_id uuid, lines jsonb
SELECT x::text AS reply FROM subsidies.recovery_plan_propose($id, $new_id, $lines) x WHERE x IS NOT NULL;

-- name: recovery_plan_decide :one tells
-- args: id uuid, decision text, note text
SELECT x::text AS reply FROM subsidies.recovery_plan_decide($id, $decision, $note) x WHERE x IS NOT NULL;

-- name: recovery_plan_end :one tells
-- args: id uuid, note text
SELECT x::text AS reply FROM subsidies.recovery_plan_end($id, $note) x WHERE x IS NOT NULL;

-- name: recovery_receive :one tells
-- args: id uuid, new_id uuid, bank_ref text, amount_cents int8, received_on date
SELECT x::text AS reply FROM subsidies.recovery_receive($id, $new_id, $bank_ref, $amount_cents, $received_on) x
 WHERE x IS NOT NULL;

-- name: recovery_refund_pay :one tells
-- args: id uuid, bank_ref text, paid_on date
SELECT x::text AS reply FROM subsidies.recovery_refund_pay($id, $bank_ref, $paid_on) x WHERE x IS NOT NULL;

-- name: recovery_offset_add :one tells
-- args: id uuid, new_id uuid, claim_id uuid, amount_cents int8?, basis text, basis_text text
SELECT x::text AS reply FROM subsidies.recovery_offset_add($id, $new_id, $claim_id, $amount_cents, $basis, $basis_text) x
 WHERE x IS NOT NULL;

-- name: recovery_offset_release :one tells
-- args: id uuid, note text
SELECT x::text AS reply FROM subsidies.recovery_offset_release($id, $note) x WHERE x IS NOT NULL;

-- A claim whose open offset is all of it, ready to be paid.
-- name: recovery_offset_whole :one
-- args: id uuid
SELECT '{' || c.id || '}' AS ids, o.amount_cents = c.amount_cents AS whole,
       c.state = 'payable' OR (c.state = 'public' AND n.ends_on < platform.today() AND NOT EXISTS (
           SELECT FROM subsidies.objection b WHERE b.notice_line_id = c.notice_line_id AND b.state = 'open')) AS ready
  FROM subsidies.recovery_offset o JOIN subsidies.claim c ON c.id = o.claim_id
  LEFT JOIN subsidies.notice_line l ON l.id = c.notice_line_id LEFT JOIN subsidies.notice n ON n.id = l.notice_id
 WHERE o.id = $id AND o.state = 'open';

-- What the bank had no part in was paid all the same.
-- name: recovery_offset_paid :one
-- args: id uuid
WITH told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.paid.v1', c.id::text, c.county_code, jsonb_build_object(
               'claim_id', c.id, 'payment_no', r.recovery_no, 'policy_code', c.policy_code, 'person_id', c.person_id,
               'org_id', c.org_id, 'amount_cents', c.amount_cents, 'paid_on', platform.today(), 'county_code', c.county_code)
      FROM subsidies.recovery_offset o JOIN subsidies.claim c ON c.id = o.claim_id
      JOIN subsidies.recovery r ON r.id = o.recovery_id WHERE o.id = $id
)
SELECT subsidies.recovery_offset_json(o)::text AS reply FROM subsidies.recovery_offset o WHERE o.id = $id;

-- name: recovery_suggest :one tells
-- args: id uuid, new_id uuid, kind text, reason text, legal_basis text
SELECT x::text AS reply FROM subsidies.recovery_suggest($id, $new_id, $kind, $reason, $legal_basis) x WHERE x IS NOT NULL;

-- name: recovery_proposal_decide :one tells
-- args: id uuid, decision text, note text
SELECT x::text AS reply FROM subsidies.recovery_proposal_decide($id, $decision, $note) x WHERE x IS NOT NULL;

-- name: recovery_refer :one tells
-- args: id uuid, new_id uuid, target text, document_no text, referred_on date
SELECT x::text AS reply FROM subsidies.recovery_refer($id, $new_id, $target, $document_no, $referred_on) x
 WHERE x IS NOT NULL;

-- name: recovery_freeze :one tells
-- args: id uuid, claim_id uuid, basis text
SELECT x::text AS reply FROM subsidies.recovery_freeze($id, $claim_id, $basis) x WHERE x IS NOT NULL;

-- name: recovery_unfreeze :one tells
-- args: id uuid, claim_id uuid
SELECT x::text AS reply FROM subsidies.recovery_unfreeze($id, $claim_id) x WHERE x IS NOT NULL;

-- name: recovery_frozen_list :many read
-- args: county_code text, after text, lim int8
SELECT jsonb_build_object('id', c.id, 'claim_id', c.id, 'recovery_id', f.recovery_id, 'policy_code', c.policy_code,
           'person_id', c.person_id, 'person_name', c.person_name_masked, 'payee_id', c.payee_id,
           'amount_cents', c.amount_cents, 'currency', 'CNY', 'resume_state', c.resume_state, 'basis', f.basis,
           'frozen_at', f.frozen_at, 'county_code', c.county_code)::text AS reply, c.id::text AS cursor
  FROM subsidies.recovery_freeze f JOIN subsidies.claim c ON c.id = f.claim_id
 WHERE f.released_at IS NULL AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC LIMIT $lim;

-- name: recovery_figures :one read
-- args: hides bool
WITH f AS (
    SELECT r.county_code, count(*) AS recoveries,
           sum(subsidies.recovery_left(r)) FILTER (WHERE r.state IN ('noticed', 'acknowledged', 'appealed', 'planned')) AS to_recover,
           sum(r.received_cents) AS received, sum(subsidies.recovery_late(r)) AS late, sum(r.lost_cents) AS lost
      FROM subsidies.recovery r
     WHERE platform.in_areas(r.county_code, r.area_code) AND r.noticed_on IS NOT NULL GROUP BY 1
)
SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('county_code', county_code,
           'hidden', $hides AND recoveries < 5)
           || CASE WHEN $hides AND recoveries < 5 THEN '{}'::jsonb ELSE jsonb_build_object('recoveries', recoveries,
               'left_cents', coalesce(to_recover, 0), 'received_cents', received, 'late_cents', late,
               'lost_cents', lost, 'currency', 'CNY') END ORDER BY county_code), '[]'))::text AS reply
  FROM f;

-- Each passed day is reminded of once: the deadline's, an instalment's.
-- name: recovery_clock :one tells
WITH late AS (
    SELECT r.id, r.state, r.county_code, subsidies.recovery_late(r) AS cents, CASE r.state WHEN 'planned' THEN (
               SELECT max(i.due_on) FROM subsidies.recovery_plan p
                 JOIN subsidies.recovery_instalment i ON i.plan_id = p.id
                WHERE p.recovery_id = r.id AND p.state = 'agreed' AND i.due_on < platform.today())
               ELSE r.due_on END AS due_on
      FROM subsidies.recovery r
     WHERE r.state IN ('noticed', 'acknowledged', 'planned') AND subsidies.recovery_late(r) > 0
), reminded AS (
    INSERT INTO subsidies.recovery_reminder (recovery_id, due_on, county_code)
    SELECT id, due_on, county_code FROM late ON CONFLICT DO NOTHING
    RETURNING recovery_id
), steps AS (
    INSERT INTO subsidies.recovery_step (recovery_id, step, from_state, to_state, cents, county_code)
    SELECT l.id, CASE l.state WHEN 'planned' THEN 'missed' ELSE 'remind' END, l.state, l.state, l.cents, l.county_code
      FROM late l JOIN reminded n ON n.recovery_id = l.id
)
SELECT count(*) AS reminded FROM reminded;

-- What the engine found when it judged the holders of paid claims again.
-- name: finding_list :many read
-- args: county_code text, policy_code text, kind text, state text, from_on date, after text, lim int8
SELECT jsonb_build_object('id', n.id, 'claim_id', n.claim_id, 'decision_before', n.decision_before,
           'decision_after', n.decision_after, 'kind', n.kind, 'difference_cents', n.difference_cents,
           'currency', 'CNY', 'reason', n.reason, 'state', n.state, 'policy_code', n.policy_code,
           'person_id', n.person_id, 'payee_kind', n.payee_kind, 'payee_id', n.payee_id,
           'county_code', n.county_code, 'found_at', n.created_at)::text AS reply, n.id::text AS cursor
  FROM subsidies.reconsideration n
 WHERE ($county_code::text IS NULL OR n.county_code = $county_code)
   AND ($policy_code::text IS NULL OR n.policy_code = $policy_code)
   AND ($kind::text IS NULL OR n.kind = $kind)
   AND ($state::text IS NULL OR n.state = $state)
   AND ($from_on::date IS NULL OR n.created_at >= $from_on::date::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND n.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY n.id DESC LIMIT $lim;

-- ---- 补发 ----

-- name: topup_propose :one
-- args: reconsideration_id uuid
SELECT x::text AS reply FROM subsidies.topup_propose($reconsideration_id) x WHERE x IS NOT NULL;

-- name: topup_decide :one tells
-- args: id uuid, decision text, note text
SELECT x::text AS reply FROM subsidies.topup_decide($id, $decision, $note) x WHERE x IS NOT NULL;

-- name: topup_list :many read
-- args: county_code text, state text, source text, after text, lim int8
SELECT subsidies.topup_json(t)::text AS reply, t.id::text AS cursor
  FROM subsidies.topup t
 WHERE ($county_code::text IS NULL OR t.county_code = $county_code)
   AND ($state::text IS NULL OR t.state = $state)
   AND ($source::text IS NULL OR t.source = $source)
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY t.id DESC LIMIT $lim;
