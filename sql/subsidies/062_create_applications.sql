-- 申请: what data cannot prove is asked for on paper. A draft with its files is
-- submitted, accepted by a clerk, becomes a fact, and is judged like any other.
-- An application and its claim have one id; the claim exists once it is submitted.

CREATE TABLE subsidies.application (
    id                uuid PRIMARY KEY DEFAULT platform.uuid7(),
    policy_code       text NOT NULL,
    policy_version_id uuid NOT NULL REFERENCES subsidies.policy_version,
    payee_kind        text NOT NULL CONSTRAINT application_payee_kind_check CHECK (payee_kind IN ('person', 'org')),
    person_id         uuid,
    org_id            uuid,
    subject_kind      text NOT NULL,
    subject_id        uuid NOT NULL DEFAULT platform.uuid7(),    -- the fact it speaks of, or will make
    from_on           date NOT NULL,
    to_on             date,
    code              text,
    numbers           bigint[] NOT NULL DEFAULT '{}',
    uscc              text,             -- the employer, of facts about a person at one
    note              text,
    state             text NOT NULL DEFAULT 'draft' CONSTRAINT application_state_check CHECK (state IN
        ('draft', 'submitted', 'asked', 'accepted', 'granted', 'refused', 'withdrawn')),
    reason            text,             -- why it was asked, refused, or does not go on
    answer_by         date,             -- when asked: the day given for it
    accepted_by       uuid,
    assisted_by       uuid DEFAULT subsidies.assistant(),
    tried_at          timestamptz,      -- real time: when the money was last missing
    county_code       text NOT NULL,
    area_code         text,
    created_at        timestamptz NOT NULL DEFAULT platform.now(),
    submitted_at      timestamptz,
    moved_at          timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT application_days_check CHECK (to_on >= from_on),
    CONSTRAINT application_payee_check CHECK (num_nonnulls(person_id, org_id) = 1),
    CONSTRAINT application_asked_check CHECK (state <> 'asked' OR (reason IS NOT NULL AND answer_by IS NOT NULL))
);
CREATE INDEX application_person ON subsidies.application (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX application_org ON subsidies.application (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX application_list ON subsidies.application (county_code, state, id);
CREATE INDEX application_accepted ON subsidies.application (id) WHERE state = 'accepted';
CALL platform.protect('subsidies.application',
    $$person_id = platform.person() OR org_id = platform.org()
      OR (state <> 'draft' AND platform.in_areas(county_code, area_code))$$);

CREATE TABLE subsidies.application_item (
    application_id uuid NOT NULL REFERENCES subsidies.application ON DELETE CASCADE,
    code           text NOT NULL,
    title          text NOT NULL,
    needed         boolean NOT NULL,
    accepted       boolean,         -- NULL: not looked at since it was submitted
    note           text,
    PRIMARY KEY (application_id, code)
);
CALL platform.protect('subsidies.application_item',
    $$EXISTS (SELECT FROM subsidies.application a WHERE a.id = application_id)$$);

-- What a policy's document asks for, and of that what is needed: always, or
-- while the data leave one of its conditions (none named: any) unknown.
CREATE FUNCTION subsidies.evidence_of(document jsonb, results jsonb)
RETURNS TABLE (code text, title text, needed boolean)
LANGUAGE sql IMMUTABLE AS $$
    SELECT e.x ->> 'code', e.x ->> 'title', e.x ->> 'when' = 'always' OR results IS NULL OR EXISTS (
               SELECT FROM jsonb_array_elements(results -> 'conditions') AS r (y)
                WHERE r.y -> 'holds' = 'null'
                  AND (jsonb_array_length(coalesce(e.x -> 'conditions', '[]')) = 0
                       OR e.x -> 'conditions' ? (r.y ->> 'code')))
      FROM jsonb_array_elements(coalesce(document -> 'evidence', '[]')) AS e (x)
$$;

CREATE FUNCTION subsidies.application_json(a subsidies.application) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'policy_code', a.policy_code, 'payee_kind', a.payee_kind,
        'person_id', a.person_id, 'org_id', a.org_id, 'subject_kind', a.subject_kind,
        'subject_id', a.subject_id, 'from_on', a.from_on, 'to_on', a.to_on, 'code', a.code,
        'numbers', to_jsonb(a.numbers), 'uscc', a.uscc, 'note', a.note, 'state', a.state,
        'reason', a.reason, 'answer_by', a.answer_by, 'accepted_by', a.accepted_by,
        'assisted_by', a.assisted_by, 'county_code', a.county_code, 'area_code', a.area_code,
        'created_at', a.created_at, 'submitted_at', a.submitted_at, 'moved_at', a.moved_at)
$$;

-- Submitted for the first time it becomes a claim, which takes its share; after
-- it was asked for more it goes on, and the time it waited is not counted.
-- 'taken': the share is not free. 'state': it is not one's to submit now.
CREATE FUNCTION subsidies.application_submit(application uuid, promised date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a    subsidies.application;
    made uuid;
BEGIN
    SELECT x.* INTO a FROM subsidies.application x
     WHERE x.id = application AND coalesce(x.person_id, x.org_id) = coalesce(platform.org(), platform.person())
       FOR UPDATE;
    IF a.state IS NULL OR a.state NOT IN ('draft', 'asked') THEN
        RETURN 'state';
    END IF;
    IF a.state = 'draft' THEN
        INSERT INTO subsidies.claim (id, policy_code, policy_version_id, benefit_family, subject_kind, subject_id,
            person_id, person_name_masked, org_id, org_name, payee_kind, payee_id, state, mode, period,
            promised_on, assisted_by, county_code, area_code)
        SELECT a.id, a.policy_code, a.policy_version_id, v.benefit_family, a.subject_kind, a.subject_id,
               a.person_id, p.name_masked, coalesce(a.org_id, w.id), coalesce(o.name, w.name), a.payee_kind,
               coalesce(a.person_id, a.org_id), 'applied', 'apply', subsidies.period_of(v.document, a.from_on),
               promised, subsidies.assistant(), a.county_code, a.area_code
          FROM subsidies.policy_version v
          LEFT JOIN subsidies.person p ON p.id = a.person_id
          LEFT JOIN subsidies.org o ON o.id = a.org_id
          LEFT JOIN subsidies.org w ON w.uscc = a.uscc
         WHERE v.id = a.policy_version_id AND NOT EXISTS (
               SELECT FROM subsidies.claim c WHERE c.subject_id = a.subject_id
                  AND c.policy_code = a.policy_code AND c.state NOT IN ('declined', 'waived', 'rejected'))
            ON CONFLICT DO NOTHING
        RETURNING id INTO made;
        IF made IS NULL THEN
            RETURN 'taken';
        END IF;
        INSERT INTO subsidies.outbox (type, key, area_code, payload)
        SELECT 'subsidies.claim.found.v1', a.id::text, a.county_code, jsonb_build_object('claim_id', a.id,
            'policy_code', a.policy_code, 'person_id', a.person_id, 'org_id', a.org_id,
            'amount_cents', NULL, 'county_code', a.county_code);
    ELSE
        UPDATE subsidies.claim c SET promised_on = coalesce(subsidies.working_add(c.promised_on,
            subsidies.working_between(subsidies.local_day(a.moved_at), platform.today())), c.promised_on)
         WHERE c.id = a.id;
        PERFORM subsidies.case_move('SU-11', a.id, 'apply', 'accepted', NULL);
    END IF;
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    VALUES (a.id, platform.actor(), 'confirm') ON CONFLICT DO NOTHING;
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand)
    SELECT a.id, 'apply', CASE a.state WHEN 'asked' THEN 'applied' END, 'applied', platform.actor(),
           (SELECT h.hand FROM subsidies.claim_hand h WHERE h.claim_id = a.id AND h.actor = platform.actor()
               AND h.hand = 'confirm');
    UPDATE subsidies.application_item i SET accepted = NULL, note = NULL
     WHERE i.application_id = a.id AND i.accepted IS NOT TRUE;
    UPDATE subsidies.application x SET state = 'submitted', submitted_at = coalesce(x.submitted_at, platform.now()),
           moved_at = platform.now(), reason = NULL, answer_by = NULL WHERE x.id = a.id;
    RETURN 'done';
END $$;

-- A clerk's word on an application that waits for one: its step and its case.
CREATE FUNCTION subsidies.application_step(a subsidies.application, step_ text, note_ text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    VALUES (a.id, platform.actor(), 'create') ON CONFLICT DO NOTHING;
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand, note)
    VALUES (a.id, step_, 'applied', 'applied', platform.actor(), 'create', note_);
    PERFORM subsidies.case_move('SU-11', a.id, step_, CASE step_ WHEN 'ask' THEN 'waiting' ELSE 'in_progress' END, note_);
END $$;

-- What was accepted is known from now on, by the officer's word.
CREATE FUNCTION subsidies.application_fact(a subsidies.application) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT subsidies.fact_put(jsonb_populate_record(NULL::subsidies.fact, jsonb_build_object('id', a.subject_id,
        'kind', a.subject_kind, 'person_id', a.person_id, 'org_id', a.org_id, 'uscc', a.uscc,
        'from_on', a.from_on, 'to_on', a.to_on, 'code', a.code, 'numbers', to_jsonb(a.numbers),
        'source', 'officer', 'county_code', a.county_code, 'area_code', a.area_code)))
$$;

-- Where its claim went, the application went too.
CREATE FUNCTION subsidies.application_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE subsidies.application a
       SET state = CASE NEW.state WHEN 'confirmed' THEN 'granted' WHEN 'declined' THEN 'withdrawn' ELSE 'refused' END,
           moved_at = platform.now(), reason = CASE WHEN NEW.state = 'rejected' THEN a.reason END
     WHERE a.id = NEW.id AND a.state IN ('submitted', 'asked', 'accepted', 'granted');
    RETURN NULL;
END $$;
CREATE TRIGGER application_follows AFTER UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (NEW.mode = 'apply' AND NEW.state <> OLD.state
                       AND NEW.state IN ('confirmed', 'declined', 'rejected'))
    EXECUTE FUNCTION subsidies.application_follows();
