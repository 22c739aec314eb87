-- Officer accounts from enrolment to retirement. An account is made without a
-- password: its owner sets it through a link that works once.

ALTER TABLE identity.officer
    ALTER COLUMN password_hash DROP NOT NULL,
    ALTER COLUMN totp_sealed DROP NOT NULL,
    DROP COLUMN failures,
    DROP COLUMN locked_until,
    ADD COLUMN area_code       text,
    ADD COLUMN unit            text,
    ADD COLUMN phone_index     text,
    ADD COLUMN phone_sealed    text,
    ADD COLUMN phone_masked    text,
    ADD COLUMN password_set_at timestamptz DEFAULT clock_timestamp(),
    ADD COLUMN created_by      uuid,
    ADD COLUMN disabled_at     timestamptz,
    ADD COLUMN disabled_why    text;
UPDATE identity.officer SET area_code = county_code;

-- One telephone is one officer: nobody holds two accounts, or shares one.
CREATE UNIQUE INDEX officer_phone_key ON identity.officer (phone_index)
    WHERE phone_index IS NOT NULL AND disabled_at IS NULL;
CREATE INDEX officer_county_idx ON identity.officer (county_code, id);

-- The scope spells the city out as its fourteen counties.
CREATE FUNCTION identity.in_office(county text, area text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN platform.in_areas(county, area) OR (county = '431100' AND
    (SELECT count(DISTINCT a) >= 14 FROM unnest(platform.areas()) a WHERE length(a) = 6));
COMMENT ON FUNCTION identity.in_office(text, text) IS
    'the office lies in the caller''s areas; offices of the city only for who has all of it';

CREATE FUNCTION identity.officer_defaults() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.area_code := coalesce(NEW.area_code, NEW.county_code);
    RETURN NEW;
END $$;
CREATE TRIGGER officer_defaults BEFORE INSERT ON identity.officer
    FOR EACH ROW EXECUTE FUNCTION identity.officer_defaults();
ALTER TABLE identity.officer ALTER COLUMN area_code SET NOT NULL;
CALL platform.protect('identity.officer',
    $$id = platform.actor() OR identity.in_office(county_code, area_code)$$, $$false$$);

-- A link (kind account) or an officer's own wish (kind totp) to set secrets. What
-- was set waits here until the first one-time code proves that it was received.
CREATE TABLE identity.enrolment (
    id           uuid PRIMARY KEY,
    officer_id   uuid NOT NULL REFERENCES identity.officer,
    kind         text NOT NULL CONSTRAINT enrolment_kind_check CHECK (kind IN ('account', 'totp')),
    token_hash   bytea CONSTRAINT enrolment_token_hash_key UNIQUE,
    pending_hash text,
    pending_totp text,
    tries        int NOT NULL DEFAULT 0,
    created_by   uuid,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    opened_at    timestamptz,
    closed_at    timestamptz
);
CREATE INDEX enrolment_officer_idx ON identity.enrolment (officer_id) WHERE closed_at IS NULL;
CALL platform.protect('identity.enrolment', $$false$$);

CREATE TABLE identity.password_history (
    officer_id    uuid NOT NULL REFERENCES identity.officer,
    password_hash text NOT NULL,
    set_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX password_history_idx ON identity.password_history (officer_id, set_at DESC);
CALL platform.protect('identity.password_history', $$false$$);

CREATE TABLE identity.recovery_code (
    officer_id uuid NOT NULL REFERENCES identity.officer,
    code_index text NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (officer_id, code_index)
);
CALL platform.protect('identity.recovery_code', $$false$$);

-- Attempts by keyed hash of what was typed as the account, whether or not there
-- is such an account: a lock tells nobody which accounts exist.
CREATE TABLE identity.sign_in_tally (
    login_index  text PRIMARY KEY,
    tries        int NOT NULL,
    last_at      timestamptz NOT NULL,
    locked_until timestamptz
);
CREATE INDEX sign_in_tally_last_idx ON identity.sign_in_tally (last_at);
CALL platform.protect('identity.sign_in_tally', $$false$$);

-- Ends what an officer has open: sessions, and every token issued so far.
CREATE FUNCTION identity.officer_out(officer uuid, why text) RETURNS uuid
LANGUAGE sql VOLATILE AS $$
    WITH ended AS (
        UPDATE identity.session SET ended_at = clock_timestamp()
         WHERE subject = officer AND ended_at IS NULL
    )
    SELECT identity.revoke(officer, why);
$$;
COMMENT ON FUNCTION identity.officer_out(uuid, text) IS 'ends the sessions and tokens of an officer';

CREATE FUNCTION identity.officer_reply(o identity.officer) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('officer_id', o.id, 'login', o.login, 'name', o.name,
    'county_code', o.county_code, 'area_code', o.area_code, 'unit', o.unit,
    'phone_masked', o.phone_masked,
    'state', CASE WHEN o.disabled_at IS NOT NULL THEN 'disabled'
                  WHEN o.password_hash IS NULL THEN 'invited' ELSE 'active' END,
    'disabled_why', o.disabled_why, 'password_set_at', CASE WHEN o.password_hash IS NOT NULL
        THEN o.password_set_at END, 'created_at', o.created_at);
