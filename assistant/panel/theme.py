"""Gradio's theme and our style sheet: no font, script or picture comes from elsewhere."""

from __future__ import annotations

from pathlib import Path

from gradio import themes

STATIC = Path(__file__).parent / "static"


def theme() -> themes.Base:
    """A plain base; `look.css` does the rest through CSS variables."""
    return themes.Base(
        primary_hue=themes.colors.teal,
        neutral_hue=themes.colors.stone,
        font=("Inter", "system-ui", "sans-serif"),
        font_mono=("JetBrains Mono", "monospace"),
        radius_size=themes.sizes.radius_md,
        text_size=themes.sizes.text_md,
    )


def style() -> str:
    return (STATIC / "look.css").read_text(encoding="utf-8")
