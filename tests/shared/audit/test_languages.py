"""Which language a text is in, or none where that isn't sure."""

import pytest

from shared.audit.languages import NAMES, detected, own_language
from tests.shared.audit.worlds import NAMES as OF_IDS
from tests.shared.audit.worlds import assistant

GREETINGS = {
    "da": "Goddag, jeg hedder Freja og ringer fra Nordlys. Har du tid til at tale om det nu?",
    "de": "Grüß Gott, hier ist die Praxis am Park. Spreche ich mit {patient_name}? Ich rufe wegen Ihres Termins an.",
    "en": "Hi {customer_name}, this is Emma with a very short survey about your ticket. Do you have a minute?",
    "es": "Hola, le llamo de la clínica por su cita de mañana. ¿Es usted {nombre}?",
    "fr": "Bonjour, je suis Camille de la société Soleil. Est-ce que je parle avec {nom} ? Je vous appelle ce matin.",
    "it": "Buongiorno, sono Giulia della Soluzione. Parlo con il signor {nome}? Chiamo per la sua richiesta.",
    "nl": "Goedemiddag, u spreekt met Sanne van De Zon. Ik bel over de offerte die u hebt gevraagd. Heeft u even?",
    "pl": "Dzień dobry, dzwonię z przychodni. Czy rozmawiam z panem? Chodzi o wizytę, na którą się pan zapisał.",
    "pt": "Olá, bom dia, sou a Ana da clínica. Estou a ligar por causa da sua consulta. Falo com o senhor?",
    "sv": "Hej, jag heter Elsa och ringer från Solen. Har du tid att prata med mig om din offert nu?",
    "tr": "Merhaba, ben Ayşe. Sizi randevunuz için arıyorum. Şimdi konuşmak için bir dakikanız var mı?",
}


def test_each_language_is_told_from_the_others() -> None:
    assert {code: detected(text) for code, text in GREETINGS.items()} == {code: code for code in NAMES}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "12 34",
        "Hallo {name}!",
        "Northwind Office Supply, Sales Team",
        "Guten Tag, good morning, hier ist the Concierge, do you speak English oder Deutsch?",
        "Grüezi, bonjour, buongiorno! Praxis am See, cabinet du lac.",
        "Здравствуйте, это клиника. Я звоню по поводу вашего визита.",
        "こんにちは、クリニックです。",
        "the the the the the the",
        "\ud800 \udfff \x00",
        "SOLAR XL 3000 PRO MAX is a ZX-81",
    ],
)
def test_of_a_text_that_is_short_mixed_or_in_none_of_them_nothing_is_said(text: str) -> None:
    assert detected(text) == ""


def test_long_texts_are_known_from_their_beginning() -> None:
    assert detected(GREETINGS["de"] * 50 + GREETINGS["en"] * 50_000) == "de"
    assert detected("'" * 1_000_000) == ""


def test_an_assistants_language_is_known_in_any_of_its_countries() -> None:
    codes = [own_language(assistant(language_id=number), OF_IDS) for number in (1, 2, 3, 4, 5, 99, None)]
    assert codes == ["de", "en", "en", "fr", "", "", ""]
