-- Awards that other services make (永政办发〔2024〕15号 二（二）5, 6, 二（四）11): each
-- instalment told is a fact of kind award, as if a round of ours had made it. Only
-- the service that decides a policy may name whom it pays (award_source, 085).

-- The same instalment told again is the same fact.
CREATE FUNCTION subsidies.award_fact_id(service text, award uuid, part bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN subsidies.fact_id('award', concat_ws(E'\n', service, award, part));

-- What is not to be believed is refused, and the event is parked.
CREATE FUNCTION subsidies.award_hear(service_ text, award uuid, policy text, org uuid, person uuid,
    numbers bigint[], made_on date, county text, area text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM subsidies.award_source s
                    WHERE s.policy_code = policy AND s.service = service_)
       OR num_nonnulls(org, person) <> 1 OR coalesce(numbers[4] NOT BETWEEN 1 AND numbers[5], true)
       OR numbers[5] > 12 THEN
        PERFORM platform.refuse('event.refused');
    END IF;
    RETURN subsidies.fact_tell(service_ || '.award', 'award',
        subsidies.award_fact_id(service_, award, numbers[4]), person, org, made_on, NULL, policy,
        numbers, NULL, county, area);
END $$;

-- All instalments of it are no longer true; what was paid is looked into again.
CREATE FUNCTION subsidies.award_unhear(service text, award uuid) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(*) FILTER (WHERE subsidies.fact_drop(subsidies.award_fact_id(service, award, part)))
      FROM generate_series(1, 12) AS part
$$;
