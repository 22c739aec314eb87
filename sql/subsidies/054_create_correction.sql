-- What is known of somebody, as it is or as it was known at an instant, and how
-- a person has it put right (更正请求): one officer proposes, another agrees.

-- All of it in the form of facts, whatever table it is in. With an employer,
-- only what is about the employer and nobody else.
CREATE FUNCTION subsidies.facts_known(person uuid, org uuid, at timestamptz) RETURNS SETOF subsidies.fact
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.* FROM subsidies.fact f
     WHERE ((person IS NOT NULL AND f.person_id = person)
            OR (person IS NULL AND f.org_id = org AND f.person_id IS NULL AND f.id_index IS NULL))
       AND f.known_from <= at AND (f.known_to IS NULL OR f.known_to > at)
    UNION ALL
    SELECT e.id, 'employment', e.person_id, NULL, e.org_id, NULL, e.hired_on, e.ended_on, e.contract_type,
           ARRAY[e.wage_cents, e.contract_months], e.end_reason, 'jobs.employment', NULL,
           e.county_code, e.area_code, e.known_from, e.known_to
      FROM (SELECT x.*, NULL::timestamptz AS known_to FROM subsidies.employment x WHERE x.person_id = person
            UNION ALL
            SELECT (jsonb_populate_record(NULL::subsidies.employment, b.row_was)).*, b.known_to
              FROM subsidies.known_before b JOIN subsidies.employment x ON x.id = b.id
             WHERE b.tbl = 'employment' AND x.person_id = person) e
     WHERE e.known_from <= at AND (e.known_to IS NULL OR e.known_to > at)
    UNION ALL
    SELECT u.id, 'unemployment', u.person_id, NULL, NULL, NULL, u.registered_on, u.ended_on, NULL, '{}',
           u.end_reason, 'jobs.unemployment', NULL, u.county_code, NULL, u.known_from, u.known_to
      FROM (SELECT x.*, NULL::timestamptz AS known_to FROM subsidies.unemployment x WHERE x.person_id = person
            UNION ALL
            SELECT (jsonb_populate_record(NULL::subsidies.unemployment, b.row_was)).*, b.known_to
              FROM subsidies.known_before b JOIN subsidies.unemployment x ON x.id = b.id
             WHERE b.tbl = 'unemployment' AND x.person_id = person) u
     WHERE u.known_from <= at AND (u.known_to IS NULL OR u.known_to > at)
    UNION ALL
    SELECT subsidies.fact_id('graduate', g.school || g.education_code), 'graduate', p.id, NULL, NULL, NULL,
           g.graduated_on, NULL, g.education_code, ARRAY[g.full_time::integer], g.school, 'import',
           g.batch_id, p.county_code, p.area_code, g.known_from, NULL
      FROM subsidies.person p
     CROSS JOIN LATERAL (SELECT DISTINCT ON (x.school, x.education_code) x.* FROM subsidies.graduate x
                          WHERE x.id_index = p.id_index AND x.known_from <= at
                          ORDER BY x.school, x.education_code, x.batch_id DESC) g
     WHERE p.id = person
    UNION ALL
    SELECT subsidies.fact_id('insured', m.uscc || m.code || lower(m.days)), 'insured', p.id, NULL, o.id,
           m.uscc, lower(m.days), upper(m.days) - 1, m.code, '{}', NULL, 'import', NULL, p.county_code,
           p.area_code, m.known_from, NULL
      FROM subsidies.person p
     CROSS JOIN LATERAL (
           SELECT i.uscc, k.code, unnest(range_agg(subsidies.month_range(i.month))) AS days,
                  max(i.known_from) AS known_from
             FROM (SELECT DISTINCT ON (x.uscc, x.month) x.* FROM subsidies.insurance_month x
                    WHERE x.id_index = p.id_index AND x.known_from <= at
                    ORDER BY x.uscc, x.month, x.batch_id DESC) i
             JOIN (VALUES ('all_three', 7), ('unemployment', 2), ('pension', 1), ('injury', 4)) AS k (code, bits)
               ON i.kinds & k.bits = k.bits
            GROUP BY i.uscc, k.code) m
      LEFT JOIN subsidies.org o ON o.uscc = m.uscc
     WHERE p.id = person
$$;

CREATE TABLE subsidies.correction (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    fact_id     uuid NOT NULL,
    kind        text NOT NULL,
    person_id   uuid NOT NULL,
    content     text NOT NULL,
    state       text NOT NULL DEFAULT 'open' CONSTRAINT correction_state_check
        CHECK (state IN ('open', 'proposed', 'done', 'refused')),
    is_void     boolean,                -- proposed: there is no such fact; else what it should be
    from_on     date,
    to_on       date,
    code        text,
    numbers     bigint[],
    basis       text,
    answer      text,
    proposed_by uuid,
    decided_by  uuid,
    asked_at    timestamptz NOT NULL DEFAULT platform.now(),
    decided_at  timestamptz,
    county_code text NOT NULL,
    area_code   text,
    CONSTRAINT correction_hands_check CHECK (proposed_by <> decided_by OR state = 'refused'),
    CONSTRAINT correction_days_check CHECK (to_on >= from_on),
    CONSTRAINT correction_decided_check CHECK ((state IN ('done', 'refused')) = (decided_by IS NOT NULL))
);
CREATE UNIQUE INDEX correction_open_key ON subsidies.correction (fact_id) WHERE state IN ('open', 'proposed');
CREATE INDEX correction_person ON subsidies.correction (person_id, id);
CREATE INDEX correction_county ON subsidies.correction (county_code, id);
CALL platform.protect('subsidies.correction',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()$$);
REVOKE DELETE ON subsidies.correction FROM subsidies_app, subsidies_system;

CREATE FUNCTION subsidies.correction_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM subsidies.case_move('SU-05', NEW.id, NEW.state, CASE NEW.state WHEN 'done' THEN 'done'
        WHEN 'refused' THEN 'refused' WHEN 'proposed' THEN 'in_progress' ELSE 'accepted' END, NEW.answer);
    IF NEW.state IN ('done', 'refused') THEN
        PERFORM subsidies.tell(NEW.person_id, NULL, 'correction_' || NEW.state,
            CASE NEW.state WHEN 'done' THEN '您要求更正的信息已更正' ELSE '您要求更正的信息经核查不予更正' END,
            coalesce(NEW.answer, ''), 'correction', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER correction_moved AFTER UPDATE ON subsidies.correction
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.correction_moved();

CREATE FUNCTION subsidies.correction_json(c subsidies.correction) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', c.id, 'fact_id', c.fact_id, 'kind', c.kind, 'person_id', c.person_id,
        'content', c.content, 'state', c.state, 'is_void', c.is_void, 'from_on', c.from_on,
        'to_on', c.to_on, 'code', c.code, 'numbers', to_jsonb(c.numbers), 'basis', c.basis,
        'answer', c.answer, 'asked_at', c.asked_at, 'decided_at', c.decided_at,
        'county_code', c.county_code, 'area_code', c.area_code)
$$;

-- What two officers have found is known from now on; no file undoes it. That
-- there is no such fact is remembered by a row that was never current.
CREATE FUNCTION subsidies.correction_apply(c subsidies.correction) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f subsidies.fact;
BEGIN
    SELECT x.* INTO f FROM subsidies.fact x WHERE x.id = c.fact_id AND x.known_to IS NULL;
    IF NOT FOUND THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    f.source := 'officer';
    f.batch_id := NULL;
    IF NOT c.is_void THEN
        f.from_on := coalesce(c.from_on, f.from_on);
        f.to_on := c.to_on;
        f.code := coalesce(c.code, f.code);
        f.numbers := coalesce(c.numbers, f.numbers);
        RETURN subsidies.fact_put(f);
    END IF;
    PERFORM subsidies.fact_drop(f.id);
    SELECT max(x.known_to) + interval '1 microsecond' INTO f.known_from FROM subsidies.fact x WHERE x.id = f.id;
    f.known_to := f.known_from;
    INSERT INTO subsidies.fact SELECT (f).*;
    RETURN true;
END $$;
