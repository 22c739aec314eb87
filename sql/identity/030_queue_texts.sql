-- Text messages on their way to a carrier, and how many were asked for today.
-- Sealed, since a message holds a code; emptied when it is done with.
CREATE TABLE identity.text_queue (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone_index  text NOT NULL,
    phone_sealed text,
    body_sealed  text,
    state        text NOT NULL DEFAULT 'queued' CONSTRAINT text_queue_state_check
                 CHECK (state IN ('queued', 'sent', 'failed')),
    tries        int NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at      timestamptz,
    CONSTRAINT text_queue_emptied_check CHECK ((state = 'queued') = (body_sealed IS NOT NULL))
);
CREATE INDEX text_queue_next_idx ON identity.text_queue (next_at) WHERE state = 'queued';
CREATE INDEX text_queue_done_idx ON identity.text_queue (done_at) WHERE state <> 'queued';
CALL platform.protect('identity.text_queue', $$false$$);

-- A used code leaves its row: the day's count outlives it.
ALTER TABLE identity.text_code
    ADD COLUMN day date NOT NULL DEFAULT '-infinity',
    ADD COLUMN sent int NOT NULL DEFAULT 0;

CREATE TABLE identity.text_address (
    address_index text NOT NULL,
    day           date NOT NULL,
    sent          int NOT NULL,
    PRIMARY KEY (address_index, day)
);
CALL platform.protect('identity.text_address', $$false$$);
