-- 评选 and 验收 in entrepreneurship (永政办发〔2024〕15号 二（二）5, 6): what is known here
-- of entrants and units; an award's instalments are claims in subsidies.

CREATE INDEX person_index_idx ON entrepreneurship.person (id_index);

CREATE FUNCTION entrepreneurship.selection_policy(code text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN code IN ('CYXM', 'FXCY', 'FXCYX') THEN 'org' END;

CREATE FUNCTION entrepreneurship.selection_words() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY['enterprise', 'graduate', 'tenant', 'prize', 'founder_group', 'hires'];

-- Whom the policy is for: graduates, tenants, winners of contests. Whether a founder
-- is a graduate is not known as long as no proof was looked at (what founders say of
-- themselves is none): NULL keeps nobody out, and is seen by who reviews.
CREATE FUNCTION entrepreneurship.entry_met(condition text, org uuid, person uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE condition
        WHEN 'enterprise' THEN coalesce((SELECT o.kind = 'enterprise' FROM entrepreneurship.org o WHERE o.id = org), false)
        WHEN 'tenant' THEN found.tenant
        WHEN 'prize' THEN found.prize
        WHEN 'graduate' THEN found.graduate
        WHEN 'founder_group' THEN found.tenant OR found.prize OR found.graduate END
      FROM (SELECT EXISTS (SELECT FROM entrepreneurship.tenant t WHERE t.org_id = org AND t.state IN ('in', 'left') AND t.admitted_on <= on_day
                              AND coalesce(t.left_on, 'infinity') >= on_day) AS tenant,
                   EXISTS (SELECT FROM entrepreneurship.founder_proof p WHERE p.org_id = org AND p.kind = 'prize'
                              AND p.state = 'confirmed' AND p.proved_on <= on_day) AS prize,
                   (SELECT bool_or(p.state = 'confirmed') FROM entrepreneurship.founder_proof p
                     WHERE p.org_id = org AND p.kind = 'graduate' AND p.state <> 'submitted'
                       AND p.proved_on <= on_day) AS graduate) AS found
$$;

CREATE FUNCTION entrepreneurship.entry_measure(measure text, org uuid, person uuid, year integer, on_day date)
RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('value', CASE measure WHEN 'hires' THEN h.hires END, 'of', jsonb_build_object('hires', h.hires))
      FROM (SELECT count(*) AS hires FROM entrepreneurship.hire x
             WHERE x.org_id = org AND x.hired_on BETWEEN make_date(year, 1, 1) AND least(on_day, make_date(year, 12, 31))) AS h
$$;

-- One of the entrant's people, its founder, or the founder's mentor.
CREATE FUNCTION entrepreneurship.conflict_known(org uuid, uscc text, person uuid, reviewer uuid, reviewer_index text)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM entrepreneurship.founder f WHERE f.org_id = org AND f.person_id = reviewer)
            THEN 'legal_representative'
        WHEN EXISTS (SELECT FROM entrepreneurship.hire h WHERE h.org_id = org AND h.person_id = reviewer)
            THEN 'same_unit'
        WHEN EXISTS (SELECT FROM entrepreneurship.founder f JOIN entrepreneurship.booking b ON b.person_id = f.person_id
                      WHERE f.org_id = org AND b.mentor_person = reviewer AND b.state = 'held') THEN 'mentor' END
$$;

-- A park is accepted as its carrier; projects have milestones instead.
CREATE FUNCTION entrepreneurship.unit_fits(policy text, tier text, org uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN policy IN ('FXCY', 'FXCYX') AND EXISTS (SELECT FROM entrepreneurship.carrier c
    WHERE c.org_id = org AND c.kind = 'return_home_park' AND c.state = 'open');

-- Claims are another service's.
CREATE FUNCTION entrepreneurship.award_claim(due uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE RETURN NULL::uuid;

CALL platform.make_selection('entrepreneurship', 'EN');

INSERT INTO entrepreneurship.award_quota (policy_code, tier, places, basis) VALUES
    ('FXCY', 'city', 4, '永政办发〔2024〕15号 二（二）5'),
    ('CYXM', 'city', 30, '永政办发〔2024〕15号 二（二）6');

-- Subsidies hears of each instalment by its event, and makes of it what it judges.
CREATE FUNCTION entrepreneurship.award_due(a entrepreneurship.award, part integer) RETURNS uuid
LANGUAGE sql RETURN platform.uuid7();

CREATE FUNCTION entrepreneurship.award_void(a entrepreneurship.award, due uuid) RETURNS void
LANGUAGE sql AS $$ $$;
