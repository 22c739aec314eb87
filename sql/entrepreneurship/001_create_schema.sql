-- entrepreneurship: incubators and parks, the firms in them, and the jobs
-- those firms create.
CREATE SCHEMA entrepreneurship;
CALL platform.make_service('entrepreneurship');
