-- What training knows of people and institutions: projections of identity's
-- events. Names arrive masked.
CREATE TABLE training.person (
    id          uuid PRIMARY KEY,
    name_masked text NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);

CALL platform.protect('training.person', $$
    id = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'false');

CREATE TABLE training.org (
    id          uuid PRIMARY KEY,
    uscc        text NOT NULL,
    name        text NOT NULL,
    kind        text NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT org_uscc_key UNIQUE (uscc)
);

CALL platform.protect('training.org', 'true', 'false');
