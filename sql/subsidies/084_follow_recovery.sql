-- What follows each step of a recovery: its event, a message to the payee, its
-- cases; and the words of the notice.

CREATE FUNCTION subsidies.recovery_says(r subsidies.recovery, s subsidies.recovery_step) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE s.step
        WHEN 'notice' THEN format('需退回补贴 %s 元，通知书编号 %s，缴款期限 %s；如有异议可在 %s 前申诉。',
            subsidies.yuan(r.amount_cents), r.recovery_no, r.due_on, r.appeal_until)
        WHEN 'appeal_upheld' THEN '申诉成立，追缴已撤销。' || s.note
        WHEN 'appeal_reduced' THEN format('申诉部分成立，应退回金额改为 %s 元。%s', subsidies.yuan(r.amount_cents), s.note)
        WHEN 'appeal_dismissed' THEN format('申诉不成立，请在 %s 前缴款。%s', r.due_on, s.note)
        WHEN 'plan_agreed' THEN format('分期缴还计划已同意，共 %s 元。', subsidies.yuan(s.cents))
        WHEN 'plan_refused' THEN '分期缴还计划未同意。' || coalesce(s.note, '')
        WHEN 'plan_ended' THEN format('分期缴还计划已终止，余款 %s 元应即缴清。', subsidies.yuan(s.cents))
        WHEN 'receipt' THEN format('已收到缴款 %s 元，尚欠 %s 元。', subsidies.yuan(s.cents), subsidies.yuan(r.amount_cents - r.received_cents - r.lost_cents))
        WHEN 'offset' THEN format('将从后续补贴中抵扣 %s 元。', subsidies.yuan(s.cents))
        WHEN 'offset_applied' THEN format('已从后续补贴中抵扣 %s 元。', subsidies.yuan(s.cents))
        WHEN 'offset_released' THEN '抵扣已取消。'
        WHEN 'refund' THEN format('多缴的 %s 元已退还。', subsidies.yuan(s.cents))
        WHEN 'remind' THEN format('缴款期限 %s 已过，尚欠 %s 元，请尽快缴清。', r.due_on, subsidies.yuan(s.cents))
        WHEN 'missed' THEN format('分期款逾期未缴 %s 元，请尽快缴清。', subsidies.yuan(s.cents))
        WHEN 'refer_credit' THEN '因逾期未缴，已移送信用主管部门。'
        WHEN 'refer_police' THEN '因逾期未缴，已移送公安机关。'
        WHEN 'freeze' THEN '因有未结的追缴，另一笔补贴暂停办理。'
        WHEN 'unfreeze' THEN '暂停的补贴已恢复办理。'
        WHEN 'write_off' THEN '余款已核销。'
        WHEN 'reverse' THEN format('追缴已撤销，已收的 %s 元将另行退还。', subsidies.yuan(s.cents)) END
$$;

CREATE FUNCTION subsidies.recovery_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r     subsidies.recovery;
    words text;
BEGIN
    SELECT * INTO r FROM subsidies.recovery x WHERE x.id = NEW.recovery_id;
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    VALUES ('subsidies.recovery.moved.v1', r.id::text, r.county_code, jsonb_build_object('recovery_id', r.id,
        'claim_id', r.claim_id, 'policy_code', r.policy_code, 'step', NEW.step, 'state', r.state,
        'amount_cents', r.amount_cents, 'received_cents', r.received_cents, 'county_code', r.county_code));
    words := subsidies.recovery_says(r, NEW);
    IF words IS NOT NULL THEN
        PERFORM subsidies.tell(CASE r.payee_kind WHEN 'person' THEN r.payee_id END,
            CASE r.payee_kind WHEN 'org' THEN r.payee_id END, 'recovery.' || NEW.step,
            CASE NEW.step WHEN 'notice' THEN '追缴通知' ELSE '补贴追缴有新进展' END, words, 'recovery', r.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_follow AFTER INSERT ON subsidies.recovery_step
    FOR EACH ROW EXECUTE FUNCTION subsidies.recovery_follow();

CREATE FUNCTION subsidies.recovery_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM subsidies.case_move(TG_ARGV[0], NEW.id, NEW.state, CASE
        WHEN NEW.state IN ('upheld', 'reduced', 'dismissed', 'applied') THEN 'done'
        WHEN NEW.state = 'agreed' THEN 'in_progress' WHEN NEW.state = 'ended' THEN 'done'
        ELSE 'refused' END, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_case AFTER UPDATE ON subsidies.recovery_appeal
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.recovery_case('SU-20');
CREATE TRIGGER recovery_case AFTER UPDATE ON subsidies.recovery_plan
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.recovery_case('SU-21');
CREATE TRIGGER recovery_case AFTER UPDATE ON subsidies.recovery_offset
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.recovery_case('SU-22');

-- The arithmetic of the notice, a line each.
CREATE FUNCTION subsidies.recovery_lines(r subsidies.recovery) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        jsonb_build_object('title', '已发放', 'amount_cents', r.paid_cents),
        jsonb_build_object('title', '减：依规应享受', 'amount_cents', -r.owed_cents),
        jsonb_build_object('title', '减：此前已追回', 'amount_cents', -r.before_cents),
        jsonb_build_object('title', '应退回', 'amount_cents', r.amount_cents))
$$;
CREATE FUNCTION subsidies.recovery_text(r subsidies.recovery) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format(E'追缴通知书 %s\n%s：\n经核查，%s\n依据：%s\n已发放 %s 元，依规应享受 %s 元，此前已追回 %s 元，应退回 %s 元'
        || E'（%s－%s－%s＝%s）。\n请于 %s 前缴清。如有异议，可于 %s 前申诉；申诉期间不计逾期。\n%s',
        r.recovery_no, r.payee_name, r.reason, r.legal_basis, subsidies.yuan(r.paid_cents),
        subsidies.yuan(r.owed_cents), subsidies.yuan(r.before_cents), subsidies.yuan(r.amount_cents),
        subsidies.yuan(r.paid_cents), subsidies.yuan(r.owed_cents), subsidies.yuan(r.before_cents),
        subsidies.yuan(r.amount_cents), r.due_on, r.appeal_until, r.noticed_on)
$$;

CREATE FUNCTION subsidies.recovery_whole(r subsidies.recovery) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT subsidies.recovery_json(r) || jsonb_build_object(
        'steps', (SELECT jsonb_agg(jsonb_build_object('step', s.step, 'from_state', s.from_state, 'to_state', s.to_state,
            'amount_cents', s.cents, 'note', s.note, 'at', s.created_at) ORDER BY s.ord)
            FROM subsidies.recovery_step s WHERE s.recovery_id = r.id),
        'receipts', coalesce((SELECT jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'bank_ref', x.bank_ref,
            'amount_cents', x.amount_cents, 'booked_cents', x.booked_cents, 'received_on', x.received_on,
            'refund_cents', f.amount_cents, 'refunded_on', f.paid_on) ORDER BY x.id)
            FROM subsidies.recovery_receipt x LEFT JOIN subsidies.recovery_refund f ON f.receipt_id = x.id
           WHERE x.recovery_id = r.id), '[]'),
        'appeal', (SELECT subsidies.recovery_appeal_json(a) FROM subsidies.recovery_appeal a WHERE a.recovery_id = r.id),
        'plan', (SELECT subsidies.recovery_plan_json(p) FROM subsidies.recovery_plan p
                  WHERE p.recovery_id = r.id AND p.state IN ('proposed', 'agreed')),
        'offsets', coalesce((SELECT jsonb_agg(subsidies.recovery_offset_json(o) ORDER BY o.id)
            FROM subsidies.recovery_offset o WHERE o.recovery_id = r.id), '[]'),
        'referrals', coalesce((SELECT jsonb_agg(jsonb_build_object('target', f.target, 'document_no', f.document_no,
            'referred_on', f.referred_on, 'withdrawn_on', f.withdrawn_on) ORDER BY f.id)
            FROM subsidies.recovery_referral f WHERE f.recovery_id = r.id), '[]'),
        'proposals', coalesce((SELECT jsonb_agg(subsidies.recovery_proposal_json(p) ORDER BY p.id)
            FROM subsidies.recovery_proposal p WHERE p.recovery_id = r.id), '[]'))
$$;
