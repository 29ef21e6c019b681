"""The colours and letters of everything we show, figures and pages alike."""

PALETTE = {
    "ink": "#1c2733",
    "muted": "#5a6672",  # secondary text: 5.9:1 on paper
    "grey": "#79848f",  # marks that conclude nothing
    "neutral": "#c3c9cf",  # the neutral answer
    "rule": "#c9cfd5",
    "grid": "#e3e7ea",
    "soft": "#f1f3f5",
    "paper": "#ffffff",
    "cool": "#1d5f8c",  # favourable
    "cool_light": "#aecde2",
    "cool_soft": "#ecf4f9",
    "warm": "#a9480c",  # unfavourable
    "warm_light": "#f2c49b",
    "warm_soft": "#fdf1e6",
}
FONT_STACK = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
)
