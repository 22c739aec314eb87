-- 三基六化 (永政办发〔2024〕15号 二（五）13): labour resources are collected village by
-- village, kept up to date, checked by sample, and settled for by what was
-- collected and how much of it was right.

-- One task a county; what the city sets everywhere has one batch.
CREATE TABLE jobs.collect_task (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    batch_id     uuid NOT NULL,
    title        text NOT NULL,
    kind         text NOT NULL CONSTRAINT collect_task_kind_check CHECK (kind IN ('full', 'update', 'special')),
    form_version integer NOT NULL,
    from_on      date NOT NULL,
    due_on       date NOT NULL,
    created_by   uuid NOT NULL DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT collect_task_days_check CHECK (due_on >= from_on)
);
CREATE INDEX collect_task_county_idx ON jobs.collect_task (county_code, id);
CREATE INDEX collect_task_batch_idx ON jobs.collect_task (batch_id);

CREATE TABLE jobs.collect_item (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    task_id      uuid NOT NULL CONSTRAINT collect_item_task_fkey REFERENCES jobs.collect_task,
    village_name text NOT NULL,
    officer_id   uuid,
    org_id       uuid,
    state        text NOT NULL DEFAULT 'open'
                 CONSTRAINT collect_item_state_check CHECK (state IN ('open', 'done')),
    due_on       date NOT NULL,
    done_by      uuid,
    done_at      timestamptz,
    note         text,
    reminded     smallint NOT NULL DEFAULT 0,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    CONSTRAINT collect_item_village_key UNIQUE (task_id, area_code),
    CONSTRAINT collect_item_done_check CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CONSTRAINT collect_item_who_check CHECK (num_nonnulls(officer_id, org_id) <= 1)
);
COMMENT ON COLUMN jobs.collect_item.area_code IS 'the village';
COMMENT ON COLUMN jobs.collect_item.reminded IS 'its contractor was told: 1 that it is due, 2 that it is late';
CREATE INDEX collect_item_org_idx ON jobs.collect_item (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX collect_item_county_idx ON jobs.collect_item (county_code, id);
CREATE INDEX collect_item_area_idx ON jobs.collect_item (area_code) WHERE state = 'open';
CALL platform.protect('jobs.collect_item', $$
    platform.in_areas(county_code, area_code) OR org_id = platform.org()
$$);
CALL platform.protect('jobs.collect_task', $$
    platform.in_areas(county_code, area_code)
    OR EXISTS (SELECT FROM jobs.collect_item i WHERE i.task_id = collect_task.id AND i.org_id = platform.org())
$$, 'platform.in_areas(county_code, area_code)');

-- One a person, by the blind index of the identity number.
CREATE TABLE jobs.labour_record (
    id               uuid PRIMARY KEY DEFAULT platform.uuid7(),
    id_index         text NOT NULL CONSTRAINT labour_record_id_index_key UNIQUE,
    person_id        uuid,
    name_masked      text NOT NULL,
    sex              smallint NOT NULL,
    birth_on         date NOT NULL,
    phone            text,
    hukou_code       text,
    education_code   text,
    skill_level      smallint CONSTRAINT labour_record_skill_level_check CHECK (skill_level BETWEEN 1 AND 5),
    employment_state text NOT NULL CONSTRAINT labour_record_state_check CHECK (employment_state IN
        ('employed_local', 'employed_away', 'self_employed', 'flexible', 'farming', 'unemployed',
         'student', 'retired', 'unable')),
    state_source     text NOT NULL DEFAULT 'collected' CONSTRAINT labour_record_source_check
        CHECK (state_source IN ('collected', 'employment', 'unemployment')),
    state_on         date NOT NULL,
    work_place       text,
    wish             text CONSTRAINT labour_record_wish_check
        CHECK (wish IN ('none', 'local', 'away', 'startup')),
    training_wish    text,
    willing          boolean NOT NULL,
    task_id          uuid CONSTRAINT labour_record_task_fkey REFERENCES jobs.collect_task,
    collected_by     uuid NOT NULL DEFAULT platform.actor(),
    collector_org_id uuid DEFAULT platform.org(),
    collected_on     date NOT NULL DEFAULT platform.today(),
    county_code      text NOT NULL,
    area_code        text NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON COLUMN jobs.labour_record.phone IS 'sealed';
COMMENT ON COLUMN jobs.labour_record.area_code IS 'the village of residence';
COMMENT ON COLUMN jobs.labour_record.willing IS '有劳动能力和就业意愿';
INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('jobs.labour_record', 'phone', '''jobs.labour_record.phone''');
CREATE INDEX labour_record_area_idx ON jobs.labour_record (area_code, id);
CREATE INDEX labour_record_county_idx ON jobs.labour_record (county_code, id);
CREATE INDEX labour_record_task_idx ON jobs.labour_record (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX labour_record_person_idx ON jobs.labour_record (person_id) WHERE person_id IS NOT NULL;
-- A contractor writes where its items are open, and reads what it collected.
CALL platform.protect('jobs.labour_record', $$
    person_id = platform.person() OR collector_org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    platform.in_areas(county_code, area_code)
    OR (collector_org_id = platform.org() AND EXISTS
        (SELECT FROM jobs.collect_item i WHERE i.org_id = platform.org() AND i.state = 'open'
            AND i.area_code = labour_record.area_code))
$$);

-- What a record said before: both stay.
CREATE TABLE jobs.labour_change (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id   uuid NOT NULL CONSTRAINT labour_change_record_fkey REFERENCES jobs.labour_record,
    changes     jsonb NOT NULL,
    source      text NOT NULL,
    actor       uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON COLUMN jobs.labour_change.changes IS '{member: [before, after]}';
CREATE INDEX labour_change_record_idx ON jobs.labour_change (record_id, ord);
REVOKE INSERT, UPDATE, DELETE ON jobs.labour_change FROM jobs_app, jobs_system;
CALL platform.protect('jobs.labour_change', 'platform.in_areas(county_code, area_code)', 'false');

CREATE FUNCTION jobs.labour_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    diff jsonb;
BEGIN
    SELECT jsonb_object_agg(n.key, CASE n.key WHEN 'phone' THEN '["*", "*"]'::jsonb
                                   ELSE jsonb_build_array(o.value, n.value) END)
      INTO diff
      FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o ON o.key = n.key
     WHERE n.value <> o.value
       AND n.key NOT IN ('id', 'id_index', 'created_at', 'collected_by', 'collector_org_id', 'task_id');
    IF diff IS NOT NULL THEN
        INSERT INTO jobs.labour_change (record_id, changes, source, county_code, area_code)
        VALUES (NEW.id, diff, CASE WHEN NEW.state_source <> 'collected'
                                    AND diff ? 'employment_state' THEN NEW.state_source
                                   ELSE 'collected' END, NEW.county_code, NEW.area_code);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER labour_kept AFTER UPDATE ON jobs.labour_record
    FOR EACH ROW EXECUTE FUNCTION jobs.labour_kept();

-- The registers know better who works; whoever made them sees no record, hence
-- as the owner.
CREATE FUNCTION jobs.labour_follow(person uuid, state text, source text, day date, employer text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE jobs.labour_record r
       SET employment_state = state, state_source = source, state_on = day,
           work_place = CASE WHEN employer IS NULL THEN r.work_place ELSE employer END
     WHERE r.person_id = person AND r.state_on <= day
       AND (r.employment_state, r.state_source) <> (state, source)
$$;
CREATE FUNCTION jobs.labour_employment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.ended_on IS NULL THEN
        PERFORM jobs.labour_follow(NEW.person_id,
            CASE WHEN NEW.county_code = ANY (jobs.counties()) THEN 'employed_local' ELSE 'employed_away' END,
            'employment', NEW.hired_on, NEW.org_name);
    ELSIF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL
      AND NOT EXISTS (SELECT FROM jobs.employment e WHERE e.person_id = NEW.person_id AND e.ended_on IS NULL) THEN
        PERFORM jobs.labour_follow(NEW.person_id, 'unemployed', 'employment', NEW.ended_on, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER labour_employment AFTER INSERT OR UPDATE ON jobs.employment
    FOR EACH ROW EXECUTE FUNCTION jobs.labour_employment();
CREATE FUNCTION jobs.labour_unemployment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.labour_follow(NEW.person_id, 'unemployed', 'unemployment', NEW.registered_on, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER labour_unemployment AFTER INSERT ON jobs.unemployment
    FOR EACH ROW WHEN (NEW.ended_on IS NULL) EXECUTE FUNCTION jobs.labour_unemployment();

-- Linked to the person when known, whichever came first.
CREATE FUNCTION jobs.labour_person_of(idx text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jobs.one_person(p.id) FROM jobs.person p WHERE p.id_index = idx
$$;
CREATE FUNCTION jobs.labour_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.labour_record r SET person_id = NEW.id
     WHERE r.id_index = NEW.id_index AND r.person_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER labour_link AFTER INSERT ON jobs.person
    FOR EACH ROW EXECUTE FUNCTION jobs.labour_link();

-- One record as it was entered, singly or in a file; says what went wrong, or
-- nothing. A task is that of an open item of the village.
CREATE FUNCTION jobs.labour_put(r jsonb, OUT record uuid, OUT fault text)
LANGUAGE plpgsql AS $$
DECLARE
    county text := r ->> 'county_code';
    village text := r ->> 'village_code';
    task uuid;
BEGIN
    SELECT i.task_id INTO task FROM jobs.collect_item i
      JOIN jobs.collect_task t ON t.id = i.task_id
     WHERE i.area_code = village AND i.state = 'open' AND t.from_on <= platform.today()
       AND (platform.org() IS NULL OR i.org_id = platform.org())
     ORDER BY i.due_on, i.id LIMIT 1;
    IF NOT coalesce(platform.in_areas(county, village), false)
       AND NOT (platform.org() IS NOT NULL AND task IS NOT NULL) THEN
        fault := 'auth.area';
        RETURN;
    END IF;
    UPDATE jobs.labour_record x
       SET name_masked = r ->> 'name_masked', phone = coalesce(r ->> 'phone', x.phone),
           hukou_code = coalesce(r ->> 'hukou_code', x.hukou_code),
           education_code = coalesce(r ->> 'education_code', x.education_code),
           skill_level = coalesce((r ->> 'skill_level')::smallint, x.skill_level),
           employment_state = r ->> 'employment_state', state_source = 'collected',
           state_on = platform.today(), work_place = coalesce(r ->> 'work_place', x.work_place),
           wish = coalesce(r ->> 'wish', x.wish),
           training_wish = coalesce(r ->> 'training_wish', x.training_wish),
           willing = (r ->> 'willing')::boolean, task_id = coalesce(task, x.task_id),
           collected_by = platform.actor(), collector_org_id = platform.org(),
           collected_on = platform.today(), county_code = county, area_code = village
     WHERE x.id_index = r ->> 'id_index' RETURNING x.id INTO record;
    IF record IS NOT NULL THEN RETURN; END IF;
    INSERT INTO jobs.labour_record AS x (id_index, person_id, name_masked, sex, birth_on, phone, hukou_code,
        education_code, skill_level, employment_state, state_on, work_place, wish, training_wish, willing,
        task_id, county_code, area_code)
    VALUES (r ->> 'id_index', jobs.labour_person_of(r ->> 'id_index'), r ->> 'name_masked',
        (r ->> 'sex')::smallint, (r ->> 'birth_on')::date, r ->> 'phone', r ->> 'hukou_code',
        r ->> 'education_code', (r ->> 'skill_level')::smallint, r ->> 'employment_state', platform.today(),
        r ->> 'work_place', r ->> 'wish', r ->> 'training_wish', (r ->> 'willing')::boolean, task, county,
        village)
    RETURNING x.id INTO record;
EXCEPTION WHEN unique_violation THEN
    fault := 'jobs.labour_elsewhere';
END $$;

CREATE TABLE jobs.labour_import (
    id          uuid PRIMARY KEY,
    file_sha256 text NOT NULL,
    imported_by uuid NOT NULL DEFAULT platform.actor(),
    reply       jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT labour_import_file_key UNIQUE (imported_by, file_sha256)
);
CALL platform.protect('jobs.labour_import', 'imported_by = platform.actor()');

-- 抽查: drawn by the task's own number, so that anybody can draw it again.
CREATE TABLE jobs.collect_check (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    task_id       uuid NOT NULL CONSTRAINT collect_check_task_fkey REFERENCES jobs.collect_task,
    record_id     uuid NOT NULL CONSTRAINT collect_check_record_fkey REFERENCES jobs.labour_record,
    person_id     uuid,
    name_masked   text NOT NULL,
    collected_by  uuid NOT NULL,
    collector_org_id uuid,
    checker       uuid,
    reached       boolean,
    results       jsonb,
    right_count   integer,
    wrong_count   integer,
    checked_at    timestamptz,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    CONSTRAINT collect_check_record_key UNIQUE (task_id, record_id),
    CONSTRAINT collect_check_done_check CHECK ((checked_at IS NULL) = (checker IS NULL)
        AND (checked_at IS NULL) = (reached IS NULL)),
    CONSTRAINT collect_check_hands_check CHECK (checker <> collected_by)
);
COMMENT ON COLUMN jobs.collect_check.results IS '[{name, right, found, said}]: what the record had, what was said';
CREATE INDEX collect_check_county_idx ON jobs.collect_check (county_code, id);
CALL platform.protect('jobs.collect_check', 'platform.in_areas(county_code, area_code)');

CREATE FUNCTION jobs.collect_check_json(k jobs.collect_check) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', k.id, 'task_id', k.task_id, 'record_id', k.record_id,
    'person_id', k.person_id, 'name_masked', k.name_masked, 'collected_by', k.collected_by,
    'collector_org_id', k.collector_org_id, 'village_code', k.area_code, 'checker', k.checker,
    'reached', k.reached, 'results', k.results, 'right_count', k.right_count,
    'wrong_count', k.wrong_count, 'checked_at', k.checked_at, 'county_code', k.county_code);

-- 1,000万元 by collection results: the line is the policy's, the price of a
-- record the city's, and empty until it sets one.
CREATE TABLE jobs.settlement_rule (
    from_on          date PRIMARY KEY,
    line_cents       bigint NOT NULL CONSTRAINT settlement_rule_line_check CHECK (line_cents > 0),
    unit_price_cents bigint CONSTRAINT settlement_rule_price_check CHECK (unit_price_cents > 0),
    min_score_bp     integer CONSTRAINT settlement_rule_score_check CHECK (min_score_bp BETWEEN 0 AND 10000),
    basis            text NOT NULL,
    set_by           uuid
);
COMMENT ON TABLE jobs.settlement_rule IS
    'public: rules; unit_price_cents and min_score_bp (below it nothing counts) NULL: not set';
CALL platform.protect('jobs.settlement_rule', 'true', 'jobs.is_city()');
INSERT INTO jobs.settlement_rule (from_on, line_cents, basis)
VALUES (DATE '2024-11-05', 1000000000, '永政办发〔2024〕15号 二（五）13：市级安排1000万元就业资金');

CREATE FUNCTION jobs.labour_json(r jobs.labour_record, stale_days bigint) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'person_id', r.person_id, 'name_masked', r.name_masked, 'sex', r.sex,
    'birth_on', r.birth_on, 'has_phone', r.phone IS NOT NULL, 'village_code', r.area_code,
    'hukou_code', r.hukou_code, 'education_code', r.education_code, 'skill_level', r.skill_level,
    'employment_state', r.employment_state, 'state_source', r.state_source, 'state_on', r.state_on,
    'work_place', r.work_place, 'wish', r.wish, 'training_wish', r.training_wish, 'willing', r.willing,
    'task_id', r.task_id, 'collected_by', r.collected_by, 'collector_org_id', r.collector_org_id,
    'collected_on', r.collected_on,
    'stale', CASE WHEN stale_days > 0 THEN r.collected_on + stale_days::integer < platform.today() END,
    'county_code', r.county_code);
