-- From scores to winners: the ranking's input, the decision, 公示 and what it
-- ends in. Winners become facts of kind award, which the policy's rule judges.

-- Everything a ranking is computed from, in one order: equal data, equal bytes.
CREATE FUNCTION subsidies.round_input(round uuid) RETURNS jsonb
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
                                  FROM subsidies.round_score s WHERE s.review_id = v.id)) ORDER BY v.id), '[]')
                              FROM subsidies.round_review v WHERE v.entry_id = e.id AND v.state = 'scored'))
                ORDER BY e.id), '[]')
              FROM subsidies.round_entry e WHERE e.round_id = r.id AND e.state = 'submitted'))
      FROM subsidies.round r CROSS JOIN LATERAL (SELECT subsidies.round_document(r.id)) AS d (doc)
     WHERE r.id = round
$$;

-- May it be ranked now? Refuses what stands in the way.
CREATE FUNCTION subsidies.round_rankable(round uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.round;
BEGIN
    SELECT x.* INTO r FROM subsidies.round x WHERE x.id = round AND subsidies.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF NOT (r.state IN ('reviewing', 'ranked')
            OR (r.state = 'closed' AND (subsidies.round_document(r.id) ->> 'reviewers')::integer = 0)) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF NOT subsidies.all_in(r.id) THEN PERFORM platform.refuse('subsidies.reviews_open'); END IF;
    IF EXISTS (SELECT FROM subsidies.round_review v WHERE v.round_id = r.id AND v.state = 'scored'
                  AND subsidies.conflict_found(v.entry_id, v.reviewer_id) IS NOT NULL) THEN
        PERFORM platform.refuse('subsidies.conflict_found');
    END IF;
    RETURN subsidies.round_input(r.id)::text;
END $$;

-- The list for the meeting: the ranking, whose entries they are, and who would win.
CREATE FUNCTION subsidies.ranking_json(k subsidies.round_ranking) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', k.id, 'round_id', k.round_id, 'county_code', k.county_code, 'ranked_at', k.at,
        'output_hash', encode(sha256(convert_to(k.output, 'UTF8')), 'hex'),
        'entries', (SELECT coalesce(jsonb_agg(x || jsonb_build_object('name', e.name, 'org_id', e.org_id,
                        'person_id', e.person_id) ORDER BY ord), '[]')
                      FROM jsonb_array_elements(k.output::jsonb -> 'entries') WITH ORDINALITY AS l (x, ord)
                      LEFT JOIN subsidies.round_entry e ON e.id = (x ->> 'entry_id')::uuid))
$$;

-- Places of a policy that a tier may give in all, and who has them.
CREATE TABLE subsidies.award_quota (
    policy_code text NOT NULL,
    tier        text NOT NULL CONSTRAINT award_quota_tier_check CHECK (tier IN ('city', 'county')),
    places      integer NOT NULL CONSTRAINT award_quota_places_check CHECK (places > 0),
    basis       text NOT NULL,
    PRIMARY KEY (policy_code, tier),
    CONSTRAINT award_quota_places_key UNIQUE (policy_code, tier, places)
);
COMMENT ON TABLE subsidies.award_quota IS 'public: how many the policy lets be named';
CALL platform.protect('subsidies.award_quota', 'true', 'false');
INSERT INTO subsidies.award_quota (policy_code, tier, places, basis) VALUES
    ('FXCY', 'city', 4, '永政办发〔2024〕15号 二（二）5'),
    ('CYXM', 'city', 30, '永政办发〔2024〕15号 二（二）6'),
    ('QNJY', 'city', 15, '永政办发〔2024〕15号 二（三）7'),
    ('GJNZ', 'city', 2, '永政办发〔2024〕15号 二（四）11'),
    ('DSGZ', 'city', 16, '永政办发〔2024〕15号 二（四）11');

CREATE TABLE subsidies.award_place (
    policy_code text NOT NULL,
    tier        text NOT NULL,
    place_no    integer NOT NULL,
    places      integer NOT NULL,
    holder_id   uuid NOT NULL,              -- a winning entry, or a named unit
    county_code text NOT NULL,
    PRIMARY KEY (policy_code, tier, place_no),
    CONSTRAINT award_place_holder_key UNIQUE (holder_id),
    CONSTRAINT award_place_quota_fkey FOREIGN KEY (policy_code, tier, places)
        REFERENCES subsidies.award_quota (policy_code, tier, places),
    CONSTRAINT award_place_quota_check CHECK (place_no BETWEEN 1 AND places)
);
CALL platform.protect('subsidies.award_place', $$platform.in_areas(county_code, NULL)$$);

-- By another than who wrote it; no more winners than the policy has places for.
CREATE FUNCTION subsidies.round_publish(round uuid, version_ integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.round;
    q subsidies.award_quota;
BEGIN
    SELECT x.* INTO r FROM subsidies.round x WHERE x.id = round AND subsidies.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'draft' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF r.version <> version_ THEN PERFORM platform.refuse('state.conflict'); END IF;
    IF r.created_by = platform.actor() OR EXISTS (SELECT FROM subsidies.round_version v
            WHERE v.round_id = r.id AND v.version = r.version AND v.made_by = platform.actor()) THEN
        PERFORM platform.refuse('subsidies.same_hand');
    END IF;
    IF r.closes_on < platform.today() THEN PERFORM platform.refuse('subsidies.round_closed'); END IF;
    SELECT x.* INTO q FROM subsidies.award_quota x WHERE x.policy_code = r.policy_code
       AND x.tier = CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END;
    IF r.quota > q.places - (SELECT count(*) FROM subsidies.award_place a
                              WHERE a.policy_code = q.policy_code AND a.tier = q.tier) THEN
        PERFORM platform.refuse('subsidies.places_full');
    END IF;
    UPDATE subsidies.round x SET state = 'published', published_by = platform.actor(), moved_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    RETURN subsidies.round_json(r);
END $$;

-- True: the holder has a place, or the policy counts none. One at a time.
CREATE FUNCTION subsidies.place_take(policy text, tier_ text, holder uuid, county text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    q subsidies.award_quota;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('subsidies.award ' || policy || tier_, 0));
    SELECT x.* INTO q FROM subsidies.award_quota x WHERE x.policy_code = policy AND x.tier = tier_;
    IF q.policy_code IS NULL OR EXISTS (SELECT FROM subsidies.award_place a WHERE a.holder_id = holder) THEN
        RETURN true;
    END IF;
    INSERT INTO subsidies.award_place (policy_code, tier, place_no, places, holder_id, county_code)
    SELECT policy, tier_, n, q.places, holder, county
      FROM generate_series(1, q.places) AS n
     WHERE NOT EXISTS (SELECT FROM subsidies.award_place a
                        WHERE a.policy_code = policy AND a.tier = tier_ AND a.place_no = n)
     ORDER BY n LIMIT 1;
    RETURN FOUND;
END $$;

-- What a round or an acceptance named; paid in parts, each a fact of its own.
CREATE TABLE subsidies.award (
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
CREATE INDEX award_list ON subsidies.award (county_code, policy_code, id);
CALL platform.protect('subsidies.award',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()
      OR (person_id = platform.person() AND platform.org() IS NULL)$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON subsidies.award FROM subsidies_app, subsidies_system;

CREATE TABLE subsidies.award_part (
    award_id    uuid NOT NULL REFERENCES subsidies.award,
    instalment  integer NOT NULL,
    fact_id     uuid NOT NULL,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (award_id, instalment)
);
CALL platform.protect('subsidies.award_part', $$EXISTS (SELECT FROM subsidies.award a WHERE a.id = award_id)$$);
REVOKE UPDATE, DELETE ON subsidies.award_part FROM subsidies_app, subsidies_system;

CREATE FUNCTION subsidies.award_json(a subsidies.award) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', a.id, 'source', a.source, 'source_id', a.source_id, 'policy_code', a.policy_code,
    'org_id', a.org_id, 'person_id', a.person_id, 'name', a.name, 'rank', a.rank, 'score_milli', a.score_milli,
    'quantity', a.quantity, 'instalments', a.instalments, 'revoked', a.revoked, 'county_code', a.county_code,
    'area_code', a.area_code, 'made_at', a.made_at,
    'parts', (SELECT coalesce(jsonb_agg(jsonb_build_object('instalment', p.instalment, 'fact_id', p.fact_id,
                         'at', p.at, 'claim_id', (SELECT c.id FROM subsidies.claim c
                                WHERE c.subject_kind = 'award' AND c.subject_id = p.fact_id ORDER BY c.id DESC LIMIT 1))
                         ORDER BY p.instalment), '[]')
                FROM subsidies.award_part p WHERE p.award_id = a.id));

-- The next instalment becomes a fact: the policy's rule sees it from now on.
CREATE FUNCTION subsidies.award_pay(award uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a    subsidies.award;
    f    subsidies.fact;
    part integer;
BEGIN
    SELECT x.* INTO a FROM subsidies.award x WHERE x.id = award FOR UPDATE;
    SELECT count(*) + 1 INTO part FROM subsidies.award_part p WHERE p.award_id = award;
    IF part > a.instalments OR a.revoked IS NOT NULL THEN RETURN NULL; END IF;
    f.id := platform.uuid7();
    f.kind := 'award';
    f.org_id := a.org_id;
    f.person_id := a.person_id;
    f.from_on := platform.today();
    f.code := a.policy_code;
    f.numbers := ARRAY[coalesce(a.rank, 0), coalesce(a.score_milli, 0), coalesce(a.quantity, 0), part, a.instalments];
    f.source := 'subsidies.' || a.source;
    f.county_code := a.county_code;
    f.area_code := a.area_code;
    f.known_from := platform.now();
    PERFORM subsidies.fact_put(f);
    INSERT INTO subsidies.award_part (award_id, instalment, fact_id, county_code)
    VALUES (a.id, part, f.id, a.county_code);
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    VALUES ('subsidies.award.made.v1', a.id::text, a.county_code, jsonb_build_object('award_id', a.id,
        'policy_code', a.policy_code, 'org_id', a.org_id, 'person_id', a.person_id, 'rank', a.rank,
        'quantity', a.quantity, 'instalment', part, 'instalments', a.instalments, 'county_code', a.county_code));
    PERFORM subsidies.tell(a.person_id, a.org_id, 'award', '评选或验收结果已确认',
        '第' || part || '期（共' || a.instalments || '期），符合政策条件的将告知领取。', 'award', a.id);
    RETURN part;
END $$;

-- ---- the decision ----

-- In the order of the list, the first `quota` above the minimum; those whom a tie
-- leaves open, and whoever is not to follow the list, are named with a reason.
CREATE FUNCTION subsidies.round_choose(r subsidies.round, k subsidies.round_ranking, changes jsonb)
RETURNS TABLE (entry_id uuid, rank integer, score_milli bigint, selected boolean, reason text)
LANGUAGE sql STABLE AS $$
    SELECT (x ->> 'entry_id')::uuid, (x ->> 'rank')::integer, (x ->> 'score_milli')::bigint,
           coalesce((c ->> 'selected')::boolean,
               (x ->> 'passed')::boolean AND (x ->> 'rank')::integer <= r.quota),
           c ->> 'reason'
      FROM jsonb_array_elements(k.output::jsonb -> 'entries') x
      LEFT JOIN jsonb_array_elements(changes) c ON c ->> 'entry_id' = x ->> 'entry_id'
$$;

CREATE FUNCTION subsidies.round_decide(round uuid, changes jsonb, remark text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.round;
    k subsidies.round_ranking;
BEGIN
    SELECT x.* INTO r FROM subsidies.round x WHERE x.id = round AND subsidies.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'ranked' THEN PERFORM platform.refuse('state.wrong'); END IF;
    SELECT x.* INTO k FROM subsidies.round_ranking x WHERE x.round_id = r.id ORDER BY x.id DESC LIMIT 1;
    PERFORM subsidies.changes_sound(r, k, changes);
    INSERT INTO subsidies.round_hand (round_id, actor, hand) VALUES (r.id, platform.actor(), 'decide')
        ON CONFLICT DO NOTHING;
    IF NOT EXISTS (SELECT FROM subsidies.round_hand h
                    WHERE h.round_id = r.id AND h.actor = platform.actor() AND h.hand = 'decide') THEN
        PERFORM platform.refuse('subsidies.reviewer_decides');
    END IF;
    INSERT INTO subsidies.round_decision (round_id, ranking_id, changes, note, county_code)
    VALUES (r.id, k.id, changes, remark, r.county_code);
    INSERT INTO subsidies.round_result (entry_id, round_id, rank, score_milli, selected, place_no, quota, name,
        reason, county_code)
    SELECT c.entry_id, r.id, c.rank, c.score_milli, c.selected,
           CASE WHEN c.selected THEN row_number() OVER (PARTITION BY c.selected ORDER BY c.rank, c.entry_id) END,
           r.quota, e.name, c.reason, e.county_code
      FROM subsidies.round_choose(r, k, changes) c JOIN subsidies.round_entry e ON e.id = c.entry_id;
    UPDATE subsidies.round x SET state = 'decided', moved_at = platform.now() WHERE x.id = r.id RETURNING x.* INTO r;
    RETURN subsidies.round_json(r);
END $$;

CREATE FUNCTION subsidies.changes_sound(r subsidies.round, k subsidies.round_ranking, changes jsonb) RETURNS void
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
        PERFORM platform.refuse('subsidies.below_minimum /changes');
    END IF;
    -- Equals of whom some would be in and some out: the decision says which.
    IF EXISTS (SELECT FROM jsonb_array_elements(list) x
                WHERE (x ->> 'passed')::boolean AND (x ->> 'rank')::integer <= r.quota
                  AND (x ->> 'rank')::integer - 1 + (SELECT count(*) FROM jsonb_array_elements(list) y
                            WHERE y ->> 'rank' = x ->> 'rank') > r.quota
                  AND NOT EXISTS (SELECT FROM jsonb_array_elements(changes) c
                                   WHERE c ->> 'entry_id' = x ->> 'entry_id')) THEN
        PERFORM platform.refuse('subsidies.round_tie /changes');
    END IF;
    IF (SELECT count(*) FROM subsidies.round_choose(r, k, changes) c WHERE c.selected) > r.quota THEN
        PERFORM platform.refuse('subsidies.round_quota /changes');
    END IF;
END $$;

-- ---- 公示, objections, the end ----

CREATE FUNCTION subsidies.round_notice(round uuid, ends date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.round;
BEGIN
    SELECT x.* INTO r FROM subsidies.round x WHERE x.id = round AND subsidies.acts_in(x.county_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'decided' THEN PERFORM platform.refuse('state.wrong'); END IF;
    UPDATE subsidies.round x
       SET state = 'public', notice_from = platform.today(), notice_to = ends, moved_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM subsidies.tell(e.person_id, e.org_id, 'round', '评选结果公示：' || r.title,
            '公示至 ' || ends || '，可以提出异议。', 'entry', e.id)
       FROM subsidies.round_result x JOIN subsidies.round_entry e ON e.id = x.entry_id WHERE x.round_id = r.id;
    RETURN subsidies.round_json(r);
END $$;

-- Upheld: the winner is none. Who takes the place is another round's affair.
CREATE FUNCTION subsidies.round_resolve(objection uuid, decision text, reply_ text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    o subsidies.round_objection;
    e subsidies.round_entry;
BEGIN
    UPDATE subsidies.round_objection x
       SET state = decision, answer = reply_, resolved_by = platform.actor(), resolved_at = platform.now()
     WHERE x.id = objection AND x.state = 'open' AND EXISTS (SELECT FROM subsidies.round r
               WHERE r.id = x.round_id AND r.state = 'public' AND subsidies.acts_in(r.county_code))
    RETURNING x.* INTO o;
    IF o.id IS NULL THEN RETURN NULL; END IF;
    IF decision = 'upheld' THEN
        UPDATE subsidies.round_result x SET selected = false, place_no = NULL, reason = reply_
         WHERE x.entry_id = o.entry_id;
        SELECT x.* INTO e FROM subsidies.round_entry x WHERE x.id = o.entry_id;
        PERFORM subsidies.tell(e.person_id, e.org_id, 'round', '异议成立，取消入选资格', reply_, 'entry', e.id);
    END IF;
    RETURN jsonb_build_object('id', o.id, 'state', o.state, 'answer', o.answer, 'county_code', o.county_code);
END $$;

-- What the clock does: a round past its last day is closed, its entries judged
-- once more and their data frozen; one whose notice is over, with no objection
-- open, is final and its winners are awarded. Again: nothing.
CREATE FUNCTION subsidies.rounds_turn() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    r    subsidies.round;
    done bigint := 0;
BEGIN
    FOR r IN SELECT x.* FROM subsidies.round x WHERE x.state = 'published' AND x.closes_on < platform.today()
              ORDER BY x.id FOR NO KEY UPDATE SKIP LOCKED LOOP
        PERFORM subsidies.round_close(r);
        done := done + 1;
    END LOOP;
    FOR r IN SELECT x.* FROM subsidies.round x
              WHERE x.state = 'public' AND x.notice_to < platform.today()
                AND NOT EXISTS (SELECT FROM subsidies.round_objection o WHERE o.round_id = x.id AND o.state = 'open')
              ORDER BY x.id FOR NO KEY UPDATE SKIP LOCKED LOOP
        PERFORM subsidies.round_end(r);
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

CREATE FUNCTION subsidies.round_close(r subsidies.round) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    doc jsonb := subsidies.round_document(r.id);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('subsidies.round ' || r.id, 0));
    WITH judged AS (
        SELECT e.id, subsidies.entry_checks(doc -> 'requires', e.org_id, e.person_id, r.closes_on) AS checks,
               subsidies.entry_data(doc, e.org_id, r.year, r.closes_on) AS data
          FROM subsidies.round_entry e WHERE e.round_id = r.id AND e.state = 'submitted'
    )
    UPDATE subsidies.round_entry e
       SET checks = j.checks, data = j.data, moved_at = platform.now(),
           state = CASE WHEN jsonb_path_exists(j.checks, '$[*] ? (@.met == false)') THEN 'unfit' ELSE e.state END
      FROM judged j WHERE e.id = j.id;
    PERFORM subsidies.tell(e.person_id, e.org_id, 'round', '申报不符合条件：' || r.title, '可查看逐条核对结果。',
            'entry', e.id)
       FROM subsidies.round_entry e WHERE e.round_id = r.id AND e.state = 'unfit';
    UPDATE subsidies.round x SET state = 'closed', moved_at = platform.now() WHERE x.id = r.id;
END $$;

CREATE FUNCTION subsidies.round_end(r subsidies.round) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    w    record;
    made uuid;
BEGIN
    FOR w IN SELECT x.rank, x.score_milli, e.* FROM subsidies.round_result x
               JOIN subsidies.round_entry e ON e.id = x.entry_id
              WHERE x.round_id = r.id AND x.selected ORDER BY x.place_no LOOP
        CONTINUE WHEN NOT subsidies.place_take(r.policy_code,
            CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END, w.id, w.county_code);
        INSERT INTO subsidies.award (source, source_id, policy_code, org_id, person_id, name, rank, score_milli,
            instalments, county_code, area_code)
        VALUES ('round', w.id, r.policy_code, w.org_id, w.person_id, w.name, w.rank, w.score_milli,
            coalesce((subsidies.round_document(r.id) ->> 'instalments')::integer, 1), w.county_code, w.area_code)
        RETURNING id INTO made;
        PERFORM subsidies.award_pay(made);
        -- Paid in parts: inspected before each further one, as an accepted unit is.
        INSERT INTO subsidies.acceptance_unit (id, policy_code, tier, period, org_id, name, basis, state, award_id,
            named_by, county_code, area_code)
        SELECT platform.uuid7(), a.policy_code, CASE r.county_code WHEN '431100' THEN 'city' ELSE 'county' END,
               r.year::text, a.org_id, a.name, r.title, 'passed', a.id, r.published_by, a.county_code, a.area_code
          FROM subsidies.award a WHERE a.id = made AND a.instalments > 1 AND a.org_id IS NOT NULL
            ON CONFLICT DO NOTHING;
    END LOOP;
    UPDATE subsidies.round x SET state = 'final', moved_at = platform.now() WHERE x.id = r.id;
END $$;

-- ---- cases ----

CREATE FUNCTION subsidies.round_entry_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM subsidies.case_move('SU-25', NEW.id, CASE NEW.state WHEN 'withdrawn' THEN 'withdrawn' ELSE 'refused' END,
        CASE NEW.state WHEN 'withdrawn' THEN 'withdrawn' ELSE 'refused' END, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER round_entry_case AFTER UPDATE ON subsidies.round_entry
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.round_entry_case();

-- A round's moves are its entries': reviewed, made public, decided.
CREATE FUNCTION subsidies.round_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM subsidies.case_move('SU-25', e.id,
        CASE NEW.state WHEN 'final' THEN CASE WHEN x.selected THEN 'approved' ELSE 'rejected' END
                       WHEN 'public' THEN 'public' ELSE 'first_reviewed' END,
        CASE NEW.state WHEN 'final' THEN CASE WHEN x.selected THEN 'done' ELSE 'refused' END
                       ELSE 'in_progress' END, NULL)
       FROM subsidies.round_entry e LEFT JOIN subsidies.round_result x ON x.entry_id = e.id
      WHERE e.round_id = NEW.id AND e.state = 'submitted';
    RETURN NULL;
END $$;
CREATE TRIGGER round_case AFTER UPDATE ON subsidies.round
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('reviewing', 'public', 'final'))
    EXECUTE FUNCTION subsidies.round_case();

CREATE FUNCTION subsidies.round_objection_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM subsidies.case_move('SU-26', NEW.id, NEW.state, 'done', NEW.answer);
    RETURN NULL;
END $$;
CREATE TRIGGER round_objection_case AFTER UPDATE ON subsidies.round_objection
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.round_objection_case();
