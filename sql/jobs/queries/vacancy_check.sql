-- Words and bands of the automatic check.

-- name: check_word_list :many read
-- args: after text, lim int4, kind text, is_ended bool?
SELECT jobs.check_word_reply(w) AS reply, w.id::text AS cursor
  FROM jobs.check_word w
 WHERE w.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
   AND ($kind::text IS NULL OR w.kind = $kind)
   AND ($is_ended::bool IS NULL OR (w.to_on IS NOT NULL) = $is_ended)
 ORDER BY w.id
 LIMIT $lim;

-- Those in force today, for the program's memory.
-- name: check_word_all :many read
SELECT w.kind, w.pattern, coalesce((SELECT max(x.version) FROM jobs.check_word x), 0) AS version
  FROM jobs.check_word w
 WHERE w.from_on <= platform.today() AND (w.to_on IS NULL OR w.to_on >= platform.today());

-- name: check_word_add :one
-- args: kind text, pattern text, from_on date, note text
INSERT INTO jobs.check_word AS w (kind, pattern, from_on, note)
VALUES ($kind, $pattern, coalesce($from_on, platform.today()), coalesce($note, ''))
RETURNING jobs.check_word_reply(w) AS reply;

-- The last day is yesterday, or the first one for a word that has not begun.
-- name: check_word_end :one
-- args: id uuid
WITH found AS (
    SELECT w.id, w.to_on FROM jobs.check_word w WHERE w.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.check_word AS w
       SET to_on = greatest(w.from_on, platform.today() - 1), version = nextval('jobs.check_version')
      FROM found WHERE w.id = found.id AND found.to_on IS NULL
    RETURNING w AS w
)
SELECT jobs.check_word_reply(w) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: pay_band_list :many read
-- args: after text, lim int4
SELECT jobs.pay_band_reply(b) AS reply, b.id::text AS cursor
  FROM jobs.pay_band b
 WHERE b.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY b.id
 LIMIT $lim;

-- Another one follows for the same unit, form and occupation: it ended yesterday.
-- name: pay_band_follow :many
-- args: pay_unit text, form text, occupation text
UPDATE jobs.pay_band b SET to_on = greatest(b.from_on, platform.today() - 1)
 WHERE b.pay_unit = $pay_unit AND b.form = coalesce($form, '')
   AND b.occupation = coalesce($occupation, '') AND b.to_on IS NULL
RETURNING b.id;

-- name: pay_band_add :one
-- args: pay_unit text, form text, occupation text, low_cents int8, high_cents int8, note text
INSERT INTO jobs.pay_band AS b (pay_unit, form, occupation, low_cents, high_cents, note)
VALUES ($pay_unit, coalesce($form, ''), coalesce($occupation, ''), $low_cents, $high_cents,
        coalesce($note, ''))
RETURNING jobs.pay_band_reply(b) AS reply;

-- name: pay_band_end :one
-- args: id uuid
WITH found AS (
    SELECT b.id, b.to_on FROM jobs.pay_band b WHERE b.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.pay_band AS b SET to_on = greatest(b.from_on, platform.today() - 1)
      FROM found WHERE b.id = found.id AND found.to_on IS NULL
    RETURNING b AS b
)
SELECT jobs.pay_band_reply(b) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
