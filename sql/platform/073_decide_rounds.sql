-- From scores to winners: the ranking's input, the decision, 公示 and what it
-- ends in. Winners become facts of kind award, which the policy's rule judges.

CREATE PROCEDURE platform.make_round_decisions(service text, letters text)
LANGUAGE plpgsql AS $make$
BEGIN
    EXECUTE replace(replace($sql$

-- Everything a ranking is computed from, in one order: equal data, equal bytes.
CREATE FUNCTION @schema@.round_input(round uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('round_id', r.id, 'version', r.version, 'quota', r.quota,
        'reviewers', (d.doc ->> 'reviewers')::integer, 'trim', coalesce((d.doc ->> 'trim')::boolean, false),
        'min_milli', (d.doc ->> 'min_points_milli')::bigint, 'tie', d.doc -> 'tie', 'tie_last', d.doc -> 'tie_last',
        'entries', (SELECT coalesce(jsonb_agg(jsonb_build_object('entry_id', e.id,
                'lot', encode(sha256(convert_to(coalesce(r.seed, r.id::text) || ':' || e.id, 'UTF8')), 'hex'),
                'data', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', x ->> 'code', 'milli', x -> 'points_milli')
                                    ORDER BY x ->> 'code'), '[]') FROM jsonb_array_elements(e.data) x),
                'reviews', (SELECT coalesce(jsonb_agg(jsonb_build_object('review_id', v.id, 'scores', (
                                SELECT jsonb_agg(jsonb_build_object('code', s.criterion, 'milli', s.points_milli)
                                           ORDER BY s.criterion)
                                  FROM @schema@.round_score s WHERE s.review_id = v.id)) ORDER BY v.id), '[]')
                              FROM @schema@.round_review v WHERE v.entry_id = e.id AND v.state = 'scored'))
                ORDER BY e.id), '[]')
              FROM @schema@.round_entry e WHERE e.round_id = r.id AND e.state = 'submitted'))
      FROM @schema@.round r CROSS JOIN LATERAL (SELECT @schema@.round_document(r.id)) AS d (doc)
     WHERE r.id = round
$$;

-- May it be ranked now? Refuses what stands in the way.
CREATE FUNCTION @schema@.round_rankable(round uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r @schema@.round;
BEGIN
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = round AND platform.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF NOT (r.state IN ('reviewing', 'ranked')
            OR (r.state = 'closed' AND (@schema@.round_document(r.id) ->> 'reviewers')::integer = 0)) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF NOT @schema@.all_in(r.id) THEN PERFORM platform.refuse('selection.reviews_open'); END IF;
    IF EXISTS (SELECT FROM @schema@.round_review v WHERE v.round_id = r.id AND v.state = 'scored'
                  AND @schema@.conflict_found(v.entry_id, v.reviewer_id) IS NOT NULL) THEN
        PERFORM platform.refuse('selection.conflict_found');
    END IF;
    RETURN @schema@.round_input(r.id)::text;
END $$;

-- The list for the meeting: the ranking, whose entries they are, and who would win.
CREATE FUNCTION @schema@.ranking_json(k @schema@.round_ranking) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', k.id, 'round_id', k.round_id, 'county_code', k.county_code, 'ranked_at', k.at,
        'output_hash', encode(sha256(convert_to(k.output, 'UTF8')), 'hex'),
        'entries', (SELECT coalesce(jsonb_agg(x || jsonb_build_object('name', e.name, 'org_id', e.org_id,
                        'person_id', e.person_id) ORDER BY ord), '[]')
                      FROM jsonb_array_elements(k.output::jsonb -> 'entries') WITH ORDINALITY AS l (x, ord)
                      LEFT JOIN @schema@.round_entry e ON e.id = (x ->> 'entry_id')::uuid))
$$;

-- Places of a policy that a tier may give in all, and who has them.
CREATE TABLE @schema@.award_quota (
    policy_code text NOT NULL,
    tier        text NOT NULL CONSTRAINT award_quota_tier_check CHECK (tier IN ('city', 'county')),
    places      integer NOT NULL CONSTRAINT award_quota_places_check CHECK (places > 0),
    basis       text NOT NULL,
    PRIMARY KEY (policy_code, tier),
    CONSTRAINT award_quota_places_key UNIQUE (policy_code, tier, places)
);
COMMENT ON TABLE @schema@.award_quota IS 'public: how many the policy lets be named';
CALL platform.protect('@schema@.award_quota', 'true', 'false');
CREATE TABLE @schema@.award_place (
    policy_code text NOT NULL,
    tier        text NOT NULL,
    place_no    integer NOT NULL,
    places      integer NOT NULL,
    holder_id   uuid NOT NULL,              -- a winning entry, or a named unit
    county_code text NOT NULL,
    PRIMARY KEY (policy_code, tier, place_no),
    CONSTRAINT award_place_holder_key UNIQUE (holder_id),
    CONSTRAINT award_place_quota_fkey FOREIGN KEY (policy_code, tier, places)
        REFERENCES @schema@.award_quota (policy_code, tier, places),
    CONSTRAINT award_place_quota_check CHECK (place_no BETWEEN 1 AND places)
);
CALL platform.protect('@schema@.award_place', $$platform.in_areas(county_code, NULL)$$);

-- By another than who wrote it; no more winners than the policy has places for.
CREATE FUNCTION @schema@.round_publish(round uuid, version_ integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r @schema@.round;
    q @schema@.award_quota;
BEGIN
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = round AND platform.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'draft' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF r.version <> version_ THEN PERFORM platform.refuse('state.conflict'); END IF;
    IF r.created_by = platform.actor() OR EXISTS (SELECT FROM @schema@.round_version v
            WHERE v.round_id = r.id AND v.version = r.version AND v.made_by = platform.actor()) THEN
        PERFORM platform.refuse('selection.same_hand');
    END IF;
    IF r.closes_on < platform.today() THEN PERFORM platform.refuse('selection.round_closed'); END IF;
    SELECT x.* INTO q FROM @schema@.award_quota x WHERE x.policy_code = r.policy_code
       AND x.tier = CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END;
    IF r.quota > q.places - (SELECT count(*) FROM @schema@.award_place a
                              WHERE a.policy_code = q.policy_code AND a.tier = q.tier) THEN
        PERFORM platform.refuse('selection.places_full');
    END IF;
    UPDATE @schema@.round x SET state = 'published', published_by = platform.actor(), moved_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    RETURN @schema@.round_json(r);
END $$;

-- True: the holder has a place, or the policy counts none. One at a time.
CREATE FUNCTION @schema@.place_take(policy text, tier_ text, holder uuid, county text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    q @schema@.award_quota;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('@schema@.award ' || policy || tier_, 0));
    SELECT x.* INTO q FROM @schema@.award_quota x WHERE x.policy_code = policy AND x.tier = tier_;
    IF q.policy_code IS NULL OR EXISTS (SELECT FROM @schema@.award_place a WHERE a.holder_id = holder) THEN
        RETURN true;
    END IF;
    INSERT INTO @schema@.award_place (policy_code, tier, place_no, places, holder_id, county_code)
    SELECT policy, tier_, n, q.places, holder, county
      FROM generate_series(1, q.places) AS n
     WHERE NOT EXISTS (SELECT FROM @schema@.award_place a
                        WHERE a.policy_code = policy AND a.tier = tier_ AND a.place_no = n)
     ORDER BY n LIMIT 1;
    RETURN FOUND;
END $$;

-- What a round or an acceptance named; paid in parts, each a fact of its own.
CREATE TABLE @schema@.award (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    source      text NOT NULL CONSTRAINT award_source_check CHECK (source IN ('round', 'acceptance')),
    source_id   uuid NOT NULL CONSTRAINT award_source_key UNIQUE,  -- the entry, or the unit
    policy_code text NOT NULL,
    org_id      uuid,
    person_id   uuid,
    name        text NOT NULL,
    rank        integer,
    score_milli bigint,
    quantity    bigint,
    instalments integer NOT NULL CONSTRAINT award_instalments_check CHECK (instalments BETWEEN 1 AND 12),
    revoked     text,                       -- why
    county_code text NOT NULL,
    area_code   text,
    made_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT award_holder_check CHECK (num_nonnulls(org_id, person_id) = 1)
);
CREATE INDEX award_list ON @schema@.award (county_code, policy_code, id);
CALL platform.protect('@schema@.award',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()
      OR (person_id = platform.person() AND platform.org() IS NULL)$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON @schema@.award FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.award_part (
    award_id    uuid NOT NULL REFERENCES @schema@.award,
    instalment  integer NOT NULL,
    fact_id     uuid NOT NULL,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (award_id, instalment)
);
CALL platform.protect('@schema@.award_part', $$EXISTS (SELECT FROM @schema@.award a WHERE a.id = award_id)$$);
REVOKE UPDATE, DELETE ON @schema@.award_part FROM @schema@_app, @schema@_system;

CREATE FUNCTION @schema@.award_json(a @schema@.award) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', a.id, 'source', a.source, 'source_id', a.source_id, 'policy_code', a.policy_code,
    'org_id', a.org_id, 'person_id', a.person_id, 'name', a.name, 'rank', a.rank, 'score_milli', a.score_milli,
    'quantity', a.quantity, 'instalments', a.instalments, 'revoked', a.revoked, 'county_code', a.county_code,
    'area_code', a.area_code, 'made_at', a.made_at,
    'parts', (SELECT coalesce(jsonb_agg(jsonb_build_object('instalment', p.instalment, 'fact_id', p.fact_id,
                         'at', p.at, 'claim_id', @schema@.award_claim(p.fact_id))
                         ORDER BY p.instalment), '[]')
                FROM @schema@.award_part p WHERE p.award_id = a.id));

-- The next instalment: the service makes of it what its policy is judged by, and
-- everybody hears of it.
CREATE FUNCTION @schema@.award_pay(award uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a    @schema@.award;
    part integer;
BEGIN
    SELECT x.* INTO a FROM @schema@.award x WHERE x.id = award FOR UPDATE;
    SELECT count(*) + 1 INTO part FROM @schema@.award_part p WHERE p.award_id = award;
    IF part > a.instalments OR a.revoked IS NOT NULL THEN RETURN NULL; END IF;
    INSERT INTO @schema@.award_part (award_id, instalment, fact_id, county_code)
    VALUES (a.id, part, @schema@.award_due(a, part), a.county_code);
    INSERT INTO @schema@.outbox (type, key, area_code, payload)
    VALUES ('@schema@.award.made.v1', a.id::text, a.county_code, jsonb_build_object('award_id', a.id,
        'policy_code', a.policy_code, 'org_id', a.org_id, 'person_id', a.person_id, 'rank', a.rank,
        'score_milli', a.score_milli, 'quantity', a.quantity, 'instalment', part, 'instalments', a.instalments,
        'county_code', a.county_code, 'area_code', a.area_code));
    PERFORM @schema@.tell(a.person_id, a.org_id, 'award', '评选或验收结果已确认',
        '第' || part || '期（共' || a.instalments || '期），符合政策条件的将告知领取。', 'award', a.id);
    RETURN part;
END $$;

-- Taken back: what its instalments made is no longer true, and its place is free.
CREATE FUNCTION @schema@.award_revoke(award uuid, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a @schema@.award;
BEGIN
    UPDATE @schema@.award x SET revoked = reason WHERE x.id = award AND x.revoked IS NULL RETURNING x.* INTO a;
    IF a.id IS NULL THEN RETURN; END IF;
    PERFORM @schema@.award_void(a, p.fact_id) FROM @schema@.award_part p WHERE p.award_id = a.id;
    DELETE FROM @schema@.award_place p WHERE p.holder_id = a.source_id;
    INSERT INTO @schema@.outbox (type, key, area_code, payload)
    VALUES ('@schema@.award.revoked.v1', a.id::text, a.county_code, jsonb_build_object('award_id', a.id,
        'policy_code', a.policy_code, 'org_id', a.org_id, 'person_id', a.person_id,
        'county_code', a.county_code));
END $$;

-- ---- the decision ----

-- In the order of the list, the first `quota` above the minimum; those whom a tie
-- leaves open, and whoever is not to follow the list, are named with a reason.
CREATE FUNCTION @schema@.round_choose(r @schema@.round, k @schema@.round_ranking, changes jsonb)
RETURNS TABLE (entry_id uuid, rank integer, score_milli bigint, selected boolean, reason text)
LANGUAGE sql STABLE AS $$
    SELECT (x ->> 'entry_id')::uuid, (x ->> 'rank')::integer, (x ->> 'score_milli')::bigint,
           coalesce((c ->> 'selected')::boolean,
               (x ->> 'passed')::boolean AND (x ->> 'rank')::integer <= r.quota),
           c ->> 'reason'
      FROM jsonb_array_elements(k.output::jsonb -> 'entries') x
      LEFT JOIN jsonb_array_elements(changes) c ON c ->> 'entry_id' = x ->> 'entry_id'
$$;

CREATE FUNCTION @schema@.round_decide(round uuid, changes jsonb, remark text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r @schema@.round;
    k @schema@.round_ranking;
BEGIN
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = round AND platform.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'ranked' THEN PERFORM platform.refuse('state.wrong'); END IF;
    SELECT x.* INTO k FROM @schema@.round_ranking x WHERE x.round_id = r.id ORDER BY x.id DESC LIMIT 1;
    PERFORM @schema@.changes_sound(r, k, changes);
    INSERT INTO @schema@.round_hand (round_id, actor, hand) VALUES (r.id, platform.actor(), 'decide')
        ON CONFLICT DO NOTHING;
    IF NOT EXISTS (SELECT FROM @schema@.round_hand h
                    WHERE h.round_id = r.id AND h.actor = platform.actor() AND h.hand = 'decide') THEN
        PERFORM platform.refuse('selection.reviewer_decides');
    END IF;
    INSERT INTO @schema@.round_decision (round_id, ranking_id, changes, note, county_code)
    VALUES (r.id, k.id, changes, remark, r.county_code);
    INSERT INTO @schema@.round_result (entry_id, round_id, rank, score_milli, selected, place_no, quota, name,
        reason, county_code)
    SELECT c.entry_id, r.id, c.rank, c.score_milli, c.selected,
           CASE WHEN c.selected THEN row_number() OVER (PARTITION BY c.selected ORDER BY c.rank, c.entry_id) END,
           r.quota, e.name, c.reason, e.county_code
      FROM @schema@.round_choose(r, k, changes) c JOIN @schema@.round_entry e ON e.id = c.entry_id;
    UPDATE @schema@.round x SET state = 'decided', moved_at = platform.now() WHERE x.id = r.id RETURNING x.* INTO r;
    RETURN @schema@.round_json(r);
END $$;

CREATE FUNCTION @schema@.changes_sound(r @schema@.round, k @schema@.round_ranking, changes jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    list jsonb := k.output::jsonb -> 'entries';
BEGIN
    IF EXISTS (SELECT FROM jsonb_array_elements(changes) c WHERE NOT EXISTS (
                   SELECT FROM jsonb_array_elements(list) x WHERE x ->> 'entry_id' = c ->> 'entry_id'))
       OR (SELECT count(DISTINCT c ->> 'entry_id') <> count(*) FROM jsonb_array_elements(changes) c) THEN
        PERFORM platform.refuse('field.choice /changes');
    END IF;
    IF EXISTS (SELECT FROM jsonb_array_elements(changes) c JOIN jsonb_array_elements(list) x
                   ON x ->> 'entry_id' = c ->> 'entry_id'
                WHERE (c ->> 'selected')::boolean AND NOT (x ->> 'passed')::boolean) THEN
        PERFORM platform.refuse('selection.below_minimum /changes');
    END IF;
    -- Equals of whom some would be in and some out: the decision says which.
    IF EXISTS (SELECT FROM jsonb_array_elements(list) x
                WHERE (x ->> 'passed')::boolean AND (x ->> 'rank')::integer <= r.quota
                  AND (x ->> 'rank')::integer - 1 + (SELECT count(*) FROM jsonb_array_elements(list) y
                            WHERE y ->> 'rank' = x ->> 'rank') > r.quota
                  AND NOT EXISTS (SELECT FROM jsonb_array_elements(changes) c
                                   WHERE c ->> 'entry_id' = x ->> 'entry_id')) THEN
        PERFORM platform.refuse('selection.round_tie /changes');
    END IF;
    IF (SELECT count(*) FROM @schema@.round_choose(r, k, changes) c WHERE c.selected) > r.quota THEN
        PERFORM platform.refuse('selection.round_quota /changes');
    END IF;
END $$;

-- ---- 公示, objections, the end ----

CREATE FUNCTION @schema@.round_notice(round uuid, ends date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r @schema@.round;
BEGIN
    SELECT x.* INTO r FROM @schema@.round x WHERE x.id = round AND platform.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'decided' THEN PERFORM platform.refuse('state.wrong'); END IF;
    UPDATE @schema@.round x
       SET state = 'public', notice_from = platform.today(), notice_to = ends, moved_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM @schema@.tell(e.person_id, e.org_id, 'round', '评选结果公示：' || r.title,
            '公示至 ' || ends || '，可以提出异议。', 'entry', e.id)
       FROM @schema@.round_result x JOIN @schema@.round_entry e ON e.id = x.entry_id WHERE x.round_id = r.id;
    RETURN @schema@.round_json(r);
END $$;

-- Upheld: the winner is none. Who takes the place is another round's affair.
CREATE FUNCTION @schema@.round_resolve(objection uuid, decision text, reply_ text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    o @schema@.round_objection;
    e @schema@.round_entry;
BEGIN
    UPDATE @schema@.round_objection x
       SET state = decision, answer = reply_, resolved_by = platform.actor(), resolved_at = platform.now()
     WHERE x.id = objection AND x.state = 'open' AND EXISTS (SELECT FROM @schema@.round r
               WHERE r.id = x.round_id AND r.state = 'public' AND platform.acts_in(r.county_code))
    RETURNING x.* INTO o;
    IF o.id IS NULL THEN RETURN NULL; END IF;
    IF decision = 'upheld' THEN
        UPDATE @schema@.round_result x SET selected = false, place_no = NULL, reason = reply_
         WHERE x.entry_id = o.entry_id;
        SELECT x.* INTO e FROM @schema@.round_entry x WHERE x.id = o.entry_id;
        PERFORM @schema@.tell(e.person_id, e.org_id, 'round', '异议成立，取消入选资格', reply_, 'entry', e.id);
    END IF;
    RETURN jsonb_build_object('id', o.id, 'state', o.state, 'answer', o.answer, 'county_code', o.county_code);
END $$;

-- What the clock does: a round past its last day is closed, its entries judged
-- once more and their data frozen; one whose notice is over, with no objection
-- open, is final and its winners are awarded. Again: nothing.
CREATE FUNCTION @schema@.rounds_turn() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    r    @schema@.round;
    done bigint := 0;
BEGIN
    FOR r IN SELECT x.* FROM @schema@.round x WHERE x.state = 'published' AND x.closes_on < platform.today()
              ORDER BY x.id FOR NO KEY UPDATE SKIP LOCKED LOOP
        PERFORM @schema@.round_close(r);
        done := done + 1;
    END LOOP;
    FOR r IN SELECT x.* FROM @schema@.round x
              WHERE x.state = 'public' AND x.notice_to < platform.today()
                AND NOT EXISTS (SELECT FROM @schema@.round_objection o WHERE o.round_id = x.id AND o.state = 'open')
              ORDER BY x.id FOR NO KEY UPDATE SKIP LOCKED LOOP
        PERFORM @schema@.round_end(r);
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

CREATE FUNCTION @schema@.round_close(r @schema@.round) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    doc jsonb := @schema@.round_document(r.id);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('@schema@.round ' || r.id, 0));
    WITH judged AS (
        SELECT e.id, @schema@.entry_checks(doc -> 'requires', e.org_id, e.person_id, r.closes_on) AS checks,
               @schema@.entry_data(doc, e.org_id, e.person_id, r.year, r.closes_on) AS data
          FROM @schema@.round_entry e WHERE e.round_id = r.id AND e.state = 'submitted'
    )
    UPDATE @schema@.round_entry e
       SET checks = j.checks, data = j.data, moved_at = platform.now(),
           state = CASE WHEN jsonb_path_exists(j.checks, '$[*] ? (@.met == false)') THEN 'unfit' ELSE e.state END
      FROM judged j WHERE e.id = j.id;
    PERFORM @schema@.tell(e.person_id, e.org_id, 'round', '申报不符合条件：' || r.title, '可查看逐条核对结果。',
            'entry', e.id)
       FROM @schema@.round_entry e WHERE e.round_id = r.id AND e.state = 'unfit';
    UPDATE @schema@.round x SET state = 'closed', moved_at = platform.now() WHERE x.id = r.id;
END $$;

CREATE FUNCTION @schema@.round_end(r @schema@.round) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    w    record;
    made uuid;
BEGIN
    FOR w IN SELECT x.rank, x.score_milli, e.* FROM @schema@.round_result x
               JOIN @schema@.round_entry e ON e.id = x.entry_id
              WHERE x.round_id = r.id AND x.selected ORDER BY x.place_no LOOP
        CONTINUE WHEN NOT @schema@.place_take(r.policy_code,
            CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END, w.id, w.county_code);
        INSERT INTO @schema@.award (source, source_id, policy_code, org_id, person_id, name, rank, score_milli,
            instalments, county_code, area_code)
        VALUES ('round', w.id, r.policy_code, w.org_id, w.person_id, w.name, w.rank, w.score_milli,
            coalesce((@schema@.round_document(r.id) ->> 'instalments')::integer, 1), w.county_code, w.area_code)
        RETURNING id INTO made;
        PERFORM @schema@.award_pay(made);
        -- Paid in parts: inspected before each further one, as an accepted unit is.
        INSERT INTO @schema@.acceptance_unit (id, policy_code, tier, period, org_id, name, basis, state, award_id,
            named_by, county_code, area_code)
        SELECT platform.uuid7(), a.policy_code, CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END,
               r.year::text, a.org_id, a.name, r.title, 'passed', a.id, r.published_by, a.county_code, a.area_code
          FROM @schema@.award a WHERE a.id = made AND a.instalments > 1 AND a.org_id IS NOT NULL
            ON CONFLICT DO NOTHING;
    END LOOP;
    UPDATE @schema@.round x SET state = 'final', moved_at = platform.now() WHERE x.id = r.id;
END $$;

-- ---- cases ----

CREATE FUNCTION @schema@.round_entry_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM @schema@.case_move('@letters@-35', NEW.id, CASE NEW.state WHEN 'withdrawn' THEN 'withdrawn' ELSE 'refused' END,
        CASE NEW.state WHEN 'withdrawn' THEN 'withdrawn' ELSE 'refused' END, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER round_entry_case AFTER UPDATE ON @schema@.round_entry
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION @schema@.round_entry_case();

-- A round's moves are its entries': reviewed, made public, decided.
CREATE FUNCTION @schema@.round_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM @schema@.case_move('@letters@-35', e.id,
        CASE NEW.state WHEN 'final' THEN CASE WHEN x.selected THEN 'approved' ELSE 'rejected' END
                       WHEN 'public' THEN 'public' ELSE 'first_reviewed' END,
        CASE NEW.state WHEN 'final' THEN CASE WHEN x.selected THEN 'done' ELSE 'refused' END
                       ELSE 'in_progress' END, NULL)
       FROM @schema@.round_entry e LEFT JOIN @schema@.round_result x ON x.entry_id = e.id
      WHERE e.round_id = NEW.id AND e.state = 'submitted';
    RETURN NULL;
END $$;
CREATE TRIGGER round_case AFTER UPDATE ON @schema@.round
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('reviewing', 'public', 'final'))
    EXECUTE FUNCTION @schema@.round_case();

CREATE FUNCTION @schema@.round_objection_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM @schema@.case_move('@letters@-36', NEW.id, NEW.state, 'done', NEW.answer);
    RETURN NULL;
END $$;
CREATE TRIGGER round_objection_case AFTER UPDATE ON @schema@.round_objection
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION @schema@.round_objection_case();

    $sql$, '@schema@', service), '@letters@', letters);
END $make$;
