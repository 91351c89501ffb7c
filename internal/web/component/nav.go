package component

import (
	"fmt"
	"html/template"
)

// Link is an entry of breadcrumbs.
type Link struct {
	Text       string
	HTML       template.HTML
	Href       string
	Attributes Attrs
}

// Breadcrumbs show where the page is.
type Breadcrumbs struct {
	Items            []Link
	LabelText        string // English "Breadcrumb" if empty
	CollapseOnMobile bool
	Classes          string
	Attributes       Attrs
}

func (Breadcrumbs) partial() string { return "breadcrumbs" }

// BackLink leads to the page before.
type BackLink struct {
	Text       string // English "Back" if empty
	HTML       template.HTML
	Href       string
	Classes    string
	Attributes Attrs
}

func (BackLink) partial() string { return "back-link" }

// SkipLink leads past the header to the content.
type SkipLink struct {
	Text       string
	HTML       template.HTML
	Href       string
	Classes    string
	Attributes Attrs
}

func (SkipLink) partial() string { return "skip-link" }

// PhaseBanner tells that what is shown is not the real thing: here, stand-in terms or an exercise.
type PhaseBanner struct {
	Tag        Tag
	Text       string
	HTML       template.HTML
	Classes    string
	Attributes Attrs
}

func (PhaseBanner) partial() string { return "phase-banner" }

// Tagged is the banner's tag with its class.
func (p PhaseBanner) Tagged() Tag {
	p.Tag.Classes, p.Tag.Attributes = join("govuk-phase-banner__content__tag", p.Tag.Classes), nil
	return p.Tag
}

// PageItem is one page in a pagination, or an ellipsis.
type PageItem struct {
	Number             string
	VisuallyHiddenText string // English "Page n" if empty
	Href               string
	Current, Ellipsis  bool
	Attributes         Attrs
}

// Name is what a screen reader says of the page.
func (p PageItem) Name() string {
	if p.VisuallyHiddenText != "" {
		return p.VisuallyHiddenText
	}
	return fmt.Sprint("Page ", p.Number)
}

// PageLink leads to the page before or after.
type PageLink struct {
	Text       string
	HTML       template.HTML
	LabelText  string
	Href       string
	Attributes Attrs
}

// Pagination leads through the pages of a list.
type Pagination struct {
	Items          []PageItem
	Previous, Next *PageLink
	LandmarkLabel  string // English "Pagination" if empty
	Classes        string
	Attributes     Attrs
}

func (Pagination) partial() string { return "pagination" }

// Block tells whether only previous and next are shown.
func (p Pagination) Block() bool { return len(p.Items) == 0 && (p.Previous != nil || p.Next != nil) }

// arrowView is a previous or next link.
type arrowView struct {
	PageLink
	Kind  string // prev or next
	Word  string
	Block bool
}

// Before is the previous link, nil without one.
func (p Pagination) Before() *arrowView { return p.arrow(p.Previous, "prev", "Previous") }

// After is the next link, nil without one.
func (p Pagination) After() *arrowView { return p.arrow(p.Next, "next", "Next") }

func (p Pagination) arrow(l *PageLink, kind, word string) *arrowView {
	if l == nil || l.Href == "" {
		return nil
	}
	return &arrowView{*l, kind, word, p.Block()}
}

// GenericHeader is the band at the top with the service's own name or mark.
type GenericHeader struct {
	URL              string // "/" if empty
	LogoText         string
	LogoHTML         template.HTML
	ContainerClasses string
	Classes          string
	Attributes       Attrs
}

func (GenericHeader) partial() string { return "generic-header" }

// LanguageItem is one language.
type LanguageItem struct {
	Text                    string
	HTML                    template.HTML
	Lang, HrefLang, Dir     string
	Href                    string
	Current                 bool
	LanguageDescriptionText string
	Classes                 string
	Attributes              Attrs
}

// Shown tells whether the page is in this language already.
func (l LanguageItem) Shown() bool { return l.Current || l.Href == "" }

// LanguageNavigation leads to the same page in the other language.
type LanguageNavigation struct {
	Items      []LanguageItem
	ARIALabel  string // English "Language" if empty
	Classes    string
	Attributes Attrs
}

func (LanguageNavigation) partial() string { return "language-navigation" }

// NavItem is one area of the service. Current: this page; Active: a page below it.
type NavItem struct {
	Text            string
	HTML            template.HTML
	Href            string
	Active, Current bool
	Attributes      Attrs
}

// ServiceNavigation leads to the areas of the service.
type ServiceNavigation struct {
	ServiceName, ServiceURL    string
	Navigation                 []NavItem
	ARIALabel                  string // English "Service information" if empty
	MenuButtonText             string // English "Menu" if empty
	MenuButtonLabel            string
	NavigationLabel            string
	NavigationID               string
	NavigationClasses          string
	CollapseNavigationOnMobile *bool
	Classes                    string
	Attributes                 Attrs
}

func (ServiceNavigation) partial() string { return "service-navigation" }

// Collapses tells whether a small screen gets a menu button.
func (s ServiceNavigation) Collapses() bool {
	if s.CollapseNavigationOnMobile != nil {
		return *s.CollapseNavigationOnMobile
	}
	return len(s.Navigation) > 1
}

// Menu is the word on the menu button.
func (s ServiceNavigation) Menu() string { return or(s.MenuButtonText, "Menu") }

// Label names the navigation landmark.
func (s ServiceNavigation) Label() string { return or(s.NavigationLabel, s.Menu()) }

// ListID is what the menu button controls.
func (s ServiceNavigation) ListID() string { return or(s.NavigationID, "navigation") }
