-- What the bank's statements (对账单) say beside our ledger: each movement
-- against the entries of its payment, each difference open until a correction
-- explains it, the whole signed by 财务 and 审计 and then fixed.

CREATE TABLE subsidies.bank_statement (
    id             uuid PRIMARY KEY,
    county_code    text NOT NULL,
    file_sha256    text NOT NULL,
    bank           text,                -- whose key signed it; NULL: unsigned
    from_on        date NOT NULL,
    to_on          date NOT NULL,
    opening_cents  bigint NOT NULL,
    closing_cents  bigint NOT NULL,
    movements      bigint NOT NULL,
    state          text NOT NULL DEFAULT 'open' CONSTRAINT bank_statement_state_check
        CHECK (state IN ('open', 'finance_signed', 'signed')),
    created_by     uuid NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    finance_by     uuid,
    finance_at     timestamptz,
    audit_by       uuid,
    audit_at       timestamptz,
    CONSTRAINT bank_statement_days_check CHECK (from_on <= to_on),
    CONSTRAINT bank_statement_file_key UNIQUE (county_code, file_sha256),
    CONSTRAINT bank_statement_overlap_excl EXCLUDE USING gist
        (county_code WITH =, daterange(from_on, to_on, '[]') WITH &&),
    CONSTRAINT bank_statement_two_check CHECK (audit_by <> finance_by),
    CONSTRAINT bank_statement_signed_check CHECK (
        (state = 'open') = (finance_by IS NULL) AND (state = 'signed') = (audit_by IS NOT NULL))
);

CREATE TABLE subsidies.bank_movement (
    statement_id  uuid NOT NULL REFERENCES subsidies.bank_statement,
    nth           bigint NOT NULL,
    county_code   text NOT NULL,
    bank_no       text NOT NULL,        -- the bank's own number of it
    day           date NOT NULL,
    pay_no        text,
    direction     text NOT NULL CONSTRAINT bank_movement_direction_check CHECK (direction IN ('out', 'in')),
    amount_cents  bigint NOT NULL CONSTRAINT bank_movement_amount_check CHECK (amount_cents > 0),
    balance_cents bigint NOT NULL,
    words         text,
    PRIMARY KEY (statement_id, nth),
    CONSTRAINT bank_movement_no_key UNIQUE (county_code, bank_no)
);
CREATE INDEX bank_movement_pay ON subsidies.bank_movement (pay_no, direction) WHERE pay_no IS NOT NULL;

CREATE TABLE subsidies.reconcile_correction (
    id               uuid PRIMARY KEY DEFAULT platform.uuid7(),
    statement_id     uuid NOT NULL REFERENCES subsidies.bank_statement,
    county_code      text NOT NULL,
    item             text NOT NULL,     -- direction and number, as the item has it
    difference_cents bigint NOT NULL,   -- what makes the ledger agree with the bank
    kind             text NOT NULL CONSTRAINT reconcile_correction_kind_check
        CHECK (kind IN ('later_day', 'bank_error', 'own_error', 'fee_or_interest', 'transfer')),
    note             text NOT NULL,
    actor            uuid NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT reconcile_correction_item_key UNIQUE (statement_id, item)
);

-- The items of a signed statement, as they were signed.
CREATE TABLE subsidies.reconcile_item (
    statement_id uuid NOT NULL REFERENCES subsidies.bank_statement,
    county_code  text NOT NULL,
    item         text NOT NULL,
    content      jsonb NOT NULL,
    PRIMARY KEY (statement_id, item)
);
CREATE INDEX reconcile_item_item ON subsidies.reconcile_item (item);

CALL platform.protect('subsidies.bank_statement', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.bank_movement', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.reconcile_correction', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.reconcile_item', $$platform.in_areas(county_code, NULL)$$);
REVOKE DELETE ON subsidies.bank_statement FROM subsidies_app, subsidies_system;
REVOKE UPDATE, DELETE ON subsidies.bank_movement, subsidies.reconcile_correction, subsidies.reconcile_item
    FROM subsidies_app, subsidies_system;

CREATE FUNCTION subsidies.bank_statement_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (OLD.state || ' ' || NEW.state) NOT IN ('open finance_signed', 'finance_signed signed') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_statement_guard BEFORE UPDATE ON subsidies.bank_statement
    FOR EACH ROW EXECUTE FUNCTION subsidies.bank_statement_guard();

-- A signed statement takes nothing more.
CREATE FUNCTION subsidies.reconcile_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT s.state FROM subsidies.bank_statement s WHERE s.id = NEW.statement_id) = 'signed' THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconcile_guard BEFORE INSERT ON subsidies.reconcile_correction
    FOR EACH ROW EXECUTE FUNCTION subsidies.reconcile_guard();
CREATE TRIGGER reconcile_guard BEFORE INSERT ON subsidies.bank_movement
    FOR EACH ROW EXECUTE FUNCTION subsidies.reconcile_guard();

-- The payments of a county as its ledger has them: the n-th entry of a claim
-- that pays, or takes back from the bank, is that of its n-th such line.
CREATE FUNCTION subsidies.booked(county text) RETURNS TABLE (
    direction text, pay_no text, policy_code text, day date, amount_cents bigint)
LANGUAGE sql STABLE AS $$
    WITH line AS (
        SELECT 'out' AS direction, l.pay_no, l.claim_id, l.batch_id, l.paid_at AS at,
               row_number() OVER (PARTITION BY l.claim_id ORDER BY l.id) AS n
          FROM subsidies.payment_line l WHERE l.county_code = county AND l.paid_at IS NOT NULL
        UNION ALL
        SELECT 'in', l.pay_no, l.claim_id, l.batch_id, l.refunded_at,
               row_number() OVER (PARTITION BY l.claim_id ORDER BY l.id)
          FROM subsidies.payment_line l WHERE l.county_code = county AND l.refunded_at IS NOT NULL
    ), entry AS (
        SELECT CASE e.reason WHEN 'pay' THEN 'out' ELSE 'in' END AS direction, e.claim_id,
               e.amount_cents, row_number() OVER (PARTITION BY e.claim_id, e.reason ORDER BY e.id) AS n
          FROM subsidies.ledger_entry e
         WHERE e.county_code = county AND e.reason IN ('pay', 'bank_return')
    )
    SELECT line.direction, line.pay_no, b.policy_code, (line.at AT TIME ZONE 'Asia/Shanghai')::date,
           entry.amount_cents
      FROM line JOIN subsidies.payment_batch b ON b.id = line.batch_id
      JOIN entry USING (direction, claim_id, n)
$$;

-- Ledger beside bank, one item a payment and direction, or a movement of no payment.
-- Of what earlier statements showed already, only the rest is left to match.
-- A payment the bank has not shown yet stays with the day it was booked on; when
-- that day is signed without it, it goes to the next statement.
CREATE FUNCTION subsidies.reconcile_items(statement uuid) RETURNS TABLE (
    item text, direction text, pay_no text, bank_no text, policy_code text, day date,
    ledger_cents bigint, bank_cents bigint, result text)
LANGUAGE sql STABLE AS $$
    WITH s AS (
        SELECT * FROM subsidies.bank_statement x WHERE x.id = statement
    ), booked AS MATERIALIZED (
        SELECT b.* FROM s, subsidies.booked(s.county_code) b
    ), seen AS (
        SELECT m.direction, m.pay_no, min(m.bank_no) AS bank_no, min(m.day) AS day,
               sum(m.amount_cents)::bigint AS cents,
               (SELECT sum(o.amount_cents) FROM subsidies.bank_movement o
                 WHERE o.pay_no = m.pay_no AND o.direction = m.direction AND o.day <= max(s.to_on))::bigint AS ever
          FROM subsidies.bank_movement m JOIN s ON s.id = m.statement_id
         GROUP BY m.direction, m.pay_no, CASE WHEN m.pay_no IS NULL THEN m.nth END
    )
    SELECT seen.direction || ' ' || coalesce(seen.pay_no, '#' || seen.bank_no), seen.direction, seen.pay_no,
           seen.bank_no, coalesce(b.policy_code, (SELECT p.policy_code FROM subsidies.payment_line l
               JOIN subsidies.payment_batch p ON p.id = l.batch_id WHERE l.pay_no = seen.pay_no)),
           seen.day, coalesce(rest.cents, 0), seen.cents,
           CASE WHEN b.pay_no IS NULL THEN 'unknown_here'
                WHEN rest.cents <> seen.cents THEN 'amount_differs' ELSE 'matched' END
      FROM seen LEFT JOIN booked b ON b.pay_no = seen.pay_no AND b.direction = seen.direction
      LEFT JOIN LATERAL (SELECT greatest(b.amount_cents - (seen.ever - seen.cents), 0) AS cents) rest
           ON b.pay_no IS NOT NULL
    UNION ALL
    SELECT b.direction || ' ' || b.pay_no, b.direction, b.pay_no, NULL, b.policy_code, b.day, b.amount_cents, 0,
           'missing_at_bank'
      FROM booked b, s
     WHERE NOT EXISTS (SELECT FROM subsidies.bank_movement m
                        WHERE m.pay_no = b.pay_no AND m.direction = b.direction)
       AND (b.day BETWEEN s.from_on AND s.to_on
            OR (b.day < s.from_on
                AND EXISTS (SELECT FROM subsidies.bank_statement o
                             WHERE o.county_code = s.county_code AND o.state = 'signed'
                               AND b.day BETWEEN o.from_on AND o.to_on)
                AND NOT EXISTS (SELECT FROM subsidies.reconcile_item i JOIN subsidies.bank_statement o
                                    ON o.id = i.statement_id
                                 WHERE i.item = b.direction || ' ' || b.pay_no AND o.to_on < s.from_on)))
$$;

-- An item as the wire shows it, with its correction; of a signed statement, as it was signed.
CREATE FUNCTION subsidies.reconcile_rows(statement uuid) RETURNS TABLE (item text, content jsonb)
LANGUAGE sql STABLE AS $$
    SELECT i.item, i.content FROM subsidies.reconcile_item i WHERE i.statement_id = statement
    UNION ALL
    SELECT i.item, jsonb_build_object('item', i.item, 'direction', i.direction, 'pay_no', i.pay_no,
               'bank_no', i.bank_no, 'policy_code', i.policy_code, 'day', i.day,
               'ledger_cents', i.ledger_cents, 'bank_cents', i.bank_cents, 'result', i.result,
               'is_open', i.result <> 'matched' AND c.id IS NULL,
               'correction_cents', coalesce(c.difference_cents, 0), 'correction_kind', c.kind,
               'correction_note', c.note)
      FROM subsidies.reconcile_items(statement) i
      LEFT JOIN subsidies.reconcile_correction c ON c.statement_id = statement AND c.item = i.item
     WHERE NOT EXISTS (SELECT FROM subsidies.bank_statement s WHERE s.id = statement AND s.state = 'signed')
$$;

CREATE FUNCTION subsidies.statement_json(s subsidies.bank_statement) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'county_code', s.county_code, 'bank', s.bank, 'from_on', s.from_on,
        'to_on', s.to_on, 'opening_cents', s.opening_cents, 'closing_cents', s.closing_cents,
        'currency', 'CNY', 'movements', s.movements, 'state', s.state, 'created_at', s.created_at,
        'finance_at', s.finance_at, 'audit_at', s.audit_at,
        'open_differences', (SELECT count(*) FROM subsidies.reconcile_rows(s.id) r
                              WHERE (r.content ->> 'is_open')::boolean))
$$;
