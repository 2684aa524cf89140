// Package httpapi has the endpoints of the depot, a file for each part of the floor.
package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"parcelyard/internal/store"
)

// Server holds what every handler needs.
type Server struct {
	store *store.Store
	now   func() time.Time
}

// New returns a server on this store.
func New(depot *store.Store) *Server {
	return &Server{store: depot, now: time.Now}
}

// Routes is the whole surface of the service. Names and paths follow api/parcelyard.yaml.
func (s *Server) Routes() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	r.Route("/v1", func(r chi.Router) {
		r.Post("/parcels", s.scanIn)
		r.Get("/parcels/{barcode}", s.showParcel)
		r.Get("/parcels/{barcode}/events", s.listEvents)
		r.Put("/parcels/{barcode}/bay", s.moveParcel)
		r.Post("/parcels/{barcode}/handover", s.handOver)
		r.Post("/parcels/{barcode}/codes", s.resendCode)

		r.Get("/bays", s.listBays)
		r.Put("/bays/{bay}/closed", s.closeBay)

		r.Post("/rounds", s.planRound)
		r.Get("/rounds/{round}", s.showRound)
		r.Post("/rounds/{round}/departure", s.depart)
		r.Post("/attempts", s.uploadAttempts)

		r.Post("/claims", s.openClaim)
		r.Get("/claims", s.listClaims)
		r.Post("/claims/{claim}/signatures", s.signClaim)
		r.Put("/claims/{claim}/refusal", s.refuseClaim)
	})
	return r
}

// problem is what a client gets instead of an answer.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// fail turns errors of the store into statuses. What it does not know is a 500 and says nothing about why.
func fail(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		reply(w, http.StatusNotFound, problem{Title: "There is no such thing here."})
	case errors.Is(err, store.ErrWrongState):
		reply(w, http.StatusConflict, problem{Title: "That is not possible any more.", Detail: err.Error()})
	default:
		reply(w, http.StatusInternalServerError, problem{Title: "Something broke."})
	}
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		reply(w, http.StatusBadRequest, problem{Title: "The request is no JSON that is understood.", Detail: err.Error()})
		return false
	}
	return true
}

// worker is the badge number of whoever uses the device; the proxy checks it.
func worker(r *http.Request) string {
	return r.Header.Get("X-Badge")
}
