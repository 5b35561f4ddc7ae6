"""The data of rules/products holds together."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from triage.knowledge.loader import load_products
from triage.knowledge.product_names import VARIANTS, normal
from triage.knowledge.products import Products
from triage.model.product import Product

ALL = load_products(Path(__file__).parents[2] / "rules" / "products")
PRODUCTS = Products(ALL)

_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_ARTICLE = re.compile(r"Q\d{5,6}")

each_product = pytest.mark.parametrize("product", ALL, ids=lambda product: product.product)


def dates_of(product: Product) -> list[str]:
    dated = [product.released, product.end_of_support]
    dated += [item.released for item in (*product.service_packs, *product.builds, *product.rollups)]
    return [text for text in dated if text is not None]


def articles_of(product: Product) -> list[str]:
    articles = [*product.obtain_also, *([product.obtain] if product.obtain else [])]
    return articles + [article for item in (*product.service_packs, *product.rollups) for article in item.articles]


def test_every_name_and_alias_means_one_product() -> None:
    names = Counter(name for p in ALL for name in {normal(p.product), *p.aliases})
    assert [name for name, count in names.items() if count > 1] == []
    assert [stem for stem, count in Counter(stem for p in ALL for stem in p.keywords).items() if count > 1] == []


@each_product
def test_names_are_in_normal_form_and_resolve_to_themselves(product: Product) -> None:
    assert [alias for alias in product.aliases if normal(alias) != alias] == []
    assert PRODUCTS.canonical(product.product) == product.product
    assert PRODUCTS.canonical(f"Microsoft {product.product}") == product.product


@each_product
def test_releases_are_named_after_their_family(product: Product) -> None:
    if product.family is not None:
        assert PRODUCTS.get(product.family) is not None
        variant = VARIANTS & set(normal(product.product).split())
        assert product.product.startswith(f"{product.family} ")
        assert product.version is not None
        assert variant or f"{product.family} {product.product.removeprefix(product.family).strip()}" == product.product
        (entry,) = PRODUCTS.parse_applies(product.product)
        assert entry.product in {product.family, product.product}
        assert PRODUCTS.releases(entry) == (product.product,)


@each_product
def test_packs_and_builds_stand_in_order(product: Product) -> None:
    orders = [pack.order for pack in product.service_packs]
    assert orders == sorted(set(orders))
    builds = [[int(part) for part in pack.build.split(".")] for pack in product.service_packs if pack.build]
    assert builds == sorted(builds)
    released = [int(release.build) for release in product.builds]
    assert released == sorted(released)
    dated = [pack.released for pack in product.service_packs if pack.released]
    assert dated == sorted(dated)
    numbers = {pack.number for pack in product.service_packs}
    assert all(pack.needs in numbers for pack in product.service_packs if pack.needs is not None)


@each_product
def test_dates_and_articles_are_well_formed(product: Product) -> None:
    for text in dates_of(product):
        assert _DATE.fullmatch(text)
        date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    assert [article for article in articles_of(product) if not _ARTICLE.fullmatch(article)] == []
    for source in product.sources:
        assert _ARTICLE.fullmatch(source) or source.startswith("https://")


@each_product
def test_facts_name_their_source(product: Product) -> None:
    facts = product.obtain or product.end_of_support or product.build
    assert product.sources or not facts


@each_product
def test_what_a_product_carries_is_known(product: Product) -> None:
    for carried in product.carries:
        assert PRODUCTS.canonical(carried) == carried
        assert product in PRODUCTS.carriers(carried)
