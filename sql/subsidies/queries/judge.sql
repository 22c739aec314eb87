-- From decisions to claims. Everything here runs under the system role, a few
-- hundred holders at a time, one evaluator at a time.

-- name: judge_lock :exec
SELECT pg_advisory_xact_lock(hashtextextended('subsidies.judge', 0));

-- From here on in this transaction tables are read by their indexes: holders are
-- few, and what the planner remembers of a table that is filling up is out of date.
-- name: judge_by_index :exec
SELECT set_config('enable_seqscan', 'off', true);

-- Holders whose facts changed. Of a person's several registrations one after the
-- other: never two in one part. Rows another transaction is just touching are
-- left for later.
-- name: due_take :one
-- args: counties text[], lim int8
WITH picked AS MATERIALIZED (
    SELECT d.holder_id FROM subsidies.due d
     WHERE $counties::text[] IS NULL OR d.county_code = ANY ($counties)
     ORDER BY d.since, d.holder_id LIMIT $lim
), behind AS MATERIALIZED (
    SELECT a.alias_id AS holder_id, a.person_id AS first_id
      FROM picked JOIN subsidies.person_alias a ON a.alias_id = picked.holder_id
    UNION ALL
    SELECT a.alias_id, b.alias_id
      FROM picked JOIN subsidies.person_alias a ON a.alias_id = picked.holder_id
      JOIN subsidies.person_alias b ON b.person_id = a.person_id AND b.alias_id < a.alias_id
), free AS MATERIALIZED (
    SELECT d.holder_id FROM subsidies.due d
     WHERE d.holder_id = ANY (ARRAY(
           SELECT p.holder_id FROM picked p
            WHERE p.holder_id NOT IN (SELECT b.holder_id FROM behind b JOIN picked q ON q.holder_id = b.first_id)))
       FOR UPDATE OF d SKIP LOCKED
), taken AS (
    DELETE FROM subsidies.due d WHERE d.holder_id = ANY (ARRAY(SELECT free.holder_id FROM free))
    RETURNING d.holder_id, d.holder_kind
)
SELECT count(*) AS taken,
       coalesce(array_agg(holder_id) FILTER (WHERE holder_kind = 'person'), '{}')::text AS people,
       coalesce(array_agg(holder_id) FILTER (WHERE holder_kind = 'org'), '{}')::text AS orgs
  FROM taken;

-- rows: [{subject_id, policy_version_id, …}] as in decisions_add: all of them are news.
-- name: decisions_close :exec
-- args: rows jsonb
UPDATE subsidies.decision d SET superseded_at = platform.now()
  FROM jsonb_to_recordset($rows) AS r (subject_id uuid, policy_version_id uuid)
  JOIN subsidies.policy_version v ON v.id = r.policy_version_id
 WHERE d.subject_id = r.subject_id AND d.policy_code = v.code AND d.superseded_at IS NULL;

-- An eligible one that no claim speaks for yet gets a claim, unless a share it
-- needs is gone (claim_takes) or claiming is left to its claimant. 未设定 stays
-- `found`, what officers release stays `drafted`; otherwise the payee is told at
-- once, all of a policy in one message. A refusal is told once, not each time
-- facts change.
-- name: decisions_add :one
-- args: rows jsonb
WITH input AS (
    SELECT r.*, v.code, v.hash, v.benefit_family, v.document ->> 'title' AS title,
           CASE WHEN v.mode IN ('auto', 'round') THEN
               CASE WHEN r.amount_cents IS NULL THEN 'found'
                    WHEN v.release = 'officer' THEN 'drafted' ELSE 'notified' END END AS state, v.mode
      FROM jsonb_to_recordset($rows) AS r (subject_kind text, subject_id uuid, person_id uuid,
           org_id uuid, county_code text, area_code text, policy_version_id uuid, facts text,
           results text, verdict text, reason text, amount_cents bigint, digest bigint, period text,
           payee_kind text, payee_id uuid, promised_on date)
      JOIN subsidies.policy_version v ON v.id = r.policy_version_id
), made AS (
    INSERT INTO subsidies.decision (policy_version_id, policy_code, rule_hash, subject_kind, subject_id,
        person_id, org_id, facts, results, verdict, reason, amount_cents, digest, county_code, area_code)
    SELECT policy_version_id, code, hash, subject_kind, subject_id, person_id, org_id, facts, results,
           verdict, reason, amount_cents, digest, county_code, area_code
      FROM input
    RETURNING *
), found AS (
    INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, decision_id,
        subject_kind, subject_id, person_id, person_name_masked, org_id, org_name, payee_kind,
        payee_id, period, mode, amount_cents, state, promised_on, county_code, area_code)
    SELECT m.policy_code, m.policy_version_id, i.benefit_family, m.id, m.subject_kind,
           m.subject_id, m.person_id, CASE WHEN m.person_id IS NOT NULL THEN coalesce(p.name_masked, '*') END,
           m.org_id, CASE WHEN m.org_id IS NOT NULL THEN coalesce(o.name, '*') END,
           coalesce(r.payee_kind, i.payee_kind), coalesce(r.payee_id, i.payee_id), i.period, i.mode,
           m.amount_cents, i.state, i.promised_on, m.county_code, m.area_code
      FROM made m
      JOIN input i ON i.subject_id = m.subject_id AND i.code = m.policy_code
      LEFT JOIN subsidies.person p ON p.id = m.person_id
      LEFT JOIN subsidies.org o ON o.id = m.org_id
      LEFT JOIN subsidies.referral r ON r.id = m.subject_id AND i.payee_kind IS NULL
     WHERE m.verdict = 'eligible' AND i.state IS NOT NULL
       AND coalesce(r.payee_id, i.payee_id) IS NOT NULL
       AND NOT EXISTS (SELECT FROM subsidies.claim c
                        WHERE c.subject_id = m.subject_id
                          AND c.policy_code = m.policy_code AND c.state <> 'rejected')
     ORDER BY m.id
        ON CONFLICT DO NOTHING
    RETURNING *
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, to_state)
    SELECT id, 'found', 'found' FROM found
    UNION ALL
    SELECT id, CASE state WHEN 'drafted' THEN 'draft' ELSE 'notify' END, state
      FROM found WHERE state <> 'found'
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.found.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'person_id', person_id,
               'org_id', org_id, 'amount_cents', amount_cents, 'county_code', county_code)
      FROM found
    UNION ALL
    SELECT 'subsidies.claim.refused.v1', id::text, county_code, jsonb_build_object(
               'decision_id', id, 'policy_code', policy_code, 'person_id', person_id,
               'org_id', org_id, 'reason', reason, 'county_code', county_code)
      FROM made m
     WHERE verdict = 'refused' AND NOT EXISTS (
           SELECT FROM (SELECT p.verdict, p.reason FROM subsidies.decision p
                         WHERE p.subject_id = m.subject_id
                           AND p.policy_code = m.policy_code
                         ORDER BY p.id DESC LIMIT 1) last
            WHERE last.verdict = 'refused' AND last.reason = m.reason)
), messages AS MATERIALIZED (
    SELECT subsidies.tell(CASE f.payee_kind WHEN 'person' THEN f.payee_id END,
               CASE f.payee_kind WHEN 'org' THEN f.payee_id END, 'subsidies.claim.notified',
               (SELECT i.title FROM input i WHERE i.code = f.policy_code LIMIT 1),
               count(*) || '笔待确认，共' || to_char(sum(f.amount_cents) / 100.0, 'FM999999999990.00') || '元，请确认收款账户',
               'claim', CASE count(*) WHEN 1 THEN min(f.id::text)::uuid END)
      FROM found f WHERE f.state = 'notified'
     GROUP BY f.payee_kind, f.payee_id, f.policy_code
)
SELECT (SELECT count(*) FROM found) AS found, count(*) AS made, array_agg(id)::text AS ids,
       (SELECT count(*) FROM messages) AS messages
  FROM made;

-- A new decision about something that has a claim under way: no longer
-- eligible suspends it, eligible again lets it go on, an amount that was 未设定
-- and now is set lets it begin. Money that is promised stays where it is: what
-- is approved or on its way keeps the decision it was approved by, and is
-- reconsidered once it is paid (reconsider_add).
-- name: claims_follow :one
-- args: decision_ids text[]
WITH news AS (
    SELECT c.id, d.id AS decision_id, c.state AS was, d.policy_version_id, p.release,
           CASE WHEN d.amount_cents IS NULL THEN c.amount_cents
                WHEN c.state IN ('found', 'drafted', 'notified', 'applied')
                  OR c.amount_cents IS NULL THEN d.amount_cents
                ELSE c.amount_cents END AS amount_cents,
           CASE WHEN ok AND c.state = 'found' AND d.amount_cents > 0
                THEN CASE p.release WHEN 'officer' THEN 'drafted' ELSE 'notified' END
                WHEN ok AND c.state = 'suspended' THEN c.resume_state
                WHEN NOT ok AND c.state NOT IN ('suspended', 'batched')
                THEN 'suspended' ELSE c.state END AS state
      FROM subsidies.decision d
      JOIN subsidies.policy_version p ON p.id = d.policy_version_id
      JOIN subsidies.claim c ON c.subject_id = d.subject_id
       AND c.policy_code = d.policy_code AND c.decision_id IS DISTINCT FROM d.id
     CROSS JOIN LATERAL (SELECT d.verdict = 'eligible'
                            AND c.person_id IS NOT DISTINCT FROM d.person_id AS ok) same
     WHERE d.id = ANY ((SELECT $decision_ids::text[]::uuid[])::uuid[])
       AND c.state NOT IN ('applied', 'declined', 'waived', 'rejected', 'paid')   -- applied: apply_judged()
       FOR UPDATE OF c
), moved AS (
    UPDATE subsidies.claim c
       SET decision_id = CASE WHEN n.state IN ('approved', 'public', 'payable', 'batched', 'returned')
                              THEN c.decision_id ELSE n.decision_id END,
           state = n.state, amount_cents = n.amount_cents,
           policy_version_id = n.policy_version_id,
           resume_state = CASE WHEN n.state = n.was THEN c.resume_state
                               WHEN n.state = 'suspended' THEN n.was END,
           moved_at = CASE WHEN n.state = n.was THEN c.moved_at ELSE platform.now() END
      FROM news n WHERE c.id = n.id
    RETURNING c.*, n.was
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state)
    SELECT id, CASE WHEN state = 'suspended' THEN 'suspend' WHEN was = 'found' AND state = 'drafted' THEN 'draft'
                    WHEN was = 'found' THEN 'notify' ELSE 'resume' END, was, state
      FROM moved WHERE state <> was
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.moved.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'state', state,
               'amount_cents', amount_cents, 'county_code', county_code)
      FROM moved WHERE state <> was
)
SELECT count(*) FILTER (WHERE state <> was) AS moved FROM moved;

-- Claims whose review begins again because their amount is another now: what
-- they had is let go first (claims_move), then claims_follow sets the amount.
-- name: claims_repriced :one
-- args: decision_ids text[]
SELECT count(*) AS count, coalesce(array_agg(id), '{}')::text AS ids,
       string_agg(DISTINCT note, '；') AS note FROM (
    SELECT c.id, '金额由' || to_char(c.amount_cents / 100.0, 'FM999999999990.00') || '元变为'
               || to_char(d.amount_cents / 100.0, 'FM999999999990.00') || '元，请重新确认' AS note
      FROM subsidies.decision d
      JOIN subsidies.claim c ON c.subject_id = d.subject_id AND c.policy_code = d.policy_code
     WHERE d.id = ANY ((SELECT $decision_ids::text[]::uuid[])::uuid[]) AND d.verdict = 'eligible'
       AND c.state IN ('confirmed', 'first_reviewed', 'rechecked')
       AND d.amount_cents <> c.amount_cents
     ORDER BY c.id FOR UPDATE OF c) x;

-- Paid claims of these holders whose decision now is another than the one they
-- were paid by, or than the one accepted last. What is not known yet says nothing.
-- name: reconsider_open :one
-- args: people text[], orgs text[]
WITH paid AS (
    SELECT c.id FROM subsidies.claim c
     WHERE c.person_id = ANY ((SELECT $people::text[]::uuid[])::uuid[]) AND c.state = 'paid'
    UNION ALL
    SELECT c.id FROM subsidies.claim c
     WHERE c.org_id = ANY ((SELECT $orgs::text[]::uuid[])::uuid[]) AND c.person_id IS NULL AND c.state = 'paid'
), outdated AS (
    UPDATE subsidies.reconsideration r SET state = 'outdated', settled_at = platform.now()
      FROM paid, subsidies.claim c, subsidies.decision d
     WHERE r.claim_id = paid.id AND r.state = 'proposed' AND c.id = paid.id
       AND d.subject_id = c.subject_id AND d.policy_code = c.policy_code
       AND d.superseded_at IS NULL AND d.id <> r.decision_after
    RETURNING r.id
)
SELECT (SELECT count(*) FROM paid) AS paid, (SELECT count(*) FROM outdated) AS outdated;

-- name: reconsider_add :one
-- args: people text[], orgs text[]
WITH paid AS (
    SELECT c.* FROM subsidies.claim c
     WHERE c.person_id = ANY ((SELECT $people::text[]::uuid[])::uuid[]) AND c.state = 'paid'
    UNION ALL
    SELECT c.* FROM subsidies.claim c
     WHERE c.org_id = ANY ((SELECT $orgs::text[]::uuid[])::uuid[]) AND c.person_id IS NULL AND c.state = 'paid'
), compared AS (
    SELECT c.*, d.id AS decision_after, d.reason AS decided_by, d.policy_version_id AS version_after,
           coalesce(last.id, c.decision_id) AS decision_before,
           coalesce(last.cents, c.amount_cents) AS before_cents,
           CASE WHEN d.verdict = 'refused' OR subsidies.subject_withdrawn(c.subject_kind, c.subject_id)
                  OR c.person_id IS DISTINCT FROM d.person_id THEN 0
                WHEN d.verdict = 'eligible' THEN d.amount_cents END AS after_cents,
           subsidies.subject_withdrawn(c.subject_kind, c.subject_id)
               OR c.person_id IS DISTINCT FROM d.person_id AS withdrawn
      FROM paid c
      JOIN subsidies.decision d ON d.subject_id = c.subject_id AND d.policy_code = c.policy_code
       AND d.superseded_at IS NULL AND d.id <> c.decision_id
      LEFT JOIN LATERAL (
          SELECT b.id, CASE b.verdict WHEN 'refused' THEN 0 ELSE b.amount_cents END AS cents
            FROM subsidies.reconsideration r JOIN subsidies.decision b ON b.id = r.decision_after
           WHERE r.claim_id = c.id AND r.state = 'accepted' ORDER BY r.id DESC LIMIT 1) last ON true
), added AS (
    INSERT INTO subsidies.reconsideration (claim_id, decision_before, decision_after, kind,
        difference_cents, reason, policy_code, person_id, payee_kind, payee_id, county_code, area_code)
    SELECT c.id, c.decision_before, c.decision_after,
           CASE WHEN c.after_cents > c.before_cents THEN 'top_up' ELSE 'recovery' END,
           abs(c.after_cents - c.before_cents),
           coalesce(CASE WHEN c.withdrawn THEN '所依据的记录已撤销或更正' END,
               (SELECT x ->> 'refusal' FROM subsidies.policy_version v,
                            jsonb_array_elements((v.document -> 'conditions') || (v.document -> 'exclusions')) x
                      WHERE v.id = c.version_after AND x ->> 'code' = c.decided_by LIMIT 1),
               '金额由' || to_char(c.before_cents / 100.0, 'FM999999999990.00') || '元变为'
                   || to_char(c.after_cents / 100.0, 'FM999999999990.00') || '元'),
           c.policy_code, c.person_id, c.payee_kind, c.payee_id, c.county_code, c.area_code
      FROM compared c
     WHERE c.after_cents <> c.before_cents
        ON CONFLICT (claim_id, decision_after) DO NOTHING
    RETURNING *
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.reconsidered.v1', claim_id::text, county_code, jsonb_build_object(
               'reconsideration_id', id, 'claim_id', claim_id, 'policy_code', policy_code,
               'kind', kind, 'difference_cents', difference_cents, 'county_code', county_code)
      FROM added
)
SELECT count(*) AS added FROM added;
