-- 法定退休年龄: 《国务院关于渐进式延迟法定退休年龄的办法》 from 2025-01. Men and
-- women of 55 retire a month later for each four months of birth, women of 50
-- for each two, to 63, 58 and 55. services/jobs/retire.c is the same in C; a
-- test holds one against the other over all months.
CREATE FUNCTION jobs.retires_on(birth date, class text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (birth + make_interval(years => c.years, months => CASE WHEN m.late < 0 THEN 0
                ELSE least(m.late / c.each + 1, c.cap) END))::date
      FROM (VALUES ('male', 60, 4, 36), ('female_55', 55, 4, 36), ('female_50', 50, 2, 60))
           AS c (class, years, each, cap),
           LATERAL (SELECT ((date_part('year', birth)::integer + c.years - 2025) * 12
                            + date_part('month', birth)::integer - 1) AS late) AS m
     WHERE c.class = $2
$$;
COMMENT ON FUNCTION jobs.retires_on(date, text) IS
    'the day of 法定退休; class: male, female_55 (女干部), female_50 (女工人); NULL: no such class';

-- What a woman's class is, nobody can tell from a birthday: it is stated, once
-- known, and until then the later age holds, so that nobody is retired early.
ALTER TABLE jobs.person ADD COLUMN retire_class text CONSTRAINT person_retire_class_check
    CHECK (retire_class IN ('male', 'female_55', 'female_50'));
ALTER TABLE jobs.person ADD CONSTRAINT person_retire_sex_check
    CHECK ((retire_class = 'male') = (sex = 1));

CREATE FUNCTION jobs.person_retires_on(p jobs.person) RETURNS date
LANGUAGE sql STABLE
RETURN jobs.retires_on(p.birth_on,
    coalesce(p.retire_class, CASE p.sex WHEN 1 THEN 'male' ELSE 'female_55' END));
COMMENT ON FUNCTION jobs.person_retires_on(jobs.person) IS
    'the day of 法定退休 of somebody; a woman whose class is not stated: as 女干部';

-- 大龄, and 距退休不足5年.
CREATE FUNCTION jobs.years_to_retirement(p jobs.person, at date) RETURNS integer
LANGUAGE sql STABLE
RETURN date_part('year', age(jobs.person_retires_on(p), at))::integer;
COMMENT ON FUNCTION jobs.years_to_retirement(jobs.person, date) IS
    'whole years left; 4 and less is 不足5年';

-- A registration states it; row-level security lets nobody else write a person.
CREATE FUNCTION jobs.state_retire_class(who uuid, class text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE jobs.person
       SET retire_class = CASE WHEN (class = 'male') = (sex = 1) THEN class ELSE retire_class END
     WHERE id = who RETURNING (class = 'male') = (sex = 1)
$$;
COMMENT ON FUNCTION jobs.state_retire_class(uuid, text) IS 'false: not of that sex; NULL: nobody';

-- Values a city or a county sets, each from a day on: what no rule of the state
-- fixes. Unset means that what needs it is refused.
CREATE TABLE jobs.register_value (
    name        text NOT NULL CONSTRAINT register_value_name_check CHECK (name IN
        ('min_wage_cents', 'correction_days', 'restore_days', 'difficulty_hired_months',
         'household_due_days')),
    county_code text NOT NULL,
    from_on     date NOT NULL,
    value       bigint NOT NULL CONSTRAINT register_value_check CHECK (value BETWEEN 0 AND 100000000),
    basis       text NOT NULL,
    set_by      uuid NOT NULL DEFAULT platform.actor(),
    set_at      timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (name, county_code, from_on)
);
COMMENT ON TABLE jobs.register_value IS 'public: rules, nothing about a person';

-- An officer of the city acts in all counties; the city itself is none of them.
CREATE FUNCTION jobs.in_charge(county text) RETURNS boolean
LANGUAGE sql STABLE
RETURN platform.in_areas(county, NULL)
    OR (county = '431100' AND cardinality(platform.areas()) = 14);
COMMENT ON FUNCTION jobs.in_charge(text) IS 'the caller acts in the county; 431100: in all of them';

CALL platform.protect('jobs.register_value', 'true', 'jobs.in_charge(county_code)');

-- The county's own, else the city's, of those in force that day.
CREATE FUNCTION jobs.register_value(what text, county text, at date) RETURNS bigint
LANGUAGE sql STABLE
RETURN (SELECT v.value FROM jobs.register_value v
         WHERE v.name = what AND v.county_code IN (county, '431100') AND v.from_on <= at
         ORDER BY v.county_code = '431100', v.from_on DESC LIMIT 1);
COMMENT ON FUNCTION jobs.register_value(text, text, date) IS 'NULL: nobody has set it';
