-- 创业担保贷款: what is known of its rules, as dated data; applications for
-- guidance; the hand-over file, made by one officer and given out, once, by
-- another; and what the bank answered. What Hunan has not told is NULL: 未设定.

CREATE TABLE entrepreneurship.loan_rule (
    borrower text NOT NULL CONSTRAINT loan_rule_borrower_check CHECK (borrower IN ('personal', 'small_firm')),
    code     text NOT NULL CONSTRAINT loan_rule_code_check CHECK (code IN
        ('cap_cents', 'times', 'term_months', 'new_hires_bp')),
    from_on  date NOT NULL,
    value    bigint CONSTRAINT loan_rule_value_check CHECK (value > 0),
    basis    text NOT NULL,
    PRIMARY KEY (borrower, code, from_on)
);
COMMENT ON TABLE entrepreneurship.loan_rule IS 'public: value NULL: not set, and answered as unknown';
CALL platform.protect('entrepreneurship.loan_rule', 'true', 'false');
INSERT INTO entrepreneurship.loan_rule (borrower, code, from_on, value, basis) VALUES
    ('personal', 'cap_cents', '2023-10-01', 30000000, '普惠金融发展专项资金管理办法（2023年10月1日起）'),
    ('personal', 'times', '2023-10-01', 3, '普惠金融发展专项资金管理办法（2023年10月1日起）'),
    ('personal', 'term_months', '2023-10-01', NULL, '湖南省实施办法，期限未设定'),
    ('small_firm', 'cap_cents', '2023-10-01', 400000000, '普惠金融发展专项资金管理办法（2023年10月1日起）'),
    ('small_firm', 'times', '2023-10-01', 3, '普惠金融发展专项资金管理办法（2023年10月1日起）'),
    ('small_firm', 'term_months', '2023-10-01', NULL, '湖南省实施办法，期限未设定'),
    ('small_firm', 'new_hires_bp', '2023-10-01', NULL, '湖南省实施办法，新招用比例未设定');

-- The groups named for personal loans: those of policy DKTX.
CREATE TABLE entrepreneurship.loan_group (
    code    text NOT NULL CONSTRAINT loan_group_code_check CHECK (code IN ('graduate', 'returning', 'veteran',
        'poverty_lifted', 'difficult', 'unemployed', 'rural')),
    from_on date NOT NULL,
    to_on   date,
    basis   text NOT NULL,
    PRIMARY KEY (code, from_on)
);
COMMENT ON TABLE entrepreneurship.loan_group IS 'public: who personal start-up loans are for';
CALL platform.protect('entrepreneurship.loan_group', 'true', 'false');
INSERT INTO entrepreneurship.loan_group (code, from_on, basis)
SELECT g, DATE '2023-10-01', '普惠金融发展专项资金管理办法（2023年10月1日起）'
  FROM unnest(ARRAY['graduate', 'returning', 'veteran', 'poverty_lifted', 'difficult', 'unemployed', 'rural']) AS g;

CREATE FUNCTION entrepreneurship.loan_rule_on(who text, what text, day date) RETURNS entrepreneurship.loan_rule
LANGUAGE sql STABLE
RETURN (SELECT r FROM entrepreneurship.loan_rule r
         WHERE r.borrower = who AND r.code = what AND r.from_on <= day ORDER BY r.from_on DESC LIMIT 1);

CREATE FUNCTION entrepreneurship.yuan_text(cents bigint) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN cents % 1000000 = 0 THEN cents / 1000000 || '万元'
            ELSE to_char(cents / 100, 'FM999999999990') || '.' || lpad((cents % 100)::text, 2, '0') || '元' END;

-- One condition of the pre-check, in words; `ok` NULL: not known.
CREATE FUNCTION entrepreneurship.loan_line(code text, title text, ok boolean, said text, basis text) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object('code', code, 'title', title, 'basis', basis, 'text', said,
    'result', CASE ok WHEN true THEN 'met' WHEN false THEN 'unmet' ELSE 'unknown' END);

CREATE FUNCTION entrepreneurship.loan_group_line(said text, checked boolean, day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT entrepreneurship.loan_line('group', '属于支持对象',
               CASE WHEN said IS NULL THEN NULL WHEN g.code IS NULL THEN false WHEN checked THEN true END,
               CASE WHEN said IS NULL THEN '请选择您属于哪一类人员' WHEN g.code IS NULL THEN '所选类别不在支持对象之内'
                    WHEN checked THEN '人员类别已由县区核对' ELSE '您选择的类别在支持对象之内，须由县区人社部门核对证明' END,
               coalesce(g.basis, '普惠金融发展专项资金管理办法（2023年10月1日起）'))
      FROM (SELECT 1) AS one
      LEFT JOIN entrepreneurship.loan_group g ON g.code = said AND g.from_on <= day AND coalesce(g.to_on, day) >= day
$$;

CREATE FUNCTION entrepreneurship.loan_lines(who text, amount bigint, times integer, has_open boolean, term integer,
    kind text, checked boolean) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    day  date := platform.today();
    cap  entrepreneurship.loan_rule := entrepreneurship.loan_rule_on(who, 'cap_cents', day);
    most entrepreneurship.loan_rule := entrepreneurship.loan_rule_on(who, 'times', day);
    long entrepreneurship.loan_rule := entrepreneurship.loan_rule_on(who, 'term_months', day);
    hire entrepreneurship.loan_rule := entrepreneurship.loan_rule_on(who, 'new_hires_bp', day);
BEGIN
    RETURN NEXT entrepreneurship.loan_line('amount', '贷款额度', amount <= cap.value,
        coalesce('最高' || entrepreneurship.yuan_text(cap.value), '额度上限未设定')
        || '，您申请' || entrepreneurship.yuan_text(amount), coalesce(cap.basis, ''));
    RETURN NEXT entrepreneurship.loan_line('times', '享受贴息次数', times < most.value,
        CASE WHEN most.value IS NULL THEN '次数上限未设定' WHEN times IS NULL THEN '请说明以前享受过几次'
             ELSE '累计不超过' || most.value || '次，您已享受' || times || '次' END, coalesce(most.basis, ''));
    RETURN NEXT entrepreneurship.loan_line('open_loan', '没有未还清的创业担保贷款', NOT has_open,
        CASE WHEN has_open IS NULL THEN '请说明有没有未还清的创业担保贷款' WHEN has_open THEN '还有未还清的创业担保贷款'
             ELSE '您说明没有，由经办银行核实' END, coalesce(most.basis, ''));
    IF term IS NOT NULL THEN
        RETURN NEXT entrepreneurship.loan_line('term', '贷款期限', term <= long.value,
            coalesce('最长' || long.value || '个月', '湖南省期限未设定，由经办银行答复'), coalesce(long.basis, ''));
    END IF;
    IF who = 'personal' THEN
        RETURN NEXT entrepreneurship.loan_group_line(kind, checked, day);
    ELSE
        RETURN NEXT entrepreneurship.loan_line('new_hires', '当年新招用符合条件人员达到比例', NULL,
            CASE WHEN hire.value IS NULL THEN '新招用比例未设定，由县区人社部门答复'
                 ELSE '须达到' || hire.value / 100 || '%，由县区人社部门核对' END, coalesce(hire.basis, ''));
        RETURN NEXT entrepreneurship.loan_line('size', '为小型、微型企业', NULL, '企业划型由县区核对', coalesce(cap.basis, ''));
    END IF;
END $$;

CREATE FUNCTION entrepreneurship.loan_check(who text, amount bigint, times integer, has_open boolean, term integer,
    kind text, checked boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('borrower', who, 'amount_cents', amount, 'currency', 'CNY',
               'result', CASE WHEN bool_or(l ->> 'result' = 'unmet') THEN 'unmet'
                              WHEN bool_or(l ->> 'result' = 'unknown') THEN 'unknown' ELSE 'met' END,
               'conditions', jsonb_agg(l))
      FROM entrepreneurship.loan_lines(who, amount, times, has_open, term, kind, checked) AS l
$$;

CREATE TABLE entrepreneurship.loan (
    id             uuid PRIMARY KEY,
    borrower       text NOT NULL CONSTRAINT loan_borrower_check CHECK (borrower IN ('personal', 'small_firm')),
    person_id      uuid,
    org_id         uuid,
    group_code     text,
    amount_cents   bigint NOT NULL CONSTRAINT loan_amount_check CHECK (amount_cents > 0),
    term_months    integer,
    purpose        text NOT NULL,
    times_before   integer NOT NULL CONSTRAINT loan_times_check CHECK (times_before >= 0),
    has_open_loan  boolean NOT NULL,
    name_sealed    text NOT NULL,
    id_sealed      text NOT NULL,
    phone_sealed   text NOT NULL,
    name_masked    text NOT NULL,
    id_masked      text NOT NULL,
    phone_masked   text NOT NULL,
    consent_at     timestamptz NOT NULL DEFAULT platform.now(),
    checks         jsonb NOT NULL,
    state          text NOT NULL DEFAULT 'filed' CONSTRAINT loan_state_check CHECK (state IN
        ('filed', 'prepared', 'handed_over', 'granted', 'refused', 'returned', 'withdrawn')),
    note           text,
    assisted_by    uuid,
    prepared_by    uuid,
    version        integer NOT NULL DEFAULT 0,
    document_sealed text,
    document_sm3   text,
    granted_cents  bigint CONSTRAINT loan_granted_check CHECK (granted_cents > 0),
    granted_from   date,
    granted_to     date,
    bank           text,
    answered_on    date,
    county_code    text NOT NULL,
    area_code      text,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT loan_holder_check CHECK ((borrower = 'personal') = (person_id IS NOT NULL)
        AND (borrower = 'small_firm') = (org_id IS NOT NULL)),
    CONSTRAINT loan_prepared_check CHECK (state NOT IN ('prepared', 'handed_over', 'granted', 'refused')
        OR num_nonnulls(prepared_by, document_sm3) = 2),
    CONSTRAINT loan_hands_check CHECK (prepared_by <> assisted_by),
    CONSTRAINT loan_answer_check CHECK ((state = 'granted') = (num_nonnulls(granted_cents, granted_from, granted_to) = 3)
        AND (state IN ('granted', 'refused')) = (answered_on IS NOT NULL) AND (answered_on IS NULL) = (bank IS NULL)
        AND granted_to > granted_from)
);
COMMENT ON COLUMN entrepreneurship.loan.version IS 'of the document: made anew, it may be given out once more';
CREATE UNIQUE INDEX loan_open_key ON entrepreneurship.loan (coalesce(person_id, org_id))
    WHERE state IN ('filed', 'prepared', 'handed_over');
CREATE INDEX loan_county_idx ON entrepreneurship.loan (county_code, id);
CREATE INDEX loan_person_idx ON entrepreneurship.loan (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX loan_org_idx ON entrepreneurship.loan (org_id, id) WHERE org_id IS NOT NULL;
CALL platform.protect('entrepreneurship.loan', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);
INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('entrepreneurship.loan', 'name_sealed', $$'loan.name'$$), ('entrepreneurship.loan', 'id_sealed', $$'loan.id'$$),
    ('entrepreneurship.loan', 'phone_sealed', $$'loan.phone'$$),
    ('entrepreneurship.loan', 'document_sealed', $$'loan.document'$$);

-- Each version is given out once; who did it, to whom, why.
CREATE TABLE entrepreneurship.loan_handover (
    loan_id     uuid NOT NULL CONSTRAINT loan_handover_loan_fkey REFERENCES entrepreneurship.loan,
    version     integer NOT NULL,
    receiver    text NOT NULL,
    reason      text NOT NULL,
    sm3         text NOT NULL,
    prepared_by uuid NOT NULL,
    handed_by   uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (loan_id, version),
    CONSTRAINT loan_handover_hands_check CHECK (handed_by <> prepared_by)
);
CALL platform.protect('entrepreneurship.loan_handover', 'platform.in_areas(county_code, area_code)');
REVOKE UPDATE, DELETE ON entrepreneurship.loan_handover FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.loan_json(l entrepreneurship.loan) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', l.id, 'borrower', l.borrower, 'person_id', l.person_id, 'org_id', l.org_id,
    'group', l.group_code, 'amount_cents', l.amount_cents, 'currency', 'CNY', 'term_months', l.term_months,
    'purpose', l.purpose, 'times_before', l.times_before, 'has_open_loan', l.has_open_loan,
    'name_masked', l.name_masked, 'id_masked', l.id_masked, 'phone_masked', l.phone_masked, 'checks', l.checks,
    'state', l.state, 'note', l.note, 'document_sm3', l.document_sm3, 'version', l.version,
    'granted_cents', l.granted_cents, 'granted_from', l.granted_from, 'granted_to', l.granted_to, 'bank', l.bank,
    'answered_on', l.answered_on, 'county_code', l.county_code, 'created_at', l.created_at);

CREATE FUNCTION entrepreneurship.loan_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.loan.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object('loan_id', NEW.id,
        'borrower', NEW.borrower, 'person_id', NEW.person_id, 'org_id', NEW.org_id, 'state', NEW.state,
        'county_code', NEW.county_code));
    IF NEW.state = 'granted' THEN
        INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
        VALUES ('entrepreneurship.loan.granted.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'loan_id', NEW.id, 'borrower', NEW.borrower, 'person_id', NEW.person_id, 'org_id', NEW.org_id,
            'amount_cents', NEW.granted_cents, 'from_on', NEW.granted_from, 'to_on', NEW.granted_to,
            'county_code', NEW.county_code));
        UPDATE entrepreneurship.founder SET checked_on = platform.today()
         WHERE person_id = NEW.person_id OR org_id = NEW.org_id;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM entrepreneurship.case_move('EN-13', NEW.id, NEW.state, CASE NEW.state WHEN 'granted' THEN 'done'
            WHEN 'refused' THEN 'refused' WHEN 'returned' THEN 'refused' WHEN 'withdrawn' THEN 'withdrawn'
            ELSE 'in_progress' END, NEW.note);
        IF NEW.state <> 'withdrawn' THEN
            PERFORM entrepreneurship.tell(NEW.person_id, NEW.org_id, 'loan', CASE NEW.state
                WHEN 'prepared' THEN '创业担保贷款材料已备齐' WHEN 'handed_over' THEN '材料已移交担保机构或银行'
                WHEN 'granted' THEN '创业担保贷款已发放' WHEN 'refused' THEN '创业担保贷款未获批准'
                ELSE '创业担保贷款申请已退回' END, coalesce(NEW.note, ''), 'loan', NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER loan_follow AFTER UPDATE ON entrepreneurship.loan
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.loan_follow();
CREATE TRIGGER loan_filed AFTER INSERT ON entrepreneurship.loan
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.loan_follow();
