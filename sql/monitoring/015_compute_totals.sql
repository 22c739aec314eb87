-- Sums over a period, from whole months where there are any.

-- Sums over days: of cities and counties from their days, of what is smaller from the open tallies.
CREATE FUNCTION monitoring.tallied(what smallint, area text, wanted_tag text, from_on date, to_on date)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF from_on > to_on THEN
        RETURN 0;
    ELSIF length(area) > 6 THEN
        RETURN (SELECT coalesce(sum(t.value), 0) FROM monitoring.tally t
                 WHERE t.measure = what AND left(t.area_code, 9) = left(area, 9) AND t.on_day BETWEEN from_on AND to_on
                   AND t.gone = 9223372036854775807 AND (length(area) = 9 OR t.area_code = area)
                   AND (wanted_tag = '' OR wanted_tag = ANY (t.tags)));
    END IF;
    RETURN (SELECT coalesce(sum(d.n), 0) FROM monitoring.cell_day d
             WHERE d.measure = what AND d.county_code = area AND d.tag = wanted_tag AND d.on_day BETWEEN from_on AND to_on);
END $$;

-- `from_on` NULL: since ever, which of a measure of spans is the stock on `to_on`.
-- A month that the period does not fill is its cell less the days outside, or the
-- days inside, whichever are fewer.
CREATE FUNCTION monitoring.total(what smallint, area text, wanted_tag text, from_on date, to_on date)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    first_month date := date_trunc('month', from_on);
    end_month   date := date_trunc('month', to_on + 1);
    is_late     boolean := extract(day FROM to_on) > 15;
    whole       bigint;
BEGIN
    IF length(area) > 9 OR (length(area) = 9 AND wanted_tag <> '') THEN
        RETURN monitoring.tallied(what, area, wanted_tag, coalesce(from_on, '-infinity'), to_on);
    END IF;
    IF first_month < from_on THEN
        IF date_trunc('month', to_on) = first_month THEN
            RETURN monitoring.tallied(what, area, wanted_tag, from_on, to_on);
        END IF;
        RETURN monitoring.tallied(what, area, wanted_tag, from_on, (first_month + interval '1 month - 1 day')::date)
             + monitoring.total(what, area, wanted_tag, (first_month + interval '1 month')::date, to_on);
    END IF;
    SELECT coalesce(sum(c.n), 0) INTO whole FROM monitoring.cell c
     WHERE c.measure = what AND c.area_code = area AND c.tag = wanted_tag
       AND c.month >= coalesce(first_month, '-infinity'::date)
       AND c.month < CASE WHEN is_late THEN to_on + 1 ELSE end_month END;
    IF is_late THEN
        RETURN whole - monitoring.tallied(what, area, wanted_tag, to_on + 1,
                           (date_trunc('month', to_on) + interval '1 month - 1 day')::date);
    END IF;
    RETURN whole + monitoring.tallied(what, area, wanted_tag, end_month, to_on);
END $$;
COMMENT ON FUNCTION monitoring.total(smallint, text, text, date, date) IS
    'a measure summed over days, an area and a tag (''industry=C''; '''' for all)';

CREATE FUNCTION monitoring.measure_id(wanted text) RETURNS smallint
LANGUAGE sql STABLE
RETURN (SELECT m.id FROM monitoring.measure m WHERE m.code = wanted);

-- An indicator adds and takes away measures: '{employed_new,-natural_loss}'.
ALTER TABLE monitoring.indicator ADD COLUMN measures text[];
UPDATE monitoring.indicator i SET measures = v.m
  FROM (VALUES ('urban_new_employment', '{employed_new}'::text[]), ('reemployed_unemployed', '{reemployed_unemployed}'),
               ('reemployed_difficult', '{reemployed_difficult}'), ('certified', '{certified}'),
               ('startup_jobs', '{startup_jobs}'), ('subsidies_paid', '{paid_cents}')) AS v (code, m)
 WHERE i.code = v.code;

CREATE FUNCTION monitoring.sum_of(measures text[], area text, wanted_tag text, from_on date, to_on date)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(CASE WHEN m LIKE '-%' THEN -1 ELSE 1 END *
        monitoring.total(monitoring.measure_id(ltrim(m, '-')), area, wanted_tag, from_on, to_on)), 0)::bigint
      FROM unnest(measures) AS m
$$;
