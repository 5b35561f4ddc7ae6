# ruff: noqa: RUF002 - the tables hold words of languages whose letters look like Latin ones
"""Words of explanations, and of those who tell of themselves, in other languages than English.

Код остановки означает …            Ein Bluescreen ist eine Fehlermeldung …            suele aparecer cuando …
У меня …                            J'ai …                                             Hola, tengo …
"""

EXPLAINS = "|".join(
    (
        r"wird (?:\w{1,14} ){0,2}(?:verursacht|ausgelöst|angezeigt)",
        r"tritt (?:\w{1,14} ){0,2}auf,? wenn",
        r"(?:ist|sind) (?:\w{1,14} )?eine? (?:\w{1,16} )?(?:fehlermeldung|fehler)",
        r"(?:deutet|weist) (?:\w{1,24} ){0,4}hin",
        r"steht für|bedeutet,? dass",
        r"suele (?:aparecer|ser|deberse)|indica(?:ndo)? que|significa que|se produce cuando|es causado por|es un error",
        r"est (?:souvent |généralement )?(?:causée?|provoquée?) par|signifie que|indique que|se produit lorsque",
        r"означает|указывает на|появляется|возникает|определяет|общий стоп.код|зависит от",
    )
)
"""A pattern of what explanations say: means, points to, appears, arises, is caused by."""

TITLES = "|".join(
    (
        r"entendiendo|cómo|guía|qué (?:es|significa)|¿qué",
        r"was (?:ist|sind|bedeutet)|wie (?:sie|man|du)|so (?:entschlüsseln|beheben)",
        r"comment|qu'est|que signifie",
        r"как|что|коды",
    )
)
"""A pattern of the words with which a lesson's title begins: how, what is, a guide to, codes."""

OWN = frozenset(("я", "меня", "мне", "мой", "je", "mon", "j'ai", "yo", "tengo"))
"""Words of those who tell of themselves."""

PLEA = frozenset(("помогите", "подскажите", "здравствуйте", "hola", "ayuda", "bonjour", "hallo", "danke", "gracias"))
