-- A carrier as it describes itself, each version of that kept; whom to call,
-- sealed; and whether it takes firms. The counts now follow what they count, so
-- that the firm, who may not write the carrier's row, moves them too.
ALTER TABLE entrepreneurship.carrier
    ADD COLUMN version        integer NOT NULL DEFAULT 1,
    ADD COLUMN floor_m2       integer CONSTRAINT carrier_floor_check CHECK (floor_m2 > 0),
    ADD COLUMN services       text NOT NULL DEFAULT '',
    ADD COLUMN address        text NOT NULL DEFAULT '',
    ADD COLUMN lat_e6         integer,
    ADD COLUMN lng_e6         integer,
    ADD COLUMN premises       text CONSTRAINT carrier_premises_check CHECK (premises IN ('owned', 'rented', 'public')),
    ADD COLUMN premises_until date,
    ADD COLUMN licence_no     text,
    ADD COLUMN licence_on     date,
    ADD COLUMN office_line    text,
    ADD COLUMN phone_shown   text,
    ADD COLUMN state          text NOT NULL DEFAULT 'open' CONSTRAINT carrier_state_check CHECK (state IN ('open', 'closed')),
    ADD COLUMN tier           text CONSTRAINT carrier_tier_check CHECK (tier IN ('city', 'county')),
    ADD COLUMN recognised_on  date,
    ADD CONSTRAINT carrier_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL)),
    ADD CONSTRAINT carrier_recognised_check CHECK ((tier IS NULL) = (recognised_on IS NULL));
COMMENT ON COLUMN entrepreneurship.carrier.tier IS 'recognised by whom; NULL: registered only';
COMMENT ON COLUMN entrepreneurship.carrier.phone_shown IS 'as the public sees it; in full in carrier_contact';
COMMENT ON COLUMN entrepreneurship.carrier.office_line IS 'a public number of an office, nobody''s own';

-- Describing itself, its organisation says nothing of its standing or counts.
REVOKE UPDATE ON entrepreneurship.carrier FROM entrepreneurship_app;
GRANT UPDATE (name, capacity, version, floor_m2, services, address, lat_e6, lng_e6, premises, premises_until,
    licence_no, licence_on, office_line, phone_shown) ON entrepreneurship.carrier TO entrepreneurship_app;

CREATE TABLE entrepreneurship.carrier_version (
    carrier_id  uuid NOT NULL CONSTRAINT carrier_version_carrier_fkey REFERENCES entrepreneurship.carrier,
    no          integer NOT NULL,
    said        jsonb NOT NULL,
    said_by     uuid DEFAULT platform.actor(),
    said_at     timestamptz NOT NULL DEFAULT platform.now(),
    org_id      uuid NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    PRIMARY KEY (carrier_id, no)
);
CALL platform.protect('entrepreneurship.carrier_version',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'false');
REVOKE INSERT, UPDATE, DELETE ON entrepreneurship.carrier_version FROM entrepreneurship_app, entrepreneurship_system;

CREATE TABLE entrepreneurship.carrier_contact (
    carrier_id   uuid PRIMARY KEY CONSTRAINT carrier_contact_carrier_fkey REFERENCES entrepreneurship.carrier,
    org_id       uuid NOT NULL,
    phone_sealed text NOT NULL,
    county_code  text NOT NULL,
    area_code    text NOT NULL
);
CALL platform.protect('entrepreneurship.carrier_contact',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'org_id = platform.org()');
REVOKE DELETE ON entrepreneurship.carrier_contact FROM entrepreneurship_app, entrepreneurship_system;
INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('entrepreneurship.carrier_contact', 'phone_sealed', $$'carrier_contact.phone'$$);

CREATE FUNCTION entrepreneurship.carrier_said(c entrepreneurship.carrier) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('name', c.name, 'capacity', c.capacity, 'floor_m2', c.floor_m2, 'services', c.services,
    'address', c.address, 'lat_e6', c.lat_e6, 'lng_e6', c.lng_e6, 'premises', c.premises,
    'premises_until', c.premises_until, 'licence_no', c.licence_no, 'licence_on', c.licence_on,
    'office_line', c.office_line, 'phone_shown', c.phone_shown);

CREATE OR REPLACE FUNCTION entrepreneurship.carrier_reply(c entrepreneurship.carrier) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT (jsonb_build_object(
        'id', c.id, 'org_id', c.org_id, 'kind', c.kind, 'county_code', c.county_code,
        'area_code', c.area_code, 'tenant_count', c.tenant_count, 'job_count', c.job_count,
        'places_left', c.capacity - c.tenant_count, 'state', c.state, 'tier', c.tier,
        'recognised_on', c.recognised_on, 'version', c.version, 'created_at', c.created_at)
        || entrepreneurship.carrier_said(c))::text
$$;

CREATE FUNCTION entrepreneurship.carrier_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.carrier_version (carrier_id, no, said, org_id, county_code, area_code)
    VALUES (NEW.id, NEW.version, entrepreneurship.carrier_said(NEW), NEW.org_id, NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
INSERT INTO entrepreneurship.carrier_version (carrier_id, no, said, said_by, org_id, county_code, area_code)
SELECT c.id, 1, entrepreneurship.carrier_said(c), NULL, c.org_id, c.county_code, c.area_code FROM entrepreneurship.carrier c;
CREATE TRIGGER carrier_keep AFTER INSERT ON entrepreneurship.carrier
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.carrier_keep();
CREATE TRIGGER carrier_keep_change AFTER UPDATE ON entrepreneurship.carrier
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION entrepreneurship.carrier_keep();

-- Metres between two points in millionths of a degree, on a sphere.
CREATE FUNCTION entrepreneurship.metres(lat1 integer, lng1 integer, lat2 integer, lng2 integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(2 * 6371008.8 * asin(least(1, sqrt(power(sind((lat2 - lat1) / 2e6), 2)
    + cosd(lat1 / 1e6) * cosd(lat2 / 1e6) * power(sind((lng2 - lng1) / 2e6), 2)))))::bigint;
COMMENT ON FUNCTION entrepreneurship.metres(integer, integer, integer, integer) IS
    'between two points given in millionths of a degree';

-- A photo that an officer has seen is everybody's.
CALL platform.protect('entrepreneurship.file', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (slot = 'carrier_photo' AND locked_at IS NOT NULL)
$$, 'person_id = platform.person() OR org_id = platform.org()');

-- The counts beside a carrier.
CREATE FUNCTION entrepreneurship.job_count() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE entrepreneurship.carrier c
       SET job_count = c.job_count + CASE TG_OP WHEN 'INSERT' THEN n.jobs ELSE -n.jobs END
      FROM (SELECT ch.carrier_id, count(*) AS jobs FROM changed ch GROUP BY ch.carrier_id ORDER BY ch.carrier_id) n
     WHERE c.id = n.carrier_id;
    RETURN NULL;
END $$;
CREATE TRIGGER job_count_more AFTER INSERT ON entrepreneurship.job_created
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION entrepreneurship.job_count();
CREATE TRIGGER job_count_less AFTER DELETE ON entrepreneurship.job_created
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION entrepreneurship.job_count();
