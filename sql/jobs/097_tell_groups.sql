-- Who belongs to a key group (重点群体), as far as jobs knows it, told as dated
-- memberships of registered people; a roster's row whose person registers later
-- is told when they do.
--
-- graduate: on the roster of 离校未就业高校毕业生, from graduation. poverty: on the
-- roster of 脱贫人口 and 返贫监测对象. migrant (农民工): of a village (村委会, the last
-- three digits of its code from 200 on, 统计用区划代码编制规则) and working away by
-- the labour register. zero_family: member of a recognised 零就业家庭. disabled:
-- recognised as 就业困难人员 for that (register `difficulty`), or on the list of
-- those who hold a card (register `roster`, as veterans: sql/jobs/101).

CREATE FUNCTION jobs.group_tell(membership uuid, person uuid, grp text, from_on date, to_on date,
                                county text, area text, register text DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.group.changed.v1', person::text, coalesce(area, county), jsonb_build_object(
        'membership_id', membership, 'person_id', person, 'group', grp, 'register', register, 'from_on', from_on,
        'to_on', CASE WHEN to_on IS NOT NULL THEN greatest(to_on, from_on - 1) END, 'county_code', county)
     WHERE person IS NOT NULL
$$;
COMMENT ON FUNCTION jobs.group_tell(uuid, uuid, text, date, date, text, text, text) IS
    'to_on: its last day, the day before from_on where it never held';

CREATE FUNCTION jobs.group_graduate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.group_tell(NEW.id, NEW.person_id, 'graduate', NEW.graduated_on, NULL, NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER group_tell AFTER INSERT OR UPDATE OF person_id, graduated_on, county_code, area_code ON jobs.graduate
    FOR EACH ROW EXECUTE FUNCTION jobs.group_graduate();

CREATE FUNCTION jobs.group_poverty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.group_tell(NEW.id, NEW.person_id, 'poverty', (NEW.created_at AT TIME ZONE 'Asia/Shanghai')::date, NULL,
                            NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER group_tell AFTER INSERT OR UPDATE OF person_id, county_code, area_code ON jobs.poverty_member
    FOR EACH ROW EXECUTE FUNCTION jobs.group_poverty();

-- A membership a finding: found again to be away, a person's next one follows it.
CREATE FUNCTION jobs.is_migrant(r jobs.labour_record) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN r.employment_state = 'employed_away' AND r.area_code ~ '^[0-9]{9}[2-3][0-9]{2}$';

CREATE FUNCTION jobs.group_migrant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF jobs.is_migrant(OLD) AND (NOT jobs.is_migrant(NEW) OR NEW.state_on <> OLD.state_on) THEN
            PERFORM jobs.group_tell(md5(OLD.id::text || OLD.state_on::text)::uuid, OLD.person_id, 'migrant', OLD.state_on,
                                    NEW.state_on - 1, OLD.county_code, OLD.area_code);
        END IF;
    END IF;
    IF jobs.is_migrant(NEW) THEN
        PERFORM jobs.group_tell(md5(NEW.id::text || NEW.state_on::text)::uuid, NEW.person_id, 'migrant', NEW.state_on,
                                NULL, NEW.county_code, NEW.area_code);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER group_tell AFTER INSERT OR UPDATE OF person_id, employment_state, area_code ON jobs.labour_record
    FOR EACH ROW EXECUTE FUNCTION jobs.group_migrant();

-- Members are those of the day on which the household is recognised.
CREATE FUNCTION jobs.group_household() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.group_tell(m.id, m.member_id, 'zero_family', NEW.recognised_on,
                CASE WHEN NEW.state IN ('cleared', 'exited') THEN coalesce(NEW.cleared_on, platform.today()) END,
                NEW.county_code, NEW.area_code)
       FROM jobs.household_member m WHERE m.household_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_tell AFTER UPDATE ON jobs.household
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.recognised_on IS NOT NULL
                       AND NEW.state IN ('recognised', 'cleared', 'exited'))
    EXECUTE FUNCTION jobs.group_household();

CREATE FUNCTION jobs.group_difficulty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.group_tell(NEW.id, NEW.person_id, 'disabled', NEW.valid_from,
                coalesce(NEW.withdrawn_on, NEW.valid_to), NEW.county_code, NEW.area_code, 'difficulty');
    RETURN NULL;
END $$;
CREATE TRIGGER group_tell AFTER INSERT OR UPDATE OF state, valid_to ON jobs.difficulty
    FOR EACH ROW WHEN (NEW.cert_no IS NOT NULL AND 'disabled' = ANY (NEW.kinds))
    EXECUTE FUNCTION jobs.group_difficulty();

-- Help that is owed by a day: late from the day after it, until it is given, no
-- longer owed, or its case rests or ends.
CREATE FUNCTION jobs.help_item_tell(i jobs.help_item) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.help_item.changed.v1', i.id::text, coalesce(i.area_code, i.county_code), jsonb_build_object(
        'item_id', i.id, 'case_id', i.case_id, 'person_id', i.person_id, 'kind', i.kind, 'group', k.grp,
        'due_on', i.due_on, 'late_from', i.due_on + 1,
        'late_until', CASE WHEN i.state = 'planned' AND k.state = 'open' THEN NULL
            ELSE greatest(i.due_on + 1, CASE WHEN i.state <> 'planned' THEN coalesce(i.done_on, platform.today())
                                             ELSE coalesce(k.closed_on, k.paused_on, platform.today()) END) END,
        'county_code', i.county_code)
      FROM jobs.help_case k WHERE k.id = i.case_id AND i.due_on IS NOT NULL
$$;
CREATE FUNCTION jobs.help_item_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_TABLE_NAME = 'help_item' THEN
        PERFORM jobs.help_item_tell(NEW);
    ELSE
        PERFORM jobs.help_item_tell(i) FROM jobs.help_item i WHERE i.case_id = NEW.id AND i.state = 'planned';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER help_item_tell AFTER INSERT OR UPDATE OF due_on, state, county_code, area_code ON jobs.help_item
    FOR EACH ROW WHEN (NEW.due_on IS NOT NULL) EXECUTE FUNCTION jobs.help_item_follow();
CREATE TRIGGER help_item_tell AFTER UPDATE ON jobs.help_case
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.help_item_follow();

-- What stands already is told once: nobody could count it before.
DO $$ BEGIN
    UPDATE jobs.graduate SET person_id = person_id WHERE person_id IS NOT NULL;
    UPDATE jobs.poverty_member SET person_id = person_id WHERE person_id IS NOT NULL;
    UPDATE jobs.labour_record SET person_id = person_id WHERE employment_state = 'employed_away';
    PERFORM jobs.group_tell(m.id, m.member_id, 'zero_family', h.recognised_on,
                CASE WHEN h.state IN ('cleared', 'exited') THEN coalesce(h.cleared_on, platform.today()) END,
                h.county_code, h.area_code)
       FROM jobs.household h JOIN jobs.household_member m ON m.household_id = h.id WHERE h.recognised_on IS NOT NULL;
    PERFORM jobs.group_tell(d.id, d.person_id, 'disabled', d.valid_from, coalesce(d.withdrawn_on, d.valid_to),
                            d.county_code, d.area_code, 'difficulty')
       FROM jobs.difficulty d WHERE d.cert_no IS NOT NULL AND 'disabled' = ANY (d.kinds);
    PERFORM jobs.help_item_tell(i) FROM jobs.help_item i WHERE i.due_on IS NOT NULL;
END $$;
