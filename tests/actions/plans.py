"""Small plans for the tests, and texts that files tend to lose."""

from qgdr_eval.actions.model import ACTION_COLUMNS, make_actions

COMPLETE = {
    "id": "A",
    "facility": "Hôpital fictif",
    "pole": "Pôle Médecine",
    "service": "Cardiologie",
    "action": "Relire les transmissions du matin à deux voix",
    "state": "en cours",
    "progress": "40",
    "pilot": "Cadre de santé",
    "start": "2026-01-05",
    "due": "2026-12-31",
    "indicator": "Part des transmissions relues",
}
HOSTILE = (
    "=1+1",
    "+33 1 00 00 00 00",
    "-5 %",
    "@SOMME(A1)",
    '=HYPERLINK("http://exemple.invalid";"ici")',
    "＝1+1",
    "\t=1+1",
    "'=1+1",
    "'apostrophe",
    "007",
    "1e5",
    "12:30",
    "31/12/2026",
    "VRAI",
    "#N/A",
    "0,1",
    "  des espaces autour  ",
    "première ligne\ndeuxième ligne\r\ntroisième",
    "\nau début",
    "a;b,c\td|e",
    'un "guillemet" et un autre"',
    "L’œuvre d’été : « ça » – 5 % ?",
    "🙂👩🏽‍⚕️",
    "_x000D_ et _x005F_",
    "<script>alert(1)</script>",
    "x" * 32_000,
    " ",
    "sep=;",
)


def plan(*rows, **common):
    """A plan whose rows are `COMPLETE` but for what each says, with ids A, B, C…"""
    held = [{**COMPLETE, "id": "ABCDEFGHIJKLMNOP"[rank], **common, **row}
            for rank, row in enumerate(rows)]  # fmt: skip
    return make_actions(held, [*ACTION_COLUMNS, *(name for row in held for name in row)])
