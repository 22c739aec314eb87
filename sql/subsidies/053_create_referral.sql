-- 服务园区帮工: who brought which worker to which employer. The worker says
-- whether it is true; the hire that follows makes it a fact that a policy can
-- judge (kind referral, same id). Of several who claim one hire, the first the
-- worker confirms is it.

-- Registered 劳务经纪人, by name.
CREATE TABLE subsidies.broker (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id   uuid NOT NULL,
    name_masked text NOT NULL,
    from_on     date NOT NULL DEFAULT platform.today(),
    to_on       date,
    made_by     uuid NOT NULL DEFAULT platform.actor(),
    ended_by    uuid,
    reason      text,
    county_code text NOT NULL,
    area_code   text,
    CONSTRAINT broker_days_check CHECK (to_on >= from_on),
    CONSTRAINT broker_ended_check CHECK (num_nonnulls(to_on, ended_by, reason) IN (0, 3))
);
CREATE UNIQUE INDEX broker_open_key ON subsidies.broker (person_id) WHERE to_on IS NULL;
CALL platform.protect('subsidies.broker',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON subsidies.broker FROM subsidies_app, subsidies_system;

CREATE TABLE subsidies.referral (
    id            uuid PRIMARY KEY,
    kind          text NOT NULL CONSTRAINT referral_kind_check
        CHECK (kind IN ('agency', 'village', 'broker', 'employee', 'school')),
    referrer_person uuid,               -- broker, employee
    referrer_org  uuid,                 -- agency, school; a village's own organisation
    referrer_name text NOT NULL,        -- a person's is masked
    payee_kind    text NOT NULL CONSTRAINT referral_payee_check CHECK (payee_kind IN ('person', 'org')),
    payee_id      uuid NOT NULL,
    worker_index  text NOT NULL,
    person_id     uuid,                 -- the worker, once registered
    org_id        uuid NOT NULL,
    org_name      text NOT NULL,
    referred_on   date NOT NULL,
    state         text NOT NULL DEFAULT 'asked' CONSTRAINT referral_state_check
        CHECK (state IN ('asked', 'confirmed', 'matched', 'denied', 'lost', 'void', 'withdrawn')),
    reason        text,
    employment_id uuid,
    hired_on      date,
    was_insured   boolean,              -- an employee: insured there when the worker was hired
    made_by       uuid,
    made_at       timestamptz NOT NULL DEFAULT platform.now(),
    answered_at   timestamptz,
    matched_at    timestamptz,
    county_code   text NOT NULL,
    area_code     text,
    CONSTRAINT referral_referrer_check CHECK (num_nonnulls(referrer_person, referrer_org) = 1),
    CONSTRAINT referral_self_check CHECK (referrer_person <> person_id AND referrer_org <> org_id),
    CONSTRAINT referral_matched_check CHECK ((state = 'matched') = (employment_id IS NOT NULL)
        AND (employment_id IS NULL) = (hired_on IS NULL)),
    CONSTRAINT referral_after_check CHECK (hired_on >= referred_on)
);
-- One link a hire; one open link of a worker to an employer.
CREATE UNIQUE INDEX referral_hire_key ON subsidies.referral (employment_id) WHERE employment_id IS NOT NULL;
CREATE UNIQUE INDEX referral_confirmed_key ON subsidies.referral (worker_index, org_id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX referral_asked_key ON subsidies.referral (worker_index, org_id, payee_id) WHERE state = 'asked';
CREATE INDEX referral_person ON subsidies.referral (person_id, org_id);
CREATE INDEX referral_payee ON subsidies.referral (payee_id, id);
CREATE INDEX referral_org ON subsidies.referral (org_id, id);
CREATE INDEX referral_county ON subsidies.referral (county_code, id);
CREATE INDEX referral_stranger ON subsidies.referral (worker_index) WHERE person_id IS NULL;
CALL platform.protect('subsidies.referral',
    $$platform.in_areas(county_code, area_code) OR made_by = platform.actor()
      OR person_id = platform.person() OR payee_id IN (platform.person(), platform.org())
      OR org_id = platform.org()$$,
    $$false$$);

-- How long somebody must not have worked there for a hire to be one that was brought about.
CREATE FUNCTION subsidies.referral_months() RETURNS interval
LANGUAGE sql IMMUTABLE AS $$ SELECT interval '6 months' $$;

-- The worker was there already: hired, or insured by the employer, in the months before.
CREATE FUNCTION subsidies.worked_there(worker text, person uuid, org uuid, before date, apart_from uuid)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM subsidies.employment e
                    WHERE e.person_id = person AND e.org_id = org AND e.id IS DISTINCT FROM apart_from
                      AND e.hired_on < before
                      AND coalesce(e.ended_on, before) >= before - subsidies.referral_months())
        OR EXISTS (SELECT FROM subsidies.insured i
                    WHERE i.id_index = worker AND i.org_id = org
                      AND i.any_kind && daterange((before - subsidies.referral_months())::date,
                                                  date_trunc('month', before)::date))
$$;

-- Employed there, or insured there in the last month a file speaks of.
CREATE FUNCTION subsidies.works_there(person uuid, org uuid, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM subsidies.insured i
                    WHERE i.person_id = person AND i.org_id = org
                      AND i.any_kind @> least(day, (SELECT max(b.covers_through) FROM subsidies.import_batch b
                                                     WHERE b.kind = 'insurance_months')))
$$;

-- Referrers may be of another county than the worker: they see the masked name.
CREATE FUNCTION subsidies.name_of(person uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.name_masked FROM subsidies.person p WHERE p.id = person
$$;

CREATE FUNCTION subsidies.referral_json(r subsidies.referral) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'kind', r.kind, 'referrer_name', r.referrer_name,
        'payee_kind', r.payee_kind, 'payee_id', r.payee_id, 'person_id', r.person_id,
        'person_name', subsidies.name_of(r.person_id), 'org_id', r.org_id, 'org_name', r.org_name,
        'referred_on', r.referred_on, 'state', r.state, 'reason', r.reason,
        'employment_id', r.employment_id, 'hired_on', r.hired_on, 'made_at', r.made_at,
        'answered_at', r.answered_at, 'matched_at', r.matched_at, 'county_code', r.county_code)
$$;
CREATE FUNCTION subsidies.referral_tell(r subsidies.referral, kind text, title text, body text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT subsidies.tell(CASE r.payee_kind WHEN 'person' THEN r.payee_id END,
        CASE r.payee_kind WHEN 'org' THEN r.payee_id END, kind, title, body, 'referral', r.id)
$$;
CREATE FUNCTION subsidies.referral_ask(r subsidies.referral) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT subsidies.tell(r.person_id, NULL, 'referral_asked', '请确认是谁介绍您就业',
        r.referrer_name || '登记：于' || r.referred_on || '介绍您到' || r.org_name
        || '就业。请确认是否属实；不属实的，请否认。', 'referral', r.id)
     WHERE r.person_id IS NOT NULL
$$;

-- The fact that a policy judges; what is known now of the referrer's own insurance with it.
CREATE FUNCTION subsidies.referral_fact(r subsidies.referral) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT subsidies.fact_tell('subsidies.referral', 'referral', r.id, r.person_id, r.org_id, r.referred_on,
        NULL, r.kind, ARRAY[r.hired_on - DATE '1970-01-01', coalesce(r.was_insured, false)::integer],
        NULL, r.county_code, r.area_code)
$$;

-- A confirmed link and the hire it led to find each other, whichever came first.
CREATE FUNCTION subsidies.referral_match(worker uuid, org uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r subsidies.referral;
    e subsidies.employment;
BEGIN
    SELECT x.* INTO r FROM subsidies.referral x
     WHERE x.person_id = worker AND x.org_id = org AND x.state = 'confirmed' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT x.* INTO e FROM subsidies.employment x
     WHERE x.person_id = worker AND x.org_id = org AND x.hired_on >= r.referred_on
       AND NOT EXISTS (SELECT FROM subsidies.referral o WHERE o.employment_id = x.id)
     ORDER BY x.hired_on, x.id LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    ELSIF subsidies.worked_there(r.worker_index, worker, org, e.hired_on, e.id) THEN
        UPDATE subsidies.referral x SET state = 'void', reason = '入职前六个月内已在该单位就业或参保'
         WHERE x.id = r.id RETURNING x.* INTO r;
        PERFORM subsidies.referral_tell(r, 'referral_void', '介绍登记不成立',
            r.org_name || '的这名职工入职前六个月内已在该单位就业或参保。');
        RETURN;
    END IF;
    UPDATE subsidies.referral x
       SET state = 'matched', employment_id = e.id, hired_on = e.hired_on, matched_at = platform.now(),
           was_insured = x.kind = 'employee' AND subsidies.works_there(x.referrer_person, x.org_id, e.hired_on)
     WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM subsidies.referral_fact(r);
    PERFORM subsidies.referral_tell(r, 'referral_matched', '您介绍的人员已入职',
        '您介绍到' || r.org_name || '的人员已于' || r.hired_on || '入职。');
END $$;
CREATE FUNCTION subsidies.employment_referred() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM subsidies.referral_match(NEW.person_id, NEW.org_id);
    IF TG_OP = 'UPDATE' THEN    -- a corrected day of hire is the fact's too
        UPDATE subsidies.referral r SET hired_on = NEW.hired_on
         WHERE r.employment_id = NEW.id AND r.hired_on <> NEW.hired_on AND r.referred_on <= NEW.hired_on;
        PERFORM subsidies.referral_fact(r) FROM subsidies.referral r WHERE r.employment_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER employment_referred AFTER INSERT OR UPDATE ON subsidies.employment
    FOR EACH ROW EXECUTE FUNCTION subsidies.employment_referred();

-- A worker who was a stranger registers, and is asked.
CREATE FUNCTION subsidies.referral_settle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r subsidies.referral;
BEGIN
    FOR r IN UPDATE subsidies.referral x SET person_id = NEW.id
              WHERE x.worker_index = NEW.id_index AND x.person_id IS NULL
                AND x.referrer_person IS DISTINCT FROM NEW.id
             RETURNING x.* LOOP
        IF r.state = 'asked' THEN
            PERFORM subsidies.referral_ask(r);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER referral_settle AFTER INSERT OR UPDATE ON subsidies.person
    FOR EACH ROW EXECUTE FUNCTION subsidies.referral_settle();

-- Registers a link, or refuses. The worker is named by blind index or by id.
CREATE FUNCTION subsidies.referral_make(f subsidies.referral) RETURNS subsidies.referral
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    worker subsidies.person;
    firm   subsidies.org;
BEGIN
    SELECT * INTO firm FROM subsidies.org o WHERE o.id = f.org_id;
    IF NOT FOUND THEN
        PERFORM platform.refuse('subsidies.org_unknown /org_id');
    END IF;
    IF f.person_id IS NOT NULL THEN
        SELECT * INTO worker FROM subsidies.person p WHERE p.id = f.person_id;
    ELSE
        SELECT * INTO worker FROM subsidies.person p WHERE p.id_index = f.worker_index;
    END IF;
    IF worker.id IS NULL AND f.worker_index IS NULL THEN
        PERFORM platform.refuse('subsidies.person_unknown /person_id');
    END IF;
    f.person_id := worker.id;
    f.worker_index := coalesce(f.worker_index, worker.id_index);
    f := subsidies.referral_referrer(f);
    IF f.payee_id IN (f.org_id, worker.id)
       OR f.payee_id IN (SELECT subsidies.also_known_as(worker.id)) THEN
        PERFORM platform.refuse('subsidies.referral_self');
    ELSIF subsidies.worked_there(f.worker_index, worker.id, f.org_id, f.referred_on, NULL) THEN
        PERFORM platform.refuse('subsidies.referral_hired');
    ELSIF EXISTS (SELECT FROM subsidies.referral r WHERE r.worker_index = f.worker_index AND r.org_id = f.org_id
                     AND (r.state = 'confirmed' OR (r.state = 'asked' AND r.payee_id = f.payee_id)
                          OR (r.state = 'matched' AND r.hired_on >= f.referred_on - subsidies.referral_months()))) THEN
        PERFORM platform.refuse('subsidies.referral_exists');
    END IF;
    f.org_name := firm.name;
    f.county_code := firm.county_code;
    f.area_code := firm.area_code;
    f.state := 'asked';
    f.made_by := platform.actor();
    f.made_at := platform.now();
    INSERT INTO subsidies.referral SELECT (f).*;
    PERFORM subsidies.referral_ask(f);
    RETURN f;
END $$;

-- Whether who asks is what they say, and who would be paid.
CREATE FUNCTION subsidies.referral_referrer(f subsidies.referral) RETURNS subsidies.referral
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    body subsidies.org;
BEGIN
    SELECT * INTO body FROM subsidies.org o WHERE o.id = f.referrer_org;
    f.payee_kind := CASE WHEN f.referrer_person IS NULL THEN 'org' ELSE 'person' END;
    f.payee_id := coalesce(f.referrer_person, f.referrer_org);
    f.referrer_name := coalesce(body.name, subsidies.name_of(f.referrer_person));
    IF f.referrer_name IS NULL THEN
        PERFORM platform.refuse('subsidies.referrer');
    ELSIF (CASE f.kind
        WHEN 'agency' THEN body.kind IS DISTINCT FROM 'agency'
        WHEN 'school' THEN body.kind IS DISTINCT FROM 'institution'
        WHEN 'village' THEN coalesce(body.kind, '') NOT IN ('association', 'public_body', 'institution')
            OR NOT platform.in_areas(body.county_code, body.area_code)
        WHEN 'broker' THEN NOT EXISTS (SELECT FROM subsidies.broker b
            WHERE b.person_id = f.referrer_person AND b.from_on <= f.referred_on
              AND coalesce(b.to_on, f.referred_on) >= f.referred_on)
        ELSE NOT (subsidies.works_there(f.referrer_person, f.org_id, f.referred_on) IS TRUE
                  OR EXISTS (SELECT FROM subsidies.employment e
                      WHERE e.person_id = f.referrer_person AND e.org_id = f.org_id
                        AND e.hired_on <= f.referred_on
                        AND coalesce(e.ended_on, f.referred_on) >= f.referred_on)) END) THEN
        PERFORM platform.refuse('subsidies.referrer');
    END IF;
    RETURN f;
END $$;

-- The worker's answer. Confirmed, it shuts out whoever else claimed the same.
CREATE FUNCTION subsidies.referral_answer(referral uuid, is_true boolean, said text)
RETURNS subsidies.referral LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r subsidies.referral;
    o subsidies.referral;
BEGIN
    SELECT x.* INTO r FROM subsidies.referral x
     WHERE x.id = referral AND x.person_id = platform.person() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF r.state <> 'asked' THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    UPDATE subsidies.referral x SET state = CASE WHEN is_true THEN 'confirmed' ELSE 'denied' END,
           reason = said, answered_at = platform.now()
     WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM subsidies.referral_tell(r, 'referral_answered', CASE WHEN is_true THEN '介绍登记已获本人确认'
        ELSE '介绍登记被本人否认' END, '您登记的介绍到' || r.org_name || '就业一事，' ||
        CASE WHEN is_true THEN '本人已确认。' ELSE '本人表示不属实。' END);
    IF is_true THEN
        FOR o IN UPDATE subsidies.referral x SET state = 'lost', reason = '本人已确认由他人介绍'
                  WHERE x.worker_index = r.worker_index AND x.org_id = r.org_id AND x.state = 'asked'
                 RETURNING x.* LOOP
            PERFORM subsidies.referral_tell(o, 'referral_lost', '介绍登记不成立', '本人已确认由他人介绍到' || o.org_name || '就业。');
        END LOOP;
        PERFORM subsidies.referral_match(r.person_id, r.org_id);
        SELECT x.* INTO r FROM subsidies.referral x WHERE x.id = r.id;
    END IF;
    RETURN r;
END $$;

-- By the referrer, or by an officer with a reason; the fact goes with it.
CREATE FUNCTION subsidies.referral_withdraw(referral uuid, why text)
RETURNS subsidies.referral LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r subsidies.referral;
BEGIN
    UPDATE subsidies.referral x SET state = 'withdrawn', reason = why, employment_id = NULL, hired_on = NULL
     WHERE x.id = referral AND x.state IN ('asked', 'confirmed', 'matched')
       AND (x.payee_id IN (platform.person(), platform.org()) OR x.made_by = platform.actor()
            OR platform.in_areas(x.county_code, x.area_code))
    RETURNING x.* INTO r;
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM subsidies.fact_drop(r.id);
    PERFORM subsidies.tell(r.person_id, NULL, 'referral_withdrawn', '介绍登记已撤回',
        r.referrer_name || '介绍您到' || r.org_name || '就业的登记已撤回。', 'referral', r.id)
      WHERE r.person_id IS NOT NULL;
    RETURN r;
END $$;

-- An agency's placement that the employer confirmed is a link the hire itself proves.
CREATE FUNCTION subsidies.referral_placed(placement uuid, agency uuid, worker uuid, org uuid, hire uuid,
    hired date, county text, area text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r subsidies.referral;
    p subsidies.person;
BEGIN
    SELECT * INTO p FROM subsidies.person x WHERE x.id = worker;
    INSERT INTO subsidies.referral (id, kind, referrer_org, referrer_name, payee_kind, payee_id, worker_index,
        person_id, org_id, org_name, referred_on, state, employment_id, hired_on, was_insured,
        matched_at, county_code, area_code)
    SELECT placement, 'agency', agency, coalesce((SELECT o.name FROM subsidies.org o WHERE o.id = agency), '*'),
           'org', agency, coalesce(p.id_index, 'person:' || worker), worker, org,
           coalesce((SELECT o.name FROM subsidies.org o WHERE o.id = org), '*'), hired, 'matched', hire,
           hired, false, platform.now(), county, area
     WHERE agency <> org
       AND NOT subsidies.worked_there(coalesce(p.id_index, ''), worker, org, hired, hire)
        ON CONFLICT DO NOTHING
    RETURNING * INTO r;
    IF r.id IS NOT NULL THEN
        PERFORM subsidies.referral_fact(r);
    END IF;
END $$;

CREATE FUNCTION subsidies.broker_json(b subsidies.broker) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', b.id, 'person_id', b.person_id, 'person_name', b.name_masked,
        'from_on', b.from_on, 'to_on', b.to_on, 'reason', b.reason, 'county_code', b.county_code)
$$;
