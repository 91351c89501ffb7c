package web

import (
	"strings"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/web/form"
)

func booked(a *asker) bool { return a.view.State.Booking() != nil }

func departed(a *asker) bool { return a.view.State.Departed != nil }

func offeredNow(a *asker) bool {
	s := &a.view.State
	n := len(s.Offers)
	return n > 0 && s.Accepted == nil && !s.Offers[n-1].Stopped.Is() && !s.Offers[n-1].Declined.Is()
}

// places splits what an officer typed into names of places, one a line or between commas.
func places(s string) []string {
	var all []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' || r == ';' }) {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// journeyActs are the seat, the notice, the announcement, the departure and the handover.
var journeyActs = map[string]official{
	"hold-seat":       {Group: "journey", Step: casework.StepHoldSeat, When: func(a *asker) bool { return !booked(a) }, Ask: holdSeat},
	"serve-notice":    {Group: "journey", Step: casework.StepServeNotice, Ask: serveNotice},
	"confirm-booking": {Group: "journey", Step: casework.StepConfirm, When: booked, Ask: none(casework.ConfirmBooking{})},
	"cancel-booking": {Group: "journey", Crosses: true, Stays: true, Final: true, Stops: true, When: booked, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "end", casework.EndReasons)
		return func() casework.Command { return casework.CancelBooking{Reason: reason()} }
	}},
	"notify-transfer": {Group: "journey", Step: casework.StepAnnounce, Crosses: true, When: booked, Ask: func(a *asker) func() casework.Command {
		medical := a.tick("medical-escort")
		luggage := a.number("luggage", 0, 20)
		return func() casework.Command {
			return casework.NotifyTransfer{MedicalEscort: medical(), Luggage: luggage()}
		}
	}},
	"acknowledge-arrival": {Group: "journey", Crosses: true,
		When: func(a *asker) bool { return a.view.State.Announced != nil && !a.view.State.Announced.Ready.Is() },
		Ask: func(a *asker) func() casework.Command {
			ready := &form.Choice{Base: a.base("ready"), Options: []form.Option{{Value: "ready", Label: "page.ready"}}}
			for _, p := range casework.ArrivalProblems {
				ready.Options = append(ready.Options, form.Option{Value: p, Label: "case.code.arrival." + p})
			}
			a.add(ready)
			return func() casework.Command {
				c := casework.AcknowledgeArrival{Problem: ready.Value}
				if c.Problem == "ready" {
					c.Problem = ""
				}
				return c
			}
		}},
	"pause":        {Group: "journey", Crosses: true, Stops: true, Ask: none(casework.Pause{})},
	"resume":       {Group: "journey", Step: casework.StepAnnounce, Crosses: true, Ask: none(casework.Resume{})},
	"lock-journey": {Group: "journey", Step: casework.StepLock, When: booked, Ask: none(casework.LockJourney{})},
	"depart": {Group: "journey", Step: casework.StepDepart, Final: true, When: func(a *asker) bool { return booked(a) && !departed(a) },
		Ask: func(a *asker) func() casework.Command {
			at := a.past("at")
			return func() casework.Command { return casework.Depart{At: at()} }
		}},
	"offer-handover": {Group: "handover", Step: casework.StepHandover, Crosses: true, When: departed, Ask: func(a *asker) func() casework.Command {
		place := a.filled("place", journeyEnd(a), false)
		property := a.number("property", 0, 99)
		medicine := a.yes("medicine")
		return func() casework.Command {
			return casework.OfferHandover{Place: place(), Property: property(), Medicine: medicine()}
		}
	}},
	"accept-handover": {Group: "handover", Crosses: true, Final: true, When: offeredNow, Ask: func(a *asker) func() casework.Command {
		property := a.number("property", 0, 99)
		medicine := a.yes("medicine")
		return func() casework.Command { return casework.AcceptHandover{Property: property(), Medicine: medicine()} }
	}},
	"decline-handover": {Group: "handover", Crosses: true, Final: true, When: offeredNow, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "decline", casework.DeclineReasons)
		return func() casework.Command { return casework.DeclineHandover{Reason: reason()} }
	}},
	"verify-departure": {Group: "journey", When: func(a *asker) bool { return !a.view.State.Route.TouchesPeer() && !departed(a) },
		Ask: func(a *asker) func() casework.Command {
			at := a.instant("at", a.zone, false, time.Time{})
			evidence := a.one("departure-evidence", "departure", casework.DepartureEvidence)
			return func() casework.Command { return casework.VerifyDeparture{At: at(), Evidence: evidence()} }
		}},
	"refuse-at-port": {Group: "journey", When: func(a *asker) bool { return a.view.State.Route == casework.RefusedAtPort },
		Ask: func(a *asker) func() casework.Command {
			at := a.past("at")
			place := a.choose("port-place", []form.Option{{Value: "uk-port", Label: "page.port.uk-port"}, {Value: "juxtaposed", Label: "page.port.juxtaposed"}, {Value: "port", Label: "page.port.port"}}, false)
			return func() casework.Command {
				return casework.RefuseAtPort{PortRefusal: domestic.PortRefusal{At: at(), Place: place()}}
			}
		}},
}

func journeyEnd(a *asker) string {
	if b := a.view.State.Booking(); b != nil {
		return b.To
	}
	return ""
}

func holdSeat(a *asker) func() casework.Command {
	means := a.one("means", "means", casework.Means)
	carrier := a.line("carrier", true)
	number := a.line("flight", true)
	from := a.line("from", false)
	to := a.line("to", false)
	departs := a.instant("departs", a.zone, false, time.Time{})
	arrives := a.instant("arrives", a.peerZone(), false, time.Time{})
	stops := a.line("stops", true)
	escorts := a.number("escorts", 0, 20)
	police := a.tick("police")
	charter := a.tick("charter")
	reserve := a.tick("reserve")
	return func() casework.Command {
		return casework.HoldSeat{Booking: domestic.Booking{Means: means(), Carrier: strings.ToUpper(carrier()), Number: number(), From: strings.ToUpper(from()),
			To: strings.ToUpper(to()), Country: a.view.State.Destination, Departs: departs(), Arrives: arrives(), Stops: places(stops()),
			Escorts: escorts(), Police: police(), Charter: charter(), Reserve: reserve()}}
	}
}

// serveNotice takes date, destination and stops from the seat that is held: what the paper says and what is
// booked cannot differ by a slip of the pen.
func serveNotice(a *asker) func() casework.Command {
	var routes []form.Option
	for _, n := range a.Desk.Law.Notices {
		routes = append(routes, form.Option{Value: n.ID, Text: a.t("page.notice-route", "route", n.ID, "basis", n.Basis)})
	}
	papers := a.many("papers", "paper", casework.Papers)
	route := a.choose("notice-route", routes, false)
	to := a.one("to-whom", "addressee", casework.Addressees)
	at := a.past("at")
	language := a.language("language", a.view.State.Support.Language)
	read := a.line("read-by", true)
	understood := a.yes("understood")
	checked := a.maybe("checked", "check", casework.Checks)
	method := a.one("method", "method", casework.ServiceMethods)
	proof := a.choose("proof", []form.Option{{Value: "signature", Label: "page.proof.signature"}, {Value: "receipt", Label: "page.proof.receipt"}, {Value: "witness", Label: "page.proof.witness"}}, false)
	original := a.date("original", true, time.Time{}, time.Time{})
	return func() casework.Command {
		s := domestic.Service{Papers: papers(), Route: route(), To: to(), At: at(), Language: language(), ReadBy: read(), Understood: understood(),
			Checked: checked(), Method: method(), Proof: proof(), Part: a.view.State.Part, Destination: a.view.State.Destination}
		if b := a.view.State.Booking(); b != nil {
			s.Destination, s.Stops, s.Departs = b.Country, b.Stops, b.Departs
		}
		if d := original(); d.Exact() {
			s.Original = d.First(a.zone)
		}
		return casework.ServeNotice{Service: s}
	}
}
