"""The first staff account is made once, with a strong hash, and the door closes behind it."""

import ast
import re
from functools import partial
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

import plainview
from plainview.domains.accounts import queries, services
from plainview.domains.accounts.models import User
from plainview.privacy.gate.doors import runs
from plainview.web import firstrun

pytestmark = pytest.mark.django_db
door = runs("authentication", may=["account"], source="form", everyone="nobody has an account yet")
MAKES = re.compile(r"create_user|User\s*\.objects")
make = partial(door(services.create_first_staff), territory="DE")


def test_the_first_staff_account_is_made_and_no_second():
    make(email="ines@lantern.example", password="a lantern in the rain")
    assert queries.staff_exists()
    with pytest.raises(services.AlreadySetUp):
        make(email="other@lantern.example", password="another long one")


def test_passwords_are_kept_as_argon2id_hashes():
    """P1.1.1c: login details are stored encrypted."""
    user = make(email="ines@lantern.example", password="a lantern in rain")
    assert user.password.startswith("argon2$argon2id$")


def test_ids_tell_neither_order_nor_number_and_fit_63_bits():
    made = [User.objects.create_user(f"m{n}@lantern.example", "x") for n in range(20)]
    ids = [user.pk for user in made]
    assert all(0 < number < 2**63 for number in ids)
    assert ids != sorted(ids)


def test_an_address_is_one_person_in_upper_and_lower_case():
    User.objects.create_user("Ines@lantern.example", "x")
    with pytest.raises((ValidationError, IntegrityError)):
        User.objects.create_user("ines@LANTERN.example", "x")
    assert User.objects.get_by_natural_key("INES@lantern.example")


def test_a_bad_address_is_refused():
    with pytest.raises(ValidationError):
        make(email="not an address", password="a lantern in the rain")


def test_the_printed_token_opens_the_first_run_until_there_is_staff(tmp_path, settings):
    settings.DATA = tmp_path
    token = firstrun.token()
    assert firstrun.token_valid(token)
    assert not firstrun.token_valid("")
    assert not firstrun.token_valid(token + "x")
    assert (tmp_path / "setup-token").stat().st_mode & 0o077 == 0
    make(email="ines@lantern.example", password="a lantern in the rain")
    assert not firstrun.token_valid(token)
    assert firstrun.token() == ""
    assert not (tmp_path / "setup-token").exists()


def test_p10b_the_first_account_has_its_certificate():
    user = make(email="ines@lantern.example", password="a lantern in the rain")
    certificate = queries.certified(user.pk)
    assert (certificate.territory, certificate.age) == ("DE", 18)


def test_p10b_nothing_in_the_product_makes_an_account_but_what_certifies():
    """`create_user` is called in one place, beside the certificate; allauth's door is `Adapter`."""
    product = Path(plainview.__file__).parent
    callers = {
        f"{path.relative_to(product)}:{verb.name}"
        for path in product.rglob("*.py")
        if "tests" not in path.parts and MAKES.search(text := path.read_text())
        for verb in ast.walk(ast.parse(text))
        if isinstance(verb, ast.FunctionDef)
        for call in ast.walk(verb)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith(("create_user", "User.objects.create"))
    }
    assert callers == {"domains/accounts/services/__init__.py:create_first_staff"}
