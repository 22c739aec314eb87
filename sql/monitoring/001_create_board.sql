-- What the city counts. Rows are projections of the other services' events,
-- one a fact, so that every figure opens to the rows behind it.
CREATE SCHEMA monitoring;
CALL platform.make_service('monitoring');

CREATE TABLE monitoring.employment (
    employment_id  uuid PRIMARY KEY,
    person_id      uuid NOT NULL,
    org_id         uuid NOT NULL,
    hired_on       date NOT NULL,
    ended_on       date,
    was_unemployed boolean NOT NULL,
    was_difficult  boolean NOT NULL,
    county_code    text NOT NULL
);
CREATE INDEX employment_county_idx ON monitoring.employment (county_code, hired_on, employment_id);
CREATE INDEX employment_hired_idx ON monitoring.employment (hired_on);
CALL platform.protect('monitoring.employment', $$platform.in_areas(county_code, NULL)$$);

CREATE TABLE monitoring.unemployment (
    registration_id uuid PRIMARY KEY,
    person_id       uuid NOT NULL,
    registered_on   date NOT NULL,
    ended_on        date,
    end_reason      text,
    county_code     text NOT NULL
);
CREATE INDEX unemployment_county_idx ON monitoring.unemployment (county_code, registered_on);
CALL platform.protect('monitoring.unemployment', $$platform.in_areas(county_code, NULL)$$);

CREATE TABLE monitoring.certificate (
    certificate_id  uuid PRIMARY KEY,
    person_id       uuid NOT NULL,
    occupation_code text NOT NULL,
    level           int NOT NULL,
    issued_on       date NOT NULL,
    county_code     text NOT NULL
);
CREATE INDEX certificate_county_idx ON monitoring.certificate (county_code, issued_on);
CALL platform.protect('monitoring.certificate', $$platform.in_areas(county_code, NULL)$$);

CREATE TABLE monitoring.trainee (
    enrolment_id uuid PRIMARY KEY,
    person_id    uuid NOT NULL,
    completed_on date NOT NULL,
    passed       boolean NOT NULL,
    county_code  text NOT NULL
);
CREATE INDEX trainee_county_idx ON monitoring.trainee (county_code, completed_on);
CALL platform.protect('monitoring.trainee', $$platform.in_areas(county_code, NULL)$$);

CREATE TABLE monitoring.startup_job (
    employment_id uuid PRIMARY KEY,
    carrier_id    uuid NOT NULL,
    org_id        uuid NOT NULL,
    hired_on      date NOT NULL,
    county_code   text NOT NULL
);
CREATE INDEX startup_job_county_idx ON monitoring.startup_job (county_code, hired_on);
CALL platform.protect('monitoring.startup_job', $$platform.in_areas(county_code, NULL)$$);

CREATE TABLE monitoring.payment (
    claim_id     uuid PRIMARY KEY,
    payment_no   text NOT NULL,
    policy_code  text NOT NULL,
    org_id       uuid,
    amount_cents bigint NOT NULL CONSTRAINT payment_amount_check CHECK (amount_cents > 0),
    paid_on      date NOT NULL,
    county_code  text NOT NULL
);
CREATE INDEX payment_county_idx ON monitoring.payment (county_code, paid_on);
CALL platform.protect('monitoring.payment', $$platform.in_areas(county_code, NULL)$$);

-- An indicator is its definition; every answer cites it with its hash.
CREATE TABLE monitoring.indicator (
    code       text PRIMARY KEY,
    name       text NOT NULL,
    unit       text NOT NULL CONSTRAINT indicator_unit_check CHECK (unit IN ('person', 'job', 'cents')),
    definition text NOT NULL,
    source     text NOT NULL
);

-- County targets are set by the city; the policy names only the city's own.
CREATE TABLE monitoring.target (
    indicator   text NOT NULL REFERENCES monitoring.indicator,
    county_code text NOT NULL,
    from_on     date NOT NULL,
    to_on       date NOT NULL,
    amount      bigint NOT NULL CONSTRAINT target_amount_check CHECK (amount >= 0),
    basis       text NOT NULL,
    PRIMARY KEY (indicator, county_code, from_on)
);
CALL platform.protect('monitoring.target', 'true', 'false');
