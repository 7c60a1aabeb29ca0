"""French morphology: feminines, plurals, conjugation."""

from dataclasses import dataclass

from grammar.table import rows

_PRESENT_ER = ("e", "es", "e", "ons", "ez", "ent")
_PRESENT_IR = ("is", "is", "it", "issons", "issez", "issent")
_PRESENT_RE = ("s", "s", "", "ons", "ez", "ent")
_IMPERFECT = ("ais", "ais", "ait", "ions", "iez", "aient")
_FUTURE = ("ai", "as", "a", "ons", "ez", "ont")
_STRESSED_STEMS = {"acheter": "achèt", "lever": "lèv", "promener": "promèn",
                   "nettoyer": "nettoi", "espérer": "espèr", "envoyer": "envoi"}
_BY_ETRE = frozenset(
    "aller revenir devenir partir sortir arriver rester tomber mourir".split()
)
# infinitive | je tu il nous vous ils | participle | future stem
_IRREGULAR = """
    être | suis es est sommes êtes sont | été | ser
    avoir | ai as a avons avez ont | eu | aur
    aller | vais vas va allons allez vont | allé | ir
    faire | fais fais fait faisons faites font | fait | fer
    devenir | deviens deviens devient devenons devenez deviennent | devenu | deviendr
    revenir | reviens reviens revient revenons revenez reviennent | revenu | reviendr
    partir | pars pars part partons partez partent | parti | partir
    sortir | sors sors sort sortons sortez sortent | sorti | sortir
    dormir | dors dors dort dormons dormez dorment | dormi | dormir
    lire | lis lis lit lisons lisez lisent | lu | lir
    écrire | écris écris écrit écrivons écrivez écrivent | écrit | écrir
    dire | dis dis dit disons dites disent | dit | dir
    boire | bois bois boit buvons buvez boivent | bu | boir
    prendre | prends prends prend prenons prenez prennent | pris | prendr
    apprendre | apprends apprends apprend apprenons apprenez apprennent | appris | apprendr
    comprendre | comprends comprends comprend comprenons comprenez comprennent | compris | comprendr
    voir | vois vois voit voyons voyez voient | vu | verr
    savoir | sais sais sait savons savez savent | su | saur
    connaître | connais connais connaît connaissons connaissez connaissent | connu | connaîtr
    vouloir | veux veux veut voulons voulez veulent | voulu | voudr
    pouvoir | peux peux peut pouvons pouvez peuvent | pu | pourr
    devoir | dois dois doit devons devez doivent | dû | devr
    croire | crois crois croit croyons croyez croient | cru | croir
    craindre | crains crains craint craignons craignez craignent | craint | craindr
    peindre | peins peins peint peignons peignez peignent | peint | peindr
    vivre | vis vis vit vivons vivez vivent | vécu | vivr
    courir | cours cours court courons courez courent | couru | courr
    ouvrir | ouvre ouvres ouvre ouvrons ouvrez ouvrent | ouvert | ouvrir
    conduire | conduis conduis conduit conduisons conduisez conduisent | conduit | conduir
    mourir | meurs meurs meurt mourons mourez meurent | mort | mourr
    rire | ris ris rit rions riez rient | ri | rir
"""


def feminine(adjective: str) -> str:
    """The regular feminine: an e, unless there is one."""
    return adjective if adjective.endswith("e") else adjective + "e"


def plural(word: str) -> str:
    """The regular plural: s; x after -eau and -eu, -aux for -al, nothing after s, x and z."""
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith(("eau", "eu")) and word != "bleu":
        return word + "x"
    return word[:-2] + "aux" if word.endswith("al") else word + "s"


@dataclass(frozen=True)
class FrenchVerb:
    """A verb: infinitive without `se`, six present forms, participle, future stem."""

    infinitive: str
    present: tuple[str, ...]
    participle: str
    future_stem: str
    reflexive: bool

    @property
    def with_etre(self) -> bool:
        return self.reflexive or self.infinitive in _BY_ETRE

    def imperfect(self, person: int) -> str:
        stem = "ét" if self.infinitive == "être" else self.present[3].removesuffix("ons")
        if person in (3, 4):  # nous mangions, but je mangeais
            stem = stem[:-1] if stem.endswith("ge") else stem
            stem = stem[:-1] + "c" if stem.endswith("ç") else stem
        return stem + _IMPERFECT[person]

    def future(self, person: int) -> str:
        return self.future_stem + _FUTURE[person]

    def past_participle(self, feminine_: bool, plural_: bool) -> str:
        form = feminine(self.participle) if feminine_ else self.participle
        return plural(form) if plural_ else form


def french_verb(cell: str) -> FrenchVerb:
    """The verb of an infinitive, `se lever` among them."""
    infinitive = cell.removeprefix("se ")
    reflexive = infinitive != cell
    if infinitive in _TABLE:
        _, present, participle, future = _TABLE[infinitive]
        return FrenchVerb(infinitive, tuple(present.split()), participle, future, reflexive)
    stem, ending = infinitive[:-2], infinitive[-2:]
    if ending == "er":
        return _er_verb(infinitive, stem, reflexive)
    endings, participle = {"ir": (_PRESENT_IR, "i"), "re": (_PRESENT_RE, "u")}[ending]
    present_forms = tuple(stem + e for e in endings)
    return FrenchVerb(infinitive, present_forms, stem + participle,
                      infinitive.removesuffix("e"), reflexive)


def _er_verb(infinitive: str, stem: str, reflexive: bool) -> FrenchVerb:
    """A verb in -er with its stem changes: mangeons, commençons, j'achète, j'essaie."""
    stressed = _STRESSED_STEMS.get(infinitive, stem)
    we = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
    stems = (stressed, stressed, stressed, we, stem, stressed)
    present = tuple(s + e for s, e in zip(stems, _PRESENT_ER))
    future = infinitive if infinitive[-4:-3] == "é" or stressed == stem else stressed + "er"
    future = {"envoyer": "enverr"}.get(infinitive, future)
    return FrenchVerb(infinitive, present, stem + "é", future, reflexive)


_TABLE = {row[0]: row for row in rows(_IRREGULAR)}
