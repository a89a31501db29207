"""How changes to a job are asked for in English: what is changed → texts (see `grammar`)."""

NAMED = {
    "fetch_feed": "the feed|feed|source",
    "scrape_page": "the page|page|scraping",
    "web_search": "the search|web search",
    "rank_items": "the ranking|ranking|filter|selection|sorting",
    "summarize_items": "the summary|summaries|summary|the summaries|summarising|summing up",
    "compile_newsletter": "the newsletter|newsletter|the letter",
    "send_email": "the mail|mail|email|the email|mailing",
    "save_file": "the file|file|saving|the copy",
    "notify": "the notification|the message|notification|note in the channel|ping|channel message",
    "query_database": "the database question|database",
    "http_request": "the call|API call|request",
}

# op → texts; {n} {topic} … are new values, {old} what stands there, {thing} what the step makes.
TEXTS: dict[str, str] = {
    "set_limit": """
(make it|only|just|take|show|use|send|pick|keep|I want|give me|let it be|better|rather|now|please make that) {n}[ stories| items| articles| posts| of them| entries| results][ instead| from now on| please| next time| instead of {old}| not {old}| rather than {old}]
(change|set|raise|lower|increase|reduce|cut|bring|put|adjust|limit) (the limit|the number|the count|it|the number of stories|the number of items|the list|the amount)[ from {old}] (to|down to|up to) {n}
{n} (stories|items|articles|posts|results|entries|of them) (are enough|would be better|will do|is plenty|instead of {old}|rather than {old}|, not {old}|please|from now on|are plenty)
(instead of {old}|rather than {old}) (take|send|use|I want|give me|pick) {n}
no more than {n}[ stories| items| please]
(at most|up to|max) {n}[ stories| items| articles]
I (meant|said|wanted|only want|only need) {n}[ stories| items| not {old}]
{old} is too (many|much|few)(, make it|: take|, I want|;) {n}
actually {n}[ stories| items]
limit it to {n}[ stories| items]
{n} not {old}
""",
    "double_limit": """
(double|twice) (the number|the limit|the stories|the number of stories|the amount|the items|it|as many[ stories| items]|the list)
(make it|send|take|I want) (twice as many|double|twice the number)[ stories| items]
""",
    "half_limit": """
(halve|cut in half|half) (the number|the limit|the stories|the number of stories|the items|it|the list)
(make it|send|take|I want) (half as many|only half|half)[ stories| items| the stories| of it]
half as many[ stories| items| please]
""",
    "clear_limit": """
(drop|remove|lift|forget|no|without|delete|get rid of|take away) (the limit|the limit on stories|limit|the maximum|the cap)
(send|take|show|give me|I want) (all of them|all the stories|everything|all items)[, no limit]
""",
    "set_topic": """
(change|set|switch|turn) (the topic|the subject matter|topic|it|the theme|the focus) to {topic}
(make it|it should be|let it be|I want it|have it|now|rather|make that|this time) about {topic}[ instead| instead of {old}| not {old}| from now on| please]
{topic} instead of {old}
(stories|news|items|posts|only things|articles) about {topic}[ instead| please| from now on| rather than {old}]
(focus|concentrate) on {topic}[ instead| now| from now on]
(replace|swap) {old} (with|by|for) {topic}
(look|search|filter) for {topic} instead
I'm (more|now|no longer in {old} but) interested in {topic}[ now]
not {old} but {topic}
""",
    "set_query": """
(search|look|google) for {topic} (instead|from now on|now|rather)
(change|set) (the query|the search|the search term|what it searches for) to {topic}
{topic} instead of {old}
""",
    "set_sentences": """
(make|keep|write|do) (the summaries|the summary|each summary|them|summaries|it) {n} sentences[ long| each| instead of {old}]
(summaries|a summary|the summaries|summarise) (of|in|with) {n} sentences[ please| instead| each]
{n} sentences (each|per item|per story|instead of {old}|are enough|will do|please)
(shorter|longer) summaries[, please]: {n} sentences
(change|set|cut|reduce|raise) the (summary|summaries|sentences|summary length) to {n}[ sentences]
""",
    "set_url": """
(use|read|take|fetch|try|switch to|change to|go to|get it from) {url} (instead|instead of {old}|from now on|now|rather than {old})
(change|set|switch) (the feed|the source|the address|the url|the link|the page|the site) to {url}
(replace|swap) (the feed|the source|the url|{old}|the page) (with|by|for) {url}
(the feed|the source|the site|the page|it|the blog) (has moved to|is now at|moved to|is now) {url}
from {url} instead[ of {old}]
(not {old} but|the right link is|the correct address is|I meant) {url}
""",
    "add_url": """
(also|additionally) (read|use|fetch|take|include|check|follow) {url}
(add|include|append) {url}[ too| as well| to the feeds| to the sources| as another source| as a second feed]
(read|use|fetch|take|include|check|follow) {url} (too|as well|in addition|also)
(and|plus) {url}[ too| as well]
one more (feed|source): {url}
""",
    "remove_url": """
(drop|remove|leave out|take out|stop reading|no longer read|forget|delete|kick out) {oldurl}[ from the feeds| from the list| please]
(without|not) {oldurl}[ please| any more| any longer]
""",
    "add_to": """
(also|and also) (send|mail|email) (it|this|the newsletter|that|a copy) to {mail}
(send|mail|email) (it|this|the newsletter|a copy) to {mail} (too|as well|also|in addition)
(add|include|cc|put|copy in) {mail}[ too| as well| to the list| to the recipients| as a recipient| in the mail| on the list| on copy]
{mail} (should|wants to|would like to|must|needs to) (get|receive|have) it (too|as well|also)
(let|have) {mail} (get|receive) it (too|as well)
(and to|plus|cc:|cc) {mail}[ please]
another recipient: {mail}
one more address: {mail}
""",
    "set_to": """
(send|mail|email|deliver) (it|this|the newsletter|that|them) to {mail} (instead|instead of {old}|from now on|rather than to {old}|, not to {old}|now|only)
(change|set|switch) (the recipient|the address|the mail address|the receiver|the email) to {mail}
(replace|swap) {old} (with|by|for) {mail}
(it|the newsletter|the mail) should (go to|be sent to|reach) {mail}[ instead| from now on| instead of {old}| now]
{mail} instead of {old}
(not {old} but|I meant|wrong address, it's|the right address is) {mail}
{mail} (takes over|gets it from now on|replaces {old})
""",
    "remove_to": """
(stop sending it to|no longer send it to|don't send it to|do not mail|stop mailing|don't mail) {oldmail}[ any more| anymore| please| any longer]
(remove|drop|take|delete|unsubscribe|strike) {oldmail}[ from the list| off the list| from the recipients| please| from the mail]
{oldmail} (does not want it any more|should not get it any more|has left|no longer needs it|doesn't need it anymore|left the company)
""",
    "set_title": """
(call|name) it {title}[ instead| from now on]
(change|set) (the title|the name of the newsletter|the headline|its title) to {title}
(the title|its title) (should be|is now|must be|ought to be) {title}
(title|new title|with the title|under the title)[:] {title}
(rename|retitle) the newsletter[ to| as] {title}
""",
    "set_subject": """
(change|set) (the subject|the subject line) to {title}
(the subject|the subject line) (should be|is now|must be) {title}
(with|use) the subject[ line] {title}
subject: {title}
(add|give it) (a|the) subject[:] {title}
""",
    "set_name": """
(save|store|keep|write) (it|that|the file) (as|to|in|under) {file} (instead|instead of {old}|from now on|now)
(change|set) (the file|the file name|the name of the file|the filename) to {file}
(the file|it) should be (called|named) {file}
(rename the file|the file is now called|call the file)[ to] {file}
{file} instead of {old}
""",
    "set_channel": """
(post|tell|send) (it |that |)(to|in) {chan} instead[ of {old}]
(tell|notify|use|ping|inform) {chan} (instead|instead of {old}|from now on|, not {old})
(change|set|switch) the channel to {chan}
{chan} instead of {old}
""",
    "swap_to": """
(replace|swap|exchange) {oldmail} (with|by|for) {mail}
{mail} (instead of|rather than|, not) {oldmail}
(send|mail) it to {mail}(, not to | instead of | rather than ){oldmail}
not {oldmail} but {mail}
change {oldmail} (to|into) {mail}
""",
    "swap_url": """
(replace|swap|exchange) {oldurl} (with|by|for) {url}
{url} (instead of|rather than) {oldurl}
(read|use|take) {url}(, not | instead of | rather than ){oldurl}
change {oldurl} (to|into) {url}
{oldurl} (has moved to|is now|moved to) {url}
""",
    "remove_step": """
(drop|remove|skip|leave out|leave away|take out|delete|omit|cut|get rid of|forget|cancel|leave off) {thing}[ please| from the job| step| from it| from now on]
(no more|without|no|no longer any) {thing}[ please| any more| in future| from now on| needed]
(I|we) (don't|do not|no longer) (need|want) {thing}[ any more| anymore| any longer]
{thing} (is not needed|can go|is unnecessary|may go|isn't necessary)[ any more]
(stop|quit) (doing |with |)(the |){thing}
""",
    "schedule": """
(run|do|send|start|make|schedule) (it|this|that|the job|the newsletter) {when}[ instead| from now on| please]
(change|move|set|switch|shift|put) (it|the schedule|the time|the job|that) to {when}
{when} instead[ please]
(make it|make that|I want it|rather|better|let it run|it should run|have it run|now|please) {when}[ instead]
{when} (would be better|suits me better|is better|from now on|please)
from now on {when}
{when}
reschedule[ it] to {when}
""",
    "unschedule": """
(stop|no longer|don't) (running|run) it (automatically|by itself|on a schedule|on its own)
(remove|drop|delete|cancel|clear) (the schedule|its schedule|the timer|the timing)
(no schedule|no more schedule|without a schedule)[ any more| please]
(run it |)only when I (say so|ask|start it|tell you)
only by hand[ from now on| please]
I('ll| will) start it (myself|by hand)[ from now on]
""",
    "pause": """
(pause|suspend|halt|freeze|hold|interrupt|put on hold|stop) (it|this|the job|that job|{name})[ for now| until further notice| for a while| please| till I'm back| over the holidays| during my vacation]
(take a break with|switch off|turn off|deactivate|disable) (it|the job|{name})[ for now| please]
no {name} (for now|this week|until I say so)
""",
    "resume": """
(resume|continue|unpause|restart|reactivate|wake|wake up|revive) (it|this|the job|that job|{name})[ now| please| again]
(switch|turn) (it|the job|{name}) (on|back on)[ again]
(start|carry on with|go on with) (it|the job|{name}) again
(you can|let it|let the job) (go on|continue|run again)[ now]
""",
    "run_now": """
(run|start|do|execute|launch|fire|trigger|kick off) (it|this|the job|that job|{name}) (now|right now|once|at once|immediately|right away|once now|straight away|this minute)
(give it a try|try it|try it out|test it)[ now| once| please]
(send|make|deliver) it now
run (it|{name})
(I want it|I need it) (now|right now)
(an extra|one extra) run[ now| please]
""",
    "delete": """
(delete|erase|destroy|scrap|throw away|get rid of|bin|trash|remove) (it|this job|the job|that job|{name}|the whole job|the whole thing)[ please| for good| completely| altogether]
(I|we) (don't|do not|no longer) need (the job|this job|{name})[ any more| anymore][, delete it|]
""",
    "rename": """
(rename|call|name) (the job|this job|it|{name}) {newname}
rename (it|the job|this job|{name}) (to|as|into) {newname}
*2 (call|name) it {newname}[ from now on| instead| please]
(change|set) (the name|the job's name|its name) to {newname}
(the job|it|{name}) should be called {newname}
(give it the name|new name:|let's call it) {newname}
""",
    "remove_structure": """
(drop|remove|no|no more|without|forget|skip|take out) {tag}[ please| any more]
(we|I) (don't|do not) need {tag}[ any more]
""",
}
TAGS = {
    "retry": "the retries|retrying|retries|the second tries",
    "timeout": "the timeout|the time limit|timeout",
    "alert": "the alert|alerts|the warning|the alert on failure",
    "approve": "the approval|asking me first|approvals|the approval step",
}
FRONT = [
    "",
    "",
    "",
    "",
    "",
    "",
    "please ",
    "can you ",
    "could you ",
    "actually, ",
    "hmm, ",
    "oh, and ",
    "sorry, ",
    "ok, ",
    "hey, ",
    "one change: ",
    "for {name}: ",
    "in {name}, ",
    "in the job {name} ",
    "no, ",
    "and ",
    "also: ",
    "wait, ",
    "I changed my mind: ",
    "let's ",
    "I'd like you to ",
    "good, but ",
    "nice, but ",
    "almost: ",
    "looks good, but ",
]
