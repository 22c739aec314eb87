-- 人力资源市场 and key groups as measures. Demand and seekers are spells told by
-- jobs; what a spell is there says sql/jobs/096. Sums of the month's cells of the
-- city and its counties are all that a quarter needs.
INSERT INTO monitoring.feed
    (type, kind, op, id_member, on_member, until_member, amount_member, attrs, needs) VALUES
('jobs.demand.changed.v1', 'demand', 'put', 'spell_id', 'from_on', 'until_on', 'heads',
 '{vacancy_id,occupation_group,education_level,skill_level}', 'heads'),
('jobs.demand.changed.v1', 'demand_filled', 'put', 'spell_id', 'from_on', 'until_on', 'filled',
 '{vacancy_id,occupation_group,education_level,skill_level}', 'filled'),
('jobs.seeker.changed.v1', 'seeker', 'put', 'spell_id', 'from_on', 'until_on', NULL,
 '{kind,occupation_group,education_level,skill_level}', NULL),
('jobs.help_item.changed.v1', 'help_late', 'put', 'item_id', 'late_from', 'late_until', NULL,
 '{case_id,kind,group,due_on}', NULL);

INSERT INTO monitoring.measure (id, code, name, kind, filters, moment, counts, once, dims, is_live) VALUES
(60, 'demand_heads', '在招岗位招聘人数', 'demand', '{"{}"}', 'span', 'amount', NULL,
 '{industry,org_kind,occupation_group,education_level,skill_level}', false),
(61, 'demand_filled', '在招岗位已招人数', 'demand_filled', '{"{}"}', 'span', 'amount', NULL,
 '{industry,org_kind,occupation_group,education_level,skill_level}', false),
(62, 'demand_new', '新增招聘人数', 'demand', '{"{}"}', 'on', 'amount', NULL,
 '{industry,org_kind,occupation_group,education_level,skill_level}', false),
(63, 'seekers', '在册求职人员', 'seeker', '{"{}"}', 'span', 'facts', NULL,
 '{kind,occupation_group,education_level,skill_level,sex,age,group}', false),
(64, 'seekers_new', '新增求职人次', 'seeker', '{"{}"}', 'on', 'facts', NULL,
 '{kind,occupation_group,education_level,skill_level,sex,age,group}', false),
(65, 'help_late', '逾期帮扶事项', 'help_late', '{"{}"}', 'span', 'facts', NULL, '{kind}', false),
(66, 'members_graduate', '高校毕业生', 'membership', '{"{\"group\": \"graduate\"}"}', 'span', 'facts', NULL, '{sex,age}', false),
(67, 'members_migrant', '农民工', 'membership', '{"{\"group\": \"migrant\"}"}', 'span', 'facts', NULL, '{sex,age}', false),
(68, 'members_poverty', '脱贫人口', 'membership', '{"{\"group\": \"poverty\"}"}', 'span', 'facts', NULL, '{sex,age}', false),
(69, 'members_zero_family', '零就业家庭成员', 'membership', '{"{\"group\": \"zero_family\"}"}', 'span', 'facts', NULL, '{sex,age}', false),
(70, 'members_disabled', '残疾就业困难人员', 'membership', '{"{\"group\": \"disabled\", \"register\": \"difficulty\"}"}', 'span', 'facts',
 NULL, '{sex,age}', false),
(100, 'members_disabled_card', '持证残疾人', 'membership', '{"{\"group\": \"disabled\", \"register\": \"roster\"}"}', 'span', 'facts',
 NULL, '{sex,age}', false),
(101, 'members_veteran', '退役军人', 'membership', '{"{\"group\": \"veteran\"}"}', 'span', 'facts', NULL, '{sex,age}', false);

CREATE FUNCTION monitoring.milli(part bigint, whole bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN whole > 0 THEN (2 * 1000 * part + whole) / (2 * whole) END;
COMMENT ON FUNCTION monitoring.milli(bigint, bigint) IS 'per mille, rounded half up; null: of nothing';

-- Both sides of a quarter by every tag. One who changes the kind of work looked
-- for is carried over under what is looked for now.
CREATE FUNCTION monitoring.market_sides(area text, first date)
RETURNS TABLE (dim text, code text, d_carry bigint, d_new bigint, s_carry bigint, s_new bigint)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(split_part(c.tag, '=', 1), ''), 'all'), split_part(c.tag, '=', 2),
           coalesce(sum(CASE c.measure WHEN 61 THEN -c.n ELSE c.n END)
               FILTER (WHERE c.measure IN (60, 61) AND c.month < first), 0)::bigint,
           coalesce(sum(c.n) FILTER (WHERE c.measure = 62 AND c.month >= first), 0)::bigint,
           coalesce(sum(c.n) FILTER (WHERE c.measure = 63 AND c.month < first), 0)::bigint,
           coalesce(sum(c.n) FILTER (WHERE c.measure = 64 AND c.month >= first), 0)::bigint
      FROM monitoring.cell c
     WHERE c.measure IN (60, 61, 62, 63, 64) AND c.area_code = area AND c.month < first + interval '3 months'
     GROUP BY 1, 2
$$;

-- 大类 and 中类 are sums of what lies below them.
CREATE FUNCTION monitoring.market_lines(area text, first date)
RETURNS TABLE (dim text, code text, d_carry bigint, d_new bigint, demand bigint,
               s_carry bigint, s_new bigint, seekers bigint)
LANGUAGE sql STABLE AS $$
    SELECT l.dim, l.code, sum(s.d_carry)::bigint, sum(s.d_new)::bigint, sum(s.d_carry + s.d_new)::bigint,
           sum(s.s_carry)::bigint, sum(s.s_new)::bigint, sum(s.s_carry + s.s_new)::bigint
      FROM monitoring.market_sides(area, first) s
     CROSS JOIN LATERAL (SELECT s.dim, s.code WHERE s.dim <> 'occupation_group'
         UNION ALL
         SELECT o.dim, CASE WHEN s.code = '-' OR length(s.code) < o.n THEN '-' ELSE left(s.code, o.n) END
           FROM (VALUES ('occupation_major', 1), ('occupation_middle', 4), ('occupation', 7)) AS o (dim, n)
          WHERE s.dim = 'occupation_group') AS l
     GROUP BY 1, 2
$$;

-- Which side knows of a dimension: an employer may ask for no sex and no age, and
-- a seeker belongs to no industry.
CREATE FUNCTION monitoring.market_line(code text, dim text, d_carry bigint, d_new bigint, s_carry bigint,
                                       s_new bigint, hides boolean, hidden boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('code', code,
        'demand_carried', d.carry, 'demand_new', d.new, 'demand', d.carry + d.new,
        'seekers_carried', CASE WHEN s.parts THEN s.carry END, 'seekers_new', CASE WHEN s.parts THEN s.new END,
        'seekers', CASE WHEN s.whole THEN s.carry + s.new END, 'is_hidden', NOT coalesce(s.whole, true),
        'ratio_milli', CASE WHEN s.whole THEN monitoring.milli(d.carry + d.new, s.carry + s.new) END)
      FROM (SELECT CASE WHEN dim NOT IN ('sex', 'age', 'kind', 'group') THEN d_carry END,
                   CASE WHEN dim NOT IN ('sex', 'age', 'kind', 'group') THEN d_new END) AS d (carry, new),
           (SELECT CASE WHEN dim NOT IN ('industry', 'org_kind') THEN s_carry END,
                   CASE WHEN dim NOT IN ('industry', 'org_kind') THEN s_new END,
                   CASE WHEN dim NOT IN ('industry', 'org_kind') THEN NOT hidden END,
                   CASE WHEN dim NOT IN ('industry', 'org_kind') THEN NOT hidden AND NOT (hides
                        AND (s_carry BETWEEN 1 AND 4 OR s_new BETWEEN 1 AND 4)) END)
               AS s (carry, new, whole, parts)
$$;

CREATE FUNCTION monitoring.market_compare(area text, first date, demand bigint, seekers bigint) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('quarter', to_char(first, 'YYYY"Q"Q'), 'demand', w.d, 'seekers', w.s,
        'ratio_milli', monitoring.milli(w.d, w.s),
        'demand_change_milli', CASE WHEN w.d > 0 THEN (1000 * (demand - w.d)) / w.d END,
        'seekers_change_milli', CASE WHEN w.s > 0 THEN (1000 * (seekers - w.s)) / w.s END)
      FROM (SELECT coalesce(sum(s.d_carry + s.d_new), 0)::bigint AS d, coalesce(sum(s.s_carry + s.s_new), 0)::bigint AS s
              FROM monitoring.market_sides(area, first) s WHERE s.dim = 'all') AS w
$$;

-- `hides`: numbers of seekers from one to four are not shown, nor a second one
-- of the dimension where the first would follow from the sum.
CREATE FUNCTION monitoring.market_figures(area text, first date, hides boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH line AS MATERIALIZED (
        SELECT l.*, l.seekers BETWEEN 1 AND 4 AS is_small FROM monitoring.market_lines(area, first) l
         WHERE l.demand <> 0 OR l.seekers <> 0 OR l.dim = 'all'
    ), ranked AS (
        SELECT l.*, count(*) FILTER (WHERE is_small) OVER (PARTITION BY dim) AS smalls,
               row_number() OVER (PARTITION BY dim, is_small OR seekers = 0 ORDER BY seekers, code) AS nth
          FROM line l
    ), shown AS MATERIALIZED (
        SELECT r.*, hides AND dim <> 'all' AND (is_small OR (smalls = 1 AND nth = 1 AND seekers > 0)) AS hidden
          FROM ranked r
    ), whole AS (
        SELECT coalesce(sum(d_carry), 0)::bigint AS d_carry, coalesce(sum(d_new), 0)::bigint AS d_new,
               coalesce(sum(s_carry), 0)::bigint AS s_carry, coalesce(sum(s_new), 0)::bigint AS s_new
          FROM shown WHERE dim = 'all'
    ), gaps AS (
        SELECT code, demand, CASE WHEN NOT hidden THEN seekers END AS seekers,
               CASE WHEN NOT hidden THEN demand - seekers END AS gap, demand - seekers AS true_gap
          FROM shown WHERE dim = 'occupation' AND code <> '-'
    )
    SELECT jsonb_build_object('quarter', to_char(first, 'YYYY"Q"Q'), 'from_on', first,
        'to_on', (first + interval '3 months - 1 day')::date, 'area_code', area,
        'is_empty', w.d_carry + w.d_new + w.s_carry + w.s_new = 0,
        'ratio_reason', CASE WHEN w.d_carry + w.d_new + w.s_carry + w.s_new = 0 THEN 'no_data'
                             WHEN w.s_carry + w.s_new = 0 THEN 'no_seekers' END,
        'total', monitoring.market_line('', 'all', w.d_carry, w.d_new, w.s_carry, w.s_new, hides,
                                        hides AND w.s_carry + w.s_new BETWEEN 1 AND 4),
        'by', (SELECT jsonb_object_agg(d.dim, (SELECT coalesce(jsonb_agg(
                   monitoring.market_line(s.code, s.dim, s.d_carry, s.d_new, s.s_carry, s.s_new, hides, s.hidden) ORDER BY s.code), '[]')
                      FROM shown s WHERE s.dim = d.dim))
                 FROM unnest(ARRAY['industry', 'org_kind', 'occupation_major', 'occupation_middle', 'occupation',
                       'education_level', 'skill_level', 'sex', 'age', 'kind', 'group']) AS d (dim)),
        'short', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'demand', g.demand,
                      'seekers', g.seekers, 'gap', g.gap) ORDER BY g.true_gap DESC, g.code), '[]')
                    FROM (SELECT * FROM gaps WHERE true_gap > 0 ORDER BY true_gap DESC, code LIMIT 10) g),
        'excess', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'demand', g.demand,
                      'seekers', g.seekers, 'gap', g.gap) ORDER BY g.true_gap, g.code), '[]')
                    FROM (SELECT * FROM gaps WHERE true_gap < 0 ORDER BY true_gap, code LIMIT 10) g),
        'previous', monitoring.market_compare(area, (first - interval '3 months')::date,
                                              w.d_carry + w.d_new, w.s_carry + w.s_new),
        'year_ago', monitoring.market_compare(area, (first - interval '1 year')::date,
                                              w.d_carry + w.d_new, w.s_carry + w.s_new))
      FROM whole w
$$;
COMMENT ON FUNCTION monitoring.market_figures(text, date, boolean) IS
    'the market of a quarter (its first day), of the city or a county';
