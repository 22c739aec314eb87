-- 返乡创业园 as units of acceptance (永政办发〔2024〕15号 二（二）5): the city's 100万 of
-- FXCY and the county's 50万 of FXCYX are of one park each, once, and only of one
-- that is recognised. 创业孵化基地 have no sum of their own: recognition (011) is
-- their acceptance. A park whose acceptance is revoked is let go.
CREATE TABLE entrepreneurship.park_unit (
    unit_id     uuid PRIMARY KEY CONSTRAINT park_unit_unit_fkey REFERENCES entrepreneurship.acceptance_unit,
    carrier_id  uuid NOT NULL CONSTRAINT park_unit_carrier_fkey REFERENCES entrepreneurship.carrier,
    org_id      uuid NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL
);
CREATE INDEX park_unit_carrier ON entrepreneurship.park_unit (carrier_id);
CALL platform.protect('entrepreneurship.park_unit',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'false');
COMMENT ON TABLE entrepreneurship.park_unit IS 'which park a unit of acceptance is';

-- The first that was recognised, of those an organisation runs; for the city's
-- money the city's recognition.
CREATE FUNCTION entrepreneurship.park_of(org uuid, policy text) RETURNS uuid
LANGUAGE sql STABLE
RETURN (SELECT c.id FROM entrepreneurship.carrier c
         WHERE c.org_id = org AND c.kind = 'return_home_park' AND c.state = 'open'
           AND (c.tier = 'city' OR (policy = 'FXCYX' AND c.tier = 'county'))
         ORDER BY c.recognised_on, c.id LIMIT 1);

CREATE OR REPLACE FUNCTION entrepreneurship.unit_fits(policy text, tier text, org uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN (policy, tier) IN (('FXCY', 'city'), ('FXCYX', 'county')) AND entrepreneurship.park_of(org, policy) IS NOT NULL;

CREATE FUNCTION entrepreneurship.park_unit_once() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.period <> 'once' THEN PERFORM platform.refuse('field.choice /period'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER park_unit_once BEFORE INSERT ON entrepreneurship.acceptance_unit
    FOR EACH ROW WHEN (NEW.policy_code IN ('FXCY', 'FXCYX')) EXECUTE FUNCTION entrepreneurship.park_unit_once();

CREATE FUNCTION entrepreneurship.park_unit_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.park_unit (unit_id, carrier_id, org_id, county_code, area_code)
    SELECT NEW.id, c.id, c.org_id, c.county_code, c.area_code FROM entrepreneurship.carrier c
     WHERE c.id = entrepreneurship.park_of(NEW.org_id, NEW.policy_code);
    RETURN NULL;
END $$;
CREATE TRIGGER park_unit_named AFTER INSERT ON entrepreneurship.acceptance_unit
    FOR EACH ROW WHEN (NEW.policy_code IN ('FXCY', 'FXCYX')) EXECUTE FUNCTION entrepreneurship.park_unit_named();

-- With the last acceptance that is taken back the park goes, too.
CREATE FUNCTION entrepreneurship.park_unit_revoked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    park uuid := (SELECT c.id FROM entrepreneurship.park_unit p JOIN entrepreneurship.carrier c ON c.id = p.carrier_id
                   WHERE p.unit_id = NEW.id AND c.state = 'open');
BEGIN
    IF park IS NOT NULL AND NOT EXISTS (SELECT FROM entrepreneurship.park_unit p
            JOIN entrepreneurship.acceptance_unit u ON u.id = p.unit_id
            WHERE p.carrier_id = park AND u.state = 'passed') THEN
        PERFORM entrepreneurship.carrier_close(park,
            (SELECT a.revoked FROM entrepreneurship.award a WHERE a.id = NEW.award_id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER park_unit_revoked AFTER UPDATE ON entrepreneurship.acceptance_unit
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state = 'revoked') EXECUTE FUNCTION entrepreneurship.park_unit_revoked();

-- Money that is due on an acceptance is not left standing: that is revoked first.
CREATE FUNCTION entrepreneurship.carrier_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM entrepreneurship.park_unit p JOIN entrepreneurship.acceptance_unit u ON u.id = p.unit_id
                WHERE p.carrier_id = NEW.id AND u.state = 'passed') THEN
        PERFORM platform.refuse('entrepreneurship.exit_accepted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER carrier_held BEFORE UPDATE ON entrepreneurship.carrier
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state = 'closed') EXECUTE FUNCTION entrepreneurship.carrier_held();
