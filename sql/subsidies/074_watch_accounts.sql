-- Accounts: one that an officer's own people were paid to is a tie too, and one
-- that is changed after the reviews is held against those who did them.

-- What ties an officer to a claim, NULL: nothing known.
CREATE OR REPLACE FUNCTION subsidies.tie_of(officer uuid, c subsidies.claim) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH mine AS (
        SELECT t.* FROM subsidies.officer_tie t
         WHERE t.officer_id = officer AND t.from_on <= platform.today()
           AND (t.to_on IS NULL OR t.to_on >= platform.today())
    ), people AS (
        SELECT p.id_index FROM subsidies.person p
         WHERE p.id IN (c.person_id, c.payee_id, subsidies.canonical(c.person_id))
    ), firm AS (
        SELECT o.id, o.uscc FROM subsidies.org o WHERE o.id IN (c.org_id, c.payee_id)
    )
    SELECT coalesce(
        (SELECT m.tie FROM mine m JOIN people USING (id_index) LIMIT 1),
        (SELECT m.tie FROM mine m JOIN firm USING (uscc) LIMIT 1),
        (SELECT 'account' FROM mine m WHERE m.account_index = c.account_index LIMIT 1),
        (SELECT 'account' FROM subsidies.claim other        -- where the officer's own people were paid
           JOIN subsidies.person p ON p.id = other.payee_id
           JOIN mine m ON m.id_index = p.id_index
          WHERE other.account_index = c.account_index AND other.id <> c.id LIMIT 1),
        (SELECT 'legal_representative' FROM mine m
           JOIN subsidies.fact f ON f.kind = 'licence' AND f.code = 'legal_representative' AND f.known_to IS NULL
            AND f.from_on <= platform.today() AND coalesce(f.to_on, 'infinity') >= platform.today()
            AND (f.org_id IN (SELECT id FROM firm) OR f.uscc IN (SELECT uscc FROM firm))
            AND (f.id_index = m.id_index
                 OR f.person_id = (SELECT p.id FROM subsidies.person p WHERE p.id_index = m.id_index))
          WHERE m.id_index IS NOT NULL LIMIT 1),
        (SELECT 'employer' FROM mine m
           JOIN subsidies.person p ON p.id_index = m.id_index
           JOIN subsidies.employment e ON e.person_id = p.id AND e.org_id IN (SELECT id FROM firm)
            AND e.hired_on <= platform.today() AND coalesce(e.ended_on, 'infinity') >= platform.today()
          WHERE m.tie = 'self' LIMIT 1))
$$;

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
