-- An account that is changed after the reviews is held against those who did them.
CREATE FUNCTION subsidies.account_untied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM subsidies.claim_hand h
                 JOIN subsidies.officer_tie t ON t.officer_id = h.actor
                WHERE h.claim_id = NEW.id AND subsidies.tie_of(h.actor, NEW) IS NOT NULL
                  AND subsidies.tie_of(h.actor, OLD) IS NULL) THEN
        RAISE EXCEPTION 'subsidies.conflict_of_interest /account' USING ERRCODE = 'YJ002';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account_untied AFTER UPDATE ON subsidies.claim FOR EACH ROW
    WHEN (NEW.account_index IS NOT NULL AND NEW.account_index IS DISTINCT FROM OLD.account_index)
    EXECUTE FUNCTION subsidies.account_untied();
