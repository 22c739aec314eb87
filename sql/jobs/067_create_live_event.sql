-- 直播带岗: 待审核 checking (→ 退回 returned) → planned → live → ended, or cancelled.
-- Its postings are its host's and those of employers the host invited. What is
-- planned or later is public; who signed up or watched is not.
CREATE TABLE jobs.live_event (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    host_kind   text NOT NULL CONSTRAINT live_event_host_check
        CHECK (host_kind IN ('employer', 'partner', 'officer')),
    org_id      uuid,
    host_name   text NOT NULL,
    title       text NOT NULL,
    intro       text NOT NULL DEFAULT '',
    stream_url  text NOT NULL,
    replay_url  text,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    started_at  timestamptz,
    ended_at    timestamptz,
    state       text NOT NULL DEFAULT 'checking' CONSTRAINT live_event_state_check
        CHECK (state IN ('checking', 'returned', 'planned', 'live', 'ended', 'cancelled')),
    note        text,
    made_by     uuid DEFAULT platform.actor(),
    checked_by  uuid,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT live_event_order_check CHECK (ends_at > starts_at),
    CONSTRAINT live_event_hands_check CHECK (checked_by <> made_by)
);
COMMENT ON COLUMN jobs.live_event.org_id IS 'the host; NULL: the county''s own';
COMMENT ON COLUMN jobs.live_event.note IS 'why it was returned or cancelled';
CREATE INDEX live_event_org_idx ON jobs.live_event (org_id, id);
CREATE INDEX live_event_county_idx ON jobs.live_event (county_code, id);
CREATE INDEX live_event_due_idx ON jobs.live_event (starts_at) WHERE state IN ('planned', 'live');

CALL platform.protect('jobs.live_event', $$
    state IN ('planned', 'live', 'ended') OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

CREATE TABLE jobs.live_guest (
    live_id     uuid NOT NULL CONSTRAINT live_guest_event_fkey REFERENCES jobs.live_event,
    guest_id    uuid NOT NULL CONSTRAINT live_guest_org_fkey REFERENCES jobs.org,
    guest_name  text NOT NULL,
    by_org      uuid DEFAULT platform.org(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (live_id, guest_id)
);
CREATE INDEX live_guest_idx ON jobs.live_guest (guest_id);
CALL platform.protect('jobs.live_guest', $$
    guest_id = platform.org() OR by_org = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    by_org = platform.org() OR platform.in_areas(county_code, area_code)
$$);

CREATE TABLE jobs.live_vacancy (
    live_id     uuid NOT NULL CONSTRAINT live_vacancy_event_fkey REFERENCES jobs.live_event,
    vacancy_id  uuid NOT NULL CONSTRAINT live_vacancy_vacancy_fkey REFERENCES jobs.vacancy,
    org_id      uuid NOT NULL,
    by_org      uuid DEFAULT platform.org(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (live_id, vacancy_id)
);
COMMENT ON TABLE jobs.live_vacancy IS 'public: which open postings an event shows';
CREATE INDEX live_vacancy_vacancy_idx ON jobs.live_vacancy (vacancy_id);
CALL platform.protect('jobs.live_vacancy', 'true',
    'by_org = platform.org() OR platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.live_signup (
    live_id     uuid NOT NULL CONSTRAINT live_signup_event_fkey REFERENCES jobs.live_event,
    person_id   uuid NOT NULL CONSTRAINT live_signup_person_fkey REFERENCES jobs.person,
    reminded    boolean NOT NULL DEFAULT false,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (live_id, person_id)
);
CREATE INDEX live_signup_person_idx ON jobs.live_signup (person_id, live_id);
CALL platform.protect('jobs.live_signup', $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'person_id = platform.person()');

CREATE TABLE jobs.live_visit (
    live_id     uuid NOT NULL CONSTRAINT live_visit_event_fkey REFERENCES jobs.live_event,
    person_id   uuid NOT NULL CONSTRAINT live_visit_person_fkey REFERENCES jobs.person,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    last_at     timestamptz NOT NULL DEFAULT platform.now(),
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (live_id, person_id)
);
COMMENT ON TABLE jobs.live_visit IS 'who watched: one row a person, however often they ping';
CALL platform.protect('jobs.live_visit', $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'person_id = platform.person()');

-- Numbers for everybody, of rows that are not.
CREATE FUNCTION jobs.live_counts(e jobs.live_event) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object(
        'views', (SELECT count(*) FROM jobs.live_visit v WHERE v.live_id = e.id),
        'sign_ups', (SELECT count(*) FROM jobs.live_signup s WHERE s.live_id = e.id),
        'applications', (SELECT count(*) FROM jobs.live_vacancy v
            JOIN jobs.application a ON a.vacancy_id = v.vacancy_id
           WHERE v.live_id = e.id AND a.created_at >= e.started_at
             AND a.created_at <= coalesce(e.ended_at, platform.now())))
$$;
COMMENT ON FUNCTION jobs.live_counts(jobs.live_event)
    IS 'distinct people who watched and who signed up; applications made while it was live';

CREATE FUNCTION jobs.live_json(e jobs.live_event) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'host_kind', e.host_kind, 'org_id', e.org_id, 'host_name', e.host_name,
        'title', e.title, 'intro', e.intro, 'stream_url', e.stream_url,
        'replay_url', e.replay_url, 'starts_at', e.starts_at, 'ends_at', e.ends_at,
        'started_at', e.started_at, 'ended_at', e.ended_at, 'state', e.state, 'note', e.note,
        'county_code', e.county_code, 'area_code', e.area_code, 'created_at', e.created_at)
        || jobs.live_counts(e)
$$;

-- The host hears of a check; who signed up hears that it is off.
CREATE FUNCTION jobs.live_event_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.case_move('JB-16', NEW.id, NEW.state,
        CASE NEW.state WHEN 'planned' THEN 'done' WHEN 'returned' THEN 'waiting'
                       WHEN 'checking' THEN 'in_progress' WHEN 'cancelled' THEN 'withdrawn' END, NEW.note);
    IF NEW.org_id IS NOT NULL AND NEW.state IN ('planned', 'returned') THEN
        PERFORM jobs.tell(NULL, NEW.org_id, 'live.' || NEW.state,
            CASE NEW.state WHEN 'planned' THEN '直播带岗活动审核通过' ELSE '直播带岗活动退回修改' END,
            concat_ws('：', NEW.title, NEW.note), 'live', NEW.id);
    END IF;
    IF NEW.state = 'cancelled' THEN
        PERFORM jobs.tell(s.person_id, NULL, 'live.cancelled', '直播带岗活动取消',
            concat_ws('：', NEW.title, NEW.note), 'live', NEW.id)
           FROM jobs.live_signup s WHERE s.live_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER live_event_tell AFTER UPDATE OF state ON jobs.live_event
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.live_event_tell();
