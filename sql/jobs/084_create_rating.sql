-- 充分就业社区(村) (永政办发〔2024〕15号 二（五）13: 200个以上): measured from the registers and
-- the labour-force records by dated criteria, applied for by the community,
-- checked by the county, approved by the city, measured anew each year.
CREATE TABLE jobs.rating_rule (
    level     text NOT NULL CONSTRAINT rating_rule_level_check CHECK (level IN ('national', 'city')),
    criterion text NOT NULL CONSTRAINT rating_rule_criterion_check CHECK (criterion IN
        ('willing', 'registered', 'difficult', 'long_term', 'registration', 'families')),
    from_on   date NOT NULL,
    bar       integer NOT NULL CONSTRAINT rating_rule_bar_check CHECK (bar BETWEEN 0 AND 10000),
    basis     text NOT NULL,
    set_by    uuid,
    PRIMARY KEY (level, criterion, from_on)
);
COMMENT ON TABLE jobs.rating_rule IS
    'public: at least so many hundredths of a percent; of long_term and families at most so many';
CALL platform.protect('jobs.rating_rule', 'true', 'jobs.is_city()');
INSERT INTO jobs.rating_rule (level, criterion, from_on, bar, basis)
SELECT 'national', c.criterion, DATE '2024-01-01', c.bar, '国家级充分就业社区认定标准'
  FROM (VALUES ('willing', 9500), ('registered', 9500), ('difficult', 9500), ('long_term', 0),
               ('registration', 10000), ('families', 0)) AS c (criterion, bar);
INSERT INTO jobs.place_target (kind, county_code, from_on, target, basis)
VALUES ('community', '431100', DATE '2024-11-05', 200, '永政办发〔2024〕15号 二（五）13');

CREATE FUNCTION jobs.rating_bar(which text, what text, day date) RETURNS integer
LANGUAGE sql STABLE
RETURN (SELECT r.bar FROM jobs.rating_rule r
         WHERE r.level = which AND r.criterion = what AND r.from_on <= day
         ORDER BY r.from_on DESC LIMIT 1);

-- 零就业家庭 not helped within a month of being recognised.
CREATE FUNCTION jobs.rating_families(village text, from_on date, to_on date) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM jobs.household h
     WHERE h.area_code = village AND h.recognised_on <= to_on
       AND h.state NOT IN ('exited', 'rejected', 'withdrawn')
       AND coalesce(h.placed_on, h.cleared_on, to_on) >= from_on
       AND (h.recognised_on + interval '1 month')::date < coalesce(h.placed_on, h.cleared_on, to_on)
$$;

CREATE FUNCTION jobs.rating_counts(village text, from_on date, to_on date)
RETURNS TABLE (criterion text, good bigint, of_all bigint, is_rate boolean)
LANGUAGE sql STABLE AS $$
    WITH records AS (
        SELECT r.employment_state, r.person_id FROM jobs.labour_record r
         WHERE r.area_code = village AND r.willing
    ), registered AS (
        SELECT DISTINCT ON (u.person_id) u.person_id, u.is_difficult, u.registered_on, u.ended_on,
               u.end_reason IN ('hired', 'business_licence', 'stable_income') AND u.ended_on <= to_on AS employed
          FROM jobs.unemployment u
         WHERE u.area_code = village AND u.registered_on <= to_on
           AND (u.ended_on IS NULL OR u.ended_on >= from_on)
         ORDER BY u.person_id, u.registered_on DESC, u.id DESC
    )
    SELECT 'willing', count(*) FILTER (WHERE employment_state NOT IN ('unemployed', 'student', 'retired', 'unable')),
           count(*), true FROM records
    UNION ALL SELECT 'registered', count(*) FILTER (WHERE employed), count(*), true FROM registered
    UNION ALL SELECT 'difficult', count(*) FILTER (WHERE employed), count(*), true FROM registered WHERE is_difficult
    UNION ALL SELECT 'long_term', count(*) FILTER (WHERE (ended_on IS NULL OR ended_on > to_on)
                  AND registered_on < (to_on - interval '6 months')::date), count(*), false FROM registered
    UNION ALL SELECT 'registration', count(*) FILTER (WHERE EXISTS (SELECT FROM registered g
                  WHERE g.person_id = r.person_id AND g.ended_on IS NULL)), count(*), true
                FROM records r WHERE r.employment_state = 'unemployed'
    UNION ALL SELECT 'families', jobs.rating_families(village, from_on, to_on), NULL, false
$$;

-- Criterion by criterion against both bars. Where there is nobody to count a
-- rate is met; but who collected nothing has shown nothing.
CREATE FUNCTION jobs.rating_measure(village text, from_on date, to_on date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_object('criterion', c.criterion, 'value', v.value, 'good', c.good,
               'of', c.of_all, 'national_bar', b.national, 'city_bar', b.city,
               'city_text', CASE WHEN b.city IS NULL THEN '未设定' ELSE b.city::text END,
               'meets', CASE WHEN v.value IS NULL THEN c.criterion <> 'willing'
                             WHEN c.is_rate THEN v.value >= greatest(b.national, b.city)
                             ELSE v.value <= least(b.national, b.city) END))
      FROM jobs.rating_counts(village, from_on, to_on) AS c
      CROSS JOIN LATERAL (SELECT CASE WHEN c.is_rate THEN c.good * 10000 / nullif(c.of_all, 0) ELSE c.good END) AS v (value)
      CROSS JOIN LATERAL (SELECT jobs.rating_bar('national', c.criterion, to_on),
                                 jobs.rating_bar('city', c.criterion, to_on)) AS b (national, city)
$$;
CREATE FUNCTION jobs.rating_meets(measures jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT bool_and((m ->> 'meets')::boolean) FROM jsonb_array_elements(measures) m
$$;

CREATE TABLE jobs.rating (
    id            uuid PRIMARY KEY,
    village_name  text NOT NULL,
    from_on       date NOT NULL,
    to_on         date NOT NULL,
    state         text NOT NULL DEFAULT 'applied' CONSTRAINT rating_state_check
                  CHECK (state IN ('applied', 'checked', 'approved', 'refused', 'withdrawn')),
    measures      jsonb NOT NULL,
    applied_by    uuid NOT NULL DEFAULT platform.actor(),
    checked_by    uuid,
    approved_by   uuid,
    approved_on   date,
    valid_to      date,
    rechecked_on  date,
    recheck_meets boolean,
    note          text,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT rating_days_check CHECK (from_on <= to_on),
    CONSTRAINT rating_hands_check CHECK (checked_by <> applied_by AND approved_by <> applied_by
        AND approved_by <> checked_by),
    CONSTRAINT rating_approved_check CHECK ((approved_on IS NULL) = (valid_to IS NULL)
        AND (state <> 'approved' OR (approved_on IS NOT NULL AND checked_by IS NOT NULL)))
);
COMMENT ON COLUMN jobs.rating.area_code IS 'the community or village';
COMMENT ON COLUMN jobs.rating.valid_to IS 'measured anew until then';
CREATE UNIQUE INDEX rating_live_key ON jobs.rating (area_code) WHERE state IN ('applied', 'checked', 'approved');
CREATE INDEX rating_county_idx ON jobs.rating (county_code, id);
CALL platform.protect('jobs.rating', $$
    state = 'approved' OR platform.in_areas(county_code, area_code)
$$, 'platform.in_areas(county_code, area_code)');

CREATE FUNCTION jobs.rating_json(r jobs.rating) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'village_code', r.area_code, 'village_name', r.village_name,
    'from_on', r.from_on, 'to_on', r.to_on, 'state', r.state, 'measures', r.measures,
    'meets', jobs.rating_meets(r.measures), 'approved_on', r.approved_on, 'valid_to', r.valid_to,
    'recheck_due', r.state = 'approved' AND r.valid_to < platform.today(),
    'rechecked_on', r.rechecked_on, 'recheck_meets', r.recheck_meets, 'note', r.note,
    'county_code', r.county_code, 'created_at', r.created_at);

CREATE FUNCTION jobs.rating_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-30', NEW.id, NEW.state,
        CASE NEW.state WHEN 'checked' THEN 'in_progress' WHEN 'approved' THEN 'done'
                       WHEN 'withdrawn' THEN 'withdrawn' ELSE 'refused' END, NEW.note);
    RETURN NULL;
END $$;
CREATE TRIGGER rating_case AFTER UPDATE ON jobs.rating
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.rating_case();

-- Thousands of places are looked through for each question: whole in double
-- precision, and hours by one path each, so that the planner puts these bodies
-- in the place of the calls.
CREATE OR REPLACE FUNCTION jobs.metres(lat1 integer, lng1 integer, lat2 integer, lng2 integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(12742017.6::float8 * asin(sqrt(least(1::float8,
    power(sin((lat2 - lat1) * 8.726646259971648e-9::float8), 2)
    + cos(lat1 * 1.7453292519943295e-8::float8) * cos(lat2 * 1.7453292519943295e-8::float8)
      * power(sin((lng2 - lng1) * 8.726646259971648e-9::float8), 2)))))::bigint;

CREATE FUNCTION jobs.place_clock(at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('on', to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
    'at', to_char(at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI'),
    'weekday', date_part('isodow', at AT TIME ZONE 'Asia/Shanghai'));
COMMENT ON FUNCTION jobs.place_clock(timestamptz) IS 'the day, the time of day and the weekday, for place_is_open_by()';

CREATE FUNCTION jobs.place_is_open_by(state text, hours jsonb, exceptions jsonb, clock jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN state = 'open' AND CASE
    WHEN jsonb_path_exists(exceptions, '$[*] ? (@.on == $on)', clock)
    THEN jsonb_path_exists(exceptions, '$[*] ? (@.on == $on && @.opens <= $at && @.closes > $at)', clock)
    ELSE jsonb_path_exists(hours, '$[*] ? (@.weekday == $weekday && @.opens <= $at && @.closes > $at)', clock) END;

CREATE OR REPLACE FUNCTION jobs.place_is_open(p jobs.place, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT jobs.place_is_open_by(p.state, p.hours, p.exceptions, jobs.place_clock(at))
$$;
