-- Who may enter a round, what the data say of an entry, who reviews it.

CREATE PROCEDURE platform.make_round_judging(service text, letters text)
LANGUAGE plpgsql AS $make$
BEGIN
    EXECUTE replace(replace($sql$

CREATE FUNCTION @schema@.entry_checks(requires jsonb, org uuid, person uuid, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'met',
               @schema@.entry_met(c.code, org, person, on_day)) ORDER BY c.ord), '[]')
      FROM (SELECT r ->> 'code', ord FROM jsonb_array_elements(coalesce(requires, '[]')) WITH ORDINALITY AS x (r, ord))
           AS c (code, ord)
$$;

-- Points of the highest band the value reaches; below all of them, or without data: none.
CREATE FUNCTION @schema@.entry_data(document jsonb, org uuid, person uuid, year integer, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'measure', c.measure,
               'value', m.found -> 'value', 'of', m.found -> 'of', 'points_milli', coalesce((
                   SELECT b.points_milli FROM jsonb_to_recordset(c.bands) AS b (from_value bigint, points_milli bigint)
                    WHERE b.from_value <= (m.found ->> 'value')::bigint
                    ORDER BY b.from_value DESC LIMIT 1), 0)) ORDER BY c.code), '[]')
      FROM jsonb_to_recordset(document -> 'criteria') AS c (code text, by text, measure text, bands jsonb)
     CROSS JOIN LATERAL (SELECT @schema@.entry_measure(c.measure, org, person, year, on_day)) AS m (found)
     WHERE c.by = 'data'
$$;

-- Conditions and measures of which this service knows nothing.
CREATE FUNCTION @schema@.definition_unknown(document jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM jsonb_array_elements(coalesce(document -> 'requires', '[]')) r
                    WHERE NOT r ->> 'code' = ANY (@schema@.selection_words()))
        OR EXISTS (SELECT FROM jsonb_to_recordset(document -> 'criteria') AS c (measure text)
                    WHERE NOT c.measure = ANY (@schema@.selection_words()))
$$;

CREATE FUNCTION @schema@.round_json(r @schema@.round) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'policy_code', r.policy_code, 'title', r.title, 'year', r.year,
    'county_code', r.county_code, 'counties', r.counties, 'entrants', r.entrants, 'quota', r.quota,
    'opens_on', r.opens_on, 'closes_on', r.closes_on, 'version', r.version, 'state', r.state,
    'open', r.state = 'published' AND platform.today() BETWEEN r.opens_on AND r.closes_on,
    'definition', @schema@.round_document(r.id), 'definition_hash', (SELECT v.hash
        FROM @schema@.round_version v WHERE v.round_id = r.id AND v.version = r.version),
    'seed', CASE WHEN r.state IN ('public', 'final') THEN r.seed END,
    'notice_from', r.notice_from, 'notice_to', r.notice_to);

-- What was handed in with an entry; a file's name might say whose it is.
CREATE FUNCTION @schema@.entry_files(entry uuid, named boolean) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'slot', f.slot, 'media', f.media, 'bytes', f.bytes,
            'name', CASE WHEN named THEN f.name END) ORDER BY f.id), '[]')
          FROM @schema@.file f WHERE f.subject_id = entry);

-- Blind: whoever reviews an entry does not see whose it is until the round is ranked.
CREATE FUNCTION @schema@.entry_json(e @schema@.round_entry) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', e.id, 'round_id', e.round_id, 'policy_code', r.policy_code,
        'round_title', r.title, 'org_id', CASE WHEN NOT seen.blind THEN e.org_id END,
        'person_id', CASE WHEN NOT seen.blind THEN e.person_id END,
        'name', CASE WHEN NOT seen.blind THEN e.name END, 'statements', e.statements, 'files', @schema@.entry_files(e.id, NOT seen.blind),
        'checks', e.checks, 'data', e.data, 'state', e.state,
        'county_code', e.county_code, 'area_code', CASE WHEN NOT seen.blind THEN e.area_code END,
        'entered_at', e.created_at)
      FROM @schema@.round r
     CROSS JOIN LATERAL (SELECT r.state IN ('closed', 'reviewing')
         AND coalesce((@schema@.round_document(r.id) ->> 'blind')::boolean, false)
         AND EXISTS (SELECT FROM @schema@.round_review v WHERE v.entry_id = e.id
                        AND v.officer_id = platform.actor())) AS seen (blind)
     WHERE r.id = e.round_id
$$;

CREATE FUNCTION @schema@.entry_submit(entry uuid, round uuid, statements jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r      @schema@.round;
    o      @schema@.org;
    p      @schema@.person;
    checks jsonb;
    made   @schema@.round_entry;
BEGIN
    -- Against the close: who enters holds it off, or sees it.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('@schema@.round ' || round, 0));
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = round AND x.state <> 'draft';
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'published' OR platform.today() NOT BETWEEN r.opens_on AND r.closes_on THEN
        PERFORM platform.refuse('selection.round_closed');
    END IF;
    IF (r.entrants = 'org') <> (platform.org() IS NOT NULL) THEN
        PERFORM platform.refuse('selection.entrant_kind');
    END IF;
    SELECT x.* INTO o FROM @schema@.org x WHERE x.id = platform.org();
    SELECT x.* INTO p FROM @schema@.person x WHERE x.id = platform.person() AND platform.org() IS NULL;
    IF coalesce(o.id, p.id) IS NULL THEN PERFORM platform.refuse('selection.entrant_unknown'); END IF;
    IF NOT coalesce(o.county_code, p.county_code) = ANY (r.counties) THEN
        PERFORM platform.refuse('selection.entry_county');
    END IF;
    checks := @schema@.entry_checks(@schema@.round_document(r.id) -> 'requires', o.id, p.id, platform.today());
    IF jsonb_path_exists(checks, '$[*] ? (@.met == false)') THEN
        PERFORM platform.refuse('selection.entry_unfit');
    END IF;
    IF @schema@.statements_lack(@schema@.round_document(r.id), statements) THEN
        PERFORM platform.refuse('selection.entry_statements /statements');
    END IF;
    INSERT INTO @schema@.round_entry AS e (id, round_id, org_id, person_id, name, statements,
        checks, county_code, area_code)
    VALUES (entry, r.id, o.id, p.id, coalesce(o.name, p.name_masked), statements,
        checks, coalesce(o.county_code, p.county_code), coalesce(o.area_code, p.area_code))
    RETURNING e.* INTO made;
    PERFORM @schema@.tell(made.person_id, made.org_id, 'round', '申报已提交：' || r.title,
        '截止 ' || r.closes_on || ' 前可以撤回。', 'entry', made.id);
    RETURN @schema@.entry_json(made);
END $$;

-- One statement for each criterion people judge, none for what is none.
CREATE FUNCTION @schema@.statements_lack(document jsonb, given jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (SELECT FROM jsonb_to_recordset(document -> 'criteria') AS c (code text, by text)
                    WHERE c.by = 'reviewers' AND NOT EXISTS (
                          SELECT FROM jsonb_array_elements(given) g WHERE g ->> 'code' = c.code))
        OR EXISTS (SELECT FROM jsonb_array_elements(given) g
                    WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(document -> 'criteria') AS c (code text)
                                       WHERE c.code = g ->> 'code'))
        OR (SELECT count(DISTINCT g ->> 'code') <> count(*) FROM jsonb_array_elements(given) g)
$$;

-- What is known of a reviewer and an entrant; NULL: nothing. Reads what the
-- reviewer may not, and tells only this word.
CREATE FUNCTION @schema@.conflict_found(entry uuid, reviewer uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH who AS (
        SELECT e.round_id, e.org_id, e.person_id, o.uscc, v.unit_uscc, v.id_index, p.id AS reviewer_person,
               r.policy_code
          FROM @schema@.round_entry e
          JOIN @schema@.round r ON r.id = e.round_id
          JOIN @schema@.round_reviewer v ON v.id = reviewer
          LEFT JOIN @schema@.org o ON o.id = e.org_id
          LEFT JOIN @schema@.person p ON p.id_index = v.id_index
         WHERE e.id = entry
    )
    SELECT CASE
        WHEN w.unit_uscc = w.uscc THEN 'same_unit'
        WHEN w.person_id = w.reviewer_person THEN 'own_entry'
        WHEN known.tie IS NOT NULL THEN known.tie
        WHEN EXISTS (SELECT FROM @schema@.round_entry x JOIN @schema@.round y ON y.id = x.round_id
                       LEFT JOIN @schema@.org u ON u.id = x.org_id
                      WHERE y.policy_code = w.policy_code AND x.state <> 'withdrawn'
                        AND (x.person_id = w.reviewer_person OR u.uscc = w.unit_uscc)) THEN 'prior_entry' END
      FROM who w
     CROSS JOIN LATERAL (SELECT @schema@.conflict_known(w.org_id, w.uscc, w.person_id, w.reviewer_person,
                                                         w.id_index)) AS known (tie)
$$;

-- Draws whoever is still missing for one entry: the reviewers with the least to
-- do, among them by lot. The lot is a hash of the seed and the two ids, so that
-- anybody can draw it again. Returns how many places stay empty.
CREATE FUNCTION @schema@.round_fill(entry uuid, due date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    e       @schema@.round_entry;
    drawn   integer;
    missing integer;
BEGIN
    SELECT x.* INTO e FROM @schema@.round_entry x WHERE x.id = entry;
    SELECT (@schema@.round_document(e.round_id) ->> 'reviewers')::integer - count(*) INTO missing
      FROM @schema@.round_review v
     WHERE v.entry_id = entry AND v.state NOT IN ('conflicted', 'withdrawn');
    IF missing <= 0 THEN RETURN 0; END IF;
    INSERT INTO @schema@.round_review (round_id, entry_id, reviewer_id, officer_id, drawn_no, due_on, county_code)
    SELECT e.round_id, e.id, v.id, v.officer_id, n.last + row_number() OVER (ORDER BY load.n,
               encode(sha256(convert_to(r.seed || ':' || e.id || ':' || v.id, 'UTF8')), 'hex')), due, e.county_code
      FROM @schema@.round r
      JOIN @schema@.round_reviewer v ON v.round_id = r.id AND v.withdrawn IS NULL
     CROSS JOIN LATERAL (SELECT count(*) AS n FROM @schema@.round_review x WHERE x.reviewer_id = v.id
                            AND x.state NOT IN ('conflicted', 'withdrawn')) load
     CROSS JOIN LATERAL (SELECT coalesce(max(x.drawn_no), 0) AS last FROM @schema@.round_review x
                          WHERE x.round_id = r.id) n
     WHERE r.id = e.round_id
       AND NOT EXISTS (SELECT FROM @schema@.round_review x WHERE x.entry_id = e.id AND x.reviewer_id = v.id)
       AND @schema@.conflict_found(e.id, v.id) IS NULL
     ORDER BY load.n, encode(sha256(convert_to(r.seed || ':' || e.id || ':' || v.id, 'UTF8')), 'hex')
     LIMIT missing;
    GET DIAGNOSTICS drawn = ROW_COUNT;
    RETURN missing - drawn;
END $$;

-- The first drawing, and later what withdrawals left empty.
CREATE FUNCTION @schema@.round_draw(round uuid, due date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r       @schema@.round;
    missing integer := 0;
    e       uuid;
BEGIN
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = round AND platform.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state NOT IN ('closed', 'reviewing')
       OR (@schema@.round_document(r.id) ->> 'reviewers')::integer = 0 THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF due <= platform.today() THEN PERFORM platform.refuse('field.date_order /due_on'); END IF;
    UPDATE @schema@.round x
       SET seed = coalesce(x.seed, replace(gen_random_uuid()::text, '-', '')), state = 'reviewing',
           moved_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    FOR e IN SELECT x.id FROM @schema@.round_entry x WHERE x.round_id = r.id AND x.state = 'submitted'
              ORDER BY encode(sha256(convert_to(r.seed || ':' || x.id, 'UTF8')), 'hex') LOOP
        missing := missing + @schema@.round_fill(e, due);
    END LOOP;
    IF missing > 0 THEN PERFORM platform.refuse('selection.reviewers_few'); END IF;
    RETURN jsonb_build_object('id', r.id, 'state', r.state, 'seed', r.seed, 'reviews', (SELECT count(*)
        FROM @schema@.round_review v WHERE v.round_id = r.id AND v.state NOT IN ('conflicted', 'withdrawn')));
END $$;

    $sql$, '@schema@', service), '@letters@', letters);
END $make$;
