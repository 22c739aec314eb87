-- Where a founder stands, found from what is known: training, guidance, tenancy,
-- licence, loan, subsidies, hires, and time. These run as the owner, for the
-- firm's rows are not the person's to read; they are given a founder that the
-- caller could read.

CREATE FUNCTION entrepreneurship.founder_steps(f entrepreneurship.founder)
RETURNS TABLE (ord integer, code text, done_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH firm AS (
        SELECT CASE WHEN f.firm_state = 'confirmed' THEN f.org_id END AS id
    )
    SELECT 1, 'idea', (f.created_at AT TIME ZONE 'Asia/Shanghai')::date
    UNION ALL SELECT 2, 'trained', min(t.completed_on) FROM entrepreneurship.startup_trained t
               WHERE t.person_id = f.person_id AND t.passed
    UNION ALL SELECT 3, 'mentor', min(g.given_on) FROM entrepreneurship.guidance g
               WHERE g.person_id = f.person_id AND g.state = 'confirmed'
    UNION ALL SELECT 4, 'place', min(t.admitted_on) FROM entrepreneurship.tenant t, firm
               WHERE t.org_id = firm.id AND t.state IN ('in', 'left')
    UNION ALL SELECT 5, 'licence', f.confirmed_on
    UNION ALL SELECT 6, 'loan', min(l.granted_from) FROM entrepreneurship.loan l, firm
               WHERE l.state = 'granted' AND (l.person_id = f.person_id OR l.org_id = firm.id)
    UNION ALL SELECT 7, 'subsidies', min(p.paid_on) FROM entrepreneurship.founder_paid p, firm
               WHERE p.person_id = f.person_id OR p.org_id = firm.id
    UNION ALL SELECT 8, 'first_hire', min(h.hired_on) FROM entrepreneurship.hire h, firm
               WHERE h.org_id = firm.id AND h.person_id <> f.person_id AND h.hired_on >= f.founded_on
    UNION ALL SELECT 8 + n, 'alive_' || m, d FROM firm
       CROSS JOIN LATERAL (VALUES (1, 3), (2, 6), (3, 12)) AS a (n, m)
       LEFT JOIN LATERAL (SELECT (f.founded_on + make_interval(months => m))::date) AS x (d)
         ON firm.id IS NOT NULL AND x.d <= platform.today() AND coalesce(f.closed_on, 'infinity') > x.d
$$;

-- The first that is not done and not declined.
CREATE FUNCTION entrepreneurship.founder_step(f entrepreneurship.founder) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN f.closed_on IS NOT NULL THEN 'closed' ELSE coalesce((
        SELECT s.code FROM entrepreneurship.founder_steps(f) s
         WHERE s.done_on IS NULL AND NOT s.code = ANY (f.skips) ORDER BY s.ord LIMIT 1), 'done') END
$$;

-- Whatever touches the row finds its step anew.
CREATE FUNCTION entrepreneurship.founder_stand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    next text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT p.name_masked INTO NEW.name_masked FROM entrepreneurship.person p WHERE p.id = NEW.person_id;
        IF NEW.name_masked IS NULL THEN
            PERFORM platform.refuse('entrepreneurship.person_unknown');
        END IF;
        NEW.step := 'idea';
    END IF;
    next := entrepreneurship.founder_step(NEW);
    IF TG_OP = 'INSERT' OR next <> OLD.step THEN
        NEW.step := next;
        NEW.step_since := platform.today();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER founder_stand BEFORE INSERT OR UPDATE ON entrepreneurship.founder
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.founder_stand();

CREATE FUNCTION entrepreneurship.founder_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.founder.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'founder_id', NEW.id, 'person_id', NEW.person_id, 'org_id', NEW.org_id, 'step', NEW.step,
        'firm_state', NEW.firm_state, 'follow', NEW.follow, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER founder_opened AFTER INSERT ON entrepreneurship.founder
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.founder_tell();
CREATE TRIGGER founder_moved AFTER UPDATE ON entrepreneurship.founder
    FOR EACH ROW WHEN ((OLD.step, OLD.firm_state, OLD.follow, OLD.county_code)
        <> (NEW.step, NEW.firm_state, NEW.follow, NEW.county_code))
    EXECUTE FUNCTION entrepreneurship.founder_tell();

-- What may move a founder on touches their row.
CREATE FUNCTION entrepreneurship.founder_touch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r jsonb := to_jsonb(NEW);
BEGIN
    UPDATE entrepreneurship.founder SET checked_on = platform.today()
     WHERE person_id = (r ->> 'person_id')::uuid OR org_id = (r ->> 'org_id')::uuid;
    RETURN NULL;
END $$;
CREATE TRIGGER founder_touch AFTER INSERT ON entrepreneurship.startup_trained
    FOR EACH ROW WHEN (NEW.passed) EXECUTE FUNCTION entrepreneurship.founder_touch();
CREATE TRIGGER founder_touch AFTER UPDATE OF state ON entrepreneurship.guidance
    FOR EACH ROW WHEN (NEW.state = 'confirmed') EXECUTE FUNCTION entrepreneurship.founder_touch();
CREATE TRIGGER founder_touch AFTER INSERT OR UPDATE OF state ON entrepreneurship.tenant
    FOR EACH ROW WHEN (NEW.state = 'in') EXECUTE FUNCTION entrepreneurship.founder_touch();
CREATE TRIGGER founder_touch AFTER INSERT ON entrepreneurship.hire
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.founder_touch();
CREATE TRIGGER founder_touch AFTER INSERT ON entrepreneurship.founder_paid
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.founder_touch();

-- Months pass by themselves: once a business day each founder is looked at.
CREATE FUNCTION entrepreneurship.founder_day(most integer) RETURNS bigint
LANGUAGE sql AS $$
    WITH due AS (
        SELECT f.id FROM entrepreneurship.founder f WHERE f.checked_on < platform.today()
         ORDER BY f.checked_on LIMIT most FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE entrepreneurship.founder f SET checked_on = platform.today() FROM due WHERE f.id = due.id RETURNING f.id
    )
    SELECT count(*) FROM moved
$$;

CREATE FUNCTION entrepreneurship.founder_json(f entrepreneurship.founder) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', f.id, 'person_id', f.person_id, 'name_masked', f.name_masked, 'idea', f.idea,
    'groups', f.groups, 'skips', f.skips, 'follow', f.follow, 'org_id', f.org_id,
    'firm_state', f.firm_state, 'founded_on', f.founded_on, 'closed_on', f.closed_on, 'step', f.step,
    'step_since', f.step_since, 'county_code', f.county_code, 'area_code', f.area_code, 'created_at', f.created_at);

-- What each step is called and where it is done.
CREATE TABLE entrepreneurship.founder_step_text (
    code    text PRIMARY KEY,
    title   text NOT NULL,
    zh      text NOT NULL,
    en      text NOT NULL,
    method  text NOT NULL CONSTRAINT founder_step_method_check CHECK (method IN ('GET', 'POST')),
    path    text NOT NULL
);
COMMENT ON TABLE entrepreneurship.founder_step_text IS 'public: names of the steps, what to do next, and the route';
INSERT INTO entrepreneurship.founder_step_text (code, title, zh, en, method, path) VALUES
    ('idea', '创业想法', '说说您想做什么', 'Say what you want to do', 'POST', '/v1/entrepreneurship/my/founder'),
    ('trained', '创业培训', '报名参加创业培训班', 'Enrol in a class for founders', 'GET', '/v1/training/classes?kind=startup'),
    ('mentor', '导师指导', '预约一位创业导师', 'Book a mentor', 'GET', '/v1/entrepreneurship/mentors'),
    ('place', '落脚场地', '看看附近的孵化基地，也可以不入驻', 'Look at incubators near you, or go without', 'GET', '/v1/entrepreneurship/carriers/nearest'),
    ('licence', '办理执照', '取得执照后填写统一社会信用代码，并以单位身份确认', 'Name your licence, then confirm it acting for the firm', 'POST', '/v1/entrepreneurship/my/founder/firm'),
    ('loan', '创业担保贷款', '先做贷款预审，再申请指导', 'Check what a loan needs, then apply for guidance', 'GET', '/v1/entrepreneurship/loan-check'),
    ('subsidies', '创业补贴', '用政策计算器看看能领什么', 'See in the calculator what you could get', 'GET', '/v1/subsidies/calculator'),
    ('first_hire', '招用第一人', '发布岗位，录用后办理就业登记', 'Post a job; register the employment', 'POST', '/v1/jobs/vacancies'),
    ('alive_3', '经营满3个月', '继续经营；有困难找导师', 'Carry on; a mentor helps with trouble', 'GET', '/v1/entrepreneurship/mentors'),
    ('alive_6', '经营满6个月', '继续经营；有困难找导师', 'Carry on; a mentor helps with trouble', 'GET', '/v1/entrepreneurship/mentors'),
    ('alive_12', '经营满12个月', '满一年后再看补贴', 'After a year look at subsidies again', 'GET', '/v1/subsidies/calculator');

-- The whole path: every step with its state, the first open one is `now`.
CREATE FUNCTION entrepreneurship.founder_path(f entrepreneurship.founder) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_agg(jsonb_build_object('code', s.code, 'title', t.title, 'done_on', s.done_on,
               'state', CASE WHEN s.done_on IS NOT NULL THEN 'done' WHEN s.code = ANY (f.skips) THEN 'skipped'
                             WHEN s.code = entrepreneurship.founder_step(f) THEN 'now' ELSE 'later' END,
               'next', jsonb_build_object('zh', t.zh, 'en', t.en, 'method', t.method, 'path', t.path)) ORDER BY s.ord)
      FROM entrepreneurship.founder_steps(f) s JOIN entrepreneurship.founder_step_text t ON t.code = s.code
$$;

-- Incubators nearest by area: of the town, of the county, then the rest.
CREATE FUNCTION entrepreneurship.founder_places(f entrepreneurship.founder) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(x.j ORDER BY x.n), '[]')
      FROM (SELECT jsonb_build_object('id', c.id, 'name', c.name, 'kind', c.kind, 'county_code', c.county_code,
                       'area_code', c.area_code, 'free', c.capacity - c.tenant_count) AS j,
                   row_number() OVER (ORDER BY left(c.area_code, 9) <> left(f.area_code, 9), c.id) AS n
              FROM entrepreneurship.carrier c
             WHERE c.county_code = f.county_code AND c.state = 'open' AND c.tenant_count < c.capacity
             ORDER BY n LIMIT 3) x
$$;

-- How many stand where, of a caller's areas: also those who are not followed,
-- who are only counted.
CREATE FUNCTION entrepreneurship.founder_counts()
RETURNS TABLE (county_code text, step text, founders bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.county_code, f.step, count(*) FROM entrepreneurship.founder f
     WHERE platform.in_areas(f.county_code, f.area_code) GROUP BY f.county_code, f.step
$$;

-- What people wrote here goes with them when they are erased.
CREATE FUNCTION entrepreneurship.person_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE entrepreneurship.founder SET idea = '*', name_masked = NEW.name_masked, follow = false WHERE person_id = NEW.id;
    UPDATE entrepreneurship.booking SET question = '*', name_masked = NEW.name_masked WHERE person_id = NEW.id;
    UPDATE entrepreneurship.mentor SET name = '*', intro = NULL, shown = false WHERE person_id = NEW.id;
    UPDATE entrepreneurship.mentor_seat SET name_masked = NEW.name_masked WHERE person_id = NEW.id;
    UPDATE entrepreneurship.loan SET name_sealed = '', id_sealed = '', phone_sealed = '', document_sealed = NULL,
           name_masked = NEW.name_masked, id_masked = '*', phone_masked = '*' WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER person_erased AFTER UPDATE OF id_index ON entrepreneurship.person
    FOR EACH ROW WHEN (NEW.id_index LIKE 'erased:%' AND OLD.id_index NOT LIKE 'erased:%')
    EXECUTE FUNCTION entrepreneurship.person_erased();
