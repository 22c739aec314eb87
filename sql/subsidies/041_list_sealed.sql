-- Sealed columns of subsidies, for a change of the field key.
INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('subsidies.claim', 'account_sealed', $$'claim.account'$$),
    ('subsidies.payment_line', 'account_sealed', $$'claim.account'$$),
    ('subsidies.objection', 'contact_sealed', $$'objection.contact'$$);
