// Package taskforce owns the joint task force of the two states: measures, meetings with minutes and tasks,
// commitments, postings of officers at the other state, duty contact points, messages. The same code runs on
// both nodes.
//
// Acts of both sides cross on the way. Each thing (a measure, a task ...) keeps the acts about it, puts them
// into one order that depends only on the acts themselves and on what each author had seen (merge), and is
// rebuilt from that order. So both nodes come to the same state from the same acts in whatever order they
// arrive, and an act that lost against a crossing one is kept with the ruling that decided it (Crossing).
//
// It never grants access (package access does), never stores or sends anything, and knows no person who is
// returned: the only people it names are officers.
package taskforce
