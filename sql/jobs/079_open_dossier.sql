-- 一人一档, and cases for whoever is owed one.

-- What further registers hold of a person: it runs as the caller, so row-level
-- security judges each part. Whoever adds a register adds its part here.
CREATE FUNCTION jobs.dossier_parts(person uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'difficulties', coalesce((SELECT jsonb_agg(jobs.difficulty_reply(d)::jsonb - 'person_id' ORDER BY d.id DESC)
            FROM jobs.difficulty d WHERE d.person_id = person), '[]'),
        'households', coalesce((SELECT jsonb_agg(jsonb_build_object('household_id', h.id, 'relation', m.relation,
                'state', h.state, 'recognised_on', h.recognised_on, 'due_on', h.due_on,
                'cleared_on', h.cleared_on) ORDER BY h.id DESC)
            FROM jobs.household_member m JOIN jobs.household h ON h.id = m.household_id
           WHERE m.member_id = person), '[]'))
$$;
COMMENT ON FUNCTION jobs.dossier_parts(uuid) IS 'the members `parts` of a dossier: {name: [rows]}';

-- Opens what no trigger has: registrations older than help cases, people of
-- the rosters, holders of certificates, members of households without work. A
-- case that was closed since is not opened again for the same cause.
CREATE FUNCTION jobs.help_scan(at_most integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    opened bigint := 0;
    n      bigint;
BEGIN
    SELECT count(jobs.help_open(x.person_id, x.why, x.id)) INTO n
      FROM (SELECT u.person_id, CASE WHEN u.is_difficult THEN 'difficulty' ELSE 'unemployment' END AS why, u.id
              FROM jobs.unemployment u WHERE u.ended_on IS NULL AND NOT EXISTS
                   (SELECT FROM jobs.help_case k WHERE k.person_id = u.person_id
                       AND (k.state <> 'closed' OR k.closed_on >= u.registered_on)) LIMIT at_most) AS x;
    opened := opened + n;
    UPDATE jobs.help_case k SET grp = 'household'
     WHERE k.state <> 'closed' AND k.grp IN ('unemployed', 'difficult', 'other')
       AND EXISTS (SELECT FROM jobs.household_member m JOIN jobs.household h ON h.id = m.household_id
                    WHERE m.member_id = k.person_id AND m.is_open AND h.state = 'recognised');
    SELECT count(jobs.help_open(x.member_id, 'household', x.id)) INTO n
      FROM (SELECT m.member_id, h.id
              FROM jobs.household_member m JOIN jobs.household h ON h.id = m.household_id
             WHERE m.is_open AND h.state = 'recognised' AND NOT EXISTS (SELECT FROM jobs.help_case k
                   WHERE k.person_id = m.member_id AND (k.state <> 'closed' OR k.closed_on >= h.recognised_on))
             LIMIT at_most) AS x;
    opened := opened + n;
    UPDATE jobs.help_case k SET grp = 'difficult'
     WHERE k.state <> 'closed' AND k.grp IN ('unemployed', 'other')
       AND EXISTS (SELECT FROM jobs.difficulty d WHERE d.person_id = k.person_id AND d.state = 'recognised');
    SELECT count(jobs.help_open(x.person_id, 'difficulty', x.id)) INTO n
      FROM (SELECT d.person_id, d.id
              FROM jobs.difficulty d WHERE d.state = 'recognised' AND NOT EXISTS (SELECT FROM jobs.help_case k
                   WHERE k.person_id = d.person_id AND (k.state <> 'closed' OR k.closed_on >= d.valid_from))
             LIMIT at_most) AS x;
    opened := opened + n;
    RETURN opened;
END $$;
COMMENT ON FUNCTION jobs.help_scan(integer) IS 'by the clock: cases for whoever is owed one and has none';

-- A registration that ended by mistake and is restored is helped again.
CREATE FUNCTION jobs.help_on_restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.help_open(NEW.person_id, CASE WHEN NEW.is_difficult THEN 'difficulty' ELSE 'unemployment' END, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER help_restored AFTER UPDATE ON jobs.unemployment
    FOR EACH ROW WHEN (OLD.ended_on IS NOT NULL AND NEW.ended_on IS NULL)
    EXECUTE FUNCTION jobs.help_on_restored();

-- The person's own word on an item of the plan; a refusal is a contact, and counts.
CREATE FUNCTION jobs.help_answer(item uuid, accepts boolean, why text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.help_contact (case_id, item_id, person_id, kind, contacted_on, channel, outcome, result, reply,
                                   refusal_reason, county_code, area_code)
    SELECT i.case_id, i.id, i.person_id, i.kind, platform.today(), 'online', 'refused', '', '本人不接受', why,
           i.county_code, i.area_code
      FROM jobs.help_item i WHERE i.id = item AND NOT accepts;
    UPDATE jobs.help_item SET note = concat_ws('；', note, '本人接受') WHERE id = item AND accepts;
    SELECT jobs.help_note(k, 'contacted', 'accepted') FROM jobs.help_case k JOIN jobs.help_item i ON i.case_id = k.id
     WHERE i.id = item AND accepts;
$$;

-- An erased person leaves the counts and nothing that tells who it was.
CREATE FUNCTION jobs.help_on_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.help_case SET name_masked = '*' WHERE person_id = NEW.id;
    UPDATE jobs.help_contact SET result = '', reply = NULL,
           refusal_reason = CASE WHEN refusal_reason IS NOT NULL THEN '*' END WHERE person_id = NEW.id;
    UPDATE jobs.help_item SET note = NULL WHERE person_id = NEW.id;
    UPDATE jobs.help_pause SET note = NULL WHERE person_id = NEW.id;
    UPDATE jobs.graduate SET name_masked = '*', id_index = 'erased:' || id WHERE person_id = NEW.id;
    UPDATE jobs.poverty_member SET name_masked = '*', id_index = 'erased:' || id WHERE person_id = NEW.id;
    UPDATE jobs.arrears_clue SET detail = '' WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER help_erased AFTER UPDATE OF id_index ON jobs.person
    FOR EACH ROW WHEN (NEW.id_index LIKE 'erased:%') EXECUTE FUNCTION jobs.help_on_erased();
