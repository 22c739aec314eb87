-- Matching (智能匹配): how it weighs, what people do not want to see again, the
-- lists made by night, and who was told of which posting.

-- What counts for how much, out of 1000: the newest row whose day has come.
CREATE TABLE jobs.match_weight (
    version     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_on     date NOT NULL,
    occupation  smallint NOT NULL,
    place       smallint NOT NULL,
    pay         smallint NOT NULL,
    form        smallint NOT NULL,
    education   smallint NOT NULL,
    skill_level smallint NOT NULL,
    skills      smallint NOT NULL,
    benefits    smallint NOT NULL,
    freshness   smallint NOT NULL,
    note        text NOT NULL,
    set_by      uuid DEFAULT platform.actor(),
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT match_weight_sum_check CHECK (occupation + place + pay + form + education
        + skill_level + skills + benefits + freshness = 1000),
    CONSTRAINT match_weight_least_check CHECK (least(occupation, place, pay, form, education,
        skill_level, skills, benefits, freshness) >= 0)
);
COMMENT ON TABLE jobs.match_weight IS
    'public: how matching weighs its criteria; sex, age, ethnic group and household are none of them';
INSERT INTO jobs.match_weight (from_on, occupation, place, pay, form, education, skill_level, skills,
                               benefits, freshness, note)
VALUES (DATE '2020-01-01', 300, 200, 150, 50, 70, 50, 100, 30, 50, '初始权重');

CREATE FUNCTION jobs.match_weights() RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT concat_ws(',', w.version, w.occupation, w.place, w.pay, w.form, w.education,
                         w.skill_level, w.skills, w.benefits, w.freshness)
          FROM jobs.match_weight w WHERE w.from_on <= platform.today()
         ORDER BY w.from_on DESC, w.version DESC LIMIT 1);
COMMENT ON FUNCTION jobs.match_weights() IS 'version and the nine weights of today, with commas';

CREATE FUNCTION jobs.match_weight_reply(w jobs.match_weight) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('version', w.version, 'from_on', w.from_on,
        'occupation', w.occupation, 'place', w.place, 'pay', w.pay, 'form', w.form,
        'education', w.education, 'skill_level', w.skill_level, 'skills', w.skills,
        'benefits', w.benefits, 'freshness', w.freshness, 'note', w.note,
        'created_at', w.created_at)::text
$$;

-- Not shown again, to nobody's harm: nothing else reads it.
CREATE TABLE jobs.match_dismissal (
    person_id   uuid NOT NULL CONSTRAINT match_dismissal_person_fkey REFERENCES jobs.person,
    vacancy_id  uuid NOT NULL CONSTRAINT match_dismissal_vacancy_fkey REFERENCES jobs.vacancy,
    reason      text NOT NULL CONSTRAINT match_dismissal_reason_check CHECK (reason IN
        ('not_interested', 'too_far', 'low_pay', 'not_able', 'hours', 'untrusted', 'other')),
    note        text,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (person_id, vacancy_id)
);
CALL platform.protect('jobs.match_dismissal', 'person_id = platform.person()');

-- The night's list of a registered unemployed person.
CREATE TABLE jobs.match_list (
    person_id      uuid NOT NULL CONSTRAINT match_list_person_fkey REFERENCES jobs.person,
    rank           smallint NOT NULL,
    vacancy_id     uuid NOT NULL,
    score          integer NOT NULL,
    parts          smallint[] NOT NULL,
    whys           smallint[] NOT NULL,
    weight_version integer NOT NULL,
    made_on        date NOT NULL,
    county_code    text NOT NULL,
    area_code      text,
    PRIMARY KEY (person_id, rank)
);
COMMENT ON COLUMN jobs.match_list.whys IS 'reasons by their numbers, in the order of match_why.def';
CREATE INDEX match_list_made_idx ON jobs.match_list (made_on);
CALL platform.protect('jobs.match_list',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)', 'false');

-- Nobody is told twice of one posting.
CREATE TABLE jobs.match_told (
    person_id   uuid NOT NULL,
    vacancy_id  uuid NOT NULL,
    score       integer NOT NULL,
    told_on     date NOT NULL DEFAULT platform.today(),
    county_code text NOT NULL,
    area_code   text,
    PRIMARY KEY (person_id, vacancy_id)
);
CREATE INDEX match_told_day_idx ON jobs.match_told (person_id, told_on);
CALL platform.protect('jobs.match_told',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)', 'false');

-- Postings just opened, of which people are to be told.
CREATE TABLE jobs.match_due (
    vacancy_id uuid PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE jobs.match_due IS 'public: postings just opened, of which matching people are to be told';

CREATE FUNCTION jobs.match_owe() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO jobs.match_due (vacancy_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER match_owe_new AFTER INSERT ON jobs.vacancy
    FOR EACH ROW WHEN (NEW.state = 'open') EXECUTE FUNCTION jobs.match_owe();
CREATE TRIGGER match_owe_opened AFTER UPDATE ON jobs.vacancy
    FOR EACH ROW WHEN (NEW.state = 'open' AND OLD.posted_at IS NULL) EXECUTE FUNCTION jobs.match_owe();

-- One run a business day; whoever continues it says where it stood.
CREATE TABLE jobs.match_day (
    day            date PRIMARY KEY,
    started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at    timestamptz,
    reached        uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    done           integer NOT NULL DEFAULT 0,
    total          integer NOT NULL,
    results        bigint NOT NULL DEFAULT 0,
    worked_ms      bigint NOT NULL DEFAULT 0,
    weight_version integer NOT NULL
);
COMMENT ON TABLE jobs.match_day IS 'public: how far the night''s matching of each day came';

-- Whether somebody may be matched at all; others than the person ask, hence the
-- function: it tells yes or no and nothing else.
CREATE FUNCTION jobs.match_allows(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jobs.consents(person, 'auto_match', NULL, true)
$$;
COMMENT ON FUNCTION jobs.match_allows(uuid) IS
    'the person did not switch automated matching off (PIPL art. 24)';

-- All that matching knows of people. Not among it: sex, age, ethnic group,
-- household. It reads past row-level security for engine and night; a request
-- is given only its own person, or one of the officer's area.
CREATE FUNCTION jobs.match_facts(ids uuid[]) RETURNS TABLE (
    person_id uuid, county_code text, area_code text, occupations text, past text, areas text,
    skills text, forms text, benefits text, pay_least_cents bigint, pay_unit text,
    education_code text, skill_level integer, lat_e6 integer, lng_e6 integer,
    is_seeking boolean, is_findable boolean, is_registered boolean, allowed boolean,
    without text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.id, p.county_code, p.area_code, array_to_string(r.occupations, chr(31)),
           array_to_string(ARRAY(
               SELECT x.code FROM (
                   SELECT e.x ->> 'occupation_code' AS code, 0 AS ord
                     FROM jsonb_array_elements(r.experience) AS e (x)
                   UNION ALL
                   (SELECT m.occupation_code, 1 FROM jobs.employment m WHERE m.person_id = p.id
                     ORDER BY m.hired_on DESC LIMIT 3)) AS x
                WHERE x.code IS NOT NULL GROUP BY x.code ORDER BY max(x.ord) DESC LIMIT 10), chr(31)),
           array_to_string(r.areas, chr(31)), array_to_string(r.skills, chr(31)),
           array_to_string(r.forms, chr(31)), array_to_string(r.benefits, chr(31)),
           r.pay_least_cents, r.pay_unit, r.education_code, r.skill_level::integer,
           r.lat_e6, r.lng_e6,
           coalesce(r.state = 'seeking', u.id IS NOT NULL), coalesce(r.is_findable, false),
           u.id IS NOT NULL,
           jobs.consents(p.id, 'auto_match', NULL, true) AND NOT starts_with(p.id_index, 'erased:'),
           (SELECT string_agg(x.id::text, ',' ORDER BY x.id) FROM (
                SELECT a.vacancy_id AS id FROM jobs.application a WHERE a.person_id = p.id
                UNION SELECT d.vacancy_id FROM jobs.match_dismissal d WHERE d.person_id = p.id) AS x)
      FROM jobs.person p
      LEFT JOIN jobs.resume r ON r.person_id = p.id
      LEFT JOIN jobs.unemployment u ON u.person_id = p.id AND u.ended_on IS NULL
     WHERE p.id = ANY (ids)
     ORDER BY p.id
$$;
COMMENT ON FUNCTION jobs.match_facts(uuid[]) IS
    'what matching weighs of these people, lists with unit separators between';

-- Who changed their mind is forgotten at once; who moved is read anew.
CREATE FUNCTION jobs.match_forget() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.given THEN
        DELETE FROM jobs.match_list l WHERE l.person_id = NEW.person_id;
    END IF;
    INSERT INTO jobs.outbox (type, key, payload)
    VALUES ('jobs.matching.changed.v1', NEW.person_id::text,
            jsonb_build_object('person_id', NEW.person_id));
    RETURN NULL;
END $$;
CREATE TRIGGER match_forget AFTER INSERT OR UPDATE ON jobs.consent
    FOR EACH ROW WHEN (NEW.purpose = 'auto_match') EXECUTE FUNCTION jobs.match_forget();

CREATE FUNCTION jobs.match_moved() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.matching.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('person_id', NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER match_moved AFTER UPDATE ON jobs.person
    FOR EACH ROW WHEN ((OLD.county_code, OLD.area_code, OLD.id_index)
                       IS DISTINCT FROM (NEW.county_code, NEW.area_code, NEW.id_index))
    EXECUTE FUNCTION jobs.match_moved();
