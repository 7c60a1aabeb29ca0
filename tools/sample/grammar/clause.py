"""Clauses: a subject with its verb in some tense, affirmed, denied or asked.

Tenses: present, progressive (`is reading`, `lit`), in progress (`is reading`, `est en train de
lire`), past (`read`, `a lu`), perfect (`has read`, `a lu`), imperfect (`was`, `était`), used to
(`used to read`, `lisait`), near future (`is going to read`, `va lire`), future (`will
read`, `lira`).
Styles of English: short (`he's`, `isn't`), leaning (`he's`, `he's not`), long (`he is`, `is not`).
"""

from grammar.english import negated, shortened
from grammar.french import french_verb
from grammar.lexicon.actions import Verb, verb
from grammar.lexicon.subjects import Subject
from grammar.phrase import Phrase, label, phrase

BE = verb("be was been", "être")
HAVE = verb("have had", "avoir")
CAN = verb("can could", "pouvoir")
MUST = verb("must must", "devoir")
_NEGATIONS = {"not": "pas", "never": "jamais", "no longer": "plus"}
_AVOIR, _ETRE, _ALLER = french_verb("avoir"), french_verb("être"), french_verb("aller")


def clause(
    subject: Subject,
    what: Verb,
    tense: str = "present",
    negation: str = "",
    style: str = "short",
    clitic: tuple[str, str] = ("", ""),
) -> Phrase:
    """Subject and verb group. `clitic` is an object pronoun: `("him", "le")`."""
    auxiliary, main = _english(subject, what, tense)
    if negation == "not" and not auxiliary:
        auxiliary, main = _do(subject, tense), what.en.base
    denied = negation == "not" and (style == "short" and auxiliary != "am")
    if denied:
        auxiliary = negated(auxiliary)
    elif subject.pronoun and style != "long":
        auxiliary = shortened(auxiliary)
    key = _auxiliary_key(what, tense, negation)
    en = [
        f"{word}/{'n' if part and denied else key}" for part, word in enumerate(auxiliary.split())
    ]
    if negation and not denied:
        en.append(label(negation, "n"))
    en += [_labelled(main), label(clitic[0], "o")]
    fr = _french(subject, what, tense, negation, clitic[1])
    return phrase("{s} " + " ".join(en), "{s} " + fr, s=subject.words)


def question(
    subject: Subject,
    what: Verb,
    tense: str = "present",
    form: str = "est-ce que",
    clitic: tuple[str, str] = ("", ""),
) -> Phrase:
    """The same clause asked: with `est-ce que`, by `inversion` or by `intonation`."""
    auxiliary, main = _english(subject, what, tense)
    if not auxiliary:
        auxiliary, main = _do(subject, tense), what.en.base
        key = "q" if form == "est-ce que" else "v"
    else:
        key = _auxiliary_key(what, tense, "") + (",q" if form == "est-ce que" else "")
    en = f"{label(auxiliary, key)} {{s}} {_labelled(main)} {label(clitic[0], 'o')}"
    if form == "inversion":
        fr = _inverted(subject, what, tense, clitic[1])
        return phrase(en, fr, s=subject.words)
    fr = _french(subject, what, tense, "", clitic[1])
    opening = "est-ce/q que/q " if form == "est-ce que" else ""
    return phrase(en, opening + "{s} " + fr, s=subject.words)


def infinitive(subject: Subject, what: Verb) -> Phrase:
    """`get up` and `me lever`: the infinitive with the pronoun of its subject."""
    pronoun = subject.reflexive if what.fr.reflexive else ""
    return phrase(label(what.en.base, "v"),
                  label(f"{pronoun} {what.fr.infinitive} {what.particle}", "v"))


def _labelled(main: str) -> str:
    """The main verb; `going to` before it goes with `va`."""
    verb_ = main.removeprefix("going to ")
    return f"{label('going to', 'x') if verb_ != main else ''} {label(verb_, 'v')}"


def _auxiliary_key(what: Verb, tense: str, negation: str) -> str:
    """Which French word the English auxiliary goes with: the verb, an auxiliary, the negation."""
    if what in (BE, CAN, MUST):
        return "v"
    return "n" if negation and tense == "present" else "x"


def _english(subject: Subject, what: Verb, tense: str) -> tuple[str, str]:
    """(auxiliary, main verb); one of them may be empty."""
    person = subject.en_person
    be = "am" if person == 0 else "is" if person == 2 else "are"
    verb_forms = what.en
    if what is BE and tense in ("present", "imperfect"):
        return (be if tense == "present" else "was" if person in (0, 2) else "were"), ""
    if what in (CAN, MUST) and tense == "present":
        return what.en.base, ""
    simple = {
        "present": ("", verb_forms.third if person == 2 else verb_forms.base),
        "progressive": (be, verb_forms.ing),
        "in progress": (be, verb_forms.ing),
        "past": ("", verb_forms.past),
        "imperfect": ("", verb_forms.past),
        "perfect": ("has" if person == 2 else "have", verb_forms.participle),
        "used to": ("", f"used to {verb_forms.base}"),
        "near future": (be, f"going to {verb_forms.base}"),
        "future": ("will", verb_forms.base),
    }
    return simple[tense]


def _do(subject: Subject, tense: str) -> str:
    if tense in ("past", "imperfect"):
        return "did"
    return "does" if subject.en_person == 2 else "do"


def _finite(subject: Subject, what: Verb, tense: str) -> tuple[str, str]:
    """(finite verb, what follows it) in French."""
    person, verb_forms = subject.fr_person, what.fr
    if tense in ("past", "perfect"):
        auxiliary = _ETRE if verb_forms.with_etre else _AVOIR
        agrees = verb_forms.with_etre
        participle = verb_forms.past_participle(
            agrees and subject.feminine, agrees and subject.plural
        )
        return auxiliary.present[person], participle
    if tense in ("imperfect", "used to"):
        return verb_forms.imperfect(person), ""
    if tense == "future":
        return verb_forms.future(person), ""
    if tense == "near future":
        return _ALLER.present[person], verb_forms.infinitive
    if tense == "in progress":
        return _ETRE.present[person], f"en train de {verb_forms.infinitive}"
    return verb_forms.present[person], ""


def _french(subject: Subject, what: Verb, tense: str, negation: str, clitic: str) -> str:
    """The verb group: ne, pronoun, finite verb, pas, and the rest."""
    finite, rest = _finite(subject, what, tense)
    reflexive = subject.reflexive if what.fr.reflexive else ""
    pronoun = label(reflexive, "v") + label(clitic, "o")
    head, _, last = rest.rpartition(" ")
    late = tense in ("near future", "in progress")
    no = ("ne/n", label(_NEGATIONS[negation], "n")) if negation else ("", "")
    finite_key = _finite_key(what, tense, rest)
    words = [no[0], "" if late else pronoun, label(finite, finite_key), no[1], label(head, "x"),
             pronoun if late else "", label(last, "v"), label(what.particle, "v")]
    return " ".join(words)


def _finite_key(what: Verb, tense: str, rest: str) -> str:
    if what is BE:
        return "v"
    return "x" if rest and tense != "past" else "x,v"


def _inverted(subject: Subject, what: Verb, tense: str, clitic: str) -> str:
    """`as -tu lu`, `est -elle`, with -t- between two vowels."""
    finite, rest = _finite(subject, what, tense)
    pronoun = subject.words.fr[0].text
    glide = "-t" if finite[-1] in "ae" and pronoun[0] in "eio" else ""
    reflexive = subject.reflexive if what.fr.reflexive else ""
    words = [label(reflexive, "v") + label(clitic, "o"),
             label(finite, _finite_key(what, tense, rest)),
             f"{glide}-{pronoun}/s.#0", label(f"{rest} {what.particle}", "v")]
    return " ".join(words)
