-- 公益性岗位: a post approved by two hands of the county, a person placed by a
-- third, signed in day by day, confirmed month by month by unit and county.
-- No table here has an account or an amount: what is paid goes to the
-- person's own card, by the event of the month, and never through the unit.

INSERT INTO jobs.work_rule (code, value, legal_basis, from_on) VALUES
    ('welfare_cap_months', 36, '公益性岗位补贴期限最长不超过 3 年', '2024-01-01'),
    ('welfare_retire_years', 5, '距法定退休年龄不足 5 年的可延长至退休', '2024-01-01'),
    ('welfare_places_most', 2, '累计安置次数原则上不超过 2 次', '2024-01-01');

CREATE TABLE jobs.welfare_post (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id      uuid NOT NULL CONSTRAINT welfare_post_org_fkey REFERENCES jobs.org,
    org_name    text NOT NULL,
    title       text NOT NULL,
    duties      text NOT NULL,
    headcount   integer NOT NULL CONSTRAINT welfare_post_headcount_check CHECK (headcount BETWEEN 1 AND 500),
    funding     text NOT NULL,
    lat_e6      integer,
    lng_e6      integer,
    state       text NOT NULL DEFAULT 'proposed' CONSTRAINT welfare_post_state_check
        CHECK (state IN ('proposed', 'checked', 'approved', 'refused', 'closed')),
    note        text,
    proposed_by uuid NOT NULL DEFAULT platform.actor(),
    checked_by  uuid,
    approved_by uuid,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT welfare_post_hands_check CHECK (checked_by <> proposed_by
        AND approved_by <> proposed_by AND approved_by <> checked_by),
    CONSTRAINT welfare_post_approved_check CHECK (state NOT IN ('approved')
        OR num_nonnulls(checked_by, approved_by) = 2),
    CONSTRAINT welfare_post_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL))
);
CREATE INDEX welfare_post_county_idx ON jobs.welfare_post (county_code, id);

CREATE TABLE jobs.welfare_placement (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    post_id      uuid NOT NULL CONSTRAINT welfare_placement_post_fkey REFERENCES jobs.welfare_post,
    org_id       uuid NOT NULL,
    person_id    uuid NOT NULL CONSTRAINT welfare_placement_person_fkey REFERENCES jobs.person,
    name_masked  text NOT NULL,
    contract_no  text NOT NULL,
    retire_class text NOT NULL CONSTRAINT welfare_placement_class_check
        CHECK (retire_class IN ('male', 'female_55', 'female_50')),
    started_on   date NOT NULL,
    cap_on       date NOT NULL,
    cap_kind     text NOT NULL CONSTRAINT welfare_placement_cap_check CHECK (cap_kind IN ('term', 'retirement')),
    nth          integer NOT NULL,
    again_reason text,
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT welfare_placement_state_check
        CHECK (state IN ('proposed', 'active', 'refused', 'ended')),
    note         text,
    ended_on     date,
    end_reason   text CONSTRAINT welfare_placement_end_check
        CHECK (end_reason IN ('cap_reached', 'hired', 'resigned', 'dismissed', 'retired', 'unfit',
                              'deceased', 'other')),
    told_60      boolean NOT NULL DEFAULT false,
    told_30      boolean NOT NULL DEFAULT false,
    tries        smallint NOT NULL DEFAULT 0,
    proposed_by  uuid NOT NULL DEFAULT platform.actor(),
    decided_by   uuid,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT welfare_placement_hands_check CHECK (decided_by <> proposed_by),
    CONSTRAINT welfare_placement_ended_check CHECK ((state = 'ended') = (ended_on IS NOT NULL)
        AND (ended_on IS NULL) = (end_reason IS NULL)),
    CONSTRAINT welfare_placement_order_check CHECK (cap_on > started_on AND ended_on >= started_on),
    CONSTRAINT welfare_placement_again_check CHECK (nth = 1 OR again_reason IS NOT NULL),
    CONSTRAINT welfare_placement_one EXCLUDE USING gist
        ((jobs.uuid_range(person_id, person_id, '[]')) WITH &&,
         (daterange(started_on, ended_on, '[)')) WITH &&)
        WHERE (state <> 'refused')
);
CREATE INDEX welfare_placement_post_idx ON jobs.welfare_placement (post_id, id);
CREATE INDEX welfare_placement_person_idx ON jobs.welfare_placement (person_id, id);
CREATE INDEX welfare_placement_cap_idx ON jobs.welfare_placement (cap_on) WHERE state = 'active';

CREATE TABLE jobs.welfare_day (
    placement_id uuid NOT NULL CONSTRAINT welfare_day_placement_fkey REFERENCES jobs.welfare_placement,
    on_day       date NOT NULL,
    org_id       uuid NOT NULL,
    person_id    uuid NOT NULL,
    how          text NOT NULL CONSTRAINT welfare_day_how_check CHECK (how IN ('code', 'place', 'clerk')),
    metres       integer,
    actor_id     uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (placement_id, on_day)
);

CREATE TABLE jobs.welfare_month (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    placement_id uuid NOT NULL CONSTRAINT welfare_month_placement_fkey REFERENCES jobs.welfare_placement,
    post_id      uuid NOT NULL,
    org_id       uuid NOT NULL,
    person_id    uuid NOT NULL,
    name_masked  text NOT NULL,
    month        date NOT NULL CONSTRAINT welfare_month_first_check CHECK (extract(day FROM month) = 1),
    days         integer NOT NULL CONSTRAINT welfare_month_days_check CHECK (days BETWEEN 0 AND 31),
    state        text NOT NULL DEFAULT 'submitted' CONSTRAINT welfare_month_state_check
        CHECK (state IN ('submitted', 'confirmed', 'refused')),
    note         text,
    unit_by      uuid NOT NULL DEFAULT platform.actor(),
    county_by    uuid,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT welfare_month_hands_check CHECK (county_by <> unit_by),
    CONSTRAINT welfare_month_key UNIQUE (placement_id, month)
);

-- A place that fell vacant: due by the rule of that day; no rule, no due day.
CREATE TABLE jobs.welfare_gap (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    post_id      uuid NOT NULL CONSTRAINT welfare_gap_post_fkey REFERENCES jobs.welfare_post,
    placement_id uuid NOT NULL CONSTRAINT welfare_gap_placement_key UNIQUE,
    org_id       uuid NOT NULL,
    fell_on      date NOT NULL,
    due_on       date,
    reported_on  date,
    reported_by  uuid,
    told         boolean NOT NULL DEFAULT false,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);

-- A look at who is there: by an officer unannounced, or by the unit itself.
CREATE TABLE jobs.welfare_check (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    kind         text NOT NULL CONSTRAINT welfare_check_kind_check CHECK (kind IN ('spot', 'unit')),
    post_id      uuid NOT NULL,
    placement_id uuid NOT NULL CONSTRAINT welfare_check_placement_fkey REFERENCES jobs.welfare_placement,
    org_id       uuid NOT NULL,
    person_id    uuid NOT NULL,
    name_masked  text NOT NULL,
    is_present   boolean NOT NULL,
    note         text,
    checked_on   date NOT NULL DEFAULT platform.today(),
    actor_id     uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX welfare_check_county_idx ON jobs.welfare_check (county_code, id);

CALL platform.protect('jobs.welfare_post',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
CALL platform.protect('jobs.welfare_placement', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);
CALL platform.protect('jobs.welfare_day', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code)
$$);
CALL platform.protect('jobs.welfare_month', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);
CALL platform.protect('jobs.welfare_gap',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
CALL platform.protect('jobs.welfare_check', $$
    (kind = 'unit' AND org_id = platform.org()) OR platform.in_areas(county_code, area_code)
$$);

-- ---- rules that hold whoever writes -------------------------------------------------

-- Of a person proposed: who may be placed, how often, until when. The age
-- counts as it was on the first placement.
CREATE FUNCTION jobs.welfare_propose() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    p      jobs.welfare_post;
    w      jobs.person;
    before integer;
    retire date;
    first  date;
    months bigint := jobs.work_rule_on('welfare_cap_months', NEW.started_on);
    years  bigint := jobs.work_rule_on('welfare_retire_years', NEW.started_on);
    most   bigint := jobs.work_rule_on('welfare_places_most', NEW.started_on);
BEGIN
    IF months IS NULL OR years IS NULL OR most IS NULL THEN
        PERFORM platform.refuse('jobs.work_rule_unset');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('welfare ' || NEW.person_id, 0));
    SELECT x.* INTO p FROM jobs.welfare_post x WHERE x.id = NEW.post_id FOR UPDATE;
    SELECT x.* INTO w FROM jobs.person x WHERE x.id = NEW.person_id;
    IF w.id IS NULL THEN
        PERFORM platform.refuse('jobs.person_unknown');
    ELSIF p.state <> 'approved' THEN
        PERFORM platform.refuse('jobs.welfare_not_approved');
    ELSIF (NEW.retire_class = 'male') <> (w.sex = 1) THEN
        PERFORM platform.refuse('jobs.welfare_class /retire_class');
    ELSIF NOT jobs.is_difficult_on(w.id, NEW.started_on) THEN
        PERFORM platform.refuse('jobs.welfare_not_difficult');
    ELSIF (SELECT count(*) FROM jobs.welfare_placement x WHERE x.post_id = p.id
              AND x.state IN ('proposed', 'active')) >= p.headcount THEN
        PERFORM platform.refuse('jobs.no_headcount');
    ELSIF EXISTS (SELECT FROM jobs.welfare_placement x WHERE x.person_id = w.id
                     AND x.state IN ('proposed', 'active')) THEN
        PERFORM platform.refuse('jobs.welfare_placed');
    END IF;
    SELECT count(*), min(x.started_on) INTO before, first FROM jobs.welfare_placement x
     WHERE x.person_id = w.id AND x.state <> 'refused';
    IF before >= most THEN
        PERFORM platform.refuse('jobs.welfare_places');
    ELSIF before > 0 AND NEW.again_reason IS NULL THEN
        PERFORM platform.refuse('jobs.welfare_again /again_reason');
    END IF;
    retire := jobs.retires_on(w.birth_on, NEW.retire_class);
    IF retire <= NEW.started_on THEN
        PERFORM platform.refuse('jobs.welfare_retired');
    END IF;
    NEW.nth := before + 1;
    IF retire < coalesce(first, NEW.started_on) + make_interval(years => years::int) THEN
        NEW.cap_kind := 'retirement';
        NEW.cap_on := retire;
    ELSE
        NEW.cap_kind := 'term';
        NEW.cap_on := NEW.started_on + make_interval(months => months::int);
    END IF;
    NEW.org_id := p.org_id;
    NEW.name_masked := w.name_masked;
    NEW.county_code := p.county_code;
    NEW.area_code := p.area_code;
    RETURN NEW;
END $$;
CREATE TRIGGER welfare_propose BEFORE INSERT ON jobs.welfare_placement
    FOR EACH ROW EXECUTE FUNCTION jobs.welfare_propose();

CREATE FUNCTION jobs.welfare_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.case_move('JB-38', NEW.id, NEW.state,
        CASE NEW.state WHEN 'active' THEN 'done' WHEN 'refused' THEN 'refused' END, NEW.note);
    PERFORM jobs.tell(NEW.person_id, NULL, 'welfare', CASE NEW.state WHEN 'active' THEN '公益性岗位安置已批准'
        WHEN 'refused' THEN '公益性岗位安置未获批准' ELSE '公益性岗位安置已结束' END, NEW.note,
        'welfare_placement', NEW.id);
    IF NEW.state IN ('active', 'ended') THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES (CASE NEW.state WHEN 'active' THEN 'jobs.welfare.placed.v1' ELSE 'jobs.welfare.ended.v1' END,
                NEW.id::text, NEW.county_code,
                jsonb_build_object('placement_id', NEW.id, 'post_id', NEW.post_id, 'org_id', NEW.org_id,
                    'person_id', NEW.person_id, 'started_on', NEW.started_on, 'cap_on', NEW.cap_on,
                    'ended_on', NEW.ended_on, 'reason', NEW.end_reason,
                    'county_code', NEW.county_code));
    END IF;
    IF NEW.state = 'ended' THEN
        INSERT INTO jobs.welfare_gap (post_id, placement_id, org_id, fell_on, due_on, county_code, area_code)
        VALUES (NEW.post_id, NEW.id, NEW.org_id, NEW.ended_on,
                NEW.ended_on + jobs.work_rule_on('welfare_report_days', NEW.ended_on)::int,
                NEW.county_code, NEW.area_code);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER welfare_moved AFTER UPDATE ON jobs.welfare_placement
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.welfare_moved();

-- A hire elsewhere ends the placement, whoever registered it.
CREATE FUNCTION jobs.welfare_hired() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.welfare_placement SET state = CASE state WHEN 'active' THEN 'ended' ELSE 'refused' END,
           ended_on = CASE state WHEN 'active' THEN greatest(started_on, NEW.hired_on) END,
           end_reason = CASE state WHEN 'active' THEN 'hired' END, note = '已在其他单位就业'
     WHERE person_id = NEW.person_id AND state IN ('proposed', 'active') AND org_id <> NEW.org_id;
    RETURN NULL;
END $$;
CREATE TRIGGER welfare_hired AFTER INSERT ON jobs.employment
    FOR EACH ROW EXECUTE FUNCTION jobs.welfare_hired();

CREATE FUNCTION jobs.welfare_month_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.welfare.month_confirmed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('month_id', NEW.id, 'placement_id', NEW.placement_id,
                'post_id', NEW.post_id, 'person_id', NEW.person_id, 'month', NEW.month,
                'days', NEW.days, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER welfare_month_told AFTER UPDATE ON jobs.welfare_month
    FOR EACH ROW WHEN (OLD.state = 'submitted' AND NEW.state = 'confirmed')
    EXECUTE FUNCTION jobs.welfare_month_told();

-- The unit hears how its post and its months were judged.
CREATE FUNCTION jobs.welfare_post_told() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.tell(NULL, NEW.org_id, 'welfare', CASE NEW.state WHEN 'approved' THEN '公益性岗位已批准'
        ELSE '公益性岗位未获批准' END, NEW.title || coalesce('：' || NEW.note, ''), 'welfare_post', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER welfare_post_told AFTER UPDATE ON jobs.welfare_post
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('approved', 'refused'))
    EXECUTE FUNCTION jobs.welfare_post_told();

CREATE FUNCTION jobs.welfare_month_returned() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.tell(NULL, NEW.org_id, 'welfare', '公益性岗位月度考勤被退回',
        to_char(NEW.month, 'YYYY-MM') || coalesce('：' || NEW.note, ''), 'welfare_month', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER welfare_month_returned AFTER UPDATE ON jobs.welfare_month
    FOR EACH ROW WHEN (OLD.state = 'submitted' AND NEW.state = 'refused')
    EXECUTE FUNCTION jobs.welfare_month_returned();

-- ---- what is shown ---------------------------------------------------------------

CREATE FUNCTION jobs.welfare_post_json(p jobs.welfare_post) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'org_id', p.org_id, 'org_name', p.org_name,
        'title', p.title, 'duties', p.duties, 'headcount', p.headcount, 'funding', p.funding,
        'lat_e6', p.lat_e6, 'lng_e6', p.lng_e6, 'state', p.state, 'note', p.note,
        'filled', (SELECT count(*) FROM jobs.welfare_placement x
                    WHERE x.post_id = p.id AND x.state = 'active'),
        'county_code', p.county_code, 'area_code', p.area_code, 'created_at', p.created_at)
$$;
CREATE FUNCTION jobs.welfare_placement_json(x jobs.welfare_placement) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', x.id, 'post_id', x.post_id, 'org_id', x.org_id,
        'person_id', x.person_id, 'name_masked', x.name_masked, 'contract_no', x.contract_no,
        'retire_class', x.retire_class, 'started_on', x.started_on, 'cap_on', x.cap_on,
        'cap_kind', x.cap_kind, 'nth', x.nth, 'again_reason', x.again_reason, 'state', x.state,
        'note', x.note, 'ended_on', x.ended_on, 'end_reason', x.end_reason,
        'county_code', x.county_code, 'area_code', x.area_code, 'created_at', x.created_at)
$$;
CREATE FUNCTION jobs.welfare_month_json(m jobs.welfare_month) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', m.id, 'placement_id', m.placement_id, 'post_id', m.post_id,
        'org_id', m.org_id, 'person_id', m.person_id, 'name_masked', m.name_masked,
        'month', m.month, 'days', m.days, 'state', m.state, 'note', m.note,
        'county_code', m.county_code, 'created_at', m.created_at)
$$;
CREATE FUNCTION jobs.welfare_check_json(k jobs.welfare_check) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', k.id, 'kind', k.kind, 'post_id', k.post_id,
        'placement_id', k.placement_id, 'org_id', k.org_id, 'person_id', k.person_id,
        'name_masked', k.name_masked, 'is_present', k.is_present, 'note', k.note,
        'checked_on', k.checked_on, 'county_code', k.county_code, 'created_at', k.created_at)
$$;
CREATE FUNCTION jobs.welfare_gap_json(g jobs.welfare_gap) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', g.id, 'post_id', g.post_id, 'placement_id', g.placement_id,
        'org_id', g.org_id, 'fell_on', g.fell_on, 'due_on', g.due_on,
        'reported_on', g.reported_on, 'is_overdue', coalesce(g.reported_on, platform.today()) > g.due_on,
        'county_code', g.county_code, 'created_at', g.created_at)
$$;

-- How far a point is from a post; who is placed there may not see the post itself.
CREATE FUNCTION jobs.welfare_metres(post uuid, lat integer, lng integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jobs.metres(p.lat_e6, p.lng_e6, lat, lng) FROM jobs.welfare_post p WHERE p.id = post
$$;
