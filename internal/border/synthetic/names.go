package synthetic

import "strings"

// culture is one naming tradition: common names in falling order of frequency, and syllables from which
// rarer surnames are made up. Names are ordinary ones; the persons built from them do not exist.
type culture struct {
	nation   string // ICAO code of the usual nationality
	share    int    // of 100
	men      []string
	women    []string
	surnames []string
	head     []string // syllables of invented surnames
	middle   []string
	tail     []string
	father   bool // the father's given name stands between given name and surname
}

func words(s string) []string { return strings.Fields(s) }

var cultures = []culture{
	{nation: "ALB", share: 46, father: true,
		men:      words("Arben Altin Ardit Artan Besnik Agim Bledar Dritan Edmond Ervin Fatmir Gëzim Ilir Klodian Luan Petrit Saimir Sokol Shpëtim Taulant Valon Ylli Gjergj Ndue Pjetër Xhevahir Qemal Hysen Besim Bujar Dashamir Endrit Enver Erion Flamur Genc Gentian Gjon Ismail Kastriot Kristi Lulzim Marsel Mentor Myslym Nikolin Pëllumb Redon Rrok Shkëlzen Skënder Spiro Tonin Vasil Xhafer Zef Adem Ali Andi Arbër Ardian Armand Astrit Avni Blerim Dalip Defrim Edon Elton Emiljan Fatos Ferdinand Florian Hamdi Haxhi Ibrahim Jetmir Kujtim Leka Lorenc Maksim Mark Migjen Nevruz Orges Pal Qazim Ramazan Rexhep Sabri Shaban Thanas Uran Vladimir Zenel"),
		women:    words("Arta Besa Drita Elira Entela Fatime Flutura Gjyste Hatixhe Ilda Jonida Kaltrina Lindita Liri Majlinda Mimoza Nertila Ornela Pranvera Rudina Sanije Shpresa Teuta Valbona Vjollca Xhulia Yllka Zamira Albana Alketa Anila Ardita Aurela Bardha Blerta Bukurije Çeljeta Dafina Donika Eda Elona Ermira Evis Fatbardha Gentiana Greta Hana Igballe Irena Klaudia Kozeta Lavdie Lule Manjola Mirela Mira Nadire Natasha Nexhmije Qefsere Raimonda Rozafa Sadete Silvana Sose Suela Tatjana Tereza Vera Violeta Zana Zyra Afërdita Age Dile Marije File Prenda"),
		surnames: words("Hoxha Shehu Prifti Gjoni Dervishi Leka Marku Hysa Çela Kola Daci Kurti Bardhi Gjini Ndoj Përlala Rama Berisha Krasniqi Gashi Morina Shala Bytyqi Kelmendi Osmani Basha Meta Nano Zogu Toska Kodra Bushati Lleshi Doda Deda Ndreca Preçi Gega Qosja Xhafa Xhaferi Gjoka Gjeta Nikolla Frashëri Vlora Toptani Këlcyra Dibra Elezi Sula Balla Bega Beqiri Bici Braho Cani Caushi Dauti Demaj Duka Fejza Ferati Ferhati Gjata Gjika Gjyla Hasa Hasani Haxhiu Ibra Isufi Jaho Kaja Kapllani Karaj Kasa Kamberi Koçi Koka Lala Lamaj Laze Llapi Lika Lila Lusha Mali Maloku Mema Memaj Merko Mici Mone Muça Murati Mustafaj Ndou Neza Ndrio Pasha Pema Pepa Pjetri Pulaj Qose Reka Rexha Ruçi Sako Sejdini Selimi Shahini Sina Spahiu Stafa Tafa Tahiri Tanku Teli Troka Tusha Uka Velaj Veliu Vata Xhani Xheka Ymeri Zeka Zeneli Zotaj"),
		head:     words("A Ba Be Bre Bu Ça Çe Da De Dre Du Fa Fe Fra Ga Ge Gja Gje Gri Ha Hy Ja Je Ka Ke Kri Kra La Le Lu Lla Ma Me Mu Na Nde Ndo Ny O Pa Pe Po Pre Qa Qe Ra Re Ru Rrë Sa Se Sha Shke Ste Ta To Tre Tha U Va Ve Vi Xha Xhe Za Ze Zy Zha"),
		middle:   words("ba be bi cja da de di fa fe gja ga ha ka ke ki la le li lli ma me mi na ne ni pa pe qa qi ra re ri rra sa she si sha ta te ti tha va ve vi xha za ze zi nda nga mbe rqe rte lke sho"),
		tail:     words("j ku ni raj shi li ci qi ta ku laj ma na naj gu si ti ri ra lla sha thi ku llari deni biu jeti shti nga pi")},
	{nation: "XKX", share: 8,
		men:      words("Agron Arsim Bajram Bekim Burim Driton Faton Fisnik Hajdin Ismet Isa Kushtrim Lirim Nazmi Rrahman Rifat Sami Selim Shefqet Valdrin Visar Zenun"),
		women:    words("Adelina Albulena Arbnora Blerina Fitore Hajrije Kimete Lumnije Merita Nexhmije Remzije Shqipe Teuta Valdete Vlora Zahide"),
		surnames: words("Krasniqi Gashi Berisha Morina Shala Bytyqi Kelmendi Osmani Hoxha Kastrati Thaçi Rexhepi Hyseni Hajdari Maloku Bajrami Sadiku Ahmeti Zeqiri Gërvalla Selmani Halili Jashari Veliu Mehmeti Salihu Rugova Kryeziu Haxhiu Ramadani"),
		head:     words("A Ba Be Da Dre Fa Ga Gje Ha Ja Ka Kra Le Ma Me Na Pa Qe Ra Re Sha Se Ta Tha Ve Xhe Za Ze"),
		middle:   words("da di ja ka la li ma mi na ni ra ri sha ta ti va zi qi lla rra shte mba"),
		tail:     words("ni qi ku jti li ri shi ti j aj ra")},
	{nation: "GBR", share: 16,
		men:      words("James John David Michael Paul Andrew Peter Robert Thomas William Daniel Christopher Stephen Mark Richard George Jack Oliver Harry Charlie Alfie Joseph Samuel Benjamin Luke Adam Ryan Matthew Anthony Kevin Gary Ian Simon Philip Edward Henry Arthur Alan Colin Derek Graham Keith Neil Nigel Roger Stuart Trevor"),
		women:    words("Mary Margaret Susan Sarah Elizabeth Emma Laura Karen Helen Julie Jane Rebecca Olivia Amelia Emily Jessica Sophie Charlotte Lucy Grace Chloe Hannah Katie Anne Patricia Christine Jacqueline Claire Nicola Tracey Alison Deborah Dorothy Fiona Gillian Joanne Kathleen Lesley"),
		surnames: words("Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Hughes Edwards Turner Cooper Hill Ward Moore Clark Harrison King Baker Lee Allen Morris Scott Watson Parker Bennett Young Cook Carter Mitchell Bailey Shaw Kelly Bell Miller Cox Marshall Simpson Price Anderson Adams Wilkinson Foster Ellis Murphy Chapman Mason Gray Richardson Webb Rogers Hunt Mills Holmes Palmer Matthews Gibson Fisher Barnes Knight Lloyd Butler Stevens Jenkins Barker Khan Dixon Fletcher Patel Hunter"),
		head:     words("Ash Bar Beck Black Bramp Broad Brook Burn Chat Chester Clay Crom Dal Den Ea El Fair Farn Gar Glen Good Grim Hal Har Hart Hather Hazel Hol Horn Kel Kirk Lang Lin Lock Mar Mel Mid Mor New Nor Oak Ot Pem Pen Rad Red Rich Rock Row Sand Shel Sher Stan Stock Strat Sut Thorn Thur Wain Wal War Wey Whit Win Wood York"),
		middle:   words("er ing en le de ham wor ber ming ling sel ton den der mer"),
		tail:     words("ton ley ford ham well wood worth field by bury man son land stead wick brook den cott more gate house ridge shaw")},
	{nation: "ITA", share: 6,
		men:      words("Giuseppe Marco Andrea Luca Francesco Antonio Alessandro Giovanni Matteo Stefano Roberto Paolo Davide Salvatore Vincenzo Luigi Mario Pietro"),
		women:    words("Maria Anna Giulia Francesca Paola Laura Chiara Sara Elena Valentina Rosa Angela Giovanna Lucia Teresa Carmela"),
		surnames: words("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri"),
		head:     words("Ba Bel Ca Car Co Da De Fa Fer Ga Gra La Lo Ma Man Mo Na Pa Pe Pi Ra Ro Sa San Se Ta Tor Va Vi Za"),
		middle:   words("bi ca chi da di ga la li lo ma me na ni ra ri ro sa ta te ti va ve cco lla nza"),
		tail:     words("ni no ri ro li lo ti to tti llo lli nni zzi cci sso ne na gna")},
	{nation: "GRC", share: 6, father: true,
		men:      words("Georgios Ioannis Konstantinos Dimitrios Nikolaos Panagiotis Vasileios Christos Athanasios Michail Evangelos Spyridon Antonios Anastasios Theodoros"),
		women:    words("Maria Eleni Aikaterini Vasiliki Sofia Angeliki Georgia Dimitra Konstantina Paraskevi Anna Ioanna Foteini Christina"),
		surnames: words("Papadopoulos Vlachos Angelopoulos Nikolaidis Georgiou Karagiannis Makris Konstantinidis Dimitriou Oikonomou Papageorgiou Athanasiou Antoniou"),
		head:     words("Papa Kara Chatzi Ana Dimo Geor Kon Ko La Ma Ni Pa Pe Sta The Tsi Va Ze Mou Kou Ska"),
		middle:   words("da di ga gia ka la li ma na ni ra ri sta ta the vra zo lo no ko"),
		tail:     words("poulos idis akis ou as is atos elis oglou ellis itis")},
	{nation: "SRB", share: 6,
		men:      words("Dragan Zoran Milan Nikola Jovan Aleksandar Goran Marko Stefan Petar Miroslav Slobodan Dejan Nenad Branko"),
		women:    words("Milica Jelena Ana Marija Dragana Ivana Snežana Gordana Vesna Ljiljana Jovana Katarina"),
		surnames: words("Jovanović Petrović Nikolić Marković Đorđević Stojanović Ilić Stanković Pavlović Milošević Hodžić Begić"),
		head:     words("Bo Bra Da Dra Đu Go Ivan Ja Ko Lju Ma Mi Mla Ne Ni O Pe Ra Sa Ste Sto To Va Vu Zo Ži"),
		middle:   words("bo da di go ja ko la li lo ma mi ni no ra ri ro sa ši sta ta va vi zi"),
		tail:     words("vić nović jević ković lić rić nić šić čić tović")},
	{nation: "TUR", share: 6,
		men:      words("Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Emre Süleyman"),
		women:    words("Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Sultan Hanife Merve Zehra"),
		surnames: words("Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin"),
		head:     words("Ak Al Ay Bal Bay Boz Bü Can Çe De Do Er Gö Gü Ka Kara Ko Kü Öz Sa Se Şe Ta Te Tu Ün Ya Ye Yo Zo"),
		middle:   words("ba ca da de dı ka ke la le ma me ra re rı sa se şa ta te tı ya ye"),
		tail:     words("oğlu han taş man demir kan soy türk lar ler çı cı baş")},
	{nation: "SYR", share: 6, father: true,
		men:      words("Mohammad Ahmad Ali Omar Khaled Mahmoud Hassan Hussein Abdullah Ibrahim Yousef Mustafa Samir Tariq Bilal"),
		women:    words("Fatima Aisha Maryam Zainab Khadija Layla Noor Hanan Samira Rania Amina Huda"),
		surnames: words("Haddad Khalil Hamdan Najjar Khoury Saleh Mansour Darwish Shami Halabi Masri Qasim Rahman Aziz"),
		head:     words("Ab Al Ba Da Fa Gha Ha Ja Ka Kha La Ma Mu Na Qa Ra Sa Sha Su Ta Wa Ya Za Zu"),
		middle:   words("ba bi da di fa fi ha ja ka la li lla ma mi na ni ra ri ssa ya za wa"),
		tail:     words("d di n ni b bi r ri l li m wi fi ki sh ti wan dan")},
}
