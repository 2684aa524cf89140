// Package codes makes what recipients type at the counter.
package codes

import (
	"crypto/rand"
	"crypto/subtle"
	"math/big"
	"time"
)

// ValidFor is how long a code opens anything: as long as parcels are kept.
const ValidFor = 7 * 24 * time.Hour

const (
	length   = 6
	alphabet = "0123456789"
)

// New is a code that nobody has guessed yet.
func New() string {
	letters := make([]byte, length)
	for i := range letters {
		at, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic(err) // the machine has no randomness left, and no code is better than a known one
		}
		letters[i] = alphabet[at.Int64()]
	}
	return string(letters)
}

// Same compares in constant time.
func Same(kept, typed string) bool {
	return subtle.ConstantTimeCompare([]byte(kept), []byte(typed)) == 1
}
