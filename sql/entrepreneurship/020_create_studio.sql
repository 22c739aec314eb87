-- 创业指导工作室 and 创业导师 (永政办发〔2024〕15号 二（二）4): a studio is proposed by
-- its organisation, checked and recognised by two officers; a mentor is a person
-- who agreed to it, perhaps at several studios.

-- What is known of people: a projection of identity's events. Its index proves
-- that an identity number is its bearer's; nobody reads anybody else here.
CREATE TABLE entrepreneurship.person (
    id          uuid PRIMARY KEY,
    id_index    text NOT NULL,
    name_masked text NOT NULL,
    birth_on    date NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('entrepreneurship.person', 'id = platform.person()', 'false');

CREATE TABLE entrepreneurship.guidance_target (
    kind        text NOT NULL CONSTRAINT guidance_target_kind_check CHECK (kind IN ('studio', 'startup_training')),
    county_code text NOT NULL,
    from_on     date NOT NULL,
    target      integer NOT NULL CONSTRAINT guidance_target_check CHECK (target > 0),
    basis       text NOT NULL,
    PRIMARY KEY (kind, county_code, from_on)
);
COMMENT ON TABLE entrepreneurship.guidance_target IS
    'public: studios by the end of 2025; person-times of start-up training in a year';
CALL platform.protect('entrepreneurship.guidance_target', 'true', 'false');
INSERT INTO entrepreneurship.guidance_target (kind, county_code, from_on, target, basis) VALUES
    ('studio', '431100', '2024-11-05', 20, '永政办发〔2024〕15号 二（二）4'),
    ('startup_training', '431100', '2024-11-05', 4000, '永政办发〔2024〕15号 二（二）4');

CREATE FUNCTION entrepreneurship.guidance_target_on(what text, day date) RETURNS integer
LANGUAGE sql STABLE
RETURN (SELECT t.target FROM entrepreneurship.guidance_target t
         WHERE t.kind = what AND t.county_code = '431100' AND t.from_on <= day
         ORDER BY t.from_on DESC LIMIT 1);

-- A list of words from a form: known ones, each once, at least one.
CREATE FUNCTION entrepreneurship.words_of(list jsonb, known text[], pointer text) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF jsonb_typeof(list) <> 'array' THEN
        PERFORM platform.refuse('field.type ' || pointer);
    END IF;
    said := ARRAY(SELECT DISTINCT x FROM jsonb_array_elements_text(list) AS x ORDER BY x);
    IF cardinality(said) = 0 OR NOT said <@ known THEN
        PERFORM platform.refuse('field.choice ' || pointer);
    END IF;
    RETURN said;
END $$;

CREATE FUNCTION entrepreneurship.mentor_fields() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY['plan', 'finance', 'market', 'law', 'tax', 'staff', 'technology', 'ecommerce', 'farming', 'other'];

CREATE TABLE entrepreneurship.studio (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id        uuid NOT NULL CONSTRAINT studio_org_fkey REFERENCES entrepreneurship.org,
    org_name      text NOT NULL,
    name          text NOT NULL,
    fields        text[] NOT NULL,
    address       text NOT NULL,
    hours         jsonb NOT NULL,
    state         text NOT NULL DEFAULT 'proposed' CONSTRAINT studio_state_check
        CHECK (state IN ('proposed', 'checked', 'recognised', 'refused', 'revoked')),
    note          text,
    recognised_on date,
    proposed_by   uuid NOT NULL DEFAULT platform.actor(),
    checked_by    uuid,
    recognised_by uuid,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT studio_fields_check CHECK (fields <@ entrepreneurship.mentor_fields()),
    CONSTRAINT studio_hands_check CHECK (checked_by <> proposed_by AND recognised_by <> proposed_by
        AND recognised_by <> checked_by),
    CONSTRAINT studio_recognised_check CHECK (state NOT IN ('recognised', 'revoked')
        OR num_nonnulls(checked_by, recognised_by, recognised_on) = 3)
);
COMMENT ON COLUMN entrepreneurship.studio.hours IS 'when it is open: [{weekday (1..7), opens, closes}]';
CREATE UNIQUE INDEX studio_name_key ON entrepreneurship.studio (org_id, name) WHERE state <> 'refused';
CREATE INDEX studio_county_idx ON entrepreneurship.studio (county_code, id);
CALL platform.protect('entrepreneurship.studio', $$
    state = 'recognised' OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');

CREATE FUNCTION entrepreneurship.studio_json(s entrepreneurship.studio) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', s.id, 'org_id', s.org_id, 'org_name', s.org_name, 'name', s.name,
    'fields', s.fields, 'address', s.address, 'hours', s.hours, 'state', s.state, 'note', s.note,
    'recognised_on', s.recognised_on, 'county_code', s.county_code, 'created_at', s.created_at);

-- A card of the person's own making; shown to all only by their consent.
CREATE TABLE entrepreneurship.mentor (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id      uuid NOT NULL CONSTRAINT mentor_person_key UNIQUE,
    name           text NOT NULL,
    employer       text NOT NULL,
    fields         text[] NOT NULL,
    intro          text,
    shown          boolean NOT NULL,
    active         boolean NOT NULL DEFAULT false,
    rating_count   integer NOT NULL DEFAULT 0,
    rating_sum     integer NOT NULL DEFAULT 0,
    last_guided_on date,
    county_code    text NOT NULL,
    area_code      text,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT mentor_fields_check CHECK (fields <@ entrepreneurship.mentor_fields()),
    CONSTRAINT mentor_rating_check CHECK (rating_sum BETWEEN rating_count AND 5 * rating_count)
);
COMMENT ON COLUMN entrepreneurship.mentor.active IS 'is at a studio now: kept by mentor_seat';
CREATE INDEX mentor_county_idx ON entrepreneurship.mentor (county_code, id);
CALL platform.protect('entrepreneurship.mentor', $$
    (shown AND active) OR person_id = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'person_id = platform.person()');
REVOKE INSERT, UPDATE ON entrepreneurship.mentor FROM entrepreneurship_app;
GRANT INSERT (person_id, name, employer, fields, intro, shown, county_code, area_code),
    UPDATE (name, employer, fields, intro, shown) ON entrepreneurship.mentor TO entrepreneurship_app;

-- Whose mentor somebody is.
CREATE TABLE entrepreneurship.mentor_seat (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    studio_id   uuid NOT NULL CONSTRAINT mentor_seat_studio_fkey REFERENCES entrepreneurship.studio,
    org_id      uuid NOT NULL,
    person_id   uuid NOT NULL,
    name_masked text NOT NULL,
    state       text NOT NULL DEFAULT 'asked' CONSTRAINT mentor_seat_state_check
        CHECK (state IN ('asked', 'confirmed', 'declined', 'ended')),
    from_on     date,
    to_on       date,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT mentor_seat_order_check CHECK (to_on >= from_on),
    CONSTRAINT mentor_seat_from_check CHECK ((state IN ('confirmed', 'ended')) = (from_on IS NOT NULL))
);
CREATE UNIQUE INDEX mentor_seat_key ON entrepreneurship.mentor_seat (studio_id, person_id)
    WHERE state IN ('asked', 'confirmed');
CREATE INDEX mentor_seat_person_idx ON entrepreneurship.mentor_seat (person_id, id);
CALL platform.protect('entrepreneurship.mentor_seat', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, 'person_id = platform.person() OR org_id = platform.org()');

CREATE FUNCTION entrepreneurship.mentor_seat_json(s entrepreneurship.mentor_seat) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', s.id, 'studio_id', s.studio_id, 'org_id', s.org_id, 'person_id', s.person_id,
    'name_masked', s.name_masked, 'state', s.state, 'from_on', s.from_on, 'to_on', s.to_on,
    'county_code', s.county_code, 'created_at', s.created_at);

-- Where a mentor sits; of recognised studios, which everybody may read.
CREATE FUNCTION entrepreneurship.mentor_studios(who uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) ORDER BY s.id), '[]')
      FROM entrepreneurship.mentor_seat x JOIN entrepreneurship.studio s ON s.id = x.studio_id
     WHERE x.person_id = who AND x.state = 'confirmed' AND s.state = 'recognised'
$$;

-- An average of fewer than five would tell who said what.
CREATE FUNCTION entrepreneurship.mentor_json(m entrepreneurship.mentor) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', m.id, 'name', m.name, 'employer', m.employer, 'fields', m.fields,
    'intro', m.intro, 'shown', m.shown, 'active', m.active, 'studios', entrepreneurship.mentor_studios(m.person_id),
    'rating_count', CASE WHEN m.rating_count >= 5 THEN m.rating_count END,
    'rating_centi', CASE WHEN m.rating_count >= 5 THEN m.rating_sum * 100 / m.rating_count END,
    'last_guided_on', m.last_guided_on, 'county_code', m.county_code);

CREATE FUNCTION entrepreneurship.studio_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM entrepreneurship.case_move('EN-10', NEW.id, NEW.state, CASE NEW.state
            WHEN 'checked' THEN 'in_progress' WHEN 'recognised' THEN 'done' WHEN 'revoked' THEN 'done'
            ELSE 'refused' END, NEW.note);
        PERFORM entrepreneurship.tell(NULL, NEW.org_id, 'studio', CASE NEW.state
            WHEN 'checked' THEN '创业指导工作室已初审' WHEN 'recognised' THEN '创业指导工作室已认定'
            WHEN 'revoked' THEN '创业指导工作室认定已取消' ELSE '创业指导工作室未通过' END,
            NEW.name || coalesce('：' || NEW.note, ''), 'studio', NEW.id);
    END IF;
    IF NEW.state = 'revoked' THEN
        UPDATE entrepreneurship.mentor_seat SET state = 'ended', to_on = greatest(from_on, platform.today())
         WHERE studio_id = NEW.id AND state = 'confirmed';
        UPDATE entrepreneurship.mentor_seat SET state = 'declined' WHERE studio_id = NEW.id AND state = 'asked';
    END IF;
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.studio.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'studio_id', NEW.id, 'org_id', NEW.org_id, 'state', NEW.state, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER studio_follow AFTER UPDATE ON entrepreneurship.studio
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.studio_follow();
CREATE TRIGGER studio_proposed AFTER INSERT ON entrepreneurship.studio
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.studio_follow();

CREATE FUNCTION entrepreneurship.mentor_seat_ask() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    p entrepreneurship.person;
BEGIN
    SELECT x.* INTO p FROM entrepreneurship.person x WHERE x.id = NEW.person_id;
    IF p.id IS NULL THEN
        PERFORM platform.refuse('entrepreneurship.person_unknown');
    ELSIF p.birth_on > platform.today() - interval '18 years' THEN
        PERFORM platform.refuse('entrepreneurship.mentor_age');
    END IF;
    NEW.name_masked := p.name_masked;
    RETURN NEW;
END $$;
CREATE TRIGGER mentor_seat_ask BEFORE INSERT ON entrepreneurship.mentor_seat
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.mentor_seat_ask();

-- The other side is told; the card says whether there is a seat left.
CREATE FUNCTION entrepreneurship.mentor_seat_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    studio text := (SELECT s.name FROM entrepreneurship.studio s WHERE s.id = NEW.studio_id);
BEGIN
    UPDATE entrepreneurship.mentor m
       SET active = EXISTS (SELECT FROM entrepreneurship.mentor_seat x
                             WHERE x.person_id = NEW.person_id AND x.state = 'confirmed')
     WHERE m.person_id = NEW.person_id;
    IF NEW.state = 'asked' THEN
        PERFORM entrepreneurship.tell(NEW.person_id, NULL, 'mentor', '邀请您担任创业导师',
            studio || '邀请您担任创业导师，请确认', 'mentor_seat', NEW.id);
    ELSIF platform.org() IS NOT NULL THEN
        PERFORM entrepreneurship.tell(NEW.person_id, NULL, 'mentor', '创业导师聘任已结束', studio, 'mentor_seat', NEW.id);
    ELSE
        PERFORM entrepreneurship.tell(NULL, NEW.org_id, 'mentor', CASE NEW.state WHEN 'confirmed'
            THEN '创业导师已确认' WHEN 'declined' THEN '创业导师未接受邀请' ELSE '创业导师已离开' END,
            studio || '：' || NEW.name_masked, 'mentor_seat', NEW.id);
    END IF;
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.mentor.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'seat_id', NEW.id, 'studio_id', NEW.studio_id, 'person_id', NEW.person_id, 'state', NEW.state,
        'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER mentor_seat_follow AFTER UPDATE ON entrepreneurship.mentor_seat
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.mentor_seat_follow();
CREATE TRIGGER mentor_seat_asked AFTER INSERT ON entrepreneurship.mentor_seat
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.mentor_seat_follow();
