package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parcelyard/internal/codes"
)

var (
	// ErrCodeWrong says that the code is not that of the parcel, or was used.
	ErrCodeWrong = errors.New("wrong code")
	// ErrCodeExpired says that it was the right one once.
	ErrCodeExpired = errors.New("expired code")
)

// SavePickupCode gives a parcel its only code.
func (s *Store) SavePickupCode(ctx context.Context, barcode, code string, until time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO pickup_code (barcode, code, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (barcode) DO UPDATE SET code = $2, expires_at = $3, used_at = NULL`,
		barcode, code, until)
	return err
}

// UsePickupCode marks the code of a parcel as used, if it is the right one and in time.
func (s *Store) UsePickupCode(ctx context.Context, barcode, typed string, now time.Time) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		var kept string
		var until time.Time
		err := tx.QueryRowContext(ctx, `
			SELECT code, expires_at FROM pickup_code
			WHERE barcode = $1 AND used_at IS NULL FOR UPDATE`, barcode,
		).Scan(&kept, &until)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrCodeWrong
		}
		if err != nil {
			return err
		}
		if !codes.Same(kept, typed) {
			return ErrCodeWrong
		}
		if now.After(until) {
			return ErrCodeExpired
		}
		_, err = tx.ExecContext(ctx, `UPDATE pickup_code SET used_at = $2 WHERE barcode = $1`, barcode, now)
		return err
	})
}

// LogHandover writes who gave a parcel to whom, and that it is gone.
func (s *Store) LogHandover(ctx context.Context, barcode, document, clerk string) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO handover_log (barcode, document, clerk) VALUES ($1, $2, $3)`, barcode, document, clerk)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx,
			`UPDATE parcel SET state = $2, bay_id = NULL WHERE barcode = $1 AND state = $3`, barcode, HandedOut, InBay)
		if err := one(result, err, ErrWrongState); err != nil {
			return err
		}
		return note(ctx, tx, barcode, "handed out at the counter", clerk)
	})
}
