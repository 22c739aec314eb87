-- What everybody may see of awarded projects, and the figures of a county.

CREATE FUNCTION entrepreneurship.projects_public(after uuid, lim integer, county text)
RETURNS TABLE (reply text, cursor text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('id', p.id, 'name', a.name, 'round_id', r.id, 'round_title', r.title, 'rank', a.rank,
               'score_milli', a.score_milli, 'county_code', p.county_code,
               'awarded_on', (a.made_at AT TIME ZONE 'Asia/Shanghai')::date, 'instalments', a.instalments,
               'milestones', m.n, 'milestones_accepted', m.accepted)::text, p.id::text
      FROM entrepreneurship.project p
      JOIN entrepreneurship.award a ON a.id = p.id
      JOIN entrepreneurship.round_entry e ON e.id = a.source_id
      JOIN entrepreneurship.round r ON r.id = e.round_id
     CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE x.state = 'accepted') AS accepted
                           FROM entrepreneurship.milestone x WHERE x.project_id = p.id AND p.state <> 'planned') m
     WHERE p.state <> 'revoked' AND p.id < coalesce(after, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
       AND (county IS NULL OR p.county_code = county)
     ORDER BY p.id DESC
     LIMIT lim
$$;

-- Of what row-level security leaves of it. Fewer than five entrants are not shown:
-- only those who are selected are made public.
CREATE FUNCTION entrepreneurship.project_figures() RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT e.county_code, count(*) FILTER (WHERE e.state <> 'withdrawn') AS applied
          FROM entrepreneurship.round_entry e JOIN entrepreneurship.round r ON r.id = e.round_id
         WHERE r.policy_code = 'CYXM' GROUP BY 1
    ), of_projects AS (
        SELECT p.county_code, count(*) FILTER (WHERE p.state <> 'revoked') AS awarded,
               count(*) FILTER (WHERE p.state = 'revoked') AS revoked,
               count(*) FILTER (WHERE p.state = 'completed') AS completed,
               sum(m.n) AS milestones, sum(m.accepted) AS accepted,
               sum(CASE WHEN p.state = 'running' THEN m.late ELSE 0 END) AS late, sum(g.given) AS given
          FROM entrepreneurship.project p
         CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE x.state = 'accepted') AS accepted,
                                    count(*) FILTER (WHERE entrepreneurship.milestone_late(x)) AS late
                               FROM entrepreneurship.milestone x WHERE x.project_id = p.id) m
         CROSS JOIN LATERAL (SELECT count(*) AS given FROM entrepreneurship.award_part x
                              WHERE x.award_id = p.id AND p.state <> 'revoked') g
         GROUP BY 1
    ), of_money AS (
        SELECT x.county_code, count(*) AS paid, sum(x.amount_cents) AS paid_cents
          FROM entrepreneurship.award_paid x
         WHERE x.policy_code = 'CYXM' AND x.paid_on IS NOT NULL AND x.returned_on IS NULL GROUP BY 1
    ), counties AS (
        SELECT coalesce(c.county_code, p.county_code, m.county_code) AS county_code, c.applied, p.awarded, p.revoked,
               p.completed, p.milestones, p.accepted, p.late, p.given, m.paid, m.paid_cents
          FROM counted c FULL JOIN of_projects p ON p.county_code = c.county_code
          FULL JOIN of_money m ON m.county_code = coalesce(c.county_code, p.county_code)
    )
    SELECT jsonb_build_object('target', (SELECT q.places FROM entrepreneurship.award_quota q
                                          WHERE q.policy_code = 'CYXM' AND q.tier = 'city'),
        'awarded', coalesce(sum(x.awarded), 0), 'paid_cents', coalesce(sum(x.paid_cents), 0),
        'milestones_late', coalesce(sum(x.late), 0),
        'counties', coalesce(jsonb_agg(jsonb_build_object('county_code', x.county_code,
            'applied', CASE WHEN x.applied >= 5 THEN x.applied END, 'awarded', coalesce(x.awarded, 0),
            'revoked', coalesce(x.revoked, 0), 'completed', coalesce(x.completed, 0),
            'milestones', coalesce(x.milestones, 0), 'milestones_accepted', coalesce(x.accepted, 0),
            'milestones_late', coalesce(x.late, 0), 'instalments_given', coalesce(x.given, 0),
            'paid', coalesce(x.paid, 0), 'paid_cents', coalesce(x.paid_cents, 0)) ORDER BY x.county_code), '[]'))
      FROM counties x
$$;
