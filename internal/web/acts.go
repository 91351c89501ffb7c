package web

// ActGroup are the official acts of one theme that this officer may try now.
type ActGroup struct {
	Title string
	Items []ActLink
}

// ActLink leads to an act's page. A blocked one says what stands against it.
type ActLink struct {
	Text, Href, Blocked string
}
