-- 就业帮扶车间: registered and recognised by two hands, its roster, months of
-- attendance and wages, the year closed for those who pay by it, and 提质升级.

INSERT INTO jobs.work_rule (code, value, legal_basis, from_on) VALUES
    ('workshop_months', 6, '湘人社规〔2022〕33号', '2022-01-01'),
    ('workshop_wage_cents', 600000, '湘人社规〔2022〕33号', '2022-01-01'),
    ('workshop_idle_months', 3, NULL, '2024-01-01'),
    ('workshop_upgrade_target', 1050, '永政办发〔2024〕15号 二（一）3', '2024-11-05');

CREATE TABLE jobs.workshop (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id        uuid NOT NULL CONSTRAINT workshop_org_fkey REFERENCES jobs.org,
    org_name      text NOT NULL,
    name          text NOT NULL,
    products      text NOT NULL,
    capacity      integer NOT NULL CONSTRAINT workshop_capacity_check CHECK (capacity BETWEEN 1 AND 5000),
    state         text NOT NULL DEFAULT 'proposed' CONSTRAINT workshop_state_check
        CHECK (state IN ('proposed', 'checked', 'recognised', 'refused', 'revoked')),
    note          text,
    recognised_on date,
    until_on      date,
    upgrade_state text NOT NULL DEFAULT 'none' CONSTRAINT workshop_upgrade_check
        CHECK (upgrade_state IN ('none', 'asked', 'accepted', 'returned')),
    upgrade_what  text,
    upgraded_on   date,
    upgrade_note  text,
    asked_by      uuid,
    accepted_by   uuid,
    proposed_by   uuid NOT NULL DEFAULT platform.actor(),
    checked_by    uuid,
    recognised_by uuid,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT workshop_hands_check CHECK (checked_by <> proposed_by
        AND recognised_by <> proposed_by AND recognised_by <> checked_by),
    CONSTRAINT workshop_accepted_check CHECK (accepted_by <> asked_by),
    CONSTRAINT workshop_recognised_check CHECK (state <> 'recognised'
        OR num_nonnulls(checked_by, recognised_by, recognised_on, until_on) = 4),
    CONSTRAINT workshop_until_check CHECK (until_on > recognised_on),
    CONSTRAINT workshop_upgraded_check CHECK ((upgrade_state = 'accepted') = (upgraded_on IS NOT NULL))
);
CREATE INDEX workshop_county_idx ON jobs.workshop (county_code, id);
CREATE INDEX workshop_org_idx ON jobs.workshop (org_id, id);

CREATE TABLE jobs.workshop_worker (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    workshop_id uuid NOT NULL CONSTRAINT workshop_worker_workshop_fkey REFERENCES jobs.workshop,
    org_id      uuid NOT NULL,
    person_id   uuid NOT NULL CONSTRAINT workshop_worker_person_fkey REFERENCES jobs.person,
    name_masked text NOT NULL,
    is_poor     boolean,
    pay_kind    text NOT NULL CONSTRAINT workshop_worker_pay_check CHECK (pay_kind IN ('month', 'day', 'hour', 'piece')),
    from_on     date NOT NULL,
    to_on       date,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT workshop_worker_order_check CHECK (to_on >= from_on),
    CONSTRAINT workshop_worker_one EXCLUDE USING gist
        ((jobs.uuid_range(workshop_id, workshop_id, '[]')) WITH &&,
         (jobs.uuid_range(person_id, person_id, '[]')) WITH &&,
         (daterange(from_on, to_on, '[]')) WITH &&)
);
COMMENT ON COLUMN jobs.workshop_worker.is_poor IS '脱贫人口或监测对象; NULL: not known';
CREATE INDEX workshop_worker_idx ON jobs.workshop_worker (workshop_id, id);

CREATE TABLE jobs.workshop_wage (
    worker_id   uuid NOT NULL CONSTRAINT workshop_wage_worker_fkey REFERENCES jobs.workshop_worker,
    month       date NOT NULL CONSTRAINT workshop_wage_first_check CHECK (extract(day FROM month) = 1),
    workshop_id uuid NOT NULL,
    org_id      uuid NOT NULL,
    person_id   uuid NOT NULL,
    days        integer NOT NULL CONSTRAINT workshop_wage_days_check CHECK (days BETWEEN 0 AND 31),
    wage_cents  bigint NOT NULL CONSTRAINT workshop_wage_check CHECK (wage_cents >= 0),
    actor_id    uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (worker_id, month)
);
CREATE INDEX workshop_wage_idx ON jobs.workshop_wage (workshop_id, month);

CREATE TABLE jobs.workshop_year (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    workshop_id uuid NOT NULL CONSTRAINT workshop_year_workshop_fkey REFERENCES jobs.workshop,
    org_id      uuid NOT NULL,
    year        integer NOT NULL,
    workers     integer NOT NULL,
    qualified   integer NOT NULL,
    people      jsonb NOT NULL,
    actor_id    uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT workshop_year_key UNIQUE (workshop_id, year)
);
COMMENT ON COLUMN jobs.workshop_year.people IS 'who is counted: [{person_id, months, wage_cents}]';

CALL platform.protect('jobs.workshop', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
CALL platform.protect('jobs.workshop_worker', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
CALL platform.protect('jobs.workshop_wage', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
CALL platform.protect('jobs.workshop_year', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'platform.in_areas(county_code, area_code)');

-- On the roster of 脱贫人口 and 返贫监测对象; NULL: not, as far as it says.
CREATE FUNCTION jobs.is_poor_on(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT true FROM jobs.poverty_member m WHERE m.person_id = person LIMIT 1
$$;

-- The name of a person whom an employer puts on its roster is the trigger's to find.
CREATE FUNCTION jobs.workshop_enrol() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    w jobs.person;
    s jobs.workshop;
BEGIN
    SELECT x.* INTO w FROM jobs.person x WHERE x.id = NEW.person_id;
    SELECT x.* INTO s FROM jobs.workshop x WHERE x.id = NEW.workshop_id FOR UPDATE;
    IF w.id IS NULL THEN
        PERFORM platform.refuse('jobs.person_unknown');
    ELSIF s.state <> 'recognised' THEN
        PERFORM platform.refuse('jobs.workshop_not_recognised');
    ELSIF (w.birth_on + interval '16 years')::date > NEW.from_on THEN
        PERFORM platform.refuse('jobs.under_age');
    ELSIF EXISTS (SELECT FROM jobs.workshop_worker x WHERE x.workshop_id = s.id
                     AND x.person_id = w.id AND x.to_on IS NULL) THEN
        PERFORM platform.refuse('jobs.workshop_enrolled');
    ELSIF (SELECT count(*) FROM jobs.workshop_worker x WHERE x.workshop_id = s.id AND x.to_on IS NULL)
          >= s.capacity THEN
        PERFORM platform.refuse('jobs.no_headcount');
    END IF;
    NEW.name_masked := w.name_masked;
    NEW.is_poor := coalesce(jobs.is_poor_on(w.id), NEW.is_poor);
    RETURN NEW;
END $$;
CREATE TRIGGER workshop_enrol BEFORE INSERT ON jobs.workshop_worker
    FOR EACH ROW EXECUTE FUNCTION jobs.workshop_enrol();

CREATE FUNCTION jobs.workshop_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-39', NEW.id, NEW.state,
        CASE NEW.state WHEN 'recognised' THEN 'done' WHEN 'refused' THEN 'refused'
                       WHEN 'checked' THEN 'in_progress' END, NEW.note);
    RETURN NULL;
END $$;
CREATE TRIGGER workshop_case AFTER UPDATE ON jobs.workshop
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.workshop_case();

CREATE FUNCTION jobs.workshop_json(w jobs.workshop) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', w.id, 'org_id', w.org_id, 'org_name', w.org_name, 'name', w.name,
        'products', w.products, 'capacity', w.capacity, 'state', w.state, 'note', w.note,
        'recognised_on', w.recognised_on, 'until_on', w.until_on, 'upgrade_state', w.upgrade_state,
        'upgrade_what', w.upgrade_what, 'upgraded_on', w.upgraded_on, 'upgrade_note', w.upgrade_note,
        'workers', (SELECT count(*) FROM jobs.workshop_worker x
                     WHERE x.workshop_id = w.id AND x.to_on IS NULL),
        'last_wages_on', (SELECT max(g.month) FROM jobs.workshop_wage g WHERE g.workshop_id = w.id),
        'county_code', w.county_code, 'area_code', w.area_code, 'created_at', w.created_at)
$$;
CREATE FUNCTION jobs.workshop_worker_json(x jobs.workshop_worker) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', x.id, 'workshop_id', x.workshop_id, 'org_id', x.org_id,
        'person_id', x.person_id, 'name_masked', x.name_masked, 'is_poor', x.is_poor,
        'pay_kind', x.pay_kind, 'from_on', x.from_on, 'to_on', x.to_on,
        'county_code', x.county_code, 'created_at', x.created_at)
$$;

-- Who of a workshop is counted for a year: months with wages and what they came to.
CREATE FUNCTION jobs.workshop_people(workshop uuid, year integer)
RETURNS TABLE (person_id uuid, name_masked text, is_poor boolean, months integer, wage_cents bigint,
               is_qualified boolean)
LANGUAGE sql STABLE AS $$
    SELECT x.person_id, min(x.name_masked), bool_or(x.is_poor),
           count(DISTINCT g.month) FILTER (WHERE g.wage_cents > 0)::int, coalesce(sum(g.wage_cents), 0)::bigint,
           coalesce(bool_or(x.is_poor), false)
             AND count(DISTINCT g.month) FILTER (WHERE g.wage_cents > 0)
                 >= jobs.work_rule_on('workshop_months', make_date(year, 12, 31))
             AND coalesce(sum(g.wage_cents), 0) >= jobs.work_rule_on('workshop_wage_cents', make_date(year, 12, 31))
      FROM jobs.workshop_worker x
      JOIN jobs.workshop_wage g ON g.worker_id = x.id AND g.month BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
     WHERE x.workshop_id = workshop
     GROUP BY x.person_id
$$;
