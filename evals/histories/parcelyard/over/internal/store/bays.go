package store

import (
	"context"
)

// Bay is a shelf with a number on it. FreeLitres is what its parcels leave.
type Bay struct {
	ID, Zone, ClosedFor string
	Litres, FreeLitres  int
}

const bayQuery = `
	SELECT bay.id, bay.zone, coalesce(bay.closed_for, ''), bay.litres,
	       bay.litres - coalesce(sum(parcel.litres), 0)
	FROM bay LEFT JOIN parcel ON parcel.bay_id = bay.id AND parcel.state = 'in bay'`

// Bays are all of them, in the order in which one walks past.
func (s *Store) Bays(ctx context.Context) ([]Bay, error) {
	return s.bays(ctx, bayQuery+` GROUP BY bay.id ORDER BY bay.id`)
}

// OpenBays are those that take parcels.
func (s *Store) OpenBays(ctx context.Context) ([]Bay, error) {
	return s.bays(ctx, bayQuery+` WHERE bay.closed_for IS NULL GROUP BY bay.id ORDER BY bay.id`)
}

func (s *Store) bays(ctx context.Context, query string) ([]Bay, error) {
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var bays []Bay
	for rows.Next() {
		var b Bay
		if err := rows.Scan(&b.ID, &b.Zone, &b.ClosedFor, &b.Litres, &b.FreeLitres); err != nil {
			return nil, err
		}
		bays = append(bays, b)
	}
	return bays, rows.Err()
}

// SetBayClosed takes a bay out of use with a reason, or back into it.
func (s *Store) SetBayClosed(ctx context.Context, bay string, closed bool, reason string) error {
	var why *string
	if closed {
		why = &reason
	}
	result, err := s.db.ExecContext(ctx, `UPDATE bay SET closed_for = $2 WHERE id = $1`, bay, why)
	return one(result, err, ErrNotFound)
}
