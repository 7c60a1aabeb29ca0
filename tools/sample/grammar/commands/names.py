"""Names that nobody has: of artists, people and files, made of syllables."""

from grammar.choice import one

_SYLLABLES = "ba bel cor dal den dor fa fen gal gor ha hol ka kel lan lor ma mir na nor pa pel ra ron sa sel ta tor va vin".split()
_ENDS = "a en ia in is o on us".split()
_ENDINGS = "txt csv log md py json".split()


def name(salt: str) -> str:
    """A name of two or three syllables, with a capital."""
    count = one(f"{salt} count", (1, 1, 2))
    parts = [one(f"{salt} {k}", _SYLLABLES) for k in range(count)]
    return ("".join(parts) + one(f"{salt} end", _ENDS)).capitalize()


def artist(salt: str) -> str:
    """One name or two, or a band's."""
    first = name(f"{salt} first")
    return one(f"{salt} form", (f"{first} {name(salt)}", first, f"the {first}s", f"{first} and {name(salt)}"))


def stem(salt: str) -> str:
    """The name of a file without its ending."""
    plain = name(salt).lower()
    return one(f"{salt} stem", (plain, plain, f"{plain}_{one(salt, range(2, 40))}", f"my-{plain}"))


def file(salt: str) -> str:
    """The name of a file."""
    return f"{stem(salt)}.{one(f'{salt} ending', _ENDINGS)}"


def ending(salt: str) -> str:
    """An ending of files."""
    return one(salt, _ENDINGS)
