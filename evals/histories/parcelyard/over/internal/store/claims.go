package store

import (
	"context"
	"database/sql"
	"errors"
)

// Kinds and states of claims.
const (
	Damaged = "damaged"
	Lost    = "lost"

	ClaimOpen    = "open"
	ClaimSettled = "settled"
	ClaimRefused = "refused"
)

// Claim is a demand for money.
type Claim struct {
	ID                   int64
	Barcode, Kind, State string
	Cents                int64
	Photos               int
}

// InsertClaim opens a claim and keeps its photos.
func (s *Store) InsertClaim(ctx context.Context, barcode, kind string, cents int64, photos []string) (int64, error) {
	var id int64
	err := s.within(ctx, func(tx *sql.Tx) error {
		row := tx.QueryRowContext(ctx,
			`INSERT INTO claim (barcode, kind, cents) VALUES ($1, $2, $3) RETURNING id`, barcode, kind, cents)
		if err := row.Scan(&id); err != nil {
			return err
		}
		for _, photo := range photos {
			if _, err := tx.ExecContext(ctx,
				`INSERT INTO claim_photo (claim_id, address) VALUES ($1, $2)`, id, photo); err != nil {
				return err
			}
		}
		return note(ctx, tx, barcode, "claim: "+kind, "counter")
	})
	return id, err
}

// ClaimsIn lists the claims in a state, dearest first.
func (s *Store) ClaimsIn(ctx context.Context, state string) ([]Claim, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT claim.id, barcode, kind, state, cents, count(claim_photo.address)
		FROM claim LEFT JOIN claim_photo ON claim_photo.claim_id = claim.id
		WHERE state = $1 GROUP BY claim.id ORDER BY cents DESC`, state)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var claims []Claim
	for rows.Next() {
		var c Claim
		if err := rows.Scan(&c.ID, &c.Barcode, &c.Kind, &c.State, &c.Cents, &c.Photos); err != nil {
			return nil, err
		}
		claims = append(claims, c)
	}
	return claims, rows.Err()
}

// SignClaim agrees to pay a claim, and returns the state that it is in then.
func (s *Store) SignClaim(ctx context.Context, id int64, badge string) (string, error) {
	result, err := s.db.ExecContext(ctx,
		`UPDATE claim SET state = 'settled', signed_by = $2 WHERE id = $1 AND state = 'open'`, id, badge)
	return ClaimSettled, one(result, err, ErrWrongState)
}

// RefuseClaim closes a claim without money.
func (s *Store) RefuseClaim(ctx context.Context, id int64, badge, reason string) error {
	if reason == "" {
		return errors.New("a refusal needs a reason")
	}
	result, err := s.db.ExecContext(ctx, `
		UPDATE claim SET state = 'refused', signed_by = $2, refused_for = $3
		WHERE id = $1 AND state = 'open'`, id, badge, reason)
	return one(result, err, ErrWrongState)
}
