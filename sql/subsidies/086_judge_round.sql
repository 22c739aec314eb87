-- Who may enter a round, what the data say of an entry, who reviews it.

-- Does a file of this kind speak of that day? Who is on no list that nobody sent
-- is not known to be on none.
CREATE FUNCTION subsidies.file_covers(kind_ text, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM subsidies.import_batch b WHERE b.kind = kind_ AND b.covers_through >= on_day);

-- The plain conditions a round may set, judged on a day's facts. NULL: not known;
-- that keeps nobody out, and is seen by who reviews.
CREATE FUNCTION subsidies.entry_met(condition text, org uuid, person uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN condition = 'enterprise' THEN coalesce((SELECT o.kind = 'enterprise' FROM subsidies.org o WHERE o.id = org), false)
        WHEN condition = 'graduate' AND EXISTS (SELECT FROM subsidies.person p JOIN subsidies.graduate g USING (id_index)
                                  WHERE p.id = person AND g.graduated_on <= on_day) THEN true
        WHEN EXISTS (SELECT FROM subsidies.fact f
             WHERE (f.org_id = org OR f.person_id = person) AND f.known_to IS NULL AND f.kind = k.kind
               AND f.from_on <= on_day AND coalesce(f.to_on, 'infinity') >= on_day) THEN k.holds
        WHEN subsidies.file_covers(k.kind, on_day) THEN NOT k.holds END
      FROM (VALUES ('enterprise', '', true), ('graduate', 'graduates', true), ('not_dishonest', 'dishonest', false),
                   ('no_arrears', 'arrears', false), ('in_park', 'park', true), ('licensed', 'licence', true))
           AS k (word, kind, holds)
     WHERE k.word = condition
$$;

CREATE FUNCTION subsidies.entry_checks(requires jsonb, org uuid, person uuid, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'met',
               subsidies.entry_met(c.code, org, person, on_day)) ORDER BY c.ord), '[]')
      FROM (SELECT r ->> 'code', ord FROM jsonb_array_elements(coalesce(requires, '[]')) WITH ORDINALITY AS x (r, ord))
           AS c (code, ord)
$$;

-- A number the data give, and what it was computed from. No value: no data.
CREATE FUNCTION subsidies.entry_measure(measure text, org uuid, year integer, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH insured AS (
        SELECT f.numbers[2] AS began, f.numbers[3] AS ended
          FROM subsidies.fact f
         WHERE f.org_id = org AND f.kind = 'insured_year' AND f.known_to IS NULL
           AND f.from_on = make_date(year, 1, 1)
         ORDER BY f.id DESC LIMIT 1
    ), hired AS (
        SELECT count(*) AS hires, count(*) FILTER (WHERE e.ended_on IS NULL OR e.ended_on > on_day) AS kept
          FROM subsidies.employment e
         WHERE e.org_id = org AND e.hired_on BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
           AND e.hired_on <= on_day
    )
    SELECT jsonb_build_object('value', CASE measure
               WHEN 'insured_growth' THEN (SELECT ended - began FROM insured)
               WHEN 'insured_growth_permille' THEN (SELECT (ended - began) * 1000 / nullif(began, 0) FROM insured)
               WHEN 'hires' THEN hires
               WHEN 'retention_permille' THEN kept * 1000 / nullif(hires, 0) END,
           'of', CASE WHEN measure LIKE 'insured%'
               THEN (SELECT jsonb_build_object('staff_start', began, 'staff_end', ended) FROM insured)
               ELSE jsonb_build_object('hires', hires, 'kept', kept) END)
      FROM hired
$$;

-- Points of the highest band the value reaches; below all of them, or without data: none.
CREATE FUNCTION subsidies.entry_data(document jsonb, org uuid, year integer, on_day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'measure', c.measure,
               'value', m.found -> 'value', 'of', m.found -> 'of', 'points_milli', coalesce((
                   SELECT b.points_milli FROM jsonb_to_recordset(c.bands) AS b (from_value bigint, points_milli bigint)
                    WHERE b.from_value <= (m.found ->> 'value')::bigint
                    ORDER BY b.from_value DESC LIMIT 1), 0)) ORDER BY c.code), '[]')
      FROM jsonb_to_recordset(document -> 'criteria') AS c (code text, by text, measure text, bands jsonb)
     CROSS JOIN LATERAL (SELECT subsidies.entry_measure(c.measure, org, year, on_day)) AS m (found)
     WHERE c.by = 'data'
$$;

CREATE FUNCTION subsidies.round_json(r subsidies.round) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'policy_code', r.policy_code, 'title', r.title, 'year', r.year,
    'county_code', r.county_code, 'counties', r.counties, 'entrants', r.entrants, 'quota', r.quota,
    'opens_on', r.opens_on, 'closes_on', r.closes_on, 'version', r.version, 'state', r.state,
    'open', r.state = 'published' AND platform.today() BETWEEN r.opens_on AND r.closes_on,
    'definition', subsidies.round_document(r.id), 'definition_hash', (SELECT v.hash
        FROM subsidies.round_version v WHERE v.round_id = r.id AND v.version = r.version),
    'seed', CASE WHEN r.state IN ('public', 'final') THEN r.seed END,
    'notice_from', r.notice_from, 'notice_to', r.notice_to);

-- What was handed in with an entry; a file's name might say whose it is.
CREATE FUNCTION subsidies.entry_files(entry uuid, named boolean) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'slot', f.slot, 'media', f.media, 'bytes', f.bytes,
            'name', CASE WHEN named THEN f.name END) ORDER BY f.id), '[]')
          FROM subsidies.file f WHERE f.subject_id = entry);

-- Blind: whoever reviews an entry does not see whose it is until the round is ranked.
CREATE FUNCTION subsidies.entry_json(e subsidies.round_entry) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', e.id, 'round_id', e.round_id, 'policy_code', r.policy_code,
        'round_title', r.title, 'org_id', CASE WHEN NOT seen.blind THEN e.org_id END,
        'person_id', CASE WHEN NOT seen.blind THEN e.person_id END,
        'name', CASE WHEN NOT seen.blind THEN e.name END, 'statements', e.statements, 'files', subsidies.entry_files(e.id, NOT seen.blind),
        'checks', e.checks, 'data', e.data, 'state', e.state,
        'county_code', e.county_code, 'area_code', CASE WHEN NOT seen.blind THEN e.area_code END,
        'entered_at', e.created_at)
      FROM subsidies.round r
     CROSS JOIN LATERAL (SELECT r.state IN ('closed', 'reviewing')
         AND coalesce((subsidies.round_document(r.id) ->> 'blind')::boolean, false)
         AND EXISTS (SELECT FROM subsidies.round_review v WHERE v.entry_id = e.id
                        AND v.officer_id = platform.actor())) AS seen (blind)
     WHERE r.id = e.round_id
$$;

CREATE FUNCTION subsidies.entry_submit(entry uuid, round uuid, statements jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r      subsidies.round;
    o      subsidies.org;
    p      subsidies.person;
    checks jsonb;
    made   subsidies.round_entry;
BEGIN
    -- Against the close: who enters holds it off, or sees it.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('subsidies.round ' || round, 0));
    SELECT x.* INTO r FROM subsidies.round x WHERE x.id = round AND x.state <> 'draft';
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'published' OR platform.today() NOT BETWEEN r.opens_on AND r.closes_on THEN
        PERFORM platform.refuse('subsidies.round_closed');
    END IF;
    IF (r.entrants = 'org') <> (platform.org() IS NOT NULL) THEN
        PERFORM platform.refuse('subsidies.entrant_kind');
    END IF;
    SELECT x.* INTO o FROM subsidies.org x WHERE x.id = platform.org();
    SELECT x.* INTO p FROM subsidies.person x WHERE x.id = platform.person() AND platform.org() IS NULL;
    IF coalesce(o.id, p.id) IS NULL THEN PERFORM platform.refuse('subsidies.entrant_unknown'); END IF;
    IF NOT coalesce(o.county_code, p.county_code) = ANY (r.counties) THEN
        PERFORM platform.refuse('subsidies.entry_county');
    END IF;
    checks := subsidies.entry_checks(subsidies.round_document(r.id) -> 'requires', o.id, p.id, platform.today());
    IF jsonb_path_exists(checks, '$[*] ? (@.met == false)') THEN
        PERFORM platform.refuse('subsidies.entry_unfit');
    END IF;
    IF subsidies.statements_lack(subsidies.round_document(r.id), statements) THEN
        PERFORM platform.refuse('subsidies.entry_statements /statements');
    END IF;
    INSERT INTO subsidies.round_entry AS e (id, round_id, org_id, person_id, name, statements,
        checks, county_code, area_code)
    VALUES (entry, r.id, o.id, p.id, coalesce(o.name, p.name_masked), statements,
        checks, coalesce(o.county_code, p.county_code), coalesce(o.area_code, p.area_code))
    RETURNING e.* INTO made;
    PERFORM subsidies.tell(made.person_id, made.org_id, 'round', '申报已提交：' || r.title,
        '截止 ' || r.closes_on || ' 前可以撤回。', 'entry', made.id);
    RETURN subsidies.entry_json(made);
END $$;

-- One statement for each criterion people judge, none for what is none.
CREATE FUNCTION subsidies.statements_lack(document jsonb, given jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (SELECT FROM jsonb_to_recordset(document -> 'criteria') AS c (code text, by text)
                    WHERE c.by = 'reviewers' AND NOT EXISTS (
                          SELECT FROM jsonb_array_elements(given) g WHERE g ->> 'code' = c.code))
        OR EXISTS (SELECT FROM jsonb_array_elements(given) g
                    WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(document -> 'criteria') AS c (code text)
                                       WHERE c.code = g ->> 'code'))
        OR (SELECT count(DISTINCT g ->> 'code') <> count(*) FROM jsonb_array_elements(given) g)
$$;

-- What the data know of a reviewer and an entrant; NULL: nothing. Reads what the
-- reviewer may not, and tells only this word.
CREATE FUNCTION subsidies.conflict_found(entry uuid, reviewer uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH who AS (
        SELECT e.round_id, e.org_id, e.person_id, o.uscc, v.unit_uscc, v.id_index, p.id AS reviewer_person,
               r.policy_code
          FROM subsidies.round_entry e
          JOIN subsidies.round r ON r.id = e.round_id
          JOIN subsidies.round_reviewer v ON v.id = reviewer
          LEFT JOIN subsidies.org o ON o.id = e.org_id
          LEFT JOIN subsidies.person p ON p.id_index = v.id_index
         WHERE e.id = entry
    )
    SELECT CASE
        WHEN w.unit_uscc = w.uscc THEN 'same_unit'
        WHEN w.person_id = w.reviewer_person THEN 'own_entry'
        WHEN EXISTS (SELECT FROM subsidies.fact f
                      WHERE f.kind = 'licence' AND f.code = 'legal_representative' AND f.known_to IS NULL
                        AND (f.org_id = w.org_id OR f.uscc = w.uscc)
                        AND (f.person_id = w.reviewer_person OR f.id_index = w.id_index)) THEN 'legal_representative'
        WHEN EXISTS (SELECT FROM subsidies.employment m
                      WHERE m.org_id = w.org_id AND m.person_id = w.reviewer_person
                        AND m.ended_on IS NULL) THEN 'same_unit'
        WHEN EXISTS (SELECT FROM subsidies.round_entry x JOIN subsidies.round y ON y.id = x.round_id
                       LEFT JOIN subsidies.org u ON u.id = x.org_id
                      WHERE y.policy_code = w.policy_code AND x.state <> 'withdrawn'
                        AND (x.person_id = w.reviewer_person OR u.uscc = w.unit_uscc)) THEN 'prior_entry' END
      FROM who w
$$;

-- Draws whoever is still missing for one entry: the reviewers with the least to
-- do, among them by lot. The lot is a hash of the seed and the two ids, so that
-- anybody can draw it again. Returns how many places stay empty.
CREATE FUNCTION subsidies.round_fill(entry uuid, due date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    e       subsidies.round_entry;
    drawn   integer;
    missing integer;
BEGIN
    SELECT x.* INTO e FROM subsidies.round_entry x WHERE x.id = entry;
    SELECT (subsidies.round_document(e.round_id) ->> 'reviewers')::integer - count(*) INTO missing
      FROM subsidies.round_review v
     WHERE v.entry_id = entry AND v.state NOT IN ('conflicted', 'withdrawn');
    IF missing <= 0 THEN RETURN 0; END IF;
    INSERT INTO subsidies.round_review (round_id, entry_id, reviewer_id, officer_id, drawn_no, due_on, county_code)
    SELECT e.round_id, e.id, v.id, v.officer_id, n.last + row_number() OVER (ORDER BY load.n,
               encode(sha256(convert_to(r.seed || ':' || e.id || ':' || v.id, 'UTF8')), 'hex')), due, e.county_code
      FROM subsidies.round r
      JOIN subsidies.round_reviewer v ON v.round_id = r.id AND v.withdrawn IS NULL
     CROSS JOIN LATERAL (SELECT count(*) AS n FROM subsidies.round_review x WHERE x.reviewer_id = v.id
                            AND x.state NOT IN ('conflicted', 'withdrawn')) load
     CROSS JOIN LATERAL (SELECT coalesce(max(x.drawn_no), 0) AS last FROM subsidies.round_review x
                          WHERE x.round_id = r.id) n
     WHERE r.id = e.round_id
       AND NOT EXISTS (SELECT FROM subsidies.round_review x WHERE x.entry_id = e.id AND x.reviewer_id = v.id)
       AND subsidies.conflict_found(e.id, v.id) IS NULL
     ORDER BY load.n, encode(sha256(convert_to(r.seed || ':' || e.id || ':' || v.id, 'UTF8')), 'hex')
     LIMIT missing;
    GET DIAGNOSTICS drawn = ROW_COUNT;
    RETURN missing - drawn;
END $$;

-- The first drawing, and later what withdrawals left empty.
CREATE FUNCTION subsidies.round_draw(round uuid, due date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r       subsidies.round;
    missing integer := 0;
    e       uuid;
BEGIN
    SELECT x.* INTO r FROM subsidies.round x WHERE x.id = round AND subsidies.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state NOT IN ('closed', 'reviewing')
       OR (subsidies.round_document(r.id) ->> 'reviewers')::integer = 0 THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF due <= platform.today() THEN PERFORM platform.refuse('field.date_order /due_on'); END IF;
    UPDATE subsidies.round x
       SET seed = coalesce(x.seed, replace(gen_random_uuid()::text, '-', '')), state = 'reviewing',
           moved_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    FOR e IN SELECT x.id FROM subsidies.round_entry x WHERE x.round_id = r.id AND x.state = 'submitted'
              ORDER BY encode(sha256(convert_to(r.seed || ':' || x.id, 'UTF8')), 'hex') LOOP
        missing := missing + subsidies.round_fill(e, due);
    END LOOP;
    IF missing > 0 THEN PERFORM platform.refuse('subsidies.reviewers_few'); END IF;
    RETURN jsonb_build_object('id', r.id, 'state', r.state, 'seed', r.seed, 'reviews', (SELECT count(*)
        FROM subsidies.round_review v WHERE v.round_id = r.id AND v.state NOT IN ('conflicted', 'withdrawn')));
END $$;
