-- 评选 and 验收 (永政办发〔2024〕15号 二（一）1, 二（三）7): what subsidies knows of entrants,
-- and what an award is here: a fact that the policy's rule judges.

-- Which policies are decided by another service's rounds and acceptances.
CREATE TABLE subsidies.award_source (
    policy_code text PRIMARY KEY,
    service     text NOT NULL,
    basis       text NOT NULL
);
COMMENT ON TABLE subsidies.award_source IS 'public: who names whom a policy pays';
CALL platform.protect('subsidies.award_source', 'true', 'false');
INSERT INTO subsidies.award_source (policy_code, service, basis) VALUES
    ('FXCY', 'entrepreneurship', '永政办发〔2024〕15号 二（二）5'),
    ('FXCYX', 'entrepreneurship', '永政办发〔2024〕15号 二（二）5'),
    ('CYXM', 'entrepreneurship', '永政办发〔2024〕15号 二（二）6'),
    ('GJNZ', 'training', '永政办发〔2024〕15号 二（四）11'),
    ('DSGZ', 'training', '永政办发〔2024〕15号 二（四）11'),
    ('XJGZ', 'training', '永政办发〔2024〕15号 二（四）11');     -- paid once a county's policy says how

CREATE FUNCTION subsidies.selection_policy(code text) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT CASE v.beneficiary WHEN 'employer' THEN 'org' ELSE 'person' END
          FROM subsidies.policy_version v
         WHERE v.code = selection_policy.code AND v.mode = 'round'
           AND NOT EXISTS (SELECT FROM subsidies.award_source s WHERE s.policy_code = v.code)
         ORDER BY v.version DESC LIMIT 1);

CREATE FUNCTION subsidies.selection_words() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY['enterprise', 'not_dishonest', 'no_arrears', 'in_park', 'licensed', 'graduate',
             'insured_growth', 'insured_growth_permille', 'hires', 'retention_permille'];

-- Does a file of this kind speak of that day? Who is on no list that nobody sent
-- is not known to be on none.
CREATE FUNCTION subsidies.file_covers(kind_ text, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM subsidies.import_batch b WHERE b.kind = kind_ AND b.covers_through >= on_day);

-- The plain conditions a round may set, judged on a day's facts. NULL: not known;
-- that keeps nobody out, and is seen by who reviews.
CREATE FUNCTION subsidies.entry_met(condition text, org uuid, person uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN condition = 'enterprise' THEN coalesce((SELECT o.kind = 'enterprise' FROM subsidies.org o WHERE o.id = org), false)
        WHEN condition = 'graduate' AND EXISTS (SELECT FROM subsidies.person p JOIN subsidies.graduate g USING (id_index)
                                  WHERE p.id = person AND g.graduated_on <= on_day) THEN true
        WHEN EXISTS (SELECT FROM subsidies.fact f
             WHERE (f.org_id = org OR f.person_id = person) AND f.known_to IS NULL AND f.kind = k.kind
               AND f.from_on <= on_day AND coalesce(f.to_on, 'infinity') >= on_day) THEN k.holds
        WHEN subsidies.file_covers(k.kind, on_day) THEN NOT k.holds END
      FROM (VALUES ('enterprise', '', true), ('graduate', 'graduates', true), ('not_dishonest', 'dishonest', false),
                   ('no_arrears', 'arrears', false), ('in_park', 'park', true), ('licensed', 'licence', true))
           AS k (word, kind, holds)
     WHERE k.word = condition
$$;

-- A number the data give, and what it was computed from. No value: no data.
CREATE FUNCTION subsidies.entry_measure(measure text, org uuid, person uuid, year integer, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH insured AS (
        SELECT f.numbers[2] AS began, f.numbers[3] AS ended
          FROM subsidies.fact f
         WHERE f.org_id = org AND f.kind = 'insured_year' AND f.known_to IS NULL
           AND f.from_on = make_date(year, 1, 1)
         ORDER BY f.id DESC LIMIT 1
    ), hired AS (
        SELECT count(*) AS hires, count(*) FILTER (WHERE e.ended_on IS NULL OR e.ended_on > on_day) AS kept
          FROM subsidies.employment e
         WHERE e.org_id = org AND e.hired_on BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
           AND e.hired_on <= on_day
    )
    SELECT jsonb_build_object('value', CASE measure
               WHEN 'insured_growth' THEN (SELECT ended - began FROM insured)
               WHEN 'insured_growth_permille' THEN (SELECT (ended - began) * 1000 / nullif(began, 0) FROM insured)
               WHEN 'hires' THEN hires
               WHEN 'retention_permille' THEN kept * 1000 / nullif(hires, 0) END,
           'of', CASE WHEN measure LIKE 'insured%'
               THEN (SELECT jsonb_build_object('staff_start', began, 'staff_end', ended) FROM insured)
               ELSE jsonb_build_object('hires', hires, 'kept', kept) END)
      FROM hired
$$;

-- The legal representative of the entrant, or one of its people.
CREATE FUNCTION subsidies.conflict_known(org uuid, uscc text, person uuid, reviewer uuid, reviewer_index text)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM subsidies.fact f
                      WHERE f.kind = 'licence' AND f.code = 'legal_representative' AND f.known_to IS NULL
                        AND (f.org_id = org OR f.uscc = conflict_known.uscc)
                        AND (f.person_id = reviewer OR f.id_index = reviewer_index)) THEN 'legal_representative'
        WHEN EXISTS (SELECT FROM subsidies.employment m
                      WHERE m.org_id = org AND m.person_id = reviewer AND m.ended_on IS NULL) THEN 'same_unit' END
$$;

CREATE FUNCTION subsidies.unit_fits(policy text, tier text, org uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE RETURN true;

CREATE FUNCTION subsidies.award_claim(due uuid) RETURNS uuid
LANGUAGE sql STABLE
RETURN (SELECT c.id FROM subsidies.claim c WHERE c.subject_kind = 'award' AND c.subject_id = due
         ORDER BY c.id DESC LIMIT 1);

CALL platform.make_selection('subsidies', 'SU');

INSERT INTO subsidies.award_quota (policy_code, tier, places, basis) VALUES
    ('QNJY', 'city', 15, '永政办发〔2024〕15号 二（三）7');

-- An instalment is a fact: the policy's rule sees it from now on.
CREATE FUNCTION subsidies.award_due(a subsidies.award, part integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f subsidies.fact;
BEGIN
    f.id := platform.uuid7();
    f.kind := 'award';
    f.org_id := a.org_id;
    f.person_id := a.person_id;
    f.from_on := platform.today();
    f.code := a.policy_code;
    f.numbers := ARRAY[coalesce(a.rank, 0), coalesce(a.score_milli, 0), coalesce(a.quantity, 0), part, a.instalments];
    f.source := 'subsidies.' || a.source;
    f.county_code := a.county_code;
    f.area_code := a.area_code;
    f.known_from := platform.now();
    PERFORM subsidies.fact_put(f);
    RETURN f.id;
END $$;

CREATE FUNCTION subsidies.award_void(a subsidies.award, due uuid) RETURNS void
LANGUAGE sql RETURN subsidies.fact_drop(due);
