-- An organisation counts once its legal representative is confirmed; until
-- then nobody acts for it. A refused one does not keep its code from others.
ALTER TABLE identity.org
    ADD COLUMN state text NOT NULL DEFAULT 'confirmed' CONSTRAINT org_state_check
        CHECK (state IN ('pending', 'confirmed', 'refused')),
    ADD COLUMN state_at timestamptz,
    ADD COLUMN uscc_override_id uuid;
ALTER TABLE identity.org DROP CONSTRAINT org_uscc_key;
CREATE UNIQUE INDEX org_uscc_key ON identity.org (uscc) WHERE state <> 'refused';

-- Who was said to be the legal representative, and who said yes or no to it.
CREATE TABLE identity.org_legal (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL REFERENCES identity.org,
    person_id   uuid NOT NULL REFERENCES identity.person,
    kind        text NOT NULL CONSTRAINT org_legal_kind_check CHECK (kind IN ('first', 'change')),
    state       text NOT NULL CONSTRAINT org_legal_state_check
                CHECK (state IN ('pending', 'confirmed', 'refused')),
    source      text CONSTRAINT org_legal_source_check CHECK (source IN ('self', 'register', 'officer')),
    reason      text,
    asked_by    uuid NOT NULL DEFAULT platform.actor(),
    decided_by  uuid,
    decided_at  timestamptz,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT org_legal_decided_check CHECK ((state = 'pending') = (decided_at IS NULL)
        AND (state = 'pending') = (source IS NULL)),
    CONSTRAINT org_legal_officer_check
        CHECK (source IS DISTINCT FROM 'officer' OR (decided_by IS NOT NULL AND reason IS NOT NULL))
);
CREATE UNIQUE INDEX org_legal_pending_key ON identity.org_legal (org_id) WHERE state = 'pending';
CREATE INDEX org_legal_county_idx ON identity.org_legal (county_code, id);
CALL platform.protect('identity.org_legal', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$false$$);

-- A code whose check character is wrong and which yet is on the licence.
CREATE TABLE identity.uscc_override (
    id          uuid PRIMARY KEY,
    uscc        text NOT NULL CONSTRAINT uscc_override_uscc_key UNIQUE,
    reason      text NOT NULL,
    officer_id  uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('identity.uscc_override', $$platform.in_areas(county_code, area_code)$$);
ALTER TABLE identity.org ADD CONSTRAINT org_uscc_override_fkey
    FOREIGN KEY (uscc_override_id) REFERENCES identity.uscc_override;
