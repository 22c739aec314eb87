-- 劳务品牌 (永政办发〔2024〕15号 二（四）12): proposed by a bearer or a county officer,
-- checked by the county, decided by the city; borne by organisations and people
-- who each said yes; changed only by versions that an officer checked.

CREATE TABLE training.brand (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    name          text NOT NULL,
    category      text NOT NULL CONSTRAINT brand_category_check
        CHECK (category IN ('industry', 'heritage', 'service')),
    occupations   text[] NOT NULL CONSTRAINT brand_occupations_check CHECK (cardinality(occupations) BETWEEN 1 AND 10),
    towns         text[] NOT NULL CONSTRAINT brand_towns_check CHECK (cardinality(towns) BETWEEN 1 AND 60),
    counties      text[] NOT NULL CONSTRAINT brand_counties_check CHECK (cardinality(counties) BETWEEN 1 AND 14),
    story         text NOT NULL,
    version       integer NOT NULL DEFAULT 0,   -- 0: not recognised yet
    applicant_id  uuid CONSTRAINT brand_applicant_fkey REFERENCES training.org,
    state         text NOT NULL DEFAULT 'proposed' CONSTRAINT brand_state_check CHECK (state IN
        ('proposed', 'returned', 'checked', 'recognised', 'refused', 'suspended', 'removed')),
    note          text,
    proposed_by   uuid NOT NULL DEFAULT platform.actor(),
    checked_by    uuid,
    decided_by    uuid,
    moved_by      uuid,                         -- who suspended, removed or restored it
    recognised_on date,
    reminded_year integer,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    moved_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT brand_hands_check CHECK (checked_by <> proposed_by AND decided_by <> proposed_by
        AND decided_by <> checked_by),
    CONSTRAINT brand_checked_check CHECK (state <> 'checked' OR checked_by IS NOT NULL),
    CONSTRAINT brand_recognised_check CHECK (state NOT IN ('recognised', 'suspended', 'removed')
        OR (num_nonnulls(checked_by, decided_by, recognised_on) = 3 AND version > 0)),
    CONSTRAINT brand_reason_check CHECK (state NOT IN ('returned', 'refused', 'suspended', 'removed')
        OR note IS NOT NULL)
);
COMMENT ON COLUMN training.brand.applicant_id IS 'the organisation that asked for it; NULL: a county officer proposed it';
CREATE UNIQUE INDEX brand_name_key ON training.brand (name) WHERE state NOT IN ('refused', 'removed');
CREATE INDEX brand_state_idx ON training.brand (state, id);
CREATE INDEX brand_county_idx ON training.brand (county_code, id);
CREATE INDEX brand_applicant_idx ON training.brand (applicant_id, id) WHERE applicant_id IS NOT NULL;

CREATE TABLE training.brand_bearer (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    brand_id    uuid NOT NULL CONSTRAINT brand_bearer_brand_fkey REFERENCES training.brand,
    kind        text NOT NULL CONSTRAINT brand_bearer_kind_check
        CHECK (kind IN ('association', 'leading_firm', 'institution', 'leader')),
    org_id      uuid CONSTRAINT brand_bearer_org_fkey REFERENCES training.org,
    person_id   uuid CONSTRAINT brand_bearer_person_fkey REFERENCES training.person,
    shown_name  text,               -- an organisation's; of a person only what they themselves want shown
    state       text NOT NULL DEFAULT 'named' CONSTRAINT brand_bearer_state_check
        CHECK (state IN ('named', 'confirmed', 'declined', 'ended')),
    note        text,
    named_by    uuid NOT NULL DEFAULT platform.actor(),
    answered_at timestamptz,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT brand_bearer_one_check CHECK (num_nonnulls(org_id, person_id) = 1
        AND (kind = 'leader') = (person_id IS NOT NULL)),
    CONSTRAINT brand_bearer_answered_check CHECK ((state = 'named') = (answered_at IS NULL)),
    CONSTRAINT brand_bearer_shown_check CHECK (person_id IS NULL OR shown_name IS NULL OR state = 'confirmed')
);
CREATE UNIQUE INDEX brand_bearer_org_key ON training.brand_bearer (brand_id, org_id)
    WHERE state IN ('named', 'confirmed') AND org_id IS NOT NULL;
CREATE UNIQUE INDEX brand_bearer_person_key ON training.brand_bearer (brand_id, person_id)
    WHERE state IN ('named', 'confirmed') AND person_id IS NOT NULL;
CREATE INDEX brand_bearer_of_org ON training.brand_bearer (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX brand_bearer_of_person ON training.brand_bearer (person_id, id) WHERE person_id IS NOT NULL;

-- What it says of itself, version by version; nothing in a judged one changes.
CREATE TABLE training.brand_version (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    brand_id    uuid NOT NULL CONSTRAINT brand_version_brand_fkey REFERENCES training.brand,
    version     integer CONSTRAINT brand_version_version_check CHECK (version > 0),    -- NULL: not accepted
    category    text NOT NULL,
    occupations text[] NOT NULL,
    towns       text[] NOT NULL,
    counties    text[] NOT NULL,
    story       text NOT NULL,
    state       text NOT NULL DEFAULT 'proposed' CONSTRAINT brand_version_state_check
        CHECK (state IN ('proposed', 'accepted', 'returned')),
    note        text,
    proposed_by uuid NOT NULL DEFAULT platform.actor(),
    checked_by  uuid,
    checked_at  timestamptz,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT brand_version_hands_check CHECK (checked_by <> proposed_by),
    CONSTRAINT brand_version_judged_check CHECK ((state = 'proposed') = (checked_by IS NULL)
        AND (state = 'accepted') = (version IS NOT NULL) AND (state <> 'returned' OR note IS NOT NULL)),
    CONSTRAINT brand_version_key UNIQUE (brand_id, version)
);
CREATE UNIQUE INDEX brand_version_open_key ON training.brand_version (brand_id) WHERE state = 'proposed';

-- A year as its bearers report it and the county checks it.
CREATE TABLE training.brand_year (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    brand_id       uuid NOT NULL CONSTRAINT brand_year_brand_fkey REFERENCES training.brand,
    year           integer NOT NULL CONSTRAINT brand_year_year_check CHECK (year BETWEEN 2020 AND 2100),
    avg_wage_cents bigint CONSTRAINT brand_year_wage_check CHECK (avg_wage_cents >= 0),
    trained        integer,        -- counted from training's own classes when it passed
    state          text NOT NULL DEFAULT 'draft' CONSTRAINT brand_year_state_check
        CHECK (state IN ('draft', 'submitted', 'passed', 'returned')),
    note           text,
    submitted_by   uuid,
    checked_by     uuid,
    checked_on     date,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT brand_year_key UNIQUE (brand_id, year),
    CONSTRAINT brand_year_hands_check CHECK (checked_by <> submitted_by),
    CONSTRAINT brand_year_checked_check CHECK (state NOT IN ('passed', 'returned') OR checked_by IS NOT NULL)
);
COMMENT ON COLUMN training.brand_year.avg_wage_cents IS 'average monthly wage, 分';

CREATE TABLE training.brand_year_row (
    year_id     uuid NOT NULL CONSTRAINT brand_year_row_year_fkey REFERENCES training.brand_year,
    town_code   text NOT NULL,
    place       text NOT NULL CONSTRAINT brand_year_row_place_check
        CHECK (place IN ('county', 'city', 'province', 'outside', 'abroad')),
    workers     integer NOT NULL CONSTRAINT brand_year_row_workers_check CHECK (workers >= 0),
    brand_id    uuid NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    PRIMARY KEY (year_id, town_code, place)
);
COMMENT ON COLUMN training.brand_year_row.place IS 'where the workers work, seen from the brand''s county';

-- A picture handed in (its id is the file's); shown once an officer says so.
CREATE TABLE training.brand_photo (
    id          uuid PRIMARY KEY CONSTRAINT brand_photo_file_fkey REFERENCES training.file ON DELETE CASCADE,
    brand_id    uuid NOT NULL CONSTRAINT brand_photo_brand_fkey REFERENCES training.brand,
    org_id      uuid NOT NULL,
    caption     text NOT NULL,
    is_shown    boolean NOT NULL DEFAULT false,
    shown_by    uuid,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT brand_photo_shown_check CHECK (NOT is_shown OR shown_by IS NOT NULL)
);
CREATE INDEX brand_photo_brand_idx ON training.brand_photo (brand_id, id);
