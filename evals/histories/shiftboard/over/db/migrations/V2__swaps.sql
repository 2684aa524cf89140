-- One person asks, the other accepts, a planner approves.
CREATE TABLE swap (
    id BIGSERIAL PRIMARY KEY,
    from_assignment BIGINT NOT NULL REFERENCES assignment (id),
    to_assignment BIGINT NOT NULL REFERENCES assignment (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'accepted', 'approved', 'refused'))
);

CREATE VIEW swap_with_people AS
SELECT swap.id, swap.state, f.person AS from_person, f.shift_id AS from_shift, t.person AS to_person, t.shift_id AS to_shift
FROM swap JOIN assignment f ON f.id = from_assignment JOIN assignment t ON t.id = to_assignment;
