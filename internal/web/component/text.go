package component

import "html/template"

// Button does something; with Href it is a link that looks like one. The words name the act.
type Button struct {
	ID                 string
	Text               string
	HTML               template.HTML
	Type               string // submit if empty
	Name, Value        string
	Href               string
	Disabled           bool
	PreventDoubleClick *bool
	IsStartButton      bool
	Classes            string
	Attributes         Attrs
}

func (Button) partial() string { return "button" }

// ErrorItem is one line of an error summary; Href leads to the control.
type ErrorItem struct {
	Text       string
	HTML       template.HTML
	Href       string
	Attributes Attrs
}

// ErrorSummary stands at the top of a page whose form has errors.
type ErrorSummary struct {
	TitleText        string
	TitleHTML        template.HTML
	DescriptionText  string
	DescriptionHTML  template.HTML
	ErrorList        []ErrorItem
	DisableAutoFocus *bool
	Classes          string
	Attributes       Attrs
}

func (ErrorSummary) partial() string { return "error-summary" }

// InsetText sets a passage apart.
type InsetText struct {
	ID         string
	Text       string
	HTML       template.HTML
	Classes    string
	Attributes Attrs
}

func (InsetText) partial() string { return "inset-text" }

// WarningText warns of consequences. IconFallbackText is read before it; empty is the English "Warning".
type WarningText struct {
	Text             string
	HTML             template.HTML
	IconFallbackText string
	Classes          string
	Attributes       Attrs
}

func (WarningText) partial() string { return "warning-text" }

// NotificationBanner tells what is not about the page's own form. Type "success" follows an act.
type NotificationBanner struct {
	Text              string
	HTML              template.HTML
	TitleText         string
	TitleHTML         template.HTML
	TitleID           string
	TitleHeadingLevel string
	Type, Role        string
	DisableAutoFocus  *bool
	Classes           string
	Attributes        Attrs
}

func (NotificationBanner) partial() string { return "notification-banner" }

// LabelledBy is the id of the banner's title.
func (n NotificationBanner) LabelledBy() string {
	return or(n.TitleID, "govuk-notification-banner-title")
}

// Announced is the banner's role: success interrupts a screen reader, everything else is a landmark.
func (n NotificationBanner) Announced() string {
	if n.Role == "" && n.Type == "success" {
		return "alert"
	}
	return or(n.Role, "region")
}

// Title is the banner's title with the package's English defaults.
func (n NotificationBanner) Title() Slot {
	switch {
	case n.TitleHTML != "" || n.TitleText != "":
		return Slot{n.TitleText, n.TitleHTML}
	case n.Type == "success":
		return Slot{Text: "Success"}
	}
	return Slot{Text: "Important"}
}

// Heading opens or closes the title's heading element of the level asked for (2 if empty).
func (n NotificationBanner) Heading() headingTag { return heading(n.TitleHeadingLevel, "2") }

// PanelAction is a button or link of an interruption panel. Without Href, or with Type "button", it is a button.
type PanelAction struct {
	Text, Href, Type string
	Classes          string
	Attributes       Attrs
}

// PanelActions are what an interruption panel offers.
type PanelActions struct {
	Items      []PanelAction
	Classes    string
	Attributes Attrs
}

// Panel confirms that something is done, or with the class govuk-panel--interruption stops before it is.
type Panel struct {
	TitleText    string
	TitleHTML    template.HTML
	HeadingLevel string // 1 if empty
	Text         string
	HTML         template.HTML
	Actions      *PanelActions
	Classes      string
	Attributes   Attrs
}

func (Panel) partial() string { return "panel" }

// Tag is a status in one or two words.
type Tag struct {
	Text       string
	HTML       template.HTML
	Classes    string
	Attributes Attrs
}

func (Tag) partial() string { return "tag" }

// Details hides what only some readers need.
type Details struct {
	ID          string
	SummaryText string
	SummaryHTML template.HTML
	Text        string
	HTML        template.HTML
	Open        bool
	Classes     string
	Attributes  Attrs
}

func (Details) partial() string { return "details" }
