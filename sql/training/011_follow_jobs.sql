-- What is open and who is free, as the jobs service tells it: gaps by
-- occupation and county are made of these and of the register of demand.
CREATE TABLE training.vacancy (
    id              uuid PRIMARY KEY,
    org_id          uuid,
    occupation_code text,
    state           text,
    headcount_left  integer,
    county_code     text NOT NULL
);
COMMENT ON COLUMN training.vacancy.occupation_code IS 'NULL: it has never been open';
CREATE INDEX vacancy_open_idx ON training.vacancy (occupation_code, county_code) WHERE state = 'open';
CALL platform.protect('training.vacancy', 'platform.in_areas(county_code, NULL) OR org_id = platform.org()', 'false');

CREATE TABLE training.jobless (
    id            uuid PRIMARY KEY,
    person_id     uuid NOT NULL,
    registered_on date NOT NULL,
    ended_on      date,
    county_code   text NOT NULL
);
CREATE INDEX jobless_person_idx ON training.jobless (person_id) WHERE ended_on IS NULL;
CALL platform.protect('training.jobless', 'platform.in_areas(county_code, NULL) OR person_id = platform.person()', 'false');

-- One row an occupation and county. openings: places of open postings.
-- available: registered unemployed people, each once, who hold a certificate of
-- the occupation or whose wish in the register covers it. certified: the stock,
-- each person once. wishes: people who want to be trained in it. needs: of
-- employers, parks and agreements, not yet covered by classes. It reads past
-- row-level security: whoever calls it says which counties, and hides small cells.
CREATE FUNCTION training.gap_rows(prefix text) RETURNS TABLE (county_code text, occupation_code text,
    openings bigint, available bigint, certified bigint, wishes bigint, needs bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH wish AS MATERIALIZED (
        SELECT DISTINCT d.person_id, d.occupation_code, d.county_code FROM training.demand d
         WHERE d.source = 'worker' AND d.state = 'confirmed'
           AND platform.today() BETWEEN d.from_on AND coalesce(d.to_on, 'infinity')
    ), opening AS (
        SELECT v.county_code, v.occupation_code, sum(v.headcount_left) AS n FROM training.vacancy v
         WHERE v.state = 'open' AND v.occupation_code IS NOT NULL
           AND (prefix IS NULL OR starts_with(v.occupation_code, prefix))
         GROUP BY 1, 2
    ), need AS (
        SELECT d.county_code, d.occupation_code, sum(d.headcount - d.covered) AS n FROM training.demand d
         WHERE d.source <> 'worker' AND d.state = 'confirmed' AND length(d.occupation_code) = 10
           AND platform.today() BETWEEN d.from_on AND coalesce(d.to_on, 'infinity')
           AND (prefix IS NULL OR starts_with(d.occupation_code, prefix))
         GROUP BY 1, 2
    ), stock AS (
        SELECT c.county_code, c.occupation_code, count(DISTINCT c.person_id) AS n FROM training.certificate c
         WHERE prefix IS NULL OR starts_with(c.occupation_code, prefix)
         GROUP BY 1, 2
    ), named AS (
        SELECT o.county_code, o.occupation_code FROM opening o
        UNION SELECT n.county_code, n.occupation_code FROM need n
        UNION SELECT s.county_code, s.occupation_code FROM stock s
        UNION SELECT w.county_code, w.occupation_code FROM wish w
               WHERE length(w.occupation_code) = 10
                 AND (prefix IS NULL OR starts_with(w.occupation_code, prefix))
    ), wanting AS (
        SELECT k.county_code, k.occupation_code, count(DISTINCT w.person_id) AS n
          FROM named k JOIN wish w ON w.county_code = k.county_code
                                  AND training.covers(w.occupation_code, k.occupation_code)
         GROUP BY 1, 2
    ), free AS (
        SELECT x.county_code, x.occupation_code, count(DISTINCT x.person_id) AS n
          FROM (SELECT j.county_code, c.occupation_code, j.person_id
                  FROM training.jobless j JOIN training.certificate c ON c.person_id = j.person_id
                 WHERE j.ended_on IS NULL
                UNION ALL
                SELECT j.county_code, k.occupation_code, j.person_id
                  FROM training.jobless j JOIN wish w ON w.person_id = j.person_id
                  JOIN named k ON k.county_code = j.county_code
                              AND training.covers(w.occupation_code, k.occupation_code)
                 WHERE j.ended_on IS NULL) AS x
         GROUP BY 1, 2
    )
    SELECT k.county_code, k.occupation_code, coalesce(o.n, 0), coalesce(f.n, 0), coalesce(s.n, 0),
           coalesce(w.n, 0), coalesce(n.n, 0)
      FROM named k
      LEFT JOIN opening o USING (county_code, occupation_code)
      LEFT JOIN free f USING (county_code, occupation_code)
      LEFT JOIN stock s USING (county_code, occupation_code)
      LEFT JOIN wanting w USING (county_code, occupation_code)
      LEFT JOIN need n USING (county_code, occupation_code)
$$;

-- Fewer than five people are not shown to the public.
CREATE FUNCTION training.cell(n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN n BETWEEN 1 AND 4 THEN NULL ELSE n END;
