-- 技能劳动者存量 (26万): everybody who holds a certificate of level 5 or higher, counted once,
-- at the highest. Certificates from elsewhere come in officers' files, their holders by
-- blind index.

CREATE TABLE training.held_certificate (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    id_index        text NOT NULL,
    name_masked     text NOT NULL,
    number          text NOT NULL,
    issuer          text NOT NULL,
    occupation_code text NOT NULL,
    level           integer NOT NULL CONSTRAINT held_certificate_level_check CHECK (level BETWEEN -1 AND 6),
    issued_on       date NOT NULL,
    imported_by     uuid DEFAULT platform.actor(),
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT held_certificate_key UNIQUE (number, issuer)
);
CREATE INDEX held_certificate_index ON training.held_certificate (id_index);
CALL platform.protect('training.held_certificate', $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON training.held_certificate FROM training_app, training_system;

-- A file's rows; one whose certificate somebody else's row has already is at fault. The same
-- again changes nothing.
CREATE FUNCTION training.held_put(rows jsonb) RETURNS TABLE (applied bigint, same bigint, faults jsonb)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH input AS (
        SELECT DISTINCT ON (r.n, r.u) r.* FROM jsonb_to_recordset(held_put.rows)
            AS r (l bigint, i text, m text, n text, u text, o text, v integer, d date, c text, a text)
         ORDER BY r.n, r.u, r.l
    ), made AS (
        INSERT INTO training.held_certificate AS h (id_index, name_masked, number, issuer, occupation_code, level,
            issued_on, county_code, area_code)
        SELECT i, m, n, u, o, v, d, c, a FROM input
            ON CONFLICT (number, issuer) DO UPDATE
               SET name_masked = excluded.name_masked, occupation_code = excluded.occupation_code,
                   level = excluded.level, issued_on = excluded.issued_on, county_code = excluded.county_code,
                   area_code = excluded.area_code
             WHERE h.id_index = excluded.id_index
               AND (h.name_masked, h.occupation_code, h.level, h.issued_on, h.county_code, h.area_code) IS DISTINCT FROM
                   (excluded.name_masked, excluded.occupation_code, excluded.level, excluded.issued_on,
                    excluded.county_code, excluded.area_code)
        RETURNING h.number, h.issuer
    ), bad AS (
        SELECT i.l FROM input i JOIN training.held_certificate h ON h.number = i.n AND h.issuer = i.u
         WHERE h.id_index <> i.i
        UNION ALL
        SELECT (r ->> 'l')::bigint FROM jsonb_array_elements(held_put.rows) AS r
         WHERE NOT EXISTS (SELECT FROM input i WHERE i.l = (r ->> 'l')::bigint)
    )
    SELECT (SELECT count(*) FROM made),
           (SELECT count(*) FROM input) - (SELECT count(*) FROM made) - (SELECT count(*) FROM bad
                JOIN input ON input.l = bad.l),
           coalesce((SELECT jsonb_agg(l ORDER BY l) FROM bad), '[]')
$$;

-- A holder is one by blind index, or by account where that is not known.
CREATE VIEW training.skill_holder WITH (security_invoker = true) AS
    SELECT DISTINCT ON (c.holder) c.holder, c.level, c.occupation_code, c.county_code, c.area_code
      FROM (SELECT coalesce(p.id_index, t.person_id::text) AS holder, t.level, t.occupation_code,
                   t.county_code, t.area_code, t.issued_on
              FROM training.certificate t LEFT JOIN training.person p ON p.id = t.person_id
             WHERE t.revoked_on IS NULL
            UNION ALL
            SELECT h.id_index, h.level, h.occupation_code, h.county_code, h.area_code, h.issued_on
              FROM training.held_certificate h) AS c
     WHERE c.level <= 5
     ORDER BY c.holder, c.level, c.issued_on DESC;
COMMENT ON VIEW training.skill_holder IS 'skilled workers, each once at the highest level, within what the caller may see';
