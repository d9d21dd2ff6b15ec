"""Checks of the reviews: everybody named on a page as a reviewer signed an approving verdict, as themselves."""

from collections.abc import Iterator

from advisors.disclosures import Interest, in_words
from advisors.guards import DETAILS
from advisors.models import Conflict, Disclosure, Question, Response, Review, Signature, Verdict, Vouch
from advisors.models.vouches import VouchQuerySet
from articles.models import Publication, Signatory
from audit.chain import Fault

IN_WORDS = {"name": "name", "slug": "address", "job_title": "job title", "photo": "portrait"}


def faults_of(publication: Publication) -> Iterator[Fault]:
    """Yield the faults of the reviews in the round that approved this publication."""
    approval = publication.approval
    place = f"“{approval.revision.title}” ({publication.article.slug}), publication {publication.pk}"
    reviews = list(
        Review.objects.filter(submission=approval.submission_id).select_related("advisor", "signature", "submission")
    )
    signed = {review.signature.account_id: review for review in reviews if hasattr(review, "signature")}
    for signatory in approval.signatories.all():
        review = signed.get(signatory.user_id)
        if review is None or review.verdict != Verdict.APPROVE or review.response != Response.ACCEPTED:
            yield Fault(place, f"{signatory} is named as a reviewer and gave no approving verdict")
            continue
        if review.digest != approval.digest:
            yield Fault(place, f"the verdict of {signatory} is of another digest")
        elif review.conflict != Conflict.NONE:
            yield Fault(place, f"{signatory} counted in spite of a conflict of interest")
        elif review.verdict_at is None:
            yield Fault(place, f"the verdict of {signatory} has no date")
        elif review.verdict_at > approval.approved_at:
            yield Fault(place, f"{signatory} gave the verdict after the approval")
        elif review.verdict_at != signatory.signed_at:
            yield Fault(place, f"{signatory} signed at another time than the verdict was given")
        yield from _faults_of_signature(place, signatory, review)
    for review in reviews:
        if review.verdict and not hasattr(review, "signature"):
            yield Fault(place, f"the verdict of {review.advisor_name} is not signed")
        if review.verdict == Verdict.CHANGES and review.conflict == Conflict.NONE:
            yield Fault(place, f"{review.advisor_name} asked for changes in the round that approved it")


def _faults_of_signature(place: str, signatory: Signatory, review: Review) -> Iterator[Fault]:
    """Yield the differences between a signatory, the signature of their verdict, and what the signature rests on."""
    signature = review.signature
    for name in DETAILS:
        if str(getattr(signatory, name)) != str(getattr(signature, name)):
            yield Fault(place, f"the {IN_WORDS.get(name, name)} of {signatory} is not the one that was signed")
    if review.advisor.user_id != signature.account_id:
        yield Fault(place, f"{signatory} signed with an account that is no longer that of the advisor")
    made = Disclosure.objects.filter(advisor=review.advisor_id, made_at__lte=review.verdict_at or signatory.signed_at)
    if (in_words(_interests(last)) if (last := made.first()) else "") != signature.disclosure:
        yield Fault(place, f"the disclosure of {signatory} is not the one that they made")
    if not _vouches(review, signature).exists():
        yield Fault(place, f"nobody had vouched for {signatory} when the board decided")


def _interests(disclosure: Disclosure) -> dict[Question, Interest]:
    """Return the answers of a disclosure, without the topics and products that they name."""
    answers = {Question(answer.question): Interest(answer.statement) for answer in disclosure.answers.all()}
    return {question: answers.get(question, Interest()) for question in Question}


def _vouches(review: Review, signature: Signature) -> VouchQuerySet:
    """Return the vouches for the account, address and name of a signature, by others, given before the decision."""
    found: VouchQuerySet = Vouch.objects.filter(
        advisor=review.advisor_id,
        account=signature.account_id,
        address=signature.account_email,
        name=signature.name,
        vouched_at__lte=review.submission.closed_at,
    )
    return found.exclude(vouched_by=signature.account_id)
