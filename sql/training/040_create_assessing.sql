-- 职业技能评价: who may assess what, and who examines for them. Levels are those of
-- the trade as whole numbers, a lower one the higher skill: 6 学徒工, 5 … 1, 0 特级技师,
-- -1 首席技师. An occupation is a code of the classification, or the first levels of one.

-- Filed by the institution, checked by one officer, decided by another.
CREATE TABLE training.assessing_right (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id          uuid NOT NULL CONSTRAINT assessing_right_org_fkey REFERENCES training.org,
    org_name        text NOT NULL,
    occupation_code text NOT NULL,
    highest_level   integer NOT NULL CONSTRAINT assessing_right_level_check
        CHECK (highest_level BETWEEN -1 AND 6),
    from_on         date NOT NULL,
    to_on           date NOT NULL,
    state           text NOT NULL DEFAULT 'filed' CONSTRAINT assessing_right_state_check
        CHECK (state IN ('filed', 'checked', 'granted', 'refused', 'ended')),
    note            text,
    checked_by      uuid,
    decided_by      uuid,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT assessing_right_days_check CHECK (from_on <= to_on),
    CONSTRAINT assessing_right_hands_check CHECK (checked_by <> decided_by)
);
CREATE INDEX assessing_right_org ON training.assessing_right (org_id);
CALL platform.protect('training.assessing_right', $$
    state IN ('granted', 'ended') OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);
COMMENT ON TABLE training.assessing_right IS 'which institution may assess which occupations, up to which level';

CREATE FUNCTION training.assessing_reply(r training.assessing_right) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'org_id', r.org_id, 'org_name', r.org_name,
        'occupation_code', r.occupation_code, 'highest_level', r.highest_level, 'from_on', r.from_on,
        'to_on', r.to_on, 'state', r.state, 'note', r.note, 'county_code', r.county_code,
        'created_at', r.created_at)::text
$$;

CREATE FUNCTION training.may_assess(org uuid, occupation text, level integer, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.assessing_right r
                WHERE r.org_id = org AND r.state = 'granted' AND on_day BETWEEN r.from_on AND r.to_on
                  AND starts_with(occupation, r.occupation_code) AND may_assess.level >= r.highest_level);
COMMENT ON FUNCTION training.may_assess(uuid, text, integer, date)
    IS 'the institution has the right to assess the occupation at this level on that day';

CREATE FUNCTION training.assessing_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM training.case_move('TR-26', NEW.id, NEW.state,
        CASE NEW.state WHEN 'checked' THEN 'in_progress' WHEN 'granted' THEN 'done'
                       WHEN 'refused' THEN 'refused' END, NEW.note);
    IF NEW.state IN ('granted', 'refused', 'ended') THEN
        PERFORM training.tell(NULL, NEW.org_id, 'training.assessing',
            CASE NEW.state WHEN 'granted' THEN '职业技能评价备案已通过' WHEN 'refused' THEN '职业技能评价备案未通过'
                           ELSE '职业技能评价资格已终止' END,
            coalesce(NEW.note, ''), 'assessing_right', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assessing_case AFTER UPDATE ON training.assessing_right
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.assessing_case();

-- 考评员: a person whom an assessing body sends, for an occupation, until a day.
CREATE TABLE training.examiner (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id          uuid NOT NULL CONSTRAINT examiner_org_fkey REFERENCES training.org,
    person_id       uuid NOT NULL CONSTRAINT examiner_person_fkey REFERENCES training.person,
    name_masked     text NOT NULL,
    occupation_code text NOT NULL,
    card_no         text NOT NULL,
    until_on        date NOT NULL,
    ended_on        date,
    reason          text,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT examiner_ended_check CHECK ((ended_on IS NULL) = (reason IS NULL))
);
CREATE UNIQUE INDEX examiner_once_key ON training.examiner (org_id, person_id, occupation_code)
    WHERE ended_on IS NULL;
CREATE INDEX examiner_person ON training.examiner (person_id);
CALL platform.protect('training.examiner', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org()
$$);

CREATE FUNCTION training.examiner_reply(x training.examiner) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', x.id, 'org_id', x.org_id, 'person_id', x.person_id,
        'name_masked', x.name_masked, 'occupation_code', x.occupation_code, 'card_no', x.card_no,
        'until_on', x.until_on, 'ended_on', x.ended_on, 'reason', x.reason,
        'county_code', x.county_code, 'created_at', x.created_at)::text
$$;

-- Whoever teaches at the institution examines nobody there.
CREATE FUNCTION training.teaches_at(person uuid, org uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.trainer t
                WHERE t.org_id = org AND t.person_id = person AND t.state IN ('invited', 'confirmed'));
COMMENT ON FUNCTION training.teaches_at(uuid, uuid) IS 'the person is a trainer of the institution';

-- Nor does whoever taught the class, even if they have left since.
CREATE FUNCTION training.taught_class(person uuid, class uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.class c JOIN training.trainer t ON t.id = ANY (c.trainers)
                WHERE c.id = class AND t.person_id = person)
    OR EXISTS (SELECT FROM training.session s WHERE s.class_id = class AND s.taught_by = person);
COMMENT ON FUNCTION training.taught_class(uuid, uuid) IS 'the person was named to teach the class, or taught in it';

CREATE FUNCTION training.examiner_add(org uuid, person uuid, occupation text, card text, until_on date)
RETURNS training.examiner LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    made training.examiner;
BEGIN
    INSERT INTO training.examiner AS x (org_id, person_id, name_masked, occupation_code, card_no, until_on,
                                        county_code, area_code)
    SELECT o.id, p.id, p.name_masked, occupation, card, examiner_add.until_on, o.county_code, o.area_code
      FROM training.org o, training.person p WHERE o.id = org AND p.id = person
    RETURNING x.* INTO made;
    IF NOT FOUND THEN
        PERFORM platform.refuse(CASE WHEN EXISTS (SELECT FROM training.org o WHERE o.id = org)
            THEN 'training.person_unknown /person_id' ELSE 'training.org_unknown' END);
    END IF;
    PERFORM training.tell(person, NULL, 'training.examiner', '已登记为考评员',
        '评价机构已将您登记为考评员', 'examiner', made.id);
    RETURN made;
END $$;
COMMENT ON FUNCTION training.examiner_add(uuid, uuid, text, text, date)
    IS 'registers somebody the institution itself cannot see';
