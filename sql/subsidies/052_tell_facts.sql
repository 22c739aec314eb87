-- Facts that other services tell: one function each way, so that a statement of
-- known.sql says only what its event means.

CREATE FUNCTION subsidies.fact_tell(source text, kind text, id uuid, person uuid, org uuid,
    from_on date, to_on date, code text, numbers bigint[], note text, county text, area text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f subsidies.fact;
BEGIN
    f.source := source;
    f.kind := kind;
    f.id := id;
    f.person_id := person;
    f.org_id := org;
    f.from_on := from_on;
    f.to_on := to_on;
    f.code := code;
    f.numbers := numbers;
    f.note := note;
    f.county_code := county;
    f.area_code := area;
    RETURN subsidies.fact_put(f);
END $$;
COMMENT ON FUNCTION subsidies.fact_tell(text, text, uuid, uuid, uuid, date, date, text, bigint[], text, text, text)
    IS 'fact_put() of a fact that names its holders';

-- Its last day is known now. Ended before it began, it never was.
CREATE FUNCTION subsidies.fact_end(source text, id uuid, last_on date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f subsidies.fact;
BEGIN
    SELECT x.* INTO f FROM subsidies.fact x WHERE x.id = fact_end.id AND x.known_to IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    ELSIF last_on < f.from_on THEN
        RETURN subsidies.fact_drop(f.id);
    END IF;
    f.source := source;
    f.to_on := last_on;
    RETURN subsidies.fact_put(f);
END $$;
COMMENT ON FUNCTION subsidies.fact_end(text, uuid, date) IS 'the fact is true up to this day; false: nothing new';

-- Told again, it does not begin anew what has ended.
CREATE FUNCTION subsidies.flexible_tell(source text, id uuid, person uuid, from_on date, form text,
    income bigint, county text, area text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT subsidies.fact_tell(source, 'flexible', flexible_tell.id, person, NULL, flexible_tell.from_on,
        (SELECT x.to_on FROM subsidies.fact x WHERE x.id = flexible_tell.id AND x.known_to IS NULL),
        form, ARRAY[income], NULL, county, area)
$$;

-- Who is placed on which public-welfare post: its months name the placement.
CREATE TABLE subsidies.welfare_placement (
    id          uuid PRIMARY KEY,
    post_id     uuid NOT NULL,
    org_id      uuid NOT NULL,
    person_id   uuid NOT NULL,
    started_on  date NOT NULL,
    cap_on      date NOT NULL,
    ended_on    date,
    county_code text NOT NULL,
    area_code   text,
    known_from  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX welfare_placement_person ON subsidies.welfare_placement (person_id);
CALL platform.protect('subsidies.welfare_placement',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org()$$,
    $$false$$);
CREATE TRIGGER keep_before BEFORE UPDATE ON subsidies.welfare_placement
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION subsidies.keep_before();

