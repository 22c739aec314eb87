-- Alerts in the log are few among many: a live board that is opened shows those
-- that stand open.
CREATE INDEX event_log_alert_idx ON monitoring.event_log (key, seq) WHERE type LIKE 'monitoring.alert.%';
