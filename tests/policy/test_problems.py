"""A broken policy says what is wrong, where, and what to do: all of it, at once."""

import datetime as dt
import re

import pytest
from tests.policy.conftest import FILES
from tests.policy.conftest import FOLDER as POLICY

from plainview.engine import PolicyErrors, load, overdue

pytestmark = pytest.mark.slow

RECOMMEND = "purposes/recommend.toml"
ASSESSED = (POLICY / RECOMMEND).read_text().split("\n\n", 1)[1]

# file, what stands there, what is written instead; then: file, line's text, key, problem, help
BROKEN = {
    "P2a a category nobody declared": (
        (RECOMMEND, '"viewing.list"', '"viewing.lists"'),
        (
            RECOMMEND,
            "viewing.lists",
            "purpose.recommend.uses[1]",
            "unknown category `viewing.lists`",
            "did you mean `viewing.list`?",
        ),
    ),
    "a key that does not exist": (
        (RECOMMEND, "clause =", "clauze ="),
        (
            RECOMMEND,
            "clauze",
            "purpose.recommend.clauze",
            "unknown key `clauze`",
            "did you mean `clause`?",
        ),
    ),
    "a key that is missing": (
        (RECOMMEND, 'kind = "personalise"\n', ""),
        (
            RECOMMEND,
            "[purpose.recommend]",
            "purpose.recommend",
            "`kind` is missing",
            "add `kind = ...`, text in quotes",
        ),
    ),
    "a number in quotes": (
        (RECOMMEND, "bit = 17", 'bit = "17"'),
        (
            RECOMMEND,
            "bit",
            "purpose.recommend.bit",
            "expected a whole number, found text in quotes",
            "write a whole number",
        ),
    ),
    "a list without brackets": (
        ("categories.toml", 'sources = ["form", "staff"]', 'sources = "form"'),
        (
            "categories.toml",
            'sources = "form"',
            'category."contact.change".sources',
            "expected a list in square brackets, found text in quotes",
            "write a list in square brackets",
        ),
    ),
    "a word that is not one of a few": (
        ("recipients.toml", 'role = "advertiser"', 'role = "advertizer"'),
        (
            "recipients.toml",
            'role = "advertizer"',
            "recipient.kestrel.role",
            "`advertizer` is not one of the words allowed here",
            "did you mean `advertiser`?",
        ),
    ),
    "a value where a table belongs": (
        (
            "policy.toml",
            '[duty.audit]\npromises = ["P0c", "P2.11d"]\nname = "Audit"\n'
            'why = "To check that what is held is what the policy allows."',
            'duty.audit = "Audit"',
        ),
        ("policy.toml", 'duty.audit = "Audit"', None, None, None),
    ),
    "not TOML": (
        (RECOMMEND, 'name = "Suggest films"', 'name = "Suggest films'),
        (
            RECOMMEND,
            "Suggest films",
            "purpose.recommend",
            "a text is not closed on its line",
            "close the quotes; text over several lines goes between triple quotes",
        ),
    ),
    "P3.1a one basis less": (
        ("jurisdictions/row.toml", 'marketing = "consent"\n', ""),
        (
            "purposes/marketing-email.toml",
            "[purpose.marketing-email]",
            "purpose.marketing-email",
            "purpose `marketing-email` has neither basis nor denial in `row`",
            "add `marketing` to `[kinds]` of `jurisdictions/row.toml`, or give the purpose a rule "
            "that allows or denies it there",
        ),
    ),
    "P3.3a the public interest is not for a private controller in Brazil": (
        (
            "purposes/legal.toml",
            'regime = ["gdpr", "uk-gdpr"], case = ["public-interest"]',
            'regime = ["gdpr", "lgpd"], case = ["public-interest"]',
        ),
        (
            "purposes/legal.toml",
            'allow = "public-interest"',
            "purpose.legal.rule[1].allow",
            "`legal` rests on `public-interest`, which the law of `br` does not offer",
            "keep the rule out of `br`, or name the article in its `[bases]`",
        ),
    ),
    "P3.2a a legal basis outside a case": (
        ("purposes/legal.toml", '\nwhen = { case = ["legal-claims"] }', ""),
        (
            "purposes/legal.toml",
            "[[purpose.legal.rule]]",
            "purpose.legal.rule[3]",
            "basis `legal-claims` carries a use only inside a case",
            'name the grounds, as `when = { case = ["court-order"] }`',
        ),
    ),
    "P3.1.3g an interest weighed after it counts": (
        (RECOMMEND, "done = 2026-10-05", "done = 2026-12-05"),
        (
            RECOMMEND,
            "done = 2026-12-05",
            "purpose.recommend.assessment.done",
            "weighed on 2026-12-05, and the version counts from 2026-11-27",
            "weigh the interest before the version counts, or let the version wait",
        ),
    ),
    "P3.1.3g an interest nobody weighed": (
        (
            RECOMMEND,
            ASSESSED,
            "",
        ),
        (
            RECOMMEND,
            "[purpose.recommend]",
            "purpose.recommend",
            "purpose `recommend` rests on legitimate interest without an assessment",
            "add `[purpose.recommend.assessment]` with done, review, safeguards",
        ),
    ),
    "P0g sensitive data in a recommendation": (
        (RECOMMEND, '"viewing.list"', '"credentials.password"'),
        (
            RECOMMEND,
            "credentials.password",
            "purpose.recommend.uses[1]",
            "`credentials.password` is sensitive and `recommend` may not use it",
            "remove it; only `authentication`, `security` may",
        ),
    ),
    "P0d a sensitive kind that is not collected": (
        (
            "categories.toml",
            '[category."community.reviews"]',
            '[category."community.reviews"]\nsensitive = "faith"',
        ),
        (
            "categories.toml",
            'sensitive = "faith"',
            'category."community.reviews".sensitive',
            "no purpose may touch data of kind `faith`",
            "remove the category: this kind of data is not collected",
        ),
    ),
    "P0b a source nobody declared": (
        ("categories.toml", 'sources = ["partner", "derived"]', 'sources = ["broker", "derived"]'),
        (
            "categories.toml",
            'sources = ["broker", "derived"]',
            'category."partner.feed".sources[0]',
            "unknown source `broker`",
            "declare `[source.broker]`",
        ),
    ),
    "P9c a category that would stay forever": (
        ("retention.toml", '"viewing.list"', '"viewing"'),
        (
            "retention.toml",
            None,
            "schedule",
            "`viewing.list` would be kept forever",
            "add it to the `categories` of a schedule",
        ),
    ),
    "a time that is none": (
        ("retention.toml", 'keep = "P12M"', 'keep = "a year"'),
        (
            "retention.toml",
            'keep = "a year"',
            "schedule.viewing.keep",
            "`a year` is no length of time",
            "write years, months and days as `P1Y`, `P6M`, `P30D`, hours as `PT24H`",
        ),
    ),
    "P4.2a demographics for a recipient": (
        (
            "recipients.toml",
            'receives.playback = ["device.address", "device.family"]',
            'receives.profile-gender = ["demographics.gender"]',
        ),
        (
            "recipients.toml",
            "receives.profile-gender",
            "recipient.cloudloom.receives.profile-gender[0]",
            "`demographics.gender` may go to nobody",
            "remove it; only categories with `shareable = true` may leave",
        ),
    ),
    "P4.1.3c a film for an advertiser": (
        (
            "recipients.toml",
            'cross-context-ads = ["device.advertising-id", "device.storage", "activity.genres"]',
            'recommend = ["viewing.history"]',
        ),
        (
            "recipients.toml",
            'recommend = ["viewing.history"]',
            "recipient.kestrel.receives.recommend[0]",
            "`viewing.history` may go to no advertiser",
            "remove it; an advertiser may get `device.address`, `device.id`, "
            "`device.advertising-id`, `device.agent`, `device.storage`, `location.country`, "
            "`location.city`, `activity.genres`",
        ),
    ),
    "P4.1.2a a film for a partner": (
        (
            "recipients.toml",
            'receives.audience-uploads = ["contact.email", "device.advertising-id"]',
            'receives.recommend = ["viewing.history"]',
        ),
        (
            "recipients.toml",
            'receives.recommend = ["viewing.history"]',
            "recipient.northgate.receives.recommend[0]",
            "`viewing.history` tells which titles were watched",
            "remove it, or set `titles = true` and `by_name = true`: a consent apart",
        ),
    ),
    "P1.3.2a a frame whose host may keep nothing on a device": (
        (
            "recipients.toml",
            '[recipient.roundtable.embeds.comments]\npurpose = "comments-embed"',
            '[recipient.roundtable.embeds.comments]\npurpose = "recommend"',
        ),
        (
            "recipients.toml",
            'purpose = "recommend"',
            "recipient.roundtable.embeds.comments.purpose",
            "a browser would tell `roundtable` `device.address`, `device.agent`, `device.storage`,"
            " which it may not have",
            "remove it, or let it receive them: `receives.recommend`",
        ),
    ),
    "P1.3.2a a frame from anywhere": (
        ("recipients.toml", '"https://embed.roundtable.example"', '"https://*.example"'),
        (
            "recipients.toml",
            '"https://*.example"',
            "recipient.roundtable.embeds.comments.origins[0]",
            "`https://*.example` is no origin",
            "write scheme and host alone, without a wildcard: `https://a.example`",
        ),
    ),
    "P1.1.3a a place that calls gender sensitive and asks nobody": (
        ("jurisdictions/us-or.toml", '[kinds]\ntold = "consent"', "# kinds"),
        (
            "categories.toml",
            'sensitive = "gender-identity"',
            'category."demographics.gender".sensitive',
            "`demographics.gender` is sensitive in `us-or`, and `profile-gender` asks nobody there",
            'write `told = "consent"` in `[kinds]` of `jurisdictions/us-or.toml`',
        ),
    ),
    "P4.2a demographics that may leave": (
        (
            "categories.toml",
            'sensitive = "gender-identity"\nonly = ["profile-gender"]',
            "shareable = true",
        ),
        (
            "categories.toml",
            "shareable = true",
            'category."demographics.gender".shareable',
            "`demographics` may go to nobody, so `demographics.gender` may not either",
            "remove it; headings that may: `identifiers`, `commercial`, `location`, `device`, "
            "`activity`, `cookies`, `inferences`",
        ),
    ),
    "P4.1.3c more for advertisers than leaves at all": (
        (
            "recipients.toml",
            '"location.country", "location.city", "activity.genres",\n]',
            '"support.tickets",\n]',
        ),
        (
            "recipients.toml",
            None,
            "closed.advertisers[5]",
            "`support.tickets` may go to nobody",
            "remove it; only categories with `shareable = true` may leave",
        ),
    ),
    "P1.2.6c a cookie for a purpose that its owner does not serve": (
        ("recipients.toml", 'purpose = "advertising-storage"', 'purpose = "recognition-storage"'),
        (
            "recipients.toml",
            'purpose = "recognition-storage"',
            "recipient.kestrel.keys.krl-device.purpose",
            "`kestrel` may keep nothing on a device for `recognition-storage`",
            "remove it, or let it receive `device.storage` for `recognition-storage`",
        ),
    ),
    "P1.2.6c a cookie that lives too long": (
        ("recipients.toml", "days = 180", "days = 400"),
        (
            "recipients.toml",
            "days = 400",
            "recipient.kestrel.keys.krl-device.days",
            "`krl-device` outlives what is kept on a device",
            "keep it 390 days at most",
        ),
    ),
    "P4.1.1a a host that two carry push for": (
        ("recipients.toml", '"fcm.googleapis.com"', '"web.push.apple.com"'),
        (
            "recipients.toml",
            '"web.push.apple.com"',
            "recipient.google-push.hosts[0]",
            "`web.push.apple.com` is a host of another recipient too",
            "leave it to one of them",
        ),
    ),
    "P4.1.1a hosts of one who carries nothing": (
        ("recipients.toml", 'carries = "push"\n', ""),
        (
            "recipients.toml",
            "[recipient.mozilla-push]",
            "recipient.mozilla-push",
            "push is carried by hosts, and hosts carry push",
            'write `carries = "push"` and the `hosts` of its addresses, or neither',
        ),
    ),
    "P4.1.1a a host that is an address": (
        ("recipients.toml", '"fcm.googleapis.com"', '"https://fcm.googleapis.com"'),
        (
            "recipients.toml",
            '"https://fcm.googleapis.com"',
            "recipient.google-push.hosts[0]",
            "`https://fcm.googleapis.com` is no host",
            "write a name alone, `push.example.org` or `*.push.example.org`",
        ),
    ),
    "P2.3a news more often than never": (
        ("messages.toml", "marketing-push = 3", "marketing-push = 0"),
        (
            "messages.toml",
            "marketing-push = 0",
            "weekly.marketing-push",
            "`marketing-push` can't take 0 pieces of news a week",
            "name one of the `channels`, and a number from 1 on",
        ),
    ),
    "P7b a second country that nothing protects": (
        ("recipients.toml", 'country = "KR"', 'country = "KR"\nalso = ["SG"]'),
        (
            "recipients.toml",
            "[recipient.posthorn]",
            "recipient.posthorn",
            "data from `eu` would reach `SG` without a safeguard",
            'add `[[recipient.posthorn.safeguard]]` with `regimes = ["gdpr"]`',
        ),
    ),
    "P7b a safeguard for another country": (
        (
            "recipients.toml",
            'regimes = ["gdpr", "uk-gdpr", "lgpd"]\nkind = "clauses"\nreference = "LSP-SCC-08"',
            'regimes = ["gdpr", "uk-gdpr", "lgpd"]\ncountries = ["US"]\nkind = "clauses"\n'
            'reference = "LSP-SCC-08"',
        ),
        (
            "recipients.toml",
            "[recipient.brightwater]",
            "recipient.brightwater",
            "data from `eu` would reach `IN` without a safeguard",
            'add `[[recipient.brightwater.safeguard]]` with `regimes = ["gdpr"]`',
        ),
    ),
    "P4.1.6a a buyer who signed nothing": (
        (
            "recipients.toml",
            'contract = { reference = "LSP-TERMS-FOR-BUYERS", since = 2026-10-01 }\n',
            "",
        ),
        (
            "recipients.toml",
            "[recipient.buyer]",
            "recipient.buyer",
            "recipient `buyer` is bound by no contract",
            "add `contract` with its reference and date",
        ),
    ),
    "P3.1.3g a safeguard that is prose": (
        (RECOMMEND, '"explained"', '"we-are-careful"'),
        (
            RECOMMEND,
            None,
            "purpose.recommend.assessment.safeguards",
            "`we-are-careful` is not one of the words allowed here",
            None,
        ),
    ),
    "P3.1.3g a safeguard that is off: somebody receives it": (
        (
            "recipients.toml",
            'receives.business-analytics = ["device.family"',
            'receives.understand-use = ["device.family"]\n'
            'receives.business-analytics = ["device.family"',
        ),
        (
            "purposes/understand-use.toml",
            '"no-export"',
            "purpose.understand-use.assessment.safeguards[3]",
            "safeguard `no-export` is named, and off",
            "remove it, or let no recipient receive anything for the purpose",
        ),
    ),
    "P3.1.3g a safeguard that is off: figures of one": (
        ("purposes/improve.toml", "threshold = 10", "threshold = 1"),
        (
            "purposes/improve.toml",
            '"threshold"',
            "purpose.improve.assessment.safeguards[0]",
            "safeguard `threshold` is named, and off",
            "remove it, or set `threshold` of the purpose to 5 people or more",
        ),
    ),
    "P3.1.3g a safeguard that is off: the rule behind it is gone": (
        (
            "rules.toml",
            'when = { choice = ["denied"] }',
            'when = { choice = ["denied"], age = ["minor"] }',
        ),
        (
            "purposes/history.toml",
            "safeguards",
            "purpose.history.assessment.safeguards[2]",
            "safeguard `off-switch` is named, and off",
            "remove it, or let a shared rule deny the purpose when the choice is `denied`",
        ),
    ),
    "P2.5a the security log read for something else": (
        ("purposes/improve.toml", '"activity.visits"', '"security.log"'),
        (
            "purposes/improve.toml",
            '"security.log"',
            "purpose.improve.uses[0]",
            "`security.log` is kept for other purposes than `improve`",
            "remove it; only `security` may use it",
        ),
    ),
    "P0d a profile made of what people wrote": (
        (RECOMMEND, '"community.ratings"', '"community.reviews"'),
        (
            RECOMMEND,
            '"community.reviews"',
            "purpose.recommend.uses[2]",
            "`community.reviews` may say anything, so it feeds no profile",
            "remove it; `personalise` is a kind that profiles",
        ),
    ),
    "P5.2.1.3b nowhere to change it": (
        (
            "categories.toml",
            'no_edit = "observed"\ndpv = "pd:LinkClicked"',
            'dpv = "pd:LinkClicked"',
        ),
        (
            "categories.toml",
            '[category."activity.links"]',
            'category."activity.links"',
            "nobody learns where to edit `activity.links`, or why nowhere",
            'add `edit = "/settings/..."`, or why not, as `no_edit = "observed"`',
        ),
    ),
    "P5.2.1.3b nowhere to delete it": (
        (
            "categories.toml",
            'no_remove = "short-lived"\ndpv = "pd:IPAddress"',
            'dpv = "pd:IPAddress"',
        ),
        (
            "categories.toml",
            '[category."device.address"]',
            'category."device.address"',
            "nobody learns where to remove `device.address`, or why nowhere",
            'add `remove = "/settings/..."`, or why not, as `no_remove = "observed"`',
        ),
    ),
    "P5.2.1.3b a reason against what can be done": (
        (
            "categories.toml",
            'no_edit = "observed"\ndpv = "pd:LinkClicked"',
            'no_edit = "observed"\nno_remove = "record"\ndpv = "pd:LinkClicked"',
        ),
        (
            "categories.toml",
            'no_remove = "record"',
            'category."activity.links".no_remove',
            "its schedule lets people delete it entry by entry",
            "remove it, or take `removable` from the schedule `activity`",
        ),
    ),
    "P5.2.1.3b a place on somebody else's site": (
        ("categories.toml", 'edit = "/accounts/email/"', 'edit = "https://example.org/email/"'),
        (
            "categories.toml",
            'edit = "https://example.org/email/"',
            'category."contact.email".edit',
            "`https://example.org/email/` is no place of the service",
            "write the address of a page of ours, beginning with `/`",
        ),
    ),
    "P1a a category under no heading": (
        ("categories.toml", 'heading = "cookies"\n', ""),
        (
            "categories.toml",
            '[category."device.storage"]',
            'category."device.storage"',
            "category `device.storage` stands under no heading",
            'say which heading people look under, as `heading = "activity"`',
        ),
    ),
    "P5.2c a right without a time": (
        (
            "rights.toml",
            'identity = "none"\nwithin = "P30D"\ndpv = "eu-gdpr:A77"',
            'identity = "none"\ndpv = "eu-gdpr:A77"',
        ),
        (
            "rights.toml",
            "[right.complaint]",
            "right.complaint",
            None,
            "add `within`, our own longest time where a law sets none",
        ),
    ),
    "P5.2.2.2a a button nobody finds": (
        ("rights.toml", 'door = "/privacy/opt-out/"\n', ""),
        (
            "rights.toml",
            "[right.optout-sale-sharing]",
            "right.optout-sale-sharing",
            "right `optout-sale-sharing` has a button and no page for it",
            'add `door`, the page with the button, as `door = "/privacy/choices/"`',
        ),
    ),
    "P6b a program that decides about access": (
        ("decisions.toml", 'effect = "extra-proof"', 'effect = "similarly-significant"'),
        (
            "decisions.toml",
            'effect = "similarly-significant"',
            "decision.challenge.effect",
            "no program decides with a `similarly-significant` effect",
            "let a person decide it, and take it out of the register",
        ),
    ),
    "P6b a model that closes accounts": (
        (
            "decisions.toml",
            '"commercial.plan"]\neffect = "access"\nmodel = false',
            '"commercial.plan"]\neffect = "access"\nmodel = true # guess',
        ),
        (
            "decisions.toml",
            "model = true # guess",
            "decision.dormancy.model",
            "a model decides about access",
            "let it go by a fixed rule, and write `model = false`",
        ),
    ),
    "P6a an input that its purpose does not use": (
        ("decisions.toml", '"payment.kind"', '"payment.history"'),
        (
            "decisions.toml",
            '"payment.history"',
            "decision.offer.inputs[3]",
            "purpose `personal-offers` does not use `payment.history`",
            None,
        ),
    ),
    "P6b a discount without a band": (
        ("decisions.toml", "band = [0, 30]\n", ""),
        (
            "decisions.toml",
            "[decision.offer]",
            "decision.offer",
            "a discount without a published band",
            "add `band`, the least and the most of the list price in percent",
        ),
    ),
    "P6a a decision nobody explains": (
        ("texts/ko/decisions.toml", "logic = ", "logics = "),
        (
            "texts/ko/decisions.toml",
            None,
            "shelves.logic",
            "no words for `shelves.logic`",
            'add `shelves.logic = "..."` to `texts/ko/decisions.toml`',
        ),
    ),
    "a term that the vocabulary lacks": (
        (RECOMMEND, "dpv:ProvidePersonalisedRecommendations", "dpv:Recommendation"),
        (
            RECOMMEND,
            "dpv:Recommendation",
            "purpose.recommend.dpv",
            "`dpv:Recommendation` is no term that fits here",
            None,
        ),
    ),
    "P4.1.1a a column more than the purpose has": (
        (
            "recipients.toml",
            'receives.store-orders = ["commercial.plan"]',
            'receives.store-orders = ["contact.email"]',
        ),
        (
            "recipients.toml",
            "receives.store-orders",
            "recipient.orchard-store.receives.store-orders[0]",
            "purpose `store-orders` does not use `contact.email`",
            "remove it, or add it to the `uses` of `store-orders`",
        ),
    ),
    "P2.1.5b no link to its notice": (
        ("recipients.toml", 'notice_url = "https://copperline.example/privacy"\n', ""),
        (
            "recipients.toml",
            "[recipient.copperline]",
            "recipient.copperline",
            "recipient `copperline` has no link to its notice",
            "add `notice_url`, the address of its own privacy notice",
        ),
    ),
    "P4.1.3e an advertiser without a contract": (
        ("recipients.toml", 'contract = { reference = "LSP-2026-09", since = 2026-06-01 }\n', ""),
        (
            "recipients.toml",
            "[recipient.kestrel]",
            "recipient.kestrel",
            "recipient `kestrel` is bound by no contract",
            "add `contract` with its reference and date",
        ),
    ),
    "P4.1.3e an advertiser without a link to its notice": (
        ("recipients.toml", 'notice_url = "https://kestrel-ads.example/privacy"\n', ""),
        (
            "recipients.toml",
            "[recipient.kestrel]",
            "recipient.kestrel",
            "recipient `kestrel` has no link to its notice",
            "add `notice_url`, the address of its own privacy notice",
        ),
    ),
    "P7b a transfer nothing protects": (
        (
            "recipients.toml",
            'regimes = ["gdpr", "uk-gdpr", "lgpd"]\nkind = "clauses"\nreference = "LSP-SCC-07"',
            'regimes = ["uk-gdpr", "lgpd"]\nkind = "clauses"\nreference = "LSP-SCC-07"',
        ),
        (
            "recipients.toml",
            "[recipient.meridian]",
            "recipient.meridian",
            "data from `eu` would reach `SG` without a safeguard",
            'add `[[recipient.meridian.safeguard]]` with `regimes = ["gdpr"]`',
        ),
    ),
    "P7b clauses without an assessment": (
        ("recipients.toml", 'assessment = "LSP-TIA-09"\n', ""),
        (
            "recipients.toml",
            None,
            "recipient.kestrel.safeguard[1]",
            "clauses towards `US` need an assessment",
            "add `assessment`, the reference of the transfer assessment",
        ),
    ),
    "P7b adequacy that nobody found": (
        (
            "recipients.toml",
            'kind = "clauses"\nreference = "LSP-SCC-11"',
            'kind = "adequacy"\nreference = "LSP-SCC-11"',
        ),
        (
            "recipients.toml",
            None,
            "recipient.orchard-store.safeguard[1].kind",
            "`br` has found no adequacy for `US`",
            "use clauses with an assessment",
        ),
    ),
    "P7b clauses that nobody has signed yet": (
        ("recipients.toml", 'LSP-SCC-07"\nsince = 2026-05-01', 'LSP-SCC-07"\nsince = 2027-01-01'),
        (
            "recipients.toml",
            "since = 2027-01-01",
            "recipient.meridian.safeguard[0].since",
            "it binds from 2027-01-01 on, the version from 2026-11-27",
            "let the version wait for it, or leave the recipient out until then",
        ),
    ),
    "P4.1.1a a contract that begins later": (
        (
            "recipients.toml",
            '"LSP-2026-07", since = 2026-05-01',
            '"LSP-2026-07", since = 2026-12-01',
        ),
        (
            "recipients.toml",
            '"LSP-2026-07", since = 2026-12-01',
            "recipient.meridian.contract.since",
            "it binds from 2026-12-01 on, the version from 2026-11-27",
            None,
        ),
    ),
    "P7c binding rules outside the group": (
        (
            "recipients.toml",
            'kind = "adequacy"\nreference = "certificate 2026-230"',
            'kind = "binding-rules"\nreference = "certificate 2026-230"',
        ),
        (
            "recipients.toml",
            None,
            "recipient.kestrel.safeguard[0].kind",
            "binding rules bind only the group",
            "use clauses; binding rules are for companies of the group",
        ),
    ),
    "P7b consent where the law does not carry it": (
        (
            "recipients.toml",
            'kind = "clauses"\nreference = "LSP-SCC-10"',
            'kind = "consent"\nreference = "LSP-SCC-10"',
        ),
        (
            "recipients.toml",
            None,
            "recipient.northgate.safeguard[0].kind",
            "the law of `eu` does not carry transfers on consent",
            "use clauses with an assessment",
        ),
    ),
    "a recipient that permits": (
        (
            "recipients.toml",
            'id = "room-not-asked-for"\ndeny = true\nunless',
            'id = "room-not-asked-for"\nallow = "contract"\nwhen',
        ),
        (
            "recipients.toml",
            'allow = "contract"',
            "recipient.parlour.rule[0].allow",
            "a recipient's rule can only deny; the purpose permits",
            "write it as `deny = true` with `when` or `unless`",
        ),
    ),
    "a bit that belongs to another": (
        (RECOMMEND, "bit = 17", "bit = 16"),
        (
            RECOMMEND,
            "bit = 16",
            "purpose.recommend.bit",
            "bit `16` belongs to `history`",
            "the next free one is 17",
        ),
    ),
    "a bit that one integer does not hold": (
        (RECOMMEND, "bit = 17", "bit = 62"),
        (
            RECOMMEND,
            "bit = 62",
            "purpose.recommend.bit",
            "bit `62` is out of range",
            "write a number from 0 to 61; the next free one is 17",
        ),
    ),
    "a purpose in another's file": (
        (RECOMMEND, "[purpose.recommend]", "[purpose.suggest]"),
        (
            RECOMMEND,
            "[purpose.suggest]",
            "purpose.suggest",
            "purpose `suggest` stands in another's file",
            "rename the table to `[purpose.recommend]`, or move it to `purposes/suggest.toml`",
        ),
    ),
    "an objection that opens": (
        (
            "purposes/legal.toml",
            'when = { case = ["legal-claims"] }',
            'when = { case = ["legal-claims"], objection = ["pending"] }',
        ),
        (
            "purposes/legal.toml",
            "objection",
            "purpose.legal.rule[3].when.objection",
            "`objection` can't open a door",
            "remove it; use `objection` in a rule with `deny = true`",
        ),
    ),
    "silence that opens": (
        (
            "purposes/legal.toml",
            'when = { case = ["legal-claims"] }',
            'when = { case = ["legal-claims"], choice = ["unset"] }',
        ),
        (
            "purposes/legal.toml",
            "unset",
            "purpose.legal.rule[3].when.choice[0]",
            "`unset` can't open a door",
            'only `"granted"` and `"affirmed"` open; leave `choice` out to need no answer',
        ),
    ),
    "a no that opens what silence closes": (
        ("rules.toml", 'when = { choice = ["denied"] }', 'when = { choice = ["unset"] }'),
        (
            "rules.toml",
            'choice = ["unset"]',
            "rule[4].when.choice",
            "`denied` would open what `unset` closes",
            'add `"denied"`, so that a firmer no closes at least as much',
        ),
    ),
    "an upheld objection that opens": (
        ("rules.toml", 'objection = ["pending", "upheld"]', 'objection = ["pending"]'),
        (
            "rules.toml",
            'objection = ["pending"]',
            "rule[2].when.objection",
            "`upheld` would open what `pending` closes",
            'add `"upheld"`, so that a firmer no closes at least as much',
        ),
    ),
    "a signal that lifts a denial": (
        ("rules.toml", 'unless = { choice = ["affirmed"] }', 'unless = { signal = ["gpc"] }'),
        (
            "rules.toml",
            "unless",
            "rule[1].unless.signal",
            "`signal` can't lift a denial",
            "write it as a denial of its own",
        ),
    ),
    "an exception without end": (
        ("rules.toml", 'unless = { choice = ["affirmed"] }', "unless = {}"),
        (
            "rules.toml",
            "unless = {}",
            "rule[1].unless",
            "the exception always holds, so the rule never acts",
            "remove the empty `unless`, or say when the rule is held back",
        ),
    ),
    "a rule that does neither": (
        ("purposes/legal.toml", 'id = "claims"\nallow = "legal-claims"', 'id = "claims"'),
        (
            "purposes/legal.toml",
            None,
            "purpose.legal.rule[3]",
            "rule `claims` neither allows nor denies",
            'write either `allow = "<basis>"` or `deny = true`',
        ),
    ),
    "two rules of one name": (
        ("purposes/legal.toml", 'id = "claims"', 'id = "order"'),
        (
            "purposes/legal.toml",
            None,
            "purpose.legal.rule[3].id",
            "two rules are called `order`",
            "give each rule of the list its own `id`",
        ),
    ),
    "a regime nobody knows": (
        ("purposes/legal.toml", '"uk-gdpr"], case = ["vital', '"uk-gdrp"], case = ["vital'),
        (
            "purposes/legal.toml",
            "uk-gdrp",
            "purpose.legal.rule[2].when.regime[1]",
            "unknown regime `uk-gdrp`",
            "did you mean `uk-gdpr`?",
        ),
    ),
    "a signal nobody knows": (
        ("rules.toml", 'signal = ["gpc"]', 'signal = ["dnt"]'),
        (
            "rules.toml",
            'signal = ["dnt"]',
            "rule[1].when.signal[0]",
            "unknown signal `dnt`",
            "declare it in `rules.toml`",
        ),
    ),
    "a trait nobody knows": (
        ("rules.toml", 'without = ["minor-safe"]', 'without = ["minor-save"]'),
        (
            "rules.toml",
            "minor-save",
            "rule[0].for.without[0]",
            "unknown trait `minor-save`",
            "did you mean `minor-safe`?",
        ),
    ),
    "P3.1b two laws for one place": (
        ("jurisdictions/us-co.toml", 'places = ["US-CO"]', 'places = ["US-CO", "US-VA"]'),
        (
            "jurisdictions/us-va.toml",
            "places",
            "places[0]",
            "`US-VA` has two laws, this and `us-co`",
            "remove it here or in `jurisdictions/us-co.toml`",
        ),
    ),
    "P3.1b an unknown place that is not the strictest": (
        ("jurisdictions/unknown.toml", 'strictest_of = ["*"]', 'strictest_of = ["us-*"]'),
        (
            "jurisdictions/unknown.toml",
            None,
            "",
            "the unknown is not the strictest",
            'write `strictest_of = ["*"]`: an unknown place is every place at once',
        ),
    ),
    "a fact without provenance": (
        (
            "jurisdictions/row.toml",
            "[signals]\nrequired = false",
            '[signals]\nprovenance = ""\nrequired = false',
        ),
        (
            "jurisdictions/row.toml",
            "[signals]",
            "signals",
            "a fact without provenance",
            'write `provenance = "sourced"`, `"unverified"` or `"product rule"`',
        ),
    ),
    "P5.2.2.4b a reward without an estimate": (
        ("programmes.toml", "[programme.newsletter-coupon.estimate]", "[other]"),
        (
            "programmes.toml",
            "[programme.newsletter-coupon]",
            "programme.newsletter-coupon",
            "`estimate` is missing",
            "add `estimate = ...`, a table",
        ),
    ),
    "P5.2.2.4b a cost with a sign, which would raise the worth": (
        ("programmes.toml", "team = 180", "team = -180"),
        (
            "programmes.toml",
            "team = -180",
            "programme.newsletter-coupon.estimate.team",
            "`team` is below zero",
            "write the amount without a sign: what is a cost is taken away",
        ),
    ),
    "P5.2.2.4c a reward for something else": (
        ("programmes.toml", 'trigger = "joining"', 'trigger = "watching"'),
        (
            "programmes.toml",
            "trigger",
            "programme.newsletter-coupon.trigger",
            "`watching` is not one of the words allowed here",
            "write one of `joining`, `staying`, `research`, `buying`, `basket`",
        ),
    ),
    "a duty that the gate needs": (
        ("policy.toml", "[duty.erasure]", "[duty.erase]"),
        (
            "policy.toml",
            "[duty.erase]",
            "duty.erase",
            "unknown duty `erase`",
            "did you mean `erasure`?",
        ),
    ),
    "P0h no words for a purpose": (
        (
            "texts/en/purposes.toml",
            'why = "To put first what you may like',
            'because = "To put first what you may like',
        ),
        (
            "texts/en/purposes.toml",
            None,
            "recommend.why",
            "no words for `recommend.why`",
            'add `recommend.why = "..."` to `texts/en/purposes.toml`',
        ),
    ),
    "words for something gone": (
        ("texts/en/sources.toml", 'form = "', 'forms = "a form"\nform = "'),
        (
            "texts/en/sources.toml",
            "forms",
            "forms",
            "words for `forms`, which is declared nowhere",
            "remove them, or declare what they speak of",
        ),
    ),
}


def rounds() -> list[list[str]]:
    """The cases by what is broken at once: in each round no two in one table, or about one.

    What makes other things unknown stands apart: categories, and a table under another name.
    """
    found: list[tuple[set[object], list[str]]] = []
    for name, ((file, old, _), (where, _, key, problem, _)) in BROKEN.items():
        above = re.findall(r"^\[+([^\]]+)", FILES[file].decode().partition(old)[0], re.MULTILINE)
        at: set[object] = {(file, "".join(above[-1:]).partition(".safeguard")[0])}
        at.add((where, ".".join((key or "").split(".")[:2])))
        if file == "categories.toml" or "categor" in (problem or ""):
            at.add("categories")
        renames = old.startswith("[")
        fit = (each for each in found if not renames and each[0].isdisjoint(at | {"alone"}))
        others, names = next(fit, ({"alone"} if renames else set(), []))
        if not names:
            found.append((others, names))
        others |= at
        names.append(name)
    return [names for _, names in found]


@pytest.mark.parametrize("names", rounds(), ids=lambda names: f"{names[0]} and {len(names) - 1}")
def test_a_broken_policy_names_place_problem_and_remedy(names):
    """P2.11d: a policy that does not hold together does not load, and says why."""
    files = dict(FILES)
    for file, old, new in (BROKEN[name][0] for name in names):
        text = files[file].decode()
        assert old in text
        files[file] = text.replace(old, new, 1).encode()
    with pytest.raises(PolicyErrors) as caught:
        load(files)
    everything = caught.value.problems
    for where, line, key, problem, remedy in (BROKEN[name][1] for name in names):
        found = [one for one in everything if one.file == where]
        if problem is None:  # more than one thing follows; that it is refused there is enough
            assert found
            continue
        mine = [one for one in found if (one.key, one.problem) == (key, problem)]
        assert mine, "\n".join(map(str, (problem, *everything)))
        assert remedy is None or mine[0].remedy == remedy
        written = files[where].decode().splitlines()[mine[0].line - 1]
        assert line is None or line in written


def test_the_copy_is_whole_before_it_is_broken(problems):
    """What the table breaks was not broken before."""
    assert problems() == []


def test_all_problems_come_at_once_sorted_by_place(change, problems):
    """Whoever mends a policy reads one list, not one problem after the other."""
    change(RECOMMEND, "bit = 17", "bit = 16")
    change("recipients.toml", 'role = "advertiser"', 'role = "buyer"')
    change("jurisdictions/row.toml", 'marketing = "consent"\n', "")
    change("texts/en/rights.toml", "access = ", "acess = ")
    found = problems()
    assert {problem.file for problem in found} >= {
        RECOMMEND,
        "recipients.toml",
        "purposes/marketing-email.toml",
        "texts/en/rights.toml",
    }
    assert found == sorted(found)


def test_two_files_of_which_nothing_can_be_read_are_both_named(copy, problems):
    """A file that can't be parsed hides no other such file, and is not guessed about."""
    for file in ("categories.toml", RECOMMEND):
        (copy / file).write_text("name = \n")
    found = problems()
    assert [(problem.file, problem.line) for problem in found] == [
        ("categories.toml", 1),
        (RECOMMEND, 1),
    ]


def test_missing_files_are_named(copy, problems):
    """An empty folder says which files a policy needs."""
    for path in sorted(copy.rglob("*.toml")):
        path.unlink()
    named = {problem.file for problem in problems()}
    wanted = {"policy", "rules", "categories", "recipients", "rights", "retention"}
    assert named >= {f"{name}.toml" for name in wanted}


def test_more_purposes_than_one_integer_holds(copy, problems):
    """gate.md: at most 62 purposes, checked at load."""
    text = (copy / "purposes" / "browse.toml").read_text()
    for n in range(62 - 56 + 1):
        body = text.replace("purpose.browse", f"purpose.browse{n}").replace(
            "bit = 0", f"bit = {56 + n}"
        )
        (copy / "purposes" / f"browse{n}.toml").write_text(body)
    said = {problem.problem for problem in problems()}
    assert "63 purposes, and one integer holds 62" in said


def test_a_whole_policy_is_not_touched_by_a_failed_load(policy, change, copy):
    """A running service keeps what it had: loading returns a new policy or raises."""
    kept = load(copy)
    change(RECOMMEND, "bit = 17", "bit = 16")
    with pytest.raises(PolicyErrors):
        load(copy)
    assert kept.fingerprint == policy.fingerprint
    assert kept.bit("recommend") == 17


def test_the_fingerprint_follows_content_not_form(copy, change):
    """P11a: comments, order and spacing leave it; a word changes it; examples are no part of it."""
    before = load(copy).fingerprint
    file = copy / RECOMMEND
    file.write_text("# a comment\n\n" + file.read_text().replace(" = ", "   =  "))
    (copy / "cases" / "more.toml").write_text("case = []\n")
    assert load(copy).fingerprint == before
    change("texts/en/purposes.toml", "To put first what you may like", "To put what you may like")
    assert load(copy).fingerprint != before


def test_p3_1_3g_reviews_fall_due(folder):
    """P3.1.3g, P7b: an assessment or safeguard past its date is named, with its line."""
    assert overdue(folder, dt.date(2026, 11, 20)) == []
    due = overdue(folder, dt.date(2027, 10, 6))
    assert {problem.key for problem in due} >= {
        "purpose.recommend.assessment.review",
        "recipient.kestrel.safeguard[0].review",
    }
    text = (folder / RECOMMEND).read_text().splitlines()
    mine = next(problem for problem in due if problem.file == RECOMMEND)
    assert text[mine.line - 1].startswith("review = ")


def test_errors_are_written_in_the_house_style(problems, change):
    """Lower-case, no full stop, in problem and remedy alike."""
    for broken in BROKEN.values():
        (_, _, _), (_, _, _, problem, remedy) = broken
        for said in filter(None, (problem, remedy)):
            assert said[0] == "`" or said[0] == said[0].lower() or said[0].isdigit()
            assert not said.endswith(".")
    change(RECOMMEND, "bit = 17", "bit = 16")
    [first, *_] = problems()
    assert str(first).startswith(f"{RECOMMEND}:6: purpose.recommend.bit: bit `16` belongs to")
    assert "\n  help: " in str(first)
