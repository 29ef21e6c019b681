"""Write ``methode.md`` from the rules and worked lines of ``tests/spec``, which the tests run.

python docs/generate_methode.py
"""

from pathlib import Path
from typing import Any

import yaml

from qgdr_eval.french import number, typography

ROOT = Path(__file__).parents[1]
SPEC, PAGE = ROOT / "tests" / "spec", ROOT / "docs" / "methode.md"
INTRODUCTION = """\
# Méthode : comment chaque chiffre est calculé

<!-- Page écrite par docs/generate_methode.py d'après tests/spec ; ne pas la corriger ici. -->

Chaque règle est dite en mots, avec sa source, puis montrée sur des cas qu'on peut refaire à la
main. Ces mêmes cas sont rejoués par les tests à chaque changement du logiciel : si un chiffre de
cette page cessait d'être vrai, les tests échoueraient.

Tous les scores vont de 0 à 100 et s'impriment arrondis, un demi vers le haut (54,5 s'imprime 55).
Il n'y a jamais de note globale : les dimensions se lisent côte à côte. La qualité des intervalles
sur de petites équipes est mesurée dans [la page Intervalles](intervalles.md).
"""


def render() -> str:
    """The whole page."""
    specs = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(SPEC.glob("*.yml"))]
    return typography("\n".join([INTRODUCTION, *map(section, specs)]))


def section(spec: dict[str, Any]) -> str:
    """One rule: its words, its source, its table."""
    return f"## {spec['title']}\n\n{spec['words']}\nSource : {spec['source']}\n\n{table(spec)}\n"


def table(spec: dict[str, Any]) -> str:
    """The worked lines, under the names columns have for the reader."""
    columns = spec["columns"]
    rows = [[cell(line.get(key, "")) for key in columns] for line in spec["lines"]]
    lines = [list(columns.values()), ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: object) -> str:
    """A value as a French reader writes it: decimal comma, lists spelt out."""
    if isinstance(value, list):
        nested = any(isinstance(part, list) for part in value)
        return " ".join(f"({cell(part)})" for part in value) if nested else listed(value)
    if isinstance(value, float):
        return number(value, 2).rstrip("0").rstrip(",")
    return str(value)


def listed(values: list[object]) -> str:
    """Values separated by commas, a dash for none."""
    return ", ".join(map(cell, values)) or "–"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
