-- How a recovery moves: one function a move, each locks the row, refuses by
-- state and hand, changes it and appends the step. The caller's rights are its
-- own: row-level security holds inside.

CREATE FUNCTION subsidies.recovery_left(r subsidies.recovery) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT r.amount_cents - r.received_cents - r.lost_cents
$$;

-- What should have come by yesterday and did not. An appeal stops the clock.
CREATE FUNCTION subsidies.recovery_late(r subsidies.recovery) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN r.state IN ('noticed', 'acknowledged') AND r.due_on < platform.today()
            THEN r.amount_cents - r.received_cents - r.lost_cents
        WHEN r.state = 'planned' THEN coalesce((
            SELECT greatest(0, sum(i.amount_cents) - (r.received_cents - p.before_cents))
              FROM subsidies.recovery_plan p JOIN subsidies.recovery_instalment i ON i.plan_id = p.id
             WHERE p.recovery_id = r.id AND p.state = 'agreed' AND i.due_on < platform.today()
             GROUP BY p.id), 0)
        ELSE 0 END
$$;

CREATE FUNCTION subsidies.recovery_json(r subsidies.recovery) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'recovery_no', r.recovery_no, 'claim_id', r.claim_id, 'source', r.source,
        'policy_code', r.policy_code, 'person_id', r.person_id, 'org_id', r.org_id, 'payee_kind', r.payee_kind,
        'payee_id', r.payee_id, 'payee_name', r.payee_name, 'paid_cents', r.paid_cents, 'owed_cents', r.owed_cents,
        'before_cents', r.before_cents, 'amount_cents', r.amount_cents, 'received_cents', r.received_cents,
        'lost_cents', r.lost_cents, 'left_cents', CASE WHEN r.state IN ('cancelled', 'reversed') THEN 0
            ELSE subsidies.recovery_left(r) END, 'late_cents', subsidies.recovery_late(r), 'currency', 'CNY',
        'reason', r.reason, 'legal_basis', r.legal_basis, 'state', r.state, 'noticed_on', r.noticed_on,
        'due_on', r.due_on, 'appeal_until', r.appeal_until, 'county_code', r.county_code, 'area_code', r.area_code,
        'proposed_at', r.created_at, 'moved_at', r.moved_at)
$$;

-- Nobody: not there, or not the caller's.
CREATE FUNCTION subsidies.recovery_lock(recovery uuid, VARIADIC states text[]) RETURNS subsidies.recovery
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery;
BEGIN
    SELECT * INTO r FROM subsidies.recovery x WHERE x.id = recovery FOR UPDATE;
    IF FOUND AND r.state <> ALL (states) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN r;
END $$;

-- Writes the row as it now is, in its next state, and the step that led there.
CREATE FUNCTION subsidies.recovery_go(r subsidies.recovery, next text, step text, cents bigint, note text)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    was text := r.state;
BEGIN
    UPDATE subsidies.recovery x SET state = next, recovery_no = r.recovery_no, owed_cents = r.owed_cents,
           amount_cents = r.amount_cents, received_cents = r.received_cents, lost_cents = r.lost_cents,
           checked_by = r.checked_by, issued_by = r.issued_by, decided_by = r.decided_by, noticed_on = r.noticed_on,
           due_on = r.due_on, appeal_until = r.appeal_until,
           moved_at = CASE WHEN x.state = next THEN x.moved_at ELSE platform.now() END
     WHERE x.id = r.id
    RETURNING * INTO r;
    INSERT INTO subsidies.recovery_step (recovery_id, step, from_state, to_state, cents, note, county_code)
    VALUES (r.id, step, was, next, cents, note, r.county_code);
    RETURN subsidies.recovery_json(r);
END $$;

CREATE FUNCTION subsidies.recovery_propose(id_ uuid, claim uuid, source_ text, from_ uuid, owed bigint, why text,
    basis text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    c subsidies.claim;
    n subsidies.reconsideration;
    r subsidies.recovery;
BEGIN
    SELECT * INTO c FROM subsidies.claim x WHERE x.id = claim FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF c.state <> 'paid' THEN
        PERFORM platform.refuse('subsidies.not_paid');
    ELSIF source_ = 'reconsideration' THEN
        SELECT * INTO n FROM subsidies.reconsideration x WHERE x.id = from_ AND x.claim_id = c.id
           AND x.kind = 'recovery' AND x.state = 'proposed' FOR UPDATE;
        IF NOT FOUND THEN
            PERFORM platform.refuse('field.choice /source_id');
        END IF;
        owed := c.amount_cents - n.difference_cents;
        UPDATE subsidies.reconsideration x SET state = 'accepted', settled_at = platform.now() WHERE x.id = n.id;
    ELSIF source_ = 'objection' AND NOT EXISTS (SELECT FROM subsidies.objection o WHERE o.id = from_
            AND o.notice_line_id = c.notice_line_id AND o.state = 'upheld') THEN
        PERFORM platform.refuse('field.choice /source_id');
    END IF;
    IF c.amount_cents - owed - c.recovered_cents <= 0 THEN
        PERFORM platform.refuse('subsidies.recovery_nothing /owed_cents');
    ELSIF EXISTS (SELECT FROM subsidies.recovery x WHERE x.claim_id = c.id
                     AND x.state NOT IN ('settled', 'cancelled', 'written_off', 'reversed')) THEN
        PERFORM platform.refuse('subsidies.recovery_open');
    END IF;
    INSERT INTO subsidies.recovery (id, claim_id, source, source_id, policy_code, person_id, org_id, payee_kind,
        payee_id, payee_name, paid_cents, owed_cents, before_cents, amount_cents, reason, legal_basis, county_code,
        area_code)
    VALUES (id_, c.id, source_, from_, c.policy_code, c.person_id, c.org_id, c.payee_kind, c.payee_id,
        coalesce(CASE c.payee_kind WHEN 'org' THEN c.org_name ELSE c.person_name_masked END, '*'), c.amount_cents,
        owed, c.recovered_cents, c.amount_cents - owed - c.recovered_cents, coalesce(why, n.reason), basis,
        c.county_code, c.area_code)
    RETURNING * INTO r;
    INSERT INTO subsidies.recovery_step (recovery_id, step, to_state, cents, note, county_code)
    VALUES (r.id, 'propose', 'proposed', r.amount_cents, r.reason, r.county_code);
    RETURN subsidies.recovery_json(r);
END $$;

-- Sent back: the finding is open again, unless another took its place.
CREATE FUNCTION subsidies.recovery_check(recovery uuid, decision text, note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'proposed');
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF r.proposed_by = platform.actor() THEN
        PERFORM platform.refuse('subsidies.same_hand');
    END IF;
    r.checked_by := platform.actor();
    IF decision = 'pass' THEN
        RETURN subsidies.recovery_go(r, 'checked', 'check', NULL, note);
    END IF;
    UPDATE subsidies.reconsideration n
       SET state = CASE WHEN EXISTS (SELECT FROM subsidies.reconsideration o WHERE o.claim_id = n.claim_id
                                        AND o.state = 'proposed') THEN 'outdated' ELSE 'proposed' END,
           settled_at = NULL
     WHERE n.id = r.source_id AND r.source = 'reconsideration';
    RETURN subsidies.recovery_go(r, 'cancelled', 'check_refused', NULL, note);
END $$;

CREATE FUNCTION subsidies.recovery_issue(recovery uuid, due date, appeal date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'checked');
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF r.proposed_by = platform.actor() THEN
        PERFORM platform.refuse('subsidies.same_hand');
    END IF;
    r.issued_by := platform.actor();
    r.recovery_no := subsidies.numbered('R', nextval('subsidies.recovery_no_seq'));
    r.noticed_on := platform.today();
    r.due_on := due;
    r.appeal_until := appeal;
    RETURN subsidies.recovery_go(r, 'noticed', 'notice', r.amount_cents, NULL);
END $$;

CREATE FUNCTION subsidies.recovery_acknowledge(recovery uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed');
BEGIN
    RETURN CASE WHEN r.id IS NOT NULL THEN subsidies.recovery_go(r, 'acknowledged', 'acknowledge', NULL, NULL) END;
END $$;

CREATE FUNCTION subsidies.recovery_appeal_json(a subsidies.recovery_appeal) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'recovery_id', a.recovery_id, 'content', a.content, 'due_on', a.due_on,
        'is_late', a.state = 'open' AND a.due_on < platform.today(), 'state', a.state, 'answer', a.answer,
        'answered_on', a.answered_on, 'county_code', a.county_code, 'filed_at', a.created_at)
$$;
CREATE FUNCTION subsidies.recovery_appeal(recovery uuid, id_ uuid, content_ text, due date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged');
    a subsidies.recovery_appeal;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF r.appeal_until < platform.today() THEN
        PERFORM platform.refuse('subsidies.appeal_late');
    ELSIF EXISTS (SELECT FROM subsidies.recovery_appeal x WHERE x.recovery_id = r.id) THEN
        PERFORM platform.refuse('state.exists');
    END IF;
    INSERT INTO subsidies.recovery_appeal (id, recovery_id, content, due_on, county_code)
    VALUES (id_, r.id, content_, due, r.county_code) RETURNING * INTO a;
    PERFORM subsidies.recovery_go(r, 'appealed', 'appeal', NULL, NULL);
    RETURN subsidies.recovery_appeal_json(a);
END $$;

-- What came in wrongly goes out again as a claim of its own, through all hands:
-- two officers have decided that it must.
CREATE FUNCTION subsidies.recovery_give_back(r subsidies.recovery, source_ text, from_ uuid, cents bigint, why text,
    proposer uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    t subsidies.topup;
BEGIN
    IF cents > 0 THEN
        INSERT INTO subsidies.topup (claim_id, source, source_id, amount_cents, reason, proposed_by, payee_id,
                                     person_id, county_code, area_code)
        VALUES (r.claim_id, source_, from_, cents, why, proposer, r.payee_id, r.person_id, r.county_code, r.area_code)
        RETURNING * INTO t;
        t.decided_by := platform.actor();
        PERFORM subsidies.topup_make(t);
    END IF;
END $$;

-- upheld: nothing is owed back. reduced: more is due to the payee than was
-- thought. dismissed: pay, by a new deadline.
CREATE FUNCTION subsidies.recovery_decide(recovery uuid, decision text, owed bigint, reply text, due date)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'appealed');
    a subsidies.recovery_appeal;
    back bigint := 0;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF platform.actor() IN (r.proposed_by, r.checked_by, r.issued_by) THEN
        PERFORM platform.refuse('subsidies.same_hand');
    ELSIF decision = 'reduced' AND (owed <= r.owed_cents OR r.paid_cents - owed - r.before_cents <= 0) THEN
        PERFORM platform.refuse('field.too_large /owed_cents');
    END IF;
    UPDATE subsidies.recovery_appeal x SET state = decision, answer = reply, answered_on = platform.today()
     WHERE x.recovery_id = r.id AND x.state = 'open' RETURNING * INTO a;
    r.decided_by := platform.actor();
    r.due_on := greatest(r.due_on, due);
    IF decision = 'upheld' THEN
        PERFORM subsidies.recovery_give_back(r, 'appeal', a.id, r.received_cents, reply, r.proposed_by);
        RETURN subsidies.recovery_go(r, 'cancelled', 'appeal_upheld', r.received_cents, reply);
    ELSIF decision = 'reduced' THEN
        r.owed_cents := owed;
        r.amount_cents := r.paid_cents - owed - r.before_cents;
        back := greatest(0, r.received_cents - r.amount_cents);
        r.received_cents := r.received_cents - back;
        PERFORM subsidies.recovery_give_back(r, 'appeal', a.id, back, reply, r.proposed_by);
    END IF;
    RETURN subsidies.recovery_go(r, CASE WHEN r.received_cents = r.amount_cents THEN 'settled' ELSE 'acknowledged' END,
        'appeal_' || decision, r.amount_cents, reply);
END $$;
