package web

// TextPage is a page of plain paragraphs: what the service is, how accessible it is, how data are used.
type TextPage struct {
	Layout
	Paragraphs []string
	Links      []ActLink
}

// textPage shows the paragraphs of a key, numbered from 1.
func textPage(key string) page {
	return func(v *visit) error {
		p := &TextPage{Layout: v.layout(v.t(key + ".title"))}
		for n := 1; v.words.Has(key + "." + itoa(n)); n++ {
			p.Paragraphs = append(p.Paragraphs, v.t(key+"."+itoa(n)))
		}
		return v.render("text", p)
	}
}

// startPage greets officers whose work is not in cases, and lists what is open to them.
func startPage(v *visit) error {
	p := &TextPage{Layout: v.layout(v.t("page.start.title")), Paragraphs: []string{v.t("page.start.text", "role", v.role(v.who.Officer.Role))}}
	for _, item := range v.areas() {
		p.Links = append(p.Links, ActLink{Text: item.Text, Href: item.Href})
	}
	if len(p.Links) == 0 {
		p.Paragraphs = append(p.Paragraphs, v.t("page.start.none"))
	}
	return v.render("text", p)
}
