-- 追缴: money that was paid and is owed back is a receivable, not a changed claim.
--
-- The amount is a sum that the row itself proves: paid, less what is due to the
-- payee, less what came back before. One open recovery a claim. Who proposes,
-- checks, issues and decides the appeal are different people, by the row.
CREATE SEQUENCE subsidies.recovery_no_seq;

-- Days the city sets; without a row nothing is noticed (409 …_unset).
CREATE TABLE subsidies.recovery_rule (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    from_on     date NOT NULL CONSTRAINT recovery_rule_from_key UNIQUE,
    pay_days    integer NOT NULL CONSTRAINT recovery_rule_pay_check CHECK (pay_days BETWEEN 1 AND 365),
    appeal_days integer NOT NULL CONSTRAINT recovery_rule_appeal_check CHECK (appeal_days BETWEEN 1 AND 365),
    answer_days integer NOT NULL CONSTRAINT recovery_rule_answer_check CHECK (answer_days BETWEEN 1 AND 365),
    basis       text NOT NULL,
    set_by      uuid NOT NULL DEFAULT platform.actor(),
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON TABLE subsidies.recovery_rule IS 'public: working days to pay, to appeal and to answer an appeal, from a day on';
REVOKE UPDATE, DELETE ON subsidies.recovery_rule FROM subsidies_app, subsidies_system;
CREATE FUNCTION subsidies.recovery_rule_now() RETURNS subsidies.recovery_rule
LANGUAGE sql STABLE AS $$
    SELECT r FROM subsidies.recovery_rule r WHERE r.from_on <= platform.today() ORDER BY r.from_on DESC LIMIT 1
$$;

CREATE TABLE subsidies.recovery (
    id              uuid PRIMARY KEY,
    recovery_no     text CONSTRAINT recovery_no_key UNIQUE,     -- of the 追缴通知书
    claim_id        uuid NOT NULL REFERENCES subsidies.claim,
    source          text NOT NULL CONSTRAINT recovery_source_check
        CHECK (source IN ('reconsideration', 'objection', 'audit')),
    source_id       uuid,                       -- the reconsideration or the objection
    policy_code     text NOT NULL,
    person_id       uuid,
    org_id          uuid,
    payee_kind      text NOT NULL CONSTRAINT recovery_payee_kind_check CHECK (payee_kind IN ('person', 'org')),
    payee_id        uuid NOT NULL,
    payee_name      text NOT NULL,              -- a person's is masked
    paid_cents      bigint NOT NULL,
    owed_cents      bigint NOT NULL CONSTRAINT recovery_owed_check CHECK (owed_cents >= 0),
    before_cents    bigint NOT NULL CONSTRAINT recovery_before_check CHECK (before_cents >= 0),
    amount_cents    bigint NOT NULL,
    received_cents  bigint NOT NULL DEFAULT 0,
    lost_cents      bigint NOT NULL DEFAULT 0,  -- written off
    reason          text NOT NULL,
    legal_basis     text NOT NULL,
    state           text NOT NULL DEFAULT 'proposed' CONSTRAINT recovery_state_check CHECK (state IN ('proposed',
        'checked', 'noticed', 'acknowledged', 'appealed', 'planned', 'settled', 'cancelled', 'written_off', 'reversed')),
    proposed_by     uuid NOT NULL DEFAULT platform.actor(),
    checked_by      uuid,
    issued_by       uuid,
    decided_by      uuid,                       -- the appeal
    noticed_on      date,
    due_on          date,
    appeal_until    date,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    moved_at        timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT recovery_arithmetic_check CHECK (amount_cents = paid_cents - owed_cents - before_cents),
    CONSTRAINT recovery_amount_check CHECK (amount_cents >= 0 AND (amount_cents > 0 OR state = 'cancelled')),
    CONSTRAINT recovery_received_check CHECK (received_cents >= 0 AND lost_cents >= 0
        AND (state IN ('cancelled', 'reversed') OR received_cents + lost_cents <= amount_cents)),
    CONSTRAINT recovery_settled_check CHECK (state NOT IN ('settled', 'written_off')
        OR received_cents + lost_cents = amount_cents),
    CONSTRAINT recovery_noticed_check CHECK (state IN ('proposed', 'checked', 'cancelled')
        OR num_nulls(recovery_no, issued_by, noticed_on, due_on, appeal_until) = 0),
    CONSTRAINT recovery_hands_check CHECK (checked_by <> proposed_by AND issued_by <> proposed_by
        AND decided_by <> proposed_by AND decided_by <> checked_by AND decided_by <> issued_by)
);
CREATE UNIQUE INDEX recovery_open_key ON subsidies.recovery (claim_id)
    WHERE state NOT IN ('settled', 'cancelled', 'written_off', 'reversed');
CREATE UNIQUE INDEX recovery_source_key ON subsidies.recovery (source_id, claim_id)
    WHERE source_id IS NOT NULL AND state <> 'cancelled';
CREATE INDEX recovery_list ON subsidies.recovery (county_code, state, id);
CREATE INDEX recovery_payee ON subsidies.recovery (payee_id, id);
-- The payee sees it from its notice on.
CALL platform.protect('subsidies.recovery',
    $$platform.in_areas(county_code, area_code)
      OR (noticed_on IS NOT NULL AND payee_id IN (platform.person(), platform.org()))$$);
REVOKE DELETE ON subsidies.recovery FROM subsidies_app, subsidies_system;

-- Everything that happened, in order; never changed.
CREATE TABLE subsidies.recovery_step (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recovery_id uuid NOT NULL REFERENCES subsidies.recovery,
    step        text NOT NULL,
    from_state  text,
    to_state    text NOT NULL,
    cents       bigint,
    note        text,
    actor       uuid DEFAULT platform.actor(),  -- NULL: the system
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX recovery_step_recovery ON subsidies.recovery_step (recovery_id, ord);

CREATE TABLE subsidies.recovery_appeal (
    id          uuid PRIMARY KEY,
    recovery_id uuid NOT NULL REFERENCES subsidies.recovery CONSTRAINT recovery_appeal_once_key UNIQUE,
    content     text NOT NULL,
    due_on      date NOT NULL,
    state       text NOT NULL DEFAULT 'open' CONSTRAINT recovery_appeal_state_check
        CHECK (state IN ('open', 'upheld', 'reduced', 'dismissed')),
    answer      text,
    answered_on date,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT recovery_appeal_answer_check CHECK ((state = 'open') = (answer IS NULL))
);

-- What is left when it is agreed, in dated parts (recovery_plan.h).
CREATE TABLE subsidies.recovery_plan (
    id           uuid PRIMARY KEY,
    recovery_id  uuid NOT NULL REFERENCES subsidies.recovery,
    total_cents  bigint NOT NULL,
    before_cents bigint NOT NULL,               -- received when it was proposed
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT recovery_plan_state_check
        CHECK (state IN ('proposed', 'agreed', 'refused', 'ended')),
    agreed_on    date,
    decided_by   uuid,
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
CREATE UNIQUE INDEX recovery_plan_open_key ON subsidies.recovery_plan (recovery_id) WHERE state IN ('proposed', 'agreed');
CREATE TABLE subsidies.recovery_instalment (
    plan_id      uuid NOT NULL REFERENCES subsidies.recovery_plan,
    seq          integer NOT NULL,
    due_on       date NOT NULL,
    amount_cents bigint NOT NULL CONSTRAINT recovery_instalment_amount_check CHECK (amount_cents > 0),
    county_code  text NOT NULL,
    PRIMARY KEY (plan_id, seq),
    CONSTRAINT recovery_instalment_day_key UNIQUE (plan_id, due_on)
);

-- Money that came: over the bank, or kept back from another payment.
CREATE TABLE subsidies.recovery_receipt (
    id           uuid PRIMARY KEY,
    recovery_id  uuid NOT NULL REFERENCES subsidies.recovery,
    kind         text NOT NULL CONSTRAINT recovery_receipt_kind_check CHECK (kind IN ('bank', 'offset')),
    bank_ref     text CONSTRAINT recovery_receipt_ref_key UNIQUE,
    offset_id    uuid CONSTRAINT recovery_receipt_offset_key UNIQUE,
    amount_cents bigint NOT NULL CONSTRAINT recovery_receipt_amount_check CHECK (amount_cents > 0),
    booked_cents bigint NOT NULL CONSTRAINT recovery_receipt_booked_check CHECK (booked_cents BETWEEN 0 AND amount_cents),
    received_on  date NOT NULL,
    actor        uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT recovery_receipt_source_check CHECK (CASE kind WHEN 'bank' THEN bank_ref IS NOT NULL AND offset_id IS NULL
        ELSE offset_id IS NOT NULL AND bank_ref IS NULL AND booked_cents = amount_cents END)
);
COMMENT ON COLUMN subsidies.recovery_receipt.booked_cents IS 'into the ledger; the rest was too much and goes back';
CREATE INDEX recovery_receipt_recovery ON subsidies.recovery_receipt (recovery_id);

-- What came beyond the debt: it never was the fund's, and is sent back by
-- another officer than the one who registered it.
CREATE TABLE subsidies.recovery_refund (
    receipt_id    uuid PRIMARY KEY REFERENCES subsidies.recovery_receipt,
    recovery_id   uuid NOT NULL REFERENCES subsidies.recovery,
    amount_cents  bigint NOT NULL CONSTRAINT recovery_refund_amount_check CHECK (amount_cents > 0),
    registered_by uuid,
    bank_ref      text CONSTRAINT recovery_refund_ref_key UNIQUE,
    paid_by       uuid,
    paid_on       date,
    county_code   text NOT NULL,
    CONSTRAINT recovery_refund_paid_check CHECK (num_nulls(bank_ref, paid_by, paid_on) IN (0, 3)),
    CONSTRAINT recovery_refund_hands_check CHECK (paid_by <> registered_by)
);
CREATE INDEX recovery_refund_recovery ON subsidies.recovery_refund (recovery_id);

-- Part of a later payment of the same payee that pays this debt: the bank pays
-- the rest of it (offset_for), and what the bank did not pay becomes a receipt.
CREATE TABLE subsidies.recovery_offset (
    id           uuid PRIMARY KEY,
    recovery_id  uuid NOT NULL REFERENCES subsidies.recovery,
    claim_id     uuid NOT NULL REFERENCES subsidies.claim,
    amount_cents bigint NOT NULL CONSTRAINT recovery_offset_amount_check CHECK (amount_cents > 0),
    basis        text NOT NULL CONSTRAINT recovery_offset_basis_check CHECK (basis IN ('consent', 'legal')),
    basis_text   text NOT NULL,
    state        text NOT NULL DEFAULT 'open' CONSTRAINT recovery_offset_state_check
        CHECK (state IN ('open', 'applied', 'released')),
    actor        uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
CREATE UNIQUE INDEX recovery_offset_claim_key ON subsidies.recovery_offset (claim_id) WHERE state = 'open';
CREATE UNIQUE INDEX recovery_offset_recovery_key ON subsidies.recovery_offset (recovery_id) WHERE state = 'open';

-- What two people decide: 核销 and 撤销.
CREATE TABLE subsidies.recovery_proposal (
    id           uuid PRIMARY KEY,
    recovery_id  uuid NOT NULL REFERENCES subsidies.recovery,
    kind         text NOT NULL CONSTRAINT recovery_proposal_kind_check CHECK (kind IN ('write_off', 'reversal')),
    amount_cents bigint NOT NULL,
    reason       text NOT NULL,
    legal_basis  text NOT NULL,
    state        text NOT NULL DEFAULT 'open' CONSTRAINT recovery_proposal_state_check
        CHECK (state IN ('open', 'approved', 'refused')),
    note         text,
    proposed_by  uuid NOT NULL DEFAULT platform.actor(),
    decided_by   uuid,
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT recovery_proposal_hands_check CHECK (decided_by <> proposed_by),
    CONSTRAINT recovery_proposal_decided_check CHECK ((state = 'open') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX recovery_proposal_open_key ON subsidies.recovery_proposal (recovery_id) WHERE state = 'open';

-- Handed on because it was not paid: to the credit list or to the police.
CREATE TABLE subsidies.recovery_referral (
    id           uuid PRIMARY KEY,
    recovery_id  uuid NOT NULL REFERENCES subsidies.recovery,
    target       text NOT NULL CONSTRAINT recovery_referral_target_check CHECK (target IN ('credit', 'police')),
    document_no  text NOT NULL CONSTRAINT recovery_referral_document_key UNIQUE,
    referred_on  date NOT NULL,
    withdrawn_on date,
    actor        uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
CREATE UNIQUE INDEX recovery_referral_open_key ON subsidies.recovery_referral (recovery_id, target) WHERE withdrawn_on IS NULL;

-- Other claims of the payee that an officer stopped until this is settled.
CREATE TABLE subsidies.recovery_freeze (
    recovery_id uuid NOT NULL REFERENCES subsidies.recovery,
    claim_id    uuid NOT NULL REFERENCES subsidies.claim,
    basis       text NOT NULL,
    actor       uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    frozen_at   timestamptz NOT NULL DEFAULT platform.now(),
    released_at timestamptz,
    PRIMARY KEY (recovery_id, claim_id)
);
CREATE UNIQUE INDEX recovery_freeze_claim_key ON subsidies.recovery_freeze (claim_id) WHERE released_at IS NULL;

-- A reminder a day that passed: the deadline's or an instalment's.
CREATE TABLE subsidies.recovery_reminder (
    recovery_id uuid NOT NULL REFERENCES subsidies.recovery,
    due_on      date NOT NULL,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (recovery_id, due_on)
);

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['step', 'appeal', 'plan', 'receipt', 'refund', 'offset', 'proposal', 'referral',
        'freeze', 'reminder'] LOOP
        EXECUTE format($p$CALL platform.protect('subsidies.recovery_%1$s',
            'EXISTS (SELECT FROM subsidies.recovery r WHERE r.id = recovery_id)')$p$, part);
        EXECUTE format('REVOKE DELETE ON subsidies.recovery_%1$s FROM subsidies_app, subsidies_system', part);
    END LOOP;
    FOREACH part IN ARRAY ARRAY['step', 'receipt', 'reminder', 'instalment'] LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON subsidies.recovery_%1$s FROM subsidies_app, subsidies_system', part);
    END LOOP;
END $$;
CALL platform.protect('subsidies.recovery_instalment',
    $$EXISTS (SELECT FROM subsidies.recovery_plan p WHERE p.id = plan_id)$$);
