"""Como se pede em português (see `grammar`)."""

TOPICS = "baterias|energia solar|energia eólica|trens|bicicletas|o espaço|satélites|chips|inteligência artificial|privacidade|juros|aluguéis|impostos|eleições|escolas|vacinas|abelhas|florestas|geleiras|enchentes|café|vinho|queijo|pão|futebol|vôlei|xadrez|museus|arqueologia|cinema|samba|cogumelos|jardinagem|carros elétricos|hidrogênio|software livre|falhas de segurança|hospitais|o clima|ciclovias|pontes|moradia|o Atlântico|azeite"

RULES = {
    "OPEN": """
*20 
*3 por favor, 
*2 você pode 
pode 
olá, 
bom dia, 
quero que faça isto: 
""",
    "CLOSE": """
*10 
*2  por favor
, obrigado
. Obrigada!
. Muito obrigado.
""",
    "PLEASE": " por favor|, por favor|, obrigado",
    "VGET": "pegue|leia|traga|me dê|mostre|busque|baixe|colete|liste|encontre|pega|obtenha",
    "ITEMS": "notícias|artigos|manchetes|posts|publicações|novidades|textos|histórias",
    "NEW": "últimas|últimos|novas|mais recentes",
    "BEST": "melhores|mais importantes|mais interessantes|mais relevantes|principais",
    "ABOUT": "sobre|a respeito de|relacionadas a|que falam de|que tratam de",
    "FEEDREF": """
*5 {fetch.url}
*2 o feed {fetch.anyurl}
*2 {fetch.urls}
o RSS {fetch.anyurl}
""",
    "FROM": "de|do|em",
    "F_NP": """
*3 as [{fetch.limit} ]{NEW} {ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 as {ITEMS} das {fetch.since} {FROM} {FEEDREF}
{FEEDREF}
""",
    "FR_NP": """
*3 (as|os) {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 (as|os) {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 (as|os) {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 (as|os) {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
""",
    "S_NP": """
*2 (a tabela|a lista|os preços|as linhas|os resultados|as ofertas) de [página ]{scrape.url}
os campos {scrape.fields} de {scrape.url}
""",
    "E_NP": "o (texto completo|texto|artigo inteiro) de {extract.url}",
    "D_NP": "{db.question} no banco [de dados ]{db.database}",
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
*2 scrape :: (pegue|extraia|leia) {S_NP}
extract :: (leia|pegue) {E_NP}
search :: (procure|pesquise|busque) (na web|na internet|online) {search.query}
db :: pergunte ao banco [de dados ]{db.database} {db.question}
http :: (chame|consulte) [a API ]{http.url:api}
""",
    "RANKING": """
rank :: (fique com|escolha|mantenha) [só ](as|os) {rank.limit} {BEST}[ {ITEMS}]
rank :: (fique com|escolha|mantenha) [só ](as|os) {ABOUT} {rank.topic}
rank :: ordene por {rank.topic}
""",
    "EXTRACTING": "extract :: (leia|pegue) (o texto completo|os artigos inteiros)",
    "SUMMING": """
*3 sum :: (resuma|resuma tudo|resuma cada uma|resume)[ em {sum.sentences} frases]
sum :: (faça|escreva) um resumo[ de {sum.sentences} frases| em {sum.sentences} frases]
""",
    "LETTERBITS": """
*3 
*2  (chamado|com o título|intitulado) {news.title}
""",
    "LETTER": "news :: (faça|crie|monte|prepare) (um boletim|uma newsletter)[ com isso]{LETTERBITS}",
    "TO": """
*4 {mail.to}
{mail.tos}
""",
    "SUBJ": """
*5 
 com o assunto {mail.subject}
""",
    "MAILING": """
*3 mail :: (envie|mande|manda|envie tudo|mande o resultado) (para|por e-mail para|por email a) {TO}{SUBJ}
mail :: (enviar|mandar) para {TO}
""",
    "NOTIFYING": """
*2 notify :: (avise|informe) {notify.channel}
notify :: (publique|poste) (isso |)em {notify.channel}
notify :: diga em {notify.channel} {notify.message}
""",
    "SAVING": """
*3 save :: (salve|guarde)[ tudo| o resultado] (como|em) {save.name}
save :: guarde uma cópia em {save.name}
""",
    "POSTING": "http(method=POST) :: envie (à API |ao webhook |a ){http.url:api}",
    "ASKING": """
ask :: peça ao modelo para {ask.prompt}
ask :: peça a {ask.model} para {ask.prompt}
""",
    "DELIVER": """
*5 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*2 NOTIFYING :: {NOTIFYING}
*0.5 POSTING :: {POSTING}
""",
    "FUSED": """
*4 NP mail :: (envie|mande|me mande) {NP} para {TO}{SUBJ}
*3 NP mail :: (envie|mande) a {TO} {NP}
*3 NP news mail :: (envie|mande) a {TO} (um boletim|uma newsletter){LETTERBITS} com {NP}
*3 NP news mail :: (faça|crie|monte) (um boletim|uma newsletter){LETTERBITS} com {NP} e (envie|mande) para {TO}
*2 NP news :: (faça|crie|monte) (um boletim|uma newsletter){LETTERBITS} com {NP}
*2 NP sum :: resuma {NP}[ em {sum.sentences} frases]
*2 NP sum mail :: resuma {NP}[ em {sum.sentences} frases] e (envie|mande) para {TO}
*2 NP save :: (salve|guarde) {NP} (como|em) {save.name}
*2 NP notify :: (publique|poste) {NP} em {notify.channel}
*2 extract sum :: resuma o artigo {extract.url}[ em {sum.sentences} frases]
""",
    "SINGLE": """
*3 fetch :: {VGET} {F_NP}
*2 scrape :: (pegue|leia|mostre) {S_NP}
*2 extract :: (leia|me dê) {E_NP}
*4 search :: (procure|pesquise|busque) (na web|na internet|online) {search.query}
*2 db :: {D_NP}
*2 http :: (chame|consulte) {http.url:api}
*2 mail :: (escreva|mande um e-mail) para {mail.to}[:] {mail.body:quoted}
mail :: (envie|mande) isso para {TO}{SUBJ}
*2 notify :: diga a {notify.channel}[:] {notify.message}
*2 save :: (salve|guarde) isso (como|em) {save.name}
rank :: mostre só (as|os) {rank.limit} {BEST}
sum :: resuma isso[ em {sum.sentences} frases]
news :: faça um boletim com isso{LETTERBITS}
ask :: peça (ao modelo|a {ask.model}) para {ask.prompt}
""",
    "TRIGGER": """
*2 @trigger_feed :: (quando|sempre que|assim que) (houver algo novo|sair um artigo novo|aparecer algo novo) em {@trigger_feed.feed}
@trigger_job_done :: (quando|assim que|depois que) [a tarefa ]{@trigger_job_done.job:jobname} (terminar|acabar)
@trigger_job_failed :: (quando|se|assim que) [a tarefa ]{@trigger_job_failed.job:jobname} (falhar|der erro)
""",
    "RETRYING": "@retry :: (se falhar|em caso de erro) tente [de novo ]{@retry.times} vezes",
    "TIMEOUT": "@timeout :: (pare|desista) depois de {@timeout.after:dur}",
    "ALERT": "@alert :: (se falhar|em caso de erro|se algo der errado)[,] (avise|escreva a|informe) {@alert.to:alertee}",
    "APPROVING": "@approve :: (me pergunte antes de enviar|espere minha aprovação|só com minha permissão)",
    "CALLJOB": "@call_job :: (execute|rode|inicie) [a tarefa ]{@call_job.job:jobname}",
    "COND": """
@if(test=above) :: houver mais de {@if.than:num} (notícias|artigos|resultados)
@if(test=below) :: houver menos de {@if.than:num} (notícias|artigos|resultados)
@if(test=none) :: (não houver nada novo|não houver nada|a lista estiver vazia)
@if(test=any) :: (houver algo novo|houver algo|houver resultados)
*2 @if(test=contains) :: (algum título|alguma notícia|o texto) (mencionar|contiver) {@if.what:topicq}
@if(test=below) :: o preço (cair abaixo de|ficar abaixo de) {@if.than:num3}
""",
    "ANSWER": """
*2 (olá|oi|bom dia|boa tarde|boa noite)[!|.]
*2 (obrigado|obrigada|valeu|perfeito|muito bem|ótimo|certo)[!|.]
*2 (o que você faz|quem é você|como funciona|ajuda|o que é um feed|você pode me ajudar|tudo bem)[?]
(meus dados estão seguros|funciona sem internet|por que não funcionou|quantas tarefas tenho)[?]
(tchau|até amanhã|deixa para lá|é só isso)[!|.]
""",
    "UNSUPPORTED": """
(reserve|peça|compre) (uma pizza|um táxi|um voo para {namex}|um hotel em {namex}|uma mesa para {numx}|flores|pão)
(acenda|apague|ligue|desligue) (a luz|o aquecedor|o rádio|a tv)
(ligue para|telefone para) (minha mãe|o médico|o banco)
(toque música|faça café|lave o carro|regue as plantas|passeie com o cachorro|abra a porta|faça o jantar)
""",
    "CLARIFY": """
(faça|repita) (isso|o de sempre|alguma coisa|aquilo de ontem)[ por favor]
(faça|crie|quero) (um boletim|um relatório|um resumo|uma tarefa)[ toda semana| toda manhã]
(envie|mande) isso (ao meu chefe|para todos|para minha equipe)
(leia|vigie|resuma) (a página|o feed|o site|o artigo)
""",
    "LACKING": """
*2 @miss_address :: (envie|mande) as {NEW} {ITEMS} de {fetch.url} (ao meu chefe|para minha equipe|ao cliente)
*2 @miss_link :: (envie|mande) a {mail.to} (as notícias|os melhores artigos|um boletim|o artigo)
@miss_text :: (escreva|mande um e-mail) para {mail.to}
""",
}

PHRASES = {
    "question": """
quantos (pedidos|clientes|pacotes) (houve ontem|chegaram na semana passada|há este mês)
(a receita|o número de pedidos) (por mês|por país|da semana passada)
os {n} (últimos pedidos|melhores clientes|produtos mais caros)
quais faturas estão em aberto|os pedidos pendentes
""",
    "message": "o relatório está pronto|a reunião é às {n}|o servidor caiu|está tudo bem|vou me atrasar|boa sorte|a cópia terminou|olá a todos",
    "query": """
{topic}
{topic} em {name}
(o preço de|o tempo em|museus de) {name}
""",
    "prompt": """
escrever (um poema|uma piada|um haicai|um discurso|uma resposta) sobre {topic}
traduzir (o texto|o resultado) para o (inglês|alemão|francês)
(dizer|decidir|verificar) (o que importa|se é boa notícia|o que falta)
explicar {topic} em palavras simples
""",
    "greeting": "Olá a todos|Esta foi a semana|Boa leitura",
}

EDITS = {
    "set_limit": "(mande|pegue|só|melhor|faça) {n}[ notícias| artigos| em vez de {old}]|{n} em vez de {old}|no máximo {n}",
    "set_topic": "(melhor |)sobre {topic}[ em vez de {old}]|{topic} em vez de {old}|mude o tema para {topic}",
    "set_sentences": "{n} frases (por artigo|em vez de {old}|bastam)",
    "set_url": "(use|leia) {url}[ em vez disso]|{url} em vez de {old}",
    "add_url": "(leia|use) também {url}|acrescente {url}",
    "remove_url": "(sem|tire|remova) {oldurl}",
    "add_to": "(envie|mande) também para {mail}|acrescente {mail}|também para {mail}",
    "set_to": "(envie|mande) agora para {mail}|{mail} em vez de {old}",
    "remove_to": "(não mande mais para|tire|remova) {oldmail}",
    "set_title": "chame de {title}|o título deve ser {title}",
    "set_name": "salve como {file}|o arquivo deve se chamar {file}",
    "set_channel": "melhor em {chan}",
    "remove_step": "(sem|tire|remova) {thing}|não preciso mais (de |do |da ){thing}",
    "schedule": "(melhor |faça |agora |mude para ){when}|{when}[ por favor]",
    "unschedule": "(não mais automaticamente|sem horário|só manualmente)",
    "pause": "(pause|pare|suspenda) (a tarefa|{name})[ por enquanto]",
    "resume": "(retome|continue|reative) (a tarefa|{name})",
    "run_now": "(execute|rode|inicie) (a tarefa|{name}) (agora|já)",
    "delete": "(apague|exclua) (a tarefa|{name})[ de vez]",
    "rename": "(renomeie|chame) (a tarefa|{name})[ para] {newname}",
    "clear_limit": "(sem limite|tire o limite)",
    "double_limit": "(o dobro|dobre o número)",
    "half_limit": "(a metade|reduza à metade)",
    "set_query": "procure {topic} em vez disso",
}

THINGS = {
    "summarize_items": "o resumo|resumo",
    "compile_newsletter": "o boletim|boletim",
    "send_email": "o e-mail|o envio",
    "save_file": "o arquivo|a cópia",
    "notify": "o aviso|a mensagem",
    "rank_items": "a seleção|o filtro",
}
