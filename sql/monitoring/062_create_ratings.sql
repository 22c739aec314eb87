-- 好差评 (国办发〔2019〕51号): after a finished matter one word of five by whose matter it
-- was, once; one addition later. Who is rated is not told by whom.

-- Matters whose users are asked elsewhere, and not twice.
CREATE TABLE monitoring.rated_elsewhere (
    matter_code text PRIMARY KEY,
    why         text NOT NULL
);
COMMENT ON TABLE monitoring.rated_elsewhere IS 'public: matters that are rated where they are done';
REVOKE INSERT, UPDATE, DELETE ON monitoring.rated_elsewhere FROM monitoring_app;
INSERT INTO monitoring.rated_elsewhere (matter_code, why) VALUES
('TR-01', '结业后在培训服务中评价培训'), ('EN-11', '指导确认后在创业服务中评价导师');

-- 公共就业服务、职业技能培训对象、就业扶持政策经办: the three whose rate the policy names.
CREATE FUNCTION monitoring.rated_group(service text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE service WHEN 'training' THEN 'training' WHEN 'subsidies' THEN 'policy' ELSE 'public_service' END;

CREATE TABLE monitoring.finished (
    case_id     uuid PRIMARY KEY,
    case_no     text NOT NULL,
    matter_code text NOT NULL,
    service     text NOT NULL,
    person_id   uuid,
    org_id      uuid,
    outcome     text NOT NULL CONSTRAINT finished_outcome_check CHECK (outcome IN ('done', 'refused')),
    finished_on date NOT NULL,
    outlet_id   uuid,
    channel     text NOT NULL CONSTRAINT finished_channel_check CHECK (channel IN ('self', 'assisted')),
    officer_id  uuid,
    is_asked    boolean NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    CONSTRAINT finished_whose_check CHECK (num_nonnulls(person_id, org_id) = 1)
);
COMMENT ON COLUMN monitoring.finished.is_asked IS 'false: rated where it was done';
CREATE INDEX finished_person_idx ON monitoring.finished (person_id, case_id) WHERE person_id IS NOT NULL;
CREATE INDEX finished_org_idx ON monitoring.finished (org_id, case_id) WHERE org_id IS NOT NULL;
CREATE INDEX finished_county_idx ON monitoring.finished (county_code, finished_on);
CALL platform.protect('monitoring.finished', $$person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)$$, 'false');
REVOKE INSERT, UPDATE, DELETE ON monitoring.finished FROM monitoring_app;

CREATE TABLE monitoring.rating (
    id          uuid PRIMARY KEY,
    source      text NOT NULL CONSTRAINT rating_source_check CHECK (source IN ('matter', 'trainee', 'guidance')),
    case_id     uuid CONSTRAINT rating_case_fkey REFERENCES monitoring.finished,
    matter_code text,
    service     text NOT NULL,
    group_code  text NOT NULL GENERATED ALWAYS AS (monitoring.rated_group(service)) STORED,
    person_id   uuid,
    org_id      uuid,
    stars       integer NOT NULL CONSTRAINT rating_stars_check CHECK (stars BETWEEN 1 AND 5),
    reasons     text[] NOT NULL DEFAULT '{}',
    note        text,
    rated_on    date NOT NULL DEFAULT platform.today(),
    added_note  text,
    added_on    date,
    outlet_id   uuid,
    channel     text NOT NULL DEFAULT 'self',
    officer_id  uuid,
    given_by    uuid,
    given_at    uuid,
    is_void     boolean NOT NULL DEFAULT false,
    withdrawn_on date,
    county_code text NOT NULL,
    area_code   text,
    CONSTRAINT rated_hand_check CHECK (given_by <> officer_id),
    CONSTRAINT rating_given_check CHECK (num_nonnulls(given_by, given_at) = 0
        OR (num_nonnulls(given_by, given_at) = 2 AND org_id IS NOT NULL AND source = 'matter')),
    CONSTRAINT rating_withdrawn_check CHECK (withdrawn_on IS NULL OR (given_by IS NOT NULL AND is_void)),
    CONSTRAINT rating_case_check CHECK ((source = 'matter') = (case_id IS NOT NULL)),
    CONSTRAINT rating_why_check CHECK (source <> 'matter' OR stars > 2 OR cardinality(reasons) > 0),
    CONSTRAINT rating_reasons_check CHECK (source <> 'matter' OR reasons <@ ARRAY['attitude', 'slow', 'many_trips',
        'papers', 'wrong_word', 'system', 'queue', 'fee', 'result', 'other']),
    CONSTRAINT rating_added_check CHECK ((added_note IS NULL) = (added_on IS NULL))
);
COMMENT ON COLUMN monitoring.rating.given_by IS 'the clerk who wrote it down for the firm at the counter; NULL: its own hand';
COMMENT ON COLUMN monitoring.rating.given_at IS 'the outlet of that clerk';
COMMENT ON COLUMN monitoring.rating.is_void IS 'counted nowhere: malicious, as two officers found, or withdrawn';
CREATE UNIQUE INDEX rating_once_key ON monitoring.rating (case_id) WHERE withdrawn_on IS NULL;
CREATE INDEX rating_person_idx ON monitoring.rating (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX rating_org_idx ON monitoring.rating (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX rating_county_idx ON monitoring.rating (county_code, rated_on);
CALL platform.protect('monitoring.rating', $$person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)$$, $$person_id = platform.person() OR org_id = platform.org()$$);
REVOKE UPDATE, DELETE ON monitoring.rating FROM monitoring_app;
GRANT UPDATE (added_note, added_on) ON monitoring.rating TO monitoring_app;

-- Finished again after it was taken up again: its word, if there is one, stays.
CREATE FUNCTION monitoring.finished_take(from_source text, events jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO monitoring.finished AS f (case_id, case_no, matter_code, service, person_id, org_id, outcome,
        finished_on, outlet_id, channel, officer_id, is_asked, county_code, area_code)
    SELECT DISTINCT ON (p ->> 'case_id') (p ->> 'case_id')::uuid, p ->> 'case_no', p ->> 'matter_code', from_source,
           (p ->> 'person_id')::uuid, (p ->> 'org_id')::uuid, p ->> 'state', (p ->> 'finished_on')::date,
           (p ->> 'outlet_id')::uuid, CASE WHEN (p ->> 'assisted')::boolean THEN 'assisted' ELSE 'self' END,
           (p ->> 'officer_id')::uuid,
           NOT EXISTS (SELECT FROM monitoring.rated_elsewhere e WHERE e.matter_code = p ->> 'matter_code'),
           coalesce(p ->> 'county_code', '431100'), CASE WHEN length(x.area_code) > 6 THEN x.area_code END
      FROM jsonb_to_recordset(events) AS x (seq bigint, area_code text, payload jsonb)
     CROSS JOIN LATERAL (SELECT x.payload) AS y (p)
     ORDER BY p ->> 'case_id', x.seq DESC
    ON CONFLICT (case_id) DO UPDATE SET outcome = excluded.outcome, finished_on = excluded.finished_on,
        officer_id = excluded.officer_id
$$;

CREATE FUNCTION monitoring.rate_by(f monitoring.finished) RETURNS date
LANGUAGE sql STABLE
RETURN monitoring.setting_due('rating_window_days', f.finished_on);
COMMENT ON FUNCTION monitoring.rate_by(monitoring.finished) IS 'the last day to rate it; NULL: no time is set';

CREATE FUNCTION monitoring.rating_given() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.rating.given.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
        jsonb_build_object('rating_id', NEW.id, 'matter_code', NEW.matter_code, 'service', NEW.service,
            'group', NEW.group_code, 'stars', NEW.stars, 'rated_on', NEW.rated_on, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER rating_given AFTER INSERT ON monitoring.rating
    FOR EACH ROW EXECUTE FUNCTION monitoring.rating_given();

CREATE FUNCTION monitoring.rating_voided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.rating.voided.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
        jsonb_build_object('rating_id', NEW.id, 'withdrawn', NEW.withdrawn_on IS NOT NULL, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER rating_voided AFTER UPDATE OF is_void ON monitoring.rating
    FOR EACH ROW WHEN (NEW.is_void AND NOT OLD.is_void) EXECUTE FUNCTION monitoring.rating_voided();

-- A word on a matter, by its own hand or by a clerk's; what cannot be rated says why.
CREATE FUNCTION monitoring.rating_write(new_id uuid, f monitoring.finished, stars integer, reasons text[], note text,
    clerk uuid, outlet uuid)
RETURNS monitoring.rating
LANGUAGE plpgsql AS $$
DECLARE
    made monitoring.rating;
BEGIN
    IF NOT f.is_asked THEN
        PERFORM platform.refuse('monitoring.rated_elsewhere');
    ELSIF monitoring.rate_by(f) < platform.today() THEN
        PERFORM platform.refuse('monitoring.rating_late');
    END IF;
    IF stars <= 2 AND cardinality(reasons) = 0 THEN
        PERFORM platform.refuse('field.missing /reasons');
    END IF;
    INSERT INTO monitoring.rating (id, source, case_id, matter_code, service, person_id, org_id, stars, reasons, note,
        outlet_id, channel, officer_id, given_by, given_at, county_code, area_code)
    VALUES (new_id, 'matter', f.case_id, f.matter_code, f.service, f.person_id, f.org_id, stars, reasons, note,
        f.outlet_id, f.channel, f.officer_id, clerk, outlet, f.county_code, f.area_code)
    ON CONFLICT (case_id) WHERE withdrawn_on IS NULL DO NOTHING RETURNING * INTO made;
    IF made.id IS NULL THEN
        PERFORM platform.refuse('monitoring.rated_already');
    END IF;
    RETURN made;
END $$;

-- Of one's own matter, as its author reads it.
CREATE FUNCTION monitoring.rating_make(new_id uuid, matter_case uuid, stars integer, reasons text[], note text)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    f    monitoring.finished;
    made monitoring.rating;
BEGIN
    SELECT x.* INTO f FROM monitoring.finished x
     WHERE x.case_id = matter_case AND (x.person_id = platform.person() OR x.org_id = platform.org());
    IF f.case_id IS NULL THEN
        RETURN NULL;
    END IF;
    made := monitoring.rating_write(new_id, f, stars, reasons, note, NULL, NULL);
    RETURN monitoring.rating_own_json(made);
END $$;
