"""The kinds of works and the kinds of evidence, each with its names in other programs. Pure.

Importers, exporters, look-ups, references and the admin read these two tables; none of them has a mapping of its own.
To add a kind: add a member to `Work` or `Evidence`, an entry to `WORK_KINDS` or `EVIDENCE_KINDS`, and a function to
`sources.references` if its AMA reference has a form of its own.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Work(TextChoices):
    """Kinds of works."""

    JOURNAL_ARTICLE = "journal_article", _("journal article")
    PREPRINT = "preprint", _("preprint")
    BOOK = "book", _("book")
    CHAPTER = "chapter", _("chapter in a book")
    REPORT = "report", _("report")
    CONFERENCE_PAPER = "conference_paper", _("conference paper")
    THESIS = "thesis", _("thesis")
    WEB_PAGE = "web_page", _("web page")


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
    are only read. `work` gives the stored value and the label.
    """

    work: Work
    # The form of its AMA reference: a key of `sources.references.FORMS`.
    ama: str
    # Types of CSL 1.0.2, and the names that other programs, such as Crossref, use instead of them.
    csl: str
    csl_read: tuple[str, ...] = ()
    bibtex: str
    bibtex_read: tuple[str, ...] = ()
    # The BibTeX fields for the container (journal, book, series or site) and the publisher.
    bibtex_container: str = "journaltitle"
    bibtex_publisher: str = "publisher"
    ris: str
    ris_read: tuple[str, ...] = ()
    # Web of Science's values of “PT”.
    web_of_science: tuple[str, ...] = ()
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
            csl="article-journal",
            csl_read=("journal-article", "article-magazine", "article-newspaper", "review", "periodical"),
            bibtex="article",
            bibtex_container="journal",
            ris="JOUR",
            ris_read=("EJOUR", "JFULL", "INPR", "ABST", "MGZN", "NEWS"),
            web_of_science=("J",),
            crossref=("journal-article",),
            is_periodical=True,
        ),
        WorkKind(
            work=Work.PREPRINT,
            ama="preprint",
            csl="article",
            csl_read=("posted-content", "preprint", "manuscript"),
            bibtex="unpublished",
            bibtex_read=("preprint",),
            ris="UNPB",
            ris_read=("MANSCPT",),
            nbib=("Preprint",),
            crossref=("posted-content",),
            is_periodical=True,
            evidence=Evidence.PREPRINT,
        ),
        WorkKind(
            work=Work.BOOK,
            ama="book",
            csl="book",
            csl_read=("monograph", "edited-book", "reference-book", "collection", "classic"),
            bibtex="book",
            bibtex_read=("booklet", "collection", "proceedings", "mvbook", "manual", "reference"),
            bibtex_container="series",
            ris="BOOK",
            ris_read=("EBOOK", "EDBOOK", "SER", "CLSWK"),
            web_of_science=("B", "S"),
            crossref=("book", "monograph", "edited-book", "reference-book"),
        ),
        WorkKind(
            work=Work.CHAPTER,
            ama="chapter",
            csl="chapter",
            csl_read=("book-chapter", "book-section", "entry-dictionary", "entry-encyclopedia", "entry"),
            bibtex="incollection",
            bibtex_read=("inbook", "inreference", "suppbook"),
            bibtex_container="booktitle",
            ris="CHAP",
            ris_read=("ECHAP", "ENCYC", "DICT"),
            crossref=("book-chapter", "book-section", "reference-entry"),
        ),
        WorkKind(
            work=Work.REPORT,
            ama="book",
            csl="report",
            csl_read=("standard", "legislation", "regulation", "pamphlet", "report-component"),
            bibtex="techreport",
            bibtex_read=("report",),
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
            csl="webpage",
            csl_read=("post-weblog", "post", "website"),
            bibtex="online",
            bibtex_read=("electronic", "www", "webpage"),
            bibtex_publisher="organization",
            ris="ELEC",
            ris_read=("BLOG", "ICOMM", "WEB"),
            needs_access_date=True,
            evidence=Evidence.CONSUMER,
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class EvidenceKind:
    """A kind of evidence, and the signs by which the description of a work shows it (`sources.evidence`)."""

    evidence: Evidence
    # A key of `sources.evidence_groups.GROUPS`.
    group: str
    # PubMed's publication types (MeSH tree V03, https://www.nlm.nih.gov/mesh/pubtypes.html): those that are read
    # everywhere, those read only in files of reference managers, and those read only in PubMed's own answers.
    types: tuple[str, ...] = ()
    file_types: tuple[str, ...] = ()
    answer_types: tuple[str, ...] = ()
    # MeSH headings.
    headings: tuple[str, ...] = ()
    # A regular expression for words in a title that leave no doubt.
    title: str = ""


# In the order in which the signs are looked for: a work with signs of several kinds is of the first of them.
EVIDENCE_KINDS: dict[str, EvidenceKind] = {
    kind.evidence: kind
    for kind in (
        EvidenceKind(
            evidence=Evidence.GUIDELINE,
            group="synthesis",
            types=("Practice Guideline", "Guideline"),
            file_types=("Consensus Development Conference",),
        ),
        EvidenceKind(
            evidence=Evidence.SYSTEMATIC_REVIEW,
            group="synthesis",
            types=("Meta-Analysis", "Systematic Review", "Network Meta-Analysis"),
            title=r"systematic review|meta-?analys[ie]s",
        ),
        EvidenceKind(
            evidence=Evidence.RANDOMISED_TRIAL,
            group="trial",
            types=("Randomized Controlled Trial", "Equivalence Trial", "Pragmatic Clinical Trial"),
            title=r"randomi[sz]ed[^.:]{0,80}\btrial\b",
        ),
        EvidenceKind(
            evidence=Evidence.NONRANDOMISED_TRIAL,
            group="trial",
            types=("Controlled Clinical Trial", "Clinical Trial", "Adaptive Clinical Trial"),
            answer_types=tuple(f"Clinical Trial, Phase {phase}" for phase in ("I", "II", "III", "IV")),
        ),
        EvidenceKind(
            evidence=Evidence.CASE_CONTROL,
            group="observational",
            headings=("Case-Control Studies",),
            title=r"case[- ]control study",
        ),
        EvidenceKind(
            evidence=Evidence.CROSS_SECTIONAL,
            group="observational",
            headings=("Cross-Sectional Studies",),
            title=r"cross[- ]sectional (?:study|survey|analysis)",
        ),
        EvidenceKind(
            evidence=Evidence.COHORT,
            group="observational",
            headings=("Cohort Studies", "Prospective Studies", "Longitudinal Studies", "Follow-Up Studies"),
            title=r"cohort study",
        ),
        EvidenceKind(
            evidence=Evidence.CASE_REPORT,
            group="observational",
            types=("Case Reports",),
            title=r"\bcase report\b",
        ),
        EvidenceKind(
            evidence=Evidence.PREPRINT,
            group="report",
            types=("Preprint",),
        ),
        EvidenceKind(
            evidence=Evidence.NARRATIVE_REVIEW,
            group="report",
            types=("Review", "Editorial", "Comment", "Scoping Review"),
            file_types=("Letter",),
            answer_types=("Lecture", "Personal Narrative"),
        ),
        EvidenceKind(
            evidence=Evidence.ANIMAL,
            group="laboratory",
            answer_types=(
                "Observational Study, Veterinary",
                "Clinical Trial, Veterinary",
                "Randomized Controlled Trial, Veterinary",
            ),
            title=r"\bin (?:mice|rats)\b",
        ),
        EvidenceKind(evidence=Evidence.IN_VITRO, group="laboratory"),
        EvidenceKind(evidence=Evidence.GOVERNMENT, group="report"),
        EvidenceKind(evidence=Evidence.CONSUMER, group="report"),
    )
}


def evidence_label(evidence: str) -> str:
    """Return the name of a kind of evidence on screen, or `evidence` itself if the kind is unknown.

    Django's `get_evidence_display` returns the same, but translates the names of all kinds in order to find one.
    """
    return str(Evidence(evidence).label) if evidence in EVIDENCE_KINDS else evidence
