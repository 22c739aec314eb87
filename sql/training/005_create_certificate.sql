-- A certificate, one an enrolment, under a number people can read out: TC,
-- county, year, level, a six-digit serial and a check character.
CREATE TABLE training.certificate (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    number          text NOT NULL,
    enrolment_id    uuid NOT NULL CONSTRAINT certificate_enrolment_fkey
        REFERENCES training.enrolment,
    class_id        uuid NOT NULL CONSTRAINT certificate_class_fkey REFERENCES training.class,
    org_id          uuid NOT NULL CONSTRAINT certificate_org_fkey REFERENCES training.org,
    person_id       uuid NOT NULL CONSTRAINT certificate_person_fkey REFERENCES training.person,
    name_masked     text NOT NULL,
    occupation_code text NOT NULL,
    level           integer NOT NULL CONSTRAINT certificate_level_check
        CHECK (level BETWEEN 1 AND 5),
    score           integer NOT NULL,
    issued_on       date NOT NULL,
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT certificate_number_key UNIQUE (number),
    CONSTRAINT certificate_enrolment_key UNIQUE (enrolment_id)
);

CREATE INDEX certificate_person_idx ON training.certificate (person_id, id);

CALL platform.protect('training.certificate', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org()
$$);

CREATE SEQUENCE training.certificate_serial MAXVALUE 999999 CYCLE;

-- ISO 7064 MOD 11-2 over the digits of a text, as in GB 11643: one wrong digit
-- and two swapped neighbours are always noticed.
CREATE FUNCTION training.check_character(digits text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT substr('10X98765432',
                  (sum(d.digit::integer * (2 ^ (length(digits) - d.place + 1))::bigint)
                   % 11)::integer + 1, 1)
      FROM regexp_split_to_table(digits, '') WITH ORDINALITY AS d(digit, place)
$$;

CREATE FUNCTION training.certificate_number(county text, issued_on date, level integer,
                                            serial bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT 'TC' || n.digits || training.check_character(n.digits)
      FROM (SELECT county || to_char(issued_on, 'YYYY') || level
                   || lpad(serial::text, 6, '0')) AS n(digits)
$$;

CREATE FUNCTION training.certificate_reply(c training.certificate) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'number', c.number, 'enrolment_id', c.enrolment_id, 'class_id', c.class_id,
        'org_id', c.org_id, 'person_id', c.person_id, 'name_masked', c.name_masked,
        'occupation_code', c.occupation_code, 'level', c.level, 'score', c.score,
        'issued_on', c.issued_on, 'county_code', c.county_code, 'created_at', c.created_at)::text
$$;
