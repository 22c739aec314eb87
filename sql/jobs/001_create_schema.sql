-- jobs: vacancies, applications, and the two registers of a working life,
-- 就业登记 (employment) and 失业登记 (unemployment).
CREATE SCHEMA jobs;
CALL platform.make_service('jobs');
