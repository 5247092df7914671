CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL);
CREATE TABLE claim (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL,
  article INTEGER, voice INTEGER, certainty INTEGER, polarity INTEGER, realis INTEGER, tense INTEGER);
CREATE TABLE credit (source INTEGER, innermost INTEGER, claim INTEGER,
  PRIMARY KEY (source, innermost, claim)) WITHOUT ROWID;
CREATE TABLE act (source INTEGER, claim INTEGER, act INTEGER, PRIMARY KEY (source, claim, act)) WITHOUT ROWID;
CREATE TABLE about (entity INTEGER, claim INTEGER, PRIMARY KEY (entity, claim)) WITHOUT ROWID;
CREATE TABLE topic (topic INTEGER, claim INTEGER, PRIMARY KEY (topic, claim)) WITHOUT ROWID;
CREATE TABLE relation (claim INTEGER, other INTEGER, kind INTEGER, reason TEXT,
  PRIMARY KEY (claim, other, kind)) WITHOUT ROWID;
CREATE TABLE tally (role TEXT, x INTEGER, facet TEXT, value INTEGER, n INTEGER,
  PRIMARY KEY (role, x, facet, value)) WITHOUT ROWID;
CREATE TABLE class (thing INTEGER, class INTEGER, PRIMARY KEY (class, thing)) WITHOUT ROWID;
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, claim INTEGER);
CREATE VIRTUAL TABLE words USING fts5(label, also, quotation, tokenize = "unicode61 remove_diacritics 2",
  prefix = "2 3");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col);
CREATE TABLE name (folded TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (folded, item)) WITHOUT ROWID;
CREATE TABLE outline (claim INTEGER PRIMARY KEY, text TEXT NOT NULL);
INSERT INTO term VALUES
(1, 'http://localhost:8000/id/article/harbour'),
(2, 'https://w3id.org/quoth/ns/voice#reported'),
(3, 'https://w3id.org/quoth/ns/certainty#certain'),
(4, 'https://w3id.org/quoth/ns/polarity#positive'),
(5, 'https://w3id.org/quoth/ns/realis#actual'),
(6, 'https://w3id.org/quoth/ns/tense#past'),
(7, 'https://w3id.org/quoth/ns/certainty#probable'),
(8, 'https://w3id.org/quoth/ns/realis#predicted'),
(9, 'https://w3id.org/quoth/ns/tense#future'),
(10, 'http://localhost:8000/id/org/harbour-office'),
(11, 'https://w3id.org/quoth/ns/speech-act#said'),
(12, 'http://localhost:8000/id/source/harbour/two-dockers'),
(13, 'http://localhost:8000/id/source/harbour/mayor'),
(14, 'https://w3id.org/quoth/ns/speech-act#forecast'),
(15, 'https://w3id.org/quoth/ns/speech-act#reported'),
(16, 'http://localhost:8000/id/topic/velm-ferry-delay'),
(17, 'https://w3id.org/quoth/ns#corroborates'),
(18, 'https://w3id.org/quoth/ns#Claim'),
(19, 'https://w3id.org/quoth/ns#Source'),
(20, 'http://xmlns.com/foaf/0.1/Group'),
(21, 'http://www.w3.org/ns/org#Organization'),
(22, 'http://localhost:8000/id/org/velm-salt'),
(23, 'http://localhost:8000/id/org/quoth'),
(24, 'http://xmlns.com/foaf/0.1/Agent'),
(25, 'https://schema.org/NewsArticle'),
(26, 'https://w3id.org/quoth/ns#Topic'),
(27, 'https://w3id.org/quoth/ns#AnonymousSource');
INSERT INTO claim VALUES
(1, 'http://localhost:8000/id/claim/harbour/ferry-late', 1, 2, 3, 4, 5, 6),
(2, 'http://localhost:8000/id/claim/harbour/dockers-late', 1, 2, 3, 4, 5, 6),
(3, 'http://localhost:8000/id/claim/harbour/on-time-again', 1, 2, 7, 4, 8, 9);
INSERT INTO credit VALUES
(1, 0, 1),
(10, 1, 1),
(1, 0, 2),
(12, 1, 2),
(1, 0, 3),
(13, 1, 3);
INSERT INTO act VALUES
(1, 1, 15),
(1, 2, 15),
(1, 3, 15),
(10, 1, 11),
(12, 2, 11),
(13, 3, 14);
INSERT INTO topic VALUES
(16, 1),
(16, 2),
(16, 3);
INSERT INTO relation VALUES
(2, 1, 17, 'The dockers are another source than the harbour office, and “also” ties their words to the same delay.');
INSERT INTO tally VALUES
('all', 0, '', 0, 3),
('all', 0, 'article', 1, 3),
('all', 0, 'certainty', 3, 2),
('all', 0, 'certainty', 7, 1),
('all', 0, 'credited', 1, 3),
('all', 0, 'credited', 10, 1),
('all', 0, 'credited', 12, 1),
('all', 0, 'credited', 13, 1),
('all', 0, 'polarity', 4, 3),
('all', 0, 'realis', 5, 2),
('all', 0, 'realis', 8, 1),
('all', 0, 'speaker', 10, 1),
('all', 0, 'speaker', 12, 1),
('all', 0, 'speaker', 13, 1),
('all', 0, 'tense', 6, 2),
('all', 0, 'tense', 9, 1),
('all', 0, 'topic', 16, 3),
('all', 0, 'voice', 2, 3);
INSERT INTO class VALUES
(1, 19),
(1, 25),
(10, 19),
(10, 21),
(12, 19),
(12, 20),
(12, 27),
(13, 19),
(13, 24),
(16, 26),
(22, 21),
(23, 21);
INSERT INTO item VALUES
(1, 'http://localhost:8000/id/claim/harbour/dockers-late', 'claim', 2),
(2, 'http://localhost:8000/id/claim/harbour/ferry-late', 'claim', 1),
(3, 'http://localhost:8000/id/claim/harbour/on-time-again', 'claim', 3),
(4, 'http://localhost:8000/id/article/harbour', 'article', NULL),
(5, 'http://localhost:8000/id/org/harbour-office', 'organisation', NULL),
(6, 'http://localhost:8000/id/source/harbour/two-dockers', 'group', NULL),
(7, 'http://localhost:8000/id/source/harbour/mayor', 'agent', NULL),
(8, 'http://localhost:8000/id/topic/velm-ferry-delay', 'topic', NULL),
(9, 'http://localhost:8000/id/org/velm-salt', 'organisation', NULL),
(10, 'http://localhost:8000/id/org/quoth', 'organisation', NULL);
INSERT INTO words (rowid, label, also, quotation) VALUES
(1, 'Two dockers say that the ferry was late.', '', 'the ferry was late'),
(2, 'The harbour office says that the ferry was late.', '', 'the ferry was late'),
(3, 'The mayor expects that the ferry will be on time again before June 2024.', '', 'the ferry to be on time again before June 2024'),
(4, 'The late ferry of Port Velm (fiction)', '', ''),
(5, 'the harbour office', 'the office', ''),
(6, 'two dockers', '', ''),
(7, 'the mayor', '', ''),
(8, 'delays of the Port Velm ferry', '', ''),
(9, 'Velm Salt', '', ''),
(10, 'Quoth', '', '');
INSERT INTO name VALUES
('delays of the port velm ferry', 8),
('harbour office', 5),
('harbour office says that the ferry was late', 2),
('late ferry of port velm fiction', 4),
('mayor', 7),
('mayor expects that the ferry will be on time again before june 2024', 3),
('office', 5),
('quoth', 10),
('two dockers', 6),
('two dockers say that the ferry was late', 1),
('velm salt', 9);
INSERT INTO outline VALUES
(1, '["The harbour office says that the ferry was late.","https://w3id.org/quoth/ns/certainty#certain","https://w3id.org/quoth/ns/polarity#positive","https://w3id.org/quoth/ns/realis#actual","https://w3id.org/quoth/ns/tense#past","http://localhost:8000/id/article/harbour",[],[[["http://localhost:8000/id/org/harbour-office"],[],"said","endorses","explicit",["the harbour office said","","",81,104]],[["http://localhost:8000/id/article/harbour"],[],"reported","neutral","explicit",null]],[["the ferry was late","— ","",14,32]]]'),
(2, '["Two dockers say that the ferry was late.","https://w3id.org/quoth/ns/certainty#certain","https://w3id.org/quoth/ns/polarity#positive","https://w3id.org/quoth/ns/realis#actual","https://w3id.org/quoth/ns/tense#past","http://localhost:8000/id/article/harbour",[],[[["http://localhost:8000/id/source/harbour/two-dockers"],[],"said","endorses","explicit",["also said that","","",242,256]],[["http://localhost:8000/id/article/harbour"],[],"reported","neutral","explicit",null]],[["the ferry was late","that ","",257,275]]]'),
(3, '["The mayor expects that the ferry will be on time again before June 2024.","https://w3id.org/quoth/ns/certainty#probable","https://w3id.org/quoth/ns/polarity#positive","https://w3id.org/quoth/ns/realis#predicted","https://w3id.org/quoth/ns/tense#future","http://localhost:8000/id/article/harbour",[],[[["http://localhost:8000/id/source/harbour/mayor"],[],"forecast","endorses","explicit",["The mayor expects","","",1080,1097]],[["http://localhost:8000/id/article/harbour"],[],"reported","neutral","explicit",null]],[["the ferry to be on time again before June 2024","","",1098,1144]]]');
CREATE INDEX credit_of_claim ON credit (claim, innermost, source);
CREATE INDEX relation_of_other ON relation (other, claim);
CREATE INDEX about_of_claim ON about (claim, entity);
CREATE INDEX claim_of_article ON claim (article, id);
CREATE INDEX class_of_thing ON class (thing, class);
ANALYZE;
