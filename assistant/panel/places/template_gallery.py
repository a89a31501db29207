"""Where a job can come from besides words: a template with its blanks, or a file."""

from __future__ import annotations

from pathlib import Path

from assistant.job import templates
from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.drawing_parts import tile
from assistant.panel.html import Html, el
from assistant.panel.places import job_list
from assistant.panel.texts import say
from assistant.pipeline.loader import load
from assistant.pipeline.walk import used_skills
from assistant.pipeline.words import sentence, with_defaults
from assistant.skills.library import Library
from assistant.skills.saying import own_words


def gallery(at: Address, own: Path) -> Html:
    """All templates; `own` is the home's folder of them."""
    found = [templates.get(name, own) for name in templates.names(own)]
    return controls.page(
        say("templates.title"), say("templates.sub"), job_list.parts("templates"),
        el("div", [_tile(template) for template in found], class_="tiles"),
        controls.cli("assistant jobs new", "assistant jobs new --template NAME --set BLANK=VALUE"),
    )  # fmt: skip


def blanks(name: str, own: Path, library: Library) -> Html:
    """One template as a form; sending it makes a draft."""
    template = templates.get(name, own)
    job = load(template.text, path=name).job
    says = own_words(library, used_skills(job))
    needed = [blank.name for blank in template.blanks if blank.needed]
    return controls.page(
        template.title, f"{template.told} {say('templates.form_sub')}".strip(),
        el("div",
           controls.card(
               controls.form(
                   "jobs.template", controls.hidden("template", name),
                   controls.field(say("templates.name"), controls.text_input("name", placeholder=name),
                                  say("templates.name_about")),
                   *controls.schema_fields(job.inputs, required=needed),
                   el("div", controls.submit(say("templates.draft")), class_="form-foot"),
                   cli=f"assistant jobs new --template {name} --set BLANK=VALUE", key=f"template-{name}",
               ),
               title=say("templates.blanks"),
           ),
           controls.card(el("ol", [el("li", with_defaults(sentence(step, says), job.inputs)) for step in job.steps], class_="steps"),
                         title=say("templates.steps")),
           class_="two"),
        controls.cli(f"assistant jobs new --template {name} --set BLANK=VALUE"),
        back=(say("templates.title"), to("jobs", "templates")),
    )  # fmt: skip


def bring_in() -> Html:
    return controls.page(
        say("import.title"), say("import.sub"),
        controls.card(
            controls.form(
                "jobs.import",
                controls.field(say("import.file"),
                               el("input", type="file", name="file", accept=".zip,.yaml,.yml"),
                               say("import.file_about")),
                controls.field(say("import.name"), controls.text_input("name"), say("import.name_about")),
                el("div", controls.submit(say("import.go")), class_="form-foot"),
                cli="assistant jobs import FILE", key="import",
            )
        ),
        controls.cli("assistant jobs import FILE", "assistant jobs import FILE --as NAME"),
        back=(say("jobs.all"), to("jobs")),
    )  # fmt: skip


def _tile(template: templates.Template) -> Html:
    job = load(template.text, path=template.name).job
    skills = used_skills(job)
    return el(
        "a", tile(skills[0] if skills else ""), el("b", template.title),
        el("span", template.told),
        el("span", [el("i", skill.replace("_", " ")) for skill in skills[:4]], class_="tags"),
        href=to("jobs", "templates", template.name), class_="tile",
    )  # fmt: skip
