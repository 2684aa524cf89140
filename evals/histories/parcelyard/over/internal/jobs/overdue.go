// Package jobs has what cron starts.
package jobs

import (
	"context"
	"errors"
	"time"

	"parcelyard/internal/notify"
	"parcelyard/internal/store"
)

// KeepDays is how long a parcel may lie in a bay.
const KeepDays = 7

// ReturnOverdue sends back what was kept too long, and says how many parcels that were.
//
// One that was handed out while the sweep ran is left alone.
func ReturnOverdue(ctx context.Context, depot *store.Store, now time.Time) (int, error) {
	parcels, err := depot.KeptSince(ctx, now.AddDate(0, 0, -KeepDays))
	if err != nil {
		return 0, err
	}
	returned := 0
	for _, parcel := range parcels {
		err := depot.MarkReturned(ctx, parcel.Barcode)
		if errors.Is(err, store.ErrWrongState) {
			continue
		}
		if err != nil {
			return returned, err
		}
		if err := depot.Enqueue(ctx, parcel.Barcode, parcel.Phone, notify.SentBack()); err != nil {
			return returned, err
		}
		returned++
	}
	return returned, nil
}
