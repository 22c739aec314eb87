-- Files (附件): what people and organisations hand in, whoever's matter it is.
-- The bytes are sealed piece by piece under a key of the file's own, which is
-- sealed as a field; nobody reads them in the database. Routes name the file's
-- thing (subject) and what it proves (slot); shared/workflow/file.c does the rest.

CREATE PROCEDURE platform.make_files(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I.file (
            id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
            subject_kind text NOT NULL,
            subject_id   uuid NOT NULL,
            slot         text NOT NULL,
            name         text NOT NULL,
            media        text NOT NULL CONSTRAINT file_media_check CHECK (media IN ('pdf', 'jpeg', 'png')),
            bytes        bigint NOT NULL CONSTRAINT file_bytes_check CHECK (bytes > 0),
            sha256       text NOT NULL,
            key_sealed   text NOT NULL,
            person_id    uuid,
            org_id       uuid,
            uploaded_by  uuid DEFAULT platform.actor(),
            locked_at    timestamptz,
            keep_until   date,
            county_code  text NOT NULL,
            area_code    text,
            created_at   timestamptz NOT NULL DEFAULT platform.now(),
            CONSTRAINT file_owner_check CHECK (num_nonnulls(person_id, org_id) = 1)
        );
        CREATE INDEX file_subject ON %1$I.file (subject_id, slot);
        CREATE INDEX file_loose ON %1$I.file (created_at) WHERE locked_at IS NULL;
        CREATE INDEX file_person ON %1$I.file (person_id) WHERE person_id IS NOT NULL;
        CREATE INDEX file_kept ON %1$I.file (keep_until) WHERE keep_until IS NOT NULL;
        COMMENT ON COLUMN %1$I.file.locked_at IS 'submitted with its thing: the owner can no longer delete it';
        COMMENT ON COLUMN %1$I.file.keep_until IS 'the last day it is kept; NULL: as long as its thing';
        CREATE TABLE %1$I.file_piece (
            file_id uuid NOT NULL CONSTRAINT file_piece_file_fkey REFERENCES %1$I.file ON DELETE CASCADE,
            n       integer NOT NULL,
            cipher  bytea NOT NULL,
            PRIMARY KEY (file_id, n)
        );
        ALTER TABLE %1$I.file_piece ALTER COLUMN cipher SET STORAGE EXTERNAL;
        GRANT SELECT, INSERT, DELETE, UPDATE (locked_at, keep_until) ON %1$I.file TO %2$I, %3$I;
        GRANT SELECT, INSERT, DELETE ON %1$I.file_piece TO %2$I, %3$I;
        REVOKE UPDATE ON %1$I.file_piece, %1$I.file FROM %2$I, %3$I;
        GRANT UPDATE (locked_at, keep_until) ON %1$I.file TO %2$I, %3$I;
        CREATE FUNCTION %1$I.file_json(f %1$I.file) RETURNS jsonb
        LANGUAGE sql STABLE AS $f$
            SELECT jsonb_build_object('id', f.id, 'subject_kind', f.subject_kind, 'subject_id', f.subject_id,
                'slot', f.slot, 'name', f.name, 'media', f.media, 'bytes', f.bytes, 'sha256', f.sha256,
                'submitted', f.locked_at IS NOT NULL, 'uploaded_by', f.uploaded_by, 'created_at', f.created_at)
        $f$;
        GRANT EXECUTE ON FUNCTION %1$I.file_json(%1$I.file) TO %2$I, %3$I;
        $sql$, service, service || '_app', service || '_system');
    CALL platform.protect(service || '.file',
        'person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)',
        'person_id = platform.person() OR org_id = platform.org()');
    CALL platform.protect(service || '.file_piece',
        format('EXISTS (SELECT FROM %I.file f WHERE f.id = file_id)', service));
    INSERT INTO platform.sealed_column (tbl, col, name)
    VALUES (service || '.file', 'key_sealed', $n$'file.key'$n$);
END $$;

CALL platform.add_part('files');
