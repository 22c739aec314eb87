-- Grants of office: who may be what, where, from when to when, who gave it and
-- who else agreed. Rows are never deleted: they are the history.

ALTER TABLE identity.officer_grant
    DROP CONSTRAINT officer_grant_pkey,
    ADD COLUMN id           uuid NOT NULL DEFAULT platform.uuid7() CONSTRAINT officer_grant_pkey PRIMARY KEY,
    ADD COLUMN county_code  text,
    ADD COLUMN data_scope   text NOT NULL DEFAULT 'area'
        CONSTRAINT officer_grant_data_scope_check CHECK (data_scope IN ('area', 'outlet')),
    ADD COLUMN outlet_id    uuid,
    ADD COLUMN state        text NOT NULL DEFAULT 'active'
        CONSTRAINT officer_grant_state_check CHECK (state IN ('proposed', 'active', 'ended')),
    ADD COLUMN why          text,
    ADD COLUMN proposed_by  uuid,
    ADD COLUMN proposed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN confirmed_by uuid,
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN ended_by     uuid,
    ADD COLUMN ended_at     timestamptz,
    ADD COLUMN end_why      text;
UPDATE identity.officer_grant SET county_code = left(area_code, 6);

CREATE FUNCTION identity.duty(role text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN role IN ('system_admin', 'security_admin', 'audit_admin') THEN role ELSE 'business' END;
COMMENT ON FUNCTION identity.duty(text) IS 'of these one officer has one: the three administrators, and all other offices';

CREATE FUNCTION identity.is_powerful(role text, area text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN area = '431100' OR role IN ('approve', 'finance', 'fiscal', 'audit', 'system_admin',
    'security_admin', 'audit_admin');
COMMENT ON FUNCTION identity.is_powerful(text, text) IS 'takes effect when a second person has agreed';

ALTER TABLE identity.officer_grant
    ADD CONSTRAINT officer_grant_outlet_check CHECK ((data_scope = 'outlet') = (outlet_id IS NOT NULL)),
    ADD CONSTRAINT officer_grant_days_check CHECK (to_on >= from_on),
    ADD CONSTRAINT officer_grant_own_check CHECK (proposed_by <> officer_id AND confirmed_by <> officer_id),
    ADD CONSTRAINT officer_grant_hands_check CHECK (confirmed_by <> proposed_by),
    -- Only what came with the installation has no proposer.
    ADD CONSTRAINT officer_grant_second_check CHECK (state <> 'active' OR proposed_by IS NULL
        OR confirmed_by IS NOT NULL OR NOT identity.is_powerful(role, area_code));
CREATE UNIQUE INDEX officer_grant_live_key ON identity.officer_grant
    (officer_id, role, area_code, from_on, coalesce(outlet_id, '00000000-0000-0000-0000-000000000000'))
    WHERE state <> 'ended';
CREATE INDEX officer_grant_county_idx ON identity.officer_grant (county_code, id);
CREATE INDEX officer_grant_to_idx ON identity.officer_grant (to_on) WHERE state = 'active' AND to_on IS NOT NULL;

-- The officer's row is the lock that makes two grants at once see each other.
CREATE FUNCTION identity.officer_grant_judge() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.county_code := coalesce(NEW.county_code, left(NEW.area_code, 6));
    IF NEW.state = 'ended' THEN
        RETURN NEW;
    END IF;
    PERFORM FROM identity.officer WHERE id = NEW.officer_id FOR UPDATE;
    IF EXISTS (SELECT FROM identity.officer_grant g
                WHERE g.officer_id = NEW.officer_id AND g.id <> NEW.id AND g.state <> 'ended'
                  AND identity.duty(g.role) <> identity.duty(NEW.role)
                  AND daterange(g.from_on, g.to_on, '[]') && daterange(NEW.from_on, NEW.to_on, '[]')) THEN
        PERFORM platform.refuse('identity.duties /role');
    END IF;
    IF (SELECT count(*) FROM identity.officer_grant g
         WHERE g.officer_id = NEW.officer_id AND g.id <> NEW.id AND g.state <> 'ended') >= 16 THEN
        PERFORM platform.refuse('identity.grants_many');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER officer_grant_judge BEFORE INSERT OR UPDATE ON identity.officer_grant
    FOR EACH ROW EXECUTE FUNCTION identity.officer_grant_judge();
ALTER TABLE identity.officer_grant ALTER COLUMN county_code SET NOT NULL;
REVOKE DELETE ON identity.officer_grant FROM identity_app, identity_system;
CALL platform.protect('identity.officer_grant',
    $$officer_id = platform.actor() OR identity.in_office(county_code, area_code)$$, $$false$$);

CREATE FUNCTION identity.grant_reply(g identity.officer_grant) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', g.id, 'officer_id', g.officer_id, 'role', g.role,
    'county_code', g.county_code, 'area_code', g.area_code, 'data_scope', g.data_scope,
    'outlet_id', g.outlet_id, 'from_on', g.from_on, 'to_on', g.to_on, 'state', g.state,
    'why', g.why, 'proposed_by', g.proposed_by, 'proposed_at', g.proposed_at,
    'confirmed_by', g.confirmed_by, 'confirmed_at', g.confirmed_at, 'ended_by', g.ended_by,
    'ended_at', g.ended_at, 'end_why', g.end_why);

-- The first three people of an installation, each with a link and no secret. Once
-- there is any officer this does nothing. Three, because a grant of theirs needs a
-- second person to agree.
CREATE FUNCTION identity.enrol_first(valid_s bigint, system_hash text, security_hash text, audit_hash text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first record;
    officer uuid;
BEGIN
    LOCK TABLE identity.officer IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM identity.officer) THEN
        RETURN false;
    END IF;
    FOR first IN SELECT * FROM (VALUES
            ('admin.system', '系统管理员', 'system_admin', system_hash),
            ('admin.security', '安全管理员', 'security_admin', security_hash),
            ('admin.audit', '审计管理员', 'audit_admin', audit_hash)) v (login, name, role, hash) LOOP
        officer := platform.uuid7();
        INSERT INTO identity.officer (id, login, name, county_code, password_set_at, created_at)
        VALUES (officer, first.login, first.name, '431100', NULL, clock_timestamp());
        INSERT INTO identity.officer_grant (officer_id, role, area_code, from_on)
        VALUES (officer, first.role, '431100', '2000-01-01');
        INSERT INTO identity.enrolment (id, officer_id, kind, token_hash, expires_at)
        VALUES (platform.uuid7(), officer, 'account', decode(first.hash, 'hex'),
            clock_timestamp() + valid_s * interval '1 second');
    END LOOP;
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION identity.enrol_first(bigint, text, text, text) FROM identity_app, identity_system;
COMMENT ON FUNCTION identity.enrol_first(bigint, text, text, text) IS 'yjyctl enrol: makes the three administrators while there is no officer';
