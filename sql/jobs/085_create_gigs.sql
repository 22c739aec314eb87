-- 零工市场: short posts by day, who signed up, came, finished, was paid.
--
-- Places are counted and promised under the lock of the post, by trigger, so
-- that no statement can give one twice; that a worker is promised to two posts
-- at once an exclusion constraint forbids.

-- A rule of the city or of a document, as data with the days it holds. No row
-- for a day: not set, and what needs it refuses or leaves the clock off.
CREATE TABLE jobs.work_rule (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    code        text NOT NULL CONSTRAINT work_rule_code_check CHECK (code IN
        ('gig_household_day', 'gig_notice_hours', 'gig_confirm_hours', 'gig_near_m',
         'workshop_months', 'workshop_wage_cents', 'workshop_idle_months', 'workshop_upgrade_target',
         'welfare_cap_months', 'welfare_retire_years', 'welfare_places_most',
         'welfare_report_days')),
    value       bigint NOT NULL CONSTRAINT work_rule_value_check CHECK (value >= 0),
    legal_basis text,
    from_on     date NOT NULL,
    to_on       date,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT work_rule_order_check CHECK (to_on >= from_on),
    CONSTRAINT work_rule_once EXCLUDE USING gist
        ((int4range(hashtext(code), hashtext(code), '[]')) WITH &&,
         (daterange(from_on, to_on, '[]')) WITH &&)
);
COMMENT ON TABLE jobs.work_rule IS 'public: numbers of documents and of the city, nothing about anybody';
CALL platform.protect('jobs.work_rule', 'true', $$platform.in_areas('431102', NULL) AND platform.in_areas('431129', NULL)$$);

CREATE FUNCTION jobs.work_rule_on(what text, day date) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.value FROM jobs.work_rule r
     WHERE r.code = what AND day >= r.from_on AND (r.to_on IS NULL OR day <= r.to_on)
$$;
COMMENT ON FUNCTION jobs.work_rule_on(text, date) IS 'the number in force that day; NULL: none is set';

INSERT INTO jobs.work_rule (code, value, legal_basis, from_on) VALUES
    ('gig_household_day', 3, NULL, '2024-01-01'),
    ('gig_notice_hours', 12, NULL, '2024-01-01'),
    ('gig_confirm_hours', 48, NULL, '2024-01-01'),
    ('gig_near_m', 1000, NULL, '2024-01-01');

-- Whether a person counts as 就业困难人员 that day.
CREATE FUNCTION jobs.is_difficult_on(person uuid, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jobs.is_difficult(person, day) OR jobs.in_zero_household(person)
        OR EXISTS (SELECT FROM jobs.unemployment u WHERE u.person_id = person AND u.is_difficult
                     AND u.registered_on <= day AND (u.ended_on IS NULL OR u.ended_on > day))
$$;

-- A range of one value: what lets an exclusion constraint compare a uuid.
CREATE TYPE jobs.uuid_range AS RANGE (subtype = uuid);

CREATE TABLE jobs.gig_post (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id          uuid CONSTRAINT gig_post_org_fkey REFERENCES jobs.org,
    poster_person   uuid CONSTRAINT gig_post_poster_fkey REFERENCES jobs.person,
    poster_name     text NOT NULL,
    source          text NOT NULL CONSTRAINT gig_post_source_check
        CHECK (source IN ('employer', 'household', 'clerk')),
    title           text NOT NULL,
    occupation_code text NOT NULL,
    description     text NOT NULL DEFAULT '',
    from_on         date NOT NULL,
    to_on           date NOT NULL,
    start_min       integer NOT NULL,
    end_min         integer NOT NULL,
    address         text NOT NULL,
    lat_e6          integer NOT NULL,
    lng_e6          integer NOT NULL,
    market_id       uuid,
    places          integer NOT NULL,
    places_left     integer NOT NULL,
    pay_cents       bigint NOT NULL CONSTRAINT gig_post_pay_check CHECK (pay_cents > 0),
    pay_unit        text NOT NULL CONSTRAINT gig_post_pay_unit_check
        CHECK (pay_unit IN ('day', 'hour', 'piece')),
    tools           text NOT NULL DEFAULT '',
    insured         boolean NOT NULL,
    choice          text NOT NULL CONSTRAINT gig_post_choice_check
        CHECK (choice IN ('first_come', 'chosen')),
    state           text NOT NULL DEFAULT 'open' CONSTRAINT gig_post_state_check
        CHECK (state IN ('open', 'full', 'closed', 'cancelled', 'ended')),
    reason          text,
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT gig_post_poster_check CHECK (num_nonnulls(org_id, poster_person) = 1),
    CONSTRAINT gig_post_days_check CHECK (to_on BETWEEN from_on AND from_on + 30),
    CONSTRAINT gig_post_hours_check CHECK (start_min BETWEEN 0 AND 1439
        AND end_min > start_min AND end_min - start_min <= 1440),
    CONSTRAINT gig_post_places_check CHECK (0 <= places_left AND places_left <= places),
    CONSTRAINT gig_post_full_check CHECK (places_left > 0 OR state <> 'open'),
    CONSTRAINT gig_post_cancel_check CHECK (state <> 'cancelled' OR reason IS NOT NULL)
);
COMMENT ON COLUMN jobs.gig_post.start_min IS 'minutes from the midnight each day begins with; end_min beyond 1440: into the night';
COMMENT ON COLUMN jobs.gig_post.insured IS 'whether the poster says that workers are insured';
CREATE INDEX gig_post_open_idx ON jobs.gig_post (from_on, id) WHERE state IN ('open', 'full');
CREATE INDEX gig_post_org_idx ON jobs.gig_post (org_id, id);
CREATE INDEX gig_post_person_idx ON jobs.gig_post (poster_person, id);

CREATE TABLE jobs.gig_shift (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    post_id         uuid NOT NULL CONSTRAINT gig_shift_post_fkey REFERENCES jobs.gig_post,
    person_id       uuid NOT NULL CONSTRAINT gig_shift_person_fkey REFERENCES jobs.person,
    name_masked     text NOT NULL,
    org_id          uuid,
    poster_person   uuid,
    state           text NOT NULL DEFAULT 'applied' CONSTRAINT gig_shift_state_check
        CHECK (state IN ('applied', 'waiting', 'accepted', 'working', 'done', 'declined',
                         'cancelled', 'dropped', 'no_show')),
    during          tstzmultirange NOT NULL,
    reason          text,
    is_late         boolean NOT NULL DEFAULT false,
    tries           smallint NOT NULL DEFAULT 0,
    days            integer NOT NULL DEFAULT 0,
    pieces          integer CONSTRAINT gig_shift_pieces_check CHECK (pieces >= 0),
    due_cents       bigint,
    is_declared     boolean NOT NULL DEFAULT false,
    worker_done_at  timestamptz,
    poster_done_at  timestamptz,
    by_clock        boolean NOT NULL DEFAULT false,
    pay_state       text NOT NULL DEFAULT 'unpaid' CONSTRAINT gig_shift_pay_state_check
        CHECK (pay_state IN ('unpaid', 'stated', 'received', 'disputed', 'settled', 'wage_clue',
                             'unfounded')),
    paid_cents      bigint CONSTRAINT gig_shift_paid_check CHECK (paid_cents > 0),
    paid_on         date,
    paid_way        text CONSTRAINT gig_shift_paid_way_check
        CHECK (paid_way IN ('cash', 'bank', 'wechat', 'alipay', 'other')),
    owed_cents      bigint CONSTRAINT gig_shift_owed_check CHECK (owed_cents > 0),
    dispute_reason  text,
    answer          text,
    worker_stars    smallint CONSTRAINT gig_shift_worker_stars_check CHECK (worker_stars BETWEEN 1 AND 5),
    worker_words    text,
    poster_stars    smallint CONSTRAINT gig_shift_poster_stars_check CHECK (poster_stars BETWEEN 1 AND 5),
    poster_words    text,
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    moved_at        timestamptz NOT NULL DEFAULT platform.now(),
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT gig_shift_paid_after_check CHECK (pay_state = 'unpaid' OR state = 'done'),
    CONSTRAINT gig_shift_stated_check CHECK ((paid_cents IS NULL) = (paid_on IS NULL)
        AND (paid_cents IS NULL) = (paid_way IS NULL)),
    CONSTRAINT gig_shift_stars_check
        CHECK (state = 'done' OR num_nonnulls(worker_stars, poster_stars) = 0),
    CONSTRAINT gig_shift_once EXCLUDE USING gist
        ((jobs.uuid_range(person_id, person_id, '[]')) WITH &&, during WITH &&)
        WHERE (state IN ('accepted', 'working', 'done'))
);
COMMENT ON COLUMN jobs.gig_shift.is_late IS 'called off within the notice hours before work begins';
COMMENT ON COLUMN jobs.gig_shift.is_declared IS 'the worker declares it as 灵活就业; nothing else makes it count';
CREATE UNIQUE INDEX gig_shift_person_key ON jobs.gig_shift (post_id, person_id)
    WHERE state NOT IN ('declined', 'cancelled', 'dropped');
CREATE INDEX gig_shift_person_idx ON jobs.gig_shift (person_id, id);
CREATE INDEX gig_shift_dispute_idx ON jobs.gig_shift (county_code, id) WHERE pay_state = 'disputed';
CREATE INDEX gig_shift_silent_idx ON jobs.gig_shift (id)
    WHERE state = 'working' AND num_nonnulls(worker_done_at, poster_done_at) = 1;

-- The days a worker was there.
CREATE TABLE jobs.gig_day (
    shift_id      uuid NOT NULL CONSTRAINT gig_day_shift_fkey REFERENCES jobs.gig_shift,
    on_day        date NOT NULL,
    person_id     uuid NOT NULL,
    org_id        uuid,
    poster_person uuid,
    how           text NOT NULL CONSTRAINT gig_day_how_check CHECK (how IN ('code', 'clerk')),
    metres        integer,
    actor_id      uuid DEFAULT platform.actor(),
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (shift_id, on_day)
);

CREATE TABLE jobs.gig_step (
    ord           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shift_id      uuid NOT NULL CONSTRAINT gig_step_shift_fkey REFERENCES jobs.gig_shift,
    person_id     uuid NOT NULL,
    org_id        uuid,
    poster_person uuid,
    state         text NOT NULL,
    pay_state     text NOT NULL,
    reason        text,
    actor_id      uuid DEFAULT platform.actor(),
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX gig_step_shift_idx ON jobs.gig_step (shift_id, ord);
COMMENT ON TABLE jobs.gig_step IS 'every state of a shift, written by trigger alone';

CALL platform.protect('jobs.gig_post', $$
    state IN ('open', 'full') OR org_id = platform.org() OR poster_person = platform.person()
    OR platform.in_areas(county_code, area_code)
    OR EXISTS (SELECT FROM jobs.gig_shift s
                WHERE s.post_id = gig_post.id AND s.person_id = platform.person())
$$, $$
    org_id = platform.org() OR (platform.org() IS NULL AND poster_person = platform.person())
    OR platform.in_areas(county_code, area_code)
$$);
CALL platform.protect('jobs.gig_shift', $$
    person_id = platform.person() OR org_id = platform.org() OR poster_person = platform.person()
    OR platform.in_areas(county_code, area_code)
$$);
CALL platform.protect('jobs.gig_day', $$
    person_id = platform.person() OR org_id = platform.org() OR poster_person = platform.person()
    OR platform.in_areas(county_code, area_code)
$$);
CALL platform.protect('jobs.gig_step', $$
    person_id = platform.person() OR org_id = platform.org() OR poster_person = platform.person()
    OR platform.in_areas(county_code, area_code)
$$, 'false');

-- ---- what is shown ----------------------------------------------------------------

CREATE FUNCTION jobs.gig_hours(from_on date, to_on date, start_min integer, end_min integer)
RETURNS tstzmultirange
LANGUAGE sql STABLE AS $$
    SELECT range_agg(tstzrange((d + make_interval(mins => start_min)) AT TIME ZONE 'Asia/Shanghai',
                               (d + make_interval(mins => end_min)) AT TIME ZONE 'Asia/Shanghai'))
      FROM generate_series(from_on::timestamp, to_on::timestamp, interval '1 day') AS d
$$;

-- What others said of a poster, of whom only this much is anybody's business.
CREATE FUNCTION jobs.gig_poster_record(p jobs.gig_post) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('poster_done', count(*), 'poster_rated', count(s.poster_stars),
        'poster_stars_tenths', round(avg(s.poster_stars) * 10)::int)
      FROM jobs.gig_shift s WHERE s.state = 'done'
       AND (s.org_id = p.org_id OR s.poster_person = p.poster_person)
$$;
CREATE FUNCTION jobs.gig_worker_record(person uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('worker_done', count(*) FILTER (WHERE s.state = 'done'),
        'worker_no_shows', count(*) FILTER (WHERE s.state = 'no_show'),
        'worker_late_cancels', count(*) FILTER (WHERE s.is_late),
        'worker_stars_tenths', round(avg(s.worker_stars) * 10)::int)
      FROM jobs.gig_shift s WHERE s.person_id = person
$$;

CREATE FUNCTION jobs.gig_json(p jobs.gig_post) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', p.id, 'org_id', p.org_id, 'poster_name', p.poster_name, 'source', p.source,
        'title', p.title, 'occupation_code', p.occupation_code, 'description', p.description,
        'from_on', p.from_on, 'to_on', p.to_on, 'start_min', p.start_min, 'end_min', p.end_min,
        'address', p.address, 'lat_e6', p.lat_e6, 'lng_e6', p.lng_e6, 'market_id', p.market_id,
        'places', p.places, 'places_left', p.places_left, 'pay_cents', p.pay_cents,
        'pay_unit', p.pay_unit, 'currency', 'CNY', 'tools', p.tools, 'insured', p.insured)
      || jsonb_build_object(
        'choice', p.choice, 'state', p.state, 'reason', p.reason, 'county_code', p.county_code,
        'area_code', p.area_code, 'created_at', p.created_at)
      || jobs.gig_poster_record(p)
$$;

CREATE FUNCTION jobs.gig_shift_json(s jobs.gig_shift) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', s.id, 'post_id', s.post_id, 'person_id', s.person_id, 'name_masked', s.name_masked,
        'org_id', s.org_id, 'state', s.state, 'starts_at', lower(s.during),
        'ends_at', upper(s.during), 'reason', s.reason, 'is_late', s.is_late, 'days', s.days,
        'pieces', s.pieces, 'due_cents', s.due_cents, 'currency', 'CNY',
        'is_declared', s.is_declared, 'worker_done_at', s.worker_done_at,
        'poster_done_at', s.poster_done_at, 'by_clock', s.by_clock)
      || jsonb_build_object(
        'pay_state', s.pay_state, 'paid_cents', s.paid_cents, 'paid_on', s.paid_on,
        'paid_way', s.paid_way, 'owed_cents', s.owed_cents, 'dispute_reason', s.dispute_reason,
        'answer', s.answer, 'worker_stars', s.worker_stars, 'worker_words', s.worker_words,
        'poster_stars', s.poster_stars, 'poster_words', s.poster_words,
        'county_code', s.county_code, 'moved_at', s.moved_at, 'created_at', s.created_at)
$$;
