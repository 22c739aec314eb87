-- Figures beside others: earlier periods, targets, the end of the year.

-- Between two figures: the difference, and in parts of ten thousand of the earlier.
CREATE FUNCTION monitoring.compared(now_is bigint, was bigint, from_day date, to_day date) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object('from_on', from_day, 'to_on', to_day, 'value', was, 'change', now_is - was,
    'change_bp', CASE WHEN was > 0 THEN round((now_is - was)::numeric * 10000 / was)::bigint END);

-- Of an earlier figure too: a small one is not told beside a large one.
CREATE FUNCTION monitoring.told(f monitoring.figure, hides boolean) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN NOT (hides AND coalesce(f.is_small, false)) THEN f.value END;

-- The period before, of the same length: whole months, quarters and years go by the calendar.
CREATE FUNCTION monitoring.before(from_day date, to_day date) RETURNS daterange
LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN extract(day FROM from_day) = 1 AND extract(day FROM to_day + 1) = 1
    THEN daterange((from_day - make_interval(months => (extract(year FROM age(to_day + 1, from_day)) * 12
             + extract(month FROM age(to_day + 1, from_day)))::integer))::date, from_day)
    ELSE daterange(from_day - (to_day - from_day + 1), from_day) END;

-- The target of a period, and how far it is reached by its last day.
CREATE FUNCTION monitoring.progress(v monitoring.indicator_version, area text, from_day date, to_day date) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    t monitoring.target := monitoring.target_of(v.indicator, area, from_day, to_day);
    n bigint;
BEGIN
    IF t.id IS NULL THEN
        RETURN NULL;
    END IF;
    n := (monitoring.figure_of(v, area, '', t.from_on, least(to_day, t.to_on), NULL)).value;
    RETURN jsonb_build_object('amount', t.amount, 'from_on', t.from_on, 'to_on', t.to_on, 'basis', t.basis,
        'value', n, 'reached', CASE v.aim WHEN 'more' THEN n >= t.amount ELSE n <= t.amount END,
        'progress_bp', CASE WHEN v.aim = 'more' AND t.amount > 0 THEN round(n::numeric * 10000 / t.amount)::bigint END);
END $$;

-- Reported for a month, and over with it: at the end of the year there is none of it.
ALTER TABLE monitoring.measure ADD COLUMN is_monthly boolean NOT NULL DEFAULT false;

-- Holt's exponential smoothing of a series: its level and trend after the last point,
-- in thousandths, and the sum of the squares of what it was wrong by, each point told
-- from those before it. a, g: how much a new point weighs in the level and in the
-- trend, in tenths. The first two points begin it.
CREATE FUNCTION monitoring.smooth(y bigint[], a integer, g integer, OUT level bigint, OUT trend bigint, OUT error numeric)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
    told bigint;
BEGIN
    level := y[2] * 1000;
    trend := (y[2] - y[1]) * 1000;
    error := 0;
    FOR i IN 3 .. cardinality(y) LOOP
        told := level + trend;
        error := error + (y[i] * 1000 - told)::numeric ^ 2;
        trend := (g * ((a * y[i] * 1000 + (10 - a) * told) / 10 - level) + (10 - g) * trend) / 10;
        level := (a * y[i] * 1000 + (10 - a) * told) / 10;
    END LOOP;
END $$;

-- What a year of twelve comes to, of its first months; NULL: fewer than four, or the
-- months so far were told as well by their mean, which is to say that there is no trend.
CREATE FUNCTION monitoring.year_by_trend(y bigint[]) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
    n    integer := coalesce(cardinality(y), 0);
    best record;
    mean numeric;
BEGIN
    IF n < 4 THEN
        RETURN NULL;
    END IF;
    SELECT s.* INTO best FROM generate_series(1, 9) AS a CROSS JOIN generate_series(1, 9) AS g
      CROSS JOIN LATERAL monitoring.smooth(y, a, g) AS s ORDER BY s.error, a, g LIMIT 1;
    SELECT sum((y[i] * 1000 - (SELECT avg(x) FROM unnest(y[1:i - 1]) AS x) * 1000) ^ 2) INTO mean
      FROM generate_series(3, n) AS i;
    RETURN CASE WHEN best.error < mean THEN
        (SELECT sum(x) FROM unnest(y) AS x)
        + (SELECT coalesce(round(sum(greatest(best.level + h * best.trend, 0)) / 1000), 0) FROM generate_series(1, 12 - n) AS h)
        END;
END $$;

-- The months of a year that are over, as they are now.
CREATE FUNCTION monitoring.months_of(v monitoring.indicator_version, area text, year_on date, to_day date) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT array_agg(coalesce((SELECT sum(CASE WHEN m LIKE '-%' THEN -c.n ELSE c.n END)::bigint
                                 FROM unnest(v.numerator) AS m
                                 JOIN monitoring.cell c ON c.measure = monitoring.measure_id(ltrim(m, '-'))
                                  AND c.area_code = area AND c.tag = '' AND c.month = g::date), 0) ORDER BY g)
      FROM generate_series(year_on::timestamp, to_day::timestamp, interval '1 month') AS g
     WHERE (g + interval '1 month')::date - 1 <= to_day
$$;

-- At the end of the year that a day lies in. Last year's share by that day, where
-- there is such a year; else by the months' trend, where they have one; else in step
-- with the working days (done of whole), not before the twentieth. A ratio is not
-- forecast, nor what others publish.
CREATE FUNCTION monitoring.forecast(v monitoring.indicator_version, area text, to_day date, done bigint, whole bigint)
RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    year_on date := date_trunc('year', to_day);
    end_on  date := (date_trunc('year', to_day) + interval '1 year - 1 day')::date;
    last_on date := (date_trunc('year', to_day) - interval '1 year')::date;
    n       bigint := (monitoring.figure_of(v, area, '', year_on, to_day, NULL)).value;
    was     bigint;
    share   bigint;
    how     text;
    then_is bigint;
    why     text := monitoring.no_figure(v, area, '');
BEGIN
    IF why IS NOT NULL OR v.kind NOT IN ('flow', 'stock')
       OR (SELECT bool_or(m.is_monthly) FROM monitoring.measure m WHERE m.code = ltrim(v.numerator[1], '-')) THEN
        why := coalesce(why, 'no_forecast');
    ELSIF v.kind = 'flow' AND EXISTS (SELECT FROM monitoring.cell c WHERE c.area_code = left(area, 9) AND c.tag = ''
              AND c.month <= last_on AND c.measure = monitoring.measure_id(ltrim(v.numerator[1], '-'))) THEN
        was := (monitoring.figure_of(v, area, '', last_on, year_on - 1, NULL)).value;
        share := (monitoring.figure_of(v, area, '', last_on, (to_day - interval '1 year')::date, NULL)).value;
        IF share > 0 THEN
            how := 'share_of_last_year';
            then_is := round(n::numeric * was / share)::bigint;
        END IF;
    END IF;
    IF why IS NULL AND how IS NULL AND v.kind = 'flow' AND length(area) <= 9 THEN
        was := monitoring.year_by_trend(monitoring.months_of(v, area, year_on, to_day));
        how := CASE WHEN was IS NOT NULL THEN 'exponential_smoothing' END;
        then_is := CASE WHEN was IS NOT NULL THEN greatest(n, was) END;
    END IF;
    IF why IS NULL AND how IS NULL THEN
        IF done IS NULL OR done < 20 OR whole < done THEN
            why := CASE WHEN done IS NULL THEN 'no_calendar' ELSE 'history_short' END;
        ELSE
            how := 'linear_by_working_days';
            was := CASE v.kind WHEN 'stock' THEN (monitoring.figure_of(v, area, '', NULL, year_on - 1, NULL)).value ELSE 0 END;
            then_is := was + round((n - was)::numeric * whole / done)::bigint;
        END IF;
    END IF;
    RETURN jsonb_build_object('to_on', end_on, 'value', then_is, 'method', how, 'reason', why,
        'working_days_done', done, 'working_days', whole);
END $$;

-- Points of a series: month, quarter or year by year, the last one as far as it goes;
-- each under the version in force at its end.
CREATE FUNCTION monitoring.series(wanted text, area text, wanted_tag text, step text, from_day date, to_day date, hides boolean)
RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH span AS (
        SELECT CASE step WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months'
                    ELSE interval '1 year' END AS one
    ), point AS (
        SELECT p::date AS a_day, least((p + one)::date - 1, to_day) AS z_day, (p + one)::date - 1 <= to_day AS is_whole, one
          FROM span CROSS JOIN LATERAL generate_series(date_trunc(step, from_day::timestamp), to_day::timestamp, one) AS p
    ), told AS (
        SELECT p.*, v, CASE WHEN p.is_whole THEN p.a_day - 1 ELSE (p.z_day - p.one)::date END AS before_z,
               CASE WHEN p.is_whole THEN ((p.z_day + 1) - interval '1 year')::date - 1
                    ELSE (p.z_day - interval '1 year')::date END AS year_z
          FROM point p CROSS JOIN LATERAL monitoring.indicator_on(wanted, p.z_day) AS v
    ), period AS (
        /* what one point is, another compares itself with: each is summed once */
        SELECT DISTINCT ON ((t.v).version, r.a_day, r.z_day) t.v, r.a_day, r.z_day
          FROM told t CROSS JOIN LATERAL (VALUES (t.a_day, t.z_day, false), ((t.a_day - t.one)::date, t.before_z, true),
                   ((t.a_day - interval '1 year')::date, t.year_z, true)) AS r (a_day, z_day, is_other)
         WHERE NOT (hides AND r.is_other)
    ), summed AS MATERIALIZED (
        SELECT (p.v).version AS version, p.a_day, p.z_day, monitoring.figure_of(p.v, area, wanted_tag, p.a_day, p.z_day, NULL) AS f
          FROM period p
    ), figure AS (
        SELECT t.*, n.f, (b.f).value AS before, (y.f).value AS year_before
          FROM told t JOIN summed n ON n.version = (t.v).version AND n.a_day = t.a_day AND n.z_day = t.z_day
          LEFT JOIN summed b ON NOT hides AND b.version = (t.v).version AND b.a_day = (t.a_day - t.one)::date AND b.z_day = t.before_z
          LEFT JOIN summed y ON NOT hides AND y.version = (t.v).version
                            AND y.a_day = (t.a_day - interval '1 year')::date AND y.z_day = t.year_z
    )
    SELECT monitoring.shown(coalesce(jsonb_agg(jsonb_build_object('from_on', a_day, 'to_on', z_day, 'is_whole', is_whole,
               'version', (v).version, 'period_before', before, 'period_change', (f).value - before,
               'period_change_bp', CASE WHEN before > 0 THEN round(((f).value - before)::numeric * 10000 / before)::bigint END,
               'year_before', year_before, 'year_change', (f).value - year_before,
               'year_change_bp', CASE WHEN year_before > 0
                   THEN round(((f).value - year_before)::numeric * 10000 / year_before)::bigint END)
               || monitoring.figure_json(f) ORDER BY a_day), '[]'), hides, false)
      FROM figure
$$;
