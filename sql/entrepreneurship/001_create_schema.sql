-- entrepreneurship: incubators and parks, the firms in them, and the jobs
-- those firms create.
CREATE SCHEMA entrepreneurship;
CALL platform.make_service('entrepreneurship');

-- For the constraint that keeps a firm in one carrier at a time.
CREATE EXTENSION btree_gist SCHEMA entrepreneurship;
