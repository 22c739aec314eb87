-- A tenancy's case is told when the firm leaves (platform/021).

CREATE FUNCTION entrepreneurship.tenant_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM entrepreneurship.case_move('EN-02', NEW.id, 'left', NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER tenant_case AFTER UPDATE ON entrepreneurship.tenant
    FOR EACH ROW WHEN (OLD.left_on IS NULL AND NEW.left_on IS NOT NULL)
    EXECUTE FUNCTION entrepreneurship.tenant_case();
