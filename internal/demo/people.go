package demo

import "countersign/internal/person"

// The people of the story. All of them are invented.
var (
	agim = person.Particulars{Names: []person.Name{{Family: "Hoxha", Given: "Agim"}, {Family: "Hoxha", Given: "Gimi", Kind: "alias"}},
		Birth: person.On(1994, 5, 17), BirthPlace: "Lushnjë", BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"},
		FatherName: "Petrit", MotherName: "Lumturi", LastResidence: "Lushnjë", Languages: []string{"sq"}}
	liridona = person.Particulars{Names: []person.Name{{Family: "Gjeta", Given: "Liridona"}}, Birth: person.On(1999, 11, 2),
		BirthPlace: "Kukës", BirthCountry: "ALB", Sex: "F", Nationalities: []string{"ALB"}, FatherName: "Ndue", Languages: []string{"sq"}}
	fatmir = person.Particulars{Names: []person.Name{{Family: "Kola", Given: "Fatmir"}}, Birth: person.On(1988, 2, 0), BirthPlace: "Shkodër",
		BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"}, FatherName: "Zef", Languages: []string{"sq"}}
	edlira = person.Particulars{Names: []person.Name{{Family: "Përparim", Given: "Edlira"}}, Birth: person.On(1991, 8, 30), BirthPlace: "Vlorë",
		BirthCountry: "ALB", Sex: "F", Nationalities: []string{"ALB"}, FatherName: "Ilir", Languages: []string{"sq"}}
	bledar = person.Particulars{Names: []person.Name{{Family: "Marku", Given: "Bledar"}}, Birth: person.On(1985, 6, 21), BirthPlace: "Lezhë",
		BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"}, FatherName: "Gjon", Languages: []string{"sq"}}
	mirela = person.Particulars{Names: []person.Name{{Family: "Toska", Given: "Mirela"}}, Birth: person.On(1996, 3, 12), BirthPlace: "Korçë",
		BirthCountry: "ALB", Sex: "F", Nationalities: []string{"ALB"}, FatherName: "Arben", Languages: []string{"sq"}}
	vjollca = person.Particulars{Names: []person.Name{{Family: "Gjeta", Given: "Vjollca"}}, Birth: person.On(1992, 4, 9), BirthPlace: "Pukë",
		BirthCountry: "ALB", Sex: "F", Nationalities: []string{"ALB"}, FatherName: "Mark", Languages: []string{"sq"}}
	driton = person.Particulars{Names: []person.Name{{Family: "Gjeta", Given: "Driton"}}, Birth: person.On(2016, 9, 1), BirthPlace: "Pukë",
		BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"}, MotherName: "Vjollca", Languages: []string{"sq"}}
	shpetim = person.Particulars{Names: []person.Name{{Family: "Çela", Given: "Shpëtim"}}, Birth: person.On(1987, 7, 7), BirthPlace: "Berat",
		BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"}, Languages: []string{"sq"}}
	shpetimAgain = person.Particulars{Names: []person.Name{{Family: "Cela", Given: "Shpetim"}}, Birth: person.On(1987, 7, 7), BirthPlace: "Tiranë",
		BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"}, Languages: []string{"sq"}}
)
