-- One task per lot, kind and day, whoever plans twice. #34
DELETE FROM care_task a USING care_task b
WHERE a.lot_id = b.lot_id AND a.kind = b.kind AND a.due_on = b.due_on AND a.id > b.id;
ALTER TABLE care_task ADD CONSTRAINT care_task_once UNIQUE (lot_id, kind, due_on);
