-- CHO-30: tall singers stand behind. Nobody has to say.
ALTER TABLE singer ADD COLUMN height_cm integer;
