-- Measures, the rows they count, and the sums of those rows.
--
-- A measure says which facts it counts, by what and when. Every fact that it
-- counts is a tally: the very row behind a figure. A tally is never changed: it
-- ends at a revision and another begins, so what a figure was made of at any
-- revision can be read again. Cells are sums of the open tallies by month, of
-- the city, its counties and (all tags together) their towns, kept with them in
-- the same transaction; a tag is a dimension and its value, '' for all. What is
-- smaller is summed from the tallies, which are few then.

CREATE TABLE monitoring.measure (
    id      smallint PRIMARY KEY,
    code    text NOT NULL CONSTRAINT measure_code_key UNIQUE,
    name    text NOT NULL,
    kind    text NOT NULL,
    filters jsonb[] NOT NULL DEFAULT '{"{}"}',
    moment  text NOT NULL CONSTRAINT measure_moment_check CHECK (moment IN ('on', 'until', 'span')),
    counts  text NOT NULL CONSTRAINT measure_counts_check CHECK (counts IN ('facts', 'persons', 'amount')),
    once    text CONSTRAINT measure_once_check CHECK (once IN ('year', 'ever')),
    dims    text[] NOT NULL DEFAULT '{}',
    is_live boolean NOT NULL DEFAULT false,
    CONSTRAINT measure_persons_check CHECK ((counts = 'persons') = (once IS NOT NULL)),
    CONSTRAINT measure_span_check CHECK (once IS NULL OR moment <> 'span')
);
COMMENT ON TABLE monitoring.measure IS 'public: definitions, nobody''s data';
COMMENT ON COLUMN monitoring.measure.moment IS
    'on: its first day; until: its last; span: plus one on the first day, minus one on the first when it is over, so that the sum up to a day is the stock';
COMMENT ON COLUMN monitoring.measure.once IS
    'persons: each once a year, or once ever, where and when it was first so';
COMMENT ON COLUMN monitoring.measure.dims IS
    'industry, group, sex, age, occupation, org_kind, or a member of the fact''s attributes';

-- One a batch of events, in the order of their commits.
CREATE TABLE monitoring.revision (
    id          bigint PRIMARY KEY,
    source      text NOT NULL,
    from_seq    bigint NOT NULL,
    to_seq      bigint NOT NULL,
    is_fresh    boolean NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN monitoring.revision.is_fresh IS 'its events had just happened: watchers are told';
COMMENT ON TABLE monitoring.revision IS 'public: when which events were counted';

CREATE TABLE monitoring.tally (
    measure     smallint NOT NULL,
    fact_id     uuid NOT NULL,
    leg         smallint NOT NULL,
    on_day      date NOT NULL,
    value       bigint NOT NULL,
    person_id   uuid,
    org_id      uuid,
    tags        text[] NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    born        bigint NOT NULL,
    gone        bigint NOT NULL DEFAULT 9223372036854775807,
    PRIMARY KEY (fact_id, measure, leg, born)
);
COMMENT ON COLUMN monitoring.tally.leg IS '0: its first day, 1: its end';
-- What only readers need; a rebuild does without until its end.
CREATE FUNCTION monitoring.index_tally() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    CREATE INDEX tally_county_idx ON monitoring.tally (measure, county_code, on_day, fact_id);
    CREATE INDEX tally_town_idx ON monitoring.tally (measure, left(area_code, 9), on_day);
    CREATE INDEX tally_org_idx ON monitoring.tally (measure, org_id, on_day) WHERE org_id IS NOT NULL;
END $$;
REVOKE EXECUTE ON FUNCTION monitoring.index_tally() FROM monitoring_app, monitoring_system;
SELECT monitoring.index_tally();
CALL platform.protect('monitoring.tally', $$platform.in_areas(county_code, area_code)$$, 'false');

CREATE TABLE monitoring.cell (
    measure     smallint NOT NULL,
    area_code   text NOT NULL,
    tag         text NOT NULL,
    month       date NOT NULL,
    county_code text NOT NULL,
    n           bigint NOT NULL,
    PRIMARY KEY (measure, area_code, tag, month)
) WITH (fillfactor = 80);
CALL platform.protect('monitoring.cell',
    $$(area_code = '431100' AND platform.areas() IS NOT NULL) OR platform.in_areas(county_code, area_code)$$, 'false');

-- By the day, for the city and its counties: the ends of a period that are no whole months.
CREATE TABLE monitoring.cell_day (
    measure     smallint NOT NULL,
    county_code text NOT NULL,
    tag         text NOT NULL DEFAULT '',
    on_day      date NOT NULL,
    n           bigint NOT NULL,
    PRIMARY KEY (measure, county_code, tag, on_day)
) WITH (fillfactor = 80);
CALL platform.protect('monitoring.cell_day',
    $$(county_code = '431100' AND platform.areas() IS NOT NULL) OR platform.in_areas(county_code, NULL)$$, 'false');
