package sorting

import (
	"errors"
	"testing"

	"parcelyard/internal/store"
)

func TestABayOfTheZoneIsTakenWhenItHasRoom(t *testing.T) {
	bays := []store.Bay{{ID: "A1", Zone: "north", FreeLitres: 10}, {ID: "B1", Zone: "south", FreeLitres: 90}}
	bay, err := Choose(bays, "south", 40)
	if err != nil || bay.ID != "B1" {
		t.Fatalf("got %v, %v", bay, err)
	}
}

func TestWhatFitsNowhereIsRefused(t *testing.T) {
	if _, err := Choose([]store.Bay{{ID: "A1", FreeLitres: 10}}, "north", 11); !errors.Is(err, ErrFull) {
		t.Fatalf("got %v", err)
	}
}
