-- Which columns hold sealed values, and under which name each was sealed: what
-- `yjyctl reseal` goes through when a key is changed. Each schema lists its own.

CREATE TABLE platform.sealed_column (
    tbl  text NOT NULL,
    col  text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (tbl, col)
);
COMMENT ON TABLE platform.sealed_column IS 'public: columns with sealed values; name is an expression over a row t';

-- Rows of a column not sealed by the fresh key, from a place in the table on.
CREATE FUNCTION platform.reseal_take(tbl text, col text, name text, fresh text, after text, lim int8)
RETURNS TABLE (place text, sealed text, sealed_as text)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT t.ctid::text, t.%2$I, (%3$s)::text FROM %1$s t
          WHERE t.ctid > $2::tid AND t.%2$I LIKE ''k%%.%%'' AND NOT starts_with(t.%2$I, $1)
          LIMIT $3', tbl::regclass, col, name) USING fresh, after, lim;
END $$;

-- Only what still is as it was read is replaced; a row that changed meanwhile
-- is met again. rows: [{place, old, new}].
CREATE FUNCTION platform.reseal_put(tbl text, col text, rows jsonb) RETURNS int8
LANGUAGE plpgsql AS $$
DECLARE
    n int8;
BEGIN
    EXECUTE format(
        'UPDATE %1$s t SET %2$I = r.new
           FROM jsonb_to_recordset($1) AS r (place tid, old text, new text)
          WHERE t.ctid = r.place AND t.%2$I = r.old', tbl::regclass, col) USING rows;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- How many rows of a column are (or, with `other`, are not) under a key.
CREATE FUNCTION platform.reseal_count(tbl text, col text, prefix text, other boolean) RETURNS int8
LANGUAGE plpgsql AS $$
DECLARE
    n int8;
BEGIN
    EXECUTE format(
        'SELECT count(*) FROM %1$s t
          WHERE t.%2$I LIKE ''k%%.%%'' AND starts_with(t.%2$I, $1) <> $2', tbl::regclass, col)
       INTO n USING prefix, other;
    RETURN n;
END $$;

REVOKE EXECUTE ON FUNCTION platform.reseal_take(text, text, text, text, text, int8),
    platform.reseal_put(text, text, jsonb), platform.reseal_count(text, text, text, boolean)
    FROM yjy_service;
