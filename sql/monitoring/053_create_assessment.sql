-- Whether policies agree with employment (就业政策一致性评价), and what great
-- policies, projects and siting do to it (永政办发〔2024〕15号 三（二）): a form by
-- a department, an opinion, a result, its publication and what became of it --
-- by different people, which the database sees to.

-- Questions are data: [{code, text, type: text|int|bool|choice, required, choices}].
CREATE FUNCTION monitoring.assessment_questions_ok(questions jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(questions) = 'array' AND jsonb_array_length(questions) BETWEEN 1 AND 60
       AND bool_and(q->>'code' ~ '^[a-z][a-z0-9_]{0,30}$' AND length(q->>'text') BETWEEN 2 AND 300
                    AND q->>'type' IN ('text', 'int', 'bool', 'choice') AND jsonb_typeof(q->'required') = 'boolean'
                    AND (q->>'type' = 'choice') = (jsonb_typeof(q->'choices') IS NOT DISTINCT FROM 'array'))
       AND count(DISTINCT q->>'code') = count(*)
      FROM jsonb_array_elements(CASE jsonb_typeof(questions) WHEN 'array' THEN questions ELSE '[]' END) AS q
$$;

CREATE TABLE monitoring.assessment_form (
    id         uuid PRIMARY KEY DEFAULT platform.uuid7(),
    kind       text NOT NULL CONSTRAINT assessment_form_kind_check CHECK (kind IN ('policy', 'impact')),
    version    integer NOT NULL,
    questions  jsonb NOT NULL CONSTRAINT assessment_form_questions_check
        CHECK (monitoring.assessment_questions_ok(questions) IS TRUE),
    basis      text NOT NULL,
    from_on    date NOT NULL,
    to_on      date,
    state      text NOT NULL DEFAULT 'proposed' CONSTRAINT assessment_form_state_check
        CHECK (state IN ('proposed', 'approved', 'refused')),
    made_by    uuid DEFAULT platform.actor(),
    decided_by uuid,
    note       text,
    created_at timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT assessment_form_key UNIQUE (kind, version),
    CONSTRAINT assessment_form_order_check CHECK (to_on >= from_on),
    CONSTRAINT assessment_form_hands_check CHECK (decided_by <> made_by),
    CONSTRAINT assessment_form_once EXCLUDE USING gist
        (int8range(hashtext(kind), hashtext(kind), '[]') WITH &&, daterange(from_on, to_on, '[]') WITH &&)
        WHERE (state = 'approved')
);
CALL platform.protect('monitoring.assessment_form', 'true', 'platform.whole_city()');
COMMENT ON TABLE monitoring.assessment_form IS 'public: forms, nobody''s data';
REVOKE UPDATE, DELETE ON monitoring.assessment_form FROM monitoring_app, monitoring_system;
GRANT UPDATE (state, to_on, decided_by, note) ON monitoring.assessment_form TO monitoring_app;

INSERT INTO monitoring.assessment_form (kind, version, questions, basis, from_on, state) VALUES
('policy', 1, '[
  {"code": "field", "text": "政策领域", "type": "choice", "required": true,
   "choices": ["财政", "税收", "投资", "消费", "产业", "区域发展", "其他"]},
  {"code": "content", "text": "政策主要内容", "type": "text", "required": true},
  {"code": "effect", "text": "对就业的影响", "type": "text", "required": true},
  {"code": "coordination", "text": "与就业政策协调联动的措施", "type": "text", "required": true}]',
 '永政办发〔2024〕15号 三（二）', '2024-11-05', 'approved'),
('impact', 1, '[
  {"code": "subject", "text": "评估对象", "type": "choice", "required": true,
   "choices": ["重大政策", "重大项目", "重大生产力布局"]},
  {"code": "content", "text": "主要内容", "type": "text", "required": true},
  {"code": "jobs_made", "text": "预计新增岗位数", "type": "int", "required": false},
  {"code": "jobs_lost", "text": "预计减少岗位数", "type": "int", "required": false},
  {"code": "effect", "text": "对就业的影响", "type": "text", "required": true},
  {"code": "measures", "text": "防范失业风险、扩大就业的措施", "type": "text", "required": true}]',
 '永政办发〔2024〕15号 三（二）', '2024-11-05', 'approved');

CREATE FUNCTION monitoring.assessment_form_on(kind_ text, day date) RETURNS monitoring.assessment_form
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.* FROM monitoring.assessment_form f
     WHERE f.kind = kind_ AND f.state = 'approved' AND day >= f.from_on AND (f.to_on IS NULL OR day <= f.to_on)
$$;

CREATE FUNCTION monitoring.assessment_form_json(f monitoring.assessment_form) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', f.id, 'kind', f.kind, 'version', f.version, 'questions', f.questions, 'basis', f.basis,
        'from_on', f.from_on, 'to_on', f.to_on, 'state', f.state, 'note', f.note)
$$;

-- What is wrong with answers, one row a field.
CREATE FUNCTION monitoring.assessment_faults(questions jsonb, answers jsonb) RETURNS TABLE (pointer text, code text)
LANGUAGE sql IMMUTABLE AS $$
    SELECT '/answers/' || (q->>'code'), CASE
               WHEN a IS NULL OR a IN ('null', '""') THEN CASE WHEN (q->>'required')::boolean THEN 'field.missing' END
               WHEN q->>'type' = 'text' AND jsonb_typeof(a) <> 'string' OR q->>'type' = 'bool' AND jsonb_typeof(a) <> 'boolean'
                 OR q->>'type' = 'int' AND (jsonb_typeof(a) <> 'number' OR a::text !~ '^[0-9]{1,12}$')
                 OR q->>'type' = 'choice' AND jsonb_typeof(a) <> 'string' THEN 'field.type'
               WHEN q->>'type' = 'text' AND length(a #>> '{}') > 4000 THEN 'field.too_long'
               WHEN q->>'type' = 'choice' AND NOT q->'choices' @> a THEN 'field.choice' END
      FROM jsonb_array_elements(questions) AS q CROSS JOIN LATERAL (SELECT answers->(q->>'code') AS a) AS x
    UNION ALL
    SELECT '/answers/' || k, 'field.unknown'
      FROM jsonb_object_keys(answers) AS k
     WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(questions) AS q WHERE q->>'code' = k)
$$;

CREATE TABLE monitoring.assessment (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    version      integer NOT NULL,
    title        text NOT NULL,
    org_id       uuid NOT NULL,
    org_name     text NOT NULL,
    answers      jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'submitted' CONSTRAINT assessment_state_check CHECK (state IN
        ('submitted', 'returned', 'opined', 'concluded', 'published', 'closed', 'withdrawn')),
    due_on       date DEFAULT monitoring.setting_due('assessment_opinion_days', platform.today()),
    note         text,
    submitted_by uuid NOT NULL DEFAULT platform.actor(),
    submitted_at timestamptz NOT NULL DEFAULT platform.now(),
    opinion      text CONSTRAINT assessment_opinion_check CHECK (opinion IN ('favourable', 'neutral', 'adverse')),
    opinion_text text,
    opinion_by   uuid,
    opinion_at   timestamptz,
    result       text CONSTRAINT assessment_result_check CHECK (result IN ('agreed', 'adjust', 'stopped')),
    result_text  text,
    result_by    uuid,
    result_at    timestamptz,
    published_by uuid,
    published_on date,
    closed_by    uuid,
    closed_at    timestamptz,
    county_code  text NOT NULL,
    moved_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT assessment_form_fkey FOREIGN KEY (kind, version) REFERENCES monitoring.assessment_form (kind, version),
    CONSTRAINT assessment_opinion_hand_check CHECK (opinion_by <> submitted_by),
    CONSTRAINT assessment_result_hand_check CHECK (result_by NOT IN (submitted_by, opinion_by)),
    CONSTRAINT assessment_opined_check CHECK ((state IN ('opined', 'concluded', 'published', 'closed'))
        <= (num_nulls(opinion, opinion_text, opinion_by) = 0)),
    CONSTRAINT assessment_concluded_check CHECK ((state IN ('concluded', 'published', 'closed'))
        <= (num_nulls(result, result_text, result_by) = 0)),
    CONSTRAINT assessment_published_check CHECK ((state IN ('published', 'closed')) <= (published_on IS NOT NULL)),
    CONSTRAINT assessment_closed_check CHECK ((state = 'closed') = (closed_by IS NOT NULL))
);
COMMENT ON COLUMN monitoring.assessment.due_on IS 'of the step that is next; NULL: the city has set no days for it';
CREATE INDEX assessment_county_idx ON monitoring.assessment (county_code, id);
CREATE INDEX assessment_org_idx ON monitoring.assessment (org_id, id);
CALL platform.protect('monitoring.assessment', 'org_id = platform.org() OR platform.acts_in(county_code)');
REVOKE UPDATE, DELETE ON monitoring.assessment FROM monitoring_app;
REVOKE DELETE ON monitoring.assessment FROM monitoring_system;
GRANT UPDATE (answers, title, state, due_on, note, opinion, opinion_text, opinion_by, opinion_at, result, result_text, result_by,
              result_at, published_by, published_on, closed_by, closed_at, moved_at) ON monitoring.assessment TO monitoring_app;

-- What became of it, once it was decided.
CREATE TABLE monitoring.assessment_follow (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    assessment_id uuid NOT NULL CONSTRAINT assessment_follow_fkey REFERENCES monitoring.assessment,
    on_day        date NOT NULL,
    text          text NOT NULL,
    jobs_made     integer CONSTRAINT assessment_follow_made_check CHECK (jobs_made >= 0),
    jobs_lost     integer CONSTRAINT assessment_follow_lost_check CHECK (jobs_lost >= 0),
    made_by       uuid NOT NULL DEFAULT platform.actor(),
    org_id        uuid NOT NULL,
    county_code   text NOT NULL,
    at            timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX assessment_follow_idx ON monitoring.assessment_follow (assessment_id, id);
CALL platform.protect('monitoring.assessment_follow', 'org_id = platform.org() OR platform.acts_in(county_code)');
REVOKE UPDATE, DELETE ON monitoring.assessment_follow FROM monitoring_app, monitoring_system;

-- Officers hand in evidence for the department; it is filed as the department's.
CREATE POLICY assessment_files ON monitoring.file FOR ALL TO monitoring_app
    USING (subject_kind = 'assessment' AND platform.acts_in(county_code))
    WITH CHECK (subject_kind = 'assessment' AND platform.acts_in(county_code));

-- The department that it is about, wherever it is registered.
CREATE FUNCTION monitoring.assessment_org(wanted uuid) RETURNS monitoring.org
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT o.* FROM monitoring.org o WHERE o.id = wanted
$$;

CREATE FUNCTION monitoring.assessment_json(a monitoring.assessment) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'kind', a.kind, 'version', a.version, 'title', a.title, 'org_id', a.org_id,
        'org_name', a.org_name, 'county_code', a.county_code, 'state', a.state, 'due_on', a.due_on, 'note', a.note,
        'submitted_at', a.submitted_at, 'opinion', a.opinion, 'opinion_text', a.opinion_text, 'opinion_by', a.opinion_by,
        'result', a.result, 'result_text', a.result_text, 'result_by', a.result_by, 'published_on', a.published_on,
        'closed_at', a.closed_at)
$$;

CREATE FUNCTION monitoring.assessment_full_json(a monitoring.assessment) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT monitoring.assessment_json(a) || jsonb_build_object(
        'questions', (SELECT f.questions FROM monitoring.assessment_form f WHERE f.kind = a.kind AND f.version = a.version),
        'answers', a.answers,
        'follow_ups', coalesce((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'on_day', f.on_day, 'text', f.text,
                                    'jobs_made', f.jobs_made, 'jobs_lost', f.jobs_lost, 'at', f.at) ORDER BY f.id)
                                  FROM monitoring.assessment_follow f WHERE f.assessment_id = a.id), '[]'),
        'files', coalesce((SELECT jsonb_agg(monitoring.file_json(x) ORDER BY x.id) FROM monitoring.file x
                            WHERE x.subject_id = a.id), '[]'))
$$;

CREATE FUNCTION monitoring.assessment_before() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
        (('submitted', 'returned'), ('returned', 'submitted'), ('submitted', 'opined'), ('opined', 'concluded'),
         ('concluded', 'published'), ('published', 'closed'), ('submitted', 'withdrawn'), ('returned', 'withdrawn')) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    PERFORM platform.refuse(x.code || ' ' || x.pointer)
       FROM monitoring.assessment_form f
      CROSS JOIN LATERAL monitoring.assessment_faults(f.questions, NEW.answers) AS x
      WHERE f.kind = NEW.kind AND f.version = NEW.version AND x.code IS NOT NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_before BEFORE INSERT OR UPDATE ON monitoring.assessment
    FOR EACH ROW EXECUTE FUNCTION monitoring.assessment_before();

CREATE FUNCTION monitoring.assessment_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    matter text := CASE NEW.kind WHEN 'policy' THEN 'MO-15' ELSE 'MO-16' END;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN
        RETURN NULL;
    END IF;
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.assessment.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object('assessment_id', NEW.id,
        'kind', NEW.kind, 'org_id', NEW.org_id, 'state', NEW.state, 'opinion', NEW.opinion, 'result', NEW.result,
        'county_code', NEW.county_code));
    IF TG_OP = 'UPDATE' THEN
        PERFORM monitoring.case_move(matter, NEW.id, NEW.state, CASE NEW.state WHEN 'returned' THEN 'waiting'
            WHEN 'withdrawn' THEN 'withdrawn' WHEN 'concluded' THEN 'done' WHEN 'published' THEN NULL WHEN 'closed' THEN NULL
            ELSE 'in_progress' END, CASE NEW.state WHEN 'returned' THEN NEW.note WHEN 'concluded' THEN NEW.result_text END);
        IF NEW.state IN ('returned', 'concluded', 'published', 'closed') THEN
            PERFORM monitoring.tell(NULL, NEW.org_id, 'assessment', CASE NEW.state WHEN 'returned' THEN '评估材料已退回，请补充'
                WHEN 'concluded' THEN '评估已有结论' WHEN 'published' THEN '评估结论已公布，请按期跟踪问效' ELSE '评估已办结' END,
                NEW.title || coalesce('：' || CASE NEW.state WHEN 'returned' THEN NEW.note ELSE NEW.result_text END, ''),
                'assessment', NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assessment_after AFTER INSERT OR UPDATE ON monitoring.assessment
    FOR EACH ROW EXECUTE FUNCTION monitoring.assessment_after();
