package treaty

import "testing"

// One date with every step: 14 calendar days, and 5 working days in two calendars across Christmas.
func BenchmarkReckon(b *testing.B) {
	c := calendars(b)
	in := Setting{Requesting: c.Calendar("gb", "SCT"), Requested: c.Calendar("al", "")}
	for name, l := range map[string]*Limit{"reply": rule(b, "uk-al", "reply", Facts{}), "notice": rule(b, "gb-removal", "notice", Facts{})} {
		b.Run(name, func(b *testing.B) {
			start := noon(b, "2022-12-21")
			for b.Loop() {
				if _, err := Reckon(l, start, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
