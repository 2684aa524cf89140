package httpapi

import (
	"net/http"
	"time"

	"parcelyard/internal/notify"
	"parcelyard/internal/store"
)

type attempt struct {
	ClientID string    `json:"clientId"`
	Round    int64     `json:"round"`
	Barcode  string    `json:"barcode"`
	Outcome  string    `json:"outcome"` // "delivered", "nobody", "refused"
	TriedAt  time.Time `json:"triedAt"`
	Photo    string    `json:"photo"`
}

// uploadAttempts takes what a phone has gathered since it last had a network, in the order in which it happened.
func (s *Server) uploadAttempts(w http.ResponseWriter, r *http.Request) {
	var batch []attempt
	if !read(w, r, &batch) {
		return
	}
	for _, each := range batch {
		if err := s.takeAttempt(r, each); err != nil {
			fail(w, err)
			return
		}
	}
	reply(w, http.StatusOK, map[string]int{"taken": len(batch)})
}

func (s *Server) takeAttempt(r *http.Request, in attempt) error {
	err := s.store.RecordAttempt(r.Context(), store.Attempt{
		ClientID: in.ClientID, Round: in.Round, Barcode: in.Barcode,
		Outcome: in.Outcome, TriedAt: in.TriedAt, Photo: in.Photo,
	})
	if err != nil || in.Outcome != store.Nobody {
		return err
	}
	return s.sorry(r, in.Barcode)
}

// sorry tells the recipient that the parcel is back at the depot.
func (s *Server) sorry(r *http.Request, barcode string) error {
	parcel, err := s.store.Parcel(r.Context(), barcode)
	if err != nil {
		return err
	}
	return s.store.Enqueue(r.Context(), barcode, parcel.Phone, notify.Missed())
}
