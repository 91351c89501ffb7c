package statistics

import "testing"

func TestNamed(t *testing.T) {
	for name, want := range map[string]Naming{
		"Albania": {"albania", false}, "albanians": {"albania", true}, "Shqipërisë": {"albania", false}, "shqiptarëve": {"albania", true},
		"Burma": {"myanmar-burma", false}, "Rumaninë": {"romania", false}, "Nigeri": {"niger", false}, "Nigerinë": {"nigeria", false},
		"Czech Republic": {"czechia", false}, "Poles": {"poland", true}, "Maqedoninë e Veriut": {"north-macedonia", false}, "sri-lanka": {"sri-lanka", false},
		"irakianë": {"iraq", true}, "Irakut": {"iraq", false},
	} {
		if got, ok := Named(name); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "Atlantis", "the", "Ishujt"} {
		if n, ok := Named(name); ok {
			t.Errorf("%q names %v", name, n)
		}
	}
	for _, c := range Lists().Countries.Codes { // every official label stands for its own code
		for _, n := range c.Names {
			if got, ok := Named(n.Label); !ok || got.Country != Country(c.Code) {
				t.Errorf("%s: %v", n.Label, got)
			}
		}
	}
}
