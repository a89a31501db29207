"""How requests are put in English: one rule a line (see `grammar`)."""

from training.languages.english_more import MORE

__all__ = ["MORE", "PHRASES", "RULES", "TOPICS"]

RULES = {
    # -- vocabulary ------------------------------------------------------------------------------
    "VGET": """
get|fetch|grab|pull|pull in|read|collect|gather|load|take|pick up|check|look at|go through|retrieve|download|import|poll|open|ingest|take in|bring in|bring me|get me|fetch me|give me|show me|list|find|get hold of|have a look at|go get|go fetch|hand me|dig out|harvest|monitor|follow|tap into|fish out|let me see|let me have
""",
    "ITEMS": """
stories|stories|items|posts|articles|entries|headlines|pieces|updates|things|links|reports|publications|news items|news stories|blog posts|write-ups|pages|news|releases|notes|bits|topics|contributions|papers|columns|announcements|essays|texts
""",
    "BEST": """
best|best|best|top|top|most relevant|most interesting|most important|strongest|hottest|most useful|leading|finest|most promising|most read-worthy|most notable|highest-ranked|highest-scoring|most fitting|choicest|most significant|biggest
""",
    "ABOUT": """
about|about|about|on|concerning|regarding|to do with|related to|covering|that mention|dealing with|that talk about|that are about|focused on|relevant to|re|touching on|which are about|having to do with|on the subject of|on the topic of|that cover|that concern|around|mentioning|which deal with
""",
    "NEW": """
latest|latest|newest|most recent|new|last|fresh|freshest|recent|current|first
""",
    "PRON": """
it|it|it|them|that|the result|the results|those|the lot|everything|the outcome|the list|this|all of it|all of that|the output|what you find|the whole thing|the thing|what comes out|the findings
""",
    "LETTERPRON": """
it|it|it|that|the newsletter|the letter|the result|the digest|the issue|the edition|this|the finished newsletter|the whole thing|the briefing|the roundup|the thing
""",
    "PLEASE": """
 please|, please| for me| thanks|, thanks|, thank you| pls|, if you can| if possible|, ta|, cheers| kindly
""",
    "FEEDREF": """
*6 {fetch.url}
*2 (the feed|feed|the RSS feed|the RSS|the atom feed|this feed|my feed|our feed|the news feed|the blog feed) [at |under |: ]{fetch.anyurl}
{fetch.anyurl}'s (feed|RSS feed|RSS)
*2 {fetch.urls}
(the|these|both|the following) feeds[:] {fetch.urls}
my feeds ({fetch.urls})
this RSS: {fetch.anyurl}
""",
    "FROM": """
from|from|from|from|in|of|on|at|out of|off|via|published by|published on|put out by|posted on|appearing in
""",
    "SINCE": """
from the {fetch.since}|of the {fetch.since}|in the {fetch.since}|published in the {fetch.since}|no older than the {fetch.since}|over the {fetch.since}|during the {fetch.since}|within the {fetch.since}
""",
    # -- things -----------------------------------------------------------------------------------
    "F_NP": """
*4 [the ]{NEW} [{fetch.limit} ]{ITEMS} {FROM} {FEEDREF}
*2 the {NEW} {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 {fetch.limit} {ITEMS} {FROM} {FEEDREF}
*2 the {ITEMS} {SINCE} (in|from|on) {FEEDREF}
{ITEMS} {FROM} {FEEDREF} {SINCE}
(what's new|what is new|the news|whatever is new|anything new|everything new|all the new {ITEMS}|new stuff|what was published|what came out) (on|in|at|from) {FEEDREF}[ {SINCE}]
*2 {FEEDREF}
the {ITEMS} {FROM} {FEEDREF}
the (first|last) {fetch.limit} (entries|items|posts|stories) of {FEEDREF}
{FEEDREF}, (the |)[{NEW} ]{fetch.limit} (items|entries|stories|posts)[ only]
all {ITEMS} {FROM} {FEEDREF}
{FEEDREF} (but|and) only the {NEW} {fetch.limit}
""",
    "FR_NP": """
*4 the {BEST} {rank.limit} {ITEMS} {FROM} {FEEDREF}
*4 the {rank.limit} {BEST} {ITEMS} {FROM} {FEEDREF}
*4 the {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 the {BEST} {rank.limit} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*3 [the ]{ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 {rank.limit} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
*2 (anything|everything|whatever|all|all there is|what they have|what they wrote|what they say|something) (about|on|related to|to do with|concerning) {rank.topic} (from|in|on) {FEEDREF}
the {rank.topic} {ITEMS} {FROM} {FEEDREF}
the {BEST} {rank.topic} {ITEMS} {FROM} {FEEDREF}
the {rank.limit} {BEST} {rank.topic} {ITEMS} {FROM} {FEEDREF}
[the ]{BEST} {ITEMS} {FROM} {FEEDREF}
*2 [the ]{BEST} {ITEMS} {ABOUT} {rank.topic} {FROM} {FEEDREF}
the {rank.limit} {ITEMS} {FROM} {FEEDREF} that (fit|match|matter for|suit|are closest to) {rank.topic} (best|most)
the {ITEMS} in {FEEDREF} that (mention|are about|concern|touch on|deal with|have to do with|cover) {rank.topic}[, (at most|no more than|up to|max|maximum) {rank.limit}]
the {rank.limit} {BEST} {ITEMS} {SINCE} from {FEEDREF}
{rank.topic} (news|stories|headlines|coverage) from {FEEDREF}[, {BEST} {rank.limit}[ only]]
from {FEEDREF} the {rank.limit} {BEST} {ITEMS}[ {ABOUT} {rank.topic}]
the top {rank.limit} (of|from|in) {FEEDREF}[ {ABOUT} {rank.topic}]
{FEEDREF}: {BEST} {rank.limit}[ (on|about) {rank.topic}]
only the {ITEMS} {ABOUT} {rank.topic} from {FEEDREF}
(up to|at most|no more than|max) {rank.limit} {ITEMS} {ABOUT} {rank.topic} from {FEEDREF}
""",
    "PAGEREF": """
*6 {scrape.url}
*2 (the page|the website|the site|the web page|this page|the list page|this site|the listing) [at ]{scrape.url}
""",
    "S_NP": """
*3 the (table|list|rows|entries|items|prices|rates|listings|products|names|results|offers|jobs|events|standings|scores|timetable|departures|figures|numbers|data|headlines|links|links and titles|schedule|rankings|fixtures|menu|courses|vacancies|auctions|ads) (on|from|at|off|in) {PAGEREF}
*2 the {scrape.fields} (of each|of every|for each|for every) (row|item|entry|product|listing|team|book|job|event|house|offer) (on|at|from) {PAGEREF}
*2 the {scrape.fields} (columns|fields|values|from the table|in the list) (on|of|from) {PAGEREF}
the {scrape.selector} (elements|items|rows|bits|entries|blocks|table|part) (on|of|from) {PAGEREF}
everything (matching|under|inside|in|with selector) {scrape.selector} (on|at) {PAGEREF}
the first {scrape.limit} (rows|items|entries|lines|listings|results|products|jobs|offers) (of the table |of the list |listed |)(on|at|from) {PAGEREF}
{scrape.limit} (rows|listings|offers|entries|products) (from|off) (the table on |the list on |){PAGEREF}
(what's|whatever is|what is) (listed|in the table|in the list|on offer) (on|at) {PAGEREF}
{PAGEREF} (with|using|by|via) [the ][CSS ]selector {scrape.selector}
the {scrape.selector} (from|of|on) {PAGEREF}, (fields|columns) {scrape.fields}
the (table|list) [of (prices|rates|books|teams|jobs|events|houses|flights|products|species|dates|members|results)] (on|at|from) {PAGEREF}[ ({scrape.fields})]
""",
    "E_NP": """
*3 the (full text|whole text|complete text|article|full article|body|body text|main text|text|whole article|story itself|readable text|plain text|article text) (of|from|at|behind|on|in) {extract.url}
*2 {extract.url} (in full|as plain text|without the ads|in its entirety|as text|without the clutter|, just the text|, full text|, the whole article)
the (article|story|piece|post|text) at {extract.url}
what {extract.url} (says|writes|has to say)
""",
    "W_NP": """
*2 (web results|search results|pages on the web|results from the web|hits on the web|sources online|web pages|links from the web) (for|on|about) {search.query}
*2 (what the web|what the internet|what people online) (says|has|knows|writes) about {search.query}
{search.limit} (web results|search results|hits|web pages|links from the web|results) (for|on|about) {search.query}
the (first|top) {search.limit} (search results|web results|hits) (for|about|on) {search.query}
(recent|new|the latest) web pages (about|on) {search.query}
""",
    "DBNAME": """
{db.database}|the {db.database} database|the database {db.database}|the {db.database} db|our {db.database} database|our {db.database} db|my {db.database} database|{db.database} db
""",
    "D_NP": """
*3 {db.question} (from|in|according to|out of|using) {DBNAME}
*2 (from|in) {DBNAME}[,] {db.question}
the answer to "{db.question}" from {DBNAME}
""",
    "H_NP": """
*2 (the response|the answer|the JSON|the data|what comes back|the reply|whatever it says|the body|the status) (from|of|at) {http.url}
{http.url}
the (api|API|endpoint|webhook|service) [at ]{http.url}
""",
    "NP": """
*5 fetch :: {F_NP}
*7 fetch rank :: {FR_NP}
*2 scrape :: {S_NP}
*0.6 scrape rank :: the {BEST} {rank.limit} (offers|entries|rows|listings|items|results|things) (on|from|at|in the table on) {PAGEREF}[ {ABOUT} {rank.topic}]
*1.5 search :: {W_NP}
*1.2 extract :: {E_NP}
*1.2 db :: {D_NP}
""",
    # -- clauses: a bare infinitive each, so that they can follow one another --------------------
    "SRC": """
*6 fetch :: {VGET} {F_NP}
*4 fetch rank :: {VGET} {FR_NP}
fetch :: (subscribe to|keep an eye on|watch|take a look at|scan|skim|go over|look through|see) {FEEDREF}
*2 scrape :: (scrape|scrape|get|grab|extract|pull|read|take|collect|fetch|lift|parse|crawl|read off|copy|gather) {S_NP}
*2 scrape :: (scrape|scrape|crawl|parse) {PAGEREF}
*0.5 scrape :: (go to|open|visit|look at) {PAGEREF} and (take|get|grab|collect|read|scrape) the (table|list|prices|rows|entries|results|{scrape.fields}|first {scrape.limit} rows)
*1.5 extract :: (get|fetch|read|extract|pull|grab|take|give me|load|download|show me|open) {E_NP}
*1.5 search :: (search|search|look|google|hunt|dig around) (the web|online|the internet|the net|on the web|the web for me) for {search.query}[ ({search.limit} results|, {search.limit} results[ only]|and take the first {search.limit})]
search :: (search for|google|look up|web-search|do a web search for|do a search on|run a search for|research|find out about|look into) {search.query}[ (on the web|online|on the internet)]
search :: (find|get|bring me|collect) {W_NP}
*2 db :: (query|ask|check|search|use|look in|look up in|consult) {DBNAME}(:| for| and get| to find out|,) {db.question}
db :: (find|get|look up|pull|tell me|work out|report|show me|fetch|list|count up|give me) {D_NP}
http :: (call|hit|get|GET|request|query|ping|poll|fetch|do a GET on|make a request to|send a GET to|send a request to|check) {http.url:api}
http :: (call|ask|query|hit|ping|poll) the (API|api|endpoint|service|webhook) [at ]{http.url:api}
""",
    "RANKING": """
*3 rank :: (keep|pick|choose|select|take|use|filter out|leave|find|give me|go with) [only ][the ]{BEST} {rank.limit}[ {ITEMS}]
*3 rank :: (keep|pick|choose|select|take|use|find) [only ][the ]{rank.limit} {BEST}[ {ITEMS}| ones]
*3 rank :: (keep|pick|choose|select|take|find) [only |just ][the ](ones|those|items|stories|articles|posts|entries|pieces) {ABOUT} {rank.topic}
*2 rank :: (keep|pick|choose|select|take|find) [only ][the ]{rank.limit} (best |most relevant |most important |)(ones |items |stories |articles |){ABOUT} {rank.topic}
*2 rank :: (rank|sort|order|score|rate|grade) (it|them|the items|the stories|everything|the lot|the results|the articles) (by|for|on|according to) [relevance to |how relevant they are to |how well they fit |interest in ]{rank.topic}[(,|and) (keep|take|leave) [only ]the (top|best|first) {rank.limit}]
rank :: (rank|sort|score) (them|the items|the stories|everything|the lot)[ by relevance| by importance| best first]
rank :: (rank|sort) (them|the items|the stories|the lot) (and|,) (keep|take) the (best|top) {rank.limit}
rank :: (filter|narrow|cut|reduce|boil) (it|them|the list|that|the items) (down |)(to|for) {rank.topic}
rank :: (cut|narrow|reduce|boil) (it|them|the list) down to (the best |the top |){rank.limit}
rank :: (throw out|drop|ignore|discard|leave out|skip) (everything|anything|what|whatever) (that is not|not|that isn't|which is not) (about|on|related to) {rank.topic}
rank :: {BEST} {rank.limit}[ only]
rank :: only {rank.topic}[, (max|at most|up to) {rank.limit}]
rank :: top {rank.limit} (on|about|by|for) {rank.topic}
""",
    "EXTRACTING": """
extract :: (get|fetch|read|pull|load|download|extract|open) (the full text|the full articles|the whole articles|the articles in full|the full story|the complete text|the article text|full text|the text of each|the articles themselves|each article in full|the body of each|the full text of each)
extract :: (open|follow|read|go into) (each link|every link|the links|each one|each article|each of them) (and get the text|in full|for the full text|and take the whole text|and pull the text)
extract :: read (them|each|every one of them) in full
extract :: full text
""",
    "SUMMING": """
*3 sum :: (summarise|summarize|sum up|condense|shorten|boil down|digest|recap|abridge) (it|them|each|each one|the items|those|everything|the stories|every story|each of them|the lot|the articles|all of them|that|each article|the text)[ in {sum.sentences} sentences| to {sum.sentences} sentences| in {sum.sentences} sentences each| in {sum.sentences} sentences or so| with {sum.model}| using {sum.model}]
sum :: (write|make|give|add|produce|do|draft|create|prepare) (a summary|a short summary|a brief summary|summaries|short summaries|a précis|a gist|an abstract|a {sum.sentences}-sentence summary|{sum.sentences}-sentence summaries|a summary of {sum.sentences} sentences|a summary in {sum.sentences} sentences)( of each| for each| of it| of each one| for every one| of them|)
sum :: (keep|write) (it|them|each) (short|brief): {sum.sentences} sentences each
sum :: {sum.sentences} sentences (each|per item|per story|apiece)
sum :: let {sum.model} (summarise|summarize|sum up) (it|them|each|everything)
sum :: (summarise|summarize|summary|sum up|tl;dr)
""",
    "LETTERNAME": """
newsletter|newsletter|newsletter|newsletter|email newsletter|digest newsletter|little newsletter|nice newsletter|weekly newsletter|short newsletter|proper newsletter
""",
    "LETTERBITS": """
*5 
*4  (called|named|titled|entitled|with the title|under the title|headed|with title|by the name of|title) {news.title}
 (with the intro|opening with|starting with|that opens with|with the opening line|introduced by|with an intro saying) {news.intro}
 (called|titled) {news.title} (with the intro|opening with|, intro) {news.intro}
 in the {news.design} (design|style|look|layout)
""",
    "LETTER": """
*4 news :: (make|build|create|compile|put together|assemble|write|produce|prepare|compose|craft|generate|lay out|draft|whip up) (a|me a|the|us a|one) {LETTERNAME}( of it| from it| out of it| from them| out of them| with them| from that| of that| from the results|){LETTERBITS}
*3 news :: (turn|make|put|wrap|compile|bundle|pack|form|shape|package|fold|transform) (it|them|that|those|the lot|everything|the results|the summaries|the stories|all of it|the items|this) (into|in|up into|together into|together as|as) a {LETTERNAME}{LETTERBITS}
news :: (compile|make|format) (it|them|the results|everything) as a {LETTERNAME}{LETTERBITS}
news :: {LETTERNAME}{LETTERBITS}
news :: newsletter {news.title}
""",
    "TO": """
*6 {mail.to}
*2 {mail.tos}
""",
    "SUBJ": """
*6 
*2  (with the subject|subject|, subject|with subject|under the subject|, subject line|with the subject line|and the subject|, titled) {mail.subject}
""",
    "MAILING": """
*5 mail :: (mail|email|e-mail|send|send|forward|deliver|post|ship|shoot|pass|dispatch|fire off|hand) {PRON} (to|over to|to|along to|off to) {TO}{SUBJ}
*2 mail :: (mail|email|e-mail|send) {TO} {PRON}{SUBJ}
mail :: (mail|email|e-mail) {TO}{SUBJ}
mail :: send {PRON} (by mail|by email|as an email|as a mail|via email|per mail|in an email|by e-mail) to {TO}{SUBJ}
mail :: (send|write|shoot|drop) {TO} (an email|a mail|an e-mail|a message) (with|containing|with a copy of) {PRON}{SUBJ}
mail :: (let {TO} have|get {PRON} to|make sure {PRON} reaches|have {PRON} sent to|see that {PRON} goes to|have {PRON} mailed to|get {PRON} over to|see to it that {PRON} lands with) {TO}{SUBJ}
mail :: (mail|email|send) to {TO}{SUBJ}
mail :: mail {TO}
mail :: send {LETTERPRON} to {TO}{SUBJ}
mail :: (mail|email|send) {LETTERPRON} to {TO}{SUBJ}
""",
    "NOTIFYING": """
*3 notify :: (tell|notify|ping|alert|inform) {notify.channel}
notify :: let {notify.channel} know
*3 notify :: (post|put|drop|share|send|announce|publish|push) {PRON} (to|in|into|on) [the ]{notify.channel}[ channel]
*2 notify :: (tell|notify|ping|alert|inform) {notify.channel} (that |saying |with |: ){notify.message}
*2 notify :: (post|write|send|say|announce) {notify.message} (to|in|on|into) {notify.channel}
notify :: (send|post|give|push) (a|me a|us a) (notification|message|note|notice|ping|heads-up|alert)( saying|: | that says|: ) {notify.message}
notify :: (send|give|drop) (a|me a) (notification|heads-up|ping|desktop notification|push notification|notice)[ when done| when it's ready]
notify :: (notify|ping|alert) me[ when (it is|it's|that's) (done|ready|finished)| with {PRON}| about it]
notify :: (let|make) {notify.channel} know
notify :: (leave|drop) a (note|message) in {notify.channel}[: {notify.message}]
notify :: (mention|flag|report) {PRON} (in|to) {notify.channel}
""",
    "SAVING": """
*4 save :: (save|store|write|keep|dump|put|export|file|archive|record|stash|output|download) {PRON} (as|to|in|into|under the name|as a file called|in a file called|to the file|in the file) {save.name}
*2 save :: (save|write|store) (as|to|into) {save.name}
save :: (save|keep|store|put|leave|write) (a copy|one copy|a backup|a version) (as|in|to|under) {save.name}
save :: (create|make|write) [a file |the file ]{save.name} (with it|with the result|from it|out of it|from that)
save :: file {save.name}
""",
    "POSTING": """
http(method=POST) :: (post|POST|send|submit|push|deliver|upload|forward) {PRON} (to|at|against) [the (webhook|endpoint|API|api|hook|service) ][at ]{http.url:api}
http(method=POST) :: (call|trigger|hit|fire|ping) the (webhook|hook) [at ]{http.url:api}[ with {PRON}]
http(method=PUT) :: (put|PUT) {PRON} (to|at) {http.url:api}
""",
    "ASKING": """
*3 ask :: (let|have|get|make) (the model|the AI|the language model|the llm|the assistant|an AI|a model) {ask.prompt}
*2 ask :: (let|have|make) {ask.model} {ask.prompt}
*2 ask :: (ask|tell|prompt|instruct|use|get) (the model|the AI|the language model|the llm|a model|{ask.model}) to {ask.prompt}
ask :: (use|with) {ask.model} to {ask.prompt}
""",
    "DELIVER": """
*6 MAILING :: {MAILING}
*3 SAVING :: {SAVING}
*3 NOTIFYING :: {NOTIFYING}
*1 POSTING :: {POSTING}
""",
    # -- the verb of delivery around the thing: one breath ---------------------------------------
    "LETTERPLAIN": """
newsletter|newsletter|newsletter|newsletter|email newsletter|short newsletter|little newsletter
""",
    "OFNP": """
of|of|with|from|out of|containing|featuring|made of|made from|covering|based on|built from|listing|holding|consisting of
""",
    "FUSED": """
*5 NP mail :: (mail|email|send|e-mail) {mail.to} {NP}
*3 NP mail :: (mail|email|send|forward|deliver|e-mail|get) {NP} to {TO}{SUBJ}
*5 NP news mail :: (mail|email|send|e-mail) {TO} a {LETTERPLAIN}{LETTERBITS} {OFNP} {NP}
*4 NP news mail :: (make|build|create|compile|put together|prepare|write|produce|assemble) (a|me a|us a) {LETTERPLAIN}{LETTERBITS} {OFNP} {NP} and (mail|send|email|deliver) it to {TO}{SUBJ}
*3 NP news mail :: (make|build|create|compile|put together|prepare) (a|me a) {LETTERPLAIN} {OFNP} {NP}, (call it|name it|title it|titled|called) {news.title}, (and |)(mail|send|email) (it |)to {TO}
*2 NP news mail :: (send|mail|email) a {LETTERPLAIN} {OFNP} {NP} to {TO}{SUBJ}
*2 NP news :: (make|build|create|compile|put together|prepare|write|produce|assemble|give me|I want|I'd like|I need) (a|one) {LETTERPLAIN}{LETTERBITS} {OFNP} {NP}
*3 NP sum :: (summarise|summarize|sum up|condense|give me a summary of|give me the gist of|recap|digest|brief me on|shorten|tl;dr|write a summary of|make a summary of|a summary of|summary of) {NP}[ in {sum.sentences} sentences[ each]]
*3 NP sum mail :: (summarise|summarize|sum up|condense) {NP}[ in {sum.sentences} sentences[ each]](,| and|, then|, and) (mail|send|email|forward) (it|that|the summary|the summaries|the result|them) to {TO}{SUBJ}
*2 NP sum mail :: (mail|email|send) {TO} (a summary|a short summary|summaries|a digest|a brief summary|a {sum.sentences}-sentence summary|a recap) of {NP}
*1 NP sum notify :: (post|share|put|send) a (summary|short summary|recap|{sum.sentences}-sentence summary) of {NP} (in|to|on) {notify.channel}
*1 NP sum save :: (save|write|store|keep|put) a (summary|short summary|recap) of {NP} (in|to|as) {save.name}
*3 NP save :: (save|store|write|keep|dump|put|export|file|archive) {NP} (as|to|in|into) {save.name}
*2 NP notify :: (post|share|announce|drop|put|send|push|publish) {NP} (to|in|into|on) {notify.channel}
*2 NP notify :: (tell|show|send|give) {notify.channel} {NP}
*1 NP http(method=POST) :: (post|POST|push|send|submit) {NP} to [the (webhook|endpoint|hook|API) ]{http.url:api}
*1 NP news save :: (make|compile|build) a {LETTERPLAIN}{LETTERBITS} {OFNP} {NP} and (save|store|keep) it as {save.name}
*1 NP mail save :: (mail|email|send) {NP} to {TO} and (save|keep|store) (a copy|it) (as|in) {save.name}
*1 NP news mail save :: (mail|email|send) {TO} a {LETTERPLAIN}{LETTERBITS} {OFNP} {NP} and (save|keep|store) (a copy|it) (as|in) {save.name}
*2 NP mail :: (I want|I'd like|I need|I would like) {NP} (mailed|emailed|sent|delivered|forwarded) to {TO}
*2 NP news mail :: (I want|I'd like|I need|I would like) a {LETTERPLAIN}{LETTERBITS} {OFNP} {NP} (mailed|emailed|sent|delivered) to {TO}
*1 NP mail :: {NP}, (mailed|emailed|sent|delivered) to {TO}
*1 NP news mail :: {NP} as a {LETTERPLAIN}{LETTERBITS} to {TO}
*1 NP news mail :: (a |){LETTERPLAIN}{LETTERBITS} {OFNP} {NP} to {TO}
*1 NP mail :: (could|can|would) {mail.to} (get|have|receive) {NP}
*1 NP mail :: {mail.to} (should|must|needs to|wants to|has to|would like to) (get|receive|have|see) {NP}
*1 NP news mail :: {mail.to} (should|must|needs to|wants to|has to|would like to) (get|receive|have) a {LETTERPLAIN}{LETTERBITS} {OFNP} {NP}
*1 NP ask mail :: (take|get|read) {NP}, (let|have) the model {ask.prompt}[,] and (mail|send) (it|the result|that) to {TO}
*1 NP sum news mail :: (summarise|summarize|sum up) {NP}[ in {sum.sentences} sentences each], (make|turn) (it|them|that) (into |)a {LETTERPLAIN}{LETTERBITS} and (mail|send) it to {TO}
*1 NP sum news mail :: (mail|send|email) {TO} a {LETTERPLAIN}{LETTERBITS} (with|of|containing) summaries of {NP}
*1 NP sum news :: (make|build|compile) a {LETTERPLAIN}{LETTERBITS} with ({sum.sentences}-sentence |short |)summaries of {NP}
*1 db mail :: (mail|email|send|tell) {TO} {db.question} (from|in|using) {DBNAME}
*1 search sum mail :: (research|look up|search for|google) {search.query}[ on the web], (summarise|sum up) (what you find|the results|it) and (mail|send) it to {TO}
*1 extract sum :: (summarise|summarize|sum up|condense|give me the gist of|what is the gist of) (the article at |the story at |the piece at |the post at |){extract.url}[ in {sum.sentences} sentences]
*1 extract sum mail :: (summarise|summarize|sum up) (the article at |the story at |){extract.url}[ in {sum.sentences} sentences] and (mail|send) it to {TO}
*1 extract sum notify :: (summarise|summarize|sum up) (the article at |the story at |){extract.url} (for|in|and post it to) {notify.channel}
""",
    # -- one skill ---------------------------------------------------------------------------------
    "SINGLE": """
*6 fetch :: {VGET} {F_NP}
fetch :: (what's new|what is new|what's happening|anything new|what did they publish|is there anything new|any news) (on|in|at|from) {FEEDREF}[ {SINCE}][?]
fetch :: {F_NP}
fetch :: (show|read) me (the last|the latest|the newest) {fetch.limit} (from|of) {FEEDREF}
*4 scrape :: (scrape|scrape|get|grab|extract|pull|read|take|collect|fetch|give me|show me|list|parse) {S_NP}
scrape :: {S_NP}
scrape :: (scrape|crawl) {PAGEREF}[ and take {scrape.fields}| for {scrape.fields}| with {scrape.selector}]
*4 extract :: (get|fetch|read|extract|pull|grab|give me|load|show me|I want|I need|let me read|read me|open) {E_NP}
extract :: {E_NP}
extract :: what does {extract.url} say[?]
*4 search :: (search|search|look|google|hunt) (the web|online|the internet|the net) for {search.query}[ (, {search.limit} results| and give me {search.limit} results| limited to {search.limit} hits)]
*2 search :: (search for|google|look up|web search:|do a web search for|search the web:|search:|find me something about|look online for|find pages about|what can you find online about|what does the internet say about) {search.query}[ (on the web|online)][?]
search :: (find|get|bring me|show me|give me) {W_NP}
search :: (search|google) {search.query}[ {search.since:since_search}]
*3 db :: (query|ask|check|search|use) {DBNAME}(:| for| and tell me|,) {db.question}[?]
*3 db :: {D_NP}[?]
db :: (tell me|show me|find out|get me|I need to know|give me|work out|list) {D_NP}
db :: run {db.sql} (on|against|in) {DBNAME}
*3 http :: (call|hit|get|GET|request|query|ping|poll|curl|do a GET on|make a request to|send a GET to|send a request to|check|try) {http.url:api}
http(method=GET) :: (do|send|make|issue|fire) a GET [request ](to|on|at|against) {http.url:api}
http(method=POST) :: (post|POST|send|submit) {http.body} (to|at) {http.url:api}
http(method=POST) :: (do|send|make|issue) a POST [request ](to|on|at) {http.url:api} with [the ](body|payload|JSON|data) {http.body}
http(method=POST) :: POST {http.url:api} {http.body}
http(method=POST) :: (trigger|fire|call|hit) the webhook [at ]{http.url:api}
http(method=DELETE) :: (send|do|make|issue) a DELETE [request ](to|on|at) {http.url:api}
http(method=DELETE) :: DELETE {http.url:api}
http(method=PUT) :: (PUT|put) {http.body} (to|at|on) {http.url:api}
http :: is {http.url:api} (up|alive|answering|reachable)[?]
*4 mail :: (mail|email|send|write) {mail.to}[:] {mail.body:quoted}[ (with the subject|subject) {mail.subject}]
mail :: (send|write|shoot|drop) (an email|a mail|a message|an e-mail) to {TO} (saying|that says|with the text|with the body|that reads|:) {mail.body:quoted}[ and the subject {mail.subject}]
mail :: (mail|email|write|tell) {mail.to} (that|to say that|to say) {mail.body:fact}
mail :: (mail|email|send) {PRON} to {TO}{SUBJ}
mail :: (forward|send|email) (this|that|the last result|what you just found|those|the above) to {TO}{SUBJ}
*4 notify :: (tell|notify|ping|alert|inform|message) {notify.channel} (that |saying |: |with ){notify.message}
notify :: (post|write|send|say|announce|put) {notify.message} (to|in|on|into) {notify.channel}
notify :: (send|give|show) me a (notification|desktop notification|ping|reminder|message) (saying|that says|with|:) {notify.message}
notify :: (drop|leave) {notify.channel} a (note|message|line): {notify.message}
notify :: message (for|to|in) {notify.channel}: {notify.message}
*3 save :: (save|store|write|keep|dump|put|export|download) {PRON} (as|to|in|into) {save.name}
save :: (write|save|put|store) {save.content:quoted} (to|in|into|as) {save.name}
save :: (create|make) (a file|a text file|a note|a document) (called|named) {save.name} (with|containing|that says|saying) {save.content:quoted}
*3 rank :: (rank|sort|order|filter) (them|those|these|that|the list|the items|the stories|the results) (by|for|on|by relevance to|according to) {rank.topic}[ and (keep|show) (the top |the best |){rank.limit}]
rank :: (which|what) (of those|of them|of these|ones) are about {rank.topic}[?]
rank :: (show|give|pick|keep) [me ][only |just ]the ({rank.limit} best|best {rank.limit}|top {rank.limit}|most relevant {rank.limit})[ of (those|them|these)][ (about|on|for) {rank.topic}]
rank :: only the ones about {rank.topic}
*3 sum :: (summarise|summarize|sum up|condense|shorten) (it|them|those|these|that|this|the items|the stories|the results|the above|each of them|each)[ in {sum.sentences} sentences[ each]][ (with|using) {sum.model}]
sum :: (give me|write|make) (a summary|summaries|a short version|the gist|a {sum.sentences}-sentence summary)( of that| of it| of them| of these|)
sum :: tl;dr
*3 news :: (make|build|create|compile|turn|put) (a newsletter of it|a newsletter from that|a newsletter out of those|it into a newsletter|them into a newsletter|that into a newsletter|those into a newsletter|a newsletter from the results){LETTERBITS}
news :: newsletter (of|from) (that|those|it|them|the above)[,] please
*4 ask :: (ask|tell|prompt) {ask.model} to {ask.prompt}
ask :: (let|have|make) (the model|the AI|{ask.model}|a model) {ask.prompt}
ask :: (ask the model|ask the AI|ask a model|have a model answer): {ask.prompt}
ask :: (ask|have) (the model|{ask.model}) (:|) {ask.prompt:quoted_prompt}
ask :: (with|using) {ask.model}, {ask.prompt}
""",
    # -- structure --------------------------------------------------------------------------------
    "TRIGGER": """
*3 @trigger_feed :: (whenever|when|every time|each time|as soon as|any time|if ever) (something new appears|there is something new|there's something new|a new item appears|a new post appears|a new story comes out|a new entry shows up|something is published|there's a new post|anything new is posted|new items arrive) (in|on|at) {@trigger_feed.feed:feedref}
*2 @trigger_feed :: (whenever|when|every time|each time|as soon as) {@trigger_feed.feed:feedref} (has something new|publishes something|gets a new item|changes|is updated|has a new post|updates|gets updated|has news|posts something)
@trigger_feed :: on (every|each) new (item|post|entry|story) (in|of|on) {@trigger_feed.feed:feedref}
*2 @trigger_job_done :: (whenever|when|every time|each time|as soon as|after|once) [the job |job ]{@trigger_job_done.job:jobname} (is done|has finished|finishes|is finished|completes|succeeds|has run|ends|has completed)
@trigger_job_done :: (right |straight |)after [the job |job ]{@trigger_job_done.job:jobname}
*2 @trigger_job_failed :: (whenever|when|every time|each time|if|as soon as) [the job |job ]{@trigger_job_failed.job:jobname} (fails|breaks|goes wrong|crashes|has failed|errors|doesn't work|falls over|dies)
@trigger_job_failed :: on (a |any |)failure of [the job ]{@trigger_job_failed.job:jobname}
""",
    "RETRYING": """
@retry :: (retry|try again|try) (up to |at most |)({@retry.times} times|{@retry.times}x) (if it fails|on failure|if the site is down|if there's an error|when it fails|if it does not answer|before giving up|if something goes wrong|if the network is flaky)
@retry :: (if it fails|on failure|on errors|if that fails|when it breaks|if the page is down|if something goes wrong)[,] (retry|try again|try it again|repeat it) [up to ]{@retry.times} times
@retry :: with (up to |){@retry.times} (retries|attempts|tries)
@retry :: (do not|don't) give up before {@retry.times} (tries|attempts)
""",
    "TIMEOUT": """
@timeout :: (give up|stop|abort|cancel it|time out|quit|bail out) (after|when it takes longer than|if it takes more than|if it takes longer than) {@timeout.after:dur}
@timeout :: (with|using) a (timeout|time limit|limit) of {@timeout.after:dur}
@timeout :: (it|this|the whole thing|that) (must not|may not|should not|mustn't) (take|run) (longer|more) than {@timeout.after:dur}
@timeout :: (allow|wait) (at most|no more than|max|up to) {@timeout.after:dur}
""",
    "ALERT": """
@alert :: (if it fails|if anything goes wrong|if something goes wrong|on failure|should it fail|if it breaks|when it fails|in case of failure|if the job fails|if this ever fails|if there is a problem)[,] (tell|alert|warn|notify|mail|email|let|ping|inform|message) {@alert.to:alertee}
@alert :: (alert|warn|tell|notify|mail|ping|inform) {@alert.to:alertee} (if it fails|on failure|if anything goes wrong|should it fail|if it breaks|when it fails|if there is an error|if this fails|in case of trouble)
@alert :: (send|give) {@alert.to:alertee} an alert (if it fails|on failure|when something breaks)
@alert :: (failures|errors|problems|alerts) (go to|should go to|to) {@alert.to:alertee}
""",
    "INPUTS": """
@inputs :: (ask me for|let me enter|let me choose|let me pick|let me set|let me give|prompt me for|let me type) (the |){@inputs.names:inputnames} (each time|every time|when I start it|when it runs|at the start|before it runs|at run time|first)
@inputs :: (with|taking|that takes|using) (the |){@inputs.names:inputnames} as (an input|inputs|input|parameters|a parameter|variables|a variable)
@inputs :: (make|keep) (the |){@inputs.names:inputnames} (configurable|adjustable|an input|a parameter|inputs|settable|variable)
@inputs :: (I want to be able to|I'd like to|so I can|I want to) (choose|set|change|pick|give|enter) (the |){@inputs.names:inputnames} (each time|every time|when starting it|when I run it|per run)
""",
    "APPROVING": """
@approve :: (ask me|check with me|ask me first|ask for my approval|wait for my approval|wait for my ok|wait for me to approve|let me approve it|let me check it|get my ok|get my go-ahead|let me see it|ask for confirmation) (before sending|before it goes out|before you send it|before mailing it|before anything is sent|first|before you do that|before posting)
@approve :: (do not|don't|never) (send|mail|post|publish) (it|anything|that) (without|before) (my ok|my approval|asking me|I approve|checking with me|I have seen it)
@approve :: (after I say yes|once I approve|after I approve it|when I have approved|with my approval|only after my ok)
""",
    "CALLJOB": """
@call_job :: (run|start|call|execute|kick off|launch|trigger|fire) (the job |job |the pipeline |my job |){@call_job.job:jobname}
@call_job :: (run|start|call) {@call_job.job:jobname} (first|as well|too|as a step|as part of it)
@call_job :: (hand over to|use|go through) (the job |job ){@call_job.job:jobname}
""",
    "COND": """
*2 @if(test=above) :: (there are|there's|you find|we have|it finds|there were|you get|it returns) (more than|at least|over|upwards of) {@if.than:num} (items|stories|results|of them|new items|posts|rows|entries|articles|hits)
@if(test=below) :: (there are|you find|we have|it finds|there were|you get) (fewer than|less than|under|not even) {@if.than:num} (items|stories|results|of them|new items|posts|rows|entries|articles)
*2 @if(test=none) :: (there is|there's|you find|there are|it finds|we have|there was) (nothing new|no results|nothing|no new items|no stories|none|nothing at all|no hits|nothing on the topic|no news)
*2 @if(test=any) :: (there is|there's|you find|there are|it finds|we have|there was) (something new|anything new|anything|any results|something|any news|new items|any stories|any hits|at least one|something to report)
@if(test=none) :: (the list|the result|the feed|it|the table) is empty
@if(test=any) :: (the list|the result|the feed|it|the table) is not empty
@if(test=above) :: (the list|the result|it) is longer than {@if.than:num}
@if(test=below) :: (the list|the result|it) is shorter than {@if.than:num}
*3 @if(test=contains) :: (one of them|any of them|any title|a title|something|any item|one|a headline|the text|the page|it|any story) (mentions|contains|is about|talks about|has|says|includes|speaks of|names) {@if.what:topicq}
@if(test=contains) :: (there is|there's|you find|there are) (anything|something|a story|an article|any news|a post) (about|on|mentioning) {@if.what:topicq}
*2 @if(test=above) :: (the price|the rate|the value|the number|the count|the total|the temperature|the score|it|the level|the sum) (is|goes|rises|climbs|gets|has gone|stays|was) (above|over|beyond|higher than|more than|greater than) {@if.than:num3}
*2 @if(test=below) :: (the price|the rate|the value|the number|the count|the total|the temperature|the score|it|the level|the stock) (is|goes|falls|drops|gets|has gone|sinks|was) (below|under|lower than|less than) {@if.than:num3}
""",
    "LOOPOVER": """
(for each|for every|for each of the|for every one of the) (item|story|one|article|entry|row|result|post|of them|page|link|hit|company|product)
""",
    "PARALLELLY": """
(in parallel|at the same time|simultaneously|side by side|concurrently|at once|both at the same time)
""",
    # -- openings, closings ------------------------------------------------------------------------
    "OPEN": """
*30 
*4 please 
*2 Please 
*2 can you 
*2 could you 
*2 could you please 
can you please 
would you 
would you mind to 
*2 I want you to 
*2 I'd like you to 
I need you to 
i want u to 
hey, 
hi, 
hi there, 
hello! 
hey assistant, 
ok, 
ok so 
so, 
right, 
good morning, 
hello, please 
hi, could you 
hey can you 
pls 
let's 
we need to 
we should 
I would like to 
I'd love it if you could 
be so kind and 
your task: 
new job: 
job: 
todo: 
set up a job: 
set up something to 
create a job that will 
build a pipeline to 
make a job to 
I need a job that can 
is it possible to 
would it be possible to 
how about you 
do me a favour and 
I was wondering if you could 
for our team, 
for my boss, 
for the club, 
for the newsletter, 
as always, 
quick one: 
one more thing: 
just 
simply 
automatically 
it would be great if you could 
it'd be nice if you could 
I'm lazy, so 
I keep forgetting this, so please 
we have a meeting soon, so 
since I never have time to read, 
my colleagues keep asking, so 
""",
    "CLOSE": """
*30 
*4  please
*3 , please
 thanks
, thanks
, thank you
. Thanks!
. Thank you!
. Cheers
 for me
 pls
 if you can
 and that's it
. That's all.
. That's it
 - thx
. Much appreciated.
 :)
. Kind regards, {PERSON}
. No rush.
. Nothing else.
. Don't overdo it.
 ok?
, will you?
. Danke!
 asap
 right away
 now
""",
    "PERSON": "Sam|Jo|Maria|Tom|Ines|Alex|Ruth|Omar|Lena|Kim",
    # -- kinds that are no work --------------------------------------------------------------------
    "ANSWER": """
*2 (hi|hello|hey|hey there|hi there|good morning|good evening|good afternoon|howdy|yo|hiya|morning|greetings)[!|.]
*3 (thanks|thank you|thx|cheers|ta|many thanks|thanks a lot|thank you so much|much appreciated|great, thanks|perfect, thanks|ok thanks|nice one|lovely, thank you|thanks, that's all|thanks for the help|brilliant, cheers)[!|.]
(great|perfect|nice|cool|awesome|ok|okay|fine|got it|well done|good job|excellent|wonderful|superb|looks good|that worked|that is what I wanted|alright|understood|makes sense)[!|.]
*3 (what can you do|what are you|who are you|who made you|what is this|how does this work|how do you work|what are you good at|what can I ask|what can I do here|what kind of jobs can you do|which skills do you have|what skills are there|help|help me|how can you help me|what are your abilities|what do you know|can you help me|are you an AI|are you a robot|are you human|do you have a name|what's your name)[?|]
*3 (how do I|how can I|how would I|where do I|where can I|can I|is there a way to) (change the schedule of a job|delete a job|pause a job|see my jobs|add a model|use my own model|use Claude|connect my mail|set up SMTP|add a skill|write my own skill|see the last run|find the newsletter|approve a job|undo a change|change the time zone|export a job|share a job|see what went wrong|edit the file by hand|run a job from the terminal|add a key|stop a run|give a job a new name|see the logs)[?|]
*3 (what is|what's|what does|explain|tell me what) (a job|a pipeline|a skill|a run|a trigger|a dry run|an approval|a receipt|a grant|a step|RSS|a feed|cron|an API|a webhook|a newsletter|a template|JSON|Markdown|a schedule|healing|a canary)( is| do| mean| mean here|)[?|]
*2 (is|are) (my data|my mails|my jobs|my keys|this) (private|safe|sent anywhere|stored locally|in the cloud|encrypted)[?|]
*2 (does it|do you|can you|will you) (work offline|work without internet|need a key|cost anything|speak German|speak French|understand Spanish|remember things|learn from me|run on Windows|keep my data private|send anything out|use the cloud)[?|]
*2 (how many|which|what) (jobs do I have|jobs are running|jobs are scheduled|models are there|runs failed|skills do you have|jobs do you know|jobs ran today)[?|]
*2 (why did|why has|what happened when|did|has) {jobx} (fail|failed|run|finished|stopped|work|gone wrong)[ today| yesterday| last night][?|]
(when|when exactly|at what time) (will|does|did) {jobx} run[ next| again| last][?|]
(what did|what does) {jobx} (do|send|return|do exactly)[?|]
(how are you|how's it going|how are you today|you ok|what's up|are you there|still there)[?|]
(what's|what is) (the difference between|better,) (a job and a pipeline|a call and a job|a run and a job|starter and Claude|a skill and a tool)[?|]
(never mind|forget it|no, leave it|not now|let it be|no thanks|that's all|that's enough for today|bye|goodbye|see you|see you tomorrow|good night|later)[!|.]
(do you like|what do you think of|what do you think about|do you know) {topicx}[?|]
(tell me a joke|sing me a song|are you happy|do you sleep|do you dream|I am bored|I'm tired|I'm happy today|it's raining here|what a day|I love this|this is annoying|you are great|you're funny|that was quick)[!|.|]
(what time is it|what day is it|what's the date today|what is two plus two|how old are you)[?|]
""",
    "UNSUPPORTED": """
*3 (book|order|buy|reserve|get) (me |us |)(a taxi|a table for {numx}|a pizza|a flight to {namex}|a hotel in {namex}|train tickets to {namex}|flowers|new shoes|groceries|a cab|two tickets for the concert|a plumber|a haircut|a dentist appointment|lunch|some coffee|{numx} chairs|milk|a sandwich|a rental car|concert tickets|a room)[ for tonight| for tomorrow|]
*3 (turn|switch) (on|off|down|up) (the lights|the heating|the radio|the tv|the kitchen light|the alarm|the oven|the air conditioning|the music|the fan|the lamp in the hall|the washing machine)
*2 (open|close|lock|unlock) (the door|the garage|the window|the blinds|the front door|my car|the curtains)
*2 (call|phone|ring|dial) (my mother|mum|the doctor|the bank|a plumber|Tom|my boss|the office|emergency services|grandma|the school)
*2 (play|put on|stream|sing) (some music|a song|jazz|my favourite playlist|the news on the radio|something by {namex}|a film|the next episode)
*2 (drive|take|bring|carry|fly) (me|us|the kids|my parcel|this) (home|to the airport|to school|to work|to {namex}|to the station)
*2 (cook|make|bake|brew|fry|heat up) (me |us |)(dinner|a cake|some tea|coffee|an omelette|lunch|a soup|breakfast|bread|a steak)
(wash|clean|vacuum|iron|mop|tidy|paint|fix|repair) (the dishes|the floor|my car|the windows|the kitchen|my bike|the roof|my shirts|the fence|the tap|my phone screen)
(water the plants|feed the cat|walk the dog|mow the lawn|take out the rubbish|pick up the kids|do the laundry|do my shopping|change the light bulb|make the bed|babysit tonight)
(transfer|wire|pay|send) (£|\\$|€|){numx}( euros| dollars| pounds|) to (my landlord|Anna|the tax office|my brother|my savings account|the gas company)
(print|fax|scan|photocopy) (this|these pages|my passport|ten copies|the letter|the document)[ on the office printer|]
(buy|sell|trade) (ten|{numx}) shares of {namex}
(take|shoot|make) a (photo|picture|selfie|video)[ of me| of the garden| with the webcam|]
(set|start) (an alarm|a kitchen timer|the timer)( for {numx} minutes|)
(send|post) (a text message|an SMS|a fax|a letter by mail|a postcard|a parcel) to (my mother|grandma|Tom|the office|{namex})
(hack|break into|crack|get into) (my neighbour's wifi|someone's account|the bank|his phone|her email)
(measure|check|take) (my blood pressure|my pulse|my temperature|my weight|the tyre pressure)
(make|draw|paint|generate|render|design) (me |)(a picture|an image|a portrait|a logo|a painting|a 3D model|a video) of (a cat|{topicx}|my house|a dragon|the sea)
(predict|tell me) (the lottery numbers|tomorrow's lottery numbers|the future|who will win the election)
(drive|park|refuel|charge) my car
(translate|interpret) (this phone call|the meeting|what he says) (live|in real time)
(record|film|join|attend) (the meeting|my zoom call|the lecture|the call) (for me|and take notes|on video|)
""",
    "CLARIFY": """
*2 (do|run|make|set up|start|try|repeat) (it|that|the thing|the usual|the same thing|something|my thing|the report thing|what we discussed|the other one)[ again| for me| please|]
*2 (send|mail|email|forward) (it|something|the thing|that) (to|over)[ him| her| them| the usual people| the right person| somebody| you know who| my boss| everybody| the others]
*3 (make|create|build|send|set up|I want|I need|I'd like|prepare) (me |)(a newsletter|a digest|a report|a summary|some news|an overview|a job|an automation|a workflow|something useful|a pipeline|a reminder|a daily report|a weekly newsletter)[ every (day|week|morning|Monday)|]
*2 (summarise|summarize|read|scrape|fetch|check|watch|monitor) (the page|the site|the feed|the article|a website|my feeds|the news|some website|the usual site|their blog|the thing I sent you|that link)[ every (day|hour|morning)| for me|]
(tell|notify|alert|ping) (them|everyone|the people|someone|somebody|whoever is responsible)[ about it| when it happens|]
(save|store|put) (it|the file|that) (somewhere|where I can find it|in the usual place|in the other folder)
(change|fix|edit|adjust|update|improve) (it|the job|that|the thing|my job)[ please| a bit| again|]
(every third week|every other blue moon|now and then|from time to time|when it suits you|sometimes|regularly|once in a while|every so often|at the usual time), (do|run|send|make) (it|the report|the digest|the newsletter|my thing)
(call|query|hit|ping) (the api|the webhook|our endpoint|the service)[ every hour|]
(search|look) (for it|for something|for that thing)
(ask|query) (the database|our database|the db)( something| about it|)
(automate|simplify|handle|take care of|organise|sort out) (my work|my mornings|my mails|things|everything|my life|that for me|the boring part)
mail (it |)to (my boss|my team|the usual list|everyone in the company|the whole team|HR|my wife|the customer)
(rank|sort|filter) (things|stuff|it) (properly|better|as I like it)
""",
    "LACKING": """
*2 @miss_address :: (mail|email|send|forward) (my boss|my team|the customer|my colleague|my wife|the editor|everybody|my manager|them|him|her|the board) {F_MISS}
*2 @miss_address :: (mail|email|send|forward|deliver) {F_MISS} to (my boss|my team|the customer|my colleague|my wife|the editor|everybody|my manager|them|him|her|the usual people|the board|Tom|Anna|our readers|the whole department)
@miss_address :: (make|build|compile|create) a newsletter (of|from|with) {F_MISS} and (mail|send) it to (my boss|my team|the customer|them|him|the board|our readers|Anna|the group)
@miss_address :: {VGET} {F_MISS} and (mail|email|send) (it|them) to (my boss|my team|him|her|the others|Kate|the office)
*3 @miss_link :: (mail|email|send) {mail.to} (the {BEST} stories|the latest news|the news|a newsletter|a digest|the top stories|the headlines|a summary of the news|the new posts from the blog|the article)
*2 @miss_link :: (scrape|read|fetch|check|summarise|summarize|get the text of|extract|monitor|watch) (the page|the site|the website|that article|the feed|our blog|the blog|the price list|the news page|the table on their site|the article|their feed|the rates page)[ and (mail|send) it to {mail.to}| and save it as {save.name}| and tell {notify.channel}]
@miss_link :: make a newsletter of the {rank.limit} best stories (from the feed|from my feeds|from that site|of the day) and mail it to {mail.to}
@miss_link :: (call|ping|query) (the api|our webhook|the endpoint|our server) and (tell {notify.channel}|save the answer as {save.name}|mail it to {mail.to})
@miss_channel :: (post|share|announce) {F_MISS} in (the channel|our chat|the team chat|the usual channel)
@miss_time :: (every now and then|every third week|once in a while|every other moon|at the usual time|regularly|at some point), (mail|send) {mail.to} {F_MISS}
@miss_file :: (save|store) {F_MISS} (somewhere|in a file|in the usual file|in the other file)
@miss_database :: (ask|query|check) (the database|the db|our database) (how many orders came in|who has not paid|for the latest orders|what sold best)
@miss_text :: (mail|email|write to|send a mail to|send an email to|message) {mail.to}
@miss_text :: (tell|notify|message|ping) {notify.channel} (something|the news|what happened)
@miss_topic :: (search the web|google something|do a web search|look something up online|search online)[ and mail the result to {mail.to}| and save it as {save.name}]
@miss_job :: (run|start|pause|delete|stop) (the job|my job|one of my jobs|the other job|that job from last week)
@miss_address @miss_link :: (mail|send) (my boss|the team|him|her|everybody) (the news|the best stories|a newsletter|the latest headlines|a summary of the article)
""",
    "F_MISS": """
the {NEW} {ITEMS} from {fetch.url}
the {BEST} {rank.limit} {ITEMS} from {fetch.url}
{rank.limit} {ITEMS} {ABOUT} {rank.topic} from {fetch.url}
the list on {scrape.url}
the full text of {extract.url}
the answer of {http.url:api}
""",
}

TOPICS = ""

PHRASES = {
    "wh": """
who (won|wrote|invented|owns|founded|plays|discovered|directed) (the {n} {thing}|{thing}|{name}|the {word})
when (is|was|does|did) (the next|the last|the first) {thing}( in {name}|)
where (is|can I buy|to find|are) {thing}( in {name}|)
how (much|long|far|old|big) (is|are|does it take to repair) {thing}
what (is|are|happened to|causes|does it cost to repair) {thing}
the (opening hours|address|phone number|price|weather|population|timetable) of (the {word} museum|{name}|the {thing} museum|{word})
the weather in {name}
""",
    "question": """
how many {table} (came in|were there|do we have|were made|are open|are overdue|failed|arrived|were cancelled|are left) (last week|yesterday|today|this month|in May|so far|this year|since {day}|in the last {n} days|per day|per country|right now)
the number of {table} (per country|by month|from last week|of this year|without an address|since {day}|older than {n} days|per customer)
the (total|average|sum of|mean|highest|lowest) (revenue|price|amount|turnover|weight|value|age|margin|duration) (of|per|for all|across) {table}
which {table} (are overdue|have no price|cost more than {n}|were never used|sold best|have the most comments|are missing an address|need attention|changed yesterday|are the newest)
the {n} (newest|oldest|largest|cheapest|most expensive|best-selling|busiest) {table}
(top|best|worst) {n} {table} by (revenue|count|price|rating|weight|distance)
all {table} (from {name}|with more than {n} entries|that are open|older than {n} days|without {thing}|of last month|whose status is open)
who (bought the most|paid last|has not paid|signed up yesterday|ordered {thing}|is the oldest customer|sold the most|borrowed the most)
what (sold best this week|our turnover was in March|we spent on {thing}|is the average basket|the stock of {thing} is|was refunded yesterday)
total sales (by month|per country|of last week|for {name}|this year|of {thing})
{table} (per month|by country|with status open|from yesterday|that failed|over {n} euros|below {n} in stock)
the list of {table} (running low|to be shipped|from {name}|due on {day}|with their prices)
new {table} (today|of the week|since {day}|per day)
revenue (by product|per week|of last quarter|in {name})
low stock items|open {table}|unpaid {table}|yesterday's {table}|last month's {table}|the latest {table}
when {person} last (ordered|logged in|paid|visited)
how much (we earned last week|{thing} we sold|{person} spent|each supplier costs|is left of {thing})
""",
    "query": """
{topic}
{topic}
(best|cheapest|new|recent|good) {topic}
{name} {thing}
how to (repair|clean|store|choose|build|compare|test|measure) {thing}
{thing} (prices|reviews|news|shortage|statistics|standards|2026|test results|comparison|tutorial|explained|in {name})
(history|future|price|state|economics) of {thing}
(opening hours|weather|population|mayor|hotels|museums|train strikes) (in|of) {name}
{word} {thing}
{person} {word}
(alternatives to|the successor of|competitors of|critics of|experts on) {thing}
the (cheapest|fastest|best|largest) {thing} in {name}
why {thing} (are so expensive|keep failing|disappear|matter|are banned in {name})
{name} vs {name}
""",
    "message": """
(the|our|your) (build|report|backup|deploy|server|site|printer|coffee|meeting|parcel|invoice|order|release|import|test run|update|newsletter|{thing}) is (ready|done|broken|green|late|here|down|back|live|cancelled|running|finished|out)
(lunch|the meeting|standup|the party|dinner|the call|training|choir|the review) is (at {n}|moved to {day}|cancelled|on {day}|in room {n}|starting now)
(deploy|backup|release|import|migration|build) (finished|done|failed|started|complete)
(please|kindly) (check|read|call|reply to|look at|bring|send back|sign) (the {thing}|it|the report|me|the list|your mail)
I (will be late|am on my way|am out today|have sent the files|need the {thing}|can't come on {day})
(hello|hi|dear) (all|team|everyone|{person}), (the {thing} are here|see you on {day}|good news|thanks for {thing}|we start at {n})
(see you|happy birthday|good luck|well done|welcome|congratulations|thank you)( {person}| all| everyone|)
(we|they) (won|lost|moved to {name}|are back|need help|start on {day}|sold {n} {table}|ship on {day})
{n} (new {table}|{table} left|errors|hours to go|people are coming)
(prices|rates|numbers|figures) (are up|are down|changed|are in)
(the|a) {thing} (has|have) arrived
{word} is (up|down|ready|done)
{person} (is here|called|won|needs you|has left the building)
all (good|done|clear|systems go|green)
time (for|to) (lunch|coffee|go home|stretch|the meeting|water the plants|talk about {thing})
""",
    "greeting": """
(Hello|Hi|Dear|Good morning|Welcome)( all| readers| team| friends| everyone|)(, here is what happened| - the week in brief|, enjoy|, this is new|)
(Here is|This is|Enjoy) (what matters|the week|your reading|what we found|the best of {thing})
(What you need to know|Fresh from {name}|All about {thing}|Hand-picked by {person}|News from the team)
""",
    "prompt": """
(write|compose|draft|make up|invent) (a|one|a short|me a|a funny|a polite) (haiku|poem|limerick|joke|story|greeting|toast|slogan|letter|reply|reminder|headline|paragraph|speech|rhyme|quiz|riddle|birthday card|title|abstract|tweet|press release) (about|on|for) {topic}
(write|draft) (a reply|a thank-you note|an apology|an invitation|a cover letter|an agenda) (to {person}|for {day}|for the team|to the landlord|about {thing})
(explain|describe|define|outline) {topic}( in simple words| to a child| in two sentences| briefly| in plain English|)
(translate|put) (it|this|them|the text|the result|that|everything|the summary) into (German|French|Spanish|Dutch|Italian|plain English|Portuguese|Japanese|Polish)
(compare|contrast) {thing} and {thing}
(say|tell me|judge|decide|check|find out) (what it means|which one is best|whether it is good news|what to do next|if it is about {thing}|what is missing|why it matters|who should read it)
(list|name|give) {n} (ideas|names|reasons|risks|questions|examples) (for|about|of|against) {thing}
(write|add|draft) (a comment|an opinion|an introduction|a conclusion|a headline|a critique)( on it| about it| for each| for it|)
(rewrite|rephrase|shorten|polish|correct|proofread) (it|them|the text|the result)( in a friendly tone| for children| formally| in fewer words|)
(classify|sort|label|tag) (it|them|each) (as good or bad|by mood|by urgency|by country|as {thing} or not)
(extract|pick out|list) (the names|the dates|the prices|the companies|the main points|the places|the figures)( from it| in it| from each|)
(suggest|think of|come up with|brainstorm) (a name|a title|{n} titles|three questions|a plan|a menu|a gift) (for|about) {thing}
(answer|solve) (this|the question|it): (why|how|what) (is|are) {thing}
(comment on|criticise|review|assess|evaluate|interpret|analyse) (it|the result|the numbers|them|the figures|{thing})
""",
}
