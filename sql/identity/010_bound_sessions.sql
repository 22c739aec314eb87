-- A sign-in opens a session: its id travels as `sid` in every access token
-- made from it. Refresh tokens belong to a session and are kept by hash; the
-- successor of a spent one is kept sealed for the seconds in which its reply
-- may have been lost.
CREATE TEMPORARY TABLE family_before ON COMMIT DROP AS
SELECT DISTINCT ON (family) family, kind, subject, org_id, created_at, ended_at
  FROM identity.session
 ORDER BY family, created_at;
CREATE TEMPORARY TABLE refresh_before ON COMMIT DROP AS
SELECT token_hash, family, used_at, created_at FROM identity.session;
DROP TABLE identity.session;

CREATE TABLE identity.session (
    id           uuid PRIMARY KEY,
    parent       uuid,
    kind         text NOT NULL CONSTRAINT session_kind_check CHECK (kind IN ('person', 'officer')),
    subject      uuid NOT NULL,
    org_id       uuid,
    actor        uuid,
    outlet       uuid,
    client_id    text NOT NULL,
    method       text NOT NULL CONSTRAINT session_method_check CHECK (method IN
        ('text_code', 'password_totp', 'recovery_code', 'acting', 'assisted')),
    strong       boolean NOT NULL DEFAULT false,
    scope        text,
    county_code  text,
    opened_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at      timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_why    text
);
COMMENT ON COLUMN identity.session.parent IS 'acting for a firm: the session of the person, which it does not outlive';
COMMENT ON COLUMN identity.session.scope IS 'what the client asked for; NULL: everything the subject may';
COMMENT ON COLUMN identity.session.county_code IS 'of an officer: whose administrators may end it';
CREATE INDEX session_subject_idx ON identity.session (subject, id);
CREATE INDEX session_parent_idx ON identity.session (parent) WHERE parent IS NOT NULL;
CREATE INDEX session_client_idx ON identity.session (client_id) WHERE ended_at IS NULL;
CREATE INDEX session_officers_idx ON identity.session (county_code, id)
    WHERE county_code IS NOT NULL AND ended_at IS NULL;
CREATE INDEX session_ends_idx ON identity.session (ends_at);
CALL platform.protect('identity.session',
    $$subject = platform.actor() OR subject = platform.person()$$);
INSERT INTO identity.session (id, kind, subject, org_id, client_id, method, strong, county_code,
       opened_at, last_used_at, ends_at, ended_at)
SELECT b.family, b.kind, b.subject, b.org_id,
       CASE b.kind WHEN 'person' THEN 'app' ELSE 'desk' END,
       CASE b.kind WHEN 'person' THEN 'text_code' ELSE 'password_totp' END,
       b.kind = 'officer', o.county_code, b.created_at, b.created_at,
       b.created_at + CASE b.kind WHEN 'person' THEN interval '90 days' ELSE interval '12 hours' END,
       b.ended_at
  FROM family_before b
  LEFT JOIN identity.officer o ON o.id = b.subject;

CREATE TABLE identity.refresh_token (
    token_hash       bytea PRIMARY KEY,
    session          uuid NOT NULL REFERENCES identity.session ON DELETE CASCADE,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at          timestamptz,
    successor        bytea,
    successor_sealed text
);
CREATE INDEX refresh_token_session_idx ON identity.refresh_token (session);
CREATE INDEX refresh_token_sealed_idx ON identity.refresh_token (used_at)
    WHERE successor_sealed IS NOT NULL;
CALL platform.protect('identity.refresh_token', $$false$$);
INSERT INTO identity.refresh_token (token_hash, session, used_at, created_at)
SELECT token_hash, family, used_at, created_at FROM refresh_before;
