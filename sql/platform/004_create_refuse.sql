-- A statement's way to say no: refuses with the code of an error the client
-- may see (shared/http/errors.def), perhaps followed by a space and the pointer
-- of the field at fault, which undoes all the statement did.
--
--     SELECT reply FROM made
--     UNION ALL
--     SELECT platform.refuse('jobs.already_applied') WHERE NOT EXISTS (SELECT FROM made)

CREATE FUNCTION platform.refuse(code text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RAISE EXCEPTION '%', code USING ERRCODE = 'YJ002';
END $$;
COMMENT ON FUNCTION platform.refuse(text) IS 'raises an error code of errors.def; returns nothing';
