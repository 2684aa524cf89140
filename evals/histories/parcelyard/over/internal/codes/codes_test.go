package codes

import "testing"

func TestCodesDiffer(t *testing.T) {
	if New() == New() {
		t.Fatal("two codes are the same")
	}
}
