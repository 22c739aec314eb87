-- How a recovery ends: paid, in parts, by offset, written off, reversed.

CREATE FUNCTION subsidies.recovery_plan_json(p subsidies.recovery_plan) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'recovery_id', p.recovery_id, 'total_cents', p.total_cents,
        'currency', 'CNY', 'state', p.state, 'agreed_on', p.agreed_on, 'county_code', p.county_code,
        'instalments', (SELECT jsonb_agg(jsonb_build_object('seq', i.seq, 'due_on', i.due_on,
            'amount_cents', i.amount_cents) ORDER BY i.seq) FROM subsidies.recovery_instalment i WHERE i.plan_id = p.id))
$$;
-- lines: [{due_on, amount_cents}], in order, judged by recovery_plan.c.
CREATE FUNCTION subsidies.recovery_plan_propose(recovery uuid, id_ uuid, lines jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged');
    p subsidies.recovery_plan;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM subsidies.recovery_plan x WHERE x.recovery_id = r.id AND x.state IN ('proposed', 'agreed')) THEN
        PERFORM platform.refuse('state.exists');
    ELSIF subsidies.recovery_left(r) <> (SELECT sum(l.amount_cents)
            FROM jsonb_to_recordset(lines) AS l (amount_cents bigint)) THEN
        PERFORM platform.refuse('subsidies.plan_sum /instalments');
    END IF;
    INSERT INTO subsidies.recovery_plan (id, recovery_id, total_cents, before_cents, county_code)
    VALUES (id_, r.id, subsidies.recovery_left(r), r.received_cents, r.county_code) RETURNING * INTO p;
    INSERT INTO subsidies.recovery_instalment (plan_id, seq, due_on, amount_cents, county_code)
    SELECT p.id, l.seq, (l.line ->> 'due_on')::date, (l.line ->> 'amount_cents')::bigint, r.county_code
      FROM jsonb_array_elements(lines) WITH ORDINALITY AS l (line, seq);
    PERFORM subsidies.recovery_go(r, r.state, 'plan', p.total_cents, NULL);
    RETURN subsidies.recovery_plan_json(p);
END $$;

CREATE FUNCTION subsidies.recovery_plan_decide(recovery uuid, decision text, note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged');
    p subsidies.recovery_plan;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE subsidies.recovery_plan x
       SET state = decision, decided_by = platform.actor(), agreed_on = CASE decision WHEN 'agreed' THEN platform.today() END
     WHERE x.recovery_id = r.id AND x.state = 'proposed' RETURNING * INTO p;
    IF NOT FOUND THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF decision = 'refused' THEN
        RETURN subsidies.recovery_go(r, r.state, 'plan_refused', NULL, note);
    ELSIF p.total_cents <> subsidies.recovery_left(r) THEN
        PERFORM platform.refuse('subsidies.plan_sum');
    END IF;
    r.due_on := (SELECT max(i.due_on) FROM subsidies.recovery_instalment i WHERE i.plan_id = p.id);
    RETURN subsidies.recovery_go(r, 'planned', 'plan_agreed', p.total_cents, note);
END $$;

-- Not kept: what is left is due at once.
CREATE FUNCTION subsidies.recovery_plan_end(recovery uuid, note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'planned');
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF subsidies.recovery_late(r) = 0 THEN
        PERFORM platform.refuse('subsidies.not_overdue');
    END IF;
    UPDATE subsidies.recovery_plan x SET state = 'ended' WHERE x.recovery_id = r.id AND x.state = 'agreed';
    r.due_on := platform.today();
    RETURN subsidies.recovery_go(r, 'acknowledged', 'plan_ended', subsidies.recovery_left(r), note);
END $$;

-- Books what came; what is beyond the debt waits to be sent back. Money for a
-- debt that was written off is taken all the same.
CREATE FUNCTION subsidies.recovery_take(r subsidies.recovery, x subsidies.recovery_receipt) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    room bigint := CASE WHEN r.state IN ('cancelled', 'reversed') THEN 0 ELSE r.amount_cents - r.received_cents END;
BEGIN
    x.booked_cents := least(x.amount_cents, room);
    INSERT INTO subsidies.recovery_receipt (id, recovery_id, kind, bank_ref, offset_id, amount_cents, booked_cents,
                                            received_on, county_code)
    VALUES (x.id, r.id, x.kind, x.bank_ref, x.offset_id, x.amount_cents, x.booked_cents, x.received_on, r.county_code);
    IF x.booked_cents > 0 THEN
        PERFORM subsidies.ledger_refund(r.claim_id, x.booked_cents, 'recovery');
    END IF;
    IF x.booked_cents < x.amount_cents THEN
        INSERT INTO subsidies.recovery_refund (receipt_id, recovery_id, amount_cents, registered_by, county_code)
        VALUES (x.id, r.id, x.amount_cents - x.booked_cents, platform.actor(), r.county_code);
    END IF;
    r.received_cents := r.received_cents + x.booked_cents;
    r.lost_cents := least(r.lost_cents, r.amount_cents - r.received_cents);
    RETURN subsidies.recovery_go(r, CASE WHEN r.state NOT IN ('cancelled', 'reversed', 'written_off')
        AND r.received_cents = r.amount_cents THEN 'settled' WHEN r.state = 'written_off' AND r.lost_cents = 0
        THEN 'settled' ELSE r.state END, CASE x.kind WHEN 'bank' THEN 'receipt' ELSE 'offset_applied' END,
        x.amount_cents, NULL);
END $$;

CREATE FUNCTION subsidies.recovery_receive(recovery uuid, id_ uuid, ref text, cents bigint, on_ date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged', 'appealed', 'planned',
        'settled', 'written_off', 'reversed', 'cancelled');
    x subsidies.recovery_receipt;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF r.noticed_on IS NULL THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF EXISTS (SELECT FROM subsidies.recovery_receipt y WHERE y.bank_ref = ref) THEN
        PERFORM platform.refuse('subsidies.receipt_exists /bank_ref');
    END IF;
    x.id := id_;
    x.kind := 'bank';
    x.bank_ref := ref;
    x.amount_cents := cents;
    x.received_on := on_;
    RETURN subsidies.recovery_take(r, x);
END $$;

CREATE FUNCTION subsidies.recovery_refund_pay(receipt uuid, ref text, on_ date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    f subsidies.recovery_refund;
    r subsidies.recovery;
BEGIN
    SELECT * INTO f FROM subsidies.recovery_refund x WHERE x.receipt_id = receipt FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF f.bank_ref IS NOT NULL THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF f.registered_by = platform.actor() THEN
        PERFORM platform.refuse('subsidies.same_hand');
    ELSIF EXISTS (SELECT FROM subsidies.recovery_refund y WHERE y.bank_ref = ref) THEN
        PERFORM platform.refuse('subsidies.receipt_exists /bank_ref');
    END IF;
    SELECT * INTO r FROM subsidies.recovery x WHERE x.id = f.recovery_id FOR UPDATE;
    UPDATE subsidies.recovery_refund x SET bank_ref = ref, paid_by = platform.actor(), paid_on = on_
     WHERE x.receipt_id = receipt;
    RETURN subsidies.recovery_go(r, r.state, 'refund', f.amount_cents, NULL);
END $$;

-- ---- offset ----

-- What is to be kept back from a claim when it is paid: payments pay the rest.
-- Open, or kept back already: a payment the bank returned is sent again net.
CREATE FUNCTION subsidies.offset_for(claim uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce((SELECT sum(CASE o.state WHEN 'open' THEN o.amount_cents ELSE x.amount_cents END)::bigint
                       FROM subsidies.recovery_offset o
                       LEFT JOIN subsidies.recovery_receipt x ON x.offset_id = o.id
                      WHERE o.claim_id = claim AND o.state <> 'released'), 0)
$$;
COMMENT ON FUNCTION subsidies.offset_for(uuid) IS 'cents of an open offset against this claim; 0: none';

CREATE FUNCTION subsidies.recovery_offset_json(o subsidies.recovery_offset) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', o.id, 'recovery_id', o.recovery_id, 'claim_id', o.claim_id,
        'amount_cents', o.amount_cents, 'currency', 'CNY', 'basis', o.basis, 'basis_text', o.basis_text,
        'state', o.state, 'county_code', o.county_code, 'agreed_at', o.created_at)
$$;
-- cents NULL: as much as there is of both.
CREATE FUNCTION subsidies.recovery_offset_add(recovery uuid, id_ uuid, claim uuid, cents bigint, basis_ text,
    text_ text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged', 'planned');
    c subsidies.claim;
    o subsidies.recovery_offset;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO c FROM subsidies.claim x WHERE x.id = claim AND x.payee_id = r.payee_id FOR UPDATE;
    IF NOT FOUND OR c.id = r.claim_id OR c.state NOT IN ('confirmed', 'first_reviewed', 'rechecked', 'approved',
            'public', 'payable', 'returned') THEN
        PERFORM platform.refuse('subsidies.offset /claim_id');
    ELSIF cents > least(subsidies.recovery_left(r), c.amount_cents) THEN
        PERFORM platform.refuse('field.too_large /amount_cents');
    ELSIF EXISTS (SELECT FROM subsidies.recovery_offset x WHERE x.state = 'open'
                     AND (x.recovery_id = r.id OR x.claim_id = c.id)) THEN
        PERFORM platform.refuse('state.exists');
    END IF;
    INSERT INTO subsidies.recovery_offset (id, recovery_id, claim_id, amount_cents, basis, basis_text, county_code)
    VALUES (id_, r.id, c.id, coalesce(cents, least(subsidies.recovery_left(r), c.amount_cents)), basis_, text_,
            r.county_code) RETURNING * INTO o;
    PERFORM subsidies.recovery_go(r, r.state, 'offset', o.amount_cents, text_);
    RETURN subsidies.recovery_offset_json(o);
END $$;

CREATE FUNCTION subsidies.recovery_offset_release(offset_ uuid, note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    o subsidies.recovery_offset;
    r subsidies.recovery;
BEGIN
    SELECT * INTO o FROM subsidies.recovery_offset x WHERE x.id = offset_ FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF o.state <> 'open' OR EXISTS (SELECT FROM subsidies.claim c WHERE c.id = o.claim_id AND c.state = 'batched') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    UPDATE subsidies.recovery_offset x SET state = 'released' WHERE x.id = o.id RETURNING * INTO o;
    SELECT * INTO r FROM subsidies.recovery x WHERE x.id = o.recovery_id FOR UPDATE;
    PERFORM subsidies.recovery_go(r, r.state, 'offset_released', o.amount_cents, note);
    RETURN subsidies.recovery_offset_json(o);
END $$;

-- The claim is paid: what the bank did not pay of it is what was kept back.
CREATE FUNCTION subsidies.claim_offset() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    o subsidies.recovery_offset;
    r subsidies.recovery;
    x subsidies.recovery_receipt;
BEGIN
    SELECT * INTO o FROM subsidies.recovery_offset y WHERE y.claim_id = NEW.id AND y.state = 'open' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO r FROM subsidies.recovery y WHERE y.id = o.recovery_id FOR UPDATE;
    x.amount_cents := NEW.amount_cents - coalesce((SELECT l.amount_cents FROM subsidies.payment_line l
                                                    WHERE l.claim_id = NEW.id AND l.state = 'paid'), 0);
    UPDATE subsidies.recovery_offset y SET state = CASE WHEN x.amount_cents > 0 THEN 'applied' ELSE 'released' END
     WHERE y.id = o.id;
    IF x.amount_cents = 0 THEN
        PERFORM subsidies.recovery_go(r, r.state, 'offset_released', o.amount_cents, NULL);
        RETURN NULL;
    END IF;
    x.id := platform.uuid7();
    x.kind := 'offset';
    x.offset_id := o.id;
    x.received_on := platform.today();
    PERFORM subsidies.recovery_take(r, x);
    RETURN NULL;
END $$;
CREATE TRIGGER claim_offset AFTER UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (NEW.state = 'paid' AND OLD.state <> 'paid') EXECUTE FUNCTION subsidies.claim_offset();

-- ---- what two decide; handing on; other claims ----

CREATE FUNCTION subsidies.recovery_proposal_json(p subsidies.recovery_proposal) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'recovery_id', p.recovery_id, 'kind', p.kind, 'amount_cents', p.amount_cents,
        'currency', 'CNY', 'reason', p.reason, 'legal_basis', p.legal_basis, 'state', p.state, 'note', p.note,
        'county_code', p.county_code, 'proposed_at', p.created_at)
$$;
CREATE FUNCTION subsidies.recovery_suggest(recovery uuid, id_ uuid, kind_ text, why text, basis text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged', 'planned', 'settled',
        'written_off');
    p subsidies.recovery_proposal;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF kind_ = 'write_off' AND r.state IN ('settled', 'written_off') THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF EXISTS (SELECT FROM subsidies.recovery_proposal x WHERE x.recovery_id = r.id AND x.state = 'open') THEN
        PERFORM platform.refuse('state.exists');
    END IF;
    INSERT INTO subsidies.recovery_proposal (id, recovery_id, kind, amount_cents, reason, legal_basis, county_code)
    VALUES (id_, r.id, kind_, CASE kind_ WHEN 'write_off' THEN subsidies.recovery_left(r) ELSE r.received_cents END,
            why, basis, r.county_code) RETURNING * INTO p;
    PERFORM subsidies.recovery_go(r, r.state, 'suggest_' || kind_, p.amount_cents, why);
    RETURN subsidies.recovery_proposal_json(p);
END $$;

CREATE FUNCTION subsidies.recovery_proposal_decide(proposal uuid, decision text, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p subsidies.recovery_proposal;
    r subsidies.recovery;
BEGIN
    SELECT * INTO p FROM subsidies.recovery_proposal x WHERE x.id = proposal FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF p.state <> 'open' THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF p.proposed_by = platform.actor() THEN
        PERFORM platform.refuse('subsidies.same_hand');
    END IF;
    r := subsidies.recovery_lock(p.recovery_id, 'noticed', 'acknowledged', 'planned', 'settled', 'written_off');
    UPDATE subsidies.recovery_proposal x SET state = decision, decided_by = platform.actor(), note = why
     WHERE x.id = p.id RETURNING * INTO p;
    IF decision = 'refused' THEN
        PERFORM subsidies.recovery_go(r, r.state, p.kind || '_refused', p.amount_cents, why);
    ELSIF p.kind = 'write_off' THEN
        IF r.state IN ('settled', 'written_off') THEN
            PERFORM platform.refuse('state.wrong');
        END IF;
        r.lost_cents := r.lost_cents + subsidies.recovery_left(r);
        PERFORM subsidies.recovery_go(r, 'written_off', 'write_off', r.lost_cents, p.reason);
    ELSE
        PERFORM subsidies.recovery_give_back(r, 'reversal', p.id, r.received_cents, p.reason, p.proposed_by);
        PERFORM subsidies.recovery_go(r, 'reversed', 'reverse', r.received_cents, p.reason);
    END IF;
    RETURN subsidies.recovery_proposal_json(p);
END $$;

-- Only what is overdue and was reminded of.
CREATE FUNCTION subsidies.recovery_refer(recovery uuid, id_ uuid, target_ text, document text, on_ date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged', 'planned');
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    ELSIF subsidies.recovery_late(r) = 0
          OR NOT EXISTS (SELECT FROM subsidies.recovery_reminder x WHERE x.recovery_id = r.id) THEN
        PERFORM platform.refuse('subsidies.not_overdue');
    ELSIF EXISTS (SELECT FROM subsidies.recovery_referral x WHERE x.document_no = document
                     OR (x.recovery_id = r.id AND x.target = target_ AND x.withdrawn_on IS NULL)) THEN
        PERFORM platform.refuse('state.exists');
    END IF;
    INSERT INTO subsidies.recovery_referral (id, recovery_id, target, document_no, referred_on, county_code)
    VALUES (id_, r.id, target_, document, on_, r.county_code);
    RETURN subsidies.recovery_go(r, r.state, 'refer_' || target_, subsidies.recovery_left(r), document);
END $$;

-- Stops a claim under way where it stands, or lets it go on; its money stays where it is.
CREATE FUNCTION subsidies.claim_freeze(claim uuid, step text, note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c   subsidies.claim;
    was text;
BEGIN
    SELECT x.state INTO was FROM subsidies.claim x WHERE x.id = claim FOR UPDATE;
    IF (was = 'suspended') <> (step = 'recovery_release') THEN
        RETURN;         -- rejected meanwhile: it does not come back
    END IF;
    UPDATE subsidies.claim x
       SET state = CASE WHEN x.state = 'suspended' THEN x.resume_state ELSE 'suspended' END,
           resume_state = CASE WHEN x.state = 'suspended' THEN NULL ELSE x.state END, moved_at = platform.now()
     WHERE x.id = claim RETURNING * INTO c;
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, note)
    VALUES (c.id, step, was, c.state, platform.actor(), note);
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    VALUES ('subsidies.claim.moved.v1', c.id::text, c.county_code, jsonb_build_object('claim_id', c.id,
        'policy_code', c.policy_code, 'state', c.state, 'amount_cents', c.amount_cents, 'county_code', c.county_code));
END $$;
CREATE FUNCTION subsidies.recovery_freeze(recovery uuid, claim uuid, basis_ text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged', 'appealed', 'planned');
    c subsidies.claim;
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO c FROM subsidies.claim x WHERE x.id = claim AND x.payee_id = r.payee_id FOR UPDATE;
    IF NOT FOUND OR c.id = r.claim_id THEN
        PERFORM platform.refuse('field.choice /claim_id');
    ELSIF c.state NOT IN ('drafted', 'notified', 'applied', 'confirmed', 'first_reviewed', 'rechecked', 'approved',
            'public', 'payable', 'returned') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    INSERT INTO subsidies.recovery_freeze AS f (recovery_id, claim_id, basis, county_code)
    VALUES (r.id, c.id, basis_, r.county_code)
        ON CONFLICT (recovery_id, claim_id) DO UPDATE
       SET released_at = NULL, basis = excluded.basis, actor = excluded.actor, frozen_at = platform.now();
    PERFORM subsidies.claim_freeze(c.id, 'recovery_hold', basis_);
    RETURN subsidies.recovery_go(r, r.state, 'freeze', c.amount_cents, basis_);
END $$;
CREATE FUNCTION subsidies.recovery_unfreeze(recovery uuid, claim uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    r subsidies.recovery := subsidies.recovery_lock(recovery, 'noticed', 'acknowledged', 'appealed', 'planned');
BEGIN
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE subsidies.recovery_freeze f SET released_at = platform.now()
     WHERE f.recovery_id = r.id AND f.claim_id = claim AND f.released_at IS NULL;
    IF NOT FOUND THEN
        PERFORM platform.refuse('field.choice /claim_id');
    END IF;
    PERFORM subsidies.claim_freeze(claim, 'recovery_release', NULL);
    RETURN subsidies.recovery_go(r, r.state, 'unfreeze', NULL, NULL);
END $$;

-- New facts do not let a frozen claim go on: who froze it does.
CREATE FUNCTION subsidies.claim_stays_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM subsidies.recovery_freeze f WHERE f.claim_id = NEW.id AND f.released_at IS NULL) THEN
        NEW.state := 'suspended';
        NEW.resume_state := OLD.resume_state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_stays_frozen BEFORE UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (OLD.state = 'suspended' AND NEW.state = OLD.resume_state)
    EXECUTE FUNCTION subsidies.claim_stays_frozen();

-- Over: nothing of it goes on. An offset already with the bank runs out there.
CREATE FUNCTION subsidies.recovery_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f record;
BEGIN
    UPDATE subsidies.recovery_plan SET state = 'ended' WHERE recovery_id = NEW.id AND state IN ('proposed', 'agreed');
    UPDATE subsidies.recovery_offset o SET state = 'released' WHERE o.recovery_id = NEW.id AND o.state = 'open'
       AND NOT EXISTS (SELECT FROM subsidies.claim c WHERE c.id = o.claim_id AND c.state = 'batched');
    UPDATE subsidies.recovery_referral SET withdrawn_on = platform.today()
     WHERE recovery_id = NEW.id AND withdrawn_on IS NULL AND NEW.state <> 'written_off';
    FOR f IN UPDATE subsidies.recovery_freeze SET released_at = platform.now()
              WHERE recovery_id = NEW.id AND released_at IS NULL RETURNING claim_id LOOP
        PERFORM subsidies.claim_freeze(f.claim_id, 'recovery_release', NULL);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_over AFTER UPDATE ON subsidies.recovery
    FOR EACH ROW WHEN (NEW.state IN ('settled', 'cancelled', 'written_off', 'reversed') AND OLD.state <> NEW.state)
    EXECUTE FUNCTION subsidies.recovery_over();
