-- The register of skill carriers: one a standing award. Its organisation says what
-- it is and where; its masters say yes themselves, and how they are shown; each
-- year it reports its masters' apprentices, and is inspected.

CREATE TABLE training.skill_carrier (
    id          uuid PRIMARY KEY CONSTRAINT skill_carrier_award_fkey REFERENCES training.award,
    kind        text NOT NULL CONSTRAINT skill_carrier_kind_check
        CHECK (kind IN ('base', 'master_studio', 'model_studio', 'county_studio')),
    org_id      uuid NOT NULL,
    org_name    text NOT NULL,
    name        text NOT NULL,
    occupations text[] NOT NULL DEFAULT '{}' CONSTRAINT skill_carrier_occupations_check CHECK (cardinality(occupations) <= 10),
    intro       text NOT NULL DEFAULT '',
    address     text NOT NULL DEFAULT '',
    lat_e6      integer CONSTRAINT skill_carrier_lat_check CHECK (lat_e6 BETWEEN 3000000 AND 54000000),
    lng_e6      integer CONSTRAINT skill_carrier_lng_check CHECK (lng_e6 BETWEEN 73000000 AND 136000000),
    state       text NOT NULL DEFAULT 'active' CONSTRAINT skill_carrier_state_check CHECK (state IN ('active', 'revoked')),
    accepted_on date NOT NULL DEFAULT platform.today(),
    revoked_on  date,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT skill_carrier_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL)),
    CONSTRAINT skill_carrier_revoked_check CHECK ((state = 'revoked') = (revoked_on IS NOT NULL))
);
COMMENT ON COLUMN training.skill_carrier.lat_e6 IS 'millionths of a degree, WGS-84';
CREATE INDEX skill_carrier_county_idx ON training.skill_carrier (county_code, id);
CREATE INDEX skill_carrier_org_idx ON training.skill_carrier (org_id, id);
CALL platform.protect('training.skill_carrier', $$
    state = 'active' OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, 'org_id = platform.org()');
REVOKE DELETE ON training.skill_carrier FROM training_app, training_system;

CREATE TABLE training.skill_master (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    carrier_id  uuid NOT NULL CONSTRAINT skill_master_carrier_fkey REFERENCES training.skill_carrier,
    org_id      uuid NOT NULL,
    person_id   uuid NOT NULL CONSTRAINT skill_master_person_fkey REFERENCES training.person,
    name_masked text NOT NULL,
    is_leader   boolean NOT NULL DEFAULT false,
    shown_name  text,               -- what they themselves want shown
    state       text NOT NULL DEFAULT 'named' CONSTRAINT skill_master_state_check
        CHECK (state IN ('named', 'confirmed', 'declined', 'ended')),
    answered_at timestamptz,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT skill_master_answered_check CHECK ((state = 'named') = (answered_at IS NULL)),
    CONSTRAINT skill_master_shown_check CHECK (shown_name IS NULL OR state = 'confirmed')
);
CREATE UNIQUE INDEX skill_master_key ON training.skill_master (carrier_id, person_id) WHERE state IN ('named', 'confirmed');
CREATE INDEX skill_master_person_idx ON training.skill_master (person_id, id);
CREATE INDEX skill_master_org_idx ON training.skill_master (org_id, id);
CALL platform.protect('training.skill_master',
    'person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'person_id = platform.person() OR org_id = platform.org()');
REVOKE DELETE ON training.skill_master FROM training_app, training_system;

CREATE TABLE training.skill_year (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    carrier_id   uuid NOT NULL CONSTRAINT skill_year_carrier_fkey REFERENCES training.skill_carrier,
    org_id       uuid NOT NULL,
    year         integer NOT NULL CONSTRAINT skill_year_year_check CHECK (year BETWEEN 2020 AND 2100),
    projects     integer NOT NULL CONSTRAINT skill_year_projects_check CHECK (projects >= 0),
    summary      text NOT NULL,
    state        text NOT NULL DEFAULT 'submitted' CONSTRAINT skill_year_state_check
        CHECK (state IN ('submitted', 'passed', 'returned')),
    note         text,
    submitted_by uuid NOT NULL DEFAULT platform.actor(),
    checked_by   uuid,
    checked_on   date,
    county_code  text NOT NULL,
    area_code    text,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT skill_year_key UNIQUE (carrier_id, year),
    CONSTRAINT skill_year_hands_check CHECK (checked_by <> submitted_by),
    CONSTRAINT skill_year_checked_check CHECK ((state = 'submitted') = (checked_by IS NULL))
);
COMMENT ON COLUMN training.skill_year.projects IS '技术攻关、技艺传承项目';
CALL platform.protect('training.skill_year', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
REVOKE DELETE ON training.skill_year FROM training_app, training_system;

CREATE TABLE training.skill_year_row (
    year_id     uuid NOT NULL CONSTRAINT skill_year_row_year_fkey REFERENCES training.skill_year,
    master_id   uuid NOT NULL CONSTRAINT skill_year_row_master_fkey REFERENCES training.skill_master,
    org_id      uuid NOT NULL,
    apprentices integer NOT NULL CONSTRAINT skill_year_row_apprentices_check CHECK (apprentices >= 0),
    finished    integer NOT NULL CONSTRAINT skill_year_row_finished_check CHECK (finished BETWEEN 0 AND apprentices),
    county_code text NOT NULL,
    area_code   text,
    PRIMARY KEY (year_id, master_id)
);
CALL platform.protect('training.skill_year_row', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');

-- The register follows awards: made, taken back.
CREATE FUNCTION training.award_due(a training.award, part integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.skill_carrier (id, kind, org_id, org_name, name, county_code, area_code)
    VALUES (a.id, CASE a.policy_code WHEN 'GJNZ' THEN 'base' WHEN 'DSGZ' THEN 'master_studio' ELSE 'county_studio' END,
            a.org_id, a.name, a.name, a.county_code, a.area_code)
    ON CONFLICT (id) DO NOTHING;
    RETURN platform.uuid7();
END $$;
CREATE FUNCTION training.award_void(a training.award, due uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE training.skill_carrier SET state = 'revoked', revoked_on = platform.today()
     WHERE id = a.id AND state = 'active'
$$;

CREATE FUNCTION training.skill_master_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c training.skill_carrier;
BEGIN
    SELECT p.name_masked INTO NEW.name_masked FROM training.person p WHERE p.id = NEW.person_id;
    IF NEW.name_masked IS NULL THEN
        PERFORM platform.refuse('training.person_unknown');
    END IF;
    SELECT x.* INTO c FROM training.skill_carrier x WHERE x.id = NEW.carrier_id FOR UPDATE;
    IF c.state <> 'active' THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF NEW.is_leader AND EXISTS (SELECT FROM training.skill_master m WHERE m.carrier_id = c.id AND m.is_leader
                                       AND m.state IN ('named', 'confirmed')) THEN
        PERFORM platform.refuse('training.skill_leader');
    END IF;
    PERFORM training.tell(NEW.person_id, NULL, 'skill_master_named', '请确认是否加入“' || c.name || '”', '', 'skill_carrier', c.id);
    RETURN NEW;
END $$;
CREATE TRIGGER skill_master_named BEFORE INSERT ON training.skill_master
    FOR EACH ROW EXECUTE FUNCTION training.skill_master_named();

CREATE FUNCTION training.skill_year_checked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM training.tell(NULL, NEW.org_id, 'skill_year_' || NEW.state, NEW.year || CASE NEW.state
        WHEN 'passed' THEN '年度报告已通过' ELSE '年度报告须补正' END, NEW.note, 'skill_carrier', NEW.carrier_id);
    RETURN NULL;
END $$;
CREATE TRIGGER skill_year_checked AFTER UPDATE ON training.skill_year
    FOR EACH ROW WHEN (OLD.state = 'submitted' AND NEW.state <> 'submitted') EXECUTE FUNCTION training.skill_year_checked();

-- Masters who want to be shown, and how many there are.
CREATE FUNCTION training.skill_masters_shown(carrier uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('masters', count(*), 'shown_masters', coalesce(jsonb_agg(jsonb_build_object(
               'name', m.shown_name, 'is_leader', m.is_leader) ORDER BY m.is_leader DESC, m.id)
               FILTER (WHERE m.shown_name IS NOT NULL), '[]'))
      FROM training.skill_master m WHERE m.carrier_id = carrier AND m.state = 'confirmed'
$$;
CREATE FUNCTION training.skill_carrier_json(c training.skill_carrier) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', c.id, 'kind', c.kind, 'org_id', c.org_id, 'org_name', c.org_name, 'name', c.name,
        'occupations', to_jsonb(c.occupations), 'intro', c.intro, 'address', c.address, 'lat_e6', c.lat_e6,
        'lng_e6', c.lng_e6, 'state', c.state, 'accepted_on', c.accepted_on, 'revoked_on', c.revoked_on,
        'county_code', c.county_code, 'area_code', c.area_code) || training.skill_masters_shown(c.id)
$$;
CREATE FUNCTION training.skill_master_json(m training.skill_master) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', m.id, 'carrier_id', m.carrier_id, 'org_id', m.org_id, 'person_id', m.person_id,
        'name_masked', m.name_masked, 'is_leader', m.is_leader, 'shown_name', m.shown_name, 'state', m.state,
        'county_code', m.county_code, 'created_at', m.created_at)
$$;
CREATE FUNCTION training.skill_year_json(y training.skill_year) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', y.id, 'carrier_id', y.carrier_id, 'org_id', y.org_id, 'year', y.year,
        'projects', y.projects, 'summary', y.summary, 'state', y.state, 'note', y.note, 'checked_on', y.checked_on,
        'masters', count(r.*), 'apprentices', coalesce(sum(r.apprentices), 0), 'finished', coalesce(sum(r.finished), 0),
        'county_code', y.county_code, 'created_at', y.created_at)
      FROM training.skill_year_row r WHERE r.year_id = y.id
$$;
-- The last yearly inspection that two people carried out since a day.
CREATE FUNCTION training.inspected_since(carrier uuid, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM training.acceptance_unit u JOIN training.acceptance_check c ON c.unit_id = u.id
                    WHERE u.award_id = carrier AND c.kind = 'yearly' AND (c.at AT TIME ZONE 'Asia/Shanghai')::date >= day
                      AND c.no < u.no)
$$;
