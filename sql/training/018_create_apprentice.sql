-- 企业新型学徒制: apprentices of an agreement with their 师傅 and plan, and what
-- was done month by month. Both are put down by the firm or the school, and
-- stand when the apprentice has confirmed them.
CREATE TABLE training.apprentice (
    id              uuid PRIMARY KEY,
    agreement_id    uuid NOT NULL CONSTRAINT apprentice_agreement_fkey REFERENCES training.agreement,
    school_id       uuid NOT NULL,
    firm_id         uuid NOT NULL,
    firm_name       text NOT NULL,
    person_id       uuid NOT NULL CONSTRAINT apprentice_person_fkey REFERENCES training.person,
    master_id       uuid NOT NULL CONSTRAINT apprentice_master_fkey REFERENCES training.person,
    occupation_code text NOT NULL,
    level           integer NOT NULL CONSTRAINT apprentice_level_check CHECK (level BETWEEN 1 AND 5),
    from_on         date NOT NULL,
    to_on           date NOT NULL,
    state           text NOT NULL DEFAULT 'proposed' CONSTRAINT apprentice_state_check CHECK (state IN
        ('proposed', 'confirmed', 'declined', 'completed', 'left')),
    note            text,
    confirmed_on    date,
    ended_on        date,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT apprentice_days_check CHECK (from_on <= to_on),
    CONSTRAINT apprentice_master_check CHECK (master_id <> person_id),
    CONSTRAINT apprentice_confirmed_check CHECK (confirmed_on IS NOT NULL OR state IN ('proposed', 'declined')),
    CONSTRAINT apprentice_ended_check CHECK ((state IN ('completed', 'left')) = (ended_on IS NOT NULL))
);
CREATE UNIQUE INDEX apprentice_one_key ON training.apprentice (person_id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX apprentice_once_key ON training.apprentice (agreement_id, person_id)
    WHERE state IN ('proposed', 'confirmed');
CREATE INDEX apprentice_person_idx ON training.apprentice (person_id, id);
CREATE INDEX apprentice_agreement_idx ON training.apprentice (agreement_id, id);
REVOKE DELETE ON training.apprentice FROM training_app, training_system;
CALL platform.protect('training.apprentice', $$
    person_id = platform.person() OR school_id = platform.org() OR firm_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR school_id = platform.org() OR firm_id = platform.org()
$$);

CREATE TABLE training.apprentice_month (
    id            uuid PRIMARY KEY,
    apprentice_id uuid NOT NULL CONSTRAINT apprentice_month_fkey REFERENCES training.apprentice,
    month         date NOT NULL CONSTRAINT apprentice_month_check CHECK (date_part('day', month) = 1),
    work_hours    integer NOT NULL,
    school_hours  integer NOT NULL,
    content       text NOT NULL,
    state         text NOT NULL DEFAULT 'recorded' CONSTRAINT apprentice_month_state_check CHECK (state IN
        ('recorded', 'confirmed', 'disputed')),
    note          text,
    school_id     uuid NOT NULL,
    firm_id       uuid NOT NULL,
    person_id     uuid NOT NULL,
    recorded_by   uuid NOT NULL DEFAULT platform.actor(),
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT apprentice_month_hours_check CHECK (work_hours >= 0 AND school_hours >= 0
        AND work_hours + school_hours > 0)
);
CREATE UNIQUE INDEX apprentice_month_key ON training.apprentice_month (apprentice_id, month)
    WHERE state <> 'disputed';
REVOKE DELETE ON training.apprentice_month FROM training_app, training_system;
CALL platform.protect('training.apprentice_month', $$
    person_id = platform.person() OR school_id = platform.org() OR firm_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR school_id = platform.org() OR firm_id = platform.org()
$$);

-- No more apprentices than agreed on, however many are put in at once.
CREATE FUNCTION training.apprentice_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    room integer;
BEGIN
    SELECT a.headcount INTO room FROM training.agreement a WHERE a.id = NEW.agreement_id FOR UPDATE;
    IF (SELECT count(*) FROM training.apprentice p WHERE p.agreement_id = NEW.agreement_id
           AND p.state NOT IN ('declined', 'left')) >= room THEN
        PERFORM platform.refuse('training.agreement_full');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER apprentice_room BEFORE INSERT ON training.apprentice
    FOR EACH ROW EXECUTE FUNCTION training.apprentice_room();

CREATE FUNCTION training.apprentice_json(p training.apprentice) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'agreement_id', p.agreement_id, 'school_id', p.school_id,
        'firm_id', p.firm_id, 'firm_name', p.firm_name, 'person_id', p.person_id,
        'name_masked', training.name_of(p.person_id), 'master_masked', training.name_of(p.master_id),
        'occupation_code', p.occupation_code, 'level', p.level, 'from_on', p.from_on, 'to_on', p.to_on,
        'state', p.state, 'note', p.note, 'confirmed_on', p.confirmed_on, 'ended_on', p.ended_on,
        'county_code', p.county_code, 'created_at', p.created_at,
        'months', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'month', m.month,
                        'work_hours', m.work_hours, 'school_hours', m.school_hours, 'content', m.content,
                        'state', m.state, 'note', m.note) ORDER BY m.month, m.id), '[]')
                     FROM training.apprentice_month m WHERE m.apprentice_id = p.id))
$$;

CREATE FUNCTION training.apprentice_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.apprentice.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('apprentice_id', NEW.id, 'agreement_id', NEW.agreement_id,
                'person_id', NEW.person_id, 'firm_id', NEW.firm_id, 'school_id', NEW.school_id,
                'occupation_code', NEW.occupation_code, 'level', NEW.level, 'state', NEW.state,
                'from_on', NEW.from_on, 'to_on', NEW.to_on, 'county_code', NEW.county_code));
    IF NEW.state = 'proposed' THEN
        PERFORM training.tell(NEW.person_id, NULL, 'apprentice_proposed', NEW.firm_name || ' 将您登记为学徒',
            '请确认师傅、职业和培养期', 'apprentice', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER apprentice_tells AFTER INSERT OR UPDATE ON training.apprentice
    FOR EACH ROW EXECUTE FUNCTION training.apprentice_tells();

CREATE FUNCTION training.apprentice_month_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.apprentice.month_changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('month_id', NEW.id, 'apprentice_id', NEW.apprentice_id,
                'person_id', NEW.person_id, 'month', NEW.month, 'work_hours', NEW.work_hours,
                'school_hours', NEW.school_hours, 'state', NEW.state, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER apprentice_month_tells AFTER INSERT OR UPDATE ON training.apprentice_month
    FOR EACH ROW EXECUTE FUNCTION training.apprentice_month_tells();
