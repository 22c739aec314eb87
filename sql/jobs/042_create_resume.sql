-- 简历: what a person can do and looks for; at most one a person. Matching reads
-- it, and an employer to whom the person has applied.
CREATE TABLE jobs.resume (
    person_id        uuid PRIMARY KEY CONSTRAINT resume_person_fkey REFERENCES jobs.person,
    name_masked      text NOT NULL,
    state            text NOT NULL DEFAULT 'seeking' CONSTRAINT resume_state_check
        CHECK (state IN ('seeking', 'open_to_offers', 'not_seeking')),
    education_code   text,
    school           text,
    major            text,
    graduated_on     date,
    skill_level      smallint CONSTRAINT resume_skill_level_check CHECK (skill_level BETWEEN 1 AND 5),
    skills           text[] NOT NULL DEFAULT '{}'
        CONSTRAINT resume_skills_check CHECK (cardinality(skills) <= 30),
    experience       jsonb NOT NULL DEFAULT '[]',
    experience_years smallint NOT NULL DEFAULT 0
        CONSTRAINT resume_experience_years_check CHECK (experience_years BETWEEN 0 AND 60),
    occupations      text[] NOT NULL DEFAULT '{}'
        CONSTRAINT resume_occupations_check CHECK (cardinality(occupations) <= 10),
    areas            text[] NOT NULL DEFAULT '{}'
        CONSTRAINT resume_areas_check CHECK (cardinality(areas) <= 10),
    forms            text[] NOT NULL DEFAULT '{}'
        CONSTRAINT resume_forms_check CHECK
        (forms <@ ARRAY['full_time', 'part_time', 'gig', 'flexible', 'internship']),
    benefits         text[] NOT NULL DEFAULT '{}',
    pay_least_cents  bigint CONSTRAINT resume_pay_check CHECK (pay_least_cents >= 0),
    pay_unit         text CONSTRAINT resume_pay_unit_check
        CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')),
    lat_e6           integer,
    lng_e6           integer,
    intro            text NOT NULL DEFAULT '',
    is_findable      boolean NOT NULL DEFAULT false,
    county_code      text NOT NULL,
    area_code        text,
    updated_at       timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT resume_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL)),
    CONSTRAINT resume_wish_check CHECK ((pay_least_cents IS NULL) = (pay_unit IS NULL))
);
COMMENT ON COLUMN jobs.resume.occupations IS 'wished, of any level: 6-31, 6-31-01-03';
COMMENT ON COLUMN jobs.resume.areas IS 'wished, of any level';
COMMENT ON COLUMN jobs.resume.is_findable IS 'employers whose postings fit may be told of it';
CREATE INDEX resume_county_idx ON jobs.resume (county_code, person_id);

-- What a person agreed to, by identity.consent.changed.v1; org_id is nil where a
-- purpose needs none. Nothing said: the purpose's default (auto_match: yes).
CREATE TABLE jobs.consent (
    person_id uuid NOT NULL,
    purpose   text NOT NULL,
    org_id    uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    given     boolean NOT NULL,
    PRIMARY KEY (person_id, purpose, org_id)
);
CREATE INDEX consent_org_idx ON jobs.consent (org_id, person_id) WHERE given;
CALL platform.protect('jobs.consent',
    $$person_id = platform.person() OR org_id = platform.org()$$, 'false');

CREATE FUNCTION jobs.consents(person uuid, what text, org uuid, unsaid boolean) RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce((SELECT c.given FROM jobs.consent c WHERE c.person_id = person AND c.purpose = what
    AND c.org_id = coalesce(org, '00000000-0000-0000-0000-000000000000'::uuid)), unsaid);
COMMENT ON FUNCTION jobs.consents(uuid, text, uuid, boolean) IS
    'whether the person agreed; unsaid: what holds when nothing was said';

CALL platform.protect('jobs.resume', $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code)
    OR (platform.org() IS NOT NULL AND EXISTS
        (SELECT FROM jobs.application a
          WHERE a.person_id = resume.person_id AND a.org_id = platform.org()))
    OR EXISTS (SELECT FROM jobs.consent c WHERE c.person_id = resume.person_id
                 AND c.purpose = 'agency_resume' AND c.org_id = platform.org() AND c.given)
$$, $$
    person_id = platform.person()
$$);

CREATE FUNCTION jobs.resume_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.resume.changed.v1', r.person_id::text, r.county_code,
           jsonb_build_object('person_id', r.person_id, 'state', r.state,
                              'county_code', r.county_code)
      FROM (SELECT (CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END).*) AS r;
    RETURN NULL;
END $$;
CREATE TRIGGER resume_tell AFTER INSERT OR UPDATE OR DELETE ON jobs.resume
    FOR EACH ROW EXECUTE FUNCTION jobs.resume_tell();
