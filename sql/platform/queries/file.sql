-- Files and their sealed pieces (shared/workflow/file.c).

-- name: file_put :one
-- args: id uuid, subject_kind text, subject_id uuid, slot text, name text, media text, bytes int8,
--       sha256 text, key_sealed text, person uuid, org uuid, county text, area text, keep_until date
INSERT INTO @schema@.file AS f (id, subject_kind, subject_id, slot, name, media, bytes, sha256,
       key_sealed, person_id, org_id, county_code, area_code, keep_until)
VALUES ($id, $subject_kind, $subject_id, $slot, $name, $media, $bytes, $sha256, $key_sealed,
       $person, $org, $county, $area, $keep_until)
RETURNING @schema@.file_json(f)::text AS reply;

-- name: file_piece_put :exec
-- args: file_id uuid, n int8, cipher bytea
INSERT INTO @schema@.file_piece (file_id, n, cipher) VALUES ($file_id, $n::int8::integer, $cipher);

-- name: file_get :one read
-- args: id uuid
SELECT f.name, f.media, f.bytes, f.sha256, f.key_sealed FROM @schema@.file f WHERE f.id = $id;

-- name: file_piece_get :one read
-- args: file_id uuid, n int8
SELECT encode(p.cipher, 'hex') AS cipher FROM @schema@.file_piece p
 WHERE p.file_id = $file_id AND p.n = $n::int8::integer;

-- Only what was not submitted yet, and is the caller's (row-level security).
-- name: file_drop :one
-- args: id uuid
WITH gone AS (
    DELETE FROM @schema@.file f WHERE f.id = $id AND f.locked_at IS NULL RETURNING f.id
)
SELECT (SELECT count(*) FROM gone) AS gone,
       EXISTS (SELECT FROM @schema@.file f WHERE f.id = $id) AS found;

-- name: files_lock :exec
-- args: subject uuid
UPDATE @schema@.file SET locked_at = platform.now() WHERE subject_id = $subject AND locked_at IS NULL;

-- Never submitted for so many days, or kept long enough.
-- name: files_sweep :one
-- args: days int8
WITH gone AS (
    DELETE FROM @schema@.file f
     WHERE (f.locked_at IS NULL AND f.created_at < platform.now() - $days::int8 * interval '1 day')
        OR f.keep_until < platform.today()
    RETURNING f.id
)
SELECT count(*) AS gone FROM gone;
