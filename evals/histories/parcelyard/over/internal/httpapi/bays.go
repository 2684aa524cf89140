package httpapi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// listBays answers with every bay and how full it is, for the map on the wall.
func (s *Server) listBays(w http.ResponseWriter, r *http.Request) {
	bays, err := s.store.Bays(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, bays)
}

// closeBay takes a bay out of use, or back into it. What lies there stays there.
func (s *Server) closeBay(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Closed bool   `json:"closed"`
		Reason string `json:"reason"`
	}
	if !read(w, r, &in) {
		return
	}
	if in.Closed && in.Reason == "" {
		reply(w, http.StatusUnprocessableEntity, problem{Title: "Say why the bay is closed."})
		return
	}
	if err := s.store.SetBayClosed(r.Context(), chi.URLParam(r, "bay"), in.Closed, in.Reason); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
