-- Recognition (认定) of a carrier: asked by it, checked by an officer, decided
-- by another of the county or, for the city's, of the whole city. A check each
-- year rests on what the register knows; what fails it may be let go.
CREATE TABLE entrepreneurship.recognition (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    carrier_id  uuid NOT NULL CONSTRAINT recognition_carrier_fkey REFERENCES entrepreneurship.carrier,
    org_id      uuid NOT NULL,
    tier        text NOT NULL CONSTRAINT recognition_tier_check CHECK (tier IN ('city', 'county')),
    reason      text NOT NULL,
    state       text NOT NULL DEFAULT 'asked' CONSTRAINT recognition_state_check CHECK (state IN
        ('asked', 'checked', 'returned', 'recognised', 'refused', 'revoked')),
    asked_by    uuid DEFAULT platform.actor(),
    checked_by  uuid,
    check_note  text,
    checked_at  timestamptz,
    decided_by  uuid,
    decide_note text,
    document    text,
    decided_at  timestamptz,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT recognition_hands_check CHECK (decided_by <> checked_by AND checked_by <> asked_by AND decided_by <> asked_by),
    CONSTRAINT recognition_checked_check CHECK (state = 'asked' OR checked_by IS NOT NULL),
    CONSTRAINT recognition_decided_check CHECK (state NOT IN ('recognised', 'refused', 'revoked') OR decided_by IS NOT NULL),
    CONSTRAINT recognition_document_check CHECK (state NOT IN ('recognised', 'revoked') OR document IS NOT NULL)
);
CREATE UNIQUE INDEX recognition_open_key ON entrepreneurship.recognition (carrier_id, tier)
    WHERE state IN ('asked', 'checked', 'recognised');
CREATE INDEX recognition_list ON entrepreneurship.recognition (county_code, state, id);
CALL platform.protect('entrepreneurship.recognition',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
REVOKE DELETE ON entrepreneurship.recognition FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.recognition_reply(r entrepreneurship.recognition) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'carrier_id', r.carrier_id, 'org_id', r.org_id, 'tier', r.tier,
        'reason', r.reason, 'state', r.state, 'check_note', r.check_note, 'decide_note', r.decide_note,
        'document', r.document, 'checked_at', r.checked_at, 'decided_at', r.decided_at,
        'county_code', r.county_code, 'created_at', r.created_at)::text
$$;

-- One officer finds it in order or sends it back, another decides.
CREATE FUNCTION entrepreneurship.recognition_judge(which uuid, step text, pass boolean, note text, paper text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r entrepreneurship.recognition;
BEGIN
    SELECT x.* INTO r FROM entrepreneurship.recognition x
     WHERE x.id = which AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> (CASE step WHEN 'check' THEN 'asked' ELSE 'checked' END) THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF platform.actor() IN (r.asked_by, r.checked_by) THEN PERFORM platform.refuse('entrepreneurship.same_hand'); END IF;
    IF step = 'check' THEN
        UPDATE entrepreneurship.recognition x SET state = CASE WHEN pass THEN 'checked' ELSE 'returned' END,
               checked_by = platform.actor(), checked_at = platform.now(), check_note = note
         WHERE x.id = r.id RETURNING x.* INTO r;
    ELSE
        IF r.tier = 'city' AND NOT platform.whole_city() THEN PERFORM platform.refuse('auth.area'); END IF;
        IF pass AND paper IS NULL THEN PERFORM platform.refuse('field.missing /document'); END IF;
        UPDATE entrepreneurship.recognition x SET state = CASE WHEN pass THEN 'recognised' ELSE 'refused' END,
               decided_by = platform.actor(), decided_at = platform.now(), decide_note = note, document = paper
         WHERE x.id = r.id RETURNING x.* INTO r;
    END IF;
    PERFORM entrepreneurship.tell(NULL, r.org_id, 'recognition', CASE r.state WHEN 'checked' THEN '认定申请已通过初审'
        WHEN 'returned' THEN '认定申请已退回' WHEN 'recognised' THEN '载体已认定' ELSE '载体未予认定' END, note, 'recognition', r.id);
    RETURN entrepreneurship.recognition_reply(r);
END $$;

-- What is recognised shows at the carrier, with its photos.
CREATE FUNCTION entrepreneurship.recognition_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c entrepreneurship.carrier;
BEGIN
    PERFORM entrepreneurship.case_move('EN-03', NEW.id, NEW.state, CASE NEW.state WHEN 'checked' THEN 'in_progress'
        WHEN 'returned' THEN 'refused' WHEN 'refused' THEN 'refused' ELSE 'done' END,
        coalesce(NEW.decide_note, NEW.check_note));
    IF NEW.state IN ('recognised', 'revoked') THEN
        UPDATE entrepreneurship.carrier x
           SET tier = live.tier, recognised_on = live.on_day
          FROM (SELECT min(r.tier) AS tier, (min(r.decided_at) AT TIME ZONE 'Asia/Shanghai')::date AS on_day
                  FROM entrepreneurship.recognition r WHERE r.carrier_id = NEW.carrier_id AND r.state = 'recognised') live
         WHERE x.id = NEW.carrier_id RETURNING x.* INTO c;
    END IF;
    IF NEW.state = 'recognised' THEN
        UPDATE entrepreneurship.file f SET locked_at = platform.now()
         WHERE f.subject_id = c.id AND f.slot = 'carrier_photo' AND f.locked_at IS NULL;
        INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
        VALUES ('entrepreneurship.carrier.recognised.v1', c.id::text, c.area_code, jsonb_build_object(
            'recognition_id', NEW.id, 'carrier_id', c.id, 'org_id', c.org_id, 'kind', c.kind, 'tier', NEW.tier,
            'recognised_on', platform.today(), 'county_code', c.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER recognition_follow AFTER UPDATE ON entrepreneurship.recognition
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.recognition_follow();

-- 年度检查: what the register knew that day is kept with the finding.
CREATE TABLE entrepreneurship.carrier_check (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    carrier_id  uuid NOT NULL CONSTRAINT carrier_check_carrier_fkey REFERENCES entrepreneurship.carrier,
    org_id      uuid NOT NULL,
    year        integer NOT NULL CONSTRAINT carrier_check_year_check CHECK (year BETWEEN 2020 AND 2100),
    met         boolean NOT NULL,
    note        text NOT NULL,
    known       jsonb NOT NULL,
    checked_by  uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT carrier_check_year_key UNIQUE (carrier_id, year)
);
CALL platform.protect('entrepreneurship.carrier_check',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'platform.in_areas(county_code, area_code)');
REVOKE UPDATE, DELETE ON entrepreneurship.carrier_check FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.carrier_check_reply(k entrepreneurship.carrier_check) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', k.id, 'carrier_id', k.carrier_id, 'org_id', k.org_id, 'year', k.year, 'met', k.met,
        'note', k.note, 'known', k.known, 'county_code', k.county_code, 'created_at', k.created_at)::text
$$;

-- 退出: the last yearly check failed, and another officer lets the carrier go.
-- The firms in it stay with their contracts; no more come.
CREATE FUNCTION entrepreneurship.carrier_exit(which uuid, why text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    c entrepreneurship.carrier;
    k entrepreneurship.carrier_check;
BEGIN
    SELECT x.* INTO c FROM entrepreneurship.carrier x WHERE x.id = which AND platform.in_areas(x.county_code, x.area_code);
    IF c.id IS NULL THEN RETURN NULL; END IF;
    IF c.state = 'closed' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF c.tier = 'city' AND NOT platform.whole_city() THEN PERFORM platform.refuse('auth.area'); END IF;
    SELECT x.* INTO k FROM entrepreneurship.carrier_check x WHERE x.carrier_id = c.id ORDER BY x.year DESC LIMIT 1;
    IF k.met IS NOT FALSE THEN PERFORM platform.refuse('entrepreneurship.exit_unfounded'); END IF;
    IF k.checked_by = platform.actor() OR EXISTS (SELECT FROM entrepreneurship.recognition r
            WHERE r.carrier_id = c.id AND r.state = 'recognised' AND platform.actor() IN (r.checked_by, r.decided_by)) THEN
        PERFORM platform.refuse('entrepreneurship.same_hand');
    END IF;
    RETURN entrepreneurship.carrier_reply(entrepreneurship.carrier_close(c.id, why));
END $$;

-- Whoever may decide it: carrier_exit(), or an acceptance that is revoked.
CREATE FUNCTION entrepreneurship.carrier_close(which uuid, why text) RETURNS entrepreneurship.carrier
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c entrepreneurship.carrier;
    was text;
BEGIN
    SELECT x.tier INTO was FROM entrepreneurship.carrier x WHERE x.id = which AND x.state = 'open' FOR UPDATE;
    IF NOT FOUND THEN PERFORM platform.refuse('state.wrong'); END IF;
    UPDATE entrepreneurship.recognition r SET state = 'revoked', decide_note = why
     WHERE r.carrier_id = which AND r.state = 'recognised';
    UPDATE entrepreneurship.carrier x SET state = 'closed' WHERE x.id = which RETURNING x.* INTO c;
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.carrier.exited.v1', c.id::text, c.area_code, jsonb_build_object('carrier_id', c.id,
        'org_id', c.org_id, 'kind', c.kind, 'tier', was, 'exited_on', platform.today(), 'county_code', c.county_code));
    PERFORM entrepreneurship.tell(NULL, c.org_id, 'carrier', '载体已退出，不再接收企业入驻', why, 'carrier', c.id);
    PERFORM entrepreneurship.tell(NULL, t.org_id, 'carrier', '所在载体已退出：' || c.name, '现有合同继续有效；' || why, 'carrier', c.id)
       FROM entrepreneurship.tenant t WHERE t.carrier_id = c.id AND t.left_on IS NULL;
    RETURN c;
END $$;
