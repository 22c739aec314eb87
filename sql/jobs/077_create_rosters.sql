-- Real-name rosters: 离校未就业高校毕业生 (measure 7) and 脱贫人口、返贫监测对象 with
-- their 务工 spells (measure 8). People are known by blind index until they
-- register; then the row is linked, and a graduate's case opened.

CREATE TABLE jobs.roster_import (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    kind         text NOT NULL CONSTRAINT roster_import_kind_check CHECK (kind IN ('graduates', 'poverty')),
    file_sha256  text NOT NULL,
    rows_read    integer NOT NULL,
    rows_applied integer NOT NULL,
    rows_same    integer NOT NULL,
    rows_matched integer NOT NULL,
    rows_failed  integer NOT NULL,
    report       jsonb NOT NULL,
    imported_by  uuid DEFAULT platform.actor(),
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON TABLE jobs.roster_import IS 'public: counts and line numbers of a file, nobody''s data; officers'' only by its route';

CREATE TABLE jobs.graduate (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    id_index       text NOT NULL CONSTRAINT graduate_id_index_key UNIQUE,
    person_id      uuid,
    name_masked    text NOT NULL,
    school         text NOT NULL,
    major          text NOT NULL,
    education_code text NOT NULL,
    graduated_on   date NOT NULL,
    is_priority    boolean NOT NULL DEFAULT false,
    is_willing     boolean,
    contact_result text CONSTRAINT graduate_contact_result_check CHECK (contact_result IN
        ('unreached', 'seeking', 'employed', 'self_employed', 'further_study', 'army', 'not_willing')),
    followed_on    date,
    served_on      date,
    employed_on    date,
    officer_id     uuid,
    station_id     uuid,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON COLUMN jobs.graduate.is_priority IS '雨露计划+: of a family on the other roster, first in lists';
COMMENT ON COLUMN jobs.graduate.station_id IS 'the 青年求职加油站 that looks after the graduate, if one does';
CREATE INDEX graduate_county_idx ON jobs.graduate (county_code, is_priority, id);
CREATE INDEX graduate_person_idx ON jobs.graduate (person_id) WHERE person_id IS NOT NULL;
CALL platform.protect('jobs.graduate',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

CREATE TABLE jobs.poverty_member (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    id_index     text NOT NULL CONSTRAINT poverty_member_id_index_key UNIQUE,
    person_id    uuid,
    name_masked  text NOT NULL,
    household_no text NOT NULL,
    kind         text NOT NULL CONSTRAINT poverty_member_kind_check CHECK (kind IN ('lifted', 'monitored')),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON COLUMN jobs.poverty_member.kind IS 'lifted 脱贫人口, monitored 返贫监测对象';
CREATE INDEX poverty_member_county_idx ON jobs.poverty_member (county_code, id);
CREATE INDEX poverty_member_person_idx ON jobs.poverty_member (person_id) WHERE person_id IS NOT NULL;
CALL platform.protect('jobs.poverty_member',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

CREATE TABLE jobs.migration_spell (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    member_id    uuid NOT NULL CONSTRAINT migration_spell_member_fkey REFERENCES jobs.poverty_member,
    person_id    uuid,
    place_kind   text NOT NULL CONSTRAINT migration_spell_place_kind_check CHECK (place_kind IN
        ('outside_province', 'within_province', 'within_county', 'village_workshop')),
    place        text NOT NULL,
    employer     text NOT NULL,
    from_on      date NOT NULL,
    to_on        date,
    income_cents bigint NOT NULL CONSTRAINT migration_spell_income_check CHECK (income_cents >= 0),
    source       text NOT NULL CONSTRAINT migration_spell_source_check CHECK (source IN
        ('self', 'village', 'survey', 'employer', 'data')),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT migration_spell_order_check CHECK (from_on <= to_on)
);
COMMENT ON COLUMN jobs.migration_spell.income_cents IS 'a month';
CREATE INDEX migration_spell_member_idx ON jobs.migration_spell (member_id, from_on);
CREATE INDEX migration_spell_open_idx ON jobs.migration_spell (county_code) WHERE to_on IS NULL;
CALL platform.protect('jobs.migration_spell',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

-- Nobody works at two places away at once. The member's row is the lock that
-- makes two clerks take turns.
CREATE FUNCTION jobs.migration_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM FROM jobs.poverty_member m WHERE m.id = NEW.member_id FOR UPDATE;
    IF EXISTS (SELECT FROM jobs.migration_spell s WHERE s.member_id = NEW.member_id AND s.id <> NEW.id
                  AND daterange(s.from_on, s.to_on, '[]') && daterange(NEW.from_on, NEW.to_on, '[]')) THEN
        PERFORM platform.refuse('jobs.spell_overlap');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER migration_check BEFORE INSERT OR UPDATE ON jobs.migration_spell
    FOR EACH ROW EXECUTE FUNCTION jobs.migration_check();

CREATE FUNCTION jobs.migration_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.migration.changed.v1', NEW.member_id::text, NEW.county_code, jsonb_build_object(
        'member_id', NEW.member_id, 'spell_id', NEW.id, 'person_id', NEW.person_id,
        'place_kind', NEW.place_kind, 'from_on', NEW.from_on, 'to_on', NEW.to_on,
        'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER migration_tell AFTER INSERT OR UPDATE OF from_on, to_on, place_kind ON jobs.migration_spell
    FOR EACH ROW EXECUTE FUNCTION jobs.migration_tell();

-- Targets of the policy, as it words them.
CREATE TABLE jobs.roster_target (
    code   text PRIMARY KEY,
    value  bigint NOT NULL,
    source text NOT NULL
);
COMMENT ON TABLE jobs.roster_target IS 'public: what the policy wants';
INSERT INTO jobs.roster_target (code, value, source) VALUES
    ('migration_persons', 297000, '永政办发〔2024〕15号 二（三）8'),
    ('graduate_follow_up_bp', 10000, '永政办发〔2024〕15号 二（三）7'),
    ('graduate_service_bp', 10000, '永政办发〔2024〕15号 二（三）7'),
    ('graduate_employment_bp', 9500, '永政办发〔2024〕15号 二（三）7');

CREATE FUNCTION jobs.is_priority(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM jobs.graduate g WHERE g.person_id = person AND g.is_priority)
$$;
COMMENT ON FUNCTION jobs.is_priority(uuid) IS '雨露计划+: matching puts these people first among equals';

CREATE FUNCTION jobs.roster_person(known text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.id FROM jobs.person p WHERE p.id_index = known
$$;
COMMENT ON FUNCTION jobs.roster_person(text) IS 'whoever has this identity number, wherever registered';

-- Who registers is found on the rosters.
CREATE FUNCTION jobs.roster_on_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.poverty_member m SET person_id = NEW.id WHERE m.id_index = NEW.id_index AND m.person_id IS DISTINCT FROM NEW.id;
    UPDATE jobs.migration_spell s SET person_id = NEW.id FROM jobs.poverty_member m
     WHERE m.id = s.member_id AND m.person_id = NEW.id AND s.person_id IS DISTINCT FROM NEW.id;
    UPDATE jobs.graduate g SET person_id = NEW.id WHERE g.id_index = NEW.id_index AND g.person_id IS DISTINCT FROM NEW.id;
    IF FOUND THEN
        PERFORM jobs.help_open(NEW.id, 'graduate', g.id) FROM jobs.graduate g
          WHERE g.person_id = NEW.id AND g.employed_on IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER roster_on_person AFTER INSERT OR UPDATE OF id_index ON jobs.person
    FOR EACH ROW EXECUTE FUNCTION jobs.roster_on_person();

CREATE FUNCTION jobs.roster_on_employment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.graduate g SET employed_on = greatest(NEW.hired_on, g.graduated_on), contact_result = 'employed'
     WHERE g.person_id = NEW.person_id AND g.employed_on IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER roster_employed AFTER INSERT ON jobs.employment
    FOR EACH ROW WHEN (NEW.ended_on IS NULL) EXECUTE FUNCTION jobs.roster_on_employment();

-- What is done in the case counts on the roster.
CREATE FUNCTION jobs.roster_on_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.graduate g
       SET followed_on = greatest(g.followed_on, NEW.contacted_on),
           served_on = CASE WHEN NEW.outcome = 'served' AND NEW.kind <> 'visit'
                            THEN greatest(g.served_on, NEW.contacted_on) ELSE g.served_on END
     WHERE g.person_id = NEW.person_id;
    RETURN NULL;
END $$;
CREATE TRIGGER roster_contacted AFTER INSERT ON jobs.help_contact
    FOR EACH ROW WHEN (NEW.outcome <> 'unreached') EXECUTE FUNCTION jobs.roster_on_contact();

CREATE FUNCTION jobs.graduate_json(g jobs.graduate) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', g.id, 'person_id', g.person_id, 'name_masked', g.name_masked,
        'school', g.school, 'major', g.major, 'education_code', g.education_code,
        'graduated_on', g.graduated_on, 'is_priority', g.is_priority, 'is_willing', g.is_willing,
        'contact_result', g.contact_result, 'followed_on', g.followed_on, 'served_on', g.served_on,
        'employed_on', g.employed_on, 'officer_id', g.officer_id, 'station_id', g.station_id,
        'county_code', g.county_code, 'area_code', g.area_code)
$$;
CREATE FUNCTION jobs.migration_json(s jobs.migration_spell) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'member_id', s.member_id, 'place_kind', s.place_kind,
        'place', s.place, 'employer', s.employer, 'from_on', s.from_on, 'to_on', s.to_on,
        'income_cents', s.income_cents, 'currency', 'CNY', 'source', s.source)
$$;
CREATE FUNCTION jobs.poverty_json(m jobs.poverty_member) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', m.id, 'person_id', m.person_id, 'name_masked', m.name_masked,
        'household_no', m.household_no, 'kind', m.kind, 'county_code', m.county_code,
        'area_code', m.area_code, 'is_working', EXISTS (SELECT FROM jobs.migration_spell s
            WHERE s.member_id = m.id AND s.from_on <= platform.today()
              AND (s.to_on IS NULL OR s.to_on >= platform.today())))
$$;
