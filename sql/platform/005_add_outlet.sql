-- app.scope has an eighth part, the outlet of a clerk:
--     person|org|actor|,area,area,|action|instant|trace|outlet

CREATE FUNCTION platform.outlet() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(split_part(current_setting('app.scope', true), '|', 8), '')::uuid;
COMMENT ON FUNCTION platform.outlet() IS 'the outlet the clerk works at; NULL: none';
