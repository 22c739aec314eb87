-- 一人一档: what further registers hold of a person. Whoever adds one replaces
-- this function; it runs as the caller, so row-level security judges each part.
CREATE FUNCTION jobs.dossier_parts(person uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$ SELECT '{}'::jsonb $$;
COMMENT ON FUNCTION jobs.dossier_parts(uuid) IS 'the members `parts` of a dossier: {name: [rows]}';
