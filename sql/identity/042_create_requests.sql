-- People's requests about their own data (个人信息保护法 45–47): to correct, to
-- erase, to have a copy. What must be kept by law is restricted, not erased.

ALTER TABLE identity.person ADD COLUMN restricted_at timestamptz;
COMMENT ON COLUMN identity.person.restricted_at IS 'closed on request; what must be kept lies in person_vault';
-- A closed account is nobody's to see but its own.
CALL platform.protect('identity.person',
    $$id = platform.person() OR (restricted_at IS NULL AND platform.in_areas(county_code, area_code))$$,
    $$id = platform.person()$$);

CREATE TABLE identity.data_request (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES identity.person,
    kind         text NOT NULL CONSTRAINT data_request_kind_check CHECK (kind IN
        ('erase', 'copy', 'correct')),
    field        text CONSTRAINT data_request_field_check CHECK (field IN
        ('name', 'id_number', 'birth_on', 'sex', 'area_code')),
    wanted_sealed text,
    wanted_shown text,
    reason       text NOT NULL,
    state        text NOT NULL CONSTRAINT data_request_state_check CHECK (state IN
        ('filed', 'taken', 'proposed', 'done', 'restricted', 'refused')),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    filed_at     timestamptz NOT NULL DEFAULT platform.now(),
    due_on       date NOT NULL,
    escalated_at timestamptz,
    taken_by     uuid,
    taken_at     timestamptz,
    first_by     uuid,
    first_at     timestamptz,
    second_by    uuid,
    decided_at   timestamptz,
    answer       text,
    held_by      jsonb,
    CONSTRAINT data_request_field_set_check CHECK ((kind = 'correct') = (field IS NOT NULL)),
    CONSTRAINT data_request_hands_check CHECK (first_by <> second_by)
);
CREATE UNIQUE INDEX data_request_open_key ON identity.data_request
    (person_id, kind, coalesce(field, '')) WHERE state IN ('filed', 'taken', 'proposed');
CREATE INDEX data_request_county_idx ON identity.data_request (county_code, id);
CREATE INDEX data_request_due_idx ON identity.data_request (due_on)
    WHERE state IN ('filed', 'taken', 'proposed') AND escalated_at IS NULL;
CALL platform.protect('identity.data_request',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON identity.data_request FROM identity_app, identity_system;

-- What a corrected field said before: sealed as it was, or plain where it is no secret.
CREATE TABLE identity.person_change (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES identity.person,
    request_id uuid NOT NULL REFERENCES identity.data_request,
    field      text NOT NULL CONSTRAINT person_change_field_check CHECK (field IN
        ('name', 'id_number', 'birth_on', 'sex', 'area_code')),
    old_sealed text,
    old_index  text,
    old_text   text,
    first_by   uuid NOT NULL,
    second_by  uuid,
    at         timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX person_change_person_idx ON identity.person_change (person_id, id);
CREATE INDEX person_change_index_idx ON identity.person_change (old_index) WHERE old_index IS NOT NULL;
CALL platform.protect('identity.person_change', $$person_id = platform.person()$$, $$false$$);

-- What the law keeps of a closed account, out of everybody's sight.
CREATE TABLE identity.person_vault (
    person_id    uuid PRIMARY KEY REFERENCES identity.person,
    id_sealed    text NOT NULL,
    name_sealed  text NOT NULL,
    phone_sealed text,
    held_by      jsonb NOT NULL,
    kept_at      timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('identity.person_vault', $$false$$);

-- Why something about a person must be kept, and until when: told by the
-- services that hold it.
CREATE TABLE identity.retention_hold (
    person_id uuid NOT NULL,
    basis     text NOT NULL CONSTRAINT retention_hold_basis_check CHECK (basis IN
        ('service_record', 'payment_voucher')),
    until_on  date NOT NULL,
    PRIMARY KEY (person_id, basis)
);
CALL platform.protect('identity.retention_hold', $$person_id = platform.person()$$, $$false$$);

-- Each copy that was handed out.
CREATE TABLE identity.data_copy (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id uuid NOT NULL REFERENCES identity.data_request,
    person_id  uuid NOT NULL,
    trace      text DEFAULT platform.trace(),
    at         timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('identity.data_copy', $$person_id = platform.person()$$);
REVOKE UPDATE, DELETE ON identity.data_copy FROM identity_app, identity_system;

CREATE FUNCTION identity.data_request_json(r identity.data_request) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'person_id', r.person_id, 'kind', r.kind, 'field', r.field,
    'wanted', r.wanted_shown, 'reason', r.reason, 'state', r.state, 'county_code', r.county_code,
    'filed_at', r.filed_at, 'due_on', r.due_on, 'overdue', r.state IN ('filed', 'taken', 'proposed')
        AND r.due_on < platform.today(), 'escalated', r.escalated_at IS NOT NULL,
    'decided_at', r.decided_at, 'answer', r.answer, 'held_by', r.held_by);

-- The laws that forbid erasure of this person's data today; NULL: none.
CREATE FUNCTION identity.held_by(person uuid) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT jsonb_agg(jsonb_build_object('basis', h.basis, 'until_on', h.until_on, 'law',
            CASE h.basis WHEN 'payment_voucher' THEN '会计档案管理办法：支付凭证保存30年'
                         ELSE '人社部令第44号：服务记录保存不少于3年' END) ORDER BY h.basis)
          FROM identity.retention_hold h
         WHERE h.person_id = person AND h.until_on >= platform.today());

-- Ends an account: nobody signs in with it, and its tokens are dead.
CREATE FUNCTION identity.close_account(person uuid, why text) RETURNS uuid
LANGUAGE sql VOLATILE AS $$
    UPDATE identity.session SET ended_at = clock_timestamp(), ended_why = why
     WHERE subject = person AND ended_at IS NULL;
    SELECT identity.revoke(person, why);
$$;
COMMENT ON FUNCTION identity.close_account(uuid, text) IS 'ends all sessions of a person and every token they have';
