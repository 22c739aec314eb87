-- Sealed columns of identity, for a change of the field key.
INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('identity.person', 'id_sealed', $$'person.id'$$),
    ('identity.person', 'name_sealed', $$'person.name'$$),
    ('identity.person', 'phone_sealed', $$'person.phone'$$),
    ('identity.person_vault', 'id_sealed', $$'person.id'$$),
    ('identity.person_vault', 'name_sealed', $$'person.name'$$),
    ('identity.person_vault', 'phone_sealed', $$'person.phone'$$),
    ('identity.person_change', 'old_sealed',
        $$CASE t.field WHEN 'name' THEN 'person.name' ELSE 'person.id' END$$),
    ('identity.data_request', 'wanted_sealed', $$'data_request.wanted'$$),
    ('identity.officer', 'totp_sealed', $$'officer.totp'$$),
    ('identity.officer', 'phone_sealed', $$'officer.phone'$$),
    ('identity.refresh_token', 'successor_sealed', $$'refresh.successor'$$),
    ('identity.signing_key', 'sealed', $$'signing_key.sealed'$$),
    ('identity.text_queue', 'phone_sealed', $$'text.phone'$$),
    ('identity.text_queue', 'body_sealed', $$'text.body'$$),
    ('identity.idempotency', 'response', $$'idempotency.response'$$);
