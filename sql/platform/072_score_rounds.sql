-- Reviews: conflicts declared before the first score, scores once, by paper
-- twice; withdrawn ones replaced. These functions run as the owner, because a
-- reviewer works on entries of other counties: each says who may.

CREATE PROCEDURE platform.make_round_scoring(service text, letters text)
LANGUAGE plpgsql AS $make$
BEGIN
    EXECUTE replace(replace($sql$

CREATE FUNCTION @schema@.all_in(round uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN NOT EXISTS (
    SELECT FROM @schema@.round_entry e
     WHERE e.round_id = round AND e.state = 'submitted'
       AND (SELECT count(*) FROM @schema@.round_review v WHERE v.entry_id = e.id AND v.state = 'scored')
           < (@schema@.round_document(round) ->> 'reviewers')::integer);
COMMENT ON FUNCTION @schema@.all_in(uuid) IS 'every entry has all its reviews';

-- What a reviewer is given: the entry, without a name where the round is blind.
-- Its scores are its own reviewer's; others see them when all are in.
CREATE FUNCTION @schema@.review_json(v @schema@.round_review) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('id', v.id, 'round_id', v.round_id, 'round_title', r.title, 'entry_id', v.entry_id,
        'reviewer_id', v.reviewer_id, 'reviewer', w.name, 'mine', coalesce(v.officer_id = platform.actor(), false),
        'state', v.state, 'why', v.why, 'drawn_no', v.drawn_no, 'due_on', v.due_on,
        'overdue', v.state IN ('drawn', 'declared', 'written') AND platform.today() > v.due_on,
        'entrant', CASE WHEN NOT coalesce((d.doc ->> 'blind')::boolean, false)
                          OR r.state IN ('decided', 'public', 'final') THEN e.name END,
        'statements', e.statements, 'checks', e.checks, 'files', @schema@.entry_files(e.id, false),
        'criteria', (SELECT jsonb_agg(c) FROM jsonb_array_elements(d.doc -> 'criteria') c WHERE c ->> 'by' <> 'data'),
        'scores', CASE WHEN coalesce(v.officer_id = platform.actor(), false)
                         OR (platform.acts_in(r.county_code) AND @schema@.all_in(r.id)) THEN (
            SELECT jsonb_agg(jsonb_build_object('code', s.criterion, 'points_milli', s.points_milli, 'note', s.note)
                       ORDER BY s.criterion)
              FROM @schema@.round_score s WHERE s.review_id = v.id) END,
        'scored_at', v.scored_at)
      FROM @schema@.round r
     CROSS JOIN LATERAL (SELECT @schema@.round_document(r.id)) AS d (doc)
      JOIN @schema@.round_entry e ON e.id = v.entry_id
      JOIN @schema@.round_reviewer w ON w.id = v.reviewer_id
     WHERE r.id = v.round_id
$$;

-- The review, when it is the caller's own, or an expert's paper at a desk of the round's.
CREATE FUNCTION @schema@.review_take(review uuid) RETURNS @schema@.round_review
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT v.* FROM @schema@.round_review v JOIN @schema@.round r ON r.id = v.round_id
     WHERE v.id = review AND (v.officer_id = platform.actor()
            OR (v.officer_id IS NULL AND platform.acts_in(r.county_code)
                AND NOT EXISTS (SELECT FROM @schema@.round_reviewer w
                                 WHERE w.round_id = r.id AND w.officer_id = platform.actor())))
       FOR UPDATE OF v
$$;

-- Declared or found: the reviewer goes, another is drawn.
CREATE FUNCTION @schema@.review_declare(review uuid, conflict boolean, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v     @schema@.round_review := @schema@.review_take(review);
    found text;
BEGIN
    IF v.id IS NULL THEN RETURN NULL; END IF;
    IF v.state <> 'drawn' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF conflict AND reason IS NULL THEN PERFORM platform.refuse('field.missing /reason'); END IF;
    found := CASE WHEN conflict THEN reason ELSE @schema@.conflict_found(v.entry_id, v.reviewer_id) END;
    UPDATE @schema@.round_review x
       SET state = CASE WHEN found IS NULL THEN 'declared' ELSE 'conflicted' END, why = found,
           declared_at = platform.now()
     WHERE x.id = v.id RETURNING x.* INTO v;
    IF found IS NOT NULL THEN
        PERFORM @schema@.round_fill(v.entry_id, greatest(v.due_on, platform.today() + 1));
    END IF;
    RETURN @schema@.review_json(v);
END $$;

-- A score for each criterion of the stage, none for another, each within bounds.
CREATE FUNCTION @schema@.scores_wrong(document jsonb, stage text, given jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    WITH due AS (
        SELECT c.code, c.max_points * 1000 AS most
          FROM jsonb_to_recordset(document -> 'criteria') AS c (code text, by text, max_points bigint)
         WHERE c.by = CASE stage WHEN 'defence' THEN 'defence' ELSE 'reviewers' END
    )
    SELECT jsonb_array_length(given) <> (SELECT count(*) FROM due)
        OR EXISTS (SELECT FROM due WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(given) g
                    WHERE g ->> 'code' = due.code AND (g ->> 'points_milli')::bigint BETWEEN 0 AND due.most))
$$;

-- Typed from paper: the second typing must be the first. False: it is the first.
CREATE FUNCTION @schema@.keyed_twice(v @schema@.round_review, stage_ text, given jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    other @schema@.round_keying;
BEGIN
    SELECT k.* INTO other FROM @schema@.round_keying k
     WHERE k.review_id = v.id AND k.stage = stage_ AND k.actor <> platform.actor();
    IF other.scores = given THEN RETURN true; END IF;
    IF other.review_id IS NOT NULL THEN PERFORM platform.refuse('selection.keying_differs'); END IF;
    INSERT INTO @schema@.round_keying (review_id, stage, scores, county_code)
    VALUES (v.id, stage_, given, v.county_code)
        ON CONFLICT (review_id, stage, actor) DO UPDATE SET scores = excluded.scores, at = platform.now();
    RETURN false;
END $$;

CREATE FUNCTION @schema@.review_score(review uuid, given jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v     @schema@.round_review := @schema@.review_take(review);
    doc   jsonb;
    stage text;
BEGIN
    IF v.id IS NULL THEN RETURN NULL; END IF;
    IF v.state = 'drawn' THEN PERFORM platform.refuse('selection.undeclared'); END IF;
    IF v.state NOT IN ('declared', 'written') THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF @schema@.conflict_found(v.entry_id, v.reviewer_id) IS NOT NULL THEN
        PERFORM platform.refuse('selection.conflict_found');
    END IF;
    doc := @schema@.round_document(v.round_id);
    stage := CASE v.state WHEN 'written' THEN 'defence' ELSE 'written' END;
    IF @schema@.scores_wrong(doc, stage, given) THEN PERFORM platform.refuse('selection.score_bounds /scores'); END IF;
    IF v.officer_id IS NULL AND NOT @schema@.keyed_twice(v, stage, given) THEN
        RETURN @schema@.review_json(v);
    END IF;
    INSERT INTO @schema@.round_score (review_id, criterion, points_milli, max_milli, note, county_code)
    SELECT v.id, c.code, (g ->> 'points_milli')::bigint, c.max_points * 1000, g ->> 'note', v.county_code
      FROM jsonb_array_elements(given) g
      JOIN jsonb_to_recordset(doc -> 'criteria') AS c (code text, max_points bigint) ON c.code = g ->> 'code';
    UPDATE @schema@.round_review x
       SET state = CASE WHEN stage = 'written' AND jsonb_path_exists(doc, '$.criteria[*] ? (@.by == "defence")')
                        THEN 'written' ELSE 'scored' END, scored_at = platform.now()
     WHERE x.id = v.id RETURNING x.* INTO v;
    RETURN @schema@.review_json(v);
END $$;

-- By the chair, with a reason, until the list is decided. Where scores stood the
-- ranking is made anew.
CREATE FUNCTION @schema@.review_withdraw(review uuid, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v @schema@.round_review;
    r @schema@.round;
BEGIN
    SELECT x.* INTO v FROM @schema@.round_review x WHERE x.id = review;
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = v.round_id AND platform.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF v.officer_id = platform.actor() THEN PERFORM platform.refuse('selection.reviewer_decides'); END IF;
    IF v.state IN ('conflicted', 'withdrawn') OR r.state NOT IN ('reviewing', 'ranked') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    UPDATE @schema@.round_review x SET state = 'withdrawn', why = reason
     WHERE x.id = review RETURNING x.* INTO v;
    UPDATE @schema@.round x SET state = 'reviewing', moved_at = platform.now() WHERE x.id = r.id;
    PERFORM @schema@.round_fill(v.entry_id, greatest(v.due_on, platform.today() + 1));
    RETURN @schema@.review_json(v);
END $$;

-- The whole reviewer: nothing of theirs counts in this round any more.
CREATE FUNCTION @schema@.reviewer_withdraw(reviewer uuid, reason text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    w @schema@.round_reviewer;
    n bigint;
BEGIN
    UPDATE @schema@.round_reviewer x SET withdrawn = reason
     WHERE x.id = reviewer AND x.withdrawn IS NULL AND platform.acts_in(x.county_code)
       AND x.officer_id IS DISTINCT FROM platform.actor() RETURNING x.* INTO w;
    IF w.id IS NULL THEN RETURN NULL; END IF;
    SELECT count(@schema@.review_withdraw(v.id, reason)) INTO n
      FROM @schema@.round_review v
     WHERE v.reviewer_id = w.id AND v.state NOT IN ('conflicted', 'withdrawn');
    RETURN @schema@.reviewer_json(w) || jsonb_build_object('reviews_withdrawn', n);
END $$;

CREATE FUNCTION @schema@.reviewer_json(w @schema@.round_reviewer) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', w.id, 'round_id', w.round_id, 'officer_id', w.officer_id,
    'expert_id', w.expert_id, 'name', w.name, 'unit', w.unit, 'withdrawn', w.withdrawn,
    'county_code', w.county_code);

CREATE FUNCTION @schema@.reviewer_add(made uuid, round uuid, officer uuid, expert uuid, name_ text,
    unit_ text, uscc_ text, index_ text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r @schema@.round;
    x @schema@.expert;
    w @schema@.round_reviewer;
BEGIN
    SELECT y.* INTO r FROM @schema@.round y WHERE y.id = round AND platform.acts_in(y.county_code) FOR SHARE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state NOT IN ('published', 'closed', 'reviewing') THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF expert IS NOT NULL THEN
        SELECT y.* INTO x FROM @schema@.expert y WHERE y.id = expert;
        IF x.id IS NULL THEN PERFORM platform.refuse('field.choice /expert_id'); END IF;
    ELSE
        INSERT INTO @schema@.round_hand (round_id, actor, hand) VALUES (r.id, officer, 'review')
            ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO @schema@.round_reviewer AS n (id, round_id, officer_id, expert_id, name, unit, unit_uscc,
        id_index, hand, county_code)
    VALUES (made, r.id, officer, expert, coalesce(x.name, name_), coalesce(x.unit, unit_),
        coalesce(x.unit_uscc, uscc_), coalesce(x.id_index, index_),
        CASE WHEN officer IS NOT NULL THEN 'review' END, r.county_code)
    RETURNING n.* INTO w;
    RETURN @schema@.reviewer_json(w);
END $$;

    $sql$, '@schema@', service), '@letters@', letters);
END $make$;
