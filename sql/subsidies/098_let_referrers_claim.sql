-- 帮工补贴 is the referrer's: they see the decision about their link, are told
-- of it, and may claim it as persons and employers do theirs.

CREATE FUNCTION subsidies.decision_payee(beneficiary text, subject uuid, person uuid, org uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE beneficiary WHEN 'person' THEN person
                WHEN 'referrer' THEN (SELECT r.payee_id FROM subsidies.referral r WHERE r.id = subject)
                ELSE org END
$$;
COMMENT ON FUNCTION subsidies.decision_payee(text, uuid, uuid, uuid) IS 'whose money an eligible decision is';

CALL platform.protect('subsidies.decision',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org()
      OR (subject_kind = 'referral' AND subsidies.decision_payee('referrer', subject_id, NULL, NULL)
          IN (platform.person(), platform.org()))$$,
    $$false$$);

CREATE OR REPLACE FUNCTION subsidies.claim_make(decision uuid, promised date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    made uuid;
BEGIN
    INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, decision_id, subject_kind,
        subject_id, person_id, person_name_masked, org_id, org_name, payee_kind, payee_id, amount_cents,
        state, mode, period, promised_on, assisted_by, county_code, area_code)
    SELECT d.policy_code, d.policy_version_id, v.benefit_family, d.id, d.subject_kind, d.subject_id,
           d.person_id, p.name_masked, d.org_id, o.name,
           CASE WHEN platform.org() IS NULL THEN 'person' ELSE 'org' END,
           coalesce(platform.org(), platform.person()), nullif(d.amount_cents, 0), 'notified', v.mode,
           subsidies.period_of(v.document, subsidies.subject_day(d.subject_kind, d.subject_id)),
           promised, subsidies.assistant(), d.county_code, d.area_code
      FROM subsidies.decision d
      JOIN subsidies.policy_version v ON v.id = d.policy_version_id
      LEFT JOIN subsidies.person p ON p.id = d.person_id
      LEFT JOIN subsidies.org o ON o.id = d.org_id
     WHERE d.id = decision AND d.superseded_at IS NULL AND d.verdict = 'eligible' AND v.mode = 'direct'
       AND coalesce(platform.org(), platform.person()) =
           subsidies.decision_payee(v.beneficiary, d.subject_id, d.person_id, d.org_id)
       AND NOT EXISTS (SELECT FROM subsidies.claim c WHERE c.subject_id = d.subject_id
                          AND c.policy_code = d.policy_code
                          AND c.state NOT IN ('declined', 'waived', 'rejected'))
        ON CONFLICT DO NOTHING
    RETURNING id INTO made;
    INSERT INTO subsidies.claim_step (claim_id, step, to_state, actor)
    SELECT made, 'found', 'notified', platform.actor() WHERE made IS NOT NULL;
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.found.v1', c.id::text, c.county_code, jsonb_build_object('claim_id', c.id,
               'policy_code', c.policy_code, 'person_id', c.person_id, 'org_id', c.org_id,
               'amount_cents', c.amount_cents, 'county_code', c.county_code)
      FROM subsidies.claim c WHERE c.id = made;
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION subsidies.policy_push() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM subsidies.tell(CASE payee.kind WHEN 'person' THEN payee.id END,
               CASE payee.kind WHEN 'org' THEN payee.id END,
               'policy_match', '您可享受：' || (v.document ->> 'title'),
               CASE v.mode
                   WHEN 'direct' THEN '数据已核实，确认收款账户即可领取'
                       || coalesce(subsidies.yuan(d.amount_cents) || '元', '；补贴标准未设定，设定后可领取') || '。'
                   ELSE '您符合数据可核实的条件，提交材料后办理，可在线或到就近网点。' END,
               'decision', d.id)
       FROM fresh d
       JOIN subsidies.policy_version v ON v.id = d.policy_version_id AND v.mode IN ('direct', 'apply')
       LEFT JOIN subsidies.referral r ON v.beneficiary = 'referrer' AND r.id = d.subject_id
      CROSS JOIN LATERAL (SELECT
               CASE v.beneficiary WHEN 'person' THEN 'person' WHEN 'referrer' THEN r.payee_kind ELSE 'org' END AS kind,
               CASE v.beneficiary WHEN 'person' THEN d.person_id WHEN 'referrer' THEN r.payee_id ELSE d.org_id END AS id) payee
      WHERE d.verdict = 'eligible' AND payee.id IS NOT NULL
        AND NOT EXISTS (SELECT FROM subsidies.claim c
                         WHERE c.subject_id = d.subject_id AND c.policy_code = d.policy_code)
        AND NOT EXISTS (SELECT FROM subsidies.decision e
                         WHERE e.subject_id = d.subject_id AND e.policy_code = d.policy_code
                           AND e.verdict = 'eligible' AND e.id <> d.id
                           AND (e.amount_cents IS NULL) = (d.amount_cents IS NULL));
    RETURN NULL;
END $$;

-- 就业帮扶车间: the city's plan names both funds for it.
UPDATE subsidies.fund_source SET pays = pays || '{BFCJ}'
 WHERE code = 'rural_revitalization' AND NOT 'BFCJ' = ANY (pays);
