ALTER TABLE visit RENAME COLUMN weight_kg TO weight_g;
UPDATE visit SET weight_g = weight_g * 1000;
