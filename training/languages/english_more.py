"""More ways to ask in English: what hand-written requests had and the first rules lacked."""

MORE = {
    "DBANY": """
the database|our database|my database|the db|our db|the shop database|the books|our records|the sales data|the orders table
""",
    "D_NP": """
*2 {db.question} (from|in|according to) {DBANY}
""",
    "SINGLE": """
*4 db :: {db.question}(, according to | according to | in | from ){DBANY}[?]
db :: (what does the database say:|ask the database|check the database:|look in the database:|query:) {db.question}[?]
db :: (run|execute) (this|the query|the following|this query) (on|against|in) {DBANY}: {db.sql}
db :: (run|execute) {db.sql}[ on {DBANY}]
db :: {db.sql}
*2 mail :: (send|write|shoot|drop) (an email|a mail|a message|an e-mail|a note|a line) to {TO} (saying|that says|to say|telling them|with the news that|that) {mail.body:fact}
mail :: (send|write) (an email|a mail|a message) to {TO} with [the ]subject {mail.subject} (saying|that says|and the text|and tell them|, text) {mail.body:fact}
mail :: (tell|let) {mail.to} (know |)(that |by mail that |via email that ){mail.body:fact}
mail :: (write to|mail|email) {TO}: {mail.body:fact}
mail :: (write to|mail|email) {TO} (saying|that) {mail.body:fact}
*2 mail :: (mail|email|send|forward) (that|it|this|them|these|those|the newsletter|the list|the summary|the result|what you have) to {TO}[ please| too| now]
*2 notify :: (let|make) {notify.channel} know (that |)(:|) {notify.message}
notify :: (tell|inform|remind|warn) {notify.channel} {notify.message:fact}
notify :: (put|post|drop|share) (that|it|this|them|the list) (in|on|into|to) {notify.channel}
notify :: (say|announce|shout) {notify.message} (in|to|on) {notify.channel}
notify :: remind me (that|:) {notify.message:fact}
*2 extract :: (get|fetch|read|pull|load|now get|open) (the full text|the whole text|the articles|the complete text|the text|the full articles) of (each|each one|those|them|all of them|every one|these|each of them)
extract :: (read|open|fetch) (them|those|each|all of them|each one) in full
extract :: (just |)(fetch|get|give|read|show) [me ]the (text|article|story|words|content) (of|at|on|from|behind) {extract.url}
extract :: {extract.url}: (just the text|text only|full text please|the article please)
extract :: (strip|clean) {extract.url} (down to the text|of everything but the text)
*2 search :: (look up|find out|google|search|search for|check online) {search.query:wh}[ on the web| online]
search :: (find|find me|get me|show me) (websites|sources|pages|something|information|everything|articles online|links) (about|on|for) {search.query}[ on the web| online| on the internet]
search :: what('s| is) new (on the web|online|on the internet) about {search.query}[?]
search :: (is there|are there) anything (on the web|online|on the internet) about {search.query}[?]
search :: web: {search.query}
search :: {search.query} - (google it|look it up|search the web)
scrape :: (scrape|take|lift|get|pull|grab) (the prices|the table|the list|the names|the titles|the links|the numbers|all rows|the entries|every row|the dates|the results) (off|from|on|out of) {PAGEREF}
scrape :: (get|take|collect|list) (every|each|all|all the) {scrape.selector}[ elements| items| rows] (from|on|at|of) {PAGEREF}
scrape :: {PAGEREF}: (the table|the list|prices|all rows|the prices|{scrape.fields})[ please]
scrape :: what (are the prices|is in the table|is listed|jobs are listed|events are on) (on|at) {PAGEREF}[?]
scrape :: (read|turn) the (table|list) (on|at) {PAGEREF} into (items|a list|rows)
*2 fetch rank :: (is there|do they have|any|anything) (anything|something|news|any news|stories) (about|on) {rank.topic} (in|on|at) {FEEDREF}[?]
*2 fetch rank :: {VGET} {FR_NP}
fetch rank :: {FR_NP}
fetch :: (headlines|news|posts|stories) (from|of|in) {FEEDREF}[, no more than {fetch.limit}|, {fetch.limit} of them|, max {fetch.limit}| (max {fetch.limit})][ please]
fetch :: (anything|everything|all|what was) (published|posted|new|that came out) (in the |within the |over the |from the ){fetch.since} (at|on|in|from) {FEEDREF}
fetch :: (grab|get|read|fetch) (both feeds|both|these feeds|all of these|the two feeds|all feeds)[,:] {fetch.urls}
http(method=DELETE) :: (DELETE|delete|remove) {http.url:api}
http(method=POST) :: (POST|post to) {http.url:api}
http(method=HEAD) :: (HEAD|send a HEAD request to|do a HEAD on) {http.url:api}
http(method=PATCH) :: (PATCH|patch) {http.url:api} with {http.body}
http(method=GET) :: GET {http.url:api}
http :: what does {http.url:api} (say|return|answer|give)[?]
http :: (see|check|test) (if|whether) {http.url:api} (is up|answers|works|responds|is alive)
save :: (save|store|put|write|keep) {save.content:quoted} (as|in|into|to|under) {save.name}
save :: (save|keep|export) (this|that|these|those|the list|the table|the answer|the text) (as|to|in) {save.name}[ please]
sum :: (summarise|summarize|sum up) (them|these|each|it|this) (in|with) {sum.sentences} sentences[ each| apiece| per item]
sum :: (shorter|give me the short version|in short|what's the gist|boil it down|too long, shorten it)[ please]
news :: (make|build|create|compile) (me |)(a newsletter|a letter|a digest newsletter) (out of|from|with|of) (those|them|these|that|it|the results|the above){LETTERBITS}
rank :: (keep|give me|show|only) (the |)(best {rank.limit}|top {rank.limit}|{rank.limit} best)[ please| of them| of those]
rank :: (drop|remove|ignore|throw out) (everything|anything|what is|all) older than {rank.since:dur}
ask :: (let|have|get) (the model|{ask.model}|the AI) to {ask.prompt}
ask :: {ask.prompt}
ask :: (using|with|via|by) {ask.model}[,:] {ask.prompt}
""",
    "RANKING": """
rank :: (drop|remove|ignore|throw out|skip|discard|leave out) (everything|anything|what is|all|whatever is) older than {rank.since:dur}
rank :: (only|keep only|take only|just) (what is|things|stories|items|those) (from the|of the|in the) {rank.since:since}
rank :: (pick|take|choose|select) (your |the |)(favourite|favorite|best|top|strongest|finest) {rank.limit}
rank :: (the |)(best|top) {rank.limit}[ about {rank.topic}| on {rank.topic}]
*2 rank :: keep the {rank.limit} best about {rank.topic}
rank :: (pick out|filter for|look for|keep) (whatever|anything|everything|what|all) (about|on|concerning|mentioning) {rank.topic}
rank :: (rank|sort|order) (by|for) {rank.topic}
rank :: (filter|select) (by|on) {rank.topic}
rank :: leave only {rank.topic}
rank :: (choose|take) what (matters for|is about|fits|concerns) {rank.topic}
""",
    "SUMMING": """
sum :: (summarise|summarize|sum up|recap) (every|each) (story|item|article|post|one) in {sum.sentences} sentences
sum :: sum each up in {sum.sentences} sentences
sum :: (summary|summaries) (of|in|with) {sum.sentences} sentences[ each]
sum :: a short summary[ of each]
sum :: (write|add) {sum.sentences} sentences (on|about|for) each
sum :: with summaries[ of {sum.sentences} sentences]
sum :: (keep|make) it short
""",
    "LETTER": """
news :: (write|set|work) (them|it) up as a (letter|newsletter|digest)[ titled {news.title}| called {news.title}]
news :: (make|build|put together|compile) (a digest|a letter|a bulletin|an issue|a roundup) (of it|of them|from it|out of them|){LETTERBITS}
news :: (as|in) a newsletter{LETTERBITS}
news :: newsletter (called|titled|named) {news.title}
news :: (call|title|name) the newsletter {news.title}
""",
    "LETTERPLAIN": """
newsletter|newsletter|newsletter|letter|digest|bulletin|newsletter
""",
    "MAILING": """
mail :: to {TO}
mail :: (goes|it goes|this goes|must go|should go|off|off it goes|out) to {TO}
mail :: (recipient|recipients|to|mail to|receiver): {TO}
mail :: (drop|put|throw) {PRON} in {mail.to}'s inbox
mail :: {TO} (gets|get|receives|should get|should receive|must get) (it|them|the result|a copy)
mail :: (let|make) {TO} (read|see|know) (it|them|the result)
mail :: (send|mail|email|forward) (it|them|the lot|that) (out |on |over |off |)to {TO}{SUBJ}
mail :: (mail|email|send) the (newsletter|letter|summary|list|result|digest|answer|table|page|text|file|report|items|stories|links) to {TO}{SUBJ}
mail :: (send|mail) (a copy|one) to {TO}
mail :: deliver to {TO}
""",
    "SAVING": """
save :: (save|store|keep|put|archive|write) (it|them|that|the lot|everything|all) (all |)(as|in|to|under) {save.name}
save :: (save|store|write|keep|export) the (newsletter|summary|list|result|table|answer|items|stories|rows|text|response|data|links) (as|to|in|into) {save.name}
save :: (to|into|as) (file|the file|) {save.name}
save :: {save.name}
save :: (store|save|export) {save.name}
""",
    "NOTIFYING": """
*2 notify :: (post|drop|put|share|send|push|publish|paste|dump) (it|them|that|the results|the list|the summary|the links|the lot|everything) (in|into|to|on) {notify.channel}
notify :: (post|write|share) (to|in|on) {notify.channel}
notify :: {notify.channel} (should know|must know|gets it|gets a note|should hear about it)
notify :: (tell|notify|ping|alert) {notify.channel}
notify :: (let {notify.channel} know|give {notify.channel} a shout|ping {notify.channel})[ about it| when done]
notify :: (tell|alert) {notify.channel} (about it|of it|when it's done|the result|what you found|it's ready)
""",
    "ASKING": """
ask :: (then |)(let|have) (the model|{ask.model}) {ask.prompt}
ask :: {ask.prompt} (with|using|via) {ask.model}
ask :: (the model|{ask.model}) (should|shall|must|is to|can) {ask.prompt}
""",
    "SRC": """
http :: (check|poll|read|watch|look at|call|query|fetch) {http.url:api}
fetch :: (take|get|read|fetch) (the week's|today's|this week's|yesterday's|the day's) {ITEMS} (from|of|on) {FEEDREF}
fetch :: {FEEDREF}
fetch rank :: {FR_NP}
search :: (look|search|dig) for {search.query}
search :: (look for|search for|find) (new|recent|good|the latest) (papers|pages|articles|posts|grants|offers|results|news|research|studies|jobs) (on|about|for) {search.query}
db :: (get|fetch|pull|take) {db.question} (from|out of) {DBANY}
db :: (ask|query|check) {DBANY} (for |){db.question}
ask :: (ask|let|have|get) (the model|{ask.model}) (to |for |){ask.prompt}
scrape :: (scrape|crawl|check|read) (the listings|the prices|the table|the vacancies|the offers|the list|the results|the rates|the rows) (at|on|from|off) {PAGEREF}
extract :: (get|take|read|fetch|open) (the article|the story|the text|the post|the essay) (at|from|on|behind) {extract.url}
""",
    "FUSED": """
fetch rank @inputs news mail :: (make|build|prepare) a newsletter (from|of|out of) {FEEDREF} about a {@inputs.names:topicword} I can (enter|choose|pick|give|set|type in) (each time|every time|when I run it) and (mail|send) it to {TO}
fetch rank @inputs mail :: (mail|send) {TO} the {BEST} {ITEMS} from {FEEDREF} about a {@inputs.names:topicword} (that I enter|I type in|asked for|I choose) (each time|at the start|every run)
*2 fetch rank news mail :: (a |)(newsletter|letter|digest) of the {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} from {FEEDREF} to {TO}
*2 fetch rank news mail :: {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} from {FEEDREF} as a newsletter[ called {news.title}] to {TO}
*2 fetch rank news mail :: (send|mail) {TO} the {rank.limit} {BEST} {ITEMS} {ABOUT} {rank.topic} from {FEEDREF} as a newsletter[ called {news.title}]
fetch news mail :: (build|make|compile|put together) the newsletter (of|from) {FEEDREF} and (send|mail) it to {TO}
fetch sum mail :: (summarise|summarize|sum up) {FEEDREF}[ in {sum.sentences} sentences| with {sum.model}] (for|and mail it to|and send it to) {TO}
fetch sum notify :: (summarise|summarize|sum up) {F_NP}[ with {sum.model}| in {sum.sentences} sentences] and (post|drop|share) (it|that|the result) (to|in) {notify.channel}
extract sum mail :: (get|read|take) the (article|story|text) (at|from) {extract.url} and (mail|send) a summary[ of {sum.sentences} sentences] to {TO}
*3 ask mail :: (ask|let|have) (the model|{ask.model}) (to |){ask.prompt} and (mail|send) (it|that|the result) to {TO}
ask notify :: (ask|let|have) (the model|{ask.model}) (to |){ask.prompt} and post it (in|to) {notify.channel}
ask save :: (ask|let|have) (the model|{ask.model}) (to |){ask.prompt} and save it (as|in) {save.name}
search rank mail :: (search the web for|google|look for) {search.query}, (keep|pick|take) the {rank.limit} best and (mail|send) them to {TO}
search mail :: (search the web for|google|look up|search for) {search.query} and (mail|send) (the results|it|what you find|the hits) to {TO}
search notify :: (search for|search the web for|google) {search.query} and (drop|post|put) the (results|hits|links) (into|in) {notify.channel}
search save :: (search for|search the web for|google) {search.query} and (save|keep|store) the (results|hits|links) (as|in) {save.name}
db mail :: (mail|send) {TO} {db.question} from {DBANY}
db save :: (save|store|export) {db.question} from {DBANY} (as|to|in) {save.name}
db notify :: (tell|post to) {notify.channel} {db.question} (from|in|according to) {DBANY}
http save :: (fetch|get|call|take) [the data from |what comes from ]{http.url:api} and (save|store|keep) (it|the answer|the response) (as|in) {save.name}
http notify :: (call|check|ping|get) {http.url:api} and (tell|notify|post the answer to|alert) {notify.channel}
http mail :: (call|check|get|fetch) {http.url:api} and (mail|send) (the answer|the response|it|what it says) to {TO}
*2 scrape save :: (scrape|scrape|read) {PAGEREF} and (save|store|keep|write) (it|them|what you get|the result) (as|to|in|into) {save.name}
*2 scrape news mail :: (a |)newsletter[ called {news.title}| {news.title}] (from|of|with) the (stalls|offers|listings|events|jobs|houses|lots) (on|at) {PAGEREF} to {TO}
scrape save :: (scrape|read|take|get) {S_NP} and (save|store|keep|write) (it|them) (as|to|in) {save.name}
scrape mail :: (scrape|read|take|get) {S_NP} and (mail|send|email) (it|them) to {TO}
scrape rank mail :: (scrape|get|read) {S_NP}, (keep|pick) the {rank.limit} best about {rank.topic} and (mail|send) them to {TO}
scrape notify :: (scrape|check|read) {S_NP} and (post|tell|put) (it |them |)(to|in) {notify.channel}
scrape ask :: (scrape|read|take) {S_NP} and (let|have) the model {ask.prompt}
fetch extract sum news mail :: (read|fetch) {F_NP}, get the full (text|articles), (summarise|sum up) (each|them)[ in {sum.sentences} sentences], make a newsletter[ called {news.title}] and (mail|send) it to {TO}
fetch rank extract sum save :: (take|fetch|get) {FR_NP}, (get|read) the full text, (summarise|sum up) (each|them)[ in {sum.sentences} sentences] and (save|store) (it|them) (as|in) {save.name}
""",
    "LACKING": """
*2 @miss_link :: (fetch|read|get|check) (the feed|my feeds|the news feed|our feed) and (summarise|summarize|rank|sort) (it|them)
*2 @miss_link :: (scrape|read|check) (that page|the page|this site|the site|the website|a page) for (prices|jobs|names|dates|offers|the table)
@miss_link :: (get|read|fetch) (the full text|the text) of (the article|that article|the story|this page)
@miss_link :: (summarise|summarize|sum up) (the article|that page|this page|the page|the blog post|my feed)
@miss_link :: (make|build) a newsletter (from|of) (my feeds|the feed|our blog|the usual sites)
@miss_link :: (watch|monitor|keep an eye on) (the page|the site|a website|my competitor's site|the feed)
@miss_link :: (call|hit|ping) (the api|the endpoint|my webhook|our server)
*2 @miss_address :: (write|send a mail|send an email|drop a line) to (Jürgen|Tom|Anna|my boss|the landlord|Maria|my sister|the team|grandma|Mr Smith) (that|saying|saying that) {PLAINFACT}
*2 @miss_address :: (send|write) (a mail|an email|an e-mail|a letter) (saying|that says|to say|telling them) {PLAINFACT}
@miss_address :: (mail|email|send) (it|this|that|the result|the newsletter) to (Tom|Anna|my boss|the team|the others|everyone|him|her|marketing|the client)
@miss_address :: (mail|email) {PLAINFACT} to (Tom|Anna|my boss|the team|Kate)
@miss_what :: (set up|make|create|build) (a job|something|an automation) for (the thing we discussed|what I said|our project|my boss|the usual|that)
@miss_what :: (do|handle|sort out) (the thing|it|what we talked about|the stuff from yesterday)
@miss_text :: (post|put|write) something (in|to|on) {notify.channel}
@miss_text :: (save|write) (something|a note|a file) (as|to|in) {save.name}
@miss_text :: (ask|tell) the model (something|to do it|to help)
@miss_topic :: (find|search|look up|google) (something|some pages|stuff|things)( online| on the web| for me|)
@miss_time :: (run|do|send) (it|that|the digest|the report) (every now and then|every third week|from time to time|at a good time|once in a while)
""",
    "PLAINFACT": """
dinner is at eight|I am late|the meeting is off|we are coming|the parcel is here|everything is fine|the invoice is wrong|I quit|the door is open|the cat is well|lunch is ready|the deadline moved|we need more time|thanks for the flowers|the flat is free
""",
}
