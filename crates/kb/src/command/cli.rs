//! The arguments of `kb`, and nothing else.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
// Every command of `kb` knows these two ways, and no other.
pub(super) use countersign_runner::OutputFormat as Format;
use countersign_runner::{CompletionsArguments, ProgramArguments};

/// Indexes the documents of a repository, searches them, and cites path, lines and heading.
#[derive(Debug, Parser)]
#[command(
    name = "kb",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  kb index                         all documents, into .countersign/kb.db
  kb search \"why webhooks?\"
  kb search ADR-0013 --format json
  DATABASE_URL=postgres://kb@db/kb kb index
  kb link doc:ADR-0013 implements issue:42
  kb doctor

Exit codes: 0 done, 1 findings (documents that could not be indexed, ailments),
2 the job could not be done, 130 interrupted."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    #[command(flatten)]
    pub(super) global: Global,

    #[command(flatten)]
    pub(super) program: ProgramArguments,
}

/// What every command knows.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// The database: `sqlite:PATH` or `postgres://USER@HOST/NAME`. Default: DATABASE_URL,
    /// else `kb: db:` of countersign.yaml, else `sqlite:.countersign/kb.db`
    #[arg(long, global = true, value_name = "URL")]
    pub(super) db: Option<String>,

    /// Root of the repository. Default: the nearest folder upwards that holds
    /// countersign.yaml or .git
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,

    /// How to print the result
    #[arg(long, global = true, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(super) format: Format,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring the index up to date with the documents
    Index(IndexArguments),
    /// Find what the documents say about something
    Search(Box<SearchArguments>),
    /// Print a chunk, or all chunks of a document
    Show(ShowArguments),
    /// Link two things: issues, pull requests, documents, services, …
    Link(LinkArguments),
    /// Take out a link that `kb link` made
    Unlink(LinkArguments),
    /// List links, all or those of one thing
    Links(LinksArguments),
    /// Say what is wrong with the index, and what to do
    Doctor(ModelArguments),
    /// Count what there is
    Stats,
    /// Print documents, chunks and links as JSON Lines
    Export(ExportArguments),
    /// Bring the tables of the database to this version
    Migrate,
    /// List the embedding models of the index, or take one out
    #[command(subcommand)]
    Models(ModelsCommand),
    #[command(after_help = CompletionsArguments::examples("kb"))]
    Completions(CompletionsArguments),
}

/// Which model is used.
#[derive(Debug, Default, Args)]
pub(super) struct ModelArguments {
    /// A folder with the model (ONNX and tokenizer) instead of a download
    #[arg(long, value_name = "DIR")]
    pub(super) model_dir: Option<PathBuf>,
}

/// Which model reranks.
#[derive(Debug, Args)]
pub(super) struct RerankArguments {
    /// Have a model read the best hits together with the query and order them anew; its name
    /// follows `=`. Default: `kb: rerank:` of countersign.yaml, else a multilingual one
    #[arg(long, value_name = "MODEL", num_args = 0..=1, require_equals = true)]
    pub(super) rerank: Option<Option<String>>,

    /// A folder with the reranker (ONNX and tokenizer) instead of a download
    #[arg(long, value_name = "DIR")]
    pub(super) rerank_dir: Option<PathBuf>,

    /// So many of the best hits are read by the reranker; at least as many as `--limit`.
    /// Default: 50
    #[arg(long, value_name = "NUMBER")]
    pub(super) rerank_depth: Option<NonZeroUsize>,

    /// Leave the hits in their order, whatever countersign.yaml says
    #[arg(long, conflicts_with_all = ["rerank", "rerank_dir"])]
    pub(super) no_rerank: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kb index
  kb index docs/adr docs/prd.md          these alone
  kb index --changed-since origin/main   what differs from the merge base
  kb index --commit \"$GITHUB_SHA\"        documents as a commit has them
  kb index --model intfloat/multilingual-e5-base
  kb index --no-embeddings               full text alone; needs no model
  kb index --dry-run

A document that cannot be read is told, keeps what was indexed of it, and makes the exit code
1; the others are indexed. What is deleted leaves the index where it was looked for: below the
paths that are named, or everywhere. An interrupted run is taken up by the next one.

Exit codes: 0 done, 1 some documents could not be indexed, 2 the job could not be done,
130 interrupted.")]
pub(super) struct IndexArguments {
    /// Files, folders and globs. Default: the documents of countersign.yaml, else docs/
    pub(super) paths: Vec<String>,

    /// Only what differs from the merge base with this git revision
    #[arg(long, value_name = "REF")]
    pub(super) changed_since: Option<String>,

    /// Read the documents of this commit instead of the work tree
    #[arg(long, value_name = "SHA")]
    pub(super) commit: Option<String>,

    /// The embedding model, by name. Default: `kb: model:` of countersign.yaml, else the one
    /// that the index has, else a multilingual one
    #[arg(long, value_name = "NAME")]
    pub(super) model: Option<String>,

    #[command(flatten)]
    pub(super) source: ModelArguments,

    /// Index for full text alone
    #[arg(long, conflicts_with_all = ["model", "model_dir"])]
    pub(super) no_embeddings: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// How long to wait for another run that is indexing
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(super) wait: u64,
}

/// How a search ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    /// By words and by meaning, fused; by words alone where there is no model
    Hybrid,
    /// By words
    Lexical,
    /// By meaning
    Vector,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kb search \"почему выбрали вебхуки?\"
  kb search ADR-0013                           identifiers are found exactly
  kb search \"retry policy\" --issue 42 --type adr
  kb search latency --path docs/ops --status approved --explain
  kb search \"what replaced polling\" --all      superseded documents, too
  kb search \"who may undo a release?\" --rerank  slower, and often better
  kb search latency --format json              for agents

By default only documents count that are not superseded, abandoned or obsolete; drafts are
marked. Of several values of one filter any is enough; every filter must hold.")]
pub(super) struct SearchArguments {
    /// What to look for, in words or as a question
    #[arg(required = true)]
    pub(super) query: Vec<String>,

    /// Only documents of this issue
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) issue: Vec<u32>,

    /// Only documents of this pull request
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) pr: Vec<u32>,

    /// Only documents of this docset, by id or path
    #[arg(long, value_name = "ID")]
    pub(super) docset: Vec<String>,

    /// Only documents of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) kind: Vec<String>,

    /// Only documents with this status, whatever it means
    #[arg(long, value_name = "STATUS")]
    pub(super) status: Vec<String>,

    /// Only this document, this folder, or what a glob with `*`, `**` and `?` stands for
    #[arg(long, value_name = "PATH")]
    pub(super) path: Vec<String>,

    /// Only documents that this stage of the process produces
    #[arg(long, value_name = "STAGE")]
    pub(super) stage: Vec<String>,

    /// Find superseded, abandoned, obsolete and rejected documents, too
    #[arg(long, conflicts_with = "in_force")]
    pub(super) all: bool,

    /// Find only documents that are in force: no drafts
    #[arg(long)]
    pub(super) in_force: bool,

    /// At most so many hits
    #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = NonZeroUsize::MIN.saturating_add(9))]
    pub(super) limit: NonZeroUsize,

    /// How to rank
    #[arg(long, value_enum, default_value_t = Mode::Hybrid, value_name = "MODE")]
    pub(super) mode: Mode,

    /// Show the place of each hit by words and by meaning, and before it was reranked
    #[arg(long)]
    pub(super) explain: bool,

    #[command(flatten)]
    pub(super) source: ModelArguments,

    #[command(flatten)]
    pub(super) rerank: RerankArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kb show 117                         the chunk that a search found
  kb show docs/adr/adr-0013.md        all chunks of a document
  kb show ADR-0013                    the same, by its id")]
pub(super) struct ShowArguments {
    /// The number of a chunk, or the path or the id of a document
    pub(super) what: String,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kb link doc:ADR-0013 implements issue:42
  kb link service:billing about doc:docs/ops/billing.md
  kb unlink doc:ADR-0013 implements issue:42

Things are issue:42, pr:7, doc:ID or doc:PATH, docset:ID, decision:NAME, service:NAME and
release:NAME. Links that documents make by their front matter are theirs: edit the document.

Exit codes: 0 done, 1 nothing to do (it was there; it was not there), 2 the job could not be
done.")]
pub(super) struct LinkArguments {
    /// From here
    pub(super) from: String,
    /// `related`, `about`, `implements`, `supersedes`, … : a word in kebab case
    pub(super) relation: String,
    /// To there
    pub(super) to: String,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kb export >index.jsonl
  kb export | jq -r 'select(.record == \"document\") | .document.path'
  kb export --with-vectors | jq -c 'select(.record == \"chunk\") | .vector'

Lines are sorted, and name no number of a chunk: two indexes of the same documents are the
same lines, whichever database they are in. A vector is a list of 32-bit floating point
numbers with as many digits as tell each from all others: read back, it is the same vector.
`null` stands for one that was not made yet.")]
pub(super) struct ExportArguments {
    /// Print the model, too, and with each chunk its vector
    #[arg(long)]
    pub(super) with_vectors: bool,

    /// Vectors of this model, by its name or its number in `kb models list`, instead of the one
    /// that searches use
    #[arg(long, value_name = "MODEL", requires = "with_vectors")]
    pub(super) model: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kb links
  kb links issue:42
  kb links doc:docs/adr/adr-0013.md --format json")]
pub(super) struct LinksArguments {
    /// Only links from and to this thing
    pub(super) of: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// List the models, the active one marked
    List,
    /// Take out a model with its vectors; the active one stays
    Remove {
        /// Its name, or its number in the list
        model: String,
    },
}
