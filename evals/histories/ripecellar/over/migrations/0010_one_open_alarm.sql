-- A room has at most one open alarm of a kind. #27
UPDATE climate_alarm SET closed_at = now() WHERE closed_at IS NULL;
CREATE UNIQUE INDEX one_open_alarm ON climate_alarm (room, what) WHERE closed_at IS NULL;
