"""The rules of the verifier: each has an id that stays, what CustomerGauge would do, what to do, and the evidence."""

from enum import Enum, StrEnum

from cgmock.core.behaviours import Behaviour, Evidence


class Severity(StrEnum):
    """How bad a finding is: data lost or refused; a risk; worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_DOCUMENTED, _FRAMEWORK, _ASSUMED = Evidence.DOCUMENTED, Evidence.FRAMEWORK, Evidence.ASSUMED

_SILENT = "answers 200 and drops the value in silence"
_FAILS = "does not store the record"
_REQUIREMENTS = "Data file requirements, 5000736614"


class Rule(Enum):
    """A rule: `id`, `slug`, the usual `severity`, `would`, `advice`, `evidence`, `source`.

    A finding is an error only where the mock would lose or refuse data: what a policy of the tenant has stored all the
    same is a warning, whatever stands here.
    """

    def __init__(
        self,
        identifier: str,
        severity: Severity,
        would: str,
        advice: str,
        known: Behaviour | tuple[Evidence, str],
    ) -> None:
        self.id = identifier
        self.slug = self.name.lower().replace("_", "-")
        self.severity = severity
        self.would = would
        self.advice = advice
        if isinstance(known, Behaviour):
            known = (known.evidence, known.source)
        self.evidence: Evidence = known[0]
        self.source: str = known[1]

    # Headings: the file against the mapping.
    HEADING_UNMAPPED = (
        "CG001",
        _ERROR,
        f"CustomerGauge {_SILENT}: the configuration does not know the heading.",
        "Map the heading in CustomerGauge, or leave the column out of what is sent.",
        Behaviour.HEADING_UNMAPPED,
    )
    HEADING_CASE = (
        "CG002",
        _ERROR,
        f"CustomerGauge {_SILENT}: headings are case sensitive.",
        "Write the heading as the configuration has it.",
        Behaviour.HEADING_UNMAPPED,
    )
    HEADING_BLANKS = (
        "CG003",
        _ERROR,
        f"CustomerGauge {_SILENT}: blanks and punctuation count, at the ends as well.",
        "Write the heading as the configuration has it.",
        Behaviour.HEADING_UNMAPPED,
    )
    HEADING_LOOK_ALIKE = (
        "CG004",
        _ERROR,
        f"CustomerGauge {_SILENT}: the heading has letters of another alphabet that look the same.",
        "Type the heading anew, or copy it from the configuration.",
        Behaviour.HEADING_UNMAPPED,
    )
    HEADING_MISSPELT = (
        "CG005",
        _ERROR,
        f"CustomerGauge {_SILENT}: the configuration has a heading that is nearly the same.",
        "Write the heading as the configuration has it.",
        Behaviour.HEADING_UNMAPPED,
    )
    HEADING_OTHER_NAME = (
        "CG006",
        _ERROR,
        f"CustomerGauge {_SILENT}: it is another name of a field that the configuration has under its own heading.",
        "Send the heading of the configuration; names of other interfaces and of files do not count.",
        (_DOCUMENTED, "5000879788, 5000897072, 5000722515: the same field has several names"),
    )
    HEADING_NEVER_SENT = (
        "CG007",
        _WARNING,
        "CustomerGauge never gets a value for this heading of the configuration.",
        "Send it, or take it out of the configuration; perhaps it has another name in the file.",
        (_DOCUMENTED, "PUT Record (External Response), 5000880071"),
    )
    HEADING_TWICE = (
        "CG008",
        _ERROR,
        "Only the last of the columns with this heading arrives: a record has each heading once.",
        "Rename or remove the columns that are not meant.",
        (_FRAMEWORK, "Laravel 8.83: of equal keys the last wins"),
    )
    FIELD_TWICE = (
        "CG009",
        _ERROR,
        "Two headings lead to one field, and the later one overwrites the other.",
        "Send one of them, or map them to fields of their own.",
        Behaviour.HEADING_OVERWRITTEN,
    )
    FIELD_OF_ANOTHER_TYPE = (
        "CG010",
        _ERROR,
        "CustomerGauge answers 200 and ignores the value: records of this data type have no such field.",
        "Choose the data type that has the field, or take the heading out of the configuration.",
        Behaviour.FIELD_MISPLACED,
    )
    ACCOUNT_UNNAMED = (
        "CG011",
        _ERROR,
        "CustomerGauge answers 200 and has no account to keep the value.",
        "Send the account name with every record that has fields of an account.",
        Behaviour.FIELD_MISPLACED,
    )
    HEADING_BLANK = (
        "CG012",
        _ERROR,
        f"CustomerGauge {_SILENT}: the column has values and no heading.",
        "Give the column a heading that is mapped, or remove it.",
        Behaviour.HEADING_UNMAPPED,
    )
    HEADER_MISSING = (
        "CG013",
        _WARNING,
        "The first row is taken for headings, and it looks like a record.",
        "Put a row of headings on top.",
        (_DOCUMENTED, "Imports: upload and mapping, 5000866058"),
    )
    HEADING_BREAKS_FORMS = (
        "CG014",
        _WARNING,
        "In a form the heading is cut at its bracket: the value is dropped in silence.",
        "Send JSON, or rename the heading.",
        (_FRAMEWORK, "Laravel 8.83: record[A]B] has the key A"),
    )
    TOO_MANY_HEADINGS = (
        "CG015",
        _WARNING,
        "In a form everything after the 1000th field is cut off in silence.",
        "Send JSON.",
        (_FRAMEWORK, "PHP's max_input_vars"),
    )

    # What a data type requires.
    REQUIRED_UNMAPPED = (
        "CG020",
        _ERROR,
        "CustomerGauge refuses every record: the configuration has no heading for a field that the data type requires.",
        "Map the field in CustomerGauge, and send it.",
        Behaviour.FIELD_REQUIRED,
    )
    REQUIRED_NOT_SENT = (
        "CG021",
        _ERROR,
        "CustomerGauge refuses every record: the file has no column for a field that the data type requires.",
        "Send the heading.",
        Behaviour.FIELD_REQUIRED,
    )
    REQUIRED_EMPTY = (
        "CG022",
        _ERROR,
        "CustomerGauge refuses the record: a field that the data type requires is empty.",
        "Fill it in at the source, or leave these rows out.",
        Behaviour.FIELD_REQUIRED,
    )
    ACCOUNT_NAME_UNMAPPED = (
        "CG023",
        _WARNING,
        "An older version of the documents requires the account name of multi-object records.",
        "Map the account name, or ask CustomerGauge.",
        (_DOCUMENTED, "PUT Records Multi-Object, 5000872699, whose versions contradict each other"),
    )
    DATE_UNMAPPED = (
        "CG024",
        _WARNING,
        "Files of external responses need a sent date and a response date; whether the API does is not documented.",
        "Map both dates, and send them.",
        (_DOCUMENTED, "Uploading External Responses, 5000879788"),
    )
    DATE_EMPTY = (
        "CG025",
        _WARNING,
        "The response has no date; files need it, and whether the API does is not documented.",
        "Fill in the date at the source.",
        (_DOCUMENTED, "Uploading External Responses, 5000879788"),
    )
    RECORD_EMPTY = (
        "CG026",
        _ERROR,
        "CustomerGauge answers 422: a record without headings counts as no record.",
        "Leave it out.",
        Behaviour.RECORD_REQUIRED,
    )

    # Values: what their format asks.
    DATE_FORMAT = (
        "CG030",
        _ERROR,
        f"CustomerGauge {_FAILS}: a date is YYYY-MM-DD HH:MM:SS.",
        "Convert the dates before sending.",
        Behaviour.VALUE_BAD,
    )
    DATE_IMPOSSIBLE = (
        "CG031",
        _ERROR,
        f"CustomerGauge {_FAILS}: there is no such day or time.",
        "Correct the date at the source; perhaps day and month are swapped.",
        Behaviour.VALUE_BAD,
    )
    DATE_WITH_ZONE = (
        "CG032",
        _ERROR,
        f"CustomerGauge {_FAILS}: its dates have no time zone.",
        "Convert to the zone that you agreed on, and send YYYY-MM-DD HH:MM:SS.",
        Behaviour.VALUE_BAD,
    )
    DATES_REVERSED = (
        "CG033",
        _WARNING,
        "The response is stored with a completion before its sending, and response times come out negative.",
        "Check that the two columns are not swapped.",
        (_DOCUMENTED, "PUT Record (External Response), 5000880071: its own sample does so"),
    )
    DATE_IMPLAUSIBLE = (
        "CG034",
        _WARNING,
        "The date is stored as it is; it lies before 1990 or in the future.",
        "Check the century, and what the source writes for a missing date.",
        (_ASSUMED, "no document limits dates"),
    )
    DATE_ZONE_UNKNOWN = (
        "CG035",
        _NOTE,
        "No document says in which time zone CustomerGauge reads dates.",
        "Agree on the zone with CustomerGauge, and compare one response after go-live.",
        (_ASSUMED, "no document names the zone"),
    )
    SCORE_RANGE = (
        "CG040",
        _ERROR,
        f"CustomerGauge {_FAILS}: an NPS score is 0 to 10.",
        "Check that the column has NPS scores, and what it writes for none.",
        Behaviour.VALUE_BAD,
    )
    SCORE_NOT_INTEGER = (
        "CG041",
        _ERROR,
        f"CustomerGauge {_FAILS}: an NPS score is an integer.",
        "Send digits alone, without decimals or words.",
        Behaviour.VALUE_BAD,
    )
    SCORE_SCALE = (
        "CG042",
        _WARNING,
        "The scores are stored as NPS, and by their range they are answers to another question.",
        "Do not map CSAT (1 to 5), CES (1 to 7) or ratings to the NPS score.",
        (_DOCUMENTED, "CES, CSAT and rating widgets, 5000871817"),
    )
    SCORE_HEADING = (
        "CG043",
        _WARNING,
        "The scores are stored as NPS, and by its heading the column is another question.",
        "Do not map CSAT, CES or ratings to the NPS score.",
        (_DOCUMENTED, "CES, CSAT and rating widgets, 5000871817"),
    )
    FLAG = (
        "CG044",
        _ERROR,
        f"CustomerGauge {_FAILS}: a follow up request is Y, N or empty.",
        "Send Y or N.",
        Behaviour.VALUE_BAD,
    )
    JOB_LEVEL = (
        "CG045",
        _ERROR,
        f"CustomerGauge {_FAILS}: a job level is A, B, C or U.",
        "Translate the levels of the source: A strategic, B tactical, C operational, U unknown.",
        Behaviour.VALUE_BAD,
    )
    TOUCHPOINT = (
        "CG046",
        _ERROR,
        f"CustomerGauge {_FAILS}: the tenant has no such touchpoint.",
        "Create the touchpoint in System Settings, or send the name as it is there.",
        Behaviour.TOUCHPOINT_UNKNOWN,
    )
    TOO_LONG = (
        "CG047",
        _ERROR,
        f"CustomerGauge {_FAILS}: a value has at most 128 characters.",
        "Shorten the value at the source; of comments ask CustomerGauge for the limit.",
        Behaviour.VALUE_BAD,
    )
    EMAIL = (
        "CG048",
        _ERROR,
        f"CustomerGauge {_FAILS}: an email has one @ and no blanks.",
        "Send one address, without a name around it.",
        Behaviour.VALUE_BAD,
    )
    EMAIL_DOUBTFUL = (
        "CG049",
        _WARNING,
        "The address is stored, and no mail will reach it.",
        "Correct the address at the source.",
        (_DOCUMENTED, _REQUIREMENTS),
    )
    EMAIL_ROLE = (
        "CG050",
        _WARNING,
        "The address is stored; it is that of a function, not of a person.",
        "Send the address of the person who is asked.",
        (_DOCUMENTED, "Which survey data should I upload, 5000617657"),
    )
    PHONE = (
        "CG051",
        _ERROR,
        f"CustomerGauge {_FAILS}: a phone has digits, blanks, ( ) - and + alone.",
        "Strip everything else, extensions for example.",
        Behaviour.VALUE_BAD,
    )
    PHONE_COUNTRY = (
        "CG052",
        _NOTE,
        "The phone is stored; a text message needs the country code, without 00.",
        "Send the number with its country code when surveys go by text message.",
        (_DOCUMENTED, f"{_REQUIREMENTS}, and 5000617657"),
    )
    SPREADSHEET_NUMBER = (
        "CG053",
        _WARNING,
        "The text is stored as it is: a spreadsheet has rounded a long number.",
        "Export the column as text.",
        (_ASSUMED, "what spreadsheets write for long numbers, 5.56201E+11 for example"),
    )
    NUMBER_AS_TEXT = (
        "CG054",
        _WARNING,
        "A JSON number becomes text: zeros in front are gone, and long ones lose digits.",
        "Send phones, customer numbers and references in quotes.",
        Behaviour.VALUE_CONVERTED,
    )
    LITERAL_AS_TEXT = (
        "CG055",
        _WARNING,
        "true and false of JSON become the texts 1 and 0.",
        "Send the text that is meant.",
        Behaviour.VALUE_CONVERTED,
    )
    NOT_ONE_VALUE = (
        "CG056",
        _ERROR,
        f"CustomerGauge {_FAILS}: a list or an object is no value of a field.",
        "Send one value for each heading.",
        Behaviour.VALUE_BAD,
    )
    BLANKS_AROUND = (
        "CG057",
        _NOTE,
        "CustomerGauge cuts the blanks off.",
        "Nothing, unless the source compares.",
        Behaviour.VALUE_TRIMMED,
    )
    INVISIBLE = (
        "CG058",
        _WARNING,
        "The value is stored with characters that nobody sees, and equals no value without them.",
        "Strip no-break spaces, zero-width and control characters at the source.",
        (_FRAMEWORK, "Laravel 8.83 does not trim them"),
    )
    GARBLED = (
        "CG059",
        _WARNING,
        "The value is stored garbled: it was read in a wrong encoding on its way.",
        "Export in UTF-8, and read the export as UTF-8.",
        (_DOCUMENTED, "Diagnosing failed files, 5000877891"),
    )
    PLACEHOLDER = (
        "CG060",
        _WARNING,
        "The value is stored as if it were one: the text of an empty or failed cell.",
        "Send an empty value where there is none.",
        (_ASSUMED, "what exports write for nothing"),
    )
    QUOTED = (
        "CG061",
        _WARNING,
        "The quotes are stored with the value.",
        "Send the value without quotes around it.",
        (_FRAMEWORK, "Laravel 8.83 keeps them; the documents show quotes in a form"),
    )
    LANGUAGE = (
        "CG062",
        _WARNING,
        "The value is stored; with a language it does not know, a survey comes in its first one.",
        "Send a code as en or en_US.",
        (_DOCUMENTED, "5000887553"),
    )
    VALUE_BREAKS_FORMS = (
        "CG063",
        _NOTE,
        "In a form that is not encoded, + becomes a blank, & cuts the value and % swallows what follows.",
        "Let a library encode the form, or send JSON.",
        (_FRAMEWORK, "Laravel 8.83"),
    )
    VALUES_OF_ANOTHER_FIELD = (
        "CG064",
        _WARNING,
        "The values are stored in this field, and they look like those of another.",
        "Check that the columns are not swapped.",
        (_ASSUMED, "most of the values have the shape of an email, a date or a phone"),
    )

    # Rows among each other.
    ROW_REPEATED = (
        "CG070",
        _WARNING,
        "The same response is recorded, or the same survey sent, once more for each equal row.",
        "Send each row once: responses are never updated.",
        Behaviour.RESPONSE_REPEATED,
    )
    ROW_OVERWRITES = (
        "CG071",
        _WARNING,
        "A later row with the same identifier overwrites what an earlier one has stored.",
        "Keep the row that is true.",
        (_DOCUMENTED, "PUT Contact, 5000872718: an existing one is updated"),
    )
    ACCOUNT_VARIANTS = (
        "CG072",
        _WARNING,
        "Each spelling of an account name makes an account of its own.",
        "Decide for one spelling, or add aliases first.",
        (_DOCUMENTED, "Update Account References, 5000891678"),
    )

    # What sending does.
    INVITATIONS_SENT = (
        "CG080",
        _WARNING,
        "Every row sends a survey to its contact, in a test as well.",
        "Try with contacts of your own, or with an external response.",
        Behaviour.INVITATION_SENT,
    )
    RETRY_DUPLICATES = (
        "CG081",
        _NOTE,
        "A row that is sent again after a time-out is recorded or sent twice: there is no update.",
        "Retry only where nothing can have been written.",
        (_DOCUMENTED, "PUT Record (External Response), 5000880071; Duplication Rule, 5000883691"),
    )
    ALIAS_NOT_HONOURED = (
        "CG082",
        _NOTE,
        "Account aliases do not count for this data type: an alias makes an account of its own.",
        "Send the name of the account itself.",
        Behaviour.ALIAS_IGNORED,
    )
    NOT_POPULATED = (
        "CG083",
        _NOTE,
        "Empty fields of a multi-object record are not filled from the contact, as those of a survey are.",
        "Send them, or use a survey configuration.",
        (_DOCUMENTED, "5000873256"),
    )
    SENT_IS_NOT_DELIVERED = (
        "CG084",
        _NOTE,
        "A 200 does not mean that mail goes out: duplication rule, unsubscribes, bounces and filters come after it.",
        "Look at the campaign after the first rows.",
        (_DOCUMENTED, "5000883691, 5000608228"),
    )
    DIVISION_BOUND = (
        "CG085",
        _NOTE,
        "An authentication that is bound to a division delivers only the data of that division.",
        "Use one for the Global division when the file has several.",
        (_DOCUMENTED, "5000880842, 5000813723"),
    )
    CONTACT_MUST_EXIST = (
        "CG086",
        _NOTE,
        "An activity fails when it names a contact that does not exist.",
        "Load the contacts first.",
        (_DOCUMENTED, "PUT Activities, 5000810958"),
    )

    # The configuration and its reference.
    REFERENCE_MALFORMED = (
        "CG090",
        _WARNING,
        "CustomerGauge refuses every record when the reference is mistyped; it is nearly the shape of a UUID.",
        "Copy the reference anew from Data, Rest APIs, Inbound Mapping.",
        Behaviour.CONFIGURATION_UNKNOWN,
    )
    REFERENCE_DEFAULT = (
        "CG091",
        _NOTE,
        "Only systems made after 24 September 2021 have the configuration `contact`.",
        "Look it up under Data, Rest APIs, Inbound Mapping.",
        (_DOCUMENTED, "PUT Contact, 5000872718"),
    )
    REFERENCE_FOREIGN = (
        "CG092",
        _ERROR,
        "The body names another configuration than the one that is verified.",
        "Send the reference of the configuration that the record was made for.",
        Behaviour.CONFIGURATION_UNKNOWN,
    )
    REFERENCE_MISSING = (
        "CG093",
        _ERROR,
        "CustomerGauge answers 422: the configuration field is required.",
        "Put the reference beside the record, under `configuration`.",
        Behaviour.INPUT_REQUIRED,
    )
    ANOTHER_CONFIGURATION_FITS = (
        "CG094",
        _WARNING,
        "Another configuration of the tenant knows more of these headings.",
        "Check that the reference is the one that you mean.",
        (_ASSUMED, "the headings of the file"),
    )
    DATA_TYPE_DOUBTFUL = (
        "CG095",
        _WARNING,
        "The name of the configuration speaks of another data type than it has.",
        "Check the data type: the documents of PUT Contact say Multi-Object in their steps.",
        (_DOCUMENTED, "PUT Contact, 5000872718"),
    )

    # Files and bodies.
    BODY_UNREAD = (
        "CG100",
        _ERROR,
        "CustomerGauge finds no record in the body, and answers 422 as if it were empty.",
        "Send JSON as application/json in UTF-8, or a form with record[HEADING].",
        Behaviour.BODY_UNREAD,
    )
    RECORD_NOT_OBJECT = (
        "CG101",
        _ERROR,
        "CustomerGauge answers 422: the record must be an array.",
        "Send an object of headings and values; in a form one field record[HEADING] for each.",
        Behaviour.RECORD_NOT_ARRAY,
    )
    ENCODING = (
        "CG110",
        _WARNING,
        "A body that is not UTF-8 counts as empty, and CustomerGauge refuses it; a file is refused as well.",
        "Save the export in UTF-8; here it was read as Windows-1252.",
        (_DOCUMENTED, "Imports: upload and mapping, 5000866058"),
    )
    BYTE_ORDER_MARK = (
        "CG111",
        _NOTE,
        "The file begins with a byte order mark; sent with the first heading, it makes that heading unknown.",
        "Read the file as utf-8-sig.",
        (_FRAMEWORK, "Laravel 8.83: a body with it counts as empty"),
    )
    ROW_TOO_LONG = (
        "CG112",
        _ERROR,
        "The cells beyond the last heading have nowhere to go.",
        "Quote cells that have the delimiter in them.",
        Behaviour.HEADING_UNMAPPED,
    )
    ROW_TOO_SHORT = (
        "CG113",
        _WARNING,
        "The row ends early: the headings after its last cell are not sent.",
        "Check the row for a line break or a quote that is not closed.",
        (_ASSUMED, "what a reader of CSV makes of it"),
    )
    ONE_COLUMN = (
        "CG114",
        _WARNING,
        "The file has one column: it is probably separated by a character other than comma, semicolon, tab and bar.",
        "Export with commas or semicolons.",
        (_DOCUMENTED, "Diagnosing failed files, 5000877891"),
    )
    NO_ROWS = (
        "CG115",
        _WARNING,
        "There is nothing to send: the file has headings and no rows.",
        "Check the filter of the export.",
        (_ASSUMED, "the file"),
    )
    QUOTE_OPEN = (
        "CG116",
        _WARNING,
        "A quote is not closed: what follows it is read as one cell.",
        "Double the quotes inside a cell that is quoted.",
        (_ASSUMED, "what a reader of CSV makes of it"),
    )
    KEY_TWICE = (
        "CG117",
        _ERROR,
        "Only the last value of a key that an object has twice arrives.",
        "Write each heading once.",
        (_FRAMEWORK, "Laravel 8.83: of equal keys the last wins"),
    )
    LINE_UNREAD = (
        "CG118",
        _ERROR,
        "The line is no JSON object, so there is nothing to send.",
        "Write one record in each line.",
        (_ASSUMED, "the file"),
    )
    MANY_ROWS = (
        "CG119",
        _NOTE,
        "More than 5,000 rows: too many for a file upload, and one request for each row by the API.",
        "Plan the time that the requests take, and a rate.",
        (_DOCUMENTED, "Imports: upload and mapping, 5000866058"),
    )
    FAKE_DISAGREES = (
        "CG120",
        _WARNING,
        "Sent to a fake one after the other, the row meets another fate than by itself.",
        "Look at the rows before it: what they store decides.",
        (_ASSUMED, "the fake"),
    )
    NOT_ARRIVED = (
        "CG121",
        _ERROR,
        "The live service has accepted the row, and does not give the value back.",
        "Compare the configuration there with the one that was verified.",
        (Evidence.OBSERVED, "read back through GET Responses"),
    )
    FAKE_STORES = (
        "CG122",
        _NOTE,
        "A fake that began empty has this when all rows are sent to it.",
        "Compare the numbers with what you expect.",
        (_ASSUMED, "the fake"),
    )
    NOT_ACCEPTED = (
        "CG123",
        _ERROR,
        "The live service has refused the row.",
        "Do what its answer says.",
        (Evidence.OBSERVED, "the answer of the live service"),
    )
    SENT_LIVE = (
        "CG124",
        _NOTE,
        "Rows were sent to the live service: they stay there.",
        "Remove them in CustomerGauge if they were a test.",
        (Evidence.OBSERVED, "the answers of the live service"),
    )


BY_ID = {rule.id: rule for rule in Rule}
"""The rules by their ids."""
