-- What officers are told (待办), each in the change it is about: alerts, reports sent
-- back, shortages, bad ratings, layoffs, 督办, assessments. Who has to act is told;
-- when somebody has acted the message waits no more. What is merely late is told a
-- desk once a day, as a number (desk_turn).

CREATE FUNCTION monitoring.alert_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    kind_ text := CASE WHEN TG_OP = 'INSERT' THEN CASE WHEN NEW.subject_id IS NULL THEN 'alert_raised' END
        WHEN monitoring.warning_rank(NEW.colour) > monitoring.warning_rank(OLD.colour) THEN 'alert_raised'
        WHEN NEW.level <> OLD.level THEN 'alert_escalated'
        WHEN NEW.is_overdue AND NOT OLD.is_overdue THEN 'alert_overdue' END;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.level <> OLD.level OR (NEW.state <> OLD.state AND NEW.state <> 'open')) THEN
        PERFORM monitoring.told_done(NEW.id);
    END IF;
    IF kind_ IS NOT NULL THEN
        PERFORM monitoring.tell_desk(CASE kind_ WHEN 'alert_overdue' THEN 'approve' ELSE 'first_review' END,
            CASE NEW.level WHEN 'city' THEN '431100' ELSE NEW.county_code END, kind_,
            CASE kind_ WHEN 'alert_raised' THEN '预警待接收：' WHEN 'alert_escalated' THEN '预警已升级至市级：'
                ELSE '预警市级逾期未处置：' END
                || (SELECT r.title FROM monitoring.warning_rule r WHERE r.code = NEW.rule_code)
                || '（' || (ARRAY['已回落', '未定级', '蓝色', '黄色', '橙色', '红色'])[monitoring.warning_rank(NEW.colour)] || '）',
            '地区：' || NEW.area_code || coalesce('；期限：' || to_char(NEW.due_on, 'YYYY-MM-DD'), ''), 'alert', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER alert_desk AFTER INSERT OR UPDATE ON monitoring.alert
    FOR EACH ROW EXECUTE FUNCTION monitoring.alert_desk();

-- A report that is sent back: the clerk who handed it in, the county that had passed it.
CREATE FUNCTION monitoring.survey_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM monitoring.told_done(NEW.id);
    IF NEW.state = 'returned' THEN
        PERFORM monitoring.tell_officer(o.id, 'survey_returned', to_char(NEW.month, 'YYYY"年"MM"月"')
                || '失业动态监测月报已退回', NEW.note, 'survey', NEW.id)
           FROM (VALUES (CASE OLD.via WHEN 'clerk' THEN OLD.submitted_by END), (OLD.reviewed_by)) AS o (id)
          WHERE o.id IS NOT NULL AND o.id IS DISTINCT FROM platform.actor();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER survey_desk AFTER UPDATE ON monitoring.survey_report
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.survey_desk();
CREATE INDEX survey_report_waits_idx ON monitoring.survey_report (county_code) WHERE state IN ('submitted', 'reviewed');

-- A task goes to the firm's officer, and with the firm to whoever follows; without one to the county.
CREATE FUNCTION monitoring.shortage_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    title_ text := '重点企业缺工任务：' || NEW.org_name || '，缺 ' || NEW.headcount || ' 人';
    body_  text := '职业：' || NEW.occupation_code || coalesce('；期限：' || to_char(NEW.due_on, 'YYYY-MM-DD'), '');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM monitoring.told_done(NEW.id);
    END IF;
    IF NEW.state = 'closed' THEN
        RETURN NULL;
    ELSIF NEW.officer_id IS NULL THEN
        PERFORM monitoring.tell_desk('first_review', NEW.county_code, 'shortage_opened', title_, body_, 'shortage', NEW.id);
    ELSE
        PERFORM monitoring.tell_officer(NEW.officer_id, 'shortage_opened', title_, body_, 'shortage', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shortage_desk_new AFTER INSERT ON monitoring.shortage
    FOR EACH ROW EXECUTE FUNCTION monitoring.shortage_desk();
CREATE TRIGGER shortage_desk AFTER UPDATE ON monitoring.shortage
    FOR EACH ROW WHEN (OLD.officer_id IS DISTINCT FROM NEW.officer_id OR (NEW.state = 'closed' AND OLD.state <> 'closed'))
    EXECUTE FUNCTION monitoring.shortage_desk();

-- A bad rating waits for its desk until it is given to somebody, who is told unless he took it himself.
CREATE FUNCTION monitoring.redress_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    due_ text := coalesce('答复期限：' || to_char(NEW.due_on, 'YYYY-MM-DD'), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM monitoring.tell_desk('recheck', NEW.county_code, 'redress_opened', '差评待分派：事项 ' || NEW.matter_code,
            due_, 'redress', NEW.id);
        RETURN NULL;
    END IF;
    PERFORM monitoring.told_done(NEW.id);
    IF NEW.state = 'assigned' AND NEW.assigned_to IS DISTINCT FROM platform.actor() THEN
        PERFORM monitoring.tell_officer(NEW.assigned_to, 'redress_assigned', '差评待办理：事项 ' || NEW.matter_code, due_,
            'redress', NEW.id);
    ELSIF NEW.state IN ('answered', 'appealed') THEN
        PERFORM monitoring.tell_desk('recheck', NEW.county_code, 'redress_' || NEW.state,
            CASE NEW.state WHEN 'answered' THEN '差评已答复，待办结：事项 ' ELSE '差评申诉待认定：事项 ' END || NEW.matter_code,
            '须由承办人和被评价人员之外的人办理', 'redress', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER redress_desk_new AFTER INSERT ON monitoring.redress
    FOR EACH ROW EXECUTE FUNCTION monitoring.redress_desk();
CREATE TRIGGER redress_desk AFTER UPDATE ON monitoring.redress
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.assigned_to IS DISTINCT FROM NEW.assigned_to)
    EXECUTE FUNCTION monitoring.redress_desk();

CREATE FUNCTION monitoring.layoff_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM monitoring.tell_desk('first_review', NEW.county_code, 'layoff_reported', '裁减人员报告待受理：' || NEW.org_name
            || '，拟裁减 ' || NEW.headcount || ' 人', '拟实施日期：' || to_char(NEW.planned_on, 'YYYY-MM-DD')
            || coalesce('；期限：' || to_char(NEW.due_on, 'YYYY-MM-DD'), ''), 'layoff', NEW.id);
    ELSE
        PERFORM monitoring.told_done(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER layoff_desk_new AFTER INSERT ON monitoring.layoff FOR EACH ROW EXECUTE FUNCTION monitoring.layoff_desk();
CREATE TRIGGER layoff_desk AFTER UPDATE ON monitoring.layoff
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.layoff_desk();

-- 督办: asked of the county, or of the city's own departments; answered to who asked.
CREATE FUNCTION monitoring.supervision_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM monitoring.told_done(NEW.id);
    END IF;
    IF NEW.state = 'open' THEN
        PERFORM monitoring.tell_desk('first_review', NEW.county_code, 'supervision_opened', '督办待答复：举措 ' || NEW.item_no,
            NEW.content || '（' || NEW.unit || '，期限：' || to_char(NEW.due_on, 'YYYY-MM-DD') || '）', 'supervision', NEW.id);
    ELSIF NEW.state = 'answered' THEN
        PERFORM monitoring.tell_officer(NEW.opened_by, 'supervision_answered', '督办已答复，待办结：举措 ' || NEW.item_no,
            NEW.answer, 'supervision', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER supervision_desk_new AFTER INSERT ON monitoring.supervision
    FOR EACH ROW EXECUTE FUNCTION monitoring.supervision_desk();
CREATE TRIGGER supervision_desk AFTER UPDATE ON monitoring.supervision
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.supervision_desk();

-- An assessment waits for an opinion, then for a decision.
CREATE FUNCTION monitoring.assessment_desk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM monitoring.told_done(NEW.id);
    END IF;
    IF NEW.state IN ('submitted', 'opined') THEN
        PERFORM monitoring.tell_desk(CASE NEW.state WHEN 'submitted' THEN 'first_review' ELSE 'approve' END, NEW.county_code,
            'assessment_' || NEW.state, CASE NEW.state WHEN 'submitted' THEN '评估待出具意见：' ELSE '评估待作结论：' END || NEW.title,
            coalesce('期限：' || to_char(NEW.due_on, 'YYYY-MM-DD'), ''), 'assessment', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assessment_desk_new AFTER INSERT ON monitoring.assessment
    FOR EACH ROW EXECUTE FUNCTION monitoring.assessment_desk();
CREATE TRIGGER assessment_desk AFTER UPDATE ON monitoring.assessment
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.assessment_desk();

-- What waits or is late, a number a desk. Reports of work are late by the day the
-- city has set for the quarter before this one.
CREATE FUNCTION monitoring.desk_counts() RETURNS TABLE (kind text, role text, county text, n bigint)
LANGUAGE sql STABLE AS $$
    WITH last AS (
        SELECT extract(year FROM d.on_day)::integer AS year, extract(quarter FROM d.on_day)::integer AS quarter
          FROM (SELECT date_trunc('quarter', platform.today()::timestamp)::date - 1 AS on_day) d
    ), work AS (
        SELECT r.county_code, CASE WHEN p.state = 'submitted' THEN 'progress_unchecked' ELSE 'progress_overdue' END AS kind,
               CASE WHEN p.state = 'submitted'
                    THEN p.submitted_on + monitoring.setting_on('check_due_days', platform.today())
                    ELSE monitoring.report_due(l.year, l.quarter) END AS due_on
          FROM last l CROSS JOIN monitoring.work_units(l.year, l.quarter) AS r
          LEFT JOIN monitoring.work_progress p ON p.item_no = r.item_no AND p.county_code = r.county_code
           AND p.unit = r.unit AND p.year = l.year AND p.quarter = l.quarter
         WHERE p.state IS DISTINCT FROM 'accepted'
    )
    SELECT 'survey_waiting', CASE r.state WHEN 'submitted' THEN 'first_review' ELSE 'recheck' END,
           CASE r.state WHEN 'submitted' THEN r.county_code ELSE '431100' END, count(*)
      FROM monitoring.survey_report r WHERE r.state IN ('submitted', 'reviewed') GROUP BY 2, 3
    UNION ALL
    SELECT 'survey_overdue', 'clerk', r.county_code, count(*) FROM monitoring.survey_report r
     WHERE r.state IN ('open', 'draft', 'returned') AND r.due_on < platform.today() GROUP BY 3
    UNION ALL
    SELECT 'redress_overdue', 'recheck', r.county_code, count(*) FROM monitoring.redress r
     WHERE monitoring.redress_is_late(r) GROUP BY 3
    UNION ALL
    SELECT 'layoff_overdue', 'first_review', r.county_code, count(*) FROM monitoring.layoff r
     WHERE r.state IN ('reported', 'acknowledged') AND r.due_on < platform.today() GROUP BY 3
    UNION ALL
    SELECT 'shortage_overdue', 'first_review', r.county_code, count(*) FROM monitoring.shortage r
     WHERE r.state <> 'closed' AND r.officer_id IS NULL AND r.due_on < platform.today() GROUP BY 3
    UNION ALL
    SELECT 'assessment_overdue', CASE r.state WHEN 'submitted' THEN 'first_review' WHEN 'opined' THEN 'approve' ELSE 'recheck' END,
           r.county_code, count(*) FROM monitoring.assessment r
     WHERE r.state IN ('submitted', 'opined', 'concluded', 'published') AND r.due_on < platform.today() GROUP BY 2, 3
    UNION ALL
    SELECT 'supervision_overdue', 'first_review', r.county_code, count(*) FROM monitoring.supervision r
     WHERE r.state = 'open' AND r.due_on < platform.today() GROUP BY 3
    UNION ALL
    SELECT w.kind, CASE w.kind WHEN 'progress_overdue' THEN 'clerk' ELSE 'first_review' END,
           CASE w.kind WHEN 'progress_overdue' THEN w.county_code ELSE '431100' END, count(*)
      FROM work w WHERE w.due_on < platform.today() GROUP BY 1, 3
$$;

CREATE FUNCTION monitoring.desk_title(kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind
    WHEN 'survey_waiting' THEN '失业动态监测月报待审核' WHEN 'survey_overdue' THEN '失业动态监测月报逾期未报'
    WHEN 'redress_overdue' THEN '差评逾期未答复' WHEN 'layoff_overdue' THEN '裁减人员报告逾期未处置'
    WHEN 'shortage_overdue' THEN '重点企业缺工任务逾期' WHEN 'assessment_overdue' THEN '评估逾期'
    WHEN 'supervision_overdue' THEN '督办逾期未答复' WHEN 'progress_overdue' THEN '上季度举措进展逾期未报'
    WHEN 'progress_unchecked' THEN '举措进展逾期未审核' END;

-- The clock: each desk, and each officer of what is his own, once a day a kind.
CREATE FUNCTION monitoring.desk_turn() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH own AS (
        SELECT 'shortage_overdue' AS kind, s.officer_id AS officer, count(*) AS n FROM monitoring.shortage s
         WHERE s.state <> 'closed' AND s.officer_id IS NOT NULL AND s.due_on < platform.today() GROUP BY 2
        UNION ALL
        SELECT 'redress_overdue', r.assigned_to, count(*) FROM monitoring.redress r
         WHERE monitoring.redress_is_late(r) AND r.assigned_to IS NOT NULL
         GROUP BY 2
    ), desks AS (
        SELECT count(monitoring.tell_desk(c.role, c.county, c.kind, monitoring.desk_title(c.kind) || '：' || c.n || ' 件',
                   NULL, NULL, NULL)) AS n
          FROM monitoring.desk_counts() c WHERE NOT monitoring.told_today(c.role || '@' || c.county, NULL, c.kind)
    ), officers AS (
        SELECT count(monitoring.tell_officer(o.officer, o.kind, '由您承办的' || monitoring.desk_title(o.kind) || '：' || o.n || ' 件',
                   NULL, NULL, NULL)) AS n
          FROM own o WHERE NOT monitoring.told_today(NULL, o.officer, o.kind)
    )
    SELECT d.n + o.n FROM desks d, officers o
$$;
COMMENT ON FUNCTION monitoring.desk_turn() IS 'messages written; the same again on the same day: 0';
