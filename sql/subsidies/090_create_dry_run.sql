-- Dry runs (试算): a drafted rule over the facts of a period, beside what holds
-- now. They decide nothing; their rows are only read.
CREATE TABLE subsidies.dry_run (
    id           uuid PRIMARY KEY,
    policy_code  text NOT NULL,
    document     jsonb NOT NULL,
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    county_code  text NOT NULL,         -- 431100: every county
    state        text NOT NULL DEFAULT 'queued'
        CONSTRAINT dry_run_state_check CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    judged       bigint NOT NULL DEFAULT 0,
    report       jsonb,
    requested_by uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    ended_at     timestamptz,
    CONSTRAINT dry_run_days_check CHECK (from_on <= to_on AND to_on - from_on <= 366)
);
CREATE INDEX dry_run_list ON subsidies.dry_run (county_code, id);
CREATE INDEX dry_run_open ON subsidies.dry_run (id) WHERE state IN ('queued', 'running');
CALL platform.protect('subsidies.dry_run',
    $$requested_by = platform.actor() OR platform.in_areas(county_code, NULL)$$,
    $$platform.in_areas(county_code, NULL)$$);
REVOKE DELETE ON subsidies.dry_run FROM subsidies_app, subsidies_system;

-- Who would gain and who would lose, as many as are kept.
CREATE TABLE subsidies.dry_run_row (
    dry_run_id   uuid NOT NULL REFERENCES subsidies.dry_run,
    subject_id   uuid NOT NULL,
    change       text NOT NULL
        CONSTRAINT dry_run_row_change_check CHECK (change IN ('winner', 'loser', 'more', 'less')),
    person_id    uuid,
    org_id       uuid,
    subject_on   date NOT NULL,
    before_cents bigint,                -- NULL: nothing, or 未设定
    after_cents  bigint,
    reason       text,                  -- code of the condition by which a loser fails
    county_code  text NOT NULL,
    PRIMARY KEY (dry_run_id, subject_id)
);
CALL platform.protect('subsidies.dry_run_row', $$platform.in_areas(county_code, NULL)$$);
