-- 欠薪线索 (永政办发〔2024〕15号 二（三）8 巩固根治欠薪成效): filed by a worker, at
-- the counter or by nobody in particular, referred to labour inspection and
-- followed. What inspection does is theirs; here stands what they said, and when.
CREATE TABLE jobs.arrears_clue (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id     uuid,
    filed_as      text NOT NULL CONSTRAINT arrears_clue_filed_as_check
        CHECK (filed_as IN ('worker', 'clerk', 'anonymous')),
    employer_name text NOT NULL,
    project       text,
    amount_cents  bigint NOT NULL CONSTRAINT arrears_clue_amount_check CHECK (amount_cents > 0),
    months        integer NOT NULL CONSTRAINT arrears_clue_months_check CHECK (months BETWEEN 1 AND 120),
    people        integer NOT NULL CONSTRAINT arrears_clue_people_check CHECK (people BETWEEN 1 AND 10000),
    detail        text NOT NULL DEFAULT '',
    state         text NOT NULL DEFAULT 'received' CONSTRAINT arrears_clue_state_check CHECK (state IN
        ('received', 'referred', 'accepted', 'handling', 'paid', 'closed', 'not_established', 'withdrawn')),
    agency        text,
    filed_on      date NOT NULL DEFAULT platform.today(),
    referred_on   date,
    due_on        date,
    paid_cents    bigint NOT NULL DEFAULT 0,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT arrears_clue_person_check CHECK ((person_id IS NOT NULL) = (filed_as = 'worker')),
    CONSTRAINT arrears_clue_agency_check CHECK ((agency IS NULL) = (referred_on IS NULL)),
    CONSTRAINT arrears_clue_paid_check CHECK (paid_cents BETWEEN 0 AND amount_cents)
);
COMMENT ON COLUMN jobs.arrears_clue.due_on IS 'by the days set for handling; null: none are set, no clock runs';
CREATE INDEX arrears_clue_county_idx ON jobs.arrears_clue (county_code, id);
CREATE INDEX arrears_clue_person_idx ON jobs.arrears_clue (person_id, id) WHERE person_id IS NOT NULL;
CALL platform.protect('jobs.arrears_clue',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$);

CREATE TABLE jobs.arrears_step (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clue_id     uuid NOT NULL CONSTRAINT arrears_step_clue_fkey REFERENCES jobs.arrears_clue,
    person_id   uuid,
    state       text NOT NULL CONSTRAINT arrears_step_state_check CHECK (state IN
        ('received', 'referred', 'accepted', 'handling', 'paid', 'closed', 'not_established', 'withdrawn')),
    on_day      date NOT NULL,
    paid_cents  bigint,
    note        text,
    actor_id    uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX arrears_step_clue_idx ON jobs.arrears_step (clue_id, ord);
CALL platform.protect('jobs.arrears_step',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$);

CREATE FUNCTION jobs.arrears_allows(state text, next text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE next WHEN 'referred' THEN state = 'received' WHEN 'accepted' THEN state = 'referred'
                     WHEN 'handling' THEN state = 'accepted'
                     WHEN 'paid' THEN state IN ('accepted', 'handling', 'paid')
                     WHEN 'closed' THEN state IN ('handling', 'paid')
                     WHEN 'not_established' THEN state IN ('received', 'referred', 'accepted', 'handling')
                     WHEN 'withdrawn' THEN state IN ('received', 'referred', 'accepted', 'handling') ELSE false END
$$;

-- Each step moves the case and is told to the worker.
CREATE FUNCTION jobs.arrears_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state = 'received' THEN
        RETURN NULL;
    END IF;
    PERFORM jobs.case_move('JB-25', NEW.clue_id, NEW.state, CASE NEW.state WHEN 'closed' THEN 'done'
        WHEN 'not_established' THEN 'refused' WHEN 'withdrawn' THEN 'withdrawn' ELSE 'in_progress' END, NEW.note);
    IF NEW.person_id IS NOT NULL AND NEW.state <> 'withdrawn' THEN
        PERFORM jobs.tell(NEW.person_id, NULL, 'arrears.' || NEW.state, '欠薪线索有新进展',
            CASE NEW.state WHEN 'referred' THEN '已转送劳动监察机构。' WHEN 'accepted' THEN '劳动监察机构已受理。'
                WHEN 'handling' THEN '正在办理。' WHEN 'paid' THEN '已追回部分或全部工资。'
                WHEN 'closed' THEN '已办结。' ELSE '经核查，欠薪不成立。' END, 'arrears_clue', NEW.clue_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER arrears_follow AFTER INSERT ON jobs.arrears_step
    FOR EACH ROW EXECUTE FUNCTION jobs.arrears_follow();

-- Without a caller there is no scope to write under.
CREATE FUNCTION jobs.arrears_report(clue uuid, employer text, what text, amount bigint, how_long integer,
    how_many integer, more text, county text, area text) RETURNS date
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.arrears_clue (id, filed_as, employer_name, project, amount_cents, months, people, detail,
                                   county_code, area_code)
    VALUES (clue, 'anonymous', employer, what, amount, how_long, how_many, coalesce(more, ''), county, area);
    INSERT INTO jobs.arrears_step (clue_id, state, on_day, county_code, area_code)
    VALUES (clue, 'received', platform.today(), county, area)
    RETURNING on_day
$$;

CREATE FUNCTION jobs.arrears_json(a jobs.arrears_clue) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'filed_as', a.filed_as, 'person_id', a.person_id,
        'employer_name', a.employer_name, 'project', a.project, 'amount_cents', a.amount_cents,
        'currency', 'CNY', 'months', a.months, 'people', a.people, 'detail', a.detail, 'state', a.state,
        'agency', a.agency, 'filed_on', a.filed_on, 'referred_on', a.referred_on, 'due_on', a.due_on,
        'is_overdue', a.due_on < platform.today() AND a.state IN ('referred', 'accepted', 'handling', 'paid'),
        'paid_cents', a.paid_cents, 'county_code', a.county_code, 'area_code', a.area_code,
        'referral_to', (jobs.help_setting_of(a.county_code)).arrears_agency,
        'notice', CASE WHEN a.state = 'received' AND (jobs.help_setting_of(a.county_code)).arrears_agency IS NULL
            THEN '线索已留存；本地尚未设定受理欠薪线索的劳动监察机构，设定后转送。' END)
$$;
CREATE FUNCTION jobs.arrears_whole(a jobs.arrears_clue) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jobs.arrears_json(a) || jsonb_build_object('steps', coalesce((SELECT jsonb_agg(jsonb_build_object(
        'state', s.state, 'on', s.on_day, 'paid_cents', s.paid_cents, 'note', s.note, 'at', s.at) ORDER BY s.ord)
        FROM jobs.arrears_step s WHERE s.clue_id = a.id), '[]'))
$$;
