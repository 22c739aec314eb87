-- Reading a dataset: what it is made of are tallies, which begin and end at
-- revisions. A snapshot is what was open at one revision, page by page; changes
-- are what began or ended behind a revision, up to another. Both stay the same
-- whatever is counted meanwhile.
--
-- A cursor: mode|code|version|revision|its instant|up to|fact|leg. The instant
-- tells a revision from another one that got its number in a rebuild.

-- One value as its mask lets it through.
CREATE FUNCTION monitoring.shared_value(col text, mask text, salt text, t monitoring.tally, p monitoring.person, o monitoring.org)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN col = 'on_day' THEN to_jsonb(left(t.on_day::text, CASE mask WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END))
        WHEN col = 'leg' THEN to_jsonb(t.leg)
        WHEN col = 'value' THEN to_jsonb(t.value)
        WHEN col = 'county_code' THEN to_jsonb(t.county_code)
        WHEN col = 'area_code' THEN to_jsonb(CASE mask WHEN 'county' THEN left(t.area_code, 6) WHEN 'town' THEN left(t.area_code, 9)
                                             ELSE t.area_code END)
        WHEN col = 'person_ref' THEN to_jsonb(left(encode(sha256(convert_to(salt || t.person_id::text, 'UTF8')), 'hex'), 32))
        WHEN col = 'sex' THEN to_jsonb(p.sex)
        WHEN col = 'birth_on' AND mask = 'year' THEN to_jsonb(extract(year FROM p.birth_on)::integer)
        WHEN col = 'birth_on' THEN to_jsonb((ARRAY['-15', '16-24', '25-34', '35-44', '45-54', '55-'])
            [width_bucket(extract(year FROM age(t.on_day, p.birth_on))::integer, ARRAY[16, 25, 35, 45, 55]) + 1])
        WHEN col = 'groups' THEN (SELECT coalesce(jsonb_agg(substr(x, 7)), '[]') FROM unnest(t.tags) AS x WHERE x LIKE 'group=%')
        WHEN col = 'org_name' THEN to_jsonb(o.name)
        WHEN col = 'org_uscc' THEN to_jsonb(o.uscc)
        WHEN col = 'org_kind' THEN to_jsonb(o.kind)
        ELSE (SELECT to_jsonb(nullif(substr(x, length(col) + 2), '-')) FROM unnest(t.tags) AS x WHERE x LIKE col || '=%' LIMIT 1)
    END
$$;

CREATE FUNCTION monitoring.shared_key(d monitoring.dataset, fact uuid, leg integer) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN left(encode(sha256(convert_to((d).salt || fact::text || leg::text, 'UTF8')), 'hex'), 32);

CREATE FUNCTION monitoring.shared_item(d monitoring.dataset, t monitoring.tally) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('kind', 'row', 'row_id', monitoring.shared_key(d, t.fact_id, t.leg), 'fields',
               (SELECT jsonb_object_agg(f.column_code, monitoring.shared_value(f.column_code, f.mask, d.salt, t, p, o))
                  FROM monitoring.dataset_field f WHERE f.dataset_id = d.id))::text
      FROM (SELECT 1) AS one
      LEFT JOIN monitoring.person p ON p.id = t.person_id
      LEFT JOIN monitoring.org o ON o.id = t.org_id
$$;

CREATE FUNCTION monitoring.shared_fits(d monitoring.dataset, t monitoring.tally) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN (d.counties = '{}' OR t.county_code = ANY (d.counties)) AND t.tags @> d.tags
   AND (d.from_on IS NULL OR t.on_day >= d.from_on);

-- The dataset that the caller may read now, its day's use locked and counted.
CREATE FUNCTION monitoring.shared_open(wanted text, kind_ text) RETURNS monitoring.dataset
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r monitoring.dataset_recipient;
    d monitoring.dataset;
BEGIN
    SELECT x.* INTO r FROM monitoring.dataset_recipient x WHERE x.dataset_code = wanted AND x.org_id = platform.org()
       AND x.state IN ('active', 'ended') ORDER BY x.state = 'active' DESC LIMIT 1 FOR UPDATE;
    SELECT x.* INTO d FROM monitoring.dataset x WHERE x.code = wanted AND x.state IN ('active', 'revoked')
     ORDER BY x.state = 'active' DESC, x.version DESC LIMIT 1;
    IF r.id IS NULL OR d.id IS NULL OR d.kind <> kind_ THEN
        PERFORM platform.refuse('request.not_found');
    ELSIF r.state = 'ended' OR d.state = 'revoked' THEN
        PERFORM platform.refuse('monitoring.sharing_ended');
    ELSIF r.until_on < platform.today() OR d.expires_on < platform.today() THEN
        PERFORM platform.refuse('monitoring.sharing_expired');
    ELSIF r.used_on = platform.today() AND (r.reads_used >= d.reads_a_day OR r.rows_used >= d.rows_a_day) THEN
        PERFORM platform.refuse('monitoring.sharing_quota');
    END IF;
    UPDATE monitoring.dataset_recipient x SET used_on = platform.today(),
           reads_used = CASE WHEN r.used_on = platform.today() THEN r.reads_used ELSE 0 END + 1,
           rows_used = CASE WHEN r.used_on = platform.today() THEN r.rows_used ELSE 0 END
     WHERE x.id = r.id;
    RETURN d;
END $$;

CREATE FUNCTION monitoring.shared_note(d monitoring.dataset, what_ text, n integer, at text, upto bigint, request uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO monitoring.dataset_read (dataset_code, version, org_id, what, rows, position, upto_revision, request_id)
    VALUES (d.code, d.version, platform.org(), what_, n, at, upto, request);
    UPDATE monitoring.dataset_recipient x SET rows_used = x.rows_used + n
     WHERE x.dataset_code = d.code AND x.org_id = platform.org() AND x.state = 'active';
$$;

CREATE FUNCTION monitoring.shared_stamp(rev bigint) RETURNS text
LANGUAGE sql STABLE
RETURN coalesce((SELECT (extract(epoch FROM r.recorded_at) * 1000000)::bigint::text FROM monitoring.revision r WHERE r.id = rev), '0');

-- Rows of a page in their order, each with where the next page begins behind it.
CREATE FUNCTION monitoring.shared_snapshot(d monitoring.dataset, rev bigint, fact uuid, leg_ integer, lim bigint)
RETURNS TABLE (item text, fact_id uuid, leg smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off AS $$
    SELECT monitoring.shared_item(d, t), t.fact_id, t.leg FROM monitoring.tally t
     WHERE t.measure = d.measure AND t.born <= rev AND t.gone > rev AND (t.fact_id, t.leg) > (fact, leg_)
       AND monitoring.shared_fits(d, t)
     ORDER BY t.fact_id, t.leg LIMIT lim
$$;

-- One item a row that changed: as it is at `upto`, or a tombstone of what was there at `rev`.
CREATE FUNCTION monitoring.shared_changes(d monitoring.dataset, rev bigint, upto bigint, fact uuid, leg_ integer, lim bigint)
RETURNS TABLE (item text, fact_id uuid, leg smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off AS $$
    SELECT coalesce((SELECT monitoring.shared_item(d, t) FROM monitoring.tally t
                      WHERE t.fact_id = k.fact_id AND t.measure = d.measure AND t.leg = k.leg
                        AND t.born <= upto AND t.gone > upto AND monitoring.shared_fits(d, t)),
                    (SELECT jsonb_build_object('kind', 'tombstone', 'row_id', monitoring.shared_key(d, k.fact_id, k.leg),
                                               'fields', NULL)::text FROM monitoring.tally t
                      WHERE t.fact_id = k.fact_id AND t.measure = d.measure AND t.leg = k.leg
                        AND t.born <= rev AND t.gone > rev AND monitoring.shared_fits(d, t))),
           k.fact_id, k.leg
      FROM (SELECT t.fact_id, t.leg FROM monitoring.tally t
             WHERE t.measure = d.measure AND t.born > rev AND t.born <= upto
            UNION
            SELECT t.fact_id, t.leg FROM monitoring.tally t
             WHERE t.measure = d.measure AND t.gone > rev AND t.gone <= upto AND t.gone <> 9223372036854775807
             ORDER BY 1, 2) AS k
     WHERE (k.fact_id, k.leg) > (fact, leg_)
     ORDER BY k.fact_id, k.leg LIMIT lim
$$;

-- A page for a recipient: `items` a JSON list, `next` always says where to go on.
CREATE FUNCTION monitoring.shared_page(wanted text, after text, lim bigint, request uuid)
RETURNS TABLE (item text, next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    d     monitoring.dataset := monitoring.shared_open(wanted, 'rows');
    at    text[] := string_to_array(after, '|');
    head  bigint := (SELECT coalesce(max(r.id), 0) FROM monitoring.revision r);
    room  bigint;
    rev   bigint;
    upto  bigint;
    page  record;
    items text[] := '{}';
    seen  integer := 0;
    fact  uuid;
    leg_  integer := -1;
BEGIN
    SELECT least(lim, d.rows_a_day - x.rows_used) INTO room FROM monitoring.dataset_recipient x
     WHERE x.dataset_code = wanted AND x.org_id = platform.org() AND x.state = 'active';
    IF at IS NULL THEN
        at := ARRAY['s', wanted, d.version::text, head::text, monitoring.shared_stamp(head), '', '', ''];
    ELSIF cardinality(at) <> 8 OR at[2] <> wanted OR at[1] NOT IN ('s', 'c') THEN
        PERFORM platform.refuse('field.cursor cursor');
    ELSIF at[3] <> d.version::text OR at[5] <> monitoring.shared_stamp(at[4]::bigint) OR at[4]::bigint > head THEN
        PERFORM platform.refuse('monitoring.sharing_anew');
    END IF;
    rev := at[4]::bigint;
    upto := CASE at[1] WHEN 's' THEN rev ELSE coalesce(nullif(at[6], '')::bigint, head) END;
    FOR page IN SELECT * FROM monitoring.shared_snapshot(d, rev, coalesce(nullif(at[7], ''), '00000000-0000-0000-0000-000000000000')::uuid,
                                  coalesce(nullif(at[8], ''), '-1')::integer, room) WHERE at[1] = 's'
                UNION ALL
                SELECT * FROM monitoring.shared_changes(d, rev, upto, coalesce(nullif(at[7], ''), '00000000-0000-0000-0000-000000000000')::uuid,
                                  coalesce(nullif(at[8], ''), '-1')::integer, room) WHERE at[1] = 'c' LOOP
        seen := seen + 1;
        fact := page.fact_id;
        leg_ := page.leg;
        IF page.item IS NOT NULL THEN
            items := items || page.item;
        END IF;
    END LOOP;
    PERFORM monitoring.shared_note(d, CASE at[1] WHEN 's' THEN 'snapshot' ELSE 'changes' END, cardinality(items),
                                   after, upto, request);
    RETURN QUERY SELECT i.item, CASE WHEN seen < room
            THEN array_to_string(ARRAY['c', wanted, d.version::text, upto::text, monitoring.shared_stamp(upto), '', '', ''], '|')
            ELSE array_to_string(ARRAY[at[1], wanted, d.version::text, rev::text, at[5],
                                       CASE at[1] WHEN 'c' THEN upto::text ELSE '' END, fact::text, leg_::text], '|') END
      FROM (SELECT NULL::text AS item, 0 AS n UNION ALL SELECT x.item, x.n::integer FROM unnest(items) WITH ORDINALITY AS x (item, n)) AS i
     ORDER BY i.n;
END $$;

-- Which cells of a table with its margins (last row, last column) are to be hidden:
-- those from 1 to below `least`, and then as many more as keep any line from giving
-- a hidden one away.
CREATE FUNCTION monitoring.suppress(v bigint[], nrows integer, ncols integer, least_n integer) RETURNS boolean[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    hid     boolean[] := ARRAY(SELECT x BETWEEN 1 AND least_n - 1 FROM unnest(v) WITH ORDINALITY AS u (x, n) ORDER BY n);
    line    integer[];
    pick    integer;
    changed boolean := true;
BEGIN
    WHILE changed LOOP
        changed := false;
        FOR line IN
            SELECT ARRAY(SELECT (i - 1) * ncols + j FROM generate_series(1, ncols) AS j) FROM generate_series(1, nrows) AS i WHERE ncols > 1
            UNION ALL
            SELECT ARRAY(SELECT (i - 1) * ncols + j FROM generate_series(1, nrows) AS i) FROM generate_series(1, ncols) AS j WHERE nrows > 1
        LOOP
            CONTINUE WHEN (SELECT count(*) FILTER (WHERE hid[c]) = 0
                               OR (count(*) FILTER (WHERE hid[c]) > 1 AND (bool_or(hid[c]) FILTER (WHERE c = line[cardinality(line)])
                                   OR sum(v[c]) FILTER (WHERE hid[c]) >= least_n)) FROM unnest(line) AS c);
            SELECT c INTO pick FROM unnest(line) AS c WHERE NOT hid[c] AND v[c] > 0
             ORDER BY c = line[cardinality(line)], v[c], c LIMIT 1;
            IF pick IS NOT NULL THEN
                hid[pick] := true;
                changed := true;
            END IF;
        END LOOP;
    END LOOP;
    RETURN hid;
END $$;

-- The table of an aggregate for a month: areas × tags, '' being all of them.
CREATE FUNCTION monitoring.shared_table(d monitoring.dataset, month date)
RETURNS TABLE (area_code text, tag text, n bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    areas text[] := CASE WHEN d.counties = '{}' THEN monitoring.share_counties() ELSE d.counties END;
    names text[];
    last_ date := (month + interval '1 month - 1 day')::date;
    first_ date := CASE d.grain WHEN 'year' THEN date_trunc('year', month)::date ELSE month END;
    v     bigint[];
    hid   boolean[];
BEGIN
    IF (SELECT m.moment = 'span' FROM monitoring.measure m WHERE m.id = d.measure) THEN
        first_ := NULL;
    ELSIF d.from_on > first_ THEN
        first_ := d.from_on;
    END IF;
    names := CASE WHEN d.dim IS NULL THEN '{}' ELSE ARRAY(SELECT DISTINCT c.tag FROM monitoring.cell c
        WHERE c.measure = d.measure AND c.area_code = '431100' AND c.tag LIKE d.dim || '=%' ORDER BY 1) END || ARRAY[''];
    v := ARRAY(SELECT monitoring.total(d.measure, a.code, t.tag, first_, last_)
                 FROM unnest(areas) WITH ORDINALITY AS a (code, n), unnest(names) WITH ORDINALITY AS t (tag, n) ORDER BY a.n, t.n);
    v := v || ARRAY(SELECT sum(v[(a.n - 1) * cardinality(names) + t.n])::bigint FROM generate_series(1, cardinality(areas)) AS a (n),
                      generate_series(1, cardinality(names)) AS t (n) GROUP BY t.n ORDER BY t.n);
    areas := areas || ARRAY[CASE WHEN d.counties = '{}' THEN '431100' ELSE 'all' END];
    hid := monitoring.suppress(v, cardinality(areas), cardinality(names), d.least_n);
    RETURN QUERY SELECT areas[(i - 1) / cardinality(names) + 1], names[(i - 1) % cardinality(names) + 1],
                        CASE WHEN NOT hid[i] THEN v[i] END FROM generate_series(1, cardinality(v)) AS i;
END $$;

-- An aggregate, for a recipient, or for an officer who sees only aggregates.
CREATE FUNCTION monitoring.shared_cells(wanted text, month date, request uuid)
RETURNS TABLE (reply text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    d     monitoring.dataset;
    cells jsonb;
BEGIN
    IF platform.org() IS NOT NULL THEN
        d := monitoring.shared_open(wanted, 'aggregate');
    ELSE
        SELECT x.* INTO d FROM monitoring.dataset x WHERE x.code = wanted AND x.kind = 'aggregate' AND x.state = 'active';
        IF d.id IS NULL OR NOT coalesce(platform.whole_city(), false) THEN
            PERFORM platform.refuse('request.not_found');
        ELSIF d.expires_on < platform.today() THEN
            PERFORM platform.refuse('monitoring.sharing_expired');
        END IF;
    END IF;
    SELECT jsonb_agg(jsonb_build_object('area_code', c.area_code, 'tag', nullif(c.tag, ''), 'n', c.n, 'is_hidden', c.n IS NULL)
                     ORDER BY c.area_code, c.tag) INTO cells FROM monitoring.shared_table(d, month) AS c;
    PERFORM monitoring.shared_note(d, 'cells', jsonb_array_length(cells), to_char(month, 'YYYY-MM'), NULL, request);
    RETURN QUERY SELECT jsonb_build_object('dataset_code', d.code, 'version', d.version, 'period', to_char(month, 'YYYY-MM'),
        'grain', d.grain, 'least_n', d.least_n, 'items', cells)::text;
END $$;
REVOKE EXECUTE ON FUNCTION monitoring.shared_note(monitoring.dataset, text, integer, text, bigint, uuid),
    monitoring.shared_snapshot(monitoring.dataset, bigint, uuid, integer, bigint),
    monitoring.shared_changes(monitoring.dataset, bigint, bigint, uuid, integer, bigint),
    monitoring.shared_table(monitoring.dataset, date), monitoring.shared_open(text, text) FROM monitoring_app;

-- What a dataset was used for, by recipient: for the city, and for who owns it.
CREATE FUNCTION monitoring.dataset_usage(wanted text, from_ date, to_ date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('recipient_name', u.name, 'reads', u.reads, 'rows', u.n, 'last_at', u.last_at)
                              ORDER BY u.n DESC, u.name), '[]')
      FROM (SELECT coalesce((SELECT o.name FROM monitoring.org o WHERE o.id = l.org_id), '市级工作人员') AS name,
                   count(*) AS reads, sum(l.rows) AS n, max(l.read_at) AS last_at
              FROM monitoring.dataset_read l WHERE l.dataset_code = wanted AND l.read_on BETWEEN from_ AND to_
             GROUP BY l.org_id) AS u
$$;
