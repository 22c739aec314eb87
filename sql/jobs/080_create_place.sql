-- 15分钟就业服务圈 (永政办发〔2024〕15号 二（三）7, 二（五）14, 15): places where people are
-- served, what each may handle (下放权限), and how many there are against the
-- policy's numbers. A place lies at one point of WGS84 (GPS; maps that draw
-- GCJ-02 shift it themselves).

CREATE FUNCTION jobs.counties() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127', '431128',
             '431129', '431181', '431171', '431172', '431173'];
COMMENT ON FUNCTION jobs.counties() IS 'the fourteen county-level units, in official order';

-- An officer of the city acts in all counties.
CREATE FUNCTION jobs.is_city() RETURNS boolean
LANGUAGE sql STABLE
RETURN platform.areas() IS NOT NULL AND jobs.counties() <@ platform.areas();

-- The outlets where clerks work, by identity.outlet.changed.v1.
CREATE TABLE jobs.outlet (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    kind        text NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    closed      boolean NOT NULL
);
CALL platform.protect('jobs.outlet', 'platform.in_areas(county_code, area_code)', 'false');

CREATE TABLE jobs.place (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CONSTRAINT place_kind_check CHECK (kind IN
        ('station', 'fuel', 'gig_market', 'hall', 'workshop', 'incubator', 'town_point', 'village_point')),
    name         text NOT NULL,
    address      text NOT NULL,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    lat_e6       integer NOT NULL,
    lng_e6       integer NOT NULL,
    phone        text,
    outlet_id    uuid CONSTRAINT place_outlet_fkey REFERENCES jobs.outlet,
    hours        jsonb NOT NULL DEFAULT '[]',
    exceptions   jsonb NOT NULL DEFAULT '[]',
    state        text NOT NULL DEFAULT 'planned' CONSTRAINT place_state_check CHECK (state IN
        ('planned', 'building', 'accepted', 'open', 'closed')),
    listed       boolean NOT NULL DEFAULT false,
    queue        integer CONSTRAINT place_queue_check CHECK (queue BETWEEN 0 AND 999),
    queue_at     timestamptz,
    created_by   uuid NOT NULL DEFAULT platform.actor(),
    accepted_by  uuid,
    accepted_on  date,
    changed_at   timestamptz NOT NULL DEFAULT platform.now(),
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT place_point_check CHECK (lat_e6 BETWEEN 3000000 AND 54000000
        AND lng_e6 BETWEEN 73000000 AND 136000000),
    CONSTRAINT place_accepted_check CHECK ((accepted_by IS NULL) = (accepted_on IS NULL)
        AND (accepted_on IS NOT NULL OR state NOT IN ('accepted', 'open'))),
    CONSTRAINT place_hands_check CHECK (accepted_by <> created_by)
);
COMMENT ON COLUMN jobs.place.listed IS 'it was given some matter once: its outlet handles what is on the list';
COMMENT ON COLUMN jobs.place.hours IS '[{weekday 1..7, opens "08:30", closes "12:00"}], several a day';
COMMENT ON COLUMN jobs.place.exceptions IS
    '[{on, opens, closes, note}] in the place of that day''s hours; without opens: closed all day';
CREATE UNIQUE INDEX place_outlet_key ON jobs.place (outlet_id);
CREATE INDEX place_county_idx ON jobs.place (county_code, id);
CREATE INDEX place_open_idx ON jobs.place (id) WHERE state = 'open';

-- Where people may go is everybody's to know; the rest is the officers'.
CALL platform.protect('jobs.place',
    $$state = 'open' OR platform.in_areas(county_code, area_code) OR outlet_id = platform.outlet()$$,
    $$platform.in_areas(county_code, area_code) OR outlet_id = platform.outlet()$$);

CREATE TABLE jobs.place_step (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id    uuid NOT NULL CONSTRAINT place_step_place_fkey REFERENCES jobs.place,
    state       text NOT NULL,
    note        text,
    actor       uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX place_step_place_idx ON jobs.place_step (place_id, ord);
CALL platform.protect('jobs.place_step', 'platform.in_areas(county_code, area_code)');

-- What an outlet may handle: given and taken back by officers, dated, by data.
-- A place that never was given anything is not bound by a list.
CREATE TABLE jobs.place_right (
    id           uuid PRIMARY KEY,
    place_id     uuid NOT NULL CONSTRAINT place_right_place_fkey REFERENCES jobs.place,
    matter_code  text NOT NULL,
    from_on      date NOT NULL,
    to_on        date CONSTRAINT place_right_days_check CHECK (to_on >= from_on),
    given_by     uuid NOT NULL DEFAULT platform.actor(),
    given_at     timestamptz NOT NULL DEFAULT platform.now(),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    why          text,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    CONSTRAINT place_right_withdrawn_check CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)
        AND (withdrawn_by IS NULL) = (why IS NULL))
);
CREATE UNIQUE INDEX place_right_live_key ON jobs.place_right (place_id, matter_code)
    WHERE withdrawn_at IS NULL;
CREATE INDEX place_right_county_idx ON jobs.place_right (county_code, id);
REVOKE DELETE ON jobs.place_right FROM jobs_app, jobs_system;
-- What a place that is open may handle stands beside it for everybody.
CALL platform.protect('jobs.place_right', $$
    platform.in_areas(county_code, area_code)
    OR (withdrawn_at IS NULL AND EXISTS
        (SELECT FROM jobs.place p WHERE p.id = place_id AND p.state = 'open'))
$$, 'platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.place_target (
    kind        text NOT NULL,
    county_code text NOT NULL,
    from_on     date NOT NULL,
    target      integer NOT NULL CONSTRAINT place_target_check CHECK (target BETWEEN 0 AND 100000),
    basis       text NOT NULL,
    set_by      uuid,
    PRIMARY KEY (kind, county_code, from_on)
);
COMMENT ON TABLE jobs.place_target IS 'public: numbers of places to be, 431100: in the whole city';
CALL platform.protect('jobs.place_target', 'true', 'jobs.is_city()');
-- The policy names the city's numbers, and a 零工市场 in every county; how the
-- city divides the rest among the counties is its own to set.
INSERT INTO jobs.place_target (kind, county_code, from_on, target, basis)
SELECT 'station', '431100', DATE '2024-11-05', 100, '永政办发〔2024〕15号 二（五）14'
UNION ALL SELECT 'fuel', '431100', DATE '2024-11-05', 15, '永政办发〔2024〕15号 二（三）7'
UNION ALL SELECT 'gig_market', c, DATE '2024-11-05', 1, '永政办发〔2024〕15号 二（五）15'
  FROM unnest(jobs.counties()) AS c;

CREATE FUNCTION jobs.place_target_of(what text, county text) RETURNS integer
LANGUAGE sql STABLE
RETURN (SELECT t.target FROM jobs.place_target t
         WHERE t.kind = what AND t.county_code = county AND t.from_on <= platform.today()
         ORDER BY t.from_on DESC LIMIT 1);
COMMENT ON FUNCTION jobs.place_target_of(text, text) IS 'NULL: nobody has set it';

-- Metres along the sphere (haversine, mean radius 6,371,008.8 m).
CREATE FUNCTION jobs.metres(lat1 integer, lng1 integer, lat2 integer, lng2 integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(2 * 6371008.8 * asin(sqrt(least(1, power(sind((lat2 - lat1) / 2e6), 2)
    + cosd(lat1 / 1e6) * cosd(lat2 / 1e6) * power(sind((lng2 - lng1) / 2e6), 2)))))::bigint;
COMMENT ON FUNCTION jobs.metres(integer, integer, integer, integer) IS
    'between two points given in millionths of a degree';

-- Of one day: [{opens, closes}] in the order of the day. Local time throughout.
CREATE FUNCTION jobs.place_hours_on(p jobs.place, day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('opens', h ->> 'opens', 'closes', h ->> 'closes')
                              ORDER BY h ->> 'opens'), '[]'::jsonb)
      FROM jsonb_array_elements(CASE
           WHEN EXISTS (SELECT FROM jsonb_array_elements(p.exceptions) x WHERE x ->> 'on' = day::text)
           THEN (SELECT jsonb_agg(x) FROM jsonb_array_elements(p.exceptions) x WHERE x ->> 'on' = day::text)
           ELSE p.hours END) AS h
     WHERE h ->> 'opens' IS NOT NULL
       AND (h ->> 'weekday' IS NULL OR (h ->> 'weekday')::int = date_part('isodow', day))
$$;
CREATE FUNCTION jobs.place_is_open(p jobs.place, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT p.state = 'open' AND EXISTS
           (SELECT FROM jsonb_array_elements(jobs.place_hours_on(p, l.at::date)) h
             WHERE h ->> 'opens' <= to_char(l.at, 'HH24:MI') AND to_char(l.at, 'HH24:MI') < h ->> 'closes')
      FROM (SELECT at AT TIME ZONE 'Asia/Shanghai') AS l (at)
$$;

CREATE FUNCTION jobs.place_right_holds(r jobs.place_right, day date) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN r.withdrawn_at IS NULL AND r.from_on <= day AND (r.to_on IS NULL OR r.to_on >= day);

CREATE FUNCTION jobs.place_json(p jobs.place) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'kind', p.kind, 'name', p.name, 'address', p.address,
        'county_code', p.county_code, 'area_code', p.area_code, 'lat_e6', p.lat_e6,
        'lng_e6', p.lng_e6, 'phone', p.phone, 'outlet_id', p.outlet_id, 'hours', p.hours,
        'exceptions', p.exceptions, 'state', p.state,
        'open_now', jobs.place_is_open(p, platform.now()),
        'hours_today', jobs.place_hours_on(p, platform.today()),
        'queue', CASE WHEN p.queue_at > platform.now() - interval '1 hour' THEN p.queue END,
        'queue_at', CASE WHEN p.queue_at > platform.now() - interval '1 hour' THEN p.queue_at END,
        'matters', (SELECT coalesce(jsonb_agg(r.matter_code ORDER BY r.matter_code), '[]'::jsonb)
                      FROM jobs.place_right r
                     WHERE r.place_id = p.id AND jobs.place_right_holds(r, platform.today())),
        'listed', p.listed, 'accepted_on', p.accepted_on)
$$;

CREATE FUNCTION jobs.place_right_json(r jobs.place_right) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'place_id', r.place_id, 'matter_code', r.matter_code,
    'from_on', r.from_on, 'to_on', r.to_on, 'given_by', r.given_by, 'given_at', r.given_at,
    'withdrawn_by', r.withdrawn_by, 'withdrawn_at', r.withdrawn_at, 'why', r.why,
    'county_code', r.county_code);

-- Every state a place has been in, whoever moved it; the note is its mover's.
CREATE FUNCTION jobs.place_stamp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := platform.now();
    RETURN NEW;
END $$;
CREATE TRIGGER place_stamp BEFORE UPDATE ON jobs.place
    FOR EACH ROW EXECUTE FUNCTION jobs.place_stamp();

-- What identity passes on to every program: the outlet's list as it is now. No
-- list at all is null, which leaves an outlet what its clerks' role has.
CREATE FUNCTION jobs.place_tell(place uuid) RETURNS void
LANGUAGE sql VOLATILE AS $$
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.place.delegated.v1', p.id::text, p.county_code,
           jsonb_build_object('place_id', p.id, 'outlet_id', p.outlet_id, 'name', p.name,
               'address', p.address, 'lat_e6', p.lat_e6, 'lng_e6', p.lng_e6,
               'county_code', p.county_code, 'is_open', p.state = 'open',
               'rights', CASE WHEN p.listed THEN (SELECT jsonb_agg(jsonb_build_object('matter_code', r.matter_code,
                                     'from_on', r.from_on, 'to_on',
                                     CASE WHEN r.withdrawn_at IS NULL THEN r.to_on
                                          ELSE DATE '1900-01-01' END) ORDER BY r.matter_code, r.id)
                            FROM jobs.place_right r WHERE r.place_id = p.id) END)
      FROM jobs.place p WHERE p.id = place AND p.outlet_id IS NOT NULL
$$;
CREATE FUNCTION jobs.place_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (NEW.name, NEW.address, NEW.lat_e6, NEW.lng_e6, NEW.outlet_id, NEW.state)
       IS DISTINCT FROM (OLD.name, OLD.address, OLD.lat_e6, OLD.lng_e6, OLD.outlet_id, OLD.state) THEN
        PERFORM jobs.place_tell(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER place_tells AFTER INSERT OR UPDATE ON jobs.place
    FOR EACH ROW EXECUTE FUNCTION jobs.place_tells();
CREATE FUNCTION jobs.place_right_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE jobs.place SET listed = true WHERE id = NEW.place_id AND NOT listed;
    PERFORM jobs.place_tell(NEW.place_id);
    RETURN NULL;
END $$;
CREATE TRIGGER place_right_tells AFTER INSERT OR UPDATE ON jobs.place_right
    FOR EACH ROW EXECUTE FUNCTION jobs.place_right_tells();
