-- Payment batches to the bank and what the bank answered.
--
-- A claim has at most one line that is under way or paid; a returned line
-- stays as it is and a corrected claim gets another with its own pay_no.

CREATE SEQUENCE subsidies.pay_no_seq;
CREATE SEQUENCE subsidies.batch_no_seq;

-- 'P' or 'B', business day, running number, two check digits (mod 97).
CREATE FUNCTION subsidies.numbered(prefix text, n bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT prefix || d || lpad(n::text, 10, '0')
        || lpad((97 - (d::bigint * 10000000000 + n) % 97)::text, 2, '0')
      FROM (SELECT to_char(platform.today(), 'YYYYMMDD') AS d) day
$$;

CREATE TABLE subsidies.payment_batch (
    id           uuid PRIMARY KEY,
    batch_no     text NOT NULL,
    policy_code  text NOT NULL,
    county_code  text NOT NULL,
    purpose      text NOT NULL,
    line_count   bigint NOT NULL CONSTRAINT payment_batch_count_check CHECK (line_count > 0),
    total_cents  bigint NOT NULL CONSTRAINT payment_batch_total_check CHECK (total_cents > 0),
    state        text NOT NULL DEFAULT 'built'
        CONSTRAINT payment_batch_state_check CHECK (state IN ('built', 'sent', 'answered')),
    created_by   uuid NOT NULL,
    sent_at      timestamptz,
    answered_at  timestamptz,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT payment_batch_no_key UNIQUE (batch_no)
);
CREATE INDEX payment_batch_list ON subsidies.payment_batch (county_code, id);

CREATE TABLE subsidies.payment_line (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    batch_id       uuid NOT NULL REFERENCES subsidies.payment_batch,
    seq            bigint NOT NULL,
    pay_no         text NOT NULL,
    claim_id       uuid NOT NULL REFERENCES subsidies.claim,
    account_sealed text NOT NULL,
    account_masked text NOT NULL,
    account_name   text NOT NULL,
    amount_cents   bigint NOT NULL CONSTRAINT payment_line_amount_check CHECK (amount_cents > 0),
    state          text NOT NULL DEFAULT 'queued'
        CONSTRAINT payment_line_state_check CHECK (state IN ('queued', 'paid', 'returned')),
    bank_code      text,
    bank_text      text,
    bank_time      timestamptz,
    county_code    text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT payment_line_pay_no_key UNIQUE (pay_no),
    CONSTRAINT payment_line_seq_key UNIQUE (batch_id, seq)
);
CREATE UNIQUE INDEX payment_line_live_key ON subsidies.payment_line (claim_id)
    WHERE state IN ('queued', 'paid');

-- One reply file of the bank; the same bytes again are answered with the report.
CREATE TABLE subsidies.payment_reply (
    batch_id    uuid NOT NULL REFERENCES subsidies.payment_batch,
    file_sha256 text NOT NULL,
    report      jsonb NOT NULL,
    actor       uuid NOT NULL,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (batch_id, file_sha256)
);

CALL platform.protect('subsidies.payment_batch', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.payment_line', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.payment_reply', $$platform.in_areas(county_code, NULL)$$);
REVOKE DELETE ON subsidies.payment_batch, subsidies.payment_line FROM subsidies_app, subsidies_system;
REVOKE UPDATE, DELETE ON subsidies.payment_reply FROM subsidies_app, subsidies_system;
