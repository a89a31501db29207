"""The open vocabulary: what requests are about, whom they reach, what things are called.

Lists are combined and mixed with invented words, so that what a model learns is to copy.
"""

from __future__ import annotations

import json
import random

from assistant.grounding.marks import url_kind

HEADS = """
batteries|solar cells|wind power|nuclear fusion|heat pumps|hydrogen|electric cars|trains|rail strikes|bicycles|cargo bikes|
airports|drones|rockets|satellites|black holes|exoplanets|telescopes|gravitational waves|quantum computing|semiconductors|chips|
graphics cards|memory prices|laptops|phones|keyboards|operating systems|Linux|the kernel|Rust|Python|Go|Kubernetes|databases|SQLite|
Postgres|compilers|web browsers|accessibility|typography|design systems|open source|licences|copyright|patents|privacy|encryption|
passwords|phishing|ransomware|zero-days|supply chain attacks|malware|firewalls|data breaches|surveillance|facial recognition|
machine learning|language models|AI safety|AI regulation|robots|self-driving cars|chess engines|translation|speech recognition|
interest rates|inflation|bonds|pensions|mortgages|house prices|rents|taxes|tariffs|trade|currencies|gold|copper|lithium|oil|gas|
electricity prices|carbon markets|start-ups|venture capital|mergers|layoffs|unions|wages|remote work|immigration|elections|
polling|parliament|courts|human rights|refugees|ceasefires|sanctions|defence budgets|submarines|cybercrime|police reform|
prisons|schools|universities|teachers|student loans|child care|vaccines|malaria|measles|flu|antibiotics|cancer screening|
diabetes|obesity|sleep|nutrition|mental health|hospitals|nurses|drug prices|gene therapy|CRISPR|proteins|microbes|fungi|mushrooms|
bees|butterflies|birds|whales|sharks|wolves|rewilding|forests|deforestation|coral reefs|glaciers|sea ice|floods|droughts|wildfires|
heatwaves|earthquakes|volcanoes|tsunamis|soil|farming|wheat prices|coffee|tea|cocoa|wine|beer|cheese|bread|baking|sourdough|
restaurants|recipes|vegan cooking|fashion|sneakers|watches|perfume|jewellery|furniture|architecture|housing|urban planning|bridges|
tunnels|ferries|shipping|ports|containers|logistics|warehouses|supermarkets|advertising|podcasts|radio|newspapers|magazines|
publishing|poetry|novels|comics|manga|libraries|museums|archaeology|fossils|dinosaurs|ancient Rome|medieval history|genealogy|maps|
languages|linguistics|philosophy|ethics|mathematics|prime numbers|statistics|physics|chemistry|materials science|graphene|
superconductors|perovskites|catalysts|plastics|recycling|waste|water|sewage|air quality|noise|light pollution|gardening|roses|
tomatoes|orchids|cats|dogs|horses|aquariums|football|rugby|cricket|tennis|cycling|running|marathons|swimming|climbing|skiing|
snowboarding|surfing|sailing|rowing|boxing|judo|chess|Go tournaments|poker|board games|video games|speedrunning|esports|theatre|
opera|jazz|techno|folk music|synthesizers|guitars|pianos|vinyl|cinema|documentaries|animation|photography|cameras|lenses|film|
3D printing|woodworking|knitting|sewing|pottery|model trains|amateur radio|astronomy|meteor showers|tides|weather|storms|
insurance|accounting|procurement|compliance|GDPR|audits|contracts|hiring|onboarding|customer support|refunds|returns|outages|
incidents|latency|backups|migrations|observability|load testing|caching|APIs|webhooks|feature flags|release notes|changelogs|
the harbour|the council|the bakery|the new stadium|bus timetables|parking|allotments|the river|beavers|otters|hedgehogs|moss|
lichens|ferns|seaweed|kelp|oysters|salmon|trout|fishing quotas|lighthouses|canals|steam engines|clocks|stamps|coins|kites|balloons
""".replace("\n", "").split("|")

MODIFIERS = """
solid-state|cheap|new|recent|European|British|American|Chinese|Indian|African|Brazilian|Japanese|Scottish|Welsh|Irish|German|French|
Nordic|Baltic|Alpine|coastal|urban|rural|local|regional|global|early-stage|open|public|private|small|large-scale|offshore|onshore|
low-cost|high-speed|self-hosted|edge|embedded|industrial|medical|military|civil|clean|green|sustainable|second-hand|vintage|modern|
ancient|experimental|commercial|residential|underground|deep-sea|lunar|orbital|organic|synthetic|digital|analogue|wireless|
autonomous|affordable|luxury|rare|wild|urban|tropical|arctic|volcanic|indie|retro|independent|municipal|federal|cross-border|
post-quantum|zero-trust|serverless|real-time|distributed|lightweight|community|student|amateur|professional|women's|youth|winter|
summer|seasonal|annual|quarterly|late|unusual|strange|unsolved|neglected|upcoming
""".replace("\n", "").split("|")

TAILS = """
in Europe|in Africa|in the UK|in Japan|in schools|in hospitals|in small towns|on the coast|for beginners|for small teams|for kids|
at sea|in space|in orbit|in Brazil|in the Alps|after the storm|before the election|without a licence|under the new law|
and their cost|and jobs|and health|and safety|and the law|and food|and music|and energy|and sport|in agriculture|in the workplace|
in production|near rivers|in winter|in old buildings|from recycled parts|at home
""".replace("\n", "").split("|")

NAMES = """
Apple|Nvidia|Tesla|Airbus|Boeing|Siemens|Philips|Nokia|Toyota|Volvo|Maersk|Unilever|Nestlé|Bayer|Roche|Novartis|Arm|Intel|AMD|TSMC|
Samsung|Sony|Nintendo|Valve|Mozilla|Wikipedia|Debian|Ubuntu|Fedora|NixOS|GNOME|KDE|Django|Gradio|PyTorch|NumPy|Godot|Blender|Inkscape|
London|Leeds|Hull|Bristol|Cardiff|Belfast|Glasgow|Dublin|Cork|Paris|Lyon|Lille|Berlin|Hamburg|Munich|Vienna|Zurich|Milan|Rome|Naples|
Madrid|Seville|Lisbon|Porto|Amsterdam|Rotterdam|Ghent|Oslo|Bergen|Stockholm|Malmö|Helsinki|Tallinn|Riga|Warsaw|Kraków|Prague|Athens|
Istanbul|Cairo|Lagos|Nairobi|Accra|Tokyo|Osaka|Seoul|Taipei|Hanoi|Delhi|Mumbai|Sydney|Perth|Auckland|Toronto|Montreal|Chicago|Boston|
Denver|Austin|Lima|Bogotá|Quito|Santiago|Ukraine|Taiwan|Kenya|Ghana|Chile|Peru|Nepal|Iceland|Greenland|Norway|Estonia|NASA|ESA|CERN|
the ECB|the Fed|the EU|the WHO|the IMF|the BBC|the NHS|Ofcom|OPEC|UNESCO|Liverpool|Arsenal|Ajax|Juventus|Leicester City|Mars|Venus|
Jupiter|Titan|Europa|Antarctica|the Amazon|the North Sea|the Baltic|the Danube|Kilimanjaro|Etna|Beethoven|Bach|Kafka|Borges|Austen
""".replace("\n", "").split("|")

PEOPLE = """
jo|sam|alex|maria|li|ahmed|fatima|olga|ivan|pedro|ana|lucas|emma|noah|mia|ben|kate|tom|will|nina|lena|hans|greta|pierre|claire|luc|
chiara|marco|giulia|joão|sofia|daan|sanne|bram|eva|yuki|kenji|mei|raj|priya|anika|omar|leila|kofi|ama|zoe|max|ruth|iris|otto|vera|
hugo|ines|felix|clara|bob|alice|carol|dave|erin|frank|grace|heidi|judy|mallory|peggy|trent|victor|walter|dana|robin|kim|pat|morgan
""".replace("\n", "").split("|")

SURNAMES = """
smith|jones|brown|taylor|walker|lee|patel|khan|singh|garcia|lopez|silva|santos|rossi|bianchi|muller|schmidt|weber|fischer|dubois|
moreau|laurent|jansen|visser|bakker|novak|horvat|kowalski|tanaka|sato|chen|wang|kim|park|nguyen|okafor|mensah|haddad|cohen|levy
""".replace("\n", "").split("|")

ROLES = """
team|ops|info|hello|news|press|sales|support|office|admin|editor|editors|staff|board|legal|finance|hr|marketing|research|alerts|
oncall|desk|club|group|list|all|everyone|partners|clients|friends|family|digest|reports|data|billing|accounts|security|dev|web|
kitchen|library|shop|lab|readers|volunteers|members|press-office|night-shift|design|boss|ceo|cto|helpdesk|planning|logistics
""".replace("\n", "").split("|")

SITE = """
news|blog|daily|wire|post|times|herald|tribune|gazette|journal|review|weekly|observer|signal|beacon|pulse|planet|science|tech|energy|
green|health|food|sports|city|harbour|coast|river|market|trade|money|bank|rates|shop|store|books|records|garden|bikes|trains|rail|
status|cloud|data|code|dev|bytes|bits|kernel|rust|python|robots|space|orbit|stars|ocean|forest|weather|storm|quake|birds|bees|museum|
library|archive|school|campus|clinic|labs|works|studio|media|press|radio|cinema|music|games|chess|travel|hotels|flights|jobs|council
""".replace("\n", "").split("|")

WORDS = """
alpha|amber|anchor|apple|arrow|ash|atlas|aurora|bay|birch|blue|bold|brick|bright|bronze|brook|cedar|chalk|cinder|clear|cliff|clover|
copper|coral|crane|crisp|dawn|delta|drift|dune|eagle|east|echo|elm|ember|fable|falcon|fern|field|flint|fox|frost|gale|glass|gold|
granite|grove|hazel|heron|hill|iron|island|ivory|jade|juniper|kite|lake|lark|leaf|lily|lime|linen|lunar|maple|marble|meadow|mint|moon|
moss|north|nova|oak|olive|onyx|open|orchid|otter|owl|paper|pearl|pebble|pine|plain|plum|polar|quartz|quick|quiet|rain|raven|red|reef|
ridge|robin|rose|ruby|rust|sage|salt|sand|silver|sky|slate|snow|solar|south|spark|spruce|star|stone|storm|summer|sun|swift|thistle|
tidal|timber|topaz|tulip|upper|vale|velvet|violet|west|wheat|white|wild|willow|wind|winter|wolf|wren|yellow|zephyr
""".replace("\n", "").split("|")

TLDS = "com|org|net|io|dev|example|co.uk|de|fr|es|it|nl|pt|eu|news|info|example.com|example.org|test|ai|app|tech|gov|edu|us|ch|at|be".split(
    "|"
)
CHANNELS = """
ops|general|random|alerts|news|dev|team|release|releases|deploys|incidents|marketing|sales|support|reading|papers|ai|security|data|
weather|lunch|standup|editors|press|design|product|finance|hiring|ideas|watercooler|on-call|eng|backend|frontend|monitoring|status
""".replace("\n", "").split("|")
TABLES = """
orders|customers|products|users|invoices|payments|refunds|subscriptions|sign-ups|visits|sessions|tickets|shipments|returns|suppliers|
employees|stock items|bookings|events|members|loans|books|courses|students|grades|articles|comments|votes|sensors|readings|trips|rides
""".replace("\n", "").split("|")
DATABASES = """
shop|sales|store|crm|warehouse|analytics|orders|billing|inventory|library|school|hr|metrics|tickets|events|customers|main|prod|
reporting|finance|web|app|logs|library-2|fleet|clinic|bookings|museum
""".replace("\n", "").split("|")
SHEETS = """
digest|summary|report|notes|prices|rates|table|list|news|brief|results|output|data|top|stories|headlines|archive|log|page|article|
reading|weekly|daily|letter|index|stock|scores|jobs|events|papers|quotes|response|answer|draft|changes|links
""".replace("\n", "").split("|")
MODELS = """
gpt-4o|gpt-5|gpt-5-mini|claude|claude-opus-4|claude-sonnet-4-5|openai/gpt-4o-mini|openai/gpt-5|anthropic/claude-sonnet-4-5|
anthropic/claude-haiku|ollama/llama3|ollama/mistral|ollama/qwen3|local/qwen2.5-7b|local/llama-3.1-8b|local/mistral-7b|starter|
mistral-large|gemini-2.5-pro|openrouter/deepseek-r1|openrouter/qwen3|llama3|qwen3|deepseek|local/phi-4|anthropic/claude-opus-4
""".replace("\n", "").split("|")
FIELDS = """
title|name|price|date|author|link|rating|stock|address|phone|city|score|rank|team|points|country|population|currency|rate|change|
volume|summary|image|category|code|status|duration|distance|departure|arrival|platform|salary|company|location|deadline|size|colour
""".replace("\n", "").split("|")
ZONES = """
Europe/London|Europe/Berlin|Europe/Paris|Europe/Madrid|Europe/Rome|Europe/Lisbon|Europe/Amsterdam|America/New_York|America/Chicago|
America/Los_Angeles|America/Sao_Paulo|Asia/Tokyo|Asia/Kolkata|Asia/Singapore|Australia/Sydney|UTC|Africa/Nairobi|Europe/Zurich
""".replace("\n", "").split("|")
CITIES_TIME = """
London|Berlin|Paris|Madrid|Rome|Lisbon|Amsterdam|New York|Chicago|Los Angeles|Tokyo|Singapore|Sydney|Zurich|Vienna|Dublin|Delhi
""".replace("\n", "").split("|")

_ONSETS = "b|br|c|ch|d|dr|f|fl|g|gr|h|j|k|kl|l|m|n|p|pr|qu|r|s|sh|sk|sl|st|t|th|tr|v|w|z".split("|")
_VOWELS = "a|e|i|o|u|ai|ea|ee|io|oa|ou|y".split("|")
_ENDS = "|n|r|s|t|l|m|x|nd|st|rk|ck|th|ng|ph|lt|sh|d".split("|")


def invented(rng: random.Random, low: int = 2, high: int = 3) -> str:
    """A word that no list has."""
    n = rng.randint(low, high)
    return "".join(
        rng.choice(_ONSETS)
        + rng.choice(_VOWELS)
        + (rng.choice(_ENDS) if i == n - 1 or rng.random() < 0.3 else "")
        for i in range(n)
    )


def topic(rng: random.Random) -> str:
    """What a text is about: known things, combinations, invented words and names."""
    kind = rng.random()
    if kind < 0.28:
        said = rng.choice(HEADS)
    elif kind < 0.48:
        said = f"{rng.choice(MODIFIERS)} {bare(rng.choice(HEADS))}"
    elif kind < 0.56:
        said = f"{rng.choice(HEADS)} {rng.choice(TAILS)}"
    elif kind < 0.66:
        said = f"{rng.choice(HEADS)} and {rng.choice(HEADS)}"
    elif kind < 0.76:
        said = rng.choice(NAMES)
    elif kind < 0.80:
        said = f"{rng.choice(NAMES)} {bare(rng.choice(HEADS))}"
    elif kind < 0.86:
        said = f"{invented(rng)} {bare(rng.choice(HEADS))}"
    elif kind < 0.92:
        said = invented(rng)
    elif kind < 0.96:
        said = f"{invented(rng)} {invented(rng)}"
    else:
        said = invented(rng).capitalize()
    return said


def bare(noun: str) -> str:
    """Without an article."""
    return noun.removeprefix("the ")


def title(rng: random.Random) -> str:
    """What a newsletter is called."""
    first = rng.choice(
        [
            lambda: bare(topic(rng)).title(),
            lambda: rng.choice(WORDS).capitalize(),
            lambda: rng.choice(NAMES),
            lambda: rng.choice(SITE).capitalize(),
            lambda: invented(rng).capitalize(),
            lambda: rng.choice(
                "Morning|Evening|Daily|Weekly|Monday|Friday|Sunday|The|Our|Early|Late|Monthly|Midweek".split(
                    "|"
                )
            ),
        ]
    )()
    second = rng.choice(
        "Digest|Brief|Briefing|News|Letter|Weekly|Daily|Review|Round-up|Roundup|Update|Report|Notes|Bulletin|Wire|Post|Dispatch|Signal|Reader|Picks|Edition|Watch|Notebook|Highlights|Five|Times|in Short|This Week".split(
            "|"
        )
    )
    return f"{first} {second}"


def host(rng: random.Random) -> str:
    """A host name."""
    style = rng.random()
    if style < 0.35:
        name = rng.choice(WORDS) + rng.choice(["", "-"]) + rng.choice(SITE)
    elif style < 0.6:
        name = invented(rng)
    elif style < 0.8:
        name = rng.choice(SITE) + rng.choice(["", "-"]) + invented(rng, 1, 2)
    else:
        name = rng.choice(WORDS) + rng.choice(WORDS)
    sub = rng.choice(
        ["", "", "", "", "www.", "blog.", "news.", "feeds.", "m.", f"{rng.choice(WORDS)}."]
    )
    return sub + name + "." + rng.choice(TLDS)


def _scheme(rng: random.Random) -> str:
    return rng.choice(["https://"] * 7 + ["http://", "", ""])


def page_url(rng: random.Random) -> str:
    """A URL of an ordinary page, which says nothing of a feed or an API."""
    while True:
        url = _page_url(rng)
        if url_kind(url) == "page" or rng.random() < 0.05:
            return url


def feed_url(rng: random.Random) -> str:
    """A URL that looks like a feed."""
    tail = rng.choice(
        "/feed|/feed.xml|/rss|/rss.xml|/atom.xml|/index.xml|/feeds/all.atom|/feed/|/news.rss|/rss/all.xml|/feeds/main.rss|/{w}.xml|/{w}/feed|/{w}/rss.xml|/{w}/feed.xml|/feeds/{w}.xml|/{w}.rss|/{w}.atom|/rss/{w}|/feed.json|/feed?cat={w}".split(
            "|"
        )
    ).format(w=rng.choice(WORDS + SITE))
    return _scheme(rng) + host(rng) + tail


def _page_url(rng: random.Random) -> str:
    w, v = rng.choice(WORDS + SITE), rng.choice(WORDS + SITE + [invented(rng)])
    tail = rng.choice(
        [
            "",
            "/",
            f"/{w}",
            f"/{w}/",
            f"/{w}/{v}",
            f"/{w}.html",
            f"/{w}/{v}.html",
            f"/{w}-{v}",
            f"/{w}/{rng.randint(1, 9999)}",
            f"/{w}?page={rng.randint(1, 9)}",
            f"/en/{w}",
            f"/20{rng.randint(18, 26)}/{rng.randint(1, 12):02}/{v}-{w}",
        ]
    )
    scheme = _scheme(rng)
    return (scheme or ("www." if tail in ("", "/") else "")) + host(rng).removeprefix("www.") + tail


def api_url(rng: random.Random) -> str:
    """A URL that looks like an API."""
    w, v = (
        rng.choice(WORDS + SITE),
        rng.choice(
            "status|users|orders|health|hooks|items|rates|events|build|deploy|search|latest|tickets|jobs|ping|metrics|v".split(
                "|"
            )
        ),
    )
    base = rng.choice(
        [
            "https://api." + host(rng).removeprefix("www."),
            "https://" + host(rng) + "/api",
            "https://hooks." + host(rng).removeprefix("www."),
            f"http://localhost:{rng.choice([80, 3000, 5000, 8000, 8080, 9000])}",
            "https://" + host(rng) + "/api/v" + str(rng.randint(1, 3)),
        ]
    )
    return base + rng.choice(
        [
            f"/{v}",
            f"/v1/{v}",
            f"/{v}/{rng.randint(1, 999)}",
            f"/{w}/{v}",
            f"/{w}",
            f"/{v}?q={w}",
            f"/{v}.json",
        ]
    )


def mail(rng: random.Random) -> str:
    """An address."""
    person, role = rng.choice(PEOPLE), rng.choice(ROLES)
    local = rng.choice(
        [
            person,
            role,
            f"{person}.{rng.choice(SURNAMES)}",
            f"{person[0]}.{rng.choice(SURNAMES)}",
            f"{role}+{rng.choice(WORDS)}",
            f"{person}{rng.randint(1, 99)}",
            invented(rng),
        ]
    )
    return local.encode("ascii", "ignore").decode() + "@" + host(rng).removeprefix("www.")


def channel(rng: random.Random) -> str:
    return rng.choice(
        [
            rng.choice(CHANNELS),
            rng.choice(CHANNELS),
            f"{rng.choice(CHANNELS)}-{rng.choice(WORDS)}",
            f"{rng.choice(WORDS)}-{rng.choice(CHANNELS)}",
            invented(rng),
        ]
    )


def filename(rng: random.Random, endings: str = "md|md|md|txt|html|csv|json|pdf|yaml|xml") -> str:
    """A file's name."""
    stem = rng.choice(
        [
            rng.choice(SHEETS),
            rng.choice(SHEETS),
            f"{rng.choice(SHEETS)}-{rng.choice(WORDS)}",
            f"{rng.choice(WORDS)}_{rng.choice(SHEETS)}",
            invented(rng),
            f"{rng.choice(SITE)}-{rng.choice(SHEETS)}",
        ]
    )
    folder = rng.choice(["", "", "", "", "", f"{rng.choice(SHEETS)}/", "out/", "exports/"])
    return folder + stem + "." + rng.choice(endings.split("|"))


def selector(rng: random.Random) -> str:
    """A CSS selector."""
    w, v = rng.choice(WORDS + SHEETS), rng.choice(SHEETS + FIELDS)
    return rng.choice(
        [
            f".{w}",
            f"#{v}",
            f"table.{w}",
            f"table#{w}",
            f"div.{w}",
            f"ul.{w} li",
            f".{w} .{v}",
            f"#{w} tr",
            f"article.{w}",
            f".{w}-{v}",
            f"div.{w} > a",
            f"tr.{v}",
            f"li.{w}",
        ]
    )


def job_name(rng: random.Random) -> str:
    """A job's name: a slug."""
    return rng.choice(
        [
            f"{rng.choice(WORDS)}-{rng.choice(SHEETS)}",
            f"{rng.choice(SITE)}-{rng.choice(SHEETS)}",
            f"{rng.choice('daily|weekly|morning|nightly|monthly|friday|monday|hourly|ai'.split('|'))}-{rng.choice(SITE + SHEETS)}",
            f"{invented(rng)}-{rng.choice(SHEETS)}",
            f"{rng.choice(SITE)}-{rng.choice('watch|check|sync|backup|monitor|import|export|alert|digest|news'.split('|'))}",
            rng.choice(
                "backup|digest|newsletter|prices|cleanup|fetch-sources|price-watch|headlines|standup".split(
                    "|"
                )
            ),
        ]
    )


SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty".split("|")
SMALL_VALUE = dict(zip(SMALL, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20], strict=True))


def number(rng: random.Random, low: int = 2, high: int = 30) -> str:
    """A number as people write it: digits more often than words."""
    if rng.random() < 0.4:
        return rng.choice([w for w in SMALL if low <= SMALL_VALUE[w] <= high])
    small = rng.choice([3, 5, 10, 20, rng.randint(low, high), rng.randint(low, min(high, 12))])
    return str(min(max(small, low), high))


def record(rng: random.Random) -> str:
    """A JSON body."""
    made = {
        rng.choice(FIELDS + WORDS): rng.choice([rng.choice(WORDS), rng.randint(1, 99), True, "ok"])
        for _ in range(rng.randint(1, 2))
    }
    return json.dumps(made)
