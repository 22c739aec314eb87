-- 培训需求台账 (永政办发〔2024〕15号 二（四）10 “无需求不培训”): who wants people of an
-- occupation trained, or wants to be. What a class is filed against.
--
-- A line names an exact occupation of the 大典 or a class above it, which
-- covers all below; a level, or none, which covers all. It counts once an
-- officer has confirmed it, from its first day to its last. A line is used up
-- by the classes filed against it: `covered` of its headcount are theirs.
CREATE TABLE training.demand (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    source          text NOT NULL CONSTRAINT demand_source_check
        CHECK (source IN ('worker', 'employer', 'park', 'agreement')),
    occupation_code text NOT NULL,
    level           integer CONSTRAINT demand_level_check CHECK (level BETWEEN 1 AND 5),
    headcount       integer NOT NULL CONSTRAINT demand_headcount_check CHECK (headcount > 0),
    covered         integer NOT NULL DEFAULT 0 CONSTRAINT demand_covered_check
        CHECK (covered BETWEEN 0 AND headcount),
    person_id       uuid CONSTRAINT demand_person_fkey REFERENCES training.person,
    org_id          uuid CONSTRAINT demand_org_fkey REFERENCES training.org,
    org_name        text,
    agreement_id    uuid,
    remark          text,
    by_on           date,
    from_on         date NOT NULL DEFAULT platform.today(),
    to_on           date,
    state           text NOT NULL DEFAULT 'registered' CONSTRAINT demand_state_check CHECK (state IN
        ('registered', 'confirmed', 'refused', 'withdrawn', 'expired')),
    note            text,
    entered_by      uuid NOT NULL DEFAULT platform.actor(),
    checked_by      uuid,
    checked_on      date,
    county_code     text NOT NULL,
    area_code       text,
    changed_at      timestamptz NOT NULL DEFAULT platform.now(),
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT demand_party_check CHECK (num_nonnulls(person_id, org_id) = 1
        AND (source = 'worker') = (person_id IS NOT NULL) AND (source <> 'worker' OR headcount = 1)),
    CONSTRAINT demand_days_check CHECK (from_on <= coalesce(to_on, 'infinity')),
    CONSTRAINT demand_hands_check CHECK (checked_by <> entered_by),
    CONSTRAINT demand_confirmed_check CHECK (state <> 'confirmed' OR checked_by IS NOT NULL)
);
COMMENT ON COLUMN training.demand.covered IS 'of the headcount: places of classes filed against it (training.demand_cover)';
COMMENT ON COLUMN training.demand.by_on IS 'the day by which the people are needed';
CREATE UNIQUE INDEX demand_wish_key ON training.demand (person_id, occupation_code)
    WHERE person_id IS NOT NULL AND state IN ('registered', 'confirmed');
CREATE UNIQUE INDEX demand_agreement_key ON training.demand (agreement_id, occupation_code, level)
    WHERE agreement_id IS NOT NULL;
CREATE INDEX demand_county_idx ON training.demand (county_code, occupation_code) WHERE state = 'confirmed';
CREATE INDEX demand_org_idx ON training.demand (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX demand_person_idx ON training.demand (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX demand_area_idx ON training.demand (county_code, id);
CREATE INDEX demand_expiry_idx ON training.demand (to_on) WHERE state IN ('registered', 'confirmed');
REVOKE DELETE ON training.demand FROM training_app, training_system;
CALL platform.protect('training.demand', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

-- An officer of the city acts in all counties.
CREATE FUNCTION training.counties() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127', '431128',
             '431129', '431181', '431171', '431172', '431173'];
COMMENT ON FUNCTION training.counties() IS 'the fourteen county-level units, in official order';

-- 急需紧缺职业目录: dated versions, drafted by one officer of the city and
-- published by another; at most one is in force on a day.
CREATE TABLE training.shortage_list (
    id           uuid PRIMARY KEY,
    title        text NOT NULL,
    basis        text NOT NULL,
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    state        text NOT NULL DEFAULT 'draft' CONSTRAINT shortage_list_state_check CHECK (state IN
        ('draft', 'published', 'dropped')),
    drafted_by   uuid NOT NULL DEFAULT platform.actor(),
    published_by uuid,
    published_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT shortage_list_days_check CHECK (from_on <= to_on),
    CONSTRAINT shortage_list_hands_check CHECK (published_by <> drafted_by),
    CONSTRAINT shortage_list_published_check CHECK ((state = 'published') = (published_at IS NOT NULL)
        AND (published_at IS NULL) = (published_by IS NULL)),
    CONSTRAINT shortage_list_one_excl EXCLUDE USING gist (daterange(from_on, to_on, '[]') WITH &&)
        WHERE (state = 'published')
);
COMMENT ON TABLE training.shortage_list IS 'public: versions of the city''s list; drafts are seen by the city''s officers';
REVOKE DELETE ON training.shortage_list FROM training_app, training_system;
CALL platform.protect('training.shortage_list', $$state = 'published' OR platform.whole_city()$$, 'platform.whole_city()');

CREATE TABLE training.shortage_item (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    list_id         uuid NOT NULL CONSTRAINT shortage_item_list_fkey REFERENCES training.shortage_list,
    occupation_code text NOT NULL,
    level           integer CONSTRAINT shortage_item_level_check CHECK (level BETWEEN 1 AND 5),
    headcount       integer CONSTRAINT shortage_item_headcount_check CHECK (headcount > 0),
    reason          text NOT NULL,
    source          text NOT NULL
);
COMMENT ON TABLE training.shortage_item IS 'public: occupations of a version of the list, and why';
COMMENT ON COLUMN training.shortage_item.headcount IS 'wanted in each county; none: as many as there are';
CREATE UNIQUE INDEX shortage_item_key ON training.shortage_item (list_id, occupation_code, coalesce(level, 0));
REVOKE UPDATE, DELETE ON training.shortage_item FROM training_app, training_system;
CALL platform.protect('training.shortage_item',
    'platform.whole_city() OR EXISTS (SELECT FROM training.shortage_list l WHERE l.id = list_id)', 'platform.whole_city()');

-- Whose need the places of a class meet. Written by the trigger of the class.
CREATE TABLE training.demand_cover (
    class_id    uuid NOT NULL CONSTRAINT demand_cover_class_fkey REFERENCES training.class,
    demand_id   uuid CONSTRAINT demand_cover_demand_fkey REFERENCES training.demand,
    item_id     uuid CONSTRAINT demand_cover_item_fkey REFERENCES training.shortage_item,
    places      integer NOT NULL CONSTRAINT demand_cover_places_check CHECK (places > 0),
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT demand_cover_of_check CHECK (num_nonnulls(demand_id, item_id) = 1)
);
CREATE INDEX demand_cover_class_idx ON training.demand_cover (class_id);
CREATE INDEX demand_cover_demand_idx ON training.demand_cover (demand_id) WHERE demand_id IS NOT NULL;
CREATE INDEX demand_cover_item_idx ON training.demand_cover (item_id, county_code) WHERE item_id IS NOT NULL;
REVOKE INSERT, UPDATE, DELETE ON training.demand_cover FROM training_app, training_system;
CALL platform.protect('training.demand_cover', 'platform.in_areas(county_code, NULL)', 'false');

CREATE FUNCTION training.covers(wanted text, occupation text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN occupation = wanted OR starts_with(occupation, wanted || '-');
COMMENT ON FUNCTION training.covers(text, text) IS 'the occupation is the one named, or of the class named';

-- Every line and item that a class of the occupation, level and county could
-- take from today, and what is left of it; the narrowest first, a line that
-- ends before one that does not, the city's list last.
CREATE FUNCTION training.demand_lines(occupation text, wanted integer, county text)
RETURNS TABLE (demand_id uuid, item_id uuid, remains integer, rank bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT d.id, NULL::uuid, d.headcount - d.covered,
           row_number() OVER (ORDER BY length(d.occupation_code) DESC, d.level IS NULL, d.to_on, d.id)
      FROM training.demand d
     WHERE d.county_code = county AND d.state = 'confirmed' AND training.covers(d.occupation_code, occupation)
       AND coalesce(d.level, wanted) = wanted
       AND platform.today() BETWEEN d.from_on AND coalesce(d.to_on, 'infinity')
    UNION ALL
    SELECT NULL, i.id, CASE WHEN i.headcount IS NULL THEN NULL ELSE greatest(0, i.headcount
               - coalesce((SELECT sum(c.places) FROM training.demand_cover c
                            WHERE c.item_id = i.id AND c.county_code = county), 0))::integer END,
           1000000000 + row_number() OVER (ORDER BY i.headcount IS NULL, length(i.occupation_code) DESC, i.id)
      FROM training.shortage_item i JOIN training.shortage_list l ON l.id = i.list_id
     WHERE l.state = 'published' AND platform.today() BETWEEN l.from_on AND l.to_on
       AND training.covers(i.occupation_code, occupation) AND coalesce(i.level, wanted) = wanted
$$;

-- People wanted and not yet covered by classes; NULL: no demand at all. An item
-- of the city's list without a number is 1,000,000,000: as many as there are.
CREATE FUNCTION training.demand_left(occupation text, level integer, county text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN (SELECT sum(coalesce(d.remains, 1000000000)) FROM training.demand_lines(occupation, demand_left.level, county) AS d);

-- A class that is filed takes its places from the lines; one that is sent back,
-- refused or cancelled gives them back. Lines are locked in one order, so two
-- classes cannot take the same need; one that is filed without enough is refused
-- here, whatever its statement thought.
CREATE FUNCTION training.class_demand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    line    record;
    wanted  integer := NEW.capacity;
    taken   integer;
    is_live boolean := NEW.state IN ('filed', 'open', 'running', 'completed');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF is_live AND OLD.state IN ('filed', 'open', 'running', 'completed')
           AND (OLD.capacity, OLD.occupation_code, OLD.level, OLD.county_code)
               IS NOT DISTINCT FROM (NEW.capacity, NEW.occupation_code, NEW.level, NEW.county_code) THEN
            RETURN NULL;
        END IF;
        WITH back AS (
            DELETE FROM training.demand_cover c WHERE c.class_id = NEW.id RETURNING c.demand_id, c.places
        )
        UPDATE training.demand d SET covered = d.covered - b.places FROM back b WHERE d.id = b.demand_id;
    END IF;
    IF NOT is_live OR NEW.occupation_code IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('training.demand ' || NEW.county_code, 0));
    FOR line IN SELECT * FROM training.demand_lines(NEW.occupation_code, NEW.level, NEW.county_code) l
                 WHERE l.remains IS NULL OR l.remains > 0 ORDER BY l.rank LOOP
        EXIT WHEN wanted <= 0;
        taken := least(wanted, coalesce(line.remains, wanted));
        IF line.demand_id IS NOT NULL THEN
            UPDATE training.demand d SET covered = d.covered + taken WHERE d.id = line.demand_id;
        END IF;
        INSERT INTO training.demand_cover (class_id, demand_id, item_id, places, county_code)
        VALUES (NEW.id, line.demand_id, line.item_id, taken, NEW.county_code);
        wanted := wanted - taken;
    END LOOP;
    IF wanted > 0 AND NEW.state = 'filed' THEN
        PERFORM platform.refuse('training.no_demand');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER class_demand_new AFTER INSERT ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_demand();
CREATE TRIGGER class_demand AFTER UPDATE OF state, capacity, occupation_code, level, county_code ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_demand();

CREATE FUNCTION training.demand_json(d training.demand) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', d.id, 'source', d.source, 'occupation_code', d.occupation_code, 'level', d.level,
    'headcount', d.headcount, 'covered', d.covered, 'person_id', d.person_id, 'org_id', d.org_id,
    'org_name', d.org_name, 'remark', d.remark, 'by_on', d.by_on, 'from_on', d.from_on, 'to_on', d.to_on,
    'state', d.state, 'note', d.note, 'checked_on', d.checked_on, 'county_code', d.county_code,
    'area_code', d.area_code, 'created_at', d.created_at);

CREATE FUNCTION training.demand_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.demand.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('demand_id', NEW.id, 'source', NEW.source, 'occupation_code', NEW.occupation_code,
                'level', NEW.level, 'headcount', NEW.headcount, 'covered', NEW.covered, 'state', NEW.state,
                'from_on', NEW.from_on, 'to_on', NEW.to_on, 'county_code', NEW.county_code));
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state <> NEW.state THEN
            PERFORM training.case_move(CASE NEW.source WHEN 'worker' THEN 'TR-10' ELSE 'TR-11' END, NEW.id, NEW.state,
                CASE NEW.state WHEN 'confirmed' THEN 'done' WHEN 'refused' THEN 'refused'
                     WHEN 'withdrawn' THEN 'withdrawn' END, NEW.note);
        END IF;
        IF OLD.state <> NEW.state AND NEW.state IN ('confirmed', 'refused', 'expired') THEN
            PERFORM training.tell(NEW.person_id, NEW.org_id, 'demand_' || NEW.state, '培训需求' || CASE NEW.state
                WHEN 'confirmed' THEN '已列入台账' WHEN 'refused' THEN '未列入台账' ELSE '已到期' END,
                NEW.note, 'demand', NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER demand_tells_new AFTER INSERT ON training.demand
    FOR EACH ROW EXECUTE FUNCTION training.demand_tells();
-- Not what classes take of it: that is told with the class.
CREATE TRIGGER demand_tells AFTER UPDATE ON training.demand
    FOR EACH ROW WHEN ((OLD.state, OLD.headcount, OLD.level, OLD.to_on)
        IS DISTINCT FROM (NEW.state, NEW.headcount, NEW.level, NEW.to_on))
    EXECUTE FUNCTION training.demand_tells();

-- Who is erased wishes for nothing.
CREATE FUNCTION training.person_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE training.demand d SET remark = NULL, note = NULL,
           state = CASE WHEN d.state IN ('registered', 'confirmed') THEN 'withdrawn' ELSE d.state END
     WHERE d.person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER person_erased AFTER UPDATE ON training.person
    FOR EACH ROW WHEN (NEW.name_masked = '*' AND OLD.name_masked <> '*') EXECUTE FUNCTION training.person_erased();

CREATE FUNCTION training.shortage_list_json(l training.shortage_list, items bigint) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', l.id, 'title', l.title, 'basis', l.basis, 'from_on', l.from_on, 'to_on', l.to_on,
    'state', l.state, 'items', items, 'published_at', l.published_at, 'created_at', l.created_at);

-- Lines whose last day is over, a thousand at a time.
CREATE FUNCTION training.demand_expire() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH gone AS (
        UPDATE training.demand AS d SET state = 'expired', changed_at = platform.now()
         WHERE d.id IN (SELECT x.id FROM training.demand x
                         WHERE x.to_on < platform.today() AND x.state IN ('registered', 'confirmed')
                         ORDER BY x.id LIMIT 1000 FOR UPDATE SKIP LOCKED)
        RETURNING d.id
    )
    SELECT count(*) FROM gone
$$;
