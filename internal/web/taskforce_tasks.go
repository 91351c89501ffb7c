package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// forceQuestion is one question of a filter: a parameter, the keys of its answers, the answers.
type forceQuestion struct {
	name, keys string
	values     []string
}

// forceFilter is the filter above a register. An unknown answer is as good as none.
func (v *visit) forceFilter(questions ...forceQuestion) *component.Filter {
	f := &component.Filter{Words: v.words, URL: v.r.URL, Keep: []string{"sort", "down"}}
	for _, q := range questions {
		pick := &form.Pick{Base: form.Base{Name: q.name, Label: "taskforce.page.filter." + q.name, Optional: true, Unmarked: true}, Prompt: "page.filter.any", Value: v.r.URL.Query().Get(q.name)}
		for _, x := range q.values {
			pick.Options = append(pick.Options, form.Option{Value: x, Label: q.keys + x})
			if x == pick.Value {
				f.Chips = append(f.Chips, component.Chip{Text: v.t("page.filter.chip", "question", v.t(pick.Label), "answer", v.t(q.keys+x)), Name: q.name})
			}
		}
		if h, err := component.HTML(pick.Component(v.words)); err == nil {
			f.Fields += h
		}
	}
	return f
}

// sortBy sorts a register by the column asked for; equal ones stay in the order of their identifiers.
func sortBy[T any](v *visit, all []*T, keys map[string]func(*T) string, usual string, id func(*T) act.ID) {
	values := v.r.URL.Query()
	column, down := values.Get("sort"), values.Get("down") == "1"
	key := keys[column]
	if key == nil {
		key = keys[usual]
	}
	type keyed struct {
		key  string
		item *T
	}
	list := make([]keyed, len(all))
	for i, x := range all {
		list[i] = keyed{key(x), x}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		c := strings.Compare(a.key, b.key)
		if down {
			c = -c
		}
		return cmp.Or(c, strings.Compare(string(id(a.item)), string(id(b.item))))
	})
	for i := range list {
		all[i] = list[i].item
	}
}

var taskTones = map[taskforce.TaskStatus]component.Tone{taskforce.TaskAsked: component.Waiting, taskforce.TaskDone: component.Good, taskforce.TaskQuestioned: component.Notice, taskforce.TaskDeclined: component.Bad}

func (v *visit) taskStatus(t *taskforce.Task) component.Status {
	if n := t.Overdue(v.today()); n > 0 {
		return component.Status{Tone: component.Bad, Text: v.words.Count("taskforce.page.overdue", n)}
	}
	return component.Status{Tone: cmp.Or(taskTones[t.Status], component.Neutral), Text: v.t("taskforce.task." + string(t.Status))}
}

func tasksPage(v *visit) error {
	s, err := v.forceState("view-tasks")
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.tasks"))
	values, today := v.r.URL.Query(), v.today()
	owner, status, mine := values.Get("owner"), values.Get("status"), values.Get("officer") == "me"
	var all []*taskforce.Task
	for _, t := range s.Tasks {
		ok := status == "" && t.Live() || status == string(t.Status) || status == "all" || status == "late" && t.Overdue(today) > 0
		if ok && (owner == "" || t.Owner == owner) && (!mine || t.Officer == v.who.Officer.ID) {
			all = append(all, t)
		}
	}
	sortBy(v, all, map[string]func(*taskforce.Task) string{"due": func(t *taskforce.Task) string { return t.Due }, "title": func(t *taskforce.Task) string { return v.both(t.Title) },
		"owner": func(t *taskforce.Task) string { return t.Owner }, "level": func(t *taskforce.Task) string { return strconv.Itoa(t.Level) }}, "due", func(t *taskforce.Task) act.ID { return t.ID })
	p.Filter = v.forceFilter(forceQuestion{"owner", "authority.", []string{v.Desk.Authority, v.Desk.Peer.Authority}},
		forceQuestion{"status", "taskforce.task.", []string{"late", "asked", "open", "questioned", "done", "declined", "withdrawn", "cancelled", "all"}}, forceQuestion{"officer", "taskforce.page.filter.officer.", []string{"me"}})
	p.part("", v.paged(p.Title, v.columnsOf("+title", "+owner", "officer", "+due", "status", "+level"), len(all), func(i int) component.WorkRow { return v.taskRow(all[i], names) }))
	v.offer(p, "", "", taskforce.OpenTask{ID: probe})
	return v.render("taskforce", p)
}

func (v *visit) taskRow(t *taskforce.Task, names map[act.ID]string) component.WorkRow {
	status, level := v.taskStatus(t), ""
	if t.Level > 0 {
		level = v.t("taskforce.level." + strconv.Itoa(t.Level))
	}
	row := component.WorkRow{Cells: []component.TableCell{{HTML: link("/task-force/tasks/"+string(t.ID), v.both(t.Title))}, {Text: v.authority(t.Owner)}, {Text: v.officer(names, t.Officer)},
		{Text: v.words.Day(t.Due), Classes: "cs-nowrap"}, statusCell(status.Tone, status.Text), {Text: level}}}
	if status.Tone == component.Bad {
		row.Tone = component.Bad
	}
	return row
}

// tasksOf lists the tasks of a measure or a meeting.
func (v *visit) tasksOf(p *ForcePage, s taskforce.State, of func(*taskforce.Task) bool) {
	var all []*taskforce.Task
	for _, t := range s.Tasks {
		if of(t) {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b *taskforce.Task) int { return strings.Compare(a.Due+string(a.ID), b.Due+string(b.ID)) })
	table := component.Table{Head: v.heads("title", "owner", "due", "status"), Caption: v.t("taskforce.page.menu.tasks"), CaptionClasses: "govuk-visually-hidden"}
	for _, t := range all {
		status := v.taskStatus(t)
		table.Rows = append(table.Rows, []component.TableCell{{HTML: link("/task-force/tasks/"+string(t.ID), v.both(t.Title))}, {Text: v.authority(t.Owner)}, {Text: v.words.Day(t.Due)}, statusCell(status.Tone, status.Text)})
	}
	p.part(v.t("taskforce.page.menu.tasks"), table)
}

func taskPage(v *visit) error {
	s, err := v.forceState("view-tasks")
	if err != nil {
		return err
	}
	t := s.Tasks[v.id("id")]
	if t == nil {
		return fault.New(fault.Missing, "fault.taskforce.task-unknown")
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	status := v.taskStatus(t)
	p := v.thing("tasks", v.both(t.Title), t.ID)
	p.Status = &status
	v.conflicts(p, t.Crossings)
	v.offer(p, t.ID, t.Completion, taskforce.TakeTask{ID: t.ID}, taskforce.DeclineTask{ID: t.ID}, taskforce.CompleteTask{ID: t.ID}, taskforce.AssignTask{ID: t.ID}, taskforce.MoveTask{ID: t.ID},
		taskforce.CancelTask{ID: t.ID}, taskforce.WithdrawTask{ID: t.ID}, taskforce.QuestionTask{ID: t.ID}, taskforce.EscalateTask{ID: t.ID, Level: t.Level + 1})
	asked, level, question := v.authority(t.AskedBy), "", v.both(t.Question)
	if t.AskedBy == "" {
		asked = v.t("taskforce.page.from-minutes")
	}
	if t.Level > 0 {
		level = v.t("taskforce.level." + strconv.Itoa(t.Level))
	}
	first := ""
	if t.FirstDue != t.Due {
		first = v.words.Day(t.FirstDue)
	}
	p.part(v.t("taskforce.page.facts"), v.facts("owner", v.authority(t.Owner), "officer", v.officer(names, t.Officer), "asked-by", asked, "due", v.words.Day(t.Due), "first-due", first,
		"wanted", v.both(t.Wanted), "level", level, "question", question, "reason", v.both(t.Reason)))
	if m := s.Measures[t.Measure]; m != nil {
		p.part("", component.SummaryList{Rows: []component.SummaryRow{{Key: component.Cell{Text: v.t("taskforce.page.kind.measures")}, Value: component.Cell{HTML: link("/task-force/measures/"+string(m.ID), v.both(m.Terms().Title))}}}})
	}
	if len(t.Evidence) > 0 {
		table := component.Table{Head: v.heads("kind", "reference", "digest", "note"), Caption: v.t("taskforce.page.evidence"), CaptionClasses: "govuk-visually-hidden"}
		for _, e := range t.Evidence {
			table.Rows = append(table.Rows, []component.TableCell{{Text: v.t("taskforce.option." + e.Kind)}, {Text: e.Ref}, {Text: e.SHA256}, {Text: v.both(e.Note)}})
		}
		p.part(v.t("taskforce.page.evidence"), table)
	}
	if err := v.history(p, "view-tasks", t.ID); err != nil {
		return err
	}
	return v.render("taskforce", p)
}
