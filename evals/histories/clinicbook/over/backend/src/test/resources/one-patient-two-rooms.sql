TRUNCATE keeper, patient, room, vet, appointment RESTART IDENTITY CASCADE;
INSERT INTO keeper (full_name, mobile_number) VALUES ('A. Keeper', '+43 000 0000');
INSERT INTO patient (name, species, keeper_id) VALUES ('Momo', 'CAT', 1);
INSERT INTO room (name) VALUES ('Room 1'), ('Room 2');
INSERT INTO vet (short_name) VALUES ('K'), ('L');
