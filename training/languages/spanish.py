"""Cómo se pide en español (see `grammar`)."""

TOPICS = "baterías|energía solar|molinos de viento|trenes|bicicletas|el espacio|satélites|semiconductores|inteligencia artificial|privacidad|tipos de interés|alquileres|impuestos|elecciones|escuelas|vacunas|abejas|bosques|glaciares|inundaciones|café|vino|queso|pan|fútbol|baloncesto|ajedrez|museos|arqueología|cine|flamenco|setas|jardinería|coches eléctricos|hidrógeno|software libre|fallos de seguridad|hospitales|el clima|carriles bici|patrimonio|puentes|vivienda|el Mediterráneo|ciberseguridad|aceite de oliva|sequía"

RULES = {
    "OPEN": """
*20 
*3 por favor, 
*2 puedes 
podrías 
hola, 
buenos días, 
quiero que hagas esto: 
necesito lo siguiente: 
""",
    "CLOSE": """
*10 
*2  por favor
, gracias
. ¡Gracias!
. Muchas gracias.
. Eso es todo.
""",
    "PLEASE": " por favor|, por favor|, gracias",
    "VGET": "trae|coge|lee|toma|dame|muéstrame|busca|recoge|descarga|saca|obtén|tráeme|enséñame|lista|consigue",
    "ITEMS": "noticias|artículos|entradas|titulares|publicaciones|historias|novedades|notas|textos",
    "NEW": "últimas|últimos|nuevas|nuevos|más recientes",
    "BEST": "mejores|más importantes|más interesantes|más relevantes|principales",
    "ABOUT": "sobre|acerca de|de|relacionados con|que tratan de|que hablan de|relativas a",
    "FEEDREF": """
*5 {fetch.url}
*2 el feed {fetch.anyurl}
*2 {fetch.urls}
los feeds {fetch.urls}
el RSS {fetch.anyurl}
""",
    "FROM": "de|en|desde",
    "F_NP": """
*3 las [{fetch.limit} ]{NEW} {ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 las {ITEMS} de las {fetch.since} {FROM} {FEEDREF}
lo nuevo {FROM} {FEEDREF}
{FEEDREF}
""",
    "FR_NP": """
*3 (las|los) {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 (las|los) {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 (las|los) {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 (las|los) {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
todo lo que haya sobre {rank.topic} en {FEEDREF}
(las|los) {BEST} {ITEMS} {FROM} {FEEDREF}
""",
    "S_NP": """
*2 (la tabla|la lista|los precios|las filas|los resultados|las ofertas|los horarios) de [la página ]{scrape.url}
los campos {scrape.fields} de {scrape.url}
las primeras {scrape.limit} filas de {scrape.url}
""",
    "E_NP": "el (texto completo|texto|artículo entero|texto íntegro) de {extract.url}",
    "D_NP": "{db.question} en la base [de datos ]{db.database}",
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
*2 scrape :: (saca|extrae|lee|toma) {S_NP}
extract :: (lee|trae|saca) {E_NP}
search :: busca (en la web|en internet|en línea) {search.query}
db :: (pregunta|consulta) a la base [de datos ]{db.database} {db.question}
db :: (averigua|dame) {D_NP}
http :: (llama a|consulta) [la API |la interfaz ]{http.url:api}
""",
    "RANKING": """
rank :: (quédate con|elige|toma|deja) [solo ](las|los) {rank.limit} {BEST}[ {ITEMS}]
rank :: (quédate con|elige|toma|deja) [solo ](las|los|las noticias) {ABOUT} {rank.topic}
rank :: (ordénalas|ordénalos) por {rank.topic}
rank :: solo (las|los) {rank.limit} {BEST}
""",
    "EXTRACTING": "extract :: (lee|trae|saca) (el texto completo|los artículos enteros|los textos completos)",
    "SUMMING": """
*3 sum :: (resume|resúmelas|resúmelos|resúmelo|resume cada una|resume todo)[ en {sum.sentences} frases]
sum :: (haz|escribe) un resumen[ de {sum.sentences} frases| en {sum.sentences} frases]
""",
    "LETTERBITS": """
*3 
*2  (titulado|llamado|con el título|con título) {news.title}
""",
    "LETTER": """
*2 news :: (haz|crea|prepara|compón) un (boletín|newsletter|boletín de noticias)[ con ellas| con eso]{LETTERBITS}
news :: ponlo en un boletín{LETTERBITS}
""",
    "TO": """
*4 {mail.to}
{mail.tos}
""",
    "SUBJ": """
*5 
 con el asunto {mail.subject}
, asunto {mail.subject}
""",
    "MAILING": """
*3 mail :: (envíalo|mándalo|envíalas|mándalos|envía el resultado|manda todo|envíaselo) (a|por correo a|por email a) {TO}{SUBJ}
mail :: (escribe|manda) un correo a {TO} con eso{SUBJ}
mail :: (enviar|mandar) a {TO}
""",
    "NOTIFYING": """
*2 notify :: (avisa|informa) a {notify.channel}
notify :: (publícalo|ponlo) en {notify.channel}
notify :: di a {notify.channel} {notify.message}
notify :: avísame
""",
    "SAVING": """
*3 save :: (guárdalo|guárdalas|guarda el resultado|guarda todo|guárdalos) (como|en) {save.name}
save :: guarda una copia en {save.name}
""",
    "POSTING": "http(method=POST) :: (envíalo|mándalo) (a la API |al webhook |a ){http.url:api}",
    "ASKING": """
ask :: (pide al modelo que|haz que el modelo) {ask.prompt}
ask :: (pide a {ask.model} que|haz que {ask.model}) {ask.prompt}
""",
    "DELIVER": """
*5 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*2 NOTIFYING :: {NOTIFYING}
*0.5 POSTING :: {POSTING}
""",
    "FUSED": """
*4 NP mail :: (envía|manda|envíame|mándame) {NP} (a|por correo a|por email a) {TO}{SUBJ}
*3 NP mail :: (envía|manda) a {TO} {NP}
*3 NP news mail :: (envía|manda) a {TO} un (boletín|newsletter){LETTERBITS} con {NP}
*3 NP news mail :: (haz|crea|prepara|hazme) un (boletín|newsletter){LETTERBITS} con {NP} y (envíalo|mándalo) a {TO}
*2 NP news :: (haz|crea|prepara|hazme) un (boletín|newsletter){LETTERBITS} con {NP}
*2 NP sum :: (resume|resúmeme) {NP}[ en {sum.sentences} frases]
*2 NP sum mail :: resume {NP}[ en {sum.sentences} frases] y (envíalo|mándalo) a {TO}
*2 NP save :: (guarda|almacena) {NP} (como|en) {save.name}
*2 NP notify :: (publica|pon|anuncia) {NP} en {notify.channel}
*2 extract sum :: resume el artículo {extract.url}[ en {sum.sentences} frases]
NP mail :: (quiero|quisiera|necesito) {NP} por correo a {TO}
""",
    "SINGLE": """
*3 fetch :: {VGET} {F_NP}
fetch :: ¿qué hay de nuevo en {FEEDREF}?
*2 scrape :: (saca|lee|dame|muéstrame) {S_NP}
*2 extract :: (lee|dame|trae) {E_NP}
*3 search :: busca (en la web|en internet|en línea) {search.query}
*2 db :: {D_NP}
db :: pregunta a la base [de datos ]{db.database} {db.question}
*2 http :: (llama a|consulta) {http.url:api}
*2 mail :: (escribe|manda un correo) a {mail.to}[:] {mail.body:quoted}
mail :: (envíalo|mándalo|envía eso) a {TO}{SUBJ}
*2 notify :: di a {notify.channel}[:] {notify.message}
*2 save :: (guárdalo|guarda eso|guárdalas) (como|en) {save.name}
rank :: muéstrame solo (las|los) {rank.limit} {BEST}
sum :: (resúmelo|resume eso|resúmelas)[ en {sum.sentences} frases]
news :: haz un boletín con (eso|ellas){LETTERBITS}
ask :: pide (al modelo|a {ask.model}) que {ask.prompt}
""",
    "TRIGGER": """
*2 @trigger_feed :: (cuando|cada vez que|en cuanto|siempre que) (haya algo nuevo|aparezca algo nuevo|salga un artículo nuevo|se publique algo) en {@trigger_feed.feed}
@trigger_job_done :: (cuando|en cuanto|después de que) [la tarea ]{@trigger_job_done.job:jobname} (termine|acabe|haya terminado)
@trigger_job_failed :: (cuando|si|en cuanto) [la tarea ]{@trigger_job_failed.job:jobname} (falle|falla|no funcione)
""",
    "RETRYING": "@retry :: (si falla|en caso de error|si hay un error) (reintenta|inténtalo|prueba) {@retry.times} veces[ más]",
    "TIMEOUT": "@timeout :: (abandona|para|déjalo) después de {@timeout.after:dur}",
    "ALERT": "@alert :: (si falla|en caso de error|si algo va mal)[,] (avisa a|escribe a|informa a) {@alert.to:alertee}",
    "APPROVING": "@approve :: (pregúntame antes de enviarlo|espera mi aprobación|solo con mi permiso|enséñamelo antes)",
    "CALLJOB": "@call_job :: (ejecuta|lanza|inicia) [la tarea ]{@call_job.job:jobname}",
    "COND": """
@if(test=above) :: hay más de {@if.than:num} (noticias|artículos|resultados|filas)
@if(test=below) :: hay menos de {@if.than:num} (noticias|artículos|resultados)
@if(test=none) :: (no hay nada nuevo|no hay nada|la lista está vacía|no hay resultados)
@if(test=any) :: (hay algo nuevo|hay algo|hay resultados|la lista no está vacía)
*2 @if(test=contains) :: (algún título|alguno|alguna noticia|el texto) (menciona|contiene|habla de) {@if.what:topicq}
@if(test=below) :: el precio (baja de|está por debajo de|cae por debajo de) {@if.than:num3}
@if(test=above) :: el precio (supera|sube de|está por encima de) {@if.than:num3}
""",
    "ANSWER": """
*2 (hola|buenos días|buenas tardes|buenas|qué tal)[!|.]
*2 (gracias|muchas gracias|perfecto|muy bien|vale|genial|estupendo|de acuerdo)[!|.]
*2 (¿qué puedes hacer?|¿quién eres?|¿cómo funciona esto?|ayuda|¿qué es un feed?|¿me puedes ayudar?|¿cómo te llamas?|¿cómo estás?)
¿(cómo|dónde) (veo mis tareas|borro una tarea|cambio el horario|añado un modelo)?
(¿mis datos están seguros?|¿funciona sin internet?|¿por qué no funcionó?|¿cuántas tareas tengo?)
(adiós|hasta mañana|buenas noches|olvídalo|eso es todo)[!|.]
""",
    "UNSUPPORTED": """
(reserva|pide|compra|pídeme|cómprame) (una pizza|un taxi|un vuelo a {namex}|un hotel en {namex}|una mesa para {numx}|flores|pan)
(enciende|apaga) (la luz|la calefacción|la radio|la tele)
(llama) a (mi madre|mi jefe|la abuela|Tomás)[ por teléfono]
(pon|toca) (música|una canción|jazz)
(prepara|haz) (café|la cena|una tarta|una sopa)
(lava el coche|riega las plantas|pasea al perro|corta el césped|abre la puerta|transfiere {numx} euros a mi casero)
""",
    "CLARIFY": """
(haz|repite) (eso|lo de siempre|algo|lo de ayer)[ por favor]
(haz|crea|quiero|prepárame) (un boletín|un informe|un resumen|una tarea)[ cada semana| cada mañana]
(envíalo|mándalo) (a mi jefe|a todos|a mi equipo)
(lee|vigila|resume) (la página|el feed|el sitio|el artículo)
""",
    "LACKING": """
*2 @miss_address :: envía las {NEW} {ITEMS} de {fetch.url} (a mi jefe|a mi equipo|al cliente|a mi mujer)
*2 @miss_link :: envía a {mail.to} (las noticias|los mejores artículos|un boletín|el artículo)
@miss_text :: (escribe|manda un correo) a {mail.to}
""",
}

PHRASES = {
    "question": """
cuántos (pedidos|clientes|envíos) (hubo ayer|llegaron la semana pasada|hay este mes|están pendientes)
(los ingresos|el número de pedidos|las ventas) (por mes|por país|de la semana pasada)
los {n} (últimos pedidos|mejores clientes|productos más caros)
qué facturas están sin pagar|los pedidos pendientes|qué productos faltan
""",
    "message": "el informe está listo|la reunión es a las {n}|el servidor no responde|todo va bien|llegaré tarde|suerte|la copia ha terminado|hola a todos|han llegado las {thing}",
    "query": """
{topic}
{topic}
(el precio de|el tiempo en|museos de) {name}
{topic} en {name}
""",
    "prompt": """
(escriba|redacte) (un poema|un chiste|un haiku|un discurso|una respuesta) sobre {topic}
traduzca (el texto|el resultado) al (inglés|alemán|francés)
(diga|decida|compruebe) (qué es importante|si es buena noticia|qué falta)
explique {topic} con palabras sencillas
""",
    "greeting": "Hola a todos|Esto fue la semana|Buena lectura|Las noticias del día",
}

EDITS = {
    "set_limit": """
(pon|manda|toma|solo|mejor) {n}[ noticias| artículos| en vez de {old}]
{n} en vez de {old}
(no más de|como máximo) {n}[ noticias]
""",
    "set_topic": "(mejor |)sobre {topic}[ en vez de {old}]|cambia el tema a {topic}|{topic} en vez de {old}",
    "set_sentences": "{n} frases (por artículo|en vez de {old}|bastan)|resume en {n} frases",
    "set_url": "(usa|lee|toma) mejor {url}|{url} en vez de {old}|el feed ahora es {url}",
    "add_url": "(lee|añade|usa) también {url}|añade {url}",
    "remove_url": "(quita|elimina|sin) {oldurl}",
    "add_to": "(envíalo|mándalo) también a {mail}|añade [a ]{mail}|también a {mail}",
    "set_to": "(envíalo|mándalo) mejor a {mail}|{mail} en vez de {old}|cambia el destinatario a {mail}",
    "remove_to": "(quita a|elimina a|ya no a|no se lo mandes más a) {oldmail}",
    "set_title": "(llámalo|el título debe ser|cambia el título a|nuevo título:) {title}",
    "set_subject": "el asunto debe ser {title}|asunto: {title}",
    "set_name": "guárdalo como {file}|el archivo debe llamarse {file}",
    "set_channel": "mejor en {chan}",
    "remove_step": "(sin|quita|elimina) {thing}|ya no (quiero|necesito) {thing}",
    "schedule": "(mejor |hazlo |ahora |ejecútalo |cámbialo a ){when}|{when}[ por favor]",
    "unschedule": "(quita el horario|ya no automáticamente|solo a mano)",
    "pause": "(pausa|detén|suspende) (la tarea|{name})[ por ahora]|pon {name} en pausa",
    "resume": "(reanuda|reactiva|continúa) (la tarea|{name}|con {name})",
    "run_now": "(ejecútala|lánzala|ejecuta {name}|lanza {name}) (ahora|ya)[ mismo]",
    "delete": "(borra|elimina) (la tarea|{name})[ del todo]",
    "rename": "(renombra|llama) (la tarea|{name})[ a| como] {newname}",
    "clear_limit": "(sin límite|quita el límite)",
    "double_limit": "(el doble|duplica el número)",
    "half_limit": "(la mitad|reduce a la mitad)",
    "set_query": "busca mejor {topic}",
}

THINGS = {
    "summarize_items": "el resumen|los resúmenes|resumen",
    "compile_newsletter": "el boletín|boletín",
    "send_email": "el correo|el email|el envío",
    "save_file": "el archivo|la copia|el fichero",
    "notify": "el aviso|la notificación|el mensaje",
    "rank_items": "la selección|el filtro|el orden",
}
