"""Wie Anfragen auf Deutsch klingen (see `grammar`)."""

TOPICS = "Batterien|Solarzellen|Windkraft|Wärmepumpen|Züge|die Bahn|Fahrräder|Raumfahrt|Quantencomputer|Halbleiter|Datenschutz|künstliche Intelligenz|Zinsen|Mieten|Steuern|Inflation|Wahlen|Schulen|Impfungen|Bienen|Wälder|Gletscher|Hochwasser|Kaffee|Wein|Brot|Fußball|Handball|Schach|Museen|Archäologie|Kino|Jazz|Pilze|Gartenbau|Elektroautos|Wasserstoff|Stromnetze|Open Source|Linux|Sicherheitslücken|Pflege|Krankenhäuser|Klimaschutz|Radwege|Denkmalschutz|Brücken|Wohnungsbau|Kraniche|Nordsee"

RULES = {
    "OPEN": """
*20 
*3 bitte 
kannst du 
könntest du 
kannst du bitte 
ich möchte, dass du: 
hallo, 
hi, bitte 
guten Morgen, 
mach mal: 
sei so gut und 
ich brauche folgendes: 
neuer Auftrag: 
""",
    "CLOSE": """
*10 
 bitte
, danke
. Danke!
. Vielen Dank.
. Das ist alles.
 für mich
""",
    "PLEASE": " bitte|, bitte|, danke",
    "VGET": "hol|hole|lies|nimm|lade|zeig mir|zeige|gib mir|besorge|sammle|finde|such|liste|hol mir|bring mir|rufe ab|schau nach|sieh nach",
    "ITEMS": "Artikel|Beiträge|Meldungen|Nachrichten|Einträge|Schlagzeilen|Geschichten|Texte|Neuigkeiten|Posts|Berichte",
    "NEW": "neuesten|neusten|letzten|aktuellen|jüngsten|aktuellsten",
    "BEST": "besten|wichtigsten|interessantesten|spannendsten|relevantesten|lesenswertesten",
    "ABOUT": "über|zu|zum Thema|rund um|betreffend|die sich mit dem Thema befassen:",
    "FEEDREF": """
*5 {fetch.url}
*2 dem Feed {fetch.anyurl}
*2 {fetch.urls}
den Feeds {fetch.urls}
dem RSS-Feed {fetch.anyurl}
""",
    "FROM": "von|aus|auf|bei|in",
    "F_NP": """
*3 die {NEW} [{fetch.limit} ]{ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 die {ITEMS} der {fetch.since} {FROM} {FEEDREF}
was es Neues {FROM} {FEEDREF} gibt
alles Neue {FROM} {FEEDREF}
{FEEDREF}
""",
    "FR_NP": """
*3 die {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 die {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 die {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 alles {ABOUT} {rank.topic} {FROM} {FEEDREF}
die {BEST} {ITEMS} {FROM} {FEEDREF}
{rank.limit} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
""",
    "S_NP": """
*2 die (Tabelle|Liste|Preise|Zeilen|Einträge|Ergebnisse|Angebote|Kurse|Termine) (von|auf|der Seite) {scrape.url}
die (Felder|Spalten) {scrape.fields} von {scrape.url}
die ersten {scrape.limit} (Zeilen|Einträge) von {scrape.url}
die {scrape.selector} Elemente von {scrape.url}
""",
    "E_NP": "den (Volltext|ganzen Text|vollständigen Artikel|Artikeltext|Text) von {extract.url}",
    "W_NP": "Suchergebnisse zu {search.query}",
    "D_NP": "{db.question} aus (der Datenbank |){db.database}",
    "NP": """
*4 fetch :: {F_NP}
*6 fetch rank :: {FR_NP}
*2 scrape :: {S_NP}
extract :: {E_NP}
db :: {D_NP}
""",
    "SRC": """
*4 fetch :: {VGET} {F_NP}
*4 fetch rank :: {VGET} {FR_NP}
*2 scrape :: (hol|lies|nimm|sammle|scrape) {S_NP}
extract :: (hol|lies|nimm|lade) {E_NP}
search :: (suche|such|recherchiere) (im Netz|im Internet|im Web|online) nach {search.query}
db :: (frag|frage) die Datenbank {db.database}, {db.question}
db :: (hol|ermittle|zeig mir) {D_NP}
http :: (rufe|ruf) {http.url:api} (ab|auf)
http :: (frage|frag) die (API|Schnittstelle) {http.url:api} ab
""",
    "RANKING": """
rank :: (nimm|behalte|wähle) (nur |)die {rank.limit} {BEST}[ {ITEMS}]
rank :: (nimm|behalte|wähle) (nur |)die[ {BEST}] {ITEMS} {ABOUT} {rank.topic}
rank :: (sortiere|ordne) sie nach {rank.topic}
rank :: (nur|nur die) {rank.limit} {BEST}
rank :: (wähle|nimm) die {rank.limit} {BEST} {ABOUT} {rank.topic}
""",
    "EXTRACTING": "extract :: (hol|lies|lade) (den vollen Text|die ganzen Artikel|die Volltexte|jeden Artikel ganz)",
    "SUMMING": """
*3 sum :: (fasse|fass) (sie|es|alles|jeden|die Artikel|das|jeden Artikel) [in {sum.sentences} Sätzen ]zusammen
sum :: (schreibe|mach|erstelle) (eine Zusammenfassung|Zusammenfassungen|eine kurze Zusammenfassung)[ in {sum.sentences} Sätzen]
sum :: kürze sie auf {sum.sentences} Sätze
""",
    "LETTERBITS": """
*3 
*2  (mit dem Titel|namens|unter dem Titel|genannt|mit Titel) {news.title}
""",
    "LETTER": """
*2 news :: (mach|mache|erstelle|baue|bau) (daraus |)einen (Newsletter|Rundbrief)( daraus|){LETTERBITS}
news :: (pack|packe|fasse) es in einen (Newsletter|Rundbrief){LETTERBITS}
""",
    "TO": """
*4 {mail.to}
{mail.tos}
""",
    "SUBJ": """
*5 
 mit dem Betreff {mail.subject}
, Betreff {mail.subject}
""",
    "MAILING": """
*4 mail :: (schick|schicke|sende|maile|mail) (es|sie|ihn|das|alles|das Ergebnis|den Newsletter) (an|per Mail an|per E-Mail an) {TO}{SUBJ}
mail :: (schick|schicke|sende) {TO} (eine Mail|eine E-Mail) damit{SUBJ}
mail :: (maile|mail) es {TO}
mail :: an {TO} (senden|schicken|mailen)
""",
    "NOTIFYING": """
*2 notify :: (sag|melde|poste|schreib) (es|das|das Ergebnis) (in|im Kanal) {notify.channel}
notify :: (sag|sage) {notify.channel} Bescheid
notify :: (melde|schreibe|schreib|sag) {notify.message} (in|an) {notify.channel}
notify :: (benachrichtige|informiere) {notify.channel}
notify :: benachrichtige mich
""",
    "SAVING": """
*3 save :: (speichere|speicher|sichere|leg|schreibe) (es|sie|das|alles|das Ergebnis) (als|in|unter) {save.name}[ ab]
save :: in {save.name} speichern
save :: (leg|lege) eine Kopie in {save.name} ab
""",
    "POSTING": "http(method=POST) :: (schick|sende|poste) es an (die API |den Webhook |){http.url:api}",
    "ASKING": """
ask :: lass das Modell {ask.prompt}
ask :: lass {ask.model} {ask.prompt}
ask :: (bitte|frag) das Modell: {ask.prompt}
""",
    "DELIVER": """
*5 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*2 NOTIFYING :: {NOTIFYING}
*0.5 POSTING :: {POSTING}
""",
    "FUSED": """
*3 NP mail :: (schick|schicke|sende|maile) {TO} {NP}
*3 NP mail :: (schick|schicke|sende|maile) {NP} (an|per Mail an) {TO}{SUBJ}
*3 NP news mail :: (schick|schicke|sende|maile) {TO} einen Newsletter{LETTERBITS} mit (den|) {NP}
*3 NP news mail :: (mach|mache|erstelle|baue) (mir |)(einen Newsletter|einen Rundbrief){LETTERBITS} (aus|mit) {NP} und (schick|sende|maile) ihn an {TO}
*2 NP news :: (mach|mache|erstelle|baue) (mir |)(einen Newsletter|einen Rundbrief){LETTERBITS} (aus|mit) {NP}
*2 NP sum :: (fasse|fass) {NP} [in {sum.sentences} Sätzen ]zusammen
*2 NP sum mail :: (fasse|fass) {NP} [in {sum.sentences} Sätzen ]zusammen und (schick|sende|maile) (es|das) an {TO}
*2 NP save :: (speichere|speicher|sichere) {NP} (als|in|unter) {save.name}
*2 NP notify :: (poste|melde|schreib) {NP} (in|im Kanal) {notify.channel}
*2 extract sum :: (fasse|fass) den Artikel {extract.url} [in {sum.sentences} Sätzen ]zusammen
NP mail :: ich (möchte|will|hätte gern) {NP} per Mail an {TO}
NP mail :: {TO} soll {NP} bekommen
NP news mail :: {TO} soll einen Newsletter{LETTERBITS} mit {NP} bekommen
""",
    "SINGLE": """
*3 fetch :: {VGET} {F_NP}
fetch :: was gibt es Neues (auf|bei|in) {FEEDREF}[?]
*2 scrape :: (hol|lies|nimm|zeig mir) {S_NP}
*2 extract :: (hol|lies|zeig mir|gib mir) {E_NP}
*2 search :: (suche|such|google) (im Netz|im Internet|im Web|online) nach {search.query}
search :: finde im Netz etwas über {search.query}
*2 db :: {D_NP}[?]
db :: (frag|frage) die Datenbank {db.database}: {db.question}
*2 http :: (rufe|ruf) {http.url:api} (ab|auf)
http(method=POST) :: (schick|sende) {http.body} per POST an {http.url:api}
*2 mail :: (schreib|maile|mail|schick) {mail.to}[:] {mail.body:quoted}
mail :: (schick|sende) (das|es) an {TO}{SUBJ}
*2 notify :: (sag|melde) {notify.channel}[:] {notify.message}
*2 save :: (speichere|speicher) (das|es|sie) (als|unter|in) {save.name}
rank :: (zeig|gib) mir nur die {rank.limit} {BEST}
rank :: welche davon handeln von {rank.topic}[?]
sum :: (fasse|fass) (das|es|sie) [in {sum.sentences} Sätzen ]zusammen
news :: (mach|mache) (daraus|aus denen) einen Newsletter{LETTERBITS}
ask :: lass (das Modell|{ask.model}) {ask.prompt}
""",
    "TRIGGER": """
*2 @trigger_feed :: (wenn|sobald|immer wenn|jedes Mal wenn) (in|auf|bei) {@trigger_feed.feed} (etwas Neues erscheint|es etwas Neues gibt|ein neuer Artikel erscheint|was Neues steht)
@trigger_job_done :: (wenn|sobald|nachdem|immer wenn) [der Auftrag |der Job ]{@trigger_job_done.job:jobname} (fertig ist|durch ist|gelaufen ist|beendet ist)
@trigger_job_failed :: (wenn|sobald|falls|immer wenn) [der Auftrag |der Job ]{@trigger_job_failed.job:jobname} (fehlschlägt|scheitert|abbricht|nicht klappt)
""",
    "RETRYING": "@retry :: (bei Fehlern|wenn es fehlschlägt|falls es nicht klappt|bei einem Fehler) (versuche es|probier es|versuch es) {@retry.times} Mal (erneut|noch einmal|wieder)",
    "TIMEOUT": "@timeout :: (brich nach|gib nach) {@timeout.after:dur} (ab|auf)",
    "ALERT": """
@alert :: (wenn es fehlschlägt|bei Fehlern|wenn etwas schiefgeht|falls es nicht klappt)[,] (sag|melde es|schreib|benachrichtige|informiere) {@alert.to:alertee}
""",
    "APPROVING": "@approve :: (frag mich vorher|frag mich vor dem Senden|nur mit meiner Zustimmung|warte auf mein OK|ich will es vorher sehen)",
    "CALLJOB": "@call_job :: (starte|führe|rufe) (den Auftrag |den Job |){@call_job.job:jobname}( aus| auf|)",
    "COND": """
@if(test=above) :: (es mehr als|mehr als) {@if.than:num} (Artikel|Einträge|Treffer|sind)[ gibt| sind]
@if(test=below) :: es weniger als {@if.than:num} (Artikel|Einträge|Treffer) (gibt|sind)
@if(test=none) :: (es nichts Neues gibt|nichts gefunden wird|nichts da ist|es keine Treffer gibt|die Liste leer ist)
@if(test=any) :: (es etwas Neues gibt|etwas gefunden wird|etwas da ist|es Treffer gibt|die Liste nicht leer ist)
*2 @if(test=contains) :: (etwas|ein Titel|einer|eine Meldung|der Text) {@if.what:topicq} (enthält|erwähnt|nennt)
@if(test=below) :: der (Preis|Wert|Kurs) unter {@if.than:num3} (fällt|liegt|ist|sinkt)
@if(test=above) :: der (Preis|Wert|Kurs) über {@if.than:num3} (steigt|liegt|ist)
""",
    "ANSWER": """
*2 (hallo|guten Tag|guten Morgen|moin|servus|hi|grüß dich)[!|.]
*2 (danke|vielen Dank|danke schön|super, danke|prima|perfekt|alles klar|gut gemacht|passt)[!|.]
*2 (was kannst du|wer bist du|was bist du|wie funktioniert das|hilf mir|hilfe|was ist ein Auftrag|was ist ein Feed|wie heißt du|kannst du mir helfen)[?]
(wie|wo) (kann ich|sehe ich|ändere ich) (meine Aufträge|einen Auftrag löschen|den Zeitplan|ein Modell hinzufügen|meine Daten)[?]
(sind meine Daten sicher|geht das ohne Internet|kostet das etwas|warum hat das nicht geklappt|wie geht es dir|wie viele Aufträge habe ich)[?]
(tschüss|bis morgen|gute Nacht|lass gut sein|schon gut|vergiss es)[!|.]
""",
    "UNSUPPORTED": """
(bestell|bestelle|buche|kauf|reserviere) (mir |uns |)(eine Pizza|ein Taxi|einen Flug nach {namex}|ein Hotel in {namex}|einen Tisch für {numx}|Blumen|Brot|Bahnkarten|einen Termin beim Zahnarzt)
(mach|schalte) (das Licht|die Heizung|das Radio|die Musik|den Fernseher) (an|aus)
(ruf|rufe) (meine Mutter|den Arzt|Oma|die Bank|Tom) an
(spiel|spiele) (Musik|ein Lied|meine Lieblingsmusik)
(koch|koche|back|backe) (mir |)(Kaffee|Suppe|einen Kuchen|das Abendessen)
(fahr|bring) (mich|uns) (nach Hause|zum Bahnhof|zum Flughafen)
(putze die Fenster|mäh den Rasen|gieß die Blumen|füttere die Katze|überweise {numx} Euro an meinen Vermieter|druck das aus|öffne die Garage|wasch mein Auto)
""",
    "CLARIFY": """
(mach|erledige|tu) (das|es|das Übliche|irgendwas|das von gestern)[ nochmal| bitte]
(mach|erstelle|ich brauche|ich will) (mir |)(einen Newsletter|einen Bericht|eine Zusammenfassung|eine Übersicht|einen Auftrag)[ jede Woche| jeden Morgen]
(schick|sende|maile) (es|das|ihm etwas|ihr das) (dem Chef|an alle|an die üblichen Leute|an mein Team)
(lies|prüfe|überwache) (die Seite|den Feed|die Webseite|den Artikel|das Blog)
(ändere|verbessere|repariere) (es|den Auftrag|das)
""",
    "LACKING": """
*2 @miss_address :: (schick|sende|maile) (meinem Chef|meinem Team|dem Kunden|meiner Frau|allen) die {NEW} {ITEMS} von {fetch.url}
@miss_address :: (schick|sende|maile) die {rank.limit} {BEST} {ITEMS} von {fetch.url} an (meinen Chef|mein Team|die Kollegen|alle)
*2 @miss_link :: (schick|sende|maile) {mail.to} (die Nachrichten|die besten Artikel|einen Newsletter|die Schlagzeilen|den Artikel)
@miss_link :: (fasse den Artikel zusammen|lies die Tabelle auf der Seite|überwache die Seite) und (schick es an {mail.to}|speichere es als {save.name})
@miss_text :: (schreib|maile) {mail.to}[ etwas| eine Mail]
""",
}

PHRASES = {
    "question": """
wie viele (Bestellungen|Kunden|Rechnungen|Anmeldungen|Ausleihen) (es gestern gab|letzte Woche eingingen|offen sind|diesen Monat kamen)
(der Umsatz|die Anzahl der Bestellungen|die Zahl der Kunden) (pro Monat|je Land|von letzter Woche|in diesem Jahr)
die {n} (neuesten|ältesten|teuersten) (Bestellungen|Kunden|Produkte)
welche (Rechnungen|Produkte) (offen sind|fehlen|am besten liefen)
alle offenen (Rechnungen|Bestellungen|Tickets)
""",
    "message": """
(der Bericht|das Essen|der Server|die Sicherung|das Treffen|der Build) (ist fertig|ist da|läuft wieder|fällt aus|beginnt um {n} Uhr)
(ich komme später|wir sind fertig|es geht los|alles gut|bitte melden|viel Glück|schönes Wochenende)
(hallo|liebes Team), (das Treffen ist am {day}|die {thing} sind da)
""",
    "query": """
{topic}
{topic}
(gute|günstige|neue) {topic}
{topic} in {name}
(Öffnungszeiten|Wetter|Hotels|Museen) in {name}
""",
    "prompt": """
(ein Gedicht|einen Witz|eine Antwort|einen Gruß|eine Rede|ein Haiku) (über|zu) {topic} (schreiben|dichten|verfassen)
(es|den Text|das Ergebnis) (ins Englische|ins Französische|ins Spanische) übersetzen
(entscheiden|sagen|prüfen), (was wichtig ist|ob es gut ist|was fehlt)
(erkläre|beschreibe) {topic} in einfachen Worten
{n} Ideen für {topic} nennen
""",
    "greeting": "Hallo zusammen|Das war die Woche|Guten Morgen, das ist neu|Liebe Leserinnen und Leser",
}

EDITS = {
    "set_limit": """
(nimm|zeig|schick|mach|nur|lieber|bitte) {n}[ Artikel| Meldungen| statt {old}| davon]
{n} statt {old}[ bitte]
(ändere|setze|erhöhe|senke) (die Anzahl|das Limit|die Zahl) auf {n}
(höchstens|nicht mehr als|maximal) {n}[ Artikel]
""",
    "set_topic": """
(nimm|mach es|es soll) (über|zum Thema) {topic}[ statt {old}| gehen]
{topic} statt {old}
(ändere|setze) das Thema (auf|zu) {topic}
""",
    "set_sentences": """
{n} Sätze (pro Artikel|statt {old}|reichen|bitte)
(fasse|fass) in {n} Sätzen zusammen
""",
    "set_url": """
(nimm|lies|verwende) (stattdessen |lieber |){url}
{url} statt {old}
der Feed ist (jetzt|umgezogen nach) {url}
""",
    "add_url": "(lies|nimm) auch {url}[ dazu]|{url} (dazu|auch noch|ebenfalls)|(füge|nimm) {url} (hinzu|dazu)",
    "remove_url": "(ohne|lass weg:|entferne|streiche) {oldurl}",
    "add_to": """
(schick|sende|maile) es auch an {mail}
(füge|nimm) {mail} (hinzu|dazu|auf)
auch an {mail}[ bitte]
{mail} soll es auch bekommen
""",
    "set_to": """
(schick|sende|maile) es (lieber|stattdessen|jetzt) an {mail}
{mail} statt {old}
(ändere|setze) (den Empfänger|die Adresse) auf {mail}
""",
    "remove_to": "(nicht mehr an|entferne|streiche|ohne) {oldmail}",
    "set_title": "(nenn|nenne) ihn {title}|der Titel soll {title} (sein|lauten)|neuer Titel: {title}",
    "set_name": "(speichere|sichere) es als {file}|die Datei soll {file} heißen",
    "set_channel": "(lieber|stattdessen) (in|an) {chan}",
    "remove_step": """
(ohne|lass weg:|streiche|entferne|lösche) {thing}[ bitte]
{thing} (brauche ich nicht|kann weg|ist nicht nötig)[ mehr]
""",
    "schedule": """
(mach es|lieber|stattdessen|verschieb es auf|ändere es auf|ab jetzt|führe es aus:|bitte) {when}
{when}[ bitte| stattdessen]
""",
    "unschedule": "(nicht mehr automatisch|ohne Zeitplan|entferne den Zeitplan|nur noch von Hand)",
    "pause": "(pausiere|stoppe|unterbrich) (es|den Auftrag|{name})[ vorerst]|halte {name} an|mach Pause mit {name}",
    "resume": "(setze|setz) (es|den Auftrag|{name}) fort|lass (es|den Auftrag|{name}) wieder laufen|{name} (kann weitergehen|wieder einschalten)",
    "run_now": "(starte|führe) (es|den Auftrag|{name}) (jetzt|sofort)( aus|)|(jetzt|sofort) (ausführen|starten|laufen lassen)|lass {name} jetzt laufen",
    "delete": "(lösche|entferne) (es|den Auftrag|{name})[ ganz| bitte]|{name} (löschen|kann gelöscht werden)",
    "rename": "(nenn|nenne) (ihn|den Auftrag) {newname}|benenne (ihn|den Auftrag|{name}) in {newname} um",
    "clear_limit": "(ohne Limit|kein Limit|das Limit weglassen|nimm alle)",
    "double_limit": "(doppelt so viele|verdopple die Anzahl)[ bitte]",
    "half_limit": "(halb so viele|halbiere die Anzahl)[ bitte]",
    "set_query": "(suche|such) (stattdessen |lieber |)nach {topic}",
    "set_subject": "der Betreff soll {title} sein|Betreff: {title}",
    "remove_structure": "ohne {tag}",
}

THINGS = {
    "summarize_items": "die Zusammenfassung|Zusammenfassung|Zusammenfassungen",
    "compile_newsletter": "den Newsletter|Newsletter",
    "send_email": "die Mail|Mail|E-Mail",
    "save_file": "die Datei|das Speichern|die Kopie",
    "notify": "die Benachrichtigung|die Meldung",
    "rank_items": "die Auswahl|das Sortieren|den Filter",
}
