"""Who may come in, of those who can sign in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.settings import provider_settings
from vasi.accounts.oidc.allowed import administers, require_allowed
from vasi.accounts.oidc.profile import Profile, read_profile
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.errors import SignInError


def settings(kind: Any = "oidc", **more: Any) -> ProviderSettings:
    return provider_settings(kind=kind, **more)


def somebody(**more: Any) -> Profile:
    return Profile("https://provider.example", "ann", **more)


def verdict(rules: ProviderSettings, profile: Profile, *, invited: bool = False) -> str:
    try:
        require_allowed(rules, profile, invited=invited)
    except SignInError as error:
        return error.failure
    return "allowed"


VERIFIED = {"email": "ann@Example.com", "email_verified": True}


@pytest.mark.parametrize(
    ("rules", "profile", "expected"),
    [
        (settings(), somebody(), "allowed"),
        (settings(allow_subjects=("ann",)), somebody(), "allowed"),
        (settings(allow_subjects=("bob",)), somebody(), "not_allowed"),
        (settings("entra", allow_subjects=("an-oid",)), somebody(object_id="an-oid"), "allowed"),
        (settings(allow_domains=("example.com",)), somebody(**VERIFIED), "allowed"),
        (settings(allow_domains=("example.com",)), somebody(email="ann@example.com"), "email_not_verified"),
        (settings(allow_domains=("ample.com",)), somebody(**VERIFIED), "not_allowed"),
        (settings(allow_domains=("example.com",)), somebody(), "not_allowed"),
        (
            settings(allow_domains=("example.com",)),
            somebody(email="ann@example.com@attacker.example", email_verified=True),
            "not_allowed",
        ),
        (settings(allow_groups=("staff",)), somebody(groups=("guests", "staff")), "allowed"),
        (settings(allow_groups=("staff",)), somebody(groups=("guests",)), "not_allowed"),
        (settings(allow_subjects=("bob",), allow_groups=("staff",)), somebody(groups=("staff",)), "allowed"),
        (settings(allow_subjects=("bob",), administrators=("ann",)), somebody(), "allowed"),
        # Anybody can have an account there, so somebody has to let them in.
        (settings("google"), somebody(**VERIFIED), "not_allowed"),
        (settings("entra", tenants=("*",)), somebody(), "not_allowed"),
        (settings("entra", tenants=("a-tenant",)), somebody(), "allowed"),
        (settings("google", hosted_domain="example.com"), somebody(hosted_domain="example.com", **VERIFIED), "allowed"),
        # The address may be of the domain, and the account not of its Workspace.
        (settings("google", hosted_domain="example.com"), somebody(**VERIFIED), "not_allowed"),
        (settings("google", hosted_domain="example.com"), somebody(hosted_domain="example.com"), "email_not_verified"),
        (settings("google", allow_subjects=("ann",)), somebody(), "email_not_verified"),
    ],
    ids=str,
)
def test_the_lists_decide(rules: ProviderSettings, profile: Profile, expected: str) -> None:
    assert verdict(rules, profile) == expected


def test_whoever_is_invited_needs_no_list_but_the_right_provider() -> None:
    assert verdict(settings("google"), somebody(**VERIFIED), invited=True) == "allowed"
    assert verdict(settings(allow_subjects=("bob",)), somebody(), invited=True) == "allowed"
    workspace = settings("google", hosted_domain="example.com")
    assert verdict(workspace, somebody(**VERIFIED), invited=True) == "not_allowed"


def test_groups_that_dont_fit_into_the_token_are_mentioned() -> None:
    rules = settings("entra", allow_groups=("staff",))
    claims = {"iss": "i", "sub": "s", "_claim_names": {"groups": "src1"}}
    with pytest.raises(SignInError) as refusal:
        require_allowed(rules, read_profile(rules, claims))
    assert "roles" in refusal.value.detail


def test_administrators_are_named_by_subject_group_or_role() -> None:
    rules = settings(administrators=("ann", "chiefs"))
    assert administers(rules, somebody())
    assert administers(rules, Profile("i", "bob", groups=("chiefs",)))
    assert not administers(rules, Profile("i", "bob", email="ann", name="ann"))


@pytest.mark.parametrize(
    ("claims", "groups"),
    [
        ({"groups": ["a", 7, None, "b"]}, ("a", "b")),
        ({"groups": "a"}, ("a",)),
        ({"groups": []}, ()),
        ({"groups": {"a": 1}}, None),
        ({"roles": ["admin"], "groups": ["admin", "a"]}, ("admin", "a")),
        ({}, None),
    ],
)
def test_groups_are_read_however_they_are_written(claims: dict[str, Any], groups: tuple[str, ...] | None) -> None:
    said = {"iss": "i", "sub": "s", **claims}
    assert read_profile(settings(), said).groups == groups
    assert read_profile(settings(manages_groups=True), said).groups == (groups or ())


def test_a_claim_may_lie_within_another() -> None:
    rules = settings(roles_claim="realm_access.roles", groups_claim="https://example.com/groups")
    claims = {"iss": "i", "sub": "s", "realm_access": {"roles": ["admin"]}, "https://example.com/groups": ["staff"]}
    assert read_profile(rules, claims).groups == ("staff", "admin")


def test_a_name_is_fit_to_be_shown() -> None:
    claims = {"iss": "i", "sub": "s", "name": "Ann\r\nSet-Cookie: x\u202e" + "n" * 1000}
    name = read_profile(settings(), claims).name
    assert name.isprintable()
    assert len(name) <= 320
