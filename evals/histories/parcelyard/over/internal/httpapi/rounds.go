package httpapi

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
)

// mostStops is what one van can do in a shift.
const mostStops = 140

// planRound makes a round of everything in a zone that waits, oldest first.
func (s *Server) planRound(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Courier string `json:"courier"`
		Zone    string `json:"zone"`
		Day     string `json:"day"`
	}
	if !read(w, r, &in) {
		return
	}
	waiting, err := s.store.WaitingIn(r.Context(), in.Zone, mostStops)
	if err != nil {
		fail(w, err)
		return
	}
	if len(waiting) == 0 {
		reply(w, http.StatusUnprocessableEntity, problem{Title: "Nothing waits in this zone.", Detail: in.Zone})
		return
	}
	id, err := s.store.CreateRound(r.Context(), in.Courier, in.Day, waiting)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusCreated, map[string]any{"id": id, "stops": len(waiting)})
}

func (s *Server) showRound(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(chi.URLParam(r, "round"), 10, 64)
	if err != nil {
		reply(w, http.StatusNotFound, problem{Title: "A round has a number."})
		return
	}
	round, err := s.store.Round(r.Context(), id)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, round)
}

// depart says that the van has left: its parcels are on the road, and their bays are free.
func (s *Server) depart(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(chi.URLParam(r, "round"), 10, 64)
	if err != nil {
		reply(w, http.StatusNotFound, problem{Title: "A round has a number."})
		return
	}
	if err := s.store.StartRound(r.Context(), id, s.now()); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
