-- A firm has no assisted session: a clerk at an outlet writes its word down. The firm
-- is told, and may take back what is not its word while it could still give its own.

INSERT INTO monitoring.feed (type, kind, op, id_member, on_member, until_member, attrs) VALUES
('monitoring.rating.voided.v1', 'rating', 'drop', 'rating_id', NULL, NULL, '{}');

CREATE INDEX org_uscc_idx ON monitoring.org (uscc);

CREATE FUNCTION monitoring.org_of(code text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT o.id FROM monitoring.org o WHERE o.uscc = code ORDER BY o.id LIMIT 1
$$;
COMMENT ON FUNCTION monitoring.org_of(text) IS 'the firm with that credit code; NULL: none';

-- Nobody has rated it, the firm has taken back no clerk''s word on it, and the caller did not handle it.
CREATE FUNCTION monitoring.counter_open(f monitoring.finished) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT f.is_asked AND f.org_id IS NOT NULL AND f.officer_id IS DISTINCT FROM platform.actor()
       AND NOT EXISTS (SELECT FROM monitoring.rating g WHERE g.case_id = f.case_id)
       AND coalesce(monitoring.rate_by(f) >= platform.today(), true)
$$;

CREATE FUNCTION monitoring.rating_counter(new_id uuid, matter_case uuid, uscc text, outlet uuid, stars integer,
    reasons text[], note text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f    monitoring.finished;
    made monitoring.rating;
BEGIN
    SELECT x.* INTO f FROM monitoring.finished x
     WHERE x.case_id = matter_case AND x.org_id = monitoring.org_of(uscc)
       AND platform.in_areas(x.county_code, x.area_code);
    IF f.case_id IS NULL THEN
        RETURN NULL;
    ELSIF f.officer_id = platform.actor() THEN
        PERFORM platform.refuse('monitoring.rated_hand');
    ELSIF EXISTS (SELECT FROM monitoring.rating g WHERE g.case_id = f.case_id AND g.withdrawn_on IS NOT NULL) THEN
        PERFORM platform.refuse('monitoring.rating_taken_back');
    END IF;
    made := monitoring.rating_write(new_id, f, stars, reasons, note, platform.actor(), outlet);
    PERFORM monitoring.tell(NULL, f.org_id, 'rating', '窗口已代贵单位评价办件',
        '办件 ' || f.case_no || ' 的评价由窗口工作人员代为填写：' || stars || ' 星。如不是贵单位的意见，可在评价期限内撤回并自行评价。',
        'rating', made.id);
    RETURN monitoring.rating_own_json(made);
END $$;
COMMENT ON FUNCTION monitoring.rating_counter(uuid, uuid, text, uuid, integer, text[], text) IS
    'NULL: no such matter of that firm in the clerk''s areas; who handled it is refused';

CREATE FUNCTION monitoring.counter_withdraw(rating uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    g monitoring.rating;
    r monitoring.redress;
BEGIN
    SELECT x.* INTO g FROM monitoring.rating x WHERE x.id = rating AND x.org_id = platform.org() FOR UPDATE;
    IF g.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT x.* INTO r FROM monitoring.redress x WHERE x.rating_id = g.id FOR UPDATE;
    IF g.given_by IS NULL THEN
        PERFORM platform.refuse('monitoring.rating_own');
    ELSIF g.is_void THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF r.state <> 'open' THEN
        PERFORM platform.refuse('monitoring.redress_begun');
    ELSIF (SELECT monitoring.rate_by(f) < platform.today() FROM monitoring.finished f WHERE f.case_id = g.case_id) THEN
        PERFORM platform.refuse('monitoring.rating_late');
    END IF;
    UPDATE monitoring.rating x SET withdrawn_on = platform.today(), is_void = true WHERE x.id = g.id RETURNING x.* INTO g;
    UPDATE monitoring.redress x SET state = 'withdrawn', ended_on = platform.today() WHERE x.rating_id = g.id;
    RETURN monitoring.rating_own_json(g);
END $$;
COMMENT ON FUNCTION monitoring.counter_withdraw(uuid) IS 'NULL: not the caller''s; what an officer has begun to put right stays';
