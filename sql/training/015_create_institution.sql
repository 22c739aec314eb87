-- 培训机构: licences as filed by the organisation, checked by one officer and
-- decided by another, and what each may teach up to which level. A licence is
-- a row of its own: renewed, it is filed again.
CREATE FUNCTION training.occupations_cover(list jsonb, occupation text, level integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM jsonb_array_elements(list) AS o
                WHERE (o ->> 'occupation_code' = occupation
                       OR starts_with(occupation, (o ->> 'occupation_code') || '-'))
                  AND coalesce(level >= (o ->> 'level')::integer, true));
COMMENT ON FUNCTION training.occupations_cover(jsonb, text, integer) IS
    'a list [{occupation_code, level}] names the occupation or a class above it, up to that level or (none) any';

CREATE TABLE training.institution (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL CONSTRAINT institution_org_fkey REFERENCES training.org,
    org_name    text NOT NULL,
    licence_no  text NOT NULL,
    kind        text NOT NULL CONSTRAINT institution_kind_check CHECK (kind IN
        ('vocational_school', 'technician_college', 'private_school', 'enterprise_centre', 'public_base')),
    valid_from  date NOT NULL,
    valid_to    date NOT NULL,
    places      integer NOT NULL CONSTRAINT institution_places_check CHECK (places > 0),
    occupations jsonb NOT NULL,
    is_startup  boolean NOT NULL DEFAULT false,
    rooms       jsonb NOT NULL DEFAULT '[]',
    state       text NOT NULL DEFAULT 'filed' CONSTRAINT institution_state_check CHECK (state IN
        ('filed', 'checked', 'licensed', 'refused', 'suspended', 'revoked')),
    note        text,
    filed_by    uuid NOT NULL DEFAULT platform.actor(),
    checked_by  uuid,
    decided_by  uuid,
    decided_on  date,
    warned_on   date,
    county_code text NOT NULL,
    area_code   text,
    changed_at  timestamptz NOT NULL DEFAULT platform.now(),
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT institution_days_check CHECK (valid_from <= valid_to),
    CONSTRAINT institution_hands_check CHECK (checked_by <> filed_by AND decided_by <> filed_by
        AND decided_by <> checked_by),
    CONSTRAINT institution_decided_check CHECK (decided_on IS NOT NULL
        OR state IN ('filed', 'checked', 'refused'))
);
COMMENT ON COLUMN training.institution.occupations IS '[{occupation_code (or a class above), level: the highest}]';
COMMENT ON COLUMN training.institution.rooms IS '[{name, place, seats, lat_e6, lng_e6 (WGS84)}]';
COMMENT ON COLUMN training.institution.places IS 'people taught at once, in all its classes';
CREATE UNIQUE INDEX institution_licence_key ON training.institution (licence_no, valid_from)
    WHERE state NOT IN ('refused', 'revoked');
CREATE INDEX institution_org_idx ON training.institution (org_id, id);
CREATE INDEX institution_county_idx ON training.institution (county_code, id);
CREATE INDEX institution_valid_idx ON training.institution (valid_to) WHERE state = 'licensed';
REVOKE DELETE ON training.institution FROM training_app, training_system;
-- Who may teach is everybody's to know.
CALL platform.protect('training.institution', $$
    state = 'licensed' OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

-- A licence number is of one organisation, and valid once at a time.
CREATE FUNCTION training.institution_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('training.licence ' || NEW.licence_no, 0));
    IF EXISTS (SELECT FROM training.institution i WHERE i.licence_no = NEW.licence_no AND i.id <> NEW.id
                  AND i.state NOT IN ('refused', 'revoked')
                  AND (i.org_id <> NEW.org_id OR daterange(i.valid_from, i.valid_to, '[]')
                       && daterange(NEW.valid_from, NEW.valid_to, '[]'))) THEN
        PERFORM platform.refuse('training.licence_taken /licence_no');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER institution_file BEFORE INSERT ON training.institution
    FOR EACH ROW EXECUTE FUNCTION training.institution_file();

CREATE FUNCTION training.institution_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.institution.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('institution_id', NEW.id, 'org_id', NEW.org_id, 'state', NEW.state,
                'valid_from', NEW.valid_from, 'valid_to', NEW.valid_to, 'places', NEW.places,
                'county_code', NEW.county_code));
    IF TG_OP = 'UPDATE' THEN
        PERFORM training.case_move('TR-13', NEW.id, NEW.state, CASE NEW.state
            WHEN 'checked' THEN 'in_progress' WHEN 'licensed' THEN 'done'
            WHEN 'refused' THEN 'refused' END, NEW.note);
        IF NEW.state <> 'checked' THEN
            PERFORM training.tell(NULL, NEW.org_id, 'institution_' || NEW.state,
                '办学许可 ' || NEW.licence_no || CASE NEW.state WHEN 'licensed' THEN ' 已登记'
                    WHEN 'refused' THEN ' 未予登记' WHEN 'suspended' THEN ' 已暂停' ELSE ' 已撤销' END,
                NEW.note, 'institution', NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER institution_tells_new AFTER INSERT ON training.institution
    FOR EACH ROW EXECUTE FUNCTION training.institution_tells();
CREATE TRIGGER institution_tells AFTER UPDATE ON training.institution
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.institution_tells();

-- No occupation: 创业培训.
CREATE FUNCTION training.may_teach(org uuid, occupation text, level integer, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.institution i
                WHERE i.org_id = org AND i.state = 'licensed'
                  AND on_day BETWEEN i.valid_from AND i.valid_to
                  AND CASE WHEN occupation IS NULL THEN i.is_startup
                           ELSE training.occupations_cover(i.occupations, occupation, level) END);
COMMENT ON FUNCTION training.may_teach(uuid, text, integer, date) IS
    'the organisation holds a licence of that day that names the occupation up to that level';

-- The most people that its classes, planned and running, hold on one day.
CREATE FUNCTION training.places_taken(org uuid, from_on date, to_on date, but uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN (WITH near AS (
            SELECT c.starts_on, c.ends_on, c.capacity FROM training.class c
             WHERE c.org_id = org AND c.id IS DISTINCT FROM but
               AND c.state IN ('filed', 'open', 'running') AND c.starts_on <= to_on AND c.ends_on >= from_on
        )
        SELECT coalesce(max(at.taken), 0)
          FROM (SELECT (SELECT sum(n.capacity) FROM near n WHERE d.day BETWEEN n.starts_on AND n.ends_on) AS taken
                  FROM (SELECT from_on UNION SELECT greatest(n.starts_on, from_on) FROM near n) AS d (day)) AS at);

-- An institution with a licence teaches no more people at once than it says.
CREATE FUNCTION training.class_places() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    room bigint;
BEGIN
    PERFORM FROM training.institution i WHERE i.org_id = NEW.org_id ORDER BY i.id FOR UPDATE;
    SELECT sum(i.places) INTO room FROM training.institution i
     WHERE i.org_id = NEW.org_id AND i.state = 'licensed' AND NEW.starts_on BETWEEN i.valid_from AND i.valid_to;
    IF room < NEW.capacity + training.places_taken(NEW.org_id, NEW.starts_on, NEW.ends_on, NEW.id) THEN
        PERFORM platform.refuse('training.institution_full /capacity');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_places BEFORE INSERT OR UPDATE OF capacity, starts_on, ends_on ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_places();

CREATE FUNCTION training.institution_json(i training.institution) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', i.id, 'org_id', i.org_id, 'org_name', i.org_name,
    'licence_no', i.licence_no, 'kind', i.kind, 'valid_from', i.valid_from, 'valid_to', i.valid_to,
    'places', i.places, 'occupations', i.occupations, 'is_startup', i.is_startup, 'rooms', i.rooms,
    'state', i.state, 'is_valid', i.state = 'licensed' AND platform.today() BETWEEN i.valid_from AND i.valid_to,
    'note', i.note, 'decided_on', i.decided_on, 'county_code', i.county_code, 'area_code', i.area_code,
    'created_at', i.created_at);

-- Once for each licence: its institution is told that it runs out.
CREATE FUNCTION training.institution_warn(days integer) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH due AS (
        UPDATE training.institution AS i SET warned_on = platform.today()
         WHERE i.state = 'licensed' AND i.warned_on IS NULL
           AND i.valid_to BETWEEN platform.today() AND platform.today() + days
        RETURNING i.id, i.org_id, i.licence_no, i.valid_to
    )
    SELECT count(training.tell(NULL, d.org_id, 'institution_expiring', '办学许可 ' || d.licence_no || ' 即将到期',
                               '有效期至 ' || d.valid_to || '，请及时换证并重新登记', 'institution', d.id))
      FROM due d
$$;
