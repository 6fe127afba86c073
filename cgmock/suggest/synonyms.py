"""What exports of other systems call the fields, and which field a heading means by its name alone."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from cgmock.core import catalog
from cgmock.core.spelling import nearest
from cgmock.verifier.headings import OTHER_NAMES, OTHER_QUESTION, field_called, plain
from cgmock.verifier.sources.delimited import MOST_COLUMNS


class Likeness(IntEnum):
    """How a heading comes to mean a field; more is better."""

    VALUES = 0
    REFERENCE = 1
    SIMILAR = 2
    PART = 3
    QUESTION = 4
    EXPORTS = 5
    OTHER_NAME = 6
    NAME = 7


class Meaning(NamedTuple):
    """A field, by its name, that a heading may mean, and how."""

    field: str
    likeness: Likeness


EXPORT_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "account_name": (
            *("Organization", "Organisation", "Organization Name", "Organisation Name", "Associated Company"),
            *(
                "Employer",
                "Parent Customer",
                "Parentcustomerid",
                "Business Name",
                "Customer Company",
                "Name 1",
            ),
            *("Name Org 1", "BP Name"),
            *("Firma", "Firmenname", "Unternehmen", "Kunde", "Kundenname"),
            *("Société", "Entreprise", "Raison sociale", "Nom de l'entreprise", "Nom du compte"),
            *("Empresa", "Azienda", "Bedrijf", "Bedrijfsnaam"),
        ),
        "account_display_name": ("Display Name", "Trading Name", "Trading As"),
        "account_manager": (
            *("Account Owner", "Company Owner", "Customer Success Manager", "CSM", "Key Account Manager"),
            *("Kundenbetreuer", "Betreuer", "Chargé de compte", "Responsable de compte"),
        ),
        "account_manager_email": ("Account Owner Email", "CSM Email", "Customer Success Manager Email"),
        "parent_account": (
            "Parent Company",
            "Parent Organization",
            "Konzern",
            "Muttergesellschaft",
            "Groupe",
        ),
        "industry": ("Sector", "Industry Sector", "Branche", "Secteur", "Secteur d'activité"),
        "company_size": (
            *("Number of Employees", "Employees", "No of Employees", "Employee Count", "Headcount"),
            *("Mitarbeiter", "Mitarbeiterzahl", "Anzahl Mitarbeiter", "Effectif", "Nombre d'employés"),
        ),
        "alias": ("Account Alias", "Also Known As", "Former Name"),
        "email": (
            *("Mail Address", "Email Addr", "SMTP Addr", "Emailaddress", "Primary Email", "Work Email"),
            *(
                "E-Mail-Adresse",
                "Mailadresse",
                "Adresse e-mail",
                "Adresse mail",
                "Courriel",
                "Correo electrónico",
            ),
            *("Business Email", "Email 1", "E-mailadres", "Indirizzo email"),
        ),
        "phone": (
            *(
                "Mobile Phone",
                "Mobile Number",
                "Cell Phone",
                "Cell",
                "Business Phone",
                "Work Phone",
                "Tel",
                "Telf",
            ),
            *("Phone No", "Tel Number", "Telephone Number", "Contact Number", "SMS Number"),
            *("Telefon", "Telefonnummer", "Rufnummer", "Mobiltelefon", "Handy", "Handynummer", "Mobil"),
            *("Téléphone", "Numéro de téléphone", "Téléphone portable", "Portable", "Mobile Telephone"),
            *("Teléfono", "Telefono", "Telefoonnummer"),
        ),
        "first_name": (
            "Given Name",
            "Forename",
            "Name First",
            "Vorname",
            "Prénom",
            "Nombre",
            "Nome",
            "Voornaam",
        ),
        "last_name": (
            *(
                "Surname",
                "Family Name",
                "Name Last",
                "Nachname",
                "Familienname",
                "Nom de famille",
                "Apellido",
            ),
            *("Apellidos", "Cognome", "Achternaam"),
        ),
        "job_title": (
            *("Title", "Role", "Job Role", "Job Function", "Funktion", "Berufsbezeichnung", "Stelle"),
            *("Fonction", "Poste", "Intitulé du poste", "Cargo"),
        ),
        "job_level": ("Seniority", "Management Level", "Hierarchieebene", "Niveau hiérarchique"),
        "language": (
            *("Preferred Language", "Language Code", "Lang", "Spras", "Sprache", "Korrespondenzsprache"),
            *("Langue", "Idioma", "Lingua", "Taal"),
        ),
        "country": (
            *(
                "Country Code",
                "Country Region",
                "Country Name",
                "Mailing Country",
                "Billing Country",
                "Address Country",
            ),
            *("Address 1 Country", "Land", "Land 1", "Ländercode", "Pays", "País", "Paese"),
        ),
        "customer_number": (
            *("Customer ID", "Customer No", "Customer Code", "Client Number", "Client ID", "Account Number"),
            *(
                "Debtor Number",
                "Kunnr",
                "Kundennummer",
                "Kunden-Nr.",
                "Kundennr",
                "Debitorennummer",
                "Debitor",
            ),
            *("Numéro client", "Numéro de client", "N° client", "No client", "Code client"),
        ),
        "touchpoint": ("Touch Point", "Kontaktpunkt", "Point de contact"),
        "division": (
            "Business Unit",
            "Business Division",
            "Geschäftsbereich",
            "Sparte",
            "Division commerciale",
        ),
        "sent_date": (
            *(
                "Sent At",
                "Sent On",
                "Survey Sent",
                "Survey Sent At",
                "Invited At",
                "Invitation Sent",
                "Send Date",
            ),
            *("Date Invited", "Sent", "Invitation Sent Date", "Versanddatum", "Versendet am", "Gesendet am"),
            *("Date d'envoi", "Envoyé le", "Date d'invitation"),
        ),
        "completed_date": (
            *(
                "Completed At",
                "Completed On",
                "Date Completed",
                "Completion Date",
                "Submitted At",
                "Submitted On",
            ),
            *(
                "Submit Date",
                "Submission Date",
                "Submit Date UTC",
                "Date Submitted",
                "End Date",
                "Responded At",
            ),
            *("Response Time", "Answered At", "Recorded Date", "Response Received", "Survey Completion Date"),
            *("Antwortdatum", "Beantwortet am", "Ausgefüllt am", "Date de réponse", "Répondu le"),
        ),
        "nps": (
            *("NPS Rating", "NPS Value", "NPS Answer", "NPS Response", "Likelihood to Recommend", "LTR"),
            *("Recommendation Score", "Weiterempfehlung", "Weiterempfehlungsbereitschaft", "NPS-Wert"),
            *("Note NPS", "Score NPS", "Recommandation"),
        ),
        "comment": (
            *(
                "Verbatim",
                "Free Text",
                "NPS Comment",
                "Customer Comment",
                "Open-Ended Response",
                "Reason for Score",
            ),
            *("NPS Feedback", "Feedback Text", "Comment Text", "Response Text", "Your Feedback"),
            *("Kommentar", "Kommentare", "Anmerkung", "Anmerkungen", "Bemerkung", "Bemerkungen", "Freitext"),
            *("Commentaire", "Commentaires", "Remarque", "Remarques", "Verbatim client", "Comentario"),
        ),
        "follow_up_request": (
            *(
                "Follow Up Requested",
                "Callback Requested",
                "May We Contact You",
                "Wants Contact",
            ),
            *(
                "Rückruf erwünscht",
                "Rückruf gewünscht",
                "Rückruf",
                "Souhaite être recontacté",
                "Être recontacté",
            ),
        ),
        "follow_up_details": ("Follow Up Notes", "Follow Up Comment", "Callback Details", "Follow Up Reason"),
        "order_date": (
            *("Date of Order", "Purchase Date", "Date of Purchase", "Ordered At", "Order Created At"),
            *("Bestelldatum", "Auftragsdatum", "Kaufdatum", "Date de commande", "Date d'achat"),
        ),
        "contact_reference": ("Contact Ref", "Email or Phone"),
        "reference": (
            *("Ticket ID", "Ticket Number", "Case Number", "Case ID", "Activity ID", "Activity Reference"),
            *("Incident Number", "Ticketnummer", "Vorgangsnummer", "Numéro de ticket"),
        ),
        "source": ("Channel", "Ticket Channel", "Case Origin", "Source System", "Origin", "Quelle", "Canal"),
        "type": ("Ticket Type", "Case Type", "Activity Type", "Record Type", "Art", "Vorgangsart"),
        "happened_at": (
            *("Created At", "Created On", "Created Date", "Date Created", "Ticket Created", "Date Opened"),
            *("Date Time Opened", "Occurred At", "Activity Date", "Erstellt am", "Date de création"),
        ),
    }
)
"""Names that CRMs, help desks, survey tools and ERPs give to such columns, in English, German, French and a few more."""

_NOISE = frozenset(
    {
        *("contact", "contacts", "customer", "respondent", "requester", "person", "recipient", "participant"),
        *("lead", "client", "survey", "response", "primary", "main", "work", "business", "ticket", "case"),
        *("kontakt", "kunden", "ansprechpartner", "empfanger", "destinataire", "your", "the", "of"),
    }
)
"""Words around a name that tell whose it is, and are left out."""

_TECHNICAL = frozenset({"c", "pc", "cf", "custom", "field", "properties", "new", "bp", "1"})
"""Words that systems put around the names of their columns."""

_QUALIFIERS = frozenset(
    {
        *(
            "id",
            "ids",
            "key",
            "guid",
            "type",
            "status",
            "state",
            "count",
            "number",
            "no",
            "url",
            "link",
            "flag",
        ),
        *(
            "opt",
            "out",
            "in",
            "optin",
            "optout",
            "domain",
            "owner",
            "agent",
            "assignee",
            "bounced",
            "verified",
        ),
        *("valid", "consent", "old", "previous", "category", "group", "template", "subject", "code", "total"),
    }
)
"""Words that make something else of a name which is alike otherwise: Account ID is no Account."""

_OTHERS = frozenset(
    {
        *("agent", "assignee", "owner", "manager", "rep", "user", "sender", "collector", "interviewer"),
        *("creator", "created", "modified", "fax", "billing", "invoice", "quantity", "amount", "employees"),
    }
)
"""Words of somebody or something else than the contact and the answer."""

_QUESTIONS = (
    (
        "nps",
        re.compile(r"(?i)likely\b.*\brecommend|recommend\b.*\blikely|weiterempfehlen|recommand(er|iez)\b"),
    ),
    (
        "comment",
        re.compile(r"(?i)reason for your (score|rating|answer)|why did you|grund für ihre|raison de votre"),
    ),
    ("follow_up_request", re.compile(r"(?i)(may|can) we (contact|call)|dürfen wir sie kontaktieren")),
)
_RECOMMENDING = re.compile(r"\bnps\b|promoter|recomm|weiterempf")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d\b)")
_LONGEST_NAME = 60
"""Characters of a heading that can be a misspelt name; a longer one is a sentence."""


@lru_cache(maxsize=MOST_COLUMNS)
def meanings(heading: str) -> tuple[Meaning, ...]:
    """The fields that a heading may mean by its name, all in the same way: the best that there is."""
    likeness, names = next(((each, names) for each, names in _ways(heading) if names), (Likeness.VALUES, ()))
    other_question = asks_something_else(heading)
    return tuple(Meaning(name, likeness) for name in names if not (name == "nps" and other_question))


def asks_something_else(heading: str) -> bool:
    """Whether a heading is that of scores which are no answer to how likely one is to recommend."""
    words = " ".join(_words(heading))
    return bool(OTHER_QUESTION.search(words)) and not _RECOMMENDING.search(words)


def is_of_another(heading: str) -> bool:
    """Whether a heading has a word that makes something else of whatever its values look like."""
    return asks_something_else(heading) or not (_QUALIFIERS | _OTHERS).isdisjoint(_words(heading))


def _ways(heading: str) -> Iterator[tuple[Likeness, tuple[str, ...]]]:
    called = field_called(heading)
    if called:
        field = catalog.FIELDS[called]
        own = plain(heading) in {plain(name) for name in (called, field.display_name, field.technical_name)}
        yield Likeness.NAME if own else Likeness.OTHER_NAME, (called,)
    yield Likeness.EXPORTS, _known(_key(heading))
    words = _words(heading)
    for dropped, likeness in ((_TECHNICAL, Likeness.EXPORTS), (_TECHNICAL | _NOISE, Likeness.PART)):
        kept = [word for word in dict.fromkeys(words) if word not in dropped]
        yield likeness, _known("".join(kept))
    yield Likeness.QUESTION, tuple(name for name, asked in _QUESTIONS if asked.search(heading))
    yield Likeness.SIMILAR, _similar(heading, words)


def _similar(heading: str, words: list[str]) -> tuple[str, ...]:
    sought = _key(heading)
    if len(sought) > _LONGEST_NAME or _NOISE.issuperset(words):
        return ()
    meant = nearest(sought, _misspelt_as(sought[:1], sought[-1:])) or ""
    return _known(meant) if all(word in meant for word in _QUALIFIERS.intersection(words)) else ()


@cache
def _misspelt_as(first: str, last: str) -> tuple[str, ...]:
    """The names that a misspelt one may be: it hardly ever changes both ends."""
    return tuple(name for name in _names() if name[0] == first or name[-1] == last)


def _known(key: str) -> tuple[str, ...]:
    return _names().get(key, ())


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """The fields that have a name, by the name's key."""
    named: dict[str, tuple[str, ...]] = {}
    for field in catalog.FIELDS.values():
        own = (field.name, field.display_name, field.technical_name)
        for name in (*own, *OTHER_NAMES.get(field.name, ()), *EXPORT_NAMES.get(field.name, ())):
            key = _key(name)
            if field.name not in named.get(key, ()):
                named[key] = (*named.get(key, ()), field.name)
    return named


def _words(heading: str) -> list[str]:
    """The words of a heading, without case and accents: a hump of camelCase begins one."""
    return re.findall(r"[^\W_]+", _without_accents(_HUMP.sub(" ", heading)).casefold())


def _key(word: str) -> str:
    return plain(_without_accents(word))


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
