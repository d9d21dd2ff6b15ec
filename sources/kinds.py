"""The kinds of works, each with its names in other programs, and the names of the kinds of evidence. Pure.

Importers, exporters, lookups, references and the admin read `WORK_KINDS`, and `sources.evidence_kinds` for evidence;
none of them has a mapping of its own. To add a kind: add a member to `Work` or `Evidence`, an entry to `WORK_KINDS` or
`EVIDENCE_KINDS`, and a function to `sources.references` if its AMA reference has a form of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Work(TextChoices):
    """Kinds of works."""

    JOURNAL_ARTICLE = "journal_article", _("journal article")
    PREPRINT = "preprint", _("preprint")
    MANUSCRIPT = "manuscript", _("unpublished manuscript")
    BOOK = "book", _("book")
    CHAPTER = "chapter", _("chapter in a book")
    REPORT = "report", _("report")
    CONFERENCE_PAPER = "conference_paper", _("conference paper")
    THESIS = "thesis", _("thesis")
    WEB_PAGE = "web_page", _("web page")
    MAGAZINE_ARTICLE = "magazine_article", _("magazine or newspaper article")
    PATENT = "patent", _("patent")
    SOFTWARE = "software", _("software")
    DATASET = "dataset", _("data set")


class Evidence(TextChoices):
    """Kinds of evidence, strongest first."""

    GUIDELINE = "guideline", _("guideline")
    SYSTEMATIC_REVIEW = "systematic_review", _("systematic review or meta-analysis")
    RANDOMISED_TRIAL = "randomised_trial", _("randomised trial")
    NONRANDOMISED_TRIAL = "nonrandomised_trial", _("non-randomised trial")
    COHORT = "cohort", _("cohort study")
    CASE_CONTROL = "case_control", _("case-control study")
    CROSS_SECTIONAL = "cross_sectional", _("cross-sectional study")
    CASE_REPORT = "case_report", _("case report")
    ANIMAL = "animal", _("animal study")
    IN_VITRO = "in_vitro", _("in vitro study")
    NARRATIVE_REVIEW = "narrative_review", _("narrative review or opinion")
    GOVERNMENT = "government", _("government reference")
    PREPRINT = "preprint", _("preprint")
    CONSUMER = "consumer", _("consumer page")


@dataclass(frozen=True, kw_only=True)
class WorkKind:
    """A kind of work.

    `csl`, `bibtex` and `ris` are the types that we write and read; the fields ending in `_read` hold further types that
    are only read. `work` holds the stored value and the label.
    """

    work: Work
    # The form of its AMA reference: a key of `sources.references.FORMS`.
    ama: str
    # Types of CSL 1.0.2, and the names that other programs, such as Crossref, use instead of them.
    csl: str
    csl_read: tuple[str, ...] = ()
    bibtex: str
    bibtex_read: tuple[str, ...] = ()
    # biblatex's values of “entrysubtype” that set the kind apart from another of the same BibTeX type.
    bibtex_subtypes: tuple[str, ...] = ()
    # The BibTeX fields for the container (journal, book, series or site), the publisher and the edition.
    bibtex_container: str = "journaltitle"
    bibtex_publisher: str = "publisher"
    bibtex_edition: str = "edition"
    # The variables of CSL that this kind has instead of ours, such as a patent's “number” instead of “issue”.
    csl_names: Mapping[str, str] = field(default_factory=dict)
    ris: str
    ris_read: tuple[str, ...] = ()
    # The value of “M3” in RIS (type of work) that sets the kind apart from another of the same RIS type.
    ris_genre: str = ""
    # The RIS tags of our variables that differ from those of other kinds.
    ris_tags: Mapping[str, str] = field(default_factory=dict)
    # Web of Science's values of “PT”.
    web_of_science: tuple[str, ...] = ()
    # Names of the kind in EndNote, RefWorks and the tables of databases, in small letters.
    named: tuple[str, ...] = ()
    # PubMed's publication types, in NBIB files.
    nbib: tuple[str, ...] = ()
    # https://api.crossref.org/types
    crossref: tuple[str, ...] = ()
    # Whether a number in its RIS record's “SN” is an ISSN rather than an ISBN.
    is_periodical: bool = False
    # Whether a source of this kind with a URL needs the day of access.
    needs_access_date: bool = False
    # The kind of evidence that follows from the kind of work.
    evidence: Evidence | None = None


WORK_KINDS: dict[str, WorkKind] = {
    kind.work: kind
    for kind in (
        WorkKind(
            work=Work.JOURNAL_ARTICLE,
            ama="journal article",
            named=(
                "journal article",
                "journal",
                "electronic article",
                "article",
                "review",
                "abstract",
                "letter",
                "editorial",
                "note",
                "short survey",
                "erratum",
                "article in press",
                "article-in-press",
                "data paper",
            ),
            csl="article-journal",
            csl_read=("journal-article", "review", "periodical"),
            bibtex="article",
            bibtex_read=("review", "periodical", "suppperiodical"),
            bibtex_container="journal",
            ris="JOUR",
            ris_read=("EJOUR", "JFULL", "INPR", "ABST"),
            web_of_science=("J",),
            crossref=("journal-article",),
            is_periodical=True,
        ),
        WorkKind(
            work=Work.PREPRINT,
            ama="preprint",
            named=("preprint",),
            csl="article",
            csl_read=("posted-content", "preprint"),
            bibtex="misc",
            bibtex_read=("preprint",),
            bibtex_subtypes=("preprint",),
            bibtex_container="howpublished",
            ris="UNPB",
            ris_genre="Preprint",
            nbib=("Preprint",),
            crossref=("posted-content",),
            is_periodical=True,
            evidence=Evidence.PREPRINT,
        ),
        WorkKind(
            work=Work.MANUSCRIPT,
            ama="manuscript",
            named=("unpublished work", "manuscript", "unpublished material"),
            csl="manuscript",
            bibtex="unpublished",
            bibtex_container="howpublished",
            ris="UNPB",
            ris_read=("MANSCPT",),
        ),
        WorkKind(
            work=Work.BOOK,
            ama="book",
            named=(
                "book",
                "edited book",
                "electronic book",
                "book, whole",
                "book, edited",
                "classical work",
                "serial",
                "monograph",
                "conference proceedings",
            ),
            csl="book",
            csl_read=("monograph", "edited-book", "reference-book", "collection", "classic"),
            bibtex="book",
            bibtex_read=(
                *("booklet", "collection", "proceedings", "reference"),
                *("mvbook", "mvcollection", "mvproceedings", "mvreference"),
            ),
            bibtex_container="series",
            ris="BOOK",
            ris_read=("EBOOK", "EDBOOK", "SER", "CLSWK"),
            web_of_science=("B", "S"),
            crossref=("book", "monograph", "edited-book", "reference-book"),
        ),
        WorkKind(
            work=Work.CHAPTER,
            ama="chapter",
            named=(
                "book section",
                "book, section",
                "book chapter",
                "electronic book section",
                "electronic chapter",
                "encyclopedia",
                "dictionary",
                "chapter",
            ),
            csl="chapter",
            csl_read=("book-chapter", "book-section", "entry-dictionary", "entry-encyclopedia", "entry"),
            bibtex="incollection",
            bibtex_read=(
                "inbook",
                "bookinbook",
                "inreference",
                "suppbook",
                "suppcollection",
                "book_section",
                "encyclopedia_article",
            ),
            bibtex_container="booktitle",
            ris="CHAP",
            ris_read=("ECHAP", "ENCYC", "DICT"),
            crossref=("book-chapter", "book-section", "reference-entry"),
        ),
        WorkKind(
            work=Work.REPORT,
            ama="report",
            csl_names={"issue": "number"},
            named=(
                "report",
                "government document",
                "standard",
                "technical report",
                "grant",
            ),
            csl="report",
            csl_read=("standard", "legislation", "regulation", "pamphlet", "report-component"),
            bibtex="techreport",
            bibtex_read=("report", "manual", "standard", "working_paper"),
            bibtex_container="series",
            bibtex_publisher="institution",
            ris="RPRT",
            ris_read=("GOVDOC", "STAND"),
            nbib=("Technical Report",),
            crossref=("report", "report-component"),
        ),
        WorkKind(
            work=Work.CONFERENCE_PAPER,
            ama="conference paper",
            named=(
                "conference paper",
                "proceedings paper",
                "meeting abstract",
                "conference review",
                "conference abstract",
            ),
            csl="paper-conference",
            csl_read=("proceedings-article", "speech"),
            bibtex="inproceedings",
            bibtex_read=("conference",),
            bibtex_container="booktitle",
            ris="CPAPER",
            ris_read=("CONF",),
            crossref=("proceedings-article",),
        ),
        WorkKind(
            work=Work.THESIS,
            ama="thesis",
            named=(
                "thesis",
                "dissertation",
                "thesis/dissertation",
                "dissertation/thesis",
                "dissertation/thesis, unpublished",
            ),
            csl="thesis",
            csl_read=("dissertation",),
            bibtex="phdthesis",
            bibtex_read=("mastersthesis", "thesis"),
            bibtex_container="series",
            bibtex_publisher="school",
            ris="THES",
            nbib=("Academic Dissertation",),
            crossref=("dissertation",),
        ),
        WorkKind(
            work=Work.WEB_PAGE,
            ama="web page",
            named=(
                "web page",
                "webpage",
                "blog",
                "online multimedia",
                "website",
            ),
            csl="webpage",
            csl_read=("post-weblog", "post", "website"),
            bibtex="online",
            bibtex_read=("electronic", "www", "webpage", "web_page"),
            bibtex_publisher="organization",
            ris="ELEC",
            ris_read=("BLOG", "ICOMM", "WEB"),
            needs_access_date=True,
            evidence=Evidence.CONSUMER,
        ),
        WorkKind(
            work=Work.MAGAZINE_ARTICLE,
            ama="magazine article",
            named=("magazine article", "newspaper article"),
            csl="article-magazine",
            csl_read=("article-newspaper",),
            bibtex="article",
            bibtex_read=("magazine_article", "newspaper_article"),
            bibtex_subtypes=("magazine", "newspaper"),
            ris="MGZN",
            ris_read=("NEWS",),
            nbib=("Newspaper Article",),
            is_periodical=True,
        ),
        WorkKind(
            work=Work.PATENT,
            ama="patent",
            named=("patent",),
            csl="patent",
            csl_names={"issue": "number", "container-title": "authority"},
            bibtex="patent",
            bibtex_container="location",
            bibtex_publisher="holder",
            ris="PAT",
            ris_tags={"issue": "SN", "container-title": "C3"},
            web_of_science=("P",),
        ),
        WorkKind(
            work=Work.SOFTWARE,
            ama="software",
            named=("software", "computer program", "computer programs"),
            csl="software",
            csl_read=("computer_program", "computer-program"),
            csl_names={"edition": "version"},
            bibtex="software",
            bibtex_read=("softwareversion", "softwaremodule", "codefragment", "computer_program"),
            bibtex_edition="version",
            ris="COMP",
        ),
        WorkKind(
            work=Work.DATASET,
            ama="data set",
            named=("dataset", "data set", "data file", "aggregated database", "online database"),
            csl="dataset",
            csl_names={"edition": "version"},
            bibtex="dataset",
            bibtex_read=("data",),
            bibtex_edition="version",
            ris="DATA",
            ris_read=("AGGR", "DBASE"),
            nbib=("Dataset",),
            crossref=("dataset", "database"),
        ),
    )
}
