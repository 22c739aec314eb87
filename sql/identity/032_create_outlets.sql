-- Outlets, the clerks who work there, and what they did for people who were
-- present. An officer works at one outlet at a time.
CREATE TABLE identity.outlet (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    kind        text NOT NULL CONSTRAINT outlet_kind_check CHECK (kind IN
        ('hall', 'town', 'village', 'station', 'fuel')),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    closed_at   timestamptz,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX outlet_county_idx ON identity.outlet (county_code, id);
CALL platform.protect('identity.outlet',
    $$id = platform.outlet() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

CREATE TABLE identity.officer_outlet (
    officer_id uuid NOT NULL REFERENCES identity.officer,
    outlet_id  uuid NOT NULL REFERENCES identity.outlet,
    from_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    to_at      timestamptz,
    placed_by  uuid NOT NULL DEFAULT platform.actor(),
    PRIMARY KEY (officer_id, from_at)
);
CREATE UNIQUE INDEX officer_outlet_open_key ON identity.officer_outlet (officer_id)
    WHERE to_at IS NULL;
CALL platform.protect('identity.officer_outlet',
    $$officer_id = platform.actor() OR outlet_id = platform.outlet()$$, $$false$$);

-- Real time: a session is a token's life, and ends when the clerk ends it.
CREATE TABLE identity.assist_session (
    id            uuid PRIMARY KEY,
    outlet_id     uuid NOT NULL REFERENCES identity.outlet,
    clerk_id      uuid NOT NULL REFERENCES identity.officer,
    person_id     uuid NOT NULL REFERENCES identity.person,
    org_id        uuid REFERENCES identity.org,
    method        text NOT NULL CONSTRAINT assist_session_method_check
                  CHECK (method IN ('code', 'card')),
    card_valid_on date,
    reason        text,
    name_masked   text NOT NULL,
    outlet_name   text NOT NULL,
    clerk_name    text NOT NULL,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    from_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    until_at      timestamptz NOT NULL,
    ended_at      timestamptz,
    CONSTRAINT assist_session_card_check
        CHECK (method = 'code' OR (card_valid_on IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX assist_session_outlet_idx ON identity.assist_session (outlet_id, id DESC);
CREATE INDEX assist_session_person_idx ON identity.assist_session (person_id, id DESC);
CALL platform.protect('identity.assist_session',
    $$person_id = platform.person() OR outlet_id = platform.outlet()$$, $$false$$);
