"""A small encoding of harbour.txt with mentions, in which the tests change what they are about."""

HEAD = """\
id: id/article/harbour
type: NewsArticle
label: The late ferry of Port Velm (fiction)
language: en
text: {sha256: "d4acfeb19f32f25862010d3f4e07663c081f28448228d26d233193c9c9f5e2e0", length: 1267}
encoding:
  attributedTo: id/org/quoth
  created: 2026-11-23
  method: By hand.
  licence: https://creativecommons.org/licenses/by/4.0/
sources:
  - id: id/source/harbour/two-dockers
    type: [AnonymousSource, Group]
    label: two dockers
    warrant: who unload the boats at Quay 4
entities:
  - {id: id/org/quoth, type: Organization, label: Quoth}
  - {id: id/org/velm-salt, type: Organization, label: Velm Salt}
  - {id: id/org/pilots-guild, type: Organization, label: Pilots’ Guild}
  - {id: id/person/mara-lind, type: Person, label: Mara Lind}
  - {id: id/person/orrin-tay, type: Person, label: Orrin Tay}
"""

MENTIONS = """\
mentions:
  - {of: id/org/pilots-guild, exact: the Pilots’ Guild, start: 506, end: 523}
  - of: id/org/velm-salt
    exact: it
    start: 488
    end: 490
    understood: true
    comment: “it” is the company, the subject of “it said, too”.
"""

CLAIM = """\
claims:
  - id: no-ties
    label: Velm Salt says that it has no ties to the Pilots’ Guild.
    words: {exact: it has no ties to the Pilots’ Guild, start: 488, end: 523}
    source: id/org/velm-salt
    mention: {exact: The company, prefix: "ashore. ", start: 425, end: 436}
    speechAct: said
    stance: endorses
    scope: explicit
    cue: {exact: "it said, too", start: 469, end: 481}
    certainty: certain
    polarity: negative
    realis: actual
    tense: present
    content:
      eventType: tie
      party: [id/org/velm-salt, id/org/pilots-guild]
"""

DOCUMENT = HEAD + MENTIONS + CLAIM
