-- Claims. claims_move is the only statement that moves one.

-- Moves claims from one of the given states to another and, when `funds` is
-- given, their money to that account of their allotment; records the step,
-- the hand that did it, whom it stood in for, and the event. All in one
-- command: the caller compares `moved` with what it asked for and gives up the
-- transaction otherwise. The money's entries are written by the claims' own
-- trigger, which is last to lock what everybody wants, the allotment.
-- Refused by the database itself: overspending (allotment_not_overspent_check),
-- an actor's second step on a claim (claim_step_hands_fkey), also by way of
-- somebody on leave (claim_step_behalf_fkey), and a tie to whom it is about.
-- `city`: whether the caller may do what is the city's to decide.
-- name: claims_move :one
-- args: ids text[], from_states text[], to_state text, step text, hand text, funds text,
--       note text, city bool
WITH behalf AS MATERIALIZED (
    SELECT d.county_code, d.delegator FROM subsidies.delegation d
     WHERE d.delegate = platform.actor() AND d.hand = $hand
       AND platform.today() BETWEEN d.from_on AND d.to_on
       AND (d.ended_on IS NULL OR d.ended_on > platform.today())
), picked AS MATERIALIZED (
    SELECT c.id, c.state, c.policy_version_id, c.amount_cents,
           (SELECT b.delegator FROM behalf b WHERE b.county_code IN (c.county_code, '431100')
             ORDER BY b.county_code = '431100' LIMIT 1) AS delegator
      FROM subsidies.claim c
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.state = ANY ($from_states)
     ORDER BY c.id
       FOR UPDATE OF c
), handed AS (
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    SELECT id, platform.actor(), $hand FROM picked WHERE $hand::text IS NOT NULL
    UNION ALL
    SELECT id, delegator, $hand FROM picked WHERE delegator IS NOT NULL
        ON CONFLICT DO NOTHING
), moved AS (
    UPDATE subsidies.claim c
       SET state = $to_state, funds = coalesce($funds, c.funds), resume_state = NULL,
           reserved_until = CASE WHEN coalesce($funds, c.funds) <> 'reserved' THEN NULL
               WHEN c.funds = 'reserved' THEN c.reserved_until
               ELSE subsidies.working_add(platform.today(),
                   subsidies.money_rule_of('reserve_working_days', c.county_code)) END,
           reserve_warned = c.reserve_warned AND $funds::text IS NULL,
           moved_at = platform.now()
      FROM picked p WHERE c.id = p.id
    RETURNING c.id, c.policy_code, c.state, c.amount_cents, c.county_code
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand, note, on_behalf_of)
    SELECT id, $step, state, $to_state, platform.actor(), $hand, $note, delegator FROM picked
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.moved.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'state', state,
               'amount_cents', amount_cents, 'county_code', county_code)
      FROM moved
)
SELECT (SELECT count(*) FROM moved) AS moved,
       (SELECT count(*) FROM picked p JOIN subsidies.policy_version v ON v.id = p.policy_version_id
         WHERE NOT $city::bool AND jsonb_typeof(v.approval -> 0) = 'object'
           AND subsidies.approval_level(v.approval, $step, p.amount_cents) = 'city') AS above,
       (SELECT count(*) FROM subsidies.claim c
         WHERE c.id = ANY ($ids::text[]::uuid[])) AS seen,
       (SELECT coalesce(sum(amount_cents), 0) FROM moved) AS amount_cents;

-- The claimant's account, and the county's share of the line that may pay. A
-- person's money goes to a card in that person's name. What is set aside at once
-- for many of one policy comes from a share that has it all.
-- name: claims_account :one
-- args: ids text[], from_states text[], account_sealed text, account_masked text, account_name text,
--       account_index text, name_masked text
WITH picked AS MATERIALIZED (
    SELECT c.id, c.funds, c.policy_version_id, c.county_code, c.amount_cents,
           c.payee_kind = 'org' OR EXISTS (SELECT FROM subsidies.person p
                 WHERE p.id = c.payee_id AND p.name_masked = $name_masked) AS fits
      FROM subsidies.claim c
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.state = ANY ($from_states)
       AND c.payee_id = coalesce(platform.org(), platform.person())
     ORDER BY c.id
       FOR UPDATE
), share AS MATERIALIZED (
    SELECT x.policy_version_id, x.county_code, a.allotment_id, a.line_code
      FROM (SELECT policy_version_id, county_code, sum(amount_cents)::bigint AS cents FROM picked
             WHERE funds = 'available' GROUP BY 1, 2) x
     CROSS JOIN LATERAL subsidies.allotment_for(x.policy_version_id, x.county_code, x.cents) a
), set_ AS (
    UPDATE subsidies.claim c
       SET account_sealed = $account_sealed, account_masked = $account_masked,
           account_name = $account_name, account_index = $account_index,
           contact_id = platform.person(),
           assisted_by = coalesce(subsidies.assistant(), c.assisted_by),
           allotment_id = CASE WHEN c.funds = 'available' THEN s.allotment_id ELSE c.allotment_id END,
           line_code = CASE WHEN c.funds = 'available' THEN s.line_code ELSE c.line_code END
      FROM picked p LEFT JOIN share s USING (policy_version_id, county_code)
     WHERE c.id = p.id AND p.fits
    RETURNING c.id, c.allotment_id, c.amount_cents
)
SELECT (SELECT count(*) FROM picked) AS set, (SELECT coalesce(bool_and(fits), true) FROM picked) AS fits,
       coalesce(bool_and(allotment_id IS NOT NULL), true) AS funded,
       coalesce(bool_and(amount_cents IS NOT NULL), true) AS priced
  FROM set_;

-- name: claims_notified :one
-- args: policy_code text, lim int8
SELECT array_agg(id)::text AS ids, count(*) AS picked FROM (
    SELECT c.id FROM subsidies.claim c
     WHERE c.payee_id = coalesce(platform.org(), platform.person()) AND c.state = 'notified'
       AND ($policy_code::text IS NULL OR c.policy_code = $policy_code)
     ORDER BY c.id LIMIT $lim) own;

-- The caller's own claim before its money may change direction.
-- name: claim_mine :one
-- args: id uuid
SELECT c.state, c.contact_id, c.account_index, c.account_name, c.policy_code, v.document ->> 'title' AS title,
       subsidies.line_contested(c.notice_line_id) AS contested
  FROM subsidies.claim c JOIN subsidies.policy_version v ON v.id = c.policy_version_id
 WHERE c.id = $id AND c.payee_id = coalesce(platform.org(), platform.person())
   FOR UPDATE OF c;

-- A claim that lapsed: whether its policy still runs, and its share is still free.
-- name: claim_lapsed :one
-- args: id uuid
SELECT coalesce(v.effective_to, 'infinity') >= platform.today() AS runs, c.state = 'waived' AND EXISTS (
           SELECT FROM subsidies.hold h JOIN subsidies.hold other ON other.family = h.family
              AND other.holder_id = h.holder_id AND other.share = h.share AND other.over && h.over
            WHERE h.claim_id = c.id AND other.claim_id <> c.id AND other.live) AS taken
  FROM subsidies.claim c JOIN subsidies.policy_version v ON v.id = c.policy_version_id
 WHERE c.id = $id AND (c.payee_id = coalesce(platform.org(), platform.person())
       OR platform.in_areas(c.county_code, c.area_code))
   FOR UPDATE OF c;

-- Whoever gave the former account hears of it as well as the claimant.
-- name: claim_account_told :exec
-- args: id uuid, former uuid, title text
WITH who AS (
    SELECT c.payee_kind, c.payee_id, c.county_code, c.account_masked, c.contact_id,
           '收款账户已变更为 ' || c.account_masked || '，申领须重新确认和审核。如非本人操作，请立即联系当地公共就业服务机构。' AS body
      FROM subsidies.claim c WHERE c.id = $id
), told AS (
    SELECT subsidies.tell(CASE w.payee_kind WHEN 'person' THEN w.payee_id END,
               CASE w.payee_kind WHEN 'org' THEN w.payee_id END, 'claim_account_changed',
               $title || '：收款账户已变更', w.body, 'claim', $id) AS id
      FROM who w
    UNION ALL
    SELECT subsidies.tell($former, NULL, 'claim_account_changed', $title || '：收款账户已变更', w.body,
               'claim', $id)
      FROM who w WHERE $former::uuid IS NOT NULL AND $former::uuid <> w.payee_id
), sent AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.text.asked.v1', p.id::text, w.county_code, jsonb_build_object('person_id', p.id,
               'org_id', NULL, 'kind', 'claim_account_changed', 'policy_title', $title, 'count', 1,
               'county_code', w.county_code)
      FROM who w, (SELECT contact_id FROM who UNION SELECT $former::uuid) AS p (id)
     WHERE p.id IS NOT NULL
)
SELECT count(*) FROM told;

-- An eligible decision before any other; of those, the latest.
-- name: decision_mine :one
-- args: policy_code text, subject_id uuid
SELECT d.id, d.verdict, d.amount_cents, v.mode, (v.document ->> 'promised_working_days')::int8 AS days,
       coalesce(x ->> 'refusal', x ->> 'title', d.reason) AS why
  FROM subsidies.decision d
  JOIN subsidies.policy_version v ON v.id = d.policy_version_id
  LEFT JOIN LATERAL (SELECT e.x FROM jsonb_array_elements((v.document -> 'conditions')
               || (v.document -> 'exclusions')) AS e (x) WHERE e.x ->> 'code' = d.reason LIMIT 1) c ON true
 WHERE d.policy_code = $policy_code AND d.superseded_at IS NULL
   AND ($subject_id::uuid IS NULL OR d.subject_id = $subject_id)
   AND coalesce(platform.org(), platform.person()) =
       subsidies.decision_payee(v.beneficiary, d.subject_id, d.person_id, d.org_id)
 ORDER BY d.verdict = 'eligible' DESC, EXISTS (SELECT FROM subsidies.claim c
              WHERE c.subject_id = d.subject_id AND c.policy_code = d.policy_code
                AND c.state NOT IN ('declined', 'waived', 'rejected')), d.id DESC
 LIMIT 1;

-- name: policy_mode :one
-- args: policy_code text
SELECT v.mode FROM subsidies.policy_version v WHERE v.code = $policy_code
 ORDER BY v.version DESC LIMIT 1;

-- No id: the share is taken, by this claim or another.
-- name: claim_make :one tells
-- args: decision_id uuid, promised_on date
SELECT id::text AS id FROM subsidies.claim_make($decision_id, $promised_on) AS made (id) WHERE id IS NOT NULL;

-- What the caller could claim this moment.
-- name: claimable_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('decision_id', d.id, 'policy_code', d.policy_code,
           'policy_title', v.document ->> 'title', 'mode', v.mode, 'subject_kind', d.subject_kind,
           'subject_id', d.subject_id, 'amount_cents', d.amount_cents, 'currency', 'CNY',
           'county_code', d.county_code, 'decided_at', d.created_at)::text AS reply,
       d.id::text AS cursor
  FROM subsidies.decision d
  JOIN subsidies.policy_version v ON v.id = d.policy_version_id
 WHERE d.superseded_at IS NULL AND d.verdict = 'eligible' AND v.mode IN ('direct', 'apply')
   AND coalesce(platform.org(), platform.person()) =
       subsidies.decision_payee(v.beneficiary, d.subject_id, d.person_id, d.org_id)
   AND NOT EXISTS (SELECT FROM subsidies.claim c WHERE c.subject_id = d.subject_id
                      AND c.policy_code = d.policy_code AND c.state NOT IN ('declined', 'waived', 'rejected'))
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY d.id DESC LIMIT $lim;

-- name: claim_list :many read
-- args: policy_code text, county_code text, state text, mode text, org_id uuid, after text, lim int8
SELECT subsidies.claim_json(c)::text AS reply, c.id::text AS cursor
  FROM subsidies.claim c
 WHERE ($policy_code::text IS NULL OR c.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($state::text IS NULL OR c.state = $state)
   AND ($mode::text IS NULL OR c.mode = $mode)
   AND ($org_id::uuid IS NULL OR c.org_id = $org_id)
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC LIMIT $lim;

-- name: claim_get :one read
-- args: id uuid
SELECT (subsidies.claim_json(c) || jsonb_build_object(
           'steps', (SELECT jsonb_agg(jsonb_build_object('step', s.step, 'from_state',
                         s.from_state, 'to_state', s.to_state, 'actor', s.actor,
                         'hand', s.hand, 'on_behalf_of', s.on_behalf_of,
                         'note', s.note, 'at', s.created_at) ORDER BY s.ord)
                       FROM subsidies.claim_step s WHERE s.claim_id = c.id),
           'assisted_by', c.assisted_by,
           'open_objections', (SELECT count(*) FROM subsidies.objection o
                                WHERE o.notice_line_id = c.notice_line_id
                                  AND o.state = 'open')))::text AS reply
  FROM subsidies.claim c WHERE c.id = $id;
