"""Two calm themes: ink (dark) and paper (light). Everything else in the app names colours by their role."""

from __future__ import annotations

from textual.theme import Theme

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
    variables={"footer-key-foreground": "#e0b778", "input-selection-background": "#7aa2d6 30%"},
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
)

THEMES = {theme.name: theme for theme in (INK, PAPER)}
