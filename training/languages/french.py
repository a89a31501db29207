"""Comment on le dit en français (see `grammar`)."""

TOPICS = "les batteries|le solaire|l'éolien|les trains|le vélo|l'espace|les satellites|les semi-conducteurs|l'intelligence artificielle|la vie privée|les taux d'intérêt|les loyers|les impôts|les élections|les écoles|les vaccins|les abeilles|les forêts|les glaciers|les crues|le café|le vin|le fromage|le pain|le rugby|le football|les échecs|les musées|l'archéologie|le cinéma|le jazz|les champignons|le jardinage|les voitures électriques|l'hydrogène|les logiciels libres|les failles de sécurité|les hôpitaux|le climat|les pistes cyclables|le patrimoine|les ponts|le logement|la Méditerranée|la cybersécurité"

RULES = {
    "OPEN": """
*20 
*2 s'il te plaît, 
*2 peux-tu 
tu peux 
pourrais-tu 
bonjour, 
salut, 
je voudrais que tu fasses ceci : 
il faudrait 
merci de 
""",
    "CLOSE": """
*10 
*2  s'il te plaît
, merci
. Merci !
. Merci d'avance.
 svp
""",
    "PLEASE": " s'il te plaît| svp|, merci",
    "VGET": "récupère|récupérer|lis|prends|donne-moi|montre-moi|va chercher|cherche|rassemble|charge|collecte|affiche|trouve|liste|ramène",
    "ITEMS": "articles|nouvelles|actualités|titres|billets|publications|infos|brèves|textes|sujets",
    "NEW": "derniers|dernières|nouveaux|plus récents",
    "BEST": "meilleurs|meilleures|plus importants|plus intéressants|plus pertinents",
    "ABOUT": "sur|à propos de|concernant|au sujet de|qui parlent de|consacrés à|qui traitent de",
    "FEEDREF": """
*5 {fetch.url}
*2 le flux {fetch.anyurl}
*2 {fetch.urls}
les flux {fetch.urls}
le flux RSS {fetch.anyurl}
""",
    "FROM": "de|du|sur|dans|depuis",
    "F_NP": """
*3 les [{fetch.limit} ]{NEW} {ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 les {ITEMS} des {fetch.since} {FROM} {FEEDREF}
ce qu'il y a de neuf {FROM} {FEEDREF}
{FEEDREF}
""",
    "FR_NP": """
*3 les {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 les {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 les {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 les {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
tout ce qui concerne {rank.topic} {FROM} {FEEDREF}
les {BEST} {ITEMS} {FROM} {FEEDREF}
""",
    "S_NP": """
*2 (le tableau|la liste|les prix|les lignes|les résultats|les offres|les horaires|les cours) (de la page |sur |de ){scrape.url}
les (champs|colonnes) {scrape.fields} de {scrape.url}
les {scrape.limit} premières lignes de {scrape.url}
""",
    "E_NP": "(le texte intégral|le texte complet|le texte|l'article entier) de {extract.url}",
    "D_NP": "{db.question} dans (la base |){db.database}",
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
*2 scrape :: (récupère|prends|lis|extrais) {S_NP}
extract :: (récupère|lis|prends) {E_NP}
search :: (cherche|recherche|fais une recherche) (sur le web|sur internet|en ligne)[ sur] {search.query}
db :: demande à la base {db.database} {db.question}
db :: (trouve|donne-moi) {D_NP}
http :: (appelle|interroge) [l'API |l'interface ]{http.url:api}
""",
    "RANKING": """
rank :: (garde|prends|choisis) [seulement |uniquement ]les {rank.limit} {BEST}[ {ITEMS}]
rank :: (garde|prends|choisis) [seulement |uniquement ](ceux|celles|les articles) {ABOUT} {rank.topic}
rank :: (trie-les|classe-les) selon {rank.topic}
rank :: ne garde que les {rank.limit} {BEST}
""",
    "EXTRACTING": "extract :: (récupère|lis|charge) (le texte intégral|les articles en entier|le texte complet)",
    "SUMMING": """
*3 sum :: (résume|résume-les|résume-le|résume chacun|résume tout|condense-les)[ en {sum.sentences} phrases]
sum :: (fais|écris) (un résumé|des résumés|un court résumé)[ en {sum.sentences} phrases| de {sum.sentences} phrases]
""",
    "LETTERBITS": """
*3 
*2  (intitulée|appelée|avec le titre|titrée|nommée) {news.title}
""",
    "LETTER": """
*2 news :: (fais|fais-en|crée|compose|prépare) une (newsletter|lettre d'information|infolettre){LETTERBITS}
news :: mets-les dans une (newsletter|lettre d'information){LETTERBITS}
""",
    "TO": """
*4 {mail.to}
{mail.tos}
""",
    "SUBJ": """
*5 
 avec l'objet {mail.subject}
, objet {mail.subject}
""",
    "MAILING": """
*3 mail :: (envoie|envoie-le|envoie-la|envoie-les|envoie ça|envoie le tout|transmets-le) (à|par mail à|par courriel à) {TO}{SUBJ}
mail :: (envoie|écris) un (mail|courriel) à {TO} avec le résultat{SUBJ}
mail :: (envoyer|expédier) à {TO}
""",
    "NOTIFYING": """
*2 notify :: (préviens|avertis|informe) {notify.channel}
notify :: (poste|publie|mets)-le (dans|sur) {notify.channel}
notify :: (dis|annonce) (à|sur) {notify.channel} {notify.message}
notify :: préviens-moi
""",
    "SAVING": """
*3 save :: (enregistre|sauvegarde|garde|stocke|mets)[-le|-la|-les| le résultat| tout] (dans|sous|en) {save.name}
save :: (enregistre|garde) une copie dans {save.name}
""",
    "POSTING": "http(method=POST) :: (envoie|poste)-le (à l'API |au webhook |à ){http.url:api}",
    "ASKING": """
ask :: fais {ask.prompt} par le modèle
ask :: demande au modèle de {ask.prompt}
ask :: demande à {ask.model} de {ask.prompt}
""",
    "DELIVER": """
*5 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*2 NOTIFYING :: {NOTIFYING}
*0.5 POSTING :: {POSTING}
""",
    "FUSED": """
*4 NP mail :: (envoie|transmets|expédie) {NP} (à|par mail à|par courriel à) {TO}{SUBJ}
*3 NP mail :: (envoie|transmets) à {TO} {NP}
*3 NP news mail :: (envoie|prépare) à {TO} une (newsletter|lettre d'information){LETTERBITS} avec {NP}
*3 NP news mail :: (fais|crée|compose|prépare)[-moi] une (newsletter|lettre d'information|infolettre){LETTERBITS} avec {NP} et envoie-la à {TO}
*2 NP news :: (fais|crée|compose|prépare)[-moi] une (newsletter|lettre d'information){LETTERBITS} avec {NP}
*2 NP sum :: (résume|résume-moi) {NP}[ en {sum.sentences} phrases]
*2 NP sum mail :: résume {NP}[ en {sum.sentences} phrases] et envoie (le résumé|ça|le tout) à {TO}
*2 NP save :: (enregistre|sauvegarde|garde) {NP} (dans|sous) {save.name}
*2 NP notify :: (poste|publie|annonce) {NP} (dans|sur) {notify.channel}
*2 extract sum :: résume l'article {extract.url}[ en {sum.sentences} phrases]
NP mail :: je (veux|voudrais|souhaite) recevoir {NP} à {TO}
""",
    "SINGLE": """
*3 fetch :: {VGET} {F_NP}
fetch :: quoi de neuf sur {FEEDREF}[ ?]
*2 scrape :: (récupère|prends|lis|montre-moi) {S_NP}
*2 extract :: (récupère|lis|donne-moi) {E_NP}
*3 search :: (cherche|recherche|trouve) (sur le web|sur internet|en ligne) {search.query}
*2 db :: {D_NP}[ ?]
db :: demande à la base {db.database} {db.question}
*2 http :: (appelle|interroge) {http.url:api}
*2 mail :: (écris|envoie un mail) à {mail.to}[ :] {mail.body:quoted}
mail :: envoie(-le|-les| ça) à {TO}{SUBJ}
*2 notify :: (dis|annonce) à {notify.channel}[ :] {notify.message}
*2 save :: (enregistre|sauvegarde)(-le|-les| ça) (dans|sous) {save.name}
rank :: montre-moi seulement les {rank.limit} {BEST}
sum :: résume(-le|-les| ça)[ en {sum.sentences} phrases]
news :: fais-en une (newsletter|lettre d'information){LETTERBITS}
ask :: demande (au modèle|à {ask.model}) de {ask.prompt}
""",
    "TRIGGER": """
*2 @trigger_feed :: (quand|dès que|à chaque fois que|chaque fois que|lorsque) (il y a du nouveau|quelque chose de nouveau paraît|un nouvel article paraît|il y a un nouvel article) (dans|sur) {@trigger_feed.feed}
@trigger_job_done :: (quand|dès que|après que|lorsque) [la tâche ]{@trigger_job_done.job:jobname} (est finie|est terminée|a fini|se termine)
@trigger_job_failed :: (quand|si|dès que|lorsque) [la tâche ]{@trigger_job_failed.job:jobname} (échoue|plante|ne marche pas)
""",
    "RETRYING": "@retry :: (en cas d'échec|si ça échoue|en cas d'erreur) (réessaie|recommence) {@retry.times} fois",
    "TIMEOUT": "@timeout :: (abandonne|arrête) après {@timeout.after:dur}",
    "ALERT": "@alert :: (en cas d'échec|si ça échoue|en cas d'erreur|si ça plante)[,] (préviens|avertis|écris à) {@alert.to:alertee}",
    "APPROVING": "@approve :: (demande-moi avant d'envoyer|attends mon accord|seulement avec mon accord|montre-le-moi avant)",
    "CALLJOB": "@call_job :: (lance|exécute|démarre) [la tâche ]{@call_job.job:jobname}",
    "COND": """
@if(test=above) :: il y a plus de {@if.than:num} (articles|résultats|lignes)
@if(test=below) :: il y a moins de {@if.than:num} (articles|résultats)
@if(test=none) :: (il n'y a rien de nouveau|il n'y a rien|la liste est vide|il n'y a aucun résultat)
@if(test=any) :: (il y a du nouveau|il y a quelque chose|il y a des résultats|la liste n'est pas vide)
*2 @if(test=contains) :: (un titre|l'un d'eux|un article|le texte) (mentionne|contient|parle de) {@if.what:topicq}
@if(test=below) :: le prix (tombe|descend|est|passe) (sous|en dessous de) {@if.than:num3}
@if(test=above) :: le prix (monte|dépasse|est|passe) (au-dessus de |){@if.than:num3}
""",
    "ANSWER": """
*2 (bonjour|salut|bonsoir|coucou)[ !|.]
*2 (merci|merci beaucoup|super, merci|parfait|très bien|c'est bon|génial|d'accord)[ !|.]
*2 (que peux-tu faire|qui es-tu|comment ça marche|aide-moi|qu'est-ce qu'un flux|tu peux m'aider|comment t'appelles-tu|ça va)[ ?]
(comment|où) (voir mes tâches|supprimer une tâche|changer l'horaire|ajouter un modèle)[ ?]
(mes données sont-elles en sécurité|est-ce que ça marche sans internet|pourquoi ça n'a pas marché|combien de tâches ai-je)[ ?]
(au revoir|à demain|bonne nuit|laisse tomber|c'est tout)[ !|.]
""",
    "UNSUPPORTED": """
(réserve|commande|achète)[-moi] (une pizza|un taxi|un vol pour {namex}|un hôtel à {namex}|une table pour {numx}|des fleurs|du pain)
(allume|éteins) (la lumière|le chauffage|la radio|la télé)
(appelle|téléphone à) (ma mère|le médecin|la banque|mon chef)
(joue|mets) (de la musique|une chanson|du jazz)
(prépare|fais) (du café|le dîner|un gâteau|une soupe)
(lave la voiture|arrose les plantes|promène le chien|tonds la pelouse|ouvre la porte|vire {numx} euros à mon propriétaire)
""",
    "CLARIFY": """
(fais|refais) (ça|comme d'habitude|quelque chose|le truc d'hier)[ s'il te plaît]
(fais|crée|je veux|prépare)[-moi] (une newsletter|un rapport|un résumé|une tâche)[ chaque semaine| chaque matin]
(envoie-le|envoie ça) (à mon chef|à tout le monde|à mon équipe)
(lis|surveille|résume) (la page|le flux|le site|l'article)
""",
    "LACKING": """
*2 @miss_address :: envoie les {NEW} {ITEMS} de {fetch.url} (à mon chef|à mon équipe|au client|à ma femme)
*2 @miss_link :: envoie à {mail.to} (les nouvelles|les meilleurs articles|une newsletter|l'article)
@miss_text :: (écris|envoie un mail) à {mail.to}
""",
}

PHRASES = {
    "question": """
combien de (commandes|clients|factures|inscriptions) (hier|la semaine dernière|ce mois-ci|sont en retard)
(le chiffre d'affaires|le nombre de commandes) (par mois|par pays|de la semaine dernière)
les {n} (dernières commandes|meilleurs clients|produits les plus chers)
quelles factures sont impayées|les commandes en attente|quels produits manquent
""",
    "message": "le rapport est prêt|la réunion est à {n} heures|le serveur est en panne|tout va bien|je serai en retard|bon courage|la sauvegarde est terminée|bonjour à tous|les {thing} sont arrivés",
    "query": """
{topic}
{topic}
(le prix de|la météo à|les musées de) {name}
{topic} à {name}
""",
    "prompt": """
(écrire|rédiger) (un poème|une blague|un haïku|un discours|une réponse) sur {topic}
traduire (le texte|le résultat) en (anglais|allemand|espagnol)
(dire|décider|vérifier) (ce qui compte|si c'est une bonne nouvelle|ce qui manque)
expliquer {topic} simplement
""",
    "greeting": "Bonjour à tous|Voici la semaine|Bonne lecture|Les nouvelles du jour",
}

EDITS = {
    "set_limit": """
(mets|prends|envoie|seulement|plutôt) {n}[ articles| au lieu de {old}]
{n} au lieu de {old}
(pas plus de|au maximum) {n}[ articles]
""",
    "set_topic": "(plutôt |)sur {topic}[ au lieu de {old}]|change le sujet en {topic}|{topic} au lieu de {old}",
    "set_sentences": "{n} phrases (par article|au lieu de {old}|suffisent)|résume en {n} phrases",
    "set_url": "(prends|utilise|lis) plutôt {url}|{url} au lieu de {old}|le flux est maintenant {url}",
    "add_url": "(lis|ajoute|prends) aussi {url}|ajoute {url}",
    "remove_url": "(enlève|retire|sans|supprime) {oldurl}",
    "add_to": "(envoie|mets)-le aussi à {mail}|ajoute {mail}[ en copie| aux destinataires]|aussi à {mail}",
    "set_to": "envoie-le plutôt à {mail}|{mail} au lieu de {old}|change le destinataire en {mail}",
    "remove_to": "(enlève|retire|plus pour|n'envoie plus à) {oldmail}",
    "set_title": "(appelle-la|le titre doit être|change le titre en|nouveau titre :) {title}",
    "set_subject": "l'objet doit être {title}|objet : {title}",
    "set_name": "enregistre-le sous {file}|le fichier doit s'appeler {file}",
    "set_channel": "plutôt (sur|dans) {chan}",
    "remove_step": "(sans|enlève|supprime|retire) {thing}|plus besoin (de |d'){thing}",
    "schedule": "(plutôt |fais-le |désormais |lance-le |change l'horaire : ){when}|{when}[ s'il te plaît]",
    "unschedule": "(enlève l'horaire|plus automatiquement|seulement à la main)",
    "pause": "(mets|suspends|arrête) (la tâche|{name}) (en pause|pour l'instant)|pause pour {name}",
    "resume": "(reprends|relance|réactive) (la tâche|{name})",
    "run_now": "(lance|exécute|démarre) (la tâche|{name}|-la) (maintenant|tout de suite)|maintenant",
    "delete": "(supprime|efface) (la tâche|{name})[ définitivement]",
    "rename": "(renomme|appelle) (la tâche|{name})[ en] {newname}",
    "clear_limit": "(sans limite|enlève la limite)",
    "double_limit": "(deux fois plus|double le nombre)",
    "half_limit": "(deux fois moins|la moitié)",
    "set_query": "cherche plutôt {topic}",
}

THINGS = {
    "summarize_items": "le résumé|les résumés|résumé",
    "compile_newsletter": "la newsletter|newsletter|la lettre",
    "send_email": "le mail|l'envoi|le courriel",
    "save_file": "le fichier|la copie|l'enregistrement",
    "notify": "la notification|le message",
    "rank_items": "le tri|la sélection|le filtre",
}
