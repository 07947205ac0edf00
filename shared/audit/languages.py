"""Which language a text is in, from its small words: cheap, and silent when not sure; pure."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from shared.audit.finding import Words
from shared.models import Assistant, Names

NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "da": Words("Danish", "Dänisch"),
        "de": Words("German", "Deutsch"),
        "en": Words("English", "Englisch"),
        "es": Words("Spanish", "Spanisch"),
        "fr": Words("French", "Französisch"),
        "it": Words("Italian", "Italienisch"),
        "nl": Words("Dutch", "Niederländisch"),
        "pl": Words("Polish", "Polnisch"),
        "pt": Words("Portuguese", "Portugiesisch"),
        "sv": Words("Swedish", "Schwedisch"),
        "tr": Words("Turkish", "Türkisch"),
    }
)
"""The languages that can be told apart, by their two-letter codes."""

# Articles, pronouns, prepositions, forms of "to be" and "to have", and how one begins a call. A word may stand with
# several languages: it speaks for none of them against the others.
_SMALL_WORDS: Mapping[str, str] = {
    "da": """af alle at blev da de deres det din du efter eller en er et for fra fordi god goddag har havde hej hun
        hvad hvor ikke ind jeg jer kan med men min må navn nogle noget nu og også om på ringer sig skal som taler til
        tid ved vi vil være""",
    "de": """aber als am an auch auf aus bei bin bis bitte das dass dem den der des die dir du durch ein eine einen
        einer es euch für gerade gern grüß gruezi grüezi gut gute guten haben hallo heute hier ich ihr ihre ihrem
        ihren ihrer im ist ja kann können mein meine mich mir mit möchte nach nicht noch nur oder ruf rufe schön sein
        sich sie sind spreche tag über um und uns unser unsere vom von vor war wegen wenn wie wir wird zu zum
        zur zeit""",
    "en": """a about am an and are as at be been but by calling can could did do does for from good had has have hello
        hi how i if in is it just like may me minute moment my not of on or our please so speak speaking talk than
        thank thanks that the there this to was we were what when will with would you your""",
    "es": """al buenas buenos como con cómo cuando de del desde días donde e el ella en es ese esta está este estoy
        hablo hola la las le les llamo lo los me mi mucho muy no nos nuestra nuestro o para pero por puede qué que se
        señor señora sí si soy su sus también tardes tiene todo un una usted y ya yo""",
    "fr": """à appelle au aux avec avez bonjour bonsoir c'est ce cela ces cette dans de des du elle en est et êtes
        être ici il j'ai je jour la le les leur lui ma mais merci moi mon ne nos notre nous on ou où parle par pas
        pour puis qu'est que qui sa se ses si son sommes suis sur très un une vos votre vous""",
    "it": """a al alla anche buonasera buongiorno che chi chiamo ci ciao come con cosa da dal dalla dei del della
        delle di e è gli ha ho i il in io la le lei lo ma mi mio nel nella non o parlo per perché più può questa
        questo qui salve se sei si sono su sua suo tempo un una uno""",
    "nl": """aan als bel ben bij dag dan dat de deze die dit door een en er goedemiddag goedemorgen goedendag had
        hallo hebben hebt heeft heeft het hier hij ik in is je jij kan maar me met mijn naar niet nog nu of om onze
        ons ook op over spreek te tot u uit uw van voor was wat we wij wilt worden zijn""",
    "pl": """ale być chciałbym chciałabym co czy dla do dobry dzień dzwonię go i ich ja jak jest jestem jeśli już ma
        mam mi mnie mogę na nas nasz nie o od oraz pan pana pani państwa po przez przy rozmawiam się są ta tak ten to
        tu w witam z za ze że""",
    "pt": """a ao as até boa bom com como da das de dia do dos e é ela ele em está estou eu falo fala foi isso já lhe
        ligo mais mas me meu minha muito na não nas no nos nossa nosso o olá os ou para pela pelo por porque posso
        quando que se sem ser seu senhor senhora sobre sou sua tarde tem uma um você""",
    "sv": """alla att av blir dag de den det detta din dig du efter eller en er ett finns för från god ha han har hej
        hon hur här i inte jag kan kommer man med men mig min mitt namn när och också om oss på ringer sig ska som
        talar till tid vad var vara vi vid vill är""",
    "tr": """acaba ama arıyorum bay bayan ben beni bir biz bu bugün çok da daha de değil diye en gibi görüşüyorum
        günler günaydın hanım iyi için ile ise istiyorum kadar kim ki konuşuyorum merhaba mi mı mu nasıl ne neden o
        olan olarak olduğu size sizi siz sizin şu var ve veya ya yok""",
}


def _languages_by_word() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, words in _SMALL_WORDS.items():
        for word in words.split():
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


_LANGUAGES_OF = MappingProxyType(_languages_by_word())
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

LOOKED_AT = 2000
"""Characters: more would not make it surer."""
DISTINCT = 3
"""A language must have so many different small words in a text that another has not …"""
LEAD = 3
"""… and so many times those that the other has and it has not, whichever other …"""
SHARE = 0.25
"""… and its small words must be so large a part of all: in prose they are nearly half."""


@lru_cache(maxsize=4)
def detected(text: str) -> str:
    """The code of the text's language, one of NAMES; "" where it isn't sure: too short, mixed, or none of them."""
    words = Counter(_WORD.findall(text[:LOOKED_AT].lower()))
    small: dict[str, set[str]] = {}
    for word in words:
        for code in _LANGUAGES_OF.get(word, ()):
            small.setdefault(code, set()).add(word)
    if not small:
        return ""
    best = max(small, key=lambda code: len(small[code]))
    own = small.pop(best)
    share = sum(words[word] for word in own) / words.total()
    leads = all(len(own - other) >= max(DISTINCT, LEAD * len(other - own)) for other in small.values())
    return best if share >= SHARE and len(own) >= DISTINCT and leads else ""


def own_language(assistant: Assistant, names: Names) -> str:
    """The code of the language that the assistant speaks, one of NAMES; "" where that isn't known, or none of them."""
    code = names.language(assistant).lower().partition("-")[0]
    return code if code in NAMES else ""


def languages_as_facts(found: str, own: str) -> dict[str, str]:
    """A finding's facts: the language that a text is in or asks for, and the assistant's; codes of NAMES."""
    return {
        "found": found,
        "found_en": NAMES[found].en,
        "found_de": NAMES[found].de,
        "own": own,
        "own_en": NAMES[own].en,
        "own_de": NAMES[own].de,
    }
