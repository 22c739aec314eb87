-- Two identifiers of one millisecond sort by time, too: the twelve bits behind it
-- are its fraction (RFC 9562, 6.2, method 3), so that what one statement after
-- another writes in a transaction is read in that order.
CREATE OR REPLACE FUNCTION platform.uuid7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN (overlay(lpad(to_hex((date_part('epoch', clock_timestamp()) * 4096000)::bigint), 15, '0') PLACING '7' FROM 13 FOR 0) ||
    substr(replace(gen_random_uuid()::text, '-', ''), 17))::uuid;
