-- Sharing with other departments: a dataset says who owns it, what for, on what
-- basis, of what it consists and how much of it may be read. It is proposed by one
-- officer of the city and put in force by another; rows about persons pass a third.
--
-- A version is never changed: another one replaces it. Who receives it is a row of
-- its own with two hands, each read is a row of a log that nobody can change.

-- What rows can be shared of, and how it may be hidden.
CREATE TABLE monitoring.share_column (
    code        text PRIMARY KEY,
    name        text NOT NULL,
    masks       text[] NOT NULL,
    is_personal boolean NOT NULL DEFAULT false,
    dim         text
);
COMMENT ON TABLE monitoring.share_column IS 'public: what datasets may consist of, definitions only';
COMMENT ON COLUMN monitoring.share_column.dim IS 'a dimension that the measure must be counted by';
INSERT INTO monitoring.share_column (code, name, masks, is_personal, dim) VALUES
('on_day', '日期', '{none,month,year}', false, NULL),
('leg', '起止（0 起，1 止）', '{none}', false, NULL),
('value', '数值', '{none}', false, NULL),
('county_code', '县级单位', '{none}', false, NULL),
('area_code', '乡镇、村', '{none,town,county}', false, NULL),
('person_ref', '人员代号', '{hash}', true, NULL),
('sex', '性别', '{none}', true, NULL),
('birth_on', '出生', '{year,band}', true, NULL),
('groups', '所属群体', '{none}', true, 'group'),
('org_name', '单位名称', '{none}', false, NULL),
('org_uscc', '统一社会信用代码', '{none}', false, NULL),
('org_kind', '单位类型', '{none}', false, NULL),
('industry', '行业门类', '{none}', false, 'industry'),
('occupation', '职业大类', '{none}', false, 'occupation'),
('reason', '原因', '{none}', false, 'reason'),
('level', '等级', '{none}', false, 'level'),
('kind', '类别', '{none}', false, 'kind'),
('form', '形式', '{none}', false, 'form'),
('policy_code', '政策', '{none}', false, 'policy_code');
REVOKE INSERT, UPDATE, DELETE ON monitoring.share_column FROM monitoring_app, monitoring_system;

CREATE TABLE monitoring.dataset (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    code          text NOT NULL CONSTRAINT dataset_code_check CHECK (code ~ '^[a-z][a-z0-9_]{2,39}$'),
    version       integer NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL CONSTRAINT dataset_kind_check CHECK (kind IN ('rows', 'aggregate')),
    owner         text NOT NULL,
    owner_org_id  uuid,
    purpose       text NOT NULL,
    legal_basis   text NOT NULL,
    measure       smallint NOT NULL CONSTRAINT dataset_measure_fkey REFERENCES monitoring.measure,
    about_persons boolean NOT NULL,
    dim           text,
    grain         text CONSTRAINT dataset_grain_check CHECK (grain IN ('month', 'year')),
    least_n       integer CONSTRAINT dataset_least_check CHECK (least_n BETWEEN 5 AND 1000),
    counties      text[] NOT NULL DEFAULT '{}',
    tags          text[] NOT NULL DEFAULT '{}',
    from_on       date,
    reads_a_day   integer NOT NULL CONSTRAINT dataset_reads_check CHECK (reads_a_day > 0),
    rows_a_day    bigint NOT NULL CONSTRAINT dataset_rows_check CHECK (rows_a_day > 0),
    expires_on    date NOT NULL,
    salt          text NOT NULL DEFAULT replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
    state         text NOT NULL DEFAULT 'proposed' CONSTRAINT dataset_state_check CHECK (state IN
        ('proposed', 'checked', 'active', 'refused', 'revoked', 'replaced')),
    note          text,
    proposed_by   uuid NOT NULL DEFAULT platform.actor(),
    checked_by    uuid,
    approved_by   uuid,
    approved_at   timestamptz,
    ended_by      uuid,
    ended_at      timestamptz,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT dataset_version_key UNIQUE (code, version),
    CONSTRAINT dataset_hands_check CHECK (checked_by <> proposed_by AND approved_by <> proposed_by
        AND approved_by <> checked_by),
    CONSTRAINT dataset_approved_check CHECK (state NOT IN ('active', 'replaced') OR (approved_by IS NOT NULL
        AND (checked_by IS NOT NULL OR NOT about_persons))),
    CONSTRAINT dataset_aggregate_check CHECK ((kind = 'aggregate') = (grain IS NOT NULL)
        AND (kind = 'aggregate') = (least_n IS NOT NULL) AND (kind = 'aggregate' OR dim IS NULL)
        AND (kind = 'rows' OR NOT about_persons) AND (kind = 'rows' OR tags = '{}'))
);
CREATE UNIQUE INDEX dataset_active_key ON monitoring.dataset (code) WHERE state = 'active';
CREATE UNIQUE INDEX dataset_open_key ON monitoring.dataset (code) WHERE state IN ('proposed', 'checked');
COMMENT ON COLUMN monitoring.dataset.salt IS 'keys what stands for persons and rows; another one in each version';
COMMENT ON COLUMN monitoring.dataset.least_n IS 'smaller numbers of an aggregate are hidden, and what would give them away';
CALL platform.protect('monitoring.dataset',
    $$platform.whole_city() OR owner_org_id = platform.org() OR (state = 'active' AND platform.org() IS NOT NULL)$$,
    'platform.whole_city()');
REVOKE DELETE ON monitoring.dataset FROM monitoring_app, monitoring_system;

CREATE TABLE monitoring.dataset_field (
    dataset_id  uuid NOT NULL CONSTRAINT dataset_field_dataset_fkey REFERENCES monitoring.dataset,
    ord         integer NOT NULL,
    column_code text NOT NULL CONSTRAINT dataset_field_column_fkey REFERENCES monitoring.share_column,
    mask        text NOT NULL,
    PRIMARY KEY (dataset_id, column_code)
);
COMMENT ON TABLE monitoring.dataset_field IS 'public: of what a dataset consists; seen with it';
CALL platform.protect('monitoring.dataset_field', 'EXISTS (SELECT FROM monitoring.dataset d WHERE d.id = dataset_id)',
    'platform.whole_city()');
REVOKE UPDATE, DELETE ON monitoring.dataset_field FROM monitoring_app, monitoring_system;

CREATE FUNCTION monitoring.dataset_field_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM monitoring.share_column c WHERE c.code = NEW.column_code AND NEW.mask = ANY (c.masks)) THEN
        PERFORM platform.refuse('monitoring.sharing_mask');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dataset_field_fits BEFORE INSERT ON monitoring.dataset_field
    FOR EACH ROW EXECUTE FUNCTION monitoring.dataset_field_fits();

CREATE TABLE monitoring.dataset_recipient (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    dataset_code text NOT NULL,
    org_id       uuid NOT NULL,
    org_name     text NOT NULL,
    purpose      text NOT NULL,
    legal_basis  text NOT NULL,
    until_on     date NOT NULL,
    state        text NOT NULL CONSTRAINT dataset_recipient_state_check CHECK (state IN
        ('asked', 'proposed', 'active', 'refused', 'ended')),
    note         text,
    proposed_by  uuid,
    approved_by  uuid,
    ended_by     uuid,
    ended_at     timestamptz,
    used_on      date,
    reads_used   integer NOT NULL DEFAULT 0,
    rows_used    bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT dataset_recipient_hands_check CHECK (approved_by <> proposed_by),
    CONSTRAINT dataset_recipient_active_check CHECK (state <> 'active' OR num_nonnulls(proposed_by, approved_by) = 2)
);
CREATE UNIQUE INDEX dataset_recipient_key ON monitoring.dataset_recipient (dataset_code, org_id)
    WHERE state IN ('asked', 'proposed', 'active');
CREATE INDEX dataset_recipient_org_idx ON monitoring.dataset_recipient (org_id, id);
COMMENT ON COLUMN monitoring.dataset_recipient.used_on IS 'the day that reads_used and rows_used are of';
CALL platform.protect('monitoring.dataset_recipient', 'org_id = platform.org() OR platform.whole_city()',
    $$platform.whole_city() OR (org_id = platform.org() AND state = 'asked')$$);
REVOKE DELETE ON monitoring.dataset_recipient FROM monitoring_app, monitoring_system;

CREATE TABLE monitoring.dataset_read (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    dataset_code  text NOT NULL,
    version       integer NOT NULL,
    org_id        uuid,
    reader        uuid DEFAULT platform.actor(),
    what          text NOT NULL CONSTRAINT dataset_read_what_check CHECK (what IN ('snapshot', 'changes', 'cells')),
    rows          integer NOT NULL,
    position      text,
    upto_revision bigint,
    request_id    uuid,
    read_on       date NOT NULL DEFAULT platform.today(),
    read_at       timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX dataset_read_code_idx ON monitoring.dataset_read (dataset_code, id);
COMMENT ON TABLE monitoring.dataset_read IS 'each read of a dataset; org_id NULL: by an officer of the city';
COMMENT ON COLUMN monitoring.dataset_read.position IS 'the cursor it began at, or the month it asked for';
CALL platform.protect('monitoring.dataset_read', 'org_id = platform.org() OR platform.whole_city()', 'false');
REVOKE INSERT, UPDATE, DELETE ON monitoring.dataset_read FROM monitoring_app;
REVOKE UPDATE, DELETE ON monitoring.dataset_read FROM monitoring_system;

-- Who receives is a public body that is registered here, and what it receives exists.
CREATE FUNCTION monitoring.dataset_recipient_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    SELECT o.name INTO NEW.org_name FROM monitoring.org o WHERE o.id = NEW.org_id AND o.kind = 'public_body';
    IF NEW.org_name IS NULL THEN
        PERFORM platform.refuse('monitoring.sharing_body');
    ELSIF NOT EXISTS (SELECT FROM monitoring.dataset d WHERE d.code = NEW.dataset_code AND d.state = 'active') THEN
        PERFORM platform.refuse('request.not_found');
    ELSIF NEW.until_on < platform.today() THEN
        PERFORM platform.refuse('monitoring.sharing_past');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dataset_recipient_fits BEFORE INSERT ON monitoring.dataset_recipient
    FOR EACH ROW EXECUTE FUNCTION monitoring.dataset_recipient_fits();

CREATE FUNCTION monitoring.dataset_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.dataset.changed.v1', NEW.code, '431100',
            jsonb_build_object('dataset_id', NEW.id, 'code', NEW.code, 'version', NEW.version, 'kind', NEW.kind,
                'state', NEW.state, 'county_code', '431100'));
    RETURN NULL;
END $$;
CREATE TRIGGER dataset_tells_new AFTER INSERT ON monitoring.dataset
    FOR EACH ROW EXECUTE FUNCTION monitoring.dataset_tells();
CREATE TRIGGER dataset_tells AFTER UPDATE ON monitoring.dataset
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.dataset_tells();

CREATE FUNCTION monitoring.dataset_recipient_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.recipient.changed.v1', NEW.id::text, '431100',
            jsonb_build_object('recipient_id', NEW.id, 'dataset_code', NEW.dataset_code, 'org_id', NEW.org_id,
                'state', NEW.state, 'until_on', NEW.until_on, 'county_code', '431100'));
    IF TG_OP = 'UPDATE' THEN
        PERFORM monitoring.case_move('MO-30', NEW.id, NEW.state, CASE NEW.state WHEN 'proposed' THEN 'in_progress'
            WHEN 'active' THEN 'done' WHEN 'refused' THEN 'refused' END, NEW.note);
        IF NEW.state <> 'proposed' THEN
            PERFORM monitoring.tell(NULL, NEW.org_id, 'dataset_' || NEW.state, '数据集 ' || NEW.dataset_code || CASE NEW.state
                WHEN 'active' THEN ' 已开通' WHEN 'refused' THEN ' 的共享申请未获同意' ELSE ' 已停止共享' END,
                NEW.note, 'dataset_recipient', NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dataset_recipient_tells_new AFTER INSERT ON monitoring.dataset_recipient
    FOR EACH ROW EXECUTE FUNCTION monitoring.dataset_recipient_tells();
CREATE TRIGGER dataset_recipient_tells AFTER UPDATE ON monitoring.dataset_recipient
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.dataset_recipient_tells();

CREATE FUNCTION monitoring.dataset_json(d monitoring.dataset) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', d.id, 'code', d.code, 'version', d.version, 'name', d.name, 'kind', d.kind,
        'owner', d.owner, 'owner_org_id', d.owner_org_id, 'purpose', d.purpose, 'legal_basis', d.legal_basis,
        'measure', m.code, 'about_persons', d.about_persons, 'dim', d.dim, 'grain', d.grain, 'least_n', d.least_n,
        'counties', to_jsonb(d.counties), 'tags', to_jsonb(d.tags), 'from_on', d.from_on,
        'reads_a_day', d.reads_a_day, 'rows_a_day', d.rows_a_day, 'expires_on', d.expires_on, 'state', d.state,
        'note', d.note, 'approved_at', d.approved_at, 'ended_at', d.ended_at, 'created_at', d.created_at,
        'fields', (SELECT coalesce(jsonb_agg(jsonb_build_object('column', f.column_code, 'name', c.name, 'mask', f.mask,
                       'is_personal', c.is_personal) ORDER BY f.ord), '[]')
                     FROM monitoring.dataset_field f JOIN monitoring.share_column c ON c.code = f.column_code
                    WHERE f.dataset_id = d.id))
      FROM monitoring.measure m WHERE m.id = d.measure
$$;
CREATE FUNCTION monitoring.recipient_json(r monitoring.dataset_recipient) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'dataset_code', r.dataset_code, 'org_id', r.org_id, 'org_name', r.org_name,
    'purpose', r.purpose, 'legal_basis', r.legal_basis, 'until_on', r.until_on, 'state', r.state, 'note', r.note,
    'ended_at', r.ended_at, 'created_at', r.created_at,
    'reads_today', CASE WHEN r.used_on = platform.today() THEN r.reads_used ELSE 0 END,
    'rows_today', CASE WHEN r.used_on = platform.today() THEN r.rows_used ELSE 0 END);

CREATE FUNCTION monitoring.share_counties() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127', '431128',
             '431129', '431181', '431171', '431172', '431173'];

-- What is near to a word that does not exist: what has most pairs of letters in common with it, for its length.
CREATE FUNCTION monitoring.share_near(word text, among text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(x.code ORDER BY x.n DESC, x.code), '{}')
      FROM (SELECT a.code, (SELECT count(*) * 2000 FROM generate_series(1, length(word) - 1) AS i
                             WHERE strpos(a.code, substr(word, i, 2)) > 0) / (length(word) + length(a.code)) AS n
              FROM unnest(among) AS a (code) ORDER BY 2 DESC, 1 LIMIT 3) AS x WHERE x.n > 0
$$;

-- What is wrong with a proposal, a row each: where, what, and what may have been meant.
CREATE FUNCTION monitoring.dataset_faults(kind_ text, measure_code text, dim_ text, counties_ jsonb, fields_ jsonb)
RETURNS TABLE (pointer text, fault text, near text[])
LANGUAGE sql STABLE AS $$
    SELECT '/measure', 'measure', monitoring.share_near(measure_code, ARRAY(SELECT m.code FROM monitoring.measure m))
     WHERE NOT EXISTS (SELECT FROM monitoring.measure m WHERE m.code = measure_code)
    UNION ALL
    SELECT '/dim', 'dim', ARRAY(SELECT unnest(m.dims)) FROM monitoring.measure m
     WHERE m.code = measure_code AND dim_ IS NOT NULL AND dim_ <> ALL (m.dims)
    UNION ALL
    SELECT '/fields', 'missing', '{}'::text[] WHERE kind_ = 'rows' AND coalesce(jsonb_array_length(fields_), 0) = 0
    UNION ALL
    SELECT '/fields', 'unfit', '{}'::text[] WHERE kind_ = 'aggregate' AND jsonb_array_length(fields_) > 0
    UNION ALL
    SELECT '/counties/' || (x.n - 1), 'area', monitoring.share_near(x.code, monitoring.share_counties())
      FROM jsonb_array_elements_text(coalesce(counties_, '[]')) WITH ORDINALITY AS x (code, n)
     WHERE x.code <> ALL (monitoring.share_counties())
    UNION ALL
    SELECT '/fields/' || (x.n - 1) || CASE WHEN c.code IS NULL OR x.nth > 1 OR c.dim <> ALL (m.dims) THEN '/column' ELSE '/mask' END,
           CASE WHEN c.code IS NULL THEN 'column' WHEN x.nth > 1 THEN 'twice'
                WHEN c.dim <> ALL (m.dims) THEN 'uncounted' ELSE 'mask' END,
           CASE WHEN c.code IS NULL THEN monitoring.share_near(x.col, ARRAY(SELECT s.code FROM monitoring.share_column s))
                WHEN x.nth > 1 OR c.dim <> ALL (m.dims) THEN '{}'::text[] ELSE c.masks END
      FROM (SELECT e.item->>'column' AS col, e.item->>'mask' AS mask, e.n,
                   row_number() OVER (PARTITION BY e.item->>'column' ORDER BY e.n) AS nth
              FROM jsonb_array_elements(coalesce(fields_, '[]')) WITH ORDINALITY AS e (item, n)) AS x
      LEFT JOIN monitoring.share_column c ON c.code = x.col
      LEFT JOIN monitoring.measure m ON m.code = measure_code
     WHERE c.code IS NULL OR x.nth > 1 OR c.dim <> ALL (m.dims) OR coalesce(x.mask, 'none') <> ALL (c.masks)
$$;
