// Package sorting decides where a parcel lies.
package sorting

import (
	"errors"

	"parcelyard/internal/store"
)

// ErrFull says that no open bay has room.
var ErrFull = errors.New("all bays are full")

// Choose picks the bay for a parcel that was just scanned: the first of its zone that has room.
func Choose(bays []store.Bay, zone string, litres int) (store.Bay, error) {
	for _, bay := range bays {
		if bay.Zone == zone && bay.FreeLitres >= litres {
			return bay, nil
		}
	}
	return store.Bay{}, ErrFull
}
