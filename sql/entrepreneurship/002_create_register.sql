-- What entrepreneurship knows of organisations: a projection of
-- identity.org.registered.v1.
CREATE TABLE entrepreneurship.org (
    id          uuid PRIMARY KEY,
    uscc        text NOT NULL,
    name        text NOT NULL,
    kind        text NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT org_uscc_key UNIQUE (uscc)
);

CALL platform.protect('entrepreneurship.org', 'true', 'false');
