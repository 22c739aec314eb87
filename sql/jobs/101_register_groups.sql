-- Who is a veteran (退役军人) or holds a card of disability (残疾人), as their bureaus'
-- lists say (永政办发〔2024〕15号 二（三）9 names both), or as a person declares and an
-- officer confirms. People are known by blind index until they register. One row a
-- person and group: a card that is renewed goes on.

ALTER TABLE jobs.roster_import DROP CONSTRAINT roster_import_kind_check,
    ADD CONSTRAINT roster_import_kind_check CHECK (kind IN ('graduates', 'poverty', 'veterans', 'disabled'));

CREATE TABLE jobs.group_member (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    grp         text NOT NULL CONSTRAINT group_member_grp_check CHECK (grp IN ('veteran', 'disabled')),
    id_index    text NOT NULL,
    person_id   uuid,
    name_masked text NOT NULL,
    from_on     date NOT NULL,
    to_on       date,
    source      text NOT NULL CONSTRAINT group_member_source_check CHECK (source IN ('bureau', 'declared')),
    ended_by    uuid,
    end_note    text,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT group_member_person_key UNIQUE (grp, id_index),
    CONSTRAINT group_member_order_check CHECK (to_on >= from_on - 1),
    CONSTRAINT group_member_ended_check CHECK ((ended_by IS NULL) = (end_note IS NULL)
        AND (ended_by IS NULL OR to_on IS NOT NULL))
);
COMMENT ON COLUMN jobs.group_member.from_on IS 'veteran: discharged (退役); disabled: the card was issued';
COMMENT ON COLUMN jobs.group_member.to_on IS 'its last day, the day before from_on where it never held; null: still';
COMMENT ON COLUMN jobs.group_member.ended_by IS 'an officer put an end to it: no file takes that back';
CREATE INDEX group_member_county_idx ON jobs.group_member (county_code, id);
CREATE INDEX group_member_person_idx ON jobs.group_member (person_id) WHERE person_id IS NOT NULL;
CALL platform.protect('jobs.group_member',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON jobs.group_member FROM jobs_app, jobs_system;

CREATE TABLE jobs.group_declaration (
    id          uuid PRIMARY KEY,
    grp         text NOT NULL CONSTRAINT group_declaration_grp_check CHECK (grp IN ('veteran', 'disabled')),
    person_id   uuid NOT NULL CONSTRAINT group_declaration_person_fkey REFERENCES jobs.person,
    name_masked text NOT NULL,
    from_on     date NOT NULL,
    to_on       date CONSTRAINT group_declaration_order_check CHECK (to_on >= from_on),
    proof_note  text NOT NULL,
    state       text NOT NULL DEFAULT 'declared' CONSTRAINT group_declaration_state_check
                CHECK (state IN ('declared', 'confirmed', 'refused')),
    entered_by  uuid DEFAULT platform.actor(),
    decided_by  uuid,
    decided_on  date,
    note        text,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT group_declaration_hands_check CHECK (decided_by <> entered_by),
    CONSTRAINT group_declaration_decided_check CHECK ((state = 'declared') = (decided_on IS NULL)
        AND (decided_by IS NULL) = (decided_on IS NULL) AND (state <> 'refused' OR note IS NOT NULL))
);
CREATE UNIQUE INDEX group_declaration_open_key ON jobs.group_declaration (person_id, grp) WHERE state = 'declared';
CREATE INDEX group_declaration_person_idx ON jobs.group_declaration (person_id, id);
CREATE INDEX group_declaration_county_idx ON jobs.group_declaration (county_code, id);
CALL platform.protect('jobs.group_declaration',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON jobs.group_declaration FROM jobs_app, jobs_system;

CREATE FUNCTION jobs.group_member_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.group_tell(NEW.id, NEW.person_id, NEW.grp, NEW.from_on, NEW.to_on, NEW.county_code, NEW.area_code, 'roster');
    RETURN NULL;
END $$;
CREATE TRIGGER group_tell AFTER INSERT OR UPDATE OF person_id, from_on, to_on, county_code, area_code ON jobs.group_member
    FOR EACH ROW EXECUTE FUNCTION jobs.group_member_follow();

CREATE FUNCTION jobs.group_on_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.group_member m SET person_id = NEW.id WHERE m.id_index = NEW.id_index AND m.person_id IS DISTINCT FROM NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_on_person AFTER INSERT OR UPDATE OF id_index ON jobs.person
    FOR EACH ROW EXECUTE FUNCTION jobs.group_on_person();

-- Whose declaration was confirmed is on the register from then on.
CREATE FUNCTION jobs.group_declaration_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state = 'confirmed' THEN
        INSERT INTO jobs.group_member AS m (grp, id_index, person_id, name_masked, from_on, to_on, source, county_code, area_code)
        SELECT NEW.grp, p.id_index, p.id, p.name_masked, NEW.from_on, NEW.to_on, 'declared', NEW.county_code, NEW.area_code
          FROM jobs.person p WHERE p.id = NEW.person_id
        ON CONFLICT ON CONSTRAINT group_member_person_key DO UPDATE
           SET from_on = CASE WHEN m.to_on < m.from_on THEN excluded.from_on ELSE least(m.from_on, excluded.from_on) END,
               to_on = CASE WHEN excluded.to_on IS NOT NULL THEN greatest(m.to_on, excluded.to_on) END,
               source = CASE WHEN m.to_on IS NULL THEN m.source ELSE excluded.source END, ended_by = NULL, end_note = NULL;
    END IF;
    PERFORM jobs.case_move('JB-41', NEW.id, NEW.state, CASE NEW.state WHEN 'confirmed' THEN 'done' ELSE 'refused' END, NEW.note);
    PERFORM jobs.tell(NEW.person_id, NULL, 'group_declaration_decided',
        CASE NEW.state WHEN 'confirmed' THEN '您申报的身份已核实' ELSE '您申报的身份未通过核实' END,
        NEW.note, 'group_declaration', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER group_declaration_follow AFTER UPDATE ON jobs.group_declaration
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.group_declaration_follow();

-- Who is erased leaves the counts and nothing that tells who it was.
CREATE FUNCTION jobs.group_on_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.group_member SET name_masked = '*', id_index = 'erased:' || id WHERE person_id = NEW.id;
    UPDATE jobs.group_declaration SET name_masked = '*', proof_note = '*',
           note = CASE WHEN note IS NOT NULL THEN '*' END WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_erased AFTER UPDATE OF id_index ON jobs.person
    FOR EACH ROW WHEN (NEW.id_index LIKE 'erased:%') EXECUTE FUNCTION jobs.group_on_erased();

CREATE FUNCTION jobs.group_member_json(m jobs.group_member) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', m.id, 'group', m.grp, 'person_id', m.person_id, 'name_masked', m.name_masked,
        'from_on', m.from_on, 'to_on', m.to_on, 'source', m.source, 'end_note', m.end_note,
        'county_code', m.county_code, 'area_code', m.area_code)
$$;
CREATE FUNCTION jobs.group_declaration_json(d jobs.group_declaration) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', d.id, 'group', d.grp, 'person_id', d.person_id, 'name_masked', d.name_masked,
        'from_on', d.from_on, 'to_on', d.to_on, 'proof_note', d.proof_note, 'state', d.state, 'decided_on', d.decided_on,
        'note', d.note, 'county_code', d.county_code, 'area_code', d.area_code, 'created_at', d.created_at)
$$;

CREATE OR REPLACE FUNCTION jobs.dossier_parts(person uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'difficulties', coalesce((SELECT jsonb_agg(jobs.difficulty_reply(d)::jsonb - 'person_id' ORDER BY d.id DESC)
            FROM jobs.difficulty d WHERE d.person_id = person), '[]'),
        'households', coalesce((SELECT jsonb_agg(jsonb_build_object('household_id', h.id, 'relation', m.relation,
                'state', h.state, 'recognised_on', h.recognised_on, 'due_on', h.due_on,
                'cleared_on', h.cleared_on) ORDER BY h.id DESC)
            FROM jobs.household_member m JOIN jobs.household h ON h.id = m.household_id
           WHERE m.member_id = person), '[]'),
        'groups', coalesce((SELECT jsonb_agg(jobs.group_member_json(g) - 'person_id' ORDER BY g.id DESC)
            FROM jobs.group_member g WHERE g.person_id = person), '[]'))
$$;
