package httpapi

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"parcelyard/internal/store"
)

// openClaim says that a parcel was damaged or lost. It is open until somebody signs or refuses it.
func (s *Server) openClaim(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Barcode string   `json:"barcode"`
		Kind    string   `json:"kind"` // "damaged" or "lost"
		Cents   int64    `json:"cents"`
		Photos  []string `json:"photos"`
	}
	if !read(w, r, &in) {
		return
	}
	if in.Kind == store.Damaged && len(in.Photos) == 0 {
		reply(w, http.StatusUnprocessableEntity, problem{Title: "Damage needs a photo."})
		return
	}
	id, err := s.store.InsertClaim(r.Context(), in.Barcode, in.Kind, in.Cents, in.Photos)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusCreated, map[string]int64{"id": id})
}

func (s *Server) listClaims(w http.ResponseWriter, r *http.Request) {
	claims, err := s.store.ClaimsIn(r.Context(), r.URL.Query().Get("state"))
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, claims)
}

// signClaim agrees to pay.
func (s *Server) signClaim(w http.ResponseWriter, r *http.Request) {
	id, err := claimID(r)
	if err != nil {
		reply(w, http.StatusNotFound, problem{Title: "A claim has a number."})
		return
	}
	state, err := s.store.SignClaim(r.Context(), id, worker(r))
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, map[string]string{"state": state})
}

func (s *Server) refuseClaim(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Reason string `json:"reason"`
	}
	if !read(w, r, &in) {
		return
	}
	id, err := claimID(r)
	if err != nil {
		reply(w, http.StatusNotFound, problem{Title: "A claim has a number."})
		return
	}
	if err := s.store.RefuseClaim(r.Context(), id, worker(r), in.Reason); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func claimID(r *http.Request) (int64, error) {
	return strconv.ParseInt(chi.URLParam(r, "claim"), 10, 64)
}
