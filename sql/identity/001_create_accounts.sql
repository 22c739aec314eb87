-- People, organisations, officers, partner clients and their sessions.
-- Names, identity numbers and phones are sealed; look-up is by blind index.
CREATE SCHEMA identity;
CALL platform.make_service('identity');

CREATE TABLE identity.person (
    id           uuid PRIMARY KEY,
    id_index     text NOT NULL,
    phone_index  text NOT NULL,
    id_sealed    text NOT NULL,
    name_sealed  text NOT NULL,
    phone_sealed text NOT NULL,
    name_masked  text NOT NULL,
    id_masked    text NOT NULL,
    phone_masked text NOT NULL,
    sex          int NOT NULL CONSTRAINT person_sex_check CHECK (sex IN (1, 2)),
    birth_on     date NOT NULL,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT person_id_index_key UNIQUE (id_index),
    CONSTRAINT person_phone_index_key UNIQUE (phone_index)
);
CREATE INDEX person_county_idx ON identity.person (county_code, id);
CALL platform.protect('identity.person',
    $$id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$id = platform.person()$$);

CREATE TABLE identity.org (
    id            uuid PRIMARY KEY,
    uscc          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL CONSTRAINT org_kind_check CHECK (kind IN
        ('enterprise', 'institution', 'public_body', 'association', 'sole_trader',
         'agency', 'carrier')),
    industry_code text,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT org_uscc_key UNIQUE (uscc)
);
CREATE INDEX org_county_idx ON identity.org (county_code, id);
CALL platform.protect('identity.org',
    $$id = platform.org() OR platform.in_areas(county_code, area_code)$$,
    $$id = platform.org()$$);

-- Who may act for an organisation, and since when.
CREATE TABLE identity.org_member (
    org_id    uuid NOT NULL REFERENCES identity.org,
    person_id uuid NOT NULL REFERENCES identity.person,
    title     text NOT NULL CONSTRAINT org_member_title_check CHECK (title IN ('legal', 'agent')),
    from_at   timestamptz NOT NULL DEFAULT platform.now(),
    to_at     timestamptz,
    PRIMARY KEY (org_id, person_id, from_at)
);
CREATE UNIQUE INDEX org_member_open_key ON identity.org_member (org_id, person_id)
    WHERE to_at IS NULL;
CALL platform.protect('identity.org_member',
    $$person_id = platform.person() OR org_id = platform.org()$$);

CREATE TABLE identity.officer (
    id            uuid PRIMARY KEY,
    login         text NOT NULL CONSTRAINT officer_login_key UNIQUE,
    name          text NOT NULL,
    county_code   text NOT NULL,
    password_hash text NOT NULL,
    totp_sealed   text NOT NULL,
    totp_step     bigint NOT NULL DEFAULT 0,
    failures      int NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('identity.officer',
    $$id = platform.actor() OR platform.in_areas(county_code, NULL)$$, $$false$$);

CREATE TABLE identity.officer_grant (
    officer_id uuid NOT NULL REFERENCES identity.officer,
    role       text NOT NULL,
    area_code  text NOT NULL,
    from_on    date NOT NULL,
    to_on      date,
    PRIMARY KEY (officer_id, role, area_code, from_on)
);
CALL platform.protect('identity.officer_grant', $$officer_id = platform.actor()$$, $$false$$);

CREATE TABLE identity.client (
    id          uuid PRIMARY KEY,
    client_id   text NOT NULL CONSTRAINT client_client_id_key UNIQUE,
    secret_hash text NOT NULL,
    org_id      uuid NOT NULL,
    name        text NOT NULL,
    county_code text NOT NULL,
    disabled    boolean NOT NULL DEFAULT false
);
CALL platform.protect('identity.client', $$org_id = platform.org()$$, $$false$$);

-- Sessions live on real time: refresh tokens rotate within a family.
CREATE TABLE identity.session (
    id         uuid PRIMARY KEY,
    family     uuid NOT NULL,
    kind       text NOT NULL CONSTRAINT session_kind_check CHECK (kind IN ('person', 'officer')),
    subject    uuid NOT NULL,
    org_id     uuid,
    token_hash bytea NOT NULL CONSTRAINT session_token_hash_key UNIQUE,
    used_at    timestamptz,
    ended_at   timestamptz,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX session_family_idx ON identity.session (family);
CALL platform.protect('identity.session', $$subject = platform.actor()$$);

CREATE TABLE identity.text_code (
    phone_index text PRIMARY KEY,
    code_hash   bytea NOT NULL,
    sent_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    tries       int NOT NULL DEFAULT 0
);
CALL platform.protect('identity.text_code', $$false$$);

-- What a sender has to deliver; the development sender leaves it here.
CREATE TABLE identity.text_message (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone_index text NOT NULL,
    body        text NOT NULL,
    sent_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX text_message_phone_idx ON identity.text_message (phone_index, id DESC);
CALL platform.protect('identity.text_message', $$false$$);
