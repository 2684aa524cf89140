package store

import (
	"context"
	"time"
)

// Message waits to be sent.
type Message struct {
	ID          int64
	Phone, Text string
	Tries       int
}

// Enqueue puts a message into the outbox, which is a table: what was not committed is not sent.
func (s *Store) Enqueue(ctx context.Context, barcode, phone, text string) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO outbox_message (barcode, phone, text) VALUES ($1, $2, $3)`, barcode, phone, text)
	return err
}

// ClaimMessages takes the oldest messages that wait. Those that failed wait longer each time.
func (s *Store) ClaimMessages(ctx context.Context, most int) ([]Message, error) {
	rows, err := s.db.QueryContext(ctx, `
		UPDATE outbox_message SET tries = tries + 1, next_try = now() + interval '1 minute' * (tries + 1) ^ 2
		WHERE id IN (
			SELECT id FROM outbox_message
			WHERE sent_at IS NULL AND next_try <= now()
			ORDER BY id LIMIT $1
		)
		RETURNING id, phone, text, tries`, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var messages []Message
	for rows.Next() {
		var m Message
		if err := rows.Scan(&m.ID, &m.Phone, &m.Text, &m.Tries); err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, rows.Err()
}

// MarkSent says that the gateway took a message.
func (s *Store) MarkSent(ctx context.Context, id int64, at time.Time) error {
	result, err := s.db.ExecContext(ctx, `UPDATE outbox_message SET sent_at = $2 WHERE id = $1`, id, at)
	return one(result, err, ErrNotFound)
}
