-- A legal representative whom the register could not tell about is asked about
-- again while no officer has decided.
ALTER TABLE identity.org_legal
    ADD COLUMN ask_next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN ask_tries int NOT NULL DEFAULT 0;
CREATE INDEX org_legal_ask_idx ON identity.org_legal (ask_next_at) WHERE state = 'pending';
