-- Everything else that is known, in one bitemporal table: true from from_on to
-- to_on, known from known_from to known_to. Kinds and what their columns mean
-- are in services/subsidies/fact_kinds.def. A fact's id stays; a change of it is
-- another row, the former one is closed. Rows of files name the person by blind
-- index and the employer by its code until the two are known; fact_settle()
-- then fills in who they are.

CREATE TABLE subsidies.fact (
    id          uuid NOT NULL DEFAULT platform.uuid7(),
    kind        text NOT NULL,
    person_id   uuid,
    id_index    text,
    org_id      uuid,
    uscc        text,
    from_on     date NOT NULL,
    to_on       date,                   -- the last day it is true; NULL: still
    code        text,
    numbers     bigint[] NOT NULL DEFAULT '{}',
    note        text,
    source      text NOT NULL,          -- an event's type, import, officer
    batch_id    uuid REFERENCES subsidies.import_batch,
    county_code text NOT NULL,
    area_code   text,
    known_from  timestamptz NOT NULL DEFAULT platform.now(),
    known_to    timestamptz,            -- NULL: what is known now
    PRIMARY KEY (id, known_from),
    CONSTRAINT fact_holder_check CHECK (person_id IS NOT NULL OR id_index IS NOT NULL
        OR org_id IS NOT NULL OR uscc IS NOT NULL),
    CONSTRAINT fact_days_check CHECK (to_on >= from_on)
);
CREATE UNIQUE INDEX fact_current_key ON subsidies.fact (id) WHERE known_to IS NULL;
CREATE INDEX fact_person ON subsidies.fact (person_id, kind) WHERE known_to IS NULL;
CREATE INDEX fact_org ON subsidies.fact (org_id, kind) WHERE known_to IS NULL;
CREATE INDEX fact_index ON subsidies.fact (id_index) WHERE known_to IS NULL AND person_id IS NULL;
CREATE INDEX fact_uscc ON subsidies.fact (uscc) WHERE known_to IS NULL AND org_id IS NULL;
CREATE INDEX fact_kind ON subsidies.fact (kind, county_code, from_on) WHERE known_to IS NULL;
CALL platform.protect('subsidies.fact',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org() OR platform.action() LIKE 'subsidies.import.%'$$,
    $$platform.in_areas(county_code, area_code) OR platform.action() LIKE 'subsidies.import.%'$$);
REVOKE DELETE ON subsidies.fact FROM subsidies_app, subsidies_system;

-- What people, employers and employments were known as before they changed.
CREATE TABLE subsidies.known_before (
    tbl         text NOT NULL,
    id          uuid NOT NULL,
    known_from  timestamptz NOT NULL,
    known_to    timestamptz NOT NULL DEFAULT platform.now(),
    row_was     jsonb NOT NULL,
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
CREATE INDEX known_before_row ON subsidies.known_before (tbl, id, known_from);
CALL platform.protect('subsidies.known_before', $$false$$);

CREATE FUNCTION subsidies.keep_before() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.known_before (tbl, id, known_from, row_was)
    VALUES (TG_TABLE_NAME, OLD.id, OLD.known_from, to_jsonb(OLD));
    RETURN NEW;
END $$;
CREATE TRIGGER keep_before BEFORE UPDATE ON subsidies.person
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION subsidies.keep_before();
CREATE TRIGGER keep_before BEFORE UPDATE ON subsidies.org
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION subsidies.keep_before();
CREATE TRIGGER keep_before BEFORE UPDATE ON subsidies.employment
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION subsidies.keep_before();
CREATE TRIGGER keep_before BEFORE UPDATE ON subsidies.unemployment
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION subsidies.keep_before();

-- Whoever is due is judged again with all that is theirs: a person's hires,
-- certificates and months together, an employer's own years and awards.
DROP TABLE subsidies.due;
CREATE TABLE subsidies.due (
    holder_id   uuid PRIMARY KEY,
    holder_kind text NOT NULL CONSTRAINT due_holder_kind_check CHECK (holder_kind IN ('person', 'org')),
    county_code text NOT NULL,
    since       timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX due_order ON subsidies.due (since, holder_id);
CALL platform.protect('subsidies.due',
    $$platform.action() LIKE 'subsidies.import.%' OR platform.in_areas(county_code, NULL)$$);

-- In the transaction that changes a fact, always with DO UPDATE: the row lock
-- makes the evaluator see the new fact or leave the row. A holder nobody has
-- registered yet is not due: registering makes it so.
CREATE FUNCTION subsidies.due_person(people uuid[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH put AS (
        INSERT INTO subsidies.due (holder_id, holder_kind, county_code)
        SELECT p.id, 'person', p.county_code
          FROM subsidies.person p WHERE p.id = ANY (people) ORDER BY p.id
            ON CONFLICT (holder_id) DO UPDATE SET since = excluded.since
        RETURNING holder_id)
    SELECT count(*) FROM put
$$;
CREATE FUNCTION subsidies.due_org(orgs uuid[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH put AS (
        INSERT INTO subsidies.due (holder_id, holder_kind, county_code)
        SELECT o.id, 'org', o.county_code
          FROM subsidies.org o WHERE o.id = ANY (orgs) ORDER BY o.id
            ON CONFLICT (holder_id) DO UPDATE SET since = excluded.since
        RETURNING holder_id)
    SELECT count(*) FROM put
$$;

-- Puts one fact as it is known from now on; the same again changes nothing.
CREATE FUNCTION subsidies.fact_put(f subsidies.fact) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    now_known subsidies.fact;
BEGIN
    f.known_from := greatest(platform.now(), coalesce((SELECT max(x.known_from) + interval '1 microsecond'
                        FROM subsidies.fact x WHERE x.id = f.id), '-infinity'));
    f.known_to := NULL;
    f.numbers := coalesce(f.numbers, '{}');
    f.person_id := coalesce(f.person_id, (SELECT p.id FROM subsidies.person p WHERE p.id_index = f.id_index));
    f.org_id := coalesce(f.org_id, (SELECT o.id FROM subsidies.org o WHERE o.uscc = f.uscc));
    SELECT * INTO now_known FROM subsidies.fact x WHERE x.id = f.id AND x.known_to IS NULL FOR UPDATE;
    IF FOUND THEN
        IF (now_known.kind, now_known.person_id, now_known.id_index, now_known.org_id, now_known.uscc,
            now_known.from_on, now_known.to_on, now_known.code, now_known.numbers, now_known.note)
           IS NOT DISTINCT FROM (f.kind, f.person_id, f.id_index, f.org_id, f.uscc,
            f.from_on, f.to_on, f.code, f.numbers, f.note) THEN
            RETURN false;
        END IF;
        UPDATE subsidies.fact x SET known_to = f.known_from WHERE x.id = f.id AND x.known_to IS NULL;
    END IF;
    INSERT INTO subsidies.fact SELECT (f).*;
    PERFORM subsidies.due_person(ARRAY[f.person_id, now_known.person_id]);
    PERFORM subsidies.due_org(ARRAY[f.org_id, now_known.org_id]);
    RETURN true;
END $$;
COMMENT ON FUNCTION subsidies.fact_put(subsidies.fact) IS 'true: this is news; its holders are due';

-- What is said of an id from now on: nothing. The row stays as what was known.
CREATE FUNCTION subsidies.fact_drop(fact uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    was subsidies.fact;
BEGIN
    UPDATE subsidies.fact x SET known_to = greatest(platform.now(), x.known_from)
     WHERE x.id = fact AND x.known_to IS NULL RETURNING * INTO was;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM subsidies.due_person(ARRAY[was.person_id]);
    PERFORM subsidies.due_org(ARRAY[was.org_id]);
    RETURN true;
END $$;

ALTER TABLE subsidies.import_batch DROP CONSTRAINT import_batch_kind_check;
