"""The models and fields of the works that articles cite."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import LineField, ProseField
from sources import identifiers
from sources.kinds import WORK_KINDS, Evidence, Work
from sources.signals import citations_wanted

CITATION_KEY = RegexValidator(
    r"^[a-z][a-z0-9-]{1,39}\Z",
    _("A citation key is the first author and the year in small letters, such as “abbasi2012”."),
)
DOI = RegexValidator(r"^10\.\d{4,9}/\S+\Z", _("A DOI starts with “10.”, such as 10.1186/s12906-021-03297-z."))
PMID = RegexValidator(r"^[1-9]\d{0,8}\Z", _("A PMID is a whole number, such as 23853635."))
PMCID = RegexValidator(r"^PMC[1-9]\d{0,8}\Z", _("A PMCID is “PMC” and a number, such as PMC3703169."))


class DoiField(LineField):
    """A DOI. Whatever form it is typed in, only the bare DOI is stored, in lower case."""

    normalise = staticmethod(identifiers.bare_doi)


class PmidField(LineField):
    """A PMID. Whatever form it is typed in, only the bare number is stored."""

    normalise = staticmethod(identifiers.bare_pmid)


class PmcidField(LineField):
    """A PMCID. Whatever form it is typed in, only “PMC” and the number are stored."""

    normalise = staticmethod(identifiers.bare_pmcid)


class IsbnField(LineField):
    """An ISBN, stored without spaces and hyphens. Its check digit is validated (ISO 2108)."""

    normalise = staticmethod(identifiers.bare_isbn)
    default_validators = [identifiers.check_isbn]


class RetractionState(models.TextChoices):
    """The retraction states of a work, derived from the notices about it (sources.retractions)."""

    NONE = "", _("none known")
    CONCERN = "concern", _("expression of concern")
    RETRACTED = "retracted", _("retracted")


class Source(models.Model):
    """A work that articles may cite. Its key never changes once a revision has cited it."""

    key = models.CharField(_("citation key"), max_length=40, unique=True, validators=[CITATION_KEY])
    work = models.CharField(_("kind of work"), max_length=20, choices=Work, default=Work.JOURNAL_ARTICLE)
    evidence = models.CharField(_("kind of evidence"), max_length=24, choices=Evidence)
    title = LineField(_("title"), max_length=500)
    authors = ProseField(
        _("authors"),
        blank=True,
        help_text=_("One on each line: “Abbasi, Behnood”; an organisation in braces: “{NICE}”."),
    )
    editors = ProseField(
        _("editors"),
        blank=True,
        help_text=_("The editors of the book that contains the chapter, written like the authors."),
    )
    container = LineField(
        _("journal, book or site"),
        max_length=300,
        blank=True,
        help_text=_("For a patent: the country or office, such as “US”."),
    )
    container_short = LineField(
        _("journal, abbreviated"), max_length=120, blank=True, help_text=_("As PubMed has it: “J Res Med Sci”.")
    )
    publisher = LineField(
        _("publisher"),
        max_length=200,
        blank=True,
        help_text=_("For a patent: the assignee. For a data set: the repository."),
    )
    edition = LineField(
        _("edition"), max_length=20, blank=True, help_text=_("For software or a data set: the version.")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, validators=[MinValueValidator(1500), MaxValueValidator(2100)]
    )
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        help_text=_("For a page, a preprint, a patent or an article in a newspaper: the full date."),
    )
    volume = LineField(_("volume"), max_length=20, blank=True)
    issue = LineField(_("issue"), max_length=20, blank=True, help_text=_("For a patent: its number."))
    pages = LineField(_("pages or article number"), max_length=40, blank=True)
    doi = DoiField(_("DOI"), max_length=200, blank=True, validators=[DOI])
    pmid = PmidField(_("PMID"), max_length=9, blank=True, validators=[PMID])
    pmcid = PmcidField(_("PMCID"), max_length=12, blank=True, validators=[PMCID])
    isbn = IsbnField(_("ISBN"), max_length=17, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    accessed_on = models.DateField(
        _("read on"), null=True, blank=True, help_text=_("For a web page: the day it was read.")
    )
    archived_url = models.URLField(_("address of the archived copy"), max_length=500, blank=True)
    archived_on = models.DateField(_("archived on"), null=True, blank=True)
    # These three fields are derived from the notices on record; only sources.retractions writes them.
    retraction_state = models.CharField(
        _("retraction"),
        max_length=10,
        choices=RetractionState,
        default=RetractionState.NONE,
        blank=True,
        editable=False,
    )
    retraction_note = LineField(
        _("retraction note"), max_length=300, blank=True, editable=False, help_text=_("Who says so, and since when.")
    )
    reported_retraction = LineField(
        _("reported by a file"),
        max_length=300,
        blank=True,
        editable=False,
        help_text=_("What an imported file says. Readers see it only after an index or an editor has confirmed it."),
    )
    # Set on a merged duplicate. Existing revisions still cite the duplicate; new articles cite the other source.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name, verbose_name_plural = _("source"), _("sources")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="source_evidence"),
            models.CheckConstraint(condition=Q(work__in=Work.values), name="source_work"),
            models.CheckConstraint(
                condition=Q(retraction_state__in=RetractionState.values), name="source_retraction_state"
            ),
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi=""),
                name="source_doi_unique",
                violation_error_message=_("A source with this DOI is in the library already."),
            ),
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~Q(pmid=""),
                name="source_pmid_unique",
                violation_error_message=_("A source with this PMID is in the library already."),
            ),
        ]
        indexes = [models.Index(fields=["retraction_state"], name="source_retraction")]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    def clean(self) -> None:
        """Raise ValidationError if a web page lacks its day of access (not_dated), or a cited source changes its key.

        The code of the second error is `cited`.
        """
        kind = WORK_KINDS.get(self.work)
        if kind and kind.needs_access_date and self.url and not self.accessed_on:
            raise ValidationError(
                {"accessed_on": ValidationError(_("Say on which day this page was read."), code="not_dated")}
            )
        if self.pk and self.is_cited() and Source.objects.filter(pk=self.pk).exclude(key=self.key).exists():
            raise ValidationError(
                {"key": ValidationError(_("Revisions cite this source, so its key cannot be changed."), code="cited")}
            )

    def is_cited(self) -> bool:
        """Return whether a revision cites the source, according to the receivers of `citations_wanted`."""
        return any(answer for _receiver, answer in citations_wanted.send(sender=Source, source=self))

    @property
    def author_list(self) -> list[str]:
        """Return the names of the authors, each as in the field, without blank lines."""
        return [line.strip() for line in self.authors.splitlines() if line.strip()]

    @property
    def editor_list(self) -> list[str]:
        """Return the names of the editors, each as in the field, without blank lines."""
        return [line.strip() for line in self.editors.splitlines() if line.strip()]

    @property
    def link(self) -> str:
        """Return the best URL of the work (its DOI, else PubMed, else its own page), or "" if it has none."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url
