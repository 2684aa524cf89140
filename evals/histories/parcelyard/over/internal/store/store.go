// Package store has all SQL of the depot. Nothing above it knows the names of tables.
package store

import (
	"context"
	"database/sql"
	"errors"
)

var (
	// ErrNotFound says that there is no row with that key.
	ErrNotFound = errors.New("not found")
	// ErrWrongState says that a thing has moved on since it was looked at.
	ErrWrongState = errors.New("wrong state")
)

// Store is the depot's database.
type Store struct {
	db *sql.DB
}

// New wraps an open database.
func New(db *sql.DB) *Store {
	return &Store{db: db}
}

// within runs a function in a transaction, which is rolled back where the function fails.
func (s *Store) within(ctx context.Context, work func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// one turns "nothing was changed" into an error.
func one(result sql.Result, err error, otherwise error) error {
	if err != nil {
		return err
	}
	if count, err := result.RowsAffected(); err != nil || count == 0 {
		return errors.Join(otherwise, err)
	}
	return nil
}

// note appends to the life of a parcel. It is called in the transaction of whatever happened.
func note(ctx context.Context, tx *sql.Tx, barcode, what, who string) error {
	_, err := tx.ExecContext(ctx,
		`INSERT INTO parcel_event (barcode, what, who) VALUES ($1, $2, $3)`, barcode, what, who)
	return err
}
