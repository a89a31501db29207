"""Hoe verzoeken in het Nederlands klinken (see `grammar`)."""

TOPICS = "batterijen|zonnepanelen|windmolens|treinen|fietsen|ruimtevaart|chips|kunstmatige intelligentie|privacy|rente|huren|belastingen|verkiezingen|scholen|vaccins|bijen|bossen|gletsjers|overstromingen|koffie|kaas|brood|voetbal|schaatsen|schaken|musea|archeologie|films|jazz|paddenstoelen|tuinieren|elektrische auto's|waterstof|open source|lekken|ziekenhuizen|klimaat|fietspaden|bruggen|woningbouw|de Noordzee|dijken|tulpen"

RULES = {
    "OPEN": """
*20 
*3 graag 
kun je 
wil je 
kan je alsjeblieft 
hoi, 
hallo, 
ik wil dat je dit doet: 
""",
    "CLOSE": """
*10 
*2  alsjeblieft
, bedankt
. Bedankt!
 graag
""",
    "PLEASE": " alsjeblieft| graag|, dank je",
    "VGET": "haal|pak|lees|geef me|toon|laat zien|zoek|verzamel|neem|download|bekijk|lijst",
    "ITEMS": "artikelen|berichten|nieuwsberichten|stukken|koppen|verhalen|posts|nieuws",
    "NEW": "nieuwste|laatste|recentste|meest recente",
    "BEST": "beste|belangrijkste|interessantste|meest relevante",
    "ABOUT": "over|rond|die gaan over|met betrekking tot|omtrent",
    "FEEDREF": """
*5 {fetch.url}
*2 de feed {fetch.anyurl}
*2 {fetch.urls}
de RSS-feed {fetch.anyurl}
""",
    "FROM": "van|uit|op",
    "F_NP": """
*3 de {NEW} [{fetch.limit} ]{ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 de {ITEMS} van de {fetch.since} {FROM} {FEEDREF}
{FEEDREF}
""",
    "FR_NP": """
*3 de {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 de {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 de {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
""",
    "S_NP": """
*2 de (tabel|lijst|prijzen|rijen|resultaten|aanbiedingen) (van|op) [de pagina ]{scrape.url}
de velden {scrape.fields} van {scrape.url}
""",
    "E_NP": "de (volledige tekst|hele tekst|tekst) van {extract.url}",
    "D_NP": "{db.question} uit de database {db.database}",
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
*2 scrape :: (haal|lees|pak) {S_NP}
extract :: (haal|lees) {E_NP}
search :: zoek (op het web|op internet|online) naar {search.query}
db :: vraag de database {db.database} {db.question}
http :: roep [de API ]{http.url:api} aan
""",
    "RANKING": """
rank :: (houd|kies|neem) [alleen ]de {rank.limit} {BEST}[ {ITEMS}]
rank :: (houd|kies|neem) [alleen ](die|de {ITEMS}) {ABOUT} {rank.topic}
rank :: sorteer ze op {rank.topic}
""",
    "EXTRACTING": "extract :: haal de (volledige tekst|hele artikelen)",
    "SUMMING": """
*3 sum :: vat (ze|het|alles|elk artikel) samen[ in {sum.sentences} zinnen]
sum :: (maak|schrijf) een samenvatting[ van {sum.sentences} zinnen| in {sum.sentences} zinnen]
""",
    "LETTERBITS": """
*3 
*2  (met de titel|genaamd|getiteld) {news.title}
""",
    "LETTER": "news :: maak (er |)een nieuwsbrief( van|){LETTERBITS}",
    "TO": """
*4 {mail.to}
{mail.tos}
""",
    "SUBJ": """
*5 
 met onderwerp {mail.subject}
""",
    "MAILING": """
*3 mail :: (stuur|mail|verzend) (het|ze|dat|alles|het resultaat) (naar|per mail naar|aan) {TO}{SUBJ}
mail :: mail naar {TO}
""",
    "NOTIFYING": """
*2 notify :: (meld|zet|post) (het|dat) in {notify.channel}
notify :: (waarschuw|informeer) {notify.channel}
notify :: zeg (tegen|in) {notify.channel} {notify.message}
""",
    "SAVING": """
*3 save :: (bewaar|sla) (het|ze|alles) op als {save.name}
save :: bewaar (het|een kopie) (als|in) {save.name}
""",
    "POSTING": "http(method=POST) :: stuur het naar (de API |de webhook |){http.url:api}",
    "ASKING": """
ask :: laat het model {ask.prompt}
ask :: vraag {ask.model} om {ask.prompt}
""",
    "DELIVER": """
*5 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*2 NOTIFYING :: {NOTIFYING}
*0.5 POSTING :: {POSTING}
""",
    "FUSED": """
*4 NP mail :: (stuur|mail|verzend) {NP} naar {TO}{SUBJ}
*3 NP mail :: (stuur|mail) {TO} {NP}
*3 NP news mail :: (stuur|mail) {TO} een nieuwsbrief{LETTERBITS} met {NP}
*3 NP news mail :: (maak|bouw) een nieuwsbrief{LETTERBITS} (met|van) {NP} en (stuur|mail) die naar {TO}
*3 NP news mail :: een nieuwsbrief{LETTERBITS} met {NP} naar {TO}
*2 NP news :: (maak|bouw) een nieuwsbrief{LETTERBITS} (met|van) {NP}
*2 NP sum :: vat {NP} samen[ in {sum.sentences} zinnen]
*2 NP sum mail :: vat {NP} samen[ in {sum.sentences} zinnen] en (stuur|mail) het naar {TO}
*2 NP save :: bewaar {NP} (als|in) {save.name}
*2 NP notify :: (zet|post) {NP} in {notify.channel}
*2 extract sum :: vat het artikel {extract.url} samen[ in {sum.sentences} zinnen]
""",
    "SINGLE": """
*3 fetch :: {VGET} {F_NP}
*2 scrape :: (haal|lees|toon) {S_NP}
*2 extract :: (haal|lees|geef me) {E_NP}
*3 search :: zoek (op het web|op internet|online) naar {search.query}
*2 db :: {D_NP}
db :: {db.question} volgens de database[?]
*2 http :: roep {http.url:api} aan
*2 mail :: (schrijf|mail) {mail.to}[:] {mail.body:quoted}
mail :: (stuur|mail) (het|dat) naar {TO}{SUBJ}
*2 notify :: zeg tegen {notify.channel}[:] {notify.message}
*2 save :: bewaar (het|dat|ze) als {save.name}
rank :: toon alleen de {rank.limit} {BEST}
sum :: vat (het|dat|ze) samen[ in {sum.sentences} zinnen]
news :: maak er een nieuwsbrief van{LETTERBITS}
ask :: laat (het model|{ask.model}) {ask.prompt}
""",
    "TRIGGER": """
*2 @trigger_feed :: (als|zodra|telkens als|wanneer) er (iets nieuws|een nieuw artikel|nieuws) (staat |is |verschijnt )(in|op) {@trigger_feed.feed}
@trigger_job_done :: (als|zodra|nadat) [de taak ]{@trigger_job_done.job:jobname} (klaar is|af is|gedaan is)
@trigger_job_failed :: (als|zodra|wanneer) [de taak ]{@trigger_job_failed.job:jobname} (mislukt|faalt|niet lukt)
""",
    "RETRYING": "@retry :: (als het mislukt|bij fouten) probeer het {@retry.times} keer opnieuw",
    "TIMEOUT": "@timeout :: (stop|geef op) na {@timeout.after:dur}",
    "ALERT": "@alert :: (als het mislukt|bij fouten|als er iets misgaat)[,] (waarschuw|meld het aan|mail) {@alert.to:alertee}",
    "APPROVING": "@approve :: (vraag het me eerst|wacht op mijn akkoord|alleen met mijn toestemming|laat het me eerst zien)",
    "CALLJOB": "@call_job :: (start|draai) [de taak ]{@call_job.job:jobname}",
    "COND": """
@if(test=above) :: er meer dan {@if.than:num} (artikelen|resultaten|berichten) zijn
@if(test=below) :: er minder dan {@if.than:num} (artikelen|resultaten) zijn
@if(test=none) :: (er niets nieuws is|er niets is|de lijst leeg is)
@if(test=any) :: (er iets nieuws is|er iets is|er resultaten zijn)
*2 @if(test=contains) :: (een titel|een bericht|de tekst) {@if.what:topicq} (noemt|bevat)
@if(test=below) :: de prijs onder {@if.than:num3} (zakt|komt|is)
""",
    "ANSWER": """
*2 (hallo|hoi|goedemorgen|goedenavond|dag)[!|.]
*2 (bedankt|dank je|dankjewel|prima|perfect|mooi|top|oké)[!|.]
*2 (wat kun je|wie ben je|hoe werkt dit|help|wat is een feed|kun je me helpen|hoe heet je)[?]
(zijn mijn gegevens veilig|werkt het zonder internet|waarom lukte het niet|hoeveel taken heb ik)[?]
(tot ziens|tot morgen|laat maar|dat is alles)[!|.]
""",
    "UNSUPPORTED": """
(bestel|boek|koop|reserveer) (een pizza|een taxi|een vlucht naar {namex}|een hotel in {namex}|een tafel voor {numx}|bloemen)
doe (het licht|de verwarming|de radio) (aan|uit)
bel (mijn moeder|de dokter|de bank)
(speel muziek|zet koffie|was de auto|geef de planten water|laat de hond uit|open de deur|kook het eten)
""",
    "CLARIFY": """
(doe|maak) (dat|het gebruikelijke|iets|dat van gisteren)[ alsjeblieft]
(maak|ik wil) een (nieuwsbrief|rapport|samenvatting|taak)[ elke week| elke ochtend]
(stuur|mail) het naar (mijn baas|iedereen|mijn team)
(lees|volg) (de pagina|de feed|de site|het artikel)
""",
    "LACKING": """
*2 @miss_address :: (stuur|mail) de {NEW} {ITEMS} van {fetch.url} naar (mijn baas|mijn team|de klant)
*2 @miss_link :: (stuur|mail) {mail.to} (het nieuws|de beste artikelen|een nieuwsbrief|het artikel)
@miss_text :: (schrijf|mail) {mail.to}
""",
}

PHRASES = {
    "question": """
hoeveel (bestellingen|klanten|pakjes) er (gisteren waren|vorige week binnenkwamen|deze maand zijn)
(de omzet|het aantal bestellingen) (per maand|per land|van vorige week)
de {n} (nieuwste bestellingen|beste klanten|duurste producten)
welke facturen openstaan|de openstaande bestellingen
""",
    "message": "het rapport is klaar|de vergadering is om {n} uur|de server ligt plat|alles gaat goed|ik kom later|succes|de kopie is klaar|hallo allemaal",
    "query": """
{topic}
{topic} in {name}
(de prijs van|het weer in|musea in) {name}
""",
    "prompt": """
een (gedicht|grap|haiku|toespraak|antwoord) over {topic} schrijven
(de tekst|het resultaat) vertalen naar het (Engels|Duits|Frans)
(zeggen|beslissen|nagaan) (wat belangrijk is|of het goed nieuws is|wat ontbreekt)
{topic} eenvoudig uitleggen
""",
    "greeting": "Hallo allemaal|Dit was de week|Veel leesplezier",
}

EDITS = {
    "set_limit": "(neem|stuur|maak er|alleen|liever) {n}[ artikelen| berichten| van| in plaats van {old}]|{n} in plaats van {old}|hoogstens {n}",
    "set_topic": "(liever |)over {topic}[ in plaats van {old}]|{topic} in plaats van {old}|verander het onderwerp in {topic}",
    "set_sentences": "{n} zinnen (per artikel|in plaats van {old}|is genoeg)",
    "set_url": "(gebruik|lees) liever {url}|{url} in plaats van {old}",
    "add_url": "(lees|neem) ook {url}|voeg {url} toe",
    "remove_url": "(zonder|haal weg:|schrap) {oldurl}",
    "add_to": "(stuur|mail) het ook naar {mail}|voeg {mail} toe|ook naar {mail}",
    "set_to": "(stuur|mail) het liever naar {mail}|{mail} in plaats van {old}",
    "remove_to": "(niet meer naar|schrap|verwijder) {oldmail}",
    "set_title": "noem hem {title}|de titel moet {title} zijn",
    "set_name": "bewaar het als {file}|het bestand moet {file} heten",
    "set_channel": "liever in {chan}",
    "remove_step": "(zonder|schrap|verwijder) {thing}|{thing} is niet (meer |)nodig",
    "schedule": "(liever |doe het |voortaan |zet het op ){when}|{when}[ graag]",
    "unschedule": "(niet meer automatisch|zonder schema|alleen met de hand)",
    "pause": "(pauzeer|stop) (het|de taak|{name})[ voorlopig]",
    "resume": "(hervat|ga door met) (de taak|{name})",
    "run_now": "(start|draai) (het|de taak|{name}) (nu|meteen)",
    "delete": "(verwijder|wis) (de taak|{name})[ helemaal]",
    "rename": "(hernoem|noem) (de taak|{name})[ naar] {newname}",
    "clear_limit": "(zonder limiet|geen limiet)",
    "double_limit": "(twee keer zoveel|verdubbel het aantal)",
    "half_limit": "(half zoveel|halveer het aantal)",
    "set_query": "zoek liever naar {topic}",
}

THINGS = {
    "summarize_items": "de samenvatting|samenvatting",
    "compile_newsletter": "de nieuwsbrief|nieuwsbrief",
    "send_email": "de mail|mail",
    "save_file": "het bestand|de kopie",
    "notify": "de melding|het bericht",
    "rank_items": "de selectie|het filter",
}
