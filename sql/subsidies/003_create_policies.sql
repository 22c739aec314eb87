-- Policies and the decisions made under them.
--
-- A policy version is one JSON document, published once and never changed:
-- the roles of the service may insert but not update or delete. The hash is
-- of the document's jsonb text, so what a decision cites can be recomputed.

CREATE TABLE subsidies.fund_source (
    code        text PRIMARY KEY,
    title       text NOT NULL,
    legal_basis text NOT NULL
);

CREATE TABLE subsidies.policy_version (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    code           text NOT NULL,
    version        integer NOT NULL,
    document       jsonb NOT NULL,
    hash           text NOT NULL,
    subject        text NOT NULL
        CONSTRAINT policy_version_subject_check CHECK (subject IN ('employment')),
    effective_from date NOT NULL,
    effective_to   date NOT NULL,
    benefit_family text NOT NULL,
    fund_source    text NOT NULL REFERENCES subsidies.fund_source,
    amount_cents   bigint,              -- NULL: 未设定, nothing can be paid
    published_by   uuid,                -- NULL: came with the system
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT policy_version_code_key UNIQUE (code, version),
    CONSTRAINT policy_version_hash_check
        CHECK (hash = encode(sha256(convert_to(document::text, 'UTF8')), 'hex')),
    CONSTRAINT policy_version_window_check CHECK (effective_from <= effective_to),
    CONSTRAINT policy_version_amount_check CHECK (amount_cents > 0),
    CONSTRAINT policy_version_columns_check CHECK (
        code = document ->> 'code' AND version = (document ->> 'version')::integer
        AND subject = document ->> 'subject'
        AND effective_from = (document ->> 'effective_from')::date
        AND effective_to = (document ->> 'effective_to')::date
        AND benefit_family = document ->> 'benefit_family'
        AND fund_source = document ->> 'fund_source'
        AND amount_cents IS NOT DISTINCT FROM (document #>> '{amount,amount_cents}')::bigint)
);
REVOKE UPDATE, DELETE ON subsidies.policy_version FROM subsidies_app, subsidies_system;

-- Takes a document apart into its columns; the caller has checked its rules.
CREATE FUNCTION subsidies.policy_publish(document jsonb, publisher uuid)
RETURNS subsidies.policy_version LANGUAGE sql AS $$
    INSERT INTO subsidies.policy_version (code, version, document, hash, subject,
        effective_from, effective_to, benefit_family, fund_source, amount_cents, published_by)
    VALUES (document ->> 'code', (document ->> 'version')::integer, document,
        encode(sha256(convert_to(document::text, 'UTF8')), 'hex'),
        document ->> 'subject', (document ->> 'effective_from')::date,
        (document ->> 'effective_to')::date, document ->> 'benefit_family',
        document ->> 'fund_source', (document #>> '{amount,amount_cents}')::bigint, publisher)
    RETURNING *
$$;

-- A decision: the version's hash, the facts as they were given to the rules,
-- and what the rules answered, byte for byte. Only superseded_at ever changes.
CREATE TABLE subsidies.decision (
    id                uuid PRIMARY KEY DEFAULT platform.uuid7(),
    policy_version_id uuid NOT NULL REFERENCES subsidies.policy_version,
    policy_code       text NOT NULL,
    rule_hash         text NOT NULL,
    employment_id     uuid NOT NULL REFERENCES subsidies.employment,
    person_id         uuid NOT NULL,
    org_id            uuid NOT NULL,
    facts             text NOT NULL,
    results           text NOT NULL,
    verdict           text NOT NULL
        CONSTRAINT decision_verdict_check CHECK (verdict IN ('eligible', 'refused', 'waiting')),
    reason            text,             -- code of the condition that decided
    amount_cents      bigint CONSTRAINT decision_amount_check CHECK (amount_cents > 0),
    county_code       text NOT NULL,
    area_code         text,
    created_at        timestamptz NOT NULL DEFAULT platform.now(),
    superseded_at     timestamptz,
    CONSTRAINT decision_reason_check CHECK ((verdict = 'eligible') = (reason IS NULL))
);
CREATE UNIQUE INDEX decision_current_key ON subsidies.decision (employment_id, policy_code)
    WHERE superseded_at IS NULL;
CREATE INDEX decision_list ON subsidies.decision (policy_code, county_code, verdict, id)
    WHERE superseded_at IS NULL;
CREATE INDEX decision_history ON subsidies.decision (employment_id, policy_code, id);
CREATE INDEX decision_org ON subsidies.decision (org_id, id);
CREATE INDEX decision_person ON subsidies.decision (person_id, id);

-- Who asked for a scan, of what, and what it found.
CREATE TABLE subsidies.scan (
    id           uuid PRIMARY KEY,
    policy_code  text NOT NULL,
    county_code  text NOT NULL,         -- 431100: every county of the caller
    judged       bigint NOT NULL,
    report       jsonb NOT NULL,
    requested_by uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);

CALL platform.protect('subsidies.decision',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org()$$,
    $$false$$);
CALL platform.protect('subsidies.scan',
    $$platform.in_areas(county_code, NULL) OR requested_by = platform.actor()$$);
REVOKE UPDATE, DELETE ON subsidies.decision FROM subsidies_app, subsidies_system;
GRANT UPDATE (superseded_at) ON subsidies.decision TO subsidies_system;
