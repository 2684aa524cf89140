-- Shops pay for what the scale says on the day of dispatch. ADR 7
ALTER TABLE order_line DROP COLUMN price_rappen;
ALTER TABLE order_line ADD COLUMN rappen_per_kilo integer NOT NULL DEFAULT 0;
