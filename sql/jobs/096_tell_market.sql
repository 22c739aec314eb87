-- 人力资源市场 from both sides, as spells that the city can count.
--
-- Demand: the heads that a posting asks for, from the day on which it is open to
-- everybody until it is filled, closed, expired, returned or merged (one that its
-- employer paused, or that is checked again, still stands), and the heads of them
-- that were hired. A seeker: whoever has a résumé that looks for work, or is
-- registered as unemployed and wants to work, once, however many ways they say
-- so. A spell that began is put right where it stands; what begins again is new.

CREATE TABLE jobs.demand_spell (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    vacancy_id  uuid NOT NULL CONSTRAINT demand_spell_vacancy_fkey REFERENCES jobs.vacancy,
    is_filled   boolean NOT NULL,
    heads       integer NOT NULL,
    from_on     date NOT NULL,
    until_on    date,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    CONSTRAINT demand_spell_order_check CHECK (from_on <= until_on),
    CONSTRAINT demand_spell_heads_check CHECK (is_filled OR heads >= 0)
);
COMMENT ON COLUMN jobs.demand_spell.is_filled IS 'of the heads asked for, so many were hired (fewer than none: a hire was taken back)';
COMMENT ON COLUMN jobs.demand_spell.until_on IS 'the first day on which it is over';
CREATE UNIQUE INDEX demand_spell_open_key ON jobs.demand_spell (vacancy_id) WHERE until_on IS NULL AND NOT is_filled;
CREATE INDEX demand_spell_vacancy_idx ON jobs.demand_spell (vacancy_id) WHERE until_on IS NULL;
CALL platform.protect('jobs.demand_spell', 'platform.in_areas(county_code, area_code)', 'false');
REVOKE INSERT, UPDATE, DELETE ON jobs.demand_spell FROM jobs_app, jobs_system;

CREATE TABLE jobs.seeker_spell (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id       uuid NOT NULL,
    kind            text NOT NULL CONSTRAINT seeker_spell_kind_check CHECK (kind IN ('unemployed', 'other')),
    occupation_code text,
    education_code  text,
    skill_level     smallint,
    from_on         date NOT NULL,
    until_on        date,
    county_code     text NOT NULL,
    area_code       text,
    CONSTRAINT seeker_spell_order_check CHECK (from_on <= until_on)
);
COMMENT ON COLUMN jobs.seeker_spell.occupation_code IS 'the first that was wished for, of any level';
CREATE UNIQUE INDEX seeker_spell_open_key ON jobs.seeker_spell (person_id) WHERE until_on IS NULL;
CREATE INDEX seeker_spell_person_idx ON jobs.seeker_spell (person_id, until_on);
CALL platform.protect('jobs.seeker_spell',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)', 'false');
REVOKE INSERT, UPDATE, DELETE ON jobs.seeker_spell FROM jobs_app, jobs_system;

-- 小类 of an occupation (X-XX-XX), or what there is above it.
CREATE FUNCTION jobs.occupation_group(code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN left(code, 7);
-- The level of GB/T 4658: 21 大学本科 is of 20 本科.
CREATE FUNCTION jobs.education_level(code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN left(code, 1) || '0';

CREATE FUNCTION jobs.demand_tell(s jobs.demand_spell, v jobs.vacancy) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.demand.changed.v1', s.vacancy_id::text, s.area_code, jsonb_build_object(
        'spell_id', s.id, 'vacancy_id', s.vacancy_id, 'org_id', v.org_id,
        'heads', CASE WHEN NOT s.is_filled THEN s.heads END,
        'filled', CASE WHEN s.is_filled THEN s.heads END,
        'from_on', s.from_on, 'until_on', s.until_on, 'occupation_code', v.occupation_code,
        'occupation_group', jobs.occupation_group(v.occupation_code),
        'education_level', jobs.education_level(v.education_code), 'skill_level', v.skill_level,
        'county_code', s.county_code))
$$;

CREATE FUNCTION jobs.demand_stands(v jobs.vacancy) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN v.state IN ('open', 'paused') OR (v.state = 'checking' AND v.posted_at IS NOT NULL);

-- Whatever a posting goes through; COPY and every statement pass here.
CREATE FUNCTION jobs.demand_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    stands boolean := jobs.demand_stands(NEW);
    stood  boolean := false;
    fresh  integer := 0;
    s      jobs.demand_spell;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        stood := jobs.demand_stands(OLD);
        fresh := (NEW.headcount - NEW.headcount_left) - (OLD.headcount - OLD.headcount_left);
        IF fresh <> 0 AND stood THEN
            INSERT INTO jobs.demand_spell (vacancy_id, is_filled, heads, from_on, county_code, area_code)
            VALUES (NEW.id, true, fresh, platform.today(), NEW.county_code, NEW.area_code) RETURNING * INTO s;
            IF stands THEN
                PERFORM jobs.demand_tell(s, NEW);
            END IF;
        END IF;
    END IF;
    IF stands AND NOT stood THEN
        INSERT INTO jobs.demand_spell AS d (vacancy_id, is_filled, heads, from_on, county_code, area_code)
        VALUES (NEW.id, false, NEW.headcount_left,
                CASE TG_OP WHEN 'INSERT' THEN (NEW.posted_at AT TIME ZONE 'Asia/Shanghai')::date
                           ELSE platform.today() END, NEW.county_code, NEW.area_code)
        RETURNING * INTO s;
        PERFORM jobs.demand_tell(s, NEW);
    ELSIF stood AND NOT stands THEN
        FOR s IN UPDATE jobs.demand_spell SET until_on = greatest(from_on, platform.today())
                  WHERE vacancy_id = NEW.id AND until_on IS NULL RETURNING * LOOP
            PERFORM jobs.demand_tell(s, NEW);
        END LOOP;
    ELSIF stood AND (NEW.headcount, NEW.occupation_code, NEW.education_code, NEW.skill_level) IS DISTINCT FROM
                    (OLD.headcount, OLD.occupation_code, OLD.education_code, OLD.skill_level) THEN
        FOR s IN UPDATE jobs.demand_spell
                    SET heads = heads + CASE WHEN is_filled THEN 0 ELSE NEW.headcount - OLD.headcount END
                  WHERE vacancy_id = NEW.id AND until_on IS NULL RETURNING * LOOP
            PERFORM jobs.demand_tell(s, NEW);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER demand_follow AFTER INSERT OR UPDATE ON jobs.vacancy
    FOR EACH ROW EXECUTE FUNCTION jobs.demand_follow();

CREATE FUNCTION jobs.seeker_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.seeker.changed.v1', NEW.person_id::text, coalesce(NEW.area_code, NEW.county_code),
            jsonb_build_object('spell_id', NEW.id, 'person_id', NEW.person_id, 'kind', NEW.kind,
                'from_on', NEW.from_on, 'until_on', NEW.until_on, 'occupation_code', NEW.occupation_code,
                'occupation_group', jobs.occupation_group(NEW.occupation_code),
                'education_level', jobs.education_level(NEW.education_code), 'skill_level', NEW.skill_level,
                'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER seeker_tell AFTER INSERT OR UPDATE ON jobs.seeker_spell
    FOR EACH ROW EXECUTE FUNCTION jobs.seeker_tell();

-- How a person looks for work now; no row: not at all.
CREATE FUNCTION jobs.seeks(who uuid)
RETURNS TABLE (kind text, occupation_code text, education_code text, skill_level smallint, since_on date,
               county_code text, area_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN u.id IS NOT NULL THEN 'unemployed' ELSE 'other' END, r.occupations[1],
           coalesce(r.education_code, u.education_code), coalesce(r.skill_level, u.skill_level),
           coalesce(u.registered_on, platform.today()), coalesce(u.county_code, r.county_code),
           CASE WHEN u.id IS NOT NULL THEN u.area_code ELSE r.area_code END
      FROM (SELECT 1) AS one
      LEFT JOIN jobs.unemployment u ON u.person_id = who AND u.ended_on IS NULL AND u.is_willing IS NOT FALSE
      LEFT JOIN jobs.resume r ON r.person_id = who AND (r.state <> 'not_seeking' OR u.id IS NOT NULL)
     WHERE u.id IS NOT NULL OR r.person_id IS NOT NULL
$$;

-- Begins, puts right or ends (on `day`) the spell of a person. One that ended
-- `not_before` begins no second time but goes on: its end was wrong.
CREATE FUNCTION jobs.seeker_follow(who uuid, day date, not_before date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    n   record;
    had uuid;
BEGIN
    SELECT * INTO n FROM jobs.seeks(who);
    SELECT s.id INTO had FROM jobs.seeker_spell s
     WHERE s.person_id = who AND (s.until_on IS NULL OR s.until_on >= not_before)
     ORDER BY s.until_on DESC NULLS FIRST LIMIT 1;
    IF n.kind IS NULL THEN
        UPDATE jobs.seeker_spell SET until_on = greatest(from_on, day) WHERE person_id = who AND until_on IS NULL;
    ELSIF had IS NULL THEN
        INSERT INTO jobs.seeker_spell (person_id, kind, occupation_code, education_code, skill_level, from_on,
                                       county_code, area_code)
        SELECT who, n.kind, n.occupation_code, n.education_code, n.skill_level,
               greatest(n.since_on, max(s.until_on)), n.county_code, n.area_code
          FROM jobs.seeker_spell s WHERE s.person_id = who
        ON CONFLICT (person_id) WHERE until_on IS NULL DO NOTHING;
    ELSE
        UPDATE jobs.seeker_spell s
           SET kind = n.kind, occupation_code = n.occupation_code, education_code = n.education_code,
               skill_level = n.skill_level, until_on = NULL
         WHERE s.id = had AND (s.kind, s.occupation_code, s.education_code, s.skill_level, s.until_on)
               IS DISTINCT FROM (n.kind, n.occupation_code, n.education_code, n.skill_level, NULL);
    END IF;
END $$;

CREATE FUNCTION jobs.seeker_on_resume() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.seeker_follow(CASE TG_OP WHEN 'DELETE' THEN OLD.person_id ELSE NEW.person_id END,
                               platform.today(), NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER seeker_follow AFTER INSERT OR UPDATE OR DELETE ON jobs.resume
    FOR EACH ROW EXECUTE FUNCTION jobs.seeker_on_resume();

-- A registration that comes with its end was a spell all the same.
CREATE FUNCTION jobs.seeker_on_unemployment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.ended_on IS NOT NULL THEN
        INSERT INTO jobs.seeker_spell (person_id, kind, education_code, skill_level, from_on, until_on,
                                       county_code, area_code)
        SELECT NEW.person_id, 'unemployed', NEW.education_code, NEW.skill_level, NEW.registered_on, NEW.ended_on,
               NEW.county_code, NEW.area_code
         WHERE NEW.is_willing IS NOT FALSE;
        RETURN NULL;
    END IF;
    PERFORM jobs.seeker_follow(NEW.person_id, coalesce(NEW.ended_on, platform.today()),
        CASE WHEN TG_OP = 'UPDATE' AND NEW.ended_on IS NULL THEN OLD.ended_on END);
    RETURN NULL;
END $$;
CREATE TRIGGER seeker_follow AFTER INSERT OR UPDATE OF ended_on, is_willing, education_code, skill_level
    ON jobs.unemployment FOR EACH ROW EXECUTE FUNCTION jobs.seeker_on_unemployment();

-- What stands already is told once: nobody could count it before.
DO $$
DECLARE
    v jobs.vacancy;
    s jobs.demand_spell;
BEGIN
    FOR v IN SELECT * FROM jobs.vacancy AS x WHERE jobs.demand_stands(x) LOOP
        INSERT INTO jobs.demand_spell (vacancy_id, is_filled, heads, from_on, county_code, area_code)
        VALUES (v.id, false, v.headcount_left, (v.posted_at AT TIME ZONE 'Asia/Shanghai')::date, v.county_code,
                v.area_code) RETURNING * INTO s;
        PERFORM jobs.demand_tell(s, v);
    END LOOP;
    PERFORM jobs.seeker_follow(p.id, platform.today(), NULL)
       FROM (SELECT u.person_id AS id FROM jobs.unemployment u WHERE u.ended_on IS NULL
             UNION SELECT r.person_id FROM jobs.resume r) AS p;
END $$;
