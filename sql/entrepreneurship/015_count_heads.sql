-- How many work at a firm and how many are insured, month by month. The first
-- is worked out from hires and ends as they are known now; the second is what
-- the insurance data said last of that month. Nobody is named.
CREATE TABLE entrepreneurship.insured_month (
    org_id      uuid NOT NULL,
    month       date NOT NULL CONSTRAINT insured_month_first_check CHECK (extract(day FROM month) = 1),
    heads       integer NOT NULL CONSTRAINT insured_month_heads_check CHECK (heads >= 0),
    county_code text,
    told_at     timestamptz NOT NULL,
    PRIMARY KEY (org_id, month)
);
CALL platform.protect('entrepreneurship.insured_month',
    'org_id = platform.org() OR platform.in_areas(county_code, NULL)', 'false');

-- Each month of a tenancy up to now. Heads stand on the month's last day in the
-- carrier. A group is NULL where some hire's is not known, insured where the
-- data of the month has not come.
CREATE FUNCTION entrepreneurship.tenant_months(t entrepreneurship.tenant, first date, last date)
RETURNS TABLE (month date, hires bigint, leavers bigint, heads bigint, unemployed bigint, difficult bigint, insured bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH span AS (
        SELECT greatest(t.admitted_on, first) AS from_on,
               least(t.left_on, last, platform.today()) AS to_on WHERE t.state IN ('in', 'left')
    ), months AS (
        SELECT m::date AS month, greatest(m::date, t.admitted_on) AS from_on,
               least((m + interval '1 month')::date - 1, coalesce(t.left_on, 'infinity'), platform.today()) AS to_on
          FROM span, generate_series(date_trunc('month', span.from_on::timestamp), span.to_on, '1 month') m
    )
    SELECT m.month, h.hires, h.leavers, h.heads,
           CASE WHEN h.unknown_u = 0 THEN h.unemployed END, CASE WHEN h.unknown_d = 0 THEN h.difficult END,
           (SELECT i.heads::bigint FROM entrepreneurship.insured_month i WHERE i.org_id = t.org_id AND i.month = m.month)
      FROM months m CROSS JOIN LATERAL (
          SELECT count(DISTINCT x.person_id) FILTER (WHERE x.hired_on BETWEEN m.from_on AND m.to_on) AS hires,
                 count(DISTINCT x.person_id) FILTER (WHERE e.ended_on BETWEEN m.from_on AND m.to_on) AS leavers,
                 count(DISTINCT x.person_id) FILTER (WHERE x.hired_on <= m.to_on
                     AND coalesce(e.ended_on, 'infinity') > m.to_on) AS heads,
                 count(DISTINCT x.person_id) FILTER (WHERE x.hired_on BETWEEN m.from_on AND m.to_on AND x.was_unemployed) AS unemployed,
                 count(DISTINCT x.person_id) FILTER (WHERE x.hired_on BETWEEN m.from_on AND m.to_on AND x.was_difficult) AS difficult,
                 count(*) FILTER (WHERE x.hired_on BETWEEN m.from_on AND m.to_on AND x.was_unemployed IS NULL) AS unknown_u,
                 count(*) FILTER (WHERE x.hired_on BETWEEN m.from_on AND m.to_on AND x.was_difficult IS NULL) AS unknown_d
            FROM entrepreneurship.hire x LEFT JOIN entrepreneurship.hire_end e ON e.employment_id = x.id
           WHERE x.org_id = t.org_id AND x.hired_on <= m.to_on) h
$$;
COMMENT ON FUNCTION entrepreneurship.tenant_months(entrepreneurship.tenant, date, date) IS
    'of a tenancy that the caller has read: counts, nobody named';

-- What the register knows of a carrier's year, for its yearly check.
CREATE FUNCTION entrepreneurship.carrier_year(which uuid, of_year integer) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH span AS (
        SELECT make_date(of_year, 1, 1) AS from_on, least(make_date(of_year, 12, 31), platform.today()) AS to_on
    ), t AS (
        SELECT x.* FROM entrepreneurship.tenant x WHERE x.carrier_id = which AND x.state IN ('in', 'left')
    )
    SELECT jsonb_build_object('year', of_year, 'as_of', s.to_on,
        'tenants_before', (SELECT count(*) FROM t WHERE t.admitted_on < s.from_on AND coalesce(t.left_on, 'infinity') >= s.from_on),
        'admitted', (SELECT count(*) FROM t WHERE t.admitted_on BETWEEN s.from_on AND s.to_on),
        'tenants', (SELECT count(*) FROM t WHERE t.admitted_on <= s.to_on AND coalesce(t.left_on, 'infinity') > s.to_on),
        'left', (SELECT coalesce(jsonb_object_agg(coalesce(l.leave_reason, 'unknown'), l.n), '{}') FROM (SELECT t.leave_reason, count(*) AS n
                  FROM t WHERE t.left_on BETWEEN s.from_on AND s.to_on GROUP BY t.leave_reason) l),
        'jobs', (SELECT count(DISTINCT j.person_id) FROM entrepreneurship.job_created j
                  WHERE j.carrier_id = which AND j.hired_on BETWEEN s.from_on AND s.to_on),
        'heads', (SELECT sum(m.heads) FROM t, entrepreneurship.tenant_months(t, date_trunc('month', s.to_on::timestamp)::date, s.to_on) m
                   WHERE m.month = date_trunc('month', s.to_on::timestamp)::date AND coalesce(t.left_on, 'infinity') > s.to_on),
        'insured', (SELECT sum(i.heads) FROM t JOIN entrepreneurship.insured_month i ON i.org_id = t.org_id
                     WHERE coalesce(t.left_on, 'infinity') > s.to_on AND t.admitted_on <= s.to_on
                       AND i.month = (SELECT max(k.month) FROM entrepreneurship.insured_month k
                                       WHERE k.org_id = t.org_id AND k.month BETWEEN s.from_on AND s.to_on)),
        'relief_cents', (SELECT coalesce(sum(r.cents), 0) FROM entrepreneurship.relief r WHERE r.carrier_id = which
                          AND r.state = 'checked' AND r.month BETWEEN s.from_on AND s.to_on))
      FROM span s
$$;
