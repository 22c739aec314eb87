-- From facts to decisions and claims. Everything here runs under the system
-- role, a few hundred employments at a time, one evaluator at a time.

-- name: judge_lock :exec
SELECT pg_advisory_xact_lock(hashtextextended('subsidies.judge', 0));

-- Holders whose facts changed; of a person with several registrations, one
-- after the other. Rows another transaction is just touching are left for later.
-- name: due_take :one
-- args: counties text[], lim int8
WITH picked AS (
    SELECT d.holder_id
      FROM subsidies.due d
     WHERE ($counties::text[] IS NULL OR d.county_code = ANY ($counties))
       AND NOT EXISTS (SELECT FROM subsidies.person_alias al
                         JOIN subsidies.due first ON first.holder_id = al.person_id
                        WHERE al.alias_id = d.holder_id)
       AND NOT EXISTS (SELECT FROM subsidies.person_alias al
                         JOIN subsidies.person_alias twin ON twin.person_id = al.person_id
                          AND twin.alias_id < al.alias_id
                         JOIN subsidies.due first ON first.holder_id = twin.alias_id
                        WHERE al.alias_id = d.holder_id)
     ORDER BY d.since, d.holder_id LIMIT $lim
), free AS (
    SELECT d.holder_id FROM subsidies.due d JOIN picked USING (holder_id)
       FOR UPDATE OF d SKIP LOCKED
), taken AS (
    DELETE FROM subsidies.due d USING free WHERE d.holder_id = free.holder_id
    RETURNING d.holder_id
)
SELECT count(*) AS taken, array_agg(holder_id)::text AS ids FROM taken;

-- Holders of employments within a policy's window that have no decision by its
-- newest version (nor a claim under an earlier one), or were refused for a
-- benefit that has since been given back.
-- name: due_add :one
-- args: policy_code text, counties text[]
WITH newest AS (
    SELECT DISTINCT ON (code) * FROM subsidies.policy_version
     WHERE code = $policy_code ORDER BY code, version DESC
), added AS (
    INSERT INTO subsidies.due (holder_id, holder_kind, county_code)
    SELECT DISTINCT e.person_id, 'person', p.county_code
      FROM newest v
      JOIN subsidies.employment e ON e.hired_on BETWEEN v.effective_from AND coalesce(v.effective_to, 'infinity')
       AND e.county_code = ANY ($counties)
      JOIN subsidies.person p ON p.id = e.person_id
      LEFT JOIN subsidies.decision d ON d.subject_id = e.id AND d.policy_code = v.code
       AND d.superseded_at IS NULL
     WHERE (d.rule_hash IS DISTINCT FROM v.hash AND NOT EXISTS (
               SELECT FROM subsidies.claim c
                WHERE c.subject_id = e.id AND c.policy_code = v.code
                  AND c.amount_cents IS NOT NULL AND c.state NOT IN ('declined', 'rejected')))
        OR (d.verdict = 'refused' AND (d.facts::jsonb -> 'benefit_taken')::boolean
            AND NOT EXISTS (SELECT FROM subsidies.hold h
                 WHERE h.holder_id = e.person_id AND h.family = v.benefit_family AND h.live))
     ORDER BY e.person_id
        ON CONFLICT (holder_id) DO UPDATE SET since = excluded.since
    RETURNING holder_id
)
SELECT count(*) AS added, EXISTS (SELECT FROM newest) AS known FROM added;

-- All that is known of each employment under each policy in force when the
-- person was hired: its newest version, or the one a priced claim was found
-- under. Members are those of facts.c; null is unknown.
-- Of each holder the n-th hire: the later sees the claim of the earlier.
-- name: facts_read :many
-- args: ids text[], nth int8
SELECT e.id AS subject_id, v.id AS policy_version_id, jsonb_build_object(
           'hired_on', e.hired_on,
           'contract_type', e.contract_type,
           'contract_months', e.contract_months,
           'wage_cents', e.wage_cents,
           'employment_ended_on', e.ended_on,
           'org_kind', o.kind,
           'org_industry', o.industry_code,
           'birth_on', p.birth_on,
           'sex', p.sex,
           'on_graduate_roster', CASE WHEN p.id IS NOT NULL THEN g.id_index IS NOT NULL END,
           'graduated_on', g.graduated_on,
           'graduate_level', g.education_code,
           'graduate_full_time', g.full_time,
           'unemployed_at_hire', e.was_unemployed OR u.found,
           'difficult_at_hire', e.was_difficult,
           'earlier_hires', earlier.hires,
           'insured_months', CASE WHEN o.id IS NOT NULL THEN ins.here END,
           'insured_elsewhere_months', CASE WHEN o.id IS NOT NULL THEN ins.elsewhere END,
           'insured_through', (SELECT max(covers_through) FROM subsidies.import_batch
                                WHERE kind = 'insurance_months'),
           'benefit_taken', EXISTS (SELECT FROM subsidies.claim c
                WHERE c.person_id = e.person_id AND c.benefit_family = v.benefit_family
                  AND c.subject_id <> e.id AND c.state NOT IN ('declined', 'rejected'))
               OR (EXISTS (SELECT FROM subsidies.person_alias al
                            WHERE al.alias_id = e.person_id OR al.person_id = e.person_id)
                   AND EXISTS (SELECT FROM subsidies.also_known_as(e.person_id) AS other (id)
                        JOIN subsidies.claim c ON c.person_id = other.id
                         AND c.benefit_family = v.benefit_family
                         AND c.state NOT IN ('declined', 'rejected')))
       )::text AS facts
  FROM unnest($ids::text[]::uuid[]) AS due (id)
  CROSS JOIN LATERAL (SELECT x.* FROM subsidies.employment x WHERE x.person_id = due.id
                       ORDER BY x.hired_on, x.id OFFSET $nth LIMIT 1) e
  CROSS JOIN LATERAL (
      SELECT DISTINCT ON (pv.code) pv.id, pv.code, pv.benefit_family
        FROM subsidies.policy_version pv
        LEFT JOIN subsidies.claim own ON own.subject_id = e.id
         AND own.policy_version_id = pv.id AND own.amount_cents IS NOT NULL
         AND own.state NOT IN ('declined', 'rejected')
       WHERE pv.subject = 'employment' AND pv.mode IN ('auto', 'round') AND e.hired_on BETWEEN pv.effective_from AND coalesce(pv.effective_to, 'infinity')
       ORDER BY pv.code, own.id IS NULL, pv.version DESC) v
  LEFT JOIN subsidies.person p ON p.id = e.person_id
  LEFT JOIN subsidies.org o ON o.id = e.org_id
  LEFT JOIN LATERAL (
      SELECT now_known.* FROM (
          SELECT DISTINCT ON (gr.school, gr.education_code) gr.*
            FROM subsidies.graduate gr WHERE gr.id_index = p.id_index
           ORDER BY gr.school, gr.education_code, gr.batch_id DESC) now_known
       ORDER BY now_known.full_time DESC, now_known.graduated_on DESC LIMIT 1) g ON true
  CROSS JOIN LATERAL (
      SELECT EXISTS (SELECT FROM subsidies.unemployment un
              WHERE un.person_id = e.person_id AND un.registered_on <= e.hired_on
                AND (un.ended_on IS NULL OR un.ended_on >= e.hired_on)) AS found) u
  CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(other.hired_on ORDER BY other.hired_on), '[]') AS hires
        FROM subsidies.employment other
       WHERE other.person_id = e.person_id AND other.id <> e.id
         AND other.hired_on < e.hired_on) earlier
  LEFT JOIN LATERAL (
      SELECT coalesce(jsonb_agg(m.month ORDER BY m.month)
                 FILTER (WHERE m.uscc = o.uscc AND m.kinds = 7), '[]') AS here,
             coalesce(jsonb_agg(DISTINCT m.month)
                 FILTER (WHERE m.uscc <> o.uscc AND m.kinds <> 0), '[]') AS elsewhere
        FROM (SELECT DISTINCT ON (im.uscc, im.month) im.uscc, im.month, im.kinds
                FROM subsidies.insurance_month im WHERE im.id_index = p.id_index
               ORDER BY im.uscc, im.month, im.batch_id DESC) m) ins ON p.id IS NOT NULL
 ORDER BY e.person_id, v.code;

-- rows: [{subject_id, policy_version_id, facts, …}] as in decisions_add.
-- name: decisions_close :exec
-- args: rows jsonb
UPDATE subsidies.decision d SET superseded_at = platform.now()
  FROM jsonb_to_recordset($rows) AS r (subject_id uuid, policy_version_id uuid, facts text)
  JOIN subsidies.policy_version v ON v.id = r.policy_version_id
 WHERE d.subject_id = r.subject_id AND d.policy_code = v.code AND d.superseded_at IS NULL
   AND (d.facts <> r.facts OR d.rule_hash <> v.hash);

-- Whatever is left without a current decision gets one; an eligible one that
-- no claim speaks for yet gets a claim, and the employer is told at once: the
-- claim stands in its list. A refusal is told once, not each time facts change. A claim whose amount is 未设定 stays `found`.
-- name: decisions_add :one
-- args: rows jsonb
WITH input AS (
    SELECT r.*, v.code, v.hash, v.benefit_family, e.person_id, e.org_id, e.county_code,
           e.area_code
      FROM jsonb_to_recordset($rows) AS r (subject_id uuid, policy_version_id uuid,
           facts text, results text, verdict text, reason text, amount_cents bigint,
           promised_on date)
      JOIN subsidies.policy_version v ON v.id = r.policy_version_id
      JOIN subsidies.employment e ON e.id = r.subject_id
     WHERE NOT EXISTS (SELECT FROM subsidies.decision d
                        WHERE d.subject_id = r.subject_id AND d.policy_code = v.code
                          AND d.superseded_at IS NULL)
), made AS (
    INSERT INTO subsidies.decision (policy_version_id, policy_code, rule_hash, subject_kind, subject_id,
        person_id, org_id, facts, results, verdict, reason, amount_cents, county_code, area_code)
    SELECT policy_version_id, code, hash, 'employment', subject_id, person_id, org_id, facts, results,
           verdict, reason, amount_cents, county_code, area_code
      FROM input
    RETURNING *
), found AS (
    INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, decision_id,
        subject_kind, subject_id, person_id, person_name_masked, org_id, org_name, payee_kind,
        payee_id, amount_cents, state, promised_on, county_code, area_code)
    SELECT m.policy_code, m.policy_version_id, i.benefit_family, m.id, m.subject_kind,
           m.subject_id, m.person_id, coalesce(p.name_masked, '*'), m.org_id, coalesce(o.name, '*'),
           'org', m.org_id, m.amount_cents, CASE WHEN m.amount_cents IS NULL THEN 'found' ELSE 'notified' END,
           i.promised_on, m.county_code, m.area_code
      FROM made m
      JOIN input i ON i.subject_id = m.subject_id AND i.code = m.policy_code
      LEFT JOIN subsidies.person p ON p.id = m.person_id
      LEFT JOIN subsidies.org o ON o.id = m.org_id
     WHERE m.verdict = 'eligible'
       AND NOT EXISTS (SELECT FROM subsidies.claim c
                        WHERE c.subject_id = m.subject_id
                          AND c.policy_code = m.policy_code AND c.state <> 'rejected')
        ON CONFLICT DO NOTHING
    RETURNING *
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, to_state)
    SELECT id, 'found', 'found' FROM found
    UNION ALL
    SELECT id, 'notify', 'notified' FROM found WHERE state = 'notified'
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
)
SELECT (SELECT count(*) FROM found) AS found, count(*) AS made, array_agg(id)::text AS ids
  FROM made;

-- A new decision about something that has a claim under way: no longer
-- eligible suspends it, eligible again lets it go on, an amount that was 未设定
-- and now is set lets it begin. Money stays where it is.
-- name: claims_follow :one
-- args: decision_ids text[]
WITH news AS (
    SELECT c.id, d.id AS decision_id, c.state AS was, d.policy_version_id,
           coalesce(c.amount_cents, d.amount_cents) AS amount_cents,
           CASE WHEN d.verdict = 'eligible' AND c.state = 'found' AND d.amount_cents > 0
                THEN 'notified'
                WHEN d.verdict = 'eligible' AND c.state = 'suspended' THEN c.resume_state
                WHEN d.verdict <> 'eligible' AND c.state NOT IN ('suspended', 'batched')
                THEN 'suspended' ELSE c.state END AS state
      FROM subsidies.decision d
      JOIN subsidies.claim c ON c.subject_id = d.subject_id
       AND c.policy_code = d.policy_code AND c.decision_id <> d.id
     WHERE d.id = ANY ($decision_ids::text[]::uuid[])
       AND c.state NOT IN ('declined', 'rejected', 'paid')
       FOR UPDATE OF c
), moved AS (
    UPDATE subsidies.claim c
       SET decision_id = n.decision_id, state = n.state, amount_cents = n.amount_cents,
           policy_version_id = n.policy_version_id,
           resume_state = CASE WHEN n.state = n.was THEN c.resume_state
                               WHEN n.state = 'suspended' THEN n.was END,
           moved_at = CASE WHEN n.state = n.was THEN c.moved_at ELSE platform.now() END
      FROM news n WHERE c.id = n.id
    RETURNING c.*, n.was
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state)
    SELECT id, CASE WHEN state = 'suspended' THEN 'suspend' WHEN was = 'found' THEN 'notify'
                    ELSE 'resume' END, was, state
      FROM moved WHERE state <> was
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.moved.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'state', state,
               'amount_cents', amount_cents, 'county_code', county_code)
      FROM moved WHERE state <> was
)
SELECT count(*) FILTER (WHERE state <> was) AS moved FROM moved;
