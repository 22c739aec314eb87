-- 高技能人才培训载体、技能大师工作室、劳模工匠创新工作室 (永政办发〔2024〕15号 二（四）11): called,
-- reviewed and accepted as every selection is (sql/platform/070-074). Here is what
-- training knows of who enters, and that a winner is named first and paid only
-- when it was accepted.

-- GJNZ, DSGZ: of the city. XJGZ: 县级技能大师工作室, each county's own.
CREATE FUNCTION training.selection_policy(code text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN code IN ('GJNZ', 'DSGZ', 'XJGZ') THEN 'org' END;

CREATE FUNCTION training.selection_words() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY['enterprise', 'institution', 'trained_last_year', 'skilled_last_year',
             'trained', 'certified', 'certified_permille', 'skilled'];

CREATE FUNCTION training.holds_licence(org uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.institution i WHERE i.org_id = org AND i.state = 'licensed'
                  AND on_day BETWEEN i.valid_from AND i.valid_to);

-- What its classes came to in a year: people who completed, certificates, and
-- those of 高级工 and above.
CREATE FUNCTION training.year_of(org uuid, year integer, on_day date,
    OUT trained bigint, OUT certified bigint, OUT skilled bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT (SELECT count(DISTINCT e.person_id) FROM training.enrolment e
             WHERE e.org_id = org AND e.completed_on BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
               AND e.completed_on <= on_day),
           count(DISTINCT c.person_id), count(DISTINCT c.person_id) FILTER (WHERE c.level <= 3)
      FROM training.certificate c
     WHERE c.org_id = org AND c.issued_on BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
       AND c.issued_on <= on_day
$$;

CREATE FUNCTION training.entry_met(condition text, org uuid, person uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE condition
        WHEN 'enterprise' THEN coalesce((SELECT o.kind = 'enterprise' FROM training.org o WHERE o.id = org), false)
        WHEN 'institution' THEN training.holds_licence(org, on_day)
        WHEN 'trained_last_year' THEN y.trained > 0
        WHEN 'skilled_last_year' THEN y.skilled > 0 END
      FROM training.year_of(org, extract(year FROM on_day)::integer - 1, on_day) AS y
$$;

CREATE FUNCTION training.entry_measure(measure text, org uuid, person uuid, year integer, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('value', CASE measure
               WHEN 'trained' THEN y.trained WHEN 'certified' THEN y.certified WHEN 'skilled' THEN y.skilled
               WHEN 'certified_permille' THEN y.certified * 1000 / nullif(y.trained, 0) END,
           'of', jsonb_build_object('trained', y.trained, 'certified', y.certified, 'skilled', y.skilled))
      FROM training.year_of(org, year, on_day) AS y
$$;

CREATE FUNCTION training.unit_fits(policy text, tier text, org uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN tier = CASE policy WHEN 'XJGZ' THEN 'county' ELSE 'city' END;

-- Claims are in another service.
CREATE FUNCTION training.award_claim(due uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE RETURN NULL::uuid;

-- A confirmed master of a carrier of the entrant's, or one who teaches for it.
-- (plpgsql: masters are kept in a table that comes after this)
CREATE FUNCTION training.conflict_known(org uuid, uscc text, person uuid, reviewer uuid, reviewer_index text)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN CASE WHEN EXISTS (SELECT FROM training.skill_master m
                              WHERE m.org_id = org AND m.person_id = reviewer AND m.state = 'confirmed')
                  OR EXISTS (SELECT FROM training.trainer t WHERE t.org_id = org AND t.person_id = reviewer AND t.state = 'confirmed')
                THEN 'same_unit' END;
END $$;

CALL platform.make_selection('training', 'TR');

INSERT INTO training.award_quota (policy_code, tier, places, basis) VALUES
    ('GJNZ', 'city', 2, '永政办发〔2024〕15号 二（四）11'),
    ('DSGZ', 'city', 16, '永政办发〔2024〕15号 二（四）11');

-- The round names; its winners are inspected before anything is paid. A place
-- that is no longer free, or a unit named already, is left out.
CREATE OR REPLACE FUNCTION training.round_end(r training.round) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    w     record;
    unit  uuid;
    tier_ text := CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END;
BEGIN
    FOR w IN SELECT e.* FROM training.round_result x JOIN training.round_entry e ON e.id = x.entry_id
              WHERE x.round_id = r.id AND x.selected ORDER BY x.place_no LOOP
        CONTINUE WHEN EXISTS (SELECT FROM training.acceptance_unit u WHERE u.policy_code = r.policy_code
                                 AND u.tier = tier_ AND u.org_id = w.org_id AND u.state <> 'revoked');
        unit := platform.uuid7();
        CONTINUE WHEN NOT training.place_take(r.policy_code, tier_, unit, w.county_code);
        INSERT INTO training.acceptance_unit (id, policy_code, tier, period, org_id, name, basis, named_by, county_code, area_code)
        VALUES (unit, r.policy_code, tier_, 'once', w.org_id, w.name, r.title, r.published_by, w.county_code, w.area_code);
        PERFORM training.tell(NULL, w.org_id, 'acceptance', '评选入选，等待验收：' || r.title, '验收合格后确认认定。', 'unit', unit);
    END LOOP;
    UPDATE training.round x SET state = 'final', moved_at = platform.now() WHERE x.id = r.id;
END $$;

-- A county's studio is worth what the county says; unset, it is not accepted.
CREATE FUNCTION training.county_studio_worth() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    NEW.quantity := training.skill_rule_on('county_studio_cents', NEW.county_code, platform.today());
    IF NEW.quantity IS NULL THEN
        PERFORM platform.refuse('training.county_studio_unset');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER county_studio_worth BEFORE INSERT ON training.award
    FOR EACH ROW WHEN (NEW.policy_code = 'XJGZ') EXECUTE FUNCTION training.county_studio_worth();
