-- 办件编号: two letters of the service, the business date, a serial of the
-- schema, a check character (ISO 7064 MOD 37,36): JB20250707000123R. The same
-- in C is shared/workflow/case_no.c.

CREATE FUNCTION platform.case_check(body text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    alphabet constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    p integer := 36;
BEGIN
    FOR i IN 1 .. length(body) LOOP
        p := (p + strpos(alphabet, substr(body, i, 1)) - 1) % 36;
        p := CASE p WHEN 0 THEN 36 ELSE p END * 2 % 37;
    END LOOP;
    RETURN substr(alphabet, (37 - p) % 36 + 1, 1);
END $$;
COMMENT ON FUNCTION platform.case_check(text) IS 'check character of a case number, ISO 7064 MOD 37,36';

CREATE FUNCTION platform.case_no(letters text, day date, serial bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT b.body || platform.case_check(b.body)
      FROM (SELECT letters || to_char(day, 'YYYYMMDD') || lpad(serial::text, 6, '0')) AS b (body)
$$;
COMMENT ON FUNCTION platform.case_no(text, date, bigint) IS 'a case number, readable, with its check character';

CREATE FUNCTION platform.case_letters(service text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE service WHEN 'jobs' THEN 'JB' ELSE upper(left(service, 2)) END;
COMMENT ON FUNCTION platform.case_letters(text) IS 'the letters a service''s case numbers begin with';
