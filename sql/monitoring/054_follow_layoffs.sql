-- A layoff that is reported is an alert, which then follows its report: who
-- acknowledged, handled and closed the one did so with the other.

CREATE FUNCTION monitoring.layoff_alert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM monitoring.alert_for_layoff(NEW.id, NEW.org_id, NEW.headcount, NEW.staff, NEW.county_code, NEW.area_code);
        RETURN NULL;
    END IF;
    UPDATE monitoring.alert a
       SET state = CASE NEW.state WHEN 'withdrawn' THEN 'closed' ELSE NEW.state END,
           acknowledged_by = NEW.acknowledged_by, acknowledged_at = coalesce(a.acknowledged_at,
               CASE WHEN NEW.acknowledged_by IS NOT NULL THEN platform.now() END),
           handled_by = NEW.handled_by, handling = NEW.measures, handled_at = coalesce(a.handled_at,
               CASE WHEN NEW.handled_by IS NOT NULL THEN platform.now() END),
           closed_by = CASE NEW.state WHEN 'withdrawn' THEN platform.actor() ELSE NEW.closed_by END,
           closed_at = CASE WHEN NEW.state IN ('closed', 'withdrawn') THEN platform.now() END,
           reason = CASE NEW.state WHEN 'withdrawn' THEN '报告已撤回' WHEN 'closed' THEN coalesce(NEW.note, NEW.measures) END,
           is_false = CASE WHEN NEW.state IN ('closed', 'withdrawn') THEN false END,
           due_on = CASE NEW.state WHEN 'acknowledged' THEN monitoring.setting_due('alert_handle_days', platform.today(), a.colour) END,
           is_overdue = false, moved_at = platform.now()
     WHERE a.subject_id = NEW.id AND a.state <> 'closed';
    RETURN NULL;
END $$;
CREATE TRIGGER layoff_alert_reported AFTER INSERT ON monitoring.layoff
    FOR EACH ROW EXECUTE FUNCTION monitoring.layoff_alert();
CREATE TRIGGER layoff_alert_moved AFTER UPDATE ON monitoring.layoff
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.layoff_alert();
