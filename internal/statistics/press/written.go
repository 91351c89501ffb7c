package press

import (
	"math/big"
	"strconv"
	"strings"
)

// words of number in both languages. Composite Albanian words (dyqind, njëzet) are listed or split.
var numberWords = map[Lang]map[string]int64{
	English: {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
		"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
		"forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "a": 1, "an": 1},
	Albanian: {"një": 1, "dy": 2, "tre": 3, "tri": 3, "katër": 4, "pesë": 5, "gjashtë": 6, "shtatë": 7, "tetë": 8, "nëntë": 9, "dhjetë": 10,
		"njëmbëdhjetë": 11, "dymbëdhjetë": 12, "trembëdhjetë": 13, "katërmbëdhjetë": 14, "pesëmbëdhjetë": 15, "gjashtëmbëdhjetë": 16,
		"shtatëmbëdhjetë": 17, "tetëmbëdhjetë": 18, "nëntëmbëdhjetë": 19, "njëzet": 20, "tridhjetë": 30, "dyzet": 40, "pesëdhjetë": 50,
		"gjashtëdhjetë": 60, "shtatëdhjetë": 70, "tetëdhjetë": 80, "nëntëdhjetë": 90, "njëqind": 100, "dyqind": 200, "treqind": 300, "katërqind": 400,
		"pesëqind": 500, "gjashtëqind": 600, "shtatëqind": 700, "tetëqind": 800, "nëntëqind": 900},
}

var multipliers = map[string]int64{"hundred": 100, "thousand": 1000, "million": 1_000_000, "qind": 100, "mijë": 1000, "milion": 1_000_000, "milionë": 1_000_000,
	"hundreds": 100, "thousands": 1000}

var wordRe = expression(`\p{L}+`)

// A small number in words is a statement only where it counts people or returns; “two authorities” is none.
var counted = expression(`(?i)^[ \x{00a0}-](?:albanian|people|persons|returns|returnees|nationals|offenders|individuals|foreign|failed|voluntary|enforced|adults|children|women|men|families|flights|charter|days?|weeks?|months|years|hours|minutes|officers|escorts|seats|kthime|ditë|javë|muaj|vjet|orë|oficerë|persona|shtetas|shqiptarë|veta|njerëz|të kthyer|fëmijë|gra|burra|fluturime|familje)`)

// phrases are shares and factors that have words of their own.
var phrases = []struct {
	re       *pattern
	value    string
	unit     Unit
	bound    Bound
	majority bool
}{
	{phrase(`(?:two[ -]thirds|dy të tretat)`), "200/3", Percent, About, false},
	{phrase(`(?:three[ -]quarters|(?:tre|tri) të katërtat)`), "75", Percent, About, false},
	{phrase(`(?:(?:a|one)[ -]third|një e treta|një të tretën)`), "100/3", Percent, About, false},
	{phrase(`(?:(?:a|one)[ -]quarter of|by a quarter|një e katërta|një të katërtën)`), "25", Percent, About, false},
	{phrase(`(?:(?:a|one)[ -]fifth of|by a fifth|një e pesta|një të pestën)`), "20", Percent, About, false},
	{phrase(`(?:two[ -]fifths|dy të pestat)`), "40", Percent, About, false},
	{phrase(`(?:three[ -]fifths|tre të pestat|tri të pestat)`), "60", Percent, About, false},
	{phrase(`(?:four[ -]fifths|katër të pestat)`), "80", Percent, About, false},
	{phrase(`(?:nine[ -]tenths|nëntë të dhjetat)`), "90", Percent, About, false},
	{phrase(`(?:(?:a|one)[ -]tenth of|një e dhjeta|një të dhjetën)`), "10", Percent, About, false},
	{phrase(`every (?:second|other) (?:return|person|returnee|albanian)`), "50", Percent, About, false},
	{phrase(`(?:half|gjysma|gjysmën|gjysma e|gjysmës|gjysmë)`), "50", Percent, About, false},
	{phrase(`(?:(?:the |a |vast |clear |large )*majority(?: of)?|most of(?: the| these| those| all)?|most (?:returns|people|albanians|returnees)|shumica(?: e)?|shumicën(?: e)?|pjesa më e madhe|pjesën më të madhe)`), "50", Percent, Over, true},
	{phrase(`(?:(?:the |a |small )*minority(?: of)?|pakica(?: e)?|pakicën(?: e)?)`), "50", Percent, Under, true},
	{phrase(`(?:doubled|doubling|twofold|twice as (?:many|high)|dyfishua(?:r|n)?|u dyfishuan?|dyfishim|dyfishin|dyfishi)`), "2", Times, About, false},
	{phrase(`(?:trebled|tripled|threefold|three times as many|trefishua(?:r|n)?|u trefishuan?|trefishim|trefishin)`), "3", Times, About, false},
	{phrase(`(?:quadrupled|fourfold|four times as many|katërfishua(?:r|n)?)`), "4", Times, About, false},
	{phrase(`(?:halved|u përgjysmuan?|përgjysmua(?:r|n)?|përgjysmim)`), "1/2", Times, About, false},
}

func phrase(s string) *pattern {
	return expression(`(?i)(?:^|[^\pL\pN-])(` + s + `)(?:$|[^\pL\pN])`)
}

// oneIn reads “one in five”, “3 out of 10”, “një në pesë”: a share, rounded by whoever wrote it.
var oneIn = expression(`(?i)(?:^|[^\pL\pN.,-])((\pL+|\d{1,2}) (?:in|in every|out of|out of every|në|në çdo|nga|nga çdo|prej) (\pL+|\d{1,3}))(?:$|[^\pL\pN.,%]|[.,](?:$|[^\d]))`)

// vague amounts are reported, and can never be checked.
var vagueAmount = words(`(?:tens|dozens|scores|hundreds|thousands|(?:tens|hundreds) of thousands|millions|several (?:dozen|hundred|thousand)|a few (?:dozen|hundred|thousand)|many (?:hundreds|thousands)|dhjetëra|qindra|mijëra|disa (?:qindra|mijëra|dhjetëra)|dhjetëra mijëra|qindra mijëra)(?: of| e)?`)

func smallNumber(s string, lang Lang) (int64, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, n > 0
	}
	n, ok := numberWords[lang][strings.ToLower(s)]
	return n, ok && n <= 100 && s != "a" && s != "an"
}

// fractions finds “one in five” and vague amounts.
func fractions(s string, lang Lang, add func(Statement)) {
	for at := 0; at < len(s); {
		m := oneIn.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		from, to := at+m[2], at+m[3]
		n, ok := smallNumber(s[at+m[4]:at+m[5]], lang)
		of, ok2 := smallNumber(s[at+m[6]:at+m[7]], lang)
		at += m[5]
		if ok && ok2 && n < of && of <= 100 {
			st := Statement{Start: from, End: to, Value: big.NewRat(100*n, of), Precision: big.NewRat(1, 1), Unit: Percent, Bound: About}
			if b := boundBefore(s[:from]); b != Exactly {
				st.Bound = b
			}
			add(st)
		}
	}
	for at := 0; at < len(s); {
		m := vagueAmount.FindStringIndex(s[at:])
		if m == nil {
			break
		}
		from, to := at+m[0], at+m[1]
		for from < to && !isLetter(s[from]) {
			from++
		}
		for to > from && !isLetter(s[to-1]) {
			to--
		}
		at = to
		add(Statement{Start: from, End: to, Value: new(big.Rat), Precision: big.NewRat(1, 1), Unit: Vague})
	}
}

// written finds numbers in words.
func written(s string, lang Lang) []Statement {
	var all []Statement
	taken := make([]bool, len(s)+1)
	add := func(st Statement) {
		for i := st.Start; i < st.End; i++ {
			if taken[i] {
				return
			}
		}
		for i := st.Start; i < st.End; i++ {
			taken[i] = true
		}
		st.Text, st.Written = s[st.Start:st.End], true
		all = append(all, st)
	}
	fractions(s, lang, add)
	for _, p := range phrases {
		for at := 0; at < len(s); {
			m := p.re.FindStringSubmatchIndex(s[at:])
			if m == nil {
				break
			}
			from, to := at+m[2], at+m[3]
			at = to
			if p.unit == Percent && p.value == "50" && !p.majority && partOfWord(s, from, to) {
				continue
			}
			v, _ := new(big.Rat).SetString(p.value)
			st := Statement{Start: from, End: to, Value: v, Precision: big.NewRat(1, 1), Unit: p.unit, Bound: p.bound, Majority: p.majority}
			if b := boundBefore(s[:from]); b != Exactly && !p.majority {
				st.Bound = b
			}
			add(st)
		}
	}
	words := wordRe.FindAllStringIndex(s, -1)
	for i := 0; i < len(words); {
		if st, n := spell(s, words[i:], lang); n > 0 {
			add(st)
			i += n
		} else {
			i++
		}
	}
	return all
}

// partOfWord keeps “the first half of 2022” and “half-year” from being shares.
func partOfWord(s string, from, to int) bool {
	before, after := strings.ToLower(tail(s, from, 12)), strings.ToLower(s[to:min(len(s), to+14)])
	for _, w := range []string{"first ", "second ", "latter ", "other ", "parë ", "dytë "} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return strings.HasPrefix(after, " a year") || strings.HasPrefix(after, " year") || strings.HasPrefix(after, "-year") || strings.HasPrefix(after, "-vjetor") ||
		strings.HasPrefix(after, " an hour") || strings.HasPrefix(after, " past")
}

// spell reads one number in words from the beginning of a list of words; n is how many words it took.
func spell(s string, words [][]int, lang Lang) (st Statement, n int) {
	table := numberWords[lang]
	var total, part int64
	scaled, last := false, 0
	for i, w := range words {
		if i > 0 && strings.Trim(s[words[i-1][1]:w[0]], " -\u00a0\n") != "" {
			break
		}
		word := strings.ToLower(s[w[0]:w[1]])
		if v, ok := table[word]; ok && (word != "a" && word != "an" || i == 0 && followedByScale(s, words)) {
			if part%100 != 0 && (part%10 != 0 || v >= 10) || part%100 == 0 && part > 0 && v >= 100 {
				break
			}
			part, last = part+v, i+1
			if v >= 100 {
				scaled = true
			}
			continue
		}
		if m, ok := multipliers[word]; ok && part > 0 && !strings.HasSuffix(word, "s") {
			if m == 100 {
				part *= m
			} else {
				total, part = total+part*m, 0
			}
			scaled, last = true, i+1
			continue
		}
		if (word == "and" && scaled || word == "e" && lang == Albanian) && i > 0 && i+1 < len(words) {
			if _, ok := table[strings.ToLower(s[words[i+1][0]:words[i+1][1]])]; ok && strings.ToLower(s[words[i+1][0]:words[i+1][1]]) != "a" {
				continue
			}
		}
		break
	}
	value := total + part
	if last == 0 || value == 0 || value > 1_000_000_000 {
		return st, 0
	}
	st = Statement{Start: words[0][0], End: words[last-1][1], Value: new(big.Rat).SetInt64(value), Precision: big.NewRat(1, 1), Unit: Number}
	end := unit(s, st.End, &st)
	if st.Unit == Number && value < 13 && !counted.MatchString(s[st.End:]) {
		return st, 0
	}
	if value == 1 && st.Unit == Number {
		return st, 0 // “one” and “a” count nothing by themselves
	}
	st.End = end
	return st, last
}

func followedByScale(s string, words [][]int) bool {
	if len(words) < 2 {
		return false
	}
	_, ok := multipliers[strings.ToLower(s[words[1][0]:words[1][1]])]
	return ok
}
