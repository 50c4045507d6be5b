//! An adopter's repository: a configuration for the hook managers and two
//! documents, of which one must not pass.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::repository::{TAG, git};
use crate::files;

/// The document that the hook must refuse.
pub(super) const BAD_DOCUMENT: &str = "docs/scope.md";

const GOOD: &str = "\
---
doc_id: PRB-0001
type: problem
title: Reports arrive too late
status: draft
owner_role: PM
created_at: 2026-03-02
updated_at: 2026-03-02
---

# Reports arrive too late

## TL;DR

Shops see yesterday's sales at noon, when the orders of the day are already placed.

## Current state

A job builds the reports at night and ends between ten and twelve. Its result is what the
[scope](scope.md) is about.

## Problem

Buyers order by feeling, because the figures come after the decision.
";

const BAD: &str = "\
---
doc_id: MVP-0001
type: scope
title: Reports before eight
status: in progress
owner_role: PM
created_at: 2026-03-02
updated_at: 2026-03-03
---

# Reports before eight

## TL;DR

The daily report of one region is ready before the shops open.

## In scope

- The daily report of the northern region.

## Out of scope

- Weekly reports, which nobody waits for.
";

/// The repository.
#[derive(Debug)]
pub(super) struct Adopter {
    folder: PathBuf,
}

impl Adopter {
    /// The repository in `folder`, with the hook of `hook_repository`.
    pub(super) fn create(folder: &Path, hook_repository: &Path) -> Result<Self> {
        let address = hook_repository.to_string_lossy().replace('\'', "''");
        let configuration = format!(
            "repos:\n  - repo: '{address}'\n    rev: {TAG}\n    hooks:\n      - id: docset\n        \
             files: ^docs/\n"
        );
        files::write(&folder.join(".pre-commit-config.yaml"), &configuration)?;
        // This folder is below that of Countersign itself, whose configuration is not meant.
        files::write(&folder.join("countersign.yaml"), "docs:\n  include: [docs]\n")?;
        // Outside of `docs/`: nothing must be said of it.
        files::write(&folder.join("README.md"), "# Shop reports\n")?;
        files::write(&folder.join("docs/problem.md"), GOOD)?;
        files::write(&folder.join(BAD_DOCUMENT), BAD)?;
        git(folder, &["init", "--quiet", "--initial-branch", "main"])?;
        git(folder, &["add", "--all"])?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Mends the bad document, as its writer would.
    pub(super) fn mend(&self) -> Result<()> {
        let mended = BAD.replace("status: in progress", "status: draft");
        files::write(&self.folder.join(BAD_DOCUMENT), &mended)?;
        git(&self.folder, &["add", "--all"])?;
        Ok(())
    }

    /// How many commits there are.
    pub(super) fn commits(&self) -> Result<usize> {
        let all = git(&self.folder, &["rev-list", "--all"])?;
        Ok(all.stdout.lines().count())
    }
}
