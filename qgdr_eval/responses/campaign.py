"""The campaign: who was asked what, when, and where the answers are."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter

from qgdr_eval.definitions import Document, Strict, absent_key, place, read_document, validate
from qgdr_eval.definitions.source import Path_
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem
from qgdr_eval.responses.asked import Asking
from qgdr_eval.tables.file import TableFile, Text
from qgdr_eval.tables.spelling import plain

PLACES = {"facility": "Établissement", "service": "Service"}  # their names in a grid of the kit
ROLE_WORDS = {  # what people call the keys of `Columns`, without accents
    **dict.fromkeys(("equipe", "unite", "secteur", "pole", "ward", "unit"), "service"),
    **dict.fromkeys(("etablissement", "site", "structure", "hopital"), "facility"),
    **dict.fromkeys(("identifiant", "id", "dossier", "repondant"), "subject"),
    **dict.fromkeys(("profession", "metier", "fonction", "categorie"), "strata"),
}
WHICH_SERVICE = (
    "écrivez « columns: {service: nom de sa colonne} » ; pour un seul service, aucune colonne "
    "n'est nécessaire : « services: [{service: son nom, head_count: effectif}] »"
)
SENSES = {  # what `Coding.reversed` may be, and when
    "as_worded": "telles que les personnes les ont données",
    "already_reversed": "déjà retournées par l'outil d'enquête",
}
WHICH_SENSE = (
    "écrivez « reversed: as_worded » si les réponses aux items inversés sont "
    f"{SENSES['as_worded']}, « reversed: already_reversed » si elles sont "
    f"{SENSES['already_reversed']}"
)
PUBLICATIONS = "publications"  # beside a campaign file: what was published, its secret key
RESERVED = ("campaign", "facility", "service", "subject")  # columns of the responses frame


def _file_alone(given: object) -> object:
    """A bare file name stands for ``{file: name}``."""
    return {"file": given} if isinstance(given, str) else given


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"le nom {quote(name)} est réservé:choisissez un autre nom")
    return name


Header = Annotated[str, Field(min_length=1)]  # a column's name, as long as its file makes it
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Columns(Strict):
    """Which column of the response file holds what. Items absent from ``items`` keep their code."""

    service: Header | None = Field(
        None, description="Colonne du service ; inutile si la campagne n'a qu'un service"
    )
    facility: Header | None = Field(None, description="Colonne de l'établissement")
    subject: Header | None = Field(
        None, description="Colonne qui identifie la personne ou le dossier, contre les doublons"
    )
    strata: dict[Annotated[Identifier, AfterValidator(_not_reserved)], Header] = Field(
        {},
        max_length=1,  # two crossed variables would give single people back
        description="Un autre regroupement, par exemple « profession: Métier »",
    )
    items: dict[Text, Header] = Field(
        {}, description="Colonne de chaque item qui ne porte pas son code"
    )


class Coding(Strict):
    """How answers are written in the file.

    ``answers`` says how to read a cell that is both a code and another option's label.
    ``reversed``: were reversed items already turned round by the tool that exported them?
    ``control``: which end of a risk map's control is the best; None when it is not said.
    ``labels``: other spellings of an answer, each with its code; they win over the codes of a
    scale, not over its own words. An empty one is a box that was not ticked, in scales of two
    options.
    ``missing``: cells to read as empty. ``exclude``: flagged returns this campaign sets aside.
    """

    answers: Literal["codes", "labels"] = Field(
        "codes", description="codes : « 4 » ; labels : « D'accord »"
    )
    reversed: Literal["as_worded", "already_reversed"] = Field(
        description="as_worded : réponses telles que données ; already_reversed : items inversés "
        "déjà retournés par l'outil d'enquête"
    )
    control: Literal["five_is_best", "one_is_best"] | None = Field(
        None,
        description="Carte des risques : five_is_best, 5 est la meilleure maîtrise, comme dans le "
        "kit ; one_is_best, c'est 1, et les rangs sont retournés",
    )
    labels: dict[str, int] = Field(
        {},
        description='Autres écritures d\'une réponse, chacune avec son code ; une case vide ("") '
        "peut valoir « non coché » dans une échelle de deux réponses",
    )
    missing: tuple[str, ...] = Field((), description="Cellules à lire comme vides")
    exclude: tuple[Literal["under_half", "same_answer", "identical_row"], ...] = Field(
        (), description="Retours signalés que la campagne écarte"
    )


class Service(Strict):
    """One line of the roster.

    ``head_count``: people asked; ``population``: records an audit's sample was drawn from; when
    known. ``type``: what kind of service it is, the same word in all facilities.
    """

    facility: Text | None = Field(None, description="Établissement")
    service: Text = Field(description="Service, écrit comme dans les réponses")
    head_count: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="Nombre de personnes sollicitées, s'il est connu"
    )
    population: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None,
        description="Audit : nombre de dossiers d'où l'échantillon est tiré, s'il est connu",
    )
    type: Annotated[Text, Field(max_length=80)] | None = Field(
        None, description="Type de service, le même mot dans tous les établissements : « Urgences »"
    )


class DisclosurePolicy(Strict):
    """Fewest respondents for a result to be shown, 5 at least; whether figures are attacked."""

    minimum: Annotated[int, Field(ge=5, le=1000)] = Field(
        10, description="Aucun résultat sous ce nombre de répondants ; 5 au moins"
    )
    attack: bool = Field(
        False,
        description="Attaquer les chiffres avant qu'ils sortent, et refuser ceux qui rendraient "
        "un nombre masqué : plus sûr, plus long",
    )


class ReferenceFile(TableFile):
    """External values, a row per dimension: ``dimension, score`` and, when known, ``low, high``.

    ``instrument``, ``version``: what was asked to have them; ``population``: of whom.
    """

    label: Text = Field(description="Nom de la référence, écrit dans les rapports")
    source: Text = Field(description="D'où viennent les valeurs : auteur, année, document")
    instrument: Text | None = Field(
        None,
        description="Questionnaire dont viennent les valeurs : identifiant, ou chemin de son "
        "instrument.yml ; une dimension qui n'y est plus la même est refusée",
    )
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] | None = Field(
        None, description="Version du questionnaire avec laquelle elles ont été recueillies"
    )
    population: Annotated[Text, Field(max_length=200)] | None = Field(
        None, description="Auprès de qui elles ont été recueillies : « hôpitaux MCO, 2024 »"
    )


class Earlier(Strict):
    """A campaign of the same instrument made before. ``same_records``: on the same records."""

    campaign: Text = Field(description="Fichier de la campagne d'avant, cherché à côté")
    same_records: bool = Field(
        False, description="true : les mêmes dossiers, relus avec les mêmes identifiants"
    )


# A key that takes several shapes is settled here, by the shape given: pydantic's own unions
# would report every branch that failed.
_SERVICES = TypeAdapter(Annotated[tuple[Service, ...], Field(min_length=1)])


def _services(given: object) -> object:
    if isinstance(given, list):
        return _SERVICES.validate_python(
            [{"service": service} if isinstance(service, str) else service for service in given]
        )
    if isinstance(given, dict) and "service" in given and "file" not in given:
        return _SERVICES.validate_python([given])
    return TableFile.model_validate(_file_alone(given)) if given is not None else None


def _reference(given: object) -> object:
    if isinstance(given, str) and given not in ("campaign", "none"):
        raise ValueError(
            f"référence {quote(given)} inconnue:écrivez « campaign », « none », ou les clés "
            "« file », « label » et « source »"
        )
    return given if isinstance(given, str) else ReferenceFile.model_validate(given)


_EARLIER = TypeAdapter(tuple[Earlier, ...])


def _earlier(given: object) -> object:
    """One campaign or several, each by its file alone or with what it shares with this one."""
    listed = given if isinstance(given, list) else [given]
    return _EARLIER.validate_python(
        [{"campaign": earlier} if isinstance(earlier, str) else earlier for earlier in listed]
    )


class Campaign(Strict):
    """A campaign file. ``reference`` is ``campaign`` (the other services), ``none``, or a file.

    ``earlier``: campaigns made before with the same instrument, the oldest first.
    ``evaluation``: what HAS had rated, read as the round before when there is no other.
    ``second_reader``: the same records read by another auditor, as a campaign of its own.
    ``team``: the team's answers on the dimensions that a group declares. ``plan``: the plan of
    actions kept since. ``asking``: how the kit asks, when it does. ``columns`` and ``coding`` go
    without saying for a grid of the kit and for answers it asked for: their columns have their
    names, and nothing in them was turned round.

    >>> campaign = Campaign(id="essai", title="Essai", period="mars 2026",
    ...                     instrument="culture_ehpad", responses="reponses.csv")
    >>> campaign.responses.file, campaign.reference, campaign.disclosure.minimum
    ('reponses.csv', 'campaign', 10)
    """

    id: Identifier = Field(description="Nom court de la campagne")
    title: Text = Field(description="Titre écrit dans les rapports")
    period: Text = Field(description="Quand les réponses ont été recueillies, en toutes lettres")
    instrument: Text = Field(description="Identifiant du questionnaire, ou chemin de son fichier")
    responses: Annotated[
        TableFile, BeforeValidator(_file_alone, json_schema_input_type=Text | TableFile)
    ] = Field(description="Fichier des réponses : son nom, ou « file » et ses options")
    columns: Columns = Field(
        Columns(service=PLACES["service"], facility=PLACES["facility"]),
        description="Quelle colonne du fichier contient quoi ; inutile pour une grille du kit",
    )
    coding: Coding = Field(
        Coding(reversed="as_worded"),
        description="Comment les réponses sont écrites ; inutile pour une grille du kit",
    )
    services: Annotated[
        tuple[Service, ...] | TableFile | None,
        BeforeValidator(
            _services, json_schema_input_type=tuple[Text | Service, ...] | Text | TableFile
        ),
    ] = Field(None, description="Liste des services dans l'ordre des rapports, ou son fichier")
    disclosure: DisclosurePolicy = Field(
        DisclosurePolicy(), description="Protection des petits groupes"
    )
    reference: Annotated[
        Literal["campaign", "none"] | ReferenceFile, BeforeValidator(_reference)
    ] = Field(
        "campaign",
        description="campaign : les autres services ; none : aucune ; ou un fichier de valeurs",
    )
    earlier: Annotated[
        tuple[Earlier, ...],
        BeforeValidator(
            _earlier, json_schema_input_type=Text | Earlier | tuple[Text | Earlier, ...]
        ),
    ] = Field((), description="Campagnes d'avant avec le même instrument, la plus ancienne d'abord")
    evaluation: Text | None = Field(
        None,
        description="ESSMS : évaluation de la HAS lue comme le tour d'avant, en l'absence de "
        "« earlier » ; fichier écrit par « qgdr evaluation »",
    )
    second_reader: Text | None = Field(
        None, description="Campagne où un second auditeur a lu les mêmes dossiers"
    )
    team: Text | None = Field(
        None, description="Campagne de l'équipe, lue à côté de ce que son groupe déclare"
    )
    plan: Text | None = Field(
        None, description="Plan d'actions tenu depuis la campagne d'avant (XLSX ou CSV)"
    )
    asking: Asking | None = Field(
        None, description="Comment le kit interroge lui-même, et ce que les personnes en savent"
    )


def secret_name(campaign: str) -> str:
    """Where a campaign keeps what fingerprints of its answers are keyed with, from its folder.

    >>> secret_name("culture_2026")
    'publications/culture_2026.cle'
    """
    return f"{PUBLICATIONS}/{campaign}.cle"


def load_campaign(path: Path) -> Campaign:
    """Load a ``campagne.yml``. The files it names are read later, by `read_answers`.

    >>> from qgdr_eval.fictitious import file_of
    >>> with file_of("demo", "campaign") as path:
    ...     load_campaign(path).instrument
    'culture_securite'

    Raises:
        Refused: the file cannot be read, or has problems (all of them at once, with lines).
    """
    return validate(read_document(path), Campaign, check_campaign)


def check_campaign(document: Document) -> list[Problem]:
    """What no single key can show: a key left out, a column used twice, a service listed twice."""
    return [
        *_left_unsaid(document),
        *_other_words(document),
        *_two_strata(document),
        *_classes_of_nothing(document),
        *_columns_used_twice(document),
        *_services_listed_twice(document),
    ]


def _left_unsaid(document: Document) -> Iterator[Problem]:
    """What only files of the kit's own say by themselves: its grids, the answers it asked for."""
    values = document.values
    responses, columns = values.get("responses"), values.get("columns")
    if isinstance(responses, dict) and responses.get("layout") == "grid":
        return
    alone = _may_be_one_service(values.get("services"))
    asked = isinstance(values.get("asking"), dict)
    absent = [key for key in ("columns", "coding") if key not in values and not asked]
    if not alone and "columns" in absent:
        yield replace(absent_key(("columns",), document), cure=typography(WHICH_SERVICE))
    if "coding" in absent:
        yield absent_key(("coding",), document)
    if isinstance(values.get("coding"), dict) and "reversed" not in values["coding"]:
        sense = ("coding", "reversed")
        yield replace(absent_key(sense, document), cure=typography(WHICH_SENSE))
    if isinstance(columns, dict) and not alone and not _says_service(columns):
        yield replace(absent_key(("columns", "service"), document), cure=typography(WHICH_SERVICE))


def _says_service(columns: dict[object, object]) -> bool:
    """Whether a key says the service, be it in another word, of which it is told elsewhere."""
    return any(ROLE_WORDS.get(plain(str(key)), key) == "service" for key in columns)


def _other_words(document: Document) -> Iterator[Problem]:
    """Keys under ``columns`` that say in another word what one of ours says."""
    columns = document.values.get("columns")
    for key in columns if isinstance(columns, dict) else ():
        role = ROLE_WORDS.get(plain(str(key)))
        if role and role not in columns:
            cure = f"écrivez « {role} » à la place de « {key} »"
            if role == "strata":
                cure = f"écrivez « strata: {{{plain(str(key))}: nom de sa colonne}} »"
            path = ("columns", key)
            yield document.problem(path, place(path), "clé inconnue", typography(cure))


def _two_strata(document: Document) -> Iterator[Problem]:
    columns = document.values.get("columns")
    strata = columns.get("strata") if isinstance(columns, dict) else None
    if isinstance(strata, dict) and len(strata) > 1:
        what = f"{len(strata)} autres regroupements : leur croisement désignerait des personnes"
        names = " ou ".join(quote(name) for name in strata)
        path = ("columns", "strata")
        yield document.problem(path, place(path), what, f"gardez-en un seul : {names}")


def _classes_of_nothing(document: Document) -> Iterator[Problem]:
    """Classes to choose from, and no stratum they are classes of."""
    asking, columns = document.values.get("asking"), document.values.get("columns")
    strata = columns.get("strata") if isinstance(columns, dict) else None
    if isinstance(asking, dict) and asking.get("classes") and not strata:
        path = ("asking", "classes")
        cure = "ajoutez « columns: {strata: {profession: Profession}} », ou retirez cette clé"
        what = "ces catégories ne sont celles d'aucun regroupement"
        yield document.problem(path, place(path), what, typography(cure))


def _may_be_one_service(services: object) -> bool:
    """Whether a roster may list one service alone: its file, if it is one, tells later."""
    return len(services) == 1 if isinstance(services, list) else services is not None


def _columns_used_twice(document: Document) -> Iterator[Problem]:
    first: dict[str, int | None] = {}
    for path, name in _leaves(document.values.get("columns"), ("columns",)):
        if name in first:
            yield document.problem(
                path,
                place(path),
                f"la colonne {quote(name)} sert déjà à la ligne {first[name]}",
                "donnez une colonne différente à chaque clé",
            )
        first.setdefault(name, document.line_of(path))


def _leaves(given: object, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Every text under a mapping, with its path."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(given, str) and len(path) > 1:
        yield path, given


def _services_listed_twice(document: Document) -> Iterator[Problem]:
    given = document.values.get("services")
    first: dict[tuple[str, str], int | None] = {}
    for i, row in enumerate(given if isinstance(given, list) else []):
        service = {"service": row} if isinstance(row, str) else row
        if not isinstance(service, dict) or "service" not in service:
            continue
        path = ("services", i) if isinstance(row, str) else ("services", i, "service")
        names = plain(str(service.get("facility", ""))), plain(str(service["service"]))
        if names in first:
            what = f"le service {quote(service['service'])} est déjà à la ligne {first[names]}"
            yield document.problem(path, place(path), what, "gardez une ligne par service")
        first.setdefault(names, document.line_of(path))
