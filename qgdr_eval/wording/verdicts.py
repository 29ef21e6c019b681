"""What a reading allows to say, in words: in full for a page, in a word for a table, for a key."""

CAPPED = "plafonné"
TO_CONFIRM = "à confirmer"
NO_CONCLUSION = "on ne peut pas conclure"

IN_FULL = {  # by verdict and band; a band beside nothing goes by its place between the marks
    ("established", "strength"): "point fort établi",
    ("established", "priority"): "priorité établie",
    ("to_confirm", "strength"): f"plutôt un point fort, {TO_CONFIRM}",
    ("to_confirm", "priority"): f"plutôt une priorité, {TO_CONFIRM}",
}
WITHOUT_BAND = {
    "cannot_conclude": NO_CONCLUSION,
    "capped": f"{CAPPED} : un critère critique n'est pas toujours conforme",
    "no_threshold": "sans seuil de lecture",
    "hidden": "effectif insuffisant",
}
IN_A_WORD = {  # in a table of several services or campaigns
    ("established", "strength"): "point fort",
    ("established", "priority"): "priorité",
    ("established", "between"): "entre les deux",
    ("to_confirm", "strength"): f"point fort, {TO_CONFIRM}",
    ("to_confirm", "priority"): f"priorité, {TO_CONFIRM}",
    ("to_confirm", "between"): f"entre les deux, {TO_CONFIRM}",
    "cannot_conclude": "sans conclusion",
    "capped": CAPPED,
    "hidden": "non montré",
}
IN_A_KEY = {  # beside what a figure draws
    "established": "établi : tout l'intervalle est dans une seule zone",
    "to_confirm": f"{TO_CONFIRM} : l'intervalle franchit un seuil",
    "cannot_conclude": f"{NO_CONCLUSION} : l'intervalle va d'une zone à l'autre",
    "capped": WITHOUT_BAND["capped"],
}
