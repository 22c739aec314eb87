-- 政策推送: who qualifies for what has to be claimed is told so, once for each
-- thing judged. What needs no claiming is told with its claim.

CREATE FUNCTION subsidies.policy_push() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM subsidies.tell(
               CASE WHEN v.beneficiary = 'person' THEN d.person_id END,
               CASE WHEN v.beneficiary = 'employer' THEN d.org_id END,
               'policy_match', '您可享受：' || (v.document ->> 'title'),
               CASE v.mode
                   WHEN 'direct' THEN '数据已核实，确认收款账户即可领取'
                       || coalesce(subsidies.yuan(d.amount_cents) || '元', '；补贴标准未设定，设定后可领取') || '。'
                   ELSE '您符合数据可核实的条件，提交材料后办理，可在线或到就近网点。' END,
               'decision', d.id)
       FROM fresh d
       JOIN subsidies.policy_version v ON v.id = d.policy_version_id
      WHERE d.verdict = 'eligible' AND v.mode IN ('direct', 'apply')
        AND (CASE v.beneficiary WHEN 'person' THEN d.person_id WHEN 'employer' THEN d.org_id END) IS NOT NULL
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
