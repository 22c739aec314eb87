-- Figures beside others: earlier periods, targets, the end of the year.

-- Between two figures: the difference, and in parts of ten thousand of the earlier.
CREATE FUNCTION monitoring.compared(now_is bigint, was bigint, from_day date, to_day date) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object('from_on', from_day, 'to_on', to_day, 'value', was, 'change', now_is - was,
    'change_bp', CASE WHEN was > 0 THEN round((now_is - was)::numeric * 10000 / was)::bigint END);

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

-- At the end of the year that a day lies in. Last year's share by that day, where
-- there is such a year; else in step with the working days (done of whole), not
-- before the twentieth. A ratio is not forecast, nor what others publish.
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
    ), figure AS (
        SELECT p.*, v, f,
               CASE WHEN NOT hides THEN (monitoring.figure_of(v, area, wanted_tag, (p.a_day - p.one)::date,
                   CASE WHEN p.is_whole THEN p.a_day - 1 ELSE (p.z_day - p.one)::date END, NULL)).value END AS before,
               CASE WHEN NOT hides THEN (monitoring.figure_of(v, area, wanted_tag, (p.a_day - interval '1 year')::date,
                   CASE WHEN p.is_whole THEN ((p.z_day + 1) - interval '1 year')::date - 1
                        ELSE (p.z_day - interval '1 year')::date END, NULL)).value END AS year_before
          FROM point p CROSS JOIN LATERAL monitoring.indicator_on(wanted, p.z_day) AS v
         CROSS JOIN LATERAL monitoring.figure_of(v, area, wanted_tag, p.a_day, p.z_day, NULL) AS f
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
