package httpapi

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"parcelyard/internal/codes"
	"parcelyard/internal/notify"
	"parcelyard/internal/store"
)

// handOver gives a parcel to somebody at the counter who knows its code.
//
// A wrong code, an old one and a used one are told apart for the clerk, who has the person in front of them.
func (s *Server) handOver(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Code     string `json:"code"`
		Document string `json:"document"` // what the person showed: "id card", "passport", "authority"
	}
	if !read(w, r, &in) {
		return
	}
	barcode := chi.URLParam(r, "barcode")
	err := s.store.UsePickupCode(r.Context(), barcode, in.Code, s.now())
	switch {
	case errors.Is(err, store.ErrCodeWrong):
		reply(w, http.StatusForbidden, problem{Title: "This is not the code of this parcel."})
		return
	case errors.Is(err, store.ErrCodeExpired):
		reply(w, http.StatusGone, problem{Title: "The code has expired.", Detail: "Send another with the button below."})
		return
	case err != nil:
		fail(w, err)
		return
	}
	if err := s.store.LogHandover(r.Context(), barcode, in.Document, worker(r)); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// resendCode makes a new code; the one before does not open anything any more.
func (s *Server) resendCode(w http.ResponseWriter, r *http.Request) {
	parcel, err := s.store.Parcel(r.Context(), chi.URLParam(r, "barcode"))
	if err != nil {
		fail(w, err)
		return
	}
	code := codes.New()
	if err := s.store.SavePickupCode(r.Context(), parcel.Barcode, code, s.now().Add(codes.ValidFor)); err != nil {
		fail(w, err)
		return
	}
	if err := s.store.Enqueue(r.Context(), parcel.Barcode, parcel.Phone, notify.NewCode(code)); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
