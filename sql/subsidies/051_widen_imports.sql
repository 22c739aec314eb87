-- Files of every kind of fact: what each changed, through which day it speaks
-- for everybody, and how a file that was sent by mistake is taken back.

-- The same thing has the same id in every file: what names it (its kind and the
-- key of its row), not where it stood.
CREATE FUNCTION subsidies.fact_id(kind text, key text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT overlay(overlay(left(encode(sha256(convert_to(kind || E'\n' || key, 'UTF8')), 'hex'), 32)
        PLACING '8' FROM 13 FOR 1) PLACING 'a' FROM 17 FOR 1)::uuid
$$;
COMMENT ON FUNCTION subsidies.fact_id(text, text) IS 'the id of the fact of this kind that this key names';

ALTER TABLE subsidies.import_batch
    ADD COLUMN fact_kind text,          -- NULL: months, graduates
    ADD COLUMN rows_changed bigint NOT NULL DEFAULT 0,
    ADD COLUMN withdrawn_at timestamptz,
    DROP CONSTRAINT import_batch_file_key;
CREATE UNIQUE INDEX import_batch_file_key ON subsidies.import_batch (kind, file_sha256)
    WHERE withdrawn_at IS NULL;
CREATE INDEX import_batch_covers ON subsidies.import_batch (fact_kind, covers_through);
CREATE INDEX fact_batch ON subsidies.fact (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX insurance_month_batch ON subsidies.insurance_month (batch_id);
CREATE INDEX graduate_batch ON subsidies.graduate (batch_id);

-- A register speaks of those who are in it. Who is not, is known not to be up
-- to the day a file says it is complete.
CREATE FUNCTION subsidies.covered_through(kind text) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT max(b.covers_through) FROM subsidies.import_batch b
     WHERE b.fact_kind = covered_through.kind
$$;
COMMENT ON FUNCTION subsidies.covered_through(text) IS 'the day up to which absence from this kind of facts is known; NULL: never';

-- One officer asks, another agrees.
CREATE TABLE subsidies.import_undo (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    batch_id    uuid NOT NULL REFERENCES subsidies.import_batch,
    reason      text NOT NULL,
    state       text NOT NULL DEFAULT 'asked'
        CONSTRAINT import_undo_state_check CHECK (state IN ('asked', 'done', 'refused')),
    rows_closed bigint,
    rows_restored bigint,
    covers_through date,                -- what the batch said
    asked_by    uuid NOT NULL DEFAULT platform.actor(),
    asked_at    timestamptz NOT NULL DEFAULT platform.now(),
    decided_by  uuid,
    decided_at  timestamptz,
    county_code text NOT NULL,
    CONSTRAINT import_undo_hands_check CHECK (decided_by <> asked_by),
    CONSTRAINT import_undo_decided_check CHECK ((state = 'asked') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX import_undo_open_key ON subsidies.import_undo (batch_id)
    WHERE state IN ('asked', 'done');
CALL platform.protect('subsidies.import_undo', $$platform.action() LIKE 'subsidies.import.%'$$);
REVOKE DELETE ON subsidies.import_undo FROM subsidies_app, subsidies_system;

-- What was known by these facts is closed, what they replaced holds again.
CREATE FUNCTION subsidies.import_undo_facts(batch uuid) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    people uuid[];
    orgs   uuid[];
    shut   uuid[];
    back   bigint;
BEGIN
    IF EXISTS (SELECT FROM subsidies.fact f WHERE f.batch_id = batch AND f.known_to IS NOT NULL
                  AND NOT EXISTS (SELECT FROM subsidies.fact n WHERE n.id = f.id
                                     AND n.known_from >= f.known_to AND n.batch_id = batch)) THEN
        PERFORM platform.refuse('subsidies.import_superseded');
    END IF;
    SELECT array_agg(DISTINCT f.person_id), array_agg(DISTINCT f.org_id), array_agg(f.id)
      INTO people, orgs, shut
      FROM subsidies.fact f WHERE f.batch_id = batch AND f.known_to IS NULL;
    UPDATE subsidies.fact f SET known_to = greatest(platform.now(), f.known_from + interval '1 microsecond')
     WHERE f.batch_id = batch AND f.known_to IS NULL;
    INSERT INTO subsidies.fact (id, kind, person_id, id_index, org_id, uscc, from_on, to_on, code,
        numbers, note, source, batch_id, county_code, area_code, known_from)
    SELECT w.id, w.kind, w.person_id, w.id_index, w.org_id, w.uscc, w.from_on, w.to_on, w.code,
           w.numbers, w.note, w.source, w.batch_id, w.county_code, w.area_code,
           greatest(platform.now(), f.last_from + interval '1 microsecond')
      FROM (SELECT x.id, min(x.known_from) AS first_from, max(x.known_from) AS last_from
              FROM subsidies.fact x WHERE x.batch_id = batch AND x.id = ANY (shut) GROUP BY x.id) f
      JOIN subsidies.fact w ON w.id = f.id AND w.known_to = f.first_from;
    GET DIAGNOSTICS back = ROW_COUNT;
    PERFORM subsidies.due_person(people), subsidies.due_org(orgs);
    RETURN ARRAY[coalesce(cardinality(shut), 0), back];
END $$;

-- Months and graduates are what the newest file says: without its rows the
-- former ones are. What it said is kept with what was known before.
CREATE FUNCTION subsidies.import_undo_rows(batch uuid) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    shut   bigint;
    back   bigint;
    people uuid[];
BEGIN
    IF EXISTS (SELECT FROM subsidies.insurance_month m JOIN subsidies.insurance_month n
                 ON n.id_index = m.id_index AND n.uscc = m.uscc AND n.month = m.month
                AND n.batch_id > batch WHERE m.batch_id = batch)
       OR EXISTS (SELECT FROM subsidies.graduate m JOIN subsidies.graduate n
                 ON n.id_index = m.id_index AND n.school = m.school
                AND n.education_code = m.education_code AND n.batch_id > batch
               WHERE m.batch_id = batch) THEN
        PERFORM platform.refuse('subsidies.import_superseded');
    END IF;
    SELECT array_agg(DISTINCT p.id) INTO people FROM subsidies.person p
     WHERE p.id_index IN (SELECT m.id_index FROM subsidies.insurance_month m WHERE m.batch_id = batch
                          UNION SELECT g.id_index FROM subsidies.graduate g WHERE g.batch_id = batch);
    CREATE TEMPORARY TABLE undone ON COMMIT DROP AS
        SELECT DISTINCT m.id_index, m.uscc FROM subsidies.insurance_month m WHERE m.batch_id = batch;
    WITH gone AS (
        DELETE FROM subsidies.insurance_month m WHERE m.batch_id = batch RETURNING m.*
    ), left_ AS (
        DELETE FROM subsidies.graduate g WHERE g.batch_id = batch RETURNING g.*
    ), kept AS (
        INSERT INTO subsidies.known_before (tbl, id, known_from, row_was)
        SELECT 'insurance_month', batch, gone.known_from, to_jsonb(gone) FROM gone
        UNION ALL
        SELECT 'graduate', batch, left_.known_from, to_jsonb(left_) FROM left_
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM left_),
           (SELECT count(*) FROM gone WHERE EXISTS (
                SELECT FROM subsidies.insurance_month m WHERE m.id_index = gone.id_index
                   AND m.uscc = gone.uscc AND m.month = gone.month AND m.batch_id < batch))
           + (SELECT count(*) FROM left_ WHERE EXISTS (
                SELECT FROM subsidies.graduate g WHERE g.id_index = left_.id_index
                   AND g.school = left_.school AND g.education_code = left_.education_code
                   AND g.batch_id < batch))
      INTO shut, back;
    PERFORM subsidies.insured_again(u.id_index, u.uscc) FROM pg_temp.undone u;
    DROP TABLE pg_temp.undone;
    PERFORM subsidies.due_person(people);
    RETURN ARRAY[shut, back];
END $$;

-- From the history, for one person at one employer.
CREATE FUNCTION subsidies.insured_again(index text, code text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE subsidies.insured i
       SET all_three = n.all_three, any_kind = n.any_kind, ui = n.ui
      FROM (SELECT coalesce(range_agg(subsidies.month_range(m.month)) FILTER (WHERE m.kinds = 7), '{}') AS all_three,
                   coalesce(range_agg(subsidies.month_range(m.month)) FILTER (WHERE m.kinds > 0), '{}') AS any_kind,
                   coalesce(range_agg(subsidies.month_range(m.month)) FILTER (WHERE m.kinds & 2 = 2), '{}') AS ui
              FROM (SELECT DISTINCT ON (im.month) im.* FROM subsidies.insurance_month im
                     WHERE im.id_index = index AND im.uscc = code
                     ORDER BY im.month, im.batch_id DESC) m) n
     WHERE i.id_index = index AND i.uscc = code
$$;

CREATE FUNCTION subsidies.import_undo_do(u subsidies.import_undo) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    b subsidies.import_batch;
BEGIN
    SELECT x.* INTO b FROM subsidies.import_batch x WHERE x.id = u.batch_id;
    PERFORM pg_advisory_xact_lock(hashtextextended('subsidies.import.' || b.kind, 0));
    UPDATE subsidies.import_batch x SET withdrawn_at = platform.now(), covers_through = NULL
     WHERE x.id = b.id;
    RETURN CASE WHEN b.fact_kind IS NULL THEN subsidies.import_undo_rows(b.id)
                ELSE subsidies.import_undo_facts(b.id) END;
END $$;

CREATE FUNCTION subsidies.import_json(b subsidies.import_batch) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', b.id, 'kind', b.kind, 'rows_read', b.rows_read,
        'rows_applied', b.rows_applied, 'rows_changed', b.rows_changed,
        'rows_unmatched', b.rows_unmatched, 'rows_failed', b.rows_failed,
        'covers_through', b.covers_through, 'withdrawn_at', b.withdrawn_at,
        'created_by', b.created_by, 'created_at', b.created_at)
$$;
-- How many of its rows are still about somebody who has not registered.
CREATE FUNCTION subsidies.import_strangers(b subsidies.import_batch) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT CASE b.kind
        WHEN 'insurance_months' THEN (
            SELECT count(*) FROM subsidies.insurance_month m
              JOIN subsidies.insured i ON i.id_index = m.id_index AND i.uscc = m.uscc
             WHERE m.batch_id = b.id AND (i.person_id IS NULL OR i.org_id IS NULL))
        WHEN 'graduates' THEN (
            SELECT count(*) FROM subsidies.graduate g
             WHERE g.batch_id = b.id
               AND NOT EXISTS (SELECT FROM subsidies.person p WHERE p.id_index = g.id_index))
        ELSE (SELECT count(*) FROM subsidies.fact f
               WHERE f.batch_id = b.id AND f.known_to IS NULL
                 AND ((f.id_index IS NOT NULL AND f.person_id IS NULL)
                      OR (f.uscc IS NOT NULL AND f.org_id IS NULL))) END
$$;
CREATE FUNCTION subsidies.import_undo_json(u subsidies.import_undo) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', u.id, 'batch_id', u.batch_id, 'reason', u.reason,
        'state', u.state, 'rows_closed', u.rows_closed, 'rows_restored', u.rows_restored,
        'asked_by', u.asked_by, 'asked_at', u.asked_at, 'decided_by', u.decided_by,
        'decided_at', u.decided_at)
$$;
