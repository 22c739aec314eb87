-- 政策推送: who qualifies for what has to be claimed is told so, once for each
-- thing judged. What needs no claiming is told with its claim.

CREATE FUNCTION subsidies.policy_push() RETURNS trigger
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
CREATE TRIGGER policy_push AFTER INSERT ON subsidies.decision
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies.policy_push();
