-- What the tables of work items see to themselves: which units there are, steps,
-- events, and the evidence that belongs to a report.

-- The unit that reports: in a county its government, in the city a named department.
CREATE FUNCTION monitoring.work_unit(no_ integer, county text, wanted text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN county <> '431100' THEN CASE WHEN coalesce(wanted, '县级人民政府') = '县级人民政府' THEN '县级人民政府' END
                WHEN wanted = ANY (w.units) AND wanted <> '各县市区人民政府' THEN wanted END
      FROM monitoring.work_item w WHERE w.no = no_ AND w.state = 'active'
$$;
COMMENT ON FUNCTION monitoring.work_unit(integer, text, text) IS 'NULL: the item has no such unit';

CREATE FUNCTION monitoring.quarter_end(year integer, quarter integer) RETURNS date
LANGUAGE sql IMMUTABLE
RETURN (make_date(year, quarter * 3, 1) + interval '1 month - 1 day')::date;

-- The day by which a quarter is to be reported; NULL: the city has set none.
CREATE FUNCTION monitoring.report_due(year integer, quarter integer) RETURNS date
LANGUAGE sql STABLE
RETURN monitoring.quarter_end(year, quarter)
    + monitoring.setting_on('report_due_days', monitoring.quarter_end(year, quarter));

-- What is counted here of an indicator in a county, from the year's first day to the quarter's last.
CREATE FUNCTION monitoring.progress_counted(code_ text, county text, year integer, quarter integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT (monitoring.figure_of(monitoring.indicator_on(code_, monitoring.quarter_end(year, quarter)), county, '',
        make_date(year, 1, 1), monitoring.quarter_end(year, quarter), NULL)).value
      FROM monitoring.indicator i WHERE i.code = code_
$$;

CREATE FUNCTION monitoring.work_progress_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.progress_step (progress_id, state, note, county_code)
    VALUES (NEW.id, NEW.state, NEW.note, NEW.county_code);
    IF NEW.state = 'submitted' THEN
        UPDATE monitoring.progress_figure f SET counted_at = platform.now(),
               counted = monitoring.progress_counted(f.indicator, NEW.county_code, NEW.year, NEW.quarter)
         WHERE f.progress_id = NEW.id;
    END IF;
    IF NEW.state <> 'draft' THEN
        INSERT INTO monitoring.outbox (type, key, area_code, payload)
        VALUES ('monitoring.progress.changed.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('progress_id', NEW.id, 'item_no', NEW.item_no, 'unit', NEW.unit, 'year', NEW.year,
                    'quarter', NEW.quarter, 'state', NEW.state, 'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER work_progress_made AFTER INSERT ON monitoring.work_progress
    FOR EACH ROW EXECUTE FUNCTION monitoring.work_progress_moved();
CREATE TRIGGER work_progress_moved AFTER UPDATE ON monitoring.work_progress
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.work_progress_moved();

CREATE FUNCTION monitoring.supervision_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.supervision.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('supervision_id', NEW.id, 'item_no', NEW.item_no, 'unit', NEW.unit, 'state', NEW.state,
                'due_on', NEW.due_on, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER supervision_tells_new AFTER INSERT ON monitoring.supervision
    FOR EACH ROW EXECUTE FUNCTION monitoring.supervision_tells();
CREATE TRIGGER supervision_tells AFTER UPDATE ON monitoring.supervision
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.supervision_tells();

CREATE FUNCTION monitoring.work_quota_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.quota.confirmed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('quota_id', NEW.id, 'item_no', NEW.item_no, 'what', NEW.what, 'year', NEW.year,
                'amount', NEW.amount, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER work_quota_tells AFTER UPDATE ON monitoring.work_quota
    FOR EACH ROW WHEN (OLD.state <> 'confirmed' AND NEW.state = 'confirmed') EXECUTE FUNCTION monitoring.work_quota_tells();

-- Evidence is an officer's, of the report and nobody's own: it has no owner.
ALTER TABLE monitoring.file DROP CONSTRAINT file_owner_check;
ALTER TABLE monitoring.file ADD CONSTRAINT file_owner_check
    CHECK (num_nonnulls(person_id, org_id) = CASE subject_kind WHEN 'work_progress' THEN 0 ELSE 1 END);
CREATE POLICY work_progress_insert ON monitoring.file FOR INSERT TO monitoring_app
    WITH CHECK (subject_kind = 'work_progress' AND platform.acts_in(county_code)
        AND EXISTS (SELECT FROM monitoring.work_progress p WHERE p.id = subject_id AND p.state IN ('draft', 'returned')));
CREATE POLICY work_progress_update ON monitoring.file FOR UPDATE TO monitoring_app
    USING (subject_kind = 'work_progress' AND platform.acts_in(county_code));
CREATE POLICY work_progress_delete ON monitoring.file FOR DELETE TO monitoring_app
    USING (subject_kind = 'work_progress' AND platform.acts_in(county_code) AND locked_at IS NULL
        AND uploaded_by = platform.actor());
CREATE POLICY work_progress_select ON monitoring.file FOR SELECT TO monitoring_app
    USING (subject_kind = 'work_progress' AND platform.acts_in(county_code));

CREATE FUNCTION monitoring.work_item_json(w monitoring.work_item) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', w.id, 'no', w.no, 'version', w.version, 'name', w.name, 'action', w.action,
    'units', to_jsonb(w.units), 'indicators', to_jsonb(w.indicators), 'amounts', w.amounts, 'basis', w.basis,
    'from_on', w.from_on, 'state', w.state, 'created_at', w.created_at);
CREATE FUNCTION monitoring.work_quota_json(q monitoring.work_quota) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', q.id, 'item_no', q.item_no, 'indicator', q.indicator, 'what', q.what, 'year', q.year,
    'amount', q.amount, 'legal_basis', q.legal_basis, 'state', q.state, 'note', q.note, 'county_code', q.county_code,
    'confirmed_at', q.confirmed_at, 'created_at', q.created_at);
CREATE FUNCTION monitoring.work_progress_json(p monitoring.work_progress) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'item_no', p.item_no, 'unit', p.unit, 'year', p.year, 'quarter', p.quarter,
        'summary', p.summary, 'state', p.state, 'note', p.note, 'submitted_on', p.submitted_on, 'checked_on', p.checked_on,
        'due_on', monitoring.report_due(p.year, p.quarter),
        'is_late', coalesce(p.submitted_on, platform.today()) > monitoring.report_due(p.year, p.quarter),
        'county_code', p.county_code, 'created_at', p.created_at,
        'figures', (SELECT coalesce(jsonb_agg(jsonb_build_object('what', f.what, 'indicator', f.indicator, 'reported', f.reported,
                        'reason', f.reason, 'counted', f.counted, 'difference', f.reported - f.counted, 'counted_at', f.counted_at) ORDER BY f.what), '[]')
                      FROM monitoring.progress_figure f WHERE f.progress_id = p.id),
        'files', (SELECT coalesce(jsonb_agg(monitoring.file_json(x) ORDER BY x.id), '[]') FROM monitoring.file x
                   WHERE x.subject_id = p.id AND x.subject_kind = 'work_progress'))
$$;
CREATE FUNCTION monitoring.supervision_json(s monitoring.supervision) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', s.id, 'item_no', s.item_no, 'unit', s.unit, 'content', s.content, 'due_on', s.due_on,
    'state', s.state, 'is_overdue', s.state = 'open' AND s.due_on < platform.today(), 'answer', s.answer,
    'answered_on', s.answered_on, 'closed_note', s.closed_note, 'times_returned', s.times_returned,
    'county_code', s.county_code, 'created_at', s.created_at);

-- Who is to report a quarter of an item: every county, and the city's departments.
CREATE FUNCTION monitoring.work_units(year_ integer, quarter_ integer)
RETURNS TABLE (item_no integer, item_name text, county_code text, unit text, indicators text[])
LANGUAGE sql STABLE AS $$
    SELECT w.no, w.name, r.county, r.unit, w.indicators
      FROM monitoring.work_item w
     CROSS JOIN LATERAL (SELECT c AS county, '县级人民政府' AS unit FROM unnest(monitoring.share_counties()) AS c
                         UNION ALL
                         SELECT '431100', u FROM unnest(w.units) AS u WHERE u <> '各县市区人民政府') AS r
     WHERE w.state = 'active' AND w.from_on <= monitoring.quarter_end(year_, quarter_)
$$;

-- Those of them that the caller acts for.
CREATE FUNCTION monitoring.work_reporters(year_ integer, quarter_ integer)
RETURNS TABLE (item_no integer, item_name text, county_code text, unit text, indicators text[])
LANGUAGE sql STABLE AS $$
    SELECT u.* FROM monitoring.work_units(year_, quarter_) u WHERE platform.acts_in(u.county_code)
$$;
