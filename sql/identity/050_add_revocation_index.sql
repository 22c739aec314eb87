-- Whether one token was taken back is asked by id when Redis is gone.

CREATE INDEX revocation_id_idx ON identity.revocation (id, until_at);
