-- From the request for money to the bank and back. A batch is requested by
-- 财务, released by 财政 under a number of its own, signed by two and sent; or
-- taken back while it is not sent. Whoever requests, releases or signs is a
-- hand of every claim in it, so no claim passes the same person twice.

-- The hands and their number, whatever other hands there are already.
DO $$
DECLARE
    def text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
                  WHERE conname = 'claim_hand_hand_check' AND conrelid = 'subsidies.claim_hand'::regclass);
BEGIN
    ALTER TABLE subsidies.claim_hand DROP CONSTRAINT claim_hand_hand_check;
    EXECUTE 'ALTER TABLE subsidies.claim_hand ADD CONSTRAINT claim_hand_hand_check '
        || replace(def, 'ARRAY[', 'ARRAY[''release''::text, ''sign''::text, ');
END $$;

ALTER TABLE subsidies.payment_batch
    DROP CONSTRAINT payment_batch_state_check,
    ALTER COLUMN state SET DEFAULT 'requested',
    ADD COLUMN release_no text,         -- 财政's, given with the money
    ADD COLUMN released_by uuid,
    ADD COLUMN released_at timestamptz,
    ADD COLUMN signatures integer NOT NULL DEFAULT 0,
    ADD COLUMN file_sm3 text,           -- of the text that both signed
    ADD COLUMN sent_by uuid,
    ADD COLUMN answer_due_on date,
    ADD COLUMN taken_back_by uuid,
    ADD COLUMN taken_back_at timestamptz,
    ADD COLUMN take_back_reason text,
    ADD COLUMN outbox_at timestamptz,   -- when it was laid out for the bank to fetch
    ADD COLUMN inquired_on date,        -- the last day the bank was asked about it
    ADD CONSTRAINT payment_batch_release_key UNIQUE (release_no),
    ADD CONSTRAINT payment_batch_limit_check CHECK (line_count <= 1000),
    ADD CONSTRAINT payment_batch_releaser_check CHECK (released_by <> created_by),
    ADD CONSTRAINT payment_batch_signatures_check CHECK (signatures BETWEEN 0 AND 2),
    ADD CONSTRAINT payment_batch_take_back_check
        CHECK (state <> 'taken_back' OR (take_back_reason IS NOT NULL AND sent_at IS NULL));
UPDATE subsidies.payment_batch SET state = 'requested' WHERE state = 'built';
ALTER TABLE subsidies.payment_batch
    ADD CONSTRAINT payment_batch_state_check CHECK (state IN
        ('requested', 'released', 'signed', 'sent', 'answered', 'taken_back'));
CREATE INDEX payment_batch_open ON subsidies.payment_batch (answer_due_on) WHERE state = 'sent';

CREATE TABLE subsidies.payment_signature (
    batch_id    uuid NOT NULL REFERENCES subsidies.payment_batch,
    nth         integer NOT NULL CONSTRAINT payment_signature_nth_check CHECK (nth IN (1, 2)),
    actor       uuid NOT NULL,
    file_sm3    text NOT NULL,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (batch_id, nth),
    CONSTRAINT payment_signature_actor_key UNIQUE (batch_id, actor)
);

-- Who fetched the file with the accounts in it, and when.
CREATE TABLE subsidies.payment_download (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    batch_id    uuid NOT NULL REFERENCES subsidies.payment_batch,
    kind        text NOT NULL CONSTRAINT payment_download_kind_check CHECK (kind IN ('file', 'inquiry', 'outbox')),
    actor       uuid,                   -- NULL: laid out by the service
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX payment_download_batch ON subsidies.payment_download (batch_id, id);

ALTER TABLE subsidies.payment_line
    DROP CONSTRAINT payment_line_state_check,
    ADD CONSTRAINT payment_line_state_check CHECK (state IN ('queued', 'paid', 'returned', 'taken_back')),
    ADD COLUMN payee_kind text,
    ADD COLUMN payee_id uuid,
    ADD COLUMN payee_name text,         -- of a person: masked
    ADD COLUMN resend_of text REFERENCES subsidies.payment_line (pay_no),
    ADD COLUMN paid_at timestamptz,     -- what the bank says
    ADD COLUMN refunded_at timestamptz, -- paid, and came back (退汇)
    ADD CONSTRAINT payment_line_resend_key UNIQUE (resend_of),
    ADD CONSTRAINT payment_line_refund_check CHECK (refunded_at IS NULL OR state = 'returned');
UPDATE subsidies.payment_line l
   SET payee_kind = c.payee_kind, payee_id = c.payee_id,
       payee_name = CASE c.payee_kind WHEN 'org' THEN c.org_name ELSE c.person_name_masked END,
       paid_at = CASE l.state WHEN 'paid' THEN l.bank_time END
  FROM subsidies.claim c WHERE c.id = l.claim_id;
ALTER TABLE subsidies.payment_line ALTER COLUMN payee_id SET NOT NULL, ALTER COLUMN payee_kind SET NOT NULL;
CREATE INDEX payment_line_payee ON subsidies.payment_line (payee_id, id);
CREATE INDEX payment_line_claim ON subsidies.payment_line (claim_id);

ALTER TABLE subsidies.payment_reply
    ALTER COLUMN actor DROP NOT NULL,   -- NULL: found in the inbox
    ADD COLUMN bank text;               -- whose key signed it; NULL: unsigned

-- The codes of our format in plain words; what a bank adds of its own is shown as it says it.
CREATE TABLE subsidies.bank_code (
    code  text PRIMARY KEY,
    words text NOT NULL,
    fault text NOT NULL CONSTRAINT bank_code_fault_check CHECK (fault IN ('none', 'account', 'bank'))
);
COMMENT ON TABLE subsidies.bank_code IS 'public: the meaning of answer codes, nothing of anybody';
INSERT INTO subsidies.bank_code VALUES
    ('0000', '付款成功', 'none'),
    ('E101', '户名与账号不符', 'account'), ('E102', '账户已销户', 'account'),
    ('E103', '账户被冻结或者止付', 'account'), ('E104', '账号不存在', 'account'),
    ('E105', '账户状态异常', 'account'), ('E201', '银行系统故障，未能入账', 'bank');
REVOKE INSERT, UPDATE, DELETE ON subsidies.bank_code FROM subsidies_app, subsidies_system;

CREATE FUNCTION subsidies.bank_words(code text, said text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT b.words FROM subsidies.bank_code b WHERE b.code = bank_words.code),
                    nullif(said, ''), '银行未说明原因')
$$;

-- What everybody may read of what was paid and what came back: copied when the
-- bank said so; names of persons masked, no account.
CREATE TABLE subsidies.payment_published (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    kind         text NOT NULL CONSTRAINT payment_published_kind_check CHECK (kind IN ('paid', 'returned')),
    policy_code  text NOT NULL,
    title        text NOT NULL,
    payee_name   text NOT NULL,
    amount_cents bigint NOT NULL CONSTRAINT payment_published_amount_check CHECK (amount_cents > 0),
    day          date NOT NULL,
    reason       text,
    county_code  text NOT NULL
);
COMMENT ON TABLE subsidies.payment_published IS 'public: 已付 and 退回 lists, masked';
CREATE INDEX payment_published_list ON subsidies.payment_published (kind, county_code, id);

-- A batch goes one way, and is sent only as two people signed it.
CREATE FUNCTION subsidies.payment_batch_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.batch_no, NEW.policy_code, NEW.county_code, NEW.line_count, NEW.total_cents, NEW.created_by)
       IS DISTINCT FROM
       (OLD.batch_no, OLD.policy_code, OLD.county_code, OLD.line_count, OLD.total_cents, OLD.created_by)
       OR (OLD.release_no IS NOT NULL AND NEW.release_no IS DISTINCT FROM OLD.release_no)
       OR (OLD.file_sm3 IS NOT NULL AND NEW.file_sm3 IS DISTINCT FROM OLD.file_sm3) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF NEW.state = 'sent' AND OLD.state IN ('released', 'signed') AND
        (SELECT count(DISTINCT s.actor) FROM subsidies.payment_signature s
          WHERE s.batch_id = NEW.id AND s.file_sm3 = NEW.file_sm3) <> 2 THEN
        PERFORM platform.refuse('subsidies.signatures');
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state) NOT IN ('requested released',
        'released signed', 'signed sent', 'sent answered', 'requested taken_back',
        'released taken_back', 'signed taken_back') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_batch_guard BEFORE UPDATE ON subsidies.payment_batch
    FOR EACH ROW EXECUTE FUNCTION subsidies.payment_batch_guard();

-- What a line says is fixed; it is settled once, and may come back once.
CREATE FUNCTION subsidies.payment_line_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.pay_no, NEW.batch_id, NEW.claim_id, NEW.seq, NEW.amount_cents, NEW.account_name, NEW.payee_id)
       IS DISTINCT FROM
       (OLD.pay_no, OLD.batch_id, OLD.claim_id, OLD.seq, OLD.amount_cents, OLD.account_name, OLD.payee_id)
       OR (NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state) NOT IN
           ('queued paid', 'queued returned', 'queued taken_back', 'paid returned'))
       OR (OLD.state = 'paid' AND NEW.state = 'returned' AND NEW.refunded_at IS NULL) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_line_guard BEFORE UPDATE ON subsidies.payment_line
    FOR EACH ROW EXECUTE FUNCTION subsidies.payment_line_guard();

-- The payee is told, and the public list gets its row.
CREATE FUNCTION subsidies.payment_line_settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    b    subsidies.payment_batch;
    why  text;
    day  date := (coalesce(NEW.bank_time, platform.now()) AT TIME ZONE 'Asia/Shanghai')::date;
    yuan text := to_char(NEW.amount_cents / 100.0, 'FM999999999990.00');
    them boolean := NEW.payee_kind = 'person';
BEGIN
    SELECT * INTO b FROM subsidies.payment_batch WHERE id = NEW.batch_id;
    IF NEW.state = 'returned' THEN
        why := subsidies.bank_words(NEW.bank_code, NEW.bank_text);
    END IF;
    INSERT INTO subsidies.payment_published (kind, policy_code, title, payee_name, amount_cents, day,
        reason, county_code)
    VALUES (NEW.state, b.policy_code, b.purpose, coalesce(NEW.payee_name, '*'), NEW.amount_cents, day,
        why, NEW.county_code);
    PERFORM subsidies.tell(CASE WHEN them THEN NEW.payee_id END, CASE WHEN NOT them THEN NEW.payee_id END,
        'payment', CASE NEW.state WHEN 'paid' THEN '补贴款已付' ELSE '补贴款被银行退回' END,
        CASE NEW.state
            WHEN 'paid' THEN format('%s %s 元已于 %s 付至尾号 %s 的账户。', b.purpose, yuan, day,
                right(NEW.account_masked, 4))
            ELSE format('%s %s 元于 %s 被银行退回：%s。款项仍为您保留，请核对并更正收款账户，更正后重新拨付。',
                b.purpose, yuan, day, why) END,
        'claim', NEW.claim_id);
    RETURN NULL;
END $$;
CREATE TRIGGER payment_line_settled AFTER UPDATE ON subsidies.payment_line
    FOR EACH ROW WHEN (NEW.state IN ('paid', 'returned') AND NEW.state <> OLD.state)
    EXECUTE FUNCTION subsidies.payment_line_settled();

CREATE FUNCTION subsidies.batch_json(b subsidies.payment_batch) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', b.id, 'batch_no', b.batch_no, 'policy_code', b.policy_code,
        'county_code', b.county_code, 'line_count', b.line_count, 'total_cents', b.total_cents,
        'currency', 'CNY', 'state', b.state, 'release_no', b.release_no, 'signatures', b.signatures,
        'file_sm3', b.file_sm3, 'created_at', b.created_at, 'released_at', b.released_at,
        'sent_at', b.sent_at, 'answer_due_on', b.answer_due_on, 'answered_at', b.answered_at,
        'take_back_reason', b.take_back_reason)
$$;

CALL platform.protect('subsidies.payment_line',
    $$platform.in_areas(county_code, NULL) OR payee_id IN (platform.person(), platform.org())$$,
    $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.payment_batch',
    $$platform.in_areas(county_code, NULL)
      OR (platform.action() = 'subsidies.payment.mine'
          AND EXISTS (SELECT FROM subsidies.payment_line l
                       WHERE l.batch_id = payment_batch.id AND l.payee_id IN (platform.person(), platform.org())))$$,
    $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.payment_signature', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.payment_download', $$platform.in_areas(county_code, NULL)$$);
CALL platform.protect('subsidies.payment_published', $$true$$, $$false$$);
REVOKE UPDATE, DELETE ON subsidies.payment_signature, subsidies.payment_download,
    subsidies.payment_published FROM subsidies_app, subsidies_system;
