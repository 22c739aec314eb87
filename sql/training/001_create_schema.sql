-- training: classes, who attends them, how they did, and their certificates.
CREATE SCHEMA training;
CALL platform.make_service('training');
