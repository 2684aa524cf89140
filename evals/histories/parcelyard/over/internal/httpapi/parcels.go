package httpapi

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"parcelyard/internal/codes"
	"parcelyard/internal/notify"
	"parcelyard/internal/sorting"
	"parcelyard/internal/store"
)

type arrival struct {
	Barcode   string `json:"barcode"`
	Zone      string `json:"zone"`
	Litres    int    `json:"litres"`
	Grams     int    `json:"grams"`
	Recipient string `json:"recipient"`
	Phone     string `json:"phone"`
}

// scanIn takes a parcel from the belt: a bay is chosen, a code is made, and the recipient is told.
func (s *Server) scanIn(w http.ResponseWriter, r *http.Request) {
	var in arrival
	if !read(w, r, &in) {
		return
	}
	bays, err := s.store.OpenBays(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	bay, err := sorting.Choose(bays, in.Zone, in.Litres)
	if errors.Is(err, sorting.ErrFull) {
		reply(w, http.StatusInsufficientStorage, problem{Title: "No bay has room for it.", Detail: in.Barcode})
		return
	}
	parcel := store.Parcel{
		Barcode: in.Barcode, Zone: in.Zone, Litres: in.Litres, Grams: in.Grams,
		Recipient: in.Recipient, Phone: in.Phone, Bay: bay.ID, State: store.InBay,
	}
	if err := s.store.InsertParcel(r.Context(), parcel, worker(r)); err != nil {
		fail(w, err)
		return
	}
	code := codes.New()
	if err := s.store.SavePickupCode(r.Context(), in.Barcode, code, s.now().Add(codes.ValidFor)); err != nil {
		fail(w, err)
		return
	}
	if err := s.store.Enqueue(r.Context(), in.Barcode, in.Phone, notify.Arrived(code)); err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusCreated, map[string]string{"barcode": in.Barcode, "bay": bay.ID})
}

func (s *Server) showParcel(w http.ResponseWriter, r *http.Request) {
	parcel, err := s.store.Parcel(r.Context(), chi.URLParam(r, "barcode"))
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, parcel)
}

// listEvents is the life of a parcel, latest last. Recipients never see it.
func (s *Server) listEvents(w http.ResponseWriter, r *http.Request) {
	events, err := s.store.EventsOf(r.Context(), chi.URLParam(r, "barcode"))
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, events)
}

// moveParcel puts a parcel into another bay, by hand. Room is not checked: people see what fits.
func (s *Server) moveParcel(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Bay string `json:"bay"`
	}
	if !read(w, r, &in) {
		return
	}
	if err := s.store.MoveParcel(r.Context(), chi.URLParam(r, "barcode"), in.Bay, worker(r)); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
