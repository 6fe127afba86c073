"""Headers of exports as such systems write them, with a few values, and the field that each heading means."""

from collections.abc import Mapping
from typing import NamedTuple

from cgmock.core.catalog import DataType
from cgmock.suggest.column_formats import Column

EMAILS = ("joe@example.com", "ann@example.org", "max@example.net")
PHONES = ("+49 30 1234567", "+33 1 23456789", "+1 212 5550100")
DATES = ("2026-03-02 10:30:00", "2026-03-03 11:00:00", "2026-04-01 09:15:00")
ISO_DATES = ("2026-03-02T10:30:00Z", "2026-03-03T11:00:00Z", "2026-04-01T09:15:00Z")
GERMAN_DATES = ("02.03.2026", "03.03.2026", "01.04.2026")
SCORES = ("0", "6", "7", "8", "9", "10")
STARS = ("1", "2", "3", "4", "5")
NAMES = ("Joe", "Ann", "Max")
COMPANIES = ("ACME", "Globex", "Initech")
IDS = ("0035g00000AbCdE", "0035g00000AbCdF", "0035g00000AbCdG")
NUMBERS = ("100231", "100232", "100233")
FLAGS = ("Y", "N")
SENTENCES = ("Very quick, thank you", "The invoice was wrong", "All good")


class Export(NamedTuple):
    """An export: by heading, its values and the name of the field that is meant, None for no field."""

    data_type: DataType
    headings: Mapping[str, tuple[tuple[str, ...], str | None]]

    @property
    def columns(self) -> list[Column]:
        """The columns as they are sampled."""
        return [Column(heading, values) for heading, (values, _) in self.headings.items()]


EXPORTS = {
    "salesforce contacts": Export(
        DataType.CONTACT,
        {
            "Contact ID": (IDS, None),
            "Account ID": (IDS, None),
            "Account Name": (COMPANIES, "account_name"),
            "Salutation": (("Mr.", "Ms."), None),
            "First Name": (NAMES, "first_name"),
            "Last Name": (NAMES, "last_name"),
            "Title": (("Buyer", "CEO"), "job_title"),
            "Email": (EMAILS, "email"),
            "Phone": (PHONES, "phone"),
            "Mailing Country": (("Germany", "France"), "country"),
            "Account Owner": (NAMES, "account_manager"),
            "Email Opt Out": (("0", "1"), None),
            "Created Date": (GERMAN_DATES, None),
        },
    ),
    "salesforce survey object": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "Contact.Email": (EMAILS, "email"),
            "Contact.FirstName": (NAMES, "first_name"),
            "Contact.LastName": (NAMES, "last_name"),
            "Account.Name": (COMPANIES, "account_name"),
            "NPS_Score__c": (SCORES, "nps"),
            "Comment__c": (SENTENCES, "comment"),
            "CSAT_Score__c": (STARS, None),
            "Sent_Date__c": (ISO_DATES, "sent_date"),
            "Completed_Date__c": (ISO_DATES, "completed_date"),
            "OwnerId": (IDS, None),
        },
    ),
    "hubspot feedback": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "Record ID": (NUMBERS, None),
            "Survey Name": (("Relationship 2026",), None),
            "Email": (EMAILS, "email"),
            "Associated Company": (COMPANIES, "account_name"),
            "Rating": (SCORES, None),
            "NPS": (SCORES, "nps"),
            "Response": (SENTENCES, None),
            "NPS Comment": (SENTENCES, "comment"),
            "Submitted at": (ISO_DATES, "completed_date"),
        },
    ),
    "hubspot contacts": Export(
        DataType.CONTACT,
        {
            "Record ID - Contact": (NUMBERS, None),
            "First Name": (NAMES, "first_name"),
            "Last Name": (NAMES, "last_name"),
            "Email": (EMAILS, "email"),
            "Phone Number": (PHONES, "phone"),
            "Contact owner": (NAMES, None),
            "Company name": (COMPANIES, "account_name"),
            "Job Title": (("Buyer", "CEO"), "job_title"),
            "Country/Region": (("Germany", "France"), "country"),
            "Preferred language": (("en", "de"), "language"),
            "Number of Employees": (("12", "800"), "company_size"),
        },
    ),
    "zendesk tickets": Export(
        DataType.ACTIVITY,
        {
            "Ticket ID": (NUMBERS, "reference"),
            "Ticket type": (("Question", "Incident"), "type"),
            "Ticket channel": (("Email", "Web"), "source"),
            "Requester email": (EMAILS, "email"),
            "Organization": (COMPANIES, "account_name"),
            "Ticket created": (DATES, "happened_at"),
            "Assignee email": (EMAILS, None),
            "Satisfaction score": (("good", "bad"), None),
        },
    ),
    "surveymonkey": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "Respondent ID": (NUMBERS, None),
            "Collector ID": (NUMBERS, None),
            "End Date": (("03/14/2026 10:30:00", "03/15/2026 11:00:00"), "completed_date"),
            "IP Address": (("192.0.2.1", "192.0.2.2"), None),
            "Email Address": (EMAILS, "email"),
            "First Name": (NAMES, "first_name"),
            "Last Name": (NAMES, "last_name"),
            "How likely is it that you would recommend us to a friend or colleague?": (SCORES, "nps"),
            "What is the main reason for your score?": (SENTENCES, "comment"),
            "Overall, how satisfied are you with our service?": (STARS, None),
        },
    ),
    "qualtrics": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "ResponseId": (("R_1abc", "R_2abc"), None),
            "RecordedDate": (DATES, "completed_date"),
            "RecipientEmail": (EMAILS, "email"),
            "RecipientFirstName": (NAMES, "first_name"),
            "RecipientLastName": (NAMES, "last_name"),
            "UserLanguage": (("EN", "DE"), "language"),
            "Q1_NPS_GROUP": (("Promoter", "Detractor"), None),
            "Duration (in seconds)": (("63", "128"), None),
        },
    ),
    "dynamics": Export(
        DataType.CONTACT,
        {
            "(Do Not Modify) Contact": (IDS, None),
            "fullname": (("Joe Doe", "Ann Lee"), None),
            "firstname": (NAMES, "first_name"),
            "lastname": (NAMES, "last_name"),
            "emailaddress1": (EMAILS, "email"),
            "mobilephone": (PHONES, "phone"),
            "parentcustomerid": (COMPANIES, "account_name"),
            "jobtitle": (("Buyer", "CEO"), "job_title"),
            "address1_country": (("Germany", "France"), "country"),
            "statuscode": (("1", "2"), None),
        },
    ),
    "sap": Export(
        DataType.CONTACT,
        {
            "KUNNR": (NUMBERS, "customer_number"),
            "NAME1": (COMPANIES, "account_name"),
            "NAME_FIRST": (NAMES, "first_name"),
            "NAME_LAST": (NAMES, "last_name"),
            "SMTP_ADDR": (EMAILS, "email"),
            "TELF1": (PHONES, "phone"),
            "LAND1": (("DE", "FR"), "country"),
            "SPRAS": (("D", "F"), "language"),
            "BUKRS": (("1000", "2000"), None),
        },
    ),
    "pipedrive": Export(
        DataType.CONTACT,
        {
            "Person - ID": (NUMBERS, None),
            "Person - First name": (NAMES, "first_name"),
            "Person - Last name": (NAMES, "last_name"),
            "Person - Email - Work": (EMAILS, "email"),
            "Person - Phone - Work": (PHONES, "phone"),
            "Organization - Name": (COMPANIES, "account_name"),
            "Person - Owner": (NAMES, None),
            "Person - Open deals": (("0", "1", "2"), None),
        },
    ),
    "german erp": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "Kunden-Nr.": (NUMBERS, "customer_number"),
            "Firma": (COMPANIES, "account_name"),
            "Anrede": (("Herr", "Frau"), None),
            "Vorname": (NAMES, "first_name"),
            "Nachname": (NAMES, "last_name"),
            "E-Mail-Adresse": (EMAILS, "email"),
            "Telefonnummer": (PHONES, "phone"),
            "Land": (("DE", "FR"), "country"),
            "Sprache": (("de", "fr"), "language"),
            "Geschäftsbereich": (("Nord", "Süd"), "division"),
            "Versanddatum": (GERMAN_DATES, "sent_date"),
            "Antwortdatum": (GERMAN_DATES, "completed_date"),
            "Weiterempfehlung": (SCORES, "nps"),
            "Anmerkungen": (SENTENCES, "comment"),
            "Rückruf erwünscht": (("Ja", "Nein"), "follow_up_request"),
            "Bestelldatum": (GERMAN_DATES, "order_date"),
            "Umsatz": (("1200,50", "80,00"), None),
        },
    ),
    "french erp": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "N° client": (NUMBERS, "customer_number"),
            "Société": (COMPANIES, "account_name"),
            "Prénom": (NAMES, "first_name"),
            "Nom de famille": (NAMES, "last_name"),
            "Adresse e-mail": (EMAILS, "email"),
            "Téléphone": (PHONES, "phone"),
            "Fonction": (("Acheteur", "PDG"), "job_title"),
            "Secteur d'activité": (("Énergie", "Santé"), "industry"),
            "Pays": (("FR", "BE"), "country"),
            "Langue": (("fr", "nl"), "language"),
            "Date d'envoi": (GERMAN_DATES, "sent_date"),
            "Date de réponse": (GERMAN_DATES, "completed_date"),
            "Note NPS": (SCORES, "nps"),
            "Commentaires": (SENTENCES, "comment"),
            "Chiffre d'affaires": (("1200", "80"), None),
        },
    ),
    "a shop that misspells": Export(
        DataType.MULTI_OBJECT,
        {
            "Frist Name": (NAMES, "first_name"),
            "LastNmae": (NAMES, "last_name"),
            "Adress": (("High Street 1", "Low Road 2"), None),
            "E-mial": (EMAILS, "email"),
            "Compnay Name": (COMPANIES, "account_name"),
            "Touch point": (("After Sales", "Onboarding"), "touchpoint"),
            "Purchase date": (DATES, "order_date"),
            "Costumer Number": (NUMBERS, "customer_number"),
        },
    ),
    "columns that say nothing": Export(
        DataType.EXTERNAL_RESPONSE,
        {
            "A": (EMAILS, "email"),
            "B": (SCORES, "nps"),
            "C": (PHONES, "phone"),
            "D": (DATES, None),
            "E": (FLAGS, None),
            "F": (NAMES, None),
        },
    ),
}
"""Exports by the system that they are like."""
