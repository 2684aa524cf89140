package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// States of a parcel.
const (
	InBay     = "in bay"
	OnRoad    = "on the road"
	HandedOut = "handed out"
	Returned  = "returned"
)

// Parcel is a row of the table parcel.
type Parcel struct {
	Barcode, Zone, Recipient, Phone, Bay, State string
	Litres, Grams                               int
	ScannedAt                                   time.Time
}

// Event is one thing that happened to a parcel.
type Event struct {
	What, Who string
	At        time.Time
}

// InsertParcel writes a parcel that came off the belt. Its barcode is the key.
func (s *Store) InsertParcel(ctx context.Context, p Parcel, who string) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO parcel (barcode, zone, litres, grams, recipient, phone, bay_id, state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			p.Barcode, p.Zone, p.Litres, p.Grams, p.Recipient, p.Phone, p.Bay, p.State)
		if err != nil {
			return err
		}
		return note(ctx, tx, p.Barcode, "scanned in", who)
	})
}

// Parcel is the one with this barcode.
func (s *Store) Parcel(ctx context.Context, barcode string) (Parcel, error) {
	var p Parcel
	err := s.db.QueryRowContext(ctx, `
		SELECT barcode, zone, litres, grams, recipient, phone, coalesce(bay_id, ''), state, scanned_at
		FROM parcel WHERE barcode = $1`, barcode,
	).Scan(&p.Barcode, &p.Zone, &p.Litres, &p.Grams, &p.Recipient, &p.Phone, &p.Bay, &p.State, &p.ScannedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return Parcel{}, ErrNotFound
	}
	return p, err
}

// MoveParcel changes the bay of a parcel that is in one.
func (s *Store) MoveParcel(ctx context.Context, barcode, bay, who string) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx,
			`UPDATE parcel SET bay_id = $2 WHERE barcode = $1 AND state = $3`, barcode, bay, InBay)
		if err := one(result, err, ErrWrongState); err != nil {
			return err
		}
		return note(ctx, tx, barcode, "moved to "+bay, who)
	})
}

// KeptSince lists parcels that have lain in a bay since before a moment.
func (s *Store) KeptSince(ctx context.Context, before time.Time) ([]Parcel, error) {
	rows, err := s.db.QueryContext(ctx,
		`SELECT barcode, phone FROM parcel WHERE state = $1 AND scanned_at < $2`, InBay, before)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Parcel
	for rows.Next() {
		var p Parcel
		if err := rows.Scan(&p.Barcode, &p.Phone); err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, rows.Err()
}

// MarkReturned sends a parcel back to whoever sent it, and frees its bay.
func (s *Store) MarkReturned(ctx context.Context, barcode string) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx,
			`UPDATE parcel SET state = $2, bay_id = NULL WHERE barcode = $1 AND state = $3`, barcode, Returned, InBay)
		if err := one(result, err, ErrWrongState); err != nil {
			return err
		}
		return note(ctx, tx, barcode, "returned", "sweep")
	})
}

// EventsOf is the life of a parcel.
func (s *Store) EventsOf(ctx context.Context, barcode string) ([]Event, error) {
	rows, err := s.db.QueryContext(ctx,
		`SELECT what, who, at FROM parcel_event WHERE barcode = $1 ORDER BY at, id`, barcode)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.What, &e.Who, &e.At); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}
