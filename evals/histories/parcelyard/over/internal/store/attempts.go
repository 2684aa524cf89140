package store

import (
	"context"
	"database/sql"
	"time"
)

// Outcomes of an attempt.
const (
	Delivered = "delivered"
	Nobody    = "nobody"
	Refused   = "refused"
)

// Attempt is a courier in front of a door.
type Attempt struct {
	ClientID, Barcode, Outcome, Photo string
	Round                             int64
	TriedAt                           time.Time
}

// stateAfter says where a parcel is after an attempt.
var stateAfter = map[string]string{Delivered: HandedOut, Nobody: InBay, Refused: Returned}

// RecordAttempt writes an attempt and what it means for the parcel.
func (s *Store) RecordAttempt(ctx context.Context, a Attempt) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO delivery_attempt (round_id, barcode, outcome, tried_at, photo)
			VALUES ($1, $2, $3, $4, nullif($5, ''))`,
			a.Round, a.Barcode, a.Outcome, a.TriedAt, a.Photo)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx,
			`UPDATE parcel SET state = $2 WHERE barcode = $1`, a.Barcode, stateAfter[a.Outcome])
		if err != nil {
			return err
		}
		return note(ctx, tx, a.Barcode, "attempt: "+a.Outcome, "courier")
	})
}
