-- 培训需求台账 (永政办发〔2024〕15号 二（四）10 “无需求不培训”): who wants people of an
-- occupation trained, or wants to be. What a class is filed against.
CREATE TABLE training.demand (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    source          text NOT NULL CONSTRAINT demand_source_check
        CHECK (source IN ('worker', 'employer', 'park', 'shortage')),
    occupation_code text NOT NULL,
    level           integer CONSTRAINT demand_level_check CHECK (level BETWEEN 1 AND 5),
    headcount       integer NOT NULL CONSTRAINT demand_headcount_check CHECK (headcount > 0),
    person_id       uuid,
    org_id          uuid,
    from_on         date NOT NULL DEFAULT platform.today(),
    to_on           date,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX demand_occupation ON training.demand (occupation_code, county_code);
CALL platform.protect('training.demand', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

-- People wanted and not yet covered by classes; NULL: no demand at all. An
-- occupation's demand of the same level or of none.
CREATE FUNCTION training.demand_left(occupation text, level integer, county text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN (SELECT sum(d.headcount) FROM training.demand d
         WHERE d.occupation_code = occupation AND d.county_code = county
           AND coalesce(d.level, demand_left.level) = demand_left.level
           AND d.from_on <= platform.today() AND coalesce(d.to_on, 'infinity') >= platform.today());
