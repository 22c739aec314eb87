-- From events to facts to sums: one call a batch, in the consumer's transaction.
--
-- Whatever order the sources come in, facts, tallies and cells end up as a
-- function of what all the logs say: dimensions are looked up when a fact is
-- counted, and facts are counted again when a dimension of theirs changes.

CREATE FUNCTION monitoring.person_of(told uuid) RETURNS uuid
LANGUAGE sql STABLE
RETURN coalesce((SELECT p.same_as FROM monitoring.person p WHERE p.id = told), told);

-- The day of an instant, here.
CREATE FUNCTION monitoring.day_of(at timestamptz) RETURNS date
LANGUAGE sql STABLE
RETURN (at AT TIME ZONE 'Asia/Shanghai')::date;

-- People, organisations, and who turned out to be whom. Returns the facts to count again.
CREATE FUNCTION monitoring.take_people(events jsonb) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    again uuid[];
    e     record;
BEGIN
    WITH told AS (
        SELECT DISTINCT ON (payload->>'person_id') (payload->>'person_id')::uuid AS id,
               (payload->>'sex')::smallint AS sex, (payload->>'birth_on')::date AS birth_on,
               payload->>'county_code' AS county_code, payload->>'area_code' AS area_code, seq
          FROM jsonb_to_recordset(events) AS x (seq bigint, type text, payload jsonb)
         WHERE type IN ('identity.person.registered.v1', 'identity.person.moved.v1',
                        'identity.person.corrected.v1')
         ORDER BY payload->>'person_id', seq DESC
    ), put AS (
        INSERT INTO monitoring.person AS p (id, sex, birth_on, county_code, area_code, seq)
        SELECT id, sex, birth_on, county_code, area_code, seq FROM told
        ON CONFLICT (id) DO UPDATE SET sex = excluded.sex, birth_on = excluded.birth_on,
            county_code = excluded.county_code, area_code = excluded.area_code, seq = excluded.seq
        RETURNING id
    ), orgs AS (
        INSERT INTO monitoring.org AS o (id, name, uscc, kind, industry_code, county_code, area_code, seq)
        SELECT DISTINCT ON (payload->>'org_id') (payload->>'org_id')::uuid, payload->>'name',
               payload->>'uscc', payload->>'kind', payload->>'industry_code',
               payload->>'county_code', payload->>'area_code', seq
          FROM jsonb_to_recordset(events) AS x (seq bigint, type text, payload jsonb)
         WHERE type = 'identity.org.registered.v1'
         ORDER BY payload->>'org_id', seq DESC
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
            industry_code = excluded.industry_code, county_code = excluded.county_code,
            area_code = excluded.area_code, seq = excluded.seq
        RETURNING id
    )
    SELECT array_agg(f.id) INTO again
      FROM monitoring.fact f
     WHERE f.person_id IN (SELECT id FROM put) OR f.org_id IN (SELECT id FROM orgs);

    FOR e IN SELECT type, (payload->>'winner_id')::uuid AS winner, (payload->>'loser_id')::uuid AS loser,
                    payload->>'county_code' AS county_code, seq
               FROM jsonb_to_recordset(events) AS x (seq bigint, type text, payload jsonb)
              WHERE type IN ('identity.person.merged.v1', 'identity.person.unmerged.v1') ORDER BY seq
    LOOP
        again := again || monitoring.same_person(e.loser,
            CASE e.type WHEN 'identity.person.merged.v1' THEN e.winner END);
    END LOOP;
    RETURN coalesce(again, '{}');
END $$;

-- `winner` NULL: a person of their own again. Who became the loser before
-- follows; the facts of both are to be counted again.
CREATE FUNCTION monitoring.same_person(loser uuid, winner uuid) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    now_is uuid := coalesce(monitoring.person_of(winner), loser);
    was_is uuid := monitoring.person_of(loser);
    again  uuid[];
BEGIN
    UPDATE monitoring.person SET same_as = nullif(now_is, id) WHERE id = loser;
    IF winner IS NOT NULL THEN
        UPDATE monitoring.person SET same_as = now_is WHERE same_as = loser;
    END IF;
    UPDATE monitoring.fact f SET person_id = monitoring.person_of(f.told_person_id)
     WHERE f.told_person_id = loser OR f.person_id = loser;
    SELECT array_agg(f.id) INTO again FROM monitoring.fact f WHERE f.person_id IN (now_is, was_is, loser);
    RETURN again;
END $$;

-- What an event says of which fact.
CREATE FUNCTION monitoring.told_by(events jsonb)
RETURNS TABLE (kind text, id uuid, op text, ends boolean, seq bigint, occurred_at timestamptz, on_day date,
               until_day date, person_id uuid, told_person_id uuid, org_id uuid, occupation_code text,
               amount bigint, attrs jsonb, county_code text, area_code text)
LANGUAGE sql STABLE AS $$
    SELECT f.kind, (CASE f.id_member WHEN '#key' THEN x.key ELSE x.payload->>f.id_member END)::uuid,
           f.op, f.until_member IS NOT NULL, x.seq, x.occurred_at,
           CASE WHEN f.on_member IS NULL THEN monitoring.day_of(x.occurred_at)
                ELSE (x.payload->>f.on_member)::date END,
           (x.payload->>f.until_member)::date + f.until_plus,
           coalesce(who.same_as, (x.payload->>'person_id')::uuid), (x.payload->>'person_id')::uuid,
           (x.payload->>'org_id')::uuid, x.payload->>'occupation_code', (x.payload->>f.amount_member)::bigint,
           f.adds || coalesce((SELECT jsonb_object_agg(a, x.payload->a) FROM unnest(f.attrs) AS a
                                WHERE x.payload ? a), '{}'),
           x.payload->>'county_code', CASE WHEN length(x.area_code) > 6 THEN x.area_code END
      FROM jsonb_to_recordset(events)
           AS x (seq bigint, type text, key text, area_code text, occurred_at timestamptz, payload jsonb)
      JOIN monitoring.feed f ON f.type = x.type AND (f.needs IS NULL OR x.payload->>f.needs IS NOT NULL)
       AND (f.lacks IS NULL OR x.payload->>f.lacks IS NULL)
      LEFT JOIN monitoring.person who ON who.id = (x.payload->>'person_id')::uuid
$$;

-- Things that the batch tells of once are all taken at once; of the others, event
-- by event. Returns the facts that were touched.
CREATE FUNCTION monitoring.take_facts(events jsonb) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    again uuid[];
    more  bigint;
    e     record;
BEGIN
    WITH told AS MATERIALIZED (
        SELECT t.*, count(*) OVER (PARTITION BY t.kind, t.id) AS times FROM monitoring.told_by(events) t
    ), put AS (
        INSERT INTO monitoring.fact AS f (kind, id, on_day, until_day, person_id, told_person_id, org_id,
            occupation_code, amount, attrs, county_code, area_code, seq, occurred_at)
        SELECT t.kind, t.id, t.on_day, t.until_day, t.person_id, t.told_person_id, t.org_id, t.occupation_code,
               t.amount, t.attrs, t.county_code, t.area_code, t.seq, t.occurred_at
          FROM told t WHERE t.times = 1 AND t.op = 'put'
        ON CONFLICT (id, kind) DO UPDATE SET on_day = excluded.on_day,
            until_day = CASE WHEN EXISTS (SELECT FROM told t WHERE t.kind = f.kind AND t.id = f.id AND t.ends)
                             THEN excluded.until_day ELSE f.until_day END,
            person_id = excluded.person_id, told_person_id = excluded.told_person_id,
            org_id = excluded.org_id, occupation_code = excluded.occupation_code,
            amount = excluded.amount, attrs = f.attrs || excluded.attrs, county_code = excluded.county_code,
            area_code = excluded.area_code, seq = excluded.seq, is_dropped = false
        RETURNING 1
    ), changed AS (
        UPDATE monitoring.fact f SET seq = t.seq, attrs = f.attrs || t.attrs,
               until_day = CASE t.op WHEN 'end' THEN t.until_day WHEN 'reopen' THEN NULL ELSE f.until_day END,
               is_dropped = f.is_dropped OR t.op = 'drop'
          FROM told t WHERE t.times = 1 AND t.op <> 'put' AND f.kind = t.kind AND f.id = t.id
        RETURNING 1
    )
    SELECT array_agg(DISTINCT t.id), count(*) FILTER (WHERE t.times > 1) INTO again, more
      FROM told t WHERE (SELECT count(*) FROM put) + (SELECT count(*) FROM changed) >= 0;
    IF more > 0 THEN
        FOR e IN SELECT x.event FROM (
            SELECT t.seq, jsonb_build_array(v) AS event, count(*) OVER (PARTITION BY t.kind, t.id) AS times
              FROM jsonb_array_elements(events) AS v CROSS JOIN LATERAL monitoring.told_by(jsonb_build_array(v)) t) x
             WHERE x.times > 1 ORDER BY x.seq
        LOOP
            PERFORM monitoring.take_facts(e.event);
        END LOOP;
    END IF;
    RETURN coalesce(again, '{}');
END $$;

-- The section of GB/T 4754-2017, from its letter or from the division's number.
CREATE FUNCTION monitoring.section_of(code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN code ~ '^[A-T]' THEN left(code, 1)
    WHEN code ~ '^[0-9]{2}' THEN (ARRAY['A','B','C','D','E','F','G','H','I','J','K','L','M','N','O','P','Q','R','S','T'])
        [width_bucket(left(code, 2)::integer, ARRAY[1,6,13,44,47,51,53,61,63,66,70,71,73,76,80,83,84,86,91,97])] END;

-- The cells a tally is in: of the city, its county and (all tags together) its town.
CREATE FUNCTION monitoring.cells_of(tags text[], county text, area text)
RETURNS TABLE (code text, county text, tag text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT a.code, a.county, t.tag
      FROM unnest(ARRAY[''] || tags) AS t (tag)
     CROSS JOIN LATERAL (VALUES ('431100', '431100'), (cells_of.county, cells_of.county),
           (CASE t.tag WHEN '' THEN left(area, 9) END, cells_of.county)) AS a (code, county)
     WHERE a.code IS NOT NULL
$$;

-- Brings tallies and cells to what the facts say now. `ids`: what was touched;
-- `sums`: cells too, else sum_up() must follow.
-- Few rows of large tables, always by their keys: the planner, who cannot know how
-- many ids there are, is not asked.
CREATE FUNCTION monitoring.recount(ids uuid[], rev bigint, sums boolean) RETURNS bigint
LANGUAGE sql VOLATILE SET enable_seqscan = off AS $$
    WITH touched AS (
        SELECT DISTINCT f.kind, f.id, f.person_id FROM monitoring.fact f WHERE f.id = ANY (ids)
    ), looked AS (
        SELECT kind, id FROM touched
        UNION
        /* a person counted once is counted where they were first */
        SELECT f.kind, f.id FROM touched t JOIN monitoring.fact f USING (kind, person_id)
         WHERE EXISTS (SELECT FROM monitoring.measure m WHERE m.kind = t.kind AND m.once IS NOT NULL)
        UNION
        SELECT f.kind, f.id FROM touched t JOIN monitoring.fact f USING (person_id)
         WHERE EXISTS (SELECT FROM monitoring.grp g WHERE g.kind = t.kind)
    ), dims AS MATERIALIZED (
        SELECT m.kind, coalesce(array_agg(DISTINCT d) FILTER (WHERE m.moment <> 'until' AND d IS NOT NULL), '{}') AS on_dims,
               array_agg(DISTINCT coalesce(d, '')) FILTER (WHERE m.moment = 'until') AS until_dims
          FROM monitoring.measure m LEFT JOIN LATERAL unnest(m.dims) AS d ON true GROUP BY m.kind
    ), tagged AS MATERIALIZED (
        /* as of its first day, and as of its end for what counts ends */
        SELECT f.*, d.leg, ARRAY(
                   SELECT dim || '=' || coalesce(CASE dim
                       WHEN 'industry' THEN monitoring.section_of(o.industry_code)
                       WHEN 'org_kind' THEN o.kind
                       WHEN 'sex' THEN p.sex::text
                       WHEN 'age' THEN (ARRAY['-15', '16-24', '25-34', '35-44', '45-54', '55-'])
                           [width_bucket(extract(year FROM age(d.day, p.birth_on))::integer, ARRAY[16, 25, 35, 45, 55]) + 1]
                       WHEN 'occupation' THEN left(f.occupation_code, 1)
                       ELSE f.attrs->>dim END, '-')
                     FROM unnest(d.dims) AS dim WHERE dim NOT IN ('group', '')
                   UNION ALL
                   /* a membership that ends on the day still counts: who is hired stops being unemployed by it */
                   SELECT 'group=' || g.code FROM monitoring.fact m
                     JOIN monitoring.grp g ON g.kind = m.kind AND m.attrs @> g.filter
                    WHERE 'group' = ANY (d.dims) AND m.person_id = f.person_id AND m.kind = ANY (member.kinds)
                      AND NOT m.is_dropped AND m.on_day <= d.day AND (m.until_day IS NULL OR m.until_day >= d.day)
                   UNION ALL
                   SELECT 'group=' || g.code FROM monitoring.grp g
                    WHERE 'group' = ANY (d.dims) AND d.day >= (p.birth_on + g.age_from * interval '1 year')::date
                      AND d.day < (p.birth_on + (g.age_to + 1) * interval '1 year')::date) AS tags
          FROM looked l JOIN monitoring.fact f USING (kind, id)
         CROSS JOIN (SELECT array_agg(DISTINCT g.kind) AS kinds FROM monitoring.grp g WHERE g.kind IS NOT NULL) member
         CROSS JOIN LATERAL (SELECT 0 AS leg, f.on_day AS day, (SELECT on_dims FROM dims WHERE dims.kind = f.kind) AS dims
                             UNION ALL
                             SELECT 1, f.until_day, until_dims FROM dims WHERE dims.kind = f.kind AND f.until_day IS NOT NULL
                                AND until_dims IS NOT NULL) d
          LEFT JOIN monitoring.person p ON p.id = f.person_id LEFT JOIN monitoring.org o ON o.id = f.org_id
         WHERE NOT f.is_dropped
    ), legs AS (
        /* what a measure counts of a fact: its first day, its end, or both */
        SELECT m.id AS measure, m.once, f.id AS fact_id, l.leg::smallint, l.on_day,
               l.sign * CASE m.counts WHEN 'amount' THEN coalesce(f.amount, 0) ELSE 1 END AS value,
               f.person_id, f.org_id,
               ARRAY(SELECT DISTINCT t FROM unnest(f.tags) AS t
                      WHERE split_part(t, '=', 1) = ANY (m.dims) ORDER BY t) AS tags, f.county_code, f.area_code
          FROM tagged f JOIN monitoring.measure m ON m.kind = f.kind AND f.attrs @> ANY (m.filters)
                             AND f.leg = CASE m.moment WHEN 'until' THEN 1 ELSE 0 END
         CROSS JOIN LATERAL (VALUES (0, f.on_day, 1), (1, f.until_day, CASE m.moment WHEN 'span' THEN -1 ELSE 1 END))
               AS l (leg, on_day, sign)
         WHERE l.on_day IS NOT NULL AND (l.leg = 0 OR m.moment <> 'on') AND (l.leg = 1 OR m.moment <> 'until')
    ), counted AS (
        SELECT *, CASE WHEN once IS NULL THEN 1
                  ELSE row_number() OVER (PARTITION BY measure, person_id,
                      CASE once WHEN 'year' THEN date_trunc('year', on_day) END ORDER BY on_day, fact_id) END AS nth
          FROM legs
    ), old AS (
        SELECT t.* FROM looked l JOIN monitoring.tally t ON t.fact_id = l.id
          JOIN monitoring.measure m ON m.id = t.measure AND m.kind = l.kind
         WHERE t.gone = 9223372036854775807
    ), diff AS MATERIALIZED (
        SELECT measure, fact_id, leg, on_day, value, person_id, org_id, tags, county_code, area_code, sum(s) AS s
          FROM (SELECT measure, fact_id, leg, on_day, value, person_id, org_id, tags, county_code, area_code, 1 AS s
                  FROM counted WHERE nth = 1
                UNION ALL
                SELECT measure, fact_id, leg, on_day, value, person_id, org_id, tags, county_code, area_code, -1
                  FROM old) AS both_sides
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 HAVING sum(s) <> 0
    ), closed AS (
        UPDATE monitoring.tally t SET gone = rev FROM diff d
         WHERE d.s < 0 AND t.fact_id = d.fact_id AND t.measure = d.measure AND t.leg = d.leg
           AND t.gone = 9223372036854775807
        RETURNING 1
    ), added AS (
        INSERT INTO monitoring.tally (measure, fact_id, leg, on_day, value, person_id, org_id, tags,
                                      county_code, area_code, born)
        SELECT measure, fact_id, leg, on_day, value, person_id, org_id, tags, county_code, area_code, rev
          FROM diff WHERE s > 0
        RETURNING 1
    ), moved AS (
        SELECT measure, on_day, value * s AS value, tags, county_code, area_code FROM diff WHERE sums
    ), days AS (
        INSERT INTO monitoring.cell_day AS c (measure, county_code, tag, on_day, n)
        SELECT measure, a, t, on_day, sum(value) FROM moved CROSS JOIN LATERAL unnest(ARRAY['431100', county_code]) AS a
         CROSS JOIN LATERAL unnest(ARRAY[''] || tags) AS t
         GROUP BY 1, 2, 3, 4 HAVING sum(value) <> 0 ORDER BY 1, 2, 3, 4
        ON CONFLICT (measure, county_code, tag, on_day) DO UPDATE SET n = c.n + excluded.n
        RETURNING 1
    ), months AS (
        INSERT INTO monitoring.cell AS c (measure, area_code, tag, month, county_code, n)
        SELECT measure, a.code, a.tag, date_trunc('month', on_day)::date, min(a.county), sum(value)
          FROM moved CROSS JOIN LATERAL monitoring.cells_of(tags, county_code, area_code) AS a
         GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4	-- also 0: days are found by the tags of months
        ON CONFLICT (measure, area_code, tag, month) DO UPDATE SET n = c.n + excluded.n
        RETURNING 1
    ), told AS (
        INSERT INTO monitoring.outbox (type, key, area_code, payload)
        SELECT 'monitoring.figure.moved.v1', m.code || ' ' || v.county_code, v.county_code,
               jsonb_build_object('measure', m.code, 'county_code', v.county_code, 'added', v.n, 'revision', rev)
          FROM (SELECT measure, county_code, sum(value) AS n FROM moved GROUP BY 1, 2) v
          JOIN monitoring.measure m ON m.id = v.measure AND m.is_live
         WHERE v.n <> 0 AND EXISTS (SELECT FROM monitoring.revision r WHERE r.id = rev AND r.is_fresh)
        RETURNING 1
    )
    SELECT count(*) FROM diff
     WHERE (SELECT count(*) FROM closed) + (SELECT count(*) FROM added) + (SELECT count(*) FROM days) +
           (SELECT count(*) FROM months) + (SELECT count(*) FROM told) >= 0
$$;

-- All cells from all tallies: those are read twice, by days and by towns; the
-- months of the city and its counties are sums of days.
CREATE FUNCTION monitoring.sum_up() RETURNS void
LANGUAGE sql VOLATILE SET work_mem = '128MB' AS $$
    DELETE FROM monitoring.cell;
    DELETE FROM monitoring.cell_day;
    INSERT INTO monitoring.cell_day (measure, county_code, tag, on_day, n)
    WITH of_tags AS MATERIALIZED (
        SELECT measure, county_code, tags, on_day, sum(value) AS n FROM monitoring.tally
         WHERE gone = 9223372036854775807 GROUP BY 1, 2, 3, 4
    ), of_county AS MATERIALIZED (
        SELECT measure, county_code, t AS tag, on_day, sum(n) AS n FROM of_tags
         CROSS JOIN LATERAL unnest(ARRAY[''] || tags) AS t GROUP BY 1, 2, 3, 4
    )
    SELECT measure, a, tag, on_day, sum(n) FROM of_county CROSS JOIN LATERAL unnest(ARRAY['431100', county_code]) AS a
     GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
    INSERT INTO monitoring.cell (measure, area_code, tag, month, county_code, n)
    SELECT measure, county_code, tag, date_trunc('month', on_day)::date, county_code, sum(n)
      FROM monitoring.cell_day GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT measure, left(area_code, 9), '', date_trunc('month', on_day)::date, min(county_code), sum(value)
      FROM monitoring.tally WHERE gone = 9223372036854775807 AND area_code IS NOT NULL GROUP BY 1, 2, 4;
$$;

-- One batch of one source: [{seq, type, key, area_code, occurred_at, recorded_at, payload}].
CREATE FUNCTION monitoring.take(from_source text, events jsonb, sums boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    rev   bigint;
    again uuid[];
BEGIN
    PERFORM set_config('monitoring.sums', CASE WHEN sums THEN 'on' ELSE 'off' END, true);
    /* sources take turns: what one of them writes, the other must see */
    PERFORM pg_advisory_xact_lock(hashtextextended('monitoring.take', 0));
    INSERT INTO monitoring.revision (id, source, from_seq, to_seq, is_fresh)
    SELECT (SELECT coalesce(max(id), 0) + 1 FROM monitoring.revision), from_source, min(seq), max(seq),
           max(recorded_at) > clock_timestamp() - interval '1 minute'
      FROM jsonb_to_recordset(events) AS x (seq bigint, recorded_at timestamptz)
    RETURNING id INTO rev;
    IF from_source = 'identity' THEN
        again := monitoring.take_people(events);
    ELSE
        again := monitoring.take_facts(events);
    END IF;
    IF cardinality(again) > 0 THEN
        PERFORM monitoring.recount(again, rev, sums);
    END IF;
END $$;
