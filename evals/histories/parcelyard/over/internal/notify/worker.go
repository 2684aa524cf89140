// Package notify tells recipients what happens to their parcels.
package notify

import (
	"context"
	"log"
	"net/http"
	"net/url"
	"time"

	"parcelyard/internal/store"
)

const (
	batch = 50
	pause = 5 * time.Second
)

// Gateway is the company that sends text messages.
type Gateway struct {
	address string
}

// NewGateway returns the one behind an address.
func NewGateway(address string) *Gateway {
	return &Gateway{address: address}
}

// Send hands one message over.
func (g *Gateway) Send(phone, text string) error {
	answer, err := http.PostForm(g.address, url.Values{"to": {phone}, "text": {text}})
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// Worker empties the outbox.
type Worker struct {
	store   *store.Store
	gateway *Gateway
}

// NewWorker returns one that is not running yet.
func NewWorker(depot *store.Store, gateway *Gateway) *Worker {
	return &Worker{store: depot, gateway: gateway}
}

// Run sends until the context ends.
func (w *Worker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := w.round(ctx); err != nil {
			log.Printf("outbox: %v", err)
		}
		time.Sleep(pause)
	}
}

// round sends one batch. What fails stays in the outbox and is tried again later.
func (w *Worker) round(ctx context.Context) error {
	messages, err := w.store.ClaimMessages(ctx, batch)
	if err != nil {
		return err
	}
	for _, message := range messages {
		if err := w.gateway.Send(message.Phone, message.Text); err != nil {
			log.Printf("message %d, try %d: %v", message.ID, message.Tries, err)
			continue
		}
		if err := w.store.MarkSent(ctx, message.ID, time.Now()); err != nil {
			return err
		}
	}
	return nil
}
