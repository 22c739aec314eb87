-- 资金和绩效保障 (永政办发〔2024〕15号 三（三）: 资金支出与项目建设同步推进，及时拨付): plans of spending,
-- what the city has promised, and the sums of the books by line and county.

-- What is to be spent of a line in a month: the newest row counts, the others are how it came.
CREATE TABLE monitoring.spend_plan (
    id            uuid PRIMARY KEY,
    line_code     text NOT NULL,
    month         date NOT NULL CONSTRAINT spend_plan_month_check CHECK (extract(day FROM month) = 1),
    planned_cents bigint NOT NULL CONSTRAINT spend_plan_cents_check CHECK (planned_cents >= 0),
    document_no   text NOT NULL,
    entered_by    uuid NOT NULL DEFAULT platform.actor(),
    county_code   text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX spend_plan_newest_idx ON monitoring.spend_plan (county_code, line_code, month, id DESC);
CALL platform.protect('monitoring.spend_plan', $$platform.in_areas(county_code, NULL)$$);
REVOKE UPDATE, DELETE ON monitoring.spend_plan FROM monitoring_app, monitoring_system;

CREATE FUNCTION monitoring.plans(from_month date, to_month date)
RETURNS TABLE (county_code text, line_code text, month date, planned_cents bigint, document_no text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (p.county_code, p.line_code, p.month) p.county_code, p.line_code, p.month, p.planned_cents,
           p.document_no
      FROM monitoring.spend_plan p WHERE p.month BETWEEN from_month AND to_month
     ORDER BY p.county_code, p.line_code, p.month, p.id DESC
$$;

-- The books as counted here, up to and with a day, by county and line.
CREATE FUNCTION monitoring.fund_stock(until date)
RETURNS TABLE (county_code text, line_code text, appropriated bigint, reserved bigint, committed bigint,
               paid bigint, returned bigint)
LANGUAGE sql STABLE AS $$
    SELECT n.county_code, split_part(n.tag, '=', 2),
           coalesce(sum(n.n) FILTER (WHERE n.measure = 85), 0)::bigint,
           coalesce(sum(n.n) FILTER (WHERE n.measure = 86), 0)::bigint,
           coalesce(sum(n.n) FILTER (WHERE n.measure = 87), 0)::bigint,
           coalesce(sum(n.n) FILTER (WHERE n.measure = 88), 0)::bigint,
           coalesce(sum(n.n) FILTER (WHERE n.measure = 89), 0)::bigint
      FROM (SELECT c.measure, c.county_code, c.tag, c.n FROM monitoring.cell c
             WHERE c.measure BETWEEN 85 AND 89 AND c.area_code = ANY (monitoring.units()) AND c.tag LIKE 'line\_code=%'
               AND c.month < date_trunc('month', until)
            UNION ALL
            SELECT d.measure, d.county_code, d.tag, d.n FROM monitoring.cell_day d
             WHERE d.measure BETWEEN 85 AND 89 AND d.county_code <> '431100' AND d.tag LIKE 'line\_code=%'
               AND d.on_day BETWEEN date_trunc('month', until) AND until) n
     GROUP BY 1, 2
$$;

-- The same as the books' own columns have it, told after every entry.
CREATE FUNCTION monitoring.fund_ledger()
RETURNS TABLE (county_code text, line_code text, line_title text, fund_source text, appropriated bigint,
               reserved bigint, committed bigint, paid bigint, returned bigint)
LANGUAGE sql STABLE AS $$
    SELECT f.county_code, f.attrs ->> 'line_code', max(f.attrs ->> 'line_title'), max(f.attrs ->> 'fund_source'),
           sum((f.attrs ->> 'appropriated_cents')::bigint)::bigint, sum((f.attrs ->> 'reserved_cents')::bigint)::bigint,
           sum((f.attrs ->> 'committed_cents')::bigint)::bigint, sum((f.attrs ->> 'paid_cents')::bigint)::bigint,
           sum((f.attrs ->> 'returned_cents')::bigint)::bigint
      FROM monitoring.fact f WHERE f.kind = 'allotment' GROUP BY 1, 2
$$;

-- What a line spent by month, as counted here.
CREATE FUNCTION monitoring.fund_months(from_month date, to_month date)
RETURNS TABLE (county_code text, line_code text, month date, paid bigint)
LANGUAGE sql STABLE AS $$
    SELECT c.county_code, split_part(c.tag, '=', 2), c.month, c.n FROM monitoring.cell c
     WHERE c.measure = 88 AND c.area_code = ANY (monitoring.units()) AND c.tag LIKE 'line\_code=%'
       AND c.month BETWEEN from_month AND to_month
$$;

CREATE OR REPLACE FUNCTION monitoring.milli(part bigint, whole bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN whole > 0 THEN (2 * 1000 * part + whole) / (2 * whole) END;
COMMENT ON FUNCTION monitoring.milli(bigint, bigint) IS 'per mille, rounded half up; null: of nothing';

-- Where a claim waits for an office, and since when. Who has still to confirm waits for nobody.
CREATE FUNCTION monitoring.claims_waiting()
RETURNS TABLE (id uuid, policy_code text, org_id uuid, since date, state text, county_code text)
LANGUAGE sql STABLE AS $$
    SELECT f.id, f.attrs ->> 'policy_code', f.org_id, coalesce(c.on_day, f.on_day), f.attrs ->> 'state', f.county_code
      FROM monitoring.fact f
      LEFT JOIN monitoring.fact c ON c.id = f.id AND c.kind = 'claim_confirmed'
     WHERE f.kind = 'claim' AND NOT f.is_dropped
       AND CASE WHEN f.attrs ->> 'state' IS NULL THEN f.amount IS NULL
                ELSE f.attrs ->> 'state' IN ('applied', 'confirmed', 'first_reviewed', 'rechecked', 'approved', 'public',
                                             'payable', 'batched') END
$$;
COMMENT ON FUNCTION monitoring.claims_waiting() IS
    'a claim told without a sum and not moved since was applied for, and waits for a clerk';

-- The business year up to today unless a period is given.
CREATE FUNCTION monitoring.period_of(wants_from date, wants_to date, OUT from_on date, OUT to_on date)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    to_on := coalesce(wants_to, platform.today());
    from_on := coalesce(wants_from, date_trunc('year', to_on)::date);
    IF from_on > to_on THEN
        PERFORM platform.refuse('field.date_order to_on');
    END IF;
END $$;

CREATE FUNCTION monitoring.claims_overdue(OUT id uuid, OUT policy_code text, OUT org_id uuid, OUT since date,
    OUT state text, OUT due_on date, OUT waited integer, OUT county_code text) RETURNS SETOF record
LANGUAGE plpgsql STABLE AS $$
DECLARE
    days integer := monitoring.setting_on('claim_payment_days', platform.today());
BEGIN
    IF days IS NULL THEN
        PERFORM platform.refuse('monitoring.setting_unset');
    END IF;
    RETURN QUERY
    SELECT w.id, w.policy_code, w.org_id, w.since, w.state, monitoring.working_add(w.since, days),
           monitoring.working_between(w.since, platform.today()), w.county_code
      FROM monitoring.claims_waiting() w
     WHERE monitoring.working_add(w.since, days) < platform.today();
END $$;

-- Statisticians see no cell of fewer than five.
CREATE FUNCTION monitoring.too_few(n bigint, hides boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hides AND n BETWEEN 1 AND 4;
