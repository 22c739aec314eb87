-- The code tables of this folder, for people who work in SQL. The services
-- read the files; `yjyctl load-reference` copies them in here, one table a
-- file, columns as in its first line.

CREATE SCHEMA reference;

CREATE TABLE reference.admin_divisions (
    code text PRIMARY KEY, name text NOT NULL, level text NOT NULL, parent_code text NOT NULL,
    short_name text, kind text, code_system text, note text
);
CREATE TABLE reference.villages (
    code text PRIMARY KEY, name text NOT NULL, level text NOT NULL, parent_code text NOT NULL,
    short_name text, kind text, note text
);
CREATE TABLE reference.functional_zones (
    zone_code text NOT NULL, zone_name text NOT NULL, town_code_2023 text PRIMARY KEY,
    town_name text NOT NULL, stat_years text, note text
);
CREATE TABLE reference.occupations (
    code text PRIMARY KEY, name text NOT NULL, level int NOT NULL, level_name text,
    parent_code text, is_digital int, is_green int, row_source text
);
CREATE TABLE reference.occupation_aliases (
    alias text NOT NULL, occupation_code text NOT NULL, occupation_name text
);
CREATE TABLE reference.industries (
    code text NOT NULL, name text NOT NULL, level int NOT NULL, level_name text,
    parent_code text, section text, full_code text, row_source text
);
CREATE TABLE reference.education_levels (
    code text PRIMARY KEY, name text NOT NULL, parent_code text, rank int
);
CREATE TABLE reference.ethnic_groups (
    code text PRIMARY KEY, name text NOT NULL, alpha text, roman text
);
CREATE TABLE reference.common_codes (
    code_set text NOT NULL, standard text, code text NOT NULL, name text NOT NULL,
    parent_code text, note text, verification text, PRIMARY KEY (code_set, code)
);
CREATE TABLE reference.calendar (
    date date PRIMARY KEY, is_workday int NOT NULL, name text, day_type text, weekday text,
    is_statutory_holiday int, status text NOT NULL
);

-- Which version of each file is in its table.
CREATE TABLE reference.loaded (
    file text PRIMARY KEY, sha256 bytea NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
