-- 零就业家庭: all members of working age are without work. 申请 applied → 入户核查
-- visited → 初审 first_reviewed → recognised → placed (one works) → cleared, or
-- exited. The clock: within the quarter of its recognition and within a month,
-- whichever is earlier; a county that set household_due_days goes by that.
CREATE TABLE jobs.household (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id       uuid NOT NULL CONSTRAINT household_person_fkey REFERENCES jobs.person,
    name_masked     text NOT NULL,
    address         text NOT NULL,
    situation       text NOT NULL,
    state           text NOT NULL DEFAULT 'applied' CONSTRAINT household_state_check CHECK (state IN
        ('applied', 'visited', 'first_reviewed', 'recognised', 'placed', 'cleared', 'exited',
         'rejected', 'withdrawn')),
    applied_on      date NOT NULL,
    entered_by      uuid DEFAULT platform.actor(),
    first_by        uuid, first_at timestamptz, first_note text,
    recheck_by      uuid, recheck_at timestamptz, recheck_note text,
    recognised_on   date,
    due_on          date,
    escalated_on    date,
    placed_on       date,
    cleared_on      date,
    cleared_by      uuid,
    exit_reason     text CONSTRAINT household_exit_check CHECK (exit_reason IN
        ('refused', 'out_of_reach', 'moved_away', 'false_proof', 'other')),
    close_note      text,
    refusals        integer NOT NULL DEFAULT 0,
    last_reached_on date NOT NULL,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT household_hands_check CHECK (recheck_by <> first_by),
    CONSTRAINT household_recognised_check CHECK (state NOT IN ('recognised', 'placed', 'cleared')
        OR num_nonnulls(recognised_on, due_on, first_by, recheck_by) = 4),
    CONSTRAINT household_placed_check CHECK (state NOT IN ('placed', 'cleared') OR placed_on IS NOT NULL)
);
CREATE INDEX household_person_idx ON jobs.household (person_id, id);
CREATE INDEX household_county_idx ON jobs.household (county_code, id);
CREATE INDEX household_due_idx ON jobs.household (due_on) WHERE state = 'recognised';
CALL platform.protect('jobs.household',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.household_member (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    household_id uuid NOT NULL CONSTRAINT household_member_household_fkey REFERENCES jobs.household,
    member_id    uuid NOT NULL CONSTRAINT household_member_person_fkey REFERENCES jobs.person,
    name_masked  text NOT NULL,
    relation     text NOT NULL CONSTRAINT household_member_relation_check CHECK (relation IN
        ('self', 'spouse', 'child', 'parent', 'sibling', 'grandparent', 'grandchild', 'other')),
    is_open      boolean NOT NULL DEFAULT true,
    county_code  text NOT NULL,
    area_code    text,
    CONSTRAINT household_member_key UNIQUE (household_id, member_id)
);
CREATE UNIQUE INDEX household_member_open_key ON jobs.household_member (member_id) WHERE is_open;
CALL platform.protect('jobs.household_member', $$
    member_id = platform.person() OR platform.in_areas(county_code, area_code)
    OR EXISTS (SELECT FROM jobs.household h WHERE h.id = household_id AND h.person_id = platform.person())
$$, $$
    platform.in_areas(county_code, area_code)
    OR EXISTS (SELECT FROM jobs.household h WHERE h.id = household_id AND h.person_id = platform.person())
$$);

-- 入户: who went, what was found; a job offered and refused is one as well.
CREATE TABLE jobs.household_visit (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    household_id uuid NOT NULL CONSTRAINT household_visit_household_fkey REFERENCES jobs.household,
    kind         text NOT NULL CONSTRAINT household_visit_kind_check CHECK (kind IN ('check', 'help', 'refusal')),
    visited_on   date NOT NULL,
    is_met       boolean NOT NULL,
    note         text NOT NULL,
    actor        uuid NOT NULL DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text,
    at           timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX household_visit_household_idx ON jobs.household_visit (household_id, id);
CALL platform.protect('jobs.household_visit', 'platform.in_areas(county_code, area_code)');

CREATE FUNCTION jobs.in_zero_household(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM jobs.household_member m JOIN jobs.household h ON h.id = m.household_id
                    WHERE m.member_id = who AND m.is_open AND h.state = 'recognised')
$$;
COMMENT ON FUNCTION jobs.in_zero_household(uuid) IS 'a member of a recognised household in which nobody works';

CREATE FUNCTION jobs.household_due(county text, at date) RETURNS date
LANGUAGE sql STABLE
RETURN coalesce(at + jobs.register_value('household_due_days', county, at)::integer,
    least((at + interval '1 month')::date,
          (date_trunc('quarter', at::timestamp) + interval '3 months - 1 day')::date));

-- Members as they are named by whoever applies: [{person_id | id_index, relation}].
-- Row-level security would hide them from each other.
CREATE FUNCTION jobs.household_people(named jsonb)
RETURNS TABLE (ord bigint, id uuid, name_masked text, relation text, works boolean, working_age boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT n.ord, p.id, p.name_masked, n.m ->> 'relation', jobs.works(p.id),
           (p.birth_on + interval '16 years')::date <= platform.today()
               AND jobs.person_retires_on(p) > platform.today()
      FROM jsonb_array_elements(named) WITH ORDINALITY AS n (m, ord)
      LEFT JOIN jobs.person x ON x.id = (n.m ->> 'person_id')::uuid OR x.id_index = n.m ->> 'id_index'
      LEFT JOIN jobs.person p ON p.id = jobs.one_person(x.id)
$$;
CREATE FUNCTION jobs.household_taken(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM jobs.household_member m WHERE m.member_id = who AND m.is_open);

CREATE FUNCTION jobs.household_reply(h jobs.household) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', h.id, 'person_id', h.person_id, 'name_masked', h.name_masked,
        'address', h.address, 'situation', h.situation, 'state', h.state,
        'applied_on', h.applied_on, 'first_note', h.first_note, 'recheck_note', h.recheck_note,
        'recognised_on', h.recognised_on, 'due_on', h.due_on,
        'is_overdue', h.state = 'recognised' AND h.due_on < platform.today(),
        'escalated_on', h.escalated_on, 'placed_on', h.placed_on, 'cleared_on', h.cleared_on,
        'exit_reason', h.exit_reason, 'close_note', h.close_note, 'refusals', h.refusals,
        'last_reached_on', h.last_reached_on, 'county_code', h.county_code,
        'created_at', h.created_at,
        'members', coalesce((SELECT jsonb_agg(jsonb_build_object('member_id', m.member_id,
                'name_masked', m.name_masked, 'relation', m.relation) ORDER BY m.id)
              FROM jobs.household_member m WHERE m.household_id = h.id), '[]'))::text
$$;

CREATE FUNCTION jobs.household_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state IN ('cleared', 'exited', 'rejected', 'withdrawn') THEN
        UPDATE jobs.household_member SET is_open = false WHERE household_id = NEW.id AND is_open;
    END IF;
    IF NEW.state = 'recognised' THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.household.recognised.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('household_id', NEW.id, 'recognised_on', NEW.recognised_on,
                                   'due_on', NEW.due_on, 'county_code', NEW.county_code));
    ELSIF NEW.state IN ('placed', 'cleared') OR (NEW.state = 'exited' AND NEW.recognised_on IS NOT NULL) THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES (CASE NEW.state WHEN 'placed' THEN 'jobs.household.placed.v1'
                               WHEN 'cleared' THEN 'jobs.household.cleared.v1'
                               ELSE 'jobs.household.exited.v1' END, NEW.id::text, NEW.county_code,
                jsonb_build_object('household_id', NEW.id, 'recognised_on', NEW.recognised_on,
                                   'placed_on', NEW.placed_on,
                                   'ended_on', coalesce(NEW.cleared_on, platform.today()),
                                   'reason', NEW.exit_reason, 'county_code', NEW.county_code));
    END IF;
    PERFORM jobs.case_move('JB-21', NEW.id,
        CASE NEW.state WHEN 'recognised' THEN 'approved' WHEN 'visited' THEN 'examined'
                       WHEN 'placed' THEN 'hired' WHEN 'cleared' THEN 'closed'
                       WHEN 'exited' THEN 'ended' ELSE NEW.state END,
        CASE NEW.state WHEN 'recognised' THEN 'done' WHEN 'rejected' THEN 'refused'
                       WHEN 'withdrawn' THEN 'withdrawn' WHEN 'visited' THEN 'in_progress' END,
        CASE NEW.state WHEN 'rejected' THEN coalesce(NEW.recheck_note, NEW.first_note) END);
    RETURN NULL;
END $$;
CREATE TRIGGER household_moved AFTER UPDATE ON jobs.household
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.household_moved();

-- One of them works: the family is placed, wherever the employer is.
CREATE FUNCTION jobs.household_placed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.household h
       SET state = 'placed', placed_on = greatest(h.recognised_on, NEW.hired_on)
      FROM jobs.household_member m
     WHERE m.member_id = NEW.person_id AND m.is_open AND h.id = m.household_id AND h.state = 'recognised';
    RETURN NULL;
END $$;
CREATE TRIGGER household_placed AFTER INSERT ON jobs.employment
    FOR EACH ROW WHEN (NEW.is_stable AND NEW.ended_on IS NULL) EXECUTE FUNCTION jobs.household_placed();
CREATE TRIGGER household_placed_later AFTER UPDATE ON jobs.employment
    FOR EACH ROW WHEN (NEW.is_stable AND NOT OLD.is_stable AND NEW.ended_on IS NULL)
    EXECUTE FUNCTION jobs.household_placed();

-- The work ended before the household was cleared, and nobody else works: it
-- waits again, on the clock that it had.
CREATE FUNCTION jobs.household_fell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.household h SET state = 'recognised', placed_on = NULL
     WHERE h.state = 'placed'
       AND h.id = (SELECT m.household_id FROM jobs.household_member m
                    WHERE m.member_id = NEW.person_id AND m.is_open)
       AND NOT EXISTS (SELECT FROM jobs.household_member m
                        WHERE m.household_id = h.id AND jobs.works(m.member_id));
    RETURN NULL;
END $$;
CREATE TRIGGER household_fell AFTER UPDATE ON jobs.employment
    FOR EACH ROW WHEN (OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL)
    EXECUTE FUNCTION jobs.household_fell();
