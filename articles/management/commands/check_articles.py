"""`manage.py check_articles`: run the editorial checks on any set of articles."""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from articles.models import Article, Stage
from articles.models.articles import ArticleQuerySet
from articles.readiness import checked
from checks.preflight import Finding, Level


class Command(BaseCommand):
    help = "Run the editorial checks on articles and print the findings. Exit 1 if there is a blocker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="addresses of articles; without any, all that the options select")
        parser.add_argument("--live", action="store_true", help="check what readers see now, not the working copy")
        parser.add_argument("--stage", choices=Stage.values, help="only working copies at this stage")
        parser.add_argument("--topic", help="the address of a topic")
        parser.add_argument("--check", action="append", help="only this check, such as CIT01; may be repeated")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = self._chosen(options)
        told: list[tuple[Article, list[Finding]]] = []
        totals: Counter[str] = Counter()
        per_check: Counter[str] = Counter()
        progress = tqdm(articles.iterator(chunk_size=100), total=articles.count(), unit="article", disable=None)
        for article, found in checked(progress, live=options["live"]):
            found = [finding for finding in found if not options["check"] or finding.id in options["check"]]
            totals.update(finding.level.value for finding in found)
            per_check.update(finding.id for finding in found)
            told.append((article, found))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(told, totals, per_check), ensure_ascii=False, indent=2))
        else:
            self._print(told, totals, per_check)
        if totals[Level.BLOCKER.value]:
            raise CommandError(f"{totals[Level.BLOCKER.value]} blockers in {len(told)} articles.", returncode=1)

    def _chosen(self, options: dict[str, Any]) -> ArticleQuerySet:
        articles = Article.objects.order_by("slug")
        if slugs := set(options["slugs"]):
            articles = articles.filter(slug__in=slugs)
            if missing := slugs - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"There is no article at: {', '.join(sorted(missing))}.", returncode=2)
        if options["stage"]:
            articles = articles.filter(stage=options["stage"])
        if options["topic"]:
            articles = articles.filter(topics__slug=options["topic"])
        return articles.visible() if options["live"] else articles

    def _print(self, told: list[tuple[Article, list[Finding]]], totals: Counter, per_check: Counter) -> None:
        for article, found in told:
            if not found:
                continue
            self.stdout.write(f"{article} ({article.slug})")
            for finding in found:
                passage = f" “{finding.passage}”" if finding.passage else ""
                answer = f" Answered: {finding.waived}" if finding.waived else ""
                self.stdout.write(f"  {finding.id} {finding.level.value}: {finding.message}{passage}{answer}")
        levels = ", ".join(f"{totals[level.value]} {_many(level, totals[level.value])}" for level in Level)
        checks = ", ".join(f"{check} {many}" for check, many in sorted(per_check.items()))
        self.stdout.write(f"{len(told)} articles: {levels}.{f' {checks}.' if checks else ''}")


def _many(level: Level, count: int) -> str:
    return level.value if level is Level.ADVICE or count == 1 else f"{level.value}s"


def _as_json(told: list[tuple[Article, list[Finding]]], totals: Counter, per_check: Counter) -> dict[str, Any]:
    return {
        "articles": [
            {
                "slug": article.slug,
                "title": article.title,
                "stage": article.stage,
                "findings": [
                    {
                        "id": finding.id,
                        "level": finding.level.value,
                        "message": finding.message,
                        "hint": finding.hint,
                        "field": finding.field,
                        "passage": finding.passage,
                        "waived": finding.waived,
                    }
                    for finding in found
                ],
            }
            for article, found in told
        ],
        "totals": {level.value: totals[level.value] for level in Level},
        "checks": dict(sorted(per_check.items())),
    }
