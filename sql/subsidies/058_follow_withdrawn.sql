-- What a decision was about is needed again when it has been taken back.
CREATE OR REPLACE VIEW subsidies.dossier_decision WITH (security_invoker = true) AS
SELECT d.person_id AS holder, d.subject_id, d.policy_code, d.digest, d.verdict,
       d.policy_version_id, d.subject_kind, d.org_id, d.county_code, d.area_code
  FROM subsidies.decision d WHERE d.superseded_at IS NULL AND d.person_id IS NOT NULL
 UNION ALL
SELECT d.org_id, d.subject_id, d.policy_code, d.digest, d.verdict,
       d.policy_version_id, d.subject_kind, d.org_id, d.county_code, d.area_code
  FROM subsidies.decision d WHERE d.superseded_at IS NULL AND d.person_id IS NULL;

-- True: what was judged is no fact any more.
CREATE FUNCTION subsidies.subject_withdrawn(kind text, subject uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT kind <> 'employment'
       AND NOT EXISTS (SELECT FROM subsidies.fact f WHERE f.id = subject AND f.known_to IS NULL)
$$;
COMMENT ON FUNCTION subsidies.subject_withdrawn(text, uuid) IS 'the fact a decision is about has been taken back';

-- A scan over several counties is seen by whoever is in charge of all of them.
CALL platform.protect('subsidies.scan',
    $$platform.in_areas(county_code, NULL) OR requested_by = platform.actor()
      OR counties <@ platform.areas()$$);
