-- The tables of the knowledge base. SQLite keeps these comments in the schema.

CREATE TABLE docs_meta (
    -- A document of the repository, with what its front matter says of it. What a document
    -- does not have is the empty text.
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,        -- from the root of the repository, with `/`
    doc_id TEXT NOT NULL,
    called TEXT NOT NULL,             -- doc_id in lower case, as identifiers of queries are
    title TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,             -- as written
    phase TEXT NOT NULL,              -- what the status means: `in-force`, `replaced`, …
    owner_role TEXT NOT NULL,
    version TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    stages TEXT NOT NULL CHECK (json_valid(stages)), -- stages that produce its type: JSON list
    hash TEXT NOT NULL,               -- SHA-256 of the file, 64 hexadecimal digits
    commit_sha TEXT NOT NULL,         -- where it was read; empty for a working tree
    recipe TEXT NOT NULL,             -- by which rules it was cut and read
    chunks INTEGER NOT NULL           -- how many chunks it has
) STRICT;

CREATE INDEX docs_meta_doc_id ON docs_meta (doc_id);
CREATE INDEX docs_meta_called ON docs_meta (called);

CREATE TABLE passages (
    -- What models read. Chunks with equal passages share their vectors.
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32) -- SHA-256 of the passage
) STRICT;

CREATE TABLE doc_chunks (
    -- A piece of a document.
    id INTEGER PRIMARY KEY,           -- never used again for another passage
    document INTEGER NOT NULL REFERENCES docs_meta (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,         -- its place in the document, 0 for the first
    passage INTEGER NOT NULL REFERENCES passages (id),
    first_byte INTEGER NOT NULL,      -- its bytes in the file: from here …
    end_byte INTEGER NOT NULL,        -- … to before here
    first_line INTEGER NOT NULL,      -- its lines in the file, 1-based
    last_line INTEGER NOT NULL,
    tokens INTEGER NOT NULL,          -- of its own text
    kind TEXT NOT NULL,               -- `text`, `code`, `table`, `list`
    language TEXT NOT NULL,
    heading_path TEXT NOT NULL CHECK (json_valid(heading_path)), -- JSON list, outermost first
    lead TEXT NOT NULL,               -- between headings and text in its passage
    chunk_text TEXT NOT NULL          -- as written
) STRICT;

-- The passage is there so that the passages of a document are read from the index alone.
CREATE UNIQUE INDEX doc_chunks_document ON doc_chunks (document, ordinal, passage);
-- What a search needs of chunks to rank them, by passage and by number, without their texts.
CREATE INDEX doc_chunks_passage ON doc_chunks (passage, document, ordinal);
CREATE INDEX doc_chunks_place ON doc_chunks (id, document, ordinal);

CREATE TABLE retired_chunks (
    -- Numbers of chunks that were taken out since the knowledge base was last tidied: a
    -- passage that comes back, elsewhere, gets its number back.
    id INTEGER PRIMARY KEY,
    passage INTEGER NOT NULL REFERENCES passages (id)
) STRICT;

CREATE INDEX retired_chunks_passage ON retired_chunks (passage);

CREATE TABLE counters (
    -- The next number of what is never numbered twice (`doc_chunks`), and whether anything was
    -- changed since the knowledge base was tidied (`untidy`: 1 or 0).
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counters (name, next) VALUES ('doc_chunks', 1), ('untidy', 0);

-- The terms of the chunks, by the number of the chunk. They come from our analyser and are
-- separated by spaces: only a space ends a token.
CREATE VIRTUAL TABLE chunk_terms USING fts5 (
    headings,
    body,
    tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);

CREATE TABLE embedding_models (
    -- A model that vectors were made by. Its vectors have a table of bits, `near_<id>`.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,             -- SHA-256 of weights, tokenizer and how both are used
    dimensions INTEGER NOT NULL CHECK (dimensions > 0),
    max_tokens INTEGER NOT NULL,
    distance TEXT NOT NULL,           -- `cosine`
    active INTEGER NOT NULL CHECK (active IN (0, 1)), -- whether searches use it
    center BLOB,                      -- what is taken from vectors before they become bits
    centered INTEGER NOT NULL DEFAULT 0, -- of how many vectors the center is the mean
    UNIQUE (name, digest)
) STRICT;

CREATE UNIQUE INDEX embedding_models_active ON embedding_models (active) WHERE active = 1;

CREATE TABLE embeddings (
    -- The vector of a passage by a model: 32-bit floating point numbers, little-endian.
    model INTEGER NOT NULL REFERENCES embedding_models (id) ON DELETE CASCADE,
    passage INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL,
    PRIMARY KEY (model, passage)
) STRICT;

CREATE TABLE links (
    -- Read as a sentence: `from` `relation` `to`.
    id INTEGER PRIMARY KEY,
    from_kind TEXT NOT NULL,          -- `issue`, `pr`, `doc`, `docset`, …
    from_key TEXT NOT NULL,
    relation TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_key TEXT NOT NULL,
    -- The document whose front matter says so; null for a link that somebody made.
    document INTEGER REFERENCES docs_meta (id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX links_made ON links (from_kind, from_key, relation, to_kind, to_key)
    WHERE document IS NULL;
CREATE INDEX links_document ON links (document);
CREATE INDEX links_from ON links (from_kind, from_key);
CREATE INDEX links_to ON links (to_kind, to_key);
