"""The instrument: what is asked, of whom, on which scales, and how its dimensions are scored."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from qgdr_eval.definitions import Strict
from qgdr_eval.french import capitalized


def _refuse_invisible(given: object) -> object:
    """Refuse zero-width, control and no-break characters: two codes must never look alike."""
    text = given.strip() if isinstance(given, str) else ""
    hidden = sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c)[0] in "CZ"})
    if hidden:
        raise ValueError(f"invisible:{', '.join(hidden)}")
    return given


def _refuse_notes(given: object) -> object:
    """A column of free notes begins so; no item may be taken for one."""
    if isinstance(given, str) and given.strip().casefold().startswith("notes:"):
        raise ValueError("un code ne commence pas par « notes »:choisissez un autre code")
    return given


Identifier = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$"), BeforeValidator(_refuse_invisible)
]
ItemCode = Annotated[  # what survey tools make codes of: CULT[CS01], culture/CS01, Q1.1, QID2_1
    str,
    Field(pattern=r"^[A-Za-z][A-Za-z0-9_.:/\[\]\-]{0,63}$"),
    BeforeValidator(_refuse_notes),
    BeforeValidator(_refuse_invisible),
]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=3)]
Score = Annotated[float, Field(ge=0, le=100)]
Code = Annotated[int, Field(ge=-999, le=999)]


def _also() -> Any:
    return Field((), description="Autres façons de l'écrire, par exemple une abréviation : NA")


def _short() -> Any:
    return Field(
        None,
        description="Son nom en un à trois signes, pour les cases et les axes : C, NC, *",
    )


class _Answer(Strict):
    """What may be answered: a code in files, a label for readers, a short name where it has one."""

    code: Code = Field(description="Entier qui désigne la réponse dans les fichiers")
    label: Text = Field(description="Réponse telle que la lit la personne interrogée")
    short: Short | None = _short()

    @property
    def long(self) -> str:
        """The label without the short name that it begins or ends with, as a sentence begins.

        >>> Option(code=3, label="3 : en place", short="3", pole="positive").long
        'En place'
        """
        name = re.escape(self.short or "")
        text = re.sub(rf"^{name}\s?[.:]\s|\s*\({name}\)$", "", self.label) if name else self.label
        return capitalized(text)


class Option(_Answer):
    """One ordered answer. ``pole`` says what it means when the item is *not* reversed.

    ``code`` stands for it in files; ``also``: other ways people write its ``label``; ``short``:
    what stands for it where there is no room, which its label may begin or end with.

    >>> Option(code=4, label="D'accord", pole="positive").also
    ()
    """

    pole: Literal["negative", "neutral", "positive"] = Field(
        description="Sens de la réponse pour un item à l'endroit : défavorable, neutre, favorable"
    )
    also: tuple[Text, ...] = _also()


class SpecialCode(_Answer):
    """An answer outside the order of the scale: not applicable, or don't know."""

    code: Code = Field(description="Entier, différent de ceux des options")
    also: tuple[Text, ...] = _also()


class Scale(Strict):
    """Ordered options, least favourable first, and the codes that are not part of the order.

    >>> no = Option(code=0, label="Non", pole="negative")
    >>> yes = Option(code=1, label="Oui", pole="positive")
    >>> unknown = [{"code": 9, "label": "Non renseigné"}]
    >>> scale = Scale(label="Conforme ?", options=(no, yes), dont_know=unknown)
    >>> [answer.code for answer in scale.answers]
    [0, 1, 9]
    """

    label: Text = Field(description="Question commune aux réponses de l'échelle")
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=11)] = Field(
        description="Réponses, de la moins favorable à la plus favorable"
    )
    not_applicable: tuple[SpecialCode, ...] = Field(
        (), description="Réponses « Sans objet », hors du calcul"
    )
    dont_know: tuple[SpecialCode, ...] = Field(
        (), description="Réponses « Ne sait pas », hors du calcul"
    )

    @property
    def answers(self) -> tuple[Option | SpecialCode, ...]:
        """Everything that may be answered, special answers last."""
        return (*self.options, *self.not_applicable, *self.dont_know)


class Threshold(Strict):
    """A reading mark on the 0–100 score, and where the mark comes from.

    ``kind``: ``at_least`` (a strength from ``value`` on) or ``at_most`` (a priority up to it).

    >>> Threshold(kind="at_least", value=75, label="développée", origin="usage courant").value
    75.0
    """

    kind: Literal["at_least", "at_most"] = Field(
        description="at_least : à partir de cette valeur ; at_most : jusqu'à cette valeur"
    )
    value: Score = Field(description="Score de 0 à 100")
    label: Text = Field(description="Ce que dit le repère, par exemple « développée »")
    origin: Text = Field(description="D'où vient le repère : source publiée, usage, décision")


class Dimension(Strict):
    """A set of items scored together. Its own ``thresholds`` replace the instrument's.

    ``rule``: one of `RULES`; ``levers``, ``resources``: what a team may do, and read;
    ``when_weak``: what its lack announces when it alone is weak; ``official``: where a published
    referential speaks of it.

    >>> Dimension(id="tri", label="Tri", definition="Trier.", rule="conformity").thresholds
    ()
    """

    id: Identifier = Field(description="Nom court, auquel les items se rattachent")
    label: Text = Field(description="Nom écrit dans les rapports")
    short: Text | None = Field(
        None, description="Le même en un mot ou deux, là où la place ou la phrase le demande"
    )
    definition: Text = Field(description="Ce que la dimension mesure, en une phrase")
    rule: Identifier = Field(
        description="Règle de score : positive_share (part des réponses favorables), mean_0_100 "
        "(moyenne de 0 à 100), conformity (critères oui ou non), maturity (niveau médian), "
        "rating_1_4 (cotation de 1 à 4), depth_gap (niveau exigé), checklist (part de ce qui est "
        "fait) ou risk (zone de risque)"
    )
    part: Text | None = Field(
        None, description="Chapitre ou famille, écrit au-dessus des dimensions qui le partagent"
    )
    when_weak: Text | None = Field(
        None, description="Ce qu'on attend quand cette dimension seule est faible"
    )
    thresholds: tuple[Threshold, ...] = Field(
        (), description="Repères propres à la dimension, à la place de ceux du questionnaire"
    )
    official: Text | None = Field(
        None, description="Où un référentiel publié en parle : « objectif 1.2 », « thématique 3.4 »"
    )
    levers: tuple[Text, ...] = Field((), description="Actions possibles, une phrase chacune")
    resources: tuple[Text, ...] = Field((), description="Documents utiles (éditeur, année)")

    @property
    def name(self) -> str:
        """Its short name, or its label where it has none."""
        return self.short or self.label


class Item(Strict):
    """One question or criterion. ``reversed``: agreeing with it is unfavourable.

    ``critical``: one answer that is not met caps what may be said of its dimension. ``required``:
    the option of the level asked for. ``role``: what it says of the risk it belongs to;
    ``harm``: what a gravity is rated for, where a risk has several.
    ``forbidden``: special codes that are no answer to it; ``justify``: those that call for a
    written reason, ``unusual``: those that are pointed out whenever they are given. ``na_when``:
    the situations in which it does not apply. ``help``: what a word of it means, written under
    it. ``excludes``: criteria that are not judged on a
    record that meets it. ``theme``: what it looks at together with a criterion of each other
    dimension. ``official``: its number in a published referential; ``elements``,
    ``method``: what it is judged on there, and how. ``since``: the version that added it.

    >>> Item(code="CS03", text="Nous manquons de temps.", dimension="charge", scale="accord",
    ...      reversed=True).critical
    False
    """

    code: ItemCode = Field(description="Code court, unique, stable d'une version à l'autre")
    text: Text = Field(description="Question ou critère, tel qu'il est posé")
    dimension: Identifier = Field(description="Identifiant de sa dimension, une seule")
    scale: Identifier = Field(description="Identifiant de son échelle")
    reversed: bool = Field(False, description="true : être d'accord est défavorable")
    critical: bool = Field(False, description="true : critère critique, ou impératif")
    required: Code | None = Field(
        None, description="Code du niveau exigé, avec la règle depth_gap seulement"
    )
    role: Literal["gravity", "likelihood", "control"] | None = Field(
        None,
        description="Avec la règle risk seulement : gravité, vraisemblance ou maîtrise du risque",
    )
    harm: Text | None = Field(
        None,
        description="Pour un risque coté en plusieurs gravités : ce qui est atteint (personnes, "
        "droits, organisation)",
    )
    forbidden: tuple[Code, ...] = Field(
        (), description="Codes spéciaux que ce critère n'admet pas (NC d'un critère impératif)"
    )
    justify: tuple[Code, ...] = Field(
        (),
        description="Codes spéciaux à justifier par écrit, dans la colonne « notes: » du critère "
        "ou de sa dimension (NC)",
    )
    unusual: tuple[Code, ...] = Field(
        (),
        description="Codes spéciaux admis, mais signalés chaque fois, et à justifier (NC d'un "
        "critère impératif)",
    )
    official: Text | None = Field(
        None, description="Numéro du critère dans un référentiel publié, pour s'y reporter : 2.2.1"
    )
    elements: tuple[Text, ...] = Field(
        (), description="Éléments d'évaluation, écrits sous le critère dans la grille"
    )
    method: Text | None = Field(
        None, description="Comment le critère est évalué : patient traceur, observation…"
    )
    na_when: Text | None = Field(
        None, description="Quand le critère ne s'applique pas : la situation, en quelques mots"
    )
    help: Text | None = Field(
        None, description="Ce que veut dire un mot de la question, pour qui ne le connaît pas"
    )
    theme: Text | None = Field(
        None,
        description="Sujet que d'autres dimensions regardent aussi : un critère par dimension, lus "
        "côte à côte",
    )
    excludes: tuple[ItemCode, ...] = Field(
        (), description="Critères qui ne se jugent pas sur un dossier où celui-ci est rempli"
    )
    since: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] | None = Field(
        None,
        description="Version du questionnaire qui l'a ajouté : un fichier rempli avant peut ne pas "
        "l'avoir",
    )
    us_code: str | None = Field(
        None, description="Code de l'item voisin du questionnaire américain"
    )

    @property
    def justified(self) -> tuple[int, ...]:
        """The special codes that call for a written reason."""
        return (*self.justify, *self.unusual)


class Zone(Strict):
    """A zone of a risk map."""

    id: Identifier = Field(description="Nom court de la zone")
    label: Text = Field(description="Ce que la zone appelle à faire")


class GrossRow(Strict):
    """The gross levels of one gravity, likelihood 1 to 5."""

    gravity: Annotated[int, Field(ge=1, le=5)] = Field(description="Gravité, de 1 à 5")
    levels: Annotated[
        tuple[Annotated[int, Field(ge=1, le=4)], ...], Field(min_length=5, max_length=5)
    ] = Field(description="Niveau brut, de 1 à 4, pour une vraisemblance de 1 à 5")


class ResidualRow(Strict):
    """The zones of one gross level, control 1 to 5."""

    level: Annotated[int, Field(ge=1, le=4)] = Field(description="Niveau brut, de 1 à 4")
    zones: Annotated[tuple[Identifier, ...], Field(min_length=5, max_length=5)] = Field(
        description="Zone, pour une maîtrise de 1 à 5"
    )


class RiskMap(Strict):
    """How gravity, likelihood and control place a risk in a zone.

    Products of ranks are ranks: the two tables say what each pair means, and anyone can edit them.
    """

    origin: Text = Field(description="D'où viennent les deux tables : source, ou choix daté")
    zones: Annotated[tuple[Zone, ...], Field(min_length=2, max_length=5)] = Field(
        description="Zones, de la plus défavorable à la plus favorable"
    )
    gross: Annotated[tuple[GrossRow, ...], Field(min_length=5, max_length=5)] = Field(
        description="Gravité × vraisemblance : le niveau brut"
    )
    residual: Annotated[tuple[ResidualRow, ...], Field(min_length=4, max_length=4)] = Field(
        description="Niveau brut × maîtrise : la zone"
    )

    def level(self, gravity: int, likelihood: int) -> int:
        """The gross level, 1 to 4, of a gravity and a likelihood from 1 to 5."""
        return next(row for row in self.gross if row.gravity == gravity).levels[likelihood - 1]

    def zone(self, gravity: int, likelihood: int, control: int) -> int:
        """The rank of the residual zone, 0 for the worst."""
        level = self.level(gravity, likelihood)
        id = next(row for row in self.residual if row.level == level).zones[control - 1]
        return [zone.id for zone in self.zones].index(id)


def gravest(rated: Sequence[int | None]) -> int | None:
    """The worst gravity of a risk rated for several kinds of harm.

    ``rated``: a rank each, 0 for a harm that does not exist here, None for one nobody knows. One
    unknown harm leaves the whole unknown: it may be the worst.

    >>> gravest([3, 5, 0]), gravest([3, None]), gravest([0, 0])
    (5, None, None)
    """
    known = [rank for rank in rated if rank is not None]
    return (max(known, default=0) or None) if len(known) == len(rated) else None


class Missing(Strict):
    """How much of a questionnaire must be answered, as shares of items between 0 and 1.

    ``minimum_answered``: below it a subject has no mean of their own on a dimension.
    ``flag_under``: below it a return is flagged as barely answered.
    """

    minimum_answered: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="Part d'items répondus (0 à 1) exigée pour la moyenne d'une personne"
    )
    flag_under: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="Part d'items répondus (0 à 1) sous laquelle un retour est signalé"
    )


class Unit(Strict):
    """What one record of an audit is, where it is no file: an opportunity, a measure, a case.

    >>> Unit(one="mesure", many="mesures", feminine=True).seen
    'lu'
    """

    one: Text = Field(description="Au singulier : opportunité")
    many: Text = Field(description="Au pluriel : opportunités")
    feminine: bool = Field(False, description="true : le nom est féminin")
    seen: Text = Field(
        "lu", description="Ce qu'on en fait, participe au masculin singulier : lu, observé, suivi"
    )


class Instrument(Strict):
    """A questionnaire or an audit grid, exactly as its ``instrument.yml`` declares it.

    ``subject`` says who or what one row of answers is about: a ``respondent`` (anonymous), a
    ``record`` that was audited, a ``group`` that agreed on its answers, or a ``person`` who
    answered for themself alone.

    >>> from qgdr_eval.instruments import load_instrument
    >>> hands = load_instrument("epp_hygiene_mains")
    >>> hands.subject, hands.declared, len(hands.items), len(hands.dimensions)
    ('record', False, 22, 4)
    >>> hands.items_of("prerequis")[0].code, hands.scale_of(hands.item("PR01")).options[1].label
    ('PR01', 'Oui')
    """

    id: Identifier = Field(description="Nom court du questionnaire, celui de son dossier")
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] = Field(
        description="Trois nombres, par exemple 1.0.0"
    )
    title: Text = Field(description="Titre écrit dans les rapports")
    source: Text = Field(description="D'où viennent les questions : auteur, année, référence")
    licence: Text = Field(description="À quelles conditions on peut s'en servir")
    subject: Literal["respondent", "record", "group", "person"] = Field(
        description="Ce que décrit une ligne : une personne qui répond sans être connue "
        "(respondent), un dossier (record), un groupe qui s'est mis d'accord (group) ou une "
        "personne pour elle-même (person)"
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = Field(
        "fr", description="Langue des questions, en deux lettres"
    )
    scales: Annotated[dict[Identifier, Scale], Field(min_length=1)] = Field(
        description="Échelles de réponse, chacune sous son identifiant"
    )
    thresholds: tuple[Threshold, ...] = Field((), description="Repères de lecture des scores")
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)] = Field(
        description="Dimensions, dans l'ordre des rapports"
    )
    items: Annotated[tuple[Item, ...], Field(min_length=1)] = Field(
        description="Questions ou critères, dans l'ordre où ils sont posés"
    )
    interdependent: bool = Field(
        False,
        description="true : les dimensions ont besoin les unes des autres, on lit l'équilibre",
    )
    single_act: bool = Field(
        False,
        description="true : un dossier est un seul geste observé ; la grille entière n'a pas de "
        "« tout ou rien »",
    )
    chosen: bool = Field(
        False,
        description="true : les cas sont choisis, non tirés au sort ; leurs chiffres ne parlent "
        "que d'eux, sans intervalle, ni classe, ni repère",
    )
    unit: Unit | None = Field(
        None, description="Ce qu'est une ligne d'un audit, quand ce n'est pas un dossier"
    )
    plain: bool = Field(
        False,
        description="true : tout est dit en mots simples, questions et résultats ; pour des "
        "personnes qui répondent, avec la règle positive_share",
    )
    team: Identifier | None = Field(
        None,
        description="Pour une personne seule : le questionnaire, aux mêmes questions, que remplit "
        "son équipe",
    )
    risk: RiskMap | None = Field(None, description="Tables de la règle risk")
    missing: Missing = Field(Missing(), description="Ce qu'on fait des retours peu remplis")
    caution: Text | None = Field(
        None,
        description="Ce que le lecteur d'un profil doit savoir avant de le lire : imprimé à côté",
    )
    notes: tuple[Text, ...] = Field((), description="Remarques reprises dans la note de méthode")
    labels_only: bool = Field(
        False,
        description="true : libellés abrégés, pour des réponses déjà recueillies ; "
        "ses questions ne peuvent pas être posées",
    )

    @property
    def codes(self) -> list[str]:
        """Item codes in the instrument's order."""
        return [item.code for item in self.items]

    def items_of(self, dimension: str) -> list[Item]:
        """The items of one dimension, in the instrument's order."""
        return [item for item in self.items if item.dimension == dimension]

    def scale_of(self, item: Item) -> Scale:
        """The scale an item is answered on."""
        return self.scales[item.scale]

    def dimension(self, id: str) -> Dimension:
        """One dimension by its id."""
        return next(dimension for dimension in self.dimensions if dimension.id == id)

    def item(self, code: str) -> Item:
        """One item by its code."""
        return next(item for item in self.items if item.code == code)

    @property
    def explained(self) -> list[Item]:
        """The critical items whose special answers have a place of their own to be justified."""
        critical = [item for item in self.items if item.critical and item.justified]
        return critical if self.declared else []

    @property
    def of_people(self) -> bool:
        """Whether a row is somebody who answers without being known."""
        return self.subject == "respondent"

    @property
    def of_records(self) -> bool:
        """Whether a row is a record that was read."""
        return self.subject == "record"

    @property
    def of_a_group(self) -> bool:
        """Whether a row is what a group agreed on."""
        return self.subject == "group"

    @property
    def of_a_person(self) -> bool:
        """Whether a row is somebody's own, to read alone."""
        return self.subject == "person"

    @property
    def declared(self) -> bool:
        """Whether an answer is a position somebody states: not a sample, nothing to hide."""
        return self.of_a_group or self.of_a_person

    @property
    def sampled(self) -> bool:
        """Whether what was answered or read stands for more than itself."""
        return not (self.declared or self.chosen)

    def thresholds_of(self, dimension: str) -> tuple[Threshold, ...]:
        """The reading thresholds of a dimension: its own, else the instrument's."""
        return self.dimension(dimension).thresholds or self.thresholds
