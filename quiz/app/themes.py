"""The themes: ink (dark), paper (light), and two for terminals of sixteen colours, which keep the terminal's own.

Everything else in the app names colours by their role. Beside Textual's roles there are `$choice` and `$choice-text`, the
line that is chosen, and `$choice-blurred`, the same while the keys go elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

INK = Theme(
    name="ink",
    dark=True,
    primary="#7aa2d6",
    secondary="#8fb8a8",
    accent="#e0b778",
    success="#9cc38a",
    warning="#e0b778",
    error="#e08a84",
    foreground="#d5dae3",
    background="#14171d",
    surface="#1a1e26",
    panel="#212631",
    variables={
        "footer-key-foreground": "#e0b778",
        "input-selection-background": "#7aa2d6 30%",
        "choice": "#36475e",
        "choice-blurred": "#262f3d",
        "choice-text": "#d5dae3",
        "text-muted": "#99a1b0",
        "text-disabled": "#7b8494",
    },
)
PAPER = Theme(
    name="paper",
    dark=False,
    primary="#2f5f9e",
    secondary="#3a7a66",
    accent="#96600f",
    success="#3f7a2c",
    warning="#96600f",
    error="#b03a34",
    foreground="#22262e",
    background="#faf8f3",
    surface="#f3f0e8",
    panel="#e9e5da",
    variables={
        "choice": "#b9c8d9",
        "choice-blurred": "#dcdfe0",
        "choice-text": "#22262e",
        "text-muted": "#5f646d",
        "text-disabled": "#7a7f88",
    },
)


def _sixteen(name: str, *, dark: bool, frame: str, roles: Mapping[str, str]) -> Theme:
    """A theme of the terminal's own colours. Its background is left alone; what is chosen is white on blue in both."""
    shades = {
        f"{role}-{way}-{k}": frame
        for role in ("panel", "surface", "primary")
        for way in ("lighten", "darken")
        for k in "123"
    }
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        primary=roles["primary"],
        secondary=roles["secondary"],
        accent=roles["accent"],
        success=roles["success"],
        warning=roles["warning"],
        error=roles["error"],
        variables={
            **BUILTIN_THEMES[name].variables,
            **shades,
            "choice": "ansi_blue",
            "choice-blurred": "ansi_default",
            "choice-text": "ansi_bright_white" if dark else "ansi_white",
            "link-color": "ansi_default",
            "link-color-hover": "ansi_bright_white",
            "link-background-hover": "ansi_blue",
            "border": roles["primary"],
            "border-blurred": frame,
            "scrollbar": roles["primary"],
            "scrollbar-hover": roles["primary"],
            "scrollbar-active": roles["primary"],
            "scrollbar-background": "ansi_default",
            "scrollbar-background-hover": "ansi_default",
            "scrollbar-background-active": "ansi_default",
            "block-cursor-foreground": "ansi_bright_white",
            "block-cursor-background": "ansi_blue",
            "input-selection-background": "ansi_blue",
            "input-selection-foreground": "ansi_bright_white",
            "screen-selection-background": "ansi_blue",
            "screen-selection-foreground": "ansi_bright_white",
            "footer-key-foreground": roles["accent"],
        },
    )


ANSI_DARK = _sixteen(
    "ansi-dark",
    dark=True,
    frame="ansi_bright_black",
    roles={
        "primary": "ansi_cyan",
        "secondary": "ansi_green",
        "accent": "ansi_bright_yellow",
        "success": "ansi_green",
        "warning": "ansi_bright_yellow",
        "error": "ansi_bright_red",
    },
)
ANSI_LIGHT = _sixteen(
    "ansi-light",
    dark=False,
    frame="ansi_bright_black",
    roles={
        "primary": "ansi_blue",
        "secondary": "ansi_green",
        "accent": "ansi_magenta",
        "success": "ansi_green",
        "warning": "ansi_magenta",
        "error": "ansi_red",
    },
)

THEMES = {theme.name: theme for theme in (INK, PAPER, ANSI_DARK, ANSI_LIGHT)}
OPPOSITE = {a.name: b.name for a, b in ((INK, PAPER), (PAPER, INK), (ANSI_DARK, ANSI_LIGHT), (ANSI_LIGHT, ANSI_DARK))}
"""The light theme of as many colours for each dark one, and back."""


def fitting(colours: int, environ: Mapping[str, str] = os.environ) -> str:
    """The theme for a terminal of so many colours; light where the terminal says by COLORFGBG that it is."""
    light = environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
    if colours <= 16:
        return (ANSI_LIGHT if light else ANSI_DARK).name
    return (PAPER if light else INK).name
