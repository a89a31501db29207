"""The panel as a web application: our own routes, Gradio's page, and the gatekeeper around both."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles

from assistant.alerts.approvals import Approvals
from assistant.errors import RequestWrong
from assistant.panel.gradio_door import built_once
from assistant.panel.layout import Desk, build, head
from assistant.panel.login import Password
from assistant.panel.safety import Gatekeeper, Links
from assistant.panel.sessions import Sessions
from assistant.panel.texts import say
from assistant.panel.theme import STATIC, style, theme
from assistant.panel.word import add_word_pages
from assistant.schedule import hook_server
from assistant.schedule.hooks import Hooks


def application(
    desk: Desk, *, runs_dir: Path, approvals: Approvals | None = None, hooks: Hooks | None = None
) -> FastAPI:
    """The whole panel except who may enter. Artifacts are served from `runs_dir`.

    With `approvals`, the pages behind signed links are there too; with `hooks`, the addresses
    that others post to.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/look", StaticFiles(directory=STATIC))

    @app.get("/healthz")
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    if approvals is not None:
        add_word_pages(app, approvals)

    if hooks is not None:
        app.router.routes.append(hook_server.route(lambda: hooks))

    @app.get("/export/{name}")
    def export(name: str) -> Response:
        try:
            packed = desk.archive(name.removesuffix(".zip"))
        except RequestWrong as wrong:
            raise HTTPException(409, f"{wrong.message}. {wrong.hint}") from wrong
        if packed is None:
            raise HTTPException(404, say("shell.no_job"))
        said = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(packed, media_type="application/zip", headers=said)

    @app.get("/artifacts/{job}/{run}/{name}")
    async def artifact(job: str, run: str, name: str) -> FileResponse:
        folder = (runs_dir / job / run / "artifacts").resolve()
        path = (folder / name).resolve()
        if not folder.is_relative_to(runs_dir.resolve()) or path.parent != folder:
            raise HTTPException(404, say("shell.no_file"))
        if not path.is_file():
            raise HTTPException(404, say("shell.no_file"))
        # Always a download: a page that a run made must not run in the panel's origin.
        return FileResponse(path, filename=name, media_type="application/octet-stream")

    with built_once():
        page = build(desk)
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        css=style(),
        head=head(),
        footer_links=[],
        ssr_mode=False,
        show_error=False,
        max_file_size="20mb",
    )


def guarded(
    app: FastAPI,
    *,
    links: Links,
    sessions: Sessions,
    port: int,
    public: str = "",
    password: Password | None = None,
) -> Gatekeeper:
    """The panel behind its gatekeeper; `public` is the address that signed links lead to."""
    return Gatekeeper(
        app, links=links, sessions=sessions, port=port, public=public, password=password
    )
