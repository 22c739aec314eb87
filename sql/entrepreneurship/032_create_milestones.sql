-- What becomes of an awarded project (永政办发〔2024〕15号 二（二）6): the firm's plan, its
-- milestones one after another, a report of each with its papers, two officers who
-- look at it, and the next instalment. A milestone that is missed holds all that
-- come behind it.

CREATE TABLE entrepreneurship.project (
    id          uuid PRIMARY KEY CONSTRAINT project_award_fkey REFERENCES entrepreneurship.award,
    org_id      uuid NOT NULL,
    state       text NOT NULL DEFAULT 'unplanned' CONSTRAINT project_state_check CHECK (state IN
        ('unplanned', 'planned', 'running', 'completed', 'revoked')),
    note        text,                       -- of whoever returned the plan, or took the award back
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    moved_at    timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX project_county_idx ON entrepreneurship.project (county_code, state, id);
CREATE INDEX project_org_idx ON entrepreneurship.project (org_id);
CALL platform.protect('entrepreneurship.project',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$);
REVOKE INSERT, UPDATE, DELETE ON entrepreneurship.project FROM entrepreneurship_app;
GRANT UPDATE (state, note, moved_at) ON entrepreneurship.project TO entrepreneurship_app;

CREATE TABLE entrepreneurship.milestone (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    project_id  uuid NOT NULL CONSTRAINT milestone_project_fkey REFERENCES entrepreneurship.project,
    org_id      uuid NOT NULL,
    no          integer NOT NULL,
    title       text NOT NULL,
    deliverable text NOT NULL,              -- what shows that it was reached
    due_on      date NOT NULL,
    state       text NOT NULL DEFAULT 'due' CONSTRAINT milestone_state_check CHECK (state IN
        ('due', 'reported', 'accepted')),
    report      text,
    reported_on date,
    looked_no   integer NOT NULL DEFAULT 1, -- of the report that is, or is to be, looked at
    missed_on   date,                       -- when the clock found it so
    accepted_on date,
    instalment  integer,                    -- freed by it
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT milestone_no_key UNIQUE (project_id, no),
    CONSTRAINT milestone_reported_check CHECK (state = 'due' OR (report IS NOT NULL AND reported_on IS NOT NULL)),
    CONSTRAINT milestone_accepted_check CHECK ((state = 'accepted') = (accepted_on IS NOT NULL))
);
CREATE INDEX milestone_due_idx ON entrepreneurship.milestone (due_on, id) WHERE state <> 'accepted';
CREATE INDEX milestone_county_idx ON entrepreneurship.milestone (county_code, id);
CALL platform.protect('entrepreneurship.milestone',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$);
REVOKE UPDATE, DELETE ON entrepreneurship.milestone FROM entrepreneurship_app;
GRANT DELETE, UPDATE (state, report, reported_on, looked_no, accepted_on, instalment, due_on, missed_on)
    ON entrepreneurship.milestone TO entrepreneurship_app;

-- A day that was moved, by whom, and why.
CREATE TABLE entrepreneurship.milestone_delay (
    milestone_id uuid NOT NULL REFERENCES entrepreneurship.milestone,
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    reason       text NOT NULL,
    actor        uuid NOT NULL DEFAULT platform.actor(),
    county_code  text NOT NULL,
    at           timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (milestone_id, at),
    CONSTRAINT milestone_delay_check CHECK (to_on > from_on)
);
CALL platform.protect('entrepreneurship.milestone_delay', $$platform.in_areas(county_code, NULL)$$);
REVOKE UPDATE, DELETE ON entrepreneurship.milestone_delay FROM entrepreneurship_app, entrepreneurship_system;

-- Its further instalments wait for milestones, not for inspections.
CREATE FUNCTION entrepreneurship.project_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.project (id, org_id, county_code, area_code)
    VALUES (NEW.id, NEW.org_id, NEW.county_code, NEW.area_code);
    PERFORM entrepreneurship.tell(NULL, NEW.org_id, 'project', '项目已入选，请制定分期计划',
        '共 ' || NEW.instalments || ' 期，后续各期在计划节点验收后发放。', 'project', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER project_begin AFTER INSERT ON entrepreneurship.award
    FOR EACH ROW WHEN (NEW.policy_code = 'CYXM') EXECUTE FUNCTION entrepreneurship.project_begin();
CREATE FUNCTION entrepreneurship.unit_none() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER unit_none BEFORE INSERT ON entrepreneurship.acceptance_unit
    FOR EACH ROW WHEN (NEW.policy_code = 'CYXM') EXECUTE FUNCTION entrepreneurship.unit_none();

CREATE FUNCTION entrepreneurship.milestone_late(m entrepreneurship.milestone) RETURNS boolean
LANGUAGE sql STABLE
RETURN m.state = 'due' AND m.due_on < platform.today();

CREATE FUNCTION entrepreneurship.milestone_json(m entrepreneurship.milestone) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', m.id, 'project_id', m.project_id, 'org_id', m.org_id, 'no', m.no, 'title', m.title,
    'deliverable', m.deliverable, 'due_on', m.due_on, 'state', m.state, 'late', entrepreneurship.milestone_late(m),
    'report', m.report, 'reported_on', m.reported_on, 'accepted_on', m.accepted_on, 'instalment', m.instalment,
    'files', entrepreneurship.files_json(m.id), 'looks', entrepreneurship.looks_json(m.id), 'county_code', m.county_code);

CREATE FUNCTION entrepreneurship.project_json(p entrepreneurship.project) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'org_id', p.org_id, 'name', a.name, 'round_title', r.title, 'rank', a.rank,
        'instalments', a.instalments, 'instalments_given', (SELECT count(*) FROM entrepreneurship.award_part x
            WHERE x.award_id = a.id), 'state', p.state, 'note', p.note,
        'milestones', (SELECT coalesce(jsonb_agg(entrepreneurship.milestone_json(m) ORDER BY m.no), '[]')
            FROM entrepreneurship.milestone m WHERE m.project_id = p.id),
        'county_code', p.county_code, 'area_code', p.area_code, 'awarded_at', a.made_at)
      FROM entrepreneurship.award a
      LEFT JOIN entrepreneurship.round_entry e ON e.id = a.source_id
      LEFT JOIN entrepreneurship.round r ON r.id = e.round_id
     WHERE a.id = p.id
$$;

-- A plan instead of what was planned before, as long as nobody agreed to that.
CREATE FUNCTION entrepreneurship.project_plan(project uuid, plan jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p     entrepreneurship.project;
    parts integer;
BEGIN
    SELECT x.* INTO p FROM entrepreneurship.project x WHERE x.id = project AND x.org_id = platform.org() FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    IF p.state NOT IN ('unplanned', 'planned') THEN PERFORM platform.refuse('state.wrong'); END IF;
    SELECT a.instalments INTO parts FROM entrepreneurship.award a WHERE a.id = p.id;
    IF jsonb_array_length(plan) < parts - 1 THEN PERFORM platform.refuse('entrepreneurship.plan_short /milestones'); END IF;
    DELETE FROM entrepreneurship.milestone m WHERE m.project_id = p.id;
    INSERT INTO entrepreneurship.milestone (project_id, org_id, no, title, deliverable, due_on, county_code, area_code)
    SELECT p.id, p.org_id, x.ord, x.m ->> 'title', x.m ->> 'deliverable', (x.m ->> 'due_on')::date, p.county_code, p.area_code
      FROM jsonb_array_elements(plan) WITH ORDINALITY AS x (m, ord);
    UPDATE entrepreneurship.project x SET state = 'planned', note = NULL, moved_at = platform.now()
     WHERE x.id = p.id RETURNING x.* INTO p;
    RETURN entrepreneurship.project_json(p);
END $$;

CREATE FUNCTION entrepreneurship.project_agree(project uuid, pass boolean, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p entrepreneurship.project;
BEGIN
    SELECT x.* INTO p FROM entrepreneurship.project x
     WHERE x.id = project AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    IF p.state <> 'planned' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF NOT pass AND why IS NULL THEN PERFORM platform.refuse('field.missing /note'); END IF;
    UPDATE entrepreneurship.project x
       SET state = CASE WHEN pass THEN 'running' ELSE 'unplanned' END, note = why, moved_at = platform.now()
     WHERE x.id = p.id RETURNING x.* INTO p;
    PERFORM entrepreneurship.tell(NULL, p.org_id, 'project',
        CASE WHEN pass THEN '项目计划已同意' ELSE '项目计划已退回，请修改' END, why, 'project', p.id);
    RETURN entrepreneurship.project_json(p);
END $$;

-- The milestone of a running project, whose turn it is; its row is locked.
CREATE FUNCTION entrepreneurship.milestone_take(milestone uuid) RETURNS entrepreneurship.milestone
LANGUAGE plpgsql AS $$
DECLARE
    m entrepreneurship.milestone;
    p entrepreneurship.project;
BEGIN
    SELECT x.* INTO m FROM entrepreneurship.milestone x WHERE x.id = milestone;
    SELECT x.* INTO p FROM entrepreneurship.project x WHERE x.id = m.project_id FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    SELECT x.* INTO m FROM entrepreneurship.milestone x WHERE x.id = milestone FOR UPDATE;
    IF p.state <> 'running' OR m.state = 'accepted' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF EXISTS (SELECT FROM entrepreneurship.milestone x
                WHERE x.project_id = p.id AND x.no < m.no AND x.state <> 'accepted') THEN
        PERFORM platform.refuse('entrepreneurship.milestone_order');
    END IF;
    RETURN m;
END $$;

CREATE FUNCTION entrepreneurship.milestone_report(milestone uuid, text_ text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    m entrepreneurship.milestone := entrepreneurship.milestone_take(milestone);
BEGIN
    IF m.id IS NULL OR m.org_id IS DISTINCT FROM platform.org() THEN RETURN NULL; END IF;
    IF m.state <> 'due' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF NOT EXISTS (SELECT FROM entrepreneurship.file f WHERE f.subject_id = m.id) THEN
        PERFORM platform.refuse('entrepreneurship.paper_missing');
    END IF;
    UPDATE entrepreneurship.milestone x SET state = 'reported', report = text_, reported_on = platform.today()
     WHERE x.id = m.id RETURNING x.* INTO m;
    RETURN entrepreneurship.milestone_json(m);
END $$;

-- Two who find it reached free the next instalment; two who do not send it back.
CREATE FUNCTION entrepreneurship.milestone_look(milestone uuid, met boolean, note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    m     entrepreneurship.milestone := entrepreneurship.milestone_take(milestone);
    found boolean;
BEGIN
    IF m.id IS NULL THEN RETURN NULL; END IF;
    IF m.state <> 'reported' THEN PERFORM platform.refuse('state.wrong'); END IF;
    found := entrepreneurship.look(m.id, m.org_id, m.looked_no, met, note, m.county_code);
    IF found THEN
        UPDATE entrepreneurship.milestone x SET state = 'accepted', accepted_on = platform.today(),
               instalment = entrepreneurship.award_pay(m.project_id)
         WHERE x.id = m.id RETURNING x.* INTO m;
        UPDATE entrepreneurship.project p SET state = 'completed', moved_at = platform.now()
         WHERE p.id = m.project_id AND NOT EXISTS (SELECT FROM entrepreneurship.milestone x
                   WHERE x.project_id = p.id AND x.state <> 'accepted');
    ELSIF NOT found THEN
        UPDATE entrepreneurship.milestone x SET state = 'due', looked_no = x.looked_no + 1
         WHERE x.id = m.id RETURNING x.* INTO m;
        PERFORM entrepreneurship.tell(NULL, m.org_id, 'project', '节点未通过核查，请补正后再报：' || m.title, note,
            'milestone', m.id);
    END IF;
    RETURN entrepreneurship.milestone_json(m);
END $$;

CREATE FUNCTION entrepreneurship.milestone_extend(milestone uuid, to_on date, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    m entrepreneurship.milestone := entrepreneurship.milestone_take(milestone);
BEGIN
    IF m.id IS NULL THEN RETURN NULL; END IF;
    IF m.state <> 'due' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF to_on <= greatest(m.due_on, platform.today()) OR to_on >= (SELECT min(x.due_on) FROM entrepreneurship.milestone x
            WHERE x.project_id = m.project_id AND x.no > m.no) THEN
        PERFORM platform.refuse('field.date_order /due_on');
    END IF;
    INSERT INTO entrepreneurship.milestone_delay (milestone_id, from_on, to_on, reason, county_code)
    VALUES (m.id, m.due_on, milestone_extend.to_on, why, m.county_code);
    UPDATE entrepreneurship.milestone x SET due_on = milestone_extend.to_on, missed_on = NULL
     WHERE x.id = m.id RETURNING x.* INTO m;
    PERFORM entrepreneurship.tell(NULL, m.org_id, 'project', '节点已延期至 ' || to_on || '：' || m.title, why, 'milestone', m.id);
    RETURN entrepreneurship.milestone_json(m);
END $$;

-- What was missed may cost the award: by another than who looked at its reports.
CREATE FUNCTION entrepreneurship.project_revoke(project uuid, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p entrepreneurship.project;
BEGIN
    SELECT x.* INTO p FROM entrepreneurship.project x
     WHERE x.id = project AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    IF p.state IN ('completed', 'revoked') THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF NOT EXISTS (SELECT FROM entrepreneurship.milestone m WHERE m.project_id = p.id AND m.missed_on IS NOT NULL
                      AND m.state = 'due') THEN
        PERFORM platform.refuse('entrepreneurship.none_missed');
    END IF;
    IF EXISTS (SELECT FROM entrepreneurship.second_look l JOIN entrepreneurship.milestone m ON m.id = l.subject_id
                WHERE m.project_id = p.id AND l.officer = platform.actor()) THEN
        PERFORM platform.refuse('selection.same_hand');
    END IF;
    PERFORM entrepreneurship.award_revoke(p.id, why);
    UPDATE entrepreneurship.project x SET state = 'revoked', note = why, moved_at = platform.now()
     WHERE x.id = p.id RETURNING x.* INTO p;
    PERFORM entrepreneurship.tell(NULL, p.org_id, 'project', '项目奖补已撤销', why, 'project', p.id);
    RETURN entrepreneurship.project_json(p);
END $$;

-- By the business date: what is past its day and not reported. Again: nothing.
CREATE FUNCTION entrepreneurship.milestones_miss() RETURNS bigint
LANGUAGE sql AS $$
    WITH missed AS (
        UPDATE entrepreneurship.milestone m SET missed_on = platform.today()
          FROM entrepreneurship.project p
         WHERE p.id = m.project_id AND p.state = 'running' AND m.missed_on IS NULL
           AND m.state = 'due' AND m.due_on < platform.today()
        RETURNING m.*
    )
    SELECT count(entrepreneurship.tell(NULL, m.org_id, 'project', '节点已逾期：' || m.title,
               '应于 ' || m.due_on || ' 前报告，后续各期暂缓发放。', 'milestone', m.id)) FROM missed m
$$;
