package casework

// PointsOf lists the points of attestation that a step needs, in their order.
func PointsOf(step Step) []string {
	var names []string
	for _, p := range pointsOf[step] {
		names = append(names, Points[p])
	}
	return names
}
