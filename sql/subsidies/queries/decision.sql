-- Decisions read back: to be shown, explained, replayed, counted.

-- name: decision_list :many read
-- args: policy_code text, county_code text, verdict text, reason text, after text, lim int8
SELECT jsonb_build_object('id', d.id, 'policy_code', d.policy_code, 'verdict', d.verdict,
           'reason', d.reason, 'amount_cents', d.amount_cents, 'subject_kind', d.subject_kind, 'subject_id', d.subject_id,
           'person_id', d.person_id, 'org_id', d.org_id, 'county_code', d.county_code,
           'decided_at', d.created_at)::text AS reply,
       d.id::text AS cursor
  FROM subsidies.decision d
 WHERE d.superseded_at IS NULL
   AND ($policy_code::text IS NULL OR d.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR d.county_code = $county_code)
   AND ($verdict::text IS NULL OR d.verdict = $verdict)
   AND ($reason::text IS NULL OR d.reason = $reason)
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY d.id DESC LIMIT $lim;

-- The employer sees the result, not the person's facts.
-- name: decision_get :one read
-- args: id uuid
SELECT jsonb_build_object('id', d.id, 'policy_code', d.policy_code,
           'policy_title', v.document ->> 'title', 'policy_version', v.version,
           'rule_hash', d.rule_hash, 'verdict', d.verdict, 'reason', d.reason,
           'amount_cents', d.amount_cents, 'subject_kind', d.subject_kind, 'subject_id', d.subject_id,
           'person_id', d.person_id, 'org_id', d.org_id, 'county_code', d.county_code,
           'facts', CASE WHEN platform.in_areas(d.county_code, d.area_code)
                           OR d.person_id = platform.person() THEN d.facts::jsonb END,
           'results', d.results::jsonb, 'decided_at', d.created_at,
           'superseded_at', d.superseded_at,
           'claim_id', (SELECT c.id FROM subsidies.claim c WHERE c.decision_id = d.id
                         ORDER BY c.id DESC LIMIT 1))::text AS reply
  FROM subsidies.decision d JOIN subsidies.policy_version v ON v.id = d.policy_version_id
 WHERE d.id = $id;

-- name: decision_full :one read
-- args: id uuid
SELECT d.policy_version_id, d.person_id, d.rule_hash, d.facts, d.results, d.verdict,
       d.county_code, platform.in_areas(d.county_code, d.area_code) AS in_area,
       d.person_id = platform.person() AS sees_person
  FROM subsidies.decision d WHERE d.id = $id;

-- Current decisions by verdict and reason, claims by state.
-- name: summary_get :one read
-- args: policy_code text, county_code text
SELECT jsonb_build_object('policy_code', $policy_code::text, 'county_code', $county_code::text,
    'decisions', (SELECT coalesce(jsonb_object_agg(verdict, n), '{}') FROM (
        SELECT verdict, count(*) AS n FROM subsidies.decision
         WHERE superseded_at IS NULL AND policy_code = $policy_code
           AND ($county_code::text IS NULL OR county_code = $county_code)
         GROUP BY verdict) v),
    'refused_by_reason', (SELECT coalesce(jsonb_object_agg(reason, n), '{}') FROM (
        SELECT reason, count(*) AS n FROM subsidies.decision
         WHERE superseded_at IS NULL AND policy_code = $policy_code AND verdict = 'refused'
           AND ($county_code::text IS NULL OR county_code = $county_code)
         GROUP BY reason) r),
    'waiting_for', (SELECT coalesce(jsonb_object_agg(reason, n), '{}') FROM (
        SELECT reason, count(*) AS n FROM subsidies.decision
         WHERE superseded_at IS NULL AND policy_code = $policy_code AND verdict = 'waiting'
           AND ($county_code::text IS NULL OR county_code = $county_code)
         GROUP BY reason) w),
    'claims', (SELECT coalesce(jsonb_object_agg(state, jsonb_build_object(
                   'count', n, 'amount_cents', cents)), '{}') FROM (
        SELECT state, count(*) AS n, coalesce(sum(amount_cents), 0) AS cents
          FROM subsidies.claim WHERE policy_code = $policy_code
           AND ($county_code::text IS NULL OR county_code = $county_code)
         GROUP BY state) c))::text AS reply;
