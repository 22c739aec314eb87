-- Clients as data: the app and the officers' desk (public, no secret, PKCE),
-- other web clients, and partners (confidential). Secrets are drawn by us, kept
-- by hash, several at a time so that a partner can change over.
ALTER TABLE identity.client
    ADD COLUMN type text NOT NULL DEFAULT 'partner'
        CONSTRAINT client_type_check CHECK (type IN ('app', 'web', 'partner')),
    ADD COLUMN auth text NOT NULL DEFAULT 'client_secret'
        CONSTRAINT client_auth_check CHECK (auth IN ('none', 'client_secret', 'private_key_jwt')),
    ADD COLUMN grants text[] NOT NULL DEFAULT '{client_credentials}',
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{partner}',
    ADD COLUMN redirect_uris text[] NOT NULL DEFAULT '{}',
    ADD COLUMN jwks jsonb,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN disabled_at timestamptz,
    ALTER COLUMN org_id DROP NOT NULL,
    ADD CONSTRAINT client_partner_org CHECK ((type = 'partner') = (org_id IS NOT NULL)),
    ADD CONSTRAINT client_partner_proves CHECK ((type = 'partner') = (auth <> 'none')),
    ADD CONSTRAINT client_key_set CHECK ((auth = 'private_key_jwt') = (jwks IS NOT NULL));
UPDATE identity.client SET disabled_at = clock_timestamp() WHERE disabled;

CREATE TABLE identity.client_secret (
    client     uuid NOT NULL REFERENCES identity.client,
    hash       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    PRIMARY KEY (client, hash)
);
COMMENT ON COLUMN identity.client_secret.hash IS 'SHA-256 (hex) of 32 random bytes in base64url';
CALL platform.protect('identity.client_secret', $$false$$);
ALTER TABLE identity.client DROP COLUMN secret_hash, DROP COLUMN disabled;

-- Built in, without a secret. Where they are called back is set by the system
-- administrator; the app's scheme is the one its package registers.
INSERT INTO identity.client (id, client_id, name, county_code, type, auth, grants, scopes, redirect_uris)
VALUES
    (platform.uuid7(), 'app', '永就业365', '431100', 'app', 'none',
     '{authorization_code,refresh_token}', '{person,employer,institution,carrier}',
     '{cn.yongzhou.jiuye365:/oauth/callback}'),
    (platform.uuid7(), 'desk', '工作台', '431100', 'web', 'none',
     '{authorization_code,refresh_token}',
     '{clerk,first_review,recheck,approve,finance,fiscal,audit,stats,system_admin,security_admin,audit_admin}',
     '{}');

-- What a client proved itself with, until it would expire: never twice.
CREATE TABLE identity.client_assertion (
    client     uuid NOT NULL REFERENCES identity.client,
    jti        text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client, jti)
);
CREATE INDEX client_assertion_expires_idx ON identity.client_assertion (expires_at);
CALL platform.protect('identity.client_assertion', $$false$$);

-- Codes of the authorization endpoint, by hash. A code that was used knows the
-- session it opened, to end it when the code comes again.
CREATE TABLE identity.authorization_code (
    code_hash    bytea PRIMARY KEY,
    client_id    text NOT NULL,
    redirect_uri text NOT NULL,
    challenge    text NOT NULL,
    scope        text,
    kind         text NOT NULL CONSTRAINT authorization_code_kind_check
        CHECK (kind IN ('person', 'officer')),
    subject      uuid NOT NULL,
    method       text NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    session      uuid
);
CREATE INDEX authorization_code_expires_idx ON identity.authorization_code (expires_at);
CALL platform.protect('identity.authorization_code', $$false$$);

-- A client as administrators see it; no secret, not even its hash.
CREATE FUNCTION identity.client_reply(c identity.client) RETURNS text
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', c.id, 'client_id', c.client_id, 'name', c.name, 'type', c.type,
    'auth', c.auth, 'org_id', c.org_id, 'county_code', c.county_code,
    'grants', to_jsonb(c.grants), 'scopes', to_jsonb(c.scopes),
    'redirect_uris', to_jsonb(c.redirect_uris), 'jwks', c.jwks, 'created_at', c.created_at,
    'expires_at', c.expires_at, 'disabled_at', c.disabled_at,
    'secrets', (SELECT count(*) FROM identity.client_secret s
                 WHERE s.client = c.id AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())))::text;
