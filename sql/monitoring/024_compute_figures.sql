-- From a definition to a figure: of a period, an area, a tag, and of any revision.
--
-- These functions run as the owner, for sums need no row-level security and would
-- pay for it row by row: whoever calls them asks admit() first. The city's own sums
-- are everybody's who may read figures. Few rows of large tables, by their keys: the
-- planner, who does not know how many days are asked for, is not asked (OFFSET 0
-- keeps it from joining otherwise than written).

CREATE FUNCTION monitoring.newest() RETURNS bigint
LANGUAGE sql STABLE
RETURN (SELECT coalesce(max(r.id), 0) FROM monitoring.revision r);

CREATE FUNCTION monitoring.units() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127', '431128',
             '431129', '431181', '431171', '431172', '431173'];
COMMENT ON FUNCTION monitoring.units() IS 'the fourteen county-level units, in official order';

-- Of the area and the unit in charge of it.
CREATE FUNCTION monitoring.admit(county text, area text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    IF area <> '431100' AND NOT platform.in_areas(county, area) THEN
        PERFORM platform.refuse('auth.area');
    END IF;
END $$;

CREATE FUNCTION monitoring.lies_in(county text, place text, area text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN area = '431100' OR county = area OR left(place, 9) = area OR place = area;

-- What was added to a formula's sum after a revision.
CREATE FUNCTION monitoring.added_since(formula text[], area text, wanted_tag text, from_on date, to_on date, rev bigint)
RETURNS bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF rev IS NULL OR rev >= monitoring.newest() THEN
        RETURN 0;
    END IF;
    RETURN (SELECT coalesce(sum(CASE WHEN m LIKE '-%' THEN -1 ELSE 1 END * (
        (SELECT coalesce(sum(t.value), 0) FROM monitoring.tally t
          WHERE t.measure = monitoring.measure_id(ltrim(m, '-')) AND t.born > rev AND t.gone = 9223372036854775807
            AND t.on_day BETWEEN coalesce(from_on, '-infinity') AND to_on
            AND monitoring.lies_in(t.county_code, t.area_code, area)
            AND (wanted_tag = '' OR wanted_tag = ANY (t.tags)))
      - (SELECT coalesce(sum(t.value), 0) FROM monitoring.tally t
          WHERE t.measure = monitoring.measure_id(ltrim(m, '-')) AND t.born <= rev
            AND t.gone > rev AND t.gone < 9223372036854775807
            AND t.on_day BETWEEN coalesce(from_on, '-infinity') AND to_on
            AND monitoring.lies_in(t.county_code, t.area_code, area)
            AND (wanted_tag = '' OR wanted_tag = ANY (t.tags))))), 0)
        FROM unnest(formula) AS m);
END $$;

CREATE FUNCTION monitoring.sum_at(formula text[], area text, wanted_tag text, from_on date, to_on date, rev bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT monitoring.sum_of(formula, area, wanted_tag, from_on, to_on)
         - monitoring.added_since(formula, area, wanted_tag, from_on, to_on, rev)
$$;

CREATE TYPE monitoring.figure AS (
    value       bigint,
    numerator   bigint,
    denominator bigint,
    is_small    boolean,
    reason      text
);
COMMENT ON TYPE monitoring.figure IS
    'reason: why value is null; is_small: between one and four are behind it, which statisticians do not see';

CREATE FUNCTION monitoring.is_few(n bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN coalesce(abs(n) BETWEEN 1 AND 4, false);

-- Of the sums of a formula: parts of ten thousand, rounded to the nearest. A ratio with
-- `cases` is small by them too: four firms are few, however many they employ.
CREATE FUNCTION monitoring.quotient(v monitoring.indicator_version, top bigint, bottom bigint, cases bigint)
RETURNS monitoring.figure LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
    f monitoring.figure;
BEGIN
    IF v.kind IN ('flow', 'stock') THEN
        f.value := top;
        f.is_small := v.unit <> 'place' AND monitoring.is_few(coalesce(cases, top));
        RETURN f;
    END IF;
    f.numerator := top;
    f.denominator := bottom;
    f.is_small := monitoring.is_few(top) OR monitoring.is_few(bottom) OR monitoring.is_few(bottom - top)
        OR monitoring.is_few(cases);
    IF bottom > 0 THEN
        f.value := (top * 20000 + CASE WHEN top < 0 THEN -bottom ELSE bottom END) / (bottom * 2);
    ELSE
        f.reason := 'no_base';
    END IF;
    RETURN f;
END $$;

-- Why a definition has no figure of such an area and tag; NULL: it has.
CREATE FUNCTION monitoring.no_figure(v monitoring.indicator_version, area text, wanted_tag text) RETURNS text
LANGUAGE sql STABLE
RETURN CASE
    WHEN v.missing IS NOT NULL THEN 'no_data'
    WHEN array_position('{city,county,town,village}'::text[], v.area_level)
         < CASE WHEN area = '431100' THEN 1 WHEN length(area) = 6 THEN 2 WHEN length(area) = 9 THEN 3 ELSE 4 END
    THEN 'area_level'
    WHEN wanted_tag <> '' AND (v.kind = 'imported' OR EXISTS (SELECT FROM monitoring.measure m
          WHERE m.code IN (SELECT ltrim(x, '-') FROM unnest(v.numerator || v.denominator) AS x)
            AND split_part(wanted_tag, '=', 1) <> ALL (m.dims))) THEN 'no_dimension' END;

CREATE FUNCTION monitoring.imported_on(wanted text, area text, from_day date, to_day date) RETURNS monitoring.imported_value
LANGUAGE sql STABLE AS $$
    SELECT i FROM monitoring.imported_value i
     WHERE i.indicator = wanted AND i.county_code = area AND i.to_on BETWEEN from_day AND to_day
     ORDER BY i.to_on DESC, i.id DESC LIMIT 1
$$;

CREATE FUNCTION monitoring.figure_of(v monitoring.indicator_version, area text, wanted_tag text, from_on date, to_on date,
    rev bigint) RETURNS monitoring.figure
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    f     monitoring.figure;
    start date := CASE WHEN v.kind IN ('stock', 'share') THEN NULL ELSE from_on END;
BEGIN
    f.reason := monitoring.no_figure(v, area, wanted_tag);
    f.is_small := false;
    IF f.reason IS NOT NULL THEN
        RETURN f;
    ELSIF v.kind = 'imported' THEN
        f.value := (monitoring.imported_on(v.indicator, area, from_on, to_on)).value;
        f.reason := CASE WHEN f.value IS NULL THEN 'not_imported' END;
        RETURN f;
    END IF;
    RETURN monitoring.quotient(v, monitoring.sum_at(v.numerator, area, wanted_tag, start, to_on, rev),
        CASE WHEN v.kind IN ('rate', 'share')
             THEN monitoring.sum_at(v.denominator, area, wanted_tag, start, to_on, rev) END,
        CASE WHEN v.cases <> '{}' THEN monitoring.sum_at(v.cases, area, wanted_tag, start, to_on, rev) END);
END $$;
COMMENT ON FUNCTION monitoring.figure_of(monitoring.indicator_version, text, text, date, date, bigint) IS
    'as the owner: ask monitoring.admit() first';

-- Lines of one list, [{…, small}] beside their sum: what must not be seen is taken
-- out, and where that is one line alone, which the sum would tell, the next
-- smallest with it.
CREATE FUNCTION monitoring.shown(lines jsonb, hides boolean, sum_is_hidden boolean) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
    taken_out integer[] := '{}';
BEGIN
    IF hides THEN
        SELECT coalesce(array_agg(at), '{}') INTO taken_out
          FROM jsonb_array_elements(lines) WITH ORDINALITY AS l (line, at)
         WHERE sum_is_hidden OR (line->>'small')::boolean;
        IF cardinality(taken_out) = 1 THEN
            taken_out := taken_out || ARRAY(SELECT at::integer FROM jsonb_array_elements(lines) WITH ORDINALITY AS l (line, at)
                WHERE at <> taken_out[1] AND jsonb_typeof(line->'value') = 'number'
                ORDER BY (line->>'value')::bigint = 0, abs((line->>'value')::bigint), at LIMIT 1);
        END IF;
    END IF;
    RETURN (SELECT coalesce(jsonb_agg((line - 'small') || CASE WHEN at = ANY (taken_out)
                THEN '{"hidden": true, "value": null, "numerator": null, "denominator": null}'
                ELSE '{"hidden": false}' END::jsonb ORDER BY at), '[]')
              FROM jsonb_array_elements(lines) WITH ORDINALITY AS l (line, at));
END $$;

CREATE FUNCTION monitoring.figure_json(f monitoring.figure) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object('value', f.value, 'numerator', f.numerator, 'denominator', f.denominator,
    'small', coalesce(f.is_small, false), 'reason', f.reason);

-- Many measures in many areas at once, from whole months and the days around them.
-- Lists are compared with the keys themselves: one pass over an index, not one a pair.
CREATE FUNCTION monitoring.sums(ids smallint[], areas text[], from_day date, to_day date)
RETURNS TABLE (measure smallint, area text, n bigint) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    first_month date := coalesce(date_trunc('month', from_day + interval '1 month - 1 day'), '-infinity');
    end_month   date := date_trunc('month', to_day + 1);
    head_on     date := least(first_month - 1, to_day);
    tail_on     date := greatest(end_month, first_month);
    towns       text[] := ARRAY(SELECT a FROM unnest(areas) AS a WHERE length(a) = 9);
BEGIN
    RETURN QUERY
    SELECT x.measure, x.area, sum(x.n)::bigint
      FROM (SELECT c.measure, c.area_code AS area, c.n FROM monitoring.cell c
             WHERE c.measure = ANY (ids) AND c.area_code = ANY (areas) AND c.tag = ''
               AND c.month >= first_month AND c.month < end_month
            UNION ALL
            SELECT d.* FROM (VALUES (from_day, head_on), (tail_on, to_day)) AS r (a_day, z_day)
             CROSS JOIN LATERAL (SELECT y.measure, y.county_code, y.n FROM monitoring.cell_day y
                                  WHERE y.measure = ANY (ids) AND y.county_code = ANY (areas) AND y.tag = ''
                                    AND y.on_day BETWEEN r.a_day AND r.z_day OFFSET 0) AS d
             WHERE r.a_day <= r.z_day
            UNION ALL
            SELECT t.* FROM (VALUES (from_day, head_on), (tail_on, to_day)) AS r (a_day, z_day)
             CROSS JOIN LATERAL (SELECT y.measure, left(y.area_code, 9), y.value FROM monitoring.tally y
                                  WHERE y.measure = ANY (ids) AND left(y.area_code, 9) = ANY (towns)
                                    AND y.on_day BETWEEN r.a_day AND r.z_day AND y.gone = 9223372036854775807 OFFSET 0) AS t
             WHERE towns <> '{}' AND r.a_day <= r.z_day) AS x
     GROUP BY 1, 2;
END $$;

-- Several definitions in several areas down to towns, as they are now.
CREATE FUNCTION monitoring.figures_in(defined monitoring.indicator_version[], areas text[], from_day date, to_day date)
RETURNS TABLE (indicator text, area text, f monitoring.figure)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH part AS MATERIALIZED (
        SELECT v.indicator, v.kind IN ('stock', 'share') AS is_stock, p.part,
               x.id, CASE WHEN m LIKE '-%' THEN -1 ELSE 1 END AS sign
          FROM unnest(defined) AS v
         CROSS JOIN LATERAL (VALUES ('n', v.numerator), ('d', v.denominator), ('c', v.cases)) AS p (part, formula)
         CROSS JOIN LATERAL unnest(p.formula) AS m
          JOIN monitoring.measure x ON x.code = ltrim(m, '-')
    ), counted AS (
        SELECT false AS is_stock, s.* FROM monitoring.sums(
            ARRAY(SELECT DISTINCT id FROM part WHERE NOT is_stock), areas, from_day, to_day) AS s
        UNION ALL
        SELECT true, s.* FROM monitoring.sums(
            ARRAY(SELECT DISTINCT id FROM part WHERE is_stock), areas, NULL, to_day) AS s
    ), summed AS (
        SELECT p.indicator, c.area, coalesce(sum(p.sign * c.n) FILTER (WHERE p.part = 'n'), 0)::bigint AS top,
               coalesce(sum(p.sign * c.n) FILTER (WHERE p.part = 'd'), 0)::bigint AS bottom,
               coalesce(sum(p.sign * c.n) FILTER (WHERE p.part = 'c'), 0)::bigint AS cases
          FROM part p JOIN counted c ON c.measure = p.id AND c.is_stock = p.is_stock
         GROUP BY 1, 2
    )
    SELECT v.indicator, a.code, CASE
        WHEN v.kind = 'imported' OR w.why IS NOT NULL THEN monitoring.figure_of(v, a.code, '', from_day, to_day, NULL)
        ELSE monitoring.quotient(v, coalesce(s.top, 0), coalesce(s.bottom, 0),
                                 CASE WHEN v.cases <> '{}' THEN coalesce(s.cases, 0) END) END
      FROM unnest(defined) AS v
     CROSS JOIN (SELECT r.size, array_agg(r.code) AS codes
                   FROM (SELECT CASE code WHEN '431100' THEN 0 ELSE length(code) END AS size, code
                           FROM unnest(areas) AS code) AS r GROUP BY 1) AS rank
     CROSS JOIN LATERAL (SELECT monitoring.no_figure(v, rank.codes[1], '') AS why OFFSET 0) AS w	-- once a rank
     CROSS JOIN LATERAL unnest(rank.codes) AS a (code)
      LEFT JOIN summed s ON s.indicator = v.indicator AND s.area = a.code
$$;
COMMENT ON FUNCTION monitoring.figures_in(monitoring.indicator_version[], text[], date, date) IS
    'as the owner: ask monitoring.admit() first';

-- One indicator in several areas of the same rank.
CREATE FUNCTION monitoring.by_area(v monitoring.indicator_version, codes text[], names text[], wanted_tag text,
    from_on date, to_on date, rev bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF cardinality(codes) > 0 AND length(codes[1]) = 12 AND v.kind <> 'imported' AND rev IS NULL
       AND monitoring.no_figure(v, codes[1], wanted_tag) IS NULL THEN
        RETURN monitoring.by_village(v, codes, names, wanted_tag, from_on, to_on);
    ELSIF wanted_tag = '' AND rev IS NULL THEN
        RETURN (SELECT jsonb_agg(jsonb_build_object('area_code', a.code, 'name', a.name)
                    || monitoring.figure_json(s.f) ORDER BY a.at)
                  FROM unnest(codes, names) WITH ORDINALITY AS a (code, name, at)
                  JOIN monitoring.figures_in(ARRAY[v], codes, from_on, to_on) AS s ON s.area = a.code);
    END IF;
    RETURN (SELECT jsonb_agg(jsonb_build_object('area_code', a.code, 'name', a.name) || monitoring.figure_json(
                monitoring.figure_of(v, a.code, wanted_tag, from_on, to_on, rev)) ORDER BY a.at)
              FROM unnest(codes, names) WITH ORDINALITY AS a (code, name, at));
END $$;

-- Villages have no cells: their town's tallies are read once.
CREATE FUNCTION monitoring.by_village(v monitoring.indicator_version, codes text[], names text[], wanted_tag text,
    from_day date, to_day date) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog SET enable_seqscan = off AS $$
    WITH part AS (
        SELECT p.part, monitoring.measure_id(ltrim(m, '-')) AS id, CASE WHEN m LIKE '-%' THEN -1 ELSE 1 END AS sign
          FROM (VALUES ('n', v.numerator), ('d', v.denominator), ('c', v.cases)) AS p (part, formula)
         CROSS JOIN LATERAL unnest(p.formula) AS m
    ), counted AS (
        SELECT t.area_code, sum(part.sign * t.n) FILTER (WHERE part.part = 'n')::bigint AS top,
               sum(part.sign * t.n) FILTER (WHERE part.part = 'd')::bigint AS bottom,
               sum(part.sign * t.n) FILTER (WHERE part.part = 'c')::bigint AS cases
          FROM part CROSS JOIN LATERAL (
              SELECT x.area_code, sum(x.value) AS n FROM monitoring.tally x
               WHERE x.measure = part.id AND left(x.area_code, 9) = left(codes[1], 9) AND length(x.area_code) = 12
                 AND x.on_day BETWEEN CASE WHEN v.kind IN ('stock', 'share') THEN '-infinity' ELSE from_day END AND to_day
                 AND x.gone = 9223372036854775807 AND (wanted_tag = '' OR wanted_tag = ANY (x.tags))
               GROUP BY 1) AS t
         GROUP BY 1
    )
    SELECT jsonb_agg(jsonb_build_object('area_code', a.code, 'name', a.name) || monitoring.figure_json(
               monitoring.quotient(v, coalesce(c.top, 0), coalesce(c.bottom, 0),
                   CASE WHEN v.cases <> '{}' THEN coalesce(c.cases, 0) END)) ORDER BY a.at)
      FROM unnest(codes, names) WITH ORDINALITY AS a (code, name, at) LEFT JOIN counted c ON c.area_code = a.code
$$;

-- A formula by the values of one dimension: whole months from the cells, the days
-- around them from their own; towns and villages from the tallies, read once.
CREATE FUNCTION monitoring.sum_by_tag(formula text[], area text, dim text, from_day date, to_day date)
RETURNS TABLE (tag text, n bigint) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    first_month date := coalesce(date_trunc('month', from_day + interval '1 month - 1 day'), '-infinity');
    end_month   date := date_trunc('month', to_day + 1);
    m           text;
    id          smallint;
    sign        integer;
BEGIN
    FOREACH m IN ARRAY formula LOOP
        id := monitoring.measure_id(ltrim(m, '-'));
        sign := CASE WHEN m LIKE '-%' THEN -1 ELSE 1 END;
        IF length(area) > 6 THEN
            RETURN QUERY
            SELECT u.tag, sign * sum(t.value)::bigint FROM monitoring.tally t CROSS JOIN LATERAL unnest(t.tags) AS u (tag)
             WHERE t.measure = id AND left(t.area_code, 9) = left(area, 9) AND (length(area) = 9 OR t.area_code = area)
               AND t.on_day BETWEEN coalesce(from_day, '-infinity') AND to_day AND t.gone = 9223372036854775807
               AND split_part(u.tag, '=', 1) = dim GROUP BY 1;
            CONTINUE;
        END IF;
        RETURN QUERY
        SELECT c.tag, sign * sum(c.n)::bigint FROM monitoring.cell c
         WHERE c.measure = id AND c.area_code = area AND c.tag > dim || '=' AND c.tag < dim || '>'
           AND c.month >= first_month AND c.month < end_month GROUP BY 1
        UNION ALL
        SELECT u.tag, sign * sum(d.n)::bigint
          FROM (VALUES (from_day, least(first_month - 1, to_day)),
                       (greatest(end_month, first_month), to_day)) AS r (a_day, z_day)
         CROSS JOIN LATERAL (SELECT DISTINCT c.tag FROM monitoring.cell c
                              WHERE c.measure = id AND c.area_code = area AND c.tag > dim || '=' AND c.tag < dim || '>'
                                AND c.month BETWEEN date_trunc('month', r.a_day) AND r.z_day) AS u
          JOIN monitoring.cell_day d ON d.measure = id AND d.county_code = area AND d.tag = u.tag
           AND d.on_day BETWEEN r.a_day AND r.z_day
         GROUP BY 1;
    END LOOP;
END $$;

-- The lines of an indicator by a dimension, in the order of their codes.
CREATE FUNCTION monitoring.by_tag(v monitoring.indicator_version, area text, dim text, from_day date, to_day date)
RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH start AS (
        SELECT CASE WHEN v.kind IN ('stock', 'share') THEN NULL ELSE from_day END AS on_day
    ), counted AS (
        SELECT x.tag, sum(x.n) FILTER (WHERE x.part = 'n') AS top, sum(x.n) FILTER (WHERE x.part = 'd') AS bottom,
               sum(x.n) FILTER (WHERE x.part = 'c') AS cases
          FROM (SELECT 'n' AS part, s.tag, s.n FROM start CROSS JOIN LATERAL
                       monitoring.sum_by_tag(v.numerator, area, dim, start.on_day, to_day) AS s
                UNION ALL SELECT 'd', s.tag, s.n FROM start CROSS JOIN LATERAL
                       monitoring.sum_by_tag(v.denominator, area, dim, start.on_day, to_day) AS s
                UNION ALL SELECT 'c', s.tag, s.n FROM start CROSS JOIN LATERAL
                       monitoring.sum_by_tag(v.cases, area, dim, start.on_day, to_day) AS s) AS x
         GROUP BY 1
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('tag', c.tag, 'code', substr(c.tag, length(dim) + 2),
               'name', coalesce((SELECT g.name FROM monitoring.grp g WHERE c.tag = 'group=' || g.code),
                                substr(c.tag, length(dim) + 2))) || monitoring.figure_json(
               monitoring.quotient(v, coalesce(c.top, 0)::bigint, coalesce(c.bottom, 0)::bigint, c.cases::bigint))
               ORDER BY c.tag), '[]')
      FROM counted c
     WHERE c.top <> 0 OR c.bottom <> 0
$$;
