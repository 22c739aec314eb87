-- Claims, the hands they pass through, public notices and objections.
--
-- What the database itself refuses, whoever asks: two live claims of one
-- person in one benefit family; one actor in two different steps of a claim;
-- money in an account that does not fit the state; a fund paying a policy it
-- may not pay.

CREATE TABLE subsidies.notice (
    id           uuid PRIMARY KEY,
    policy_code  text NOT NULL,
    title        text NOT NULL,
    county_code  text NOT NULL,
    starts_on    date NOT NULL,
    ends_on      date NOT NULL,
    published_by uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT notice_days_check CHECK (starts_on < ends_on)
);
CREATE INDEX notice_list ON subsidies.notice (starts_on, id);

-- What the public sees: the employer, how many people, how much.
CREATE TABLE subsidies.notice_line (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    notice_id    uuid NOT NULL REFERENCES subsidies.notice,
    org_id       uuid NOT NULL,
    org_name     text NOT NULL,
    people       jsonb NOT NULL,        -- masked names
    amount_cents bigint NOT NULL CONSTRAINT notice_line_amount_check CHECK (amount_cents > 0),
    county_code  text NOT NULL,
    CONSTRAINT notice_line_org_key UNIQUE (notice_id, org_id)
);

CREATE TABLE subsidies.claim (
    id                 uuid PRIMARY KEY DEFAULT platform.uuid7(),
    policy_code        text NOT NULL,
    policy_version_id  uuid NOT NULL REFERENCES subsidies.policy_version,
    benefit_family     text NOT NULL,
    decision_id        uuid NOT NULL REFERENCES subsidies.decision,
    employment_id      uuid NOT NULL REFERENCES subsidies.employment,
    person_id          uuid NOT NULL,
    person_name_masked text NOT NULL,
    org_id             uuid NOT NULL,
    org_name           text NOT NULL,
    amount_cents       bigint CONSTRAINT claim_amount_check CHECK (amount_cents > 0),
    state              text NOT NULL CONSTRAINT claim_state_check CHECK (state IN (
        'found', 'notified', 'confirmed', 'declined', 'first_reviewed', 'rechecked',
        'approved', 'public', 'payable', 'batched', 'paid', 'returned', 'rejected',
        'suspended')),
    resume_state       text,            -- where a suspended claim goes back to
    funds              text NOT NULL DEFAULT 'available',
    line_code          text,
    allotment_id       uuid,
    account_sealed     text,
    account_masked     text,
    account_name       text,
    notice_line_id     uuid REFERENCES subsidies.notice_line,
    payment_no         text,
    promised_on        date,
    county_code        text NOT NULL,
    area_code          text,
    created_at         timestamptz NOT NULL DEFAULT platform.now(),
    moved_at           timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT claim_policy_line_fkey FOREIGN KEY (line_code, policy_code)
        REFERENCES subsidies.budget_line_policy (line_code, policy_code),
    CONSTRAINT claim_allotment_fkey FOREIGN KEY (allotment_id, line_code)
        REFERENCES subsidies.allotment (id, line_code),
    CONSTRAINT claim_funds_check CHECK (CASE
        WHEN state IN ('found', 'notified', 'declined', 'rejected') THEN funds = 'available'
        WHEN state IN ('confirmed', 'first_reviewed', 'rechecked') THEN funds = 'reserved'
        WHEN state IN ('approved', 'public', 'payable', 'batched', 'returned') THEN funds = 'committed'
        WHEN state = 'paid' THEN funds = 'paid'
        ELSE funds IN ('available', 'reserved', 'committed') END),
    CONSTRAINT claim_money_check CHECK (
        funds = 'available'
        OR (allotment_id IS NOT NULL AND amount_cents IS NOT NULL AND account_sealed IS NOT NULL)),
    CONSTRAINT claim_resume_check CHECK ((state = 'suspended') = (resume_state IS NOT NULL))
);
-- 每人终身一次: no second benefit of the family while one lives or was paid.
CREATE UNIQUE INDEX claim_double_benefit_key ON subsidies.claim (benefit_family, person_id)
    WHERE state NOT IN ('declined', 'rejected');
CREATE INDEX claim_employment ON subsidies.claim (employment_id, policy_code);
CREATE INDEX claim_person ON subsidies.claim (person_id);
CREATE INDEX claim_org ON subsidies.claim (org_id, state);
CREATE INDEX claim_list ON subsidies.claim (county_code, policy_code, state, id);
CREATE INDEX claim_notice_line ON subsidies.claim (notice_line_id);

-- Four hands: an actor holds one step of a claim and never another.
CREATE TABLE subsidies.claim_hand (
    claim_id uuid NOT NULL REFERENCES subsidies.claim,
    actor    uuid NOT NULL,
    hand     text NOT NULL CONSTRAINT claim_hand_hand_check
        CHECK (hand IN ('confirm', 'first_review', 'recheck', 'approve', 'pay')),
    PRIMARY KEY (claim_id, actor),
    CONSTRAINT claim_hand_key UNIQUE (claim_id, actor, hand)
);

-- The claim's history. A step done by a hand must be that actor's own step.
CREATE TABLE subsidies.claim_step (
    id         uuid PRIMARY KEY DEFAULT platform.uuid7(),
    ord        bigint GENERATED ALWAYS AS IDENTITY,     -- steps of one moment, in order
    claim_id   uuid NOT NULL REFERENCES subsidies.claim,
    step       text NOT NULL,
    from_state text,
    to_state   text NOT NULL,
    actor      uuid,                    -- NULL: the system
    hand       text,                    -- NULL: a step anybody entitled may do
    note       text,
    created_at timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT claim_step_hands_fkey FOREIGN KEY (claim_id, actor, hand)
        REFERENCES subsidies.claim_hand (claim_id, actor, hand)
);
CREATE INDEX claim_step_claim ON subsidies.claim_step (claim_id, ord);

-- An open objection keeps every claim of its line from being paid.
CREATE TABLE subsidies.objection (
    id             uuid PRIMARY KEY,
    notice_line_id uuid NOT NULL REFERENCES subsidies.notice_line,
    content        text NOT NULL,
    contact_sealed text,
    state          text NOT NULL DEFAULT 'open'
        CONSTRAINT objection_state_check CHECK (state IN ('open', 'dismissed', 'upheld')),
    answer         text,
    resolved_by    uuid,
    resolved_at    timestamptz,
    county_code    text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX objection_line ON subsidies.objection (notice_line_id, state);

-- A claim as the wire shows it: masked, without sealed columns.
CREATE FUNCTION subsidies.claim_json(c subsidies.claim) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'policy_code', c.policy_code, 'state', c.state,
        'resume_state', c.resume_state, 'person_id', c.person_id,
        'person_name', c.person_name_masked, 'org_id', c.org_id, 'org_name', c.org_name,
        'employment_id', c.employment_id, 'decision_id', c.decision_id,
        'amount_cents', c.amount_cents, 'currency', 'CNY',
        'account_masked', c.account_masked, 'account_name', c.account_name,
        'payment_no', c.payment_no, 'notice_line_id', c.notice_line_id,
        'promised_on', c.promised_on, 'county_code', c.county_code, 'area_code', c.area_code,
        'found_at', c.created_at, 'moved_at', c.moved_at)
$$;

CALL platform.protect('subsidies.notice', $$true$$, $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.notice_line', $$true$$, $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.claim',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org()$$,
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$);
CALL platform.protect('subsidies.claim_hand',
    $$EXISTS (SELECT 1 FROM subsidies.claim c WHERE c.id = claim_id)$$);
CALL platform.protect('subsidies.claim_step',
    $$EXISTS (SELECT 1 FROM subsidies.claim c WHERE c.id = claim_id)$$);
CALL platform.protect('subsidies.objection',
    $$platform.in_areas(county_code, NULL)$$,
    $$platform.in_areas(county_code, NULL) OR platform.action() = 'subsidies.objection.file'$$);
REVOKE DELETE ON subsidies.claim FROM subsidies_app, subsidies_system;
REVOKE UPDATE, DELETE ON subsidies.claim_hand, subsidies.claim_step, subsidies.notice,
    subsidies.notice_line FROM subsidies_app, subsidies_system;
REVOKE DELETE ON subsidies.objection FROM subsidies_app, subsidies_system;
