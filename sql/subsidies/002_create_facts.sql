-- What is known about people, employers and employments, and since when.
--
-- Rows that came from events name the person; rows that came from files name
-- the blind index of an identity number (never the number). A file may speak
-- of somebody who registers only later: the index joins them then by itself.
-- Imported facts are never changed: of several rows for one key the one with
-- the newest batch is what is known now, the older ones what was known then.

CREATE TABLE subsidies.person (
    id          uuid PRIMARY KEY,
    id_index    text NOT NULL,
    name_masked text NOT NULL,
    sex         smallint NOT NULL CONSTRAINT person_sex_check CHECK (sex IN (1, 2)),
    birth_on    date NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    known_from  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT person_id_index_key UNIQUE (id_index)
);

CREATE TABLE subsidies.org (
    id            uuid PRIMARY KEY,
    uscc          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL,
    industry_code text,
    county_code   text NOT NULL,
    area_code     text,
    known_from    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT org_uscc_key UNIQUE (uscc)
);

CREATE TABLE subsidies.employment (
    id               uuid PRIMARY KEY,
    person_id        uuid NOT NULL,
    org_id           uuid NOT NULL,
    hired_on         date NOT NULL,
    contract_type    text,
    contract_months  integer,
    occupation_code  text,
    wage_cents       bigint CONSTRAINT employment_wage_check CHECK (wage_cents >= 0),
    was_unemployed   boolean NOT NULL DEFAULT false,
    was_difficult    boolean NOT NULL DEFAULT false,
    ended_on         date,
    end_reason       text,
    county_code      text NOT NULL,
    area_code        text,
    known_from       timestamptz NOT NULL DEFAULT platform.now(),
    ended_known_from timestamptz
);
CREATE INDEX employment_person ON subsidies.employment (person_id, hired_on);
CREATE INDEX employment_org ON subsidies.employment (org_id);
CREATE INDEX employment_hired ON subsidies.employment (hired_on, county_code);

CREATE TABLE subsidies.unemployment (
    id               uuid PRIMARY KEY,
    person_id        uuid NOT NULL,
    registered_on    date NOT NULL,
    ended_on         date,
    end_reason       text,
    county_code      text NOT NULL,
    known_from       timestamptz NOT NULL DEFAULT platform.now(),
    ended_known_from timestamptz
);
CREATE INDEX unemployment_person ON subsidies.unemployment (person_id, registered_on);

-- One file. The same bytes are taken once per kind; asked again, the report answers.
CREATE TABLE subsidies.import_batch (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL
        CONSTRAINT import_batch_kind_check CHECK (kind IN ('insurance_months', 'graduates')),
    file_sha256     text NOT NULL,
    rows_read       bigint NOT NULL DEFAULT 0,
    rows_applied    bigint NOT NULL DEFAULT 0,
    rows_unmatched  bigint NOT NULL DEFAULT 0,
    rows_failed     bigint NOT NULL DEFAULT 0,
    covers_through  date,
    report          jsonb NOT NULL DEFAULT '[]',
    county_code     text NOT NULL,
    created_by      uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT import_batch_file_key UNIQUE (kind, file_sha256)
);
CREATE INDEX import_batch_through ON subsidies.import_batch (kind, covers_through);

-- kinds: 1 pension, 2 unemployment, 4 work injury, as paid for that month.
CREATE TABLE subsidies.insurance_month (
    id_index   text NOT NULL,
    uscc       text NOT NULL,
    month      date NOT NULL
        CONSTRAINT insurance_month_first_day_check CHECK (extract(day FROM month) = 1),
    kinds      smallint NOT NULL CONSTRAINT insurance_month_kinds_check CHECK (kinds BETWEEN 0 AND 7),
    batch_id   uuid NOT NULL REFERENCES subsidies.import_batch,
    known_from timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (id_index, uscc, month, batch_id)
);

CREATE TABLE subsidies.graduate (
    id_index       text NOT NULL,
    school         text NOT NULL,
    education_code text NOT NULL,
    full_time      boolean NOT NULL,
    graduated_on   date NOT NULL,
    batch_id       uuid NOT NULL REFERENCES subsidies.import_batch,
    known_from     timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (id_index, school, education_code, batch_id)
);

-- Employments whose facts changed and that wait to be judged again. Whoever
-- changes a fact writes here in the same transaction, always with DO UPDATE:
-- the row lock makes the evaluator see the new fact or leave the row.
CREATE TABLE subsidies.due (
    employment_id uuid PRIMARY KEY,
    person_id     uuid NOT NULL,
    county_code   text NOT NULL,
    hired_on      date NOT NULL,
    since         timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX due_order ON subsidies.due (person_id, hired_on, employment_id);

CALL platform.protect('subsidies.person',
    $$platform.in_areas(county_code, area_code) OR id = platform.person()
      OR platform.action() LIKE 'subsidies.import.%'$$,
    $$false$$);
CALL platform.protect('subsidies.org',
    $$platform.in_areas(county_code, area_code) OR id = platform.org()
      OR platform.action() LIKE 'subsidies.import.%'$$,
    $$false$$);
CALL platform.protect('subsidies.employment',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org() OR platform.action() LIKE 'subsidies.import.%'$$,
    $$false$$);
CALL platform.protect('subsidies.unemployment',
    $$platform.in_areas(county_code, NULL) OR person_id = platform.person()$$,
    $$false$$);
CALL platform.protect('subsidies.import_batch', $$platform.action() LIKE 'subsidies.import.%'$$);
-- Named only by blind index: for the importer while it imports, and the evaluator.
CALL platform.protect('subsidies.insurance_month', $$platform.action() LIKE 'subsidies.import.%'$$);
CALL platform.protect('subsidies.graduate', $$platform.action() LIKE 'subsidies.import.%'$$);
CALL platform.protect('subsidies.due', $$platform.action() LIKE 'subsidies.import.%'$$);
REVOKE UPDATE, DELETE ON subsidies.insurance_month, subsidies.graduate
    FROM subsidies_app, subsidies_system;
