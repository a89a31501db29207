"""Come si chiede in italiano (see `grammar`)."""

TOPICS = "batterie|energia solare|eolico|treni|biciclette|spazio|satelliti|semiconduttori|intelligenza artificiale|privacy|tassi di interesse|affitti|tasse|elezioni|scuole|vaccini|api|boschi|ghiacciai|alluvioni|caffè|vino|formaggio|pane|calcio|ciclismo|scacchi|musei|archeologia|cinema|opera|funghi|giardinaggio|auto elettriche|idrogeno|software libero|falle di sicurezza|ospedali|clima|piste ciclabili|ponti|case popolari|il Mediterraneo|olio d'oliva"

RULES = {
    "OPEN": """
*20 
*3 per favore, 
*2 puoi 
potresti 
ciao, 
buongiorno, 
vorrei che facessi questo: 
""",
    "CLOSE": """
*10 
*2  per favore
, grazie
. Grazie!
. Grazie mille.
""",
    "PLEASE": " per favore|, per favore|, grazie",
    "VGET": "prendi|leggi|scarica|dammi|mostrami|raccogli|cerca|recupera|trova|elenca|portami|fammi vedere",
    "ITEMS": "notizie|articoli|titoli|post|pubblicazioni|novità|storie|testi|pezzi",
    "NEW": "ultime|ultimi|nuove|nuovi|più recenti",
    "BEST": "migliori|più importanti|più interessanti|più rilevanti|principali",
    "ABOUT": "su|sul tema|riguardo a|che parlano di|che trattano di|relative a",
    "FEEDREF": """
*5 {fetch.url}
*2 il feed {fetch.anyurl}
*2 {fetch.urls}
dai feed {fetch.urls}
dal feed RSS {fetch.anyurl}
""",
    "FROM": "da|di|su|dal|in",
    "F_NP": """
*3 le [{fetch.limit} ]{NEW} {ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 le {ITEMS} delle {fetch.since} {FROM} {FEEDREF}
le novità {FROM} {FEEDREF}
{FEEDREF}
""",
    "FR_NP": """
*3 (le|i|gli) {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 (le|i) {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 (le|gli) {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 (le|i) {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
(le|i) {BEST} {ITEMS} {FROM} {FEEDREF}
""",
    "S_NP": """
*2 (la tabella|la lista|i prezzi|le righe|i risultati|le offerte|gli orari) (da|di|della pagina|su) {scrape.url}
i campi {scrape.fields} da {scrape.url}
le prime {scrape.limit} righe di {scrape.url}
""",
    "E_NP": "il (testo completo|testo|testo intero|articolo intero) di {extract.url}",
    "D_NP": "{db.question} dal database {db.database}",
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
*2 scrape :: (prendi|estrai|leggi) {S_NP}
extract :: (leggi|prendi) {E_NP}
search :: cerca (sul web|in rete|su internet|online) {search.query}
db :: (chiedi al|interroga il) database {db.database} {db.question}
http :: (chiama|interroga) [l'API ]{http.url:api}
""",
    "RANKING": """
rank :: (tieni|scegli|prendi) [solo ](le|i) {rank.limit} {BEST}[ {ITEMS}]
rank :: (tieni|scegli|prendi) [solo ](quelle|quelli|le notizie) {ABOUT} {rank.topic}
rank :: ordinale per {rank.topic}
rank :: solo (le|i) {rank.limit} {BEST}
""",
    "EXTRACTING": "extract :: (leggi|prendi|scarica) (il testo completo|gli articoli interi)",
    "SUMMING": """
*3 sum :: (riassumi|riassumile|riassumili|riassumi tutto|riassumi ognuna)[ in {sum.sentences} frasi]
sum :: (fai|scrivi) un riassunto[ di {sum.sentences} frasi| in {sum.sentences} frasi]
""",
    "LETTERBITS": """
*3 
*2  (intitolata|chiamata|con il titolo|dal titolo) {news.title}
""",
    "LETTER": """
*2 news :: (fai|fanne|crea|prepara|componi) una newsletter{LETTERBITS}
news :: mettile in una newsletter{LETTERBITS}
""",
    "TO": """
*4 {mail.to}
{mail.tos}
""",
    "SUBJ": """
*5 
 con oggetto {mail.subject}
, oggetto {mail.subject}
""",
    "MAILING": """
*3 mail :: (invialo|mandalo|inviala|mandali|invia tutto|manda il risultato|spediscilo) (a|per mail a|via email a) {TO}{SUBJ}
mail :: (scrivi|manda) una mail a {TO} con il risultato{SUBJ}
mail :: (inviare|mandare) a {TO}
""",
    "NOTIFYING": """
*2 notify :: (avvisa|informa) {notify.channel}
notify :: (pubblicalo|mettilo|postalo) in {notify.channel}
notify :: (di'|scrivi) a {notify.channel} {notify.message}
notify :: avvisami
""",
    "SAVING": """
*3 save :: (salvalo|salvale|salva il risultato|salva tutto|salvali) (come|in) {save.name}
save :: salva una copia in {save.name}
""",
    "POSTING": "http(method=POST) :: (invialo|mandalo) (all'API |al webhook |a ){http.url:api}",
    "ASKING": """
ask :: fai {ask.prompt} al modello
ask :: chiedi al modello di {ask.prompt}
ask :: chiedi a {ask.model} di {ask.prompt}
""",
    "DELIVER": """
*5 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*2 NOTIFYING :: {NOTIFYING}
*0.5 POSTING :: {POSTING}
""",
    "FUSED": """
*4 NP mail :: (invia|manda|inviami|spedisci) {NP} (a|per mail a|via email a) {TO}{SUBJ}
*3 NP mail :: (invia|manda) a {TO} {NP}
*3 NP news mail :: (invia|manda) a {TO} una newsletter{LETTERBITS} con {NP}
*3 NP news mail :: (fai|crea|prepara|fammi) una newsletter{LETTERBITS} con {NP} e (inviala|mandala) a {TO}
*2 NP news :: (fai|crea|prepara|fammi) una newsletter{LETTERBITS} con {NP}
*2 NP sum :: riassumi {NP}[ in {sum.sentences} frasi]
*3 NP sum mail :: riassumi {NP}[ in {sum.sentences} frasi] e (mandalo|invialo|manda il riassunto) a {TO}
*2 NP save :: salva {NP} (come|in) {save.name}
*2 NP notify :: (pubblica|posta|metti) {NP} in {notify.channel}
*2 extract sum :: riassumi l'articolo {extract.url}[ in {sum.sentences} frasi]
NP mail :: (voglio|vorrei) {NP} per mail a {TO}
""",
    "SINGLE": """
*3 fetch :: {VGET} {F_NP}
fetch :: cosa c'è di nuovo su {FEEDREF}[?]
*2 scrape :: (prendi|leggi|mostrami) {S_NP}
*2 extract :: (leggi|dammi|prendi) {E_NP}
*3 search :: cerca (sul web|in rete|su internet|online) {search.query}
*2 db :: {D_NP}[?]
db :: chiedi al database {db.database} {db.question}
*2 http :: (chiama|interroga) {http.url:api}
*2 mail :: (scrivi|manda una mail) a {mail.to}[:] {mail.body:quoted}
mail :: (invialo|mandalo) a {TO}{SUBJ}
*2 notify :: (di'|scrivi) a {notify.channel}[:] {notify.message}
*2 save :: (salvalo|salva questo|salvale) (come|in) {save.name}
save :: salva {save.content:quoted} in {save.name}
rank :: mostrami solo (le|i) {rank.limit} {BEST}
sum :: (riassumilo|riassumi questo|riassumili)[ in {sum.sentences} frasi]
news :: fanne una newsletter{LETTERBITS}
ask :: chiedi (al modello|a {ask.model}) di {ask.prompt}
""",
    "TRIGGER": """
*2 @trigger_feed :: (quando|ogni volta che|appena) (c'è qualcosa di nuovo|esce un articolo nuovo|appare qualcosa di nuovo|escono novità) (in|su) {@trigger_feed.feed}
@trigger_job_done :: (quando|appena|dopo che) [il lavoro ]{@trigger_job_done.job:jobname} (è finito|ha finito|termina|finisce)
@trigger_job_failed :: (quando|se|appena) [il lavoro ]{@trigger_job_failed.job:jobname} (fallisce|non riesce|si blocca)
""",
    "RETRYING": "@retry :: (se fallisce|in caso di errore|se c'è un errore) (riprova|ritenta) {@retry.times} volte",
    "TIMEOUT": "@timeout :: (smetti|interrompi|lascia stare) dopo {@timeout.after:dur}",
    "ALERT": "@alert :: (se fallisce|in caso di errore|se qualcosa va storto)[,] (avvisa|scrivi a|informa) {@alert.to:alertee}",
    "APPROVING": "@approve :: (chiedimi prima di inviare|aspetta la mia approvazione|solo con il mio permesso|fammelo vedere prima)",
    "CALLJOB": "@call_job :: (esegui|avvia|lancia) [il lavoro ]{@call_job.job:jobname}",
    "COND": """
@if(test=above) :: ci sono più di {@if.than:num} (notizie|articoli|risultati|righe)
@if(test=below) :: ci sono meno di {@if.than:num} (notizie|articoli|risultati)
@if(test=none) :: (non c'è niente di nuovo|non c'è nulla|la lista è vuota|non ci sono risultati)
@if(test=any) :: (c'è qualcosa di nuovo|c'è qualcosa|ci sono risultati|la lista non è vuota)
*2 @if(test=contains) :: (un titolo|uno di loro|una notizia|il testo) (menziona|contiene|parla di) {@if.what:topicq}
@if(test=below) :: il prezzo (scende sotto|è sotto|cala sotto) {@if.than:num3}
@if(test=above) :: il prezzo (supera|sale sopra|è sopra) {@if.than:num3}
""",
    "ANSWER": """
*2 (ciao|buongiorno|buonasera|salve|ehi)[!|.]
*2 (grazie|grazie mille|perfetto|benissimo|va bene|ottimo|d'accordo)[!|.]
*2 (cosa sai fare|chi sei|come funziona|aiuto|cos'è un feed|mi puoi aiutare|come ti chiami|come stai)[?]
(come|dove) (vedo i miei lavori|cancello un lavoro|cambio l'orario|aggiungo un modello)[?]
(i miei dati sono al sicuro|funziona senza internet|perché non ha funzionato|quanti lavori ho)[?]
(arrivederci|a domani|buonanotte|lascia stare|è tutto)[!|.]
""",
    "UNSUPPORTED": """
(prenota|ordina|compra|ordinami|comprami) (una pizza|un taxi|un volo per {namex}|un albergo a {namex}|un tavolo per {numx}|dei fiori|il pane)
(accendi|spegni) (la luce|il riscaldamento|la radio|la tv)
(chiama|telefona a) (mia madre|il medico|la banca|mio fratello)
(metti|suona) (della musica|una canzone|il jazz)
(prepara|fai) (il caffè|la cena|una torta|una zuppa)
(lava la macchina|annaffia le piante|porta fuori il cane|apri la porta|versa {numx} euro al padrone di casa)
""",
    "CLARIFY": """
(fai|rifai) (quello|come al solito|qualcosa|la cosa di ieri)[ per favore]
(fai|crea|voglio|preparami) (una newsletter|un rapporto|un riassunto|un lavoro)[ ogni settimana| ogni mattina]
(mandalo|invialo) (al mio capo|a tutti|al mio gruppo)
(leggi|controlla|riassumi) (la pagina|il feed|il sito|l'articolo)
""",
    "LACKING": """
*2 @miss_address :: manda le {NEW} {ITEMS} da {fetch.url} (al mio capo|al mio gruppo|al cliente|a mia moglie)
*2 @miss_link :: manda a {mail.to} (le notizie|i migliori articoli|una newsletter|l'articolo)
@miss_address :: manda una mail per dire che (sono in ritardo|va tutto bene|non vengo)
@miss_text :: (scrivi|manda una mail) a {mail.to}
""",
}

PHRASES = {
    "question": """
quanti (ordini|clienti|pacchi) (ieri|la settimana scorsa|questo mese|sono in ritardo)
(il fatturato|il numero di ordini|le vendite) (per mese|per paese|della settimana scorsa)
i {n} (ultimi ordini|clienti migliori|prodotti più cari)
quali fatture non sono pagate|gli ordini in attesa|quali prodotti mancano
""",
    "message": "il rapporto è pronto|la riunione è alle {n}|il server non risponde|va tutto bene|arrivo tardi|buona fortuna|la copia è finita|ciao a tutti|sono arrivate le {thing}",
    "query": """
{topic}
{topic}
(il prezzo di|il tempo a|musei di) {name}
{topic} a {name}
""",
    "prompt": """
(scrivere|comporre) (una poesia|una barzelletta|un haiku|un discorso|una risposta) su {topic}
tradurre (il testo|il risultato) in (inglese|tedesco|francese)
(dire|decidere|controllare) (che cosa conta|se è una buona notizia|che cosa manca)
spiegare {topic} in parole semplici
""",
    "greeting": "Ciao a tutti|Ecco la settimana|Buona lettura|Le notizie del giorno",
}

EDITS = {
    "set_limit": """
(metti|manda|prendi|solo|meglio|fai) {n}[ notizie| articoli| invece di {old}]
{n} invece di {old}
(non più di|al massimo) {n}[ notizie]
""",
    "set_topic": "(meglio |)su {topic}[ invece di {old}]|cambia il tema in {topic}|{topic} invece di {old}",
    "set_sentences": "{n} frasi (per articolo|invece di {old}|bastano)|riassumi in {n} frasi",
    "set_url": "(usa|leggi|prendi) invece {url}|{url} invece di {old}|il feed adesso è {url}",
    "add_url": "(leggi|aggiungi|usa) anche {url}|aggiungi {url}",
    "remove_url": "(togli|elimina|senza) {oldurl}",
    "add_to": "(mandalo|invialo) anche a {mail}|aggiungi {mail}|anche a {mail}",
    "set_to": "(mandalo|invialo) invece a {mail}|{mail} invece di {old}|cambia il destinatario in {mail}",
    "remove_to": "(togli|elimina|non più a|non mandarlo più a) {oldmail}",
    "set_title": "(chiamala|il titolo deve essere|cambia il titolo in|nuovo titolo:) {title}",
    "set_name": "salvalo come {file}|il file deve chiamarsi {file}",
    "set_channel": "meglio in {chan}",
    "remove_step": "(senza|togli|elimina) {thing}|{thing} non (serve|mi serve) più",
    "schedule": "(meglio |fallo |adesso |eseguilo |spostalo a |cambia in ){when}|{when}[ per favore]",
    "unschedule": "(togli l'orario|non più in automatico|solo a mano)",
    "pause": "(metti in pausa|sospendi|ferma) (il lavoro|{name})[ per ora]",
    "resume": "(riprendi|riattiva|continua) (il lavoro|{name})",
    "run_now": "(eseguilo|avvialo|esegui {name}|avvia {name}) (adesso|subito|ora)",
    "delete": "(cancella|elimina) (il lavoro|{name})[ del tutto]",
    "rename": "(rinomina|chiama) (il lavoro|{name})[ in] {newname}",
    "clear_limit": "(senza limite|togli il limite)",
    "double_limit": "(il doppio|raddoppia il numero)",
    "half_limit": "(la metà|dimezza il numero)",
    "set_query": "cerca invece {topic}",
}

THINGS = {
    "summarize_items": "il riassunto|i riassunti|riassunto",
    "compile_newsletter": "la newsletter|newsletter",
    "send_email": "la mail|l'invio",
    "save_file": "il file|la copia",
    "notify": "l'avviso|la notifica|il messaggio",
    "rank_items": "la selezione|il filtro|l'ordine",
}
