-- 招聘会: planned → open → ended by the clock, or cancelled. Its booths are
-- numbered; an employer asks for one and holds at most one, a booth has at most
-- one holder (both by constraint), and who waits moves up when one is given back.
CREATE TABLE jobs.fair (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    title       text NOT NULL,
    intro       text NOT NULL DEFAULT '',
    place       text NOT NULL,
    lat_e6      integer,
    lng_e6      integer,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'planned' CONSTRAINT fair_state_check
        CHECK (state IN ('planned', 'open', 'ended', 'cancelled')),
    note        text,
    made_by     uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT fair_order_check CHECK (ends_at > starts_at),
    CONSTRAINT fair_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL))
);
COMMENT ON TABLE jobs.fair IS 'public: where and when a job fair is held';
CREATE INDEX fair_county_idx ON jobs.fair (county_code, id);
CREATE INDEX fair_due_idx ON jobs.fair (starts_at) WHERE state IN ('planned', 'open');
CALL platform.protect('jobs.fair', 'true', 'platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.fair_booth (
    fair_id     uuid NOT NULL CONSTRAINT fair_booth_fair_fkey REFERENCES jobs.fair,
    booth_no    integer NOT NULL CONSTRAINT fair_booth_no_check CHECK (booth_no BETWEEN 1 AND 999),
    posts_most  integer NOT NULL CONSTRAINT fair_booth_posts_check CHECK (posts_most BETWEEN 1 AND 50),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    PRIMARY KEY (fair_id, booth_no)
);
COMMENT ON TABLE jobs.fair_booth IS 'public: the numbered booths of a fair and how many postings each shows';
CALL platform.protect('jobs.fair_booth', 'true', 'platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.fair_entry (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    fair_id     uuid NOT NULL CONSTRAINT fair_entry_fair_fkey REFERENCES jobs.fair,
    org_id      uuid NOT NULL CONSTRAINT fair_entry_org_fkey REFERENCES jobs.org,
    org_name    text NOT NULL,
    state       text NOT NULL DEFAULT 'applied' CONSTRAINT fair_entry_state_check
        CHECK (state IN ('applied', 'waiting', 'assigned', 'refused', 'withdrawn')),
    booth_no    integer,
    wish        text,
    note        text,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT fair_entry_org_key UNIQUE (fair_id, org_id),
    CONSTRAINT fair_entry_booth_check CHECK ((state = 'assigned') = (booth_no IS NOT NULL)),
    CONSTRAINT fair_entry_booth_fkey FOREIGN KEY (fair_id, booth_no) REFERENCES jobs.fair_booth
);
CREATE UNIQUE INDEX fair_entry_booth_key ON jobs.fair_entry (fair_id, booth_no);
CREATE INDEX fair_entry_org_idx ON jobs.fair_entry (org_id, id);
CALL platform.protect('jobs.fair_entry', $$
    state = 'assigned' OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

CREATE TABLE jobs.fair_vacancy (
    fair_id     uuid NOT NULL CONSTRAINT fair_vacancy_fair_fkey REFERENCES jobs.fair,
    vacancy_id  uuid NOT NULL CONSTRAINT fair_vacancy_vacancy_fkey REFERENCES jobs.vacancy,
    org_id      uuid NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (fair_id, vacancy_id)
);
COMMENT ON TABLE jobs.fair_vacancy IS 'public: which open postings are shown at which fair';
CREATE INDEX fair_vacancy_vacancy_idx ON jobs.fair_vacancy (vacancy_id);
CALL platform.protect('jobs.fair_vacancy', 'true', 'org_id = platform.org()');

CREATE TABLE jobs.fair_visitor (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    fair_id       uuid NOT NULL CONSTRAINT fair_visitor_fair_fkey REFERENCES jobs.fair,
    person_id     uuid NOT NULL CONSTRAINT fair_visitor_person_fkey REFERENCES jobs.person,
    name_masked   text NOT NULL,
    code          text NOT NULL DEFAULT upper(substr(md5(platform.uuid7()::text), 1, 8)),
    checked_in_at timestamptz,
    checked_in_by uuid,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT fair_visitor_person_key UNIQUE (fair_id, person_id),
    CONSTRAINT fair_visitor_code_key UNIQUE (fair_id, code)
);
COMMENT ON COLUMN jobs.fair_visitor.code IS 'shown at the gate';
CREATE INDEX fair_visitor_person_idx ON jobs.fair_visitor (person_id, id);
CALL platform.protect('jobs.fair_visitor', $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code)
$$);

-- Numbers for everybody, of rows that are not. What a visitor did counts from
-- the fair's first to its last minute; a hire counts whenever it follows.
CREATE FUNCTION jobs.fair_intentions(f jobs.fair, org uuid)
RETURNS TABLE (intentions bigint, hires bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(*), count(*) FILTER (WHERE a.state = 'hired')
      FROM jobs.fair_vacancy v
      JOIN jobs.application a ON a.vacancy_id = v.vacancy_id
      JOIN jobs.fair_visitor p ON p.fair_id = v.fair_id AND p.person_id = a.person_id
     WHERE v.fair_id = f.id AND (org IS NULL OR v.org_id = org)
       AND p.checked_in_at IS NOT NULL AND a.created_at BETWEEN f.starts_at AND f.ends_at
$$;
COMMENT ON FUNCTION jobs.fair_intentions(jobs.fair, uuid)
    IS 'applications that visitors made at the fair, to one employer or (NULL) to all';

CREATE FUNCTION jobs.fair_counts(f jobs.fair) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object(
        'employers', (SELECT count(*) FROM jobs.fair_entry e WHERE e.fair_id = f.id AND e.state = 'assigned'),
        'posts', (SELECT count(*) FROM jobs.fair_vacancy v WHERE v.fair_id = f.id),
        'places', (SELECT coalesce(sum(x.headcount), 0) FROM jobs.fair_vacancy v
                     JOIN jobs.vacancy x ON x.id = v.vacancy_id WHERE v.fair_id = f.id),
        'sign_ups', (SELECT count(*) FROM jobs.fair_visitor p WHERE p.fair_id = f.id),
        'visitors', (SELECT count(*) FROM jobs.fair_visitor p
                      WHERE p.fair_id = f.id AND p.checked_in_at IS NOT NULL),
        'intentions', i.intentions, 'hires', i.hires)
      FROM jobs.fair_intentions(f, NULL) AS i
$$;

CREATE FUNCTION jobs.fair_json(f jobs.fair) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', f.id, 'title', f.title, 'intro', f.intro, 'place', f.place, 'lat_e6', f.lat_e6,
        'lng_e6', f.lng_e6, 'starts_at', f.starts_at, 'ends_at', f.ends_at, 'state', f.state,
        'note', f.note, 'county_code', f.county_code, 'area_code', f.area_code,
        'created_at', f.created_at,
        'booths', (SELECT count(*) FROM jobs.fair_booth b WHERE b.fair_id = f.id))
$$;

CREATE FUNCTION jobs.fair_entry_json(e jobs.fair_entry) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'fair_id', e.fair_id, 'org_id', e.org_id, 'org_name', e.org_name,
        'state', e.state, 'booth_no', e.booth_no, 'wish', e.wish, 'note', e.note,
        'county_code', e.county_code, 'area_code', e.area_code, 'created_at', e.created_at)
$$;

CREATE FUNCTION jobs.fair_free_booth(fair uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT min(b.booth_no) FROM jobs.fair_booth b
     WHERE b.fair_id = fair AND NOT EXISTS
           (SELECT FROM jobs.fair_entry e WHERE e.fair_id = fair AND e.booth_no = b.booth_no)
$$;
COMMENT ON FUNCTION jobs.fair_free_booth(uuid) IS 'the lowest free number; NULL: all are held';

-- The employer hears, the case follows, the postings go with the booth, and the
-- first who waits has what was given back.
CREATE FUNCTION jobs.fair_entry_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.case_move('JB-15', NEW.id, NEW.state,
        CASE NEW.state WHEN 'assigned' THEN 'done' WHEN 'waiting' THEN 'waiting'
                       WHEN 'refused' THEN 'refused' WHEN 'withdrawn' THEN 'withdrawn' END, NEW.note);
    IF NEW.state IN ('assigned', 'waiting', 'refused') THEN
        PERFORM jobs.tell(NULL, NEW.org_id, 'fair.' || NEW.state,
            CASE NEW.state WHEN 'assigned' THEN '招聘会展位已安排' WHEN 'waiting' THEN '招聘会展位候补'
                           ELSE '招聘会展位申请未通过' END,
            concat_ws('：', (SELECT f.title FROM jobs.fair f WHERE f.id = NEW.fair_id),
                      NEW.booth_no || ' 号展位', NEW.note), 'fair_entry', NEW.id);
    END IF;
    IF OLD.state = 'assigned' AND NEW.state <> 'assigned' THEN
        DELETE FROM jobs.fair_vacancy v WHERE v.fair_id = NEW.fair_id AND v.org_id = NEW.org_id;
    END IF;
    IF OLD.state = 'assigned' THEN
        UPDATE jobs.fair_entry AS e SET state = 'assigned', booth_no = OLD.booth_no
         WHERE e.id = (SELECT w.id FROM jobs.fair_entry w
                        WHERE w.fair_id = NEW.fair_id AND w.state = 'waiting' ORDER BY w.id LIMIT 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fair_entry_tell AFTER UPDATE OF state, booth_no ON jobs.fair_entry
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.booth_no <> NEW.booth_no) EXECUTE FUNCTION jobs.fair_entry_tell();

-- Who has a booth, or a code for the gate, hears that a fair is off.
CREATE FUNCTION jobs.fair_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.tell(p.person_id, NULL, 'fair.cancelled', '招聘会取消',
        concat_ws('：', NEW.title, NEW.note), 'fair', NEW.id)
       FROM jobs.fair_visitor p WHERE p.fair_id = NEW.id;
    PERFORM jobs.tell(NULL, e.org_id, 'fair.cancelled', '招聘会取消',
        concat_ws('：', NEW.title, NEW.note), 'fair', NEW.id)
       FROM jobs.fair_entry e WHERE e.fair_id = NEW.id AND e.state IN ('applied', 'waiting', 'assigned');
    RETURN NULL;
END $$;
CREATE TRIGGER fair_tell AFTER UPDATE OF state ON jobs.fair
    FOR EACH ROW WHEN (NEW.state = 'cancelled' AND OLD.state <> 'cancelled')
    EXECUTE FUNCTION jobs.fair_tell();
