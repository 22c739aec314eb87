-- 验收 (永政办发〔2024〕15号 二（二）5, 二（三）7, 二（四）11, 二（五）13): units named for a
-- policy, the city's checklist for them (empty until the city has one), and
-- inspections by two people, who must agree. What passes becomes an award.

CREATE PROCEDURE platform.make_acceptance(service text, letters text)
LANGUAGE plpgsql AS $make$
BEGIN
    EXECUTE replace(replace($sql$

CREATE TABLE @schema@.acceptance_list (
    policy_code text NOT NULL,
    version     integer NOT NULL,
    from_on     date NOT NULL,
    items       jsonb NOT NULL CONSTRAINT acceptance_list_items_check CHECK (jsonb_array_length(items) BETWEEN 1 AND 60),
    quantity    boolean NOT NULL,
    instalments integer NOT NULL CONSTRAINT acceptance_list_instalments_check CHECK (instalments BETWEEN 1 AND 12),
    basis       text NOT NULL,
    set_by      uuid NOT NULL DEFAULT platform.actor(),
    set_at      timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (policy_code, version)
);
COMMENT ON TABLE @schema@.acceptance_list IS 'public: what the city accepts by: items [{code, title}]';
COMMENT ON COLUMN @schema@.acceptance_list.quantity IS 'a count is accepted with it, and paid by';
CALL platform.protect('@schema@.acceptance_list', 'true', 'platform.whole_city()');
REVOKE UPDATE, DELETE ON @schema@.acceptance_list FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.acceptance_unit (
    id          uuid PRIMARY KEY,
    policy_code text NOT NULL,
    tier        text NOT NULL CONSTRAINT acceptance_unit_tier_check CHECK (tier IN ('city', 'county')),
    period      text NOT NULL CONSTRAINT acceptance_unit_period_check CHECK (period ~ '^(once|[0-9]{4})$'),
    org_id      uuid NOT NULL,
    name        text NOT NULL,
    basis       text NOT NULL,              -- the document that names it
    state       text NOT NULL DEFAULT 'named' CONSTRAINT acceptance_unit_state_check CHECK (state IN
        ('named', 'passed', 'failed', 'revoked')),
    no          integer NOT NULL DEFAULT 1, -- of the inspection under way
    again_on    date,                       -- when it is inspected again
    yearly_met  boolean,                    -- the last yearly inspection
    award_id    uuid REFERENCES @schema@.award,
    named_by    uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    moved_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT acceptance_unit_again_check CHECK (state <> 'failed' OR again_on IS NOT NULL),
    CONSTRAINT acceptance_unit_award_check CHECK ((state IN ('passed', 'revoked')) = (award_id IS NOT NULL))
);
CREATE UNIQUE INDEX acceptance_unit_org_key ON @schema@.acceptance_unit (policy_code, tier, org_id, period)
    WHERE state <> 'revoked';
CREATE INDEX acceptance_unit_list ON @schema@.acceptance_unit (county_code, policy_code, state, id);
CALL platform.protect('@schema@.acceptance_unit',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON @schema@.acceptance_unit FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.acceptance_check (
    unit_id     uuid NOT NULL REFERENCES @schema@.acceptance_unit,
    no          integer NOT NULL,
    inspector   uuid NOT NULL DEFAULT platform.actor(),
    kind        text NOT NULL CONSTRAINT acceptance_check_kind_check CHECK (kind IN ('acceptance', 'step', 'yearly')),
    version     integer NOT NULL,
    results     jsonb NOT NULL,             -- [{code, met, note}]
    met         boolean NOT NULL,
    quantity    bigint CONSTRAINT acceptance_check_quantity_check CHECK (quantity > 0),
    again_on    date,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT acceptance_check_inspector_key PRIMARY KEY (unit_id, no, inspector)
);
CALL platform.protect('@schema@.acceptance_check', $$platform.in_areas(county_code, NULL)$$);
REVOKE UPDATE, DELETE ON @schema@.acceptance_check FROM @schema@_app, @schema@_system;

CREATE FUNCTION @schema@.acceptance_list_now(policy text) RETURNS @schema@.acceptance_list
LANGUAGE sql STABLE
RETURN (SELECT l FROM @schema@.acceptance_list l WHERE l.policy_code = policy AND l.from_on <= platform.today()
         ORDER BY l.version DESC LIMIT 1);

CREATE FUNCTION @schema@.unit_json(u @schema@.acceptance_unit) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', u.id, 'policy_code', u.policy_code, 'tier', u.tier, 'period', u.period,
    'org_id', u.org_id, 'name', u.name, 'basis', u.basis, 'state', u.state, 'again_on', u.again_on,
    'overdue', u.state = 'failed' AND platform.today() > u.again_on, 'yearly_met', u.yearly_met,
    'award_id', u.award_id, 'county_code', u.county_code, 'area_code', u.area_code, 'named_at', u.created_at,
    'inspections', (SELECT coalesce(jsonb_agg(jsonb_build_object('no', c.no, 'kind', c.kind, 'version', c.version,
                        'inspector', c.inspector, 'results', c.results, 'met', c.met, 'quantity', c.quantity,
                        'at', c.at) ORDER BY c.no, c.at), '[]')
                      FROM @schema@.acceptance_check c WHERE c.unit_id = u.id));

CREATE FUNCTION @schema@.unit_name(unit uuid, policy text, tier_ text, period_ text, org uuid, basis_ text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    o @schema@.org;
    u @schema@.acceptance_unit;
BEGIN
    SELECT x.* INTO o FROM @schema@.org x WHERE x.id = org AND platform.in_areas(x.county_code, x.area_code);
    IF o.id IS NULL THEN RETURN NULL; END IF;
    IF tier_ = 'city' AND NOT platform.whole_city() THEN PERFORM platform.refuse('auth.area'); END IF;
    IF NOT @schema@.unit_fits(policy, tier_, o.id) THEN PERFORM platform.refuse('selection.unit_unfit /org_id'); END IF;
    IF (@schema@.acceptance_list_now(policy)).version IS NULL THEN
        PERFORM platform.refuse('selection.checklist_unset');
    END IF;
    INSERT INTO @schema@.acceptance_unit AS x (id, policy_code, tier, period, org_id, name, basis, county_code, area_code)
    VALUES (unit, policy, tier_, coalesce(period_, 'once'), o.id, o.name, basis_, o.county_code, o.area_code)
    RETURNING x.* INTO u;
    IF NOT @schema@.place_take(policy, tier_, u.id, u.county_code) THEN
        PERFORM platform.refuse('selection.places_full');
    END IF;
    PERFORM @schema@.tell(NULL, u.org_id, 'acceptance', '已列入名单，等待验收', basis_, 'unit', u.id);
    RETURN @schema@.unit_json(u);
END $$;

-- An inspection: of what is named or failed the acceptance; of what passed a
-- step that frees the next instalment, or the yearly one. The second decides.
CREATE FUNCTION @schema@.unit_inspect(unit uuid, kind_ text, results_ jsonb, count_ bigint, again date)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    u    @schema@.acceptance_unit;
    list @schema@.acceptance_list;
    good boolean;
BEGIN
    SELECT x.* INTO u FROM @schema@.acceptance_unit x
     WHERE x.id = unit AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF u.id IS NULL THEN RETURN NULL; END IF;
    IF (u.state IN ('named', 'failed')) <> (kind_ = 'acceptance') OR u.state = 'revoked' THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF u.named_by = platform.actor() OR EXISTS (SELECT FROM @schema@.acceptance_check c
            WHERE c.unit_id = u.id AND c.no = u.no AND c.inspector = platform.actor()) THEN
        PERFORM platform.refuse('selection.same_hand');
    END IF;
    list := @schema@.acceptance_list_now(u.policy_code);
    IF jsonb_array_length(results_) <> jsonb_array_length(list.items) OR EXISTS (
           SELECT FROM jsonb_array_elements(list.items) i WHERE NOT EXISTS (
               SELECT FROM jsonb_array_elements(results_) g WHERE g ->> 'code' = i ->> 'code')) THEN
        PERFORM platform.refuse('selection.checklist_items /results');
    END IF;
    good := NOT jsonb_path_exists(results_, '$[*] ? (@.met == false)');
    IF good AND list.quantity AND kind_ = 'acceptance' AND count_ IS NULL THEN
        PERFORM platform.refuse('field.missing /quantity');
    END IF;
    IF NOT good AND (again IS NULL OR again <= platform.today()) THEN
        PERFORM platform.refuse('field.missing /again_on');
    END IF;
    PERFORM @schema@.kind_agrees(u, kind_, good, count_);
    INSERT INTO @schema@.acceptance_check (unit_id, no, kind, version, results, met, quantity, again_on, county_code)
    VALUES (u.id, u.no, kind_, list.version, results_, good, CASE WHEN list.quantity THEN count_ END, again, u.county_code);
    RETURN @schema@.unit_json(@schema@.unit_decide(u, list));
END $$;

-- Two people see one thing: where they differ, neither alone decides.
CREATE FUNCTION @schema@.kind_agrees(u @schema@.acceptance_unit, kind_ text, good boolean, count_ bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM @schema@.acceptance_check c WHERE c.unit_id = u.id AND c.no = u.no
                  AND (c.kind <> kind_ OR c.met <> good OR c.quantity IS DISTINCT FROM coalesce(count_, c.quantity))) THEN
        PERFORM platform.refuse('selection.inspectors_differ');
    END IF;
END $$;

CREATE FUNCTION @schema@.unit_decide(u @schema@.acceptance_unit, list @schema@.acceptance_list)
RETURNS @schema@.acceptance_unit LANGUAGE plpgsql AS $$
DECLARE
    c    @schema@.acceptance_check;
    made uuid := u.award_id;
BEGIN
    IF (SELECT count(*) FROM @schema@.acceptance_check x WHERE x.unit_id = u.id AND x.no = u.no) < 2 THEN
        RETURN u;
    END IF;
    SELECT x.* INTO c FROM @schema@.acceptance_check x
     WHERE x.unit_id = u.id AND x.no = u.no AND x.inspector = platform.actor();
    IF c.kind = 'acceptance' AND c.met THEN
        INSERT INTO @schema@.award (source, source_id, policy_code, org_id, name, quantity, instalments,
            county_code, area_code)
        VALUES ('acceptance', u.id, u.policy_code, u.org_id, u.name, c.quantity, list.instalments, u.county_code, u.area_code)
        RETURNING id INTO made;
    END IF;
    IF c.met AND c.kind <> 'yearly' AND @schema@.award_pay(made) IS NULL THEN
        PERFORM platform.refuse('selection.award_whole');
    END IF;
    UPDATE @schema@.acceptance_unit x
       SET no = x.no + 1, award_id = made, moved_at = platform.now(), again_on = c.again_on,
           state = CASE WHEN c.kind <> 'acceptance' THEN x.state WHEN c.met THEN 'passed' ELSE 'failed' END,
           yearly_met = CASE WHEN c.kind = 'yearly' THEN c.met ELSE x.yearly_met END
     WHERE x.id = u.id RETURNING x.* INTO u;
    IF NOT c.met THEN
        PERFORM @schema@.tell(NULL, u.org_id, 'acceptance', '检查不合格，请整改', '复查日期 ' || c.again_on, 'unit', u.id);
    END IF;
    RETURN u;
END $$;

-- After a yearly inspection that failed. The award's facts are no longer true:
-- what was paid is looked into again, what was not is not.
CREATE FUNCTION @schema@.unit_revoke(unit uuid, reason text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    u @schema@.acceptance_unit;
BEGIN
    SELECT x.* INTO u FROM @schema@.acceptance_unit x
     WHERE x.id = unit AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF u.id IS NULL THEN RETURN NULL; END IF;
    IF u.state <> 'passed' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF u.yearly_met IS NOT FALSE THEN PERFORM platform.refuse('selection.revoke_unfounded'); END IF;
    IF EXISTS (SELECT FROM @schema@.acceptance_check c WHERE c.unit_id = u.id AND c.inspector = platform.actor()) THEN
        PERFORM platform.refuse('selection.same_hand');
    END IF;
    PERFORM @schema@.award_revoke(u.award_id, reason);
    DELETE FROM @schema@.award_place p WHERE p.holder_id = u.id;
    UPDATE @schema@.acceptance_unit x SET state = 'revoked', moved_at = platform.now()
     WHERE x.id = u.id RETURNING x.* INTO u;
    PERFORM @schema@.tell(NULL, u.org_id, 'acceptance', '已撤销认定', reason, 'unit', u.id);
    RETURN @schema@.unit_json(u);
END $$;

CREATE FUNCTION @schema@.acceptance_unit_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM @schema@.case_move('@letters@-37', NEW.id,
        CASE NEW.state WHEN 'passed' THEN 'approved' WHEN 'failed' THEN 'sent_back' ELSE 'ended' END,
        CASE NEW.state WHEN 'failed' THEN 'waiting' ELSE 'done' END, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER acceptance_unit_case AFTER UPDATE ON @schema@.acceptance_unit
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION @schema@.acceptance_unit_case();

    $sql$, '@schema@', service), '@letters@', letters);
END $make$;

-- All of it for one service. Before the CALL the service has tables org (id, uscc,
-- name, county_code, area_code) and person (id, id_index, name_masked, county_code,
-- area_code), and these functions of its own, in its schema:
--   selection_policy(code text) text      whom the policy's rounds are for, 'org' or
--                                         'person'; NULL: not one that is decided here
--   selection_words() text[]              the conditions and measures it can judge
--   entry_met(condition text, org uuid, person uuid, on_day date) boolean
--                                         NULL: not known, which keeps nobody out
--   entry_measure(measure text, org uuid, person uuid, year integer, on_day date) jsonb
--                                         {value, of}; a value of null is no data
--   conflict_known(org uuid, uscc text, person uuid, reviewer uuid, reviewer_index text) text
--                                         a tie of a reviewer to an entrant, or NULL
--   unit_fits(policy text, tier text, org uuid) boolean    may be named for acceptance
--   award_claim(due uuid) uuid            the claim that an instalment became, where known
-- and after it, for they take a row of the new table:
--   award_due(a award, part integer) uuid     what an instalment is judged by
--   award_void(a award, due uuid) void        an instalment taken back
-- Places of a policy are rows of its award_quota; without one there is no limit.
CREATE PROCEDURE platform.make_selection(service text, letters text)
LANGUAGE plpgsql AS $$
BEGIN
    CALL platform.make_round_tables(service, letters);
    CALL platform.make_round_judging(service, letters);
    CALL platform.make_round_scoring(service, letters);
    CALL platform.make_round_decisions(service, letters);
    CALL platform.make_acceptance(service, letters);
END $$;
