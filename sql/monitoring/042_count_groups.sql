-- Key groups (重点群体): who belongs to one on a day, who came and went, who was
-- helped, works, waits longer than promised; and families in which nobody works.
CREATE TABLE monitoring.key_group (
    code     text PRIMARY KEY,
    ord      smallint NOT NULL,
    name     text NOT NULL,
    kind     text NOT NULL,
    filter   jsonb NOT NULL DEFAULT '{}',
    age_from integer,
    age_to   integer,
    away     bigint,
    basis    text,
    note     text NOT NULL,
    CONSTRAINT key_group_age_check CHECK ((age_from IS NULL) = (age_to IS NULL))
);
COMMENT ON COLUMN monitoring.key_group.kind IS 'of the facts that make members';
COMMENT ON COLUMN monitoring.key_group.away IS 'how many the city wants to work away; basis: who says so';
COMMENT ON TABLE monitoring.key_group IS 'public: definitions of groups, nobody''s data';
INSERT INTO monitoring.key_group (code, ord, name, kind, filter, age_from, age_to, note) VALUES
('graduate', 1, '高校毕业生', 'membership', '{"group": "graduate"}', NULL, NULL,
 '离校未就业高校毕业生实名台账中已在平台登记的人员，自毕业之日起'),
('migrant', 2, '农民工', 'membership', '{"group": "migrant"}', NULL, NULL,
 '劳动力资源台账中居住在行政村、外出务工且已在平台登记的人员'),
('poverty', 3, '脱贫人口', 'membership', '{"group": "poverty"}', NULL, NULL,
 '脱贫人口、返贫监测对象台账中已在平台登记的人员；外出务工人数另按台账全员统计'),
('difficult', 4, '就业困难人员', 'difficulty', '{}', NULL, NULL, '持有效就业困难人员认定的人员'),
('zero_family', 5, '零就业家庭成员', 'membership', '{"group": "zero_family"}', NULL, NULL,
 '经认定、尚未退出的零就业家庭的成员'),
('youth', 6, '16—24岁登记失业青年', 'unemployment', '{}', 16, 24, '失业登记在册且年满16岁、未满25岁的人员'),
('veteran', 7, '退役军人', 'membership', '{"group": "veteran"}', NULL, NULL,
 '退役军人事务部门名册中或本人申报经核实、已在平台登记的人员'),
('disabled', 8, '残疾人', 'membership', '{"group": "disabled"}', NULL, NULL,
 '残联持证残疾人名册中或本人申报经核实、已在平台登记的人员，以及因残疾被认定为就业困难人员的人员，每人只计一次');

UPDATE monitoring.key_group SET away = 297000, basis = '永政办发〔2024〕15号 二（三）8' WHERE code = 'poverty';

-- Members of a group are looked for by its name, of which there are a million in all.
CREATE INDEX fact_group_idx ON monitoring.fact ((attrs->>'group'), county_code) WHERE kind = 'membership';

-- Spells of membership that touch the period, in the caller's areas. As the owner:
-- a member of this county may be born, work or be served in another one.
CREATE FUNCTION monitoring.group_spells(wanted text, area text, from_on date, to_on date)
RETURNS TABLE (code text, person_id uuid, on_day date, end_day date, place text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    g         monitoring.key_group;
    is_whole  boolean := platform.whole_city();
    by_town   boolean := area <> '431100';
    counties  text[] := CASE WHEN area = '431100' THEN monitoring.units() WHEN length(area) = 6 THEN ARRAY[area]
                             ELSE ARRAY[left(area, 6), '431171', '431172', '431173'] END;	-- a town may be a zone's
BEGIN
    FOR g IN SELECT * FROM monitoring.key_group k WHERE wanted IS NULL OR k.code = wanted LOOP
        RETURN QUERY
        SELECT g.code, f.person_id, f.on_day, coalesce(f.until_day, 'infinity'),
               CASE WHEN by_town THEN coalesce(left(f.area_code, 9), f.county_code) ELSE f.county_code END
          FROM monitoring.fact f
         WHERE f.kind = g.kind AND f.attrs @> g.filter AND (g.kind <> 'membership' OR f.attrs->>'group' = g.filter->>'group')
           AND f.county_code = ANY (counties) AND (length(area) = 6 OR left(f.area_code, 9) = area)
           AND NOT f.is_dropped AND f.person_id IS NOT NULL
           AND f.on_day <= to_on AND (f.until_day IS NULL OR f.until_day >= from_on)
           AND (is_whole OR platform.in_areas(f.county_code, f.area_code))
           AND (g.age_from IS NULL OR EXISTS (SELECT FROM monitoring.person p WHERE p.id = f.person_id
                   AND to_on >= (p.birth_on + make_interval(years => g.age_from))::date
                   AND to_on < (p.birth_on + make_interval(years => g.age_to + 1))::date));
    END LOOP;
END $$;

-- One a member of the last day, and one a person who came or went before it. Spells
-- that touch are one stay; few have more than one, so the others are not sorted.
CREATE FUNCTION monitoring.group_people(wanted text, area text, from_on date, to_on date)
RETURNS TABLE (code text, person_id uuid, place text, is_in boolean, has_come boolean, has_gone boolean,
               is_helped boolean, works boolean, late bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog SET work_mem = '64MB' AS $$
    WITH spell AS MATERIALIZED (
        SELECT * FROM monitoring.group_spells(wanted, area, from_on, to_on)
    ), person AS MATERIALIZED (
        SELECT s.code, s.person_id, min(s.place) AS place, min(s.on_day) AS on_day, max(s.end_day) AS end_day, count(*) AS spells
          FROM spell s GROUP BY 1, 2
    ), numbered AS (
        SELECT n.*, sum(n.begins) OVER (PARTITION BY n.code, n.person_id ORDER BY n.on_day, n.end_day) AS stay
          FROM (SELECT s.*, CASE WHEN max(s.end_day) OVER (PARTITION BY s.code, s.person_id ORDER BY s.on_day, s.end_day
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= s.on_day THEN 0 ELSE 1 END AS begins
                  FROM spell s JOIN person p USING (code, person_id) WHERE p.spells > 1) AS n
    ), stay AS (
        SELECT n.code, n.person_id, (array_agg(n.place ORDER BY n.on_day DESC))[1] AS place, min(n.on_day) AS on_day,
               max(n.end_day) AS end_day
          FROM numbered n GROUP BY n.code, n.person_id, n.stay
    ), one AS (
        SELECT p.code, p.person_id, p.place, p.end_day > to_on AS is_in, p.on_day AS since_on, p.on_day >= from_on AS has_come,
               p.end_day <= to_on AND p.end_day > p.on_day AS has_gone
          FROM person p WHERE p.spells = 1
        UNION ALL
        SELECT s.code, s.person_id, (array_agg(s.place ORDER BY s.on_day DESC))[1], bool_or(s.end_day > to_on),
               min(s.on_day) FILTER (WHERE s.end_day > to_on), bool_or(s.on_day >= from_on),
               bool_or(s.end_day <= to_on AND s.end_day > s.on_day)
          FROM stay s GROUP BY s.code, s.person_id
    )
    SELECT o.code, o.person_id, o.place, o.is_in, o.has_come, o.has_gone, coalesce(x.is_helped, false),
           coalesce(x.works, false), coalesce(x.late, 0)
      FROM one o LEFT JOIN LATERAL (
          SELECT bool_or(f.kind = 'help_service' AND f.on_day >= o.since_on) AS is_helped,
                 bool_or(f.kind IN ('employment', 'declared') AND (f.until_day IS NULL OR f.until_day > to_on)) AS works,
                 count(*) FILTER (WHERE f.kind = 'help_late' AND (f.until_day IS NULL OR f.until_day > to_on)) AS late
            FROM monitoring.fact f
           WHERE f.person_id = o.person_id AND f.on_day <= to_on AND NOT f.is_dropped) AS x ON o.is_in
$$;

CREATE FUNCTION monitoring.unless_small(n bigint, hides boolean) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN NOT (hides AND n BETWEEN 1 AND 4) THEN n END;

-- Of a group all numbers are hidden when the smallest that is not zero is small.
CREATE FUNCTION monitoring.group_numbers(stock bigint, came bigint, went bigint, helped bigint, working bigint,
                                         late bigint, hides boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN h.hidden THEN jsonb_build_object('is_hidden', true)
           ELSE jsonb_build_object('is_hidden', false, 'stock', stock, 'came', came, 'went', went,
               'helped', helped, 'help_milli', monitoring.milli(helped, stock), 'employed', working,
               'employed_milli', monitoring.milli(working, stock), 'overdue', late) END
      FROM (SELECT hides AND (stock BETWEEN 1 AND 4 OR came BETWEEN 1 AND 4 OR went BETWEEN 1 AND 4
                OR helped BETWEEN 1 AND 4 OR working BETWEEN 1 AND 4 OR late BETWEEN 1 AND 4
                OR stock - helped BETWEEN 1 AND 4 OR stock - working BETWEEN 1 AND 4)) AS h (hidden)
$$;

CREATE FUNCTION monitoring.group_lines(wanted text, area text, from_on date, to_on date, hides boolean)
RETURNS TABLE (code text, place text, numbers jsonb)
LANGUAGE sql STABLE AS $$
    SELECT p.code, p.place, monitoring.group_numbers(count(*) FILTER (WHERE p.is_in), count(*) FILTER (WHERE p.has_come),
               count(*) FILTER (WHERE p.has_gone), count(*) FILTER (WHERE p.is_helped), count(*) FILTER (WHERE p.works),
               sum(p.late)::bigint, hides)
      FROM monitoring.group_people(wanted, area, from_on, to_on) p
     GROUP BY GROUPING SETS ((p.code), (p.code, p.place))
$$;

CREATE FUNCTION monitoring.group_line(g monitoring.key_group, numbers jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('code', g.code, 'name', g.name, 'note', g.note)
        || coalesce(numbers, monitoring.group_numbers(0, 0, 0, 0, 0, 0, false))
$$;

-- 动态清零: families recognised in the period and of them placed; those that stand on
-- its last day, still waiting, and waiting longer than the clock allows.
CREATE FUNCTION monitoring.household_figures(area text, from_on date, to_on date, hides boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH family AS (
        SELECT f.on_day, f.until_day, (f.attrs ->> 'due_on')::date AS due_on,
               (f.attrs ->> 'placed')::boolean AND coalesce((f.attrs ->> 'placed_on')::date, f.on_day) <= to_on AS placed,
               f.until_day IS NULL OR f.until_day > to_on AS stands
          FROM monitoring.fact f
         WHERE f.kind = 'household' AND NOT f.is_dropped AND f.on_day <= to_on
           AND platform.in_areas(f.county_code, f.area_code)
           AND (area = '431100' OR f.county_code = area OR left(f.area_code, 9) = area)
    ), n AS (
        SELECT count(*) FILTER (WHERE on_day >= from_on) AS recognised,
               count(*) FILTER (WHERE on_day >= from_on AND placed) AS placed,
               count(*) FILTER (WHERE stands) AS open,
               count(*) FILTER (WHERE stands AND NOT placed) AS waiting,
               count(*) FILTER (WHERE stands AND NOT placed AND due_on < to_on) AS overdue
          FROM family
    )
    SELECT jsonb_build_object('recognised', monitoring.unless_small(recognised, hides),
        'placed', monitoring.unless_small(placed, hides),
        'placed_milli', CASE WHEN NOT hides OR (recognised > 4 AND placed NOT BETWEEN 1 AND 4
                             AND recognised - placed NOT BETWEEN 1 AND 4) THEN monitoring.milli(placed, recognised) END,
        'open', monitoring.unless_small(open, hides), 'waiting', monitoring.unless_small(waiting, hides),
        'overdue', monitoring.unless_small(overdue, hides), 'is_cleared', overdue = 0)
      FROM n
$$;
