-- Money: fund source -> budget line -> county allotment, in cents.
--
-- The columns of an allotment say how much was given and where it stands; the
-- entries say how it came there. An entry is one transfer between two accounts
-- of one allotment, so the books balance by construction. No statement can
-- bring reserved + committed + paid above what was appropriated.

CREATE TABLE subsidies.budget_line (
    code               text PRIMARY KEY,
    fund_source        text NOT NULL REFERENCES subsidies.fund_source,
    title              text NOT NULL,
    legal_basis        text NOT NULL,
    appropriated_cents bigint,          -- NULL: the policy names no sum
    allotted_cents     bigint NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT budget_line_source_key UNIQUE (code, fund_source),
    CONSTRAINT budget_line_allotted_check CHECK (
        allotted_cents >= 0
        AND (appropriated_cents IS NULL OR allotted_cents <= appropriated_cents))
);

-- Which policies a line may pay. A claim points here, so 挪用 has no way in.
CREATE TABLE subsidies.budget_line_policy (
    line_code   text NOT NULL REFERENCES subsidies.budget_line,
    policy_code text NOT NULL,
    PRIMARY KEY (line_code, policy_code)
);

CREATE TABLE subsidies.allotment (
    id                 uuid PRIMARY KEY DEFAULT platform.uuid7(),
    line_code          text NOT NULL REFERENCES subsidies.budget_line,
    county_code        text NOT NULL,
    appropriated_cents bigint NOT NULL DEFAULT 0
        CONSTRAINT allotment_appropriated_check CHECK (appropriated_cents >= 0),
    reserved_cents     bigint NOT NULL DEFAULT 0
        CONSTRAINT allotment_reserved_check CHECK (reserved_cents >= 0),
    committed_cents    bigint NOT NULL DEFAULT 0
        CONSTRAINT allotment_committed_check CHECK (committed_cents >= 0),
    paid_cents         bigint NOT NULL DEFAULT 0
        CONSTRAINT allotment_paid_check CHECK (paid_cents >= 0),
    created_at         timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT allotment_county_key UNIQUE (line_code, county_code),
    CONSTRAINT allotment_line_key UNIQUE (id, line_code),
    CONSTRAINT allotment_not_overspent_check
        CHECK (reserved_cents + committed_cents + paid_cents <= appropriated_cents)
);

CREATE TABLE subsidies.ledger_entry (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    allotment_id uuid NOT NULL REFERENCES subsidies.allotment,
    county_code  text NOT NULL,
    claim_id     uuid,
    debit        text NOT NULL,
    credit       text NOT NULL,
    amount_cents bigint NOT NULL CONSTRAINT ledger_entry_amount_check CHECK (amount_cents > 0),
    reason       text NOT NULL,
    actor        uuid,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT ledger_entry_accounts_check CHECK (
        debit IN ('treasury', 'available', 'reserved', 'committed', 'paid')
        AND credit IN ('treasury', 'available', 'reserved', 'committed', 'paid')
        AND debit <> credit)
);
CREATE INDEX ledger_entry_allotment ON subsidies.ledger_entry (allotment_id);
CREATE INDEX ledger_entry_claim ON subsidies.ledger_entry (claim_id);

-- An employer's confirmation reserves money though the employer has no area:
-- the action, set by the route alone, opens these rows to that one statement.
CALL platform.protect('subsidies.allotment',
    $$platform.in_areas(county_code, NULL) OR platform.action() = 'subsidies.claim.confirm'$$);
CALL platform.protect('subsidies.ledger_entry',
    $$platform.in_areas(county_code, NULL)$$,
    $$platform.in_areas(county_code, NULL) OR platform.action() = 'subsidies.claim.confirm'$$);
REVOKE UPDATE, DELETE ON subsidies.ledger_entry FROM subsidies_app, subsidies_system;
REVOKE INSERT, DELETE ON subsidies.budget_line, subsidies.budget_line_policy
    FROM subsidies_app, subsidies_system;
REVOKE DELETE ON subsidies.allotment FROM subsidies_app, subsidies_system;
