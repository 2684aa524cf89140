package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Round is what one courier drives on one day.
type Round struct {
	ID       int64
	Courier  string
	Day      string
	Departed *time.Time
	Stops    []Stop
}

// Stop is a parcel on a round.
type Stop struct {
	Position           int
	Barcode, Recipient string
}

// WaitingIn lists barcodes of a zone that are in a bay and on no round, oldest first.
func (s *Store) WaitingIn(ctx context.Context, zone string, most int) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT barcode FROM parcel
		WHERE zone = $1 AND state = 'in bay'
		  AND NOT EXISTS (SELECT 1 FROM round_stop WHERE round_stop.barcode = parcel.barcode)
		ORDER BY scanned_at LIMIT $2`, zone, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var barcodes []string
	for rows.Next() {
		var barcode string
		if err := rows.Scan(&barcode); err != nil {
			return nil, err
		}
		barcodes = append(barcodes, barcode)
	}
	return barcodes, rows.Err()
}

// CreateRound writes a round and its stops, all or nothing.
func (s *Store) CreateRound(ctx context.Context, courier, day string, barcodes []string) (int64, error) {
	var id int64
	err := s.within(ctx, func(tx *sql.Tx) error {
		row := tx.QueryRowContext(ctx,
			`INSERT INTO delivery_round (courier, day) VALUES ($1, $2) RETURNING id`, courier, day)
		if err := row.Scan(&id); err != nil {
			return err
		}
		for position, barcode := range barcodes {
			_, err := tx.ExecContext(ctx,
				`INSERT INTO round_stop (round_id, position, barcode) VALUES ($1, $2, $3)`, id, position+1, barcode)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// Round is the one with this number, with its stops in order.
func (s *Store) Round(ctx context.Context, id int64) (Round, error) {
	round := Round{ID: id}
	err := s.db.QueryRowContext(ctx,
		`SELECT courier, day, departed_at FROM delivery_round WHERE id = $1`, id,
	).Scan(&round.Courier, &round.Day, &round.Departed)
	if errors.Is(err, sql.ErrNoRows) {
		return Round{}, ErrNotFound
	}
	if err != nil {
		return Round{}, err
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT position, barcode, recipient FROM round_stop JOIN parcel USING (barcode)
		WHERE round_id = $1 ORDER BY position`, id)
	if err != nil {
		return Round{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var stop Stop
		if err := rows.Scan(&stop.Position, &stop.Barcode, &stop.Recipient); err != nil {
			return Round{}, err
		}
		round.Stops = append(round.Stops, stop)
	}
	return round, rows.Err()
}

// StartRound puts all parcels of a round on the road, once.
func (s *Store) StartRound(ctx context.Context, id int64, at time.Time) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx,
			`UPDATE delivery_round SET departed_at = $2 WHERE id = $1 AND departed_at IS NULL`, id, at)
		if err := one(result, err, ErrWrongState); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE parcel SET state = 'on the road', bay_id = NULL
			WHERE barcode IN (SELECT barcode FROM round_stop WHERE round_id = $1)`, id)
		return err
	})
}
