package notify

import "fmt"

// Arrived is for a parcel that lies in the depot.
func Arrived(code string) string {
	return fmt.Sprintf("Your parcel is here. Your code is %s. We keep it for 7 days.", code)
}

// Missed is for somebody who was not at home.
func Missed() string {
	return "Sorry, we missed you. Your parcel is back at the depot; your code still works."
}

// NewCode is for somebody who lost the first one.
func NewCode(code string) string {
	return fmt.Sprintf("Your new code is %s. The one before does not work any more.", code)
}

// SentBack is for a parcel that nobody came for.
func SentBack() string {
	return "Nobody came for your parcel, so it goes back to its sender."
}
