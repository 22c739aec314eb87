-- By employer and year: sums of the open tallies of the measures that are asked for
-- so, kept with them. A list of the largest reads one year of a county.
ALTER TABLE monitoring.measure ADD COLUMN by_org boolean NOT NULL DEFAULT false;
UPDATE monitoring.measure SET by_org = true
 WHERE code IN ('employed_new', 'reemployed_unemployed', 'reemployed_difficult', 'employed', 'natural_loss', 'job_losses',
                'startup_jobs', 'paid_cents', 'paid', 'vacancies', 'vacancy_heads');

CREATE TABLE monitoring.org_year (
    measure     smallint NOT NULL,
    year        date NOT NULL,
    county_code text NOT NULL,
    org_id      uuid NOT NULL,
    n           bigint NOT NULL,
    PRIMARY KEY (measure, year, county_code, org_id)
) WITH (fillfactor = 80);
CALL platform.protect('monitoring.org_year', $$platform.in_areas(county_code, NULL)$$, 'false');

CREATE FUNCTION monitoring.org_years_follow() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('monitoring.sums', true) = 'off' THEN
        RETURN NULL;	-- sum_up() follows
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO monitoring.org_year AS y (measure, year, county_code, org_id, n)
        SELECT f.measure, date_trunc('year', f.on_day), f.county_code, f.org_id, sum(f.value)
          FROM fresh f JOIN monitoring.measure m ON m.id = f.measure AND m.by_org
         WHERE f.org_id IS NOT NULL AND f.gone = 9223372036854775807
         GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (measure, year, county_code, org_id) DO UPDATE SET n = y.n + excluded.n;
        RETURN NULL;
    END IF;
    INSERT INTO monitoring.org_year AS y (measure, year, county_code, org_id, n)
    SELECT f.measure, date_trunc('year', f.on_day), f.county_code, f.org_id, -sum(f.value)
      FROM fresh f JOIN stale s USING (fact_id, measure, leg, born) JOIN monitoring.measure m ON m.id = f.measure AND m.by_org
     WHERE f.org_id IS NOT NULL AND f.gone <> 9223372036854775807 AND s.gone = 9223372036854775807
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (measure, year, county_code, org_id) DO UPDATE SET n = y.n + excluded.n;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_org_added AFTER INSERT ON monitoring.tally REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION monitoring.org_years_follow();
CREATE TRIGGER tally_org_ended AFTER UPDATE ON monitoring.tally REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION monitoring.org_years_follow();

-- When everything is counted again.
CREATE FUNCTION monitoring.org_years_forget() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM monitoring.org_year;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_org_forgotten AFTER TRUNCATE ON monitoring.tally
    FOR EACH STATEMENT EXECUTE FUNCTION monitoring.org_years_forget();

CREATE FUNCTION monitoring.sum_up_employers() RETURNS void
LANGUAGE sql VOLATILE SET work_mem = '128MB' AS $$
    DELETE FROM monitoring.org_year;
    INSERT INTO monitoring.org_year (measure, year, county_code, org_id, n)
    SELECT t.measure, date_trunc('year', t.on_day), t.county_code, t.org_id, sum(t.value)
      FROM monitoring.tally t JOIN monitoring.measure m ON m.id = t.measure AND m.by_org
     WHERE t.org_id IS NOT NULL AND t.gone = 9223372036854775807 GROUP BY 1, 2, 3, 4;
$$;

-- Why an indicator has no employers; NULL: it has.
CREATE FUNCTION monitoring.no_employers(v monitoring.indicator_version, area text) RETURNS text
LANGUAGE sql STABLE
RETURN coalesce(monitoring.no_figure(v, area, ''), CASE
    WHEN length(area) > 6 THEN 'area_level'
    WHEN v.kind NOT IN ('flow', 'stock') OR NOT (SELECT bool_and(m.by_org) FROM monitoring.measure m
          WHERE m.code IN (SELECT ltrim(x, '-') FROM unnest(v.numerator) AS x)) THEN 'no_dimension' END);

-- The largest of a calendar year, or of a stock at its end.
CREATE FUNCTION monitoring.by_employer(v monitoring.indicator_version, area text, year_on date, lim bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off AS $$
    WITH part AS MATERIALIZED (
        SELECT monitoring.measure_id(ltrim(m, '-')) AS id, CASE WHEN m LIKE '-%' THEN -1 ELSE 1 END AS sign
          FROM unnest(v.numerator) AS m
    ), counted AS (
        SELECT y.org_id, sum(part.sign * y.n)::bigint AS n
          FROM part JOIN monitoring.org_year y ON y.measure = part.id
           AND y.year BETWEEN CASE v.kind WHEN 'stock' THEN '-infinity' ELSE year_on END AND year_on
           AND y.county_code >= CASE area WHEN '431100' THEN '' ELSE area END	-- bounds, so that the key is enough
           AND y.county_code <= CASE area WHEN '431100' THEN '~' ELSE area END
         GROUP BY 1 HAVING sum(part.sign * y.n) > 0
         ORDER BY 2 DESC, 1 LIMIT lim
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('org_id', c.org_id, 'name', o.name, 'uscc', o.uscc,
               'industry_code', o.industry_code, 'value', c.n) ORDER BY c.n DESC, c.org_id), '[]')
      FROM counted c LEFT JOIN monitoring.org o ON o.id = c.org_id
$$;
